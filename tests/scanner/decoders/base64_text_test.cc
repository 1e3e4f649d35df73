#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "rules/keys/base64.h"
#include "scanner/decoders/text_decoders.h"
#include "tests/scanner/decoders/restored_check.h"

namespace assay {
namespace {

std::string wrapped(std::string_view digits, size_t width, std::string_view line_break) {
  std::string out;
  for (size_t at = 0; at < digits.size(); at += width) {
    if (at > 0) out += line_break;
    out += digits.substr(at, width);
  }
  return out;
}

// Where digit `number` stands in `text`, whose base64 begins at `base` and is wrapped at `width`.
size_t digit_at(size_t number, size_t base, size_t width, std::string_view line_break) {
  return base + number + number / width * line_break.size();
}

// The bytes [begin, end) of the original as base64: the bits that the first digit has before those
// of the key's first byte say at which phase it stands.
bool decodes_to(std::string_view from, std::string_view key) {
  Restored out;
  for (int phase = 0; phase < 3; ++phase) {
    if (undo_base64(from, 0, phase, 0, from.size(), out) && out.text == key) return true;
  }
  return false;
}

TEST(Base64Text, GivesKeysBackAtEveryAlignmentAndWrap) {
  SeededRandom random(71);
  Restored out;
  for (const std::string_view line_break :
       {"\n", "\r\n", "\r", "\n    ", "\r\n\t", "\n> ", "\r\n> > ", "\\n", "\\r\\n", "\\\\n",
        "\\\n  ", "&#13;\n", "&#xD;&#xA;", "%0D%0A", "\\u000a", " \n"}) {
    for (size_t width = 1; width < 130; width += width < 12 ? 1 : 8) {
      const std::string key = make_key(random);
      const std::string inner = std::string(random.below(4), '~') + request(key);
      const bool url = random.below(2) == 0;
      const std::string digits =
          encode_base64(inner, url ? Base64Alphabet::url_safe : Base64Alphabet::standard);
      const std::string before = "value: ";
      const std::string text = before + wrapped(digits, width, line_break) + "\"\nnext: x\n";
      for (const size_t shift : {0, 1, 2, 3, 4}) {
        const size_t number = inner.find("AzFu") * 4 / 3 + shift;
        const size_t at = digit_at(number, before.size(), width, line_break);
        ASSERT_TRUE(undo_base64(text, at, static_cast<int>(number % 4), 4096, 4096, out));
        expect_map(text, out);
        ASSERT_NE(out.text.find(inner), out.text.npos) << line_break << width;
        EXPECT_TRUE(decodes_to(origin(text, out, key), key)) << line_break << width;
        const bool is_url = digits.find_first_of("-_") != digits.npos;
        EXPECT_EQ(to_string(out.how.front()), is_url ? "base64url" : "base64");
      }
    }
  }
}

struct TextCase {
  std::string_view name;
  std::string_view text;
  std::string_view hit;  // the first of it is text[at]
  int phase;
  std::string_view restored;
};

TEST(Base64Text, IsFoundInWhatSurroundsIt) {
  static constexpr TextCase kCases[] = {
      {"alone", "QXpGdQ==", "GdQ", 3, "AzFu"},
      {"without padding", "QXpGdQ", "Q", 0, "AzFu"},
      {"behind other padding", "eHh4eA==QXpGdQ==", "QXp", 0, "AzFu"},
      {"behind other padding and a break", "eHh4eA==\nQXpGdQ==", "QXp", 0, "AzFu"},
      {"behind an escaped sign", "code%3DQXpGdQ%3D%3D", "QXp", 0, "AzFu"},
      {"behind an escaped quote", "\\u0022QXpGdQ\\u0022", "QXp", 0, "AzFu"},
      {"before a blank", "QXpGdQ QXpG", "QXp", 0, "AzFu"},
      {"cut before its second digit", "XpGdQ==", "Xp", 1, "zFu"},
      {"cut before its third digit", "pGdQ==", "pG", 2, "Fu"},
      {"cut before its fourth digit", "GdQ==", "GdQ", 3, "u"},
      {"cut behind its first digit", "QXpGd", "QXp", 0, "AzF"},
      {"with escaped slashes", "Pz8\\/QXpG", "QXp", 0, "???AzF"},
      {"with escapes of plus", "Pj4\\u002BQXpG", "QXp", 0, ">>>AzF"},
      {"with percent signs", "Pj4%2bPz8%2FQXpG", "QXp", 0, ">>>???AzF"},
      {"with entities", "Pj4&#43;Pz8&sol;QXpG", "QXp", 0, ">>>???AzF"},
      {"of the other alphabet", "Pj4-Pz8_QXpG", "QXp", 0, ">>>???AzF"},
  };
  Restored out;
  for (const TextCase& row : kCases) {
    ASSERT_TRUE(undo_base64(row.text, row.text.find(row.hit), row.phase, 99, 99, out)) << row.name;
    EXPECT_EQ(out.text, row.restored) << row.name;
    expect_map(row.text, out);
  }
}

// What PowerShell takes as -EncodedCommand.
TEST(Base64Text, OfUtf16GivesWhatUndoWideReads) {
  SeededRandom random(73);
  Restored bytes;
  Restored out;
  for (size_t shift = 0; shift < 6; ++shift) {
    const std::string key = make_key(random);
    std::string wide;
    for (const char c : std::string(shift, '~') + request(key)) wide += {c, '\0'};
    const std::string text = "-enc " + encode_base64(wide, Base64Alphabet::standard) + "\r\n";
    const size_t number = wide.find(std::string_view("A\0z\0F\0u", 7)) * 4 / 3;
    ASSERT_TRUE(undo_base64(text, 5 + number, static_cast<int>(number % 4), 4096, 4096, bytes));
    const size_t at = bytes.text.find(std::string_view("A\0z\0F\0u", 7));
    ASSERT_TRUE(undo_wide(bytes.text, at, 4096, 4096, out));
    EXPECT_NE(out.text.find(key), out.text.npos) << shift;
    EXPECT_EQ(to_string(out.how.front()), "utf-16le");
  }
}

TEST(Base64Text, MapsAByteToTheDigitsThatHoldIt) {
  Restored out;
  ASSERT_TRUE(undo_base64("=Pz8\\/QX\npG=", 6, 0, 99, 99, out));
  EXPECT_EQ(out.text, "???AzF");
  EXPECT_EQ(out.begin, (std::vector<uint32_t>{1, 2, 3, 6, 7, 9}));
  EXPECT_EQ(out.end, (std::vector<uint32_t>{3, 4, 6, 8, 10, 11}));
}

TEST(Base64Text, LooksNoFurtherThanItIsAllowed) {
  const std::string text(400, 'Q');
  Restored out;
  ASSERT_TRUE(undo_base64(text, 200, 0, 10, 20, out));
  EXPECT_EQ(out.begin.front(), 190u);
  EXPECT_EQ(out.end.back(), 220u);
}

TEST(Base64Text, GivesNothingWhereThereIsNone) {
  Restored out;
  EXPECT_FALSE(undo_base64("", 0, 0, 9, 9, out));
  EXPECT_FALSE(undo_base64("...", 1, 0, 9, 9, out));
  EXPECT_FALSE(undo_base64("=Q=", 1, 0, 9, 9, out));
  EXPECT_TRUE(out.text.empty());
}

TEST(Base64Text, MayBeCutAnywhere) {
  SeededRandom random(72);
  const std::string text =
      wrapped(encode_base64(request(make_key(random)), Base64Alphabet::standard), 11, "\\r\\n> ") +
      "&#43;\\u002b%2B\\/";
  Restored out;
  for (size_t from = 0; from < text.size(); from += 1 + random.below(3)) {
    for (size_t to = from; to <= text.size(); to += 1 + random.below(5)) {
      const std::string cut = text.substr(from, to - from);
      const size_t at = random.below(cut.size() + 1);
      const bool undone = undo_base64(cut, at, static_cast<int>(random.below(4)), random.below(99),
                                      random.below(99), out);
      expect_map(cut, out);
      EXPECT_EQ(undone, !out.text.empty());
    }
  }
}

TEST(Base64Text, IsLinearInWhateverIsRepeated) {
  Restored out;
  for (const std::string_view piece : {"A", " ", "\n", "\\n", "\\", "&", "&#13", "%0", "A ", "A\n",
                                       "A\\n> ", "\\u002", ">", "\\u0022"}) {
    std::string text;
    while (text.size() < kMostStretch) text += piece;
    for (const size_t at : {text.size() - 1, text.size() / 2, size_t{0}}) {
      undo_base64(text, at, 0, kMostStretch, kMostStretch, out);
      expect_map(text, out);
    }
  }
}

}  // namespace
}  // namespace assay
