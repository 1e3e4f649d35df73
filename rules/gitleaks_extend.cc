// A gitleaks config with what it extends, made into rules. Facts: gitleaks 8.30, config/config.go.
//
//   .gitleaks.toml             [extend] path            rule that results
//   id = "a"                   id = "a"                 id = "a"
//   entropy = 3                entropy = 2              entropy = 3          the upper one counts
//                              regex = 'x'              regex = 'x'          if it says anything
//   keywords = ["k"]           keywords = ["l"]         keywords = ["l", "k"]
//   required, skipReport       required, skipReport     those of the extended one
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "rules/config.h"
#include "rules/custom_rule.h"
#include "rules/gitleaks_toml.h"
#include "rules/toml_text.h"

namespace assay {

namespace {

constexpr int kMaxExtendDepth = 2;
constexpr size_t kMostTargeted = size_t{16} << 20;  // bytes of allowlists given to single rules

template <typename T>
void append(std::vector<T>& to, std::vector<T>&& more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

size_t bytes_of(const Allowlist& list) {
  size_t bytes = sizeof(Allowlist);
  for (const auto* texts : {&list.paths, &list.regexes, &list.stopwords, &list.commits}) {
    for (const std::string& text : *texts) bytes += sizeof(std::string) + text.size();
  }
  return bytes;
}

// The name of a file as it may stand in messages: a config has chosen it.
std::string printable_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return name;
}

class Extender {
 public:
  Extender(const ReadBeside& read, const std::optional<std::string>& defaults,
           std::vector<std::string>& warnings)
      : read_(read), defaults_(defaults), warnings_(warnings) {}

  // The file with all that it extends.
  GitleaksFile whole(std::string_view toml, std::string_view name, int depth);

 private:
  [[noreturn]] static void fail(const GitleaksFile& file, size_t line, std::string_view what) {
    TomlReader(file.name).fail(line, what);
  }
  void warn(const std::string& file, size_t line, std::string_view what) {
    constexpr size_t kMost = 100;
    if (warnings_.size() < kMost) warnings_.push_back(fmt::format("{}:{}: {}", file, line, what));
  }
  std::string path_extended(const GitleaksFile& file, int depth);
  void extend(GitleaksFile& file, GitleaksFile&& base);
  GitleaksRule merged(GitleaksRule&& upper, GitleaksRule&& base);

  const ReadBeside& read_;
  const std::optional<std::string>& defaults_;
  std::vector<std::string>& warnings_;
};

GitleaksFile Extender::whole(std::string_view toml, std::string_view name, int depth) {
  GitleaksFile file = read_gitleaks(toml, name, warnings_);
  if (depth > 0) {
    for (const GitleaksAllowlist& list : file.allowlists) {
      if (list.targets.empty()) continue;
      warn(file.name, list.list.line,
           "targetRules of an extended file count nowhere, in gitleaks neither: this allowlist is "
           "left out.");
    }
    std::erase_if(file.allowlists, [](const auto& list) { return !list.targets.empty(); });
  }
  const std::string path = path_extended(file, depth);
  if (!path.empty()) extend(file, whole(read_(path), printable_name(path), depth + 1));
  return file;
}

std::string Extender::path_extended(const GitleaksFile& file, int depth) {
  if (!file.use_default && file.extend_path.empty()) return "";
  if (depth == kMaxExtendDepth) {
    warn(file.name, file.extend_line,
         "What this file extends is not read: as with gitleaks, two files deep is the most.");
    return "";
  }
  if (file.use_default && !file.extend_path.empty()) {
    fail(file, file.extend_line, "[extend] has both path and useDefault. Leave one out.");
  }
  if (!file.use_default) return file.extend_path;
  if (defaults_ && !defaults_->empty()) return *defaults_;
  fail(file, file.extend_line,
       "[extend] useDefault means the rules that come with gitleaks, and assay has no copy of "
       "them. Take config/gitleaks.toml of the gitleaks you use, and name it with "
       "--gitleaks-rules FILE or ASSAY_GITLEAKS_RULES.");
}

GitleaksRule Extender::merged(GitleaksRule&& upper, GitleaksRule&& base) {
  if (!upper.regex.required.empty() || upper.regex.skip_report) {
    warn(upper.regex.file, upper.regex.line,
         fmt::format("required and skipReport of rule {} count only where the rule begins, in {}: "
                     "gitleaks leaves them out here.",
                     TomlReader::quoted(upper.id), base.regex.file));
  }
  GitleaksRule out = std::move(base);
  RegexRule& regex = out.regex;
  if (!upper.description.empty()) out.description = std::move(upper.description);
  if (upper.regex.entropy != 0) regex.entropy = upper.regex.entropy;
  if (upper.regex.secret_group != 0) regex.secret_group = upper.regex.secret_group;
  if (!upper.regex.regex.empty()) {
    regex.regex = std::move(upper.regex.regex);
    regex.file = upper.regex.file;
    regex.line = upper.regex.line;
  }
  if (!upper.regex.path.empty()) regex.path = std::move(upper.regex.path);
  append(regex.tags, std::move(upper.regex.tags));
  append(regex.keywords, std::move(upper.regex.keywords));
  append(regex.allowlists, std::move(upper.regex.allowlists));
  return out;
}

void Extender::extend(GitleaksFile& file, GitleaksFile&& base) {
  std::set<std::string_view> known;
  for (const GitleaksRule& rule : base.rules) known.insert(rule.id);
  for (const std::string& id : file.disabled) {
    if (known.count(id) > 0) continue;
    warn(file.name, file.extend_line,
         fmt::format("disabledRules names {}, which {} does not have.", TomlReader::quoted(id),
                     base.name));
  }
  const std::set<std::string, std::less<>> disabled(file.disabled.begin(), file.disabled.end());
  std::map<std::string, size_t, std::less<>> places;
  for (size_t i = 0; i < file.rules.size(); ++i) places.emplace(file.rules[i].id, i);
  for (GitleaksRule& rule : base.rules) {
    if (disabled.count(rule.id) > 0) continue;
    const auto at = places.find(rule.id);
    if (at == places.end()) {
      file.rules.push_back(std::move(rule));
    } else {
      GitleaksRule& upper = file.rules[at->second];
      upper = merged(std::move(upper), std::move(rule));
    }
  }
  append(file.allowlists, std::move(base.allowlists));
}

void check_rules(const GitleaksFile& file) {
  for (const GitleaksRule& rule : file.rules) {
    const TomlReader reader(rule.regex.file);
    if (rule.id.find_first_not_of(" \t\n\v\f\r") == std::string::npos) {
      reader.fail(rule.regex.line, "The id of this rule is missing. Add it.");
    }
    if (rule.regex.regex.empty() && rule.regex.path.empty()) {
      reader.fail(rule.regex.line,
                  fmt::format("Rule {} has neither regex nor path, nor has a rule of that id that "
                              "is extended. Add one.",
                              TomlReader::quoted(rule.id)));
    }
  }
}

// Allowlists with targets go to these rules; the others are returned.
std::vector<Allowlist> distribute_allowlists(GitleaksFile& file) {
  std::map<std::string_view, GitleaksRule*> rules;
  for (GitleaksRule& rule : file.rules) rules.emplace(rule.id, &rule);
  std::vector<Allowlist> global;
  size_t given = 0;
  for (GitleaksAllowlist& list : file.allowlists) {
    if (list.targets.empty()) {
      global.push_back(std::move(list.list));
      continue;
    }
    const std::set<std::string_view> targets(list.targets.begin(), list.targets.end());
    for (const std::string_view id : targets) {
      const auto at = rules.find(id);
      if (at == rules.end()) {
        TomlReader(file.name).fail(list.list.line,
                                   fmt::format("targetRules names {}, and there is no such rule. "
                                               "Correct or remove it.",
                                               TomlReader::quoted(id)));
      }
      given += bytes_of(list.list);
      if (given > kMostTargeted) {
        TomlReader(file.name).fail(
            list.list.line,
            fmt::format("Allowlists with targetRules come to more than {} bytes, counted "
                        "once a rule. Make one of them global.",
                        kMostTargeted));
      }
      at->second->regex.allowlists.push_back(list.list);
    }
  }
  return global;
}

// Reports and baselines part words at blanks.
std::string id_without_blanks(std::string id) {
  std::replace_if(
      id.begin(), id.end(),
      [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; }, '-');
  return id;
}

}  // namespace

Config parse_gitleaks(std::string_view toml, std::string_view name, const ReadBeside& read,
                      const std::optional<std::string>& defaults) {
  Config out;
  out.file = name;
  GitleaksFile file = Extender(read, defaults, out.warnings).whole(toml, name, 0);
  check_rules(file);
  out.allowlists = distribute_allowlists(file);
  for (GitleaksRule& rule : file.rules) {
    const std::string id = id_without_blanks(rule.id);
    if (id != rule.id) {
      out.warnings.push_back(fmt::format("{}:{}: The id {} holds blanks. It is reported as {}.",
                                         rule.regex.file, rule.regex.line,
                                         TomlReader::quoted(rule.id), id));
    }
    for (RegexRule::Required& required : rule.regex.required) {
      required.id = id_without_blanks(std::move(required.id));
    }
    out.rules.push_back(custom_rule(id, rule.description, std::move(rule.regex)));
  }
  std::sort(out.rules.begin(), out.rules.end(),
            [](const Rule& a, const Rule& b) { return a.id < b.id; });
  return out;
}

}  // namespace assay
