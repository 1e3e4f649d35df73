// What a SARIF log says of the program: its rules, and the taxonomy they refer to.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "rules/rule_set.h"

namespace assay {

inline constexpr std::string_view kInformationUri = "https://github.com/assay-scanner/assay";

// The `tool` object: every rule of the set in its order, whatever was found, and a descriptor of
// every notification. `owned`: results may name an owner.
nlohmann::ordered_json sarif_tool(const RuleSet& rules, bool owned);

// The `taxonomies` array: of CWE, the two that the rules refer to.
nlohmann::ordered_json sarif_taxonomies();

// The message string of a rule's results. Placeholders, in this order: redacted key and path; of an
// Azure Functions key app and scope, of another one what it opens, of the user's own rules neither;
// and, unless the rule goes by context only, fingerprint.
std::string result_message_string(const Rule& rule);

// The same of a result with an owner, whose name and reason come last.
std::string owned_message_string(const Rule& rule);

// How many placeholders result_message_string has.
size_t message_arguments(const Rule& rule);

}  // namespace assay
