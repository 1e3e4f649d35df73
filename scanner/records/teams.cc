// Messages of Teams as Microsoft Graph gives them: a page with `value`, an array, or one message a
// line; replies stand inside their message if they were asked for.
//
//   {"@odata.context":"…","value":[{"id":"1762070400123","createdDateTime":"2025-11-02T08:00:00.123Z",
//     "from":{"user":{"displayName":"Dana"}},"body":{"contentType":"html","content":"…"},
//     "channelIdentity":{"teamId":"…","channelId":"19:…@thread.tacv2"},"replies":[…]}]}
//
// Mails of Graph have a body of the same form: only a channel or a chat makes it Teams.
#include <fmt/format.h>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr std::string_view kMessage[] = {
    "id",
    "replyToId",
    "createdDateTime",
    "lastEditedDateTime",
    "from/user/displayName",
    "from/user/id",
    "from/user/tenantId",
    "from/application/displayName",
    "from/application/id",
    "channelIdentity/channelId",
    "channelIdentity/teamId",
    "chatId",
    "webUrl",
};

bool recognises(const Export& in) {
  const JsonShape shape(in);
  for (const std::string base : {"value/0/", "0/", ""}) {
    if (shape.has_all({base + "body/contentType", base + "createdDateTime", base + "id"}) &&
        (shape.has(base + "channelIdentity") || shape.has(base + "chatId"))) {
      return true;
    }
  }
  return false;
}

std::string link(const JsonFields& message, std::string_view channel, std::string_view team) {
  if (message.has("webUrl")) return std::string(message["webUrl"]);
  if (channel.empty() || team.empty() || !message.has("id")) return "";
  std::string text = fmt::format("https://teams.microsoft.com/l/message/{}/{}?",
                                 percent_encode(channel), percent_encode(message["id"]));
  if (message.has("from/user/tenantId")) {
    text += fmt::format("tenantId={}&", percent_encode(message["from/user/tenantId"]));
  }
  const std::string parent = first_of({message["replyToId"], message["id"]});
  text +=
      fmt::format("groupId={}&parentMessageId={}", percent_encode(team), percent_encode(parent));
  return text;
}

// The levels of a message, and of the reply in it.
Record record_at(JsonExport& file, JsonPath path) {
  size_t level = level_at(path, "value/*");
  if (level == kNoLevel) level = level_at(path, "*");
  if (level == kNoLevel) level = 0;
  if (level >= path.size() || !path[level].object || !file.fields(level, kMessage).has("id")) {
    return {};
  }
  std::string channel(file.fields(level, kMessage)["channelIdentity/channelId"]);
  std::string team(file.fields(level, kMessage)["channelIdentity/teamId"]);
  // Replies have none of their own in practice.
  const size_t reply = level_at(path, "replies/*", level);
  if (reply != kNoLevel && path[reply].object) level = reply;
  const JsonFields& message = file.fields(level, kMessage);
  Record record = record_of("teams");
  channel = first_of({message["channelIdentity/channelId"], channel});
  team = first_of({message["channelIdentity/teamId"], team});
  record.container = first_of({channel, message["chatId"]});
  record.id = message["id"];
  record.author =
      first_of({message["from/user/displayName"], message["from/application/displayName"],
                message["from/user/id"], message["from/application/id"]});
  record.time = utc_time(first_of({message["lastEditedDateTime"], message["createdDateTime"]}));
  record.link = link(message, channel, team);
  return record;
}

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  return each_record(in, offsets, record_at);
}

}  // namespace

RecordFormat teams_format() { return {"teams", recognises, find}; }

}  // namespace assay
