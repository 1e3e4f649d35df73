// Reads rules from TOML, strictly: what is not known or not right is an Error with file, line, key
// and what is allowed.
//
//   [[rule]]
//   id = "AZ1"
//
//   my.toml:2: id "AZ1" is no rule id. Write three capitals and four digits, like AZF1001.
#include "rules/rule_toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "rules/rule_check.h"
#include "rules/rule_set.h"
#include "rules/toml_text.h"

namespace assay {

namespace {

constexpr size_t kMaxEntries = 256;  // of one array

constexpr std::array<std::string_view, 19> kRuleKeys = {"id",
                                                        "name",
                                                        "title",
                                                        "family",
                                                        "kind",
                                                        "confidence",
                                                        "level",
                                                        "rank",
                                                        "precision",
                                                        "impact",
                                                        "description",
                                                        "security_severity",
                                                        "help_uri",
                                                        "pattern",
                                                        "min_distinct",
                                                        "rotation",
                                                        "examples",
                                                        "counter_examples",
                                                        "takes_unproven"};
constexpr std::array<std::string_view, 4> kPatternKeys = {"keywords", "regex", "value_follows",
                                                          "needs_functions_host"};
constexpr std::array kScopes = {Scope::unknown, Scope::host, Scope::function, Scope::app,
                                Scope::extension};
constexpr std::array kLevels = {Level::note, Level::warning, Level::error};
constexpr std::array kConfidences = {Confidence::verified, Confidence::signature,
                                     Confidence::context};

// Reads the tables of one text.
class Reader : public TomlReader {
 public:
  using TomlReader::TomlReader;

  Rule rule(const toml::table& table);

 private:
  // One line of a report or more: no control characters, at most `limit` bytes.
  std::string prose(const toml::table& table, std::string_view key, size_t limit) const {
    const toml::node& node = required(table, key);
    std::string value = text(node, key);
    check(node, key, check_prose(value, limit));
    return value;
  }

  std::vector<std::string> entries(const toml::table& table, std::string_view key) const {
    return texts(required(table, key), key, kMaxEntries);
  }

  // The one of `values` that the text names.
  template <typename Values>
  auto word(const toml::table& table, std::string_view key, const Values& values) const {
    const toml::node& node = required(table, key);
    const std::string name = text(node, key);
    std::vector<std::string_view> allowed;
    for (const auto value : values) {
      if (name == to_string(value)) return value;
      allowed.push_back(to_string(value));
    }
    fail(line_of(node), fmt::format("{} {}", key, unknown_word(name, allowed)));
  }

  // A string that `complaint_about` finds nothing wrong with.
  template <typename Check>
  std::string checked(const toml::table& table, std::string_view key, Check complaint_about) const {
    const toml::node& node = required(table, key);
    std::string value = text(node, key);
    const std::string complaint = complaint_about(value);
    if (!complaint.empty()) check(node, fmt::format("{} {}", key, quoted(value)), complaint);
    return value;
  }

  void read_numbers(const toml::table& table, Rule& rule) const;
  void read_keys_of_rule(const toml::table& table, Rule& rule) const;
  void read_patterns(const toml::table& table, Rule& rule) const;
  KeywordPattern pattern(const toml::table& table) const;
  void read_rotation(const toml::node& node, Rule& rule) const;

  std::map<std::string, size_t, std::less<>> lines_of_ids_;
};

Rule Reader::rule(const toml::table& table) {
  check_keys(table, kRuleKeys);
  Rule rule;
  rule.id = checked(table, "id", check_id);
  const size_t line = line_of(*table.get("id"));
  const auto [known, is_new] = lines_of_ids_.emplace(rule.id, line);
  if (!is_new) {
    fail(line, fmt::format("id \"{}\" stands in line {} already. Choose one that was never used.",
                           rule.id, known->second));
  }
  rule.name = checked(table, "name", check_name);
  rule.title = prose(table, "title", kMaxTitle);
  check(*table.get("title"), "title", check_title(rule.title));
  rule.description = prose(table, "description", kMaxDescription);
  rule.impact = prose(table, "impact", kMaxDescription);
  rule.help_uri = checked(table, "help_uri", check_uri);
  rule.level = word(table, "level", kLevels);
  rule.precision = checked(table, "precision", check_precision);
  read_numbers(table, rule);
  read_keys_of_rule(table, rule);
  read_patterns(table, rule);
  read_rotation(required(table, "rotation"), rule);
  rule.examples = entries(table, "examples");
  rule.counter_examples = entries(table, "counter_examples");
  return rule;
}

void Reader::read_numbers(const toml::table& table, Rule& rule) const {
  rule.security_severity = checked(table, "security_severity", check_security_severity);
  const toml::node& rank = required(table, "rank");
  rule.rank = rank.value<double>().value_or(-1);
  if (!rank.is_number() || !(rule.rank >= 0 && rule.rank <= 100)) {
    fail(line_of(rank), "rank must be a number from 0 to 100.");
  }
  rule.min_distinct = whole_number(table, "min_distinct", 1, 64).value_or(0);
}

// Which keys the rule reports: family, kind and confidence must fit together.
void Reader::read_keys_of_rule(const toml::table& table, Rule& rule) const {
  rule.confidence = word(table, "confidence", kConfidences);
  rule.family = checked(table, "family", check_family_name);
  rule.kind = checked(table, "kind", check_family_name);
  rule.takes_unproven = flag(table, "takes_unproven").value_or(false);
  if (rule.takes_unproven && rule.confidence != Confidence::verified) {
    fail(line_of(*table.get("takes_unproven")),
         "takes_unproven is for rules whose confidence is \"verified\".");
  }
  if (rule.confidence == Confidence::context) {
    check(*table.get("kind"), "kind", rule.kind == "unknown" ? "" : kKindNeedsProof);
    return;
  }
  check(*table.get("family"), "family", check_known_family(rule.family));
  check(*table.get("kind"), "kind", check_kind(rule.family, rule.kind, rule.confidence));
}

void Reader::read_patterns(const toml::table& table, Rule& rule) const {
  const toml::node* node = table.get("pattern");
  if (rule.confidence != Confidence::context) {
    if (node == nullptr) node = table.get("min_distinct");
    if (node == nullptr) return;
    fail(line_of(*node), "pattern and min_distinct are for rules whose confidence is \"context\".");
  }
  if (node == nullptr) fail(line_of(table), "pattern is missing. Add a [[rule.pattern]].");
  for (const toml::table* each : tables(table, "pattern", kMaxEntries)) {
    rule.patterns.push_back(pattern(*each));
  }
}

KeywordPattern Reader::pattern(const toml::table& table) const {
  check_keys(table, kPatternKeys);
  KeywordPattern pattern;
  const toml::node& keywords = required(table, "keywords");
  pattern.keywords = texts(keywords, "keywords", kMaxEntries);
  for (const std::string& keyword : pattern.keywords) {
    check(keywords, "keywords", check_keyword(keyword));
    if (std::count(pattern.keywords.begin(), pattern.keywords.end(), keyword) > 1) {
      fail(line_of(keywords), fmt::format("keywords hold {} twice.", quoted(keyword)));
    }
  }
  pattern.regex = text(required(table, "regex"), "regex");
  check(*table.get("regex"), "regex", check_regex(pattern.regex));
  pattern.value_follows = flag(table, "value_follows").value_or(false);
  pattern.needs_functions_host = flag(table, "needs_functions_host").value_or(false);
  return pattern;
}

void Reader::read_rotation(const toml::node& node, Rule& rule) const {
  const toml::table* table = node.as_table();
  if (table == nullptr) fail(line_of(node), "rotation must be a table [rule.rotation].");
  std::vector<std::string_view> allowed = {"summary"};
  for (const Scope scope : kScopes) allowed.push_back(to_string(scope));
  check_keys(*table, allowed);
  rule.rotation_summary = prose(*table, "summary", kMaxDescription);
  required(*table, to_string(Scope::unknown));
  for (const Scope scope : kScopes) {
    const std::string_view key = to_string(scope);
    const toml::node* steps = table->get(key);
    if (steps == nullptr) continue;
    rule.rotation.push_back({scope, texts(*steps, key, kMaxEntries)});
    for (const std::string& step : rule.rotation.back().steps) {
      check(*steps, key, check_step(step));
    }
  }
}

}  // namespace

std::vector<Rule> read_rules(std::string_view toml, std::string_view name) {
  Reader reader(name);
  const toml::table root = parse_toml(toml, name, kMaxRuleFile);
  for (const auto& [key, node] : root) {
    if (key.str() == "rule" && node.is_array_of_tables()) continue;
    reader.fail(key.source().begin.line, "A file of rules holds [[rule]] tables and nothing else.");
  }
  std::vector<Rule> rules;
  const toml::array* tables = root["rule"].as_array();
  if (tables == nullptr) reader.fail(1, "There is no rule in this file. Add a [[rule]].");
  if (tables->size() > kMaxRules) {
    reader.fail(1, fmt::format("There are more than {} rules. Split the file.", kMaxRules));
  }
  for (const toml::node& table : *tables) rules.push_back(reader.rule(*table.as_table()));
  return rules;
}

}  // namespace assay
