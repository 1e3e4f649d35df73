// Long runs of the characters that keys are made of.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "scanner/pattern.h"

namespace assay {

// What a key, percent-encoded or not, is written in: digits of either base64 alphabet and `%`.
bool is_key_character(char c);

// A run as long as this may be a key; the shortest key-shaped value has 43 characters.
inline constexpr size_t kLeastRun = 40;

// Whether `text` holds a run of at least kLeastRun key characters.
bool has_run(std::string_view text);

// How many different bytes `text` has: few are a placeholder, not a key.
size_t distinct_bytes(std::string_view text);

// Appends the runs of at least kLeastRun key characters within [from, to), ascending; a run that
// touches `to` counts whatever its length, since it may go on. Runs at memory speed: see runs.cc.
void find_runs(std::string_view text, size_t from, size_t to, std::vector<Span>& runs);

// What a text is written in that has each character by its number: `%41%7a`, `\u0041`, `41 7a`,
// `65, 122`.
bool is_list_character(char c);

// The list of a key's characters is longer: 40 by two digits and something between.
inline constexpr size_t kLeastList = 96;

// The same for runs of at least kLeastList list characters.
void find_lists(std::string_view text, size_t from, size_t to, std::vector<Span>& lists);

}  // namespace assay
