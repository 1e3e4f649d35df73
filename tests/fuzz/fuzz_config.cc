// Configs: whatever they hold, they are read or refused with their line, and the rules they make
// are fit for reports. The first byte says whose form; the rest is a config, a line of kSeparator,
// and the file that it extends.
#include "rules/config.h"
#include "rules/custom_rule.h"
#include "rules/rule_check.h"
#include "tests/fuzz/fuzz.h"

namespace {

using assay::fuzz::check;

constexpr std::string_view kSeparator = "\n====\n";

void check_rule(const assay::Rule& rule) {
  check(rule.regex != nullptr, "a rule of a config has a regex rule");
  check(!rule.regex->regex.empty() || !rule.regex->path.empty(), "it looks for something");
  check(rule.regex->line > 0 && !rule.regex->file.empty(), "it has its place");
  check(!rule.id.empty() && rule.id.size() <= assay::kMaxCustomId, "an id has its length");
  check(rule.id.find_first_of(" \t\n") == std::string::npos, "an id has no blanks");
  check(assay::check_name(rule.name).empty() && rule.name != rule.id, "a name is one");
  check(!rule.title.empty() && assay::check_prose(rule.title, assay::kMaxTitle).empty() &&
            assay::check_title(rule.title).empty(),
        "a title is one");
  check(assay::check_prose(rule.description, assay::kMaxDescription).empty(),
        "a description is one");
  check(assay::fuzz::is_utf8(rule.title) && assay::fuzz::is_utf8(rule.description),
        "texts are UTF-8");
  check(assay::check_security_severity(rule.security_severity).empty(), "a severity is one");
  check(!rule.rotation.empty() && !rule.rotation.front().steps.empty(), "there is something to do");
}

void check_applied(const assay::Config& config) {
  const std::vector<assay::Rule> builtin(assay::fuzz::rules().rules().begin(),
                                         assay::fuzz::rules().rules().end());
  std::vector<std::string> disabled;
  try {
    const assay::RuleSet set = assay::apply_config(builtin, config, disabled);
    check(!set.rules().empty(), "a run has rules");
    check(set.rules().size() + disabled.size() <= builtin.size() + config.rules.size(),
          "no rule comes from nowhere");
    for (const std::string& id : disabled) check(set.find(id) == nullptr, "what is off is off");
  } catch (const assay::Error& error) {
    check(std::string_view(error.what()).size() > 10, "an error says something");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool gitleaks = text.front() == 'g';
  text.remove_prefix(1);
  const size_t end = std::min(text.find(kSeparator), text.size());
  const std::string extended(text.substr(std::min(end + kSeparator.size(), text.size())));
  text = text.substr(0, end);
  assay::is_gitleaks(text);
  assay::Config config;
  try {
    config = gitleaks ? assay::parse_gitleaks(
                            text, "c.toml", [&](const std::string&) { return extended; }, "d.toml")
                      : assay::parse_config(text, "c.toml");
  } catch (const assay::Error& error) {
    check(std::string_view(error.what()).find(".toml:") != std::string_view::npos || gitleaks,
          "an error names the line");
    check(!assay::fuzz::holds_control(error.what()), "a message is one line");
    return 0;
  }
  for (const assay::Rule& rule : config.rules) check_rule(rule);
  for (const std::string& warning : config.warnings) {
    check(!assay::fuzz::holds_control(warning), "a warning is one line");
  }
  check(config.warnings.size() < 1000 + config.rules.size(), "warnings have an end");
  check_applied(config);
  return 0;
}
