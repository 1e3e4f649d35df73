// One file of gitleaks' configuration, as it stands: before what it extends is looked at.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace assay {

struct GitleaksRule {
  std::string id, description;  // as they stand; may be empty
  RegexRule regex;              // its regex and path may be empty: see GitleaksFile
};

struct GitleaksAllowlist {
  Allowlist list;
  std::vector<std::string> targets;  // ids of rules; none: all
};

// Rules may be incomplete: gitleaks completes them by those of the file that this one extends.
struct GitleaksFile {
  std::string name;
  std::vector<GitleaksRule> rules;  // unique ids, in the file's order
  std::vector<GitleaksAllowlist> allowlists;
  std::string extend_path;
  bool use_default = false;
  std::vector<std::string> disabled;  // ids of the extended file
  size_t extend_line = 0;
};

// Reads a file as viper and gitleaks 8 do: keys in any case, numbers and lists written as strings
// taken for what they mean, unknown keys ignored (a sentence in `warnings` each). Throws Error with
// name and line for what gitleaks refuses in one file.
GitleaksFile read_gitleaks(std::string_view toml, std::string_view name,
                           std::vector<std::string>& warnings);

}  // namespace assay
