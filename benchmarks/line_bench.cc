// Lines and columns: only blobs with findings are counted, but those from their first byte on.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>

#include "benchmarks/check.h"
#include "benchmarks/text.h"
#include "scanner/lines.h"

namespace assay {

namespace {

constexpr size_t kBytes = 8 << 20;

void count_lines(benchmark::State& state, const std::string& text) {
  LineCounter whole;
  whole.advance(text);
  const size_t last = text.rfind('\n');
  require(whole.newlines() == static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n')),
          "newlines");
  require(whole.column() == (last == std::string::npos ? text.size() + 1 : text.size() - last),
          "column");
  for (auto _ : state) {
    LineCounter counter;
    counter.advance(text);
    benchmark::DoNotOptimize(counter.utf16_column());
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}

void BM_LogLines(benchmark::State& state) {
  SeededRandom random(1);
  count_lines(state, log_text(kBytes, random));
}
BENCHMARK(BM_LogLines);

void BM_OneLine(benchmark::State& state) {
  SeededRandom random(2);
  count_lines(state, json_records(kBytes, random));
}
BENCHMARK(BM_OneLine);

void BM_EmptyLines(benchmark::State& state) { count_lines(state, std::string(kBytes, '\n')); }
BENCHMARK(BM_EmptyLines);

}  // namespace

}  // namespace assay
