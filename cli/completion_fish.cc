// Completion for fish: a line an option, each with the command that it belongs to:
//
//   complete -c assay -n '__assay_at scan' -s f -l format -x -a 'text jsonl' -d 'text, jsonl …'
//
// __assay_at says whether the words before the cursor name that command: options and what follows
// them are no part of it.
#include <fmt/format.h>

#include "cli/command_tree.h"
#include "rules/version.h"

namespace assay {

namespace {

// `-n '__assay_at hook install'`
std::string where(const CommandWords& command) {
  const std::string space = command.path.empty() ? "" : " ";
  return fmt::format("complete -c assay -n {}", fish_quoted("__assay_at" + space + command.path));
}

// How a value is offered: -r anything with files, -x none but the list.
std::string value_of(const OptionWords& option) {
  if (!option.choices.empty()) {
    return fmt::format(" -x -a {}", fish_quoted(fmt::format("{}", fmt::join(option.choices, " "))));
  }
  return option.file ? " -r -F" : " -x";
}

std::string line_of(const CommandWords& command, const OptionWords& option) {
  std::string out = where(command);
  if (option.positional) {
    if (option.file) return fmt::format("{} -F\n", out);
    return option.choices.empty() ? "" : fmt::format("{}{}\n", out, value_of(option));
  }
  for (const std::string& name : option.names) {
    out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!option.value.empty()) out += value_of(option);
  return fmt::format("{} -d {}\n", out, fish_quoted(option.description));
}

}  // namespace

std::string fish_completion(const CommandWords& program) {
  std::string commands, options, lines;
  program.each([&](const CommandWords& command) {
    for (const CommandWords& below : command.commands) {
      commands += " " + fish_quoted(command.path + " " + below.name);
      lines += fmt::format("{} -a {} -d {}\n", where(command), below.name,
                           fish_quoted(below.description));
    }
    for (const OptionWords& option : command.options) {
      lines += line_of(command, option);
      if (option.positional || option.value.empty()) continue;
      for (const std::string& name : option.names) {
        options += " " + fish_quoted(command.path + " " + name);
      }
    }
  });
  return fmt::format(
      "# fish completion for assay {}, written by `assay completion fish`.\n"
      "# Into ~/.config/fish/completions, as assay.fish; or: assay completion fish | source\n"
      "function __assay_at\n"
      "  set -l at ''\n"
      "  set -l skip no\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    if test $skip = yes\n"
      "      set skip no\n"
      "      continue\n"
      "    end\n"
      "    switch \"$at $word\"\n"
      "      case{}\n"
      "        set at (string trim -- \"$at $word\")\n"
      "      case{}\n"
      "        set skip yes\n"
      "    end\n"
      "  end\n"
      "  test \"$at\" = \"$argv\"\n"
      "end\n"
      "complete -c assay -f\n"
      "{}",
      kVersion, commands, options, lines);
}

}  // namespace assay
