// One rule: what to look for, and all that a report says about it. Data only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/keys/identify.h"

namespace assay {

enum class Level { note, warning, error };
std::string_view to_string(Level level);

// What a key opens: told by its kind (master, system) or by its surroundings.
enum class Scope { unknown, host, function, app, extension };
std::string_view to_string(Scope scope);

// One way a rule finds a candidate without a signature. A match begins where a keyword begins:
// `regex` is tried anchored there, and its group `secret` is the candidate. What has no run of 40
// key characters (base64 digits of either alphabet and `%`) is no candidate: keywords are only
// looked for near such runs.
struct KeywordPattern {
  std::vector<std::string> keywords;  // 4 bytes or more, any case matches
  std::string regex;                  // RE2 syntax over bytes (Latin-1)
  bool value_follows =
      false;  // the value stands right behind the keyword: kLeastValue key characters
  bool needs_functions_host = false;  // only where the context names a Functions host
  static constexpr size_t kLeastValue = 40;
};

// The steps to rotate a key, for one scope. Placeholders {group} {app} {slot} {function} {key_name}
// {extension} are filled from the finding's context; `{slot}` is the whole ` --slot NAME` or
// nothing. {resource} is what the key opens where that is no Functions app: the storage account,
// namespace, hub, registry, service (KeyContext::app); {policy} the rule of a shared access key
// (KeyContext::key_name).
struct RotationSteps {
  Scope scope = Scope::unknown;
  std::vector<std::string> steps;
};

// The kind of a rule, at confidence `signature`, that reports keys of which too little is masked.
inline constexpr std::string_view kMaskedKind = "masked";

// Families of rules at confidence `signature` that stand for all families without such a rule.
inline constexpr std::string_view kAnyAzure = "any-azure";
inline constexpr std::string_view kAnyToken = "any-token";

// The family of the user's own rules.
inline constexpr std::string_view kCustomFamily = "custom";

// What is no finding of a regex rule though the regex matches: as gitleaks has it. `any`: one of
// the kinds of tests that are there is enough; `all`: of each kind that is there, one must hold.
struct Allowlist {
  std::string description;
  enum class Condition { any, all };
  Condition condition = Condition::any;
  enum class Target { secret, match, line };  // what `regexes` look at
  Target target = Target::secret;
  std::vector<std::string> paths, regexes;  // RE2
  std::vector<std::string> stopwords;       // lower case; in the secret, any case
  std::vector<std::string> commits;         // lower case hexadecimal
  size_t line = 0;                          // of the file, for messages
};

// A rule of the user: a regex over text, or over paths.
struct RegexRule {
  std::string regex;  // RE2, UTF-8, group 0 or `secret_group` is the secret; empty: only the path
  std::string path;   // RE2, over the whole path as reported; empty: any
  std::vector<std::string> keywords;  // lower case, any case matches; none: tried everywhere
  int secret_group = 0;               // 0: the first group that matched, else the whole match
  double entropy = 0;                 // Shannon, bits a character; 0: any
  std::vector<Allowlist> allowlists;  // its own
  struct Required {
    std::string id;
    std::optional<uint64_t> within_lines, within_columns;
  };
  std::vector<Required> required;  // other rules that must match too
  bool skip_report = false;        // counts only as one of `required`
  std::vector<std::string> tags;
  std::string file;  // where it was read, for messages
  size_t line = 0;
};

struct Rule {
  std::string id;    // AZF1001; never reused. Of the user's rules any text without blanks
  std::string name;  // AzureFunctionsMasterKeyExposed
  std::string family;
  std::string kind;         // of the keys it reports: a KeySeed's kind, kMaskedKind or "unknown"
  std::string title;        // one line, no full stop: "Azure Functions master key"
  std::string description;  // what it catches, whole sentences, at most 1024 bytes
  std::string impact;       // what the holder of the key may do
  std::string help_uri;
  Confidence confidence = Confidence::verified;
  // Also reports keys of its kind whose checksum does not hold but whose form tells the kind, at
  // confidence `signature`. Only of rules at `verified`.
  bool takes_unproven = false;
  Level level = Level::error;
  std::string security_severity;  // "9.8": GitHub's scale
  double rank = 0;                // SARIF's 0 to 100
  std::string precision;          // very-high, high, medium, low

  std::vector<KeywordPattern> patterns;  // only for `context` rules
  size_t min_distinct = 0;               // so many different characters, or it is a placeholder
  // Set of the user's own rules, whose confidence is `context` and family "custom".
  std::shared_ptr<const RegexRule> regex = {};

  std::string rotation_summary;
  std::vector<RotationSteps> rotation;  // the entry of scope `unknown` always exists

  // Texts the rule must and must not find something in; see fill_placeholders in keys/mint.h.
  std::vector<std::string> examples;
  std::vector<std::string> counter_examples;
};

}  // namespace assay
