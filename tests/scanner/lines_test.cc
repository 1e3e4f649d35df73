#include "scanner/lines.h"

#include <gtest/gtest.h>

#include <string>

#include "rules/keys/mint.h"

namespace assay {
namespace {

struct Naive {
  uint64_t line = 1, column = 1, utf16 = 1;
};
Naive count(std::string_view text) {
  Naive at;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      at = {at.line + 1, 1, 1};
      continue;
    }
    ++at.column;
    if ((byte & 0xC0) != 0x80) at.utf16 += byte >= 0xF0 ? 2 : 1;
  }
  return at;
}

TEST(Lines, CountsLikeAPlainLoop) {
  SeededRandom random(1);
  for (size_t length : {0, 1, 31, 32, 33, 255, 8160, 8161, 20000}) {
    for (const uint64_t density : {2, 100, 100000}) {
      std::string text = random.bytes(length);
      for (char& c : text) {
        if (random.below(density) == 0) c = '\n';
      }
      LineCounter lines;
      lines.advance(text);
      const Naive expected = count(text);
      EXPECT_EQ(lines.line(), expected.line) << length;
      EXPECT_EQ(lines.column(), expected.column) << length;
      EXPECT_EQ(lines.utf16_column(), expected.utf16) << length;
    }
  }
}

TEST(Lines, PiecesAddUpWhereverTheCutIs) {
  const std::string text = "caf\xC3\xA9\n\xF0\x9F\x94\x91 key\r\nlast \xE2\x82\xAC";
  LineCounter whole;
  whole.advance(text);
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    LineCounter first, second;
    first.advance(std::string_view(text).substr(0, cut));
    second.advance(std::string_view(text).substr(cut));
    first.append(second);
    EXPECT_EQ(first.line(), whole.line()) << cut;
    EXPECT_EQ(first.column(), whole.column()) << cut;
    EXPECT_EQ(first.utf16_column(), whole.utf16_column()) << cut;
  }
}

}  // namespace
}  // namespace assay
