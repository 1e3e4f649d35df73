// ServiceNow's JSON: `result` of the table API, `records` of the older web service. A field is a
// text, or a pair of value and display value, or a link and a value, as it was asked for.
//
//   {"result":[{"number":"INC0010023","sys_id":"9d38…","sys_class_name":"incident",
//     "sys_created_by":"dana","sys_created_on":"2025-11-02 08:00:00","work_notes":"…"}]}
//   {"result":[{"element":"work_notes","element_id":"9d38…","name":"incident","value":"…",…}]}
//
// Journals of a task are one string, newest entry first. Only its heads say who wrote what:
//
//   2025-11-02 09:00:00 - Dana Ibo (Work notes)\ntext\n\n
//
// The times in them are in the zone of who exported, so they are left out.
#include <fmt/format.h>

#include <algorithm>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr std::string_view kTask[] = {
    "number",
    "number/value",
    "number/display_value",
    "sys_id",
    "sys_id/value",
    "sys_class_name",
    "sys_class_name/value",
    "sys_created_by",
    "sys_created_by/value",
    "sys_created_on",
    "sys_created_on/value",
    "opened_by/display_value",
    "opened_by/value",
    "opened_by/link",
    "sys_domain/display_value",
    "sys_domain/value",
    "sys_domain/link",
    "assigned_to/link",
    "caller_id/link",
    "element",
    "element/value",
    "element_id",
    "element_id/value",
    "name",
    "name/value",
};
constexpr uint64_t kMostBack = 8 << 10;  // how far before a finding its entry's head is looked for
constexpr std::string_view kJournals[] = {"comments", "work_notes", "comments_and_work_notes"};

bool recognises(const Export& in) {
  const JsonShape shape(in);
  for (const std::string base : {"result/0/", "result/", "records/0/", "0/"}) {
    if (shape.has(base + "sys_id") &&
        (shape.has(base + "sys_created_on") || shape.has(base + "number") ||
         shape.has(base + "element_id"))) {
      return true;
    }
  }
  return false;
}

std::string_view value(const JsonFields& task, const std::string& name) {
  const std::string_view text = task[name];
  return text.empty() ? task[name + "/value"] : text;
}

// Of `YYYY-MM-DD HH:MM:SS - NAME (Work notes)`, or another form of time.
std::string name_in_head(std::string_view head) {
  const size_t dash = head.find(" - "), open = head.rfind(" (");
  const bool is_head = head.size() >= 8 && head.size() < 200 && head.ends_with(')') &&
                       head.substr(0, 4).find_first_of("0123456789") != std::string_view::npos;
  if (!is_head || dash == std::string_view::npos || open == std::string_view::npos ||
      open <= dash + 3) {
    return "";
  }
  return std::string(head.substr(dash + 3, open - dash - 3));
}

// Who wrote the entry of a journal that `offset` is in. `begin`: of the string.
std::string journal_author(JsonExport& file, uint64_t begin, uint64_t offset) {
  const uint64_t from = std::max(begin, offset - std::min(offset, kMostBack));
  std::string raw(offset - from, '\0');
  raw.resize(file.bytes().read_at(from, {raw.data(), raw.size()}).value_or(0));
  const std::string text = json_unescape(raw);
  std::string_view left = text;
  if (from == begin && !left.empty()) left.remove_prefix(1);
  // From the last line on up: a head stands at the start, or after an empty line.
  for (size_t end = left.rfind('\n'); end != std::string_view::npos;
       end = end == 0 ? std::string_view::npos : left.rfind('\n', end - 1)) {
    const size_t before = end == 0 ? std::string_view::npos : left.rfind('\n', end - 1);
    const size_t line = before == std::string_view::npos ? 0 : before + 1;
    const bool starts = line == 0 ? from == begin : line >= 2 && left[line - 2] == '\n';
    if (!starts) continue;
    const std::string name = name_in_head(left.substr(line, end - line));
    if (!name.empty()) return name;
  }
  return "";
}

std::string link(const JsonFields& task, std::string_view table, std::string_view id) {
  if (table.empty() || id.empty()) return "";
  for (const char* reference :
       {"opened_by/link", "sys_domain/link", "assigned_to/link", "caller_id/link"}) {
    const std::string_view host = url_host(task[reference]);
    if (!host.ends_with(".service-now.com")) continue;
    return fmt::format("https://{}/nav_to.do?uri={}.do?sys_id={}", host, percent_encode(table),
                       percent_encode(id));
  }
  return "";
}

// Only values are UTC. Where references have display values alone, so has the time.
std::string time_of(const JsonFields& task) {
  const bool shown = !task.has("sys_created_on/value") &&
                     ((task.has("opened_by/display_value") && !task.has("opened_by/value")) ||
                      (task.has("sys_domain/display_value") && !task.has("sys_domain/value")));
  return shown ? "" : utc_time(value(task, "sys_created_on"), NoZone::utc);
}

Record record_at(JsonExport& file, JsonPath path, uint64_t offset) {
  size_t level = kNoLevel;
  for (const char* way : {"result/*", "records/*", "*", "result"}) {
    if (level == kNoLevel) level = level_at(path, way);
  }
  if (level == kNoLevel || !path[level].object) return {};
  const JsonFields& task = file.fields(level, kTask);
  const std::string_view id = value(task, "sys_id");
  Record record = record_of("servicenow");
  const std::string_view journal_of = value(task, "element_id");
  if (!journal_of.empty()) {
    record.container = value(task, "name");
    record.id = fmt::format("{}#{}", journal_of, id);
    record.link = link(task, record.container, journal_of);
  } else {
    record.container = value(task, "sys_class_name");
    record.id = first_of({value(task, "number"), task["number/display_value"], id});
    record.link = link(task, record.container, id);
  }
  const std::string& key = path[level].key;
  if (std::find(std::begin(kJournals), std::end(kJournals), key) != std::end(kJournals)) {
    record.author = journal_author(file, file.token_begin(), offset);
    if (!record.author.empty()) return record;  // the task's time is not the entry's
  }
  record.author = first_of({value(task, "sys_created_by"), task["opened_by/display_value"]});
  record.time = time_of(task);
  return record;
}

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  return each_record(in, offsets, record_at);
}

}  // namespace

RecordFormat servicenow_json_format() { return {"servicenow", recognises, find}; }

}  // namespace assay
