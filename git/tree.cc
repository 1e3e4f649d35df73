// Takes apart the objects that name others.
//
//   tree 4b825dc6…                              100644 README\0 and 20 bytes
//   parent 9f3c…   (none, or many)               40000 src\0 and 20 bytes
//   author Dana <dana@x> 1762070400 +0100
//   committer …
//   gpgsig -----BEGIN…    ← any other headers; a line that begins with a blank goes on with the
//    iQIzBA…                one before it
//
//   Subject               ← the message
//
// Nothing here trusts its bytes: each line is looked at once, and a number that does not fit is 0.
#include "git/tree.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "git/tree_diff.h"

namespace assay {
namespace {

constexpr size_t kMostModeDigits = 8;

// Cuts the next line off `rest`, without its end.
std::string_view take_line(std::string_view& rest) {
  const size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

// Moves past `word` if `line` begins with it.
bool skip(std::string_view& line, std::string_view word) {
  if (!line.starts_with(word)) return false;
  line.remove_prefix(word.size());
  return true;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

std::string_view take_word(std::string_view& rest) {
  rest = trim(rest);
  const std::string_view word = rest.substr(0, rest.find_first_of(" \t"));
  rest.remove_prefix(word.size());
  return word;
}

int64_t parse_seconds(std::string_view word) {
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), seconds);
  const bool whole = error == std::errc() && end == word.data() + word.size();
  return whole && seconds > 0 ? seconds : 0;
}

int parse_zone(std::string_view word) {
  if (word.size() != 5 || (word[0] != '+' && word[0] != '-')) return 0;
  int value = 0;
  for (const char c : word.substr(1)) {
    if (c < '0' || c > '9') return 0;
    value = value * 10 + (c - '0');
  }
  const int minutes = value / 100 * 60 + value % 100;
  return word[0] == '-' ? -minutes : minutes;
}

// As git, the address ends at the first `>` behind it, and the time begins behind the last one.
Signature parse_signature(std::string_view line) {
  Signature signature;
  const size_t open = line.find('<');
  signature.name = trim(line.substr(0, open));
  if (open == std::string_view::npos) return signature;
  const size_t close = line.find('>', open);
  if (close == std::string_view::npos) return signature;
  signature.email = trim(line.substr(open + 1, close - open - 1));
  std::string_view rest = line.substr(line.rfind('>') + 1);
  signature.time = parse_seconds(take_word(rest));
  signature.zone_minutes = parse_zone(take_word(rest));
  return signature;
}

}  // namespace

std::optional<TreeEntry> next_entry(std::string_view& rest) {
  TreeEntry entry;
  size_t at = 0;
  for (; at < rest.size() && rest[at] >= '0' && rest[at] <= '7'; ++at) {
    if (at == kMostModeDigits) return std::nullopt;
    entry.mode = entry.mode << 3 | static_cast<uint32_t>(rest[at] - '0');
  }
  if (at == 0 || at == rest.size() || rest[at] != ' ') return std::nullopt;
  const size_t name = at + 1;
  const size_t end = rest.find('\0', name);
  if (end == std::string_view::npos || end == name || rest.size() - end - 1 < Oid::kSize) {
    return std::nullopt;
  }
  entry.name = rest.substr(name, end - name);
  entry.oid = Oid::from_bytes(rest.data() + end + 1);
  rest.remove_prefix(end + 1 + Oid::kSize);
  return entry;
}

std::optional<CommitText> parse_commit(std::string_view text) {
  CommitText commit;
  std::string_view line = take_line(text);
  if (!skip(line, "tree ")) return std::nullopt;
  const auto tree = Oid::from_hex(line);
  if (!tree) return std::nullopt;
  commit.tree = *tree;

  line = take_line(text);
  while (skip(line, "parent ")) {
    if (const auto parent = Oid::from_hex(line)) commit.parents.push_back(*parent);
    line = take_line(text);
  }
  bool has_author = false, has_committer = false;
  for (; !line.empty(); line = take_line(text)) {
    if (!has_author && skip(line, "author ")) {
      commit.author = parse_signature(line);
      has_author = true;
    } else if (!has_committer && skip(line, "committer ")) {
      commit.committer = parse_signature(line);
      has_committer = true;
    }
  }
  commit.message = text;
  return commit;
}

std::optional<TagTarget> parse_tag(std::string_view text) {
  std::string_view line = take_line(text);
  if (!skip(line, "object ")) return std::nullopt;
  const auto oid = Oid::from_hex(line);
  line = take_line(text);
  if (!oid || !skip(line, "type ")) return std::nullopt;
  for (const ObjectType type :
       {ObjectType::commit, ObjectType::tree, ObjectType::blob, ObjectType::tag}) {
    if (line == to_string(type)) return TagTarget{*oid, type};
  }
  return std::nullopt;
}

std::string utc_time(int64_t seconds) {
  using namespace std::chrono;
  constexpr int64_t kYear10000 = 253'402'300'800;
  if (seconds < 0 || seconds >= kYear10000) return {};
  const sys_seconds time{std::chrono::seconds(seconds)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

void diff_trees(ObjectStore::Reader& reader, const Oid& before, const Oid& after,
                const std::function<bool(const TreeChange&)>& change,
                const std::function<void(const Oid&, const std::string& reason)>& missing) {
  TreeDiff diff([&](const Oid& oid, std::string& reason) {
    return reader.read(oid, ObjectType::tree, reason);
  });
  diff.run(
      before, after,
      [&](std::string_view path, const TreeEntry* old, const TreeEntry* now) {
        TreeChange told{path, {}, {}, 0, 0};
        if (old != nullptr && !old->is_tree()) told.before = old->oid, told.before_mode = old->mode;
        if (now != nullptr && !now->is_tree()) told.after = now->oid, told.after_mode = now->mode;
        const bool folder = (old != nullptr ? old : now)->is_tree();
        return folder || change(told) ? TreeDiff::Answer::enter : TreeDiff::Answer::stop;
      },
      missing);
}

}  // namespace assay
