// Names of what was undone, and the two ways to add more than one byte.
#include "scanner/decoders/restored.h"

#include <numeric>

namespace assay {

std::string_view to_string(Undone undone) {
  switch (undone) {
    case Undone::nothing:
      return "nothing";
    case Undone::percent:
      return "percent";
    case Undone::json_escape:
      return "json-escape";
    case Undone::hex_escape:
      return "hex-escape";
    case Undone::octal_escape:
      return "octal-escape";
    case Undone::html_entity:
      return "html-entity";
    case Undone::quoted_printable:
      return "quoted-printable";
    case Undone::utf16le:
      return "utf-16le";
    case Undone::utf16be:
      return "utf-16be";
    case Undone::utf32le:
      return "utf-32le";
    case Undone::utf32be:
      return "utf-32be";
    case Undone::base64:
      return "base64";
    case Undone::base64url:
      return "base64url";
    case Undone::hex:
      return "hex";
    case Undone::decimal_bytes:
      return "decimal-bytes";
    case Undone::line_wrap:
      return "line-wrap";
    case Undone::concatenation:
      return "concatenation";
    case Undone::ansi:
      return "ansi";
    case Undone::invisible:
      return "invisible";
    case Undone::html_tag:
      return "html-tag";
    case Undone::log_prefix:
      return "log-prefix";
    case Undone::log_record:
      return "log-record";
  }
  return "nothing";
}

void Restored::add_code(char32_t code, size_t from, size_t to, Undone what) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  const auto lead = [&](char32_t byte) { add(static_cast<char>(byte), from, to, what); };
  const auto next = [&](int shift) { lead(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    lead(code);
  } else if (code < 0x800) {
    lead(0xC0 | code >> 6);
    next(0);
  } else if (code < 0x10000) {
    lead(0xE0 | code >> 12);
    next(6);
    next(0);
  } else {
    lead(0xF0 | code >> 18);
    next(12);
    next(6);
    next(0);
  }
}

void Restored::copy(std::string_view stretch, size_t from, size_t to) {
  if (from >= to) return;
  const size_t old = text.size();
  const size_t count = to - from;
  text.append(stretch.substr(from, count));
  begin.resize(old + count);
  end.resize(old + count);
  how.resize(old + count, Undone::nothing);
  std::iota(begin.begin() + old, begin.end(), static_cast<uint32_t>(from));
  std::iota(end.begin() + old, end.end(), static_cast<uint32_t>(from + 1));
}

}  // namespace assay
