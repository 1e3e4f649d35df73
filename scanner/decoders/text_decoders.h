// Layers of disguise that are undone around a hit: one function each, from a stretch to its text.
//
// All of them: linear in the stretch, no failure (what is not in the form that they undo is copied
// as it stands), every byte may be hostile, any thread, no memory but that of `out`. They return
// whether anything was undone. A stretch may begin and end anywhere, also within an escape: only
// its first and last few bytes may then be read otherwise than in the whole text. Where nothing was
// undone, `out` holds a copy of the stretch; that of those with `at` is empty then.
#pragma once

#include <cstddef>
#include <string_view>

#include "scanner/decoders/restored.h"

namespace assay {

// One layer of the escapes of URLs, JSON, C and HTML, whichever stand there: `%2541` becomes `%41`,
// `\\u0041` becomes `\u0041`, `&amp;#65;` becomes `&#65;`, `\/` becomes `/`, `&quot;` `"`.
// Code points over 127 become UTF-8. Not quoted-printable: `=AB` is how many a value begins.
bool undo_escapes(std::string_view text, Restored& out);  // escapes.cc

// `=41` and soft line breaks `=\n`, `=\r\n`, also with blanks or mail quotes behind them.
bool undo_quoted_printable(std::string_view text, Restored& out);  // quoted_printable.cc

// Takes out what stands between two pieces of one value, wherever a piece ends in a key character
// (is_key_character of runs.h, or `=`) and the next begins with one:
// - line breaks with indents, mail quotes `> > `, `|` of tables, YAML folds, `\` continuations,
//   terminal wraps (trailing blanks);
// - `" + "`, `' . '`, `" & _⏎ "`, `", "`, `",⏎ "` (arrays of lines, also with `\n` before the
//   quote), adjacent literals `"⏎ "`, heredoc-like continuations;
// - terminal colours and other CSI/OSC sequences; zero-width characters, soft hyphens, BOM,
//   directional marks, non-breaking and other blanks of Unicode; also as entities (`&shy;`,
//   `&#8203;`, `&zwj;`, `&nbsp;`);
// - HTML tags, one or several (`<wbr>`, `<br/>`, `</span><span class="x">`), at most 256 bytes
// each;
// - records of their own: docker's `","stream":"stdout","time":"…"}⏎{"log":"`, CRI's
//   `⏎TIME stdout P `, asciicast's `"]⏎[1.25, "o", "`, document nodes
//   `","marks":[…]},{"type":"text","text":"`; strings of PDF text arrays `)-20(`.
// A plain blank alone is never taken out.
bool undo_layout(std::string_view text, Restored& out);  // layout.cc

// As undo_layout, and a line break may be followed by the prefix that the log writes on each line:
// what both lines begin with, digits counting as equal. `choice` 0, 1, 2: how much of what could
// still be prefix is taken for value, from the last blank or bracket in it backward.
inline constexpr int kPrefixChoices = 3;
bool undo_prefixes(std::string_view text, int choice, Restored& out);  // prefixes.cc

// UTF-16 or UTF-32, either byte order: the stretch of it around text[at], which is the byte of an
// ASCII character. Ends where units stop being plain text. At most `before` and `after` bytes to
// each side are looked at. Within a long text without a mark, a window does not tell the order:
// then it is little-endian, or big-endian if `big`: give whether text[at] has an odd offset in its
// blob.
bool undo_wide(std::string_view text, size_t at, size_t before, size_t after, Restored& out,
               bool big = false);  // wide.cc

// Base64 of either alphabet, also wrapped with line breaks, indents and mail quotes: the stretch of
// it around text[at]. `phase` is how many digits stand between the begin of a group of four and
// text[at] (0 to 3), counted over digits only. Groups that decode to nothing plain are kept.
bool undo_base64(std::string_view text, size_t at, int phase, size_t before, size_t after,
                 Restored& out);  // base64_text.cc

// Hexadecimal digits around text[at], which is the first digit of a byte: in a row, or with blanks,
// `:`, `-`, `,`, `0x`, `\x` between the bytes, or the lines of hexdump -C, xxd, od -tx1, Format-Hex
// (offsets and the text column are left out); also decimal bytes with commas or blanks.
bool undo_hex(std::string_view text, size_t at, size_t before, size_t after,
              Restored& out);  // hex_text.cc

// The hexadecimal column of the listing of two lines or more whose lines stand around text[at],
// which may be any place in one of them, also in the text column.
bool undo_listing(std::string_view text, size_t at, size_t before, size_t after,
                  Restored& out);  // hex_listing.cc

}  // namespace assay
