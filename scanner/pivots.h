// Signatures that something stands within: a line break, an escape, a colour code, a NUL.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "rules/keys/identify.h"

namespace assay {

// A set of ASCII characters: an entry of each half of a member shares a bit (see runs.cc).
struct ByteSet {
  alignas(16) std::array<uint8_t, 16> low{}, high{};
  void add(char c) {
    const auto byte = static_cast<unsigned char>(c);
    high[byte >> 4] |= static_cast<uint8_t>(1u << (byte >> 4));
    low[byte & 15] |= static_cast<uint8_t>(1u << (byte >> 4));
  }
  bool has(char c) const {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 128 && (low[byte & 15] & high[byte >> 4]) != 0;
  }
};

// The second character of a signature is its pivot. A place is reported where it stands by itself,
// and what follows is the signature as far as it is not interrupted:
//
//   Az%46u   Az⏎Fu   AzF\u0075   =41zFu   A·z·F·u·     `z` followed by what no key holds, or by F
//   AzFu  azure  zFun                                  no: whole, or another word
//
// An escaped pivot (`%7a`) is not found here: the prefilter has literals for those.
class PivotFinder {
 public:
  explicit PivotFinder(std::span<const KeyFamily* const> families);

  struct Place {
    size_t at = 0;  // of the pivot
    const KeyFamily* family = nullptr;
  };
  // Appends the places whose `at` + kPivotReach lies in (from, to], in ascending order. What it
  // says of one depends on the four bytes before it and the three behind it.
  static constexpr size_t kPivotReach = 4;
  void find(std::string_view text, size_t from, size_t to, std::vector<Place>& places) const;

  // The same for one place, the plain way.
  static bool holds(std::string_view text, size_t at, const KeyFamily& family);

 private:
  void judge(std::string_view text, size_t at, std::vector<Place>& places) const;

  std::vector<const KeyFamily*> families_;
  ByteSet pivots_;
  char only_ = '\0';  // the one pivot of all families, if there is but one
  ByteSet others_;    // what behind a pivot makes it one of an ordinary word
};

// Where the pivot stands in a signature.
inline constexpr size_t kPivot = 1;

}  // namespace assay
