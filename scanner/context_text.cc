// Makes the text beside a key plain.
//
//   "msg":"GET https:\/\/a.azurewebsites.net\/api\/F?x=1\u0026code=     (before the key)
//   "msg":"GET https://a.azurewebsites.net/api/F?x=1&code=             plain
//
//   [{"url":"U1","h":[{"v":1}]},{"url":"U2","h":[{"v":2},{"v":"        (before the key)
//   [·,{"url":"U2","h":[·,{"v":"                                       open; · = kClosedGroup
//
// Escapes only shrink the text, so a buffer as long as the window is enough. Only escapes of
// characters that structure a URL or a record are undone: an encoded space stays encoded, since a
// plain one would end the URL.
#include "scanner/context_text.h"

#include <algorithm>
#include <cstring>

namespace assay {

namespace {

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The value of `count` hexadecimal digits at the start of `text`, or -1.
int hex_value(std::string_view text, size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (size_t i = 0; i < count; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

constexpr bool is_printable(int c) { return c >= 0x20 && c <= 0x7e; }

// One piece of input and what it stands for. `size` 0: no escape here.
struct Unescaped {
  size_t size = 0;
  char to = 0;  // 0: nothing
  uint8_t depth = 0;
};

// `%3A`, `%253A`, `%25253A` …
Unescaped percent(std::string_view text) {
  size_t at = 1;
  uint8_t depth = 1;
  while (text.substr(at, 2) == "25") {
    at += 2;
    if (depth < 255) ++depth;
  }
  const int value = hex_value(text.substr(at), 2);
  if (value <= 0 || std::strchr(":/?&=#-_.<>", value) == nullptr) return {};
  return {at + 2, static_cast<char>(value), depth};
}

// `\/`, `\"`, `\\\"`, `\u0026`, `\x22`, `\n`, and a backslash that joins two lines.
Unescaped backslash(std::string_view text) {
  const size_t at = std::min(text.find_first_not_of('\\'), text.size());
  if (at == text.size()) return {};
  const char c = text[at];
  if (c == '/' || is_quote(c)) return {at + 1, c, 0};
  if (c == 'n') return {at + 1, '\n', 0};
  if (c == 't') return {at + 1, '\t', 0};
  if (c == 'r') return {at + 1, 0, 0};
  if (c == 'u' || c == 'x') {
    const size_t digits = c == 'u' ? 4 : 2;
    const int value = hex_value(text.substr(at + 1), digits);
    return is_printable(value) ? Unescaped{at + 1 + digits, static_cast<char>(value), 0}
                               : Unescaped{};
  }
  const size_t line_break = at + (c == '\r' ? 1 : 0);
  if (line_break < text.size() && text[line_break] == '\n') return {line_break + 1, ' ', 0};
  return {};
}

// `&amp;`, `&amp;amp;`, `&lt;`, `&#61;`, `&#x3D;`, also escaped more than once.
Unescaped entity(std::string_view text) {
  size_t at = 1;
  while (text.substr(at, 4) == "amp;") at += 4;
  const Unescaped ampersand = {at, '&', 0};
  struct Named {
    std::string_view name;
    char to;
  };
  static constexpr Named kNamed[] = {{"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}};
  for (const Named& named : kNamed) {
    if (text.substr(at, named.name.size()) == named.name) {
      return {at + named.name.size(), named.to, 0};
    }
  }
  if (text.substr(at, 1) != "#") return at > 1 ? ampersand : Unescaped{};
  const bool is_hex = lower(text.substr(at + 1, 1) == "" ? '\0' : text[at + 1]) == 'x';
  size_t digit = at + (is_hex ? 2 : 1);
  int value = 0;
  for (const size_t stop = digit + 6; digit < text.size() && digit < stop; ++digit) {
    const int d = hex_digit(text[digit]);
    if (d < 0 || (!is_hex && d > 9)) break;
    value = value * (is_hex ? 16 : 10) + d;
  }
  if (digit >= text.size() || text[digit] != ';' || !is_printable(value)) {
    return at > 1 ? ampersand : Unescaped{};
  }
  return {digit + 1, static_cast<char>(value), 0};
}

// How far `at` is from the start of its line; no more than `most`.
size_t column_of(std::string_view text, size_t at, size_t most) {
  const size_t from = at - std::min(at, most);
  return last_line(text.substr(from, at - from)).size();
}

// `=3D`, `=26`, and quoted-printable's soft line break, which ends lines of about 76 characters.
Unescaped quoted_printable(std::string_view text, size_t at) {
  const std::string_view next = text.substr(at + 1, 2);
  if (next == "3D") return {3, '=', 0};
  if (next == "26") return {3, '&', 0};
  if (!next.starts_with('\n') && next != "\r\n") return {};
  const size_t column = column_of(text, at, 77);
  if (column < 66 || column > 76) return {};
  return {next.front() == '\n' ? size_t{2} : size_t{3}, 0, 0};
}

// A colour or another display attribute of a terminal: ESC [ 1 ; 31 m.
Unescaped display_attribute(std::string_view text) {
  if (text.substr(1, 1) != "[") return {};
  const size_t end = text.find_first_not_of("0123456789;", 2);
  constexpr size_t kLongest = 24;
  return end < kLongest && text[end] == 'm' ? Unescaped{end + 1, 0, 0} : Unescaped{};
}

constexpr auto is_special = [](auto c) {
  return (c == '%') | (c == '\\') | (c == '\0') | (c == '\r') | (c == kClosedGroup) | (c == '\x1b');
};
// Whether `a` may begin an escape, `b` being behind it. Queries and padded keys are full of `&` and
// `=` that do not.
constexpr auto begins_escape = [](auto a, auto b) {
  return is_special(a) | ((a == '=') & ((b == '2') | (b == '3') | (b == '\n') | (b == '\r'))) |
         ((a == '&') & ((b == 'a') | (b == 'g') | (b == 'l') | (b == 'q') | (b == '#')));
};

// The place from `from` on of what may begin an escape; the last character's if there is none.
size_t find_escape(std::string_view text, size_t from) {
  for (; from + sizeof(Bytes) < text.size(); from += sizeof(Bytes)) {
    const Bytes here = load_bytes(text.data() + from);
    if (!Halves(is_special(here) | (here == '=') | (here == '&')).any()) continue;
    const Halves found(begins_escape(here, load_bytes(text.data() + from + 1)));
    if (found.any()) return from + found.first();
  }
  return std::min(find_pair(text, from, begins_escape), text.size() - 1);
}
constexpr auto is_bracket = [](auto c) { return opens(c) | closes(c); };

// Undoes the escapes of `text`. The number of characters written.
size_t make_plain(std::string_view text, char* out, uint8_t* depth) {
  size_t size = 0;
  std::memset(depth, 0, text.size());
  for (size_t i = 0; i < text.size();) {
    // Most of a text is plain: copying it in runs halves the time of a whole window.
    const size_t run = find_escape(text, i) - i;
    std::memcpy(out + size, text.data() + i, run);
    size += run;
    i += run;
    const char c = text[i];
    Unescaped found;
    switch (c) {
      case '\x1b':
        found = display_attribute(text.substr(i));
        break;
      case '%':
        found = percent(text.substr(i));
        break;
      case '\\':
        found = backslash(text.substr(i));
        break;
      case '&':
        found = entity(text.substr(i));
        break;
      case '=':
        // A padded key at the end of a line is no soft break.
        if (i == 0 || text[i - 1] != '=') found = quoted_printable(text, i);
        break;
      case '\0':
      case '\r':
        found = {1, 0, 0};
        break;
      case kClosedGroup:
        found = {1, '?', 0};
        break;
      default:
        break;
    }
    if (found.size == 0) found = {1, c, 0};
    // A run of backslashes that escapes nothing is copied whole, so that it is looked at once.
    if (c == '\\' && found.size == 1) {
      while (i < text.size() && text[i] == '\\') out[size++] = '\\', ++i;
      continue;
    }
    if (found.to != 0) {
      out[size] = found.to;
      depth[size++] = found.depth;
    }
    i += found.size;
  }
  return size;
}

// Whether what was written so far ends with `"url":`.
bool ends_with_url_name(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text.ends_with("\"url\":");
}

enum class Side { before, after };

// The size of what was copied, and the place of the outermost bracket of a group around the key:
// npos if there is none.
struct Open {
  size_t size = 0;
  size_t outermost = std::string_view::npos;
};

// Copies `text` without the groups that close in it. On the side before the key a bracket that
// closes nothing ends a group that began before the window, of which all was foreign; on the side
// after the key it ends one that the key is in.
Open keep_open(std::string_view text, Side side, char* out) {
  struct Bracket {
    uint16_t at;
    bool url;
  };
  std::array<Bracket, kContextBefore> groups;
  size_t size = 0, depth = 0, last_close = std::string_view::npos;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t run = find_first(text.substr(i), is_bracket);
    std::memcpy(out + size, text.data() + i, run);
    size += run;
    i += run;
    if (i == text.size()) break;
    const char c = text[i];
    if (opens(c)) {
      groups[depth++] = {static_cast<uint16_t>(size), ends_with_url_name({out, size})};
    } else if (depth > 0) {
      const Bracket group = groups[--depth];
      if (group.url) {
        out[group.at] = out[size++] = ' ';
      } else {
        size = group.at;
        out[size++] = kClosedGroup;
      }
      continue;
    } else if (side == Side::before) {
      size = 0;
      out[size++] = kClosedGroup;
      continue;
    } else {
      last_close = size;
    }
    out[size++] = c;
  }
  const size_t outermost = depth > 0 ? groups[0].at : std::string_view::npos;
  if (side == Side::before) return {size, outermost};
  return {depth > 0 ? outermost : size, last_close};
}

}  // namespace

Surroundings::Surroundings(std::string_view text, size_t from, size_t begin, size_t end,
                           size_t to) {
  before_size_ = make_plain(text.substr(from, begin - from), before_.data(), before_depth_.data());
  after_size_ = make_plain(text.substr(end, to - end), after_.data(), after_depth_.data());
  drop_cut_names(begin - from == kContextBefore, to - end == kContextAfter);
  const Open open_before = keep_open(before(), Side::before, open_before_.data());
  const Open open_after = keep_open(after(), Side::after, open_after_.data());
  open_before_size_ = open_before.size;
  open_after_size_ = open_after.size;
  in_group_ = open_before.outermost != std::string_view::npos;

  const size_t begin_line = std::min(open_before.outermost, open_before_size_);
  record_begin_ = begin_line - last_line(this->open_before().substr(0, begin_line)).size();
  const size_t last = open_after.outermost == std::string_view::npos ? 0 : open_after.outermost;
  record_end_ = std::min(this->open_after().find('\n', last), open_after_size_);
}

// A window that is full may begin or end in the middle of a name, and half a name is a wrong one.
void Surroundings::drop_cut_names(bool cut_before, bool cut_after) {
  if (cut_before) {
    size_t cut = 0;
    while (cut < before_size_ && is_name_char(before_[cut])) before_[cut++] = ' ';
  }
  if (cut_after) {
    while (after_size_ > 0 && is_name_char(after_[after_size_ - 1])) --after_size_;
  }
}

size_t rfind(std::string_view text, char c) {
  const void* at = text.empty() ? nullptr : memrchr(text.data(), c, text.size());
  if (at == nullptr) return std::string_view::npos;
  return static_cast<size_t>(static_cast<const char*>(at) - text.data());
}

size_t rfind(std::string_view text, std::string_view needle, size_t last) {
  if (text.size() < needle.size()) return std::string_view::npos;
  last = std::min(last, text.size() - needle.size());
  size_t at = rfind(text.substr(0, last + 1), needle.front());
  while (at != std::string_view::npos && text.substr(at, needle.size()) != needle) {
    at = rfind(text.substr(0, at), needle.front());
  }
  return at;
}

std::string_view last_line(std::string_view text) {
  return text.substr(rfind(text, '\n') + 1);  // npos + 1 is 0
}
std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

bool equal_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

size_t find_any_case(std::string_view text, std::string_view needle, size_t from) {
  // Setting the bit of lower case lets other characters through, but stops no letter.
  constexpr unsigned char kCase = 0x20;
  const auto first = static_cast<unsigned char>(needle[0] | kCase);
  const auto second = static_cast<unsigned char>(needle[1] | kCase);
  const auto is_start = [first, second](auto a, auto b) {
    return ((a | kCase) == first) & ((b | kCase) == second);
  };
  for (size_t at = find_pair(text, from, is_start);
       at != std::string_view::npos && at + needle.size() <= text.size();
       at = find_pair(text, at + 1, is_start)) {
    if (equal_any_case(text.substr(at, needle.size()), needle)) return at;
  }
  return std::string_view::npos;
}

size_t rfind_any_case(std::string_view text, std::string_view needle) {
  size_t last = std::string_view::npos;
  for (size_t at = find_any_case(text, needle); at != std::string_view::npos;
       at = find_any_case(text, needle, at + 1)) {
    last = at;
  }
  return last;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace assay
