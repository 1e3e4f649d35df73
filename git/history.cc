#include "git/history.h"

#include <fmt/format.h>

#include "git/repository_scan.h"
#include "scanner/scan_crew.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr size_t kMostModules = 256;  // submodules, also of submodules

ScanSummary finish(HistoryRun& run) {
  if (run.stop) {
    run.summary.interrupted = true;
    ++run.summary.diagnostics;
    run.sink.diagnostic({Diagnostic::Kind::interrupted, "", "the scan was stopped before its end",
                         "HistoryRun it again to look at the rest."});
  }
  run.stats.threads = crew_size(run.options.threads);
  return run.summary;
}

// The repositories of submodules, and of theirs.
void scan_modules(const Repository& repository, const std::string& prefix, size_t& left,
                  HistoryRun& run) {
  for (const Repository::Module& module : repository.modules()) {
    if (run.stop) return;
    const std::string path = prefix + module.path + "/";
    const auto skip = [&](std::string reason) {
      ++run.summary.diagnostics;
      run.sink.diagnostic({Diagnostic::Kind::skipped, redact_names(prefix + module.path),
                           std::move(reason), "Scan the submodule by itself."});
    };
    if (left == 0) return skip(fmt::format("there are more than {} submodules", kMostModules));
    --left;
    try {
      const Repository submodule(module.folder, false);
      RepositoryScan(submodule, path, run).scan_all();
      scan_modules(submodule, path, left, run);
    } catch (const Error& error) {
      skip(fmt::format("its repository cannot be opened: {}", redact_names(error.what())));
    }
  }
}

}  // namespace

ScanSummary scan_history(const Repository& repository, const HistoryOptions& history,
                         const RuleSet& rules, const Prefilter& prefilter,
                         const ScanOptions& options, const ScanSink& sink,
                         const std::atomic<bool>& stop, ScanStats& stats) {
  HistoryRun run{history, rules, prefilter, options, sink, stop, stats, {}};
  RepositoryScan(repository, "", run).scan_all();
  size_t left = kMostModules;
  scan_modules(repository, "", left, run);
  return finish(run);
}

ScanSummary scan_range(const Repository& repository, std::span<const Oid> include,
                       std::span<const Oid> exclude, const HistoryOptions& history,
                       const RuleSet& rules, const Prefilter& prefilter, const ScanOptions& options,
                       const ScanSink& sink, const std::atomic<bool>& stop, ScanStats& stats) {
  HistoryRun run{history, rules, prefilter, options, sink, stop, stats, {}};
  RepositoryScan(repository, "", run).scan_range(include, exclude);
  return finish(run);
}

}  // namespace assay
