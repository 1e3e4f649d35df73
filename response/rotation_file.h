// The keys that plans are made for: out of merged findings, or out of a plan that was written
// before and in which a person filled in the blanks.
#pragma once

#include <string_view>
#include <vector>

#include "response/incident.h"
#include "response/rotation.h"

namespace assay {

struct RotationInput {
  RotationCase about;
  const Rule* rule = nullptr;  // null: this program does not know it
};

// A key each, in the order of the incident, which must outlive nothing. The inventory may be null.
std::vector<RotationInput> rotation_inputs(const Incident& incident, const Inventory* inventory);

// Whether the text begins as a file of plans does.
bool is_rotation_file(std::string_view text);

// Reads what reports/rotation_json.h writes, at most 16 MiB: the facts of each plan. Its steps are
// made anew, so no command of the file is ever taken over. Throws Error with the name, the reason
// and a remedy, also for a fact that cannot be one.
std::vector<RotationInput> parse_rotation_file(std::string_view text, std::string_view name,
                                               const RuleSet& rules);

}  // namespace assay
