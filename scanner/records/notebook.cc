// Jupyter notebooks: the record is the cell, by its id or else its place.
//
//   {"cells":[{"cell_type":"code","id":"a1b2","source":["…"],"outputs":[…]}],"nbformat":4}
#include <fmt/format.h>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"

namespace assay {
namespace {

constexpr std::string_view kCell[] = {"id"};

bool recognises(const Export& in) {
  const JsonShape shape(in);
  const bool cells = shape.array_at("cells") || shape.array_at("worksheets/0/cells");
  return cells && (shape.has("nbformat") ||
                   (has_suffix(in.path, ".ipynb") && shape.has("cells/0/cell_type")));
}

Record record_at(JsonExport& file, JsonPath path) {
  size_t level = level_at(path, "cells/*");
  if (level == kNoLevel) level = level_at(path, "worksheets/*/cells/*");
  if (level == kNoLevel || !path[level].object) return {};
  Record record = record_of("notebook");
  record.container = file_name(file.path());
  record.id = file.fields(level, kCell)["id"];
  if (record.id.empty()) record.id = fmt::format("cells[{}]", path[level - 1].index);
  return record;
}

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  return each_record(in, offsets, record_at);
}

}  // namespace

RecordFormat notebook_format() { return {"notebook", recognises, find}; }

}  // namespace assay
