// A walk is a lexer with a stack. Each level remembers the member or element at hand, so that at
// any byte the stack is the way to it:
//
//   {"issues":[{"key":"PAY-1","fields":{"comment":{"comments":[{"body":"here"
//   level 0: key "issues"   level 1: index 0   level 2: key "fields"   level 3: key "comment"  …
//
// Nothing is parsed into a tree: what a record needs are ten short fields of an object that may
// have megabytes, so the object is walked once and each value whose way is wanted is copied out.
#include "scanner/records/json_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "scanner/records/export_text.h"

namespace assay {
namespace {

constexpr size_t kMostRead = size_t{256} << 10;

bool is_space(int c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// What ends a quick run through a string, and through a number or word.
constexpr std::array<bool, 256> bytes_of(std::string_view set) {
  std::array<bool, 256> is{};
  for (const char c : set) is[static_cast<unsigned char>(c)] = true;
  return is;
}
constexpr std::string_view kStops = "\"\\\n";
constexpr std::array<bool, 256> kStringStops = bytes_of(kStops);
constexpr std::array<bool, 256> kScalarStops = bytes_of(" \t\r\n,:{}[]\"/");

// How much of a string's rest holds nothing that ends a run; perhaps less, but not nothing. Short
// runs byte by byte; long ones are bodies and images of megabytes, which memchr passes at 20 times
// the speed, in pieces, so that it never looks far ahead for nothing.
size_t before_stop(std::string_view text) {
  constexpr size_t kShort = 32, kPiece = 512;
  size_t at = 0;
  for (const size_t end = std::min(kShort, text.size()); at < end; ++at) {
    if (kStringStops[static_cast<unsigned char>(text[at])]) return at;
  }
  text = text.substr(0, at + kPiece);
  for (const char stop : kStops) text = text.substr(0, text.find(stop, at));
  return text.size();
}

// The four hexadecimal digits at `at`, or -1.
int32_t hex4(std::string_view text, size_t at) {
  if (at > text.size() || text.size() - at < 4) return -1;
  int32_t value = 0;
  for (const char c : text.substr(at, 4)) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    value = value << 4 | digit;
  }
  return value;
}

}  // namespace

std::string json_unescape(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '\\' || at + 1 == raw.size()) {
      out += raw[at];
      continue;
    }
    const char kind = raw[++at];
    constexpr std::string_view kShort = "bfnrt", kMeant = "\b\f\n\r\t";
    if (const size_t which = kShort.find(kind); which != std::string_view::npos) {
      out += kMeant[which];
      continue;
    }
    const int32_t unit = kind == 'u' ? hex4(raw, at + 1) : -1;
    if (unit < 0) {
      out += kind;
      continue;
    }
    at += 4;
    char32_t code = static_cast<char32_t>(unit);
    if (code >= 0xD800 && code < 0xE000) {
      const bool pair = code < 0xDC00 && raw.substr(at + 1, 2) == "\\u";
      const int32_t low = pair ? hex4(raw, at + 3) : -1;
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + static_cast<char32_t>(low - 0xDC00);
        at += 6;
      } else {
        code = 0xFFFD;
      }
    }
    append_utf8(out, code);
  }
  return out;
}

JsonWalk::JsonWalk(const Reader& bytes, uint64_t begin) : bytes_(bytes), base_(begin) {
  if (begin != 0) {
    line_start_ = false;
    return;
  }
  if (fill() && std::string_view(buffer_.data(), used_).starts_with("\xEF\xBB\xBF")) at_ = 3;
}

// False at the end.
bool JsonWalk::fill() {
  if (failed_) return false;
  base_ += used_;
  at_ = used_ = 0;
  buffer_.resize(most_);
  const std::optional<size_t> count = bytes_.read_at(base_, {buffer_.data(), buffer_.size()});
  failed_ = !count;
  used_ = std::min(count.value_or(0), buffer_.size());
  // Records are small and many, exports large: begin small, so that a record's fields cost little.
  most_ = std::min(most_ * 2, kMostRead);
  return used_ > 0;
}

void JsonWalk::malformed() { malformed_at_ = std::min(malformed_at_, position()); }

// True if something other than space and comments follows.
bool JsonWalk::skip_space() {
  for (int c = peek(); c >= 0; c = peek()) {
    if (is_space(c)) {
      line_start_ = c == '\n';
      ++at_;
    } else if (c == '/') {
      skip_comment();
    } else {
      return true;
    }
  }
  return false;
}

// Behind a `/`: the rest of the line, or to the star and slash. A single `/` is skipped.
void JsonWalk::skip_comment() {
  line_start_ = false;
  ++at_;
  const int kind = peek();
  if (kind == '/') {
    while (peek() >= 0 && peek() != '\n') ++at_;
  } else if (kind == '*') {
    ++at_;
    for (int before = 0, c = peek(); c >= 0; before = c, ++at_, c = peek()) {
      if (before == '*' && c == '/') {
        ++at_;
        return;
      }
    }
  } else {
    malformed();
  }
}

JsonWalk::Token JsonWalk::next() {
  cut_ = false;
  while (skip_space()) {
    token_begin_ = position();
    const char c = buffer_[at_];
    const bool line_start = std::exchange(line_start_, false);
    const bool inside = depth_ > 0 && deeper_ == 0;
    switch (c) {
      case '{':
      case '[':
        if (c == '{' && line_start && inside) {
          const State& top = states_[depth_ - 1];
          if (levels_[depth_ - 1].object ? !top.colon : top.full) {
            malformed();
            depth_ = 0;
          }
        }
        return open(c == '{');
      case '}':
      case ']':
        ++at_;
        return close(c == '}');
      case '"':
        return string();
      case ',':
        ++at_;
        if (!inside) break;
        if (!levels_[depth_ - 1].object) ++levels_[depth_ - 1].index;
        states_[depth_ - 1] = {};
        break;
      case ':':
        ++at_;
        if (inside) states_[depth_ - 1].colon = true;
        break;
      default:
        return scalar();
    }
  }
  token_begin_ = position();
  return Token::end;
}

void JsonWalk::value_stands() {
  if (depth_ > 0 && deeper_ == 0) states_[depth_ - 1] = {false, true};
}

JsonWalk::Token JsonWalk::open(bool object) {
  ++at_;
  value_stands();
  if (depth_ == kMostJsonDepth) {
    ++deeper_;
    return Token::open;
  }
  if (depth_ == levels_.size()) {
    levels_.emplace_back();
    states_.emplace_back();
  }
  JsonLevel& level = levels_[depth_];
  level.begin = token_begin_;
  level.object = object;
  level.key.clear();
  level.index = 0;
  states_[depth_++] = {};
  return Token::open;
}

// A bracket of the wrong kind closes the nearest level of its kind, or nothing.
JsonWalk::Token JsonWalk::close(bool object) {
  if (deeper_ > 0) {
    --deeper_;
    return Token::close;
  }
  size_t at = depth_;
  while (at > 0 && levels_[at - 1].object != object) --at;
  if (at != depth_ || at == 0) malformed();
  if (at > 0) depth_ = at - 1;
  return Token::close;
}

JsonWalk::Token JsonWalk::string() {
  const bool inside = depth_ > 0 && deeper_ == 0;
  const bool key = inside && levels_[depth_ - 1].object && !states_[depth_ - 1].colon;
  raw_key_.clear();
  ++at_;
  cut_ = true;
  while (peek() >= 0) {
    const size_t begin = at_;
    at_ += before_stop(std::string_view(buffer_).substr(at_, used_ - at_));
    if (key && raw_key_.size() < kMostJsonKey) raw_key_.append(buffer_, begin, at_ - begin);
    if (at_ == used_) continue;
    const char c = buffer_[at_];
    if (!kStringStops[static_cast<unsigned char>(c)]) continue;
    if (c == '\n') {  // no JSON: the quote is lost; what follows is likelier right without it
      malformed();
      break;
    }
    ++at_;
    if (c == '"') {
      cut_ = false;
      break;
    }
    if (key) raw_key_ += '\\';
    if (peek() < 0) break;
    if (key) raw_key_ += buffer_[at_];
    ++at_;
  }
  if (!key) {
    value_stands();
    return Token::string;
  }
  JsonLevel& level = levels_[depth_ - 1];
  if (raw_key_.find('\\') == std::string::npos) {
    level.key = raw_key_;
  } else {
    level.key = json_unescape(raw_key_);
  }
  if (level.key.size() > kMostJsonKey) level.key.resize(kMostJsonKey);
  return Token::key;
}

JsonWalk::Token JsonWalk::scalar() {
  while (peek() >= 0 && !kScalarStops[static_cast<unsigned char>(buffer_[at_])]) ++at_;
  cut_ = peek() < 0;
  value_stands();
  return Token::scalar;
}

bool JsonWalk::text(std::string& out) const {
  out.clear();
  if (cut_) return false;
  uint64_t begin = token_begin_, end = position();
  std::string again;
  const auto slice = [&](uint64_t count) -> std::string_view {
    if (begin >= base_) return std::string_view(buffer_).substr(begin - base_, count);
    again.resize(count);
    const std::optional<size_t> got = bytes_.read_at(begin, {again.data(), again.size()});
    return std::string_view(again).substr(0, std::min<size_t>(got.value_or(0), count));
  };
  std::string_view raw = slice(std::min<uint64_t>(end - begin, kMostJsonField));
  if (!raw.starts_with('"')) {
    out = raw;
    return true;
  }
  raw.remove_prefix(1);
  if (end - begin <= kMostJsonField && raw.ends_with('"')) raw.remove_suffix(1);
  out = json_unescape(raw);
  return true;
}

}  // namespace assay
