// What the user says about rules, paths and limits: .assay.toml, or gitleaks' own file.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"
#include "rules/rule_set.h"

namespace assay {

// [[allow]] of .assay.toml: findings that do not count, of any rule. Of what an entry has of paths,
// regexes, stopwords and fingerprints, one of each must hold; it has one of these at least.
struct ConfigAllow {
  std::vector<std::string> rules;         // ids; `*` and `?` match (matches_id); none: all
  std::vector<std::string> paths;         // gitignore syntax
  std::vector<std::string> regexes;       // RE2, over the secret
  std::vector<std::string> stopwords;     // in the secret, any case
  std::vector<std::string> fingerprints;  // C3IDs, or `hmac:` and 20 characters
  std::string reason;                     // without one, verified keys count all the same
  std::string file;
  size_t line = 0;
};

// The id of a rule as a config names it; `*` and `?` match.
struct ConfigRuleName {
  std::string id;
  std::string file;
  size_t line = 0;
};

struct ConfigSeverity {
  std::string rule;  // id; `*` and `?` match
  std::optional<Level> level;
  std::string security_severity;  // empty: as it is
  std::string file;
  size_t line = 0;
};

struct ConfigLimits {
  std::optional<uint64_t> depth, ratio, decoded_bytes, members, seconds;  // as the flags --max-…
};

struct Config {
  std::string file;                        // as shown, of two `A, B`; empty: there is none
  std::vector<ConfigRuleName> enable;      // of the built-in rules only these; none: all
  std::vector<ConfigRuleName> disable;     // after that, of all rules
  std::vector<ConfigSeverity> severities;  // in order, the last that matches counts
  std::vector<Rule> rules;                 // the user's own (Rule::regex is set)
  std::vector<Allowlist> allowlists;       // of regex rules: gitleaks' global ones
  std::vector<ConfigAllow> allows;         // of all rules
  std::vector<std::string> exclude;        // paths out of scope, gitignore syntax
  size_t exclude_line = 0;
  ConfigLimits limits;
  // Files, relative to that of the config, without `..`; empty: none. find_config (cli/) makes them
  // paths that can be opened.
  std::string owners, inventory, baseline;
  std::optional<bool> foreign_markers;  // whether those of other tools count
  std::string fail_on;                  // as the flag; empty: not said
  std::vector<std::string> warnings;    // sentences: a key that gitleaks ignores …
};

// Reads the text of a file that one config names, by its path as it stands there; throws Error.
using ReadBeside = std::function<std::string(const std::string& path)>;

// More is refused, of each file.
inline constexpr size_t kMaxConfigBytes = size_t{1} << 20;

// .assay.toml. Throws Error with name, line and remedy at an unknown key, a wrong type, a bad id.
// Regexes are compiled by RegexRules (scanner/regex_rules.h), which names file and line as well.
Config parse_config(std::string_view toml, std::string_view name);

// .gitleaks.toml, as gitleaks 8 reads it: keys in any case, unknown ones a warning as viper ignores
// them; [extend] path through `read`; [extend] useDefault needs `defaults`, the path of the rules
// file that the user names for it (given to `read` as it is), and is an Error that says so without
// one.
Config parse_gitleaks(std::string_view toml, std::string_view name, const ReadBeside& read,
                      const std::optional<std::string>& defaults);

// Whether the text is meant for gitleaks, by its keys: rules, allowlist, allowlists, extend. False
// of what is no TOML.
bool is_gitleaks(std::string_view toml);

// `upper` over `base`: both apply, the user's .assay.toml over the gitleaks file beside it. What
// only one can say (limits, files, fail_on) is the upper's, where it says it.
Config merge(Config upper, Config base);

// The rules of a run: the built-in ones with the config's severities, less those it turns off, and
// its own. `disabled`: the ids of those that are off. Throws Error for an id that names nothing,
// one that two rules have, and if no rule is left.
RuleSet apply_config(std::vector<Rule> builtin, const Config& config,
                     std::vector<std::string>& disabled);

// Whether the pattern of a config (`*` any run of bytes, `?` one) is about the rule of that id.
bool matches_id(std::string_view pattern, std::string_view id);

}  // namespace assay
