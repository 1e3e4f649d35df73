// One pass from left to right; what an escape gave is not looked at again, so a call undoes one
// layer:
//
//   %2541 -> %41      \\u0041 -> \u0041      &amp;#65; -> &#65;      \/ -> /      \u003d -> =
//
// Three bytes begin an escape, `%`, `\` and `&`; whatever cannot be one is copied.
#include <iterator>

#include "scanner/decoders/hex_digit.h"
#include "scanner/decoders/text_decoders.h"

namespace assay {

namespace {

struct Escape {
  size_t length = 0;  // 0: none stands here
  char32_t code = 0;
  bool is_byte = false;  // `code` is a byte of whatever encoding the text has
  Undone how = Undone::nothing;
};

bool is_surrogate(uint32_t code) { return code >= 0xD800 && code < 0xE000; }
bool is_code(uint32_t code) { return code <= 0x10FFFF && !is_surrogate(code); }

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Escape percent(std::string_view text, size_t at) {
  uint32_t byte;
  if (!read_hex(text, at + 1, 2, byte)) return {};
  return {3, byte, true, Undone::percent};
}

// \u{41}: up to eight digits, as zeros may lead.
Escape braced(std::string_view text, size_t at) {
  const size_t close = text.substr(at + 3, 9).find('}');
  uint32_t code;
  if (close == text.npos || close == 0 || !read_hex(text, at + 3, close, code)) return {};
  if (!is_code(code)) return {};
  return {close + 4, code, false, Undone::json_escape};
}

// \u0041, or two of them that are a surrogate pair.
Escape unicode(std::string_view text, size_t at) {
  uint32_t code;
  if (at + 2 < text.size() && text[at + 2] == '{') return braced(text, at);
  if (!read_hex(text, at + 2, 4, code)) return {};
  if (!is_surrogate(code)) return {6, code, false, Undone::json_escape};
  uint32_t low;
  if (code >= 0xDC00 || text.substr(at + 6, 2) != "\\u" || !read_hex(text, at + 8, 4, low) ||
      low < 0xDC00 || low >= 0xE000) {
    return {};
  }
  return {12, 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), false, Undone::json_escape};
}

Escape octal(std::string_view text, size_t at) {
  const std::string_view digits = text.substr(at + 1, 3);
  if (digits.size() < 3 || digits[0] > '3') return {};
  char32_t byte = 0;
  for (const char c : digits) {
    if (c < '0' || c > '7') return {};
    byte = byte << 3 | static_cast<char32_t>(c - '0');
  }
  return {4, byte, true, Undone::octal_escape};
}

Escape backslash(std::string_view text, size_t at) {
  if (at + 1 == text.size()) return {};
  const auto one = [](char c) {
    return Escape{2, static_cast<unsigned char>(c), true, Undone::json_escape};
  };
  uint32_t value;
  switch (const char c = text[at + 1]) {
    case '\\':
    case '"':
    case '\'':
    case '/':
    // Markdown and some shells write these so; they are characters of keys.
    case '_':
    case '-':
    case '+':
    case '=':
      return one(c);
    case 'n':
      return one('\n');
    case 'r':
      return one('\r');
    case 't':
      return one('\t');
    case 'f':
      return one('\f');
    case 'b':
      return one('\b');
    case 'u':
      return unicode(text, at);
    case 'U':  // C and Python: \U00000041
      if (!read_hex(text, at + 2, 8, value) || !is_code(value)) return {};
      return {10, value, false, Undone::json_escape};
    case 'x':
      if (!read_hex(text, at + 2, 2, value)) return {};
      return {4, value, true, Undone::hex_escape};
    default:
      return octal(text, at);
  }
}

struct Name {
  std::string_view name;
  char32_t code;
};
// HTML has U+2010 for `hyphen` and `dash`. Who writes a key with them means the one of the
// keyboard.
constexpr Name kNames[] = {
    {"amp", '&'},    {"lt", '<'},     {"gt", '>'},       {"quot", '"'},   {"apos", '\''},
    {"nbsp", 0xA0},  {"equals", '='}, {"plus", '+'},     {"sol", '/'},    {"lowbar", '_'},
    {"hyphen", '-'}, {"dash", '-'},   {"percnt", '%'},   {"num", '#'},    {"bsol", '\\'},
    {"colon", ':'},  {"semi", ';'},   {"quest", '?'},    {"excl", '!'},   {"comma", ','},
    {"period", '.'}, {"lpar", '('},   {"rpar", ')'},     {"lbrack", '['}, {"lsqb", '['},
    {"rbrack", ']'}, {"rsqb", ']'},   {"lbrace", '{'},   {"lcub", '{'},   {"rbrace", '}'},
    {"rcub", '}'},   {"grave", '`'},  {"Hat", '^'},      {"commat", '@'}, {"dollar", '$'},
    {"ast", '*'},    {"Tab", '\t'},   {"NewLine", '\n'}, {"shy", 0xAD},   {"zwnj", 0x200C},
    {"zwj", 0x200D},
};
constexpr size_t kLongestName = 7;

Escape named(std::string_view text, size_t at) {
  const std::string_view rest = text.substr(at + 1, kLongestName + 1);
  const size_t length = rest.find(';');
  if (length == rest.npos) return {};
  for (const Name& name : kNames) {
    if (name.name == rest.substr(0, length)) {
      return {length + 2, name.code, false, Undone::html_entity};
    }
  }
  return {};
}

// &#65; &#x41; with up to eight digits. The `;` may be missing before what cannot go on the number.
Escape numbered(std::string_view text, size_t at) {
  constexpr size_t kMostDigits = 8;
  size_t next = at + 2;
  const bool hex = next < text.size() && (text[next] == 'x' || text[next] == 'X');
  if (hex) ++next;
  uint32_t code = 0;
  size_t digits = 0;
  for (; next < text.size() && digits < kMostDigits; ++next, ++digits) {
    const int digit = hex_value(text[next]);
    if (digit < 0 || (!hex && digit > 9)) break;
    code = code * (hex ? 16 : 10) + static_cast<uint32_t>(digit);
  }
  if (digits == 0 || code == 0 || !is_code(code)) return {};
  if (next < text.size()) {
    if (is_alphanumeric(text[next])) return {};
    if (text[next] == ';') ++next;
  }
  return {next - at, code, false, Undone::html_entity};
}

Escape escape_at(std::string_view text, size_t at) {
  switch (text[at]) {
    case '%':
      return percent(text, at);
    case '\\':
      return backslash(text, at);
    case '&':
      return at + 1 < text.size() && text[at + 1] == '#' ? numbered(text, at) : named(text, at);
    default:
      return {};
  }
}

}  // namespace

bool undo_escapes(std::string_view text, Restored& out) {
  out.clear();
  size_t copied = 0;
  for (size_t at = 0; at < text.size();) {
    const Escape escape = escape_at(text, at);
    if (escape.length == 0) {
      ++at;
      continue;
    }
    out.copy(text, copied, at);
    copied = at + escape.length;
    if (escape.is_byte) {
      out.add(static_cast<char>(escape.code), at, copied, escape.how);
    } else {
      out.add_code(escape.code, at, copied, escape.how);
    }
    at = copied;
  }
  out.copy(text, copied, text.size());
  return copied > 0;
}

}  // namespace assay
