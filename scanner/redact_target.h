// Where in a region the characters of a key stand, and not what is between its pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/finding.h"
#include "scanner/pattern.h"

namespace assay {

// Characters, each with the bytes of the blob's text that it was made of.
struct Characters {
  std::string text;
  std::vector<uint32_t> begin, end;

  Span bytes(size_t from, size_t to) const { return {begin[from], end[to - 1]}; }
};

struct Wide {
  size_t bytes = 1;
  bool little = true;
};

// ASCII in units of `wide`.
std::string widened(std::string_view text, Wide wide);

// Of the names in Finding::encoding: those that leave no text to be read.
bool is_hard(std::string_view encoding);

// The bytes of each character that the key of `finding` is written in, ascending: its digits, or
// what they become in the hard encodings of the finding. `region` holds the characters of the
// finding's region. Empty if they are not found. Its time is bounded by kMostCharacters of a region
// times the length of the key, times the forms that its encodings can give it.
std::vector<Span> find_target(const Finding& finding, const Characters& region, Wide wide);
inline constexpr size_t kMostCharacters = 8192;

}  // namespace assay
