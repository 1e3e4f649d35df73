// Chats as HTML, in which a message is what follows the last mark before the offset.
//
// DiscordChatExporter (discord): the author stands in a group's first message only.
//   <div class=chatlog__message-group>
//     <div id=chatlog__message-container-1434… class="chatlog__message-container"
//     data-message-id=1434…>
//       <span class=chatlog__author title=dana data-user-id=1001>Dana</span> … <span …>KEY
// The time comes from the id: the one that is shown has no zone.
//
// Transcripts of Purview eDiscovery (teams): one page for each day and conversation, times in UTC.
// Best effort: their marks are not documented, so the last time in the text before the offset is
// taken, and what stands right before it as the name.
//   <div>Dana Ibo</div><div>2025-11-02 08:00:00 UTC</div><div>KEY
#include <algorithm>
#include <optional>
#include <string>

#include "scanner/records/discord_name.h"
#include "scanner/records/export_text.h"
#include "scanner/records/text_formats.h"
#include "scanner/records/time_text.h"
#include "scanner/records/xml_text.h"

namespace assay {
namespace {

constexpr size_t kMostBack = size_t{1} << 20;  // to the marks of a message
constexpr size_t kTranscriptBack = size_t{64} << 10;
constexpr uint64_t kDiscordEpoch = 1420070400000;  // ms

// The value behind `name=`, with quotes or without.
std::string_view attribute_behind(std::string_view html, size_t at) {
  std::string_view text = html.substr(at, 512);
  const char quote = text.starts_with('"') || text.starts_with('\'') ? text[0] : '\0';
  if (quote == '\0') return text.substr(0, text.find_first_of(" >\t\r\n"));
  text.remove_prefix(1);
  return text.substr(0, text.find(quote));
}

// The author's login, else the name that is shown, of a group that `html` begins with.
std::string author_in(std::string_view html) {
  constexpr std::string_view kClass = "chatlog__author";
  for (size_t at = html.find(kClass); at != std::string_view::npos;
       at = html.find(kClass, at + 1)) {
    const size_t behind = at + kClass.size();
    if (behind >= html.size() ||
        std::string_view("\" >'").find(html[behind]) == std::string::npos) {
      continue;  // chatlog__author-tag
    }
    const size_t close = html.find('>', behind);
    if (close == std::string_view::npos) return {};
    const std::string_view tag = html.substr(behind, close - behind);
    if (const size_t title = tag.find("title="); title != std::string_view::npos) {
      const std::string login = plain_text(attribute_behind(tag, title + 6), 256);
      if (!login.empty()) return login;
    }
    const std::string_view inner = html.substr(close + 1, 512);
    return std::string(without_spaces(plain_text(inner.substr(0, inner.find("</")), 256)));
  }
  return {};
}

// Looks for the last of something before ascending offsets, at each byte once. What is further
// than `most` before an offset and was not passed on the way is not seen.
class LastBefore {
 public:
  LastBefore(const Export& in, size_t most) : in_(in), most_(most) {}

  // The bytes to look through now; `overlap` of them were looked through before. `begin` is where
  // they stand, `gap` whether something was left out.
  std::string next(uint64_t offset, size_t overlap, uint64_t& begin, bool& gap) {
    const uint64_t least = offset - std::min<uint64_t>(offset, most_);
    gap = least > looked_to_;
    begin = std::max(least, looked_to_ - std::min<uint64_t>(looked_to_, overlap));
    looked_to_ = std::max(looked_to_, offset);
    return stretch(in_, begin, static_cast<size_t>(offset - std::min(offset, begin)));
  }

 private:
  const Export& in_;
  size_t most_;
  uint64_t looked_to_ = 0;
};

// Where the last `mark` before ascending offsets begins.
class LastMark {
 public:
  LastMark(const Export& in, std::string_view mark) : bytes_(in, kMostBack), mark_(mark) {}
  std::optional<uint64_t> before(uint64_t offset) {
    uint64_t begin = 0;
    bool gap = false;
    const std::string html = bytes_.next(offset, mark_.size() - 1, begin, gap);
    if (gap) at_.reset();
    if (const size_t at = html.rfind(mark_); at != std::string::npos) at_ = begin + at;
    return at_;
  }

 private:
  LastBefore bytes_;
  std::string_view mark_;
  std::optional<uint64_t> at_;
};

constexpr std::string_view kContainer = "chatlog__message-container-";
constexpr std::string_view kGroup = "chatlog__message-group";

// `html` begins behind the mark of a message.
Record discord_record(const Export& in, std::string_view html) {
  Record record;
  const std::string_view id = html.substr(0, html.find_first_not_of("0123456789"));
  const std::optional<uint64_t> number = decimal(id);
  if (!number) return record;
  record.system = "discord";
  record.container = read_discord_name(in.path).channel;
  record.id = id;
  record.time = epoch_time(static_cast<int64_t>(((*number >> 22) + kDiscordEpoch) / 1000));
  return record;
}

// --- Transcripts --------------------------------------------------------------------------------

// The last time in `text`, and where it begins: `2025-11-02T08:00:00Z` or `2025-11-02 08:00:00
// UTC`.
std::optional<std::pair<std::string, size_t>> last_time(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd?dd:dd:dd";
  const auto fits = [&](size_t at) {
    for (size_t i = 0; i < kShape.size(); ++i) {
      const char c = text[at + i];
      const bool ok = kShape[i] == 'd'   ? c >= '0' && c <= '9'
                      : kShape[i] == '?' ? c == ' ' || c == 'T'
                                         : c == kShape[i];
      if (!ok) return false;
    }
    return true;
  };
  for (size_t at = text.size() < kShape.size() ? 0 : text.size() - kShape.size() + 1; at-- > 0;) {
    if (!fits(at)) continue;
    const std::string_view rest = text.substr(at, 40);
    for (const std::string_view zone : {"Z", " UTC", " Z"}) {
      const size_t end = rest.find(zone, kShape.size());
      if (end == std::string_view::npos) continue;
      std::string time = utc_time(rest.substr(0, end + zone.size()));
      if (!time.empty()) return std::pair(std::move(time), at);
    }
  }
  return std::nullopt;
}

// The text between the last two tags before `at` that has letters and is short, as names are.
std::string name_before(std::string_view html, size_t at) {
  std::string_view rest = html.substr(0, at);
  for (int pieces = 0; pieces < 8 && !rest.empty(); ++pieces) {
    const size_t close = rest.rfind('>');
    const std::string piece = plain_text(rest.substr(close + 1), 256);  // npos + 1 is 0
    const std::string_view name = without_spaces(piece);
    if (name.size() > 1 && name.size() <= 100) return std::string(name);
    if (!name.empty() || close == std::string_view::npos) return {};
    const size_t open = rest.rfind('<', close);
    if (open == std::string_view::npos) return {};
    rest = rest.substr(0, open);
  }
  return {};
}

}  // namespace

bool is_discord_html(const Export& in) {
  const std::string opening = lower_case(xml_opening(in.head));
  return opening.find("<html") != std::string::npos &&
         in.head.find("chatlog") != std::string_view::npos &&
         (in.head.find("DiscordChatExporter") != std::string_view::npos ||
          in.head.find("chatlog__message-group") != std::string_view::npos ||
          in.head.find(".chatlog__") != std::string_view::npos);
}

FoundRecords find_in_discord_html(const Export& in, Offsets offsets) {
  FoundRecords found;
  LastMark messages(in, kContainer), groups(in, kGroup);
  std::optional<uint64_t> last, last_group;
  Record record;
  std::string author;
  for (const uint64_t offset : offsets) {
    const std::optional<uint64_t> message = messages.before(offset);
    if (message && message != last) {
      record = discord_record(in, stretch(in, *message + kContainer.size(), 64));
      const std::optional<uint64_t> group = groups.before(*message);
      if (!group) author.clear();
      if (group && group != last_group) author = author_in(stretch(in, *group, 16384));
      last_group = group;
      if (!record.system.empty()) record.author = author;
    }
    last = message;
    found.records.push_back(message ? record : Record());
  }
  return found;
}

bool is_teams_html(const Export& in) {
  const std::string opening = lower_case(xml_opening(in.head));
  if (opening.find("<html") == std::string::npos) return false;
  const std::string path = lower_case(in.path);
  const bool named = path.find("teams") != std::string::npos ||
                     path.find("conversation") != std::string::npos ||
                     path.find("transcript") != std::string::npos;
  return named &&
         (in.head.find("@thread.") != std::string_view::npos ||
          in.head.find("@unq.gbl.spaces") != std::string_view::npos ||
          in.head.find("Microsoft Teams") != std::string_view::npos) &&
         last_time(in.head.substr(0, 16384)).has_value();
}

FoundRecords find_in_teams_html(const Export& in, Offsets offsets) {
  FoundRecords found;
  LastBefore bytes(in, kTranscriptBack);
  Record last;
  for (const uint64_t offset : offsets) {
    uint64_t begin = 0;
    bool gap = false;
    const std::string html = bytes.next(offset, 32, begin, gap);
    if (gap) last = {};
    if (const auto time = last_time(html)) {
      last.system = "teams";
      last.container = file_stem(in.path);
      last.time = time->first;
      const uint64_t at = begin + time->second;
      const uint64_t from = at - std::min<uint64_t>(at, 4096);
      const std::string before = stretch(in, from, static_cast<size_t>(at - from));
      last.author = name_before(before, before.size());
    }
    found.records.push_back(last);
  }
  return found;
}

}  // namespace assay
