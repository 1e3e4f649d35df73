// The states of the hash are kept word by word:
//
//   digits  0123 4567 89ab cdef 0123 …        4 digits are 3 bytes, 16 digits are 3 words
//   words   |-- 0 --||-- 1 --||-- 2 --| …     digit d lies in the word of byte d * 6 / 8, and may
//                                             reach into the next
// A change in word w leaves states_[0..w] as they are.
#include "rules/keys/key_trial.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <string>

namespace assay {

namespace {

uint32_t load_word(const uint8_t* at) {
  return uint32_t{at[0]} | uint32_t{at[1]} << 8 | uint32_t{at[2]} << 16 | uint32_t{at[3]} << 24;
}

}  // namespace

KeyTrial::KeyTrial(const KeyFamily& family)
    : family_(family),
      digits_(family.digits()),
      signature_end_(family.signature_end()),
      hashed_(family.bytes() - 4u),
      words_(hashed_ / 4),
      left_over_(static_cast<uint8_t>((1u << (digits_ * 6 - size_t{family.bytes()} * 8)) - 1)) {
  for (size_t i = 0; i < signature_.size(); ++i) {
    signature_[i] = kBase64Values[static_cast<unsigned char>(family.signature[i])];
  }
  for (size_t i = 0; i < family.seeds.size(); ++i) {
    states_[0][i] = MarvinState::of(family.seeds[i].seed);
  }
}

KeyTrial::~KeyTrial() {
  OPENSSL_cleanse(values_.data(), values_.size());
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

void KeyTrial::load(std::span<const uint8_t> values) {
  none_ = 0;
  for (size_t i = 0; i < digits_; ++i) {
    values_[i] = values[i];
    none_ += values[i] > 63;
  }
  for (size_t group = 0; group * 4 < digits_; ++group) decode_group(group);
  known_ = 0;
  summed_ = false;
}

template <size_t kSeeds>
void KeyTrial::hash() {
  std::array<MarvinState, kSeeds> state;
  std::copy_n(states_[known_].begin(), kSeeds, state.begin());
  for (size_t word = known_; word < words_; ++word) {
    const uint32_t next = load_word(bytes_.data() + word * 4);
    for (MarvinState& one : state) one.mix(next);
    std::copy_n(state.begin(), kSeeds, states_[word + 1].begin());
  }
  uint32_t last = 0x80;
  for (size_t i = hashed_; i > words_ * 4; --i) last = last << 8 | bytes_[i - 1];
  for (size_t i = 0; i < kSeeds; ++i) {
    state[i].mix(last);
    state[i].mix(0);
    sums_[i] = state[i].sum();
  }
  known_ = words_;
  summed_ = true;
}

std::span<const uint32_t> KeyTrial::sums() {
  const size_t seeds = family_.seeds.size();
  if (!summed_) {
    switch (seeds) {
      case 1:
        hash<1>();
        break;
      case 2:
        hash<2>();
        break;
      case 3:
        hash<3>();
        break;
      default:
        hash<kMostSeeds>();
    }
  }
  return {sums_.data(), seeds};
}

uint32_t KeyTrial::checksum() const { return load_word(bytes_.data() + hashed_); }

const KeySeed* KeyTrial::holds() {
  const uint32_t wanted = checksum();
  const auto all = sums();
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i] == wanted) return &family_.seeds[i];
  }
  return nullptr;
}

Secret KeyTrial::canonical(uint32_t checksum) const {
  std::string bytes(bytes_.begin(), bytes_.begin() + family_.bytes());
  for (size_t i = 0; i < 4; ++i, checksum >>= 8) bytes[hashed_ + i] = static_cast<char>(checksum);
  std::string text = encode_base64(bytes, family_.alphabet);
  Secret secret(text);
  OPENSSL_cleanse(text.data(), text.size());
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return secret;
}

}  // namespace assay
