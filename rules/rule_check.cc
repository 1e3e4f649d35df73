// The limits of each field of a rule, and of a TOML text as a whole.
#include "rules/rule_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "rules/rule.h"

namespace assay {

namespace {

constexpr std::array<std::string_view, 4> kPrecisions = {"very-high", "high", "medium", "low"};
constexpr std::array<std::string_view, 8> kPlaceholders = {
    "{group}",    "{app}",       "{slot}",     "{function}",
    "{key_name}", "{extension}", "{resource}", "{policy}"};
constexpr size_t kMaxName = 120;
constexpr size_t kMaxUri = 2000;
constexpr size_t kMaxStep = 1024;
constexpr size_t kMaxRegex = 4096;
constexpr size_t kMaxDepth = 16;

// Not <cctype>: what is a letter must not hang on the locale.
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_visible(char c) { return c > 0x20 && c < 0x7f; }

}  // namespace

std::string check_id(std::string_view id) {
  std::string_view rest = id;
  if (rest.size() == 9 && rest[7] == '-' && rest[8] >= '1' && rest[8] <= '9') {
    rest.remove_suffix(2);
  }
  if (rest.size() == 7 && std::all_of(rest.begin(), rest.begin() + 3, is_upper) &&
      std::all_of(rest.begin() + 3, rest.end(), is_digit)) {
    return {};
  }
  return "is no rule id. Write three capitals and four digits, like AZF1001, and -1 to -9 where "
         "one "
         "number has several rules.";
}

std::string check_name(std::string_view name) {
  constexpr std::string_view kWrong =
      "is not in Pascal case. Write letters and digits, each word with a capital, like "
      "AzureFunctionsMasterKeyExposed.";
  if (name.size() > kMaxName || !is_upper(name.front())) return std::string(kWrong);
  for (size_t i = 0; i < name.size(); ++i) {
    const bool part = is_lower(name[i]) || is_digit(name[i]);
    // Two capitals in a row would be a word of one letter, which SARIF's validator refuses.
    const bool word = is_upper(name[i]) && i + 1 < name.size() && !is_upper(name[i + 1]);
    if (!part && !word) return std::string(kWrong);
  }
  return {};
}

std::string check_prose(std::string_view text, size_t limit) {
  if (text.size() > limit) {
    return fmt::format("is {} bytes long. At most {} are shown everywhere: shorten it.",
                       text.size(), limit);
  }
  if (std::any_of(text.begin(), text.end(), is_control)) {
    return "holds a control character. Write it as one line.";
  }
  return {};
}

std::string check_title(std::string_view title) {
  return title.ends_with('.') ? "must not end in a full stop: sentences are made around it." : "";
}

std::string check_uri(std::string_view uri) {
  const bool plain = std::all_of(uri.begin(), uri.end(), [](char c) {
    return is_visible(c) && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
  });
  if (plain && uri.starts_with("https://") && uri.size() > 8 && uri.size() <= kMaxUri) return {};
  return "is no web address. Write an absolute one that begins with https://.";
}

std::string check_precision(std::string_view precision) {
  if (std::find(kPrecisions.begin(), kPrecisions.end(), precision) != kPrecisions.end()) return {};
  return fmt::format("is not known. Use one of {}.", fmt::join(kPrecisions, ", "));
}

std::string check_security_severity(std::string_view s) {
  if (s == "10.0" || (s.size() == 3 && is_digit(s[0]) && s[1] == '.' && is_digit(s[2]))) return {};
  return "is no severity. Write a string from \"0.0\" to \"10.0\" with one decimal.";
}

std::string check_family_name(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(),
                                 [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
  if (plain && name.size() <= kMaxName) return {};
  return "must be lower case letters, digits and dashes.";
}

std::string check_known_family(std::string_view name) {
  if (is_family_name(name) || name == kAnyAzure || name == kAnyToken) return {};
  std::vector<std::string_view> names = {kAnyAzure, kAnyToken};
  const auto add = [&names](std::string_view one) {
    if (std::find(names.begin(), names.end(), one) == names.end()) names.push_back(one);
  };
  for (const KeyFamily& family : key_families()) {
    for (const KeySeed& seed : family.seeds) add(family_name(family, seed));
  }
  return fmt::format("is not known. Use one of {}.", fmt::join(names, ", "));
}

std::string check_kind(std::string_view name, std::string_view kind, Confidence confidence) {
  const bool verified = confidence == Confidence::verified;
  if (!verified && (kind == "unknown" || kind == kMaskedKind)) return {};
  std::vector<std::string_view> kinds;
  for (const KeyFamily& family : key_families()) {
    // Only a checksum proves; what has none is told by its form.
    if ((family.scheme == KeyScheme::none) == verified) continue;
    for (const KeySeed& seed : family.seeds) {
      if (family_name(family, seed) != name) continue;
      if (seed.kind == kind) return {};
      if (std::find(kinds.begin(), kinds.end(), seed.kind) == kinds.end()) {
        kinds.push_back(seed.kind);
      }
    }
  }
  if (!verified) return std::string(kKindNeedsProof);
  if (kinds.empty()) {
    return fmt::format(
        "cannot be proved of {}, whose keys have no checksum. Write confidence = "
        "\"signature\".",
        name);
  }
  return fmt::format("is not one of {}. Use one of {}.", name, fmt::join(kinds, ", "));
}

std::string check_keyword(std::string_view keyword) {
  if (keyword.size() < kMinKeyword || keyword.size() > kMaxKeyword) {
    return fmt::format("must have {} to {} bytes each: a shorter one is everywhere.", kMinKeyword,
                       kMaxKeyword);
  }
  if (!std::all_of(keyword.begin(), keyword.end(),
                   [](char c) { return !is_upper(c) && c > 0x1f && c < 0x7f; })) {
    return "must be lower case ASCII. They match in any case.";
  }
  return {};
}

std::string check_regex(std::string_view regex) {
  if (regex.size() > kMaxRegex) return fmt::format("must have at most {} bytes.", kMaxRegex);
  if (regex.find("(?P<secret>") != std::string_view::npos) return {};
  return "has no group (?P<secret>…). Put it around the key.";
}

std::string check_step(std::string_view step) {
  std::string complaint = check_prose(step, kMaxStep);
  if (!complaint.empty()) return complaint;
  for (size_t at = step.find_first_of("{}"); at != std::string_view::npos;
       at = step.find_first_of("{}", at)) {
    // JSON, as the body of a request: {"keyType":"primary"}.
    const bool json =
        step[at] == '{' ? step.substr(at + 1).starts_with('"') : at > 0 && step[at - 1] == '"';
    if (json) {
      ++at;
      continue;
    }
    const auto known = std::find_if(kPlaceholders.begin(), kPlaceholders.end(),
                                    [&](auto name) { return step.substr(at).starts_with(name); });
    if (known == kPlaceholders.end()) {
      return fmt::format("holds a brace that begins no placeholder. Those are {}.",
                         fmt::join(kPlaceholders, " "));
    }
    at += known->size();
  }
  return {};
}

// Strings and comments are stepped over as TOML has them; where the text is no TOML, toml++ says so
// later, so all that counts is that it cannot see more levels than are counted here. A dot nests
// until the line ends, a bracket until it is closed.
size_t line_nested_too_deep(std::string_view toml) {
  size_t line = 1;
  size_t dots = 0;
  size_t open = 0;
  for (size_t i = 0; i < toml.size(); ++i) {
    const char c = toml[i];
    if (c == '\n') {
      ++line;
      dots = 0;
    } else if (c == '.') {
      ++dots;
    } else if (c == '[' || c == '{') {
      ++open;
    } else if ((c == ']' || c == '}') && open > 0) {
      --open;
    } else if (c == '#') {
      i = std::min(toml.find('\n', i), toml.size()) - 1;
    } else if (c == '"' || c == '\'') {
      const std::string_view three = c == '"' ? "\"\"\"" : "'''";
      const bool long_string = toml.substr(i).starts_with(three);
      i += long_string ? 3 : 1;
      for (; i < toml.size() &&
             (long_string ? !toml.substr(i).starts_with(three) : toml[i] != c && toml[i] != '\n');
           ++i) {
        if (toml[i] == '\n') ++line;
        if (c == '"' && toml[i] == '\\') ++i;
      }
      // A long string may end in up to two quotes of its own.
      if (long_string) i = std::min(toml.find_first_not_of(c, i), toml.size()) - 1;
    }
    if (dots > kMaxDepth || open > kMaxDepth) return line;
  }
  return 0;
}

}  // namespace assay
