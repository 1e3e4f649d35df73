// DiscordChatExporter's JSON, a channel or thread a file. Its HTML and CSV: chat_html.cc,
// discord_csv.cc.
//
//   {"guild":{"id":"9…","name":"Contoso"},"channel":{"id":"8…","name":"bot-dev"},
//    "messages":[{"id":"143…","timestamp":"2025-11-02T09:00:00.123+01:00","timestampEdited":null,
//      "content":"…","author":{"id":"1…","name":"dana"}}]}
#include <fmt/format.h>

#include <charconv>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr std::string_view kRoot[] = {"guild/id", "channel/id", "channel/name"};
constexpr std::string_view kMessage[] = {"id",          "timestamp",       "timestampEdited",
                                         "author/name", "author/nickname", "author/id"};

bool recognises(const Export& in) {
  const JsonShape shape(in);
  return shape.has_all({"guild/id", "channel/id"}) && shape.array_at("messages");
}

// An id begins with the milliseconds since 2015.
std::string time_in_id(std::string_view id) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return "";
  return epoch_time(static_cast<int64_t>((number >> 22) + 1420070400000) / 1000);
}

Record record_at(JsonExport& file, JsonPath path) {
  if (path.empty() || !path[0].object) return {};
  const JsonFields& root = file.fields(0, kRoot);
  Record record = record_of("discord");
  record.container = first_of({root["channel/name"], root["channel/id"]});
  const size_t level = level_at(path, "messages/*");
  if (level == kNoLevel || !path[level].object) return record;
  const JsonFields& message = file.fields(level, kMessage);
  record.id = message["id"];
  record.author =
      first_of({message["author/name"], message["author/nickname"], message["author/id"]});
  record.time = utc_time(first_of({message["timestampEdited"], message["timestamp"]}));
  if (record.time.empty()) record.time = time_in_id(record.id);
  const std::string guild = root["guild/id"] == "0" ? "@me" : std::string(root["guild/id"]);
  if (!guild.empty() && all_digits(root["channel/id"]) && all_digits(record.id)) {
    record.link =
        fmt::format("https://discord.com/channels/{}/{}/{}", guild, root["channel/id"], record.id);
  }
  return record;
}

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  return each_record(in, offsets, record_at);
}

}  // namespace

RecordFormat discord_format() { return {"discord", recognises, find}; }

}  // namespace assay
