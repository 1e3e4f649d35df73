// CODEOWNERS as GitHub and GitLab read it. The rows are what their documentation says, in our own
// examples.
#include "response/codeowners.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "rules/keys/mint.h"
#include "rules/rule_set.h"

namespace assay {
namespace {

std::string owners_of(const Codeowners& file, std::string_view path) {
  const auto answer = file.find(path);
  if (!answer) return "";
  return fmt::format("{}", fmt::join(answer->owners, " "));
}

struct Row {
  std::string_view name, text, path, owners;
};

void expect_rows(CodeownersForm form, std::span<const Row> rows) {
  for (const Row& row : rows) {
    const auto file = Codeowners::parse(std::string(row.text), "CODEOWNERS", form);
    EXPECT_EQ(owners_of(file, row.path), row.owners) << row.name << ": " << row.path;
  }
}

TEST(Codeowners, FollowsGitHub) {
  constexpr std::string_view kOrder = "* @all\n*.cs @csharp\n/build/ @build\n";
  constexpr std::string_view kFolders = "docs/* @shallow\napps/ @apps\n/root/ @root\nlib @lib\n";
  constexpr std::string_view kUnowned = "/apps/ @apps\n/apps/free\n";
  const Row rows[] = {
      {"the last match counts", kOrder, "src/a.cs", "@csharp"},
      {"the last match counts", kOrder, "build/a.cs", "@build"},
      {"what nothing else matches", kOrder, "a/b/c.txt", "@all"},
      {"a star at the end is no deeper", kFolders, "docs/a.md", "@shallow"},
      {"a star at the end is no deeper", kFolders, "docs/x/a.md", ""},
      {"a slash before the end anchors", kFolders, "x/docs/a.md", ""},
      {"a folder anywhere", kFolders, "x/y/apps/z/a", "@apps"},
      {"a folder is no file", kFolders, "x/apps", ""},
      {"a leading slash anchors", kFolders, "root/a/b", "@root"},
      {"a leading slash anchors", kFolders, "x/root/a", ""},
      {"a name covers a folder's content", kFolders, "x/lib/a/b", "@lib"},
      {"a name is a file's", kFolders, "lib", "@lib"},
      {"a name is a whole part", kFolders, "libx", ""},
      {"no owners un-own", kUnowned, "apps/free/a", ""},
      {"no owners un-own only what matches", kUnowned, "apps/paid/a", "@apps"},
      {"several owners", "* @a @org/team  x@example.org\n", "f", "@a @org/team x@example.org"},
      {"each owner once", "* @a @b @a\n", "f", "@a @b"},
      {"two stars", "src/**/test/ @t\n", "src/a/b/test/x", "@t"},
      {"two stars may be nothing", "src/**/test/ @t\n", "src/test/x", "@t"},
      {"two stars lead", "**/logs @l\n", "a/b/logs/c", "@l"},
      {"two stars end", "src/** @s\n", "src/a/b", "@s"},
      {"comments", "# * @no\n* @a # @b\n", "f", "@a"},
      {"a comment alone un-owns", "* @a\nf # nobody\n", "f", ""},
      {"a space is escaped", "my\\ file.txt @a\n", "my file.txt", "@a"},
      {"case counts", "README @a\n", "readme", ""},
      {"tabs, returns and blanks", "  *\t@a \r\n", "f", "@a"},
      {"a byte order mark", "\xEF\xBB\xBF* @a\n", "f", "@a"},
      {"no line break at the end", "* @a", "f", "@a"},
      {"! does not negate", "* @a\n!f @b\n", "f", "@a"},
      {"! does not un-own", "* @a\n!f\n", "f", "@a"},
      {"brackets make a line wrong", "* @a\n[fg] @b\n", "f", "@a"},
      {"\\# is no escape", "* @a\n\\#f @b\n", "#f", "@a"},
      {"a line with what is no owner is left out", "* @a\nf someone\n", "f", "@a"},
      {"a slash alone matches nothing", "/ @a\n", "f", ""},
      {"nothing matches nothing", "", "f", ""},
  };
  expect_rows(CodeownersForm::github, rows);
}

TEST(Codeowners, FollowsGitLab) {
  constexpr std::string_view kSections =
      "* @all\n"
      "[Docs]\nREADME.md @d1 @d2\nin/README.md @d3\n"
      "^[Other][2]\nREADME.md @o @d1\n";
  constexpr std::string_view kDefaults =
      "[Data][2] @data @lead\nmodel/db/\nmodel/db/setup.md @docs\n[None]\nx.md\n";
  constexpr std::string_view kMerged =
      "[Docs]\n/docs/ @one\n*.md @two\n[Code]\n*.cs @code\n[DOCS] @three\n/docs/a.md\n";
  constexpr std::string_view kExcluded =
      "* @all\n!pom.xml\n[Ruby]\n*.rb @ruby\n!/config/**/*.rb\n/config/routes.rb @ops\n"
      "[Config]\n/config/ @config\n";
  const Row rows[] = {
      {"a match of each section", kSections, "README.md", "@all @d1 @d2 @o"},
      {"the last of a section", kSections, "in/README.md", "@all @d3 @o @d1"},
      {"a section without a match", kSections, "a.cs", "@all"},
      {"default owners", kDefaults, "model/db/a", "@data @lead"},
      {"own owners go before", kDefaults, "model/db/setup.md", "@docs"},
      {"no owners at all", kDefaults, "x.md", ""},
      {"sections of one name are one", kMerged, "docs/b.md", "@two"},
      {"each heading has its own defaults", kMerged, "docs/a.md", "@three"},
      {"an exclusion", kExcluded, "sub/pom.xml", ""},
      {"an exclusion is its section's", kExcluded, "config/x/a.rb", "@all @config"},
      {"nothing brings back what is excluded", kExcluded, "config/routes.rb", "@all @config"},
      {"what is not excluded", kExcluded, "lib/a.rb", "@all @ruby"},
      {"exclusions before the pattern", "!a.cs\n* @all\n", "a.cs", ""},
      {"a path without a slash before it floats", "in/a.md @a\n", "x/in/a.md", "@a"},
      {"a path with one does not", "/in/a.md @a\n", "x/in/a.md", ""},
      {"a folder needs its slash", "docs @a\n", "docs/a", ""},
      {"a folder with its slash", "docs/ @a\n", "x/docs/y/a", "@a"},
      {"a folder is no file", "docs/ @a\n", "docs", ""},
      {"a star is no slash", "/docs/* @a\n", "docs/x/a", ""},
      {"a star takes a dot", "/docs/* @a\n", "docs/.a", "@a"},
      {"a star alone is all", "* @a\n", "x/.y/z", "@a"},
      {"a slash alone is all", "/ @a\n", "x/y", "@a"},
      {"two stars", "/docs/**/*.md @a\n", "docs/x/y/a.md", "@a"},
      {"two stars may be nothing", "/docs/**/*.md @a\n", "docs/a.md", "@a"},
      {"two stars at the end are one", "/docs/** @a\n", "docs/x/a", ""},
      {"brackets are ranges", "/[a-c].md @a\n", "b.md", "@a"},
      {"an escaped number sign", "\\#a.md @a\n", "#a.md", "@a"},
      {"an escaped space", "my\\ file/ @a\n", "my file/x", "@a"},
      {"roles and groups", "* @@developer @g/sub/team me@example.org\n", "f",
       "@@developer @g/sub/team me@example.org"},
      {"what is no owner is left out", "* @a someone @b\n", "f", "@a @b"},
      {"owners of which none is one are no owners", "[S] @s\na someone\n", "a", ""},
      {"a heading that is not closed is an entry", "* @a\n[Section docs@x.y\n[Next]\nf @b\n", "f",
       "@a @b"},
      {"a heading alone", "[Docs] @d\n", "f", ""},
      {"a pattern that stands twice keeps its place and has the last owners",
       "*.md @one\na.md @two\n*.md @three\n", "a.md", "@two"},
      {"… and for what else it matches", "*.md @one\na.md @two\n*.md @three\n", "b.md", "@three"},
      {"… however it is written", "/**/x @one\n/a/x @two\nx @three\n", "b/x", "@three"},
  };
  expect_rows(CodeownersForm::gitlab, rows);
}

TEST(Codeowners, KnowsTheFormByPlaceThenByHeadings) {
  constexpr auto kGitHub = CodeownersForm::github, kGitLab = CodeownersForm::gitlab;
  struct FormRow {
    std::string_view name, text;
    std::optional<CodeownersForm> forced;
    CodeownersForm form;
  };
  const FormRow rows[] = {
      {".github/CODEOWNERS", "[Docs] @d\n", std::nullopt, kGitHub},
      {".gitlab/CODEOWNERS", "* @a\n", std::nullopt, kGitLab},
      {"x/.gitlab/CODEOWNERS", "* @a\n", std::nullopt, kGitLab},
      {"x.gitlab/CODEOWNERS", "* @a\n", std::nullopt, kGitHub},
      {"CODEOWNERS", "* @a\n", std::nullopt, kGitHub},
      {"CODEOWNERS", "* @a\n[Docs]\n", std::nullopt, kGitLab},
      {"docs/CODEOWNERS", "^[Docs][2] @a @b\n", std::nullopt, kGitLab},
      {"docs/CODEOWNERS", "# [Docs]\n", std::nullopt, kGitHub},
      {"CODEOWNERS", "[0-9].txt @a\n", std::nullopt, kGitHub},
      {"CODEOWNERS", "[Docs]\n", kGitHub, kGitHub},
      {".github/CODEOWNERS", "* @a\n", kGitLab, kGitLab},
  };
  for (const FormRow& row : rows) {
    const auto file = Codeowners::parse(std::string(row.text), std::string(row.name), row.forced);
    EXPECT_EQ(file.form(), row.form) << row.name << ": " << row.text;
  }
}

TEST(Codeowners, GivesTheLineAsItsReason) {
  const auto github = Codeowners::parse("# ours\n*.cs @c\n", ".github/CODEOWNERS");
  EXPECT_EQ(github.find("a/b.cs")->reason, "line 2 of .github/CODEOWNERS, *.cs");
  const auto gitlab = Codeowners::parse("* @a\n[Docs]\n*.md @d\n", "CODEOWNERS");
  EXPECT_EQ(gitlab.find("b.md")->reason,
            "line 1 of CODEOWNERS, *; line 3 of CODEOWNERS, *.md, section Docs");
}

TEST(Codeowners, RefusesWhatIsTooLong) {
  EXPECT_NO_THROW(Codeowners::parse(std::string(Codeowners::kMaxBytes, '\n'), "CODEOWNERS"));
  EXPECT_THROW(Codeowners::parse(std::string(Codeowners::kMaxBytes + 1, '\n'), "CODEOWNERS"),
               Error);
  std::string many;
  for (size_t i = 0; i <= Codeowners::kMaxRules; ++i) many += "a @a\n";
  EXPECT_THROW(Codeowners::parse(many, "CODEOWNERS", CodeownersForm::github), Error);
  EXPECT_EQ(owners_of(Codeowners::parse(many, "CODEOWNERS", CodeownersForm::gitlab), "a"), "@a");
}

// What cannot be told in time is told to be unknown, and never takes long.
TEST(Codeowners, GivesUpOnPatternsThatAreMadeToBeSlow) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    text += fmt::format("*{}b{} @x\n", std::string(120, 'a'), i);
  }
  for (const auto form : {CodeownersForm::github, CodeownersForm::gitlab}) {
    const auto file = Codeowners::parse(text, "CODEOWNERS", form);
    const auto answer = file.find(std::string(250, 'a'));
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->gave_up);
    EXPECT_TRUE(answer->owners.empty());
  }
  // Stars alone are not slow.
  std::string stars;
  for (int i = 0; i < 10'000; ++i) stars += fmt::format("{}b @x\n", std::string(20, '*'));
  EXPECT_FALSE(Codeowners::parse(stars, "CODEOWNERS").find(std::string(250, 'a')));
  std::string usual = "* @all\n";
  for (int i = 0; i < 10'000; ++i) usual += fmt::format("services/s{}/**/*.cs @t{}\n", i, i);
  const auto file = Codeowners::parse(usual, "CODEOWNERS");
  EXPECT_EQ(owners_of(file, "services/s0/a/b/c/d.cs"), "@t0");
  EXPECT_EQ(owners_of(file, "services/other/a/b/c/d.cs"), "@all");
}

TEST(Codeowners, AnswersTheSameWhenAskedAgain) {
  const auto file = Codeowners::parse("*.cs @c\n/a/ @a\n", "CODEOWNERS");
  for (int i = 0; i < 2; ++i) {
    for (int k = 0; k < 2; ++k) EXPECT_EQ(owners_of(file, "x.cs"), "@c");
    for (int k = 0; k < 2; ++k) EXPECT_EQ(owners_of(file, "x.txt"), "");
    for (int k = 0; k < 2; ++k) EXPECT_EQ(owners_of(file, "a/x.cs"), "@a");
  }
}

TEST(Codeowners, ShowsNoKey) {
  SeededRandom random(1);
  const std::string text = fill_placeholders("{key:master} @{key:function}\n", random);
  const std::string key = text.substr(0, 56);
  const auto answer = Codeowners::parse(text, "CODEOWNERS").find(key);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->reason.find(key), std::string::npos);
  EXPECT_EQ(text.find(answer->owners.at(0)), std::string::npos);
}

TEST(Codeowners, IsFoundInItsPlacesInTheirOrder) {
  namespace fs = std::filesystem;
  const fs::path root = fs::temp_directory_path() / fmt::format("assay-codeowners-{}", getpid());
  const auto put = [&](const std::string& name) {
    fs::create_directories((root / name).parent_path());
    std::ofstream(root / name) << "* @a\n";
  };
  const auto find = [&](std::optional<CodeownersForm> form = std::nullopt) {
    return Codeowners::find_in(root.string(), form);
  };
  fs::create_directories(root);
  EXPECT_EQ(find(), "");
  put(".gitlab/CODEOWNERS");
  EXPECT_EQ(find(), ".gitlab/CODEOWNERS");
  EXPECT_EQ(find(CodeownersForm::github), "");
  put("docs/CODEOWNERS");
  EXPECT_EQ(find(), "docs/CODEOWNERS");
  put("CODEOWNERS");
  EXPECT_EQ(find(), "CODEOWNERS");
  put(".github/CODEOWNERS");
  EXPECT_EQ(find(), ".github/CODEOWNERS");
  EXPECT_EQ(find(CodeownersForm::gitlab), "CODEOWNERS");
  fs::remove_all(root / ".github");
  fs::create_directory_symlink(root / "docs", root / ".github");
  EXPECT_EQ(find(), "CODEOWNERS");  // links are not followed
  fs::remove(root / "CODEOWNERS");
  fs::create_symlink("docs/CODEOWNERS", root / "CODEOWNERS");
  EXPECT_EQ(find(), "docs/CODEOWNERS");
  EXPECT_EQ(owners_of(Codeowners::read((root / "docs/CODEOWNERS").string(), "CODEOWNERS"), "f"),
            "@a");
  EXPECT_THROW(Codeowners::read((root / "none").string(), "none"), Error);
  EXPECT_THROW(Codeowners::read(root.string(), "folder"), Error);
  ASSERT_EQ(mkfifo((root / "fifo").c_str(), 0600), 0);
  EXPECT_THROW(Codeowners::read((root / "fifo").string(), "fifo"), Error);
  fs::remove_all(root);
}

}  // namespace
}  // namespace assay
