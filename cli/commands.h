// The commands: each adds itself to the command line and says what the process ends with.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "cli/run_report.h"

namespace assay {

// Exit codes are a contract: docs/exit-codes.md.
inline constexpr int kExitClean = 0;
inline constexpr int kExitFindings = 1;
inline constexpr int kExitFailed = 2;  // could not run, or not complete; wins over 1

// What to run once the command line is understood; returns the exit code.
using Command = std::function<int()>;

void add_scan_command(CLI::App& app, Command& chosen);
void add_rules_command(CLI::App& app, Command& chosen);
void add_git_command(CLI::App& app, Command& chosen);
void add_hook_command(CLI::App& app, Command& chosen);
void add_inspect_command(CLI::App& app, Command& chosen);
void add_mint_command(CLI::App& app, Command& chosen);
void add_redact_command(CLI::App& app, Command& chosen);
void add_inventory_command(CLI::App& app, Command& chosen);
void add_rotate_command(CLI::App& app, Command& chosen);
void add_report_command(CLI::App& app, Command& chosen);
void add_diff_command(CLI::App& app, Command& chosen);
void add_baseline_command(CLI::App& app, Command& chosen);
void add_doctor_command(CLI::App& app, Command& chosen);
void add_completion_command(CLI::App& app, Command& chosen);

// A ref that a push moves, as git tells its hooks. The ids are 40 hexadecimal digits; all zeros:
// the ref is new, or goes. `name` may hold any bytes but NUL, blank and line break.
struct PushedRef {
  std::string old_id;
  std::string new_id;
  std::string name;
  // Told by pre-push: the refs here hold the commits already; what the other side has is `old_id`,
  // which may not be here, and what the tracking refs of that remote hold.
  bool outgoing = false;
};

struct PushFlags {
  // Of pre-push: the remote whose refs tell what the other side has. Empty if it has no name; then
  // nothing but the old ids tells that.
  std::string remote;
  bool accept_missing = false;
  ReportFlags report;
};

// Scans what the commits of `refs` add to what the receiving side has already, in the repository of
// the current folder; of a pre-receive hook, its quarantined objects too. Returns the exit code.
int scan_pushed(const std::vector<PushedRef>& refs, const PushFlags& flags);

// The whole program: parses, runs, and turns every Error into a sentence on stderr.
int run(int argc, char** argv);

}  // namespace assay
