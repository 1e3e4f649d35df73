// One or two characters replaced, lost, too many or swapped. Digits change from the last to the
// first place only where that is cheap: KeyTrial hashes from the changed word on.
#include <algorithm>

#include "rules/keys/repair_attempt.h"

namespace assay {

namespace {

constexpr uint8_t kValues = 64;

// The places that must be wrong: no digit, or not the signature's.
std::vector<size_t> wrong_places(const Attempt& attempt) {
  std::vector<size_t> places;
  const KeyTrial& trial = attempt.trial;
  for (size_t i = 0; i < attempt.family.digits(); ++i) {
    const uint8_t value = attempt.text.values[i];
    if (value > 63 || (trial.in_signature(i) && value != trial.signature(i))) places.push_back(i);
  }
  return places;
}

bool has_length(const Attempt& attempt, size_t length) {
  return attempt.text.values.size() == length;
}

// Calls `each` with every other value at `place`, and puts the old one back.
template <typename Each>
void replace_at(Attempt& attempt, size_t place, const Each& each) {
  KeyTrial& trial = attempt.trial;
  const uint8_t old = trial.at(place);
  if (trial.in_signature(place)) {
    if (old == trial.signature(place)) return;
    trial.set(place, trial.signature(place));
    each();
  } else {
    for (uint8_t value = 0; value < kValues; ++value) {
      if (value == old) continue;
      trial.set(place, value);
      each();
    }
  }
  trial.set(place, old);
}

}  // namespace

void try_one_replaced(Attempt& attempt) {
  constexpr std::string_view kDamage = "one character replaced";
  const size_t digits = attempt.family.digits();
  if (!has_length(attempt, digits)) return;
  const std::vector<size_t> wrong = wrong_places(attempt);
  if (wrong.size() > 1) return;
  attempt.trial.load(attempt.text.values);
  const size_t begin = wrong.empty() ? 0 : wrong[0];
  const size_t end = wrong.empty() ? digits : wrong[0] + 1;
  for (size_t i = begin; i < end; ++i) {
    replace_at(attempt, i, [&] { attempt.test(kDamage); });
  }
}

// Without a wrong place there are 4,900,000 candidates for a Functions key, so only at full effort;
// with one about 200,000; with two at most 4,096.
void try_two_replaced(Attempt& attempt) {
  constexpr std::string_view kDamage = "two characters replaced";
  const size_t digits = attempt.family.digits();
  if (!has_length(attempt, digits)) return;
  const std::vector<size_t> wrong = wrong_places(attempt);
  if (wrong.size() > 2 || (attempt.effort == Effort::scan && wrong.size() < 2)) return;
  attempt.trial.load(attempt.text.values);
  const auto pair = [&](size_t first, size_t second) {
    replace_at(attempt, first, [&] {
      if (attempt.spent()) return;
      replace_at(attempt, second, [&] { attempt.test(kDamage); });
    });
  };
  if (wrong.size() == 2) return pair(wrong[0], wrong[1]);
  if (wrong.size() == 1) {
    for (size_t i = 0; i < digits; ++i) {
      if (i != wrong[0]) pair(std::min(i, wrong[0]), std::max(i, wrong[0]));
    }
    return;
  }
  for (size_t i = 0; i < digits; ++i) {
    replace_at(attempt, i, [&] {
      for (size_t k = i + 1; k < digits && !attempt.spent(); ++k) {
        replace_at(attempt, k, [&] { attempt.test(kDamage); });
      }
    });
  }
  if (attempt.spent()) attempt.cut_short();
}

void try_one_lost(Attempt& attempt) {
  const size_t digits = attempt.family.digits();
  if (!has_length(attempt, digits - 1) || attempt.text.none > 0) return;
  std::vector<uint8_t> values = attempt.text.values;
  values.insert(values.begin(), 0);
  KeyTrial& trial = attempt.trial;
  trial.load(values);
  for (size_t i = 0; i < digits; ++i) {
    if (i > 0) trial.set(i - 1, attempt.text.values[i - 1]);
    for (uint8_t value = 0; value < kValues; ++value) {
      // Beside an equal one it is the same candidate on either side.
      if (i > 0 && value == attempt.text.values[i - 1]) continue;
      trial.set(i, value);
      attempt.test("one character lost");
    }
  }
}

void try_one_too_many(Attempt& attempt) {
  const size_t digits = attempt.family.digits();
  if (!has_length(attempt, digits + 1) || attempt.text.none > 1) return;
  const std::vector<uint8_t>& values = attempt.text.values;
  KeyTrial& trial = attempt.trial;
  trial.load(std::span(values).subspan(1));
  for (size_t i = 0; i <= digits; ++i) {
    if (i > 0) trial.set(i - 1, values[i - 1]);
    if (i > 0 && values[i] == values[i - 1]) continue;
    attempt.test("one character too many");
  }
}

void try_neighbours_swapped(Attempt& attempt) {
  const size_t digits = attempt.family.digits();
  if (!has_length(attempt, digits) || attempt.text.none > 0) return;
  const std::vector<uint8_t>& values = attempt.text.values;
  KeyTrial& trial = attempt.trial;
  trial.load(values);
  for (size_t i = 1; i < digits; ++i) {
    if (values[i - 1] == values[i]) continue;
    trial.set(i - 1, values[i]);
    trial.set(i, values[i - 1]);
    attempt.test("two neighbours swapped");
    trial.set(i - 1, values[i - 1]);
    trial.set(i, values[i]);
  }
}

}  // namespace assay
