// Deltas made and undone in the plainest way: what git/delta.h is held against.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/keys/mint.h"

namespace assay {

// As in a delta's header: seven bits a byte, the low ones first.
inline std::string delta_length(uint64_t number) {
  std::string out;
  for (; number >= 128; number >>= 7) out += static_cast<char>(number | 128);
  return out + static_cast<char>(number);
}
inline std::string delta_header(uint64_t base_size, uint64_t result_size) {
  return delta_length(base_size) + delta_length(result_size);
}

// With as few bytes as it takes: those that are zero are left out, and so is the size 64 KiB.
inline std::string copy_op(uint32_t offset, uint32_t size) {
  if (size == 0x10000) size = 0;
  std::string out(1, '\x80');
  for (int i = 0; i < 7; ++i) {
    const uint32_t byte = (i < 4 ? offset >> (8 * i) : size >> (8 * (i - 4))) & 0xffu;
    if (byte == 0) continue;
    out[0] = static_cast<char>(out[0] | 1 << i);
    out += static_cast<char>(byte);
  }
  return out;
}
// Of 1 to 127 bytes.
inline std::string insert_op(std::string_view text) {
  return static_cast<char>(text.size()) + std::string(text);
}

// The result of the instructions, one byte at a time; empty if they are wrong.
inline std::optional<std::string> undo_plainly(std::string_view instructions, std::string_view base,
                                               uint64_t result_size) {
  std::string out;
  size_t at = 0;
  while (at < instructions.size()) {
    const auto op = static_cast<unsigned char>(instructions[at++]);
    uint64_t offset = 0, size = 0;
    for (int bit = 0; bit < 7 && op >= 128; ++bit) {
      if ((op >> bit & 1) == 0) continue;
      if (at == instructions.size()) return std::nullopt;
      const uint64_t byte = static_cast<unsigned char>(instructions[at++]);
      if (bit < 4) {
        offset += byte << (8 * bit);
      } else {
        size += byte << (8 * (bit - 4));
      }
    }
    if (op >= 128 && size == 0) size = 65536;
    if (op < 128) size = op;
    if (size == 0) return std::nullopt;
    const std::string_view from = op >= 128 ? base : instructions;
    if (op < 128) offset = at;
    if (offset + size > from.size() || out.size() + size > result_size) return std::nullopt;
    for (uint64_t i = 0; i < size; ++i) out += from[offset + i];
    if (op < 128) at += size;
  }
  if (out.size() != result_size) return std::nullopt;
  return out;
}

// Instructions that fit the base, many of them: copies of any length and place, some that go on
// where the last one ended, and inserts. `result` becomes what they tell.
inline std::string random_delta(std::string_view base, SeededRandom& random, std::string& result) {
  std::string out;
  result.clear();
  size_t last_end = 0;
  for (size_t left = random.below(40); left > 0; --left) {
    const uint64_t kind = random.below(4);
    if (base.empty() || kind == 0) {
      const std::string text = random.bytes(1 + random.below(random.below(4) == 0 ? 127 : 20));
      out += insert_op(text);
      result += text;
      continue;
    }
    const size_t offset =
        kind == 1 && last_end < base.size() ? last_end : random.below(base.size());
    const size_t most = base.size() - offset;
    const size_t size = 1 + random.below(std::min<size_t>(most, kind == 2 ? 40 : 70'000));
    out += copy_op(static_cast<uint32_t>(offset), static_cast<uint32_t>(size));
    result += base.substr(offset, size);
    last_end = offset + size;
  }
  return out;
}

}  // namespace assay
