// Rows and cells of a CSV export with their byte offsets (RFC 4180; also `;` and tab). Own, because
// the libraries at hand give no offsets.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scanner/records/record.h"

namespace assay {

// A cell without its quotes, doubled ones undone, cut at kMostCsvText bytes; UTF-8 (text that is
// not is read as Windows-1252).
struct CsvCell {
  std::string text;
  uint64_t begin = 0, end = 0;  // bytes of the original, quotes included
};
struct CsvRow {
  std::vector<CsvCell> cells;
  uint64_t begin = 0, end = 0;  // its line break included
  bool whole = true;            // false: the export ends inside of a quoted cell
};
inline constexpr size_t kMostCsvText = 1024;
inline constexpr size_t kMostCsvCells = 65'536;

// The header row.
class CsvHeader {
 public:
  // Reads the first row of an export's head. Empty if it has fewer than two cells, or is not a row
  // of names: a name is at most 256 bytes of printable characters.
  static std::optional<CsvHeader> read(std::string_view head);

  char separator() const { return separator_; }
  const std::vector<std::string>& names() const { return names_; }
  bool has(std::string_view name) const { return index(name).has_value(); }
  bool has_all(std::initializer_list<std::string_view> names) const;
  size_t count_of(std::initializer_list<std::string_view> names) const;
  // The first column of that name, in any case.
  std::optional<size_t> index(std::string_view name) const;
  // Of the first column of these names that is there and not empty in `row`; trimmed.
  std::string cell(const CsvRow& row, std::initializer_list<std::string_view> names) const;

 private:
  char separator_ = ',';
  std::vector<std::string> names_;
  std::unordered_map<std::string, size_t> columns_;  // by name in lower case
};

// Makes the record of each offset from the row and column that hold it, once for each cell; the
// header's row gives none. Ends behind the last offset's row.
using CsvRecord = std::function<Record(const CsvHeader&, const CsvRow&, size_t column)>;
FoundRecords find_in_csv(const Export& in, std::span<const uint64_t> offsets,
                         const CsvRecord& record);

}  // namespace assay
