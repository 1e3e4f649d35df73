// Shapes are read once for each format that asks, of at most 4 MiB, and only of blobs with
// findings.
#include "scanner/records/json_export.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay {
namespace {

constexpr size_t kMostEntries = 512;
constexpr size_t kDeepest = 4;
constexpr size_t kMostName = 200;

}  // namespace

bool looks_like_json(const Export& in) {
  std::string_view head = in.head;
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const size_t first = head.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || in.bytes == nullptr) return false;
  const std::string_view comment = head.substr(first, 2);
  return head[first] == '{' || head[first] == '[' || comment == "//" || comment == "/*";
}

JsonShape::JsonShape(const Export& in) {
  if (!looks_like_json(in)) return;
  JsonWalk walk(*in.bytes);
  std::string path;
  while (walk.position() < kMostShape) {
    const JsonWalk::Token token = walk.next();
    if (token == JsonWalk::Token::end) return;
    if (token == JsonWalk::Token::key) continue;
    JsonPath levels = walk.levels();
    if (token == JsonWalk::Token::close) {
      if (!levels.empty()) continue;
      lines_ = walk.next() == JsonWalk::Token::open;
      return;
    }
    const bool opens = token == JsonWalk::Token::open;
    if (opens && levels.size() == 1) {
      if (root_ != 0) return;  // a broken root
      root_ = levels[0].object ? '{' : '[';
      continue;
    }
    if (opens) levels = levels.first(levels.size() - 1);
    if (levels.empty()) continue;  // a word between roots
    if (!levels[0].object && levels[0].index > 0) return;
    if (levels.size() > kDeepest || entries_.size() == kMostEntries) continue;
    const bool later = std::any_of(levels.begin(), levels.end(), [](const JsonLevel& level) {
      return !level.object && level.index > 0;
    });
    if (later) continue;
    path.clear();
    for (const JsonLevel& level : levels) {
      if (!path.empty()) path += '/';
      path += level.object ? level.key : "0";
    }
    Entry entry{opens ? (walk.levels().back().object ? '{' : '[') : '0', ""};
    if (!opens) {
      if (!walk.text(entry.text)) continue;
      if (token == JsonWalk::Token::string) entry.kind = '"';
      if (token == JsonWalk::Token::scalar && entry.text == "null") entry.kind = 'n';
      if (entry.text.size() > kMostName) entry.text.resize(kMostName);
    }
    entries_.try_emplace(path, std::move(entry));
  }
}

char JsonShape::kind(std::string_view path) const {
  const auto found = entries_.find(path);
  return found == entries_.end() ? '\0' : found->second.kind;
}

bool JsonShape::has_all(std::initializer_list<std::string_view> paths) const {
  return std::all_of(paths.begin(), paths.end(), [&](std::string_view path) { return has(path); });
}

std::string_view JsonShape::text(std::string_view path) const {
  const auto found = entries_.find(path);
  return found == entries_.end() ? std::string_view() : found->second.text;
}

std::string_view folder_name(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return "";
  std::string_view folder = file_name(path.substr(0, slash));
  if (folder.ends_with('!')) return "";  // an archive's root
  return folder;
}

size_t level_at(JsonPath path, std::string_view way, size_t from) {
  size_t level = from;
  while (!way.empty()) {
    if (level + 1 >= path.size()) return kNoLevel;
    const size_t slash = std::min(way.find('/'), way.size());
    const std::string_view part = way.substr(0, slash);
    if (path[level].object ? path[level].key != part && part != "?" : part != "*") return kNoLevel;
    way.remove_prefix(std::min(slash + 1, way.size()));
    ++level;
  }
  return level < path.size() ? level : kNoLevel;
}

JsonPath JsonExport::go_to(uint64_t offset) {
  while (walk_.position() <= offset) {
    if (walk_.next() == JsonWalk::Token::end) break;
  }
  if (walk_.failed())
    note_problem(fmt::format("it could not be read at byte {}", walk_.position()));
  if (walk_.malformed_at() <= offset) {
    note_problem(fmt::format("the JSON is malformed at byte {}", walk_.malformed_at()));
  }
  if (walk_.too_deep() > 0) {
    note_problem(fmt::format("the JSON is nested deeper than {} levels", kMostJsonDepth));
  }
  return walk_.levels();
}

const JsonFields& JsonExport::fields(size_t level, JsonPaths paths) {
  const JsonPath way = walk_.levels();
  static const JsonFields none;
  if (level >= way.size()) return none;
  Kept& kept = kept_[{paths.data(), level}];
  if (kept.begin != way[level].begin) {
    kept.begin = way[level].begin;
    kept.fields = read_fields(*in_.bytes, kept.begin, paths);
  }
  note(kept.fields);
  return kept.fields;
}

std::optional<std::string> JsonExport::beside(std::string_view path) const {
  return in_.beside ? in_.beside(path) : std::nullopt;
}

void JsonExport::note(const JsonFields& fields) {
  if (fields.failed) {
    note_problem(fmt::format("it could not be read at byte {}", fields.stopped));
  } else if (fields.malformed_at != ~uint64_t{0}) {
    note_problem(fmt::format("the JSON is malformed at byte {}", fields.malformed_at));
  } else if (!fields.closed) {
    note_problem(fmt::format("the JSON is cut off at byte {}", fields.stopped));
  }
}

void JsonExport::note_problem(std::string text) {
  if (problem_.empty()) problem_ = std::move(text);
}

bool JsonNames::add(std::string_view id, std::string_view name) {
  if (id.empty() || name.empty()) return true;
  if (names_.size() >= kMost) return false;
  names_.try_emplace(std::string(id.substr(0, kMostName)), name.substr(0, kMostName));
  return true;
}

std::string_view JsonNames::operator[](std::string_view id) const {
  const auto found = names_.find(id);
  return found == names_.end() ? std::string_view() : found->second;
}

Record record_of(std::string_view system) {
  Record record;
  record.system = system;
  return record;
}

std::string first_of(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    if (!text.empty()) return std::string(text);
  }
  return "";
}

std::string_view url_host(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos || scheme > 8) return "";
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#\\"));
  url.remove_prefix(std::min(url.rfind('@') + 1, url.size()));
  return url.substr(0, url.find(':'));
}

std::string_view last_part(std::string_view path) { return file_name(path); }

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace assay
