// The table of key families, and the proof.
//
//   ddddddddddddddddddddddddddddddddddddddddddddAzFu 182vhA ==      (published sample)
//   44 random digits                            sign. check  pad
//   |-------- bytes 0..36, hashed ------------------||4 bytes|
#include "rules/keys/identify.h"

#include <openssl/crypto.h>

#include <array>

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

constexpr std::array kSearch = {
    KeySeed{marvin_seed("Query000"), "query"},
    KeySeed{marvin_seed("PAdmin00"), "admin"},
};
constexpr std::array kMessaging = {
    KeySeed{marvin_seed("Send0000"), "send"},
    KeySeed{marvin_seed("Listen00"), "listen"},
    KeySeed{marvin_seed("Manage00"), "manage"},
};
constexpr std::array kIot = {
    KeySeed{marvin_seed("IoTHub00"), "hub"},
    KeySeed{marvin_seed("DpsKey00"), "device-provisioning"},
    KeySeed{marvin_seed("Device00"), "device"},
};
constexpr std::array kContainerRegistry = {KeySeed{marvin_seed("ACRDflt0"), "access"}};
constexpr std::array kStorage = {KeySeed{marvin_seed("Default0"), "account"}};
constexpr std::array kCosmosDb = {
    KeySeed{marvin_seed("MastRO00"), "master-read-only"},
    KeySeed{marvin_seed("MastRW00"), "master-read-write"},
};
constexpr std::array kBatch = {KeySeed{marvin_seed("AbAcct00"), "account"}};
constexpr std::array kMlClassic = {KeySeed{marvin_seed("Classic0"), "service"}};
constexpr std::array kApiManagement = {
    KeySeed{marvin_seed("Tenant00"), "direct-management"},
    KeySeed{marvin_seed("IoTHub00"), "subscription"},
    KeySeed{marvin_seed("Gatewy00"), "gateway"},
    KeySeed{marvin_seed("GitKey00"), "repository"},
};

constexpr auto kStandard = Base64Alphabet::standard;
constexpr auto kUrlSafe = Base64Alphabet::url_safe;

constexpr std::array kFamilies = {
    KeyFamily{"azure-functions", "AzFu", 40, kUrlSafe, kFunctions},
    KeyFamily{"azure-search", "AzSe", 39, kStandard, kSearch},
    KeyFamily{"azure-service-bus", "+ASb", 32, kStandard, kMessaging},
    KeyFamily{"azure-event-hub", "+AEh", 32, kStandard, kMessaging},
    KeyFamily{"azure-relay", "+ARm", 32, kStandard, kMessaging},
    KeyFamily{"azure-iot", "AIoT", 32, kStandard, kIot},
    KeyFamily{"azure-container-registry", "+ACR", 39, kStandard, kContainerRegistry},
    KeyFamily{"azure-storage", "+ASt", 64, kStandard, kStorage},
    KeyFamily{"azure-cosmos-db", "ACDb", 64, kStandard, kCosmosDb},
    KeyFamily{"azure-batch", "+ABa", 64, kStandard, kBatch},
    KeyFamily{"azure-ml-classic", "+AMC", 64, kStandard, kMlClassic},
    KeyFamily{"azure-api-management", "APIM", 64, kStandard, kApiManagement},
};

constexpr bool fits() {
  for (const KeyFamily& family : kFamilies) {
    if (family.bytes > kLongestKey || family.signature.size() != 4) return false;
  }
  return true;
}
static_assert(fits());

// The digit of the same value in one alphabet.
char digit_in(Base64Alphabet alphabet, char c) {
  const bool standard = alphabet == Base64Alphabet::standard;
  if (c == '+' || c == '-') return standard ? '+' : '-';
  if (c == '/' || c == '_') return standard ? '/' : '_';
  return c;
}

bool has_signature(const KeyFamily& family, std::string_view digits) {
  const size_t at = family.signature_end() - family.signature.size();
  for (size_t i = 0; i < family.signature.size(); ++i) {
    if (digit_in(Base64Alphabet::standard, digits[at + i]) !=
        digit_in(Base64Alphabet::standard, family.signature[i])) {
      return false;
    }
  }
  return true;
}

// Digit by digit and not through bytes: a damaged key may not decode, and it has a canonical text
// all the same.
Secret canonical_text(const KeyFamily& family, std::string_view digits) {
  std::string text;
  text.reserve(digits.size() + family.padding());
  for (const char c : digits) text += digit_in(family.alphabet, c);
  text.append(family.padding(), '=');
  Secret secret(text);
  OPENSSL_cleanse(text.data(), text.size());
  return secret;
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
  std::array<char, kLongestKey> bytes;
  if (digits.size() != family.digits() || !decode_base64(digits, bytes.data())) return nullptr;
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
    if (!has_signature(family, digits)) continue;
    for (const char c : digits) {
      if (!is_base64_digit(c)) return std::nullopt;
    }
    const KeySeed* seed = verify(family, digits);
    return KeyInfo{&family, seed ? seed->kind : "unknown",
                   seed ? Confidence::verified : Confidence::signature,
                   canonical_text(family, digits)};
  }
  return std::nullopt;
}

}  // namespace assay
