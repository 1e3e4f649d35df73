// What is wrong with one field of a rule. For rule_toml.cc.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rules/keys/identify.h"

namespace assay {

// SARIF's readers cut longer texts.
inline constexpr size_t kMaxDescription = 1024;
inline constexpr size_t kMaxTitle = 120;
inline constexpr size_t kMinKeyword = 4;
inline constexpr size_t kMaxKeyword = 64;

// Each returns the rest of a sentence that begins with the field's name, with the remedy; or
// nothing if the value is right.
std::string check_id(std::string_view id);
std::string check_name(std::string_view name);
std::string check_prose(std::string_view text, size_t limit);
std::string check_title(std::string_view title);
std::string check_uri(std::string_view uri);
std::string check_precision(std::string_view precision);
std::string check_security_severity(std::string_view severity);
std::string check_family_name(std::string_view name);
std::string check_known_family(std::string_view name);
std::string check_kind(std::string_view family, std::string_view kind, Confidence confidence);
std::string check_keyword(std::string_view keyword);
std::string check_regex(std::string_view regex);
std::string check_step(std::string_view step);

inline constexpr std::string_view kKindNeedsProof =
    "must be \"unknown\": without a checksum that holds, no kind is known. Of rules at confidence "
    "signature it may be \"masked\", or the kind of a family that has no checksum.";

// The first line whose keys or brackets nest deeper than any rule file needs, or 0. toml++ 3.3.0
// destroys tables by recursion, so `a.a.a…` a hundred thousand times ends the program.
size_t line_nested_too_deep(std::string_view toml);

}  // namespace assay
