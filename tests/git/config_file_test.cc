#include "git/config_file.h"

#include <gtest/gtest.h>

#include "tests/git/git_repo.h"

namespace assay {
namespace {

// As `git config --list -z` prints it, or "line N".
std::string listed(std::string_view text) {
  std::string out;
  size_t line = 0;
  const bool good = parse_config(
      text, line, [&](std::string_view section, std::string_view key, std::string&& value) {
        out += std::string(section) + (section.empty() ? "" : ".") + std::string(key) + "\n" +
               value + '\0';
      });
  return good ? out : "line " + std::to_string(line);
}

TEST(ConfigFile, ReadsWhatGitReads) {
  const std::string_view rows[] = {
      "",
      "# nothing\n; here\n",
      "b = c\n",
      "\xEF\xBB\xBF[a]\nb = c",
      "[Core]\n\tBare = false\n  fileMode=true ; why\n",
      "[remote \"Origin.x\"]\n\turl = https://example.org/a b  # end\n",
      "[remote \"a\\\"b\\\\c\"] fetch = +refs/heads/*:refs/x/*\n[b]\nc=d\n",
      "[a.B]\nc = \"  kept  \" tail \" x\"\n",
      "[a]\nb = one \\\n   two\\n\\t\\\"three\\\\\nc =\n",
      "[a]\r\nb = c\r\n[d]\r\ne=\"f\"\r\n",
      "[a] b = \"# no comment; here\"\n",
      "[a]\nb = \" \"  x  \n",
  };
  GitRepo repo;
  for (const std::string_view text : rows) {
    repo.write("config", text);
    EXPECT_EQ(listed(text), repo.run("config --file config --list -z")) << text;
  }
}

TEST(ConfigFile, NamesTheLineThatGitRefuses) {
  const std::pair<std::string_view, int> rows[] = {
      {"b c\n", 1},          {"[a]\n[b\n", 2},      {"[a \"b]\n", 1},
      {"[a]\nb = \"c\n", 2}, {"[a]\nb = \\q\n", 2}, {"[a]\n\n1_ = 2\n", 3},
      {"[]\n", 1},           {"[a b]\n", 1},        {"[a]\n= b\n", 2},
  };
  GitRepo repo;
  for (const auto& [text, line] : rows) {
    repo.write("config", text);
    EXPECT_EQ(listed(text), "line " + std::to_string(line)) << text;
    EXPECT_THROW(repo.run("config --file config --list -z"), std::runtime_error) << text;
  }
}

TEST(ConfigFile, TrueIsWhatGitTakesForTrue) {
  for (const char* value : {"true", "Yes", "ON", "1", "-3"}) EXPECT_TRUE(is_true(value)) << value;
  for (const char* value : {"", "false", "no", "off", "0", "truest", "1x"}) {
    EXPECT_FALSE(is_true(value)) << value;
  }
}

}  // namespace
}  // namespace assay
