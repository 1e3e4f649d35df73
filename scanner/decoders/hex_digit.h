// Hexadecimal digits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assay {

// A table: on random digits, comparing costs three times as much.
inline constexpr std::array<int8_t, 256> kHexValues = [] {
  std::array<int8_t, 256> values{};
  for (int i = 0; i < 256; ++i) {
    values[static_cast<size_t>(i)] = static_cast<int8_t>(i >= '0' && i <= '9'   ? i - '0'
                                                         : i >= 'a' && i <= 'f' ? i - 'a' + 10
                                                         : i >= 'A' && i <= 'F' ? i - 'A' + 10
                                                                                : -1);
  }
  return values;
}();

// The value of a hexadecimal digit of either case, or -1.
constexpr int hex_value(char c) { return kHexValues[static_cast<unsigned char>(c)]; }

// Reads exactly `count` digits (at most 8) at text[at]; `at` may lie past the end.
constexpr bool read_hex(std::string_view text, size_t at, size_t count, uint32_t& value) {
  if (at > text.size() || text.size() - at < count) return false;
  value = 0;
  for (const char c : text.substr(at, count)) {
    const int digit = hex_value(c);
    if (digit < 0) return false;
    value = value << 4 | static_cast<uint32_t>(digit);
  }
  return true;
}

}  // namespace assay
