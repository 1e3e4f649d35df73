// assay inspect [-|--file FILE]: what a key is, line by line, never shown.
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <system_error>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/secret_prompt.h"
#include "reports/format.h"
#include "reports/key_report.h"
#include "rules/rule_set.h"
#include "scanner/inspect_text.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr size_t kLongestLine = size_t{64} << 10;

struct InspectFlags {
  std::vector<std::string> arguments;
  std::string file;
  std::string inventory;
  std::string format = "text";
  bool from_argv = false;
  bool reveal = false;
};

// One line after another of a descriptor, in one buffer that is wiped at the end.
class LineReader {
 public:
  explicit LineReader(int fd) : fd_(fd) { buffer_.reserve(kLongestLine + kBlock + 1); }
  ~LineReader() { OPENSSL_cleanse(buffer_.data(), buffer_.capacity()); }

  enum class Status { line, too_long, end, failed };

  // `line` lives until the next call.
  Status next(std::string_view& line) {
    buffer_.erase(0, taken_);
    taken_ = 0;
    bool too_long = false;
    for (size_t looked = 0;;) {
      const size_t at = buffer_.find('\n', looked);
      if (at != std::string::npos || (ended_ && !buffer_.empty())) {
        const size_t size = std::min(at, buffer_.size());
        taken_ = std::min(size + 1, buffer_.size());
        line = std::string_view(buffer_).substr(0, size);
        return too_long || size > kLongestLine ? Status::too_long : Status::line;
      }
      if (ended_) return too_long ? Status::too_long : Status::end;
      looked = buffer_.size();
      if (looked > kLongestLine) {
        too_long = true;
        buffer_.clear();
        looked = 0;
      }
      if (!fill()) return Status::failed;
    }
  }

 private:
  static constexpr size_t kBlock = 4096;

  bool fill() {
    const size_t size = buffer_.size();
    buffer_.resize(size + kBlock);
    ssize_t got;
    do got = read(fd_, buffer_.data() + size, kBlock);
    while (got < 0 && errno == EINTR);
    buffer_.resize(size + (got > 0 ? static_cast<size_t>(got) : 0));
    ended_ = got == 0;
    return got >= 0;
  }

  int fd_;
  bool ended_ = false;
  size_t taken_ = 0;
  std::string buffer_;
};

class Inspecting {
 public:
  explicit Inspecting(const InspectFlags& flags)
      : flags_(flags), rules_(RuleSet::builtin()), inspector_(rules_), output_("") {
    for (const KeyFamily& family : key_families()) {
      if (!flags.reveal) guarded_.push_back(&family);
    }
    if (!flags.inventory.empty()) {
      inventory_ = Inventory::read(flags.inventory);
      options_.inventory = &*inventory_;
      options_.inventory_name = redact_names(flags.inventory);
    }
    options_.reveal = flags.reveal;
    if (flags.reveal) say("assay: --reveal is on: the report shows key values.\n");
  }

  void take(std::string_view line, uint64_t number) {
    // A NUL alone is the rest of a line break in UTF-16.
    if (line.find_first_not_of(std::string_view(" \t\r\0", 4)) == line.npos) return;
    for (const Inspection& key : inspector_.inspect(line)) {
      if (flags_.format == "json") {
        write_key_json(key, number, options_, output_.buffer());
      } else {
        write_key_text(key, number, options_, output_.buffer());
      }
      any_ = true;
      understood_ = understood_ && key.understood();
    }
    output_.flush(true, guarded_);
  }

  // All lines of a descriptor. `each` is called before each one; false ends it.
  void take_lines(int fd, const std::string& name, const std::function<bool()>& each) {
    LineReader reader(fd);
    std::string_view line;
    for (uint64_t number = 1; each(); ++number) {
      switch (reader.next(line)) {
        case LineReader::Status::line:
          if (prompted_ && line.empty()) return;
          take(line, number);
          break;
        case LineReader::Status::too_long:
          complete_ = false;
          say(
              fmt::format("assay: line {} of {} was not inspected: it is longer than 64 KiB. Use "
                          "assay scan to find the keys in it.\n",
                          number, name));
          break;
        case LineReader::Status::end:
          return;
        case LineReader::Status::failed:
          throw Error(fmt::format("{} cannot be read: {}. Check it.", name,
                                  std::generic_category().message(errno)));
      }
    }
  }

  void take_file(const std::string& path) {
    const std::string name = redact_names(printable(path));
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat status;
    const bool folder = fd >= 0 && fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
    if (fd < 0 || folder) {
      const std::string reason = folder ? "it is a folder" : std::generic_category().message(errno);
      if (fd >= 0) close(fd);
      throw Error(
          fmt::format("{} cannot be read: {}. Name a file with one key a line.", name, reason));
    }
    const std::unique_ptr<const int, void (*)(const int*)> closing(
        &fd, [](const int* one) { close(*one); });
    take_lines(fd, name, [] { return true; });
  }

  void take_stdin() {
    const HiddenInput hidden;
    prompted_ = hidden.hidden();
    take_lines(STDIN_FILENO, "standard input", [&] {
      if (prompted_) say("Key (not shown; an empty line ends): ");
      return true;
    });
  }

  int exit_code() const {
    if (!complete_) return kExitFailed;
    if (!any_ && !prompted_) {
      throw Error("There is nothing to inspect. Give one key a line on standard input.");
    }
    return understood_ ? kExitClean : kExitFindings;
  }

 private:
  const InspectFlags& flags_;
  const RuleSet rules_;
  Inspector inspector_;
  std::optional<Inventory> inventory_;
  KeyReportOptions options_;
  std::vector<const KeyFamily*> guarded_;
  Output output_;
  bool prompted_ = false;
  bool any_ = false;
  bool understood_ = true;
  bool complete_ = true;
};

int inspect_command(const InspectFlags& flags) {
  if (flags.format != "text" && flags.format != "json") {
    throw Error(fmt::format("There is no format {}. Choose text or json.", flags.format));
  }
  const bool dash = flags.arguments.size() == 1 && flags.arguments[0] == "-";
  if (!flags.arguments.empty() && !dash && !flags.from_argv) {
    throw Error(
        "A key is not taken as an argument: it would stand in the shell's history and in the list "
        "of processes. Give it on standard input, or use --file; --from-argv takes it all the "
        "same.");
  }
  if (!flags.file.empty() && !flags.arguments.empty()) {
    throw Error("Keys come from one place. Give --file or an argument, not both.");
  }
  Inspecting inspecting(flags);
  if (!flags.file.empty()) {
    inspecting.take_file(flags.file);
  } else if (flags.arguments.empty() || dash) {
    inspecting.take_stdin();
  } else {
    uint64_t number = 0;
    for (const std::string& argument : flags.arguments) inspecting.take(argument, ++number);
  }
  return inspecting.exit_code();
}

}  // namespace

void add_inspect_command(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<InspectFlags>();
  CLI::App* inspect = app.add_subcommand("inspect", "Say what a key is, and repair a damaged one");
  inspect->add_option("KEY", flags->arguments, "- is standard input, one key a line, as is none");
  inspect->add_option("--file", flags->file, "Read FILE, one key a line")->type_name("FILE");
  inspect->add_flag("--from-argv", flags->from_argv,
                    "Take keys as arguments, which others can see");
  inspect->add_option("--inventory", flags->inventory, "Say which entry of FILE a key is")
      ->type_name("FILE");
  inspect->add_option("-f,--format", flags->format, "text or json (one object a line)")
      ->capture_default_str();
  inspect->add_flag("--reveal", flags->reveal, "Show key values (says so on stderr)");
  inspect->footer(
      "Knows the keys of Azure Functions, Storage, Cosmos DB, Service Bus, Event Hubs, Relay, "
      "IoT,\n"
      "Search, Redis, Container Registry, Batch, API Management, App Configuration, Azure AI and\n"
      "OpenAI, client secrets of Entra, and tokens of Azure DevOps, GitHub, npm, NuGet, "
      "Databricks.\n"
      "Exit codes: 0 every line is one known key, 1 some are not, 2 could not run.\n"
      "Examples:\n"
      "  assay inspect                                ask for a key, without showing it\n"
      "  assay inspect - <keys.txt\n"
      "  pbpaste | assay inspect --format json\n"
      "  assay inspect --file keys.txt --inventory keys.inventory");
  inspect->callback([&chosen, flags] { chosen = [flags] { return inspect_command(*flags); }; });
}

}  // namespace assay
