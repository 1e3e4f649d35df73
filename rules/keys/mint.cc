// Making keys: the layout of identify.cc run the other way.
#include "rules/keys/mint.h"

#include <openssl/crypto.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <map>
#include <optional>

#include "rules/keys/marvin.h"

namespace assay {

namespace {

constexpr std::string_view kUrlSafeDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Bytes whose base64 digits end with the signature: the random part is cut off in the middle of a
// byte where the signature's digits begin.
std::string with_signature(const KeyFamily& family, std::string_view random) {
  std::string padded(random);
  padded.resize(family.bytes, '\0');
  std::string digits = encode_base64(padded, family.alphabet, false);
  const size_t at = family.signature_end() - family.signature.size();
  digits.replace(at, family.signature.size(), family.signature);
  std::string bytes(family.bytes, '\0');
  decode_base64(digits, bytes.data());
  return bytes;
}

const KeySeed* find_seed(const KeyFamily& family, std::string_view kind) {
  for (const KeySeed& seed : family.seeds) {
    if (seed.kind == kind) return &seed;
  }
  return nullptr;
}

std::string digits_of(std::string_view alphabet, size_t count, SeededRandom& random) {
  std::string out;
  while (out.size() < count) out += alphabet[random.below(alphabet.size())];
  return out;
}

std::optional<std::string> functions_key(std::string_view kind, SeededRandom& random) {
  const KeyFamily& family = *find_family("azure-functions");
  const KeySeed* seed = find_seed(family, kind);
  if (seed == nullptr) return std::nullopt;
  return mint(family, *seed, random.bytes(family.bytes - 7u));
}

std::optional<std::string> digits(std::string_view how, std::string_view what,
                                  SeededRandom& random) {
  size_t count = 0;
  const auto parsed = std::from_chars(what.data(), what.data() + what.size(), count);
  if (parsed.ec != std::errc() || parsed.ptr != what.data() + what.size() || count > 4096) {
    return std::nullopt;
  }
  if (how == "hex") return digits_of("0123456789abcdef", count, random);
  const bool padded = count == 55 || count == 56;
  std::string out = digits_of(kUrlSafeDigits, padded ? 54 : count, random);
  out.resize(count, '=');
  return out;
}

// What stands for `how:what` or `how:what:name`. `named` holds the values of the text so far, keys
// whole, so that one key can stand there whole, bare and broken.
using Named = std::map<std::string, std::string, std::less<>>;
std::optional<std::string> filled(std::string_view how, std::string_view what, Named& named,
                                  SeededRandom& random) {
  const size_t colon = std::min(what.find(':'), what.size());
  const std::string name(what.substr(std::min(colon + 1, what.size())));
  what = what.substr(0, colon);
  const bool key =
      how == "key" || how == "broken" || how == "bare" || how == "masked" || how == "lost";
  if (!key && how != "plain" && how != "hex") return std::nullopt;
  std::optional<std::string> value;
  if (const auto known = named.find(name); !name.empty() && known != named.end()) {
    value = known->second;
  } else {
    value = key ? functions_key(what, random) : digits(how, what, random);
    if (value && !name.empty()) named.emplace(name, *value);
  }
  if (value && how == "broken" && value->size() > 7) {
    (*value)[7] = (*value)[7] == 'A' ? 'B' : 'A';
  }
  if (value && how == "masked")
    value->replace(std::min(value->find("AzFu") + 4, value->size()), 8, "********");
  if (value && how == "lost") value->erase(9, 1);
  if (value && how == "bare") value->resize(std::min(value->find('='), value->size()));
  return value;
}

}  // namespace

std::string mint(const KeyFamily& family, const KeySeed& seed, std::string_view random) {
  std::string bytes = with_signature(family, random);
  const size_t hashed = family.bytes - 4u;
  uint32_t checksum = marvin32(std::string_view(bytes).substr(0, hashed), seed.seed);
  for (size_t i = 0; i < 4; ++i, checksum >>= 8) bytes[hashed + i] = static_cast<char>(checksum);
  return encode_base64(bytes, family.alphabet);
}

std::optional<Secret> mint_random(const KeyFamily& family, const KeySeed& seed) {
  std::string random(family.bytes - 7u, '\0');
  for (size_t at = 0; at < random.size();) {
    const ssize_t got = getrandom(random.data() + at, random.size() - at, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    at += static_cast<size_t>(got);
  }
  std::string text = mint(family, seed, random);
  std::optional<Secret> key{Secret(text)};
  OPENSSL_cleanse(text.data(), text.size());
  OPENSSL_cleanse(random.data(), random.size());
  return key;
}

uint64_t SeededRandom::next() {
  uint64_t z = state_ += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

std::string SeededRandom::bytes(size_t count) {
  std::string out;
  while (out.size() < count) out += static_cast<char>(next() >> 32);
  return out;
}

std::string fill_placeholders(std::string_view text, SeededRandom& random) {
  std::string out;
  Named named;
  while (!text.empty()) {
    const size_t open = std::min(text.find('{'), text.size());
    out += text.substr(0, open);
    text.remove_prefix(open);
    const size_t close = text.find_first_of("}{", 1);
    if (close != std::string_view::npos && text[close] == '}') {
      const std::string_view inner = text.substr(1, close - 1);
      const size_t colon = inner.find(':');
      if (colon != std::string_view::npos) {
        const auto value = filled(inner.substr(0, colon), inner.substr(colon + 1), named, random);
        if (value) {
          out += *value;
          text.remove_prefix(close + 1);
          continue;
        }
      }
    }
    out += text.substr(0, 1);
    text.remove_prefix(std::min<size_t>(1, text.size()));
  }
  return out;
}

}  // namespace assay
