// Which findings do not count, and why: markers beside the key, the baseline, the config, samples.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "response/baseline.h"
#include "rules/config.h"
#include "scanner/finding.h"

namespace assay {

struct SuppressOptions {
  bool markers = true;                               // --no-markers: none counts
  bool foreign_markers = true;                       // those of other tools
  Baseline* baseline = nullptr;                      // may be null
  const std::vector<ConfigAllow>* allows = nullptr;  // may be null
  std::string today;                                 // 2026-11-22
  // Those of the run, to tell the user's own rules in `assay:allow RULE reason`; may be null.
  const RuleSet* rules = nullptr;
};

// Whether markers count where the finding stands. Not in records of exports, in streams, logs and
// messages of commits: what stands there was written by others than those who answer for the code.
bool markers_count(const Finding& finding);

// Judges one finding after another, on one thread. What the options point at must outlive it.
// Throws Error, with file and line, at construction for a pattern of the config that cannot be.
class Suppressor {
 public:
  explicit Suppressor(SuppressOptions options);
  ~Suppressor();
  // Sets `suppression` if one of these says so, in this order: a published sample, the marker, the
  // config, the baseline. A verified key is suppressed only with a reason. Sets baseline_state
  // where there is a baseline: unchanged where it has an entry, else new, unless it is set already.
  void judge(Finding& finding);

 private:
  struct Rules;
  SuppressOptions options_;
  std::unique_ptr<Rules> rules_;
};

// What --fail-on may be, and whether a finding makes the run fail: verified; signature: that or
// better; context: all; never. Suppressed ones never do, and with a baseline only new ones.
enum class FailOn { verified, signature, context, never };
std::optional<FailOn> fail_on_named(std::string_view word);
bool fails(const Finding& finding, FailOn fail_on);

}  // namespace assay
