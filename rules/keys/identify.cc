// The table of key families, and the proof. What the schemes beside plain base64 do is in redis.cc,
// common_annotated.cc and tokens.cc.
//
//   ddddddddddddddddddddddddddddddddddddddddddddAzFu 182vhA ==      (published sample)
//   44 random digits                            sign. check  pad
//   |-------- bytes 0..36, hashed ------------------||4 bytes|
#include "rules/keys/identify.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "rules/keys/c3id.h"
#include "rules/keys/marvin.h"
#include "rules/keys/schemes.h"

namespace assay {

namespace {

constexpr size_t kLongestKey = 64;  // bytes of base64

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
constexpr std::array kRedis = {KeySeed{marvin_seed("Access00"), "access"}};
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

// One seed for all: the provider's mark tells whose key it is. AZFU is kept for Functions, whose
// keys have another form so far; the last is of providers that are not known here.
constexpr KeySeed annotated(std::string_view family, std::string_view mark) {
  return {marvin_seed("Default0"), "common-annotated", family, mark};
}
constexpr std::array kAnnotated = {
    annotated("azure-app-configuration", "AZAC"),
    annotated("azure-fluid-relay", "AZFR"),
    annotated("azure-event-grid", "AZEG"),
    annotated("azure-devops-pat", "AZDO"),
    annotated("azure-mixed-reality", "AZMR"),
    annotated("azure-maps", "AZMP"),
    annotated("azure-communication-services", "AZCS"),
    annotated("azure-ai-services", "ACOG"),
    annotated("azure-sql", "msql"),
    annotated({}, "AZFU"),
    annotated({}, {}),
};

constexpr std::array kEventGrid = {KeySeed{0, "access"}};  // its seed is not published
constexpr std::array kEntra = {KeySeed{marvin_seed("AadPwd00"), "client-secret"}};
constexpr std::array kOlderEntra = {KeySeed{0, "client-secret"}};
constexpr std::array kToken = {KeySeed{0, "token"}};
constexpr std::array kDevops = {KeySeed{0xE0B9692D, "user"}, KeySeed{0x1019F92E, "application"}};

constexpr auto kStandard = Base64Alphabet::standard;
constexpr auto kUrlSafe = Base64Alphabet::url_safe;

// A row of base64 of so many bytes: six digits follow the signature.
constexpr KeyFamily base64(std::string_view name, std::string_view signature, size_t bytes,
                           Base64Alphabet alphabet, std::span<const KeySeed> seeds,
                           KeyScheme scheme = KeyScheme::identifiable) {
  const auto length = static_cast<uint8_t>((bytes * 8 + 5) / 6);
  const auto signature_at = static_cast<uint8_t>((bytes - 4) * 8 / 6 - signature.size());
  return {name,     signature, signature_at, length, static_cast<uint8_t>((3 - bytes % 3) % 3),
          alphabet, scheme,    seeds};
}

constexpr KeyFamily text(std::string_view name, std::string_view signature, uint8_t signature_at,
                         uint8_t length, KeyScheme scheme, std::span<const KeySeed> seeds,
                         uint8_t pad = 0) {
  return {name, signature, signature_at, length, pad, kStandard, scheme, seeds};
}

constexpr std::array kFamilies = {
    base64("azure-functions", "AzFu", 40, kUrlSafe, kFunctions),
    base64("azure-search", "AzSe", 39, kStandard, kSearch),
    base64("azure-service-bus", "+ASb", 32, kStandard, kMessaging),
    base64("azure-event-hub", "+AEh", 32, kStandard, kMessaging),
    base64("azure-relay", "+ARm", 32, kStandard, kMessaging),
    base64("azure-iot", "AIoT", 32, kStandard, kIot),
    base64("azure-container-registry", "+ACR", 39, kStandard, kContainerRegistry),
    base64("azure-storage", "+ASt", 64, kStandard, kStorage),
    base64("azure-cosmos-db", "ACDb", 64, kStandard, kCosmosDb),
    base64("azure-batch", "+ABa", 64, kStandard, kBatch),
    base64("azure-ml-classic", "+AMC", 64, kStandard, kMlClassic),
    base64("azure-api-management", "APIM", 64, kStandard, kApiManagement),
    base64("azure-cache-for-redis", "AzCa", 32, kStandard, kRedis, KeyScheme::redis),
    base64("azure-event-grid", "AZEG", 32, kStandard, kEventGrid, KeyScheme::none),
    // The first 84 characters of each key of 88 prove themselves as well: the longer one is the
    // key.
    text("azure-common-annotated", "JQQJ9", 52, 84, KeyScheme::common_annotated, kAnnotated),
    text("azure-common-annotated", "JQQJ9", 52, 86, KeyScheme::common_annotated, kAnnotated, 2),
    text("entra-client-secret", "8Q~", 3, 40, KeyScheme::entra, kEntra),
    text("entra-client-secret", "7Q~", 3, 37, KeyScheme::none, kOlderEntra),
    text("github-personal-access-token", "ghp_", 0, 40, KeyScheme::crc32_base62, kToken),
    text("github-oauth-token", "gho_", 0, 40, KeyScheme::crc32_base62, kToken),
    text("github-user-to-server-token", "ghu_", 0, 40, KeyScheme::crc32_base62, kToken),
    text("github-app-server-token", "ghs_", 0, 40, KeyScheme::crc32_base62, kToken),
    text("github-refresh-token", "ghr_", 0, 40, KeyScheme::crc32_base62, kToken),
    text("npm-access-token", "npm_", 0, 40, KeyScheme::crc32_base62, kToken),
    text("azure-devops-pat", "", 1, 52, KeyScheme::devops_pat, kDevops),
    text("nuget-api-key", "oy2", 0, 46, KeyScheme::none, kToken),
    text("databricks-token", "dapi", 0, 36, KeyScheme::none, kToken),
    text("databricks-token", "dapi", 0, 38, KeyScheme::none, kToken),
};

// What the code that goes over these rows takes for granted.
constexpr bool fits() {
  for (const KeyFamily& family : kFamilies) {
    if (family.seeds.empty() || family.signature_end() > family.digits()) return false;
    if (!family.is_identifiable()) continue;
    if (family.bytes() > kLongestKey || family.signature.size() != 4) return false;
    if (family.seeds.size() > 4 || family.digits_after() != 6) return false;
  }
  return true;
}
static_assert(fits());

bool is_base64(const KeyFamily& family) { return characters_of(family) == KeyCharacters::base64; }

// The digit of the same value in one alphabet.
char digit_in(Base64Alphabet alphabet, char c) {
  const bool standard = alphabet == Base64Alphabet::standard;
  if (c == '+' || c == '-') return standard ? '+' : '-';
  if (c == '/' || c == '_') return standard ? '/' : '_';
  return c;
}

// Digit by digit and not through bytes: a damaged key may not decode, and it has a canonical text
// all the same.
Secret canonical_text(const KeyFamily& family, std::string_view digits) {
  std::string text;
  text.reserve(digits.size() + family.padding());
  const bool base64 = is_base64(family);
  for (const char c : digits) text += base64 ? digit_in(family.alphabet, c) : c;
  text.append(family.padding(), '=');
  Secret secret(text);
  OPENSSL_cleanse(text.data(), text.size());
  return secret;
}

bool has_signature(const KeyFamily& family, std::string_view digits) {
  const std::string_view read = digits.substr(family.signature_at, family.signature.size());
  if (!is_base64(family)) return read == family.signature;
  return std::equal(read.begin(), read.end(), family.signature.begin(), [](char a, char b) {
    return digit_in(Base64Alphabet::standard, a) == digit_in(Base64Alphabet::standard, b);
  });
}

// What a family asks for beyond characters and signature.
bool has_fields(const KeyFamily& family, std::string_view digits) {
  if (family.scheme == KeyScheme::common_annotated) return annotated_fields_hold(digits);
  if (characters_of(family) != KeyCharacters::hexadecimal) return true;
  const size_t dash = digits.find('-');
  constexpr size_t kHexadecimal = 36;  // with the prefix
  if (digits.size() == kHexadecimal) return dash == std::string_view::npos;
  return dash == kHexadecimal && digits.back() >= '0' && digits.back() <= '9';
}

const KeySeed* verify_identifiable(const KeyFamily& family, std::string_view digits) {
  std::array<char, kLongestKey> bytes;
  if (digits.size() != family.digits() || !decode_base64(digits, bytes.data())) return nullptr;
  const size_t hashed = family.bytes() - 4u;
  uint32_t wanted = 0;
  for (size_t i = 4; i > 0; --i) {
    wanted = wanted << 8 | static_cast<unsigned char>(bytes[hashed + i - 1]);
  }
  for (const KeySeed& seed : family.seeds) {
    if (marvin32({bytes.data(), hashed}, seed.seed) == wanted) return &seed;
  }
  return nullptr;
}

const KeySeed* verify_other(const KeyFamily& family, std::string_view digits) {
  const KeySeed& seed = family.seeds.front();
  switch (family.scheme) {
    case KeyScheme::redis:
      return redis_checksum_holds(digits, seed.seed) ? &seed : nullptr;
    case KeyScheme::common_annotated:
      if (!has_form(family, digits) || !annotated_checksum_holds(digits)) return nullptr;
      return annotated_seed(family.seeds, digits);
    case KeyScheme::entra:
      return has_form(family, digits) && entra_checksum_holds(digits, seed.seed) ? &seed : nullptr;
    case KeyScheme::crc32_base62:
      return has_form(family, digits) && crc32_checksum_holds(family, digits) ? &seed : nullptr;
    case KeyScheme::devops_pat: {
      if (!has_form(family, digits)) return nullptr;
      const uint32_t number = devops_seed(digits);
      const auto of_number = [&](const KeySeed& one) { return one.seed == number; };
      const auto found = std::find_if(family.seeds.begin(), family.seeds.end(), of_number);
      return found != family.seeds.end() ? &*found : nullptr;
    }
    case KeyScheme::identifiable:
    case KeyScheme::none:
      break;
  }
  return nullptr;
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

bool is_family_name(std::string_view name) {
  return std::any_of(kFamilies.begin(), kFamilies.end(), [&](const KeyFamily& family) {
    return family.name == name ||
           std::any_of(family.seeds.begin(), family.seeds.end(),
                       [&](const KeySeed& seed) { return !name.empty() && seed.family == name; });
  });
}

// Asked of each character around each signature: a table for each row.
bool is_key_digit(const KeyFamily& family, char c) {
  using Digits = std::array<std::array<bool, 256>, kFamilies.size()>;
  static const Digits digits = [] {
    Digits made{};
    for (size_t row = 0; row < kFamilies.size(); ++row) {
      const KeyCharacters characters = characters_of(kFamilies[row]);
      for (size_t i = 0; i < 256; ++i) {
        const char digit = static_cast<char>(i);
        made[row][i] = is_of(characters, digit) ||
                       kFamilies[row].signature.find(digit) != std::string_view::npos;
      }
    }
    return made;
  }();
  return digits[static_cast<size_t>(&family - kFamilies.data())][static_cast<unsigned char>(c)];
}

bool has_form(const KeyFamily& family, std::string_view digits) {
  if (digits.size() != family.digits() || !has_signature(family, digits)) return false;
  const KeyCharacters characters = characters_of(family);
  for (size_t i = 0; i < digits.size(); ++i) {
    const bool in_signature = i >= family.signature_at && i < family.signature_end();
    if (!in_signature && !is_of(characters, digits[i])) return false;
  }
  return has_fields(family, digits);
}

const KeySeed* seed_of_form(const KeyFamily& family, std::string_view digits) {
  const bool tells = family.scheme == KeyScheme::common_annotated || family.seeds.size() == 1;
  if (!tells || !has_form(family, digits)) return nullptr;
  return family.seeds.size() == 1 ? &family.seeds.front() : annotated_seed(family.seeds, digits);
}

const KeySeed* verify(const KeyFamily& family, std::string_view digits) {
  return family.is_identifiable() ? verify_identifiable(family, digits)
                                  : verify_other(family, digits);
}

double proof_by_chance(const KeyFamily& family) {
  switch (family.scheme) {
    case KeyScheme::redis:
      return std::ldexp(1.0, static_cast<int>(kMostReplaced) - 32);
    case KeyScheme::common_annotated:  // in base 62 or in base 64, with and without spare bits
      return 3 * std::pow(62, -static_cast<double>(family.digits() - kAnnotatedHashed));
    case KeyScheme::entra:
      return std::pow(66, -3);
    case KeyScheme::none:
      return 0;
    default:
      return std::ldexp(static_cast<double>(family.seeds.size()), -32);
  }
}

std::string KeyInfo::fingerprint() const { return c3id(canonical.reveal()); }

std::optional<KeyInfo> identify(std::string_view text) {
  size_t end = text.size();
  while (end > 0 && text[end - 1] == '=') --end;
  const std::string_view digits = text.substr(0, end);
  std::optional<KeyInfo> by_form;
  for (const KeyFamily& family : kFamilies) {
    if (digits.size() != family.digits() || text.size() - end > family.padding()) continue;
    if (!has_form(family, digits)) continue;
    if (const KeySeed* seed = verify(family, digits)) {
      return KeyInfo{&family, seed, seed->kind, Confidence::verified,
                     canonical_text(family, digits)};
    }
    if (by_form || family.signature.empty()) continue;
    const KeySeed* seed = seed_of_form(family, digits);
    by_form = KeyInfo{&family, seed, seed != nullptr ? seed->kind : "unknown",
                      Confidence::signature, canonical_text(family, digits)};
  }
  return by_form;
}

}  // namespace assay
