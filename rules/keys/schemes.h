// The schemes beside plain base64, one function a question. Only identify.cc, mint.cc and the tests
// of this folder look here; all others ask identify.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "rules/keys/identify.h"

namespace assay {

// The characters that may stand in a family's texts beside its signature.
enum class KeyCharacters : uint8_t { base64, alphanumeric, unreserved, base32, hexadecimal };
KeyCharacters characters_of(const KeyFamily& family);
bool is_of(KeyCharacters characters, char c);
// Those that the family's generator draws from, in the alphabet that it writes.
std::string_view alphabet_of(const KeyFamily& family);

// Common annotated keys (common_annotated.cc): 84 or 86 characters.
inline constexpr size_t kAnnotatedVariant = 57;   // `9`, `D` or `H`
inline constexpr size_t kAnnotatedYear = 58;      // A = 2024
inline constexpr size_t kAnnotatedMonth = 59;     // A to L
inline constexpr size_t kAnnotatedPlatform = 60;  // 12 characters
inline constexpr size_t kAnnotatedProvider = 72;  // 4 characters: of Azure AI the service
inline constexpr size_t kAnnotatedMark = 76;      // 4 characters
inline constexpr size_t kAnnotatedHashed = 80;    // characters that the checksum is made of

// What the form asks for beside characters and signature.
bool annotated_fields_hold(std::string_view digits);
bool annotated_checksum_holds(std::string_view digits);
// The checksum of the first 80 characters, `size` characters of it: 4 or 6.
std::string annotated_checksum(std::string_view hashed, size_t size);
// The seed of the provider whose mark stands in `digits`, in upper or in lower case; else the one
// without a mark.
const KeySeed* annotated_seed(std::span<const KeySeed> seeds, std::string_view digits);

// Azure Cache for Redis (redis.cc). The replacement may hide 2^k keys: k is at most kMostReplaced
// of the characters before the checksum; where more are in doubt, only the text itself is tried.
inline constexpr size_t kMostReplaced = 8;
bool redis_checksum_holds(std::string_view text, uint64_t seed);
// The text as the service shows it.
std::string with_redis_characters(std::string text);

// Tokens (tokens.cc).
bool entra_checksum_holds(std::string_view digits, uint64_t seed);
std::string entra_checksum(std::string_view hashed, uint64_t seed);  // 3 characters
bool crc32_checksum_holds(const KeyFamily& family, std::string_view digits);
std::string crc32_checksum(std::string_view hashed);  // 6 characters
// Of 52 base-32 digits the number that the CRC-32 of their token was xored with to give the
// checksum among them; compared with a seed. And the digits with the checksum under a seed set.
uint32_t devops_seed(std::string_view digits);
std::string with_devops_checksum(std::string_view digits, uint32_t seed);

}  // namespace assay
