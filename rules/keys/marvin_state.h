// The inner state of marvin, for those who hash many texts that begin alike: see key_trial.h.
#pragma once

#include <bit>
#include <cstdint>

namespace assay {

// The two halves that marvin mixes once for each little-endian word of the data, then with the word
// that holds the last 0-3 bytes before a 0x80, and with a zero. marvin32 is sum() after that.
struct MarvinState {
  uint32_t p0 = 0;
  uint32_t p1 = 0;

  static constexpr MarvinState of(uint64_t seed) {
    return {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
  }

  constexpr void mix(uint32_t word) {
    p0 += word;
    p1 ^= p0;
    p0 = std::rotl(p0, 20) + p1;
    p1 = std::rotl(p1, 9) ^ p0;
    p0 = std::rotl(p0, 27) + p1;
    p1 = std::rotl(p1, 19);
  }

  constexpr uint32_t sum() const { return p0 ^ p1; }
};

}  // namespace assay
