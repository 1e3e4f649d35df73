// Completion for zsh: a function for each command, whose options are specs of _arguments:
//
//   '(-f --format)'{-f+,--format=}'[text, jsonl, sarif or github]:TEXT:(text jsonl sarif github)'
//
// A command with others below it gives them to _describe, and calls the function of the one that
// was chosen.
#include <fmt/format.h>

#include <algorithm>

#include "cli/command_tree.h"
#include "response/rotation_names.h"
#include "rules/version.h"

namespace assay {

namespace {

std::string function_of(const CommandWords& command) {
  std::string out = "_assay";
  if (!command.path.empty()) out += "_" + command.path;
  std::replace(out.begin(), out.end(), ' ', '_');
  std::replace(out.begin(), out.end(), '-', '_');
  return out;
}

// Within `[…]` and between `:` of a spec.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// `:TEXT:(a b)`: what a value is called, and what it may be.
std::string value_of(const OptionWords& option) {
  const std::string& name = option.positional ? option.names.front() : option.value;
  std::string what = " ";  // anything, and nothing to offer
  if (option.file) what = "_files";
  if (!option.choices.empty()) what = fmt::format("({})", fmt::join(option.choices, " "));
  return fmt::format(":{}:{}", escaped(name), what);
}

std::string spec(const OptionWords& option) {
  if (option.positional) {
    const char* times = option.many ? "*" : option.required ? "" : ":";
    return shell_quoted(times + value_of(option));
  }
  const std::string text = fmt::format("[{}]", escaped(option.description)) +
                           (option.value.empty() ? "" : value_of(option));
  std::vector<std::string> forms;
  for (const std::string& name : option.names) {
    const char* join = option.value.empty() ? "" : name.starts_with("--") ? "=" : "+";
    forms.push_back(name + join);
  }
  if (option.many) {  // it excludes nothing, not even itself
    return forms.size() == 1
               ? shell_quoted("*" + forms.front() + text)
               : fmt::format("'*'{{{}}}{}", fmt::join(forms, ","), shell_quoted(text));
  }
  if (forms.size() == 1) return shell_quoted(forms.front() + text);
  return fmt::format("'({})'{{{}}}{}", fmt::join(option.names, " "), fmt::join(forms, ","),
                     shell_quoted(text));
}

std::string function_with_commands(const CommandWords& command) {
  std::string list, choice, specs;
  for (const CommandWords& below : command.commands) {
    list +=
        fmt::format("    {}\n", shell_quoted(fmt::format("{}:{}", below.name, below.description)));
    choice += fmt::format("        {}) {} ;;\n", below.name, function_of(below));
  }
  for (const OptionWords& option : command.options) {
    specs += fmt::format("    {} \\\n", spec(option));
  }
  return fmt::format(
      "{}() {{\n"
      "  local context state state_descr line\n"
      "  typeset -A opt_args\n"
      "  local -a commands\n"
      "  commands=(\n{}  )\n"
      "  _arguments -C : \\\n{}"
      "    '1:command:->command' \\\n"
      "    '*::argument:->argument'\n"
      "  case $state in\n"
      "    command) _describe -t commands command commands ;;\n"
      "    argument)\n"
      "      case $line[1] in\n{}"
      "      esac\n"
      "      ;;\n"
      "  esac\n"
      "}}\n",
      function_of(command), list, specs, choice);
}

std::string function_for(const CommandWords& command) {
  if (!command.commands.empty()) return function_with_commands(command);
  std::string specs;
  for (const OptionWords& option : command.options) {
    specs += fmt::format(" \\\n    {}", spec(option));
  }
  return fmt::format("{}() {{\n  _arguments -S :{}\n}}\n", function_of(command), specs);
}

}  // namespace

std::string zsh_completion(const CommandWords& program) {
  std::string out = fmt::format(
      "#compdef assay\n"
      "# zsh completion for assay {}, written by `assay completion zsh`.\n"
      "# Into a folder of $fpath, as _assay; or: . <(assay completion zsh)\n",
      kVersion);
  program.each([&](const CommandWords& command) { out += function_for(command); });
  out +=
      "if [[ $funcstack[1] == _assay ]]; then\n"
      "  _assay \"$@\"\n"
      "else\n"
      "  compdef _assay assay\n"
      "fi\n";
  return out;
}

}  // namespace assay
