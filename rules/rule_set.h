// The rules of a run: read from TOML, checked, in a fixed order.
#pragma once

#include <cstdint>
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
  // The rules that come with the program: rules/builtin/*.toml, read when it was built.
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

  // The rule that reports a key, or null. The hot path.
  // - verified: `seed` is the one under which the checksum holds.
  // - signature: the rule of kMaskedKind if `masked`; else that of the seed's own kind, where the
  //   form tells it (`seed` not null) and the rule takes unproven keys; else the family's rule of
  //   kind "unknown", else that of all families (kAnyAzure, kAnyToken).
  const Rule* for_key(const KeyFamily& family, const KeySeed* seed, Confidence confidence,
                      bool masked = false) const;

  // Families that at least one rule reports, in the order of key_families().
  std::span<const KeyFamily* const> families() const { return families_; }

  // What all of the user's rules have in common: allowlists of the file.
  std::span<const Allowlist> allowlists() const { return allowlists_; }
  void set_allowlists(std::vector<Allowlist> lists) { allowlists_ = std::move(lists); }

  // SHA-256 over what decides where candidates stand (signatures, keywords, regexes), in
  // hexadecimal. Reports name it: two runs with the same one looked for the same.
  std::string digest() const;

 private:
  static constexpr int32_t kNone = -1;
  // Which of rules_ report the keys of a family, by their places, or kNone.
  struct OfFamily {
    std::vector<int32_t> verified, by_form;  // beside the family's seeds
    int32_t unknown = kNone;
    int32_t masked = kNone;
    bool any() const;
  };
  OfFamily of_family(const KeyFamily& family) const;
  const Rule* at(int32_t place) const;

  std::vector<Rule> rules_;
  std::vector<OfFamily> of_families_;  // beside key_families()
  std::vector<const KeyFamily*> families_;
  std::vector<Allowlist> allowlists_;
};

}  // namespace assay
