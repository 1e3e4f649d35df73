#include "scanner/runs.h"

#include <gtest/gtest.h>

#include <string>

#include "rules/keys/mint.h"

namespace assay {
namespace {

std::vector<Span> plain_runs(std::string_view text, size_t from, size_t to) {
  std::vector<Span> runs;
  for (size_t i = from; i < to;) {
    size_t end = i;
    while (end < to && is_key_character(text[end])) ++end;
    if (end - i >= kLeastRun || (end == to && end > i)) runs.push_back({i, end});
    i = end + 1;
  }
  return runs;
}

std::vector<Span> fast_runs(std::string_view text, size_t from, size_t to) {
  std::vector<Span> runs;
  find_runs(text, from, to, runs);
  return runs;
}

TEST(Runs, KnowEveryByte) {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const std::string_view members =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_%";
    const bool member = members.find(c) != members.npos;
    EXPECT_EQ(is_key_character(c), member) << i;
    // Through the vector code: a text of nothing but this byte.
    const std::string text(64, c);
    EXPECT_EQ(fast_runs(text, 0, text.size()).size(), member ? 1u : 0u) << i;
  }
}

TEST(Runs, AreFoundAtEveryOffsetWithEveryLength) {
  for (size_t offset = 0; offset < 70; ++offset) {
    for (size_t length = 1; length < 100; ++length) {
      for (const size_t tail : {0, 1, 15, 16, 17, 80}) {
        const std::string text =
            std::string(offset, '.') + std::string(length, 'k') + std::string(tail, ' ');
        EXPECT_EQ(fast_runs(text, 0, text.size()), plain_runs(text, 0, text.size()))
            << offset << " " << length << " " << tail;
      }
    }
  }
}

TEST(Runs, AreFoundInRandomTextsAndPartsOfThem) {
  SeededRandom random(41);
  size_t found = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    while (text.size() < 600) {
      text.append(random.below(90), "aZ9_%"[random.below(5)]);
      text.append(1 + random.below(3), ". =\n&\xC3"[random.below(6)]);
    }
    const size_t from = random.below(text.size());
    const size_t to = from + random.below(text.size() - from + 1);
    const auto expected = plain_runs(text, from, to);
    EXPECT_EQ(fast_runs(text, from, to), expected);
    found += expected.size();
  }
  EXPECT_GT(found, 3000u);
}

TEST(Runs, HasRunCountsToTheLast) {
  EXPECT_FALSE(has_run(std::string(kLeastRun - 1, 'a')));
  EXPECT_TRUE(has_run(std::string(kLeastRun, 'a')));
  EXPECT_FALSE(has_run(std::string(kLeastRun - 1, 'a') + "." + std::string(kLeastRun - 1, 'a')));
}

}  // namespace
}  // namespace assay
