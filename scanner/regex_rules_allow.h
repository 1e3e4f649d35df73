// Allowlists of the user's rules, compiled. For scanner/regex_rules.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/rule.h"
#include "scanner/regex_rules_regex.h"

namespace assay {

// Words of which one may stand in a text. Immutable.
class WordFinder {
 public:
  explicit WordFinder(const std::vector<std::string>& words);
  bool stands_in(std::string_view lower_text) const;

 private:
  std::unordered_map<uint32_t, std::vector<std::string>> by_begin_;  // first kBegin bytes
  std::vector<std::string> short_;
};

// What an allowlist is asked about. Texts are UTF-8 (scanner/valid_text.h).
struct AllowedText {
  std::string_view secret, match, line, path;
};

class CompiledAllowlist {
 public:
  // `list` must outlive it. Throws Error with `file` and line.
  CompiledAllowlist(const Allowlist& list, const std::string& file);
  ~CompiledAllowlist();
  CompiledAllowlist(CompiledAllowlist&&) noexcept;

  bool allows_path(std::string_view path) const;  // the whole file
  bool allows_finding(const AllowedText& text) const;
  bool needs_line() const { return list_.target == Allowlist::Target::line && regexes_ != nullptr; }

 private:
  const Allowlist& list_;
  std::unique_ptr<UserRegex> paths_, regexes_;  // all of them as one
  WordFinder words_;
};

}  // namespace assay
