// Wiping and redaction of key values.
#include "rules/keys/secret.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

namespace assay {

namespace {
// How many leading characters a redacted key shows: 18 of 240 random bits.
constexpr size_t kShown = 3;
// Below this length even three characters tell too much.
constexpr size_t kShortest = 16;
}  // namespace

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe();
    value_ = other.value_;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    // A swap of short strings would leave the bytes in the other's own buffer.
    if (other.value_.size() > kInPlace) {
      value_.swap(other.value_);
    } else {
      value_ = other.value_;
      other.wipe();
    }
  }
  return *this;
}

std::string Secret::redacted(std::string_view signature) const {
  const std::string_view shown =
      value_.size() < kShortest ? std::string_view() : std::string_view(value_).substr(0, kShown);
  if (signature.empty()) return fmt::format("{}…({})", shown, value_.size());
  return fmt::format("{}…{}…({})", shown, signature, value_.size());
}

void Secret::wipe() noexcept {
  if (!value_.empty()) OPENSSL_cleanse(value_.data(), value_.size());
  value_.clear();
}

}  // namespace assay
