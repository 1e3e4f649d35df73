// One candidate after another against the checksum, where each differs little from the last.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "rules/keys/identify.h"
#include "rules/keys/marvin_state.h"

namespace assay {

// Holds the digits of one candidate as their values, and the states of the hash before each word,
// under all seeds; only of families that are is_identifiable(). A changed digit costs only the
// words from its own on; one that lies in the checksum costs none. Wiped when it dies. One thread.
class KeyTrial {
 public:
  explicit KeyTrial(const KeyFamily& family);
  ~KeyTrial();
  KeyTrial(const KeyTrial&) = delete;
  KeyTrial& operator=(const KeyTrial&) = delete;

  static constexpr size_t kMostBytes = 64;
  static constexpr size_t kMostDigits = 86;
  static constexpr size_t kMostSeeds = 4;

  // `values` are family.digits() values, kNoBase64Digit for what is none.
  void load(std::span<const uint8_t> values);
  void set(size_t at, uint8_t value);
  uint8_t at(size_t at) const { return values_[at]; }

  // Whether this is a key but for its checksum: digits only, the signature in place, and no bits
  // left over in the last digit.
  bool possible() const;
  bool has_signature() const;

  // The checksum that the digits before it should have, under each seed in order.
  std::span<const uint32_t> sums();
  // The checksum that the digits have.
  uint32_t checksum() const;

  // The seed under which the checksum holds, or null.
  const KeySeed* holds();

  // The canonical text, with `checksum` in place of its own.
  Secret canonical(uint32_t checksum) const;

  const KeyFamily& family() const { return family_; }
  size_t signature_begin() const { return signature_end_ - 4; }
  size_t signature_end() const { return signature_end_; }
  uint8_t signature(size_t at) const { return signature_[at - signature_begin()]; }
  bool in_signature(size_t at) const { return at >= signature_begin() && at < signature_end_; }

 private:
  template <size_t kSeeds>
  void hash();
  void decode_group(size_t group);

  const KeyFamily& family_;
  const size_t digits_;
  const size_t signature_end_;
  const size_t hashed_;  // bytes
  const size_t words_;   // whole ones of them
  uint8_t left_over_;    // bits of the last digit that must be zero
  std::array<uint8_t, 4> signature_;
  std::array<uint8_t, kMostDigits + 2> values_{};
  std::array<uint8_t, (kMostDigits + 2) / 4 * 3> bytes_{};
  size_t known_ = 0;  // states_[0..known_] are those of bytes_
  bool summed_ = false;
  size_t none_ = 0;  // how many of values_ are no digits
  std::array<std::array<MarvinState, kMostSeeds>, kMostBytes / 4 + 1> states_{};
  std::array<uint32_t, kMostSeeds> sums_{};
};

// Called for every candidate.
inline void KeyTrial::decode_group(size_t group) {
  const uint8_t* in = values_.data() + group * 4;
  const uint32_t word =
      (in[0] & 63u) << 18 | (in[1] & 63u) << 12 | (in[2] & 63u) << 6 | (in[3] & 63u);
  uint8_t* out = bytes_.data() + group * 3;
  out[0] = static_cast<uint8_t>(word >> 16);
  out[1] = static_cast<uint8_t>(word >> 8);
  out[2] = static_cast<uint8_t>(word);
}

inline void KeyTrial::set(size_t at, uint8_t value) {
  none_ += (value > 63) - size_t{values_[at] > 63};
  values_[at] = value;
  decode_group(at / 4);
  const size_t byte = at * 6 / 8;
  if (byte >= hashed_) return;
  known_ = std::min(known_, byte / 4);
  summed_ = false;
}

inline bool KeyTrial::has_signature() const {
  return std::equal(signature_.begin(), signature_.end(), values_.begin() + signature_begin());
}

inline bool KeyTrial::possible() const {
  return none_ == 0 && (values_[digits_ - 1] & left_over_) == 0 && has_signature();
}

}  // namespace assay
