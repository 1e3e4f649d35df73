// A stretch of text with one layer of disguise undone, and where each of its bytes came from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// What was undone for a byte, or directly before it. The names stand in reports as `encoding`.
enum class Undone : uint8_t {
  nothing,
  percent,           // %41
  json_escape,       // \u0041 \" \/ \\ \n: what JSON, JavaScript and C share
  hex_escape,        // \x41
  octal_escape,      // \101
  html_entity,       // &#65; &#x41; &equals;
  quoted_printable,  // =41, and the soft break `=\n`
  utf16le,
  utf16be,
  utf32le,
  utf32be,
  base64,
  base64url,
  hex,            // 417a4675, 41 7a 46 75, 0x41, 0x7a; hexdump and xxd listings
  decimal_bytes,  // 65, 122, 70, 117
  line_wrap,      // a line break with indent, mail quotes, `\`: and the like
  concatenation,  // "…" + "…", "…", "…" and adjacent literals
  ansi,           // terminal colours
  invisible,      // zero-width characters, soft hyphens, non-breaking spaces
  html_tag,       // <wbr>, </span><span …>
  log_prefix,     // what a log writes at the begin of each line, between two pieces
  log_record,     // pieces in records of their own: docker, CRI, asciicast
};
std::string_view to_string(Undone undone);  // "percent", "json-escape", "utf-16le", "line-wrap" …

// `text[i]` was made of the bytes [begin[i], end[i]) of the stretch that was decoded; `how[i]` says
// what was undone for it or was taken out directly before it. All four have the same length;
// `begin` and `end` never go down. Reused from call to call: a decoder clears it first.
struct Restored {
  std::string text;
  std::vector<uint32_t> begin, end;
  std::vector<Undone> how;

  void clear() {
    text.clear();
    begin.clear();
    end.clear();
    how.clear();
  }
  void add(char c, size_t from, size_t to, Undone what) {
    text.push_back(c);
    begin.push_back(static_cast<uint32_t>(from));
    end.push_back(static_cast<uint32_t>(to));
    how.push_back(what);
  }
  // Adds the UTF-8 of a code point; each of its bytes was made of [from, to). What is no code point
  // becomes U+FFFD.
  void add_code(char32_t code, size_t from, size_t to, Undone what);
  // Adds stretch[from, to) as it stands.
  void copy(std::string_view stretch, size_t from, size_t to);
};

// A stretch is never longer than this, and a decoder's output not either.
inline constexpr size_t kMostStretch = size_t{1} << 20;

}  // namespace assay
