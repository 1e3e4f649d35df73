// GitLab: project exports, where a line is an issue or merge request with all its notes, and the
// answers of its interface.
//
//   tree/project/issues.ndjson  {"iid":10,"title":"…","author_id":22,"project_id":5,
//                                "created_at":"2025-11-02T08:00:00.340Z",
//                                "notes":[{"id":351,"note":"…","author":{"name":"Dana"},…}]}
//   API                         [{"iid":10,"web_url":"https://…/g/p/-/issues/10","author":{…}}]
//   API, notes                  [{"id":351,"body":"…","noteable_type":"Issue","noteable_iid":10,…}]
//
// An export does not hold its project's name: only the archive's own name does.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr std::string_view kItem[] = {
    "iid",         "id",      "author_id",       "created_at",   "author/username",
    "author/name", "web_url", "references/full", "noteable_iid", "noteable_id"};
constexpr std::string_view kMember[] = {"user/id", "user/username", "user/name",
                                        "user/public_email"};
constexpr std::string_view kLists[] = {"issues", "merge_requests", "snippets", "releases"};

bool recognises(const Export& in) {
  const JsonShape shape(in);
  for (const std::string base : {"", "0/"}) {
    if (shape.has_all({base + "iid", base + "web_url", base + "author/username"})) return true;
    if (shape.has_all({base + "noteable_type", base + "body", base + "author/username"})) {
      return true;
    }
  }
  const bool exported = in.path.find("tree/project/") != std::string_view::npos;
  if (exported && shape.has("id") && shape.has("created_at")) return true;
  if (shape.has("iid") && shape.has("project_id") && shape.has("author_id")) return true;
  return shape.has("issues/0/iid") && shape.has("issues/0/author_id") &&
         shape.has("issues/0/project_id");
}

// contoso_shop of 2025-11-02_08-00-00-123_contoso_shop_export.tar.gz!/tree/project/issues.ndjson
std::string project_in(std::string_view path) {
  const size_t end = path.find("_export.tar.gz");
  if (end == std::string_view::npos) return "";
  std::string_view name = last_part(path.substr(0, end));
  constexpr std::string_view kDate = "dddd-dd-dd_dd-dd-ddd_";
  for (size_t i = 0; i < kDate.size(); ++i) {
    if (i >= name.size() ||
        (kDate[i] == 'd' ? !all_digits(name.substr(i, 1)) : name[i] != kDate[i])) {
      return std::string(name);
    }
  }
  return std::string(name.substr(kDate.size()));
}

// g/p of g/p#10, or of https://gitlab.com/g/p/-/issues/10.
std::string project_of(const JsonFields& item) {
  const std::string_view full = item["references/full"];
  if (!full.empty()) return std::string(full.substr(0, full.find_first_of("#!")));
  const std::string_view url = item["web_url"];
  const size_t end = url.find("/-/"), scheme = url.find("://");
  if (end == std::string_view::npos || scheme == std::string_view::npos) return "";
  const size_t begin = url.find('/', scheme + 3);
  return begin < end ? std::string(url.substr(begin + 1, end - begin - 1)) : "";
}

class GitLab {
 public:
  Record record_at(JsonExport& file, JsonPath path) {
    if (path.empty()) return {};
    size_t level = path[0].object ? 0 : level_at(path, "*");
    for (const std::string_view list : kLists) {
      const size_t at = level_at(path, fmt::format("{}/*", list));
      if (at != kNoLevel) level = at;
    }
    if (level == kNoLevel || !path[level].object) return {};
    const JsonFields& item = file.fields(level, kItem);
    Record record = record_of("gitlab");
    record.container = first_of({project_of(item), project_in(file.path())});
    record.id = first_of({item["iid"], item["id"]});
    record.link = item["web_url"];
    if (item.has("noteable_iid")) {
      record.id = fmt::format("{}#note_{}", item["noteable_iid"], item["id"]);
    }
    const size_t note = level_at(path, "notes/*", level);
    const bool in_note = note != kNoLevel && path[note].object;
    const JsonFields& written = in_note ? file.fields(note, kItem) : item;
    if (in_note) {
      if (written.has("id")) record.id += fmt::format("#note_{}", written["id"]);
      if (!record.link.empty() && written.has("id")) {
        record.link += fmt::format("#note_{}", percent_encode(written["id"]));
      }
    }
    record.author = first_of({written["author/username"], written["author/name"],
                              member(file, written["author_id"]), written["author_id"]});
    record.time = utc_time(written["created_at"]);
    return record;
  }

 private:
  std::string_view member(JsonExport& file, std::string_view id) {
    if (id.empty()) return "";
    if (!members_) {
      members_.emplace();
      if (const auto text = file.beside("project_members.ndjson")) {
        const bool whole = read_roots(ViewReader(*text), kMember, [&](const JsonFields& member) {
          return members_->add(member["user/id"],
                               first_of({member["user/username"], member["user/name"],
                                         member["user/public_email"]}));
        });
        if (!whole) file.note_problem("not all names beside it could be read");
      }
    }
    return (*members_)[id];
  }

  std::optional<JsonNames> members_;
};

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  GitLab gitlab;
  return each_record(in, offsets,
                     [&](JsonExport& file, JsonPath path) { return gitlab.record_at(file, path); });
}

}  // namespace

RecordFormat gitlab_format() { return {"gitlab", recognises, find}; }

}  // namespace assay
