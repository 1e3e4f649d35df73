// The course of a scanning command: find the format, compile the rules, open the output, scan, and
// hand each finding to the report as it comes.
//
//   scan → sink → Report → Output::buffer → (guard) → standard output, or FILE
#include "cli/run_report.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <span>

#include "cli/commands.h"
#include "cli/evidence.h"
#include "cli/output.h"
#include "cli/report_files.h"
#include "cli/stats.h"
#include "cli/stop.h"
#include "scanner/database_cache.h"
#include "scanner/regex_rules.h"
#include "scanner/verify.h"

namespace assay {

namespace {

// Each diagnostic as a sentence on stderr, up to a number that a person can read. Left out where
// the text report shows the same sentences on the same terminal.
class Complaints {
 public:
  Complaints(Progress& progress, bool silent) : progress_(progress), silent_(silent) {}

  void say(const Diagnostic& diagnostic) {
    if (silent_ || ++count_ > kMost) return;
    progress_.clear();
    assay::say(fmt::format("assay: {}\n", sentence(diagnostic)));
  }
  void finish() const {
    if (count_ > kMost)
      assay::say(fmt::format("assay: {} more: see the report.\n", count_ - kMost));
  }

 private:
  static constexpr uint64_t kMost = 100;
  Progress& progress_;
  bool silent_;
  uint64_t count_ = 0;
};

// Empty if the system does not tell: reports then know no more than relative paths.
std::string current_folder() {
  char path[PATH_MAX];
  return getcwd(path, sizeof path) != nullptr ? path : "";
}

bool wants_colour(const ReportFlags& flags, const Output& output) {
  if (flags.colour != "auto") return flags.colour == "always";
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return output.is_terminal() && (no_colour == nullptr || *no_colour == '\0') &&
         (term == nullptr || std::string_view(term) != "dumb");
}

const Format& format_named(const std::string& name) {
  if (const Format* format = find_format(name)) return *format;
  std::string names;
  for (const Format& known : formats()) names += fmt::format(" {}", known.name);
  throw Error(fmt::format("There is no format {}. Choose one of:{}.", name, names));
}

// The report, and beside it the summary for the page of a job: both take the same calls.
class Documents {
 public:
  Documents(Report& report, Output& output, std::unique_ptr<Report> summary,
            std::span<const KeyFamily* const> guarded)
      : report_(report), output_(output), summary_(std::move(summary)), guarded_(guarded) {}

  void begin() {
    report_.begin(output_.buffer());
    if (summary_) summary_->begin(summary_text_);
  }
  void finding(const Finding& finding) {
    report_.finding(finding, output_.buffer());
    if (summary_) summary_->finding(finding, summary_text_);
    output_.flush(false, guarded_);
  }
  void diagnostic(const Diagnostic& diagnostic) {
    report_.diagnostic(diagnostic, output_.buffer());
    if (summary_) summary_->diagnostic(diagnostic, summary_text_);
  }
  void finish(const ScanSummary& summary) {
    report_.finish(summary, output_.buffer());
    if (summary_) summary_->finish(summary, summary_text_);
    output_.flush(true, guarded_);
  }
  void flush() { output_.flush(true, guarded_); }
  std::string_view summary_text() const { return summary_text_; }

 private:
  Report& report_;
  Output& output_;
  std::unique_ptr<Report> summary_;
  std::string summary_text_;
  std::span<const KeyFamily* const> guarded_;
};

// What a run has beside its flags and its work.
struct RunParts {
  const OwnerSources& owners;
  const RuleSet& rules;
  const Prefilter& prefilter;
  const RegexRules& regex_rules;
  const ReportOptions& options;
  Gate& gate;
};

// Scans, and writes the documents as they grow.
ScanSummary scan_into(Documents& documents, const Output& output, const ReportFlags& flags,
                      const ReportRun& run, const RunParts& parts, const std::atomic<bool>& stop,
                      Stopwatch& watch, ScanStats& stats) {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  Progress progress(!flags.quiet && terminal, output.is_terminal(), run.unit);
  Complaints complaints(progress, flags.format == "text" && terminal && output.is_terminal());
  bool handed_on = false;
  EvidenceList evidence;
  documents.begin();
  const ScanSink sink{
      [&](Finding&& finding) {
        handed_on = true;
        give_chosen_id(parts.owners, finding);
        parts.gate.judge(finding, parts.options);
        if (finding.suppression == nullptr) progress.count_finding();
        if (flags.evidence) evidence.note(finding);
        documents.finding(finding);
      },
      [&](Diagnostic&& diagnostic) {
        handed_on = true;
        documents.diagnostic(diagnostic);
        complaints.say(diagnostic);
      },
      [&](const ScanProgress& at) {
        progress.show(at);
        if (run.live && handed_on) documents.flush();
        handed_on = false;
      },
  };
  ScanOptions options;
  options.threads = flags.threads;
  // What an earlier log knows of values that could be guessed is the hash of their lines.
  options.detailed = format_named(flags.format).detailed || !flags.gate.base_sarif.empty();
  options.timed = flags.stats;
  options.regex_rules = parts.regex_rules.empty() ? nullptr : &parts.regex_rules;
  ScanSummary summary = run.scan(parts.rules, parts.prefilter, options, sink, stop, stats);
  summary.unit = run.unit;
  for (const std::string& input : run.inputs) {
    summary.inputs.push_back(redact_names(printable(shown_path(input))));
  }
  parts.gate.finish(summary, run.whole);
  const std::vector<std::string>& slow = parts.regex_rules.warnings();
  summary.notes.insert(summary.notes.end(), slow.begin(), slow.end());
  if (flags.evidence) {
    summary.arguments = command_line();
    if (run.open_again) evidence.gather(run.open_again, sink.diagnostic, stop, summary);
  }
  progress.clear();
  complaints.finish();
  for (const std::string& note : summary.notes) say(fmt::format("assay: {}\n", note));
  watch.lap("scan");
  documents.finish(summary);
  return summary;
}

// None of the files that are written may be one that is read, or another of them.
void check_files(const ReportFlags& flags, const OwnerFlags& owners, const ReportRun& run,
                 const Gate& gate) {
  std::vector<std::string> read = gate.config_files();
  for (const std::string& path : {owners.inventory, owners.owners, owners.codeowners}) {
    if (!path.empty() && path != "none") read.push_back(path);
  }
  for (const std::string& input : run.inputs) {
    if (input != "-") read.push_back(input);
  }
  WrittenFiles files{flags.output, flags.gate.summary, flags.gate.write_baseline,
                     flags.format == "sarif"};
  check_written(files, read);
  // A baseline may grow.
  files.baseline.clear();
  if (!gate.baseline_file().empty()) check_written(files, {{gate.baseline_file()}});
}

}  // namespace

void add_report_flags(CLI::App& command, ReportFlags& flags) {
  command.add_option("-f,--format", flags.format, "text, jsonl, sarif, github or markdown")
      ->capture_default_str();
  command.add_option("-o,--output", flags.output, "Write the report to FILE, whole or not at all")
      ->type_name("FILE");
  command.add_option("-j,--threads", flags.threads, "Workers; 0 = one a processor")
      ->check(CLI::Range(0, 256));
  command.add_flag("--no-prefilter", flags.no_prefilter, "The plain, slow reference path");
  command.add_flag("--no-cache", flags.no_cache, "Neither read nor write the compiled database");
  command.add_option("--color", flags.colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  command.add_flag("--stats", flags.stats, "Bytes, rate, time a stage, findings a rule, on stderr");
  command.add_flag("-q,--quiet", flags.quiet, "No progress");
  command.add_flag("--exit-zero", flags.exit_zero, "Exit with 0 where findings would give 1");
  command.add_flag("--evidence", flags.evidence,
                   "Hash the files with findings, and name the command line (jsonl)");
  command.add_flag("--reveal", flags.reveal, "Show key values in the report (says so on stderr)");
  add_owner_flags(command, flags.owner);
  add_gate_flags(command, flags.gate);
}

void check_report_flags(const ReportFlags& flags) {
  format_named(flags.format);
  check_gate_flags(flags.gate);
}

int run_report(const ReportFlags& flags, const ReportRun& run) {
  check_report_flags(flags);
  const Format& format = format_named(flags.format);
  Stopwatch watch;
  const RepositoryRoot root = run.root ? run.root() : RepositoryRoot();
  Gate gate(flags.gate, run.inputs, root.folder);
  const RuleSet rules = gate.rules();
  const std::string cache = flags.no_cache ? std::string() : default_cache_folder();
  const Prefilter prefilter(rules, {!flags.no_prefilter, cache});
  const RegexRules regex_rules(rules, {cache, !flags.no_prefilter});
  gate.open(rules);
  if (run.configure) run.configure(gate.config());
  OwnerFlags owner_flags = flags.owner;
  if (owner_flags.inventory.empty()) owner_flags.inventory = gate.config().inventory;
  if (owner_flags.owners.empty()) owner_flags.owners = gate.config().owners;
  check_files(flags, owner_flags, run, gate);
  const OwnerSources owners = open_owners(owner_flags, root);
  const SummaryFile summary_file(flags.gate.summary);
  Output output(flags.output);
  if (run.prepare) run.prepare(output.file());
  ReportOptions options{wants_colour(flags, output),
                        run.live,
                        flags.reveal,
                        std::nullopt,
                        run.nothing,
                        run.no_ref,
                        run.advice,
                        owners.any() ? &owners : nullptr};
  if (run.repository) options.repository = run.repository();
  gate.fill(options);
  options.split = !flags.output.empty() && output.file().has_value();
  options.root = root.folder;
  options.folder = current_folder();
  const auto report = format.make(rules, options);
  if (flags.reveal) say("assay: --reveal is on: the report shows key values.\n");
  watch.lap("start");

  const std::atomic<bool>& stop = stop_at_signals();
  ScanStats stats;
  const auto guarded = flags.reveal ? std::span<const KeyFamily* const>() : rules.families();
  ReportOptions plain = options;
  plain.colour = plain.reveal = plain.live = false;
  Documents documents(
      *report, output,
      flags.gate.summary.empty() ? nullptr : find_format("markdown")->make(rules, plain), guarded);
  const ScanSummary summary =
      scan_into(documents, output, flags, run,
                {owners, rules, prefilter, regex_rules, options, gate}, stop, watch, stats);
  if (report->parts() > 0) {
    write_parts(*report, flags.output, guarded);
  } else {
    output.commit();
    if (options.split && flags.format == "sarif") remove_old_parts(flags.output, 1);
  }
  summary_file.append(documents.summary_text(), rules.families());
  watch.lap("report");
  if (const std::string remark = report->remark(); !remark.empty()) {
    say(fmt::format("assay: {}\n", remark));
  }
  if (const std::string told = gate.write_baseline(); !told.empty()) {
    say(fmt::format("assay: {}\n", told));
  }
  if (flags.stats) print_stats(rules, prefilter, summary, stats, watch);

  if (const uint64_t left_out = report->left_out(); left_out > 0) {
    fmt::print(
        stderr,
        "assay: the report leaves out {} findings, since it may hold only so many. Use --format "
        "jsonl, which holds them all.\n",
        left_out);
    return kExitFailed;
  }
  if (!summary.complete()) return kExitFailed;
  return summary.failing > 0 && !flags.exit_zero ? kExitFindings : kExitClean;
}

}  // namespace assay
