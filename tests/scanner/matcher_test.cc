#include "scanner/matcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>

#include "scanner/blob_scan.h"
#include "scanner/rule_examples.h"
#include "tests/support/memory_source.h"
#include "tests/support/worlds.h"

namespace assay {
namespace {

const RuleSet& rules() {
  static const RuleSet rules = RuleSet::builtin();
  return rules;
}
const Prefilter& prefilter(bool hyperscan) {
  static const Prefilter fast(rules(), {true, ""});
  static const Prefilter plain(rules(), {false, ""});
  return hyperscan ? fast : plain;
}

// All that must not depend on how the bytes came.
using Facts = std::tuple<uint64_t, uint64_t, std::string, std::string, std::string, std::string,
                         std::string, std::string, std::string>;
Facts facts(const Finding& finding) {
  const KeyContext& context = finding.context;
  std::string encoding;
  for (const auto layer : finding.encoding) encoding += std::string(layer) + " ";
  return {finding.location.byte_offset,
          finding.location.byte_length,
          finding.rule->id,
          finding.fingerprint,
          finding.redacted,
          encoding,
          context.host + "|" + context.app + "|" + context.slot + "|" + context.function + "|" +
              context.key_name,
          context.carrier + "|" + context.store + "|" + std::string(to_string(context.scope)),
          finding.snippet.before + "|" + finding.snippet.masked + "|" + finding.snippet.after};
}
std::vector<Facts> facts(const std::vector<Finding>& findings) {
  std::vector<Facts> out;
  for (const Finding& finding : findings) out.push_back(facts(finding));
  return out;
}

std::vector<Finding> match_whole(std::string_view text, bool hyperscan = true) {
  Matcher matcher(rules(), prefilter(hyperscan), {true, false});
  std::vector<Finding> findings;
  matcher.match({text, 0, 0, text.size(), true, "a.txt"}, findings);
  return findings;
}

// The same text as a matcher sees it in two windows, cut at `seam`.
std::vector<Finding> match_cut(std::string_view text, size_t seam) {
  Matcher matcher(rules(), prefilter(true), {true, false});
  std::vector<Finding> findings;
  const size_t first_end = std::min(text.size(), seam + kWindowAfter);
  matcher.match({text.substr(0, first_end), 0, 0, seam, first_end == text.size(), "a.txt"},
                findings);
  const size_t base = seam - std::min(seam, kWindowBefore);
  matcher.match({text.substr(base), base, seam - base, text.size() - base, true, "a.txt"},
                findings);
  return findings;
}

TEST(Rules, ExamplesAreFoundAndCounterExamplesAreNot) {
  const auto failures = check_examples(rules());
  for (const auto& failure : failures) ADD_FAILURE() << failure;
}

struct Case {
  std::string_view text;
  std::string_view expected;  // "RULE@offset+length …"
};

TEST(Matcher, ReportsEachKeyOnceUnderItsRule) {
  static constexpr Case kCases[] = {
      {"", ""},
      {"{key:master}", "AZF1001@0+56"},
      {"{key:function}", "AZF1002@0+56"},
      {"{key:system}", "AZF1003@0+56"},
      {"{broken:system}", "AZF1004@0+56"},
      {"A{broken:system}", ""},
      {"code%3D{bare:function}%3D%3D", "AZF1002@7+60"},
      {"{key:master}{key:function}", "AZF1001@0+56 AZF1002@56+56"},
      {"{bare:master}{bare:function}", "AZF1001@0+54 AZF1002@54+54"},
      // The regex rules leave what proves itself, or looks like it, to the other rules.
      {"x-functions-key: {key:function}", "AZF1002@17+56"},
      {"x-functions-key: {broken:function}", "AZF1004@17+56"},
      {"x-functions-key: {plain:56}", "AZF1005@17+56"},
      {"X-FUNCTIONS-KEY: {hex:64}", "AZF1005@17+64"},
      {"x-functions-key: {hex:63}", ""},
      {"x-functions-key: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""},
      {"https://contoso-orders.azurewebsites.net/api/F?code={plain:56}", "AZF1005@52+56"},
      {"https://login.contoso.com/callback?code={plain:56}", ""},
  };
  SeededRandom random(21);
  for (const Case& test : kCases) {
    const std::string text = fill_placeholders(test.text, random);
    for (const bool hyperscan : {true, false}) {
      std::string seen;
      for (const Finding& finding : match_whole(text, hyperscan)) {
        seen += (seen.empty() ? "" : " ") + finding.rule->id + "@" +
                std::to_string(finding.location.byte_offset) + "+" +
                std::to_string(finding.location.byte_length);
      }
      EXPECT_EQ(seen, test.expected) << test.text;
    }
  }
}

TEST(Matcher, FindsTheSameWithAndWithoutThePrefilter) {
  SeededRandom random(22);
  size_t findings = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string text = random_world(random, 1 + random.below(14));
    const auto expected = facts(match_whole(text, false));
    EXPECT_EQ(facts(match_whole(text, true)), expected) << "round " << round;
    findings += expected.size();
  }
  EXPECT_GT(findings, 1000u);
}

// Key kind × place × neighbour × every seam across the key and its surroundings.
TEST(Matcher, FindsTheSameWhereverAWindowEnds) {
  SeededRandom random(23);
  static constexpr std::string_view kTexts[] = {
      "GET https://contoso-orders.azurewebsites.net/api/Refund?code={key:function}&x=1 ok\n",
      "A{bare:master}%3D%3D",
      "{broken:system}\n",
      "x-functions-key: {plain:56}\n",
      "x-functions-key: {key:system}{key:master}",
      "{key:function}?code={hex:64}"};
  for (const std::string_view form : kTexts) {
    for (const size_t lead : {size_t{0}, size_t{7}, kWindowBefore - 40, kWindowBefore + 3000}) {
      std::string text;
      while (text.size() < lead) text += "2026-11-22 GET /health 200\n";
      const size_t begin = text.size();
      text += fill_placeholders(form, random);
      const size_t end = text.size();
      while (text.size() < end + kWindowAfter + 100) text += " tail of the log\n";
      const auto expected = facts(match_whole(text));
      ASSERT_FALSE(expected.empty()) << form;
      for (size_t seam = begin; seam <= end; ++seam) {
        ASSERT_EQ(facts(match_cut(text, seam)), expected)
            << form << " lead " << lead << " seam " << seam;
      }
    }
  }
}

TEST(Matcher, FindsTheSameInRandomWorldsWhereverAWindowEnds) {
  SeededRandom random(24);
  for (int round = 0; round < 4; ++round) {
    const std::string text = random_world(random, 300 + random.below(200));
    const auto expected = facts(match_whole(text));
    for (int cut = 0; cut < 6; ++cut) {
      const size_t seam = random.below(text.size());
      ASSERT_EQ(facts(match_cut(text, seam)), expected) << "round " << round << " seam " << seam;
    }
  }
}

class Collector : public BlobSink {
 public:
  void findings(std::vector<Finding>&& more) override {
    for (Finding& finding : more) all.push_back(std::move(finding));
  }
  void diagnostic(Diagnostic&&) override { ++diagnostics; }
  bool stopped() const override { return false; }
  std::vector<Finding> all;
  int diagnostics = 0;
};

std::vector<Finding> scan_text(const std::string& text, size_t step, bool pauses) {
  MemoryReader reader(text, step, pauses, !pauses);
  Matcher matcher(rules(), prefilter(true), {});
  WindowBuffer buffer;
  Collector collector;
  BlobScanStats stats;
  auto provenance = std::make_shared<Provenance>();
  provenance->path = "a.txt";
  scan_blob(reader, provenance, false, buffer, matcher, collector, stats);
  EXPECT_EQ(stats.bytes, text.size());
  return std::move(collector.all);
}

TEST(Stream, PausesAnywhereLoseNothing) {
  SeededRandom random(25);
  const std::string text = random_world(random, 120);
  std::vector<std::tuple<uint64_t, std::string, uint64_t, uint64_t>> expected;
  for (const Finding& f : scan_text(text, 0, false)) {
    expected.emplace_back(f.location.byte_offset, f.rule->id, f.location.line, f.location.column);
  }
  ASSERT_GT(expected.size(), 5u);
  for (const size_t step : {1, 2, 3, 7, 50, 61, 1000}) {
    std::vector<std::tuple<uint64_t, std::string, uint64_t, uint64_t>> seen;
    for (const Finding& f : scan_text(text, step, true)) {
      // What surrounds a key decides on rules that know it by its surroundings only.
      seen.emplace_back(f.location.byte_offset, f.rule->id, f.location.line, f.location.column);
    }
    std::sort(seen.begin(), seen.end());
    for (const auto& one : expected) {
      EXPECT_NE(std::find(seen.begin(), seen.end(), one), seen.end())
          << "step " << step << " misses " << std::get<1>(one) << " at " << std::get<0>(one);
    }
    EXPECT_EQ(seen.size(), expected.size()) << step;
  }
}

}  // namespace
}  // namespace assay
