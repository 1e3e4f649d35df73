// The checksum alone, and the proof of a candidate whose 54 digits are at hand: decode, then Marvin
// under each seed of the family. Wrong candidates take all three seeds, right ones 1 to 3.
#include <benchmark/benchmark.h>

#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/check.h"
#include "benchmarks/corpus.h"
#include "rules/keys/identify.h"
#include "rules/keys/marvin.h"
#include "rules/keys/mint.h"

namespace assay {

namespace {

constexpr size_t kCandidates = 1024;  // their digits fit the second level cache

const KeyFamily& functions() { return *find_family("azure-functions"); }

void BM_Marvin32Of36Bytes(benchmark::State& state) {
  require(marvin64("abc", 0xd53cd9cecd0893b7) == 0x22c74339492769bf, "marvin64 of abc");
  SeededRandom random(1);
  const std::string bytes = random.bytes(36 * kCandidates);
  for (auto _ : state) {
    for (size_t i = 0; i < kCandidates; ++i) {
      benchmark::DoNotOptimize(
          marvin32(std::string_view(bytes).substr(i * 36, 36), marvin_seed("Functi00")));
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kCandidates));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * kCandidates * 36));
}
BENCHMARK(BM_Marvin32Of36Bytes);

// Digits of `kCandidates` candidates, end to end.
std::string right_candidates(size_t seed) {
  SeededRandom random(2);
  std::string out;
  for (size_t i = 0; i < kCandidates; ++i) {
    out += mint(functions(), functions().seeds[seed], random.bytes(functions().bytes() - 7u));
    out.resize((i + 1) * functions().digits());  // no padding
  }
  return out;
}

size_t verified(std::string_view candidates) {
  const size_t digits = functions().digits();
  size_t count = 0;
  for (size_t at = 0; at < candidates.size(); at += digits) {
    if (verify(functions(), candidates.substr(at, digits)) != nullptr) ++count;
  }
  return count;
}

void verify_all(benchmark::State& state, const std::string& candidates, size_t right) {
  require(candidates.size() == kCandidates * functions().digits(), "the number of candidates");
  require(verified(candidates) == right, "verify");
  for (auto _ : state) benchmark::DoNotOptimize(verified(candidates));
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kCandidates));
}

void BM_VerifyWrong(benchmark::State& state) {
  verify_all(state, candidates_text(Candidates::glued, kCandidates, 3), 0);
}
BENCHMARK(BM_VerifyWrong);

// The argument is the place of the seed in the family's row.
void BM_VerifyRight(benchmark::State& state) {
  const size_t seed = static_cast<size_t>(state.range(0));
  verify_all(state, right_candidates(seed), kCandidates);
}
BENCHMARK(BM_VerifyRight)->DenseRange(0, 2);

}  // namespace

}  // namespace assay
