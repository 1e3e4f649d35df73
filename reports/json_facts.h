// Facts as members of a JSON object: what the JSON formats write the same way.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace assay {

// Adds `value` as valid UTF-8; an empty one is not known and left out.
void add_known(const char* name, const std::string& value, nlohmann::ordered_json& object);

// An array of these names, each as valid UTF-8.
nlohmann::ordered_json names_of(const std::vector<std::string>& names);

}  // namespace assay
