#include "rules/keys/crc32.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

using namespace std::string_literals;

TEST(Crc32, IsTheOneOfZip) {
  const struct {
    std::string data;
    uint32_t crc;
  } cases[] = {
      {"", 0},
      {"123456789", 0xCBF43926},
      {"a", 0xE8B7BE43},
      {"abc", 0x352441C2},
      {"\0"s, 0xD202EF8D},
      {"\xff\xff\xff\xff"s, 0xFFFFFFFF},
      {"The quick brown fox jumps over the lazy dog", 0x414FA339},
  };
  for (const auto& c : cases) EXPECT_EQ(crc32(c.data), c.crc) << c.data;
}

}  // namespace
}  // namespace assay
