#include "rules/keys/marvin.h"

#include <gtest/gtest.h>

#include "tests/rules/keys/vectors.h"

namespace assay {
namespace {

TEST(Marvin, HoldsForEveryVector) {
  for (const auto& row : vectors("marvin.txt", 40)) {
    ASSERT_EQ(row.size(), 4u);
    const std::string data = unhex(row[0]);
    const uint64_t seed = std::stoull(row[1], nullptr, 16);
    EXPECT_EQ(marvin64(data, seed), std::stoull(row[2], nullptr, 16)) << row[0];
    EXPECT_EQ(marvin32(data, seed), std::stoul(row[3], nullptr, 16)) << row[0];
  }
}

TEST(Marvin, VectorsCoverEveryLengthOfTheLastWord) {
  std::array<int, 4> seen{};
  for (const auto& row : vectors("marvin.txt", 40)) ++seen[unhex(row[0]).size() % 4];
  for (const int count : seen) EXPECT_GT(count, 0);
}

TEST(Marvin, SeedIsItsCharactersBigEndian) {
  EXPECT_EQ(marvin_seed("Master00"), 0x4d61737465723030u);
  EXPECT_EQ(marvin_seed("System00"), 0x53797374656d3030u);
  EXPECT_EQ(marvin_seed("Functi00"), 0x46756e6374693030u);
  EXPECT_EQ(marvin_seed("\xff\xff\xff\xff\xff\xff\xff\xff"), ~uint64_t{0});
}

TEST(Marvin, ReadsNothingAroundTheData) {
  const std::string text = "XXabcYY";
  EXPECT_EQ(marvin32(std::string_view(text).substr(2, 3), 7), marvin32("abc", 7));
}

TEST(Marvin, EveryByteCounts) {
  const std::string data(36, 'd');
  const uint32_t whole = marvin32(data, 1);
  for (size_t i = 0; i < data.size(); ++i) {
    std::string changed = data;
    changed[i] = 'e';
    EXPECT_NE(marvin32(changed, 1), whole) << i;
  }
}

}  // namespace
}  // namespace assay
