// Where Azure Functions keep keys: the host's files of secrets, and a project's local settings.
//
//   SITE/host.json       {"masterKey":{"name":"master","value":"…","encrypted":false},
//                         "functionKeys":[{"name":"default",…}],"systemKeys":[],"hostName":"…"}
//   SITE/FUNCTION.json   {"keys":[{"name":"default","value":"…","encrypted":false}]}
//   local.settings.json  {"IsEncrypted":false,"Values":{"UPSTREAM_KEY":"…"}}  with comments, at
//   times
//
// The record is the key's name, or the setting's. A project's own host.json has none of these.
#include <fmt/format.h>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"

namespace assay {
namespace {

constexpr std::string_view kRoot[] = {"hostName"};
constexpr std::string_view kKey[] = {"name"};

bool is_secrets(const Export& in) {
  const JsonShape shape(in);
  if (shape.has("masterKey/value") && shape.has("masterKey/name")) return true;
  if (shape.array_at("functionKeys") && shape.array_at("systemKeys")) return true;
  return shape.has_all({"keys/0/name", "keys/0/value", "keys/0/encrypted"});
}

// F of F.json and F.snapshot.20251102.json.
std::string_view function_name(std::string_view path) {
  const std::string_view name = file_name(path);
  return name.substr(0, name.find('.'));
}

Record key_at(JsonExport& file, JsonPath path) {
  if (path.empty() || !path[0].object) return {};
  size_t level = kNoLevel;
  for (const char* way : {"masterKey", "functionKeys/*", "systemKeys/*", "keys/*"}) {
    if (level == kNoLevel) level = level_at(path, way);
  }
  if (level == kNoLevel || !path[level].object) return {};
  const JsonFields& key = file.fields(level, kKey);
  Record record = record_of("functions-secrets");
  record.container = file.fields(0, kRoot)["hostName"];
  record.id = key["name"];
  if (path[0].key == "keys") record.operation = function_name(file.path());
  return record;
}

FoundRecords find_keys(const Export& in, std::span<const uint64_t> offsets) {
  return each_record(in, offsets, key_at);
}

bool is_settings(const Export& in) {
  const JsonShape shape(in);
  if (!shape.object_at("Values") && !shape.object_at("ConnectionStrings")) return false;
  const std::string name = lower_case(file_name(in.path));
  return shape.has("IsEncrypted") ||
         (name.starts_with("local.settings") && name.ends_with(".json"));
}

Record setting_at(JsonExport&, JsonPath path) {
  const bool setting = path.size() >= 2 && path[1].object &&
                       (path[0].key == "Values" || path[0].key == "ConnectionStrings");
  if (!setting) return {};
  Record record = record_of("local-settings");
  record.id = path[1].key;
  return record;
}

FoundRecords find_settings(const Export& in, std::span<const uint64_t> offsets) {
  return each_record(in, offsets, setting_at);
}

}  // namespace

RecordFormat functions_secrets_format() { return {"functions-secrets", is_secrets, find_keys}; }
RecordFormat local_settings_format() { return {"local-settings", is_settings, find_settings}; }

}  // namespace assay
