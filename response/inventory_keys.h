// Whether a text that must hold no key does.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace assay {

// Where the first key stands that a scan of the text reports, in any disguise and at any
// confidence. Any thread.
std::optional<size_t> find_key(std::string_view text);

// Whether a run of 40 or more key characters in `text` is as mixed as random ones are: nothing that
// is a name. Identifiers of the form 8-4-4-4-12 are none, and in a link neither are 32 or 40
// hexadecimal digits by themselves (a page, a commit). For values that people chose, which no rule
// can know.
enum class FieldKind { name, link };
bool looks_like_key(std::string_view text, FieldKind kind);

}  // namespace assay
