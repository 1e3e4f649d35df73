// What of a run's findings counts: the config, the baseline, an earlier log, and the exit code.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/config_flags.h"
#include "reports/format.h"
#include "response/base_sarif.h"
#include "response/suppress.h"
#include "rules/rule_set.h"
#include "scanner/finding.h"

namespace assay {

struct GateFlags {
  ConfigFlags config;
  std::string baseline;                // file; empty: that of the config
  std::string write_baseline;          // file to make or add to; empty: none
  std::string reason, owner, expires;  // of what is written there
  std::string base_sarif;              // file or folder; empty: none
  std::string fail_on;                 // empty: what the config says, else context
  std::string sarif_profile = "full";
  std::string summary;  // file to append the Markdown summary to; empty: none
  bool no_markers = false;
  bool no_foreign_markers = false;
};

// Puts these flags on a command. `flags` must live until the command has run.
void add_gate_flags(CLI::App& command, GateFlags& flags);

// Throws Error if a flag has a value that does not exist.
void check_gate_flags(const GateFlags& flags);

// Judges the findings of one run, on one thread.
class Gate {
 public:
  // Finds and reads all that the flags, which were checked, and the config name. `inputs` as the
  // user gave them; `root`: the work folder of the repository, may be empty. Throws Error.
  Gate(const GateFlags& flags, const std::vector<std::string>& inputs, const std::string& root);
  ~Gate();

  const Config& config() const { return choice_.config; }
  std::vector<std::string> config_files() const;  // paths that can be opened
  const std::string& baseline_file() const;       // likewise; empty: none
  // The built-in rules as the config has them, and its own.
  RuleSet rules();

  // Before the scan, once its rules are known; they outlive the gate's judging.
  void open(const RuleSet& rules);
  void fill(ReportOptions& options) const;

  // Says of the finding whether it counts, and how it stands to what was known.
  void judge(Finding& finding, const ReportOptions& options);

  // After the scan: the counts, the config, what was turned off, notes. `whole`: all was looked at
  // that a baseline may be about, not only a change.
  void finish(ScanSummary& summary, bool whole);

  // Writes the baseline that was asked for. Returns the sentence that says so, or empty.
  std::string write_baseline();

 private:
  const GateFlags& flags_;
  ConfigChoice choice_;
  FailOn fail_on_ = FailOn::context;
  std::vector<std::string> disabled_;
  std::optional<Baseline> baseline_, written_;
  std::optional<BaseSarif> base_;
  std::unique_ptr<Suppressor> suppressor_;
  std::string today_;
  uint64_t suppressed_ = 0, failing_ = 0, added_ = 0;
};

}  // namespace assay
