// Terraform: states of version 4, and what `terraform show -json` prints of states and plans. The
// record is the address of the resource, or the output.
//
//   {"version":4,"lineage":"…","outputs":{"url":{"value":"…"}},"resources":[{"module":"module.api",
//     "mode":"data","type":"azurerm_function_app_host_keys","name":"keys",
//     "instances":[{"index_key":"eu","attributes":{…}}]}]}
//     → module.api.data.azurerm_function_app_host_keys.keys["eu"]
#include <fmt/format.h>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"

namespace assay {
namespace {

constexpr std::string_view kRoot[] = {"lineage"};
constexpr std::string_view kResource[] = {"module", "mode", "type", "name", "address"};
constexpr std::string_view kInstance[] = {"index_key"};

bool recognises(const Export& in) {
  const JsonShape shape(in);
  if (!shape.has("terraform_version")) return false;
  return shape.has("lineage") || shape.has("serial") || shape.has("format_version");
}

std::string address(const JsonFields& resource) {
  std::string text;
  if (resource.has("module")) text = fmt::format("{}.", resource["module"]);
  if (resource["mode"] == "data") text += "data.";
  return text + fmt::format("{}.{}", resource["type"], resource["name"]);
}

// In `values` or `planned_values`: a resource of the root module or of one below it.
std::string shown_address(JsonExport& file, JsonPath path) {
  for (const char* way :
       {"values/root_module", "planned_values/root_module", "prior_state/values/root_module"}) {
    size_t module = level_at(path, way);
    for (size_t at = module; at != kNoLevel; at = level_at(path, "child_modules/*", at)) {
      module = at;
    }
    if (module == kNoLevel) continue;
    const size_t resource = level_at(path, "resources/*", module);
    if (resource != kNoLevel && path[resource].object) {
      return std::string(file.fields(resource, kResource)["address"]);
    }
  }
  const size_t change = level_at(path, "resource_changes/*");
  if (change == kNoLevel || !path[change].object) return "";
  return std::string(file.fields(change, kResource)["address"]);
}

std::string output_name(JsonPath path) {
  for (const char* way : {"outputs", "values/outputs", "planned_values/outputs", "output_changes",
                          "prior_state/values/outputs"}) {
    const size_t level = level_at(path, way);
    if (level != kNoLevel && path[level].object) return fmt::format("output.{}", path[level].key);
  }
  return "";
}

Record record_at(JsonExport& file, JsonPath path) {
  if (path.empty() || !path[0].object) return {};
  Record record = record_of("terraform");
  record.container = file.fields(0, kRoot)["lineage"];
  const size_t level = level_at(path, "resources/*");
  if (level == kNoLevel || !path[level].object) {
    record.id = first_of({output_name(path), shown_address(file, path)});
    return record;
  }
  const JsonFields& resource = file.fields(level, kResource);
  if (!resource.has("type") || !resource.has("name")) return record;  // cut off: no half address
  record.id = address(resource);
  const size_t instance = level_at(path, "instances/*", level);
  if (instance == kNoLevel || !path[instance].object) return record;
  const JsonField& index = file.fields(instance, kInstance).field("index_key");
  if (index.kind == '"') record.id += fmt::format("[\"{}\"]", index.text);
  if (index.kind == '0') record.id += fmt::format("[{}]", index.text);
  return record;
}

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  return each_record(in, offsets, record_at);
}

}  // namespace

RecordFormat terraform_format() { return {"terraform", recognises, find}; }

}  // namespace assay
