// The user's own rules: keywords first, the regex only where one stands. What a rule finds is what
// gitleaks 8 finds in a file, but for docs/gitleaks.md; what it decodes (base64, percent, hex) and
// its limits of files' sizes are not here.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/pattern.h"

namespace assay {

// The secret of a rule's match in a text. `match` is all that the regex matched, without the line
// breaks at its ends.
struct RegexMatch {
  const Rule* rule = nullptr;
  Span match, secret;
  friend bool operator==(const RegexMatch&, const RegexMatch&) = default;
};

// All rules of a set that have a regex of the user's. Immutable, shared by all threads; the RuleSet
// must outlive it.
class RegexRules {
 public:
  // No match is longer; what a regex would match beyond does not exist. As many bytes behind a
  // window's own part are at hand (kWindowAfter).
  static constexpr size_t kMostWidth = 16384;

  struct Options {
    std::string cache_folder;  // of the compiled keywords; empty: no cache
    // false: keywords are compared one after another, and a regex is tried over the whole text if
    // one of its keywords stands there; the reference for tests.
    bool keywords = true;
  };
  // Compiles all. Throws Error with the rule's file and line for a regex or path that RE2 refuses,
  // a secret group that is not there, an allowlist that cannot be compiled, a required rule that
  // does not exist.
  RegexRules(const RuleSet& rules, const Options& options);
  ~RegexRules();

  bool empty() const;
  // Sentences about rules that will be slow: no keyword, or a keyword that the regex can do without
  // while its width has no bound.
  const std::vector<std::string>& warnings() const;

  // Each worker has its own. Remembers, of the blob at hand, where the last match of each rule
  // ended: matches of one rule do not overlap.
  class Scratch {
   public:
    explicit Scratch(const RegexRules& rules);
    ~Scratch();
    Scratch(Scratch&&) noexcept;
    void reset();  // before each blob, and each part of one

   private:
    friend class RegexRules;
    struct Memory;
    std::unique_ptr<Memory> memory_;
  };

  // Appends the matches that begin in [own_begin, own_end) of `text`, the same as trying each regex
  // over the whole blob from left to right would give, by their begin and then the rule's order:
  // where a keyword of the rule stands anywhere in `text`, or it has none.
  // `text` holds kWindowBefore bytes before the own part and kWindowAfter after it, or as many as
  // the blob has; `base` is its offset in the blob. Entropy, allowlists (of the rule and of the
  // set, but for commits) and `path` (as reported) have been asked; rules that look at a path alone
  // give nothing here. Required rules are judged within the window. Rules named "generic" give way
  // to others that found the same on the same line. No secret is empty.
  // False: a rule had too many matches (65536 here), and the rest of them is left out.
  bool find(std::string_view text, uint64_t base, size_t own_begin, size_t own_end,
            std::string_view path, Scratch& scratch, std::vector<RegexMatch>& matches) const;

  // The rules whose path matches and that have no regex: the file itself is the finding.
  std::vector<const Rule*> of_path(std::string_view path) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

// Bits a character of `text`, as gitleaks counts them: by the frequencies of its characters, which
// are divided by its length in bytes.
double shannon_entropy(std::string_view text);

}  // namespace assay
