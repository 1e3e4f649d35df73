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
  ConfigLimits limits;  // those that are said
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

// What the user did not say by flags.
void take_config(const Config& config, ScanFlags& flags) {
  flags.files.exclude.insert(flags.files.exclude.begin(), config.exclude.begin(),
                             config.exclude.end());
  const auto take = [](const auto& by_flag, const auto& by_config, auto& limit) {
    const auto& said = by_flag ? by_flag : by_config;
    if (said) limit = static_cast<std::decay_t<decltype(limit)>>(*said);
  };
  const ConfigLimits& by_config = config.limits;
  take(flags.limits.depth, by_config.depth, flags.containers.depth);
  take(flags.limits.ratio, by_config.ratio, flags.containers.ratio);
  take(flags.limits.decoded_bytes, by_config.decoded_bytes, flags.containers.bytes);
  take(flags.limits.members, by_config.members, flags.containers.members);
  take(flags.limits.seconds, by_config.seconds, flags.containers.seconds);
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

void add_limit_flags(CLI::App& scan, ConfigLimits& limits) {
  const auto add = [&](const char* flag, std::optional<uint64_t>& limit, uint64_t most,
                       const char* what, const char* unit) {
    scan.add_option(flag, limit, what)
        ->type_name(unit)
        ->check(CLI::Range(uint64_t{1}, most).description("POSITIVE"))
        ->group("Limits on archives and compressed files");
  };
  constexpr uint64_t kAny = uint64_t{1} << 62, kUnsigned = UINT32_MAX;
  add("--max-depth", limits.depth, kUnsigned, "Archives within archives (8)", "N");
  add("--max-ratio", limits.ratio, kAny, "Decoded bytes to bytes of the file (500)", "N");
  add("--max-decoded-bytes", limits.decoded_bytes, kAny, "Decoded bytes of a file (4 TiB)",
      "BYTES");
  add("--max-members", limits.members, kAny, "Members of a file, at all depths (1,000,000)", "N");
  add("--max-seconds", limits.seconds, kUnsigned, "Time to decode a file (3600)", "N");
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
  add_limit_flags(*scan, flags->limits);
  add_report_flags(*scan, flags->report);
  scan->footer(
      "Examples:\n"
      "  assay scan export/ --format jsonl > findings.jsonl\n"
      "  assay scan . --format sarif --output assay.sarif\n"
      "  tail -F app.log | assay scan -");
  scan->callback([&chosen, flags] { chosen = [flags] { return scan_command(*flags); }; });
}

}  // namespace assay
