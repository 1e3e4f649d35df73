// Reads owners.toml strictly, and looks facts up in it.
//
//   [[owner]]
//   name = "payments-team"
//   hosts = ["contoso-orders*.azurewebsites.net"]
//   paths = ["services/payments/"]
//
//   host contoso-orders-staging.azurewebsites.net → payments-team, by its first pattern
//
// Names of hosts and apps have no case. Paths are as GitHub's CODEOWNERS writes them.
#include "response/owners_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "response/path_pattern.h"
#include "response/text_file.h"
#include "rules/rule_check.h"
#include "rules/rule_set.h"
#include "rules/toml_text.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr uint64_t kMostSteps = 4'000'000;  // of one finding
constexpr size_t kMaxText = 1024;           // bytes of a name, a link, a pattern

constexpr std::array<std::string_view, kOwnerFacts> kLists = {"hosts", "apps", "paths", "channels",
                                                              "projects"};
constexpr std::array<std::string_view, 8> kKeys = {"name", "contact", "runbook",  "hosts",
                                                   "apps", "paths",   "channels", "projects"};

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return out;
}

// Reads the tables of one text. Every getter throws the Error itself.
class Reader {
 public:
  explicit Reader(std::string_view name) : name_(redact_names(name)) {}

  [[noreturn]] void fail(size_t line, std::string_view what) const {
    throw Error(fmt::format("{}:{}: {}", name_, line, what));
  }

  OwnersRule rule(const toml::table& table) {
    check_keys(table);
    OwnersRule rule;
    rule.name = text(table, "name");
    if (rule.name.empty()) fail(line_of(table), "name is missing. Add the team that answers.");
    rule.contact = text(table, "contact");
    rule.runbook = text(table, "runbook");
    const size_t before = patterns_;
    for (size_t i = 0; i < kOwnerFacts; ++i) {
      if (const toml::node* node = table.get(kLists[i])) rule.patterns[i] = texts(*node, kLists[i]);
      // Names without case are compared in small letters.
      if (i > static_cast<size_t>(OwnerFact::app)) continue;
      for (auto& pattern : rule.patterns[i]) pattern.text = folded(pattern.text);
    }
    if (patterns_ == before) {
      fail(line_of(table),
           fmt::format("This owner has no pattern. Add one of {}.", fmt::join(kLists, ", ")));
    }
    return rule;
  }

 private:
  static size_t line_of(const toml::node& node) { return node.source().begin.line; }

  void check_keys(const toml::table& table) const {
    for (const auto& [key, node] : table) {
      if (std::find(kKeys.begin(), kKeys.end(), key.str()) != kKeys.end()) continue;
      fail(key.source().begin.line, fmt::format("{} is not a key of an owner. It may hold {}.",
                                                quoted(key.str()), fmt::join(kKeys, ", ")));
    }
  }

  // A key as it may stand in a message: short, and no control characters.
  static std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : redact_names(text.substr(0, 60))) {
      out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    }
    return out + (text.size() > 60 ? "…\"" : "\"");
  }

  std::string text_of(const toml::node& node, std::string_view key) const {
    const auto* value = node.as_string();
    if (value == nullptr) fail(line_of(node), fmt::format("{} must be a string.", key));
    const std::string& text = value->get();
    const bool control = std::any_of(text.begin(), text.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (text.empty() || text.size() > kMaxText || control) {
      fail(line_of(node), fmt::format("{} must hold 1 to {} bytes, on one line.", key, kMaxText));
    }
    return text;
  }

  std::string text(const toml::table& table, std::string_view key) const {
    const toml::node* node = table.get(key);
    return node == nullptr ? std::string() : text_of(*node, key);
  }

  std::vector<OwnersRule::Pattern> texts(const toml::node& node, std::string_view key) {
    const toml::array* array = node.as_array();
    if (array == nullptr) fail(line_of(node), fmt::format("{} must be an array of strings.", key));
    std::vector<OwnersRule::Pattern> out;
    for (const toml::node& entry : *array) {
      if (++patterns_ > OwnersFile::kMaxPatterns) {
        fail(line_of(entry), fmt::format("There are more than {} patterns. Use `*` for more of "
                                         "them.",
                                         OwnersFile::kMaxPatterns));
      }
      out.push_back({text_of(entry, key), line_of(entry)});
    }
    return out;
  }

  std::string name_;
  size_t patterns_ = 0;
};

toml::table parsed(std::string_view text, std::string_view name) {
  try {
    return toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    throw Error(fmt::format("{}:{}: This is not TOML: {}. Mend the syntax.", redact_names(name),
                            error.source().begin.line, redact_names(error.description())));
  } catch (const std::invalid_argument&) {
    throw Error(fmt::format("{}:1: This is not TOML. Mend the syntax.", redact_names(name)));
  }
}

// As GitHub's CODEOWNERS, but for brackets, which are no special characters here.
PathPattern path_pattern(std::string_view text) {
  PathPattern pattern;
  pattern.end = PathPattern::End::within;
  if (text.ends_with('/')) {
    pattern.end = PathPattern::End::below;
    text.remove_suffix(1);
  } else if (text == "*" || text.ends_with("/*")) {
    pattern.end = PathPattern::End::exact;
  }
  pattern.floating = text.find('/') == std::string_view::npos;
  if (text.starts_with('/')) text.remove_prefix(1);
  pattern.text = text;
  return pattern;
}

}  // namespace

std::string_view to_string(OwnerFact fact) {
  constexpr std::array<std::string_view, kOwnerFacts> kNames = {"host", "app", "path", "channel",
                                                                "project"};
  return kNames[static_cast<size_t>(fact)];
}

OwnersFile OwnersFile::parse(std::string_view toml, std::string name) {
  Reader reader(name);
  if (toml.size() > kMaxBytes) {
    reader.fail(1, fmt::format("The file is longer than {} bytes. Make it shorter.", kMaxBytes));
  }
  if (const size_t line = line_nested_too_deep(toml)) {
    reader.fail(line, "Tables nest too deep here. An owner needs two levels.");
  }
  const toml::table root = parsed(toml, name);
  for (const auto& [key, node] : root) {
    if (key.str() == "owner" && node.is_array_of_tables()) continue;
    reader.fail(key.source().begin.line,
                "A file of owners holds [[owner]] tables and nothing else.");
  }
  OwnersFile out;
  out.name_ = std::move(name);
  const toml::array* tables = root["owner"].as_array();
  if (tables == nullptr) reader.fail(1, "There is no owner in this file. Add an [[owner]].");
  if (tables->size() > kMaxRules) {
    reader.fail(1, fmt::format("There are more than {} owners. Put those of one name together.",
                               kMaxRules));
  }
  for (const toml::node& table : *tables) out.rules_.push_back(reader.rule(*table.as_table()));
  return out;
}

OwnersFile OwnersFile::read(const std::string& path, const std::string& name) {
  return parse(read_text_file(path, name, kMaxBytes), name);
}

std::optional<OwnersMatch> OwnersFile::find(const OwnerFacts& facts, bool& gave_up) const {
  Steps steps(kMostSteps);
  const std::string host = folded(facts.host);
  const std::string app = folded(facts.app);
  const std::array<std::string_view, kOwnerFacts> values = {host, app, facts.path, facts.channel,
                                                            facts.channel};
  const std::array<std::string_view, kOwnerFacts> given = {facts.host, facts.app, facts.path,
                                                           facts.channel, facts.channel};
  for (size_t i = 0; i < kOwnerFacts; ++i) {
    if (values[i].empty()) continue;
    const auto fact = static_cast<OwnerFact>(i);
    for (const OwnersRule& rule : rules_) {
      for (const OwnersRule::Pattern& pattern : rule.patterns[i]) {
        const bool hit = fact == OwnerFact::path
                             ? matches(path_pattern(pattern.text), values[i], steps)
                             : matches_name(pattern.text, values[i], false, steps);
        if (hit) return OwnersMatch{&rule, fact, &pattern, given[i]};
      }
    }
  }
  gave_up = steps.gone();
  return std::nullopt;
}

}  // namespace assay
