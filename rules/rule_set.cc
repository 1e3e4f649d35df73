// The rule set: sorts, refuses what two rules would both report, and answers which rule a key
// belongs to.
//
//   azure-functions + master + verified  ->  AZF1001
//   azure-functions + any + signature    ->  AZF1004
//   azure-storage + any + signature      ->  AZK2000, which stands for all Azure families
//
// The answers are worked out once, beside the rows of key_families() and their seeds: the scan asks
// for every candidate.
#include "rules/rule_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

#include "rules/keys/c3id.h"
#include "rules/rule_toml.h"

namespace assay {

namespace {

// Changes when the digest's input changes its form.
constexpr std::string_view kDigestVersion = "assay rules 2";

// With its length before it, so that two fields cannot run into each other.
void append_field(std::string& out, std::string_view field) {
  fmt::format_to(std::back_inserter(out), "{}:", field.size());
  out += field;
}

// What two rules must not share: the keys that they report.
auto keys_of(const Rule& rule) { return std::tie(rule.confidence, rule.family, rule.kind); }

void refuse_double_ids(const std::vector<Rule>& rules) {
  const auto twice = std::adjacent_find(rules.begin(), rules.end(),
                                        [](const Rule& a, const Rule& b) { return a.id == b.id; });
  if (twice == rules.end()) return;
  throw Error(fmt::format("Two rules have the id {}. Give one of them another.", twice->id));
}

void refuse_double_keys(const std::vector<Rule>& rules) {
  std::vector<const Rule*> by_key;
  for (const Rule& rule : rules) {
    if (rule.confidence == Confidence::context) continue;
    if (!is_family_name(rule.family) && rule.family != kAnyAzure && rule.family != kAnyToken) {
      throw Error(fmt::format("Rule {} names the family \"{}\", which is not known.", rule.id,
                              rule.family));
    }
    by_key.push_back(&rule);
  }
  std::stable_sort(by_key.begin(), by_key.end(),
                   [](const Rule* a, const Rule* b) { return keys_of(*a) < keys_of(*b); });
  const auto twice =
      std::adjacent_find(by_key.begin(), by_key.end(),
                         [](const Rule* a, const Rule* b) { return keys_of(*a) == keys_of(*b); });
  if (twice == by_key.end()) return;
  const Rule& rule = **twice;
  throw Error(fmt::format("Rules {} and {} report the same keys ({}, {}, {}). Remove one.", rule.id,
                          twice[1]->id, rule.family, rule.kind, to_string(rule.confidence)));
}

}  // namespace

RuleSet::RuleSet(std::vector<Rule> rules) : rules_(std::move(rules)) {
  if (rules_.size() > kMaxRules) {
    throw Error(fmt::format("There are {} rules. Leave out some: {} are the most.", rules_.size(),
                            kMaxRules));
  }
  const auto by_id = [](const Rule& a, const Rule& b) { return a.id < b.id; };
  // The program's own stand in order, and moving them would cost each start more than looking.
  if (!std::is_sorted(rules_.begin(), rules_.end(), by_id)) {
    std::stable_sort(rules_.begin(), rules_.end(), by_id);
  }
  refuse_double_ids(rules_);
  refuse_double_keys(rules_);
  for (const KeyFamily& family : key_families()) {
    of_families_.push_back(of_family(family));
    if (of_families_.back().any()) families_.push_back(&family);
  }
}

bool RuleSet::OfFamily::any() const {
  const auto some = [](int32_t place) { return place != kNone; };
  return unknown != kNone || masked != kNone ||
         std::any_of(verified.begin(), verified.end(), some) ||
         std::any_of(by_form.begin(), by_form.end(), some);
}

RuleSet::OfFamily RuleSet::of_family(const KeyFamily& family) const {
  const std::string_view any = family.is_azure() ? kAnyAzure : kAnyToken;
  OfFamily of;
  of.verified.assign(family.seeds.size(), kNone);
  of.by_form.assign(family.seeds.size(), kNone);
  std::vector<int32_t> unknown_of_seed = of.by_form;
  int32_t any_unknown = kNone;
  int32_t any_masked = kNone;
  for (size_t i = 0; i < rules_.size(); ++i) {
    const Rule& rule = rules_[i];
    if (rule.confidence == Confidence::context) continue;
    const bool verified = rule.confidence == Confidence::verified;
    const bool unknown = !verified && rule.kind == "unknown";
    const bool masked = !verified && rule.kind == kMaskedKind;
    const auto place = static_cast<int32_t>(i);
    if (unknown && rule.family == family.name) of.unknown = place;
    if (masked && rule.family == family.name) of.masked = place;
    if (unknown && rule.family == any) any_unknown = place;
    if (masked && rule.family == any) any_masked = place;
    for (size_t s = 0; s < family.seeds.size(); ++s) {
      const KeySeed& seed = family.seeds[s];
      if (rule.family != family_name(family, seed)) continue;
      if (unknown) unknown_of_seed[s] = place;
      if (rule.kind != seed.kind) continue;
      if (verified) of.verified[s] = place;
      // Rows with and without a checksum may share name and kind: client secrets of two forms.
      const bool by_form = verified ? rule.takes_unproven : family.scheme == KeyScheme::none;
      if (by_form) of.by_form[s] = place;
    }
  }
  for (size_t s = 0; s < family.seeds.size(); ++s) {
    if (of.by_form[s] == kNone) of.by_form[s] = unknown_of_seed[s];
  }
  if (of.unknown == kNone) of.unknown = any_unknown;
  if (of.masked == kNone) of.masked = any_masked;
  return of;
}

RuleSet RuleSet::parse(std::string_view toml, std::string_view name) {
  return RuleSet(read_rules(toml, name));
}

const Rule* RuleSet::find(std::string_view id) const {
  const auto at =
      std::lower_bound(rules_.begin(), rules_.end(), id,
                       [](const Rule& rule, std::string_view i) { return rule.id < i; });
  return at != rules_.end() && at->id == id ? &*at : nullptr;
}

const Rule* RuleSet::at(int32_t place) const {
  return place == kNone ? nullptr : &rules_[static_cast<size_t>(place)];
}

const Rule* RuleSet::for_key(const KeyFamily& family, const KeySeed* seed, Confidence confidence,
                             bool masked) const {
  const auto row = static_cast<size_t>(&family - key_families().data());
  if (confidence == Confidence::context || row >= of_families_.size()) return nullptr;
  const OfFamily& of = of_families_[row];
  if (confidence == Confidence::signature && masked) return at(of.masked);
  int32_t place = kNone;
  if (seed != nullptr) {
    const auto column = static_cast<size_t>(seed - family.seeds.data());
    if (column >= family.seeds.size()) return nullptr;
    place = (confidence == Confidence::verified ? of.verified : of.by_form)[column];
  }
  if (confidence == Confidence::signature && place == kNone) place = of.unknown;
  return at(place);
}

std::string RuleSet::digest() const {
  std::string facts;
  append_field(facts, kDigestVersion);
  for (const KeyFamily* family : families_) {
    append_field(facts, family->name);
    append_field(facts, family->signature);
    append_field(facts,
                 fmt::format("{} {} {} {}", family->signature_at, family->length,
                             static_cast<int>(family->alphabet), static_cast<int>(family->scheme)));
  }
  for (const Rule& rule : rules_) {
    if (rule.patterns.empty() && rule.regex == nullptr) continue;
    append_field(facts, rule.id);
    if (rule.regex != nullptr) {
      append_field(facts, rule.regex->regex);
      append_field(facts, rule.regex->path);
      append_field(facts, fmt::format("{} {}", rule.regex->secret_group, rule.regex->entropy));
      for (const std::string& keyword : rule.regex->keywords) append_field(facts, keyword);
    }
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
