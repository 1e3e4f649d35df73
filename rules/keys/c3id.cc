#include "rules/keys/c3id.h"

#include <openssl/sha.h>

#include "rules/keys/base64.h"

namespace assay {

namespace {
constexpr std::string_view kPrefix = "CrossMicrosoftCorrelatingId:";
constexpr size_t kKeptBytes = 15;
}  // namespace

std::array<char, 32> sha256(std::string_view data) {
  std::array<char, 32> digest;
  // The one-shot call, which OpenSSL 3 keeps: it needs no provider to be fetched, and that is a
  // third of the cost of hashing one key.
  SHA256(reinterpret_cast<const unsigned char*>(data.data()), data.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string hex(std::string_view bytes, HexCase letters) {
  const char* digits = letters == HexCase::lower ? "0123456789abcdef" : "0123456789ABCDEF";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string c3id(std::string_view text) {
  const auto inner = sha256(text);
  std::string outer(kPrefix);
  outer += hex({inner.data(), inner.size()}, HexCase::upper);
  const auto digest = sha256(outer);
  return encode_base64({digest.data(), kKeptBytes}, Base64Alphabet::standard);
}

}  // namespace assay
