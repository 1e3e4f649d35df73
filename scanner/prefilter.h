// Where a key may stand: the signatures and keywords of a rule set, found at memory speed.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/disguises.h"
#include "scanner/literal_set.h"
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
  uint8_t phase = 0;  // see SoughtLiteral
  Sought sought = Sought::everywhere;

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
// The contract of `find`: every place where a literal ends that is sought everywhere; of those
// sought near runs the places within a run of kLeastRun key characters or not further than
// kNearRun from one, base64 also across a line break behind such a run; of those sought in lists
// the places within one of kLeastList list characters; the pivots of the families that are sought
// thoroughly (pivots.h); and every place where a keyword ends from which a value may follow, that
// is, with a run, or the end of the text, not further than Pattern::kMaxWidth. What stands there is
// for the matcher to judge: the prefilter may say yes too often, never no wrongly. With hyperscan =
// false, `find` compares every literal at every byte: the reference that tests and fuzzers hold the
// fast path against.
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

  bool uses_hyperscan() const { return hyperscan_; }
  Origin origin() const;

  // How far behind or before a run what is sought near it may stand.
  static constexpr size_t kNearRun = 128;

 private:
  using Places = std::vector<LiteralSet::Place>;
  std::span<const Literal> literals_of(size_t first, size_t last) const {
    return std::span(literals_).subspan(first, last - first);
  }
  std::unique_ptr<LiteralSet> literals(size_t first, size_t last, const Options& options,
                                       std::string_view name) const;
  void add_anchors(const RuleSet& rules, const Options& options);
  void search(const LiteralSet& set, size_t first, std::string_view text, size_t from, size_t to,
              Scratch& scratch, std::vector<Hit>& hits) const;
  void find_near_runs(std::string_view text, size_t from, size_t to, Scratch& scratch,
                      std::vector<Hit>& hits) const;
  void find_in_lists(std::string_view text, size_t from, size_t to, Scratch& scratch,
                     std::vector<Hit>& hits) const;
  void find_pivots(std::string_view text, size_t from, size_t to, Scratch& scratch,
                   std::vector<Hit>& hits) const;
  void find_wrapped(std::string_view text, size_t line_end, size_t from, size_t to,
                    Scratch* scratch, std::vector<Hit>& hits) const;
  void find_unsigned(std::string_view text, Span run, size_t from, size_t to,
                     std::vector<Hit>& hits) const;
  void drop_elsewhere(std::string_view text, size_t first, std::vector<Hit>& hits) const;
  void find_reference(std::string_view text, size_t from, size_t to, std::vector<Hit>& hits) const;

  std::deque<Pattern> patterns_;  // anchors point into it
  // Those sought in every byte, those sought near runs (keywords among them), those in lists, those
  // of pivots, one a family, that of keys without a signature, and wide_.
  std::vector<Anchor> anchors_;
  std::vector<Literal> literals_;  // of the anchors before first_split_, in their order
  std::vector<const KeyFamily*> thorough_;
  PivotFinder pivots_;
  size_t first_near_run_ = 0, first_list_ = 0, first_split_ = 0;  // anchors
  std::optional<uint32_t> unsigned_, wide_;                       // anchors
  size_t longest_ = 0;                                            // literal
  bool hyperscan_ = false;
  std::string cache_folder_;
  std::unique_ptr<LiteralSet> signatures_, near_runs_;
  // Compiled when the first list is met, which few inputs have.
  mutable std::once_flag lists_once_;
  mutable std::unique_ptr<LiteralSet> lists_;
};

}  // namespace assay
