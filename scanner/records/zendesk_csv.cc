// Zendesk's tickets as CSV: a row for each ticket, without its comments.
//
//   Id,Subject,Status,Requester,Requester email,Submitter,Group,Assignee,Created at
//   4711,403 with KEY,open,Dana Ibo,dana@contoso.example,Dana Ibo,Support,Milo,2025-11-02 09:00
#include "scanner/records/csv_text.h"
#include "scanner/records/text_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

Record row_record(const CsvHeader& header, const CsvRow& row, size_t) {
  Record record;
  record.system = "zendesk";
  record.container = header.cell(row, {"Brand"});
  record.id = header.cell(row, {"Id", "Ticket ID"});
  record.author = header.cell(row, {"Requester", "Requester name", "Submitter", "Submitter name"});
  record.time = utc_time(header.cell(row, {"Created at", "Requested"}));
  return record;
}

}  // namespace

bool is_zendesk_csv(const Export& in) {
  const std::optional<CsvHeader> header = CsvHeader::read(in.head);
  return header && (header->has("Id") || header->has("Ticket ID")) && header->has("Subject") &&
         (header->has("Requester") || header->has("Requester name")) &&
         header->count_of({"Submitter", "Submitter name", "Group", "Assignee", "Ticket form",
                           "Brand", "Satisfaction Score", "Via", "Requester id",
                           "Requester email"}) >= 2;
}

FoundRecords find_in_zendesk_csv(const Export& in, Offsets offsets) {
  return find_in_csv(in, offsets, row_record);
}

}  // namespace assay
