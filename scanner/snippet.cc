#include "scanner/snippet.h"

#include <algorithm>

namespace assay {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The length of the UTF-8 character at the front of `bytes`, or 0 if none is well-formed there.
size_t character_length(std::string_view bytes) {
  const auto byte = [&](size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u;
  };
  const unsigned first = byte(0);
  const auto tail = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool short_form = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return tail(1) && tail(2) && !short_form && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool short_form = first == 0xF0 && byte(1) < 0x90;
    const bool beyond = first == 0xF4 && byte(1) >= 0x90;
    return tail(1) && tail(2) && tail(3) && !short_form && !beyond ? 4 : 0;
  }
  return 0;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

}  // namespace

Span snippet_piece(std::string_view text, Span key) {
  const size_t reach = std::min(key.begin, kSnippetWholeLine);
  const size_t newline = text.substr(key.begin - reach, reach).rfind('\n');
  size_t begin = key.begin - reach;
  if (newline != std::string_view::npos) {
    begin += newline + 1;
  } else if (begin > 0) {
    begin = key.begin - kSnippetReach;
    while (begin < key.begin && continues(text[begin])) ++begin;
  }
  const std::string_view after = text.substr(key.end, kSnippetWholeLine);
  size_t end = key.end + std::min(after.find('\n'), after.size());
  if (end == key.end + kSnippetWholeLine && end < text.size() && text[end] != '\n') {
    end = key.end + kSnippetReach;
    while (end > key.end && continues(text[end])) --end;
  }
  if (end > key.end && text[end - 1] == '\r') --end;
  return {begin, end};
}

std::string snippet_text(std::string_view bytes) {
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const size_t length = character_length(bytes);
    if (length == 0 || (length == 1 && is_control(bytes[0]))) {
      out += kReplacement;
      bytes.remove_prefix(1);
    } else {
      out += bytes.substr(0, length);
      bytes.remove_prefix(length);
    }
  }
  return out;
}

}  // namespace assay
