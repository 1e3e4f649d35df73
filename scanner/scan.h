// The scan: sources in, findings and diagnostics out, in one order whatever the number of threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "rules/rule_set.h"
#include "scanner/decoders/container.h"
#include "scanner/finding.h"
#include "scanner/matcher.h"
#include "scanner/prefilter.h"
#include "scanner/source.h"

namespace assay {

struct ScanOptions {
  unsigned threads = 0;   // workers; 0: one a processor
  bool detailed = false;  // snippets, line hashes and facts, for reports that use them
  bool timed = false;     // times in the stats
  // Archives and compressed blobs are looked into, within these limits; none: they are bytes.
  std::optional<ContainerLimits> containers = std::nullopt;
  bool records = false;                     // of findings in exports
  const RegexRules* regex_rules = nullptr;  // the user's own; may be null
};

struct ScanProgress {
  uint64_t blobs = 0;
  uint64_t bytes = 0;
};

// Takes what the scan says, on the thread that called `scan`. An exception from one of these stops
// the scan and comes out of it.
struct ScanSink {
  std::function<void(Finding&&)> finding;
  std::function<void(Diagnostic&&)> diagnostic;
  // After each batch of the above, and some times a second when there is nothing: may be empty.
  std::function<void(const ScanProgress&)> tick;
};

struct ScanStats {
  MatchStats match;
  uint64_t read_ns = 0;
  unsigned threads = 0;
};

// Scans every blob of every source. Order of what comes out: the order in which the sources name
// blobs, then the offset; the members of a container stand before its own bytes; the same for one
// thread or many. Memory does not grow with the input: a
// worker far ahead of what was handed on waits. Stops soon after `stop` becomes true; the summary
// then says interrupted, and a diagnostic says so too.
ScanSummary scan(std::span<const std::unique_ptr<Source>> sources, const RuleSet& rules,
                 const Prefilter& prefilter, const ScanOptions& options, const ScanSink& sink,
                 const std::atomic<bool>& stop, ScanStats* stats = nullptr);

}  // namespace assay
