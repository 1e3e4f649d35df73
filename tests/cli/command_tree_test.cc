#include "cli/command_tree.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(CommandTree, ReadsWhatAValueMayBe) {
  const struct {
    const char* description;
    std::vector<std::string> choices;
  } rows[] = {
      {"text, jsonl, sarif or github", {"text", "jsonl", "sarif", "github"}},
      {"markdown (default), json, script", {"markdown", "json", "script"}},
      {"text or json (one object a line)", {"text", "json"}},
      {"What gives exit code 1: verified, context (all: the default), never",
       {"verified", "context", "never"}},
      {"function, host or system; of other families theirs", {"function", "host", "system"}},
      {"text or json: one object a line", {"text", "json"}},
      {"Days since a key was rotated, or made", {}},
      {"CODEOWNERS, or none; else the repository's own", {}},
      {"Whose key is which: see assay inventory", {}},
      {"Config: .assay.toml or gitleaks' own; else the nearest", {}},
      {"Its contact", {}},
      {"an open ( bracket, or none", {}},
      {"", {}},
  };
  for (const auto& row : rows) {
    CLI::App app;
    std::string value;
    app.add_option("--value", value, row.description);
    const CommandWords words = command_words(app);
    EXPECT_EQ(words.options.back().choices, row.choices) << row.description;
  }
}

TEST(CommandTree, TellsFlagsValuesAndPositionalsApart) {
  CLI::App app;
  bool flag = false;
  std::string file, path, choice;
  std::vector<std::string> many;
  app.add_flag("-q,--quiet", flag, "Less");
  app.add_option("--output", file, "Where to")->type_name("FILE");
  app.add_option("--form", choice, "How")->check(CLI::IsMember({"a", "b"}));
  app.add_option("PATH", path, "What")->required();
  app.add_subcommand("below", "A command")->add_option("ID", many, "Which");
  app.add_flag("--hidden", flag, "Not told")->group("");
  const CommandWords words = command_words(app);
  ASSERT_EQ(words.options.size(), 5u);  // --help is the first
  EXPECT_EQ(words.options[1].names, (std::vector<std::string>{"-q", "--quiet"}));
  EXPECT_TRUE(words.options[1].value.empty());
  EXPECT_TRUE(words.options[2].file);
  EXPECT_EQ(words.options[3].choices, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(words.options[4].positional && words.options[4].required && words.options[4].file);
  ASSERT_EQ(words.commands.size(), 1u);
  EXPECT_EQ(words.commands[0].path, "below");
  EXPECT_TRUE(words.commands[0].options.back().many);
  EXPECT_FALSE(words.commands[0].options.back().file);
}

}  // namespace
}  // namespace assay
