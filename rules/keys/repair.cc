// Ways of repair, from the least damage to the most, each over all families before the next:
//
//   text → KeyText → for each way: for each family: Attempt → candidates → checksum → answers
//
// The signature must stand in every candidate, and is known: where it is damaged, that tells where
// the damage is. A way that gives an answer is the last. Families of another scheme than plain
// base64 have no ways: their keys are known as they stand, and with their padding or alphabet put
// right.
#include "rules/keys/repair.h"

#include <openssl/crypto.h>

#include <array>
#include <deque>
#include <functional>

#include "rules/keys/repair_attempt.h"

namespace assay {

namespace {

constexpr uint64_t kMostOfScan = 30'000;
constexpr uint64_t kMostOfFull = uint64_t{1} << 26;
constexpr size_t kMostAnswers = 16;
// A bound for memory; the text of an enemy cannot come near it, since he would have to break the
// checksum thousands of times.
constexpr size_t kMostKnown = 65'536;

constexpr std::array kWays = {
    try_as_it_stands,       try_without_the_rest, try_other_characters,
    try_one_replaced,       try_one_lost,         try_one_too_many,
    try_neighbours_swapped, try_look_alikes,      try_case_folded,
    try_two_replaced,       try_pieces,
};

// The next character of UTF-8 text, U+FFFD and one byte for what is none.
char32_t take_character(std::string_view text, size_t& at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at++);
  if (first < 0x80) return first;
  const size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4 || text.size() - at < more) return 0xfffd;
  char32_t character = first & (0x3f >> more);
  for (size_t i = 0; i < more; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0xfffd;
    character = character << 6 | (byte(at + i) & 0x3f);
  }
  at += more;
  return character;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  const size_t end = text.find_last_not_of(kBlanks) + 1;
  return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

size_t take_padding(std::string_view& text) {
  for (size_t count = 0;; ++count) {
    if (text.ends_with('=')) {
      text.remove_suffix(1);
    } else if (text.ends_with("%3D") || text.ends_with("%3d")) {
      text.remove_suffix(3);
    } else {
      return count;
    }
  }
}

}  // namespace

KeyText::KeyText(std::string_view raw, size_t most) {
  std::string_view text = trimmed(raw);
  if (text.size() > most) {
    whole = false;
    text = text.substr(0, most);
  }
  padding = take_padding(text);
  values.reserve(text.size());
  characters.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const char32_t character = take_character(text, at);
    const uint8_t value =
        character < 0x80 ? value_of(static_cast<char>(character)) : kNoBase64Digit;
    characters.push_back(character);
    values.push_back(value);
    none += value == kNoBase64Digit;
  }
}

KeyText::~KeyText() {
  OPENSSL_cleanse(values.data(), values.size());
  OPENSSL_cleanse(characters.data(), characters.size() * sizeof(char32_t));
}

char digit_of(uint8_t value) {
  return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[value & 63];
}

void Attempt::test(std::span<const uint8_t> values, std::string_view damage) {
  if (values.size() != family.digits()) return;
  trial.load(values);
  test(damage);
}

void Attempt::test_possible(std::string_view damage) {
  if (left_ == 0) {
    cut_short_ = true;
    return;
  }
  --left_;
  ++tried_;
  const KeySeed* seed = trial.holds();
  if (seed == nullptr) return;
  Secret key = trial.canonical(trial.checksum());
  if (known_.size() < kMostKnown &&
      !known_.insert(std::hash<std::string_view>()(key.reveal())).second) {
    return;
  }
  ++found_;
  if (answers_.size() < kMostAnswers) {
    answers_.push_back({&family, seed, std::move(key), std::string(damage)});
  }
}

void Attempt::hand_over(Repair& repair) {
  repair.found += found_;
  repair.tried += tried_;
  repair.by_chance +=
      static_cast<double>(tried_) * static_cast<double>(family.seeds.size()) / 4294967296.0;
  repair.cut_short = repair.cut_short || cut_short_;
  for (Repaired& answer : answers_) {
    if (repair.answers.size() < kMostAnswers) repair.answers.push_back(std::move(answer));
  }
  answers_.clear();
  found_ = tried_ = 0;
}

namespace {

// What is wrong with a whole key's padding and alphabet; empty if nothing is.
std::string outer_damage(std::string_view digits, size_t padding, const KeyInfo& key) {
  const size_t wanted = key.family->padding();
  std::string damage = padding < wanted   ? "padding lost"
                       : padding > wanted ? "padding doubled"
                                          : "";
  if (digits != key.canonical.reveal().substr(0, digits.size())) {
    damage += damage.empty() ? "wrong alphabet" : " and wrong alphabet";
  }
  return damage;
}

// A whole key of a family that has no ways of repair.
void take_whole(const KeyFamily& family, std::string_view text, Repair& repair) {
  std::string_view digits = trimmed(text);
  const size_t padding = take_padding(digits);
  if (family.scheme == KeyScheme::none || !has_form(family, digits)) return;
  ++repair.tried;
  repair.by_chance += proof_by_chance(family);
  if (verify(family, digits) == nullptr) return;
  auto key = identify(digits);
  if (!key || key->family != &family) return;
  ++repair.found;
  std::string damage = outer_damage(digits, padding, *key);
  repair.answers.push_back({&family, key->seed, std::move(key->canonical), std::move(damage)});
}

Repair repair_as(std::span<const KeyFamily* const> families, std::string_view text, Effort effort) {
  Repair repair;
  const KeyText damaged(text);
  if (!damaged.whole) return repair;
  uint64_t left = effort == Effort::scan ? kMostOfScan : kMostOfFull;
  std::deque<Attempt> attempts;
  for (const KeyFamily* family : families) {
    if (family->is_identifiable()) {
      attempts.emplace_back(*family, damaged, effort, left);
    } else {
      take_whole(*family, text, repair);
    }
  }
  if (repair.found > 0) return repair;
  for (const auto way : kWays) {
    for (Attempt& attempt : attempts) {
      way(attempt);
      attempt.hand_over(repair);
    }
    if (repair.found > 0) break;
  }
  return repair;
}

// Whether the text has about the length of the family's keys. Pieces may have anything between.
bool near_enough(const KeyFamily& family, const KeyText& text) {
  const size_t digits = text.values.size() - text.none;
  const size_t wanted = family.digits();
  return digits <= wanted + 1 && text.values.size() + 1 >= wanted;
}

}  // namespace

Repair repair(const KeyFamily& family, std::string_view text, Effort effort) {
  const KeyFamily* const one[] = {&family};
  return repair_as(one, text, effort);
}

Repair repair(std::string_view text, Effort effort) {
  const KeyText damaged(text);
  std::vector<const KeyFamily*> families;
  for (const KeyFamily& family : key_families()) {
    if (!family.is_identifiable() || near_enough(family, damaged)) families.push_back(&family);
  }
  return repair_as(families, text, effort);
}

}  // namespace assay
