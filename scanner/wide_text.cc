// A NUL is rare in text, so it is looked for first, in 16 bytes at once:
//
//   2025-11-02 GET /api/Refund   no NUL: next
//   K.e.y.=.A.b.C.d. (. = NUL)   every second byte: UTF-16
#include "scanner/wide_text.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace assay {

namespace {

using Bytes = unsigned char __attribute__((vector_size(kWideProbe)));

bool holds_nul(const char* from) {
  Bytes bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  const auto nul = bytes == 0;
  uint64_t halves[2];
  std::memcpy(halves, &nul, sizeof nul);
  return (halves[0] | halves[1]) != 0;
}

bool is_plain(char c) { return (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n'; }

// Whether every `width`th byte from `first` on is plain, and the others are NUL.
bool is_wide(const char* from, size_t width, size_t first) {
  for (size_t i = 0; i < kWideProbe; ++i) {
    if (i % width == first ? !is_plain(from[i]) : from[i] != '\0') return false;
  }
  return true;
}

}  // namespace

void find_wide(std::string_view text, size_t from, size_t to, std::vector<size_t>& places) {
  const size_t begin = from + 1 > kWideProbe ? from + 1 - kWideProbe : 0;
  for (size_t at = begin; at + kWideProbe <= std::min(to, text.size()); at += kWideGrid) {
    const char* here = text.data() + at;
    if (!holds_nul(here)) [[likely]]
      continue;
    for (size_t first = 0; first < 4; ++first) {
      const bool wide = is_wide(here, 4, first) || (first < 2 && is_wide(here, 2, first));
      if (!wide) continue;
      places.push_back(at + first);
      break;
    }
  }
}

}  // namespace assay
