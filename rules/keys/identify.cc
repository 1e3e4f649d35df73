// The table of key families, and the proof.
//
//   ddddddddddddddddddddddddddddddddddddddddddddAzFu 182vhA ==      (published sample)
//   44 random digits                            sign. check  pad
//   |-------- bytes 0..36, hashed ------------------||4 bytes|
#include "rules/keys/identify.h"

#include <openssl/crypto.h>

#include <array>
#include <cassert>

#include "rules/keys/c3id.h"
#include "rules/keys/marvin.h"

namespace assay {

namespace {

constexpr size_t kLongestKey = 64;  // bytes

constexpr std::array kFunctions = {
    KeySeed{marvin_seed("Master00"), "master"},
    KeySeed{marvin_seed("System00"), "system"},
    KeySeed{marvin_seed("Functi00"), "function"},
};

constexpr std::array kFamilies = {
    KeyFamily{"azure-functions", "AzFu", 40, Base64Alphabet::url_safe, kFunctions},
};

constexpr bool fits() {
  for (const KeyFamily& family : kFamilies) {
    if (family.bytes > kLongestKey || family.signature.size() != 4) return false;
  }
  return true;
}
static_assert(fits());

std::string canonical_text(const KeyFamily& family, std::string_view digits) {
  std::array<char, kLongestKey> bytes;
  if (decode_base64(digits, bytes.data())) {
    std::string text = encode_base64({bytes.data(), family.bytes}, family.alphabet);
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return text;
  }
  // Not decodable as it stands (bits left over in the last digit): keep the digits as written.
  return std::string(digits) + std::string(family.padding(), '=');
}

}  // namespace

std::string_view to_string(Confidence confidence) {
  switch (confidence) {
    case Confidence::verified:
      return "verified";
    case Confidence::signature:
      return "signature";
    case Confidence::context:
      return "context";
  }
  return "unknown";
}

std::span<const KeyFamily> key_families() { return kFamilies; }

const KeyFamily* find_family(std::string_view name) {
  for (const KeyFamily& family : kFamilies) {
    if (family.name == name) return &family;
  }
  return nullptr;
}

const KeySeed* verify(const KeyFamily& family, std::string_view digits) {
  assert(digits.size() == family.digits());
  std::array<char, kLongestKey> bytes;
  if (!decode_base64(digits, bytes.data())) return nullptr;
  const size_t hashed = family.bytes - 4u;
  uint32_t wanted = 0;
  for (size_t i = 4; i > 0; --i) {
    wanted = wanted << 8 | static_cast<unsigned char>(bytes[hashed + i - 1]);
  }
  for (const KeySeed& seed : family.seeds) {
    if (marvin32({bytes.data(), hashed}, seed.seed) == wanted) return &seed;
  }
  return nullptr;
}

std::string KeyInfo::fingerprint() const { return c3id(canonical.reveal()); }

std::optional<KeyInfo> identify(std::string_view text) {
  size_t end = text.size();
  while (end > 0 && text[end - 1] == '=') --end;
  const std::string_view digits = text.substr(0, end);
  for (const KeyFamily& family : kFamilies) {
    if (digits.size() != family.digits() || text.size() - end > family.padding()) continue;
    const size_t at = family.signature_end() - family.signature.size();
    if (digits.substr(at, family.signature.size()) != family.signature) continue;
    for (const char c : digits) {
      if (!is_base64_digit(c)) return std::nullopt;
    }
    const KeySeed* seed = verify(family, digits);
    return KeyInfo{&family, seed ? seed->kind : "unknown",
                   seed ? Confidence::verified : Confidence::signature,
                   Secret(canonical_text(family, digits))};
  }
  return std::nullopt;
}

}  // namespace assay
