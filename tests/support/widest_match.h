// How wide a match of a regex may be, as Hyperscan says: what our own reading is held against.
#pragma once

#include <cstddef>
#include <string>

namespace assay {

// The widest match of a regex (PCRE syntax as RE2 has it, UTF-8) in bytes; SIZE_MAX if there is no
// bound, or Hyperscan cannot read the regex.
size_t widest_match(const std::string& regex);

}  // namespace assay
