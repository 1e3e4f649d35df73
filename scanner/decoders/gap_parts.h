// The parts that gaps are made of. Each function gives the end of the part that begins at text[at],
// or `at` if none begins there; `at` may be the end of `text`. None looks further than 300 bytes.
#pragma once

#include <cstddef>
#include <string_view>

namespace assay {

size_t blanks_end(std::string_view text, size_t at);  // blanks and tabs; the only one without limit
// One line break: `\n`, `\r\n`, `\r`, form feed, and those of Unicode.
size_t break_end(std::string_view text, size_t at);

// A control sequence of a terminal, its ESC as it is or written out: `ESC[31m`, `\x1b[31m`, `^[[K`.
size_t ansi_end(std::string_view text, size_t at);
// A character without ink, as it is or written out: U+200B, `&shy;`, `\u00ad`.
size_t invisible_end(std::string_view text, size_t at);

// The end of a string's literal and the begin of the next: `" + "`, `",⏎  "`, `"'`.
size_t literals_end(std::string_view text, size_t at);
// `"]⏎[1.25, "o", "`
size_t asciicast_end(std::string_view text, size_t at);
// `)-20(`, `) Tj⏎T* (`
size_t pdf_strings_end(std::string_view text, size_t at);
// `?=⏎ =?utf-8?Q?`: the end of an encoded word of a mail's header and the begin of the next
size_t encoded_words_end(std::string_view text, size_t at);
// `2025-11-02T08:00:00.123456789Z stdout P `, at the begin of a line
size_t cri_prefix_end(std::string_view text, size_t at);

// Whether `text` holds something as long as a key, wrapped or not: what is to be searched, and no
// gap.
bool holds_value(std::string_view text);

}  // namespace assay
