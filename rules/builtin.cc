// The program's own rules: copied from constants, with no file to read.
#include "rules/builtin.h"

#include "rules/rule_set.h"

namespace assay {

namespace {

std::vector<std::string> strings(BuiltinTexts texts) { return {texts.begin(), texts.end()}; }

Rule rule_of(const BuiltinRule& from) {
  Rule rule;
  rule.id = from.id;
  rule.name = from.name;
  rule.family = from.family;
  rule.kind = from.kind;
  rule.title = from.title;
  rule.description = from.description;
  rule.impact = from.impact;
  rule.help_uri = from.help_uri;
  rule.confidence = from.confidence;
  rule.takes_unproven = from.takes_unproven;
  rule.level = from.level;
  rule.security_severity = from.security_severity;
  rule.rank = from.rank;
  rule.precision = from.precision;
  for (const BuiltinPattern& pattern : from.patterns) {
    rule.patterns.push_back({strings(pattern.keywords), std::string(pattern.regex),
                             pattern.value_follows, pattern.needs_functions_host});
  }
  rule.min_distinct = from.min_distinct;
  rule.rotation_summary = from.rotation_summary;
  rule.rotation.reserve(from.rotation.size());
  for (const BuiltinSteps& steps : from.rotation) {
    rule.rotation.push_back({steps.scope, strings(steps.steps)});
  }
  rule.examples = strings(from.examples);
  rule.counter_examples = strings(from.counter_examples);
  return rule;
}

}  // namespace

RuleSet RuleSet::builtin() {
  std::vector<Rule> rules;
  rules.reserve(builtin_rules().size());
  for (const BuiltinRule& rule : builtin_rules()) rules.push_back(rule_of(rule));
  return RuleSet(std::move(rules));
}

}  // namespace assay
