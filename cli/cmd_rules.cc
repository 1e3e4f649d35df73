// assay rules list | show ID | check FILE
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "cli/commands.h"
#include "cli/output.h"
#include "reports/format.h"
#include "rules/rule_set.h"
#include "scanner/rule_examples.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr size_t kLargestFile = 1 << 20;

// Rules by what their ids begin with, which docs/rules.md explains.
constexpr std::pair<std::string_view, std::string_view> kGroups[] = {
    {"AZF", "Azure Functions"}, {"AZK", "Other Azure keys"}, {"TOK", "Other tokens"}};

std::string_view group_of(const Rule& rule) {
  for (const auto& [prefix, group] : kGroups) {
    if (rule.id.starts_with(prefix)) return group;
  }
  return "Others";
}

int list() {
  const RuleSet rules = RuleSet::builtin();
  Output output("");
  std::string& out = output.buffer();
  std::string_view group;
  for (const Rule& rule : rules.rules()) {
    if (group_of(rule) != group) {
      out += group.empty() ? "" : "\n";
      group = group_of(rule);
      out += fmt::format("{}:\n", group);
    }
    out += fmt::format("{:<9}  {:>4}  {:<7}  {:<9}  {}\n", rule.id, rule.security_severity,
                       to_string(rule.level), to_string(rule.confidence), rule.title);
  }
  output.flush(true, rules.families());
  return kExitClean;
}

// What a rule reports: "azure-service-bus, kind manage: those whose checksum holds".
std::string reports(const Rule& rule) {
  const std::string keys =
      rule.kind == "unknown" ? rule.family : fmt::format("{}, kind {}", rule.family, rule.kind);
  std::string_view which;
  switch (rule.confidence) {
    case Confidence::verified:
      which = rule.takes_unproven ? "those whose checksum holds; by signature, others of the form"
                                  : "those whose checksum holds";
      break;
    case Confidence::signature:
      which = rule.kind == kMaskedKind ? "those that can be made whole" : "those of the form";
      break;
    case Confidence::context:
      which = "those that their surroundings tell";
      break;
  }
  return fmt::format("{}: {}", keys, which);
}

std::string rotation_text(const Rule& rule) {
  std::string out = fmt::format("\nRotation: {}\n", rule.rotation_summary);
  for (const RotationSteps& variant : rule.rotation) {
    if (rule.rotation.size() > 1) {
      out += variant.scope == Scope::unknown
                 ? std::string("\nWhere the scope is not known:\n")
                 : fmt::format("\nScope {}:\n", to_string(variant.scope));
    }
    size_t number = 0;
    for (const std::string& step : variant.steps) {
      out += fmt::format("  {}. {}\n", ++number, step);
    }
  }
  return out;
}

int show(const std::string& id) {
  const RuleSet rules = RuleSet::builtin();
  const Rule* rule = rules.find(id);
  if (rule == nullptr) {
    throw Error(fmt::format("There is no rule {}. `assay rules list` names them all.", id));
  }
  Output output("");
  output.buffer() += fmt::format(
      "{}  {}\n\n{}\n\nWhat its holder can do: {}\nSeverity: {} ({} of 10). Confidence: {}.\n"
      "Reports: {}.\n{}\nMore: {}\n",
      rule->id, rule->title, rule->description, rule->impact, to_string(rule->level),
      rule->security_severity, to_string(rule->confidence), reports(*rule), rotation_text(*rule),
      rule->help_uri);
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
