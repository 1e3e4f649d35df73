// UTF-16 and UTF-32 around a hit, wherever a unit begins:
//
//   little-endian   K 0 e 0 y 0        big-endian   0 K 0 e 0 y
//
// Each width and order is tried: how far around text[at] are units plain text in it? The widest
// reach wins. Both orders read the inside of an ASCII text alike, so they differ at its ends only:
// little-endian begins with the character, big-endian ends with it. A byte order mark, or a
// character past ASCII, tells more.
#include <algorithm>

#include "scanner/decoders/text_decoders.h"

namespace assay {

namespace {

struct Form {
  size_t width;
  bool big;
  Undone how;
};
constexpr Form kForms[] = {{2, false, Undone::utf16le},
                           {2, true, Undone::utf16be},
                           {4, false, Undone::utf32le},
                           {4, true, Undone::utf32be}};

// So many units past ASCII in a row are text; more are taken for other bytes read as text.
constexpr size_t kMostStrange = 16;
// A byte of UTF-16 gives at most one and a half of UTF-8.
constexpr size_t kMostSide = kMostStretch / 4;

constexpr char32_t unit_at(std::string_view text, size_t at, const Form& form) {
  const auto byte = [&](size_t i) { return char32_t{static_cast<unsigned char>(text[at + i])}; };
  if (form.width == 2) return form.big ? byte(0) << 8 | byte(1) : byte(1) << 8 | byte(0);
  return form.big ? byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3)
                  : byte(3) << 24 | byte(2) << 16 | byte(1) << 8 | byte(0);
}

constexpr char32_t kMark = 0xFEFF;
enum class Kind { plain, strange, mark, other };

constexpr bool is_plain(char32_t unit) {
  if (unit >= 0x20) return unit < 0x7F;
  return unit == '\t' || unit == '\n' || unit == '\r' || unit == '\f' || unit == '\b' ||
         unit == 7 || unit == 27;  // what a terminal's log holds
}

constexpr Kind kind_of(char32_t unit, const Form& form) {
  if (is_plain(unit)) return Kind::plain;
  if (unit == kMark) return Kind::mark;
  if (unit < 0xA0 || unit == 0xFFFE || unit == 0xFFFF || unit > 0x10FFFF) return Kind::other;
  if (form.width == 4 && unit >= 0xD800 && unit < 0xE000) return Kind::other;
  return Kind::strange;
}

// What reads as text in one form. Begins and ends with a plain unit.
struct Reach {
  size_t begin = 0;
  size_t end = 0;
  size_t plain = 0;     // units
  bool marked = false;  // a byte order mark stands before it
};

// A template, so that what each unit costs holds no question about its form.
template <size_t number>
Reach reach(std::string_view text, size_t at, size_t lo, size_t hi) {
  constexpr Form form = kForms[number];
  const size_t back = form.big ? form.width - 1 : 0;
  Reach found;
  if (at - lo < back) return found;
  const size_t first = at - back;
  found.begin = found.end = first;
  // Else text[at] is the low half of another character in this form.
  if (hi - first < form.width || kind_of(unit_at(text, first, form), form) != Kind::plain) {
    return found;
  }
  size_t strange = 0;
  for (size_t i = first; hi - i >= form.width; i += form.width) {
    const Kind kind = kind_of(unit_at(text, i, form), form);
    if (kind == Kind::other || (kind == Kind::strange && ++strange > kMostStrange)) break;
    if (kind != Kind::plain) continue;
    strange = 0;
    ++found.plain;
    found.end = i + form.width;
  }
  if (found.plain == 0) return found;
  strange = 0;
  for (size_t i = first; i - lo >= form.width;) {
    i -= form.width;
    const Kind kind = kind_of(unit_at(text, i, form), form);
    found.marked = kind == Kind::mark;
    if (found.marked || kind == Kind::other) break;
    if (kind == Kind::strange && ++strange > kMostStrange) break;
    if (kind != Kind::plain) continue;
    strange = 0;
    ++found.plain;
    found.begin = i;
  }
  return found;
}

// The order of a text that both read. `opens` and `closes`: whether the text goes on before and
// behind the window, so that its ends there say nothing.
bool is_big(const Reach& little, const Reach& big, size_t width, size_t lo, bool opens, size_t hi,
            bool closes, bool after_line, bool guess) {
  constexpr size_t kClear = 2;  // units; the ends alone make a difference of one each
  if (little.marked != big.marked) return big.marked;
  if (little.plain > big.plain + kClear) return false;
  if (big.plain > little.plain + kClear) return true;
  // A line of other bytes may end before a big-endian stretch: its break is no character of it.
  const bool begins_little =
      !after_line && little.begin < big.begin + width - 1 && (!opens || little.begin - lo >= width);
  const bool ends_big = big.end - 1 > little.end - width && (!closes || hi - big.end >= width);
  if (begins_little != ends_big) return ends_big;
  return begins_little ? false : guess;  // between other bytes: the order that is usual
}

}  // namespace

bool undo_wide(std::string_view text, size_t at, size_t before, size_t after, Restored& out,
               bool big) {
  out.clear();
  if (at >= text.size()) return false;
  const size_t lo = at - std::min({at, before, kMostSide});
  const size_t hi = at + std::min({text.size() - at, after, kMostSide});
  const Reach reaches[] = {reach<0>(text, at, lo, hi), reach<1>(text, at, lo, hi),
                           reach<2>(text, at, lo, hi), reach<3>(text, at, lo, hi)};
  const auto most = [&](size_t i) { return std::max(reaches[i].plain, reaches[i + 1].plain); };
  const size_t pair = most(2) > most(0) ? 2 : 0;
  if (most(pair) < 2) return false;
  const Reach& little_reach = reaches[pair];
  const Reach& big_reach = reaches[pair + 1];
  const size_t width = kForms[pair].width;
  bool is_big_endian = big_reach.plain > 0;
  if (is_big_endian && little_reach.plain > 0) {
    is_big_endian = is_big(little_reach, big_reach, width, lo, lo > 0, hi, hi < text.size(),
                           text[little_reach.begin] == '\n', big);
  }
  const Reach& chosen = is_big_endian ? big_reach : little_reach;
  const Form& form = kForms[pair + (is_big_endian ? 1 : 0)];

  // A character at an end that only the other order has: should the choice be wrong, it is not
  // lost.
  if (is_big_endian && little_reach.plain > 0 && little_reach.begin + 1 == chosen.begin) {
    out.add(text[little_reach.begin], little_reach.begin, chosen.begin, form.how);
  }
  for (size_t i = chosen.begin; i < chosen.end;) {
    const size_t from = i;
    char32_t code = unit_at(text, i, form);
    i += width;
    if (code == kMark) continue;
    if (code >= 0xD800 && code < 0xDC00 && i < chosen.end) {
      const char32_t low = unit_at(text, i, form);
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        i += width;
      }
    }
    if (code < 0x80) {
      out.add(static_cast<char>(code), from, i, form.how);
    } else {
      out.add_code(code, from, i, form.how);
    }
  }
  if (!is_big_endian && big_reach.plain > 0 && big_reach.end == chosen.end + 1) {
    out.add(text[chosen.end], chosen.end, chosen.end + 1, form.how);
  }
  return true;
}

}  // namespace assay
