// Putting damaged keys right, and finding masked ones again, by their checksum.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/keys/identify.h"

namespace assay {

// How much work one text is worth. `scan`: at most about 30,000 checksums (a millisecond), for what
// stands in scanned bytes. `full`: up to 2^26, about two seconds, for `assay inspect`.
enum class Effort { scan, full };

// A whole key that a damaged or masked text may have been.
struct Repaired {
  const KeyFamily* family = nullptr;
  const KeySeed* seed = nullptr;
  Secret key;          // canonical text; its checksum holds under `seed`
  std::string damage;  // what was wrong: "one character replaced", "two neighbours swapped"
};

struct Repair {
  // Distinct keys, those with the least damage: a class of more damage is tried only where less
  // gives none. One: the text was this key. Several: ambiguous. At most 16 are kept; `found` counts
  // all.
  std::vector<Repaired> answers;
  uint64_t found = 0;
  uint64_t tried = 0;    // candidates whose checksum was computed, over all seeds once
  double by_chance = 0;  // how many of those would hold by chance: tried * proof_by_chance
  // A class had more candidates than the effort allows, so not all were tried: many look-alikes,
  // the case of a whole key.
  bool cut_short = false;
};

// Repairs a text that is meant to be one key of `family` and nothing else. Damages, from the least:
// padding lost or doubled, wrong alphabet; one character replaced; one lost; one too many; two
// neighbours swapped; look-alikes (0/O, 1/l/I, 5/S …), any number of them; case folded; two
// characters replaced; pieces in the wrong order. A text whose checksum holds is no damage: it
// comes back with an empty `damage`, and a valid key is never made into another. Of families that
// are not is_identifiable() only whole keys come back, with their padding and alphabet put right.
// Any thread.
Repair repair(const KeyFamily& family, std::string_view text, Effort effort);

// As above, over all families whose length and signature are near enough, with one limit for all.
Repair repair(std::string_view text, Effort effort);

// What a mask left of a key.
struct Unmasked {
  const KeyFamily* family = nullptr;
  size_t masked = 0;        // characters that the mask covers
  uint64_t candidates = 0;  // keys that it may be, as counted or, where it was too much to try, as
                            // expected; at least 1
  bool counted = false;     // all were tried
  uint64_t tried = 0;
  double by_chance = 0;
  std::vector<Repaired> keys;  // up to 3 of them; where !counted none
};

// Whether `text`, a key with some characters hidden, gives the key away. The last four bytes are a
// function of all before: with the first digits up to the signature's end legible, there are as
// many candidates as seeds; and where checksum and all but at most four other characters are
// legible, those can be tried. A mask is a run of `*`, `x`, `X`, `#`, `.`, `•`, `…`, `█`, `?` or
// `_` within the place of a digit (one for one), or, at the end of the text, anything that is no
// digit (`…`, `[REDACTED]`, `***`) in place of all that follows. Empty where nothing is hidden or
// too much is. Any thread.
std::optional<Unmasked> unmask(const KeyFamily& family, std::string_view text, Effort effort);
std::optional<Unmasked> unmask(std::string_view text, Effort effort);

}  // namespace assay
