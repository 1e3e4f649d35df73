#include "scanner/snippet.h"

#include <gtest/gtest.h>

#include "rules/keys/mint.h"
#include "scanner/matcher.h"

namespace assay {
namespace {

std::string times(size_t count, std::string_view what) {
  std::string out;
  for (; count > 0; --count) out += what;
  return out;
}

TEST(Snippet, IsTheLineOrAPieceOfIt) {
  const std::string whole = times(kSnippetWholeLine - 1, "x");
  const std::string wide = times(kSnippetWholeLine + 20, "x");
  const std::string keys = times(100, "\xE9\x8D\xB5");  // 3 bytes each, none of 40 cut evenly
  const struct {
    const char* what;
    std::string before, after;  // the key stands between
    std::string left, right;    // what is shown of them
  } rows[] = {
      {"nothing else", "", "", "", ""},
      {"a line", "one\ntwo=", "; x\nthree", "two=", "; x"},
      {"at the start of a line", "one\n", "\n", "", ""},
      {"the last line, without a line break", "a\nb", "c", "b", "c"},
      {"a line ended by CRLF", "one\r\ntwo=", ";\r\nthree", "two=", ";"},
      {"a text that ends in CR", "", ";\r", "", ";"},
      {"CR right behind the key", "", "\r\n", "", ""},
      {"a CR alone ends no line", "a\rb", "c\rd", "a\rb", "c\rd"},
      {"as long as is shown whole", whole, whole, whole, whole},
      {"a longer line", wide, wide, times(kSnippetReach, "x"), times(kSnippetReach, "x")},
      {"a longer line, only before", wide, ";\n", times(kSnippetReach, "x"), ";"},
      {"a longer line, only behind", "a\nb=", wide, "b=", times(kSnippetReach, "x")},
      {"a longer line of characters of three bytes", keys, keys, keys.substr(0, 39),
       keys.substr(0, 39)},
  };
  const std::string key = "KEY";
  for (const auto& row : rows) {
    const std::string text = row.before + key + row.after;
    const Span span{row.before.size(), row.before.size() + key.size()};
    const Span piece = snippet_piece(text, span);
    ASSERT_LE(piece.begin, span.begin) << row.what;
    ASSERT_GE(piece.end, span.end) << row.what;
    EXPECT_EQ(text.substr(piece.begin, span.begin - piece.begin), row.left) << row.what;
    EXPECT_EQ(text.substr(span.end, piece.end - span.end), row.right) << row.what;
  }
}

TEST(Snippet, TextIsValidUtf8WithoutControlCharacters) {
  static constexpr std::string_view kMark = "\xEF\xBF\xBD";
  const struct {
    std::string_view bytes;
    std::string expected;
  } rows[] = {
      {"a\tb", "a\tb"},
      {"\xEF\xBB\xBF"
       "a",
       "a"},
      {"\x1b[31m", times(1, kMark) + "[31m"},
      {std::string_view("\0\x7f\r", 3), times(3, kMark)},
      {"\xF0\x9F\x94\x91", "\xF0\x9F\x94\x91"},
      {"\xF0\x9F\x94", times(3, kMark)},
      {"\xC0\x80", times(2, kMark)},
      {"\xED\xA0\x80", times(3, kMark)},
      {"\xF4\x90\x80\x80", times(4, kMark)},
  };
  for (const auto& row : rows) EXPECT_EQ(snippet_text(row.bytes), row.expected);
}

// Each key of a text is known by its name: {key:master:one}. None of them may be seen in the
// snippet of another one.
TEST(Snippet, NoKeyOfALineIsVisible) {
  static constexpr std::string_view kLines[] = {
      "a={key:master:one} b={key:function:two} c={key:system:three}",
      "a={broken:master:one} b={broken:function:two} c={key:system:three}",
      "a={key:master:one},x-functions-key: {plain:56:two},{bare:system:three}",
      "x-functions-key: {plain:56:one} x-functions-key: {hex:64:two} "
      "https://contoso-orders.azurewebsites.net/api/F?code={plain:56:three}",
      "{bare:master:one}{bare:function:two}{bare:system:three}",
      "A{broken:master:one}B {key:function:two} C{broken:system:three}D",
      "{key:master:one}%3D%3D \\u003d{bare:function:two}\\u003d {broken:system:three}",
  };
  const RuleSet rules = RuleSet::builtin();
  const Prefilter prefilter(rules, {true, "", false});
  Matcher matcher(rules, prefilter, {true, false});
  SeededRandom random(31);
  for (const std::string_view line : kLines) {
    for (const size_t far : {size_t{0}, size_t{300}}) {
      const std::string ends = times(far, ". ");
      // The values once more behind the text, to look for. A broken key's is that of the key it was
      // made from, so its first seven digits are left to tell.
      const std::string filled = fill_placeholders(
          ends + std::string(line) + ends + "\n{bare:x:one} {bare:x:two} {bare:x:three}", random);
      const std::string text = filled.substr(0, filled.find('\n'));
      std::string_view values = std::string_view(filled).substr(text.size() + 1);
      std::vector<Finding> findings;
      matcher.match({text, 0, 0, text.size(), true, "a.txt"}, findings);
      ASSERT_FALSE(findings.empty()) << line;
      for (; !values.empty();
           values.remove_prefix(std::min(values.find(' '), values.size() - 1) + 1)) {
        const std::string_view value = values.substr(0, values.find(' '));
        ASSERT_GE(value.size(), 54u) << line;
        for (const Finding& finding : findings) {
          const std::string shown =
              finding.snippet.before + finding.snippet.masked + finding.snippet.after;
          for (size_t at = 0; at + 6 <= value.size(); ++at) {
            // EXPECT_FALSE without the values: a key does not get into a message.
            EXPECT_FALSE(shown.find(value.substr(at, 6)) != std::string::npos)
                << "digits from " << at << " of a key are visible: " << line;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace assay
