// Marvin, the checksum inside the keys that Azure's services generate.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay {

// Marvin of `data` under a 64-bit seed. Source: microsoft/security-utilities (public), restated in
// docs/key-formats.md; vectors in tests/data/marvin.txt. Pure functions, any thread.
uint64_t marvin64(std::string_view data, uint64_t seed);

// The halves of marvin64 folded together: the four bytes that end a key, least significant first.
uint32_t marvin32(std::string_view data, uint64_t seed);

// A seed as its eight ASCII characters read big-endian, the way they are published.
constexpr uint64_t marvin_seed(const char (&text)[9]) {
  uint64_t seed = 0;
  for (int i = 0; i < 8; ++i) seed = seed << 8 | static_cast<unsigned char>(text[i]);
  return seed;
}

}  // namespace assay
