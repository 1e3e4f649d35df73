#include "scanner/valid_text.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(ValidText, ReplacesOnlyBytesOfNoCharacter) {
  const std::string long_one(100, 'x');
  const struct {
    std::string text, wanted;
  } rows[] = {
      {"", ""},
      {"plain", "plain"},
      {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91"},
      {"a\xff"
       "b",
       "a\x1a"
       "b"},
      {"\xc3", "\x1a"},
      {"\xe2\x82", "\x1a\x1a"},
      {"\xe2\x82z", "\x1a\x1az"},
      {"\xc0\xaf", "\x1a\x1a"},
      {"\xe0\x80\xaf", "\x1a\x1a\x1a"},
      {"\xed\xa0\x80", "\x1a\x1a\x1a"},
      {"\xf4\x90\x80\x80", "\x1a\x1a\x1a\x1a"},
      {"\xa9\xc3\xa9", "\x1a\xc3\xa9"},
      {long_one + "\xff" + long_one, long_one + "\x1a" + long_one},
  };
  for (const auto& row : rows) {
    std::string buffer;
    const std::string_view seen = valid_text(row.text, buffer);
    EXPECT_EQ(seen, row.wanted);
    EXPECT_EQ(seen.data() == row.text.data(), row.text == row.wanted);  // copied only if it must
  }
}

}  // namespace
}  // namespace assay
