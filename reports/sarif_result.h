// One finding as a SARIF result.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "scanner/finding.h"

namespace assay {

// What a result needs and its finding does not know.
struct ResultPlace {
  size_t rule_index = 0;
  size_t artifact_index = 0;
  std::string uri;          // of the artifact
  uint64_t occurrence = 1;  // among the results of this rule with this line hash on this line
};

// The value of the key never stands in it; the key's place is masked.
nlohmann::ordered_json sarif_result(const Finding& finding, const ResultPlace& place);

}  // namespace assay
