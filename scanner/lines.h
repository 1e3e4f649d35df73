// Lines and columns, counted piece by piece.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay {

// What is known of a stretch of bytes that lines and columns need. Stretches add up: counting two
// pieces and appending the second gives what counting them together gives, wherever the cut is, so
// that threads can count parts of one file. Lines end at `\n`.
class LineCounter {
 public:
  // Counts the bytes that follow.
  void advance(std::string_view bytes);

  // As if `next` had been counted after this.
  void append(const LineCounter& next);

  // The first bytes of the blob are a UTF-8 byte order mark, which UTF-16 columns do not count.
  void skip_byte_order_mark() { --tail_units_; }

  uint64_t newlines() const { return newlines_; }
  uint64_t line() const { return newlines_ + 1; }
  uint64_t column() const { return tail_bytes_ + 1; }
  // In UTF-16 code units: one for each byte that begins a character, two where it begins one of
  // four bytes. Bytes of no character count as what they look like.
  uint64_t utf16_column() const {
    return tail_units_ < 0 ? 1 : static_cast<uint64_t>(tail_units_) + 1;
  }

 private:
  uint64_t newlines_ = 0;
  uint64_t tail_bytes_ = 0;  // since the last newline, or since the start
  int64_t tail_units_ = 0;
};

}  // namespace assay
