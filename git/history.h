// What a repository holds and ever held: the whole of it, or what a range of commits adds.
#pragma once

#include <atomic>
#include <span>
#include <string>
#include <vector>

#include "git/object_store.h"
#include "git/oid.h"
#include "git/repository.h"
#include "scanner/scan.h"

namespace assay {

// Findings that stand in no file of a tree are told under these paths. Git lets no tree hold them.
inline constexpr std::string_view kCommitsPath = ".git/commits";
inline constexpr std::string_view kTagsPath = ".git/tags";
inline constexpr std::string_view kObjectsPath = ".git/objects";  // no commit holds the object

struct HistoryOptions {
  bool reachable = false;       // only what refs reach
  bool accept_missing = false;  // what a shallow or partial clone lacks does not make it incomplete
  bool incremental = true;      // see SearchOptions
};

// Scans every object of the repository and of its submodules' repositories, reachable or not.
// Findings come by path, each key once a path: at the newest text that holds it. Diagnostics first.
ScanSummary scan_history(const Repository& repository, const HistoryOptions& history,
                         const RuleSet& rules, const Prefilter& prefilter,
                         const ScanOptions& options, const ScanSink& sink,
                         const std::atomic<bool>& stop, ScanStats& stats);

// Scans what the commits that `include` reaches and `exclude` does not add to their parents: their
// messages, new file names, and keys that a file has at a path where no parent has them.
ScanSummary scan_range(const Repository& repository, std::span<const Oid> include,
                       std::span<const Oid> exclude, const HistoryOptions& history,
                       const RuleSet& rules, const Prefilter& prefilter, const ScanOptions& options,
                       const ScanSink& sink, const std::atomic<bool>& stop, ScanStats& stats);

}  // namespace assay
