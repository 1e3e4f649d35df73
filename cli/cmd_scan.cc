// assay scan [PATH…|-]
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "cli/commands.h"
#include "cli/run_report.h"
#include "scanner/scan.h"
#include "scanner/sources/files.h"
#include "scanner/sources/stream.h"

namespace assay {

namespace {

struct ScanFlags {
  std::vector<std::string> paths;
  FileOptions files;
  bool no_ignore = false;
  ContainerLimits containers;
  ReportFlags report;
};

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

// One source for each run of paths and one for standard input, in the order given. Those of paths
// are named in `of_files`.
std::vector<std::unique_ptr<Source>> open_sources(const ScanFlags& flags,
                                                  std::vector<const Source*>& of_files) {
  std::vector<std::unique_ptr<Source>> sources;
  std::vector<std::string> files;
  const auto flush = [&] {
    if (!files.empty()) {
      sources.push_back(open_files(std::move(files), flags.files));
      of_files.push_back(sources.back().get());
    }
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

// The report must not replace what it is about.
void check_output(const ScanFlags& flags) {
  struct stat output, input;
  if (flags.report.output.empty() || stat(flags.report.output.c_str(), &output) != 0 ||
      !S_ISREG(output.st_mode)) {
    return;
  }
  for (const std::string& path : flags.paths) {
    if (path != "-" && stat(path.c_str(), &input) == 0 && input.st_dev == output.st_dev &&
        input.st_ino == output.st_ino) {
      throw Error(
          fmt::format("The report would replace {}, which is to be scanned. Name another place "
                      "with --output.",
                      flags.report.output));
    }
  }
}

// What the user did not say by flags.
void take_config(const Config& config, ScanFlags& flags) {
  flags.files.exclude.insert(flags.files.exclude.begin(), config.exclude.begin(),
                             config.exclude.end());
  const ContainerLimits usual;
  const auto take = [](const auto& said, auto& limit, auto usual_limit) {
    using Limit = std::decay_t<decltype(limit)>;
    if (said && limit == usual_limit) limit = static_cast<Limit>(*said);
  };
  take(config.limits.depth, flags.containers.depth, usual.depth);
  take(config.limits.ratio, flags.containers.ratio, usual.ratio);
  take(config.limits.decoded_bytes, flags.containers.bytes, usual.bytes);
  take(config.limits.members, flags.containers.members, usual.members);
  take(config.limits.seconds, flags.containers.seconds, usual.seconds);
}

int scan_command(ScanFlags flags) {
  flags.files.use_ignore_files = !flags.no_ignore;
  if (flags.paths.empty()) flags.paths.push_back(".");
  std::vector<std::unique_ptr<Source>> sources;
  std::vector<const Source*> of_files;

  ReportRun run;
  for (const std::string& path : flags.paths) run.live = run.live || is_stream(path);
  run.inputs = flags.paths;
  run.configure = [&](const Config& config) { take_config(config, flags); };
  run.root = [&] { return repository_of(flags.paths); };
  run.check_output = [&] { check_output(flags); };
  run.prepare = [&](const std::optional<FileId>& own) {
    flags.files.own_output = own;
    sources = open_sources(flags, of_files);
  };
  run.open_again = [&](const Blob& blob, Diagnostic& diagnostic) {
    std::unique_ptr<Reader> reader;
    for (const Source* source : of_files) {  // which one it came from is not kept
      if (reader == nullptr) reader = source->open(blob, diagnostic);
    }
    return reader;
  };
  run.scan = [&](const RuleSet& rules, const Prefilter& prefilter, ScanOptions options,
                 const ScanSink& sink, const std::atomic<bool>& stop, ScanStats& stats) {
    options.containers = flags.containers;
    options.records = true;
    return scan(sources, rules, prefilter, options, sink, stop, &stats);
  };
  return run_report(flags.report, run);
}

void add_limit_flags(CLI::App& scan, ContainerLimits& limits) {
  const auto add = [&](const char* flag, auto& limit, const char* what, const char* unit) {
    scan.add_option(flag, limit, what)
        ->type_name(unit)
        ->check(CLI::PositiveNumber)
        ->group("Limits on archives and compressed files");
  };
  add("--max-depth", limits.depth, "Archives within archives (8)", "N");
  add("--max-ratio", limits.ratio, "Decoded bytes to bytes of the file (500)", "N");
  add("--max-decoded-bytes", limits.bytes, "Decoded bytes of a file (4 TiB)", "BYTES");
  add("--max-members", limits.members, "Members of a file, at all depths (1,000,000)", "N");
  add("--max-seconds", limits.seconds, "Time to decode a file (3600)", "N");
}

}  // namespace

void add_scan_command(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<ScanFlags>();
  CLI::App* scan = app.add_subcommand("scan", "Scan files, folders and streams");
  scan->add_option("PATH", flags->paths, "Files, folders, FIFOs; - is standard input; none is .");
  scan->add_option("--exclude", flags->files.exclude, "Leave out what matches (gitignore syntax)")
      ->type_name("PATTERN")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  scan->add_flag("--no-ignore", flags->no_ignore, "Do not honour .assayignore files");
  scan->add_flag("--follow-symlinks", flags->files.follow_symlinks, "Follow links met in folders");
  add_limit_flags(*scan, flags->containers);
  add_report_flags(*scan, flags->report);
  scan->footer(
      "Examples:\n"
      "  assay scan export/ --format jsonl > findings.jsonl\n"
      "  assay scan . --format sarif --output assay.sarif\n"
      "  tail -F app.log | assay scan -");
  scan->callback([&chosen, flags] { chosen = [flags] { return scan_command(*flags); }; });
}

}  // namespace assay
