// assay hook install | uninstall, and what the installed hooks of a push call
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <memory>

#include "cli/commands.h"
#include "cli/hook_files.h"
#include "cli/output.h"
#include "cli/pushed_refs.h"
#include "reports/format.h"
#include "scanner/verify.h"

namespace assay {

namespace {

struct HookFlags {
  std::string repository;
  bool chosen[kHookNames.size()] = {};
  bool force = false;
};

void tell(const std::string& sentence) {
  Output output("");
  output.buffer() = redact_names(printable(sentence)) + "\n";
  output.flush(true, {});
}

std::vector<std::string_view> chosen_names(const HookFlags& flags) {
  std::vector<std::string_view> names;
  for (size_t i = 0; i < kHookNames.size(); ++i) {
    if (flags.chosen[i]) names.push_back(kHookNames[i]);
  }
  return names;
}

HooksFolder own_folder(const HookFlags& flags) {
  HooksFolder folder = hooks_folder(flags.repository);
  if (!folder.inside && !flags.force) {
    throw Error(fmt::format(
        "core.hooksPath leads out of the repository, to {}: hooks there hold for every repository "
        "that uses it. Write there with --force, or set core.hooksPath for this repository.",
        folder.path));
  }
  return folder;
}

int install(const HookFlags& flags) {
  const HooksFolder folder = own_folder(flags);
  std::vector<std::string_view> names = chosen_names(flags);
  if (names.empty()) names.push_back(kHookNames.front());
  const std::string program = own_program();
  for (const std::string_view name : names) tell(install_hook(folder.path, name, program));
  return kExitClean;
}

// Without a choice: all that are there.
int uninstall(const HookFlags& flags) {
  const HooksFolder folder = own_folder(flags);
  std::vector<std::string_view> names = chosen_names(flags);
  if (names.empty()) {
    for (const std::string_view name : kHookNames) {
      if (is_installed(folder.path, name)) names.push_back(name);
    }
    if (names.empty()) tell(fmt::format("No hook in {} is assay's.", folder.path));
  }
  for (const std::string_view name : names) tell(uninstall_hook(folder.path, name));
  return kExitClean;
}

std::string standard_input() {
  std::string text;
  char piece[64 << 10];
  for (;;) {
    const ssize_t got = read(STDIN_FILENO, piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error("Standard input cannot be read. Let git call the hook.");
    if (got == 0) return text;
    text.append(piece, static_cast<size_t>(got));
    if (text.size() > kMostPushedBytes) {
      throw Error("The push names more than 64 MiB of refs. Push fewer at once.");
    }
  }
}

int pushed(PushLines lines, const PushFlags& flags) {
  check_report_flags(flags.report);
  const std::vector<PushedRef> refs = parse_pushed_refs(standard_input(), lines);
  if (refs.empty()) {
    say("assay: no ref is pushed, so nothing was scanned.\n");
    return kExitClean;
  }
  return scan_pushed(refs, flags);
}

void add_hook_flags(CLI::App& command, HookFlags& flags) {
  command.add_option("REPO", flags.repository, "A folder of the repository; none is the current");
  const char* const told[] = {"What is staged, before a commit (the default of install)",
                              "The commits of a push, before they leave",
                              "The commits of a push, on the server"};
  for (size_t i = 0; i < kHookNames.size(); ++i) {
    command.add_flag("--" + std::string(kHookNames[i]), flags.chosen[i], told[i]);
  }
  command.add_flag("--force", flags.force, "Also where core.hooksPath leads out of the repository");
}

void add_push_command(CLI::App& hook, std::string name, PushLines lines, Command& chosen) {
  const auto flags = std::make_shared<PushFlags>();
  const auto url = std::make_shared<std::string>();
  CLI::App* command = hook.add_subcommand(
      name, "Scan what a push adds; git's lines on standard input (for the hook)");
  if (lines == PushLines::pre_push) {
    command->add_option("REMOTE", flags->remote,
                        "The remote: what its refs here hold is not scanned again");
    command->add_option("URL", *url, "Its address; the same as REMOTE where that is no name");
  }
  command->add_flag("--accept-missing", flags->accept_missing,
                    "What is elsewhere (shallow, partial, LFS) may be missing");
  add_report_flags(*command, flags->report);
  command->footer("Examples:\n  assay hook install --" + name);
  command->callback([&chosen, flags, url, lines] {
    chosen = [flags, url, lines] {
      if (flags->remote == *url) flags->remote.clear();  // git gives an address twice
      return pushed(lines, *flags);
    };
  });
}

}  // namespace

void add_hook_command(CLI::App& app, Command& chosen) {
  CLI::App* hook = app.add_subcommand("hook", "Keep keys out of commits and pushes");
  hook->require_subcommand(1);
  hook->footer(
      "Examples:\n"
      "  assay hook install                        scan what is staged before each commit\n"
      "  assay hook install --pre-receive shop.git   on a server: scan each push\n"
      "  assay hook uninstall                      take them away, put back what was there");
  const auto install_flags = std::make_shared<HookFlags>();
  CLI::App* add = hook->add_subcommand("install", "Write hooks; what was there is kept and runs");
  add_hook_flags(*add, *install_flags);
  add->footer("Examples:\n  assay hook install\n  assay hook install --pre-commit --pre-push shop");
  add->callback(
      [&chosen, install_flags] { chosen = [install_flags] { return install(*install_flags); }; });
  const auto uninstall_flags = std::make_shared<HookFlags>();
  CLI::App* remove = hook->add_subcommand("uninstall", "Take assay's hooks away");
  add_hook_flags(*remove, *uninstall_flags);
  remove->footer("Examples:\n  assay hook uninstall\n  assay hook uninstall --pre-push shop");
  remove->callback([&chosen, uninstall_flags] {
    chosen = [uninstall_flags] { return uninstall(*uninstall_flags); };
  });
  add_push_command(*hook, "pre-push", PushLines::pre_push, chosen);
  add_push_command(*hook, "pre-receive", PushLines::pre_receive, chosen);
}

}  // namespace assay
