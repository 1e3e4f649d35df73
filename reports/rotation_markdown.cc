// A plan for a person to work through.
//
//   ## 1. Azure Functions function or host key of app contoso-orders
//   - [ ] **1. Confirm the tenant, the subscription and the app.**
//     ```sh
//     az account show …
//     ```
//
// Names and places come from what leaked, so each is shown as it is and never as markup: outside of
// fences every character that Markdown or HTML could take for more is escaped. What stands in a
// fence is made by response/rotation_commands.cc out of checked names, and has no backtick.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reports/format.h"
#include "reports/rotation_formats.h"

namespace assay {

namespace {

// One line of text without markup. `@` stands in code, since sites make mentions of it even where
// it is escaped; an address becomes no link by itself.
std::string plain(std::string_view text) {
  std::string out;
  const std::string line = printable(text);
  for (size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    const std::string_view rest = std::string_view(line).substr(at);
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '@') {
      out += "`@`";
    } else {
      const bool mark = std::string_view("\\`*_[]#|!~$").find(c) != std::string_view::npos;
      const bool address = rest.starts_with("://") || (c == '.' && out.ends_with("www"));
      if (mark || address) out += '\\';
      out += c;
    }
  }
  return out;
}

void add_fence(std::string_view language, std::string_view lines, std::string& out) {
  out += fmt::format("  ```{}\n", language);
  for (size_t at = 0; at <= lines.size();) {
    const size_t end = std::min(lines.find('\n', at), lines.size());
    std::string line = printable(lines.substr(at, end - at));
    for (char& c : line) c = c == '`' ? '\'' : c;  // never there; a fence must not end early
    out += fmt::format("  {}\n", line);
    at = end + 1;
  }
  out += "  ```\n";
}

void add_row(std::string_view label, std::string_view value, std::string& out) {
  if (!value.empty()) out += fmt::format("| {} | {} |\n", label, plain(value));
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

void add_facts(const RotationPlan& plan, std::string& out) {
  const RotationCase& about = plan.about;
  out += "| | |\n|---|---|\n";
  add_row("Key", about.redacted, out);
  add_row("Proof", proof(about.confidence), out);
  add_row("Fingerprint", about.fingerprint, out);
  add_row("Owner", about.owner, out);
  add_row("Contact", about.contact, out);
  add_row("Runbook", about.runbook, out);
  add_row("Callers", joined(about.callers), out);
  for (const FactRow& row : fact_rows()) add_row(row.name, about.facts[row.fact], out);
  for (size_t i = 0; i < about.places.size(); ++i) {
    add_row(i == 0 ? "Found at" : "", about.places[i], out);
  }
  if (about.place_count > about.places.size()) {
    add_row("",
            fmt::format("… and {}", counted(about.place_count - about.places.size(), "more place")),
            out);
  }
  out += '\n';
}

void add_blanks(const RotationPlan& plan, std::string& out) {
  if (plan.blanks.empty()) return;
  out +=
      "Not known yet, and to be filled in (`--set NAME=VALUE`, or in the plan of "
      "`--format json`):\n\n";
  for (const Fact fact : plan.blanks) {
    const FactRow& row = row_of(fact);
    out += fmt::format("- [ ] `{}`: {} (`--set {}=…`)\n", row.blank, row.meaning, row.name);
  }
  out += '\n';
}

void add_step(const RotationStep& step, size_t number, std::string& out) {
  out += fmt::format("- [ ] **{}. {}.**", number, plain(step.title));
  if (!step.detail.empty()) out += " " + plain(step.detail);
  out += '\n';
  for (const std::string& command : step.commands) add_fence("sh", command, out);
  if (!step.check.empty()) {
    out += "  Whether the exposed value stands there still (1) or not (0), without showing it:\n";
    add_fence("sh", step.check, out);
  }
  for (const RotationQuery& query : step.queries) {
    out += fmt::format("  {}:\n", plain(query.name));
    add_fence("kusto", query.kql, out);
  }
}

void add_plan(const RotationPlan& plan, size_t number, std::string& out) {
  out += fmt::format("## {}. {}\n\n", number, plain(rotation_subject(plan)));
  if (!plan.summary.empty()) out += plain(plan.summary) + "\n\n";
  add_facts(plan, out);
  add_blanks(plan, out);
  size_t step_number = 0;
  for (const RotationStep& step : plan.parts) add_step(step, ++step_number, out);
  if (plan.parts.empty()) {
    for (const std::string& step : plan.steps) {
      out += fmt::format("- [ ] {}. {}\n", ++step_number, plain(step));
    }
  }
  out += '\n';
}

}  // namespace

std::string rotation_subject(const RotationPlan& plan) {
  const RotationCase& about = plan.about;
  std::string out = about.title.empty() ? "Key found by " + about.rule_id : about.title;
  const std::pair<std::string_view, Fact> rows[] = {
      {"app ", Fact::app},      {"slot ", Fact::slot},         {"function ", Fact::function},
      {"key ", Fact::key_name}, {"resource ", Fact::resource}, {"policy ", Fact::policy}};
  bool named = false;
  for (const auto& [noun, fact] : rows) {
    if (about.facts[fact].empty()) continue;
    out += (named ? ", " : " of ") + std::string(noun) + about.facts[fact];
    named = true;
  }
  return out;
}

void write_rotation_markdown(std::span<const RotationPlan> plans, std::string& out) {
  out += "# Rotation\n\n";
  out += plans.empty()
             ? "No key was found.\n"
             : "The worst key first. No step shows a key or takes one as an argument.\n\n";
  size_t number = 0;
  for (const RotationPlan& plan : plans) add_plan(plan, ++number, out);
}

std::span<const RotationFormat> rotation_formats() {
  static constexpr RotationFormat kFormats[] = {{"markdown", write_rotation_markdown},
                                                {"json", write_rotation_json},
                                                {"script", write_rotation_script}};
  return kFormats;
}

}  // namespace assay
