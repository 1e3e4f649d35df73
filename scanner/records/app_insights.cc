// Application Insights and Log Analytics: answers of the query interface (tables with columns), of
// the command line (flat objects), continuous export and diagnostic settings (an object a line, or
// `records`).
//
//   {"tables":[{"name":"PrimaryResult","columns":[{"name":"timestamp",…},{"name":"message",…}],
//               "rows":[["2025-11-02T08:00:00.1234567Z","…"]]}]}
//   [{"TableName":"PrimaryResult","timestamp":"…","cloud_RoleName":"app","message":"…"}]
//   {"trace":[{…}],"internal":{"data":{"id":"…"}},"context":{"data":{"eventTime":"…"}}}
//   {"records":[{"time":"…","Type":"AppTraces","AppRoleName":"app","Message":"…"}]}
#include <algorithm>
#include <array>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

// What a fact of the record is called in each of the forms; the first that is there counts.
using Names = std::array<std::string_view, 4>;
constexpr std::array<Names, 5> kFacts = {{
    {"timestamp", "TimeGenerated", "time", "context/data/eventTime"},
    {"cloud_RoleName", "AppRoleName", "context/device/roleName", "context/cloud/roleName"},
    {"itemId", "_ItemId", "ItemId", "internal/data/id"},
    {"operation_Name", "OperationName", "context/operation/name", "operationName"},
    {"user_AuthenticatedId", "UserAuthenticatedId", "context/user/authId", ""},
}};
constexpr auto kFlat = [] {
  std::array<std::string_view, 20> all{};
  for (size_t i = 0; i < all.size(); ++i) all[i] = kFacts[i / 4][i % 4];
  return all;
}();
constexpr std::string_view kTable[] = {"columns"};
constexpr std::string_view kColumn[] = {"name", "ColumnName"};

bool recognises(const Export& in) {
  const JsonShape shape(in);
  if (shape.array_at("tables/0/columns") || shape.array_at("Tables/0/Columns")) {
    return shape.array_at("tables/0/rows") || shape.array_at("Tables/0/Rows");
  }
  if (shape.has("0/TableName") && (shape.has("0/timestamp") || shape.has("0/TimeGenerated"))) {
    return true;
  }
  if (shape.has_all({"internal/data/id", "context/data/eventTime"})) return true;
  for (const std::string base : {"", "records/0/", "0/"}) {
    const std::string_view type = shape.text(base + "Type");
    if (shape.has(base + "time") && type.starts_with("App") &&
        (shape.has(base + "Properties") || shape.has(base + "AppRoleName"))) {
      return true;
    }
  }
  return false;
}

Record record_from(const std::array<std::string, kFacts.size()>& facts) {
  Record record = record_of("appinsights");
  record.time = utc_time(facts[0], NoZone::utc);
  record.container = facts[1];
  record.id = facts[2];
  record.operation = facts[3];
  record.author = facts[4];
  return record;
}

class AppInsights {
 public:
  Record record_at(JsonExport& file, JsonPath path) {
    for (const bool old : {false, true}) {
      const size_t table = level_at(path, old ? "Tables/*" : "tables/*");
      if (table == kNoLevel) continue;
      const size_t row = level_at(path, old ? "Rows/*" : "rows/*", table);
      return row == kNoLevel ? Record() : row_at(file, path, table, row);
    }
    size_t level = level_at(path, "records/*");
    if (level == kNoLevel) level = level_at(path, "*");
    if (level == kNoLevel) level = 0;
    if (level >= path.size() || !path[level].object) return {};
    const JsonFields& item = file.fields(level, kFlat);
    std::array<std::string, kFacts.size()> facts;
    for (size_t i = 0; i < facts.size(); ++i) {
      const Names& names = kFacts[i];
      facts[i] = first_of({item[names[0]], item[names[1]], item[names[2]], item[names[3]]});
    }
    return record_from(facts);
  }

 private:
  Record row_at(JsonExport& file, JsonPath path, size_t table, size_t row) {
    if (table_ != path[table].begin) read_columns(file, table, path[table].begin);
    const JsonFields& cells = file.fields(row, {columns_.data(), columns_.size()});
    std::array<std::string, kFacts.size()> facts;
    for (size_t i = 0; i < facts.size(); ++i) {
      if (columns_[i] != kNone) facts[i] = cells[columns_[i]];
    }
    return record_from(facts);
  }

  // At which index of a row each fact stands.
  void read_columns(JsonExport& file, size_t level, uint64_t begin) {
    static constexpr std::string_view kOld[] = {"Columns"};
    table_ = begin;
    columns_.fill(kNone);
    std::array<size_t, kFacts.size()> ranks;
    ranks.fill(Names().size());
    const JsonField* list = &file.fields(level, kTable).field("columns");
    if (list->kind != '[') list = &file.fields(level, kOld).field("Columns");
    if (list->kind != '[') return;
    size_t index = 0;
    read_elements(file.bytes(), list->begin, kColumn, [&](const JsonFields& column) {
      const std::string name = first_of({column["name"], column["ColumnName"]});
      for (size_t i = 0; i < kFacts.size(); ++i) {
        const size_t rank = static_cast<size_t>(
            std::find(kFacts[i].begin(), kFacts[i].end(), name) - kFacts[i].begin());
        if (name.empty() || rank == kFacts[i].size() || rank >= ranks[i]) continue;
        ranks[i] = rank;
        indices_[i] = std::to_string(index);
        columns_[i] = indices_[i];
      }
      return ++index < 10'000;
    });
  }

  static constexpr std::string_view kNone = "-";  // no index

  uint64_t table_ = ~uint64_t{0};
  std::array<std::string, kFacts.size()> indices_;
  std::array<std::string_view, kFacts.size()> columns_;
};

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  AppInsights insights;
  return each_record(
      in, offsets, [&](JsonExport& file, JsonPath path) { return insights.record_at(file, path); });
}

}  // namespace

RecordFormat app_insights_format() { return {"appinsights", recognises, find}; }

}  // namespace assay
