// A rule of the user's own as the rest of the program knows rules.
#pragma once

#include <string>
#include <string_view>

#include "rules/rule.h"

namespace assay {

// No id is longer.
inline constexpr size_t kMaxCustomId = 200;

// A rule with that id, which has no blanks and no control characters. What the user does not say of
// it is general: what to do, severity 7.0, level warning. `description` may be empty.
Rule custom_rule(std::string_view id, std::string_view description, RegexRule regex);

// An id in Pascal case, as check_name wants it, and never the id itself:
// aws-access-token → AwsAccessToken.
std::string custom_name(std::string_view id);

}  // namespace assay
