// Docker's json-file driver: a line for each line of output, long ones in several.
//
//   0123…cdef-json.log  {"log":"text\n","stream":"stdout","time":"2025-11-02T08:00:00.123456789Z"}
//
// The record is the line in which the key begins.
#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr std::string_view kLine[] = {"time", "attrs/tag"};

bool recognises(const Export& in) {
  const JsonShape shape(in);
  const std::string_view stream = shape.text("stream");
  return shape.object() && shape.kind("log") == '"' && shape.kind("time") == '"' &&
         (stream == "stdout" || stream == "stderr");
}

// The container's id, of ID-json.log and ID-json.log.1, or of the folder.
std::string_view container_in(std::string_view path) {
  const std::string_view name = file_name(path);
  const size_t end = name.find("-json.log");
  const std::string_view id =
      end == std::string_view::npos ? folder_name(path) : name.substr(0, end);
  const bool hex = id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return hex && id.size() >= 12 ? id : std::string_view();
}

Record record_at(JsonExport& file, JsonPath path) {
  if (path.empty() || !path[0].object) return {};
  const JsonFields& line = file.fields(0, kLine);
  Record record = record_of("docker");
  record.container = first_of({line["attrs/tag"], container_in(file.path())});
  record.time = utc_time(line["time"]);
  return record;
}

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  return each_record(in, offsets, record_at);
}

}  // namespace

RecordFormat docker_log_format() { return {"docker", recognises, find}; }

}  // namespace assay
