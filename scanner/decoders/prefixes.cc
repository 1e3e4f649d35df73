// What a log writes at the begin of each line stands between two pieces of a value that it wrapped:
//
//   2025-11-02T08:00:00.123Z app[17]: GET /api/Refund?code=ddddddddddddddd
//   2025-11-02T08:00:00.124Z app[17]: ddddddddddddddddddAzFudddddd
//   |------------ alike ------------|
//
// Alike: equal bytes, numbers for numbers of any width, blanks for blanks. What is alike may go on
// into the value by chance, so the prefix ends behind the last character there that no value has.
#include "scanner/decoders/gap.h"
#include "scanner/decoders/gap_parts.h"
#include "scanner/decoders/text_decoders.h"

namespace assay {

namespace {

constexpr size_t kLongestPrefix = 512;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

size_t digits_end(std::string_view text, size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// Where the prefix may end, ascending in each.
struct Ends {
  size_t last = 0, before_last = 0;  // behind what is no piece character; 0: nowhere
  // Behind `+`, `-`, `/` or `_`, later than `last`: `12-dddd`.
  size_t first_glued = 0, glued = 0;
};

// Compares the lines at text[line] and text[next]. A number is taken whole, so that one that grows
// (`9: `, `10: `) stays alike, also where it is aligned to the right.
Ends compare(std::string_view text, size_t line, size_t next) {
  Ends ends;
  size_t a = line;
  size_t b = next;
  bool in_word = false;
  const size_t a_limit = next;
  const size_t b_limit = std::min(text.size(), next + kLongestPrefix);
  while (a < a_limit && b < b_limit) {
    const size_t colour = text[b] == '\x1b' ? ansi_end(text, b) : b;
    if (colour != b && text.compare(a, colour - b, text, b, colour - b) == 0) {
      a += colour - b;
      b = colour;
      if (in_word) ends.before_last = ends.last;
      ends.last = b;  // its last letter is no piece's
      ends.first_glued = ends.glued = 0;
      in_word = false;
      continue;
    }
    const size_t a_blanks = blanks_end(text, a);
    const size_t b_blanks = blanks_end(text, b);
    const bool at_numbers = a_blanks < a_limit && b_blanks < b_limit && is_digit(text[a_blanks]) &&
                            is_digit(text[b_blanks]);
    if ((a_blanks != a && b_blanks != b) || (at_numbers && (a_blanks != a || b_blanks != b))) {
      a = a_blanks;
      b = b_blanks;
    } else if (at_numbers) {
      a = digits_end(text, a);
      b = digits_end(text, b);
      in_word = true;
      continue;
    } else if (text[a] == text[b] && text[a] != '\n' && text[a] != '\r') {
      ++a;
      ++b;
    } else {
      break;
    }
    const char c = text[b - 1];
    if (!is_piece_character(c)) {
      if (in_word) ends.before_last = ends.last;
      ends.last = b;
      ends.first_glued = ends.glued = 0;
      in_word = false;
      continue;
    } else if (c == '+' || c == '-' || c == '/' || c == '_') {
      if (ends.glued == 0) ends.first_glued = b;
      ends.glued = b;
    }
    in_word = true;
  }
  return ends;
}

}  // namespace

size_t prefix_end(std::string_view text, size_t line, size_t next, int choice) {
  const Ends ends = compare(text, line, next);
  size_t end = ends.last;
  if (choice == 1) end = ends.glued;
  if (choice == 2) end = ends.last != 0 ? ends.before_last : ends.first_glued;
  // The sign of a diff, or a number with `-` behind it, is a prefix that nothing else ends.
  if (choice == 0 && ends.last == 0) end = ends.glued;
  return end > next ? end : next;
}

bool undo_prefixes(std::string_view text, int choice, Restored& out) {
  return take_out_gaps(text, choice, out);
}

}  // namespace assay
