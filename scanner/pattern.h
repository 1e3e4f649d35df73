// One compiled regex of a rule, tried where a keyword stands. The only user of RE2.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "rules/rule.h"

namespace re2 {
class RE2;
}

namespace assay {

// A piece of a text: [begin, end).
struct Span {
  size_t begin = 0;
  size_t end = 0;
  size_t size() const { return end - begin; }
  friend bool operator==(const Span&, const Span&) = default;
};

// Immutable, shared by all threads. The regex is compiled when it is first tried: most runs never
// meet a keyword, and compiling took half of the time of a run over one small file.
class Pattern {
 public:
  // A match is at most this long; what a regex would match beyond it does not exist.
  static constexpr size_t kMaxWidth = 512;

  // `source` and `rule_id` must outlive it.
  Pattern(const KeywordPattern& source, std::string_view rule_id);
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  // Compiles the regex. Throws Error naming the rule if it does not compile or has no group
  // `secret`. The built-in rules are tested; call it for any others before `match_at`.
  void check() const;

  // `more`: the answer may change when the text goes on (only if !at_end and the text stops within
  // kMaxWidth of `at`).
  enum class Outcome { none, found, more };

  // Matches with the regex beginning at `at`; the neighbours before `at` are seen by `\b` and `^`.
  // Outcome::found: `secret` is the group of that name, not empty.
  Outcome match_at(std::string_view text, size_t at, bool at_end, Span& secret) const;

  const KeywordPattern& source() const { return source_; }

 private:
  const KeywordPattern& source_;
  std::string_view rule_id_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<re2::RE2> regex_;
  mutable int group_ = 0;
};

}  // namespace assay
