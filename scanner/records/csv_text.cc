// A state machine that takes one byte after the other:
//
//   Summary,Issue key,Comment        kStart     a cell begins: `"` opens a quoted one
//   "a ""b"", c",PAY-1,"two          kPlain     until a separator or a line break
//   lines"                           kQuoted    until `"`, over line breaks
//                                    kQuote     a `"` in it: doubled, or the end of the cell
//
// Whether a line break ends a row depends on all quotes before it, so it goes from the start on.
#include "scanner/records/csv_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "scanner/records/export_text.h"

namespace assay {
namespace {

constexpr size_t kBlock = size_t{256} << 10;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

class Rows {
 public:
  Rows(char separator, uint64_t begin) : separator_(separator), at_(begin) { open_row(); }

  // Takes a byte; true if it ended a row.
  bool take(char c);
  // What the end of the export leaves; false if that is nothing.
  bool finish();
  CsvRow& row() { return row_; }
  void open_row();
  uint64_t row_bytes() const { return at_ - row_.begin; }

 private:
  enum class State { kStart, kPlain, kQuoted, kQuote };

  void keep(char c) {
    if (cell_.text.size() < kMostCsvText) cell_.text += c;
  }
  void end_cell(uint64_t end);

  char separator_;
  uint64_t at_;
  State state_ = State::kStart;
  CsvCell cell_;
  CsvRow row_;
};

void Rows::open_row() {
  row_.cells.clear();
  row_.begin = row_.end = at_;
  row_.whole = true;
  cell_.text.clear();
  cell_.begin = at_;
  state_ = State::kStart;
}

void Rows::end_cell(uint64_t end) {
  if (row_.cells.size() < kMostCsvCells) {
    cell_.end = end;
    if (!cell_.text.empty() && cell_.text.back() == '\r') cell_.text.pop_back();
    row_.cells.push_back(cell_);
  }
  cell_.text.clear();
  cell_.begin = end + 1;
  state_ = State::kStart;
}

bool Rows::take(char c) {
  ++at_;
  if (state_ == State::kQuoted) {
    if (c == '"') {
      state_ = State::kQuote;
    } else {
      keep(c);
    }
    return false;
  }
  if (c == '"' && state_ != State::kPlain) {
    if (state_ == State::kQuote) keep('"');
    state_ = State::kQuoted;
    return false;
  }
  if (c == separator_ || c == '\n') {
    end_cell(at_ - 1);
    row_.end = at_;
    return c == '\n';
  }
  keep(c);
  state_ = State::kPlain;
  return false;
}

bool Rows::finish() {
  if (at_ == row_.begin) return false;
  row_.whole = state_ != State::kQuoted;
  end_cell(at_);
  row_.end = at_;
  return true;
}

// The one of `,`, `;` and tab that is most frequent outside of quotes in the first line.
char guess_separator(std::string_view head) {
  size_t counts[3] = {};
  constexpr std::string_view kKnown = ",;\t";
  bool quoted = false;
  for (const char c : head) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    if (const size_t which = kKnown.find(c); which != std::string_view::npos) ++counts[which];
  }
  return kKnown[static_cast<size_t>(std::max_element(counts, counts + 3) - counts)];
}

// The cell that holds `offset`, or its separator.
size_t column_at(const CsvRow& row, uint64_t offset) {
  const auto behind =
      std::upper_bound(row.cells.begin(), row.cells.end(), offset,
                       [](uint64_t at, const CsvCell& cell) { return at < cell.begin; });
  return static_cast<size_t>(std::max<std::ptrdiff_t>(1, behind - row.cells.begin()) - 1);
}

bool is_name(std::string_view text) {
  return text.size() <= 256 && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

}  // namespace

std::optional<CsvHeader> CsvHeader::read(std::string_view head) {
  CsvHeader header;
  if (head.starts_with(kMark)) head.remove_prefix(kMark.size());
  header.separator_ = guess_separator(head);
  Rows rows(header.separator_, 0);
  bool ended = false;
  for (const char c : head) {
    if (rows.take(c)) {
      ended = true;
      break;
    }
  }
  if (!ended && (head.size() >= kExportHead - kMark.size() || !rows.finish())) return std::nullopt;
  if (rows.row().cells.size() < 2) return std::nullopt;
  for (const CsvCell& cell : rows.row().cells) {
    if (!is_name(cell.text)) return std::nullopt;
    header.names_.push_back(utf8_or_1252(without_spaces(cell.text)));
    header.columns_.try_emplace(lower_case(header.names_.back()), header.names_.size() - 1);
  }
  return header;
}

std::optional<size_t> CsvHeader::index(std::string_view name) const {
  const auto at = columns_.find(lower_case(name));
  return at == columns_.end() ? std::nullopt : std::optional(at->second);
}

size_t CsvHeader::count_of(std::initializer_list<std::string_view> names) const {
  return static_cast<size_t>(
      std::count_if(names.begin(), names.end(), [&](std::string_view name) { return has(name); }));
}

bool CsvHeader::has_all(std::initializer_list<std::string_view> names) const {
  return count_of(names) == names.size();
}

std::string CsvHeader::cell(const CsvRow& row,
                            std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    const std::optional<size_t> column = index(name);
    if (!column || *column >= row.cells.size()) continue;
    const std::string_view text = without_spaces(row.cells[*column].text);
    if (!text.empty()) return utf8_or_1252(text);
  }
  return {};
}

FoundRecords find_in_csv(const Export& in, std::span<const uint64_t> offsets,
                         const CsvRecord& record) {
  FoundRecords found;
  found.records.resize(offsets.size());
  const std::optional<CsvHeader> header = CsvHeader::read(in.head);
  if (!header) return found;
  uint64_t at = in.head.starts_with(kMark) ? kMark.size() : 0;
  Rows rows(header->separator(), at);
  size_t next = 0;  // of the offsets
  bool first = true;
  const auto take_row = [&] {
    const CsvRow& row = rows.row();
    Record last;
    for (size_t column = SIZE_MAX; next < offsets.size() && offsets[next] < row.end; ++next) {
      if (first || offsets[next] < row.begin) continue;
      const size_t held_by = column_at(row, offsets[next]);
      if (held_by != column) last = record(*header, row, held_by);
      column = held_by;
      found.records[next] = last;
    }
    if (!row.whole) found.problem = fmt::format("the CSV is cut off at byte {}", row.end);
    first = false;
    rows.open_row();
  };
  while (next < offsets.size()) {
    const std::string block = stretch(in, at, kBlock);
    if (block.empty()) {
      if (rows.finish()) {
        // A last row without some of its cells is cut off, too.
        rows.row().whole &= rows.row().cells.size() >= header->names().size();
        take_row();
      }
      break;
    }
    at += block.size();
    for (const char c : block) {
      if (rows.take(c)) take_row();
      if (next == offsets.size()) return found;
    }
    if (rows.row_bytes() > kMostRecord) {
      found.problem = fmt::format("the CSV has a row of over {} bytes at byte {}", kMostRecord,
                                  rows.row().begin);
      break;
    }
  }
  return found;
}

}  // namespace assay
