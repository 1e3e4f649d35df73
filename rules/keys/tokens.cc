// Tokens that are no base64, and what characters each form has.
//
//   Entra client secret   zzz 8Q~ zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz blP      (published sample)
//                         |----------- 37 hashed ---------------| base 66, the first 3 of 6 digits
//   GitHub, npm           ghp_ | 30 hashed | 6 digits of base 62
//   Azure DevOps          52 digits of base 32; checksum in bytes 22, 8, 7 and 2 of 32
#include <algorithm>
#include <array>

#include "rules/keys/crc32.h"
#include "rules/keys/marvin.h"
#include "rules/keys/schemes.h"

namespace assay {

namespace {

constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kBase66 =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
constexpr std::string_view kBase32 = "abcdefghijklmnopqrstuvwxyz234567";

constexpr size_t kChecksumDigits = 6;
constexpr size_t kEntraShown = 3;

// Six digits, filled on the left.
std::array<char, kChecksumDigits> in_base(std::string_view alphabet, uint32_t number) {
  std::array<char, kChecksumDigits> out;
  for (size_t i = kChecksumDigits; i > 0; --i) {
    out[i - 1] = alphabet[number % alphabet.size()];
    number /= static_cast<uint32_t>(alphabet.size());
  }
  return out;
}

constexpr size_t kDevopsDigits = 52;
constexpr size_t kDevopsBytes = 32;  // and half of one, which counts for nothing
constexpr std::array<size_t, 4> kDevopsChecksum = {22, 8, 7, 2};  // least significant first
using DevopsBytes = std::array<char, kDevopsBytes>;

DevopsBytes devops_bytes(std::string_view digits) {
  DevopsBytes bytes{};
  uint32_t bits = 0;
  size_t count = 0, size = 0;
  for (const char c : digits) {
    bits = bits << 5 | static_cast<uint32_t>(kBase32.find(c) & 31);
    count += 5;
    if (count < 8) continue;
    count -= 8;
    if (size < kDevopsBytes) bytes[size++] = static_cast<char>(bits >> count);
  }
  return bytes;
}

bool is_devops_checksum(size_t at) {
  return std::find(kDevopsChecksum.begin(), kDevopsChecksum.end(), at) != kDevopsChecksum.end();
}

uint32_t devops_crc(const DevopsBytes& bytes) {
  std::array<char, kDevopsBytes - kDevopsChecksum.size()> token;
  size_t size = 0;
  for (size_t i = 0; i < kDevopsBytes; ++i) {
    if (!is_devops_checksum(i)) token[size++] = bytes[i];
  }
  return crc32({token.data(), token.size()});
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

KeyCharacters characters_of(const KeyFamily& family) {
  switch (family.scheme) {
    case KeyScheme::identifiable:
    case KeyScheme::redis:
      return KeyCharacters::base64;
    case KeyScheme::common_annotated:
    case KeyScheme::crc32_base62:
      return KeyCharacters::alphanumeric;
    case KeyScheme::entra:
      return KeyCharacters::unreserved;
    case KeyScheme::devops_pat:
      return KeyCharacters::base32;
    case KeyScheme::none:
      break;
  }
  if (family.signature == "dapi") return KeyCharacters::hexadecimal;
  if (family.signature == "oy2") return KeyCharacters::base32;
  return family.signature == "7Q~" ? KeyCharacters::unreserved : KeyCharacters::base64;
}

bool is_of(KeyCharacters characters, char c) {
  switch (characters) {
    case KeyCharacters::base64:
      return is_base64_digit(c);
    case KeyCharacters::alphanumeric:
      return is_alphanumeric(c);
    case KeyCharacters::unreserved:
      return is_alphanumeric(c) || c == '.' || c == '-' || c == '_' || c == '~';
    case KeyCharacters::base32:
      return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
    case KeyCharacters::hexadecimal:  // and what parts the number at the end
      return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == '-';
  }
  return false;
}

std::string_view alphabet_of(const KeyFamily& family) {
  switch (characters_of(family)) {
    case KeyCharacters::base64:
      return family.alphabet == Base64Alphabet::standard
                 ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
                 : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    case KeyCharacters::alphanumeric:
      return kBase62;
    case KeyCharacters::unreserved:
      return kBase66;
    case KeyCharacters::base32:
      return kBase32;
    case KeyCharacters::hexadecimal:
      return "0123456789abcdef";
  }
  return kBase62;
}

bool entra_checksum_holds(std::string_view digits, uint64_t seed) {
  const size_t hashed = digits.size() - kEntraShown;
  const auto made = in_base(kBase66, marvin32(digits.substr(0, hashed), seed));
  return std::equal(made.begin(), made.begin() + kEntraShown, digits.begin() + hashed);
}

std::string entra_checksum(std::string_view hashed, uint64_t seed) {
  const auto made = in_base(kBase66, marvin32(hashed, seed));
  return {made.data(), kEntraShown};
}

bool crc32_checksum_holds(const KeyFamily& family, std::string_view digits) {
  const size_t end = digits.size() - kChecksumDigits;
  const std::string_view hashed = digits.substr(0, end).substr(family.signature_end());
  const auto made = in_base(kBase62, crc32(hashed));
  return std::equal(made.begin(), made.end(), digits.begin() + end);
}

std::string crc32_checksum(std::string_view hashed) {
  const auto made = in_base(kBase62, crc32(hashed));
  return {made.data(), made.size()};
}

uint32_t devops_seed(std::string_view digits) {
  const DevopsBytes bytes = devops_bytes(digits);
  uint32_t checksum = 0;
  for (size_t i = kDevopsChecksum.size(); i > 0; --i) {
    checksum = checksum << 8 | static_cast<unsigned char>(bytes[kDevopsChecksum[i - 1]]);
  }
  return checksum ^ devops_crc(bytes);
}

std::string with_devops_checksum(std::string_view digits, uint32_t seed) {
  DevopsBytes bytes = devops_bytes(digits);
  uint32_t checksum = devops_crc(bytes) ^ seed;
  for (size_t i = 0; i < kDevopsChecksum.size(); ++i, checksum >>= 8) {
    bytes[kDevopsChecksum[i]] = static_cast<char>(checksum);
  }
  std::string out;
  uint32_t bits = 0;
  size_t count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    for (count += 8; count >= 5; count -= 5) out += kBase32[bits >> (count - 5) & 31];
  }
  out += kBase32[bits << (5 - count) & 31];  // one bit of 256 is left
  return out;
}

}  // namespace assay
