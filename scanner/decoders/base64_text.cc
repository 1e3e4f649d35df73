// Base64 around a hit. Where its text begins is not known, and need not be: `phase` says where the
// groups of four digits lie, and each decoded byte comes of two digits next to each other.
//
//   digits   Q  X  p  G  d  Q        at = G: 3 digits before it, phase 3
//   bytes     A  z  F     u
//
// Two passes forward over the same steps: the first finds where the stretch begins and how many
// digits stand before text[at], the second decodes. Between digits may stand a line break with what
// mails, JSON, XML and shells put around it; `+` and `/` may be escaped.
#include <algorithm>
#include <array>
#include <iterator>

#include "rules/keys/base64.h"
#include "scanner/decoders/hex_digit.h"
#include "scanner/decoders/text_decoders.h"

namespace assay {

namespace {

struct Spelling {
  std::string_view text;  // lower case
  char meant;
};
constexpr Spelling kSpellings[] = {
    {"\\/", '/'},     {"\\n", '\n'},     {"\\r", '\n'},     {"\\t", ' '},    {"\\\n", '\n'},
    {"\\\r", '\n'},   {"\\\\n", '\n'},   {"\\\\r", '\n'},   {"\\\\/", '/'},  {"\\u002b", '+'},
    {"\\u002f", '/'}, {"\\u000a", '\n'}, {"\\u000d", '\n'}, {"%2b", '+'},    {"%2f", '/'},
    {"%0a", '\n'},    {"%0d", '\n'},     {"&#43;", '+'},    {"&#47;", '/'},  {"&#x2b;", '+'},
    {"&#x2f;", '/'},  {"&#10;", '\n'},   {"&#13;", '\n'},   {"&#xa;", '\n'}, {"&#xd;", '\n'},
    {"&plus;", '+'},  {"&sol;", '/'},
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool stands_at(std::string_view text, size_t at, std::string_view lower_text) {
  if (text.size() - at < lower_text.size()) return false;
  return std::equal(lower_text.begin(), lower_text.end(), text.begin() + at,
                    [](char a, char b) { return a == lower(b); });
}

// The character at text[at], and how many bytes write it.
struct Spelt {
  char c;
  size_t length;
};
Spelt spelt_at(std::string_view text, size_t at) {
  const char c = text[at];
  if (c == '\\' || c == '%' || c == '&') {
    for (const Spelling& spelling : kSpellings) {
      if (spelling.text[0] == c && stands_at(text, at, spelling.text)) {
        return {spelling.meant, spelling.text.size()};
      }
    }
    // Any other escape as a whole: its letters are no digits.
    uint32_t value;
    if (c == '%' && read_hex(text, at + 1, 2, value)) return {'\0', 3};
    if (text.substr(at, 2) == "\\u" && read_hex(text, at + 2, 4, value)) return {'\0', 6};
  }
  return {c, 1};
}

struct Step {
  enum class Kind { digit, gap, end } kind;
  size_t length;  // at least 1; what is no digit and no gap may be skipped as a whole
  char digit = 0;
};

// At text[at] there is no plain digit.
Step other_step(std::string_view text, size_t at) {
  const Spelt first = spelt_at(text, at);
  if (is_base64_digit(first.c)) return {Step::Kind::digit, first.length, first.c};
  bool broken = false;
  size_t next = at;
  while (next < text.size()) {
    const Spelt spelt = spelt_at(text, next);
    const bool breaks = spelt.c == '\n' || spelt.c == '\r';
    if (!breaks && spelt.c != ' ' && spelt.c != '\t' && !(broken && spelt.c == '>')) break;
    broken = broken || breaks;
    next += spelt.length;
  }
  if (next == at) return {Step::Kind::end, first.length};
  return {broken ? Step::Kind::gap : Step::Kind::end, next - at};
}

Step step_at(std::string_view text, size_t at) {
  if (is_base64_digit(text[at])) return {Step::Kind::digit, 1, text[at]};
  return other_step(text, at);
}

// What a stretch of base64 is made of, so that going back can stop early.
constexpr std::array<bool, 256> kMember = [] {
  std::array<bool, 256> member{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789+/-_ \t\r\n>\\%&#;")) {
    member[static_cast<unsigned char>(c)] = true;
  }
  return member;
}();

}  // namespace

bool undo_base64(std::string_view text, size_t at, int phase, size_t before, size_t after,
                 Restored& out) {
  out.clear();
  if (at >= text.size()) return false;
  text = text.substr(0, at + std::min({text.size() - at, after, kMostStretch / 2}));
  const size_t lo = at - std::min({at, before, kMostStretch / 2});
  size_t begin = at;
  while (begin > lo && kMember[static_cast<unsigned char>(text[begin - 1])]) --begin;

  size_t digits = 0;  // between begin and at
  const std::string_view ahead = text.substr(0, at);
  for (size_t i = begin; i < at;) {
    const Step step = step_at(ahead, i);
    i += step.length;
    if (step.kind == Step::Kind::digit) ++digits;
    if (step.kind != Step::Kind::end) continue;
    digits = 0;
    begin = i;
  }

  // The place of the next digit in its group.
  size_t place = (static_cast<size_t>(phase & 3) + 4 - digits % 4) % 4;
  bool url = false;
  bool is_first = true;
  unsigned last = 0;  // value and place of the digit before
  size_t last_at = 0;
  for (size_t i = begin; i < text.size();) {
    const Step step = step_at(text, i);
    if (step.kind == Step::Kind::end) break;
    const size_t from = i;
    i += step.length;
    if (step.kind == Step::Kind::gap) continue;
    url = url || step.digit == '-' || step.digit == '_';
    const unsigned value = kBase64Values[static_cast<unsigned char>(step.digit)];
    if (place > 0 && !is_first) {
      const unsigned byte = last << (2 * place) | value >> (6 - 2 * place);
      out.add(static_cast<char>(byte & 0xFF), last_at, i, Undone::base64);
    }
    is_first = false;
    last = value;
    last_at = from;
    place = (place + 1) % 4;
  }
  if (url) std::fill(out.how.begin(), out.how.end(), Undone::base64url);
  return !out.text.empty();
}

}  // namespace assay
