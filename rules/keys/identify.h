// What a key says of itself: family, kind, and whether its checksum proves it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "rules/keys/base64.h"
#include "rules/keys/secret.h"

namespace assay {

// How sure a finding is: `verified` = the checksum holds (chance gives that to a random candidate
// with probability seeds / 2^32), `signature` = shape and signature only, `context` = only the
// surroundings say that it is a key.
enum class Confidence { verified, signature, context };
std::string_view to_string(Confidence confidence);

// One seed of a family: a key whose checksum holds under it is of this kind.
struct KeySeed {
  uint64_t seed;
  std::string_view kind;
};

// One family of keys of the "identifiable" layout: base64 of `bytes` bytes, of which the last four
// are marvin32 of all before under the seed of the kind (least significant byte first), with the
// signature as the characters that end six digits before the padding. A family is a row in
// identify.cc and nothing else. Sources: docs/key-formats.md.
struct KeyFamily {
  std::string_view name;
  std::string_view signature;  // ASCII, case matters
  uint8_t bytes;               // decoded length
  Base64Alphabet alphabet;     // of the canonical text
  std::span<const KeySeed> seeds;

  constexpr size_t digits() const { return (size_t{bytes} * 8 + 5) / 6; }       // without padding
  constexpr size_t padding() const { return (3 - bytes % 3) % 3; }              // number of `=`
  constexpr size_t digits_after() const { return digits() - signature_end(); }  // after signature
  constexpr size_t signature_end() const { return (size_t{bytes} - 4) * 8 / 6; }
};

// All families, in fixed order; they live as long as the program.
std::span<const KeyFamily> key_families();

// The family of that name, or null.
const KeyFamily* find_family(std::string_view name);

// The hot call: the seed under which the checksum of the family's `digits()` digits holds, or null.
// Says nothing about the signature. Allocates nothing; any thread.
const KeySeed* verify(const KeyFamily& family, std::string_view digits);

// What is known of one key. `kind` is "unknown" where the checksum does not hold.
struct KeyInfo {
  const KeyFamily* family = nullptr;
  std::string_view kind;
  Confidence confidence = Confidence::signature;
  Secret canonical;  // the family's alphabet, padding restored

  // The C3ID of the canonical text.
  std::string fingerprint() const;
};

// Identifies a text that is one key and nothing else, in either alphabet, with its padding whole,
// short or missing. Empty if the text has no family's length and signature.
std::optional<KeyInfo> identify(std::string_view text);

}  // namespace assay
