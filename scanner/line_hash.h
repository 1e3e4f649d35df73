// GitHub's fingerprint of a line, so that an alert survives edits elsewhere in the file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// `primaryLocationLineHash` of each of the 1-based `lines` (sorted, may repeat) of `text`: a
// rolling hash over the next 100 UTF-16 units from the start of the line, spaces and tabs dropped,
// `\r` and
// `\r\n` as `\n`, then `:n`, the count of equal hashes so far. Lines are counted as elsewhere here,
// by
// `\n` only; a lone `\r` is a line end to the hash alone. Source: github/codeql-action,
// src/fingerprints.ts (public). Time: one pass over the text. A line past the end gives "".
std::vector<std::string> line_hashes(std::string_view text, std::span<const uint64_t> lines);

}  // namespace assay
