// Rules as TOML. The shape is described in docs/rules.md.
#pragma once

#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace assay {

// Reads the rules of one text, in its order. Throws Error (rules/rule_set.h) with `name`, line, key
// and what is allowed, at the first thing that is wrong: bad syntax, an unknown key, a missing
// field, a value out of range, an id that stands twice in this text. Whether a regex compiles is
// not looked at: the scanner knows that. At most kMaxRuleFile bytes and kMaxRules rules.
std::vector<Rule> read_rules(std::string_view toml, std::string_view name);

inline constexpr size_t kMaxRuleFile = size_t{1} << 20;
inline constexpr size_t kMaxRules = 10000;

}  // namespace assay
