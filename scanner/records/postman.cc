// Postman: collections, whose items nest in folders, and environments.
//
//   {"info":{"name":"Orders","schema":"https://schema.getpostman.com/json/collection/v2.1.0/…"},
//    "item":[{"name":"Refunds","item":[{"id":"b1…","name":"Create","request":{…}}]}]}
//   {"name":"staging","values":[{"key":"code","value":"…"}],"_postman_variable_scope":"environment"}
//
// An item without an id is named by its folders and itself: Refunds/Create.
#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"

namespace assay {
namespace {

constexpr std::string_view kInfo[] = {"info/name", "name"};
constexpr std::string_view kItem[] = {"id", "_postman_id", "name"};
constexpr std::string_view kValue[] = {"key"};
constexpr size_t kMostWay = 400;
constexpr int kMostNested = 16;  // folders; each one is read once more

bool is_collection(const JsonShape& shape, const std::string& base) {
  return shape.array_at(base + "item") &&
         (shape.has(base + "info/_postman_id") ||
          shape.text(base + "info/schema").find("/collection/v2") != std::string_view::npos);
}

bool recognises(const Export& in) {
  const JsonShape shape(in);
  if (is_collection(shape, "") || is_collection(shape, "collection/")) return true;
  return shape.array_at("values") &&
         (shape.has("_postman_variable_scope") || shape.has("_postman_exported_at"));
}

Record record_at(JsonExport& file, JsonPath path) {
  if (path.empty() || !path[0].object) return {};
  const size_t wrapped = level_at(path, "collection");
  const size_t base = wrapped == kNoLevel ? 0 : wrapped;
  const JsonFields& info = file.fields(base, kInfo);
  Record record = record_of("postman");
  record.container = first_of({info["info/name"], info["name"]});
  for (const char* way : {"values/*", "variable/*"}) {
    const size_t value = level_at(path, way, base);
    if (value == kNoLevel || !path[value].object) continue;
    record.id = file.fields(value, kValue)["key"];
    return record;
  }
  std::string folders;
  size_t at = base;
  for (int nested = 0; nested < kMostNested; ++nested) {
    at = level_at(path, "item/*", at);
    if (at == kNoLevel || !path[at].object) break;
    const JsonFields& item = file.fields(at, kItem);
    if (!folders.empty()) folders += '/';
    folders += item["name"];
    if (folders.size() > kMostWay) folders.resize(kMostWay);
    record.id = first_of({item["id"], item["_postman_id"], folders});
  }
  return record;
}

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  return each_record(in, offsets, record_at);
}

}  // namespace

RecordFormat postman_format() { return {"postman", recognises, find}; }

}  // namespace assay
