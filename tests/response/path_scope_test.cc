#include "response/path_scope.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace assay {
namespace {

TEST(PathScope, CoversWhatGitWouldIgnore) {
  struct {
    std::string_view patterns, path;
    bool covered;
  } const rows[] = {
      {"a.py", "src/a.py", true},
      {"/a.py", "src/a.py", false},
      {"src/", "src/deep/a.py", true},
      {"src/", "src", false},
      {"src/*.py", "src/deep/a.py", false},
      {"src/**/*.py", "src/deep/a.py", true},
      {"*.py\n!a.py", "src/a.py", false},
      {"src/\n!src/a.py", "src/a.py", true},
      {"docs/\ntests/", "x/tests/a", true},
      {"*.zip", "in/a.zip!/b/c.txt", true},
      {"/in", "in/a.zip!/b/c.txt", true},
      {"c.txt", "in/a.zip!/b/c.txt", true},
      {"b/c.txt", "in/a.zip!/b/c.txt", false},
      {"*", "", false},
      {"", "a", false},
      {"etc/", "/etc/a", true},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(PathScope(row.patterns).covers(row.path), row.covered)
        << row.patterns << " of " << row.path;
  }
}

TEST(PathScope, WorkIsBoundedInDeepPaths) {
  std::string path;
  for (int i = 0; i < 100'000; ++i) path += "a/";
  EXPECT_FALSE(PathScope("**/b/**/c").covers(path + "d"));
}

TEST(PathScope, PathInTheRepositoryGoesFirst) {
  Finding finding;
  EXPECT_EQ(path_of(finding), "");
  auto provenance = std::make_shared<Provenance>();
  provenance->path = "././shop/a.py";
  finding.provenance = provenance;
  EXPECT_EQ(path_of(finding), "shop/a.py");
  auto git = std::make_shared<GitFacts>();
  finding.git = git;
  EXPECT_EQ(path_of(finding), "shop/a.py");
  git->path = "a.py";
  EXPECT_EQ(path_of(finding), "a.py");
}

}  // namespace
}  // namespace assay
