#include "rules/keys/c3id.h"

#include <gtest/gtest.h>

#include "tests/rules/keys/vectors.h"

namespace assay {
namespace {

using namespace std::string_literals;

TEST(C3id, HoldsForEveryVector) {
  for (const auto& row : vectors("c3id.txt", 4)) {
    ASSERT_EQ(row.size(), 2u);
    EXPECT_EQ(c3id(unhex(row[0])), row[1]);
  }
}

TEST(C3id, HasTwentyDigitsAndNoPadding) {
  for (const std::string_view text : {"", "a", "a much longer text than the hash"}) {
    EXPECT_EQ(c3id(text).size(), 20u);
    EXPECT_EQ(c3id(text).find('='), std::string::npos);
  }
}

TEST(Sha256, IsTheStandardOne) {
  const struct {
    std::string data;
    std::string_view digest;
  } cases[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"\0"s, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
  };
  for (const auto& c : cases) {
    const auto digest = sha256(c.data);
    EXPECT_EQ(hex({digest.data(), digest.size()}, HexCase::lower), c.digest);
  }
}

TEST(Hex, WritesEveryByteInBothCases) {
  EXPECT_EQ(hex("", HexCase::upper), "");
  EXPECT_EQ(hex("\x00\x0f\xa5\xff"s, HexCase::lower), "000fa5ff");
  EXPECT_EQ(hex("\x00\x0f\xa5\xff"s, HexCase::upper), "000FA5FF");
}

}  // namespace
}  // namespace assay
