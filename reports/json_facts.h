// Facts as members of a JSON object: what the JSON formats write the same way.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/finding.h"

namespace assay {

// Adds `value` as valid UTF-8; an empty one is not known and left out.
void add_known(const char* name, const std::string& value, nlohmann::ordered_json& object);

// An array of these names, each as valid UTF-8.
nlohmann::ordered_json names_of(const std::vector<std::string>& names);

// Facts of a finding with the names of docs/report-fields.md; what is not known is left out.
nlohmann::ordered_json json_of(const KeyContext& context);
nlohmann::ordered_json json_of(const Record& record);
nlohmann::ordered_json json_of(const GitFacts& git);
nlohmann::ordered_json json_of(const Damage& damage);
nlohmann::ordered_json location_json(const Finding& finding);

// Appends `json` as one line that stays a line, and that a terminal or a build agent's log can be
// shown.
void add_json_line(const nlohmann::ordered_json& json, std::string& out);

}  // namespace assay
