// Base64 with one table for both alphabets: what a key is, its checksum tells, not its alphabet.
#include "rules/keys/base64.h"

namespace assay {

namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<uint8_t, 256> make_values() {
  std::array<uint8_t, 256> values{};
  values.fill(kNoBase64Digit);
  for (uint8_t i = 0; i < 64; ++i) {
    values[static_cast<unsigned char>(kStandard[i])] = i;
    values[static_cast<unsigned char>(kUrlSafe[i])] = i;
  }
  return values;
}

uint32_t value(char c) { return kBase64Values[static_cast<unsigned char>(c)]; }

}  // namespace

constexpr std::array<uint8_t, 256> kBase64Values = make_values();

bool decode_base64(std::string_view digits, char* out) {
  // A non-digit is remembered rather than branched on: nearly every candidate is all digits.
  uint32_t bad = 0;
  const char* in = digits.data();
  size_t groups = digits.size() / 4;
  for (; groups > 0; --groups, in += 4, out += 3) {
    const uint32_t a = value(in[0]), b = value(in[1]), c = value(in[2]), d = value(in[3]);
    bad |= a | b | c | d;
    const uint32_t word = a << 18 | b << 12 | c << 6 | d;
    out[0] = static_cast<char>(word >> 16);
    out[1] = static_cast<char>(word >> 8);
    out[2] = static_cast<char>(word);
  }
  switch (digits.size() % 4) {
    case 1:
      return false;
    case 2: {
      const uint32_t a = value(in[0]), b = value(in[1]);
      bad |= a | b | (b & 15 ? kNoBase64Digit : 0);
      out[0] = static_cast<char>(a << 2 | b >> 4);
      break;
    }
    case 3: {
      const uint32_t a = value(in[0]), b = value(in[1]), c = value(in[2]);
      bad |= a | b | c | (c & 3 ? kNoBase64Digit : 0);
      out[0] = static_cast<char>(a << 2 | b >> 4);
      out[1] = static_cast<char>(b << 4 | c >> 2);
      break;
    }
    default:
      break;
  }
  return (bad & kNoBase64Digit) == 0;
}

std::string encode_base64(std::string_view bytes, Base64Alphabet alphabet, bool pad) {
  const std::string_view digits = alphabet == Base64Alphabet::standard ? kStandard : kUrlSafe;
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t word = 0;
    for (size_t k = 0; k < 3; ++k) {
      word = word << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    const size_t taken = bytes.size() - i < 3 ? bytes.size() - i : 3;
    for (size_t k = 0; k <= taken; ++k) out += digits[word >> (18 - 6 * k) & 63];
    if (pad) out.append(3 - taken, '=');
  }
  return out;
}

}  // namespace assay
