// RE2 matches no byte that is not UTF-8, not even by `.`; Go, whose behaviour the rules of others
// were written for, takes each such byte for one character. So they are made into one that no class
// of words, blanks or digits holds. Overlong forms and surrogates are no characters.
//
//   "pa\xdfwort=\xc3\xa9"  ->  "pa\x1awort=\xc3\xa9"
#include "scanner/valid_text.h"

#include <cstdint>
#include <cstring>

namespace assay {

namespace {

// Bytes of the character at `at`, whose first byte is not ASCII; 0 if there is none.
size_t character_at(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const auto follows = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned lead = byte(0), second = byte(1);
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (lead == 0xE0 && second < 0xA0) return 0;
    if (lead == 0xED && second > 0x9F) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (lead == 0xF0 && second < 0x90) return 0;
    if (lead == 0xF4 && second > 0x8F) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

// The first byte at or behind `at` that is not ASCII, or the end.
size_t skip_ascii(std::string_view text, size_t at) {
  constexpr uint64_t kHigh = 0x8080808080808080u;
  for (; at + 32 <= text.size(); at += 32) {
    uint64_t words[4];
    std::memcpy(words, text.data() + at, sizeof words);
    if (((words[0] | words[1] | words[2] | words[3]) & kHigh) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

std::string_view valid_text(std::string_view text, std::string& buffer) {
  bool copied = false;
  for (size_t at = skip_ascii(text, 0); at < text.size(); at = skip_ascii(text, at)) {
    const size_t length = character_at(text, at);
    at += length;
    if (length > 0) continue;
    if (!copied) buffer.assign(text);
    copied = true;
    buffer[at++] = kNoCharacter;
  }
  return copied ? std::string_view(buffer) : text;
}

}  // namespace assay
