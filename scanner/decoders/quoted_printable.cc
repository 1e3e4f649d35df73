// Quoted-printable, as mails have it, also quoted by a later mail:
//
//   > …?code=3Dddddd=
//   > dddd=3D=3D
//
// `=41` in either case of the digits. A soft break is `=`, blanks that a transport added, the line
// break, and what a quoting or indenting mail put before the next line.
#include "scanner/decoders/hex_digit.h"
#include "scanner/decoders/text_decoders.h"

namespace assay {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Where the line goes on that the soft break at text[at] ends, or `at` if none stands there.
size_t after_soft_break(std::string_view text, size_t at) {
  size_t next = at + 1;
  while (next < text.size() && is_blank(text[next])) ++next;
  if (next == text.size() || (text[next] != '\r' && text[next] != '\n')) return at;
  next += text.substr(next, 2) == "\r\n" ? 2 : 1;
  while (next < text.size() && (is_blank(text[next]) || text[next] == '>')) ++next;
  return next;
}

}  // namespace

bool undo_quoted_printable(std::string_view text, Restored& out) {
  out.clear();
  size_t copied = 0;
  bool joined = false;  // a soft break was taken out directly before
  const auto plain_to = [&](size_t to) {
    const size_t first = out.text.size();
    out.copy(text, copied, to);
    if (joined && out.text.size() > first) {
      out.how[first] = Undone::quoted_printable;
      joined = false;
    }
  };
  for (size_t at = text.find('='); at != text.npos; at = text.find('=', at)) {
    uint32_t byte;
    if (read_hex(text, at + 1, 2, byte)) {
      plain_to(at);
      copied = at + 3;
      out.add(static_cast<char>(byte), at, copied, Undone::quoted_printable);
      joined = false;
    } else if (const size_t next = after_soft_break(text, at); next > at) {
      plain_to(at);
      copied = next;
      joined = true;
    } else {
      ++at;
      continue;
    }
    at = copied;
  }
  plain_to(text.size());
  return copied > 0;
}

}  // namespace assay
