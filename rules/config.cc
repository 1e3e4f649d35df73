// What a config makes of the built-in rules.
//
//   disable = ["AZF1005"]  +  [[rule]] id = "contoso-token"   →  AZF1001 … AZF1006 contoso-token
#include "rules/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "rules/nearest_name.h"

namespace assay {

namespace {

// Bytes of ids times bytes of patterns, the most that comparing them can take.
constexpr size_t kMostCompared = size_t{1} << 30;

template <typename T>
void append(std::vector<T>& to, std::vector<T>&& more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

template <typename T>
void keep_or_take(std::optional<T>& upper, const std::optional<T>& base) {
  if (!upper) upper = base;
}

void keep_or_take(std::string& upper, std::string& base) {
  if (upper.empty()) upper = std::move(base);
}

// The ids that a config may speak of, and what it costs to ask.
class Ids {
 public:
  Ids(const std::vector<Rule>& builtin, const std::vector<Rule>& own) {
    for (const auto* rules : {&builtin, &own}) {
      for (const Rule& rule : *rules) {
        ids_.emplace_back(rule.id);
        bytes_ += rule.id.size() + 1;
      }
    }
  }

  // Throws Error unless the pattern is about a rule that there is.
  void check(std::string_view key, std::string_view pattern, std::string_view file, size_t line) {
    compared_ += bytes_ * (pattern.size() + 1);
    if (compared_ > kMostCompared) {
      throw Error(
          fmt::format("{}:{}: So many names of rules take too long to look up. Leave some "
                      "out.",
                      file, line));
    }
    for (const std::string_view id : ids_) {
      if (matches_id(pattern, id)) return;
    }
    throw Error(
        fmt::format("{}:{}: {} \"{}\" names no rule. {}assay rules list shows those that "
                    "are built in.",
                    file, line, key, pattern, did_you_mean(pattern, ids_)));
  }

 private:
  std::vector<std::string_view> ids_;
  size_t bytes_ = 0;
  size_t compared_ = 0;
};

void check_names(const Config& config, Ids& ids) {
  for (const auto& name : config.enable) ids.check("enable", name.id, name.file, name.line);
  for (const auto& name : config.disable) ids.check("disable", name.id, name.file, name.line);
  for (const auto& one : config.severities) ids.check("severity", one.rule, one.file, one.line);
  for (const ConfigAllow& allow : config.allows) {
    for (const std::string& rule : allow.rules) ids.check("allow", rule, allow.file, allow.line);
  }
}

void check_own_ids(const std::vector<Rule>& builtin, const std::vector<Rule>& own) {
  std::map<std::string_view, const Rule*> known;
  for (const Rule& rule : builtin) known.emplace(rule.id, &rule);
  for (const Rule& rule : own) {
    const auto [at, is_new] = known.emplace(rule.id, &rule);
    if (is_new || rule.regex == nullptr) continue;
    const RegexRule* other = at->second->regex.get();
    throw Error(fmt::format(
        "{}:{}: The id {} {}. Choose another.", rule.regex->file, rule.regex->line, rule.id,
        other == nullptr ? std::string("is that of a rule of assay's")
                         : fmt::format("stands in {}:{} already", other->file, other->line)));
  }
}

bool any_matches(const std::vector<ConfigRuleName>& names, std::string_view id) {
  return std::any_of(names.begin(), names.end(),
                     [&](const ConfigRuleName& name) { return matches_id(name.id, id); });
}

void set_severity(const Config& config, Rule& rule) {
  for (const ConfigSeverity& severity : config.severities) {
    if (!matches_id(severity.rule, rule.id)) continue;
    if (severity.level) rule.level = *severity.level;
    if (!severity.security_severity.empty()) rule.security_severity = severity.security_severity;
  }
}

}  // namespace

Config merge(Config upper, Config base) {
  if (upper.file.empty()) {
    upper.file = std::move(base.file);
  } else if (!base.file.empty()) {
    upper.file += ", " + base.file;
  }
  append(upper.enable, std::move(base.enable));
  append(upper.disable, std::move(base.disable));
  append(base.severities, std::move(upper.severities));  // the last one counts
  upper.severities = std::move(base.severities);
  append(upper.rules, std::move(base.rules));
  append(upper.allowlists, std::move(base.allowlists));
  append(upper.allows, std::move(base.allows));
  append(upper.exclude, std::move(base.exclude));
  keep_or_take(upper.limits.depth, base.limits.depth);
  keep_or_take(upper.limits.ratio, base.limits.ratio);
  keep_or_take(upper.limits.decoded_bytes, base.limits.decoded_bytes);
  keep_or_take(upper.limits.members, base.limits.members);
  keep_or_take(upper.limits.seconds, base.limits.seconds);
  keep_or_take(upper.owners, base.owners);
  keep_or_take(upper.inventory, base.inventory);
  keep_or_take(upper.baseline, base.baseline);
  keep_or_take(upper.foreign_markers, base.foreign_markers);
  keep_or_take(upper.fail_on, base.fail_on);
  append(upper.warnings, std::move(base.warnings));
  return upper;
}

RuleSet apply_config(std::vector<Rule> builtin, const Config& config,
                     std::vector<std::string>& disabled) {
  check_own_ids(builtin, config.rules);
  Ids ids(builtin, config.rules);
  check_names(config, ids);
  std::vector<Rule> rules;
  const auto keep = [&](Rule&& rule) {
    set_severity(config, rule);
    rules.push_back(std::move(rule));
  };
  for (Rule& rule : builtin) {
    const bool off = (!config.enable.empty() && !any_matches(config.enable, rule.id)) ||
                     any_matches(config.disable, rule.id);
    if (off) {
      disabled.push_back(rule.id);
    } else {
      keep(std::move(rule));
    }
  }
  for (const Rule& rule : config.rules) {
    if (any_matches(config.disable, rule.id)) {
      disabled.push_back(rule.id);
    } else {
      keep(Rule(rule));
    }
  }
  if (rules.empty()) {
    throw Error(
        fmt::format("{} turns off every rule, so nothing would be looked for. Leave one on.",
                    config.file.empty() ? "The config" : config.file));
  }
  std::sort(disabled.begin(), disabled.end());
  RuleSet set(std::move(rules));
  set.set_allowlists(config.allowlists);
  return set;
}

// Goes back to the last star only, so the time is at most pattern times id.
bool matches_id(std::string_view pattern, std::string_view id) {
  size_t at = 0, star = std::string_view::npos, star_at = 0;
  for (size_t i = 0; i < id.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      star_at = i;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == id[i])) {
      ++at;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      i = ++star_at;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace assay
