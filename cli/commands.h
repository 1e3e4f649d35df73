// The commands: each adds itself to the command line and says what the process ends with.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace assay {

// Exit codes are a contract: docs/exit-codes.md.
inline constexpr int kExitClean = 0;
inline constexpr int kExitFindings = 1;
inline constexpr int kExitFailed = 2;  // could not run, or not complete; wins over 1

// What to run once the command line is understood; returns the exit code.
using Command = std::function<int()>;

void add_scan_command(CLI::App& app, Command& chosen);
void add_rules_command(CLI::App& app, Command& chosen);

// The whole program: parses, runs, and turns every Error into a sentence on stderr.
int run(int argc, char** argv);

}  // namespace assay
