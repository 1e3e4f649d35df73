// The course of a scanning command: find the format, compile the rules, open the output, scan, and
// hand each finding to the report as it comes.
//
//   scan → sink → Report → Output::buffer → (guard) → standard output, or FILE
#include "cli/run_report.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <span>

#include "cli/commands.h"
#include "cli/evidence.h"
#include "cli/output.h"
#include "cli/stats.h"
#include "cli/stop.h"
#include "scanner/database_cache.h"

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

// Scans, and writes the report as it grows.
ScanSummary scan_into(Report& report, Output& output, const ReportFlags& flags,
                      const ReportRun& run, const OwnerSources& owners, const RuleSet& rules,
                      const Prefilter& prefilter, const std::atomic<bool>& stop, Stopwatch& watch,
                      ScanStats& stats) {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  Progress progress(!flags.quiet && terminal, output.is_terminal(), run.unit);
  Complaints complaints(progress, flags.format == "text" && terminal && output.is_terminal());
  const auto guarded = flags.reveal ? std::span<const KeyFamily* const>() : rules.families();
  bool handed_on = false;
  EvidenceList evidence;
  report.begin(output.buffer());
  const ScanSink sink{
      [&](Finding&& finding) {
        handed_on = true;
        progress.count_finding();
        if (flags.evidence) evidence.note(finding);
        give_chosen_id(owners, finding);
        report.finding(finding, output.buffer());
        output.flush(false, guarded);
      },
      [&](Diagnostic&& diagnostic) {
        handed_on = true;
        report.diagnostic(diagnostic, output.buffer());
        complaints.say(diagnostic);
      },
      [&](const ScanProgress& at) {
        progress.show(at);
        if (run.live && handed_on) output.flush(true, guarded);
        handed_on = false;
      },
  };
  const bool detailed = format_named(flags.format).detailed;
  ScanOptions options;
  options.threads = flags.threads;
  options.detailed = detailed;
  options.timed = flags.stats;
  ScanSummary summary = run.scan(rules, prefilter, options, sink, stop, stats);
  summary.unit = run.unit;
  if (flags.evidence) {
    summary.arguments = command_line();
    if (run.open_again) evidence.gather(run.open_again, sink.diagnostic, stop, summary);
  }
  progress.clear();
  complaints.finish();
  watch.lap("scan");
  report.finish(summary, output.buffer());
  output.flush(true, guarded);
  output.commit();
  watch.lap("report");
  return summary;
}

}  // namespace

void add_report_flags(CLI::App& command, ReportFlags& flags) {
  command.add_option("-f,--format", flags.format, "text, jsonl, sarif or github")
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
}

void check_report_flags(const ReportFlags& flags) { format_named(flags.format); }

int run_report(const ReportFlags& flags, const ReportRun& run) {
  const Format& format = format_named(flags.format);
  Stopwatch watch;
  const RuleSet rules = RuleSet::builtin();
  const Prefilter prefilter(
      rules, {!flags.no_prefilter, flags.no_cache ? std::string() : default_cache_folder()});
  if (run.check_output) run.check_output();
  const OwnerSources owners = open_owners(flags.owner, run.root ? run.root() : RepositoryRoot());
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
  const auto report = format.make(rules, options);
  if (flags.reveal) say("assay: --reveal is on: the report shows key values.\n");
  watch.lap("start");

  const std::atomic<bool>& stop = stop_at_signals();
  ScanStats stats;
  const ScanSummary summary =
      scan_into(*report, output, flags, run, owners, rules, prefilter, stop, watch, stats);
  if (flags.stats) print_stats(rules, prefilter, summary, stats, watch);

  if (const uint64_t left_out = report->left_out(); left_out > 0) {
    fmt::print(
        stderr,
        "assay: the report leaves out {} findings, since it may hold only so many of exports. "
        "Use --format jsonl, which holds them all.\n",
        left_out);
    return kExitFailed;
  }
  if (!summary.complete()) return kExitFailed;
  return summary.findings > 0 && !flags.exit_zero ? kExitFindings : kExitClean;
}

}  // namespace assay
