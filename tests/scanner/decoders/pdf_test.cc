#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "rules/keys/mint.h"
#include "tests/scanner/decoders/opened.h"

namespace assay {
namespace {

std::string deflate_text(const std::string& text) {
  uLongf size = compressBound(text.size());
  std::string out(size, '\0');
  compress2(reinterpret_cast<Bytef*>(out.data()), &size,
            reinterpret_cast<const Bytef*>(text.data()), text.size(), 6);
  out.resize(size);
  return out;
}

std::string stream(int number, const std::string& bytes, const std::string& entries,
                   const std::string& length = "") {
  return fmt::format("{} 0 obj\n<< {} /Length {} >>\nstream\n", number, entries,
                     length.empty() ? std::to_string(bytes.size()) : length) +
         bytes + "\nendstream\nendobj\n";
}
std::string flate(int number, const std::string& text, const std::string& entries = "") {
  return stream(number, deflate_text(text), entries + " /Filter /FlateDecode");
}
std::string pdf(const std::string& objects) {
  return "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n" + objects + "trailer << /Root 1 0 R >>\n%%EOF\n";
}

std::string only_text(const std::string& objects) {
  const Opened opened = open_file(kPdf, pdf(objects));
  std::string all;
  for (const OpenedMember& member : opened.members) {
    if (member.name.ends_with("-text")) all += "[" + member.bytes + "]";
    EXPECT_EQ(member.failure, "");
  }
  for (const std::string& told : opened.told) all += "!" + told;
  return all;
}

TEST(Pdf, GivesTheTextThatIsShown) {
  struct Row {
    const char* name;
    const char* content;
    const char* text;
  };
  for (const Row& row : {
           Row{"string", "BT /F1 12 Tf (code=abc) Tj ET", "[code=abc]"},
           Row{"escapes", "BT (a\\)b\\(c\\\\\\101\\n\\1012) Tj ET", "[a)b(c\\A\nA2]"},
           Row{"nested brackets", "BT (a(b)c) Tj ET", "[a(b)c]"},
           Row{"line goes on", "BT (a\\\nb\\\r\nc) Tj ET", "[abc]"},
           Row{"hex", "BT <41 7a4\n6 7> Tj ET", "[AzFp]"},
           Row{"kerned", "BT [(A) 20 (z) -30 (F) -199 (u)] TJ ET", "[AzFu]"},
           Row{"blank", "BT [(code) -300 (abc)] TJ ET", "[code abc]"},
           Row{"same line", "BT 1 700 Td (A) Tj 7.5 0 Td (z) Tj 3 0 TD (Fu) Tj ET", "[AzFu]"},
           Row{"next line", "BT 1 700 Td (A) Tj 0 -14 Td (z) Tj T* (Fu) Tj ET", "[A\nz\nFu]"},
           Row{"quotes", "BT (A) Tj (b) ' 1 2 (c) \" ET", "[A\nb\nc]"},
           Row{"matrix",
               "BT 1 0 0 1 5 700 Tm (A) Tj 1 0 0 1 15 700 Tm (z) Tj ET "
               "BT 1 0 0 1 25 700 Tm (Fu) Tj 1 0 0 1 5 680 Tm (x) Tj ET",
               "[AzFu\nx]"},
           Row{"moved by cm", "q 1 0 0 1 0 700 cm BT (A) Tj ET Q q 1 0 0 1 0 680 cm BT (b) Tj ET Q",
               "[A\nb]"},
           Row{"marked text", "/Span << /ActualText (hidden) >> BDC BT (A) Tj ET EMC",
               "[hidden\nA]"},
           Row{"comment", "BT (A) Tj ET % remark\n", "[A\n% remark\n]"},
           Row{"image within", "BT (A) Tj ET BI /W 1 ID \x01(\x02 EI BT (b) Tj ET", "[Ab]"},
           Row{"not closed", "BT (A) Tj (rest", "[A\nrest\n]"},
       }) {
    EXPECT_EQ(only_text(flate(7, row.content)), row.text) << row.name;
    // Without a filter the file's own bytes hold the strings, but not joined.
    EXPECT_EQ(only_text(stream(7, row.content, "")), row.text) << row.name;
  }
}

std::string cmap(const std::string& body) {
  return "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> "
         "endcodespacerange " +
         body + " endcmap end";
}

TEST(Pdf, ReadsCodesOfFonts) {
  const std::string wide =
      "9 0 obj << /Type /Font /Subtype /Type0 /Encoding /Identity-H "
      "/ToUnicode 11 0 R >> endobj\n";
  const std::string narrow =
      "9 0 obj << /Type /Font /Subtype /TrueType /ToUnicode 11 0 R >> endobj\n";
  const std::string page =
      "5 0 obj << /Type /Page /Contents 7 0 R /Resources << /Font << /F1 9 0 R "
      ">> >> >> endobj\n";
  const std::string map = flate(11, cmap("2 beginbfrange <0003> <0010> <0041> <0020> <0021> "
                                         "[<007A> <00460075>] endbfrange 1 beginbfchar <0100> "
                                         "<D83DDE00> endbfchar"));
  const std::string bytes_map = flate(11, cmap("1 beginbfrange <41> <43> <0061> endbfrange"));
  const std::string content = flate(7, "BT /F1 9 Tf <00030020> Tj [<0021>] TJ <0100> Tj ET");
  const std::string bytes = flate(7, "BT /F1 9 Tf (ABCD) Tj ET");
  struct Row {
    const char* name;
    std::string objects;
    std::string text;
  };
  const std::string told =
      "!: its fonts do not say what their glyphs are, so text of 1 of its streams was not read";
  for (const Row& row : {
           Row{"two bytes", page + wide + map + content, "[AzFu\xF0\x9F\x98\x80]"},
           Row{"font behind the text", content + map + wide + page, "[AzFu\xF0\x9F\x98\x80]"},
           Row{"one byte", page + narrow + bytes_map + bytes, "[abcD]"},
           Row{"no map", page + "9 0 obj << /Subtype /Type1 >> endobj\n" + bytes, "[ABCD]"},
           Row{"no font", bytes, "[ABCD]"},
           Row{"no page",
               "5 0 obj << /Font << /F1 9 0 R >> >> endobj\n" + narrow + bytes_map + bytes,
               "[abcD]"},
           Row{"parent's resources",
               "5 0 obj << /Type /Page /Parent 4 0 R /Contents [6 0 R 7 0 R] >> endobj\n"
               "4 0 obj << /Type /Pages /Resources 3 0 R >> endobj\n"
               "3 0 obj << /Font 2 0 R >> endobj\n2 0 obj << /F1 9 0 R >> endobj\n"
               "8 0 obj << /Font << /F1 10 0 R >> >> endobj\n" +
                   narrow + bytes_map + bytes,
               "[abcD]"},
           Row{"parents in a circle",
               "5 0 obj << /Type /Page /Parent 5 0 R /Contents 7 0 R >> endobj\n" + bytes,
               "[ABCD]"},
           Row{"contents in an array",
               "5 0 obj << /Type /Page /Contents 6 0 R /Resources << /Font << /F1 9 0 R >> >> >> "
               "endobj\n6 0 obj [ 7 0 R ] endobj\n8 0 obj << /Font << /F1 99 0 R >> >> endobj\n" +
                   narrow + bytes_map + bytes,
               "[abcD]"},
           Row{"form's own",
               flate(7, "BT /F1 9 Tf (AB) Tj ET",
                     "/Type /XObject /Subtype /Form /Resources << /Font << /F1 9 0 R "
                     ">> >>") +
                   narrow + bytes_map,
               "[ab]"},
           Row{"in an object stream",
               flate(20,
                     "9 0 5 50 <</Type/Font/Subtype/TrueType/ToUnicode 11 0 R  >>"
                     "<</Type/Page/Contents 7 0 R/Resources<</Font<</F1 9 0 R>>>>>>",
                     "/Type /ObjStm /N 2 /First 9") +
                   bytes_map + bytes,
               "[abcD]"},
           Row{"names of glyphs only",
               page + "9 0 obj << /Subtype /Type0 /Encoding /Identity-H >> endobj\n" + content,
               "[]" + told},
       }) {
    EXPECT_EQ(only_text(row.objects), row.text) << row.name;
  }
}

std::string hex_of(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out + ">";
}

std::string ascii85(const std::string& bytes) {
  std::string out;
  for (size_t at = 0; at < bytes.size(); at += 4) {
    std::string group = bytes.substr(at, 4);
    const size_t count = group.size();
    group.resize(4);
    uint32_t value = 0;
    for (const char c : group) value = value << 8 | static_cast<unsigned char>(c);
    if (value == 0 && count == 4) {
      out += 'z';
      continue;
    }
    std::string digits(5, '!');
    for (size_t i = 5; i-- > 0; value /= 85) digits[i] = static_cast<char>('!' + value % 85);
    out += digits.substr(0, count + 1) + (at % 64 == 60 ? "\n" : "");
  }
  return out + "~>";
}

// Runs of one byte as such, all else as it stands.
std::string run_length(const std::string& bytes) {
  std::string out;
  for (size_t at = 0; at < bytes.size();) {
    size_t run = 1;
    while (run < 128 && at + run < bytes.size() && bytes[at + run] == bytes[at]) ++run;
    if (run > 1) {
      out += static_cast<char>(257 - run);
    } else {
      out += '\0';
    }
    out += bytes[at];
    at += run;
  }
  return out + "\x80";
}

// By the definition: the longest entry of the table, then it and the next byte are a new entry.
std::string lzw(const std::string& bytes) {
  std::string out;
  unsigned held = 0, bits = 0, width = 9;
  const auto put = [&](unsigned code) {
    held = held << width | code;
    for (bits += width; bits >= 8; bits -= 8) out += static_cast<char>(held >> (bits - 8));
  };
  std::map<std::string, unsigned> table;
  unsigned next = 258;
  const auto code_of = [&](const std::string& text) {
    return text.size() == 1 ? static_cast<unsigned char>(text[0]) : table.at(text);
  };
  put(256);
  std::string text;
  for (const char c : bytes) {
    const std::string longer = text + c;
    if (longer.size() == 1 || table.contains(longer)) {
      text = longer;
      continue;
    }
    put(code_of(text));
    table[longer] = next++;
    // The reader is one entry behind, and the width changes one code early.
    width = next >= 2048 ? 12 : next >= 1024 ? 11 : next >= 512 ? 10 : 9;
    if (next == 4094) {
      put(256);
      table.clear();
      next = 258;
      width = 9;
    }
    text = std::string(1, c);
  }
  if (!text.empty()) put(code_of(text));
  ++next;
  width = next >= 2048 ? 12 : next >= 1024 ? 11 : next >= 512 ? 10 : 9;
  put(257);
  width = 8;
  put(0);
  return out;
}

// Rows of `columns` bytes, each with another of PNG's predictors.
std::string png_rows(const std::string& bytes, size_t columns) {
  std::string out;
  const auto at = [&](size_t row, size_t i) {
    return row == 0 ? 0 : static_cast<unsigned char>(bytes[(row - 1) * columns + i]);
  };
  for (size_t row = 0; row * columns < bytes.size(); ++row) {
    const size_t type = row % 5;
    out += static_cast<char>(type);
    for (size_t i = 0; i < columns; ++i) {
      const int left = i > 0 ? static_cast<unsigned char>(bytes[row * columns + i - 1]) : 0;
      const int up = at(row, i), corner = i > 0 ? at(row, i - 1) : 0;
      const int p = left + up - corner;
      const int a = std::abs(p - left), b = std::abs(p - up), c = std::abs(p - corner);
      const int guess[] = {0, left, up, (left + up) / 2,
                           a <= b && a <= c ? left
                           : b <= c         ? up
                                            : corner};
      out += static_cast<char>(bytes[row * columns + i] - guess[type]);
    }
  }
  return out;
}

TEST(Pdf, UndoesFilters) {
  SeededRandom random(1);
  std::string text;
  for (int i = 0; i < 3000; ++i) text += static_cast<char>('a' + random.below(1 + i / 200 % 20));
  text += std::string(999, '\0') + random.bytes(3001);
  ASSERT_EQ(text.size(), 7000u);
  struct Row {
    const char* name;
    std::string bytes;
    const char* entries;
  };
  for (const Row& row : {
           Row{"flate", deflate_text(text), "/Filter /FlateDecode"},
           Row{"an array of one", deflate_text(text), "/Filter [/FlateDecode]"},
           Row{"a name written otherwise", deflate_text(text), "/Filter /Fl#61teDecode"},
           Row{"hex", hex_of(text), "/Filter /ASCIIHexDecode"},
           Row{"ascii85", ascii85(text), "/Filter /ASCII85Decode"},
           Row{"run length", run_length(text), "/Filter /RunLengthDecode"},
           Row{"lzw", lzw(text), "/Filter /LZWDecode"},
           Row{"two", ascii85(deflate_text(text)), "/Filter [ /ASCII85Decode /FlateDecode ]"},
           Row{"three", hex_of(ascii85(deflate_text(text))),
               "/Filter [/ASCIIHexDecode /ASCII85Decode /FlateDecode]"},
           Row{"png", deflate_text(png_rows(text, 7)),
               "/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 7 >>"},
           Row{"png of the second", ascii85(deflate_text(png_rows(text, 100))),
               "/Filter [/ASCII85Decode /FlateDecode] /DecodeParms [null << /Columns 100 "
               "/Predictor "
               "12 >>]"},
       }) {
    const Opened opened = open_file(kPdf, pdf(stream(12, row.bytes, row.entries)));
    ASSERT_EQ(opened.members.size(), 1u) << row.name;
    EXPECT_EQ(opened.members[0].name, "object-12") << row.name;
    EXPECT_EQ(opened.members[0].failure, "") << row.name;
    EXPECT_TRUE(opened.members[0].bytes == text) << row.name;
    EXPECT_TRUE(opened.told.empty()) << row.name;
  }
}

TEST(Pdf, FindsStreamsWithoutTheTable) {
  const std::string packed = deflate_text("some text");
  struct Row {
    const char* name;
    std::string objects;
    const char* members;
  };
  for (const Row& row : {
           Row{"an old and a new version", flate(3, "a") + flate(3, "b"), "object-3=a object-3=b "},
           Row{"length in another object", stream(3, packed, "/Filter /FlateDecode", "4 0 R"),
               "object-3=some text "},
           Row{"length too small", stream(3, packed, "/Filter /FlateDecode", "3"),
               "object-3=some text "},
           Row{"length too large",
               stream(3, packed, "/Filter /FlateDecode", "99999999999999999999"),
               "object-3=some text "},
           Row{"length below 0", stream(3, packed, "/Filter /FlateDecode", "-1"),
               "object-3=some text "},
           Row{"no end of it",
               "3 0 obj <</Filter/FlateDecode>>stream\r\n" + packed + " endobj " + flate(4, "b"),
               "object-3=some text object-4=b "},
           Row{"behind a dictionary that does not end", "2 0 obj << /A (x " + flate(3, "a"),
               "object-3=a "},
           Row{"an image", stream(3, "x", "/Filter [/FlateDecode /DCTDecode]") + flate(4, "b"),
               "object-4=b "},
           Row{"an attached file that looks like a page",
               flate(3, "BT (a) Tj ET", "/Type /EmbeddedFile"), "object-3=BT (a) Tj ET "},
           Row{"as it stands", stream(3, "no filter", ""), ""},
       }) {
    const Opened opened = open_file(kPdf, pdf(row.objects));
    std::string members;
    for (const OpenedMember& member : opened.members) {
      members += member.name + "=" + member.bytes + " ";
      EXPECT_EQ(member.failure, "") << row.name;
    }
    EXPECT_EQ(members, row.members) << row.name;
    EXPECT_EQ(open_forward(kPdf, pdf(row.objects)).members.size(), opened.members.size());
  }
}

TEST(Pdf, TellsWhatCannotBeRead) {
  const std::string packed = deflate_text(SeededRandom(1).bytes(5000));
  const std::string flate_filter = "/Filter /FlateDecode";
  struct Row {
    const char* name;
    std::string bytes;
    const char* told;
  };
  for (const Row& row : {
           Row{"encrypted", pdf(flate(3, "a")) + "trailer << /Encrypt 5 0 R >>",
               ": it is encrypted"},
           Row{"encrypted, by a stream",
               pdf(flate(3, "a") + flate(9, "x", "/Type /XRef /Encrypt 5 0 R")),
               ": it is encrypted"},
           Row{"unknown", pdf(stream(12, "x", "/Filter /Zstd")),
               "object-12: its filter Zstd is not known"},
           Row{"crypt", pdf(stream(12, "x", "/Filter [/Crypt]")), "object-12: it is encrypted"},
           Row{"no end", "%PDF-1.4 3 0 obj << >> stream\nabc",
               "object-3: the end of its stream is missing"},
           Row{"dictionary", pdf("3 0 obj << /A [ endobj "),
               "object-3: its dictionary is damaged or too long"},
       }) {
    const Opened opened = open_file(kPdf, row.bytes);
    ASSERT_EQ(opened.told.size(), 1u) << row.name;
    EXPECT_EQ(opened.told[0], row.told) << row.name;
    EXPECT_EQ(opened.members.size(), 0u) << row.name;
  }

  const Opened cut = open_file(kPdf, pdf(stream(3, packed.substr(0, 3000), flate_filter)));
  ASSERT_EQ(cut.members.size(), 1u);
  EXPECT_EQ(cut.members[0].failure, "it is cut short");
  EXPECT_GT(cut.members[0].bytes.size(), 2000u);
  std::string damaged = packed;
  damaged.back() = static_cast<char>(~damaged.back());
  const Opened checksum = open_file(kPdf, pdf(stream(3, damaged, flate_filter)));
  ASSERT_EQ(checksum.members.size(), 1u);
  EXPECT_EQ(checksum.members[0].failure, "its compressed bytes are damaged");
  EXPECT_EQ(checksum.members[0].bytes.size(), 5000u);
}

TEST(Pdf, GivesLongStreamsAsTheyDecode) {
  const std::string text(size_t{65} << 20, 'x');
  const Opened opened = open_file(kPdf, pdf(flate(3, text)), 1 << 20);
  ASSERT_EQ(opened.members.size(), 1u);
  EXPECT_EQ(opened.members[0].bytes.size(), text.size());
  EXPECT_EQ(opened.members[0].failure, "");
  EXPECT_TRUE(opened.told.empty());

  ContainerLimits limits;
  limits.bytes = size_t{60} << 20;
  const Opened cut = open_file(kPdf, pdf(flate(3, text) + flate(4, "a")), 1 << 20, limits);
  ASSERT_EQ(cut.members.size(), 1u);
  EXPECT_NE(cut.members[0].failure, "");
}

// None of these may take more than a moment: each would, if work grew with the square.
TEST(Pdf, EndsOnBombs) {
  const auto repeat = [](const std::string& text, size_t count) {
    std::string all;
    for (size_t i = 0; i < count; ++i) all += text;
    return all;
  };
  const std::string many = [] {
    std::string all;
    for (int i = 0; i < 300'000; ++i) all += fmt::format("{} 0 obj<</A {} 0 R>>endobj\n", i, i);
    return all;
  }();
  for (const std::string& bytes : {
           many,
           repeat("1 0 obj<</A(", 100'000),
           repeat("1 0 obj<</A[<<", 100'000),
           repeat("<<", 2'000'000),
           "1 0 obj" + repeat("[", 2'000'000),
           repeat("1 0 obj<</Filter/ASCIIHexDecode>>stream\n", 50'000),
           repeat("1 0 obj<</Length 900000/Filter/FlateDecode>>stream\nendstream ", 20'000),
           repeat("trailer<<", 200'000),
           repeat("obj", 1'000'000),
           "1 0 obj <</Filter [" + repeat("/ASCIIHexDecode ", 1000) + "]>>stream\n00> endstream",
           flate(1, "BT " + repeat("BI ID ", 300'000) + " (a) Tj"),
           flate(1, "BT " + repeat("(", 2'000'000) + " Tj"),
           flate(1, "BT /F 1 Tf " + repeat("(a) ", 1'000'000) + " Tj"),
           flate(1, repeat("1 0 ", 500'000), "/Type /ObjStm /First 2000000"),
           flate(1, repeat("1 1 ", 250'000) + repeat("<<", 500'000),
                 "/Type /ObjStm /First 1000000"),
       }) {
    const Opened opened = open_file(kPdf, pdf(bytes), 100'000);
    EXPECT_TRUE(opened.recognised);
    EXPECT_LE(opened.told.size(), 50u);
  }
}

TEST(Pdf, EndsOnAnyDamage) {
  const std::string whole = pdf(
      flate(7, "BT /F1 9 Tf [<0003> -300 (a\\)b)] TJ ET") +
      flate(11, cmap("1 beginbfrange <0003> "
                     "<0010> <0041> endbfrange")) +
      "5 0 obj << /Type /Page /Contents 7 0 R /Resources << /Font << "
      "/F1 9 0 R >> >> >> endobj 9 0 obj << /Subtype /Type0 /ToUnicode 11 0 R >> endobj " +
      stream(3, lzw("some text, some text"), "/Filter /LZWDecode") +
      stream(4, ascii85(run_length("some text, some text")), "/Filter [/A85 /RL]") +
      flate(6, png_rows("some text, some text", 4), "/DecodeParms << /Predictor 12 /Columns 4 >>"));
  for (size_t size = 0; size < whole.size(); ++size) open_file(kPdf, whole.substr(0, size));
  SeededRandom random(2);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = whole;
    for (int i = 0; i < 10; ++i) {
      const size_t at = 8 + random.below(bytes.size() - 8);
      bytes[at] = static_cast<char>(bytes[at] ^ 1 << random.below(8));
    }
    open_file(kPdf, bytes, 1 + random.below(600));
  }
}

}  // namespace
}  // namespace assay
