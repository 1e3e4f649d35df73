#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "scanner/decoders/text_decoders.h"
#include "tests/scanner/decoders/restored_check.h"

namespace assay {
namespace {

struct PrintableCase {
  std::string_view text;
  std::string_view restored;
  bool undone;
};

TEST(QuotedPrintable, IsUndone) {
  static constexpr PrintableCase kCases[] = {
      {"", "", false},
      {"code=", "code=", false},
      {"a=41b", "aAb", true},
      {"=3D=3d", "==", true},
      {"=3", "=3", false},
      {"=3G", "=3G", false},
      {"==3D", "==", true},
      {"=C3=A9", "\xC3\xA9", true},
      {"ab=\ncd", "abcd", true},
      {"ab=\r\ncd", "abcd", true},
      {"ab=\rcd", "abcd", true},
      {"ab= \t\r\ncd", "abcd", true},
      {"ab=\n  cd", "abcd", true},
      {"ab=\n> > cd", "abcd", true},
      {"ab=\n>>\tcd", "abcd", true},
      {"ab=\n\ncd", "ab\ncd", true},
      {"ab=\n=\ncd", "abcd", true},
      {"ab=\n=3Dcd", "ab=cd", true},
      {"ab= cd", "ab= cd", false},
      {"ab=\n", "ab", true},
      {"=\nab", "ab", true},
      {"> ab\n> cd", "> ab\n> cd", false},
  };
  Restored out;
  for (const PrintableCase& row : kCases) {
    EXPECT_EQ(undo_quoted_printable(row.text, out), row.undone) << row.text;
    EXPECT_EQ(out.text, row.restored) << row.text;
    expect_map(row.text, out);
  }
}

TEST(QuotedPrintable, SaysWhereItUndidSomething) {
  Restored out;
  ASSERT_TRUE(undo_quoted_printable("ab=\n> c=3Dd", out));
  EXPECT_EQ(out.text, "abc=d");
  EXPECT_EQ(out.begin, (std::vector<uint32_t>{0, 1, 6, 7, 10}));
  EXPECT_EQ(out.end, (std::vector<uint32_t>{1, 2, 7, 10, 11}));
  const auto none = Undone::nothing;
  const auto some = Undone::quoted_printable;
  EXPECT_EQ(out.how, (std::vector<Undone>{none, none, some, some, none}));
}

// As a mail program writes it, with lines of `width`; `share` of 8 other characters are escaped.
std::string printable_mail(std::string_view text, size_t width, std::string_view wrap,
                           uint64_t share, SeededRandom& random) {
  std::string out;
  size_t column = 0;
  for (const char c : text) {
    const bool escape = c == '=' || random.below(8) < share;
    const std::string piece = escape ? fmt::format("={:02X}", c) : std::string(1, c);
    if (c != '\n' && column + piece.size() >= width) {
      out += wrap;
      column = 0;
    }
    out += piece;
    column += piece.size();
  }
  return out;
}

TEST(QuotedPrintable, GivesKeysBackWhereverTheyAreWrapped) {
  SeededRandom random(53);
  Restored out;
  for (size_t width = 5; width < 90; ++width) {
    for (const std::string_view wrap : {"=\n", "=\r\n", "= \n", "=\n> ", "=\r\n> > ", "=\n    "}) {
      const std::string key = make_key(random);
      const std::string text =
          printable_mail(request(key), width, wrap, random.below(2) * random.below(9), random);
      ASSERT_TRUE(undo_quoted_printable(text, out));
      expect_map(text, out);
      const std::string from(origin(text, out, key));
      ASSERT_FALSE(from.empty()) << width;
      ASSERT_TRUE(undo_quoted_printable(from, out));
      EXPECT_TRUE(out.text == key) << width;
    }
  }
}

TEST(QuotedPrintable, MayBeCutAnywhere) {
  SeededRandom random(54);
  const std::string text = printable_mail(request(make_key(random)), 20, "= \r\n> ", 2, random);
  Restored out;
  for (size_t from = 0; from < text.size(); ++from) {
    for (size_t to = from; to <= text.size(); ++to) {
      const std::string cut = text.substr(from, to - from);
      const bool undone = undo_quoted_printable(cut, out);
      expect_map(cut, out);
      ASSERT_TRUE(undone || out.text == cut);
    }
  }
}

TEST(QuotedPrintable, IsLinearInWhateverIsRepeated) {
  Restored out;
  for (const std::string_view piece : {"=\n", "=", "= ", "=3", "=\n>", "=3D", "=\r", " "}) {
    std::string text = "=";
    while (text.size() + piece.size() <= kMostStretch) text += piece;
    undo_quoted_printable(text, out);
    expect_map(text, out);
  }
}

}  // namespace
}  // namespace assay
