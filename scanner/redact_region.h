// What to change in a text so that one key is gone from it and all around it stays as it was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/finding.h"

namespace assay {

// The bytes [begin, end) of a blob give way to `text`.
struct Edit {
  uint64_t begin = 0;
  uint64_t end = 0;
  std::string text;
};

// What stands in the place of the key: `AZF1002:<C3ID>`, `AZF1005:redacted` where there is no
// fingerprint. Holds no quote, comma, backslash, blank or control character.
std::string redaction_token(const Finding& finding);

// Appends the edits that take the key of `finding` out of `text`, whose first byte stands at `base`
// in the blob, ascending, none overlapping another. The finding's region must lie in `text`.
// - Where the key stands in one piece, one edit puts the token there.
// - In several pieces (wrapped lines, two strings), the first becomes the token, the others vanish,
//   and what stands between them stays.
// - In UTF-16 and UTF-32 the token is written likewise; of bytes in a list (`65, 122`, `41 7a`)
// each
//   is replaced by a byte of the token, then of `*`, so that the list keeps its form and length.
// - Of a hexadecimal listing the bytes become those of the token likewise, and so does what its
// text
//   column shows of the key.
void redact_region(const Finding& finding, std::string_view text, uint64_t base,
                   std::vector<Edit>& edits);

}  // namespace assay
