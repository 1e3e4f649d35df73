// What readers of exports share: stretches and lines around an offset, names in a path, and text of
// other character sets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scanner/records/record.h"

namespace assay {

// The bytes from `begin` on, at most `length`; fewer only at the end or if reading fails.
std::string stretch(const Export& in, uint64_t begin, size_t length);

// A line of an export, without its line break.
struct Line {
  uint64_t begin = 0;
  std::string text;
  uint64_t end() const { return begin + text.size(); }  // where its line break stands
};

// Gives the lines around ascending offsets. Reads no byte more than a few times, however the
// offsets lie, and holds at most kMostRecord.
class LineFinder {
 public:
  explicit LineFinder(const Export& in) : in_(in) {}

  // The line that holds `offset`; null if it is longer than kMostRecord. Valid until the next call.
  const Line* at(uint64_t offset);
  // Half a sentence if a line was too long, else empty.
  const std::string& problem() const { return problem_; }

 private:
  bool find_begin(uint64_t offset);
  bool find_end(uint64_t offset);

  const Export& in_;
  Line line_;
  bool known_ = false;
  uint64_t too_long_from_ = 0, too_long_to_ = 0;  // no line break between
  std::string problem_;
};

// Gives all lines in order, from the start.
class LineReader {
 public:
  explicit LineReader(const Export& in) : in_(in) {}

  // The next line into `line`, at most `most` bytes of it; false at the end. `length` is that of
  // the whole line, its line break counted.
  bool next(std::string_view& line, uint64_t& begin, uint64_t& length, size_t most);
  uint64_t at() const { return base_ + at_; }

 private:
  bool fill();

  const Export& in_;
  std::string buffer_;
  uint64_t base_ = 0;  // offset of the buffer's first byte
  size_t at_ = 0;
};

// Of `a.zip!/mail/in.mbox`: `in.mbox`, and `in`. Of a name without a dot, or with nothing before
// it, the stem is the name.
std::string_view file_name(std::string_view path);
std::string_view file_stem(std::string_view path);
// Whether the name ends so, in any case. `suffix` is in lower case.
bool has_suffix(std::string_view path, std::string_view suffix);

// Without spaces, tabs and line breaks at either end.
std::string_view without_spaces(std::string_view text);
std::string lower_case(std::string_view text);
bool starts_with_nocase(std::string_view text, std::string_view lower);

// All of `text` is a number of at least one digit that fits in 19 digits.
std::optional<uint64_t> decimal(std::string_view text);

bool is_utf8(std::string_view text);
void append_utf8(std::string& out, char32_t code);
// The code point of a byte in Windows-1252, which has all of Latin-1 but some controls.
char32_t windows_1252(unsigned char byte);
std::string from_windows_1252(std::string_view text);
// `text` if it is UTF-8, else read as Windows-1252.
std::string utf8_or_1252(std::string_view text);
std::string from_utf16(std::string_view text, bool big_endian);

}  // namespace assay
