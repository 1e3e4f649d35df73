// One finding as a SARIF result.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "response/owner.h"

namespace assay {

// What a result needs and its finding does not know.
struct ResultPlace {
  size_t rule_index = 0;
  std::string uri;
  std::string_view base = {};            // id of the base that `uri` is relative to
  std::optional<size_t> artifact_index;  // of a member of an archive: none
  OwnerAnswer owner = {};
  uint64_t occurrence = 1;  // among the results of this rule with this line hash on this line
};

// The value of the key never stands in it; the key's place is masked. `logical_locations` is an
// array of them, which may be empty.
nlohmann::ordered_json sarif_result(const Finding& finding, const ResultPlace& place,
                                    nlohmann::ordered_json&& logical_locations);

}  // namespace assay
