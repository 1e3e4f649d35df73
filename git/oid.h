// What git calls an object: its id and its type.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

// As in packs (gitformat-pack): the numbers are git's.
enum class ObjectType : uint8_t { none = 0, commit = 1, tree = 2, blob = 3, tag = 4 };
std::string_view to_string(ObjectType type);  // "commit"; "none" for none

// An object's SHA-1. Repositories with SHA-256 names are refused (repository.h).
struct Oid {
  static constexpr size_t kSize = 20;
  std::array<unsigned char, kSize> bytes{};

  // The id that stands at `raw`, kSize bytes.
  static Oid from_bytes(const char* raw) {
    Oid oid;
    std::memcpy(oid.bytes.data(), raw, kSize);
    return oid;
  }
  // 40 hexadecimal digits of either case, and nothing else.
  static std::optional<Oid> from_hex(std::string_view text);

  std::string hex() const;
  bool is_zero() const { return *this == Oid{}; }
  // The first bytes as a number: ids are evenly spread.
  uint64_t prefix() const {
    uint64_t value;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }

  friend auto operator<=>(const Oid&, const Oid&) = default;
};

struct OidHash {
  size_t operator()(const Oid& oid) const { return oid.prefix(); }
};

}  // namespace assay
