#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "scanner/decoders/text_decoders.h"
#include "tests/scanner/decoders/restored_check.h"

namespace assay {
namespace {

struct EscapeCase {
  std::string_view text;
  std::string_view restored;
  std::string_view how;  // of the first byte that is not copied; empty: nothing is undone
};

TEST(Escapes, AreUndoneOneLayerACall) {
  static constexpr EscapeCase kCases[] = {
      {"", "", ""},
      {"plain text", "plain text", ""},
      {"a%41b%7Ac%7a", "aAbzcz", "percent"},
      {"%2541", "%41", "percent"},
      {"%252541", "%2541", "percent"},
      {"%4", "%4", ""},
      {"%", "%", ""},
      {"%G1%1G", "%G1%1G", ""},
      {"%%41", "%A", "percent"},
      {"%C3%A9", "\xC3\xA9", "percent"},
      {"\\u0041\\u003D", "A=", "json-escape"},
      {"\\\\u0041", "\\u0041", "json-escape"},
      {"\\\\\\\\u0041", "\\\\u0041", "json-escape"},
      {"\\\"\\'\\/\\\\", "\"'/\\", "json-escape"},
      {"\\n\\r\\t\\f\\b", "\n\r\t\f\b", "json-escape"},
      {"a\\_b\\-c\\=\\+", "a_b-c=+", "json-escape"},
      {"\\u{41}\\u{000041}\\u{1F511}", "AA\xF0\x9F\x94\x91", "json-escape"},
      {"\\u{}\\u{110000}\\u{D800}\\u{41", "\\u{}\\u{110000}\\u{D800}\\u{41", ""},
      {"\\U00000041", "A", "json-escape"},
      {"\\U00110000", "\\U00110000", ""},
      {"\\ud83d\\udd11", "\xF0\x9F\x94\x91", "json-escape"},
      {"\\ud83d", "\\ud83d", ""},
      {"\\udd11\\ud83d", "\\udd11\\ud83d", ""},
      {"\\ud83d\\u0041", "\\ud83dA", "json-escape"},
      {"\\u00e9", "\xC3\xA9", "json-escape"},
      {"\\u20ac", "\xE2\x82\xAC", "json-escape"},
      {"\\u004", "\\u004", ""},
      {"\\u", "\\u", ""},
      {"\\x41\\x3D", "A=", "hex-escape"},
      {"\\x4", "\\x4", ""},
      {"\\101\\075\\377", "A=\xFF", "octal-escape"},
      {"\\400\\10\\189", "\\400\\10\\189", ""},
      {"C:\\Users\\q \\", "C:\\Users\\q \\", ""},
      {"&#65;&#0065;&#x41;&#X041;&#00000065;", "AAAAA", "html-entity"},
      {"&#000000065;", "&#000000065;", ""},
      {"&#61&x=1 &#61", "=&x=1 =", "html-entity"},
      {"&#61a&#x3dg&#61a", "&#61a&#x3dg&#61a", ""},
      {"&#0;&#xD800;&#x110000;&#99999999;&#;&#x;", "&#0;&#xD800;&#x110000;&#99999999;&#;&#x;", ""},
      {"&#8203;", "\xE2\x80\x8B", "html-entity"},
      {"&amp;&lt;&gt;&quot;&apos;", "&<>\"'", "html-entity"},
      {"&amp;#65;&amp;amp;", "&#65;&amp;", "html-entity"},
      {"&equals;&plus;&sol;&lowbar;&hyphen;&dash;", "=+/_--", "html-entity"},
      {"&percnt;&num;&bsol;&colon;&semi;&quest;&excl;", "%#\\:;?!", "html-entity"},
      {"&comma;&period;&lpar;&rpar;&lbrack;&lsqb;&rbrack;&rsqb;", ",.()[[]]", "html-entity"},
      {"&lbrace;&lcub;&rbrace;&rcub;&grave;&Hat;&commat;", "{{}}`^@", "html-entity"},
      {"&dollar;&ast;&Tab;&NewLine;", "$*\t\n", "html-entity"},
      {"&nbsp;&shy;&zwnj;&zwj;", "\xC2\xA0\xC2\xAD\xE2\x80\x8C\xE2\x80\x8D", "html-entity"},
      {"&AMP;&equal;&equals", "&AMP;&equal;&equals", ""},
      {"?a=1&code=2&amp", "?a=1&code=2&amp", ""},
  };
  Restored out;
  for (const EscapeCase& row : kCases) {
    const bool undone = undo_escapes(row.text, out);
    EXPECT_EQ(out.text, row.restored) << row.text;
    EXPECT_EQ(undone, !row.how.empty()) << row.text;
    expect_map(row.text, out);
    std::string_view how;
    for (const Undone one : out.how) {
      if (one != Undone::nothing && how.empty()) how = to_string(one);
    }
    EXPECT_EQ(how, row.how) << row.text;
  }
}

TEST(Escapes, MapEachByteToItsWholeEscape) {
  Restored out;
  ASSERT_TRUE(undo_escapes("a%41\\u20acb", out));
  EXPECT_EQ(out.text,
            "aA\xE2\x82\xAC"
            "b");
  EXPECT_EQ(out.begin, (std::vector<uint32_t>{0, 1, 4, 4, 4, 10}));
  EXPECT_EQ(out.end, (std::vector<uint32_t>{1, 4, 10, 10, 10, 11}));
}

// Writes one character in form `form`; kForms of them.
constexpr size_t kForms = 11;
std::string escaped(char c, size_t form) {
  const int code = static_cast<unsigned char>(c);
  switch (form) {
    case 0:
      return fmt::format("%{:02x}", code);
    case 1:
      return fmt::format("%{:02X}", code);
    case 2:
      return fmt::format("\\u{:04x}", code);
    case 3:
      return fmt::format("\\u{{{:X}}}", code);
    case 4:
      return fmt::format("\\x{:02X}", code);
    case 5:
      return fmt::format("\\{:03o}", code);
    case 6:
      return fmt::format("&#{};", code);
    case 7:
      return fmt::format("&#{:04};", code);
    case 8:
      return fmt::format("&#x{:x};", code);
    case 9:
      return fmt::format("&#X{:05X};", code);
    default:
      return fmt::format("\\U{:08x}", code);
  }
}

// What must be escaped for a text to stand as it is in one more layer.
std::string shielded(std::string_view text, size_t form) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '\\' || c == '&') {
      out += escaped(c, form);
    } else {
      out += c;
    }
  }
  return out;
}

TEST(Escapes, GiveKeysBackWhateverCharactersAreEscaped) {
  SeededRandom random(51);
  Restored out;
  for (size_t round = 0; round < 1100; ++round) {
    const std::string key = make_key(random);
    const size_t layers = 1 + random.below(3);
    const uint64_t share = 1 + random.below(8);
    const bool mixed = random.below(4) == 0;
    std::string text;
    for (const char c : request(key)) {
      const size_t form = mixed ? random.below(kForms) : round % kForms;
      text += c == '&' || random.below(8) < share ? escaped(c, form) : std::string(1, c);
    }
    for (size_t layer = 1; layer < layers; ++layer) text = shielded(text, random.below(kForms));
    std::string now = text;
    for (size_t layer = 0; layer < layers; ++layer) {
      ASSERT_TRUE(undo_escapes(now, out));
      expect_map(now, out);
      if (layer + 1 < layers) now = out.text;
    }
    const std::string_view from = origin(now, out, key);
    ASSERT_FALSE(from.empty()) << round;
    undo_escapes(std::string(from), out);
    EXPECT_TRUE(out.text == key) << round;
  }
}

TEST(Escapes, MayBeCutAnywhere) {
  SeededRandom random(52);
  const std::string key = make_key(random);
  std::string text;
  for (const char c : "x" + key + "&q") text += escaped(c, random.below(kForms));
  text += "\\ud83d\\udd11&equals;";
  Restored out;
  for (size_t from = 0; from < text.size(); ++from) {
    for (size_t to = from; to <= text.size(); to += 1 + to % 3) {
      const std::string cut = text.substr(from, to - from);  // its own memory, for sanitizers
      const bool undone = undo_escapes(cut, out);
      expect_map(cut, out);
      ASSERT_TRUE(undone || out.text == cut);
    }
  }
}

TEST(Escapes, AreLinearInWhateverIsRepeated) {
  Restored out;
  for (const std::string_view piece : {"%25", "%", "&", "&#", "&#x", "&&&&#", "\\", "\\u", "\\u{",
                                       "\\ud83d", "&equals", "\\\\u", "&#00000000", "%2"}) {
    std::string text;
    while (text.size() + piece.size() <= kMostStretch) text += piece;
    undo_escapes(text, out);
    expect_map(text, out);
  }
}

}  // namespace
}  // namespace assay
