// Finding masked keys again.
//
//   dddd…dddAzFu******==     44 digits and the signature legible: the checksum follows from them,
//                            one for each seed
//   ddd**ddd…AzFudddddd==    two hidden, checksum legible: 4096 tries, of which one holds
//
// What is hidden before the checksum is tried; what is hidden of the checksum is computed; what is
// legible of the checksum must agree.
#include <algorithm>
#include <array>
#include <cmath>

#include "rules/keys/key_trial.h"
#include "rules/keys/repair.h"
#include "rules/keys/repair_attempt.h"

namespace assay {

namespace {

constexpr size_t kMostHidden = 4;       // digits before the checksum
constexpr double kMostOfScan = 30'000;  // over all families
// More keys than this, and the mask hides enough.
constexpr double kMostCandidates = 1 << 20;
constexpr size_t kMostKept = 3;
// A run of a digit that people mask with, from which on it is a mask. As digits of a key three
// equal ones of these stand in one of 1,700.
constexpr size_t kLeastDigitMask = 3;
constexpr size_t kLeastLegibleSignature = 2;

constexpr uint8_t kHidden = 0xff;

bool is_mask(char32_t c) {
  return c == '*' || c == '#' || c == '.' || c == '?' || c == 0x2022 || c == 0x2026 ||
         c == 0x2588 || c == 0x25cf || c == 0x00b7;
}

bool is_digit_mask(char32_t c) { return c == 'x' || c == 'X' || c == '_'; }

// The values of the text's characters, kHidden where a mask lies.
std::vector<uint8_t> legible(const KeyText& text) {
  std::vector<uint8_t> values = text.values;
  for (size_t i = 0; i < values.size();) {
    size_t end = i + 1;
    if (is_mask(text.characters[i])) {
      values[i] = kHidden;
    } else if (is_digit_mask(text.characters[i])) {
      while (end < values.size() && text.characters[end] == text.characters[i]) ++end;
      if (end - i >= kLeastDigitMask) std::fill(values.begin() + i, values.begin() + end, kHidden);
    }
    i = end;
  }
  return values;
}

// Brings the values to the family's digits: one for one; or with a mask that stands for all that
// follows, or for as many as are not there. False if they do not fit.
bool fit(const KeyFamily& family, std::vector<uint8_t>& values) {
  const size_t digits = family.digits();
  const auto first =
      std::find_if(values.begin(), values.end(), [](uint8_t value) { return value > 63; });
  if (first == values.end()) return false;
  const auto all_digits_or_hidden = [&] {
    return std::all_of(values.begin(), values.end(),
                       [](uint8_t value) { return value <= 63 || value == kHidden; });
  };
  const auto all_hidden_from = [&](size_t at) {
    return std::all_of(values.begin() + static_cast<std::ptrdiff_t>(at), values.end(),
                       [](uint8_t value) { return value == kHidden; });
  };
  if (all_digits_or_hidden()) {
    if (values.size() == digits) return true;
    if (values.size() > digits && values.size() <= digits + family.padding() &&
        all_hidden_from(digits)) {
      values.resize(digits);
      return true;
    }
  }
  // All that follows.
  const auto legible_digits = static_cast<size_t>(first - values.begin());
  if (legible_digits >= family.signature_end() && legible_digits < digits) {
    values.resize(legible_digits);
    values.resize(digits, kHidden);
    return true;
  }
  // One run in the place of more, or fewer, than it has characters.
  const auto last = std::find_if(first, values.end(), [](uint8_t value) { return value <= 63; });
  const auto rest = static_cast<size_t>(values.end() - last);
  if (!all_digits_or_hidden() || rest == 0 || legible_digits + rest >= digits ||
      std::any_of(last, values.end(), [](uint8_t value) { return value > 63; })) {
    return false;
  }
  const std::vector<uint8_t> behind(last, values.end());
  values.resize(legible_digits);
  values.resize(digits - rest, kHidden);
  values.insert(values.end(), behind.begin(), behind.end());
  return true;
}

// A digit before the checksum that must be tried: its values are the multiples of `step`, since
// the low bits of the last one may belong to the checksum already.
struct Hidden {
  size_t at;
  uint8_t step;
};

class Search {
 public:
  Search(const KeyFamily& family, const std::vector<uint8_t>& values);

  // Too much is hidden, or what is legible cannot be of a key.
  bool hopeless() const;
  double tries() const { return tries_; }
  double expected() const;
  double by_chance() const;
  void count(Unmasked& result);
  size_t masked() const { return masked_; }

 private:
  bool advance();
  void test(Unmasked& result);

  const KeyFamily& family_;
  KeyTrial trial_;
  std::vector<Hidden> hidden_;
  uint32_t checksum_ = 0;  // what is legible of it
  uint32_t mask_ = 0;      // its legible bits
  size_t masked_ = 0;
  double tries_ = 1;
  bool wrong_ = false;
};

Search::Search(const KeyFamily& family, const std::vector<uint8_t>& values)
    : family_(family), trial_(family) {
  const size_t hashed_bits = (size_t{family.bytes()} - 4) * 8;
  std::vector<uint8_t> shown(values.size()), bits(values.size());
  size_t legible_signature = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const bool is_hidden = values[i] > 63;
    masked_ += is_hidden;
    shown[i] = is_hidden ? 0 : values[i];
    bits[i] = is_hidden ? 0 : 63;
    if (trial_.in_signature(i)) {
      legible_signature += !is_hidden;
      wrong_ = wrong_ || (!is_hidden && values[i] != trial_.signature(i));
      shown[i] = trial_.signature(i);
    } else if (is_hidden && i * 6 < hashed_bits) {
      const size_t own = std::min<size_t>(6, hashed_bits - i * 6);
      hidden_.push_back({i, static_cast<uint8_t>(1u << (6 - own))});
      tries_ *= static_cast<double>(size_t{1} << own);
    }
  }
  trial_.load(bits);
  mask_ = trial_.checksum();
  trial_.load(shown);
  checksum_ = trial_.checksum();
  wrong_ = wrong_ || !trial_.possible() || legible_signature < kLeastLegibleSignature;
}

bool Search::hopeless() const {
  return wrong_ || masked_ == 0 || hidden_.size() > kMostHidden || expected() > kMostCandidates;
}

double Search::by_chance() const {
  const int legible_bits = std::popcount(mask_);
  return std::ldexp(tries_ * static_cast<double>(family_.seeds.size()), -legible_bits);
}

double Search::expected() const { return std::max(1.0, by_chance()); }

// The next of the candidates, the last hidden digit changing fastest. False after the last.
bool Search::advance() {
  for (size_t i = hidden_.size(); i > 0; --i) {
    const Hidden& one = hidden_[i - 1];
    const unsigned next = trial_.at(one.at) + one.step;
    // The bits below a step are the checksum's, which stay.
    trial_.set(one.at, static_cast<uint8_t>(next & 63));
    if (next < 64) return true;
  }
  return false;
}

void Search::test(Unmasked& result) {
  ++result.tried;
  const auto sums = trial_.sums();
  for (size_t i = 0; i < sums.size(); ++i) {
    if (((sums[i] ^ checksum_) & mask_) != 0) continue;
    ++result.candidates;
    if (result.keys.size() < kMostKept) {
      result.keys.push_back({&family_, &family_.seeds[i], trial_.canonical(sums[i]), "masked"});
    }
  }
}

void Search::count(Unmasked& result) {
  do test(result);
  while (advance());
  result.counted = true;
}

// `left` is how many candidates may still be tried; at full effort the mask itself is the limit.
std::optional<Unmasked> unmask_as(const KeyFamily& family, std::string_view raw, Effort effort,
                                  double& left) {
  if (!family.is_identifiable()) return std::nullopt;
  const KeyText text(raw);
  if (!text.whole) return std::nullopt;
  std::vector<uint8_t> values = legible(text);
  if (!fit(family, values)) return std::nullopt;
  Search search(family, values);
  if (search.hopeless()) return std::nullopt;
  Unmasked result;
  result.family = &family;
  result.masked = search.masked();
  result.by_chance = search.by_chance();
  if (effort == Effort::scan && search.tries() > left) {
    result.candidates = static_cast<uint64_t>(search.expected());
    return result;
  }
  left -= search.tries();
  search.count(result);
  if (result.candidates == 0) return std::nullopt;
  return result;
}

}  // namespace

std::optional<Unmasked> unmask(const KeyFamily& family, std::string_view text, Effort effort) {
  double left = kMostOfScan;
  return unmask_as(family, text, effort, left);
}

std::optional<Unmasked> unmask(std::string_view text, Effort effort) {
  double left = kMostOfScan;
  std::optional<Unmasked> best;
  for (const KeyFamily& family : key_families()) {
    std::optional<Unmasked> one = unmask_as(family, text, effort, left);
    // The signature decides; where much of it is hidden, what was proven wins.
    if (one && (!best || one->by_chance < best->by_chance)) best = std::move(one);
  }
  return best;
}

}  // namespace assay
