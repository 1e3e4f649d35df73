// Gaps between the pieces of a value. The pieces spell `abcAzFu0123`.
#include <gtest/gtest.h>

#include <ctime>
#include <string>
#include <string_view>

#include "scanner/decoders/gap.h"
#include "scanner/decoders/text_decoders.h"
#include "scanner/runs.h"

namespace assay {
namespace {

using std::string_literals::operator""s;

constexpr std::string_view kValue = "abcAzFu0123";

struct Row {
  const char* name;
  std::string text;
  Undone how;  // of the digit behind the first gap
};

const Row kTaken[] = {
    {"break", "abcA\nzFu0123", Undone::line_wrap},
    {"crlf", "abcA\r\nzFu0123", Undone::line_wrap},
    {"carriage return", "abcA\rzFu0123", Undone::line_wrap},
    {"form feed", "abcA\fzFu0123", Undone::line_wrap},
    {"next line", "abcA\xC2\x85zFu0123", Undone::line_wrap},
    {"line separator", "abcA\xE2\x80\xA8zFu0123", Undone::line_wrap},
    {"indent", "abcA\n      zFu0123", Undone::line_wrap},
    {"tab", "abcA\n\t\tzFu0123", Undone::line_wrap},
    {"deep indent", "abcA\n" + std::string(200, ' ') + "zFu0123", Undone::line_wrap},
    {"trailing blanks", "abcA   \n  zFu0123", Undone::line_wrap},
    {"empty line", "abcA\n\nzFu0123", Undone::line_wrap},
    {"three empty lines", "abcA\r\n\r\n\r\n\r\nzFu0123", Undone::line_wrap},
    {"each character", "a\nb\nc\nA\nz\nF\nu\n0\n1\n2\n3", Undone::line_wrap},
    {"quoted mail", "abcA\n> zFu0123", Undone::line_wrap},
    {"twice quoted mail", "abcA\n> > zFu0123", Undone::line_wrap},
    {"tight quotes", "abcA\n>>zFu0123", Undone::line_wrap},
    {"quoted empty line", "abcA\n> \n> zFu0123", Undone::line_wrap},
    {"backslash", "abcA\\\nzFu0123", Undone::line_wrap},
    {"blank and backslash", "abcA \\\n    zFu0123", Undone::line_wrap},
    {"back tick", "abcA`\r\n  zFu0123", Undone::line_wrap},
    {"caret", "abcA^\r\nzFu0123", Undone::line_wrap},
    {"table", "abcA  |\n| zFu0123", Undone::line_wrap},
    {"drawn table", "abcA \xE2\x94\x82\n\xE2\x94\x82 zFu0123", Undone::line_wrap},
    {"shell comment", "abcA\n# zFu0123", Undone::line_wrap},
    {"line comment", "abcA\n    // zFu0123", Undone::line_wrap},
    {"documentation comment", "abcA\n/// zFu0123", Undone::line_wrap},
    {"block comment", "abcA\n * zFu0123", Undone::line_wrap},
    {"query comment", "abcA\n-- zFu0123", Undone::line_wrap},
    {"return sign", "abcA\xE2\x86\xB5\nzFu0123", Undone::line_wrap},

    {"plus", "abcA\" + \"zFu0123", Undone::concatenation},
    {"plus before a break", "abcA\" +\n    \"zFu0123", Undone::concatenation},
    {"plus behind a break", "abcA'\r\n    + 'zFu0123", Undone::concatenation},
    {"dot", "abcA' . 'zFu0123", Undone::concatenation},
    {"two dots", "abcA\" .. \"zFu0123", Undone::concatenation},
    {"bars", "abcA' || 'zFu0123", Undone::concatenation},
    {"ampersand", "abcA\"&\"zFu0123", Undone::concatenation},
    {"ampersand, underscore", "abcA\" & _\r\n    \"zFu0123", Undone::concatenation},
    {"comma", "abcA\", \"zFu0123", Undone::concatenation},
    {"array of lines", "abcA\",\n   \"zFu0123", Undone::concatenation},
    {"array of lines with breaks", "abcA\\n\",\n   \"zFu0123", Undone::concatenation},
    {"array of lines with both", "abcA\\r\\n\",\n   \"zFu0123", Undone::concatenation},
    {"adjacent", "abcA\" \"zFu0123", Undone::concatenation},
    {"adjacent lines", "abcA\"\n        \"zFu0123", Undone::concatenation},
    {"adjacent in a macro", "abcA\" \\\n        \"zFu0123", Undone::concatenation},
    {"added lines of a diff", "abcA\"\n+      \"zFu0123", Undone::concatenation},
    {"prefix of a literal", "abcA\"\n   f\"zFu0123", Undone::concatenation},
    {"utf-8 literal", "abcA\"\n   u8\"zFu0123", Undone::concatenation},
    {"escaped quotes", "abcA\\\" + \\\"zFu0123", Undone::concatenation},
    {"twice escaped quotes", "abcA\\\\\\\" + \\\\\\\"zFu0123", Undone::concatenation},
    {"typographic quotes", "abcA\xE2\x80\x9D + \xE2\x80\x9CzFu0123", Undone::concatenation},
    {"method", "abcA\").append(\"zFu0123", Undone::concatenation},
    {"method on its line", "abcA\")\n    .append(\"zFu0123", Undone::concatenation},
    {"statement", "abcA\";\nkey += \"zFu0123", Undone::concatenation},
    {"statement with a dot", "abcA';\n$key .= 'zFu0123", Undone::concatenation},
    {"stream", "abcA\"\n    << \"zFu0123", Undone::concatenation},
    {"shell quotes", "abcA\"zFu\"'0123", Undone::concatenation},
    {"other shell quotes", "abcA'\"zFu0123", Undone::concatenation},
    {"strings of a page", "abcA)-20(zFu0123", Undone::concatenation},
    {"lines of a page", "abcA) Tj\nT* (zFu0123", Undone::concatenation},

    {"colour", "abcA\x1b[31mzFu0123", Undone::ansi},
    {"colours", "abcA\x1b[0m\x1b[01;31m\x1b[KzFu\x1b[0m0123", Undone::ansi},
    {"24 bit colour", "abcA\x1b[38;2;10;20;30mzFu0123", Undone::ansi},
    {"colon parameters", "abcA\x1b[38:5:10mzFu0123", Undone::ansi},
    {"each character coloured", "a\x1b[1mb\x1b[2mc\x1b[3mA\x1b[4mz\x1b[5mF\x1b[6mu\x1b[7m0123",
     Undone::ansi},
    {"private mode", "abcA\x1b[?25lzFu0123", Undone::ansi},
    {"character set", "abcA\x1b(B\x1b[mzFu0123", Undone::ansi},
    {"keypad", "abcA\x1b=zFu0123", Undone::ansi},
    {"title", "abcA\x1b]0;window\azFu0123", Undone::ansi},
    {"link", "abcA\x1b]8;;https://a.b/c\x1b\\zFu0123", Undone::ansi},
    {"C1", "abcA\x9B"s + "31mzFu0123", Undone::ansi},
    {"caret", "abcA^[[31mzFu0123", Undone::ansi},
    {"written in JSON", "abcA\\u001b[31mzFu0123", Undone::ansi},
    {"written in JSON in JSON", "abcA\\\\u001B[31mzFu0123", Undone::ansi},
    {"written in hex", "abcA\\x1b[0KzFu0123", Undone::ansi},
    {"written in octal", "abcA\\033[31mzFu0123", Undone::ansi},
    {"written as a letter", "abcA\\e[31mzFu0123", Undone::ansi},
    {"written as an entity", "abcA&#27;[31mzFu0123", Undone::ansi},
    {"shown as a symbol", "abcA\xE2\x90\x9B[31mzFu0123", Undone::ansi},
    {"escape lost", "abcA[01;31mzFu[0m0123", Undone::ansi},

    {"zero-width space", "abcA\xE2\x80\x8BzFu0123", Undone::invisible},
    {"zero-width joiner", "abcA\xE2\x80\x8DzFu0123", Undone::invisible},
    {"word joiner", "abcA\xE2\x81\xA0zFu0123", Undone::invisible},
    {"soft hyphen", "abcA\xC2\xADzFu0123", Undone::invisible},
    {"soft hyphen of Latin-1", "abcA\xADzFu0123", Undone::invisible},
    {"mark of order", "abcA\xEF\xBB\xBFzFu0123", Undone::invisible},
    {"direction", "abcA\xE2\x80\x8EzFu0123", Undone::invisible},
    {"isolate", "abcA\xE2\x81\xA8zFu\xE2\x81\xA9\x30\x31\x32\x33", Undone::invisible},
    {"non-breaking space", "abcA\xC2\xA0zFu0123", Undone::invisible},
    {"thin space", "abcA\xE2\x80\x89zFu0123", Undone::invisible},
    {"ideographic space", "abcA\xE3\x80\x80zFu0123", Undone::invisible},
    {"tag", "abcA\xF3\xA0\x80\xA0zFu0123", Undone::invisible},
    {"several", "abcA\xC2\xAD\xE2\x80\x8B\xC2\xADzFu0123", Undone::invisible},
    {"soft hyphen as entity", "abcA&shy;zFu0123", Undone::invisible},
    {"decimal entity", "abcA&#8203;zFu0123", Undone::invisible},
    {"hexadecimal entity", "abcA&#x200b;zFu0123", Undone::invisible},
    {"joiner as entity", "abcA&zwj;zFu0123", Undone::invisible},
    {"space as entity", "abcA&nbsp;zFu0123", Undone::invisible},
    {"written in JSON", "abcA\\u200bzFu0123", Undone::invisible},
    {"written with braces", "abcA\\u{200b}zFu0123", Undone::invisible},

    {"wbr", "abcA<wbr>zFu0123", Undone::html_tag},
    {"closed wbr", "abcA<wbr/>zFu<wbr />0123", Undone::html_tag},
    {"highlight", "abcA</span><span class=\"hl\">zFu0123", Undone::html_tag},
    {"cells", "abcA</td>\n  <td>zFu0123", Undone::html_tag},
    {"comment", "abcA<!-- cut -->zFu0123", Undone::html_tag},
    {"mark", "abc<mark>AzFu</mark>0123", Undone::html_tag},
    {"lines", "abcA<br/>\r\nzFu0123", Undone::html_tag},

    {"docker",
     "{\"log\":\"abcA\",\"stream\":\"stdout\",\"time\":\"2025-11-02T08:00:00.1Z\"}\n"
     "{\"log\":\"zFu0123",
     Undone::log_record},
    {"another log",
     "{\"t\":\"1\",\"msg\":\"abcA\",\"l\":\"x\"}\r\n{\"t\":\"2\", \"msg\": \"zFu0123",
     Undone::log_record},
    {"document nodes",
     "{\"type\":\"text\",\"text\":\"abcA\",\"marks\":[{\"type\":\"strong\"}]},"
     "{\"type\":\"text\",\"text\":\"zFu0123",
     Undone::log_record},
    {"cri",
     "2025-11-02T08:00:00.123456789Z stdout P abcA\n"
     "2025-11-02T08:00:00.123456790Z stdout F zFu0123",
     Undone::log_record},
    {"asciicast", "[1.0, \"o\", \"abcA\"]\n[1.25, \"o\", \"zFu0123", Undone::log_record},
    {"asciicast of version 1", "[[1.0, \"abcA\"],\n[1.25, \"zFu0123", Undone::log_record},

    {"encoded words", "=?utf-8?Q?abcA?=\r\n =?utf-8?Q?zFu0123?=", Undone::line_wrap},
    {"encoded words in a line", "=?utf-8?B?abcA?= =?ISO-8859-1?b?zFu0123?=", Undone::line_wrap},

    {"colours around a break", "abcA\x1b[0m\n\x1b[31mzFu0123", Undone::line_wrap},
    {"colours around an indent", "abcA\x1b[0m  \r\n  \x1b[31m  zFu0123", Undone::line_wrap},
    {"hyphen before a break", "abcA\xC2\xAD\n  zFu0123", Undone::line_wrap},
    {"a tag without a name stands", "<abcA\nzFu0123", Undone::line_wrap},
    {"within a tag", "x<img alt=\"abcdefghijklmnopqrstuvwxyzabcdefghijklmabcA\nzFu0123\">y",
     Undone::line_wrap},
};

std::string name_of(const Row& row) { return std::string(row.name) + ": " + row.text; }

TEST(Layout, GapsBetweenPiecesAreTakenOut) {
  for (const Row& row : kTaken) {
    Restored out;
    EXPECT_TRUE(undo_layout(row.text, out)) << name_of(row);
    const size_t found = out.text.find(kValue);
    ASSERT_NE(found, std::string::npos) << name_of(row) << "\n" << out.text;
    Undone first = Undone::nothing;
    for (size_t i = found + 1; i < found + kValue.size() && first == Undone::nothing; ++i) {
      first = out.how[i];
    }
    EXPECT_EQ(static_cast<int>(first), static_cast<int>(row.how)) << name_of(row);
    for (size_t i = 0; i < out.text.size(); ++i) {
      EXPECT_EQ(out.end[i], out.begin[i] + 1) << name_of(row);
      EXPECT_EQ(row.text[out.begin[i]], out.text[i]) << name_of(row);
      if (i > 0) {
        EXPECT_GT(out.begin[i], out.begin[i - 1]) << name_of(row);
      }
    }
  }
}

TEST(Layout, WhatIsNoGapStays) {
  const Row rows[] = {
      {"empty", "", {}},
      {"blank", "abc AzFu", {}},
      {"blanks", "abc    AzFu", {}},
      {"tab", "abc\tAzFu", {}},
      {"blank and quote", "abc \"AzFu", {}},
      {"quote and blank", "abc\" AzFu", {}},
      {"colour and blank", "abc\x1b[0m AzFu", {}},
      {"no piece before", "abc.\nAzFu", {}},
      {"no piece behind", "abc\n.AzFu", {}},
      {"nothing behind", "abc\n", {}},
      {"nothing before", "\nabc", {}},
      {"too many empty lines", "abc\n\n\n\n\nAzFu", {}},
      {"long gap", "abc\n" + std::string(kMostStretch / 256, ' ') + "AzFu", {}},
      {"less than", "a <b", {}},
      {"less than a number", "a<5>b", {}},
      {"long tag", "abc<b " + std::string(300, '.') + ">AzFu", {}},
      {"open tag", "abc<b AzFu", {}},
      {"entity with ink", "abc&amp;AzFu", {}},
      {"escape with ink", "abc\\u0041zFu", {}},
      {"letter with an accent", "abc\xC3\xA9zFu", {}},
      {"half a control sequence", "abc\x1b[31", {}},
      {"title without end", "abc\x1b]0;AzFu\n.x:", {}},
      {"encoded words without blanks", "abcA?==?utf-8?Q?zFu", {}},
      {"query", "abcA?b=zFu", {}},
      {"parenthesis", "f(abc)x(AzFu)", {}},
      {"field", "{\"abc\":{\"AzFu\"", {}},
  };
  for (const Row& row : rows) {
    Restored out;
    EXPECT_FALSE(undo_layout(row.text, out)) << name_of(row) << "\n" << out.text;
    EXPECT_EQ(out.text, row.text) << name_of(row);
  }
}

TEST(Layout, PiecesAreOfKeyCharacters) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(is_piece_character(c), is_key_character(c) || c == '=') << byte;
  }
}

// What would make each byte cost a search of its own.
TEST(Layout, HostileTextIsLinear) {
  const std::string patterns[] = {
      "=\n", "\n",       "\x1b",       "a\x1b[31m", "a\x1b[31m.",  "<",       "a<",
      "a<b", "a\"",      "a\",",       "a\"},{",    "\":\"a\"},{", "a\n ",    "a ",
      "a\\", "a\\\\",    "a&",         "a&#8203",   "a\x1b]",      "a^[]",    "a\\u001b]",
      "a)",  "a)-",      "a\xE2\x80",  "a'+",       "a\"]\n[",     "a|\n",    ":",
      "\":", "a\n2025-", "a\xC2\xAD.", "a\r",       "a\n>",        "a</b>\n", "a\x1b[0m\n\x1b[1m"};
  for (const std::string& pattern : patterns) {
    std::string text;
    while (text.size() < kMostStretch / 16) text += pattern;
    for (const std::string& end : {""s, ">"s, std::string(60, 'a') + ">"}) {
      text += end;
      const std::clock_t began = std::clock();
      Restored out;
      undo_layout(text, out);
      for (int choice = 0; choice < kPrefixChoices; ++choice) undo_prefixes(text, choice, out);
      const double took = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
      EXPECT_LT(took, 2.0) << pattern;
    }
  }
}

}  // namespace
}  // namespace assay
