// assay redact [FILE|-]: the input with every key replaced, on standard output or in --output FILE.
//
//   kubectl logs -f pod/orders | assay redact
//   assay redact app.log --output app.log     replaced as a whole, or left as it was
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/stop.h"
#include "reports/format.h"
#include "scanner/database_cache.h"
#include "scanner/redact.h"
#include "scanner/sources/stream.h"
#include "scanner/verify.h"

namespace assay {

namespace {

struct RedactFlags {
  std::string path = "-";
  std::string output;
  bool quiet = false;
  bool exit_zero = false;
  bool no_prefilter = false;
  bool no_cache = false;
};

// So many bytes are written at once.
constexpr size_t kBlock = size_t{256} << 10;

std::string name_of(const RedactFlags& flags) {
  return flags.path == "-" ? "standard input" : redact_names(printable(flags.path));
}

[[noreturn]] void refuse(const RedactFlags& flags, std::string_view reason,
                         std::string_view remedy) {
  throw Error(fmt::format("{} is not redacted: {}. {}", name_of(flags), reason, remedy));
}

// A descriptor of the input, which the caller closes unless it is standard input.
int open_input(const RedactFlags& flags, struct stat& status) {
  int fd = STDIN_FILENO;
  if (flags.path != "-") {
    fd = open(flags.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
      refuse(flags, std::generic_category().message(errno),
             "Give the path of a file that you can read, or - for standard input.");
    }
  }
  if (fstat(fd, &status) != 0) status = {};
  if (S_ISDIR(status.st_mode)) {
    if (fd != STDIN_FILENO) close(fd);
    refuse(flags, "it is a folder", "Give the path of one file.");
  }
  return fd;
}

// Puts the redacted bytes into the output in large blocks. The output's guard looks at one block at
// a time; what lies across the seam of two is looked at here.
class GuardedBlocks {
 public:
  GuardedBlocks(Output& output, const RuleSet& rules) : output_(output), rules_(rules) {}

  void write(std::string_view bytes) {
    output_.buffer().append(bytes);
    if (output_.buffer().size() >= kBlock) flush();
  }
  void flush() {
    std::string& block = output_.buffer();
    if (block.empty()) return;
    check_seam(block);
    const std::string_view end =
        std::string_view(block).substr(block.size() - std::min(block.size(), kReach));
    tail_.append(end);
    tail_.erase(0, tail_.size() - std::min(tail_.size(), kReach));
    output_.flush(true, rules_.families());
  }

 private:
  // No key reaches further to either side of a seam.
  static constexpr size_t kReach = 128;

  void check_seam(std::string_view block) {
    if (tail_.empty()) return;
    const std::string seam = tail_ + std::string(block.substr(0, kReach));
    if (find_proven_key(seam, rules_.families())) {
      throw Error(
          "The output would have shown a key, so it was not written further. This is a "
          "defect: please report it.");
    }
  }

  Output& output_;
  const RuleSet& rules_;
  std::string tail_;  // of what was written last
};

void check_same_file(const RedactFlags& flags, const struct stat& input) {
  struct stat output;
  if (!flags.output.empty() || !S_ISREG(input.st_mode) || fstat(STDOUT_FILENO, &output) != 0) {
    return;
  }
  if (output.st_dev == input.st_dev && output.st_ino == input.st_ino) {
    refuse(flags, "standard output goes into the same file",
           "Use --output with its path: the file is replaced once it is done.");
  }
}

std::string told(const RedactResult& result) {
  if (result.replaced == 0) return "assay: no key was found.\n";
  return fmt::format("assay: {} {} replaced, {}{} distinct.\n", result.replaced,
                     result.replaced == 1 ? "key" : "keys",
                     result.distinct == RedactResult::kMostDistinct ? "at least " : "",
                     result.distinct);
}

// What kept the run from being complete, as a sentence on stderr. False if nothing did.
bool complain(const RedactFlags& flags, const RedactResult& result, bool kept) {
  const std::string where =
      kept ? "The output ends there" : fmt::format("{} was not written", printable(flags.output));
  if (result.failure) {
    say(fmt::format("assay: {} {}.\n", sentence(*result.failure), redact_names(where)));
  } else if (result.interrupted) {
    say(fmt::format(
        "assay: stopped before the end of {}. {}{}.\n", name_of(flags), redact_names(where),
        kept && result.held_back > 0
            ? fmt::format(", and {} bytes that may begin a key were held back", result.held_back)
            : std::string()));
  }
  return result.failure.has_value() || result.interrupted;
}

int redact_command(const RedactFlags& flags) {
  struct stat status {};
  const int fd = open_input(flags, status);
  const auto reader = read_stream(fd, fd != STDIN_FILENO, name_of(flags));
  check_same_file(flags, status);
  const RuleSet rules = RuleSet::builtin();
  const Prefilter prefilter(
      rules, {!flags.no_prefilter, flags.no_cache ? std::string() : default_cache_folder(), false});
  Output output(flags.output);
  const std::atomic<bool>& stop = stop_at_signals();
  GuardedBlocks blocks(output, rules);
  const RedactSink sink{[&](std::string_view bytes) { blocks.write(bytes); },
                        [&] { blocks.flush(); }};
  const RedactResult result =
      redact(*reader, flags.path == "-" ? "" : flags.path, rules, prefilter, sink, stop);
  if (!result.container.empty()) {
    refuse(
        flags,
        fmt::format("it is a container ({}), which cannot be changed in place", result.container),
        "Unpack or decompress it first, and redact what was in it.");
  }
  blocks.flush();
  // Of a file all or nothing: it may be the input itself. What came over a pipe comes only once.
  const bool whole = !result.failure && !result.interrupted;
  const bool kept = whole || !S_ISREG(status.st_mode) || flags.output.empty();
  if (kept) output.commit();
  const bool incomplete = complain(flags, result, kept);
  if (!flags.quiet) {
    if (result.mail) {
      say("assay: it is a mail: attachments that are packed or compressed were not looked into.\n");
    }
    say(told(result));
  }
  if (incomplete) return kExitFailed;
  return result.replaced > 0 && !flags.exit_zero ? kExitFindings : kExitClean;
}

}  // namespace

void add_redact_command(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<RedactFlags>();
  CLI::App* redact = app.add_subcommand("redact", "Write a text with every key in it replaced");
  redact->add_option("FILE", flags->path, "A file or FIFO; - (default) is standard input")
      ->capture_default_str();
  redact
      ->add_option("-o,--output", flags->output,
                   "Write to FILE, whole or not at all; may be the input itself")
      ->type_name("FILE");
  redact->add_flag("-q,--quiet", flags->quiet, "Do not say how many keys were replaced");
  redact->add_flag("--exit-zero", flags->exit_zero, "Exit with 0 where keys replaced would give 1");
  redact->add_flag("--no-prefilter", flags->no_prefilter, "The plain, slow reference path");
  redact->add_flag("--no-cache", flags->no_cache, "Neither read nor write the compiled database");
  redact->footer(
      "Each key gives way to RULE:FINGERPRINT, AZF1002:R6+pDaPrTyjBTsNUJ6dj; all else stays as it\n"
      "is. Exit codes: 0 nothing was replaced, 1 something was, 2 could not run or not complete.\n"
      "Examples:\n"
      "  kubectl logs -f pod/orders | assay redact\n"
      "  assay redact export.json --output shared.json\n"
      "  assay redact app.log --output app.log          in place");
  redact->callback([&chosen, flags] { chosen = [flags] { return redact_command(*flags); }; });
}

}  // namespace assay
