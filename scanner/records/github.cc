// Issues, pull requests and what is written below them, as GitHub's REST interface, `gh --json` and
// its migration archives write them.
//
//   [{"html_url":"https://github.com/o/r/issues/12#issuecomment-36","issue_url":"…/issues/12",
//     "id":36,"user":{"login":"dana"},"body":"…","created_at":"2025-11-02T08:00:00Z"}]
//   {"number":12,"url":"https://github.com/o/r/issues/12","author":{"login":"dana"},"comments":[{…}]}
//   [{"type":"issue_comment","url":"https://github.com/o/r/issues/12#issuecomment-36",
//     "user":"https://github.com/dana","body":"…","created_at":"…"}]
//
// The address of the page says repository, number and part, whatever the host is.
#include <fmt/format.h>

#include <algorithm>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr std::string_view kItem[] = {
    "html_url",   "url",        "number",       "id",          "issue_url",  "pull_request_url",
    "user",       "user/login", "actor",        "actor/login", "author",     "author/login",
    "created_at", "createdAt",  "submitted_at", "submittedAt", "repository", "type"};
constexpr std::string_view kTypes[] = {"issue",
                                       "issue_comment",
                                       "pull_request",
                                       "issue_event",
                                       "pull_request_review",
                                       "pull_request_review_comment",
                                       "commit_comment",
                                       "release"};

bool is_api(std::string_view url) {
  return url_host(url).starts_with("api.") || url.find("/api/v3/") != std::string_view::npos;
}

// What `https://HOST/OWNER/REPO/issues/12#issuecomment-36` says.
struct Page {
  std::string repository;  // OWNER/REPO
  std::string number;
  std::string part;  // issuecomment-36
};
Page read_page(std::string_view url) {
  Page page;
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos || is_api(url)) return page;
  const size_t hash = std::min(url.find('#'), url.size());
  if (hash < url.size()) page.part = url.substr(hash + 1);
  std::string_view rest = url.substr(0, std::min(hash, url.find('?')));
  rest.remove_prefix(std::min(rest.find('/', scheme + 3), rest.size()));
  std::vector<std::string_view> parts;  // "", owner, repository, kind, number
  while (!rest.empty() && parts.size() < 5) {
    const size_t slash = std::min(rest.find('/', 1), rest.size());
    parts.push_back(rest.substr(1, slash - 1));
    rest.remove_prefix(slash);
  }
  if (parts.size() >= 2) page.repository = fmt::format("{}/{}", parts[0], parts[1]);
  if (parts.size() >= 4) page.number = parts[3];
  return page;
}

bool is_item_page(std::string_view url) {
  if (is_api(url) || url_host(url).empty()) return false;
  for (const char* kind : {"/issues/", "/pull/", "/commit/", "/discussions/"}) {
    if (url.find(kind) != std::string_view::npos) return true;
  }
  return false;
}

bool is_item(const JsonShape& shape, const std::string& base) {
  if (is_item_page(shape.text(base + "html_url")) && shape.has(base + "user")) return true;
  const std::string_view url = shape.text(base + "url");
  if (!is_item_page(url) || url.find("/-/") != std::string_view::npos) return false;
  const std::string_view type = shape.text(base + "type");
  return shape.has(base + "author/login") || shape.has(base + "comments") ||
         (shape.has(base + "number") && shape.has(base + "body")) ||
         std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

bool recognises(const Export& in) {
  const JsonShape shape(in);
  return is_item(shape, "") || is_item(shape, "0/") || is_item(shape, "items/0/");
}

// 12#issuecomment-36, of a page or else of the addresses that the interface gives.
std::string id_of(const JsonFields& item, const Page& page) {
  std::string number = page.number, part = page.part;
  if (item.has("pull_request_url")) {
    if (number.empty()) number = last_part(item["pull_request_url"]);
    if (part.empty() && item.has("id")) part = fmt::format("discussion_r{}", item["id"]);
  } else if (item.has("issue_url")) {
    if (number.empty()) number = last_part(item["issue_url"]);
    if (part.empty() && item.has("id")) part = fmt::format("issuecomment-{}", item["id"]);
  }
  if (number.empty()) number = item["number"];
  return part.empty() ? number : fmt::format("{}#{}", number, part);
}

Record record_at(JsonExport& file, JsonPath path) {
  if (path.empty()) return {};
  size_t level = level_at(path, "items/*");
  if (level == kNoLevel) level = level_at(path, "*");
  if (level == kNoLevel) level = 0;
  if (!path[level].object) return {};
  for (const char* way : {"comments/*", "reviews/*", "latestReviews/*"}) {
    const size_t inner = level_at(path, way, level);
    if (inner == kNoLevel || !path[inner].object) continue;
    // Reviews have no address of their own.
    Record outer = record_at(file, path.first(level + 1));
    const JsonFields& part = file.fields(inner, kItem);
    if (part.has("url") || part.has("html_url")) {
      const std::string link = first_of({part["html_url"], part["url"]});
      outer.link = link;
      outer.id = id_of(part, read_page(link));
    } else if (part.has("id")) {
      outer.id += fmt::format("#{}", part["id"]);
    }
    outer.author = first_of({part["author/login"], part["user/login"]});
    outer.time = utc_time(first_of(
        {part["createdAt"], part["submittedAt"], part["created_at"], part["submitted_at"]}));
    return outer;
  }
  const JsonFields& item = file.fields(level, kItem);
  Record record = record_of("github");
  record.link = first_of({item["html_url"], is_api(item["url"]) ? "" : item["url"]});
  const Page page = read_page(record.link);
  record.container = page.repository;
  if (record.container.empty()) record.container = read_page(item["repository"]).repository;
  record.id = id_of(item, page);
  record.author = first_of({item["user/login"], item["author/login"], item["actor/login"],
                            last_part(item["user"]), last_part(item["actor"]), item["author"]});
  record.time = utc_time(
      first_of({item["created_at"], item["createdAt"], item["submitted_at"], item["submittedAt"]}));
  return record;
}

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  return each_record(in, offsets, record_at);
}

}  // namespace

RecordFormat github_format() { return {"github", recognises, find}; }

}  // namespace assay
