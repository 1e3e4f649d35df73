// Marvin32 and Marvin64: two 32-bit halves, mixed once for each little-endian word of the data and
// twice at the end, where the last 0-3 bytes stand before a 0x80.
//
//   p0 = low half of the seed, p1 = high half
//   "abc", seed d53cd9cecd0893b7  ->  marvin64 22c74339492769bf, marvin32 6be02a86
#include "rules/keys/marvin.h"

#include "rules/keys/marvin_state.h"

namespace assay {

namespace {

// Compilers turn this into one load; it holds on either byte order.
uint32_t load_word(const char* at) {
  const auto byte = [at](int i) { return uint32_t{static_cast<unsigned char>(at[i])}; };
  return byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
}

MarvinState run(std::string_view data, uint64_t seed) {
  MarvinState state = MarvinState::of(seed);
  size_t at = 0;
  for (; at + 4 <= data.size(); at += 4) state.mix(load_word(data.data() + at));
  uint32_t last = 0x80;
  for (size_t i = data.size(); i > at; --i) {
    last = last << 8 | static_cast<unsigned char>(data[i - 1]);
  }
  state.mix(last);
  state.mix(0);
  return state;
}

}  // namespace

uint64_t marvin64(std::string_view data, uint64_t seed) {
  const MarvinState state = run(data, seed);
  return uint64_t{state.p1} << 32 | state.p0;
}

uint32_t marvin32(std::string_view data, uint64_t seed) {
  const MarvinState state = run(data, seed);
  return state.sum();
}

}  // namespace assay
