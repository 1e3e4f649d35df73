#include "git/oid.h"

#include "rules/keys/c3id.h"

namespace assay {

namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

std::string_view to_string(ObjectType type) {
  switch (type) {
    case ObjectType::commit:
      return "commit";
    case ObjectType::tree:
      return "tree";
    case ObjectType::blob:
      return "blob";
    case ObjectType::tag:
      return "tag";
    case ObjectType::none:
      break;
  }
  return "none";
}

std::optional<Oid> Oid::from_hex(std::string_view text) {
  if (text.size() != 2 * kSize) return std::nullopt;
  Oid oid;
  for (size_t i = 0; i < kSize; ++i) {
    const int high = digit(text[2 * i]);
    const int low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    oid.bytes[i] = static_cast<unsigned char>(high << 4 | low);
  }
  return oid;
}

std::string Oid::hex() const {
  return assay::hex({reinterpret_cast<const char*>(bytes.data()), kSize}, HexCase::lower);
}

}  // namespace assay
