// Where in a repository's history a key stands, in words; shared by the formats for people.
#pragma once

#include <string>
#include <string_view>

#include "scanner/finding.h"

namespace assay {

// Whether the key is in the index only: it can still be kept out of the history.
bool only_staged(const Finding& finding);

// Whether the finding's place is one of a file that a reader has before him: no repository at all,
// or a file's text at HEAD or in the index.
bool stands_in_file(const Finding& finding);

// The commit that brought it: "1a2b3c4d5e of 2025-11-02 by Dana". Printable and of bounded length;
// empty if it is not known.
std::string origin(const GitFacts& git);

// "at HEAD since 1a2b3c4d5e of 2025-11-02 by Dana", or "came with 1a2b3c4d5e of 2025-11-02 by Dana,
// removed by 9f8e7d6c5b; still in the history of main, v1.0 and 3 more". Printable and of bounded
// length. `no_ref` is said of what neither HEAD nor a branch nor a tag holds.
inline constexpr std::string_view kNoRef = "in no branch or tag";
std::string history(const GitFacts& git, std::string_view no_ref = kNoRef);

}  // namespace assay
