// assay completion bash|zsh|fish|man: made of the same tables as --help
#include <memory>

#include "cli/command_tree.h"
#include "cli/commands.h"
#include "cli/output.h"

namespace assay {

namespace {

struct Writer {
  const char* name;
  std::string (*make)(const CommandWords& program);
};
constexpr Writer kWriters[] = {{"bash", bash_completion},
                               {"zsh", zsh_completion},
                               {"fish", fish_completion},
                               {"man", man_page}};

int write_as(const CLI::App& app, const std::string& name) {
  Output output("");
  for (const Writer& writer : kWriters) {
    if (name == writer.name) output.buffer() = writer.make(command_words(app));
  }
  output.flush(true, {});
  return kExitClean;
}

}  // namespace

void add_completion_command(CLI::App& app, Command& chosen) {
  const auto name = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("completion", "Completions for a shell, and the man page");
  std::vector<std::string> names;
  for (const Writer& writer : kWriters) names.emplace_back(writer.name);
  command->add_option("FORM", *name, "bash, zsh, fish or man")
      ->required()
      ->check(CLI::IsMember(names));
  command->footer(
      "Examples:\n"
      "  . <(assay completion bash)                        for this shell; zsh the same\n"
      "  assay completion fish | source\n"
      "  assay completion man | man -l -                   the man page");
  // All commands have been added when it runs, whatever their order.
  command->callback(
      [&app, &chosen, name] { chosen = [&app, name] { return write_as(app, *name); }; });
}

}  // namespace assay
