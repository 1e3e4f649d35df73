// One window of bytes to findings: the stages of the scan on one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/finding.h"
#include "scanner/near_miss.h"
#include "scanner/prefilter.h"
#include "scanner/regex_rules.h"
#include "scanner/restore.h"

namespace assay {

// How much of its surroundings a key needs, so that a window's findings are those of the whole
// text: the context of a key that begins as far before the anchor as a key can, or as far behind
// it.
inline constexpr size_t kWindowBefore = 4608;
inline constexpr size_t kWindowAfter = RegexRules::kMostWidth;

// A stretch of a blob. Each anchor belongs to the one window in whose (own_begin, own_end] it ends.
// Around the own part, `text` holds kWindowBefore bytes before and kWindowAfter after, or as many
// as the blob has; of a live stream, as many as have come.
struct Window {
  std::string_view text;
  uint64_t base = 0;  // offset of text[0] in the blob
  size_t own_begin = 0;
  size_t own_end = 0;
  bool at_end = false;  // text ends where the blob ends
  std::string_view path;
};

// Counted by each matcher, added up at the end.
struct MatchStats {
  uint64_t hits = 0;        // of the prefilter
  uint64_t candidates = 0;  // gathered or matched by a regex
  uint64_t prefilter_ns = 0;
  uint64_t match_ns = 0;                   // gather, verify, context
  std::vector<uint64_t> findings_by_rule;  // in the order of the rule set
  void add(const MatchStats& other);
};

// Owns the scratch and the reused vectors of one worker. The RuleSet and the Prefilter are shared
// and must outlive it.
class Matcher {
 public:
  struct Options {
    bool snippets = false;                    // fill Finding::snippet
    bool timed = false;                       // fill the times of the stats
    const RegexRules* regex_rules = nullptr;  // the user's own; may be null; outlives it
  };
  Matcher(const RuleSet& rules, const Prefilter& prefilter, Options options);

  // Appends the findings of the window in ascending order of offset, complete but for `provenance`,
  // `facts`, `line_hash` and the lines and columns of `location`. Anchors of a live stream that
  // need bytes not there yet are kept and tried again with the next window of the same blob.
  void match(const Window& window, std::vector<Finding>& findings);

  // As `match`, where the prefilter's hits in the own part are known already.
  void match_hits(const Window& window, std::span<const Hit> hits, std::vector<Finding>& findings);

  // `name` with every key in a disguise replaced by its redacted form, for names in reports.
  std::string redact_disguised(std::string_view name);

  // Whether, since the blob's begin, one of the user's rules matched too often in a window to tell
  // all of it.
  bool regex_cut() const { return regex_cut_; }

  // Forgets what it kept: before each new blob, and each part of one.
  void reset();

  const MatchStats& stats() const { return stats_; }

 private:
  struct Match {
    Span span;
    Span secret;  // the digits of a key, or the regex's group
    const Rule* rule = nullptr;
    const KeyFamily* family = nullptr;
    const KeySeed* seed = nullptr;
    bool needs_functions_host = false;
    std::array<std::string_view, 3> encoding{};
    const RestoredKey* restored = nullptr;  // one of restored_
    const NearMiss* miss = nullptr;         // one of misses_
    bool regex = false;                     // of a rule of the user
  };
  enum class Verdict { none, match, more };

  static bool is_proven(const Match& match) {
    return match.seed != nullptr ||
           (match.restored != nullptr && match.restored->info.confidence == Confidence::verified);
  }

  Verdict judge(const Anchor& anchor, const Window& window, size_t end, Match& match) const;
  Verdict judge_pattern(const Anchor& anchor, const Window& window, size_t end, Match& match) const;
  void take_escaped_padding(std::string_view text, Match& match) const;
  bool names_functions_host(const Window& window, Span span);
  bool is_signature_key(const Window& window, size_t begin) const;
  bool holds_signature_key(const Window& window, Span value) const;
  void collect(const Window& window, std::span<const Hit> hits);
  void collect_restored(const Window& window);
  void collect_misses(const Window& window);
  void collect_regex(const Window& window);
  void wait_for(const Window& window, const Hit& hit);
  bool holds_disguised_key(const Window& window, const Match& match);
  bool make_finding(const Window& window, const Match& match, Finding& finding);
  void take_key(const Match& match, std::string_view text, Finding& finding);
  Snippet make_snippet(const Window& window, Span span);
  void mask_keys(const Window& window, size_t from, std::string& text);

  const RuleSet& rules_;
  const Prefilter& prefilter_;
  Prefilter::Scratch scratch_;
  Restorer restorer_;
  Options options_;
  std::vector<Hit> hits_;
  std::vector<Hit> snippet_hits_;
  std::vector<Match> matches_;
  std::vector<Hit> disguised_;  // hits that something must be undone around
  std::vector<RestoredKey> restored_;
  std::vector<Hit> near_;  // hits of whole signatures that proved no key
  NearMisses near_misses_;
  std::deque<NearMiss> misses_;
  std::optional<RegexRules::Scratch> regex_scratch_;
  std::vector<RegexMatch> regex_matches_;
  bool regex_cut_ = false;
  // Anchors kept, with their ends as offsets in the blob.
  struct Kept {
    uint32_t anchor;
    uint64_t end;
    uint8_t gap;
  };
  std::vector<Kept> kept_;
  std::vector<Kept> waiting_;  // to be kept
  // Where the pivots of disguised keys and the signatures of damaged ones end that were reported of
  // this blob while others were kept: ascending, none before the window.
  std::vector<uint64_t> told_;
  // Of this blob: where the last Functions host was seen, and how far was looked for one.
  std::optional<uint64_t> host_at_;
  uint64_t host_sought_ = 0;
  MatchStats stats_;
};

}  // namespace assay
