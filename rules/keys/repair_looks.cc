// Characters that were taken for others: look-alikes, letters in the wrong case, digits written as
// what is no digit.
//
//   0O 1lI 5S 8B 2Z -_     misread: any number of them, few before many
//   AZFU, azfu             folded: only a stretch with few letters can be tried, 2 for each
//   . ~ blank – |          no digit at all: a place that is known to be wrong
#include <algorithm>
#include <functional>

#include "rules/keys/repair_attempt.h"

namespace assay {

namespace {

constexpr size_t kMostFoldedLetters = 22;
constexpr size_t kMostFoldedLettersOfScan = 12;
constexpr uint64_t kMostLooksOfScan = 8192;
constexpr uint64_t kMostLooksOfFull = uint64_t{1} << 22;
constexpr uint64_t kMostCombinations = 4096;

// Each group reads alike. The first ones are those that people confuse most; the others are tried
// after them.
constexpr std::string_view kLikely[] = {"0O", "1lI", "5S", "8B", "2Z", "-_"};
constexpr std::string_view kLess[] = {"0OoQD", "1lIi7", "5Ss", "8B", "2Zz", "6Gb", "9gq",
                                      "-_",    "uUvV",  "cC",  "kK", "pP",  "wW",  "xX",
                                      "4A",    "jJ",    "yY",  "tf", "hn",  "rn"};

// What may have stood where a character that is no digit stands.
struct Substitute {
  char32_t character;
  std::string_view digits;
  bool alphabet;  // a matter of the alphabet, not of the eye
};
constexpr Substitute kSubstitutes[] = {
    {'.', "-_", true},    {'~', "-_", true},    {' ', "-_", true},    {',', "-_", true},
    {':', "-_", true},    {'*', "-_", true},    {'|', "lI1", false},  {'!', "lI1", false},
    {'$', "S", false},    {'@', "a", false},    {0x2010, "-", false}, {0x2011, "-", false},
    {0x2012, "-", false}, {0x2013, "-", false}, {0x2014, "-", false}, {0x2212, "-", false},
    {0xff0d, "-", false}, {0xff3f, "_", false}, {0x0410, "A", false}, {0x0412, "B", false},
    {0x0415, "E", false}, {0x041a, "K", false}, {0x041c, "M", false}, {0x041d, "H", false},
    {0x041e, "O", false}, {0x0420, "P", false}, {0x0421, "C", false}, {0x0422, "T", false},
    {0x0425, "X", false}, {0x0430, "a", false}, {0x0435, "e", false}, {0x043e, "o", false},
    {0x0440, "p", false}, {0x0441, "c", false}, {0x0443, "y", false}, {0x0445, "x", false},
    {0x0456, "i", false}, {0x0391, "A", false}, {0x0392, "B", false}, {0x0395, "E", false},
    {0x0396, "Z", false}, {0x0397, "H", false}, {0x0399, "I", false}, {0x039a, "K", false},
    {0x039c, "M", false}, {0x039d, "N", false}, {0x039f, "O", false}, {0x03a1, "P", false},
    {0x03a4, "T", false}, {0x03a5, "Y", false}, {0x03a7, "X", false}, {0x03bf, "o", false},
};

const Substitute* substitute(char32_t character) {
  for (const Substitute& one : kSubstitutes) {
    if (one.character == character) return &one;
  }
  return nullptr;
}

struct Choice {
  size_t at;
  std::vector<uint8_t> values;  // other than the one that stands there
};

uint64_t combinations(const std::vector<Choice>& choices, uint64_t most) {
  uint64_t count = 1;
  for (const Choice& choice : choices) {
    count *= choice.values.size() + 1;
    if (count > most) return most + 1;
  }
  return count;
}

// Each way to change exactly `count` of the choices from `first` on. No deeper than `count`.
void change_some(Attempt& attempt, const std::vector<Choice>& choices, size_t first, size_t count,
                 uint64_t& left, std::string_view damage) {
  if (count == 0) {
    if (left == 0) return;
    --left;
    return attempt.test(damage);
  }
  for (size_t i = first; i + count <= choices.size() && left > 0; ++i) {
    const uint8_t old = attempt.trial.at(choices[i].at);
    for (const uint8_t value : choices[i].values) {
      attempt.trial.set(choices[i].at, value);
      change_some(attempt, choices, i + 1, count - 1, left, damage);
    }
    attempt.trial.set(choices[i].at, old);
  }
}

// The digits that have look-alikes, and what those are. The signature is set right.
std::vector<Choice> look_alikes(Attempt& attempt, std::span<const std::string_view> groups) {
  std::vector<Choice> choices;
  KeyTrial& trial = attempt.trial;
  for (size_t i = 0; i < attempt.family.digits(); ++i) {
    std::vector<uint8_t> values;
    for (const std::string_view group : groups) {
      const bool member = std::any_of(group.begin(), group.end(),
                                      [&](char c) { return value_of(c) == trial.at(i); });
      if (!member) continue;
      for (const char c : group) {
        if (value_of(c) != trial.at(i)) values.push_back(value_of(c));
      }
    }
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (trial.in_signature(i)) {
      if (std::find(values.begin(), values.end(), trial.signature(i)) != values.end()) {
        trial.set(i, trial.signature(i));
      }
    } else if (!values.empty()) {
      choices.push_back({i, std::move(values)});
    }
  }
  return choices;
}

bool is_upper(uint8_t value) { return value < 26; }
bool is_lower(uint8_t value) { return value >= 26 && value < 52; }
uint8_t other_case(uint8_t value) {
  if (is_upper(value)) return static_cast<uint8_t>(value + 26);
  return is_lower(value) ? static_cast<uint8_t>(value - 26) : value;
}

// A stretch that holds letters of one case only.
struct Stretch {
  size_t begin;
  size_t end;
  size_t letters;  // those outside of the signature
};

std::vector<Stretch> stretches(const Attempt& attempt) {
  std::vector<Stretch> all;
  const auto& values = attempt.text.values;
  for (const auto other : {is_upper, is_lower}) {
    Stretch now{0, 0, 0};
    for (size_t i = 0; i <= values.size(); ++i) {
      if (i == values.size() || other(values[i])) {
        now.end = i;
        if (now.letters > 1) all.push_back(now);
        now = {i + 1, i + 1, 0};
      } else if (values[i] < 52 && !attempt.trial.in_signature(i)) {
        ++now.letters;
      }
    }
  }
  std::sort(all.begin(), all.end(),
            [](const Stretch& a, const Stretch& b) { return a.letters > b.letters; });
  return all;
}

// All cases of the letters of a stretch, its last letters changing fastest.
void fold_back(Attempt& attempt, const Stretch& stretch) {
  KeyTrial& trial = attempt.trial;
  std::vector<size_t> letters;
  for (size_t i = stretch.begin; i < stretch.end; ++i) {
    if (trial.in_signature(i) || trial.at(i) >= 52) continue;
    letters.push_back(i);
  }
  for (uint64_t number = 1; number < uint64_t{1} << letters.size(); ++number) {
    for (size_t bit = 0; bit < letters.size(); ++bit) {
      const size_t at = letters[letters.size() - 1 - bit];
      trial.set(at, other_case(trial.at(at)));
      if ((number >> bit & 1) != 0) break;  // no carry
    }
    attempt.test("case folded");
    if (attempt.spent()) return;
  }
}

// Caps lock: the case of all letters up to a place, or from it on, is the other one.
void turn_case(Attempt& attempt) {
  const auto& values = attempt.text.values;
  std::vector<uint8_t> turned = values;
  for (size_t i = 0; i < values.size(); ++i) {
    turned[i] = other_case(values[i]);
    if (turned[i] != values[i]) attempt.test(turned, "case turned");
  }
  for (size_t i = 0; i < values.size(); ++i) {
    if (turned[i] == values[i]) continue;
    turned[i] = values[i];
    attempt.test(turned, "case turned");
  }
}

}  // namespace

void try_other_characters(Attempt& attempt) {
  const KeyText& text = attempt.text;
  if (text.values.size() != attempt.family.digits() || text.none == 0) return;
  KeyTrial& trial = attempt.trial;
  trial.load(text.values);
  std::vector<Choice> choices;
  bool alphabet = true;
  for (size_t i = 0; i < text.values.size(); ++i) {
    if (text.values[i] <= 63) continue;
    const Substitute* known = substitute(text.characters[i]);
    if (known == nullptr) return;
    alphabet = alphabet && known->alphabet;
    trial.set(i, value_of(known->digits[0]));
    Choice choice{i, {}};
    for (const char c : known->digits.substr(1)) choice.values.push_back(value_of(c));
    if (!choice.values.empty()) choices.push_back(std::move(choice));
  }
  uint64_t left = kMostCombinations;
  if (combinations(choices, kMostCombinations) > kMostCombinations) return attempt.cut_short();
  for (size_t count = 0; count <= choices.size(); ++count) {
    change_some(attempt, choices, 0, count, left,
                alphabet ? "wrong alphabet" : "characters that look alike");
  }
}

void try_look_alikes(Attempt& attempt) {
  constexpr std::string_view kDamage = "characters that look alike";
  const KeyText& text = attempt.text;
  if (text.values.size() != attempt.family.digits() || text.none > 0) return;
  const uint64_t most = attempt.effort == Effort::scan ? kMostLooksOfScan : kMostLooksOfFull;
  for (const auto& groups :
       {std::span<const std::string_view>(kLikely), std::span<const std::string_view>(kLess)}) {
    if (groups.data() == std::begin(kLess) && attempt.effort == Effort::scan) return;
    attempt.trial.load(text.values);
    const std::vector<Choice> choices = look_alikes(attempt, groups);
    if (!attempt.trial.has_signature()) continue;
    if (combinations(choices, most) > most) attempt.cut_short();
    uint64_t left = most;
    for (size_t count = 1; count <= choices.size() && left > 0; ++count) {
      change_some(attempt, choices, 0, count, left, kDamage);
      if (attempt.answered()) return;  // more changes are more damage
    }
  }
}

void try_case_folded(Attempt& attempt) {
  const KeyText& text = attempt.text;
  if (text.values.size() != attempt.family.digits() || text.none > 0) return;
  turn_case(attempt);
  if (attempt.answered()) return;
  const size_t most =
      attempt.effort == Effort::scan ? kMostFoldedLettersOfScan : kMostFoldedLetters;
  size_t tried = 0;
  for (const Stretch& stretch : stretches(attempt)) {
    if (stretch.letters > most) {
      attempt.cut_short();
      continue;
    }
    if (++tried > 3) return;
    KeyTrial& trial = attempt.trial;
    trial.load(text.values);
    for (size_t i = stretch.begin; i < stretch.end; ++i) {
      if (trial.in_signature(i) && other_case(trial.at(i)) == trial.signature(i)) {
        trial.set(i, trial.signature(i));
      }
    }
    fold_back(attempt, stretch);
  }
}

}  // namespace assay
