// Text that a regex over UTF-8 can read to its end.
#pragma once

#include <string>
#include <string_view>

namespace assay {

// What stands for a byte that belongs to no character.
inline constexpr char kNoCharacter = '\x1a';

// `text` itself where it is UTF-8; else a copy of it in `buffer` in which each byte that belongs to
// no character is kNoCharacter. Every other byte stays where it is.
std::string_view valid_text(std::string_view text, std::string& buffer);

}  // namespace assay
