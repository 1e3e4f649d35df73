// Where a key may stand: the signatures and keywords of a rule set, found at memory speed.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/disguises.h"
#include "scanner/pattern.h"
#include "scanner/pivots.h"

namespace assay {

// One literal to look for. Where it ends, `family` is gathered around it, in the form that the
// anchor says, or `pattern` is tried from its beginning.
struct Anchor {
  std::string literal;
  bool caseless = false;
  const KeyFamily* family = nullptr;
  const Rule* rule = nullptr;  // with `pattern`
  const Pattern* pattern = nullptr;
  Form form = Form::whole;
  uint8_t phase = 0;  // see DisguisedLiteral

  bool disguised() const { return form != Form::whole && form != Form::keyword; }
};

// An anchor's literal ends at `end` (one past its last byte). Of Form::split: kPivotReach behind
// the pivot, or at the end of the text. `gap`: so many bytes of a line break stand within the
// literal.
struct Hit {
  size_t end = 0;
  uint32_t anchor = 0;
  uint8_t gap = 0;
  friend auto operator<=>(const Hit&, const Hit&) = default;
};

// The anchors of a rule set with what finds them. Immutable, shared by all threads; the RuleSet
// must outlive it.
//
// The contract of `find`: every place where a signature ends, plain or in one of its other forms
// (disguises.h, pivots.h); those of Form::twice only within a run of kLeastRun key characters
// (runs.h), and base64 also across a line break behind such a run; and every place where a keyword
// ends from which a value may follow, that is, with a run, or the end of the text, not further than
// Pattern::kMaxWidth. What stands there is for the matcher to judge: the prefilter may say yes too
// often, never no wrongly. With hyperscan = false, `find`
// compares every literal at every byte and reports each place: the reference that tests and fuzzers
// hold the fast path against.
class Prefilter {
 public:
  enum class Origin { compiled, cached, none };
  struct Options {
    bool hyperscan = true;        // false: only the plain way, nothing is compiled
    std::string cache_folder;     // empty: no cache
    bool check_patterns = false;  // compile every regex now, for rules that no test has seen
  };

  // Throws Error if a pattern is bad or this machine's processor cannot run Hyperscan. Reads the
  // compiled database from the cache folder if a file of ours is there that nobody else can write,
  // fits these rules, this Hyperscan and this processor, and is whole; else compiles and stores it.
  // A cache that cannot be used is ignored.
  Prefilter(const RuleSet& rules, const Options& options);
  ~Prefilter();

  // Each thread has its own.
  class Scratch {
   public:
    explicit Scratch(const Prefilter& prefilter);
    ~Scratch();
    Scratch(Scratch&&) noexcept;

   private:
    friend class Prefilter;
    struct Memory;
    std::unique_ptr<Memory> memory_;
  };

  // Appends the hits that end in (from, to] of `text`, in ascending order, to `hits`. A literal may
  // begin before `from`.
  void find(std::string_view text, size_t from, size_t to, Scratch& scratch,
            std::vector<Hit>& hits) const;

  const std::vector<Anchor>& anchors() const { return anchors_; }

  // For a whole text that is like another but for its bytes in [from, to): appends every place that
  // the contract of `find` asks for because of those bytes, in any order, also twice, and perhaps
  // others. That is: literals that end behind `from` and not more than longest() behind `to`, and
  // keywords before them whose value is new.
  void find_changed(std::string_view text, size_t from, size_t to, Scratch& scratch,
                    std::vector<Hit>& hits) const;
  size_t longest() const { return longest_; }  // literal, with a line break in it
  // How far around changed bytes find_changed looks.
  static constexpr size_t kReach = Pattern::kMaxWidth + 40;

  bool uses_hyperscan() const { return signatures_ != nullptr || keywords_ != nullptr; }
  Origin origin() const { return origin_; }

 private:
  struct Database;
  std::unique_ptr<Database> database(std::string_view name, size_t first, size_t last,
                                     const Options& options);
  void search(const Database& database, std::string_view text, size_t from, size_t to,
              Scratch& scratch, std::vector<Hit>& hits) const;
  void find_pivots(std::string_view text, size_t from, size_t to, Scratch& scratch,
                   std::vector<Hit>& hits) const;
  void find_wrapped(std::string_view text, size_t line_end, size_t from, size_t to,
                    std::vector<Hit>& hits) const;
  void drop_outside_runs(std::string_view text, size_t first, std::vector<Hit>& hits) const;
  void find_reference(std::string_view text, size_t from, size_t to, std::vector<Hit>& hits) const;
  void find_plain(std::string_view text, size_t from, size_t to, size_t first, size_t last,
                  std::vector<Hit>& hits) const;

  std::deque<Pattern> patterns_;  // anchors point into it
  // Those sought in every byte, those sought in runs, those of pivots, one a family, and wide_.
  std::vector<Anchor> anchors_;
  PivotFinder pivots_;
  size_t first_split_ = 0;  // anchor
  uint32_t wide_ = 0;       // anchor
  size_t longest_ = 0;      // literal
  Origin origin_ = Origin::none;
  std::unique_ptr<Database> signatures_;
  std::unique_ptr<Database> keywords_;
};

}  // namespace assay
