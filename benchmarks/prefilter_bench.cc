// All anchors of the built-in rules over log text: with Hyperscan, in one call and in pieces, and
// the plain way as a reference; and what stands before the first byte is read: the database.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "benchmarks/check.h"
#include "benchmarks/text.h"
#include "scanner/prefilter.h"

namespace assay {

namespace {

constexpr size_t kBytes = 16 << 20;

const RuleSet& rules() {
  static const RuleSet kRules = RuleSet::builtin();
  return kRules;
}

// Log text with one key a MiB.
const std::string& text() {
  static const std::string kText = [] {
    SeededRandom random(1);
    std::string out;
    while (out.size() < kBytes) {
      out += log_text(1 << 20, random);
      out += fill_placeholders("x-functions-key: {key:function}\n", random);
    }
    return out;
  }();
  return kText;
}

std::vector<Hit> find_in_pieces(const Prefilter& prefilter, Prefilter::Scratch& scratch,
                                std::string_view text, size_t piece) {
  std::vector<Hit> hits;
  for (size_t at = 0; at < text.size(); at += piece) {
    prefilter.find(text, at, std::min(at + piece, text.size()), scratch, hits);
  }
  return hits;
}

void find_all(benchmark::State& state, bool hyperscan, std::string_view text) {
  const Prefilter plain(rules(), {.hyperscan = false, .cache_folder = ""});
  const Prefilter prefilter(rules(), {.hyperscan = hyperscan, .cache_folder = ""});
  Prefilter::Scratch plain_scratch(plain);
  Prefilter::Scratch scratch(prefilter);
  const size_t piece = static_cast<size_t>(state.range(0));
  const std::vector<Hit> wanted = find_in_pieces(plain, plain_scratch, text, text.size());
  require(!wanted.empty(), "the plain way finds nothing");
  require(find_in_pieces(prefilter, scratch, text, piece) == wanted,
          "hits differ from the plain way");
  std::vector<Hit> hits;
  for (auto _ : state) {
    for (size_t at = 0; at < text.size(); at += piece) {
      hits.clear();
      prefilter.find(text, at, std::min(at + piece, text.size()), scratch, hits);
    }
    benchmark::DoNotOptimize(hits.data());
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
  state.counters["hits"] = static_cast<double>(wanted.size());
}

// The argument is the number of bytes a call gets.
void BM_Find(benchmark::State& state) { find_all(state, true, text()); }
BENCHMARK(BM_Find)->Arg(4 << 10)->Arg(64 << 10)->Arg(256 << 10)->Arg(4 << 20);

void BM_FindPlain(benchmark::State& state) {
  find_all(state, false, std::string_view(text()).substr(0, 2 << 20));
}
BENCHMARK(BM_FindPlain)->Arg(256 << 10)->Unit(benchmark::kMillisecond);

void BM_CompileDatabase(benchmark::State& state) {
  for (auto _ : state) {
    const Prefilter prefilter(rules(), {.hyperscan = true, .cache_folder = ""});
    require(prefilter.origin() == Prefilter::Origin::compiled, "compiled");
  }
}
BENCHMARK(BM_CompileDatabase)->Unit(benchmark::kMicrosecond);

void BM_ReadCachedDatabase(benchmark::State& state) {
  std::string folder = (std::filesystem::temp_directory_path() / "assay-bench-XXXXXX").string();
  require(mkdtemp(folder.data()) != nullptr, "a temporary folder");
  const Prefilter::Options options = {.hyperscan = true, .cache_folder = folder};
  { const Prefilter first(rules(), options); }
  for (auto _ : state) {
    const Prefilter prefilter(rules(), options);
    require(prefilter.origin() == Prefilter::Origin::cached, "read from the cache");
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(BM_ReadCachedDatabase)->Unit(benchmark::kMicrosecond);

// What of the two above is not the database: the regexes and the anchors.
void BM_WithoutDatabase(benchmark::State& state) {
  for (auto _ : state) {
    const Prefilter prefilter(rules(), {.hyperscan = false, .cache_folder = ""});
    require(prefilter.origin() == Prefilter::Origin::none, "no database");
  }
}
BENCHMARK(BM_WithoutDatabase)->Unit(benchmark::kMicrosecond);

void BM_BuiltinRules(benchmark::State& state) {
  require(rules().rules().size() >= 5, "the built-in rules");
  for (auto _ : state) benchmark::DoNotOptimize(RuleSet::builtin());
}
BENCHMARK(BM_BuiltinRules)->Unit(benchmark::kMicrosecond);

}  // namespace

}  // namespace assay
