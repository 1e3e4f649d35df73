// Slack exports: a folder for each conversation with a file for each day, an array of messages; and
// dumps with one file for each conversation.
//
//   general/2025-11-02.json
//   [{"type":"message","user":"U02ABC","text":"…","ts":"1762070400.000100"}] users.json
//   [{"id":"U02ABC","name":"dana","profile":{"display_name":"Dana"}}] C01ABC.json
//   {"channel_id":"C01ABC","name":"general","messages":[{…}]}
//
// Text stands many times in one message (text, blocks, attachments, root): the record is the
// message. Only what is a message of its own inside is another: replies, and the versions that
// message_changed and message_deleted carry.
#include <algorithm>
#include <optional>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr std::string_view kMessage[] = {
    "ts",        "user",
    "username",  "bot_profile/name",
    "bot_id",    "user_profile/name",
    "edited/ts", "user_profile/display_name",
    "permalink", "user_profile/real_name",
};
constexpr std::string_view kUser[] = {
    "id", "name", "profile/display_name", "real_name", "profile/real_name", "profile/email"};
constexpr std::string_view kChannel[] = {"id",
                                         "name",
                                         "creator",
                                         "created",
                                         "topic/creator",
                                         "topic/last_set",
                                         "purpose/creator",
                                         "purpose/last_set"};
constexpr std::string_view kDump[] = {"name", "channel_id"};
constexpr int kMostNested = 4;  // each one is read once more
constexpr std::string_view kLists[] = {"channels.json", "groups.json", "dms.json", "mpims.json"};

bool is_list(std::string_view name) {
  return std::find(std::begin(kLists), std::end(kLists), name) != std::end(kLists);
}

bool is_day(std::string_view name) {
  constexpr std::string_view kShape = "dddd-dd-dd.json";
  if (name.size() != kShape.size()) return false;
  for (size_t i = 0; i < name.size(); ++i) {
    if (kShape[i] == 'd' ? name[i] < '0' || name[i] > '9' : name[i] != kShape[i]) return false;
  }
  return true;
}

// C01ABC, also D… and G….
bool is_conversation_id(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return text.size() >= 6 && std::string_view("CDG").find(text[0]) != std::string_view::npos &&
         text.find_first_not_of(kDigits) == std::string_view::npos;
}

bool is_ts(std::string_view text) {
  const size_t point = text.find('.');
  return point != std::string_view::npos && all_digits(text.substr(0, point)) &&
         all_digits(text.substr(point + 1));
}

bool recognises(const Export& in) {
  const JsonShape shape(in);
  const std::string_view name = file_name(in.path);
  if (shape.array()) {
    if (is_list(name)) return shape.has_all({"0/id", "0/created"});
    return is_day(name) && shape.text("0/type") == "message" && is_ts(shape.text("0/ts"));
  }
  return shape.object() && shape.text("messages/0/type") == "message" &&
         is_ts(shape.text("messages/0/ts"));
}

class Slack {
 public:
  explicit Slack(const Export& in)
      : up_(is_day(file_name(in.path)) ? "../" : ""), list_(is_list(file_name(in.path))) {}

  Record record_at(JsonExport& file, JsonPath path) {
    if (list_) return channel_at(file, path);
    size_t level = level_at(path, "messages/*");
    if (level == kNoLevel) level = level_at(path, "*");
    if (level == kNoLevel || !path[level].object) return {};
    level = innermost(file, path, level);
    const JsonFields& message = file.fields(level, kMessage);
    Record record = record_of("slack");
    record.container = conversation(file);
    record.id = message["ts"];
    record.time = epoch_time(first_of({message["edited/ts"], message["ts"]}), EpochUnit::seconds);
    record.link = message["permalink"];
    record.author = first_of({user(file, message["user"]), message["user_profile/name"],
                              message["user_profile/display_name"],
                              message["user_profile/real_name"], message["username"],
                              message["bot_profile/name"], message["user"], message["bot_id"]});
    return record;
  }

 private:
  static size_t innermost(JsonExport& file, JsonPath path, size_t level) {
    for (int nested = 0; nested < kMostNested; ++nested) {
      size_t inner = kNoLevel;
      for (const char* way :
           {"replies/*", "slackdump_thread_replies/*", "message", "previous_message"}) {
        if (inner == kNoLevel) inner = level_at(path, way, level);
      }
      if (inner == kNoLevel || !path[inner].object) return level;
      const JsonFields& fields = file.fields(inner, kMessage);
      if (fields.closed && !fields.has("ts")) return level;  // no message; else perhaps cut off
      level = inner;
    }
    return level;
  }

  std::string conversation(JsonExport& file) {
    const std::string_view folder = folder_name(file.path());
    if (!up_.empty()) {
      return is_conversation_id(folder) ? first_of({channel(file, folder), folder})
                                        : std::string(folder);
    }
    const JsonFields& dump = file.fields(0, kDump);
    std::string_view name = file_name(file.path());
    name = name.substr(0, name.find_first_of(".-"));
    if (!is_conversation_id(name)) name = {};
    return first_of({dump["name"], channel(file, first_of({dump["channel_id"], name})),
                     dump["channel_id"], name});
  }

  // channels.json and its like: who made a channel, or wrote its topic.
  Record channel_at(JsonExport& file, JsonPath path) {
    const size_t level = level_at(path, "*");
    if (level == kNoLevel || !path[level].object) return {};
    const JsonFields& channel = file.fields(level, kChannel);
    Record record = record_of("slack");
    record.container = first_of({channel["name"], channel["id"]});
    record.id = channel["id"];
    std::string_view creator = channel["creator"], time = channel["created"];
    if (level_at(path, "topic", level) != kNoLevel) {
      creator = channel["topic/creator"], time = channel["topic/last_set"];
    } else if (level_at(path, "purpose", level) != kNoLevel) {
      creator = channel["purpose/creator"], time = channel["purpose/last_set"];
    }
    record.author = first_of({user(file, creator), creator});
    record.time = epoch_time(time, EpochUnit::seconds);
    return record;
  }

  std::string_view user(JsonExport& file, std::string_view id) {
    if (id.empty()) return "";
    if (!users_) {
      users_.emplace();
      std::optional<std::string> text = file.beside(up_ + "users.json");
      if (!text) text = file.beside(up_ + "org_users.json");
      read(file, text, kUser, [&](const JsonFields& user) {
        return users_->add(user["id"],
                           first_of({user["name"], user["profile/display_name"], user["real_name"],
                                     user["profile/real_name"], user["profile/email"]}));
      });
    }
    return (*users_)[id];
  }

  std::string_view channel(JsonExport& file, std::string_view id) {
    if (id.empty()) return "";
    if (!channels_) {
      channels_.emplace();
      for (const std::string_view list : kLists) {
        read(file, file.beside(up_ + std::string(list)), kChannel, [&](const JsonFields& channel) {
          return channels_->add(channel["id"], channel["name"]);
        });
      }
    }
    return (*channels_)[id];
  }

  static void read(JsonExport& file, const std::optional<std::string>& text, JsonPaths paths,
                   const std::function<bool(const JsonFields&)>& take) {
    if (!text) return;
    const size_t begin = std::min(text->find_first_of("[{"), text->size());
    if (!read_elements(ViewReader(*text), begin, paths, take)) {
      file.note_problem("not all names beside it could be read");
    }
  }

  std::string up_;
  bool list_;
  std::optional<JsonNames> users_, channels_;
};

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  Slack slack(in);
  return each_record(in, offsets,
                     [&](JsonExport& file, JsonPath path) { return slack.record_at(file, path); });
}

}  // namespace

RecordFormat slack_format() { return {"slack", recognises, find}; }

}  // namespace assay
