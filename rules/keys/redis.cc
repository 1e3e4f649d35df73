// Keys of Azure Cache for Redis: made as the other keys of 32 bytes are, and then each `+` became
// `P` and each `/` became `F`, so that the checksum is one of another text.
//
//   made    dd+ddPddd/dd…AzCadddddd=        which `P` was a `+`, and which `F` a `/`, nothing
//   tells: shown   ddPddPdddFdd…AzCadddddd=        here 8 texts are tried
//
// A key has 2.1 such characters before its checksum on average, more than eight in one key of
// 5,500. The one changed last changes most often, so that little is hashed anew for a text.
#include <algorithm>
#include <array>
#include <bit>

#include "rules/keys/marvin_state.h"
#include "rules/keys/schemes.h"

namespace assay {

namespace {

constexpr size_t kDigits = 43;
constexpr size_t kWords = 7;  // that are hashed, of 8
constexpr size_t kSignature = 33;
constexpr size_t kChecksum = 37;  // the digit with the first of its bits
constexpr uint8_t kP = 15, kF = 5, kPlus = 62, kSlash = 63;

using Words = std::array<uint32_t, kWords + 1>;
using Digits = std::array<uint8_t, kDigits>;

Words decoded(const Digits& digits) {
  std::array<uint8_t, 4 * (kWords + 1) + 1> bytes{};
  for (size_t i = 0; i < kDigits; ++i) {
    const auto spread = static_cast<uint16_t>(digits[i] << (10 - i * 6 % 8));
    bytes[i * 6 / 8] |= static_cast<uint8_t>(spread >> 8);
    bytes[i * 6 / 8 + 1] |= static_cast<uint8_t>(spread);
  }
  Words words{};
  for (size_t i = 0; i < 4 * words.size(); ++i) words[i / 4] |= uint32_t{bytes[i]} << i % 4 * 8;
  return words;
}

class Trial {
 public:
  Trial(const Digits& digits, uint64_t seed) : digits_(digits), words_(decoded(digits)) {
    states_[0] = MarvinState::of(seed);
    plus_ = std::find(digits_.begin(), digits_.end(), kPlus) == digits_.end();
    slash_ = std::find(digits_.begin(), digits_.end(), kSlash) == digits_.end();
    Digits certain{};
    for (size_t i = kChecksum; i < kDigits; ++i) {
      if (may_be_other(digits_[i]) == digits_[i]) certain[i] = 63;
    }
    certain_ = decoded(certain)[kWords];
    for (size_t i = 0; i < kSignature; ++i) {
      if (may_be_other(digits_[i]) == digits_[i]) continue;
      if (count_ == kMostReplaced) {
        count_ = 0;
        break;
      }
      changes_[count_++] = change_at(i);
    }
  }

  bool holds() {
    // Gray code: from one text to the next a single character changes.
    for (uint32_t number = 1;; ++number) {
      const uint32_t made = sum();
      if (((made ^ words_[kWords]) & certain_) == 0 && agrees(made)) return true;
      if (number >> count_ != 0) return false;
      const Change& change = changes_[count_ - 1 - static_cast<size_t>(std::countr_zero(number))];
      words_[change.word] ^= change.first;
      words_[change.word + 1] ^= change.second;
      known_ = change.word;
    }
  }

 private:
  // What a character that becomes another one does to the words that it reaches into.
  struct Change {
    size_t word;
    uint32_t first, second;
  };

  Change change_at(size_t at) const {
    Digits one{};
    one[at] = digits_[at] ^ may_be_other(digits_[at]);
    const Words words = decoded(one);
    const size_t word = at * 6 / 32;
    return {word, words[word], words[word + 1]};
  }

  // What the character may have been, or itself.
  uint8_t may_be_other(uint8_t value) const {
    if (value == kP && plus_) return kPlus;
    return value == kF && slash_ ? kSlash : value;
  }

  uint32_t sum() {
    MarvinState state = states_[known_];
    for (size_t word = known_; word < kWords; ++word) {
      states_[word] = state;
      state.mix(words_[word]);
    }
    state.mix(0x80);
    state.mix(0);
    return state.sum();
  }

  // Whether the digits from kChecksum on are those of `sum`, as shown.
  bool agrees(uint32_t sum) const {
    uint64_t bits = words_[kWords - 1] >> 24 & 3;
    for (size_t i = 0; i < 4; ++i, sum >>= 8) bits = bits << 8 | (sum & 0xff);
    bits <<= 2;
    for (size_t i = kDigits; i > kChecksum; --i, bits >>= 6) {
      const uint8_t made = bits & 63;
      const uint8_t read = digits_[i - 1];
      if (made != read && made != may_be_other(read)) return false;
    }
    return true;
  }

  const Digits digits_;
  Words words_;
  std::array<MarvinState, kWords> states_{};  // before each word; of those up to known_ it holds
  size_t known_ = 0;
  std::array<Change, kMostReplaced> changes_{};
  size_t count_ = 0;
  uint32_t certain_ = 0;  // the bits of the checksum that nothing replaced
  bool plus_ = true;      // no `+` stands in the text, so each may have been replaced
  bool slash_ = true;
};

}  // namespace

bool redis_checksum_holds(std::string_view text, uint64_t seed) {
  if (text.size() != kDigits) return false;
  Digits digits;
  for (size_t i = 0; i < kDigits; ++i) {
    digits[i] = kBase64Values[static_cast<unsigned char>(text[i])];
    if (digits[i] == kNoBase64Digit) return false;
  }
  // Two bits are left over.
  return (digits.back() & 3) == 0 && Trial(digits, seed).holds();
}

std::string with_redis_characters(std::string text) {
  std::replace(text.begin(), text.end(), '+', 'P');
  std::replace(text.begin(), text.end(), '/', 'F');
  return text;
}

}  // namespace assay
