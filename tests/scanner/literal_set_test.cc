#include "scanner/literal_set.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>

#include "rules/keys/mint.h"
#include "tests/support/widest_match.h"

namespace assay {
namespace {

namespace fs = std::filesystem;
using Place = LiteralSet::Place;

std::vector<Place> places_of(const LiteralSet& set, std::string_view text, size_t from, size_t to) {
  const LiteralSet* const sets[] = {nullptr, &set};
  LiteralSet::Scratch scratch(sets);
  std::vector<Place> places;
  set.find(text, from, to, scratch, places);
  EXPECT_TRUE(std::is_sorted(places.begin(), places.end(),
                             [](const Place& a, const Place& b) { return a.end < b.end; }));
  std::sort(places.begin(), places.end());
  return places;
}

std::string lowered(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::vector<Place> places_by_comparing(const std::vector<Literal>& literals,
                                       const std::string& text, size_t from, size_t to) {
  std::vector<Place> places;
  const std::string low = lowered(text);
  for (size_t end = from + 1; end <= to; ++end) {
    for (uint32_t i = 0; i < literals.size(); ++i) {
      const std::string& literal = literals[i].text;
      if (literal.size() > end) continue;
      const size_t begin = end - literal.size();
      const bool here = literals[i].caseless
                            ? low.compare(begin, literal.size(), lowered(literal)) == 0
                            : text.compare(begin, literal.size(), literal) == 0;
      if (here) places.push_back({end, i});
    }
  }
  return places;
}

TEST(LiteralSet, FindsWhatComparingAtEveryByteFinds) {
  const std::vector<Literal> literals = {{"a"},
                                         {"ab", true},
                                         {"Abc"},
                                         {"bca", true},
                                         {"abcabcab"},
                                         {std::string("b\0c", 3)},
                                         {"ab"},
                                         {"cab", false, 1},
                                         {"BCA", true, 2},
                                         {"abcab", false, 3},
                                         {"\xff"
                                          "a"}};
  const LiteralSet set(literals, "", "Test");
  EXPECT_EQ(set.longest(), 8u);
  EXPECT_FALSE(set.from_cache());
  constexpr std::string_view kLetters = "aAbBcC\0\xff";
  const std::string_view letters(kLetters.data(), 8);
  SeededRandom random(3);
  size_t found = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (size_t left = random.below(120); left > 0; --left) {
      text += random.below(3) == 0 ? letters[random.below(8)] : "abc"[text.size() % 3];
    }
    const size_t from = random.below(text.size() + 1);
    const size_t to = from + random.below(text.size() - from + 1);
    const auto seen = places_of(set, text, from, to);
    EXPECT_EQ(seen, places_by_comparing(literals, text, from, to)) << round;
    found += seen.size();
  }
  EXPECT_GT(found, 10000u);
}

TEST(LiteralSet, SeesALiteralThatBeganBeforeTheRange) {
  for (const uint8_t compared : std::initializer_list<uint8_t>{0, 1, 5}) {
    const LiteralSet set(std::vector<Literal>{{"needle", false, compared}}, "", "Test");
    const std::string text = "..needle..";
    for (size_t from = 0; from <= text.size(); ++from) {
      EXPECT_EQ(places_of(set, text, from, text.size()).size(), from < 8 ? 1u : 0u) << from;
    }
    EXPECT_TRUE(places_of(set, text, 0, 7).empty());
    EXPECT_EQ(places_of(set, text, 0, 999), std::vector<Place>({{8, 0}}));
  }
}

TEST(LiteralSet, OfNothingFindsNothing) {
  const LiteralSet set({}, "", "Test");
  EXPECT_TRUE(places_of(set, "text", 0, 4).empty());
  EXPECT_EQ(set.longest(), 0u);
}

TEST(LiteralSet, OneScratchServesAllSets) {
  const LiteralSet one(std::vector<Literal>{{"one"}}, "", "Test");
  const LiteralSet two(std::vector<Literal>{{"two", true}, {"three"}}, "", "Test");
  const LiteralSet* const sets[] = {&one, &two};
  LiteralSet::Scratch scratch(sets);
  std::vector<Place> places;
  one.find("one TWO three", 0, 13, scratch, places);
  two.find("one TWO three", 0, 13, scratch, places);
  EXPECT_EQ(places, std::vector<Place>({{3, 0}, {7, 0}, {13, 1}}));
}

TEST(LiteralSet, IsCachedByItsLiterals) {
  char pattern[] = "/tmp/assay-literals-XXXXXX";
  ASSERT_NE(mkdtemp(pattern), nullptr);
  const std::string folder = std::string(pattern) + "/cache";
  const auto cached = [&](std::vector<Literal> literals) {
    const LiteralSet set(literals, folder, "Test");
    EXPECT_EQ(places_of(set, "xxab", 0, 4).size(), 1u);
    return set.from_cache();
  };
  const struct {
    const char* what;
    std::vector<Literal> literals;
    bool from_cache;
  } rows[] = {
      {"first", {{"ab"}, {"c"}}, false},
      {"again", {{"ab"}, {"c"}}, true},
      {"other case", {{"ab", true}, {"c"}}, false},
      {"other order", {{"c"}, {"ab"}}, false},
      {"joined", {{"ab"}, {"c1:d"}}, false},
      {"end compared", {{"ab", false, 1}, {"c"}}, false},
      {"first again", {{"ab"}, {"c"}}, true},
  };
  for (const auto& row : rows) EXPECT_EQ(cached(row.literals), row.from_cache) << row.what;
  fs::remove_all(pattern);
}

TEST(WidestMatch, IsABoundInBytes) {
  const struct {
    const char* regex;
    size_t least, most;  // of what it may say
  } rows[] = {
      {"abc", 3, 3},
      {"(?i)\\bk[a-z]{2,7}\\b", 9, 26},  // the Kelvin sign has 3 bytes
      {".{10}", 40, 40},
      {"[^a]{3}", 12, 12},
      {"\u00e9", 2, 2},
      {"(?i)k", 3, 3},
      {"a+", SIZE_MAX, SIZE_MAX},
      {"(?P<x>a|b{4})$", 4, 5},
      {"(", SIZE_MAX, SIZE_MAX},
  };
  for (const auto& row : rows) {
    const size_t said = widest_match(row.regex);
    EXPECT_GE(said, row.least) << row.regex;
    EXPECT_LE(said, row.most) << row.regex;
  }
}

}  // namespace
}  // namespace assay
