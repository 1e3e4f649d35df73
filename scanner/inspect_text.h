// What a text is that somebody holds for a key: `assay inspect`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/keys/repair.h"
#include "rules/rule_set.h"
#include "scanner/finding.h"
#include "scanner/matcher.h"
#include "scanner/prefilter.h"

namespace assay {

// From the best to the worst. `understood`: verified, repaired, and masked with one candidate.
enum class Verdict {
  verified,   // the checksum holds
  repaired,   // damaged, and the checksum singles out one key
  masked,     // hidden or cut off in part, and known again, or one of few
  ambiguous,  // damaged, and more than one key may have been it
  shape,      // length and signature of a key, but no checksum holds near it
  context,    // only its surroundings say that it is a key
  none,       // nothing of a key
};
std::string_view to_string(Verdict verdict);

struct Inspection {
  Verdict verdict = Verdict::none;
  const KeyFamily* family = nullptr;       // null of `context` and `none`
  const KeySeed* seed = nullptr;           // null unless one key, or its kind by form, is known
  const Rule* rule = nullptr;              // that reports such a key; null where none does
  Secret key;                              // canonical text of the one key; of `shape` as it stands
  std::vector<std::string_view> encoding;  // what was undone to find it, outermost first
  KeyContext context;

  // What the key says of itself beside its kind; empty of most families.
  std::string born;          // "2024-05"
  std::string_view service;  // that made it: "Azure OpenAI"
  std::string_view variant;  // "derived", "managed by Microsoft"
  enum class Sample { no, published, look };
  Sample sample = Sample::no;  // a sample that was published, or what looks like one

  std::string damage;          // of repaired, masked, ambiguous: "one character lost"
  std::vector<Repaired> keys;  // the answers, at most 16; of a mask at most 3
  uint64_t candidates = 0;     // how many keys it may be
  bool counted = true;         // false: `candidates` is only expected
  uint64_t tried = 0;          // candidates whose checksum was computed
  double by_chance = 0;        // of which so many would hold by chance
  bool cut_short = false;      // not all of a kind of damage could be tried
  std::string why;             // of `none`: half a sentence

  // Whether its checksum proves the key.
  bool proven() const { return seed != nullptr && verdict < Verdict::shape; }
  bool understood() const {
    return verdict == Verdict::verified || verdict == Verdict::repaired ||
           (verdict == Verdict::masked && candidates == 1 && counted);
  }
};

// Says what the keys of a text are. One thread.
class Inspector {
 public:
  // `rules` must outlive it and what it returns.
  explicit Inspector(const RuleSet& rules);

  // One entry for each key in `line`, in order, or one that says why there is none. A key may stand
  // in any disguise that a scan undoes; where no whole one is found, what stands there is unmasked
  // and repaired at full effort. Takes up to some seconds for a damaged key.
  std::vector<Inspection> inspect(std::string_view line);

 private:
  std::vector<Finding> find(std::string_view line);
  Inspection study(std::string_view text) const;
  Inspection told(const Finding& finding) const;
  Inspection judge(const Finding& finding, std::string_view line) const;

  const RuleSet& rules_;
  Prefilter prefilter_;
  Matcher matcher_;
};

}  // namespace assay
