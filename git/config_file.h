// The syntax of git's configuration files, and nothing of what they make git do.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace assay {

// Calls `entry` for each variable in order. `section` is in lower case but for the part in quotes:
// `remote.origin`; `key` is in lower case; a variable without `=` has the value "true". Includes
// are variables like others: nothing is followed. False, with `line` set, at a line that git would
// refuse. Linear in the text.
bool parse_config(std::string_view text, size_t& line,
                  const std::function<void(std::string_view section, std::string_view key,
                                           std::string&& value)>& entry);

// What git takes for true: true, yes, on, and numbers but 0.
bool is_true(std::string_view value);

}  // namespace assay
