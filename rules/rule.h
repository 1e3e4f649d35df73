// One rule: what to look for, and all that a report says about it. Data only.
#pragma once

#include <cstddef>
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
// nothing.
struct RotationSteps {
  Scope scope = Scope::unknown;
  std::vector<std::string> steps;
};

// The kind of a rule, at confidence `signature`, that reports keys of which too little is masked.
inline constexpr std::string_view kMaskedKind = "masked";

struct Rule {
  std::string id;    // AZF1001; never reused
  std::string name;  // AzureFunctionsMasterKeyExposed
  std::string family;
  std::string kind;         // of the keys it reports: a KeySeed's kind, kMaskedKind or "unknown"
  std::string title;        // one line, no full stop: "Azure Functions master key"
  std::string description;  // what it catches, whole sentences, at most 1024 bytes
  std::string impact;       // what the holder of the key may do
  std::string help_uri;
  Confidence confidence = Confidence::verified;
  Level level = Level::error;
  std::string security_severity;  // "9.8": GitHub's scale
  double rank = 0;                // SARIF's 0 to 100
  std::string precision;          // very-high, high, medium, low

  std::vector<KeywordPattern> patterns;  // only for `context` rules
  size_t min_distinct = 0;               // so many different characters, or it is a placeholder

  std::string rotation_summary;
  std::vector<RotationSteps> rotation;  // the entry of scope `unknown` always exists

  // Texts the rule must and must not find something in; see fill_placeholders in keys/mint.h.
  std::vector<std::string> examples;
  std::vector<std::string> counter_examples;
};

}  // namespace assay
