// Sentences and rows of an incident record, made once for Markdown and HTML.
#include "reports/incident_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/format.h"
#include "reports/history.h"
#include "reports/owner_words.h"
#include "reports/record.h"

namespace assay {

namespace {

std::string commit_words(const CommitAt& at) {
  std::string out = printable(at.commit.substr(0, 10));
  if (!at.time.empty()) out += " of " + printable(at.time);
  if (!at.author.empty()) out += " by " + printable(at.author);
  if (!at.path.empty()) out += " in " + printable(at.path);
  return out;
}

void add_commits(std::string_view what, const std::vector<CommitAt>& commits,
                 std::vector<std::string>& lines) {
  for (size_t i = 0; i < std::min(commits.size(), kShownLines); ++i) {
    lines.push_back(fmt::format("{} {}", what, commit_words(commits[i])));
  }
  if (commits.size() > kShownLines) {
    lines.push_back(fmt::format("{} {} more; the JSON form lists them", what,
                                grouped(commits.size() - kShownLines)));
  }
}

void add_row(std::string_view name, std::string value, bool quoted, std::vector<Row>& rows) {
  if (!value.empty()) rows.push_back({name, std::move(value), quoted});
}

// A query may go over lines, which mean nothing in KQL.
std::string on_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return printable(text);
}

bool is_command(std::string_view step) {
  for (const std::string_view program : {"az ", "kubectl ", "assay ", "git "}) {
    if (step.starts_with(program)) return true;
  }
  return false;
}

std::string owner_line(const OwnerAt& at) {
  const Owner& owner = at.owner;
  std::string out =
      fmt::format("{}: {}, {}", owner.name, owner.reason, counted(at.places, "place"));
  if (!owner.contact.empty()) out += "; contact " + owner.contact;
  if (!owner.runbook.empty()) out += "; runbook " + owner.runbook;
  return printable(out);
}

}  // namespace

std::string headline(const Incident& incident) {
  const std::string owners =
      incident.owners == 0 ? std::string("no owner known") : counted(incident.owners, "owner");
  const std::string keys =
      incident.keys.size() == 1 ? std::string("One key") : counted(incident.keys.size(), "key");
  if (incident.keys.empty()) return "No key.";
  return fmt::format("{}, {}, {}.", keys, counted(incident.places, "place"), owners);
}

std::string title_of(const IncidentKey& key) {
  return printable(key.rule != nullptr ? key.rule->title : key.rule_id);
}

Glance glance_of(const IncidentKey& key) {
  Glance glance;
  glance.of = whose(key.context, key.rule != nullptr ? key.rule->family : std::string_view());
  if (!key.owners.empty()) glance.owner = printable(key.owners[0].owner.name);
  if (key.owners.size() > 1) {
    glance.owner += fmt::format(" and {} more", grouped(key.owners.size() - 1));
  }
  for (const RotationStep& part : plan_rotation(key).parts) {
    if (part.now) glance.now = printable(part.title);
  }
  return glance;
}

std::vector<Row> facts_of(const IncidentKey& key) {
  std::vector<Row> rows;
  add_row("Rule", printable(key.rule_id), true, rows);
  add_row("Kind", printable(key.kind), true, rows);
  add_row("Scope", std::string(to_string(key.context.scope)), false, rows);
  add_row("Confidence", std::string(to_string(key.confidence)), false, rows);
  add_row("Proof", key.damage ? damage_words(*key.damage) : std::string(proof(key.confidence)),
          key.damage != nullptr, rows);
  add_row("Fingerprint", printable(key.fingerprint), true, rows);
  if (key.best != nullptr) add_row("Born", printable(key.best->born), true, rows);
  add_row("Redacted", printable(key.redacted), true, rows);
  add_row("Host", printable(key.context.host), true, rows);
  add_row("App", printable(key.context.app), true, rows);
  add_row("Slot", printable(key.context.slot), true, rows);
  add_row("Function", printable(key.context.function), true, rows);
  add_row("Key name", printable(key.context.key_name), true, rows);
  add_row("Resource group", printable(key.context.resource_group), true, rows);
  if (key.canary) add_row("Canary", std::string(kCanary), false, rows);
  if (key.torn) {
    add_row("Doubt", "The places contradict each other: these names are of the one telling most.",
            false, rows);
  }
  return rows;
}

std::string manner_of(const IncidentPlace& place) {
  const Finding& finding = place.told->finding;
  std::string how = finding.context.carrier;
  if (!finding.context.store.empty()) {
    how += (how.empty() ? "" : " ") + finding.context.store;
  }
  for (size_t i = 0; i < finding.encoding.size(); ++i) {
    how += i > 0 ? ", " : how.empty() ? "" : "; ";
    how += finding.encoding[i];
  }
  if (finding.damage) {
    how += fmt::format("{}{}: {}", how.empty() ? "" : "; ",
                       finding.damage->masked ? "insufficient masking" : "damaged",
                       finding.damage->what);
  }
  return printable(how);
}

std::string origin_of(const IncidentPlace& place) {
  const Finding& finding = place.told->finding;
  std::string out = finding.record ? record_words(*finding.record) : std::string();
  if (finding.git) {
    if (!out.empty()) out += "; ";
    out += history(*finding.git);
  }
  return out;
}

std::string spot_of(const IncidentPlace& place) {
  const Finding& finding = place.told->finding;
  return fmt::format("{}:{}:{}", printable(finding.provenance ? finding.provenance->path : ""),
                     finding.location.line, finding.location.column);
}

std::vector<std::string> timeline_of(const IncidentKey& key) {
  const Timeline& timeline = key.timeline;
  std::vector<std::string> lines;
  if (timeline.first_at != nullptr) {
    lines.push_back(
        fmt::format("first seen {} at {}", timeline.first, spot_of(*timeline.first_at)));
    lines.push_back(fmt::format("last seen {} at {}", timeline.last, spot_of(*timeline.last_at)));
  }
  add_commits("introduced by", timeline.introduced, lines);
  add_commits("removed by", timeline.removed, lines);
  if (timeline.at_head > 0) {
    lines.push_back(fmt::format("present at HEAD: {}", counted(timeline.at_head, "place")));
  }
  if (timeline.in_input > 0) {
    lines.push_back(fmt::format("present in what was scanned outside of repositories: {}",
                                counted(timeline.in_input, "place")));
  }
  const uint64_t untimed = key.places.size() - timeline.timed;
  if (untimed > 0) {
    lines.push_back(fmt::format("without a time: {}", counted(untimed, "place")));
  }
  return lines;
}

std::vector<std::pair<std::string_view, std::string>> fields_of(const ChangeRecord& change) {
  return {{"Subscription", printable(change.subscription)},
          {"Function App", printable(change.function_app)},
          {"Function name", printable(change.function_name)},
          {"Slot", printable(change.slot)},
          {"Key name", printable(change.key_name)},
          {"Caller", printable(change.caller)},
          {"Timestamp", printable(change.timestamp)},
          {"Rollback action", printable(change.rollback_action)}};
}

std::vector<std::string> owner_lines(const IncidentKey& key) {
  std::vector<std::string> lines;
  for (const OwnerAt& at : key.owners) lines.push_back(owner_line(at));
  for (const std::string& doubt : key.doubts) lines.push_back("not sure: " + printable(doubt));
  return lines;
}

std::string brought_by_line(const BroughtByAt& at) {
  return printable(
      fmt::format("{}: {}, {}", at.by.name, at.by.reason, counted(at.places, "place")));
}

std::vector<Task> tasks_of(const RotationPlan& plan) {
  std::vector<Task> tasks;
  for (const RotationStep& part : plan.parts) {
    Task task;
    task.text = printable(part.title) + (part.detail.empty() ? "." : ". " + printable(part.detail));
    if (part.now) task.text += " Do this now.";
    for (const std::string& command : part.commands) task.commands.push_back(printable(command));
    for (const RotationQuery& query : part.queries) {
      task.queries.emplace_back(printable(query.name), on_one_line(query.kql));
    }
    tasks.push_back(std::move(task));
  }
  if (!tasks.empty()) return tasks;
  for (const std::string& step : plan.steps) {
    if (is_command(step)) {
      tasks.push_back({"Run:", {printable(step)}, {}});
    } else {
      tasks.push_back({printable(step), {}, {}});
    }
  }
  return tasks;
}

std::vector<Row> facts_of(const FindingsFile& report) {
  std::vector<Row> rows;
  add_row("Report", printable(report.name), true, rows);
  add_row("Tool", printable(report.tool), true, rows);
  add_row("Rules", printable(report.rules), true, rows);
  if (!report.summary) {
    add_row("Complete", "no: cut off", false, rows);
    return rows;
  }
  const ScanSummary& summary = *report.summary;
  std::string command;
  for (const std::string& argument : summary.arguments) {
    command += (command.empty() ? "" : " ") + argument;
  }
  add_row("Command", printable(command), true, rows);
  add_row("Complete", summary.complete() ? "yes" : "no", false, rows);
  add_row(
      "Scanned",
      fmt::format("{}, {}", counted(summary.blobs, summary.unit == "object" ? "object" : "file"),
                  byte_size(summary.bytes)),
      false, rows);
  if (summary.decoded_bytes > 0) {
    add_row("Decoded",
            fmt::format("{} from {}", byte_size(summary.decoded_bytes),
                        counted(summary.members, "member")),
            false, rows);
  }
  add_row("Config", printable(summary.config), true, rows);
  add_row("Findings", grouped(report.findings.size()), false, rows);
  if (summary.suppressed > 0) {
    add_row("Suppressed", fmt::format("{} of these, left out here", grouped(summary.suppressed)),
            false, rows);
  }
  add_row("Out of scope", counted(summary.ignored, "path"), false, rows);
  return rows;
}

std::string_view why_no_hashes(const FindingsFile& report) {
  if (report.summary && report.summary->unit == "object") {
    return "No hashes of files: in a repository the ids of blob and commit are the evidence. The "
           "JSON form has them whole.";
  }
  return "No hashes of the input: the scan was run without `--evidence`, or no file held a key.";
}

bool may_be_link(std::string_view text) {
  constexpr std::string_view kOthers = "-._~:/?#@!$&*+,;=%";
  const size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  if (scheme == 0 || text.size() == scheme || text.size() > 2048) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

}  // namespace assay
