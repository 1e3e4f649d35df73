// Where a key stands in a repository, in words that a person can act on.
#include "reports/history.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/reports/sample_findings.h"

namespace assay {
namespace {

TEST(History, SaysHowItStandsAndWhoBroughtIt) {
  const struct {
    std::function<void(GitFacts&)> change;
    std::string_view words;
  } rows[] = {
      {[](GitFacts&) {}, "at HEAD since 1111111111 of 2025-11-02 by Dana Contoso"},
      {[](GitFacts& git) { git.introduced_by.clear(); }, "at HEAD"},
      {[](GitFacts& git) { git.staged = true; },
       "staged, and at HEAD since 1111111111 of 2025-11-02 by Dana Contoso"},
      {[](GitFacts& git) { git.time.clear(); }, "at HEAD since 1111111111 by Dana Contoso"},
      {[](GitFacts& git) { git.author = "<dana@example.org>"; },
       "at HEAD since 1111111111 of 2025-11-02"},
      {[](GitFacts& git) { git.present_at_head = false; },
       "came with 1111111111 of 2025-11-02 by Dana Contoso; in the history of main"},
      {[](GitFacts& git) {
         git.present_at_head = false;
         git.removed_by = sample_id('2');
       },
       "came with 1111111111 of 2025-11-02 by Dana Contoso, removed by 2222222222; still in the "
       "history of main"},
      {[](GitFacts& git) {
         git.present_at_head = false;
         git.branches.clear();
         git.branch_count = 0;
       },
       "came with 1111111111 of 2025-11-02 by Dana Contoso; in no branch or tag"},
      {[](GitFacts& git) {
         git.present_at_head = false;
         git.branches.clear();
         git.branch_count = 0;
         git.refs = {"refs/notes/commits", "refs/stash"};
         git.ref_count = 2;
       },
       "came with 1111111111 of 2025-11-02 by Dana Contoso; in the history of refs/notes/commits, "
       "refs/stash"},
      {[](GitFacts& git) {
         git.present_at_head = false;
         git.refs = {"refs/stash"};
         git.ref_count = 1;
       },
       "came with 1111111111 of 2025-11-02 by Dana Contoso; in the history of main"},
      {[](GitFacts& git) {
         git.present_at_head = false;
         git.branches.clear();
         git.branch_count = 0;
         git.refs_known = false;
       },
       "came with 1111111111 of 2025-11-02 by Dana Contoso"},
      {[](GitFacts& git) {
         git.present_at_head = false;
         git.introduced_by.clear();
       },
       "in cccccccccc; in the history of main"},
      {[](GitFacts& git) { git.object = "tree"; },
       "in the name itself; at HEAD since 1111111111 of 2025-11-02 by Dana Contoso"},
      {[](GitFacts& git) { git.object = "commit"; },
       "in the text of commit cccccccccc of 2025-11-02 by Dana Contoso; in the history of main"},
  };
  for (const auto& row : rows) {
    GitFacts git = sample_history();
    row.change(git);
    EXPECT_EQ(history(git), row.words);
  }
}

TEST(History, OfATagSaysWhichAndWhoMadeIt) {
  GitFacts tag = *sample_git_findings().back().git;
  EXPECT_EQ(history(tag), "in the text of tag v2.0 of 2025-11-03 by Dana Contoso");
  tag.tags.clear();
  tag.tag_count = 0;
  EXPECT_EQ(history(tag),
            "in the text of tag ffffffffff of 2025-11-03 by Dana Contoso; no ref names it");
}

TEST(History, NamesThreeRefsAndCountsTheRest) {
  const struct {
    std::vector<std::string> branches, tags;
    uint64_t branch_count, tag_count;
    std::string_view words;
  } rows[] = {
      {{"a"}, {"t"}, 1, 1, "; in the history of a, t"},
      {{"a", "b"}, {"t", "u"}, 2, 2, "; in the history of a, b, t and 1 more"},
      {{"a", "b", "c", "d"}, {}, 1200, 34, "; in the history of a, b, c and 1,231 more"},
      {{}, {"t"}, 0, 1, "; in the history of t"},
  };
  for (const auto& row : rows) {
    GitFacts git = sample_history();
    git.present_at_head = false;
    git.branches = row.branches;
    git.tags = row.tags;
    git.branch_count = row.branch_count;
    git.tag_count = row.tag_count;
    EXPECT_TRUE(history(git).ends_with(row.words)) << history(git);
  }
}

TEST(History, NamesFromTheRepositoryArePrintableAndCut) {
  GitFacts git = sample_history();
  git.present_at_head = false;
  git.author = "a\n::error::\x1b[2J\xff <x>";
  git.branches = {std::string(1'000'000, 'x')};
  const std::string words = history(git);
  EXPECT_EQ(words, printable(words));
  EXPECT_LT(words.size(), 300u);
  // Cut between characters: of "é" 30 fit in 60 bytes, and after one more byte 29.
  git.author.clear();
  for (int i = 0; i < 40; ++i) git.author += "é";
  EXPECT_NE(history(git).find("éé…"), std::string::npos);
  git.author.insert(0, "x");
  EXPECT_NE(history(git).find("éé…"), std::string::npos) << history(git);
}

TEST(History, OnlyWhatIsNoWhereElseIsOnlyStaged) {
  const std::vector<Finding> all = sample_git_findings();
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(only_staged(all[i]), i == 2) << i;
  EXPECT_FALSE(only_staged(sample_findings()[0]));
}

}  // namespace
}  // namespace assay
