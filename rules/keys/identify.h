// What a key says of itself: family, kind, and whether its checksum proves it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "rules/keys/base64.h"
#include "rules/keys/secret.h"

namespace assay {

// How sure a finding is: `verified` = the checksum holds (chance gives that to a random candidate
// as proof_by_chance says: seeds / 2^32 of most families), `signature` = shape and signature only,
// `context` = only the surroundings say that it is a key.
enum class Confidence { verified, signature, context };
std::string_view to_string(Confidence confidence);

// How the texts of a family are made, and what proves one. Facts: docs/key-formats.md.
enum class KeyScheme : uint8_t {
  identifiable,      // base64; the last four bytes are marvin32 of all before
  redis,             // the same, after which `+` became `P` and `/` became `F`
  common_annotated,  // 84 or 88 letters and digits around JQQJ9
  entra,             // `8Q~` at 3; the last three characters are base 66 of marvin32
  crc32_base62,      // a prefix, 30 characters, and six digits of their CRC-32
  devops_pat,        // 52 base-32 digits with a CRC-32 among them
  none,              // by its form only: nothing proves one
};

// One kind of key of a family. Of the schemes with marvin32: a key whose checksum holds under
// `seed` is of this kind. Of devops_pat: the number that its CRC-32 is xored with.
struct KeySeed {
  uint64_t seed;
  std::string_view kind;
  // Where rules and reports call the keys of this kind another family's than the row's: of common
  // annotated keys the service. Empty: KeyFamily::name.
  std::string_view family = {};
  // Text that the keys of this kind hold at a fixed place: AZAC, ACOG. Empty: the kind is told by
  // the checksum alone.
  std::string_view mark = {};
};

// One family of keys: a row in identify.cc and nothing else. Every text of a family has the same
// number of characters and its signature at the same place; of two lengths (common annotated keys)
// there are two rows. Texts are ASCII.
struct KeyFamily {
  std::string_view name;
  std::string_view signature;  // ASCII, case matters; empty only of devops_pat
  uint8_t signature_at;        // where it begins in the text
  uint8_t length;              // characters, without padding
  uint8_t pad;                 // number of `=` behind them
  Base64Alphabet alphabet;     // of the canonical text, where it is base64
  KeyScheme scheme;
  std::span<const KeySeed> seeds;  // never empty; of KeyScheme::none one, with the kind

  constexpr size_t digits() const { return length; }  // without padding
  constexpr size_t padding() const { return pad; }
  constexpr size_t digits_after() const { return digits() - signature_end(); }  // after signature
  constexpr size_t signature_end() const { return signature_at + signature.size(); }
  // Decoded bytes of base64, the last four of which are the checksum.
  constexpr size_t bytes() const { return size_t{length} * 6 / 8; }
  constexpr bool is_azure() const {
    return name.starts_with("azure-") || name.starts_with("entra-");
  }
  // Whether the last four bytes of its base64 are a marvin32.
  constexpr bool is_marvin_base64() const {
    return scheme == KeyScheme::identifiable || scheme == KeyScheme::redis;
  }
  // Of the scheme in which damage can be put right (repair.h).
  constexpr bool is_identifiable() const { return scheme == KeyScheme::identifiable; }
};

// Whether `c` may stand in a text of the family, padding aside. Of base64 the digits of either
// alphabet.
bool is_key_digit(const KeyFamily& family, char c);

// Whether `digits`, family.digits() characters, has the family's signature in place (`+` and `-`,
// `/` and `_` being the same digits where it is base64), only its characters, and what else the
// family asks for beside the checksum: of common annotated keys a known year and month.
bool has_form(const KeyFamily& family, std::string_view digits);

// The kind that the form alone tells, or null: the service of a common annotated key, and all of
// families with one seed.
const KeySeed* seed_of_form(const KeyFamily& family, std::string_view digits);

// What the fields of a common annotated key say; all empty of other families, and where has_form is
// false. When it was made: "2024-05".
std::string birth_month(const KeyFamily& family, std::string_view digits);
// The service that made it, as people name it: "Azure OpenAI", "Azure Maps"; empty where unknown.
std::string_view service_name(const KeyFamily& family, std::string_view digits);
// What sets it apart from the key of a customer: "derived", "hash", "managed by Microsoft", or two
// of these; else empty.
std::string_view key_variant(const KeyFamily& family, std::string_view digits);

// The name that rules and reports have for keys of the seed.
inline std::string_view family_name(const KeyFamily& family, const KeySeed& seed) {
  return seed.family.empty() ? family.name : seed.family;
}
// The same where no seed may be known.
inline std::string_view family_name(const KeyFamily& family, const KeySeed* seed) {
  return seed != nullptr ? family_name(family, *seed) : family.name;
}

// Whether the C3ID is that of a sample that was published as one, in documentation or a test.
bool is_published_sample(std::string_view fingerprint);

// Whether the text is one by its look: what should be random is a single character, or two.
bool looks_like_sample(const KeyFamily& family, std::string_view digits);

// All families, in fixed order; they live as long as the program.
std::span<const KeyFamily> key_families();

// The first row of that name, or null.
const KeyFamily* find_family(std::string_view name);
// Whether a rule may have it: the name of a row, or of a seed's family.
bool is_family_name(std::string_view name);

// The hot call: the seed under which the checksum of the family's `digits()` digits holds, or null;
// always null of KeyScheme::none. Says nothing about the signature of base64 families; of the
// others null where has_form is false. Allocates nothing; any thread.
const KeySeed* verify(const KeyFamily& family, std::string_view digits);

// How likely a random text of the family's form proves itself: seeds / 2^32 where the whole
// checksum stands in the text; 0 of KeyScheme::none.
double proof_by_chance(const KeyFamily& family);

// What is known of one key. `kind` is "unknown" where the checksum does not hold and the form does
// not tell it.
struct KeyInfo {
  const KeyFamily* family = nullptr;
  const KeySeed* seed = nullptr;  // under which the checksum holds, else seed_of_form
  std::string_view kind;
  Confidence confidence = Confidence::signature;
  Secret canonical;  // the family's alphabet, padding restored

  // The C3ID of the canonical text.
  std::string fingerprint() const;
};

// Identifies a text that is one key and nothing else, in either alphabet, with its padding whole,
// short or missing. Empty if the text has no family's length and signature; of devops_pat, which
// has no signature, also where the checksum does not hold.
std::optional<KeyInfo> identify(std::string_view text);

}  // namespace assay
