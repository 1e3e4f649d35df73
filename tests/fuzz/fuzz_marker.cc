// The text around a key: whatever stands there, a marker is one of the known words outside of the
// key, and its reason may stand in a report.
#include "scanner/inline_marker.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  const size_t at = input.below(4096), length = input.below(200);
  const std::string text = make_text(input);
  const size_t begin = std::min(at, text.size()), end = std::min(begin + length, text.size());
  const auto marker = assay::read_marker(text, begin, end);
  // What stands within the key, or further away than is looked, changes nothing.
  std::string other = text;
  std::fill(other.begin() + static_cast<long>(begin), other.begin() + static_cast<long>(end), 'x');
  const auto same = assay::read_marker(other, begin, end);
  check((marker == nullptr) == (same == nullptr), "a key holds no marker");
  const size_t from = begin - std::min(begin, assay::kMarkerReach);
  if (from > 0) {
    const auto near = assay::read_marker("~" + text.substr(from), begin - from + 1, end - from + 1);
    check(marker == nullptr || near != nullptr, "what is further away does not matter");
  }
  if (marker == nullptr) return 0;
  check(same->word == marker->word && same->line == marker->line, "a key changes no marker");
  check(marker->line <= 1, "a marker stands on the line or the one before");
  check(is_utf8(marker->reason) && !holds_control(marker->reason), "a reason acts on no terminal");
  check(!holds_proven_key(marker->reason), "a reason holds no key");
  check(marker->reason.size() <= 4 * assay::kMostReason, "a reason is short");
  check(!is_foreign(*marker) || (marker->reason.empty() && marker->rule.empty()),
        "the words of others have no reason");
  return 0;
}
