// C3ID, the fingerprint under which two parties can speak of one key without showing it.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace assay {

// base64(sha256("CrossMicrosoftCorrelatingId:" + UPPERHEX(sha256(text)))[0..15)): 20 characters,
// standard alphabet. `text` is a key's canonical text, UTF-8. Source: microsoft/security-utilities
// (public); vectors in tests/data/c3id.txt. An unkeyed hash: never call it for a value that a
// person may have chosen, since a guess could be checked against it. Any thread.
std::string c3id(std::string_view text);

// The bytes of SHA-256 and of SHA-1, which names git's objects. OpenSSL does the work.
std::array<char, 32> sha256(std::string_view data);
std::array<char, 20> sha1(std::string_view data);

// HMAC with SHA-256 (RFC 2104): a hash that only who has `key` can compute. Any thread.
std::array<char, 32> hmac_sha256(std::string_view key, std::string_view data);

// SHA-256 of bytes that come in pieces. `digest` ends it: nothing may be added after it.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(std::string_view bytes);
  std::array<char, 32> digest();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Bytes as hexadecimal digits, in upper or lower case.
enum class HexCase { lower, upper };
std::string hex(std::string_view bytes, HexCase letters);

}  // namespace assay
