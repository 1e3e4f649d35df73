// Markdown for the page of a CI job: counts, the worst keys, and what was not scanned.
#pragma once

#include <string>
#include <string_view>

namespace assay {

// What the document has at most, in bytes: GitHub shows no summary that is larger.
inline constexpr size_t kMostSummary = size_t{1} << 20;

// Any bytes as one line of text in Markdown: no markup, no HTML, no link, no mention, no cell's
// end.
std::string markdown_text(std::string_view bytes);

}  // namespace assay
