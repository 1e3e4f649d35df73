// assay rules list | show ID | check FILE
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>

#include "cli/commands.h"
#include "cli/output.h"
#include "reports/format.h"
#include "rules/rule_set.h"
#include "scanner/rule_examples.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr size_t kLargestFile = 1 << 20;

int list() {
  const RuleSet rules = RuleSet::builtin();
  Output output("");
  for (const Rule& rule : rules.rules()) {
    output.buffer() += fmt::format("{}  {:<8} {:<9}  {}\n", rule.id, to_string(rule.level),
                                   to_string(rule.confidence), rule.title);
  }
  output.flush(true, rules.families());
  return kExitClean;
}

int show(const std::string& id) {
  const RuleSet rules = RuleSet::builtin();
  const Rule* rule = rules.find(id);
  if (rule == nullptr) {
    throw Error(fmt::format("There is no rule {}. `assay rules list` names them all.", id));
  }
  Output output("");
  std::string& out = output.buffer();
  out += fmt::format(
      "{}  {}\n\n{}\n\nWhat its holder can do: {}\nSeverity: {} ({} of 10). Confidence: {}.\n",
      rule->id, rule->title, rule->description, rule->impact, to_string(rule->level),
      rule->security_severity, to_string(rule->confidence));
  out += fmt::format("\nRotation: {}\n", rule->rotation_summary);
  for (const RotationSteps& variant : rule->rotation) {
    if (rule->rotation.size() > 1) {
      out += variant.scope == Scope::unknown
                 ? std::string("\nWhere the scope is not known:\n")
                 : fmt::format("\nScope {}:\n", to_string(variant.scope));
    }
    size_t number = 0;
    for (const std::string& step : variant.steps) {
      out += fmt::format("  {}. {}\n", ++number, step);
    }
  }
  out += fmt::format("\nMore: {}\n", rule->help_uri);
  output.flush(true, rules.families());
  return kExitClean;
}

int check(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file || text.size() > kLargestFile) {
    throw Error(
        fmt::format("The rules file {} cannot be read, or is larger than 1 MiB. Name a TOML "
                    "file as in docs/rules.md.",
                    path));
  }
  const RuleSet rules = RuleSet::parse(text, path);
  const auto failures = check_examples(rules);
  Output output("");
  for (const std::string& failure : failures) output.buffer() += printable(failure) + "\n";
  if (failures.empty()) {
    output.buffer() +=
        fmt::format("{}: {} rules hold.\n", redact_names(printable(path)), rules.rules().size());
  }
  output.flush(true, rules.families());
  return failures.empty() ? kExitClean : kExitFindings;
}

}  // namespace

void add_rules_command(CLI::App& app, Command& chosen) {
  CLI::App* rules = app.add_subcommand("rules", "List, show and check rules");
  rules->require_subcommand(1);
  rules->footer(
      "Examples:\n"
      "  assay rules list\n"
      "  assay rules show AZF1001\n"
      "  assay rules check my-rules.toml   exit code 1 if an example does not hold");
  rules->add_subcommand("list", "Name every rule")->callback([&chosen] { chosen = list; });

  const auto id = std::make_shared<std::string>();
  CLI::App* one = rules->add_subcommand("show", "What a rule catches, what it means, what to do");
  one->add_option("ID", *id, "For example AZF1001")->required();
  one->callback([&chosen, id] { chosen = [id] { return show(*id); }; });

  const auto file = std::make_shared<std::string>();
  CLI::App* test = rules->add_subcommand("check", "Check a rules file and run its examples");
  test->add_option("FILE", *file, "TOML, see docs/rules.md")->required();
  test->callback([&chosen, file] { chosen = [file] { return check(*file); }; });
}

}  // namespace assay
