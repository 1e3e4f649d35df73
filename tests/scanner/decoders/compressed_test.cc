#include <gtest/gtest.h>

#include <random>

#include "tests/scanner/decoders/containers.h"
#include "tests/scanner/decoders/streams.h"

namespace assay {
namespace {

struct Row {
  std::string_view format;
  std::string_view name;
  std::string (*compress)(std::string_view);
  bool many;     // several streams may follow each other
  bool proves;   // it has a checksum
  size_t block;  // so many bytes come out together or not at all
};
const Row kRows[] = {
    {"gzip", "app.log.gz", gzipped, true, true, 1},
    {"zlib", "object", zlibbed, false, true, 1},
    {"zstd", "app.log.zst", zstd_frame, true, true, 128 << 10},
    {"xz", "app.log.xz", xz_stream, true, true, 1},
    {"lzip", "app.log.lz", lzip_member, true, true, 1},
    {"lzma", "app.log.lzma", lzma_stream_alone, false, false, 1},
    {"bzip2", "app.log.bz2", bzip2_stream, true, true, 100'000},
    {"lz4", "app.log.lz4", lz4_frame, true, true, 64 << 10},
    {"brotli", "app.log.br", brotli_stream, false, false, 64 << 10},
};

TEST(Compressed, GivesTheContentWhole) {
  const std::string text = sample_text(3'000'000);
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.format);
    const std::string packed = row.compress(text);
    for (const size_t span : {size_t{65537}, size_t{512} << 10}) {
      for (const size_t step : {size_t{0}, size_t{4099}}) {
        const ReadContainer read = read_container(packed, row.name, step, span);
        ASSERT_TRUE(read.opened);
        EXPECT_EQ(read.format, row.format);
        ASSERT_EQ(read.members.size(), 1u);
        EXPECT_EQ(read.members[0].name, "");
        EXPECT_TRUE(read.members[0].text == text) << step << ' ' << span;
        EXPECT_TRUE(read.diagnostics.empty());
      }
    }
  }
}

TEST(Compressed, TakesAnyStepAndAnySpan) {
  const std::string text = sample_text(20'000);
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.format);
    const std::string packed = row.compress(text);
    for (const size_t span : {1u, 2u, 13u, 100'000u}) {
      for (const size_t step : {1u, 3u, 17u}) {
        const ReadContainer read = read_container(packed, row.name, step, span);
        ASSERT_EQ(read.members.size(), 1u);
        EXPECT_TRUE(read.members[0].text == text) << step << ' ' << span;
        EXPECT_TRUE(read.diagnostics.empty());
      }
    }
  }
}

TEST(Compressed, OfNothingHoldsNothing) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.format);
    if (row.format == "zlib") continue;  // eight bytes, of which nothing tells what they are
    const ReadContainer read = read_container(row.compress(""), row.name);
    ASSERT_EQ(read.members.size(), 1u);
    EXPECT_EQ(read.members[0].text, "");
    EXPECT_TRUE(read.diagnostics.empty());
  }
}

TEST(Compressed, StreamsThatFollowEachOtherAreOne) {
  const std::string one = sample_text(1000), two = "the second\n", three = sample_text(70'000);
  const std::string zeros(512, '\0');
  for (const Row& row : kRows) {
    if (!row.many) continue;
    SCOPED_TRACE(row.format);
    for (const std::string& between : {std::string(), zeros}) {
      const std::string packed = row.compress(one) + between + row.compress("") +
                                 row.compress(two) + between + row.compress(three) + between;
      for (const size_t step : {0u, 1u, 5u, 4096u}) {
        const ReadContainer read = read_container(packed, row.name, step);
        ASSERT_EQ(read.members.size(), 1u);
        EXPECT_TRUE(read.members[0].text == one + two + three) << step;
        EXPECT_TRUE(read.diagnostics.empty()) << read.diagnostics[0].reason;
      }
    }
  }
}

TEST(Compressed, WhatFollowsTheEndIsToldOf) {
  const std::string text = sample_text(5000);
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.format);
    for (const std::string& garbage :
         {std::string("x"), std::string("this is something else"), sample_text(100'000)}) {
      const ReadContainer read = read_container(row.compress(text) + garbage, row.name);
      ASSERT_EQ(read.members.size(), 1u);
      EXPECT_EQ(read.members[0].text, text);
      EXPECT_EQ(read.says("", "what follows the end"), row.format != "zlib");
    }
  }
}

// A skippable frame, as the parallel compressors write them.
TEST(Compressed, FramesToBeSkippedAreSkipped) {
  std::string skipped;
  append_number(skipped, 0x184D2A53, 4);
  append_number(skipped, 9, 4);
  skipped += "nine more";
  std::string far;
  append_number(far, 0x184D2A50, 4);
  append_number(far, 300'000, 4);
  far += std::string(300'000, 'x');
  const std::string text = sample_text(50'000);
  for (const Row& row : kRows) {
    if (row.format != "zstd" && row.format != "lz4") continue;
    SCOPED_TRACE(row.format);
    const ReadContainer read =
        read_container(skipped + row.compress(text) + far + row.compress(text) + skipped, row.name);
    EXPECT_EQ(read.format, row.format);
    ASSERT_EQ(read.members.size(), 1u);
    EXPECT_TRUE(read.members[0].text == text + text);
    EXPECT_TRUE(read.diagnostics.empty());
  }
}

TEST(Compressed, CutShortGivesWhatIsThereAndSaysSo) {
  const std::string text = sample_text(120'000);
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.format);
    const std::string packed = row.compress(text);
    size_t most = 0;
    for (size_t size = 1; size < packed.size(); size += 97) {
      const ReadContainer read = read_container(packed.substr(0, size), row.name);
      if (!read.opened) {
        EXPECT_LT(size, kContainerHead);
        continue;
      }
      ASSERT_EQ(read.members.size(), 1u);
      const std::string& got = read.members[0].text;
      EXPECT_TRUE(text.starts_with(got)) << size;
      EXPECT_GE(got.size(), most) << size;
      EXPECT_TRUE(read.says("", "ends within it")) << size;
      most = std::max(most, got.size());
    }
    EXPECT_GT(most + row.block, text.size() * 9 / 10);
  }
}

TEST(Compressed, FlippedBitsAreToldOf) {
  const std::string text = sample_text(20'000);
  std::mt19937 random(5);
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.format);
    const std::string packed = row.compress(text);
    for (int round = 0; round < 500; ++round) {
      const size_t bit = random() % (packed.size() * 8);
      std::string flipped = packed;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
      const ReadContainer read = read_container(flipped, row.name);
      if (!read.opened || !row.proves) continue;
      ASSERT_EQ(read.members.size(), 1u);
      EXPECT_TRUE(read.members[0].text == text || !read.diagnostics.empty()) << bit;
    }
  }
}

// What stands before the damage comes out, but for the block that has it.
TEST(Compressed, DamageLosesLittleOfWhatComesBefore) {
  const std::string text = sample_text(1'000'000);
  for (const Row& row : kRows) {
    if (!row.proves) continue;
    SCOPED_TRACE(row.format);
    std::string packed = row.compress(text);
    const size_t at = packed.size() / 2;
    packed.replace(at, 64, 64, '\xFF');
    const ReadContainer read = read_container(packed, row.name, 0, 512 << 10);
    ASSERT_EQ(read.members.size(), 1u);
    EXPECT_FALSE(read.diagnostics.empty());
    const std::string& got = read.members[0].text;
    size_t same = 0;
    while (same < got.size() && got[same] == text[same]) ++same;
    EXPECT_GT(same + row.block, text.size() * 2 / 5);
  }
}

TEST(Compressed, AChecksumThatDoesNotHoldIsNamed) {
  const std::string text = sample_text(10'000);
  for (const Row& row : kRows) {
    if (row.format != "gzip" && row.format != "zstd" && row.format != "lz4") continue;
    SCOPED_TRACE(row.format);
    std::string packed = row.compress(text);
    const size_t at = packed.size() - (row.format == "gzip" ? 8 : 1);
    packed[at] = static_cast<char>(packed[at] ^ 1);
    const ReadContainer read = read_container(packed, row.name);
    ASSERT_EQ(read.members.size(), 1u);
    EXPECT_EQ(read.members[0].text, text);
    EXPECT_TRUE(read.says("", "its checksum does not hold"));
  }
  std::string packed = gzipped(text);
  packed.back() = static_cast<char>(packed.back() ^ 1);  // the length
  EXPECT_TRUE(read_container(packed).says("", "its checksum does not hold"));
}

TEST(Compressed, TooMuchMemoryIsRefused) {
  std::string frame;  // a window of 2 GiB
  append_number(frame, 0xFD2FB528, 4);
  frame += std::string("\0\xA8\1\0\0", 5);
  EXPECT_TRUE(read_container(frame).says("", "too much memory"));
  std::string alone("\x5D\xFF\xFF\xFF\xFF", 5);  // a dictionary of 4 GiB
  alone += std::string(8, '\xFF') + std::string(50, '\0');
  EXPECT_TRUE(read_container(alone, "a.lzma").says("", "too much memory"));
}

TEST(Compressed, BombsEndAtTheLimit) {
  const std::string zeros(16 << 20, '\0');
  for (const Row& row : kRows) {
    if (row.format != "gzip" && row.format != "zstd") continue;
    SCOPED_TRACE(row.format);
    EndlessBlob outer(row.compress(zeros));
    ContainerBudget budget({}, 100'000);
    const ReadContainer read = read_container(outer, row.name, budget, 512 << 10, 0);
    EXPECT_TRUE(read.says("", "it inflates to more than 500 times its size"));
    ASSERT_EQ(read.diagnostics.size(), 1u);
    EXPECT_EQ(read.diagnostics[0].kind, Diagnostic::Kind::limit);
    EXPECT_NE(read.diagnostics[0].remedy.find("--max-ratio"), std::string::npos);
    EXPECT_TRUE(budget.spent());
  }
}

TEST(Compressed, TextsAndOtherBinariesAreNotTaken) {
  const std::pair<std::string_view, std::string> rows[] = {
      {"empty", ""},
      {"x^2", "x^2 + y^2 = r^2"},
      {"x^a", "x^a*b + c, and more of it"},
      {"long", "x^" + sample_text(5000)},
      {"gzip's flags", std::string("\x1f\x8b\x08\xFF") + sample_text(100)},
      {"gzip's method", std::string("\x1f\x8b\x07") + std::string(100, '\0')},
      {"BZh", "BZh9 is how it begins"},
      {"LZIP", "LZIP is a format"},
      {"zeros", std::string(10'000, '\0')},
      {"text", sample_text(10'000)},
  };
  for (const auto& [name, text] : rows) {
    EXPECT_FALSE(read_container(text, "a.txt").opened) << name;
  }
  // No text of two letters after the signature is taken for zlib either.
  for (int i = 0; i < 65536; ++i) {
    const std::string begins{'x', '^', static_cast<char>(i), static_cast<char>(i >> 8)};
    EXPECT_FALSE(read_container(begins + "2 is less than 16; x\n", "a.txt").opened) << i;
  }
}

// Former mistakes and rarer shapes of gzip's header.
TEST(Compressed, GzipHeadersOfAnyShape) {
  const std::string text = sample_text(3000);
  const std::string packed = gzipped(text);
  const std::string body = packed.substr(10);
  const std::string fixed("\0\0\0\0\0\3", 6);
  const std::pair<std::string_view, std::string> rows[] = {
      {"name", "\x08" + fixed + "app.log" + std::string(1, '\0')},
      {"long name", "\x08" + fixed + std::string(600'000, 'n') + std::string(1, '\0')},
      {"comment", "\x10" + fixed + "a comment" + std::string(1, '\0')},
      {"extra", "\x04" + fixed + std::string("\5\0extra", 7)},
      {"text", "\x01" + fixed},
      {"name and extra", "\x0C" + fixed + std::string("\5\0extra", 7) + std::string("n\0", 2)},
  };
  for (const auto& [name, header] : rows) {
    for (const size_t step : {0u, 1u}) {
      const ReadContainer read = read_container("\x1f\x8b\x08" + header + body, "", step);
      ASSERT_EQ(read.members.size(), 1u) << name;
      EXPECT_EQ(read.members[0].text, text) << name;
      EXPECT_TRUE(read.diagnostics.empty()) << name;
    }
  }
}

}  // namespace
}  // namespace assay
