// The rule set: sorts, refuses what two rules would both report, and answers which rule a key
// belongs to.
//
//   azure-functions + master + verified  ->  AZF1001
//   azure-functions + any + signature    ->  AZF1004
#include "rules/rule_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "rules/builtin.h"
#include "rules/keys/c3id.h"
#include "rules/rule_toml.h"

namespace assay {

namespace {

// Changes when the digest's input changes its form.
constexpr std::string_view kDigestVersion = "assay rules 1";

// With its length before it, so that two fields cannot run into each other.
void append_field(std::string& out, std::string_view field) {
  fmt::format_to(std::back_inserter(out), "{}:", field.size());
  out += field;
}

bool same_keys(const Rule& a, const Rule& b) {
  return a.confidence != Confidence::context && a.confidence == b.confidence &&
         a.family == b.family && a.kind == b.kind;
}

}  // namespace

RuleSet::RuleSet(std::vector<Rule> rules) : rules_(std::move(rules)) {
  if (rules_.size() > kMaxRules) {
    throw Error(fmt::format("There are {} rules. Leave out some: {} are the most.", rules_.size(),
                            kMaxRules));
  }
  std::stable_sort(rules_.begin(), rules_.end(),
                   [](const Rule& a, const Rule& b) { return a.id < b.id; });
  for (size_t i = 1; i < rules_.size(); ++i) {
    if (rules_[i - 1].id != rules_[i].id) continue;
    throw Error(fmt::format("Two rules have the id {}. Give one of them another.", rules_[i].id));
  }
  for (const Rule& rule : rules_) {
    const bool by_key = rule.confidence != Confidence::context;
    key_families_.push_back(by_key ? find_family(rule.family) : nullptr);
    if (by_key && key_families_.back() == nullptr) {
      throw Error(fmt::format("Rule {} names the family \"{}\", which is not known.", rule.id,
                              rule.family));
    }
  }
  for (size_t i = 0; i < rules_.size(); ++i) {
    const Rule* first = key_families_[i] == nullptr
                            ? nullptr
                            : for_key(*key_families_[i], rules_[i].kind, rules_[i].confidence);
    if (first == nullptr || first == &rules_[i] || !same_keys(*first, rules_[i])) continue;
    throw Error(fmt::format("Rules {} and {} report the same keys ({}, {}, {}). Remove one.",
                            first->id, rules_[i].id, first->family, first->kind,
                            to_string(first->confidence)));
  }
  for (const KeyFamily& family : key_families()) {
    if (std::find(key_families_.begin(), key_families_.end(), &family) != key_families_.end()) {
      families_.push_back(&family);
    }
  }
}

RuleSet RuleSet::parse(std::string_view toml, std::string_view name) {
  return RuleSet(read_rules(toml, name));
}

RuleSet RuleSet::builtin() {
  std::vector<Rule> all;
  for (const BuiltinFile& file : builtin_files()) {
    std::vector<Rule> rules = read_rules(file.text, file.name);
    std::move(rules.begin(), rules.end(), std::back_inserter(all));
  }
  return RuleSet(std::move(all));
}

const Rule* RuleSet::find(std::string_view id) const {
  const auto at =
      std::lower_bound(rules_.begin(), rules_.end(), id,
                       [](const Rule& rule, std::string_view i) { return rule.id < i; });
  return at != rules_.end() && at->id == id ? &*at : nullptr;
}

const Rule* RuleSet::for_key(const KeyFamily& family, std::string_view kind,
                             Confidence confidence) const {
  for (size_t i = 0; i < rules_.size(); ++i) {
    if (key_families_[i] != &family || rules_[i].confidence != confidence) continue;
    if (confidence != Confidence::verified && kind != kMaskedKind) {
      if (rules_[i].kind != kMaskedKind) return &rules_[i];
    } else if (rules_[i].kind == kind) {
      return &rules_[i];
    }
  }
  return nullptr;
}

std::string RuleSet::digest() const {
  std::string facts;
  append_field(facts, kDigestVersion);
  for (const KeyFamily* family : families_) {
    append_field(facts, family->name);
    append_field(facts, family->signature);
    append_field(facts, fmt::format("{} {}", family->bytes, static_cast<int>(family->alphabet)));
  }
  for (const Rule& rule : rules_) {
    if (rule.patterns.empty()) continue;
    append_field(facts, rule.id);
    append_field(facts, fmt::format("{}", rule.patterns.size()));
    for (const KeywordPattern& pattern : rule.patterns) {
      append_field(facts, fmt::format("{}", pattern.keywords.size()));
      for (const std::string& keyword : pattern.keywords) append_field(facts, keyword);
      append_field(facts, pattern.regex);
    }
  }
  const auto digest = sha256(facts);
  return hex({digest.data(), digest.size()}, HexCase::lower);
}

}  // namespace assay
