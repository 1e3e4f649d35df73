// A list of a ServiceNow table as CSV, often in Windows-1252. Its columns have the fields' names;
// times are in the zone of the user who exported, so they are not told.
//
//   "number","short_description","opened_by","sys_created_by","work_notes","sys_id"
//   "INC0010023","403","Dana Ibo","dana","2025-11-02 09:00:00 - Dana Ibo (Work notes)
//   KEY","9d38…"
#include "scanner/records/csv_text.h"
#include "scanner/records/export_text.h"
#include "scanner/records/text_formats.h"

namespace assay {
namespace {

bool is_journal(std::string_view column) {
  return column == "work_notes" || column == "comments" || column == "comments_and_work_notes" ||
         column == "close_notes";
}

// Of the last line like `2025-11-02 09:00:00 - Dana Ibo (Work notes)` before the key. Journals are
// told whole in one cell and only the first bytes of a cell are kept, so this is known only where
// there is but one entry.
std::string journal_author(std::string_view cell) {
  const size_t line_end = cell.find('\n');
  if (line_end == std::string_view::npos) return {};
  const std::string_view line = without_spaces(cell.substr(0, line_end));
  const size_t dash = line.find(" - ");
  const size_t open = line.rfind(" (");
  if (dash == std::string_view::npos || open == std::string_view::npos || open < dash + 3)
    return {};
  if (!line.ends_with(')') || line[0] < '0' || line[0] > '9') return {};
  if (cell.size() >= kMostCsvText || cell.find(" (", line_end) != std::string_view::npos) return {};
  return std::string(line.substr(dash + 3, open - dash - 3));
}

Record row_record(const Export& in, const CsvHeader& header, const CsvRow& row, size_t column) {
  Record record;
  record.system = "servicenow";
  record.container = header.cell(row, {"sys_class_name"});
  if (record.container.empty()) record.container = file_stem(in.path);
  record.id = header.cell(row, {"number", "sys_id"});
  if (column < header.names().size() && is_journal(header.names()[column])) {
    record.author = utf8_or_1252(journal_author(row.cells[column].text));
    return record;
  }
  record.author = header.cell(row, {"sys_created_by", "opened_by"});
  return record;
}

}  // namespace

bool is_servicenow_csv(const Export& in) {
  const std::optional<CsvHeader> header = CsvHeader::read(in.head);
  return header && (header->has("number") || header->has("sys_id")) &&
         header->count_of({"number", "sys_id", "sys_created_by", "sys_created_on", "sys_updated_on",
                           "opened_by", "opened_at", "short_description", "assignment_group",
                           "assigned_to", "caller_id", "work_notes", "close_notes",
                           "sys_class_name"}) >= 3;
}

FoundRecords find_in_servicenow_csv(const Export& in, Offsets offsets) {
  return find_in_csv(in, offsets, [&](const CsvHeader& header, const CsvRow& row, size_t column) {
    return row_record(in, header, row, column);
  });
}

}  // namespace assay
