// Prefixes that logs repeat on each line. The pieces spell `abcAzFu0123`.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "scanner/decoders/text_decoders.h"
#include "tests/support/disguises.h"

namespace assay {
namespace {

constexpr std::string_view kValue = "abcAzFu0123";

struct Row {
  const char* name;
  std::string text;
  int choice = 0;
};

const Row kRows[] = {
    {"time and level",
     "2025-11-02T08:00:00.123Z INFO  [main] app: code=abcA\n"
     "2025-11-02T08:00:00.124Z INFO  [main] app: zFu0123 x"},
    {"fraction of another width",
     "2025-11-02T08:00:00.123Z INFO x?abcA\n2025-11-02T08:00:00.1Z INFO zFu0123"},
    {"container", "2025-11-02T08:00:00.1Z stderr P abcA\n2025-11-02T08:00:00.2Z stderr F zFu0123"},
    {"syslog", "Nov 02 08:14:19 node-47 app[9]: abcA\nNov 02 08:14:20 node-47 app[12]: zFu0123"},
    {"day of another width", "Nov  9 23:59:59 host abcA\nNov 10 00:00:00 host zFu0123"},
    {"brackets", "[12:01:22] abcA\n[12:01:23] zFu0123"},
    {"number aligned in brackets", "[ 9] abcA\n[10] zFu0123"},
    {"brackets without a blank", "[12:01:22]abcA\r\n[12:01:23]zFu0123"},
    {"pod", "pod-abc-123 | abcA\npod-abc-123 | zFu0123"},
    {"kubectl", "[pod/x/c] abcA\n[pod/x/c] zFu0123"},
    {"coloured", "\x1b[36mapp  | \x1b[0mabcA\n\x1b[36mapp  | \x1b[0mzFu0123"},
    {"added", "+abcA\n+zFu0123"},
    {"removed", "-abcA\r\n-zFu0123"},
    {"added with an indent", "+   x: abcA\n+   zFu0123"},
    {"line numbers", "9:abcA\n10:zFu0123"},
    {"aligned line numbers", "   9\tabcA\n  10\tzFu0123"},
    {"unaligned begin", " 9: abcA\n10: zFu0123"},
    {"quoted code", "12 |   x=abcA\n13 |     zFu0123"},
    {"lines of a match", "a/b.txt:99:abcA\na/b.txt:100:zFu0123"},
    {"neighbours of a match", "a/b-12-abcA\na/b-13-zFu0123"},
    {"neighbours of a match, first sign", "12-abcA\n13-zFu0123", 1},
    {"three lines", "[1] abcA\n[2] zFu0\n[3] 123"},
    {"trailing blanks", "[1] abcA   \n[2] zFu0123"},
    {"quotes behind the prefix", "> 8 | abcA\n> 9 | > zFu0123"},
    {"no prefix", "abcA\nzFu0123"},
    {"chance blank within the value's line", "[1] a b: abcA\n[1] a zFu0123", 0},
    {"value alike before a blank", "[1] zFu0123 abcA\n[2] zFu0123 x", 2},
    {"glued to the sign of a diff", "+7-abcA\n+zFu0123"},
    {"glued by chance", "+2-xabcA\n+zFu0123", 2},
};

TEST(Prefixes, RepeatedPrefixesAreTakenOut) {
  for (const Row& row : kRows) {
    Restored out;
    EXPECT_TRUE(undo_prefixes(row.text, row.choice, out)) << row.name;
    EXPECT_NE(out.text.find(kValue), std::string::npos) << row.name << "\n" << out.text;
    for (size_t i = 0; i < out.text.size(); ++i) {
      EXPECT_EQ(out.end[i], out.begin[i] + 1) << row.name;
      EXPECT_EQ(row.text[out.begin[i]], out.text[i]) << row.name;
    }
  }
}

TEST(Prefixes, TheyAreToldAsSuch) {
  Restored out;
  ASSERT_TRUE(undo_prefixes("[1] abcA\n[2] zFu0\n123", 0, out));
  ASSERT_EQ(out.text, "[1] abcAzFu0123");
  EXPECT_EQ(out.how[8], Undone::log_prefix);
  EXPECT_EQ(out.begin[8], 13u);
  EXPECT_EQ(out.how[12], Undone::line_wrap);
  EXPECT_EQ(out.begin[12], 18u);
}

TEST(Prefixes, WhatTheLinesDoNotShareStays) {
  const Row rows[] = {
      {"another word", "[main] abcA\n[other] zFu0123"},
      {"text behind the prefix", "[1] abcA\n[2] (zFu0123"},
      {"no piece before", "[1] abcA.\n[2] zFu0123"},
      {"empty", ""},
      {"one line", "[1] abcA zFu0123"},
  };
  for (const Row& row : rows) {
    for (int choice = 0; choice < kPrefixChoices; ++choice) {
      Restored out;
      undo_prefixes(row.text, choice, out);
      EXPECT_EQ(out.text.find(kValue), std::string::npos) << row.name << "\n" << out.text;
    }
  }
}

// All rows of the generator that are of one layer, which this or undo_layout takes away.
TEST(Prefixes, GeneratedLayoutsAreUndone) {
  const std::string kinds[] = {"line-wrap", "concatenation", "ansi",      "invisible",
                               "html-tag",  "log-prefix",    "log-record"};
  size_t rows = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SeededRandom random(seed);
    std::string text =
        "2025-11-02T08:00:00Z GET /health 200\nGET https://a.example.org/api/x?code=";
    const size_t begin = text.size();
    const std::string key = fill_placeholders("{key:function}", random);
    text += key + "&clientId=default HTTP/1.1\n";
    for (const Disguise& row : disguises()) {
      if (row.chain.size() != 1 ||
          std::find(std::begin(kinds), std::end(kinds), row.chain[0]) == std::end(kinds)) {
        continue;
      }
      ++rows;
      const std::string disguised = row.apply(text, begin, key.size(), random);
      Restored out;
      bool found = undo_layout(disguised, out) && out.text.find(key) != std::string::npos;
      bool told = false;
      for (int choice = 0; choice < kPrefixChoices && !found; ++choice) {
        found = undo_prefixes(disguised, choice, out) && out.text.find(key) != std::string::npos;
      }
      if (found) {
        const size_t at = out.text.find(key);
        for (size_t i = at + 1; i < at + key.size(); ++i) {
          const bool expected = to_string(out.how[i]) == row.chain[0];
          EXPECT_TRUE(expected || out.how[i] == Undone::nothing)
              << row.name << ": " << to_string(out.how[i]);
          told |= expected;
        }
      }
      EXPECT_TRUE(found && told) << row.name << " with seed " << seed;
    }
  }
  EXPECT_GT(rows, 1000u);
}

}  // namespace
}  // namespace assay
