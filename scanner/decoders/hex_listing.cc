// Listings of bytes: hexdump -C, xxd, od -tx1, Format-Hex, those of packet captures, debuggers and
// network libraries.
//
//   00000010  41 7a 46 75 …  |AzFu…|        00000010: 417a 4675 …  AzFu…
//   |00000010| 41 7a 46 75 … |AzFu…|        0x0010:  417a 4675 …  AzFu…
//
// Where the text column begins cannot be told from one line, as it may hold `beef`. But offsets
// tell how many bytes a line has, and full lines how wide the column is in the short last one.
#include <algorithm>
#include <optional>

#include "scanner/decoders/hex_digit.h"
#include "scanner/decoders/text_decoders.h"

namespace assay {

namespace {

constexpr uint64_t kMostRow = 256;  // bytes of a line

struct Row {
  size_t begin;     // of the line
  size_t end;       // without its break
  size_t column;    // where the bytes begin
  uint64_t offset;  // read as hexadecimal, also where it is octal: then it grows faster
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_byte(std::string_view text, size_t at, size_t end) {
  return end - at >= 2 && hex_value(text[at]) >= 0 && hex_value(text[at + 1]) >= 0;
}

size_t skip_prefix(std::string_view text, size_t at, size_t end) {
  return end - at > 2 && text[at] == '0' && (text[at + 1] == 'x' || text[at + 1] == 'X') ? at + 2
                                                                                         : at;
}

// A line with an offset of 4 to 16 digits, and a byte behind it.
std::optional<Row> row_of(std::string_view text, size_t begin, size_t end) {
  if (end > begin && text[end - 1] == '\r') --end;
  size_t at = begin;
  while (at < end && (is_blank(text[at]) || text[at] == '>' || text[at] == '|')) ++at;
  at = skip_prefix(text, at, end);
  const size_t digits = at;
  uint64_t offset = 0;
  for (; at < end && at - digits <= 16 && hex_value(text[at]) >= 0; ++at) {
    offset = offset << 4 | static_cast<uint64_t>(hex_value(text[at]));
  }
  if (at - digits < 4 || at - digits > 16) return std::nullopt;
  if (at < end && (text[at] == ':' || text[at] == '|')) ++at;
  const size_t blanks = at;
  while (at < end && is_blank(text[at])) ++at;
  if (at == blanks || !is_byte(text, skip_prefix(text, at, end), end)) return std::nullopt;
  return Row{begin, end, at, offset};
}

// Adds at most `most` bytes of the row that begin before `limit`; returns how many, and in `next`
// where they end.
size_t add_bytes(std::string_view text, const Row& row, size_t most, size_t limit, size_t& next,
                 Restored& out) {
  size_t count = 0;
  next = row.column;
  for (size_t at = row.column; at < row.end && at < limit;) {
    at = skip_prefix(text, at, row.end);
    size_t group_end = at;
    while (group_end < row.end && group_end - at <= kMostRow && hex_value(text[group_end]) >= 0) {
      ++group_end;
    }
    if (group_end == at || (group_end - at) % 2 == 1) break;
    for (; at < group_end; at += 2) {
      if (count == most) return count;
      out.add(static_cast<char>(hex_value(text[at]) << 4 | hex_value(text[at + 1])), at, at + 2,
              Undone::hex);
      ++count;
      next = at + 2;
    }
    const size_t gap = at;
    while (at < row.end && is_blank(text[at])) ++at;
    if (at < row.end && text[at] == '-') ++at;  // some have it in the middle
    while (at < row.end && is_blank(text[at])) ++at;
    if (at == gap) break;
  }
  return count;
}

// Lines are what stands between line feeds within [lo, hi).
size_t line_begin(std::string_view text, size_t at, size_t lo) {
  const size_t found = text.substr(lo, at - lo).rfind('\n');
  return found == text.npos ? lo : lo + found + 1;
}
size_t line_end(std::string_view text, size_t at, size_t hi) {
  return std::min(hi, text.find('\n', at));
}

bool follows(const Row& before, const Row& row) {
  return row.offset > before.offset && row.offset - before.offset <= kMostRow;
}

}  // namespace

bool undo_listing(std::string_view text, size_t at, size_t before, size_t after, Restored& out) {
  out.clear();
  if (at >= text.size()) return false;
  const size_t lo = at - std::min({at, before, kMostStretch / 2});
  const size_t hi = at + std::min({text.size() - at, after, kMostStretch / 2});
  text = text.substr(0, hi);
  if (at == hi || text[at] == '\n') return false;

  const size_t begin = line_begin(text, at, lo);
  std::optional<Row> row = row_of(text, begin, line_end(text, at, hi));
  if (!row) return false;
  Row first = *row;
  uint64_t length = UINT64_MAX;  // of a row: the least step of the offsets
  while (first.begin > lo) {
    const std::optional<Row> previous =
        row_of(text, line_begin(text, first.begin - 1, lo), first.begin - 1);
    if (!previous || !follows(*previous, first)) break;
    length = std::min(length, first.offset - previous->offset);
    first = *previous;
  }
  const auto next_row = [&](const Row& from) -> std::optional<Row> {
    const size_t end = line_end(text, from.end, hi);
    if (end >= hi) return std::nullopt;
    std::optional<Row> next = row_of(text, end + 1, line_end(text, end + 1, hi));
    if (next && !follows(from, *next)) next.reset();
    return next;
  };
  for (auto next = next_row(*row); next; next = next_row(*row)) {
    length = std::min(length, next->offset - row->offset);
    row = next;
  }
  if (length == UINT64_MAX) return false;

  size_t width = text.size();  // of the column, known once a row was full
  for (row = first; row; row = next_row(*row)) {
    size_t next = 0;
    const size_t count = add_bytes(text, *row, length, row->column + width, next, out);
    if (count == length) width = std::min(width, next - row->column);
  }
  return !out.text.empty();
}

}  // namespace assay
