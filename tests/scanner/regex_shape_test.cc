#include "scanner/regex_shape.h"

#include <gtest/gtest.h>

#include "rules/keys/mint.h"
#include "scanner/literal_set.h"
#include "tests/support/widest_match.h"

namespace assay {
namespace {

constexpr size_t kNone = SIZE_MAX;

TEST(RegexShape, KnowsWidthAndKeywords) {
  const struct {
    const char* regex;
    std::vector<std::string> keywords;
    size_t widest;
    bool holds_keyword;
    size_t branches, before;  // of the first branch
  } rows[] = {
      {"abc", {"abc"}, 3, true, 1, 0},
      {"abc", {"b"}, 3, true, 1, 0},
      {"abc", {"x"}, 3, false, 0, 0},
      {"a{3}b", {"aab"}, 4, true, 1, 0},
      {"a{2,3}b", {"aab"}, 4, true, 1, 0},
      {"a{2,4}b", {"aab"}, 5, false, 0, 0},
      {"a+", {"a"}, kNone, true, 1, 0},
      {"a*", {"a"}, kNone, false, 0, 0},
      {"\\w{2}key", {"key"}, 5, true, 1, 2},
      {"(?i)\\w{2}Key", {"key"}, 11, true, 1, 6},
      {".{2}key", {"key"}, 11, true, 1, 8},
      {".*key", {"key"}, kNone, true, 0, 0},
      {"key|tok", {"key"}, 3, false, 0, 0},
      {"key|tok", {"key", "tok"}, 3, true, 2, 0},
      {"(?:key|tok)x", {"key", "tok"}, 4, true, 1, 0},
      {"(\\w{2}key)x", {"key"}, 6, true, 0, 0},
      {"a(?i)key", {"key"}, 6, true, 1, 0},
      {"[^a]key", {"key"}, 7, true, 1, 4},
      {"[k-l]ey", {"key", "ley"}, 3, true, 1, 0},
      {"[[:^digit:]]key", {"key"}, 7, true, 1, 4},
      {"\\x{6b}\\x65y", {"key"}, 3, true, 1, 0},
      {"k{,2}", {"k{,2}"}, 5, true, 1, 0},
      {"(?P<n>key)", {"key"}, 3, true, 1, 0},
      {"\\p{Greek}key", {"key"}, 7, true, 1, 4},
      {"\\bkey\\b", {"key"}, 3, true, 1, 0},
      {"key{0}", {"key"}, 2, false, 0, 0},
      {"hooks.slack", {"hooks.slack"}, 14, false, 0, 0},
  };
  for (const auto& row : rows) {
    const RegexShape shape = shape_of(row.regex, row.keywords);
    ASSERT_TRUE(shape.known) << row.regex;
    EXPECT_EQ(shape.widest, row.widest) << row.regex;
    EXPECT_EQ(shape.holds_keyword, row.holds_keyword) << row.regex;
    ASSERT_EQ(shape.branches.size(), row.branches) << row.regex;
    if (row.branches > 0) {
      EXPECT_EQ(shape.branches[0].before, row.before) << row.regex;
    }
    // Hyperscan's own opinion, for what both can say.
    if (row.widest == kNone) {
      EXPECT_EQ(widest_match(row.regex), kNone) << row.regex;
    }
  }
}

TEST(RegexShape, GivesUpWhereItDoesNotRead) {
  const std::vector<std::string> keywords = {"key"};
  for (const char* regex : {"\\Qkey\\E", "key\\C", "key\\101"}) {
    EXPECT_FALSE(shape_of(regex, keywords).known) << regex;
  }
  EXPECT_FALSE(shape_of(std::string(5000, '(') + "key" + std::string(5000, ')'), keywords).known);
}

TEST(RegexShape, CoreHasTheFlagsThatAreOn) {
  const std::vector<std::string> keywords = {"key"};
  const RegexShape shape = shape_of("(?i)\\w?(?s)key.|x?(?-i)key", keywords);
  ASSERT_EQ(shape.branches.size(), 2u);
  EXPECT_EQ(shape.branches[0].core, "(?is)key.");
  EXPECT_EQ(shape.branches[1].core, "(?is)x?(?-i)key");
}

TEST(RegexShape, LeadingBytesAreThoseOfSomeMatch) {
  const std::vector<std::string> keywords = {"key"};
  const LeadingBytes leading = shape_of("key[=:]\\d{1,2}(?:;|$)", keywords).branches[0].leading;
  EXPECT_EQ(leading.length, 5u);
  const struct {
    const char* text;
    bool admitted;
  } rows[] = {{"key=1", true},  {"key:1;", true}, {"key:", false},
              {"kex=1", false}, {"key=;", false}, {"key=12", true}};
  for (const auto& row : rows) EXPECT_EQ(leading.admits(row.text, 0), row.admitted) << row.text;
  EXPECT_FALSE(leading.admits("key=1", 9));
}

// Random bytes must neither run away nor fall over.
TEST(RegexShape, ReadsAnything) {
  SeededRandom random(9);
  const std::vector<std::string> keywords = {"a", "bc"};
  constexpr std::string_view kLetters = "ab()[]{}|*+?^$.\\-,:<>P12ix\xc3\xa9";
  for (int round = 0; round < 20000; ++round) {
    std::string regex;
    for (size_t left = random.below(24); left > 0; --left) {
      regex += kLetters[random.below(kLetters.size())];
    }
    const RegexShape shape = shape_of(regex, keywords);
    EXPECT_TRUE(shape.known || shape.branches.empty());
  }
  std::string nested = "a";
  for (int i = 0; i < 40; ++i) nested = "(?:" + nested + "{0,1000}b?)";
  EXPECT_TRUE(shape_of(nested, keywords).known);
}

}  // namespace
}  // namespace assay
