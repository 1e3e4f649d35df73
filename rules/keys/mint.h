// Well-formed keys made on purpose: rule examples, tests, and the examples folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/keys/identify.h"

namespace assay {

// The canonical text of the key that `random` bytes give under `seed`. `random` must hold what
// stands before the signature: family.bytes() - 7 bytes; of families that are no base64 it is only
// what the text is drawn from. Of KeyScheme::none a text of the form, which nothing proves.
std::string mint(const KeyFamily& family, const KeySeed& seed, std::string_view random);

// A key of the system's random numbers (getrandom), for one that is to guard something. Empty if
// the system has none to give.
std::optional<Secret> mint_random(const KeyFamily& family, const KeySeed& seed);

// Repeatable random numbers (splitmix64): the same seed gives the same keys on every machine.
// Not for keys that guard anything.
class SeededRandom {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  uint64_t next();
  uint64_t below(uint64_t bound) { return next() % bound; }
  std::string bytes(size_t count);

 private:
  uint64_t state_;
};

// Replaces each placeholder in `text` by a key made from `random`, so that no well-formed key has
// to stand in a file:
//   {key:master} {key:system} {key:function}  a Functions key whose checksum holds
//   {key:master:NAME}                         the same key each time NAME stands in one text, also
//                                             where it stands broken or bare
//   {key:FAMILY/KIND}                         a key of that family (family_name) and kind:
//                                             azure-storage/account, azure-maps/common-annotated
//   {key:FAMILY/KIND/LENGTH}                  of families with several lengths the one of so many
//                                             characters with padding, else the first
//   {broken:master}                           one digit of the random part changed
//   {bare:master}                             without its padding
//   {lost:master}                             without one digit of the random part
//   {masked:master}                           stars in place of the 8 characters behind the
//   signature {plain:56}                                so many url-safe digits; of 55 and 56 the
//   last one
//                                             or two are padding
//   {hex:64}                                  so many hexadecimal digits
// FAMILY/KIND stands for `master` in each of them, and a NAME may follow. An unknown placeholder
// stays as it is.
std::string fill_placeholders(std::string_view text, SeededRandom& random);

}  // namespace assay
