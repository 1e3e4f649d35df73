// What can be said of a regex without running it: how wide a match is, whether each match holds a
// keyword, and where. For scanner/regex_rules.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// Which bytes can stand at the first places of a match. A cheap no before a regex is tried, also
// for text that valid_text has not seen yet.
struct LeadingBytes {
  static constexpr size_t kMost = 32;
  std::array<uint32_t, 256> allowed = {};  // by byte, a bit a place
  size_t length = 0;                       // every match has at least so many bytes

  bool admits(std::string_view text, size_t at) const {
    if (at > text.size() || text.size() - at < length) return false;
    for (size_t i = 0; i < length; ++i) {
      if ((allowed[static_cast<unsigned char>(text[at + i])] >> i & 1u) == 0) return false;
    }
    return true;
  }
};

struct RegexShape {
  static constexpr size_t kWidestHead = 1024;

  // A regex that is `before` and then `core`, where each match of `core` has a keyword at a known
  // place: `offset` bytes behind its begin stands `keyword` (its place in the list).
  //   (?i)[\w.-]{0,50}?(?:key|api)=(\w+)   before: 200 bytes   core: (?i)(?:key|api)=(\w+)
  struct Start {
    uint32_t keyword = 0;
    size_t offset = 0;
    friend bool operator==(const Start&, const Start&) = default;
  };
  struct Branch {
    std::string core;
    // What the core begins with, at most kWidestHead bytes wide: where that does not match, the
    // core does not. Empty if the core is no wider, or begins with something that is.
    std::string head;
    size_t before = 0;       // bytes at most; 0: a match begins where `core` does
    size_t core_widest = 0;  // bytes; SIZE_MAX: no bound
    std::vector<Start> starts;
    LeadingBytes leading;  // of the core
  };

  bool known = false;          // false: the regex uses what is not read here; nothing else is set
  size_t widest = SIZE_MAX;    // bytes of a match; SIZE_MAX: no bound
  bool holds_keyword = false;  // each match holds one, but for folded characters
  // One for each alternative of the regex, or none if it is not of that form. Only with
  // holds_keyword.
  std::vector<Branch> branches;
  bool folds = false;  // matches the Kelvin sign as k, or the long s as s, somewhere
};

// `regex` is one that RE2 accepts in UTF-8. `keywords` are in lower case; ASCII letters of any case
// match.
RegexShape shape_of(std::string_view regex, std::span<const std::string> keywords);

}  // namespace assay
