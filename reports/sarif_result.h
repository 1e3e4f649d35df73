// One finding as a SARIF result.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "response/base_sarif.h"
#include "response/owner.h"

namespace assay {

// What a result needs and its finding does not know.
struct ResultPlace {
  size_t rule_index = 0;
  std::string uri;
  std::string_view base = {};            // id of the base that `uri` is relative to
  std::optional<size_t> artifact_index;  // of a member of an archive: none
  OwnerAnswer owner = {};
  uint64_t occurrence = 1;    // among the results of this rule with this line hash on this line
  bool suppressions = false;  // told of each result of the run, or of none
  bool baseline = false;      // likewise
};

// The value of the key never stands in it; the key's place is masked. `logical_locations` is an
// array of them, which may be empty.
nlohmann::ordered_json sarif_result(const Finding& finding, const ResultPlace& place,
                                    nlohmann::ordered_json&& logical_locations);

// A result of an earlier log that is not there any more. Of `place` the uri and the index of the
// artifact do not count: what the log says is checked, and every key in it redacted.
nlohmann::ordered_json sarif_absent_result(const BaseResult& gone, const Rule& rule,
                                           const ResultPlace& place);

}  // namespace assay
