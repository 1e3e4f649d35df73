// Completion for bash (3.2 and later): one function that walks the words before the cursor through
// tables of `case`.
//
//   assay scan --format js|    command "scan", pending "--format" → jsonl
//   assay hook in|             command "hook"                     → install
//
// bash cuts a word at `=`, so `--format=js` comes as three words. Where nothing is offered,
// readline completes file names, but for values that are none.
#include <fmt/format.h>

#include "cli/command_tree.h"
#include "response/rotation_names.h"
#include "rules/version.h"

namespace assay {

namespace {

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

// 'scan -f' | 'scan --format': a pattern of `case` for the option's names after the command.
std::string pattern(const CommandWords& command, const OptionWords& option) {
  std::vector<std::string> words;
  for (const std::string& name : option.names) {
    words.push_back(shell_quoted(command.path + " " + name));
  }
  return fmt::format("{}", fmt::join(words, " | "));
}

// What may follow an option, or be a command's positional.
std::string offer(const OptionWords& option) {
  if (option.file) return ":";
  if (option.choices.empty()) return "compopt +o default 2>/dev/null";
  return "words=" + shell_quoted(joined(option.choices));
}

struct Tables {
  std::string commands, options, values, flags, words;
};

Tables tables_of(const CommandWords& program) {
  Tables out;
  program.each([&](const CommandWords& command) {
    std::vector<std::string> flags, below;
    std::string own = "compopt +o default 2>/dev/null";  // of the first positional
    bool has_own = false;
    for (const OptionWords& option : command.options) {
      if (option.positional) {
        if (!has_own) own = offer(option);
        has_own = true;
        continue;
      }
      flags.insert(flags.end(), option.names.begin(), option.names.end());
      if (option.value.empty()) continue;
      const std::string names = pattern(command, option);
      out.options += fmt::format("      {}) pending=$word ;;\n", names);
      out.values += fmt::format("      {}) {} ;;\n", names, offer(option));
    }
    for (const CommandWords& lower : command.commands) {
      below.push_back(lower.name);
      out.commands +=
          fmt::format("      {}) command={} ;;\n", shell_quoted(command.path + " " + lower.name),
                      shell_quoted(lower.path));
    }
    if (!below.empty()) own = "words=" + shell_quoted(joined(below));
    const std::string name = shell_quoted(command.path);
    out.flags += fmt::format("      {}) words={} ;;\n", name, shell_quoted(joined(flags)));
    out.words += fmt::format("      {}) {} ;;\n", name, own);
  });
  return out;
}

}  // namespace

std::string bash_completion(const CommandWords& program) {
  const Tables tables = tables_of(program);
  return fmt::format(
      "# bash completion for assay {}, written by `assay completion bash`.\n"
      "# Into a folder of bash-completion, as assay; or: . <(assay completion bash)\n"
      "_assay() {{\n"
      "  local current=${{COMP_WORDS[COMP_CWORD]}} command='' pending='' words='' word i\n"
      "  COMPREPLY=()\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    word=${{COMP_WORDS[i]}}\n"
      "    if [[ -n $pending ]]; then\n"
      "      [[ $word == = ]] || pending=''\n"
      "      continue\n"
      "    fi\n"
      "    [[ $word != -- ]] || return 0 # paths follow\n"
      "    case \"$command $word\" in\n"
      "{}{}"
      "    esac\n"
      "  done\n"
      "  [[ $current != = ]] || current=''\n"
      "  if [[ -n $pending ]]; then\n"
      "    case \"$command $pending\" in\n"
      "{}"
      "    esac\n"
      "  elif [[ $current == -* ]]; then\n"
      "    case $command in\n"
      "{}"
      "    esac\n"
      "  else\n"
      "    case $command in\n"
      "{}"
      "    esac\n"
      "  fi\n"
      "  # shellcheck disable=SC2207 # no word of the lists has a blank\n"
      "  [[ -z $words ]] || COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "}}\n"
      "complete -o default -F _assay assay\n",
      kVersion, tables.commands, tables.options, tables.values, tables.flags, tables.words);
}

}  // namespace assay
