// What changed between two reports, as a document.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "response/findings_diff.h"

namespace assay {

// Each appends the document to `out`, and calls `more` now and then, so that the caller can write
// `out` away. `doubts` are sentences: why a comparison cannot be trusted. Text shows the first
// places of a key and counts the rest; JSON lines have all (docs/report.md).
void write_diff_text(const FindingsDiff& diff, std::span<const std::string> doubts,
                     std::string& out, const std::function<void()>& more);
void write_diff_jsonl(const FindingsDiff& diff, std::span<const std::string> doubts,
                      std::string& out, const std::function<void()>& more);

}  // namespace assay
