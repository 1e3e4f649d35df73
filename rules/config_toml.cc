// Reads .assay.toml strictly: what is not known or not right is an Error with file, line and key.
//
//   disable = ["AZF1005"]
//   [[rule]]
//   id = "contoso-token"
//   regex = '''\bcts_[0-9a-z]{32}\b'''
//   keywords = ["cts_"]
//
//   .assay.toml:1: "disabel" is not a key of this file. Did you mean disable? It may hold …
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "rules/config.h"
#include "rules/custom_rule.h"
#include "rules/rule_check.h"
#include "rules/rule_toml.h"
#include "rules/toml_text.h"

namespace assay {

namespace {

constexpr size_t kMaxNames = 1000;    // of rules, in one list
constexpr size_t kMaxEntries = 1000;  // of one list of patterns
constexpr size_t kMaxAllows = 10'000;
constexpr size_t kMaxFingerprints = 10'000;
constexpr size_t kMaxPath = 1024;
constexpr size_t kMaxOwnRegex = 4096;
constexpr size_t kMaxWord = 256;  // keywords, stopwords, tags, ids
constexpr size_t kMaxReason = 1024;
constexpr double kMaxEntropy = 8;  // bits a byte
constexpr uint64_t kMaxGroup = 99;

constexpr std::array<std::string_view, 12> kKeys = {
    "enable", "disable", "severity",  "rule",     "allow",           "exclude",
    "limits", "owners",  "inventory", "baseline", "foreign_markers", "fail_on"};
constexpr std::array<std::string_view, 3> kSeverityKeys = {"rule", "level", "security_severity"};
constexpr std::array<std::string_view, 12> kRuleKeys = {
    "id",      "description", "regex", "keywords", "path",   "secret_group",
    "entropy", "tags",        "level", "help_uri", "remedy", "security_severity"};
constexpr std::array<std::string_view, 6> kAllowKeys = {"rules",     "paths",        "regexes",
                                                        "stopwords", "fingerprints", "reason"};
constexpr std::array<std::string_view, 5> kLimitKeys = {"depth", "ratio", "decoded_bytes",
                                                        "members", "seconds"};
constexpr std::array<std::string_view, 3> kLevelWords = {"note", "warning", "error"};
constexpr std::array<std::string_view, 4> kFailOn = {"verified", "signature", "context", "never"};

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }

std::string lower(std::string text) {
  for (char& c : text) c = is_upper(c) ? static_cast<char>(c | 0x20) : c;
  return text;
}

std::string check_own_id(std::string_view id) {
  const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
  });
  if (!plain || !(is_letter(id.front()) || is_digit(id.front()))) {
    return "is no rule id. Begin with a letter or digit, and write letters, digits, dashes, like "
           "contoso-token.";
  }
  const bool ours = id.size() >= 7 &&
                    (id.starts_with("AZF") || id.starts_with("AZK") || id.starts_with("TOK")) &&
                    std::all_of(id.begin() + 3, id.begin() + 7, is_digit);
  return ours ? "is one of assay's own. Choose another, like contoso-token." : "";
}

std::string check_id_pattern(std::string_view id) {
  const bool plain =
      std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c != 0x7f; });
  return plain ? "" : "is no rule id: it holds a blank or a control character. Leave it out.";
}

// A name below the config's folder: nothing else of this machine can be named.
std::string check_beside(std::string_view path) {
  bool climbs = path.starts_with('/');
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    climbs = climbs || path.substr(begin, end - begin) == "..";
    begin = end + 1;
  }
  return climbs ? "leads out of the folder of this file. Name a file in it or below." : "";
}

bool is_fingerprint(std::string_view text) {
  if (text.starts_with("hmac:")) text.remove_prefix(5);
  return text.size() == 20 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_letter(c) || is_digit(c) || c == '+' || c == '/';
         });
}

class ConfigReader {
 public:
  explicit ConfigReader(std::string_view name) : in_(name) {}

  Config config(const toml::table& root);

 private:
  std::vector<ConfigRuleName> names(const toml::table& root, std::string_view key) const;
  std::vector<std::string> checked_texts(const toml::table& table, std::string_view key,
                                         size_t most_entries, size_t most,
                                         std::string (*complaint)(std::string_view)) const;
  std::string checked_text(const toml::table& table, std::string_view key, size_t most,
                           std::string (*complaint)(std::string_view)) const;
  std::string line_of_text(const toml::table& table, std::string_view key, size_t most) const {
    return checked_text(table, key, most,
                        [](std::string_view text) { return check_prose(text, text.size()); });
  }
  std::optional<Level> level(const toml::table& table) const;
  ConfigSeverity severity(const toml::table& table) const;
  Rule rule(const toml::table& table);
  RegexRule regex_rule(const toml::table& table) const;
  double entropy(const toml::table& table) const;
  ConfigAllow allow(const toml::table& table) const;
  ConfigLimits limits(const toml::table& root) const;

  TomlReader in_;
  std::map<std::string, size_t, std::less<>> lines_of_ids_;
};

std::string ConfigReader::checked_text(const toml::table& table, std::string_view key, size_t most,
                                       std::string (*complaint)(std::string_view)) const {
  const std::string text = in_.text(table, key, most);
  if (text.empty()) return text;
  const std::string wrong = complaint(text);
  if (!wrong.empty()) {
    in_.check(*table.get(key), fmt::format("{} {}", key, TomlReader::quoted(text)), wrong);
  }
  return text;
}

std::vector<std::string> ConfigReader::checked_texts(
    const toml::table& table, std::string_view key, size_t most_entries, size_t most,
    std::string (*complaint)(std::string_view)) const {
  std::vector<std::string> out = in_.texts(table, key, most_entries, most);
  for (size_t i = 0; i < out.size(); ++i) {
    const std::string wrong = complaint(out[i]);
    if (wrong.empty()) continue;
    in_.check(*table.get(key)->as_array()->get(i),
              fmt::format("{} {}", key, TomlReader::quoted(out[i])), wrong);
  }
  return out;
}

std::vector<ConfigRuleName> ConfigReader::names(const toml::table& root,
                                                std::string_view key) const {
  std::vector<ConfigRuleName> out;
  const auto ids = checked_texts(root, key, kMaxNames, kMaxWord, check_id_pattern);
  for (size_t i = 0; i < ids.size(); ++i) {
    const size_t line = TomlReader::line_of(*root.get(key)->as_array()->get(i));
    out.push_back({ids[i], std::string(in_.name()), line});
  }
  return out;
}

std::optional<Level> ConfigReader::level(const toml::table& table) const {
  const std::string word = in_.text(table, "level", kMaxWord);
  if (word.empty()) return std::nullopt;
  for (const Level level : {Level::note, Level::warning, Level::error}) {
    if (word == to_string(level)) return level;
  }
  in_.check(*table.get("level"), "level", TomlReader::unknown_word(word, kLevelWords));
  return std::nullopt;
}

ConfigSeverity ConfigReader::severity(const toml::table& table) const {
  in_.check_keys(table, kSeverityKeys, "[[severity]]");
  ConfigSeverity out;
  in_.required(table, "rule");
  out.rule = checked_text(table, "rule", kMaxWord, check_id_pattern);
  out.level = level(table);
  out.security_severity =
      checked_text(table, "security_severity", kMaxWord, check_security_severity);
  out.file = in_.name();
  out.line = TomlReader::line_of(*table.get("rule"));
  if (!out.level && out.security_severity.empty()) {
    in_.fail(out.line, "This [[severity]] says nothing. Add level or security_severity.");
  }
  return out;
}

double ConfigReader::entropy(const toml::table& table) const {
  const toml::node* node = table.get("entropy");
  if (node == nullptr) return 0;
  const double value = node->is_number() ? node->value<double>().value_or(-1) : -1;
  if (!(value >= 0 && value <= kMaxEntropy)) {
    in_.fail(
        TomlReader::line_of(*node),
        fmt::format("entropy must be a number from 0 to {}, in bits a character.", kMaxEntropy));
  }
  return value;
}

RegexRule ConfigReader::regex_rule(const toml::table& table) const {
  RegexRule out;
  out.regex = in_.text(table, "regex", kMaxOwnRegex);
  out.path = in_.text(table, "path", kMaxOwnRegex);
  out.file = in_.name();
  out.line = TomlReader::line_of(*table.get("id"));
  if (out.regex.empty() && out.path.empty()) {
    in_.fail(out.line, "The rule has neither regex nor path, so it finds nothing. Add one.");
  }
  for (const std::string& keyword : in_.texts(table, "keywords", kMaxEntries, kMaxWord)) {
    out.keywords.push_back(lower(keyword));
  }
  out.secret_group =
      static_cast<int>(in_.whole_number(table, "secret_group", 0, kMaxGroup).value_or(0));
  out.entropy = entropy(table);
  out.tags = checked_texts(table, "tags", kMaxEntries, kMaxWord,
                           [](std::string_view text) { return check_prose(text, text.size()); });
  return out;
}

Rule ConfigReader::rule(const toml::table& table) {
  in_.check_keys(table, kRuleKeys, "[[rule]]");
  in_.required(table, "id");
  const std::string id = checked_text(table, "id", kMaxCustomId, check_own_id);
  const size_t line = TomlReader::line_of(*table.get("id"));
  const auto [known, is_new] = lines_of_ids_.emplace(id, line);
  if (!is_new) {
    in_.fail(line, fmt::format("id \"{}\" stands in line {} already. Choose another.", id,
                               known->second));
  }
  Rule out =
      custom_rule(id, line_of_text(table, "description", kMaxDescription), regex_rule(table));
  out.help_uri = checked_text(table, "help_uri", TomlReader::kMaxText, check_uri);
  if (const auto given = level(table)) out.level = *given;
  const std::string severity =
      checked_text(table, "security_severity", kMaxWord, check_security_severity);
  if (!severity.empty()) out.security_severity = severity;
  const std::string remedy = checked_text(table, "remedy", kMaxDescription, check_step);
  if (!remedy.empty()) {
    out.rotation_summary = remedy;
    out.rotation.front().steps.insert(out.rotation.front().steps.begin(), remedy);
  }
  return out;
}

ConfigAllow ConfigReader::allow(const toml::table& table) const {
  in_.check_keys(table, kAllowKeys, "[[allow]]");
  ConfigAllow out;
  out.file = in_.name();
  out.line = TomlReader::line_of(table);
  out.rules = checked_texts(table, "rules", kMaxNames, kMaxWord, check_id_pattern);
  out.paths = in_.texts(table, "paths", kMaxEntries, kMaxPath);
  out.regexes = in_.texts(table, "regexes", kMaxEntries, kMaxOwnRegex);
  out.stopwords = in_.texts(table, "stopwords", kMaxEntries, kMaxWord);
  out.fingerprints =
      checked_texts(table, "fingerprints", kMaxFingerprints, kMaxWord, [](std::string_view text) {
        return is_fingerprint(text) ? std::string()
                                    : std::string(
                                          "is no fingerprint. Copy one from a report: 20 "
                                          "characters, or hmac: and 20.");
      });
  out.reason = line_of_text(table, "reason", kMaxReason);
  if (out.paths.empty() && out.regexes.empty() && out.stopwords.empty() &&
      out.fingerprints.empty()) {
    in_.fail(out.line,
             "This [[allow]] names no paths, regexes, stopwords or fingerprints. Add one; to turn "
             "a rule off, use disable.");
  }
  if (!out.fingerprints.empty() && out.reason.empty()) {
    in_.fail(out.line, "reason is missing. Say why these keys are no danger.");
  }
  return out;
}

// The highest that a config may ask for: it may come with what is scanned.
ConfigLimits ConfigReader::limits(const toml::table& root) const {
  const toml::node* node = root.get("limits");
  if (node == nullptr) return {};
  const toml::table* table = node->as_table();
  if (table == nullptr) in_.fail(TomlReader::line_of(*node), "limits must be a table [limits].");
  in_.check_keys(*table, kLimitKeys, "[limits]");
  ConfigLimits out;
  out.depth = in_.whole_number(*table, "depth", 1, 16);
  out.ratio = in_.whole_number(*table, "ratio", 1, 10'000);
  out.decoded_bytes = in_.whole_number(*table, "decoded_bytes", 1, uint64_t{64} << 40);
  out.members = in_.whole_number(*table, "members", 1, 100'000'000);
  out.seconds = in_.whole_number(*table, "seconds", 1, 86'400);
  return out;
}

Config ConfigReader::config(const toml::table& root) {
  in_.check_keys(root, kKeys, "this file");
  Config out;
  out.file = in_.name();
  out.enable = names(root, "enable");
  out.disable = names(root, "disable");
  for (const auto* table : in_.tables(root, "severity", kMaxNames)) {
    out.severities.push_back(severity(*table));
  }
  for (const auto* table : in_.tables(root, "rule", kMaxRules)) out.rules.push_back(rule(*table));
  for (const auto* table : in_.tables(root, "allow", kMaxAllows)) {
    out.allows.push_back(allow(*table));
  }
  out.exclude = in_.texts(root, "exclude", kMaxEntries, kMaxPath);
  if (!out.exclude.empty()) out.exclude_line = TomlReader::line_of(*root.get("exclude"));
  out.limits = limits(root);
  for (const auto& [key, file] :
       {std::pair("owners", &out.owners), std::pair("inventory", &out.inventory),
        std::pair("baseline", &out.baseline)}) {
    *file = line_of_text(root, key, kMaxPath);
    checked_text(root, key, kMaxPath, check_beside);
  }
  out.foreign_markers = in_.flag(root, "foreign_markers");
  out.fail_on = in_.text(root, "fail_on", kMaxWord);
  if (!out.fail_on.empty() &&
      std::find(kFailOn.begin(), kFailOn.end(), out.fail_on) == kFailOn.end()) {
    in_.check(*root.get("fail_on"), "fail_on", TomlReader::unknown_word(out.fail_on, kFailOn));
  }
  return out;
}

}  // namespace

Config parse_config(std::string_view toml, std::string_view name) {
  const toml::table root = parse_toml(toml, name, kMaxConfigBytes);
  return ConfigReader(name).config(root);
}

}  // namespace assay
