// Jira's REST answers: a page of issues, an array of them, one issue, or the comments of one.
//
//   {"issues":[{"key":"PAY-118","self":"https://contoso.atlassian.net/rest/api/3/issue/10118",
//     "fields":{"project":{"key":"PAY"},"reporter":{"displayName":"Dana"},"created":"…+0100",
//       "comment":{"comments":[{"id":"10044","author":{…},"body":…,"created":"…"}]}},
//     "changelog":{"histories":[{"id":"20011","author":{…},"created":"…","items":[…]}]}}]}
//
// The innermost of issue, comment, worklog and change is the record.
#include <fmt/format.h>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr std::string_view kIssue[] = {
    "key",
    "self",
    "fields/project/key",
    "fields/created",
    "fields/reporter/displayName",
    "fields/reporter/name",
    "fields/reporter/emailAddress",
    "fields/reporter/accountId",
    "fields/creator/displayName",
    "fields/creator/name",
    "fields/creator/emailAddress",
    "fields/creator/accountId",
};
constexpr std::string_view kPart[] = {"id",
                                      "self",
                                      "created",
                                      "author/displayName",
                                      "author/name",
                                      "author/emailAddress",
                                      "author/accountId"};

struct Part {
  const char* way;
  const char* name;
};
constexpr Part kParts[] = {
    {"fields/comment/comments/*", "comment"},
    {"renderedFields/comment/comments/*", "comment"},
    {"changelog/histories/*", "history"},
    {"fields/worklog/worklogs/*", "worklog"},
    {"renderedFields/worklog/worklogs/*", "worklog"},
};

bool is_rest(std::string_view self) { return self.find("/rest/api/") != std::string_view::npos; }

bool recognises(const Export& in) {
  const JsonShape shape(in);
  if (shape.has("issues/0/key") && shape.object_at("issues/0/fields")) return true;
  if (shape.has("issues/0/key") && is_rest(shape.text("issues/0/self"))) return true;
  for (const std::string base : {"", "0/"}) {
    if (shape.has(base + "key") && is_rest(shape.text(base + "self")) &&
        (shape.object_at(base + "fields") || shape.object_at(base + "changelog"))) {
      return true;
    }
  }
  const std::string_view comment = shape.text("comments/0/self");
  return is_rest(comment) && comment.find("/comment/") != std::string_view::npos;
}

// The site that people open. Not the one of the cloud's gateway, which has no pages.
std::string_view site_of(std::string_view self) {
  const size_t rest = self.find("/rest/api/");
  if (rest == std::string_view::npos || url_host(self) == "api.atlassian.com") return "";
  return self.substr(0, rest);
}

std::string author(const JsonFields& fields, const std::string& who) {
  return first_of({fields[who + "/displayName"], fields[who + "/name"],
                   fields[who + "/emailAddress"], fields[who + "/accountId"]});
}

// Comments without their issue: of its number only what `self` says.
Record lone_comment(const JsonFields& comment) {
  const std::string_view self = comment["self"];
  const size_t end = self.rfind("/comment/");
  const std::string issue(end == std::string_view::npos ? "" : last_part(self.substr(0, end)));
  return {"jira",
          "",
          fmt::format("{}#comment-{}", issue, comment["id"]),
          author(comment, "author"),
          utc_time(comment["created"]),
          "",
          ""};
}

Record record_at(JsonExport& file, JsonPath path) {
  size_t level = level_at(path, "issues/*");
  if (level == kNoLevel) level = level_at(path, "*");
  if (level == kNoLevel) {
    const size_t lone = level_at(path, "comments/*");
    if (lone != kNoLevel && path[lone].object) return lone_comment(file.fields(lone, kPart));
    level = 0;
  }
  if (level >= path.size() || !path[level].object) return {};
  const JsonFields& issue = file.fields(level, kIssue);
  const std::string_view key = issue["key"];
  if (key.empty()) return {};
  Record record = record_of("jira");
  record.container = first_of({issue["fields/project/key"], key.substr(0, key.rfind('-'))});
  record.id = key;
  record.author = first_of({author(issue, "fields/reporter"), author(issue, "fields/creator")});
  record.time = utc_time(issue["fields/created"]);
  const std::string_view site = site_of(issue["self"]);
  if (!site.empty()) record.link = fmt::format("{}/browse/{}", site, key);
  for (const Part& part : kParts) {
    const size_t inner = level_at(path, part.way, level);
    if (inner == kNoLevel || !path[inner].object) continue;
    const JsonFields& fields = file.fields(inner, kPart);
    const bool known = fields.has("id");
    if (known) record.id += fmt::format("#{}-{}", part.name, fields["id"]);
    record.author = author(fields, "author");
    record.time = utc_time(fields["created"]);
    if (known && !record.link.empty() && std::string_view(part.name) == "comment") {
      record.link += fmt::format("?focusedCommentId={}", percent_encode(fields["id"]));
    }
    break;
  }
  return record;
}

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  return each_record(in, offsets, record_at);
}

}  // namespace

RecordFormat jira_json_format() { return {"jira", recognises, find}; }

}  // namespace assay
