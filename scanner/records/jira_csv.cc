// Jira's CSV export (all fields): a row for each issue, a column for each comment.
//
//   Summary,Issue key,Issue id,Project key,Reporter,Created,Comment,Comment
//   Refund fails,PAY-118,10118,PAY,dana,02/Nov/25 9:00 AM,"02/Nov/25 9:05 AM;milo;use KEY",
//
// Comments have no id here and times no zone, so neither is told.
#include "scanner/records/csv_text.h"
#include "scanner/records/export_text.h"
#include "scanner/records/text_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

// Of `02/Nov/25 9:05 AM;milo;use KEY`; empty where the cell is not of this form.
std::string comment_author(std::string_view cell) {
  const size_t first = cell.find(';');
  if (first == std::string_view::npos || first > 40) return {};
  const size_t second = cell.find(';', first + 1);
  if (second == std::string_view::npos || second - first > 256) return {};
  if (cell.substr(0, first).find_first_of("0123456789") == std::string_view::npos) return {};
  return std::string(without_spaces(cell.substr(first + 1, second - first - 1)));
}

Record row_record(const CsvHeader& header, const CsvRow& row, size_t column) {
  Record record;
  record.system = "jira";
  record.id = header.cell(row, {"Issue key"});
  record.container = header.cell(row, {"Project key"});
  const size_t dash = record.id.rfind('-');
  if (record.container.empty() && dash != std::string::npos) {
    record.container = record.id.substr(0, dash);
  }
  if (column < header.names().size() && header.names()[column] == "Comment") {
    record.author = comment_author(row.cells[column].text);
    return record;
  }
  record.author = header.cell(row, {"Reporter", "Creator"});
  record.time = utc_time(header.cell(row, {"Created"}));
  return record;
}

}  // namespace

bool is_jira_csv(const Export& in) {
  const std::optional<CsvHeader> header = CsvHeader::read(in.head);
  return header && header->has_all({"Issue key", "Summary"}) &&
         header->count_of({"Issue id", "Issue Type", "Project key", "Reporter", "Status"}) >= 2;
}

FoundRecords find_in_jira_csv(const Export& in, Offsets offsets) {
  return find_in_csv(in, offsets, row_record);
}

}  // namespace assay
