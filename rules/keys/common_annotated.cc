// Common annotated keys. Most of their text says what they are:
//
//   52 random | JQQJ9 | 9 | A | E | AAAAAAAAAAAA | AAAB | ACOG | 2itw        84 characters
//               sign.  key year mon   platform    service mark  checksum   (May 2024, Azure OpenAI)
//   |------------------- 80 characters, 60 bytes, hashed ---------|
//
// In 88 characters the checksum has six and `==` stands behind it.
#include <algorithm>
#include <array>

#include "rules/keys/marvin.h"
#include "rules/keys/schemes.h"

namespace assay {

namespace {

constexpr uint64_t kSeed = marvin_seed("Default0");
constexpr size_t kLongChecksum = 6;
constexpr size_t kMarkSize = 4;
constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

using Checksum = std::array<char, kLongChecksum>;

// The four bytes as one big-endian number in base 62, filled with zeros on the right. As the usual
// encoder has it, each byte of zeros in front stands as a zero of its own (`keep_zeros`).
Checksum in_base62(uint32_t marvin, bool keep_zeros) {
  std::array<char, kLongChecksum + 1> reversed{};
  size_t size = 0;
  uint32_t number = __builtin_bswap32(marvin);
  size_t zeros = 0;
  while (keep_zeros && zeros < 3 && number >> (24 - 8 * zeros) == 0) ++zeros;
  do {
    reversed[size++] = kBase62[number % 62];
    number /= 62;
  } while (number > 0);
  while (zeros > 0 && size < kLongChecksum) {
    reversed[size++] = '0';
    --zeros;
  }
  Checksum out;
  out.fill('0');
  for (size_t i = 0; i < size; ++i) out[i] = reversed[size - 1 - i];
  return out;
}

// Six digits hold four bits more than four bytes: an encoder clears them in the last one.
char without_spare_bits(char c) {
  const uint8_t value = kBase64Values[static_cast<unsigned char>(c)];
  return kBase64[value & 0x30];
}

Checksum in_base64(uint32_t marvin) {
  Checksum out;
  uint64_t bits = uint64_t{__builtin_bswap32(marvin)} << 4;
  for (size_t i = kLongChecksum; i > 0; --i, bits >>= 6) out[i - 1] = kBase64[bits & 63];
  return out;
}

bool agrees(const Checksum& made, std::string_view read) {
  if (read.size() < kLongChecksum) return std::equal(read.begin(), read.end(), made.begin());
  return std::equal(made.begin(), made.end() - 1, read.begin()) &&
         (read.back() == made.back() || read.back() == without_spare_bits(made.back()));
}

uint32_t marvin_of(std::string_view hashed) {
  std::array<char, kAnnotatedHashed / 4 * 3> bytes;
  decode_base64(hashed, bytes.data());  // letters and digits only: it does
  return marvin32({bytes.data(), bytes.size()}, kSeed);
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c; }

// Whose provider the key is: its mark is in upper case where the customer manages the key, in lower
// case where Microsoft does.
bool bears(std::string_view text, std::string_view mark) {
  const bool same = std::equal(text.begin(), text.end(), mark.begin(), mark.end(),
                               [](char a, char b) { return lower(a) == lower(b); });
  return same && (std::none_of(text.begin(), text.end(), is_upper) ||
                  std::none_of(text.begin(), text.end(), is_lower));
}

// By the last of the four characters before ACOG, as a base64 digit.
constexpr std::array<std::string_view, 41> kAiServices = {
    "Azure AI services",
    "Azure OpenAI",
    "Azure Anomaly Detector EE",
    "Azure Anomaly Detector",
    "Azure Cognitive Services",
    "Azure Computer Vision",
    "Azure Content Moderator",
    "Azure Content Safety",
    "Azure Custom Vision prediction",
    "Azure Custom Vision training",
    "Azure Face",
    "Azure Form Recognizer",
    "Azure Health Decision Support",
    "Azure Health Insights",
    "Azure Immersive Reader",
    "Azure AI services (internal, all in one)",
    "Azure Knowledge",
    "Azure LUIS authoring",
    "Azure LUIS",
    "Azure Metrics Advisor",
    "Azure Personalizer",
    "Azure QnA Maker",
    "Azure QnA Maker v2",
    "Azure Speaker Recognition",
    "Azure Speech",
    "Azure Speech Translation",
    "Azure Text Analytics",
    "Azure Translator",
    "Azure AI services (test)",
    "Azure Transcription Intelligence",
    "Azure Video Intelligence",
    "Bing Autosuggest",
    "Bing Autosuggest v7",
    "Bing Custom Search",
    "Bing Custom Visual Search",
    "Bing Entity Search",
    "Bing Search",
    "Bing Search v7",
    "Bing Speech",
    "Bing Spell Check",
    "Bing Spell Check v7",
};

struct Provider {
  std::string_view mark;
  std::string_view name;
};
constexpr Provider kProviders[] = {
    {"AZAC", "Azure App Configuration"},
    {"AZFR", "Azure Fluid Relay"},
    {"AZEG", "Azure Event Grid"},
    {"AZDO", "Azure DevOps"},
    {"AZMR", "Azure Mixed Reality"},
    {"AZMP", "Azure Maps"},
    {"AZCS", "Azure Communication Services"},
    {"MSQL", "Azure SQL"},
    {"AZFU", "Azure Functions"},
};

std::string_view mark_of(std::string_view digits) {
  return digits.substr(kAnnotatedMark, kMarkSize);
}

}  // namespace

bool annotated_fields_hold(std::string_view digits) {
  const char variant = digits[kAnnotatedVariant];
  const char month = digits[kAnnotatedMonth];
  const char first = digits[kAnnotatedMark];
  return (variant == '9' || variant == 'D' || variant == 'H') && month >= 'A' && month <= 'L' &&
         (is_upper(first) || is_lower(first));
}

bool annotated_checksum_holds(std::string_view digits) {
  const uint32_t marvin = marvin_of(digits.substr(0, kAnnotatedHashed));
  const std::string_view read = digits.substr(kAnnotatedHashed);
  return agrees(in_base62(marvin, true), read) || agrees(in_base62(marvin, false), read) ||
         agrees(in_base64(marvin), read);
}

std::string annotated_checksum(std::string_view hashed, size_t size) {
  Checksum checksum = in_base62(marvin_of(hashed), true);
  checksum.back() = without_spare_bits(checksum.back());
  return {checksum.data(), std::min(size, checksum.size())};
}

const KeySeed* annotated_seed(std::span<const KeySeed> seeds, std::string_view digits) {
  const KeySeed* any = nullptr;
  for (const KeySeed& seed : seeds) {
    if (seed.mark.empty()) any = &seed;
    if (!seed.mark.empty() && bears(mark_of(digits), seed.mark)) return &seed;
  }
  return any;
}

std::string birth_month(const KeyFamily& family, std::string_view digits) {
  if (family.scheme != KeyScheme::common_annotated || !has_form(family, digits)) return {};
  const auto value = [&](size_t at) { return kBase64.find(digits[at]); };
  const size_t year = 2024 + value(kAnnotatedYear);
  const size_t month = 1 + value(kAnnotatedMonth);
  return std::to_string(year) + (month < 10 ? "-0" : "-") + std::to_string(month);
}

std::string_view service_name(const KeyFamily& family, std::string_view digits) {
  if (family.scheme != KeyScheme::common_annotated || !has_form(family, digits)) return {};
  const std::string_view mark = mark_of(digits);
  for (const Provider& provider : kProviders) {
    if (bears(mark, provider.mark)) return provider.name;
  }
  if (!bears(mark, "ACOG")) return {};
  const std::string_view service = digits.substr(kAnnotatedProvider, kMarkSize);
  const size_t number = kBase64.find(service.back());
  return service.starts_with("AAA") && number < kAiServices.size() ? kAiServices[number]
                                                                   : std::string_view();
}

std::string_view key_variant(const KeyFamily& family, std::string_view digits) {
  if (family.scheme != KeyScheme::common_annotated || !has_form(family, digits)) return {};
  const std::string_view mark = mark_of(digits);
  // Azure SQL's mark was published in lower case only: it tells nothing.
  const bool by_microsoft =
      std::none_of(mark.begin(), mark.end(), is_upper) && !bears(mark, "MSQL");
  switch (digits[kAnnotatedVariant]) {
    case 'D':
      return by_microsoft ? "derived, managed by Microsoft" : "derived";
    case 'H':
      return by_microsoft ? "hash, managed by Microsoft" : "hash";
    default:
      return by_microsoft ? "managed by Microsoft" : "";
  }
}

}  // namespace assay
