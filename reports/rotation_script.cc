// A script that rotates the keys of plans, one after the other.
//
//   key_1() {
//     subject='Azure Functions function or host key of app contoso-orders'
//     exposed=default
//     list_names() { az functionapp keys list …; }
//     …
//     rotate_beside
//   }
//
// The stages stand in rotation_script_parts.h, the commands come from the plans' own maker. Names
// in commands were checked there; whatever else comes from the input stands in single quotes, one
// line, every key in it redacted.
#include <fmt/format.h>

#include "reports/format.h"
#include "reports/rotation_formats.h"
#include "reports/rotation_script_parts.h"
#include "response/rotation_commands.h"
#include "response/rotation_names.h"
#include "response/rotation_steps.h"
#include "scanner/verify.h"

namespace assay {

namespace {

// Any text as one argument that shows on one line.
std::string quoted(std::string_view text) { return shell_argument(redact_names(printable(text))); }

void add_command(std::string_view name, std::string_view command, std::string& out) {
  if (!command.empty()) out += fmt::format("  {}() {{ {}; }}\n", name, command);
}

void add_value(std::string_view name, std::string_view value, std::string& out) {
  out += fmt::format("  {}={}\n", name, quoted(value));
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out.empty() ? "not known: look in API Management, partners, schedulers, pipelines" : out;
}

// The fields of a change record. The time is written when it is printed.
void add_record(const RotationCase& about, const KeyCommands& commands, std::string& out) {
  const Facts& facts = about.facts;
  const auto told = [](const std::string& value) { return value.empty() ? "-" : value; };
  std::string record;
  const auto add = [&record](std::string_view label, const std::string& value) {
    record += fmt::format("{}: {}\n", label, redact_names(printable(value)));
  };
  add("subscription", told(facts[Fact::subscription]));
  add("app", told(facts[Fact::app]));
  add("function", told(facts[Fact::function]));
  add("slot", told(facts[Fact::slot]));
  add("key name", commands.exposed);
  add("replaced by", commands.replacement.empty() ? commands.exposed : commands.replacement);
  add("fingerprint of the exposed key", told(about.fingerprint));
  add("caller", joined(about.callers));
  add("rollback",
      commands.replacement.empty()
          ? "none: the old value cannot come back; renew again"
          : "make a key under the old name, with a new value; the old cannot come back");
  record.pop_back();
  out += fmt::format("  record={}\n", shell_argument(record));
}

void add_event_grid(const RotationPlan& plan, std::string& out) {
  if (!updates_event_grid(plan.about)) return;
  for (const RotationStep& step : plan.parts) {
    if (step.kind != RotationStep::Kind::move || step.commands.empty()) continue;
    add_command("show_subscription",
                fmt::format("az eventgrid event-subscription show --name {} --source-resource-id "
                            "{} --include-full-endpoint-url true --query destination.endpointUrl "
                            "-o tsv",
                            word(plan.about.facts, Fact::event_subscription),
                            word(plan.about.facts, Fact::event_source)),
                out);
    add_command("set_subscription", step.commands.front(), out);
  }
}

void add_settings(const RotationPlan& plan, const KeyCommands& commands, std::string& out) {
  const RotationCase& about = plan.about;
  // The list of an app's host keys does not hold the master key, which is always there.
  const bool always = about.kind == KeyKind::master &&
                      (about.store == KeyStore::app_service || about.store == KeyStore::blob);
  const bool watched = about.facts[Fact::application_insights] != "none";
  add_value("subject", rotation_subject(plan), out);
  add_value("fingerprint", about.fingerprint, out);
  add_value("exposed", commands.exposed, out);
  add_value("replacement", commands.replacement, out);
  add_value("replacement_path", commands.replacement_path, out);
  add_value("callers", joined(about.callers), out);
  out += fmt::format("  named={} restarts={} volume={} watched={}\n", always ? "no" : "yes",
                     commands.apply.empty() ? "no" : "yes", commands.mounts.empty() ? "no" : "yes",
                     watched ? "yes" : "no");
  out += fmt::format("  restart_by_hand={}\n", shell_argument(commands.apply));
  add_record(about, commands, out);
}

void add_key(const RotationPlan& plan, size_t number, std::string& out) {
  const KeyCommands commands = key_commands(plan.about);
  out += fmt::format("\nkey_{}() {{\n", number);
  add_settings(plan, commands, out);
  std::string confirm;
  for (const RotationStep& step : plan.parts) {
    if (step.kind != RotationStep::Kind::confirm) continue;
    for (const std::string& command : step.commands) {
      confirm += (confirm.empty() ? "" : " && ") + command;
    }
    break;
  }
  add_command("confirm", confirm, out);
  add_command("list_names", commands.list_names, out);
  add_command("show_exposed", commands.show_exposed, out);
  add_command("show_replacement", commands.show_replacement, out);
  add_command("show_all", commands.show_all, out);
  add_command("make_replacement", commands.make, out);
  add_command("renew_exposed", commands.renew, out);
  add_command("remove_exposed", commands.remove, out);
  add_command("restart", commands.apply, out);
  add_command("list_mounts", commands.mounts, out);
  if (plan.about.facts[Fact::application_insights] != "none") {
    add_command("watch", watch_command(plan.about) + " -o table", out);
  }
  add_event_grid(plan, out);
  out += "  printf '\\n==== %s\\n' \"$subject\"\n  confirm_place\n";
  if (commands.replacement.empty()) {
    out += "  renew_in_place\n";
    if (updates_event_grid(plan.about)) out += "  update_subscription\n";
    out += "  move_callers\n  watch_calls\n";
  } else {
    out += "  rotate_beside\n";
  }
  out += "  check_gone\n  change_record\n}\n";
}

// One line a key of what is not known.
std::vector<std::string> blanks_of(std::span<const RotationPlan> plans) {
  std::vector<std::string> lines;
  size_t number = 0;
  for (const RotationPlan& plan : plans) {
    ++number;
    std::string names;
    for (const Fact fact : plan.blanks) {
      names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", row_of(fact).blank,
                           row_of(fact).meaning);
    }
    if (plan.parts.empty()) names = "a plan by hand: there are no commands for its rule";
    if (names.empty()) continue;
    lines.push_back(fmt::format("Key {}, {}, needs {}.", number, rotation_subject(plan), names));
  }
  return lines;
}

void add_refusal(const std::vector<std::string>& blanks, std::string& out) {
  out += "\n# What nobody told. Fill it in: assay rotate … --set NAME=VALUE --format script\n";
  out += "blanks=(\n";
  for (const std::string& line : blanks) out += fmt::format("  {}\n", quoted(line));
  out += R"SH()
if ((${#blanks[@]} > 0)); then
  told=yes
  printf '%s\n' 'This script has blanks, and nothing was called:' "${blanks[@]}" \
    'Make it again with --set NAME=VALUE, or fill in the plan of --format json.' >&2
  exit 2
fi
)SH";
}

void add_tools(std::span<const RotationPlan> plans, std::string& out) {
  std::string tools = "assay";
  for (const std::string_view tool : {"az", "kubectl"}) {
    for (const RotationPlan& plan : plans) {
      if ((plan.about.store == KeyStore::kubernetes) != (tool == "kubectl")) continue;
      tools += fmt::format(" {}", tool);
      break;
    }
  }
  out += fmt::format(
      "\nfor tool in {}; do\n"
      "  command -v \"$tool\" >/dev/null || stop \"there is no $tool here. Install it first.\" 2\n"
      "done\n"
      "export AZURE_CORE_ONLY_SHOW_ERRORS=true AZURE_EXTENSION_USE_DYNAMIC_INSTALL=no\n",
      tools);
}

}  // namespace

void write_rotation_script(std::span<const RotationPlan> plans, std::string& out) {
  out += fmt::format(
      "#!/usr/bin/env bash\n"
      "# Rotates {} of Azure Functions. Written by assay rotate; docs/rotate.md.\n"
      "# It stops at the first failure, asks before it deletes or renews, and can be run again:\n"
      "# every step looks first whether it was done. It holds no key and prints none.\n"
      "# Exit codes: 0 done, 1 stopped at a failure, 2 could not start, 3 waits for a person.\n"
      "# shellcheck disable=SC2016,SC2317,SC2329\n",
      counted(plans.size(), "exposed key"));
  out += kScriptStart;
  if (const auto blanks = blanks_of(plans); !blanks.empty()) add_refusal(blanks, out);
  if (plans.empty()) {
    out += "\nsay 'No key was found: there is nothing to rotate.'\n";
    return;
  }
  add_tools(plans, out);
  size_t number = 0;
  for (const RotationPlan& plan : plans) {
    ++number;
    if (!plan.parts.empty()) add_key(plan, number, out);
  }
  out += '\n';
  for (size_t key = 1; key <= number; ++key) {
    if (!plans[key - 1].parts.empty()) out += fmt::format("key_{}\n", key);
  }
  out += "\nsay ''\nsay 'Done.'\n";
}

}  // namespace assay
