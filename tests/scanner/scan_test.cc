#include "scanner/scan.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <tuple>

#include "tests/support/memory_source.h"
#include "tests/support/worlds.h"

namespace assay {
namespace {

using Row = std::tuple<std::string, uint64_t, uint64_t, uint64_t, uint64_t, std::string>;

struct Outcome {
  std::vector<Row> rows;  // findings and diagnostics as they came
  ScanSummary summary;
};

Outcome run(const std::vector<MemorySource::Item>& items, unsigned threads) {
  static const RuleSet rules = RuleSet::builtin();
  static const Prefilter prefilter(rules, {true, ""});
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::make_unique<MemorySource>(items));
  const std::atomic<bool> stop{false};
  Outcome out;
  ScanSink sink;
  sink.finding = [&](Finding&& f) {
    out.rows.emplace_back(f.provenance->path, f.location.byte_offset, f.location.line,
                          f.location.column, f.location.utf16_column, f.rule->id);
  };
  sink.diagnostic = [&](Diagnostic&& d) { out.rows.emplace_back(d.path, 0, 0, 0, 0, d.reason); };
  out.summary = scan(sources, rules, prefilter, {threads, false, false}, sink, stop);
  return out;
}

// Where the naive reader sees the finding: counted from the start of the text.
void expect_located(const std::string& text, const Row& row) {
  const auto& [path, offset, line, column, utf16, id] = row;
  const std::string_view before = std::string_view(text).substr(0, offset);
  const size_t newline = before.rfind('\n');
  const std::string_view on_line = newline == before.npos ? before : before.substr(newline + 1);
  uint64_t units = 1;
  for (const char c : on_line) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
  }
  EXPECT_EQ(line, 1 + static_cast<uint64_t>(std::count(before.begin(), before.end(), '\n')));
  EXPECT_EQ(column, on_line.size() + 1);
  EXPECT_EQ(utf16, units);
}

TEST(Scan, OneThreadOrManyGiveTheSameInTheSameOrder) {
  SeededRandom random(31);
  std::vector<MemorySource::Item> items;
  for (int i = 0; i < 300; ++i) {
    items.push_back({"dir/" + std::to_string(i), random_world(random, random.below(30))});
    if (i % 50 == 7) items.push_back({"", ""});
  }
  const Outcome one = run(items, 1);
  EXPECT_GT(one.rows.size(), 300u);
  EXPECT_EQ(one.summary.blobs, 300u);
  EXPECT_EQ(one.summary.diagnostics, 6u);
  EXPECT_FALSE(one.summary.complete());
  for (const unsigned threads : {2u, 3u, 8u})
    EXPECT_EQ(run(items, threads).rows, one.rows) << threads;
}

std::string large_text(SeededRandom& random, size_t size, std::string_view filler, bool one_line) {
  std::string text;
  text.reserve(size + 4096);
  size_t next_key = 1000;
  while (text.size() < size) {
    text += filler;
    if (!one_line && random.below(20) == 0) text += '\n';
    if (text.size() > next_key) {
      text += fill_placeholders(" x-functions-key: {key:function} ", random);
      next_key = text.size() + random.below(300000);
    }
  }
  return text;
}

TEST(Scan, ThreadsShareALargeBlobAndLinesStayRight) {
  SeededRandom random(32);
  for (const bool one_line : {false, true}) {
    const std::string text =
        large_text(random, 19 << 20, "caf\xC3\xA9 \xF0\x9F\x94\x91 GET /health 200 ", one_line);
    const Outcome one = run({{"sequential", text, 0, false, false}}, 1);
    ASSERT_GT(one.rows.size(), 60u);
    for (const Row& row : one.rows) expect_located(text, row);
    for (const unsigned threads : {1u, 2u, 5u}) {
      Outcome shared = run({{"small", "nothing"}, {"sequential", text}, {"", ""}}, threads);
      EXPECT_EQ(shared.rows.back(), Row("nothing", 0, 0, 0, 0, "it is a test"));
      shared.rows.pop_back();
      EXPECT_EQ(shared.rows, one.rows) << threads;
      EXPECT_EQ(shared.summary.bytes, text.size() + 7);
    }
  }
}

TEST(Scan, KeysAcrossEveryPartSeamOfALargeBlobAreFoundOnce) {
  SeededRandom random(33);
  const std::string key = fill_placeholders("\nx-functions-key: {key:master}\n", random);
  std::string text(17 << 20, '.');
  std::vector<uint64_t> expected;
  // Parts of 4 MiB and windows of 512 KiB: a key across each multiple, at a different place in it.
  size_t shift = 0;
  for (size_t seam = 512 << 10; seam + key.size() < text.size(); seam += 512 << 10) {
    const size_t at = seam - (++shift * 3) % key.size();
    text.replace(at, key.size(), key);
    expected.push_back(at + 18);
  }
  for (const unsigned threads : {1u, 4u}) {
    const Outcome result = run({{"seams", text}}, threads);
    std::vector<uint64_t> offsets;
    for (const Row& row : result.rows) {
      offsets.push_back(std::get<1>(row));
      expect_located(text, row);
    }
    EXPECT_EQ(offsets, expected);
  }
}

TEST(Scan, AByteOrderMarkIsNoColumnInUtf16) {
  SeededRandom random(34);
  const std::string text = "\xEF\xBB\xBF" + fill_placeholders("{key:master}\n{key:master}", random);
  const Outcome result = run({{"bom", text}}, 1);
  ASSERT_EQ(result.rows.size(), 2u);
  EXPECT_EQ(result.rows[0], Row("bom", 3, 1, 4, 1, "AZF1001"));
  EXPECT_EQ(result.rows[1], Row("bom", 60, 2, 1, 1, "AZF1001"));
}

TEST(Scan, StopEndsItAndSaysSo) {
  static const RuleSet rules = RuleSet::builtin();
  static const Prefilter prefilter(rules, {true, ""});
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::make_unique<MemorySource>(
      std::vector<MemorySource::Item>{{"a", std::string(1 << 20, 'x')}}));
  const std::atomic<bool> stop{true};
  int interrupted = 0;
  ScanSink sink;
  sink.finding = [](Finding&&) {};
  sink.diagnostic = [&](Diagnostic&& d) { interrupted += d.kind == Diagnostic::Kind::interrupted; };
  const ScanSummary summary = scan(sources, rules, prefilter, {}, sink, stop);
  EXPECT_TRUE(summary.interrupted);
  EXPECT_FALSE(summary.complete());
  EXPECT_EQ(interrupted, 1);
}

TEST(Scan, AThrowingSinkEndsEveryThread) {
  static const RuleSet rules = RuleSet::builtin();
  static const Prefilter prefilter(rules, {true, ""});
  SeededRandom random(35);
  std::vector<MemorySource::Item> items;
  const std::string text = fill_placeholders("{key:master}\n", random);
  for (int i = 0; i < 5000; ++i) items.push_back({std::to_string(i), text});
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::make_unique<MemorySource>(items));
  const std::atomic<bool> stop{false};
  ScanSink sink;
  sink.finding = [](Finding&&) { throw std::runtime_error("full"); };
  sink.diagnostic = [](Diagnostic&&) {};
  EXPECT_THROW(scan(sources, rules, prefilter, {4, false, false}, sink, stop), std::runtime_error);
}

TEST(Scan, AKeyInAFileNameDoesNotComeOut) {
  SeededRandom random(36);
  const std::string key = fill_placeholders("{key:master}", random);
  const Outcome result = run({{"logs/" + key + ".txt", key}}, 1);
  ASSERT_EQ(result.rows.size(), 1u);
  EXPECT_EQ(std::get<0>(result.rows[0]).find(key.substr(8, 20)), std::string::npos);
}

}  // namespace
}  // namespace assay
