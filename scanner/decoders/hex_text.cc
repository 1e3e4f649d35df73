// Bytes written as numbers, around a hit:
//
//   417a4675            41 7a 46 75          41:7a-46,75          0x41, 0x7a,
//   \x41\x7a            "417a" + "4675"      417a⏎4675            65, 122, 70, 117
//
// Both readings are tried, and the one that gives more bytes from text[at] on holds: a text in
// decimal numbers has letters over 99, at which the hexadecimal reading ends. Each reading goes
// forward twice: once up to text[at], to find where the stretch begins, and once to decode. A
// listing is read first.
#include <algorithm>

#include "scanner/decoders/hex_digit.h"
#include "scanner/decoders/text_decoders.h"

namespace assay {

namespace {

struct Step {
  enum class Kind {
    digit,
    gap,        // a line break, also within a byte's two digits
    separator,  // between two bytes only
    end,
  } kind;
  size_t length;  // at least 1
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_break(char c) { return c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The length of a line break at text[at], as it is or escaped as in JSON, or with the `\` that
// continues a line before it; else 0.
size_t line_break(std::string_view text, size_t at) {
  if (is_break(text[at])) return 1;
  if (text[at] != '\\' || at + 1 == text.size()) return 0;
  const char next = text[at + 1];
  return is_break(next) || next == 'n' || next == 'r' ? 2 : 0;
}

// `0x` before a digit.
bool is_prefix(std::string_view text, size_t at) {
  return text.size() - at > 2 && text[at] == '0' && (text[at + 1] == 'x' || text[at + 1] == 'X') &&
         hex_value(text[at + 2]) >= 0;
}

// What stands at text[at], which is no digit. `marks`: what may stand between numbers beside blanks
// and line breaks.
Step other_step(std::string_view text, size_t at, std::string_view marks) {
  bool broken = false;
  bool marked = false;
  size_t next = at;
  while (next < text.size()) {
    const char c = text[next];
    size_t length = line_break(text, next);
    if (length > 0) {
      broken = true;
    } else if (is_blank(c) || (broken && c == '>')) {
      length = 1;
    } else if (marks.find(c) != marks.npos) {
      marked = true;
      length = 1;
    } else if (text.substr(next, 2) == "\\x" && next + 2 < text.size() &&
               hex_value(text[next + 2]) >= 0) {
      marked = true;
      length = 2;
    } else {
      break;
    }
    next += length;
  }
  if (next == at) return {Step::Kind::end, 1};
  return {broken && !marked ? Step::Kind::gap : Step::Kind::separator, next - at};
}

// `opens`: a byte may begin here.
Step step_at(std::string_view text, size_t at, bool opens, std::string_view marks) {
  if (opens && is_prefix(text, at)) return {Step::Kind::separator, 2};
  if (hex_value(text[at]) >= 0) return {Step::Kind::digit, 1};
  return other_step(text, at, marks);
}

constexpr std::string_view kHexMarks = ",:;-\"'+";
constexpr std::string_view kDecimalMarks = ",;";

// Where going back from `at` need not go on.
size_t first_member(std::string_view text, size_t at, size_t lo, bool hex) {
  const auto is_member = [&](char c) {
    if (is_blank(c) || is_break(c) || c == '>' || c == '\\' || c == 'n' || c == 'r') return true;
    if (!hex) return is_digit(c) || kDecimalMarks.find(c) != kDecimalMarks.npos;
    return hex_value(c) >= 0 || c == 'x' || c == 'X' || kHexMarks.find(c) != kHexMarks.npos;
  };
  while (at > lo && is_member(text[at - 1])) --at;
  return at;
}

// Where the stretch begins whose bytes end before text[at].
size_t hex_begin(std::string_view text, size_t at, size_t lo) {
  size_t begin = first_member(text, at, lo, true);
  size_t number = begin;  // the first digit after the last separator
  size_t digits = 0;      // from there
  bool opens = true;
  for (size_t i = begin; i < at;) {  // no step goes over text[at], which is a digit
    const Step step = step_at(text, i, opens && digits % 2 == 0, kHexMarks);
    opens = step.kind != Step::Kind::digit;
    if (!opens) {
      if (digits++ == 0) number = i;
    } else if (step.kind != Step::Kind::gap) {
      if (step.kind == Step::Kind::end || digits % 2 == 1) begin = i + step.length;
      digits = 0;
    }
    i += step.length;
  }
  return digits % 2 == 1 ? number + 1 : begin;
}

// Whether it ended within a byte: after an odd number of digits.
bool hex_bytes(std::string_view text, size_t at, size_t lo, Restored& out) {
  out.clear();
  int high = -1;
  size_t high_at = 0;
  bool opens = true;
  for (size_t i = hex_begin(text, at, lo); i < text.size();) {
    if (!opens && high < 0 && text.size() - i > 1 && hex_value(text[i]) >= 0 &&
        hex_value(text[i + 1]) >= 0) {  // the usual case, at half the cost
      out.add(static_cast<char>(hex_value(text[i]) << 4 | hex_value(text[i + 1])), i, i + 2,
              Undone::hex);
      i += 2;
      continue;
    }
    const Step step = step_at(text, i, opens && high < 0, kHexMarks);
    opens = step.kind != Step::Kind::digit;
    if (step.kind == Step::Kind::end) break;
    if (step.kind == Step::Kind::separator && high >= 0) return true;
    if (!opens) {
      const int value = hex_value(text[i]);
      if (high < 0) {
        high = value;
        high_at = i;
      } else {
        out.add(static_cast<char>(high << 4 | value), high_at, i + 1, Undone::hex);
        high = -1;
      }
    }
    i += step.length;
  }
  return high >= 0;
}

// The number at text[at], or -1: up to three digits, at most 255, and no digit behind them.
int decimal_at(std::string_view text, size_t at, size_t& length) {
  int value = 0;
  for (length = 0; at + length < text.size() && is_digit(text[at + length]); ++length) {
    if (length == 3) return -1;
    value = value * 10 + (text[at + length] - '0');
  }
  if (length == 0 || value > 255) return -1;
  const size_t next = at + length;
  return next < text.size() && hex_value(text[next]) >= 0 ? -1 : value;
}

// Calls `number(at, length, value)` for each number, and `other(end)` past what is none.
template <typename Number, typename Other>
void decimals(std::string_view text, size_t from, const Number& number, const Other& other) {
  bool separated = true;
  for (size_t i = from; i < text.size();) {
    size_t length = 0;
    if (is_digit(text[i])) {
      const int value = decimal_at(text, i, length);
      if (value >= 0 && separated) {
        number(i, length, value);
        i += length;
      } else {
        while (i < text.size() && is_digit(text[i])) ++i;
        if (!other(i)) return;
      }
      separated = false;
      continue;
    }
    const Step step = step_at(text, i, false, kDecimalMarks);
    i += step.length;
    separated = step.kind == Step::Kind::gap || step.kind == Step::Kind::separator;
    if (!separated) {
      if (!other(i)) return;
      separated = true;
    }
  }
}

void decimal_bytes(std::string_view text, size_t at, size_t lo, Restored& out) {
  out.clear();
  if (!is_digit(text[at]) || (at > 0 && hex_value(text[at - 1]) >= 0)) return;
  size_t begin = first_member(text, at, lo, false);
  decimals(
      text.substr(0, at), begin, [](size_t, size_t, int) {},
      [&](size_t end) {
        begin = end;
        return true;
      });
  decimals(
      text, begin,
      [&](size_t from, size_t length, int value) {
        out.add(static_cast<char>(value), from, from + length, Undone::decimal_bytes);
      },
      [](size_t) { return false; });
}

}  // namespace

bool undo_hex(std::string_view text, size_t at, size_t before, size_t after, Restored& out) {
  out.clear();
  if (at >= text.size() || hex_value(text[at]) < 0) return false;
  if (undo_listing(text, at, before, after, out) &&
      std::binary_search(out.begin.begin(), out.begin.end(), static_cast<uint32_t>(at))) {
    return true;
  }
  text = text.substr(0, at + std::min({text.size() - at, after, kMostStretch / 2}));
  if (at == text.size()) return false;
  const size_t lo = at - std::min({at, before, kMostStretch / 2});
  const auto from_at = [&] {
    return out.begin.end() - std::lower_bound(out.begin.begin(), out.begin.end(), at);
  };
  decimal_bytes(text, at, lo, out);
  const auto decimal = from_at();
  const size_t all_decimal = out.text.size();
  const bool odd = hex_bytes(text, at, lo, out);
  // What follows may have two digits in either reading: then what stands before tells.
  const bool same = decimal == from_at();
  if (decimal > from_at() || (same && (odd || all_decimal > out.text.size()))) {
    decimal_bytes(text, at, lo, out);
  }
  return !out.text.empty();
}

}  // namespace assay
