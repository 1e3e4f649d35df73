// Base64 of exact length, both alphabets at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

enum class Base64Alphabet { standard, url_safe };

// The value of each byte as a digit, kNoBase64Digit for what is none.
inline constexpr uint8_t kNoBase64Digit = 0x80;
extern const std::array<uint8_t, 256> kBase64Values;

// Whether `c` is one of the 64 digits of either alphabet (`+ -` are 62, `/ _` are 63).
inline bool is_base64_digit(char c) {
  return kBase64Values[static_cast<unsigned char>(c)] != kNoBase64Digit;
}

// Decodes unpadded digits of either alphabet, also mixed, into `out`, which must hold
// digits.size() * 3 / 4 bytes. Returns false, with `out` undefined, at a byte that is no digit, at
// a length of 4n+1, or where the bits left over in the last digit are not zero.
bool decode_base64(std::string_view digits, char* out);

// Encodes `bytes`, padded with `=` to a multiple of four unless `pad` is false.
std::string encode_base64(std::string_view bytes, Base64Alphabet alphabet, bool pad = true);

}  // namespace assay
