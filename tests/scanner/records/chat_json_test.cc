// Slack, Teams, Discord, Mattermost.
#include "tests/scanner/records/json_samples.h"

namespace assay::json_test {
namespace {

constexpr std::string_view kSlackUsers = R"j([
 {"id":"U02ABC","name":"dana","real_name":"Dana Ibo","profile":{"email":"dana@contoso.com"}},
 {"id":"U03ABC","profile":{"display_name":"Milo"}},
 {"id":"U04ABC","name":"","profile":{"display_name":"","real_name":"Ren","email":"ren@contoso.com"}}])j";

std::vector<Sample> slack_samples() {
  const std::map<std::string, std::string> users = {{"../users.json", std::string(kSlackUsers)}};
  return {
      {"a day with replies, an edit, a bot and a deletion",
       "export.zip!/general/2025-11-02.json",
       R"j([
    {
        "client_msg_id": "1f",
        "type": "message",
        "text": "try <https:\/\/a.azurewebsites.net\/api\/F?code={key:function:a}&amp;x=1|this>",
        "user": "U02ABC",
        "ts": "1762070400.000100",
        "blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "text", "text": "try {key:function:a}"}]}]}],
        "thread_ts": "1762070000.000200",
        "replies": [{"user": "U03ABC", "ts": "1762070401.000000"}]
    },
    {"type": "message", "user": "U03ABC", "text": "{key:master}", "ts": "1762070500.000300",
        "edited": {"user": "U03ABC", "ts": "1762070560.000000"}},
    {"type": "message", "subtype": "bot_message", "bot_id": "B01", "username": "deploys",
        "text": "", "attachments": [{"text": "{key:system}", "author_id": "U02ABC",
        "ts": "1600000000.000000", "channel_id": "C9"}], "ts": "1762070600.000000"},
    {"type": "message", "subtype": "message_changed", "hidden": true, "ts": "1762070700.000000",
        "message": {"type": "message", "user": "U04ABC", "text": "gone", "ts": "1762070650.000000",
            "edited": {"user": "U04ABC", "ts": "1762070700.000000"}},
        "previous_message": {"type": "message", "user": "U04ABC", "text": "{key:function:b}",
            "ts": "1762070650.000000"}},
    {"type": "message", "subtype": "thread_broadcast", "user": "U05ABC", "text": "see above",
        "ts": "1762070800.000000", "user_profile": {"display_name": "Ola", "real_name": "Ola N"},
        "root": {"user": "U02ABC", "ts": "1762070000.000200", "text": "{key:function:a}"}},
    {"type": "message", "user": "U09ABC", "text": "{key:function:c}", "ts": "1762070900.000000"}
])j",
       {"slack | general | 1762070400.000100 | dana | 2025-11-02T08:00:00Z",
        "slack | general | 1762070400.000100 | dana | 2025-11-02T08:00:00Z",
        "slack | general | 1762070500.000300 | Milo | 2025-11-02T08:02:40Z",
        "slack | general | 1762070600.000000 | deploys | 2025-11-02T08:03:20Z",
        "slack | general | 1762070650.000000 | Ren | 2025-11-02T08:04:10Z",
        "slack | general | 1762070800.000000 | Ola | 2025-11-02T08:06:40Z",
        "slack | general | 1762070900.000000 | U09ABC | 2025-11-02T08:08:20Z"},
       users},
      {"a folder named by id",
       "dump/C01ABC/2025-11-02.json",
       R"j([{"type":"message","user":"U02ABC","text":"{key:master}","ts":"1762070400.000100"}])j",
       {"slack | incidents | 1762070400.000100 | U02ABC | 2025-11-02T08:00:00Z"},
       {{"../channels.json", R"j([{"id":"C01ABC","name":"incidents"}])j"}}},
      {"a direct message",
       "x/D01ABC/2025-11-02.json",
       R"j([{"type":"message","user":"U02ABC","text":"{key:master}","ts":"1762070400.000100"}])j",
       {"slack | D01ABC | 1762070400.000100 | dana | 2025-11-02T08:00:00Z"},
       users},
      {"a dump of one conversation",
       "dump/C01ABC.json",
       R"j({"channel_id":"C01ABC","messages":[{"type":"message","user":"U02ABC","ts":"1762070400.000100",
          "text":"?","slackdump_thread_replies":[{"type":"message","user":"U03ABC",
          "text":"{key:master}","ts":"1762070460.000100","thread_ts":"1762070400.000100",
          "permalink":"https://contoso.slack.com/archives/C01ABC/p1762070460000100"}]}],"name":"incidents"})j",
       {"slack | incidents | 1762070460.000100 | U03ABC | 2025-11-02T08:01:00Z | "
        "https://contoso.slack.com/archives/C01ABC/p1762070460000100"}},
      {"topics of channels",
       "export/channels.json",
       R"j([{"id":"C01ABC","name":"sre","created":1762000000,"creator":"U02ABC","members":[],
          "topic":{"value":"{key:master}","creator":"U03ABC","last_set":1762070400},
          "purpose":{"value":"{key:function}","creator":"U04ABC","last_set":1762070401}}])j",
       {"slack | sre | C01ABC | Milo | 2025-11-02T08:00:00Z",
        "slack | sre | C01ABC | Ren | 2025-11-02T08:00:01Z"},
       {{"users.json", std::string(kSlackUsers)}}},
      {"names that are cut off",
       "x/general/2025-11-02.json",
       R"j([{"type":"message","user":"U02ABC","text":"{key:master}","ts":"1762070400.000100"}])j",
       {"slack | general | 1762070400.000100 | dana | 2025-11-02T08:00:00Z"},
       {{"../users.json", std::string(kSlackUsers.substr(0, 120))}},
       "not all names beside it could be read"},
  };
}

std::vector<Sample> teams_samples() {
  return {
      {"a page of a channel with replies",
       "teams/messages.json",
       R"j({"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#Collection(chatMessage)","value":[
  {"id":"1762070400123","replyToId":null,"createdDateTime":"2025-11-02T08:00:00.123Z",
   "lastEditedDateTime":null,"subject":null,"from":{"application":null,"user":{"id":"u-1",
   "displayName":"Dana","tenantId":"t-1"}},
   "body":{"contentType":"html","content":"<p>code={key:function:a}&amp;x</p>"},
   "attachments":[{"contentType":"application/vnd.microsoft.card.codesnippet",
     "content":"{\"code\":\"{key:function:a}\"}"}],
   "channelIdentity":{"teamId":"team-1","channelId":"19:abc@thread.tacv2"},
   "webUrl":"https://teams.microsoft.com/l/message/19%3Aabc%40thread.tacv2/1762070400123",
   "replies":[{"id":"1762070460123","replyToId":"1762070400123",
     "createdDateTime":"2025-11-02T08:01:00.123Z","lastEditedDateTime":"2025-11-02T08:05:00Z",
     "from":{"user":{"id":"u-2","displayName":"Milo","tenantId":"t-1"}},
     "body":{"contentType":"text","content":"{key:master}"},"webUrl":null}]}]})j",
       {"teams | 19:abc@thread.tacv2 | 1762070400123 | Dana | 2025-11-02T08:00:00Z | "
        "https://teams.microsoft.com/l/message/19%3Aabc%40thread.tacv2/1762070400123",
        "teams | 19:abc@thread.tacv2 | 1762070400123 | Dana | 2025-11-02T08:00:00Z | "
        "https://teams.microsoft.com/l/message/19%3Aabc%40thread.tacv2/1762070400123",
        "teams | 19:abc@thread.tacv2 | 1762070460123 | Milo | 2025-11-02T08:05:00Z | "
        "https://teams.microsoft.com/l/message/19%3Aabc%40thread.tacv2/1762070460123?"
        "tenantId=t-1&groupId=team-1&parentMessageId=1762070400123"}},
      {"chats, a message a line",
       "chat.ndjson",
       R"j({"id":"1","createdDateTime":"2025-11-02T08:00:00Z","chatId":"19:c@unq.gbl.spaces","from":null,"body":{"contentType":"text","content":"{key:master}"}}
{"id":"2","createdDateTime":"2025-11-02T08:00:01Z","chatId":"19:c@unq.gbl.spaces","from":{"application":{"id":"b","displayName":"Deploy bot"}},"body":{"contentType":"text","content":"{key:function}"}}
)j",
       {"teams | 19:c@unq.gbl.spaces | 1 |  | 2025-11-02T08:00:00Z",
        "teams | 19:c@unq.gbl.spaces | 2 | Deploy bot | 2025-11-02T08:00:01Z"}},
  };
}

std::vector<Sample> discord_samples() {
  return {
      {"a channel",
       "Contoso - Eng - bot-dev [800].json",
       R"j({
  "guild": {"id": "900", "name": "Contoso", "iconUrl": "x"},
  "channel": {"id": "800", "type": "GuildTextChat", "category": "Eng", "name": "bot-dev", "topic": "{key:system}"},
  "dateRange": {"after": null, "before": null},
  "exportedAt": "2025-11-03T00:00:00+00:00",
  "messages": [
    {"id": "1434451968000000000", "type": "Default", "timestamp": "2025-11-02T09:00:00.123+01:00",
     "timestampEdited": null, "content": "{key:master}",
     "author": {"id": "100", "name": "dana", "discriminator": "0000", "nickname": "Dana"},
     "attachments": [], "embeds": [{"title": "{key:function}", "fields": []}],
     "mentions": [{"id": "101", "name": "milo"}]},
    {"id": "1434451968000000001", "type": "Default", "timestamp": "2025-11-02T09:00:00+01:00",
     "timestampEdited": "2025-11-02T09:30:00+01:00", "content": "",
     "author": {"id": "101", "name": "milo", "nickname": "M"},
     "forwardedMessage": {"content": "{key:function}", "timestamp": "2020-01-01T00:00:00+00:00"}},
    {"id": "1434451968000000002", "content": "{key:master}", "author": {"id": "102"}}
  ],
  "messageCount": 3
})j",
       {"discord | bot-dev",
        "discord | bot-dev | 1434451968000000000 | dana | 2025-11-02T08:00:00Z | "
        "https://discord.com/channels/900/800/1434451968000000000",
        "discord | bot-dev | 1434451968000000000 | dana | 2025-11-02T08:00:00Z | "
        "https://discord.com/channels/900/800/1434451968000000000",
        "discord | bot-dev | 1434451968000000001 | milo | 2025-11-02T08:30:00Z | "
        "https://discord.com/channels/900/800/1434451968000000001",
        "discord | bot-dev | 1434451968000000002 | 102 | 2025-11-02T08:00:00Z | "
        "https://discord.com/channels/900/800/1434451968000000002"}},
      {"direct messages",
       "Direct Messages - dana [800].json",
       R"j({"guild":{"id":"0","name":"Direct Messages"},"channel":{"id":"800","name":"dana"},"messages":[
          {"id":"7","timestamp":"2025-11-02T08:00:00+00:00","content":"{key:master}","author":{"name":"dana"}}]})j",
       {"discord | dana | 7 | dana | 2025-11-02T08:00:00Z | "
        "https://discord.com/channels/@me/800/7"}},
  };
}

std::vector<Sample> mattermost_samples() {
  return {
      {"a bulk export",
       "mm.zip!/import.jsonl",
       R"j({"type":"version","version":1}
{"type":"channel","channel":{"team":"contoso","name":"sre","header":"{key:system}"}}
{"type":"post","post":{"team":"contoso","channel":"sre","user":"dana","type":"","message":"{key:master} \u0026 more","props":{"attachments":[{"text":"{key:function}"}]},"create_at":1762070400123,"edit_at":0,"replies":[{"user":"milo","message":"ok {key:function}","create_at":1762070460000,"edit_at":1762070520000}]}}
{"type":"direct_post","direct_post":{"channel_members":["dana","milo"],"user":"milo","message":"{key:master}","create_at":1762070400999}}
)j",
       {"mattermost | sre", "mattermost | sre |  | dana | 2025-11-02T08:00:00Z",
        "mattermost | sre |  | dana | 2025-11-02T08:00:00Z",
        "mattermost | sre |  | milo | 2025-11-02T08:02:00Z",
        "mattermost | dana, milo |  | milo | 2025-11-02T08:00:00Z"}},
      {"posts of the API",
       "posts.json",
       R"j({"order":["p1","p2"],"posts":{"p1":{"id":"p1","create_at":1762070400123,"edit_at":0,
          "delete_at":1762080000000,"user_id":"u1","channel_id":"c1","message":"{key:master}"},
          "p2":{"id":"p2","create_at":1762070401123,"user_id":"u2","channel_id":"c1",
          "message":"{key:function}"}}})j",
       {"mattermost | c1 | p1 | u1 | 2025-11-02T08:00:00Z",
        "mattermost | c1 | p2 | u2 | 2025-11-02T08:00:01Z"}},
  };
}

}  // namespace

std::vector<Sample> chat_samples() {
  std::vector<Sample> all;
  for (auto* samples : {slack_samples, teams_samples, discord_samples, mattermost_samples}) {
    for (Sample& sample : samples()) all.push_back(std::move(sample));
  }
  return all;
}

TEST(SlackJson, TellsTheMessage) { expect_records(slack_samples()); }
TEST(TeamsJson, TellsTheMessage) { expect_records(teams_samples()); }
TEST(DiscordJson, TellsTheMessage) { expect_records(discord_samples()); }
TEST(MattermostJson, TellsThePost) { expect_records(mattermost_samples()); }

}  // namespace assay::json_test
