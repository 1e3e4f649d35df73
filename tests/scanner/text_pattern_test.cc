#include "scanner/text_pattern.h"

#include <gtest/gtest.h>

#include <string>

#include "rules/rule_set.h"

namespace assay {
namespace {

TEST(TextPattern, IsSoughtAnywhereInTheText) {
  struct {
    std::string regex, text;
    bool found;
  } const rows[] = {
      {"b+", "abc", true},        {"^b", "abc", false}, {"^a.c$", "abc", true},
      {"(?i)ABC", "xabcx", true}, {"", "", true},       {"a", "", false},
      {"^.$", "\xC3\xA9", true},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(TextPattern(row.regex, "c").found_in(row.text), row.found) << row.regex;
  }
  EXPECT_FALSE(TextPattern("^b", "c").found_in(std::string_view("ab").substr(0, 2)));
}

TEST(TextPattern, SaysWhereWhatIsNoneStands) {
  try {
    TextPattern("a(?=b)", ".assay.toml:7");
    ADD_FAILURE() << "was taken";
  } catch (const Error& error) {
    EXPECT_TRUE(std::string_view(error.what()).starts_with(".assay.toml:7: the regex"));
  }
}

}  // namespace
}  // namespace assay
