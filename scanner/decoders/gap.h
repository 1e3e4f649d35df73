// Gaps: what stands between two pieces of one value.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/decoders/restored.h"

namespace assay {

// What a piece of a value may end and begin with: a key character or `=`.
bool is_piece_character(char c);

// No gap is longer.
inline constexpr size_t kLongestGap = 1024;

// Finds gaps in one text, which must outlive it. One thread.
class GapFinder {
 public:
  // `prefix_choice` as in undo_prefixes, or kNoPrefixes.
  static constexpr int kNoPrefixes = -1;
  explicit GapFinder(std::string_view text, int prefix_choice = kNoPrefixes)
      : text_(text), prefix_choice_(prefix_choice) {}

  // The end of the gap that begins at text[at], which follows a piece character; what begins there
  // begins with one again. `at` if there is no gap. `what` is the kind of the gap. `at` never goes
  // down from call to call; all calls together take linear time.
  size_t find(size_t at, Undone& what);

 private:
  // How far a gap has come.
  struct Chain {
    size_t begin = 0;
    Undone what = Undone::nothing;
    int breaks = 0;
    bool blanks = false;      // holds blanks that are not part of a line's begin or end
    bool line_begin = false;  // stands where a line's prefix may begin
    bool in_indent = false;   // stands within what a line begins with
  };
  // Each gives the end of the part that begins at text[at], or `at`, and adds to `chain`.
  size_t part(size_t at, Chain& chain);
  size_t line_part(size_t at, Chain& chain);
  size_t quote_part(size_t at, Chain& chain);
  size_t tag_part(size_t at, Chain& chain);

  size_t json_record(size_t at);
  void find_field(size_t at);
  size_t line_begin(size_t at);

  std::string_view text_;
  int prefix_choice_;
  std::vector<size_t> failed_;  // where parts of the last chain that came to nothing begin
  size_t next_close_ = 0;       // where the next `>` stands, or the end
  std::pair<size_t, size_t> value_in_tag_{0, 0};  // of a tag that holds a value: where, and its `>`
  size_t lines_seen_ = 0, line_begin_ = 0;        // begin of the line that holds lines_seen_
  size_t fields_seen_ = 0;                        // JSON fields before it are known
  std::string_view field_;                        // the last one, if it is for text: `"log"`
  size_t no_field_before_ = 0;                    // `field_` does not stand again before that
};

// `text` without its gaps. Returns whether there were any. undo_layout and undo_prefixes.
bool take_out_gaps(std::string_view text, int prefix_choice, Restored& out);

// The end of the prefix that the line at text[next] shares with the line at text[line], or `next`.
size_t prefix_end(std::string_view text, size_t line, size_t next, int choice);  // prefixes.cc

}  // namespace assay
