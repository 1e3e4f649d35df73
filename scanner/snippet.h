// The text around a key, cut and cleaned for reports.
#pragma once

#include <string>
#include <string_view>

#include "scanner/pattern.h"

namespace assay {

// The piece of `text` to show around `key`: its line, or at most kSnippetReach bytes on either side
// where the line goes on further; not cut inside a UTF-8 character.
inline constexpr size_t kSnippetWholeLine = 160;
inline constexpr size_t kSnippetReach = 40;
Span snippet_piece(std::string_view text, Span key);

// Bytes as valid UTF-8 of the same number of UTF-16 units as the bytes' characters: what is no
// character, and every control character but tab, becomes U+FFFD. A byte order mark is dropped.
std::string snippet_text(std::string_view bytes);

}  // namespace assay
