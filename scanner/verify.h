// From the end of a signature to a key: gather the candidate around it and prove it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "rules/keys/identify.h"
#include "scanner/pattern.h"

namespace assay {

// A key as it stands in a text.
struct Candidate {
  const KeyFamily* family = nullptr;
  const KeySeed* seed = nullptr;  // null: the checksum does not hold
  Span span;                      // digits with their padding as written
  Span digits;                    // without padding
  // How the padding is written, outermost first; empty views after the last. Static strings.
  std::array<std::string_view, 3> encoding;
};

// Gathers the candidate whose signature ends at `signature_end` and verifies it.
// - The checksum holds: `found`, whatever stands beside the key, for chance does not do that.
// - It does not: `found` with seed = null if the candidate stands alone, that is, no digit of the
//   family's alphabet on either side but for the last one of an escape (`%3D`, `\n`, `=3D`, a
//   colour code), else `none`.
// - `more`: digits or a neighbour are not there yet (only if !at_end).
// The padding may be whole, short, missing, or written `%3D %253D %25253D \u003d \x3d &#61; &#x3d;
// &equals; =3D`, in any case. Needs kGatherBefore bytes before signature_end and kGatherAfter after
// it, unless the blob begins or ends there. Allocates nothing; any thread.
enum class Gather { none, found, more };
Gather gather(const KeyFamily& family, std::string_view text, size_t signature_end, bool at_end,
              Candidate& candidate);

inline constexpr size_t kGatherBefore = 128;
inline constexpr size_t kGatherAfter = 64;

// Whether `c` is a digit of the family's own alphabet: `/ + - _` of the other are neighbours.
bool is_own_digit(const KeyFamily& family, char c);

// Whether a digit stands before `at` that is not the last one of an escape.
bool has_digit_before(const KeyFamily& family, std::string_view text, size_t at);

// Where a key of the families stands in `text` whose checksum holds, as it is or with its padding
// escaped: the first found, or nothing. At memory speed: for texts that must hold none.
std::optional<Span> find_proven_key(std::string_view text,
                                    std::span<const KeyFamily* const> families);

// `text` with every run of digits that holds a family's signature replaced by a redacted form, for
// names that stand in reports. Keys that stand alone, glued or damaged are all covered.
std::string redact_names(std::string_view text);

// The run of base64 digits around the signature that ends at `signature_end`, within [from, to);
// empty if it is shorter than kShortestRun, which no key is.
Span signature_run(std::string_view text, size_t signature_end, size_t from, size_t to);
inline constexpr size_t kShortestRun = 24;

}  // namespace assay
