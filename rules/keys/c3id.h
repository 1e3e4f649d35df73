// C3ID, the fingerprint under which two parties can speak of one key without showing it.
#pragma once

#include <array>
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

// Bytes as hexadecimal digits, in upper or lower case.
enum class HexCase { lower, upper };
std::string hex(std::string_view bytes, HexCase letters);

}  // namespace assay
