#include "scanner/text_pattern.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "rules/rule_set.h"

namespace assay {
namespace {

TEST(TextPatterns, AreSoughtAnywhereInTheText) {
  struct {
    std::string regex, text;
    bool found;
  } const rows[] = {
      {"b+", "abc", true},        {"^b", "abc", false},  {"^a.c$", "abc", true},
      {"(?i)ABC", "xabcx", true}, {"", "", true},        {"a", "", false},
      {"^.$", "\xC3\xA9", true},  {"\\Qa|", "a|", true}, {"[ab]{900}c", "c", false},
  };
  TextPatterns all;
  for (const auto& row : rows) all.add(row.regex, "c");
  for (const auto& row : rows) {
    TextPatterns alone;
    EXPECT_EQ(alone.add(row.regex, "c"), 0u);
    EXPECT_EQ(!alone.found_in(row.text).empty(), row.found) << row.regex;
    const std::vector<size_t> found = all.found_in(row.text);
    const auto number = static_cast<size_t>(&row - rows);
    EXPECT_EQ(std::count(found.begin(), found.end(), number), row.found ? 1 : 0) << row.regex;
    EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
  }
  TextPatterns cut;
  cut.add("^b", "c");
  EXPECT_TRUE(cut.found_in(std::string_view("ab").substr(0, 2)).empty());
  EXPECT_TRUE(TextPatterns().found_in("a").empty());
}

// Former bug: so many were asked one by one, 20 ms a secret.
TEST(TextPatterns, OfMoreThanOneSetKeepTheirNumbers) {
  TextPatterns all;
  for (size_t i = 0; i < 6000; ++i) all.add(fmt::format("^{}[x]$", i), "c");
  all.add("(?:[ab]{0,999}[cd]{0,999}){1}e", "c");  // too large for a set: one by one
  EXPECT_EQ(all.found_in("17x"), std::vector<size_t>{17});
  EXPECT_EQ(all.found_in("5999x"), std::vector<size_t>{5999});
  EXPECT_EQ(all.found_in("ace"), std::vector<size_t>{6000});
  EXPECT_TRUE(all.found_in("x").empty());
}

TEST(TextPatterns, SayWhereWhatIsNoneStands) {
  try {
    TextPatterns().add("a(?=b)", ".assay.toml:7");
    ADD_FAILURE() << "was taken";
  } catch (const Error& error) {
    EXPECT_TRUE(std::string_view(error.what()).starts_with(".assay.toml:7: the regex"));
  }
}

}  // namespace
}  // namespace assay
