// Mattermost: the bulk export, one object a line, and pages of posts as its API gives them.
//
//   {"type":"post","post":{"team":"contoso","channel":"sre","user":"dana","message":"…",
//     "create_at":1762070400123,"edit_at":0,"replies":[{"user":"milo","message":"…",…}]}}
//   {"order":["POSTID"],"posts":{"POSTID":{"id":"…","create_at":…,"user_id":"…","channel_id":"…"}}}
//
// The bulk export has no ids of posts.
#include <algorithm>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr std::string_view kKinds[] = {"post", "direct_post", "channel", "direct_channel",
                                       "team", "user",        "emoji"};
constexpr std::string_view kPost[] = {"team", "channel", "user", "create_at", "edit_at",
                                      "channel_members/0", "channel_members/1", "channel_members/2",
                                      "channel_members/3", "channel_members/4", "channel_members/5",
                                      "channel_members/6", "channel_members/7",
                                      // of the API, and of other lines
                                      "id", "user_id", "channel_id", "name", "username"};

bool recognises(const Export& in) {
  const JsonShape shape(in);
  if (!shape.object()) return false;
  if (shape.array_at("order") && shape.object_at("posts")) return true;
  const std::string_view type = shape.text("type");
  if (type == "version") return shape.kind("version") == '0' && shape.lines();
  return std::find(std::begin(kKinds), std::end(kKinds), type) != std::end(kKinds) &&
         shape.object_at(type);
}

std::string time_of(const JsonFields& post) {
  const std::string_view edited = post["edit_at"];
  return epoch_time(edited.empty() || edited == "0" ? post["create_at"] : edited,
                    EpochUnit::milliseconds);
}

std::string members(const JsonFields& post) {
  std::string text;
  for (const std::string_view path : kPost) {
    if (!path.starts_with("channel_members/") || !post.has(path)) continue;
    if (!text.empty()) text += ", ";
    text += post[path];
  }
  return text;
}

Record record_at(JsonExport& file, JsonPath path) {
  if (const size_t level = level_at(path, "posts/?"); level != kNoLevel && path[level].object) {
    const JsonFields& post = file.fields(level, kPost);
    return {"mattermost",
            std::string(post["channel_id"]),
            first_of({post["id"], path[1].key}),
            std::string(post["user_id"]),
            time_of(post),
            "",
            ""};
  }
  const size_t level = level_at(path, "?");
  if (level == kNoLevel || !path[level].object) return {};
  const std::string& kind = path[0].key;
  if (std::find(std::begin(kKinds), std::end(kKinds), kind) == std::end(kKinds)) return {};
  const JsonFields& line = file.fields(level, kPost);
  Record record = record_of("mattermost");
  const std::string channel = first_of({line["channel"], members(line)});
  if (kind == "post" || kind == "direct_post") {
    record.container = channel;
    const size_t reply = level_at(path, "replies/*", level);
    const JsonFields& post =
        reply != kNoLevel && path[reply].object ? file.fields(reply, kPost) : line;
    record.author = post["user"];
    record.time = time_of(post);
  } else if (kind == "user") {
    record.author = line["username"];
  } else {
    record.container = first_of({line["name"], members(line)});
  }
  return record;
}

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  return each_record(in, offsets, record_at);
}

}  // namespace

RecordFormat mattermost_format() { return {"mattermost", recognises, find}; }

}  // namespace assay
