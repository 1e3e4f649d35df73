// DiscordChatExporter's CSV. It has no ids; the channel is in the file's name:
// `Contoso - Eng - bot-dev [8001].csv`.
//
//   AuthorID,Author,Date,Content,Attachments,Reactions
//   "1001","dana","2025-11-02T09:00:00.1230000+01:00","use KEY","",""
#include "scanner/records/csv_text.h"
#include "scanner/records/discord_name.h"
#include "scanner/records/text_formats.h"
#include "scanner/records/time_text.h"

namespace assay {

bool is_discord_csv(const Export& in) {
  const std::optional<CsvHeader> header = CsvHeader::read(in.head);
  return header &&
         header->names() == std::vector<std::string>{"AuthorID", "Author",      "Date",
                                                     "Content",  "Attachments", "Reactions"};
}

FoundRecords find_in_discord_csv(const Export& in, Offsets offsets) {
  const DiscordName name = read_discord_name(in.path);
  return find_in_csv(in, offsets, [&](const CsvHeader& header, const CsvRow& row, size_t) {
    Record record;
    record.system = "discord";
    record.container = name.channel;
    record.author = header.cell(row, {"Author", "AuthorID"});
    record.time = utc_time(header.cell(row, {"Date"}));
    return record;
  });
}

}  // namespace assay
