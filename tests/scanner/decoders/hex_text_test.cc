#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "scanner/decoders/text_decoders.h"
#include "tests/scanner/decoders/restored_check.h"

namespace assay {
namespace {

// How a row of bytes is written: what stands before each and between two, and after how many bytes
// a line ends.
struct Row {
  std::string_view name;
  std::string_view digits;  // a format of fmt for one byte
  std::string_view between;
  size_t bytes;
  std::string_view line_break;
  std::string_view before;
  std::string_view after;
};
constexpr Row kRows[] = {
    {"in a row", "{:02x}", "", 9999, "", "payload=", " end"},
    {"upper case", "{:02X}", "", 9999, "", "0x", ";"},
    {"blanks", "{:02x}", " ", 9999, "", "<Buffer ", ">"},
    {"colons", "{:02x}", ":", 9999, "", "sig: ", "\n"},
    {"hyphens", "{:02X}", "-", 9999, "", "=", "\n"},
    {"commas", "{:02x}", ",", 9999, "", "hex:", "\n"},
    {"registry", "{:02x}", ",", 25, ",\\\r\n  ", "\"v\"=hex:", "\r\n"},
    {"plain of xxd", "{:02x}", "", 30, "\n", "", "\n"},
    {"mail", "{:02x}", "", 38, "\r\n> > ", "> > ", "\r\n\r\nok"},
    {"JSON", "{:02x}", "", 38, "\\r\\n", "{\"v\":\"", "\"}"},
    {"array of C", "{:#04x}", ", ", 12, ",\n  ", "unsigned char v[] = {\n  ", "\n};"},
    {"numbers of PowerShell", "{:#04X}", ",", 9999, "", "@(", ")"},
    {"numbers on lines", "{:#04x}", "\n", 9999, "", "v\n", "\n."},
    {"escapes", "\\x{:02x}", "", 20, "\"\n  \"", "\"", "\";"},
    {"joined strings", "{:02x}", "", 16, "\" +\n    \"", "v = \"", "\";"},
    {"blanks and lines", "{:02x}", " ", 16, " \n ", " ", "\n."},
    {"array of JSON", "{}", ",", 9999, "", "{\"data\":[", "]}"},
    {"wide array of JSON", "{}", ", ", 9999, "", "[", "]"},
    {"array on lines", "{}", ",\n      ", 9999, "", "[\n      ", "\n]"},
    {"decimal with blanks", "{}", " ", 9999, "", "bytes: ", "."},
    {"decimal of three digits", "{:03}", " ", 16, "\n", "", "\n"},
    {"decimal of od", "{:>4}", "", 16, "\n", "", "\n"},
};

std::string written(const Row& row, std::string_view bytes, size_t shift) {
  std::string out(row.before);
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) out += (i + shift) % row.bytes == 0 ? row.line_break : row.between;
    out += fmt::format(fmt::runtime(row.digits), static_cast<unsigned char>(bytes[i]));
  }
  return out + std::string(row.after);
}

// Where the first digit of a byte of `bytes` stands in a row, behind its prefix.
size_t digit_at(const Row& row, std::string_view bytes, size_t number, size_t shift) {
  const std::string upto = written(row, bytes.substr(0, number + 1), shift);
  const size_t end = upto.size() - row.after.size();
  const bool hex = row.digits.find_first_of("xX") != row.digits.npos;
  if (hex) return end - 2;
  const size_t found = upto.substr(0, end).find_last_not_of("0123456789");
  return found == upto.npos ? 0 : found + 1;
}

TEST(HexText, GivesKeysBackInEveryForm) {
  SeededRandom random(81);
  Restored out;
  for (const Row& row : kRows) {
    for (size_t shift = 0; shift < 16; ++shift) {
      const std::string key = make_key(random);
      const std::string inner = request(key);
      const std::string text = written(row, inner, shift);
      const size_t at = digit_at(row, inner, inner.find("AzFu"), shift);
      ASSERT_TRUE(undo_hex(text, at, 8192, 8192, out)) << row.name;
      expect_map(text, out);
      ASSERT_NE(out.text.find(inner), out.text.npos) << row.name << shift;
      const bool decimal = row.digits.find_first_of("xX") == row.digits.npos;
      EXPECT_EQ(to_string(out.how.front()), decimal ? "decimal-bytes" : "hex") << row.name;
      const std::string from(origin(text, out, key));
      ASSERT_TRUE(undo_hex(from, 0, 0, from.size(), out)) << row.name;
      EXPECT_TRUE(out.text == key) << row.name;
    }
  }
}

TEST(HexText, MayBeWrappedAtAnyDigit) {
  SeededRandom random(82);
  const Row row = kRows[0];
  Restored out;
  for (size_t width = 1; width < 80; ++width) {
    const std::string key = make_key(random);
    const std::string digits = written(row, key, 0);
    std::string text;
    std::vector<size_t> places;
    for (size_t i = 0; i < digits.size(); ++i) {
      if (i > 8 && i % width == 0) text += "\n  ";
      places.push_back(text.size());
      text += digits[i];
    }
    ASSERT_TRUE(undo_hex(text, places[row.before.size() + 2 * 44], 8192, 8192, out));
    expect_map(text, out);
    EXPECT_NE(out.text.find(key), out.text.npos) << width;
  }
}

// A listing: offset, bytes in groups, and the text column.
struct Listing {
  std::string_view name;
  std::string_view offset;  // a format of fmt
  size_t bytes;             // of a line
  size_t group;
  size_t middle;  // an extra blank behind so many bytes; 0: none
  std::string_view digits;
  std::string_view before_text;
  std::string_view after_text;
  bool has_text;
};
constexpr Listing kListings[] = {
    {"hexdump -C", "{:08x}  ", 16, 1, 8, "{:02x}", "  |", "|", true},
    {"xxd", "{:08x}: ", 16, 2, 0, "{:02x}", "  ", "", true},
    {"xxd of 32", "{:08x}: ", 32, 4, 0, "{:02x}", "  ", "", true},
    {"xxd of 7", "{:08x}: ", 7, 1, 0, "{:02x}", "  ", "", true},
    {"od", "{:07o} ", 16, 1, 0, "{:02x}", "", "", false},
    {"od in hex", "{:06x} ", 16, 1, 0, "{:02x}", "", "", false},
    {"od in decimal", "{:07} ", 16, 1, 0, "{:02x}", "", "", false},
    {"od with text", "{:07o} ", 16, 1, 0, "{:02x}", "  >", "<", true},
    {"Format-Hex", "{:08X}   ", 16, 1, 0, "{:02X}", "  ", "", true},
    {"Format-Hex of 7", "{:016X} ", 16, 1, 0, "{:02X}", " ", "", true},
    {"capture", "{:04x}  ", 16, 1, 8, "{:02x}", "   ", "", true},
    {"tcpdump", "\t{:#06x}:  ", 16, 2, 0, "{:02x}", "  ", "", true},
    {"network library", "|{:08x}| ", 16, 1, 0, "{:02x}", " |", "|", true},
    {"debugger", "{:#014x}:\t", 8, 1, 0, "{:#04x}", "", "", false},
    {"quoted", "> {:08x}  ", 16, 1, 8, "{:02x}", "  |", "|", true},
};

struct Listed {
  std::string text;
  std::vector<size_t> places;  // of the first digit of each byte
  std::vector<size_t> shown;   // of each byte in the text column
};

Listed listed(const Listing& listing, std::string_view bytes, std::string_view line_break) {
  Listed out;
  out.text = "dump of it:\n";
  for (size_t line = 0; line < bytes.size(); line += listing.bytes) {
    out.text += fmt::format(fmt::runtime(listing.offset), line);
    size_t width = 0;
    for (size_t i = 0; i < listing.bytes; ++i) {
      const size_t old = out.text.size();
      if (i > 0 && i % listing.group == 0) out.text += ' ';
      if (i > 0 && i == listing.middle) out.text += ' ';
      if (line + i < bytes.size()) {
        const auto byte = static_cast<unsigned char>(bytes[line + i]);
        out.text += fmt::format(fmt::runtime(listing.digits), byte);
        out.places.push_back(out.text.size() - 2);
      } else {
        out.text += "  ";
      }
      width += out.text.size() - old;
    }
    if (listing.has_text) {
      out.text += listing.before_text;
      for (const char c : bytes.substr(line, listing.bytes)) {
        out.shown.push_back(out.text.size());
        out.text += c < ' ' ? '.' : c;
      }
      out.text += listing.after_text;
    } else {
      out.text.erase(out.text.find_last_not_of(' ') + 1);
    }
    out.text += line_break;
  }
  out.text += "done\n";
  return out;
}

TEST(HexListing, GivesKeysBackFromEveryPlace) {
  SeededRandom random(83);
  Restored out;
  for (const Listing& listing : kListings) {
    for (size_t shift = 0; shift < 2 * listing.bytes; ++shift) {
      const std::string key = make_key(random);
      // The text column holds what reads as bytes.
      const std::string inner = std::string(shift, 'b') + key + " beef 0a cafe";
      const Listed made = listed(listing, inner, shift % 2 == 0 ? "\n" : "\r\n");
      ASSERT_TRUE(undo_hex(made.text, made.places[shift + 44], 8192, 8192, out)) << listing.name;
      expect_map(made.text, out);
      EXPECT_TRUE(out.text == inner) << listing.name << shift;
      ASSERT_EQ(out.begin.size(), made.places.size());
      for (size_t i = 0; i < made.places.size(); ++i) ASSERT_EQ(out.begin[i], made.places[i]);
      if (!listing.has_text) continue;
      ASSERT_TRUE(undo_listing(made.text, made.shown[shift + 44], 8192, 8192, out));
      EXPECT_TRUE(out.text == inner) << listing.name << shift;
      EXPECT_EQ(to_string(out.how.front()), "hex");
    }
  }
}

TEST(HexListing, IsNotSeenElsewhere) {
  static constexpr std::string_view kTexts[] = {
      "",
      "\n\n",
      "00000000: 417a 4675  AzFu\n",
      "00000000: 417a\n00000000: 417a\n",
      "00000010: 417a\n00000000: 417a\n",
      "00000000: 417a\n0000f000: 417a\n",
      "words\nand more words\n",
      "000: 417a\n010: 417a\n",
      "00000000 x1\n00000010 x1\n",
  };
  Restored out;
  for (const std::string_view text : kTexts) {
    for (size_t at = 0; at <= text.size(); ++at) {
      EXPECT_FALSE(undo_listing(text, at, 999, 999, out)) << text;
      EXPECT_TRUE(out.text.empty());
    }
  }
}

struct HexCase {
  std::string_view name;
  std::string_view text;
  size_t at;
  std::string_view restored;
};

TEST(HexText, EndsWhereItsFormEnds) {
  static constexpr HexCase kCases[] = {
      {"a digit too many before", "1417a46", 1, "AzF"},
      {"a digit too many behind", "417a467", 0, "AzF"},
      {"an odd number before", "417 417a", 4, "Az"},
      {"an odd number behind", "41 7a 4 46", 0, "Az"},
      {"a word before", "bytes 41 7a", 6, "Az"},
      {"a prefix", "0x41,0x7a", 2, "Az"},
      {"from the second on", "0x41,0x7a", 7, "Az"},
      {"in quotes", "\"417a\"", 1, "Az"},
      {"numbers over 255", "256, 65, 122, 70, 300, 65", 5, "AzF"},
      {"numbers of four digits", "1065, 65, 122, 0122", 6, "Az"},
      {"hexadecimal that looks decimal", "41 42 43 7a 7a", 0, "ABCzz"},
      {"decimal that looks hexadecimal", "65, 70, 122", 0, "AFz"},
  };
  Restored out;
  for (const HexCase& row : kCases) {
    ASSERT_TRUE(undo_hex(row.text, row.at, 99, 99, out)) << row.name;
    EXPECT_EQ(out.text, row.restored) << row.name;
    expect_map(row.text, out);
  }
  for (const std::string_view none : {"", "x", "a", "a b", ":41"}) {
    EXPECT_FALSE(undo_hex(none, 0, 99, 99, out)) << none;
    EXPECT_TRUE(out.text.empty());
  }
}

TEST(HexText, LooksNoFurtherThanItIsAllowed) {
  const std::string text(400, '4');
  Restored out;
  ASSERT_TRUE(undo_hex(text, 200, 10, 20, out));
  EXPECT_EQ(out.begin.front(), 190u);
  EXPECT_EQ(out.end.back(), 220u);
}

TEST(HexText, MayBeCutAnywhere) {
  SeededRandom random(84);
  Restored out;
  std::vector<std::string> texts;
  const std::string inner = make_key(random) + "\n";
  for (const Row& row : kRows) texts.push_back(written(row, inner, 3));
  for (const Listing& listing : kListings) texts.push_back(listed(listing, inner, "\r\n").text);
  for (const std::string& text : texts) {
    for (int round = 0; round < 1500; ++round) {
      const size_t from = random.below(text.size());
      const std::string cut = text.substr(from, random.below(text.size() - from + 1));
      const size_t at = random.below(cut.size() + 1);
      const bool undone = round % 2 == 0 ? undo_hex(cut, at, random.below(300), 300, out)
                                         : undo_listing(cut, at, 300, random.below(300), out);
      expect_map(cut, out);
      EXPECT_EQ(undone, !out.text.empty());
    }
  }
}

TEST(HexText, IsLinearInWhateverIsRepeated) {
  Restored out;
  for (const std::string_view piece :
       {"4",      "41 ",     "41\n", "0x",  "0x41", "0x41\n", " ", "\n",   "\\x",
        "\\x41",  "\\n",     "1,",   "65 ", "65\n", "\"",     ">", "1234", "00000000: 41\n",
        "0000: ", "0000 41", "n",    "\\"}) {
    std::string text;
    while (text.size() < kMostStretch) text += piece;
    for (const size_t at : {text.size() - 1, text.size() / 2, size_t{0}}) {
      undo_hex(text, at, kMostStretch, kMostStretch, out);
      expect_map(text, out);
      undo_listing(text, at, kMostStretch, kMostStretch, out);
      expect_map(text, out);
    }
  }
  std::string text;
  for (size_t line = 0; text.size() < kMostStretch; ++line) {
    text += fmt::format("{:08x}: 41\n", line);
  }
  ASSERT_TRUE(undo_listing(text, text.size() / 2, kMostStretch, kMostStretch, out));
  expect_map(text, out);
  EXPECT_GT(out.text.size(), 50'000u);
}

}  // namespace
}  // namespace assay
