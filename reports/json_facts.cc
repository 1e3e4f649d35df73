// What is not known is left out, and what comes from the input is made valid UTF-8: nlohmann's
// writer would else replace or refuse it as it likes.
#include "reports/json_facts.h"

#include <nlohmann/json.hpp>

#include "reports/format.h"

namespace assay {

void add_known(const char* name, const std::string& value, nlohmann::ordered_json& object) {
  if (!value.empty()) object[name] = valid_utf8(value);
}

nlohmann::ordered_json names_of(const std::vector<std::string>& names) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const std::string& name : names) out.push_back(valid_utf8(name));
  return out;
}

}  // namespace assay
