// What every command that scans does the same way: flags, output, progress, report, exit code.
#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cli/gate.h"
#include "cli/owner_flags.h"
#include "reports/format.h"
#include "rules/rule_set.h"
#include "scanner/prefilter.h"
#include "scanner/scan.h"
#include "scanner/source.h"
#include "scanner/sources/files.h"

namespace assay {

struct ReportFlags {
  std::string format = "text";
  std::string output;  // empty: standard output
  std::string colour = "auto";
  unsigned threads = 0;
  bool no_prefilter = false;
  bool no_cache = false;
  bool stats = false;
  bool quiet = false;
  bool exit_zero = false;
  bool reveal = false;
  OwnerFlags owner;
  GateFlags gate;
  bool evidence = false;
};

// Puts these flags on a command. `flags` must live until the command has run.
void add_report_flags(CLI::App& command, ReportFlags& flags);

// Throws Error if a flag has a value that does not exist. run_report does it first.
void check_report_flags(const ReportFlags& flags);

// What is the command's own. Called on the thread of run_report, in this order; all but `scan` may
// be empty. Whatever is thrown comes out.
struct ReportRun {
  using Scan = std::function<ScanSummary(const RuleSet& rules, const Prefilter& prefilter,
                                         const ScanOptions& options, const ScanSink& sink,
                                         const std::atomic<bool>& stop, ScanStats& stats)>;

  bool live = false;               // findings are wanted at once
  std::string_view unit = "file";  // what is counted: file, object; a literal

  std::vector<std::string> inputs;  // as the user named them
  bool whole = true;                // false: only a change is looked at
  // Once the config is read, which is what the user did not say by flags.
  std::function<void(const Config& config)> configure;
  // Once the output is opened: `own` is the file that the report goes to, which is no input of the
  // run.
  std::function<void(const std::optional<FileId>& own)> prepare;
  // The repository whose CODEOWNERS counts, unless a flag names another file.
  std::function<RepositoryRoot()> root;
  // What the report says of the repository.
  std::function<RepositoryFacts()> repository;
  // Words for the report; see ReportOptions.
  std::string_view nothing = {}, no_ref = {}, advice = {};
  // Opens a file of the input once more, for --evidence, by the id and the path of the blob. Null,
  // with the diagnostic filled, if it cannot. Empty where no finding is in a file.
  std::function<std::unique_ptr<Reader>(const Blob& blob, Diagnostic& diagnostic)> open_again;
  // The work. `stop` becomes true at Ctrl-C. The summary's unit is set by run_report.
  Scan scan;
};

// Runs `run.scan` and writes its report. Returns the exit code (docs/exit-codes.md). Throws Error
// if it cannot start, or the report cannot be written.
int run_report(const ReportFlags& flags, const ReportRun& run);

}  // namespace assay
