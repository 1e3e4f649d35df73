// The command line as --help tells it, as data: for the shells' completions and the man page.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace assay {

// An option, a flag or a positional of a command.
struct OptionWords {
  std::vector<std::string> names;    // "-f", "--format"; of a positional its one name, "PATH"
  bool positional = false;           // it has no dashes
  std::string value;                 // what follows it: "FILE", "N"; empty: a flag
  std::vector<std::string> choices;  // what the value may be; empty: anything
  bool file = false;                 // the value is a path
  bool many = false;                 // it may stand more than once
  bool required = false;
  std::string standard;  // the value it has without being said; may be empty
  std::string description;
  std::string group;  // the heading that it stands under: "Options"
};

struct CommandWords {
  std::string path;  // "hook install"; empty: the program itself
  std::string name;  // the last word of it
  std::string description;
  std::string footer;
  std::vector<OptionWords> options;    // in the order of --help
  std::vector<CommandWords> commands;  // those below it

  // For each command, itself first, depth first.
  template <typename Visit>
  void each(Visit&& visit) const {
    visit(*this);
    for (const CommandWords& command : commands) command.each(visit);
  }
};

// All of the command line that `app` is the root of. What --help hides is left out.
CommandWords command_words(const CLI::App& app);

// What `assay completion` writes: a script for the shell, or roff. Ends with a line break.
std::string bash_completion(const CommandWords& program);
std::string zsh_completion(const CommandWords& program);
std::string fish_completion(const CommandWords& program);
std::string man_page(const CommandWords& program);

// `text` in single quotes, as fish reads it.
std::string fish_quoted(std::string_view text);

}  // namespace assay
