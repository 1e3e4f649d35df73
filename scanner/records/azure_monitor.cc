// Azure's diagnostic logs: PT1H.json with an object a line, or `records` in old files and from
// event hubs.
//
//   {"time":"2025-11-02T08:00:59Z","resourceId":"/SUBSCRIPTIONS/…/SITES/APP","category":
//    "FunctionAppLogs","properties":{"appName":"app","message":"…","functionName":"Functions.F"}}
//
// `properties` may also be a string: of JSON, or with single quotes as Python writes it.
#include <algorithm>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr std::string_view kLine[] = {"time",
                                      "resourceId",
                                      "operationName",
                                      "correlationId",
                                      "identity",
                                      "properties",
                                      "properties/appName",
                                      "properties/functionName",
                                      "properties/functionInvocationId",
                                      "properties/CsUsername"};
constexpr std::string_view kInner[] = {"appName", "functionName", "functionInvocationId",
                                       "CsUsername"};

bool recognises(const Export& in) {
  const JsonShape shape(in);
  for (const std::string base : {"", "records/0/", "0/"}) {
    if (shape.has_all({base + "time", base + "resourceId", base + "category"}) &&
        shape.text(base + "resourceId").starts_with('/')) {
      return true;
    }
  }
  return false;
}

// APP, or APP/SLOT, of …/SITES/APP/SLOTS/SLOT.
std::string resource_name(std::string_view id) {
  while (id.ends_with('/')) id.remove_suffix(1);
  const std::string_view name = last_part(id);
  if (name.size() == id.size()) return std::string(name);
  const std::string_view above = id.substr(0, id.size() - name.size() - 1);
  if (lower_case(last_part(above)) != "slots") return std::string(name);
  const std::string_view app = above.substr(0, above.size() - last_part(above).size() - 1);
  return std::string(last_part(app)) + "/" + std::string(name);
}

// The value behind `'name':` in Python's form of an object.
std::string_view python_value(std::string_view text, std::string_view name) {
  const std::string before = "'" + std::string(name) + "':";
  const size_t at = text.find(before);
  if (at == std::string_view::npos) return "";
  text.remove_prefix(at + before.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (!text.starts_with('\'')) return "";
  text.remove_prefix(1);
  return text.substr(0, text.find('\''));
}

class AzureMonitor {
 public:
  Record record_at(JsonExport& file, JsonPath path) {
    size_t level = level_at(path, "records/*");
    if (level == kNoLevel) level = level_at(path, "*");
    if (level == kNoLevel) level = 0;
    if (level >= path.size() || !path[level].object) return {};
    const JsonFields& line = file.fields(level, kLine);
    read_properties(line.field("properties"));
    const auto property = [&](const std::string& name) {
      return first_of({line["properties/" + name], inner_[name], python_value(text_, name)});
    };
    Record record = record_of("azure-monitor");
    record.container = first_of({property("appName"), resource_name(line["resourceId"])});
    record.id = first_of({property("functionInvocationId"), line["correlationId"]});
    const std::string user = property("CsUsername");
    record.author = first_of({user == "-" ? "" : user, line["identity"]});
    record.time = utc_time(line["time"], NoZone::utc);
    record.operation = first_of({property("functionName"), line["operationName"]});
    return record;
  }

 private:
  // What stands in a string of JSON, once for each string; what is no JSON is left as text.
  void read_properties(const JsonField& properties) {
    if (begin_ == properties.begin) return;
    begin_ = properties.begin;
    text_ = properties.kind == '"' ? properties.text : "";
    inner_ = text_.empty() ? JsonFields() : read_fields(ViewReader(text_), 0, kInner);
  }

  uint64_t begin_ = 0;  // no value stands there: an object does
  std::string text_;
  JsonFields inner_;
};

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  AzureMonitor monitor;
  return each_record(
      in, offsets, [&](JsonExport& file, JsonPath path) { return monitor.record_at(file, path); });
}

}  // namespace

RecordFormat azure_monitor_format() { return {"azure-monitor", recognises, find}; }

}  // namespace assay
