// assay scan [PATH…|-]
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/stats.h"
#include "reports/format.h"
#include "scanner/database_cache.h"
#include "scanner/scan.h"
#include "scanner/sources/files.h"
#include "scanner/sources/stream.h"

namespace assay {

namespace {

struct ScanFlags {
  std::vector<std::string> paths;
  FileOptions files;
  bool no_ignore = false;
  std::string format = "text";
  std::string output;
  std::string colour = "auto";
  unsigned threads = 0;
  bool no_prefilter = false;
  bool no_cache = false;
  bool stats = false;
  bool quiet = false;
  bool exit_zero = false;
  bool reveal = false;
};

std::atomic<bool> g_stop{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int) { g_stop.store(true, std::memory_order_relaxed); }

// The first Ctrl-C ends the scan with a report; a second one ends the process.
void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESETHAND;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool is_stream(const std::string& path) {
  struct stat status;
  return path == "-" || (stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode));
}

// Whether the path is another name of standard input, which is read once: two readers of one pipe
// would tear its keys apart.
bool is_stdin(const std::string& path) {
  struct stat in, status;
  return path == "-" || (fstat(STDIN_FILENO, &in) == 0 && !S_ISREG(in.st_mode) &&
                         !S_ISDIR(in.st_mode) && stat(path.c_str(), &status) == 0 &&
                         in.st_dev == status.st_dev && in.st_ino == status.st_ino);
}

// One source for each run of paths and one for standard input, in the order given.
std::vector<std::unique_ptr<Source>> open_sources(const ScanFlags& flags) {
  std::vector<std::unique_ptr<Source>> sources;
  std::vector<std::string> files;
  const auto flush = [&] {
    if (!files.empty()) sources.push_back(open_files(std::move(files), flags.files));
    files.clear();
  };
  bool has_stdin = false;
  for (const std::string& path : flags.paths) {
    if (!is_stdin(path)) {
      files.push_back(path);
      continue;
    }
    if (std::exchange(has_stdin, true)) continue;
    flush();
    sources.push_back(open_stream(STDIN_FILENO, "stdin"));
  }
  flush();
  return sources;
}

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

// The report must not replace what it is about.
void check_output(const ScanFlags& flags) {
  struct stat output, input;
  if (flags.output.empty() || stat(flags.output.c_str(), &output) != 0 ||
      !S_ISREG(output.st_mode)) {
    return;
  }
  for (const std::string& path : flags.paths) {
    if (path != "-" && stat(path.c_str(), &input) == 0 && input.st_dev == output.st_dev &&
        input.st_ino == output.st_ino) {
      throw Error(
          fmt::format("The report would replace {}, which is to be scanned. Name another place "
                      "with --output.",
                      flags.output));
    }
  }
}

bool wants_colour(const ScanFlags& flags, const Output& output) {
  if (flags.colour != "auto") return flags.colour == "always";
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return output.is_terminal() && (no_colour == nullptr || *no_colour == '\0') &&
         (term == nullptr || std::string_view(term) != "dumb");
}

int scan_command(ScanFlags flags) {
  const Format* format = find_format(flags.format);
  if (format == nullptr) {
    std::string names;
    for (const Format& known : formats()) names += fmt::format(" {}", known.name);
    throw Error(fmt::format("There is no format {}. Choose one of:{}.", flags.format, names));
  }
  flags.files.use_ignore_files = !flags.no_ignore;
  if (flags.paths.empty()) flags.paths.push_back(".");
  bool live = false;
  for (const std::string& path : flags.paths) live = live || is_stream(path);

  Stopwatch watch;
  const RuleSet rules = RuleSet::builtin();
  const Prefilter prefilter(
      rules, {!flags.no_prefilter, flags.no_cache ? std::string() : default_cache_folder()});
  check_output(flags);
  Output output(flags.output);
  flags.files.own_output = output.file();
  const auto sources = open_sources(flags);
  const auto report = format->make(rules, {wants_colour(flags, output), live, flags.reveal});
  if (flags.reveal) say("assay: --reveal is on: the report shows key values.\n");
  watch.lap("start");

  catch_signals();
  const bool terminal = isatty(STDERR_FILENO) == 1;
  Progress progress(!flags.quiet && terminal, output.is_terminal());
  Complaints complaints(progress, flags.format == "text" && terminal && output.is_terminal());
  const auto guarded = flags.reveal ? std::span<const KeyFamily* const>() : rules.families();
  bool handed_on = false;
  report->begin(output.buffer());
  const ScanSink sink{
      [&](Finding&& finding) {
        handed_on = true;
        progress.count_finding();
        report->finding(finding, output.buffer());
        output.flush(false, guarded);
      },
      [&](Diagnostic&& diagnostic) {
        handed_on = true;
        report->diagnostic(diagnostic, output.buffer());
        complaints.say(diagnostic);
      },
      [&](const ScanProgress& at) {
        progress.show(at);
        if (live && handed_on) output.flush(true, guarded);
        handed_on = false;
      },
  };
  ScanStats stats;
  const ScanSummary summary =
      scan(sources, rules, prefilter, {flags.threads, format->detailed, flags.stats}, sink, g_stop,
           &stats);
  progress.clear();
  complaints.finish();
  watch.lap("scan");
  report->finish(summary, output.buffer());
  output.flush(true, guarded);
  output.commit();
  watch.lap("report");
  if (flags.stats) print_stats(rules, prefilter, summary, stats, watch);

  if (!summary.complete()) return kExitFailed;
  return summary.findings > 0 && !flags.exit_zero ? kExitFindings : kExitClean;
}

}  // namespace

void add_scan_command(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<ScanFlags>();
  CLI::App* scan = app.add_subcommand("scan", "Scan files, folders and streams");
  scan->add_option("PATH", flags->paths, "Files, folders, FIFOs; - is standard input; none is .");
  scan->add_option("-f,--format", flags->format, "text, jsonl, sarif or github")
      ->capture_default_str();
  scan->add_option("-o,--output", flags->output, "Write the report to FILE, whole or not at all")
      ->type_name("FILE");
  scan->add_option("-j,--threads", flags->threads, "Workers; 0 = one a processor")
      ->check(CLI::Range(0, 256));
  scan->add_option("--exclude", flags->files.exclude, "Leave out what matches (gitignore syntax)")
      ->type_name("PATTERN")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  scan->add_flag("--no-ignore", flags->no_ignore, "Do not honour .assayignore files");
  scan->add_flag("--follow-symlinks", flags->files.follow_symlinks, "Follow links met in folders");
  scan->add_flag("--no-prefilter", flags->no_prefilter, "The plain, slow reference path");
  scan->add_flag("--no-cache", flags->no_cache, "Neither read nor write the compiled database");
  scan->add_option("--color", flags->colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  scan->add_flag("--stats", flags->stats, "Bytes, rate, time a stage, findings a rule, on stderr");
  scan->add_flag("-q,--quiet", flags->quiet, "No progress");
  scan->add_flag("--exit-zero", flags->exit_zero, "Exit with 0 where findings would give 1");
  scan->add_flag("--reveal", flags->reveal, "Show key values in the report (says so on stderr)");
  scan->footer(
      "Examples:\n"
      "  assay scan export/ --format jsonl > findings.jsonl\n"
      "  assay scan . --format sarif --output assay.sarif\n"
      "  tail -F app.log | assay scan -");
  scan->callback([&chosen, flags] { chosen = [flags] { return scan_command(*flags); }; });
}

}  // namespace assay
