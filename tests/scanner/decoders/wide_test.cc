#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "scanner/decoders/text_decoders.h"
#include "tests/scanner/decoders/restored_check.h"

namespace assay {
namespace {

struct WideForm {
  size_t width;
  bool big;
  std::string_view name;
};
constexpr WideForm kForms[] = {
    {2, false, "utf-16le"}, {2, true, "utf-16be"}, {4, false, "utf-32le"}, {4, true, "utf-32be"}};

void append_unit(std::string& out, char32_t unit, const WideForm& form) {
  for (size_t i = 0; i < form.width; ++i) {
    const size_t shift = 8 * (form.big ? form.width - 1 - i : i);
    out += static_cast<char>(unit >> shift & 0xFF);
  }
}

std::string widened(std::u32string_view text, const WideForm& form) {
  std::string out;
  for (const char32_t c : text) {
    if (form.width == 2 && c > 0xFFFF) {
      append_unit(out, 0xD800 + ((c - 0x10000) >> 10), form);
      append_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF), form);
    } else {
      append_unit(out, c, form);
    }
  }
  return out;
}
std::string widened(std::string_view text, const WideForm& form) {
  return widened(std::u32string(text.begin(), text.end()), form);
}

// Where the `A` of the signature stands in the wide form of `text`, which begins at `base`.
size_t signature_at(std::string_view text, size_t base, const WideForm& form) {
  return base + text.find("AzFu") * form.width + (form.big ? form.width - 1 : 0);
}

void expect_name(const Restored& out, std::string_view name) {
  for (const Undone how : out.how) ASSERT_EQ(to_string(how), name);
}

TEST(Wide, GivesKeysBackAtAnyOffsetOfAnEightBitLog) {
  SeededRandom random(61);
  Restored out;
  for (const WideForm& form : kForms) {
    for (const std::string_view before : {"", "x", "log: ", "log:\n", "\xFE\xFD", "\r\n\r\n\r\n"}) {
      for (const std::string_view after : {"", "\n", "y", " end\n", "\xFE\xFD\xFE\xFD"}) {
        const std::string key = make_key(random);
        for (const std::string& inner : {request(key), key}) {
          const std::string wide = widened(inner, form);
          const std::string text = std::string(before) + wide + std::string(after);
          const size_t at = signature_at(inner, before.size(), form);
          ASSERT_TRUE(undo_wide(text, at, 4096, 4096, out));
          expect_map(text, out);
          EXPECT_NE(out.text.find(key), out.text.npos) << form.name;
        }
      }
    }
  }
}

TEST(Wide, KnowsTheOrderOfAWholeText) {
  SeededRandom random(62);
  Restored out;
  for (const WideForm& form : kForms) {
    for (const bool marked : {false, true}) {
      const std::string key = make_key(random);
      for (const std::string& inner : {request(key), key}) {
        const size_t base = marked ? form.width : 0;
        const std::string text = widened(marked ? U"\uFEFF" : U"", form) + widened(inner, form);
        ASSERT_TRUE(undo_wide(text, signature_at(inner, base, form), 4096, 4096, out));
        expect_map(text, out);
        EXPECT_TRUE(out.text == inner) << form.name;
        expect_name(out, form.name);
        EXPECT_TRUE(origin(text, out, key) == widened(key, form)) << form.name;
      }
    }
  }
}

TEST(Wide, IsToldTheOrderOfAWindow) {
  SeededRandom random(63);
  Restored out;
  for (const WideForm& form : kForms) {
    const std::string key = make_key(random);
    std::string inner;
    for (int i = 0; i < 40; ++i) inner += request("none");
    inner += request(key);
    for (int i = 0; i < 40; ++i) inner += request("none");
    const std::string text = widened(inner, form);
    const size_t at = signature_at(inner, 0, form);
    for (size_t more = 0; more < 8; ++more) {
      ASSERT_TRUE(undo_wide(text, at, 500 + more, 500 + more % 5, out, at % 2 == 1));
      expect_map(text, out);
      expect_name(out, form.name);
      EXPECT_TRUE(origin(text, out, key) == widened(key, form)) << form.name << more;
    }
  }
}

TEST(Wide, GoesOnOverOtherScripts) {
  SeededRandom random(64);
  Restored out;
  for (const WideForm& form : kForms) {
    const std::string key = make_key(random);
    const std::u32string wide_key(key.begin(), key.end());
    const std::u32string inner = U"Ключ: 密钥：" + wide_key + U"\U0001F511é! ok.";
    const std::string text = "8 bit\n" + widened(inner, form) + "\xFF\xFF\xFF\xFF";
    const size_t at = 6 + (inner.find(U"AzFu") * form.width) + (form.big ? form.width - 1 : 0);
    ASSERT_TRUE(undo_wide(text, at, 4096, 4096, out));
    expect_map(text, out);
    expect_name(out, form.name);
    EXPECT_TRUE(origin(text, out, key) == widened(key, form)) << form.name;
    EXPECT_NE(out.text.find("密钥：" + key + "\U0001F511é! ok."), out.text.npos) << form.name;
  }
}

TEST(Wide, IsNotSeenInEightBitText) {
  Restored out;
  for (const std::string_view text : {"AzFu", "A", "xAzFu x"}) {
    EXPECT_FALSE(undo_wide(text, text.find('A'), 100, 100, out)) << text;
    EXPECT_TRUE(out.text.empty());
  }
  EXPECT_FALSE(undo_wide(std::string_view("\0\0A\0\0", 5), 2, 9, 9, out));
  EXPECT_FALSE(undo_wide("", 0, 9, 9, out));
}

TEST(Wide, LooksNoFurtherThanItIsAllowed) {
  Restored out;
  const std::string text = widened(std::string(100, 'A'), kForms[0]);
  ASSERT_TRUE(undo_wide(text, 100, 10, 20, out));
  ASSERT_FALSE(out.begin.empty());
  EXPECT_GE(out.begin.front(), 90u);
  EXPECT_LE(out.end.back(), 120u);
}

TEST(Wide, MayBeCutAnywhere) {
  SeededRandom random(65);
  Restored out;
  for (const WideForm& form : kForms) {
    const std::string text = "ab" + widened(U"é" + std::u32string(9, U'A') + U"\U0001F511z", form);
    for (size_t from = 0; from < text.size(); ++from) {
      for (size_t to = from; to <= text.size(); ++to) {
        const std::string cut = text.substr(from, to - from);
        for (size_t at = 0; at <= cut.size(); ++at) {
          const bool undone = undo_wide(cut, at, random.below(40), random.below(40), out);
          expect_map(cut, out);
          EXPECT_EQ(undone, !out.text.empty());
        }
      }
    }
  }
}

TEST(Wide, IsBoundedInWhateverIsRepeated) {
  Restored out;
  for (const std::string& piece :
       {std::string("A\0", 2), std::string("\0", 1), std::string("A\0\xFF\x20", 4),
        std::string("A\0\0\0", 4), std::string("A\0\x00\xD8", 4)}) {
    std::string text;
    while (text.size() < 2 * kMostStretch) text += piece;
    undo_wide(text, kMostStretch, kMostStretch, kMostStretch, out);
    expect_map(text, out);
  }
}

}  // namespace
}  // namespace assay
