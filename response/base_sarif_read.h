// What BaseSarif keeps of a SARIF log.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "response/base_sarif.h"

namespace assay {

struct ReadRun {
  std::string tool;                 // name of its driver
  std::string category;             // id of its automationDetails
  std::vector<BaseResult> results;  // without those at `absent`; their category is empty
};

struct ReadLog {
  std::string version;
  std::vector<ReadRun> runs;
  std::string fault;  // why it could not be read, half a sentence; else empty
};

// Any text may be given: memory is bounded by what of it is kept, and by the depth of its brackets,
// which is limited.
ReadLog read_sarif(std::string_view text, size_t most_results);

}  // namespace assay
