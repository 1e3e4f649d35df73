#include "scanner/covered_bytes.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace assay {
namespace {

TEST(CoveredBytes, OverlapWhatSharesAByteWithOneThatWasAdded) {
  CoveredBytes covered;
  EXPECT_FALSE(covered.overlap({0, 9}));
  EXPECT_FALSE(covered.hold(0));
  for (const Span span : {Span{10, 20}, {40, 50}, {20, 22}, {12, 14}}) covered.add(span);
  struct {
    Span span;
    bool overlaps;
  } const rows[] = {{{0, 10}, false}, {{0, 11}, true},   {{9, 41}, true},   {{19, 21}, true},
                    {{21, 30}, true}, {{22, 40}, false}, {{22, 41}, true},  {{15, 16}, true},
                    {{49, 60}, true}, {{50, 60}, false}, {{30, 30}, false}, {{30, 31}, false}};
  for (const auto& row : rows) {
    EXPECT_EQ(covered.overlap(row.span), row.overlaps) << row.span.begin << " " << row.span.end;
  }
  EXPECT_TRUE(covered.hold(21));
  EXPECT_FALSE(covered.hold(22));
}

// As comparing with each, which took seconds where a window has tens of thousands of matches.
TEST(CoveredBytes, AreThoseOfEachStretch) {
  std::mt19937 dice(7);
  for (int round = 0; round < 300; ++round) {
    CoveredBytes covered;
    std::vector<Span> added;
    for (int i = 0; i < 12; ++i) {
      const size_t begin = dice() % 64;
      const Span span{begin, begin + 1 + dice() % 9}, asked{dice() % 64, 64 + dice() % 9};
      const Span shorter{asked.begin, asked.begin + 1 + dice() % 9};
      for (const Span one : {asked, shorter}) {
        bool overlaps = false;
        for (const Span other : added) {
          overlaps = overlaps || (other.begin < one.end && one.begin < other.end);
        }
        ASSERT_EQ(covered.overlap(one), overlaps) << round;
      }
      covered.add(span);
      added.push_back(span);
    }
  }
}

}  // namespace
}  // namespace assay
