// What has no ink, what a terminal eats, and what stands between two literals or records.
//
// A character may be written out (`\x1b`, `&#8203;`, `\u00ad`): often that is how the outermost
// layer is shown, and undoing its escapes alone would leave one more round to do.
#include "scanner/decoders/gap_parts.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "scanner/decoders/gap.h"
#include "scanner/runs.h"

namespace assay {

namespace {

constexpr size_t kMostDigits = 32;       // of a number
constexpr size_t kLongestCommand = 256;  // of a terminal: the title of a window, a link
constexpr size_t kLongestJoint = 200;    // between two literals
constexpr size_t kLongestPdfJoint = 64;

// Bytes past the end read as zero, which no part holds.
char byte_at(std::string_view text, size_t at) { return at < text.size() ? text[at] : '\0'; }

bool is_one_of(char c, const char* set) { return c != '\0' && std::strchr(set, c) != nullptr; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool stands_at(std::string_view text, size_t at, std::string_view what) {
  return text.substr(std::min(at, text.size()), what.size()) == what;
}

// A character and where it ends.
struct Code {
  uint32_t value = 0;
  size_t end = 0;
};

int digit_value(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 16;
}

// At least one and at most `most` digits.
std::optional<Code> read_number(std::string_view text, size_t at, int base, size_t most) {
  Code code{0, at};
  while (code.end - at < most && digit_value(byte_at(text, code.end)) < base) {
    code.value = code.value * static_cast<uint32_t>(base) +
                 static_cast<uint32_t>(digit_value(text[code.end++]));
  }
  if (code.end == at) return std::nullopt;
  return code;
}

// `\u200b`, `\u{200b}`, `\xad`, `\033`, `\e`, each with one backslash or two.
std::optional<Code> read_backslash(std::string_view text, size_t at) {
  size_t i = at + 1;
  if (byte_at(text, i) == '\\') ++i;
  const char kind = byte_at(text, i);
  if (kind == 'e') return Code{0x1B, i + 1};
  if (kind == 'x') return read_number(text, i + 1, 16, 2);
  if (kind != 'u') return read_number(text, i, 8, 3);
  if (byte_at(text, i + 1) != '{') return read_number(text, i + 1, 16, 4);
  auto code = read_number(text, i + 2, 16, 6);
  if (!code || byte_at(text, code->end) != '}') return std::nullopt;
  ++code->end;
  return code;
}

constexpr struct {
  std::string_view text;
  uint32_t value;
} kEntities[] = {
    {"&nbsp;", 0xA0},
    {"&shy;", 0xAD},
    {"&zwj;", 0x200D},
    {"&zwnj;", 0x200C},
    {"&lrm;", 0x200E},
    {"&rlm;", 0x200F},
    {"&ensp;", 0x2002},
    {"&emsp;", 0x2003},
    {"&thinsp;", 0x2009},
    {"&hairsp;", 0x200A},
    {"&numsp;", 0x2007},
    {"&puncsp;", 0x2008},
    {"&MediumSpace;", 0x205F},
    {"&NoBreak;", 0x2060},
    {"&ZeroWidthSpace;", 0x200B},
    {"&NonBreakingSpace;", 0xA0},
};

std::optional<Code> read_entity(std::string_view text, size_t at) {
  if (byte_at(text, at + 1) != '#') {
    for (const auto& entity : kEntities) {
      if (stands_at(text, at, entity.text)) return Code{entity.value, at + entity.text.size()};
    }
    return std::nullopt;
  }
  const bool hex = (byte_at(text, at + 2) | 0x20) == 'x';
  auto code = hex ? read_number(text, at + 3, 16, 8) : read_number(text, at + 2, 10, 9);
  if (code && byte_at(text, code->end) == ';') ++code->end;
  return code;
}

// UTF-8 of two to four bytes. A byte that no UTF-8 has here is Latin-1, as in an 8-bit log.
Code read_utf8(std::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
  Code code{lead & (more == 0 ? 0xFFu : 0x3Fu >> more), at + 1};
  for (size_t i = 0; i < more; ++i) {
    const auto byte = static_cast<unsigned char>(byte_at(text, code.end));
    if (byte >> 6 != 2) return {lead, at + 1};
    code.value = code.value << 6 | (byte & 0x3Fu);
    ++code.end;
  }
  return code;
}

// A character that is written out, or is not ASCII, or is ESC.
std::optional<Code> read_code(std::string_view text, size_t at) {
  switch (byte_at(text, at)) {
    case '\0':
      return std::nullopt;
    case '\x1b':
      return Code{0x1B, at + 1};
    case '\\':
      return read_backslash(text, at);
    case '&':
      return read_entity(text, at);
    case '^':
      if (byte_at(text, at + 1) != '[') return std::nullopt;
      return Code{0x1B, at + 2};
    default:
      if (static_cast<unsigned char>(text[at]) < 0x80) return std::nullopt;
      return read_utf8(text, at);
  }
}

constexpr struct {
  uint32_t first, last;
} kInvisible[] = {
    {0xA0, 0xA0},     {0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},     {0x115F, 0x1160},
    {0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180E}, {0x2000, 0x200F},   {0x202A, 0x202F},
    {0x205F, 0x206F}, {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164},   {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE01EF},
};

// Parameters and the final letter of a control sequence; 0 if it is none.
size_t control_sequence_end(std::string_view text, size_t at) {
  const auto in = [&](size_t i, char first, char last) {
    return i < text.size() && text[i] >= first && text[i] <= last;
  };
  size_t i = at;
  while (i - at < kMostDigits && in(i, '0', '?')) ++i;
  for (size_t more = 0; more < 4 && in(i, ' ', '/'); ++more) ++i;
  return in(i, '@', '~') ? i + 1 : 0;
}

// A command with text (`ESC]8;;https://…BEL`), to the BEL or `ESC\` that ends it; 0 if none does.
size_t command_end(std::string_view text, size_t at) {
  const size_t limit = std::min(text.size(), at + kLongestCommand);
  for (size_t i = at; i < limit; ++i) {
    size_t end = 0;
    if (text[i] == '\a') {
      end = i + 1;
    } else if (is_one_of(text[i], "\x1b\\^")) {
      if (stands_at(text, i, "\\a")) end = i + 2;
      if (stands_at(text, i, "^G")) end = i + 2;
      const auto code = read_code(text, i);
      if (code && code->value == 7) end = code->end;
      if (code && code->value == 0x1B && byte_at(text, code->end) == '\\') end = code->end + 1;
      if (end == 0 && code && code->value == 0x1B) return 0;
    } else if (static_cast<unsigned char>(text[i]) < ' ') {
      return 0;
    }
    if (end != 0) return holds_value(text.substr(at, i - at)) ? 0 : end;
  }
  return 0;
}

// One quote of a literal, with backslashes before it where the literal stands in another.
size_t quote_end(std::string_view text, size_t at) {
  size_t i = at;
  while (i - at < 3 && byte_at(text, i) == '\\') ++i;
  if (is_one_of(byte_at(text, i), "\"'`")) return i + 1;
  if (byte_at(text, at) != '\xE2') return at;
  for (const std::string_view quote :
       {"\xE2\x80\x98", "\xE2\x80\x99", "\xE2\x80\x9C", "\xE2\x80\x9D"}) {  // ‘ ’ “ ”
    if (stands_at(text, i, quote)) return i + quote.size();
  }
  return at;
}

// At most four, as `"'` and `"""`.
size_t quotes_end(std::string_view text, size_t at) {
  for (int i = 0; i < 4; ++i) {
    const size_t end = quote_end(text, at);
    if (end == at) break;
    at = end;
  }
  return at;
}

// A name with what makes it part of a joint: `.append(`, `key +=`, `CHR(`.
size_t joint_name_end(std::string_view text, size_t at) {
  size_t i = at;
  if (!is_letter(byte_at(text, i)) && byte_at(text, i) != '_' && byte_at(text, i) != '$') return at;
  while (i - at < kMostDigits && (is_letter(byte_at(text, i)) || is_digit(byte_at(text, i)) ||
                                  is_one_of(byte_at(text, i), "_.$"))) {
    ++i;
  }
  i = blanks_end(text, i);
  if (byte_at(text, i) == '(') return i + 1;
  for (const std::string_view sign : {"+=", ".=", "&=", "<<"}) {
    if (stands_at(text, i, sign)) return i + sign.size();
  }
  // VB's `_` at the end of a line.
  return i == at + 1 && text[at] == '_' && break_end(text, i) != i ? i : at;
}

// `f"`, `u8"`, `@"`, `N'`: the quotes of a literal with a prefix.
size_t marked_quotes_end(std::string_view text, size_t at) {
  for (size_t marks = 0; marks <= 2; ++marks) {
    const size_t end = quotes_end(text, at + marks);
    if (end != at + marks) return end;
    const char c = byte_at(text, at + marks);
    if (!is_letter(c) && c != '@' && c != '$' && !(c == '8' && marks == 1)) break;
  }
  return at;
}

// From behind the quotes that end a literal over those that begin the next; 0 if none does.
size_t joint_end(std::string_view text, size_t at) {
  for (size_t i = at; i < text.size() && i - at < kLongestJoint;) {
    const size_t quotes = i == at ? i : marked_quotes_end(text, i);
    if (quotes != i) return quotes;
    const size_t begin = i;
    i = break_end(text, blanks_end(text, i));
    if (i == begin && is_one_of(text[i], "+.&,~|;)(\\`<>#[]")) ++i;
    if (i == begin) i = joint_name_end(text, i);
    if (i == begin) return 0;
  }
  return 0;
}

}  // namespace

size_t blanks_end(std::string_view text, size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

size_t break_end(std::string_view text, size_t at) {
  const char c = byte_at(text, at);
  if (c == '\r') return at + (byte_at(text, at + 1) == '\n' ? 2 : 1);
  if (c == '\n' || c == '\v' || c == '\f') return at + 1;
  if (static_cast<unsigned char>(c) < 0x80) return at;
  for (const std::string_view mark : {"\xE2\x80\xA8", "\xE2\x80\xA9", "\xC2\x85"}) {
    if (stands_at(text, at, mark)) return at + mark.size();
  }
  return at;
}

size_t ansi_end(std::string_view text, size_t at) {
  if (byte_at(text, at) == '[') {  // its ESC was lost on the way: only colours are sure enough
    size_t i = at + 1;
    while (i - at < 20 && (is_digit(byte_at(text, i)) || byte_at(text, i) == ';')) ++i;
    const char last = byte_at(text, i);
    return last == 'm' || (last == 'K' && i - at <= 2) ? i + 1 : at;
  }
  const auto code = read_code(text, at);
  if (!code) return at;
  const char kind = byte_at(text, code->end);
  size_t end = 0;
  if (code->value == 0x9B) {
    end = control_sequence_end(text, code->end);
  } else if (code->value == 0x1B || code->value == 0x241B || code->value == 0x2190 ||
             code->value == 0xFFFD) {  // ESC as viewers show it
    if (kind == '[') {
      end = control_sequence_end(text, code->end + 1);
    } else if (code->value == 0x1B && is_one_of(kind, "]PX^_")) {
      end = command_end(text, code->end + 1);
    } else if (code->value == 0x1B && is_one_of(kind, "()*+#% ") &&
               byte_at(text, code->end + 1) > ' ') {
      end = code->end + 2;
    } else if (text[at] == '\x1b' && kind >= '0' && kind <= '~') {
      end = code->end + 1;
    }
  }
  return end == 0 ? at : end;
}

size_t invisible_end(std::string_view text, size_t at) {
  const auto code = read_code(text, at);
  if (!code) return at;
  for (const auto& range : kInvisible) {
    if (code->value >= range.first && code->value <= range.last) return code->end;
  }
  return at;
}

size_t literals_end(std::string_view text, size_t at) {
  size_t i = at;
  // The break that ends each line of an array of lines: `dddd\n",⏎`.
  while (i - at < 4 && byte_at(text, i) == '\\' && is_one_of(byte_at(text, i + 1), "nr")) i += 2;
  const size_t closed = quotes_end(text, i);
  if (closed == i) return at;
  const size_t opened = joint_end(text, closed);
  if (opened != 0) return opened;
  return i == at ? closed : at;
}

size_t asciicast_end(std::string_view text, size_t at) {
  const auto blank = [&](size_t i) { return break_end(text, blanks_end(text, i)); };
  const auto take = [&](size_t& i, char c) {
    i = blanks_end(text, blank(i));
    return byte_at(text, i) == c ? (++i, true) : false;
  };
  size_t i = at;
  if (!take(i, '"') || !take(i, ']')) return at;
  take(i, ',');
  if (!take(i, '[')) return at;
  i = blanks_end(text, i);
  const size_t number = i;
  while (i - number < kMostDigits && (is_digit(byte_at(text, i)) || byte_at(text, i) == '.')) ++i;
  if (i == number || !take(i, ',') || !take(i, '"')) return at;
  // Version 1 has no kind of event.
  if ((byte_at(text, i) == 'o' || byte_at(text, i) == 'i') && byte_at(text, i + 1) == '"') {
    size_t value = i + 2;
    if (take(value, ',') && take(value, '"')) return value;
  }
  return i;
}

size_t pdf_strings_end(std::string_view text, size_t at) {
  if (byte_at(text, at) != ')') return at;
  for (size_t i = at + 1; i - at < kLongestPdfJoint && i < text.size(); ++i) {
    if (text[i] == '(') return i + 1;
    if (!is_digit(text[i]) && !is_one_of(text[i], " \t\r\n.-TJjdDLm*'\"[]")) return at;
  }
  return at;
}

size_t encoded_words_end(std::string_view text, size_t at) {
  if (!stands_at(text, at, "?=")) return at;
  const size_t line = break_end(text, blanks_end(text, at + 2));
  size_t i = blanks_end(text, line);
  if (i == at + 2 || !stands_at(text, i, "=?")) return at;
  i += 2;
  const size_t charset = i;
  while (i - charset < kMostDigits && (is_letter(byte_at(text, i)) || is_digit(byte_at(text, i)) ||
                                       is_one_of(byte_at(text, i), "-_*"))) {
    ++i;
  }
  const bool word = byte_at(text, i) == '?' && is_one_of(byte_at(text, i + 1), "QqBb") &&
                    byte_at(text, i + 2) == '?';
  return word ? i + 3 : at;
}

size_t cri_prefix_end(std::string_view text, size_t at) {
  size_t i = at;
  while (i - at < 40 && (is_digit(byte_at(text, i)) || is_one_of(byte_at(text, i), "-:.+TZ"))) ++i;
  if (i - at < 19 || byte_at(text, at + 10) != 'T' || byte_at(text, i++) != ' ') return at;
  if (!stands_at(text, i, "stdout ") && !stands_at(text, i, "stderr ")) return at;
  i += 7;
  if (!is_one_of(byte_at(text, i), "PF")) return at;
  return byte_at(text, i + 1) == ' ' ? i + 2 : at;
}

bool holds_value(std::string_view text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size();) {
    if (is_piece_character(text[i])) {
      if (++count == kLeastRun) return true;
      ++i;
      continue;
    }
    // A line break with its indent does not end a value.
    const size_t end = break_end(text, i);
    if (end == i) count = 0;
    i = end == i ? i + 1 : blanks_end(text, end);
  }
  return false;
}

}  // namespace assay
