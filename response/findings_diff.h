// What two reports of the same input, an old and a new one, say of each key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "response/findings_file.h"

namespace assay {

enum class Change { appeared, gone, still_there };
std::string_view to_string(Change change);  // new, gone, still_there

// A key and its places. Lines move as files are edited: a place whose line is another one now is
// still there, if its path holds the key as often as before.
struct KeyChange {
  Change change = Change::still_there;
  const ToldFinding* told = nullptr;  // of the new report, or the old one where it is gone
  std::vector<const ToldFinding*> appeared, gone, still_there;
};

struct FindingsDiff {
  std::vector<KeyChange> keys;  // new ones, gone ones, those still there; each as in their report
  uint64_t keys_by_change[3] = {0, 0, 0};    // beside Change
  uint64_t places_by_change[3] = {0, 0, 0};  // likewise
  uint64_t suppressed[2] = {0, 0};           // findings of the old and the new one, left out
};

// Compares by fingerprint; without one by rule, redacted form and path. A path at which either
// report suppresses a key is left out for that key: accepted is neither new nor gone. Points into
// both files.
FindingsDiff compare_findings(const FindingsFile& before, const FindingsFile& after);

}  // namespace assay
