#include "git/history.h"

#include <fmt/format.h>

#include <filesystem>

#include "git/index_file.h"
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
                         "Run it again to look at the rest."});
  }
  run.stats.threads = crew_size(run.options.threads);
  return run.summary;
}

// A repository in a folder of the work tree that the index names as a submodule: what
// `git submodule` made has its repository under `modules` instead.
std::vector<Repository::Module> embedded(const Repository& repository) {
  std::vector<Repository::Module> out;
  if (repository.is_bare()) return out;
  try {
    const IndexFile index = IndexFile::read(repository.index_file());
    for (const IndexEntry& entry : index.entries()) {
      std::string path(entry.path);
      std::error_code ignored;
      const std::string folder = repository.work_folder() + "/" + path;
      if (entry.is_submodule() && std::filesystem::is_directory(folder + "/.git", ignored)) {
        out.push_back({folder, std::move(path)});
      }
    }
  } catch (const Error&) {  // told by the scan of the repository
  }
  return out;
}

// The repositories of submodules, and of theirs.
void scan_modules(const Repository& repository, HistoryRun& run) {
  std::vector<Repository::Module> modules = repository.modules();
  for (Repository::Module& module : embedded(repository)) modules.push_back(std::move(module));
  size_t left = kMostModules;
  for (const Repository::Module& module : modules) {
    if (run.stop) return;
    const auto skip = [&](std::string reason) {
      ++run.summary.diagnostics;
      run.sink.diagnostic({Diagnostic::Kind::skipped, redact_names(module.path), std::move(reason),
                           "Scan the submodule by itself."});
    };
    if (left == 0) return skip(fmt::format("there are more than {} submodules", kMostModules));
    --left;
    try {
      const Repository submodule(module.folder, false);
      RepositoryScan(submodule, module.path + "/", run).scan_all();
    } catch (const Error& error) {
      std::string reason = error.what();  // names the folder, which is of this machine
      for (size_t at; (at = reason.find(module.folder)) != std::string::npos;) {
        reason.replace(at, module.folder.size(), "its repository");
      }
      skip(fmt::format("its repository cannot be scanned: {}", redact_names(reason)));
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
  scan_modules(repository, run);
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
