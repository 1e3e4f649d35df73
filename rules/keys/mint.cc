// Making keys: the layout of identify.cc run the other way.
//
//   random bytes → base64 with the signature in it → checksum
//   random bytes → SHA-256 → characters of the form → checksum      (what is no base64)
#include "rules/keys/mint.h"

#include <openssl/crypto.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <map>
#include <optional>

#include "rules/keys/c3id.h"
#include "rules/keys/marvin.h"
#include "rules/keys/schemes.h"

namespace assay {

namespace {

constexpr std::string_view kUrlSafeDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Bytes whose base64 digits end with the signature: the random part is cut off in the middle of a
// byte where the signature's digits begin.
std::string with_signature(const KeyFamily& family, std::string_view random) {
  std::string padded(random);
  padded.resize(family.bytes(), '\0');
  std::string digits = encode_base64(padded, family.alphabet, false);
  const size_t at = family.signature_end() - family.signature.size();
  digits.replace(at, family.signature.size(), family.signature);
  std::string bytes(family.bytes(), '\0');
  decode_base64(digits, bytes.data());
  return bytes;
}

std::string base64_key(const KeyFamily& family, const KeySeed& seed, std::string_view random) {
  std::string bytes = with_signature(family, random);
  const size_t hashed = family.bytes() - 4u;
  uint32_t checksum = marvin32(std::string_view(bytes).substr(0, hashed), seed.seed);
  for (size_t i = 0; i < 4; ++i, checksum >>= 8) bytes[hashed + i] = static_cast<char>(checksum);
  std::string text = encode_base64(bytes, family.alphabet);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return text;
}

// Numbers without end made of some bytes, each as likely as the other: SHA-256 of the bytes and of
// a counter.
class Stream {
 public:
  explicit Stream(std::string_view random) : text_(random.size() + kCounter, '\0') {
    std::copy(random.begin(), random.end(), text_.begin());
  }
  ~Stream() {
    OPENSSL_cleanse(text_.data(), text_.size());
    OPENSSL_cleanse(block_.data(), block_.size());
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  size_t below(size_t bound) {
    for (;;) {
      const size_t byte = next();
      if (byte < 256 / bound * bound) return byte % bound;
    }
  }
  std::string characters(std::string_view alphabet, size_t count) {
    std::string out;
    out.reserve(count);
    while (out.size() < count) out += alphabet[below(alphabet.size())];
    return out;
  }

 private:
  static constexpr size_t kCounter = 4;

  unsigned char next() {
    if (at_ == block_.size()) {
      for (size_t i = 0; i < kCounter; ++i) {
        text_[text_.size() - 1 - i] = static_cast<char>(blocks_ >> (8 * i));
      }
      ++blocks_;
      block_ = sha256(text_);
      at_ = 0;
    }
    return static_cast<unsigned char>(block_[at_++]);
  }

  std::string text_;
  std::array<char, 32> block_{};
  size_t at_ = 32;
  uint32_t blocks_ = 0;
};

// Made in a month of 2024 to 2026.
std::string annotated_key(const KeyFamily& family, const KeySeed& seed, Stream& stream) {
  std::string text = stream.characters(alphabet_of(family), family.signature_at);
  text += family.signature;
  text += '9';
  text += stream.characters("ABC", 1);
  text += stream.characters("ABCDEFGHIJKL", 1);
  text.append(kAnnotatedProvider - kAnnotatedPlatform, 'A');
  text += "AAA";
  text += seed.mark == "ACOG" ? stream.characters("ABEFHKLYab", 1) : "A";
  text += seed.mark.empty() ? "TEST" : seed.mark;
  text += annotated_checksum(text, family.digits() - kAnnotatedHashed);
  text.append(family.padding(), '=');
  return text;
}

// Without a checksum: its characters are as random as the others.
std::string shaped_key(const KeyFamily& family, Stream& stream) {
  std::string text = stream.characters(alphabet_of(family), family.digits());
  text.replace(family.signature_at, family.signature.size(), family.signature);
  constexpr size_t kNumbered = 38;
  if (characters_of(family) == KeyCharacters::hexadecimal && text.size() == kNumbered) {
    text.replace(kNumbered - 2, 2, "-2");
  }
  if (family.padding() == 1) text.back() = 'A';  // no bits left over
  text.append(family.padding(), '=');
  return text;
}

std::string text_key(const KeyFamily& family, const KeySeed& seed, Stream& stream) {
  const size_t random = family.digits() - family.signature_end();
  switch (family.scheme) {
    case KeyScheme::common_annotated:
      return annotated_key(family, seed, stream);
    case KeyScheme::entra: {
      std::string text = shaped_key(family, stream).substr(0, family.digits() - 3);
      return text + entra_checksum(text, seed.seed);
    }
    case KeyScheme::crc32_base62: {
      const std::string text = stream.characters(alphabet_of(family), random - 6);
      return std::string(family.signature) + text + crc32_checksum(text);
    }
    case KeyScheme::devops_pat:
      return with_devops_checksum(stream.characters(alphabet_of(family), random),
                                  static_cast<uint32_t>(seed.seed));
    default:
      return shaped_key(family, stream);
  }
}

// What placeholders name: the first row, or the one of `length` characters with padding.
struct Named {
  const KeyFamily* family = nullptr;
  const KeySeed* seed = nullptr;
};
Named find_kind(std::string_view name, std::string_view kind, size_t length) {
  for (const KeyFamily& family : key_families()) {
    if (length != 0 && family.digits() + family.padding() != length) continue;
    for (const KeySeed& seed : family.seeds) {
      if (family_name(family, seed) == name && seed.kind == kind) return {&family, &seed};
    }
  }
  return {};
}

std::optional<size_t> number_of(std::string_view text) {
  size_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

// `master`, or FAMILY/KIND, or FAMILY/KIND/LENGTH.
Named named_kind(std::string_view what) {
  const size_t slash = what.find('/');
  if (slash == std::string_view::npos) return find_kind("azure-functions", what, 0);
  const std::string_view name = what.substr(0, slash);
  std::string_view kind = what.substr(slash + 1);
  const size_t second = kind.find('/');
  if (second == std::string_view::npos) return find_kind(name, kind, 0);
  const auto length = number_of(kind.substr(second + 1));
  return length ? find_kind(name, kind.substr(0, second), *length) : Named{};
}

std::string digits_of(std::string_view alphabet, size_t count, SeededRandom& random) {
  std::string out;
  while (out.size() < count) out += alphabet[random.below(alphabet.size())];
  return out;
}

std::optional<std::string> digits(std::string_view how, std::string_view what,
                                  SeededRandom& random) {
  const auto number = number_of(what);
  if (!number || *number > 4096) return std::nullopt;
  const size_t count = *number;
  if (how == "hex") return digits_of("0123456789abcdef", count, random);
  const bool padded = count == 55 || count == 56;
  std::string out = digits_of(kUrlSafeDigits, padded ? 54 : count, random);
  out.resize(count, '=');
  return out;
}

// A text that stands for a placeholder; of keys also their family.
struct Value {
  std::string text;
  const KeyFamily* family = nullptr;
};

std::optional<Value> made(std::string_view how, std::string_view what, SeededRandom& random) {
  if (how == "plain" || how == "hex") {
    auto text = digits(how, what, random);
    if (!text) return std::nullopt;
    return Value{std::move(*text)};
  }
  const Named kind = named_kind(what);
  if (kind.family == nullptr) return std::nullopt;
  return Value{mint(*kind.family, *kind.seed, random.bytes(kind.family->bytes() - 7u)),
               kind.family};
}

// One character of the random part changed so that nothing proves the key.
void break_key(Value& key) {
  constexpr size_t kAt = 7;
  if (key.text.size() <= kAt) return;
  const bool upper = key.family == nullptr || is_key_digit(*key.family, 'A');
  const char was = key.text[kAt];
  for (const char c : std::string_view(upper ? "AB" : "abcdef")) {
    if (c == was) continue;
    key.text[kAt] = c;
    if (key.family == nullptr || verify(*key.family, std::string_view(key.text).substr(
                                                         0, key.family->digits())) == nullptr) {
      return;
    }
  }
}

void damage(std::string_view how, Value& key) {
  std::string& text = key.text;
  if (how == "broken") break_key(key);
  if (how == "masked" && key.family != nullptr) {
    text.replace(std::min(key.family->signature_end(), text.size()), 8, "********");
  }
  if (how == "lost" && text.size() > 9) text.erase(9, 1);
  if (how == "bare") text.resize(std::min(text.find('='), text.size()));
}

// What stands for `how:what` or `how:what:name`. `known` holds the values of the text so far, keys
// whole, so that one key can stand there whole, bare and broken.
using Known = std::map<std::string, Value, std::less<>>;
std::optional<std::string> filled(std::string_view how, std::string_view what, Known& known,
                                  SeededRandom& random) {
  constexpr std::string_view kWays[] = {"key", "broken", "bare", "masked", "lost", "plain", "hex"};
  if (std::find(std::begin(kWays), std::end(kWays), how) == std::end(kWays)) return std::nullopt;
  const size_t colon = std::min(what.find(':'), what.size());
  const std::string name(what.substr(std::min(colon + 1, what.size())));
  what = what.substr(0, colon);
  std::optional<Value> value;
  if (const auto before = known.find(name); !name.empty() && before != known.end()) {
    value = before->second;
  } else {
    value = made(how, what, random);
    if (value && !name.empty()) known.emplace(name, *value);
  }
  if (!value) return std::nullopt;
  damage(how, *value);
  return std::move(value->text);
}

}  // namespace

std::string mint(const KeyFamily& family, const KeySeed& seed, std::string_view random) {
  if (family.is_identifiable()) return base64_key(family, seed, random);
  if (family.scheme == KeyScheme::redis) {
    std::string text = base64_key(family, seed, random);
    std::string shown = with_redis_characters(text);
    const bool proven = verify(family, std::string_view(shown).substr(0, family.digits()));
    return proven ? shown : text;  // too much of it was replaced
  }
  Stream stream(random);
  return text_key(family, seed, stream);
}

std::optional<Secret> mint_random(const KeyFamily& family, const KeySeed& seed) {
  std::string random(family.bytes() - 7u, '\0');
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
  Known known;
  while (!text.empty()) {
    const size_t open = std::min(text.find('{'), text.size());
    out += text.substr(0, open);
    text.remove_prefix(open);
    const size_t close = text.find_first_of("}{", 1);
    if (close != std::string_view::npos && text[close] == '}') {
      const std::string_view inner = text.substr(1, close - 1);
      const size_t colon = inner.find(':');
      if (colon != std::string_view::npos) {
        const auto value = filled(inner.substr(0, colon), inner.substr(colon + 1), known, random);
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
