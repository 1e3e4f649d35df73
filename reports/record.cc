// One table says what each system calls its records; sentences and levels are made of its words.
//
//   in jira PAY, ticket PAY-118#comment-10044 by Dana, 2025-11-02T08:00:00Z
//   system jira / project PAY / ticket PAY-118 / part comment-10044
#include "reports/record.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/format.h"
#include "scanner/decoders/restored.h"

namespace assay {

namespace {

constexpr RecordSystem kSystems[] = {
    {"slack", true, "#", "channel", "message", false},
    {"teams", true, "", "channel", "message", false},
    {"discord", true, "#", "channel", "message", false},
    {"mattermost", true, "#", "channel", "message", false},
    {"jira", true, "", "project", "ticket", true},
    {"servicenow", true, "", "table", "ticket", true},
    {"zendesk", true, "", "account", "ticket", true},
    {"github", true, "", "repository", "issue", true},
    {"gitlab", true, "", "project", "issue", true},
    {"confluence", true, "", "space", "page", false},
    {"mail", true, "", "mailbox", "message", false},
    {"appinsights", false, "", "app", "entry", false},
    {"azure-monitor", false, "", "app", "entry", false},
    {"har", false, "", "page", "request", false},
    {"iis", false, "", "site", "request", false},
    {"access-log", false, "", "site", "request", false},
    {"nginx", false, "", "site", "request", false},
    {"cri", false, "", "container", "line", false},
    {"docker", false, "", "container", "line", false},
    {"journald", false, "", "unit", "entry", false},
    {"evtx", false, "", "log", "event", false},
    {"asciicast", false, "", "recording", "frame", false},
    {"postman", false, "", "collection", "request", false},
    {"notebook", false, "", "notebook", "cell", false},
    {"terraform", false, "", "state", "resource", false},
    {"functions-secrets", false, "", "host", "key", false},
    {"local-settings", false, "", "file", "setting", false},
    {"env", false, "", "file", "variable", false},
};
constexpr RecordSystem kOther = {"", false, "", "container", "record", false};

constexpr std::string_view kMember = "!/";

// Whether `layer` of Finding::encoding is a disguise of text, undone in place: positions and path
// are then those of the text as it stands.
bool is_text_layer(std::string_view layer) {
  for (int i = 0; i <= static_cast<int>(Undone::log_record); ++i) {
    if (layer == to_string(static_cast<Undone>(i))) return true;
  }
  return false;
}

}  // namespace

const RecordSystem& record_system(std::string_view name) {
  const auto* const known =
      std::find_if(std::begin(kSystems), std::end(kSystems),
                   [name](const RecordSystem& system) { return system.name == name; });
  return known == std::end(kSystems) ? kOther : *known;
}

bool of_export(const Finding& finding) {
  return finding.record && !finding.git && record_system(finding.record->system).exported;
}

std::string record_words(const Record& record) {
  if (record.system.empty()) return "";
  const RecordSystem& system = record_system(record.system);
  std::string out = "in " + printable(record.system);
  if (!record.container.empty()) {
    out += fmt::format(" {}{}", record.container.starts_with(system.mark) ? "" : system.mark,
                       printable(record.container));
  }
  if (!record.id.empty() || !record.author.empty()) out += fmt::format(", {}", system.record);
  if (!record.id.empty()) out += " " + printable(record.id);
  if (!record.author.empty()) out += " by " + printable(record.author);
  if (!record.operation.empty()) out += ", operation " + printable(record.operation);
  if (!record.time.empty()) out += ", " + printable(record.time);
  return out;
}

std::vector<RecordLevel> record_levels(const Record& record) {
  if (record.system.empty() || (record.container.empty() && record.id.empty())) return {};
  const RecordSystem& system = record_system(record.system);
  std::vector<RecordLevel> levels = {{"system", record.system}};
  if (!record.container.empty()) levels.push_back({system.container, record.container});
  const std::string_view id = record.id;
  const size_t mark = system.parts ? id.find('#') : std::string_view::npos;
  if (mark == std::string_view::npos || mark == 0 || mark + 1 == id.size()) {
    if (!id.empty()) levels.push_back({system.record, id});
    return levels;
  }
  levels.push_back({system.record, id.substr(0, mark)});
  const std::string_view part = id.substr(mark + 1);
  levels.push_back({part.starts_with("history") ? "change" : "comment", part});
  return levels;
}

bool from_container(const Finding& finding) {
  return !finding.encoding.empty() && !is_text_layer(finding.encoding.front());
}

bool is_member(const Finding& finding) {
  // A folder's name may end in `!` too: without a container the path is a plain one.
  return finding.provenance && from_container(finding) &&
         finding.provenance->path.find(kMember) != std::string::npos;
}

std::string_view outer_path(const Finding& finding) {
  const std::string_view path =
      finding.provenance ? std::string_view(finding.provenance->path) : std::string_view();
  return is_member(finding) ? path.substr(0, path.find(kMember)) : path;
}

uint64_t length_on_line(const Finding& finding) {
  if (!finding.snippet.masked.empty()) return finding.snippet.masked.size();
  const bool disguised = !finding.encoding.empty() && is_text_layer(finding.encoding.back());
  return disguised ? 1 : finding.location.byte_length;
}

}  // namespace assay
