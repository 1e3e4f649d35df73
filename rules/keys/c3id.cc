#include "rules/keys/c3id.h"

// The only place for hashes. What OpenSSL 3 recommends instead (EVP, and SHA256() which calls it)
// first reads OpenSSL's configuration and loads its providers: 1.4 ms of each start of the program.
// These functions need none of that, and run the same code for the processor.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "rules/keys/base64.h"

namespace assay {

namespace {
constexpr std::string_view kPrefix = "CrossMicrosoftCorrelatingId:";
constexpr size_t kKeptBytes = 15;
}  // namespace

std::array<char, 32> sha256(std::string_view data) {
  std::array<char, 32> digest;
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, data.data(), data.size());
  SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &state);
  return digest;
}

struct Sha256::State {
  SHA256_CTX sum;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { SHA256_Init(&state_->sum); }
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  SHA256_Update(&state_->sum, bytes.data(), bytes.size());
}

std::array<char, 32> Sha256::digest() {
  std::array<char, 32> out;
  SHA256_Final(reinterpret_cast<unsigned char*>(out.data()), &state_->sum);
  return out;
}

std::array<char, 20> sha1(std::string_view data) {
  std::array<char, 20> digest;
  SHA_CTX state;
  SHA1_Init(&state);
  SHA1_Update(&state, data.data(), data.size());
  SHA1_Final(reinterpret_cast<unsigned char*>(digest.data()), &state);
  return digest;
}

std::array<char, 32> hmac_sha256(std::string_view key, std::string_view data) {
  constexpr size_t kBlock = 64;
  std::string block(key);
  if (block.size() > kBlock) {
    const auto digest = sha256(key);
    block.assign(digest.data(), digest.size());
  }
  block.resize(kBlock, '\0');
  std::string inner = block, outer = block;
  for (char& c : inner) c = static_cast<char>(c ^ 0x36);
  for (char& c : outer) c = static_cast<char>(c ^ 0x5c);
  const auto digest = sha256(inner.append(data));
  return sha256(outer.append(digest.data(), digest.size()));
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
