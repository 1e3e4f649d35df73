// Reads one file of gitleaks: its rules, allowlists and what it extends. Facts: gitleaks 8.30,
// config/config.go (read, not copied).
#include "rules/gitleaks_toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "rules/config.h"
#include "rules/custom_rule.h"
#include "rules/gitleaks_values.h"
#include "rules/rule_toml.h"

namespace assay {

namespace {

constexpr size_t kMaxRegex = 16 * 1024;  // bytes
constexpr size_t kMaxProse = 16 * 1024;
constexpr int64_t kMaxGroup = 1000;
// The gitleaks whose reading this is.
constexpr std::array<uint64_t, 2> kReadAs = {8, 30};

constexpr std::array<std::string_view, 7> kFileKeys = {
    "title", "description", "extend", "rules", "allowlist", "allowlists", "minVersion"};
constexpr std::array<std::string_view, 4> kExtendKeys = {"path", "url", "useDefault",
                                                         "disabledRules"};
constexpr std::array<std::string_view, 12> kRuleKeys = {
    "id",       "description", "path",      "regex",      "secretGroup", "entropy",
    "keywords", "tags",        "allowlist", "allowlists", "required",    "skipReport"};
constexpr std::array<std::string_view, 3> kRequiredKeys = {"id", "withinLines", "withinColumns"};
constexpr std::array<std::string_view, 8> kAllowlistKeys = {"description", "condition",   "commits",
                                                            "paths",       "regexTarget", "regexes",
                                                            "stopwords",   "targetRules"};
constexpr std::span<const std::string_view> kRuleAllowlistKeys =
    std::span(kAllowlistKeys).first<7>();

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return out;
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

class FileReader {
 public:
  FileReader(std::string_view name, std::vector<std::string>& warnings) : in_(name, warnings) {}

  GitleaksFile file(const toml::table& root);

 private:
  void read_rules_of(const GitleaksFields& root);
  GitleaksRule rule(const toml::table& table);
  RegexRule::Required required(const toml::table& table);
  void check_required() const;
  GitleaksAllowlist allowlist(const toml::table& table, bool global);
  void read_allowlists(const GitleaksFields& root);
  std::vector<std::string> patterns(const GitleaksFields& fields, std::string_view key);
  void read_extend(const GitleaksFields& root);
  void check_version(const GitleaksFields& root);

  GitleaksValues in_;
  GitleaksFile out_;
};

std::optional<uint64_t> not_negative(const GitleaksValues& in, const GitleaksFields& fields,
                                     std::string_view key, size_t line) {
  const auto value = in.whole(fields, key);
  if (!value) return std::nullopt;
  if (*value < 0)
    in.fail(GitleaksValues::line_of(fields, key, line),
            fmt::format("{} must not be negative.", key));
  return static_cast<uint64_t>(*value);
}

RegexRule::Required FileReader::required(const toml::table& table) {
  const GitleaksFields fields = in_.fields(table, kRequiredKeys, "[[rules.required]]");
  const size_t line = GitleaksValues::line_of(table);
  RegexRule::Required out;
  out.id = in_.text(fields, "id", kMaxCustomId);
  if (out.id.empty()) in_.fail(line, "The id of this [[rules.required]] is missing. Add it.");
  out.within_lines = not_negative(in_, fields, "withinLines", line);
  out.within_columns = not_negative(in_, fields, "withinColumns", line);
  return out;
}

GitleaksRule FileReader::rule(const toml::table& table) {
  const GitleaksFields fields = in_.fields(table, kRuleKeys, "[[rules]]");
  const size_t line = GitleaksValues::line_of(table);
  GitleaksRule out;
  out.id = in_.text(fields, "id", kMaxCustomId);
  out.description = in_.text(fields, "description", kMaxProse);
  RegexRule& regex = out.regex;
  regex.file = in_.name();
  regex.line = GitleaksValues::line_of(fields, "id", line);
  regex.regex = in_.text(fields, "regex", kMaxRegex);
  regex.path = in_.text(fields, "path", kMaxRegex);
  const int64_t group = in_.whole(fields, "secretGroup").value_or(0);
  if (group < 0 || group > kMaxGroup) {
    in_.fail(GitleaksValues::line_of(fields, "secretGroup", line),
             fmt::format("secretGroup must be the number of a group, from 0 to {}.", kMaxGroup));
  }
  regex.secret_group = static_cast<int>(group);
  regex.entropy = in_.number(fields, "entropy");
  for (const std::string& keyword : in_.texts(fields, "keywords")) {
    if (keyword.empty()) {
      in_.warn(GitleaksValues::line_of(fields, "keywords", line),
               "An empty keyword stands in every text, so it is left out.");
    } else {
      regex.keywords.push_back(folded(keyword));
    }
  }
  regex.tags = in_.texts(fields, "tags");
  const toml::table* old = in_.table(fields, "allowlist");
  const auto lists = in_.tables(fields, "allowlists");
  if (old != nullptr && !lists.empty()) {
    in_.fail(GitleaksValues::line_of(*old),
             fmt::format("Rule {} has both [rules.allowlist] and [[rules.allowlists]]. Write the "
                         "first as one of the second.",
                         TomlReader::quoted(out.id)));
  }
  for (const auto* list : lists) regex.allowlists.push_back(allowlist(*list, false).list);
  if (old != nullptr) regex.allowlists.push_back(allowlist(*old, false).list);
  for (const auto* one : in_.tables(fields, "required")) {
    regex.required.push_back(required(*one));
  }
  regex.skip_report = in_.flag(fields, "skipReport");
  return out;
}

// Regexes of an allowlist.
std::vector<std::string> FileReader::patterns(const GitleaksFields& fields, std::string_view key) {
  std::vector<std::string> out = in_.texts(fields, key);
  if (std::find(out.begin(), out.end(), "") != out.end()) {
    in_.warn(GitleaksValues::line_of(fields, key, 0),
             fmt::format("An empty regex in {} matches everything.", key));
  }
  return out;
}

GitleaksAllowlist FileReader::allowlist(const toml::table& table, bool global) {
  const GitleaksFields fields = in_.fields(table, global ? kAllowlistKeys : kRuleAllowlistKeys,
                                           global ? "[[allowlists]]" : "[[rules.allowlists]]");
  GitleaksAllowlist out;
  Allowlist& list = out.list;
  list.line = GitleaksValues::line_of(table);
  list.description = in_.text(fields, "description", kMaxProse);
  const std::string condition = in_.text(fields, "condition", kMaxProse);
  const std::string word = folded(condition);
  if (word == "and" || word == "&&") {
    list.condition = Allowlist::Condition::all;
  } else if (!word.empty() && word != "or" && word != "||") {
    in_.fail(GitleaksValues::line_of(fields, "condition", list.line),
             fmt::format("condition {} is not known. Use one of AND, OR, &&, ||.",
                         TomlReader::quoted(condition)));
  }
  const std::string target = in_.text(fields, "regexTarget", kMaxProse);
  if (target == "match" || target == "line") {
    list.target = target == "match" ? Allowlist::Target::match : Allowlist::Target::line;
  } else if (!target.empty() && target != "secret") {
    in_.fail(GitleaksValues::line_of(fields, "regexTarget", list.line),
             fmt::format("regexTarget {} is not known. Use one of secret, match, line.",
                         TomlReader::quoted(target)));
  }
  list.paths = patterns(fields, "paths");
  list.regexes = patterns(fields, "regexes");
  std::set<std::string> known;
  const auto add = [&](std::vector<std::string>& to, std::string text) {
    if (known.insert(text).second) to.push_back(std::move(text));
  };
  for (const std::string& commit : in_.texts(fields, "commits")) {
    add(list.commits, folded(trimmed(commit)));
  }
  known.clear();
  bool says_something = !list.commits.empty() || !list.paths.empty() || !list.regexes.empty();
  for (const std::string& stopword : in_.texts(fields, "stopwords")) {
    says_something = true;
    if (!stopword.empty()) {
      add(list.stopwords, folded(stopword));
      continue;
    }
    in_.warn(GitleaksValues::line_of(fields, "stopwords", list.line),
             "An empty stopword stands in every secret, so it is left out.");
  }
  if (!says_something) {
    in_.fail(list.line,
             "This allowlist allows nothing. Give it commits, paths, regexes or stopwords.");
  }
  out.targets = in_.texts(fields, "targetRules");
  return out;
}

void FileReader::read_rules_of(const GitleaksFields& root) {
  const auto tables = in_.tables(root, "rules");
  if (tables.size() > kMaxRules) {
    in_.fail(1, fmt::format("There are more than {} rules. Split the file.", kMaxRules));
  }
  std::map<std::string, size_t, std::less<>> places;
  for (const auto* table : tables) {
    GitleaksRule read = rule(*table);
    const auto [at, is_new] = places.emplace(read.id, out_.rules.size());
    if (is_new) {
      out_.rules.push_back(std::move(read));
      continue;
    }
    GitleaksRule& known = out_.rules[at->second];
    if (!trimmed(read.id).empty()) {
      in_.warn(read.regex.line,
               fmt::format("The id {} stands in line {} already. As with gitleaks, the last one "
                           "counts.",
                           TomlReader::quoted(read.id), known.regex.line));
    }
    known = std::move(read);
  }
}

// gitleaks looks for them in the same file only, before it extends it.
void FileReader::check_required() const {
  std::set<std::string_view> ids;
  for (const GitleaksRule& one : out_.rules) ids.insert(one.id);
  for (const GitleaksRule& one : out_.rules) {
    for (const RegexRule::Required& wanted : one.regex.required) {
      if (ids.count(wanted.id) > 0) continue;
      in_.fail(one.regex.line,
               fmt::format("Rule {} requires the rule {}, which is not in this file. Add it.",
                           TomlReader::quoted(one.id), TomlReader::quoted(wanted.id)));
    }
  }
}

void FileReader::read_allowlists(const GitleaksFields& root) {
  const toml::table* old = in_.table(root, "allowlist");
  if (old != nullptr && old->empty()) old = nullptr;  // viper drops an empty table of the root
  const auto lists = in_.tables(root, "allowlists");
  if (old != nullptr && !lists.empty()) {
    in_.fail(GitleaksValues::line_of(*old),
             "There are both [allowlist] and [[allowlists]]. Write the first as one of the "
             "second.");
  }
  for (const auto* list : lists) out_.allowlists.push_back(allowlist(*list, true));
  if (old != nullptr) out_.allowlists.push_back(allowlist(*old, true));
}

void FileReader::read_extend(const GitleaksFields& root) {
  const toml::table* table = in_.table(root, "extend");
  if (table == nullptr) return;
  const GitleaksFields fields = in_.fields(*table, kExtendKeys, "[extend]");
  out_.extend_line = GitleaksValues::line_of(*table);
  out_.extend_path = in_.text(fields, "path", kMaxProse);
  out_.use_default = in_.flag(fields, "useDefault");
  out_.disabled = in_.texts(fields, "disabledRules");
  if (!in_.text(fields, "url", kMaxProse).empty()) {
    in_.warn(GitleaksValues::line_of(fields, "url", out_.extend_line),
             "url of [extend] does nothing, in gitleaks neither. Use path.");
  }
}

// `v8.25.0`, with parts after a dash or a plus that do not count.
void FileReader::check_version(const GitleaksFields& root) {
  const std::string text = in_.text(root, "minVersion", kMaxProse);
  if (text.empty()) return;
  std::string_view rest = text;
  if (rest.starts_with('v')) rest.remove_prefix(1);
  std::vector<uint64_t> parts = {0};
  size_t digits = 0;
  bool wrong = false;
  for (; !rest.empty() && rest.front() != '-' && rest.front() != '+'; rest.remove_prefix(1)) {
    const char c = rest.front();
    wrong = wrong || (c == '.' ? digits == 0 : c < '0' || c > '9') || digits > 9;
    if (wrong) break;
    if (c == '.') {
      parts.push_back(0);
      digits = 0;
    } else {
      parts.back() = parts.back() * 10 + static_cast<uint64_t>(c - '0');
      ++digits;
    }
  }
  const size_t line = GitleaksValues::line_of(root, "minVersion", 1);
  if (wrong || digits == 0) {
    in_.fail(line, fmt::format("minVersion {} is no version. Write one like v8.25.0.",
                               TomlReader::quoted(text)));
  }
  parts.resize(std::max<size_t>(parts.size(), 2));
  if (std::lexicographical_compare(kReadAs.begin(), kReadAs.end(), parts.begin(),
                                   parts.begin() + 2)) {
    in_.warn(line, fmt::format("The file asks for gitleaks {}; it is read as gitleaks {}.{} reads "
                               "it.",
                               TomlReader::quoted(text), kReadAs[0], kReadAs[1]));
  }
}

GitleaksFile FileReader::file(const toml::table& root) {
  const GitleaksFields fields = in_.fields(root, kFileKeys, "this file");
  out_.name = in_.name();
  in_.text(fields, "title", kMaxProse);
  in_.text(fields, "description", kMaxProse);
  read_rules_of(fields);
  check_required();
  check_version(fields);
  read_allowlists(fields);
  read_extend(fields);
  return std::move(out_);
}

}  // namespace

GitleaksFile read_gitleaks(std::string_view toml, std::string_view name,
                           std::vector<std::string>& warnings) {
  const toml::table root = parse_toml(toml, name, kMaxConfigBytes);
  return FileReader(name, warnings).file(root);
}

bool is_gitleaks(std::string_view toml) {
  constexpr std::array<std::string_view, 4> kOnlyThere = {"rules", "allowlist", "allowlists",
                                                          "extend"};
  try {
    const toml::table root = parse_toml(toml, "", kMaxConfigBytes);
    for (const auto& [key, node] : root) {
      const std::string word = folded(key.str());
      if (std::find(kOnlyThere.begin(), kOnlyThere.end(), word) != kOnlyThere.end()) return true;
    }
  } catch (const Error&) {
    // Whoever reads it says what is wrong.
  }
  return false;
}

}  // namespace assay
