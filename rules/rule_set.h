// The rules of a run: read from TOML, checked, in a fixed order.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace assay {

// The program cannot start, or a command cannot do its work: a sentence that names the input, the
// reason and the remedy. Caught once, in main. An input that fails is a Diagnostic, not an Error.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Immutable once built, shared by all threads, and it must outlive every finding of the run (they
// point at its rules). Order: by id. Unique ids.
class RuleSet {
 public:
  // The rules that come with the program (rules/builtin/*.toml, embedded when it is built).
  static RuleSet builtin();

  // Rules of one TOML text; `name` stands in the messages. Throws Error with name, line and reason
  // at a syntax error, an unknown key, a missing or wrong field, a bad id or a double one.
  static RuleSet parse(std::string_view toml, std::string_view name);

  explicit RuleSet(std::vector<Rule> rules);

  // Not of a temporary: a loop over RuleSet::builtin().rules() would run over freed rules.
  std::span<const Rule> rules() const& { return rules_; }
  std::span<const Rule> rules() const&& = delete;
  const Rule* find(std::string_view id) const;
  size_t index_of(const Rule& rule) const { return static_cast<size_t>(&rule - rules_.data()); }

  // The rule that reports a key of this family, kind and confidence, or null. At confidence
  // `signature` the kind is kMaskedKind, or any other for all keys that are not masked. The hot
  // path.
  const Rule* for_key(const KeyFamily& family, std::string_view kind, Confidence confidence) const;

  // Families that at least one rule reports, in the order of key_families().
  std::span<const KeyFamily* const> families() const { return families_; }

  // SHA-256 over what decides where candidates stand (signatures, keywords, regexes), in
  // hexadecimal: the same rules give the same compiled database.
  std::string digest() const;

 private:
  std::vector<Rule> rules_;
  // Beside each of rules_: the family whose keys it reports, null where it reports by context only.
  std::vector<const KeyFamily*> key_families_;
  std::vector<const KeyFamily*> families_;
};

}  // namespace assay
