// HTTP archives: what a browser sent and got.
//
//   {"log":{"version":"1.2","pages":[{"id":"page_1","title":"…"}],"entries":[{"pageref":"page_1",
//     "startedDateTime":"2025-11-02T08:00:00.123Z","request":{"method":"GET","url":"…"},…}]}}
//
// An entry has no name there but its place: `log.entries[3]`.
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr std::string_view kEntry[] = {"pageref", "startedDateTime", "request/method",
                                       "request/url"};
constexpr std::string_view kPage[] = {"id", "title", "startedDateTime"};
constexpr std::string_view kLog[] = {"pages"};

bool recognises(const Export& in) {
  const JsonShape shape(in);
  return shape.array_at("log/entries") && (shape.has("log/version") || shape.has("log/creator"));
}

class Har {
 public:
  Record record_at(JsonExport& file, JsonPath path) {
    if (path.empty()) return {};
    if (std::exchange(root_, path[0].begin) != path[0].begin) titles_.reset();
    if (const size_t level = level_at(path, "log/pages/*"); level != kNoLevel) {
      const JsonFields& page = file.fields(level, kPage);
      Record record = record_of("har");
      record.container = page["title"];
      record.id = page["id"];
      record.time = utc_time(page["startedDateTime"]);
      return record;
    }
    const size_t level = level_at(path, "log/entries/*");
    if (level == kNoLevel) return {};
    const JsonFields& entry = file.fields(level, kEntry);
    const std::string_view url = entry["request/url"];
    Record record = record_of("har");
    record.container = first_of({page_title(file, entry["pageref"]), url_host(url)});
    record.id = fmt::format("log.entries[{}]", path[level - 1].index);
    record.time = utc_time(entry["startedDateTime"]);
    const std::string_view address = url.substr(0, url.find_first_of("?#"));
    if (!address.empty()) {
      record.operation = first_of({entry["request/method"], "GET"}) + " " + std::string(address);
    }
    return record;
  }

 private:
  std::string_view page_title(JsonExport& file, std::string_view id) {
    if (id.empty()) return "";
    if (!titles_) {
      titles_.emplace();
      const JsonField& pages = file.fields(1, kLog).field("pages");
      if (pages.kind == '[') {
        const bool whole = read_elements(file.bytes(), pages.begin, kPage, [&](const auto& page) {
          return titles_->add(page["id"], page["title"]);
        });
        if (!whole) file.note_problem("not all of its pages could be read");
      }
    }
    return (*titles_)[id];
  }

  uint64_t root_ = ~uint64_t{0};
  std::optional<JsonNames> titles_;  // of the archive that begins there
};

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  Har har;
  return each_record(in, offsets,
                     [&](JsonExport& file, JsonPath path) { return har.record_at(file, path); });
}

}  // namespace

RecordFormat har_format() { return {"har", recognises, find}; }

}  // namespace assay
