// What someone wrote beside a key to say that it is none: a raw fact, which response/suppress.h
// judges. docs/allow.md has the syntax.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "scanner/finding.h"

namespace assay {

inline constexpr std::string_view kOwnMarker = "assay:allow";
inline bool is_foreign(const Marker& marker) { return marker.word != kOwnMarker; }

// So many bytes before a key and behind it are looked at.
inline constexpr size_t kMarkerReach = 1024;
inline constexpr size_t kMostReason = 200;  // characters

// The marker that may be about the key at [begin, end) of `text`: on its line, or on the line
// before. Our own goes before those of others, one behind the key before one in front of it. Null
// if there is none; then nothing is allocated. `line` of it is how many lines it stands above the
// key: 0 or 1. Text in UTF-16 is read as well. Any thread.
std::shared_ptr<const Marker> read_marker(std::string_view text, size_t begin, size_t end);

// Bytes as a reason that may stand in a report: valid UTF-8 on one line, nothing in it that acts on
// a terminal, keys and long runs of key characters redacted, at most kMostReason characters. Empty
// if there is no letter or digit in it.
std::string shown_reason(std::string_view bytes);

// Whether `word` has the form of the ids of built-in rules: AZF1001, AZK2171-1.
bool is_rule_id(std::string_view word);

}  // namespace assay
