// Removals, tips of branches and refs: what find_sightings says of how a key stands now.
#include "git/at_tips.h"

#include <gtest/gtest.h>

#include <sstream>

#include "git/first_seen.h"
#include "git/held_by.h"
#include "tests/git/git_repo.h"

namespace assay {
namespace {

ObjectStore open_store(const GitRepo& repo) {
  return ObjectStore({repo.path(".git/objects")},
                     [](Diagnostic&& problem) { ADD_FAILURE() << problem.reason; });
}

class KeysAtTips : public ::testing::Test {
 protected:
  // In all commits that a ref of the repository names; `refs_` are those that are asked for.
  Sightings find(SightingOptions options) {
    const ObjectStore store = open_store(repo_);
    commits_ = {};
    ObjectStore::Reader reader(store);
    std::istringstream ids(repo_.run("rev-list --all"));
    for (std::string id; std::getline(ids, id);) add(reader, *Oid::from_hex(id), commits_);
    commits_.finish({});
    options.refs = refs_;
    options.head = id_of("HEAD");
    const std::atomic<bool> stop = false;
    return find_sightings(store, commits_, wanted_, options, stop);
  }
  static void add(ObjectStore::Reader& reader, const Oid& oid, Commits& commits) {
    std::string reason;
    const auto object = reader.read(oid, ObjectType::commit, reason);
    ASSERT_TRUE(object) << reason;
    commits.add(oid, object->view());
  }
  Oid id_of(const std::string& revision) const {
    return *Oid::from_hex(repo_.run("rev-parse " + revision));
  }
  void want(const std::string& revision, KeyNumber key) { wanted_.blobs[id_of(revision)] = {key}; }

  GitRepo repo_;
  Commits commits_;
  Wanted wanted_;
  std::vector<Ref> refs_;
};

// Main takes it out; a topic that was forked before is merged: nothing was taken out by that.
TEST_F(KeysAtTips, AMergeOfASideThatHadItStillRemovesNothing) {
  repo_.write("a", "key");
  repo_.commit("one");
  want("HEAD:a", 1);
  repo_.run("checkout -q -b topic");
  repo_.write("b", "1");
  repo_.commit("topic");
  repo_.run("checkout -q main");
  repo_.remove("a");
  const std::string removal = repo_.commit("removal");
  repo_.run("merge -q --no-edit topic");
  refs_ = {{"refs/heads/main", id_of("main")}};
  const Sightings found = find({});
  ASSERT_EQ(found.all.size(), 1u);
  EXPECT_EQ(commits_.oid(found.all[0].removed).hex(), removal);
}

TEST_F(KeysAtTips, AMergeThatTakesItOutOfAllSidesRemovesIt) {
  repo_.write("a", "key");
  repo_.commit("one");
  want("HEAD:a", 1);
  repo_.run("checkout -q -b topic");
  repo_.write("b", "1");
  repo_.commit("topic");
  repo_.run("checkout -q main");
  repo_.write("c", "1");
  repo_.commit("main");
  repo_.run("merge -q --no-commit topic");
  repo_.remove("a");
  const std::string merge = repo_.commit("merge");
  const Sightings found = find({});
  ASSERT_EQ(found.all.size(), 1u);
  EXPECT_EQ(commits_.oid(found.all[0].removed).hex(), merge);
}

TEST_F(KeysAtTips, WhatTheTipOfABranchHoldsIsNotRemoved) {
  repo_.write("d/a", "key");
  repo_.write("e/a", "other key");
  repo_.commit("one");
  want("HEAD:d/a", 1);
  want("HEAD:e/a", 2);
  repo_.run("branch dev");
  repo_.remove("d/a");
  repo_.commit("two");
  const Oid dev = id_of("dev");
  const struct {
    std::string name;
    bool counts;
  } rows[] = {{"refs/heads/dev", true}, {"refs/remotes/o/dev", true}, {"worktrees/w/HEAD", true},
              {"refs/tags/v1", false},  {"refs/pull/1/head", false},  {"refs/stash", false}};
  for (const auto& row : rows) {
    refs_ = {{row.name, dev}};
    const Sightings found = find({});
    ASSERT_EQ(found.all.size(), 2u);
    EXPECT_EQ(found.all[0].removed == Commits::kNone, row.counts) << row.name;
    EXPECT_FALSE(found.all[0].at_head);
    EXPECT_TRUE(found.all[1].at_head);
  }
}

TEST_F(KeysAtTips, OtherRefsHaveTheirFullNamesAndHeadIsOneWhereNoBranchIs) {
  repo_.write("a", "key");
  repo_.commit("one");
  want("HEAD:a", 1);
  const Oid head = id_of("HEAD");
  refs_ = {{"refs/stash", head}, {"refs/notes/commits", head}, {"HEAD", head}};
  Sightings found = find({});
  ASSERT_EQ(found.all.size(), 1u);
  EXPECT_EQ(found.all[0].refs,
            (std::vector<std::string>{"refs/notes/commits", "refs/stash", "HEAD"}));
  EXPECT_EQ(found.all[0].ref_count, 3u);
  EXPECT_EQ(found.all[0].branch_count + found.all[0].tag_count, 0u);
  refs_.push_back({"refs/heads/main", head});
  found = find({});
  EXPECT_EQ(found.all[0].refs, (std::vector<std::string>{"refs/notes/commits", "refs/stash"}));
  EXPECT_EQ(found.all[0].ref_count, 2u);
}

// Of a range only its commits and their parents are known.
TEST_F(KeysAtTips, OfARangeHeadAndRefsBehindItAreLookedAt) {
  repo_.write("a", "old");
  repo_.commit("zero");
  repo_.write("a", "key");
  repo_.commit("one");
  want("HEAD:a", 1);
  repo_.run("branch before HEAD~1");
  repo_.write("a", "key, and more");
  repo_.commit("two");
  repo_.run("tag -a -m x v1");
  repo_.write("b", "1");
  repo_.commit("three");
  const ObjectStore store = open_store(repo_);
  ObjectStore::Reader reader(store);
  Commits commits;
  for (const char* name : {"main~2", "main~3"}) {
    add(reader, id_of(name), commits);
  }
  commits.finish({});
  refs_ = {{"refs/heads/before", id_of("before")},
           {"refs/heads/main", id_of("main")},
           {"refs/tags/v1", id_of("v1")}};
  SightingOptions options;
  options.refs = refs_;
  options.head = id_of("main");
  options.in_range = {false, true};
  const std::vector<KeyNumber> keys = {1};
  std::vector<Oid> asked;
  options.keys_of_unknown_blob = [&](const Oid& blob) {
    asked.push_back(blob);
    return &keys;
  };
  const std::atomic<bool> stop = false;
  Sightings found = find_sightings(store, commits, wanted_, options, stop);
  ASSERT_EQ(found.all.size(), 1u);
  EXPECT_TRUE(found.all[0].at_head);
  EXPECT_EQ(asked, std::vector<Oid>{id_of("main:a")});
  EXPECT_EQ(found.all[0].newest, 1u);
  EXPECT_TRUE(found.all[0].refs_known);
  EXPECT_EQ(found.all[0].branches, std::vector<std::string>{"main"});
  EXPECT_EQ(found.all[0].tags, std::vector<std::string>{"v1"});
  options.keys_of_unknown_blob = [](const Oid&) { return nullptr; };
  EXPECT_FALSE(find_sightings(store, commits, wanted_, options, stop).all[0].at_head);
}

TEST_F(KeysAtTips, RefsTooFarFromARangeAreSaidToBeUnknown) {
  repo_.write("script",
              "commit refs/heads/main\nmark :1\ncommitter C <c> 1700000000 +0000\ndata 0\n"
              "M 100644 inline a\ndata 3\nkey\ndone\n");
  const auto grow = [&](size_t count) {
    std::string script;
    for (size_t i = 0; i < count; ++i) {
      script += "commit refs/heads/main\ncommitter C <c> 1700000001 +0000\ndata 0\n";
      if (i == 0) script += "from refs/heads/main^0\n";
    }
    repo_.write("script", script + "done\n");
    repo_.run("fast-import --quiet --done < script");
  };
  repo_.run("fast-import --quiet --done < script");
  want("main:a", 1);
  const Oid first = id_of("main");
  const std::atomic<bool> stop = false;
  for (const bool known : {true, false}) {
    grow(known ? HeldBy::kMostOutside : 2);
    const ObjectStore store = open_store(repo_);
    ObjectStore::Reader reader(store);
    Commits commits;
    add(reader, first, commits);
    commits.finish({});
    refs_ = {{"refs/heads/main", id_of("main")}};
    SightingOptions options;
    options.refs = refs_;
    options.in_range = {true};
    const Sightings found = find_sightings(store, commits, wanted_, options, stop);
    ASSERT_EQ(found.all.size(), 1u);
    EXPECT_EQ(found.all[0].refs_known, known);
    EXPECT_EQ(found.all[0].branch_count, known ? 1u : 0u);
    EXPECT_TRUE(found.all[0].reachable) << "what is not known is not dropped";
  }
}

TEST_F(KeysAtTips, WhereParentsAreNotThereNobodyIsSaidToHaveBroughtIt) {
  repo_.write("a", "key");
  repo_.commit("one");
  repo_.write("b", "1");
  const Oid second = *Oid::from_hex(repo_.commit("two"));
  repo_.write("c", "key");
  repo_.commit("three");
  want("HEAD:a", 1);
  const ObjectStore store = open_store(repo_);
  ObjectStore::Reader reader(store);
  const std::atomic<bool> stop = false;
  for (const bool shallow : {true, false}) {
    Commits commits;
    for (const char* name : {"HEAD", "HEAD~1"}) {
      add(reader, id_of(name), commits);
    }
    commits.finish(shallow ? std::span(&second, 1) : std::span<const Oid>());
    const Sightings found = find_sightings(store, commits, wanted_, {}, stop);
    // With the parent in the store it is known that the second commit did not bring it.
    ASSERT_EQ(found.all.size(), shallow ? 2u : 1u);
    EXPECT_TRUE(found.all.back().introduced_known);
    if (shallow) {
      EXPECT_FALSE(found.all[0].introduced_known);
    }
  }
}

}  // namespace
}  // namespace assay
