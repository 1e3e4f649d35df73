// assay doctor [PATH]: whether all is in place for a scan, and what to do where it is not
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "cli/commands.h"
#include "cli/doctor.h"
#include "cli/output.h"
#include "reports/format.h"
#include "rules/rule_set.h"
#include "rules/version.h"

namespace assay {

namespace {

struct DoctorFlags {
  std::string path = ".";
  bool json = false;
};

int doctor_command(const DoctorFlags& flags) {
  struct stat status;
  if (stat(flags.path.c_str(), &status) != 0) {
    throw Error(
        fmt::format("{} could not be read: {}. Check the path.", flags.path, std::strerror(errno)));
  }
  std::vector<Check> checks;
  check_program(checks);
  check_libraries(checks);
  check_processor(checks);
  check_finding(checks);
  check_cache(checks);
  check_config(flags.path, checks);
  check_ignore_file(flags.path, checks);
  check_repository(flags.path, checks);
  check_hooks(flags.path, checks);

  Output output("");
  output.buffer() = flags.json ? checkup_json(checks, kVersion) : checkup_text(checks);
  const RuleSet rules = RuleSet::builtin();
  output.flush(true, rules.families());
  return is_wrong(checks) ? kExitFailed : kExitClean;
}

}  // namespace

void add_doctor_command(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<DoctorFlags>();
  CLI::App* command =
      app.add_subcommand("doctor", "Whether all is in place: program, cache, config, hooks");
  command->add_option("PATH", flags->path, "What would be scanned; none is the current folder");
  command->add_flag("--json", flags->json, "One JSON object");
  command->footer(
      "Exit codes: 0 nothing is wrong (there may be warnings), 2 something is.\n"
      "Examples:\n"
      "  assay doctor\n"
      "  assay doctor shop --json");
  command->callback([&chosen, flags] { chosen = [flags] { return doctor_command(*flags); }; });
}

}  // namespace assay
