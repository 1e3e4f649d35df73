#include "cli/config_search.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "rules/rule_set.h"
#include "tests/scanner/sources/temp_folder.h"

namespace assay {
namespace {

// A folder that is the working folder, with HOME in it, so that no config of this machine counts.
class ConfigSearch : public testing::Test {
 protected:
  ConfigSearch() : here_(folder_.path()) {
    if (const char* home = getenv("HOME")) home_ = home;
    setenv("HOME", folder_.path().c_str(), 1);
  }
  ~ConfigSearch() override { setenv("HOME", home_.c_str(), 1); }

  // What is found, as a person here would write it.
  std::string found(const std::string& input, const std::string& root = "") {
    const auto places = search_config(input, root, warnings_);
    if (!places) return "no input";
    std::string out;
    for (const std::string* path : {&places->assay, &places->gitleaks}) {
      if (!path->empty()) out += (out.empty() ? "" : " ") + from_here(*path);
    }
    return out.empty() ? "none" : out;
  }

  std::string error_of(const std::string& input) {
    try {
      return found(input);
    } catch (const Error& error) {
      return error.what();
    }
  }

  TempFolder folder_;
  std::vector<std::string> warnings_;

 private:
  WorkingFolder here_;
  std::string home_;
};

TEST_F(ConfigSearch, GoesUpFromTheInputToTheRootOfItsRepository) {
  folder_.write(".assay.toml", "");  // above the repository
  folder_.make_folder("repo/.git");
  folder_.write("repo/src/deep/a.log", "");
  folder_.write("repo/.gitleaks.toml", "");
  folder_.make_folder("repo/module/src");
  folder_.write("repo/module/.git", "gitdir: ../.git/modules/module\n");
  const struct {
    const char* input;
    const char* found;
  } before[] = {
      {"repo", "repo/.gitleaks.toml"},
      {"repo/src/deep", "repo/.gitleaks.toml"},
      {"repo/src/deep/a.log", "repo/.gitleaks.toml"},
      {"repo/module/src", "none"},
      {"repo/nosuch", "no input"},
      {".", ".assay.toml"},
      {"-", ".assay.toml"},
      {"/dev/null", ".assay.toml"},
  };
  for (const auto& row : before) EXPECT_EQ(found(row.input), row.found) << row.input;

  folder_.write("repo/src/.assay.toml", "");
  folder_.write("repo/src/gitleaks.toml", "");
  folder_.write("repo/.assay.toml", "");
  const struct {
    const char* input;
    const char* found;
  } after[] = {
      {"repo", "repo/.assay.toml repo/.gitleaks.toml"},
      {"repo/src/deep", "repo/src/.assay.toml repo/src/gitleaks.toml"},
  };
  for (const auto& row : after) EXPECT_EQ(found(row.input), row.found) << row.input;
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(ConfigSearch, OutsideOfARepositoryGoesUpToTheHomeFolder) {
  folder_.write("home/.assay.toml", "");
  folder_.write("home/code/logs/a.log", "");
  folder_.write(".gitleaks.toml", "");
  setenv("HOME", (folder_ / "home").c_str(), 1);
  EXPECT_EQ(found("home/code/logs"), "home/.assay.toml");
  setenv("HOME", (folder_ / "home/code").c_str(), 1);
  EXPECT_EQ(found("home/code/logs"), "none");
  setenv("HOME", folder_.path().c_str(), 1);
  EXPECT_EQ(found("home/code/logs/a.log"), "home/.assay.toml .gitleaks.toml");
  // The root that the caller knows, where there is no .git.
  EXPECT_EQ(found("home/code/logs", "home"), "home/.assay.toml");
  EXPECT_EQ(found("home/code/logs", "home/code"), "none");
  EXPECT_EQ(found("home/code/logs", "elsewhere"), "home/.assay.toml .gitleaks.toml");
}

TEST_F(ConfigSearch, GitleaksReadsTheHiddenFileFirst) {
  folder_.write(".gitleaks.toml", "");
  folder_.write("gitleaks.toml", "");
  EXPECT_EQ(found("."), ".gitleaks.toml");
  EXPECT_EQ(warnings_, std::vector<std::string>{
                           "gitleaks.toml is not read: .gitleaks.toml beside it counts."});
}

TEST_F(ConfigSearch, AFileThatEverybodyMayWriteToDoesNotCountFromAbove) {
  folder_.write(".assay.toml", "");
  folder_.make_folder("logs");
  ASSERT_EQ(chmod(".assay.toml", 0666), 0);
  EXPECT_EQ(found("logs"), "none");
  EXPECT_EQ(warnings_,
            std::vector<std::string>{".assay.toml is not read: everybody may write to it. Name it "
                                     "with --config if it is meant."});
  // Beside the input it does, and in a repository: some file systems know no other permissions.
  EXPECT_EQ(found("."), ".assay.toml");
  folder_.make_folder(".git");
  EXPECT_EQ(found("logs"), ".assay.toml");
}

TEST_F(ConfigSearch, AFileOfAnotherUserDoesNotCount) {
  if (geteuid() != 0) return;  // only root can give a file away
  constexpr uid_t kSomebody = 12345, kOther = 12346;
  folder_.write(".assay.toml", "");
  folder_.make_folder("logs");
  const struct {
    const char* name;
    uid_t file, folder;
    bool counts;
  } cases[] = {
      {"the user's own", 0, 0, true},
      {"another's", kSomebody, 0, false},
      {"that of whom the input belongs to", kSomebody, kSomebody, true},
      {"root's, the input another's", 0, kSomebody, true},
      {"that of a third", kOther, kSomebody, false},
  };
  for (const bool repository : {false, true}) {
    if (repository) folder_.make_folder(".git");
    for (const auto& row : cases) {
      ASSERT_EQ(chown(".assay.toml", row.file, 0), 0);
      ASSERT_EQ(chown("logs", row.folder, 0), 0);
      EXPECT_EQ(found("logs"), row.counts ? ".assay.toml" : "none") << row.name;
    }
  }
  // In the input's own folder too: /tmp belongs to root, and what stands there to anybody.
  ASSERT_EQ(chown(".assay.toml", kSomebody, 0), 0);
  EXPECT_EQ(found("."), "none");
  EXPECT_EQ(warnings_.back(),
            ".assay.toml is not read: it belongs to another user. Name it with --config if it is "
            "meant.");
}

TEST_F(ConfigSearch, LinksStayInTheRepository) {
  folder_.make_folder("repo/.git");
  folder_.write("repo/config/shared.toml", "");
  folder_.write("outside.toml", "");
  folder_.link("../config/shared.toml", "repo/src/.assay.toml");
  EXPECT_EQ(found("repo/src"), "repo/config/shared.toml");
  folder_.link("../outside.toml", "repo/.gitleaks.toml");
  EXPECT_EQ(error_of("repo/src"),
            "repo/.gitleaks.toml is a link that leads out of the repository. Name the file with "
            "--config if it is meant.");
  folder_.link("../outside.toml", "plain/.assay.toml");
  EXPECT_EQ(error_of("plain"),
            "plain/.assay.toml is a link that leads out of its folder. Name the file with --config "
            "if it is meant.");
}

TEST_F(ConfigSearch, WhatIsNoFileIsAnError) {
  folder_.make_folder("a/.assay.toml");
  folder_.link("nosuch", "b/.assay.toml");
  folder_.link(".assay.toml", "c/.assay.toml");
  folder_.make_folder("d");
  ASSERT_EQ(mkfifo("d/.assay.toml", 0600), 0);
  for (const std::string input : {"a", "b", "c", "d"}) {
    EXPECT_EQ(error_of(input), input +
                                   "/.assay.toml is no file that can be read. Remove it, or "
                                   "name another with --config.");
  }
}

TEST_F(ConfigSearch, WritesPathsAsFromHere) {
  folder_.make_folder("a/b");
  const std::string root = real_path_or_empty(".");
  EXPECT_EQ(from_here(root + "/x"), "x");
  EXPECT_EQ(from_here(root), ".");
  {
    const WorkingFolder deeper(folder_ / "a/b");
    EXPECT_EQ(from_here(root + "/x"), "../../x");
    EXPECT_EQ(from_here(root + "/a/bc"), "../bc");
    EXPECT_EQ(from_here(root), "../../.");
  }
  EXPECT_TRUE(lies_in("/a/b", "/a"));
  EXPECT_TRUE(lies_in("/a", "/a"));
  EXPECT_TRUE(lies_in("/a", "/"));
  EXPECT_FALSE(lies_in("/ab", "/a"));
  EXPECT_FALSE(lies_in("/", "/a"));
}

}  // namespace
}  // namespace assay
