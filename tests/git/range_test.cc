// Ranges against what git rev-list says.
#include "git/range.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "tests/git/random_repo.h"

namespace assay {
namespace {

ObjectStore open(const std::string& folder) {
  return ObjectStore({folder}, [](Diagnostic&& problem) { ADD_FAILURE() << problem.reason; });
}

std::vector<Oid> ids(const std::string& lines) {
  std::istringstream in(lines);
  std::vector<Oid> out;
  for (std::string line; in >> line;) out.push_back(*Oid::from_hex(line));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// `git rev-list --parents`: each commit with its parents; those that are not among the commits.
std::vector<Oid> boundary_of(const std::vector<Oid>& commits, const std::string& lines) {
  std::vector<Oid> out;
  for (const Oid& oid : ids(lines)) {
    if (!std::binary_search(commits.begin(), commits.end(), oid)) out.push_back(oid);
  }
  return out;
}

TEST(Range, RandomRangesAreThoseOfGit) {
  size_t with_tags = 0, with_boundary = 0;
  for (uint64_t seed = 60; seed < 63; ++seed) {
    const GitRepo repo;
    import_random(repo, seed, 80);
    const ObjectStore store = open(repo.path(".git/objects"));
    std::vector<std::string> refs;
    std::istringstream in(repo.run("for-each-ref --format='%(refname)'"));
    for (std::string ref; in >> ref;) refs.push_back(ref);
    SeededRandom random(seed);
    for (int round = 0; round < 25; ++round) {
      std::string include, exclude, tags;
      for (uint64_t left = 1 + random.below(3); left > 0; --left) {
        include += " " + refs[random.below(refs.size())];
      }
      for (uint64_t left = random.below(3); left > 0; --left) {
        exclude += " " + refs[random.below(refs.size())];
      }
      const std::string arguments = include + (exclude.empty() ? "" : " --not" + exclude);
      const std::vector<Oid> commits = ids(repo.run("rev-list" + arguments));
      const auto named = ids(repo.run("rev-parse" + include));
      const auto without =
          exclude.empty() ? std::vector<Oid>() : ids(repo.run("rev-parse" + exclude));
      const Range range = list_range(store, named, without, {});
      ASSERT_EQ(range.commits, commits) << seed << arguments;
      ASSERT_EQ(range.boundary, boundary_of(commits, repo.run("rev-list --parents" + arguments)))
          << seed << arguments;
      EXPECT_TRUE(range.missing.empty() && range.blobs.empty() && range.shallow.empty());
      // Each tag on the way, as git peels them.
      const std::vector<Oid> expected =
          ids(repo.shell("for r in" + include +
                         "; do o=$(git rev-parse $r); while git cat-file tag $o >../t "
                         "2>/dev/null; do echo $o; o=$(sed -n '1s/object //p' ../t); done; done"));
      ASSERT_EQ(range.tags, expected);
      with_tags += range.tags.empty() ? 0 : 1;
      with_boundary += range.boundary.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(with_tags, 5u);
  EXPECT_GT(with_boundary, 10u);
}

TEST(Range, ShallowCloneEndsWhereItsListSays) {
  const GitRepo repo;
  import_random(repo, 64, 60);
  const std::string copy = repo.outside() + "/copy";
  repo.run("clone -q --bare --depth=5 --branch=c59 file://" + repo.folder() + " ../copy");
  const std::vector<Oid> shallow = ids(GitRepo::read(copy + "/shallow"));
  ASSERT_FALSE(shallow.empty());
  const ObjectStore store = open(copy + "/objects");
  const auto head = ids(repo.run("rev-parse c59", copy));
  const Range range = list_range(store, head, {}, shallow);
  EXPECT_EQ(range.commits, ids(repo.run("rev-list c59", copy)));
  EXPECT_EQ(range.shallow, shallow);
  EXPECT_TRUE(range.missing.empty());
  // Without the list its ends' parents are missing.
  const Range cut = list_range(store, head, {}, {});
  EXPECT_EQ(cut.commits, range.commits);
  EXPECT_TRUE(cut.shallow.empty());
  EXPECT_FALSE(cut.missing.empty());
}

TEST(Range, MissingCommitsAreToldUnlessTheyAreExcluded) {
  GitRepo repo;
  std::vector<Oid> made;
  for (int i = 0; i < 6; ++i) made.push_back(*Oid::from_hex(repo.commit(std::to_string(i))));
  repo.remove(".git/objects/" + made[2].hex().substr(0, 2) + "/" + made[2].hex().substr(2));
  const ObjectStore store = open(repo.path(".git/objects"));
  const std::vector<Oid> head{made[5]}, lost{made[2]}, below{made[3]};
  std::vector<Oid> three{made[3], made[4], made[5]};
  std::sort(three.begin(), three.end());
  Range range = list_range(store, head, {}, {});
  EXPECT_EQ(range.commits, three);
  EXPECT_EQ(range.missing, lost);
  range = list_range(store, head, below, {});
  EXPECT_EQ(range.commits.size(), 2u);
  EXPECT_EQ(range.boundary, below);
  EXPECT_TRUE(range.missing.empty());
  EXPECT_EQ(list_range(store, lost, {}, {}).missing, lost);
}

TEST(Range, TagsOfBlobsAndOfTagsWithoutEnd) {
  GitRepo repo;
  repo.write("a", "text");
  repo.commit("one");
  repo.run("tag -m blob blob HEAD:a");
  repo.run("tag -m 0 n0");
  for (int i = 0; i < 20; ++i)
    repo.run(fmt::format("-c advice.nestedTag=false tag -m {0} n{1} n{0}", i, i + 1));
  const ObjectStore store = open(repo.path(".git/objects"));
  Range range = list_range(store, ids(repo.run("rev-parse blob")), {}, {});
  EXPECT_EQ(range.blobs, ids(repo.run("rev-parse HEAD:a")));
  EXPECT_EQ(range.tags, ids(repo.run("rev-parse blob")));
  EXPECT_TRUE(range.commits.empty());
  range = list_range(store, ids(repo.run("rev-parse n10")), {}, {});
  EXPECT_EQ(range.tags.size(), 11u);
  EXPECT_EQ(range.commits, ids(repo.run("rev-parse HEAD")));
  range = list_range(store, ids(repo.run("rev-parse n20")), {}, {});
  EXPECT_FALSE(range.missing.empty()) << "too deep, but never silently";
}

}  // namespace
}  // namespace assay
