// From argv to an exit code.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <system_error>

#include "cli/commands.h"
#include "cli/output.h"
#include "reports/format.h"
#include "rules/rule_set.h"
#include "rules/version.h"
#include "scanner/verify.h"

namespace assay {

namespace {

// A core dump would hold every key that was read.
void forbid_core_dumps() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

// A standard stream that is closed must not become the report or an input that is opened later.
// What takes its place refuses to be used, as a closed one does.
void fill_standard_streams() {
  for (int fd = 0; fd < 3; ++fd) {
    if (fcntl(fd, F_GETFD) < 0) open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
  }
}

int complain(std::string_view sentence) {
  say(fmt::format("assay: {}\n", redact_names(printable(sentence))));
  return kExitFailed;
}

}  // namespace

int run(int argc, char** argv) {
  fill_standard_streams();
  forbid_core_dumps();
  std::signal(SIGPIPE, SIG_IGN);

  CLI::App app(
      "Finds leaked Azure Functions keys, proves them by their checksum, and says whose they\n"
      "are and how to rotate them. Keys are never shown, sent or stored.");
  app.name("assay");
  app.set_version_flag("--version", fmt::format("assay {}", kVersion));
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 clean, 1 findings, 2 could not run or not complete (wins over 1).\n"
      "Examples:\n"
      "  assay scan . -f jsonl > a.jsonl             what is in this folder, archives and exports "
      "too\n"
      "  kubectl logs -f pod/orders | assay redact   a text without its keys, live\n"
      "More: assay COMMAND --help");
  Command chosen;
  add_scan_command(app, chosen);
  add_git_command(app, chosen);
  add_hook_command(app, chosen);
  add_inspect_command(app, chosen);
  add_report_command(app, chosen);
  add_rotate_command(app, chosen);
  add_diff_command(app, chosen);
  add_inventory_command(app, chosen);
  add_redact_command(app, chosen);
  add_mint_command(app, chosen);
  add_rules_command(app, chosen);
  add_baseline_command(app, chosen);
  add_doctor_command(app, chosen);
  add_completion_command(app, chosen);
  try {
    app.parse(argc, argv);
    return chosen ? chosen() : kExitFailed;
  } catch (const CLI::Success& help) {
    app.exit(help);
    return std::fflush(stdout) == 0 ? kExitClean : kExitFailed;
  } catch (const CLI::ParseError& wrong) {
    return complain(fmt::format("{}. See assay --help.", wrong.what()));
  } catch (const PipeClosed&) {
    return kExitFailed;
  } catch (const Error& error) {
    return complain(error.what());
  } catch (const std::system_error& refused) {
    return complain(fmt::format(
        "The system refused what the scan needs: {}. Use fewer threads (-j 1).", refused.what()));
  } catch (const std::bad_alloc&) {
    return complain(
        "There is not enough memory. Close other programs or use fewer threads (-j 1).");
  }
}

}  // namespace assay
