// From hits to findings through a Matcher: gather, verify, and for what is a finding its context.
// Inputs: candidates that fail and are no finding, candidates that fail and are one, logs.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <vector>

#include "benchmarks/check.h"
#include "benchmarks/corpus.h"
#include "benchmarks/text.h"
#include "scanner/matcher.h"

namespace assay {

namespace {

const RuleSet& rules() {
  static const RuleSet kRules = RuleSet::builtin();
  return kRules;
}

const Prefilter& prefilter() {
  static const Prefilter kPrefilter(rules(), {.hyperscan = true, .cache_folder = ""});
  return kPrefilter;
}

// Windows of 256 KiB, as for a blob that is read in pieces.
void match_all(Matcher& matcher, std::string_view text, std::vector<Finding>& findings) {
  constexpr size_t kOwn = 256 << 10;
  matcher.reset();
  for (size_t own = 0; own < text.size(); own += kOwn) {
    const size_t from = own > kWindowBefore ? own - kWindowBefore : 0;
    const size_t own_end = std::min(own + kOwn, text.size());
    const size_t to = std::min(own_end + kWindowAfter, text.size());
    Window window;
    window.text = text.substr(from, to - from);
    window.base = from;
    window.own_begin = own - from;
    window.own_end = own_end - from;
    window.at_end = to == text.size();
    window.path = "app.log";
    matcher.match(window, findings);
  }
}

void match_text(benchmark::State& state, std::string_view text, size_t candidates,
                size_t wanted_findings) {
  Matcher matcher(rules(), prefilter(), Matcher::Options{});
  std::vector<Finding> findings;
  match_all(matcher, text, findings);
  require(findings.size() == wanted_findings, "the number of findings");
  state.counters["hits"] = static_cast<double>(matcher.stats().hits);
  for (auto _ : state) {
    findings.clear();
    match_all(matcher, text, findings);
    benchmark::DoNotOptimize(findings.data());
  }
  if (candidates > 0) {
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * candidates));
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}

// The figure: candidates with a wrong checksum, at least 5 million a second.
void BM_GluedCandidates(benchmark::State& state) {
  const size_t count = static_cast<size_t>(state.range(0));
  match_text(state, "x" + candidates_text(Candidates::glued, count, 1) + "x", count, 0);
}
BENCHMARK(BM_GluedCandidates)->Arg(1000)->Arg(100000);

void BM_DelimitedCandidates(benchmark::State& state) {
  const size_t count = static_cast<size_t>(state.range(0));
  match_text(state, candidates_text(Candidates::delimited, count, 2), count, count);
}
BENCHMARK(BM_DelimitedCandidates)->Arg(1000);

// A log without a key: what the anchors cost that are hit often and lead to nothing.
void BM_LogWithoutKeys(benchmark::State& state) {
  SeededRandom random(4);
  match_text(state, log_text(16 << 20, random), 0, 0);
}
BENCHMARK(BM_LogWithoutKeys)->Unit(benchmark::kMillisecond);

// A log with a key in every 16 KiB: the whole of a finding.
void BM_KeysInLog(benchmark::State& state) {
  const size_t count = static_cast<size_t>(state.range(0));
  SeededRandom random(3);
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    text += log_text(16 << 10, random);
    text += fill_placeholders(
        "GET https://contoso-orders.azurewebsites.net/api/Refund?code={key:function} HTTP/1.1\n",
        random);
  }
  match_text(state, text, count, count);
}
BENCHMARK(BM_KeysInLog)->Arg(100);

}  // namespace

}  // namespace assay
