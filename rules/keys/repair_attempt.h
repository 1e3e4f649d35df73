// What the ways of repair (repair_*.cc) share: the damaged text, and one attempt at it.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/keys/key_trial.h"
#include "rules/keys/repair.h"

namespace assay {

// A text as characters, without the blanks around it and the padding behind it. Wiped when it dies.
struct KeyText {
  // Of more than `most` bytes only those are read, and `whole` is false: no key is as long.
  explicit KeyText(std::string_view text, size_t most = 512);
  ~KeyText();
  KeyText(const KeyText&) = delete;
  KeyText& operator=(const KeyText&) = delete;

  std::vector<uint8_t> values;       // of each character, kNoBase64Digit for what is no digit
  std::vector<char32_t> characters;  // U+FFFD for bytes that are no UTF-8
  size_t padding = 0;                // how many `=` stood behind them, also as %3D
  size_t none = 0;                   // characters that are no digits
  bool whole = true;
};

// The text against one family: the candidates that a way of repair names are tested here, counted,
// and kept if their checksum holds.
class Attempt {
 public:
  // `left` is how many checksums may still be computed; attempts at one text share it.
  Attempt(const KeyFamily& of, const KeyText& damaged, Effort worth, uint64_t& left)
      : trial(of), family(of), text(damaged), effort(worth), left_(left) {}

  KeyTrial trial;
  const KeyFamily& family;
  const KeyText& text;
  const Effort effort;

  // Tests what `trial` holds, if that is possible at all. `damage` is a literal.
  void test(std::string_view damage) {
    if (trial.possible()) test_possible(damage);
  }
  // Loads `values`, which may have any length, and tests them.
  void test(std::span<const uint8_t> values, std::string_view damage);

  bool spent() const { return left_ == 0; }
  bool answered() const { return found_ > 0; }  // by the way that runs
  void cut_short() { cut_short_ = true; }

  // Takes over what was found and counted since the last time.
  void hand_over(Repair& repair);

 private:
  void test_possible(std::string_view damage);

  uint64_t& left_;
  uint64_t tried_ = 0;
  uint64_t found_ = 0;
  bool cut_short_ = false;
  std::vector<Repaired> answers_;
  std::set<size_t> known_;  // hashes of the answers
};

// A base64 digit's value, and the character of a value.
inline uint8_t value_of(char c) { return kBase64Values[static_cast<unsigned char>(c)]; }
char digit_of(uint8_t value);

// The ways of repair. Each loads the trial first; what it holds after is nobody's business.
void try_as_it_stands(Attempt& attempt);
void try_without_the_rest(Attempt& attempt);  // blanks, line breaks, quotes within
void try_other_characters(Attempt& attempt);  // `.` for `-`, other scripts' letters
void try_one_replaced(Attempt& attempt);
void try_one_lost(Attempt& attempt);
void try_one_too_many(Attempt& attempt);
void try_neighbours_swapped(Attempt& attempt);
void try_look_alikes(Attempt& attempt);
void try_case_folded(Attempt& attempt);
void try_two_replaced(Attempt& attempt);
void try_pieces(Attempt& attempt);

}  // namespace assay
