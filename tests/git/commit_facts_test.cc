// Who, when and what about, of commits and tags that git made.
#include "git/commit_facts.h"

#include <gtest/gtest.h>

#include "tests/git/git_repo.h"

namespace assay {
namespace {

class CommitFactsTest : public ::testing::Test {
 protected:
  // Facts of one tag, with the names of HEAD's .mailmap.
  GitFacts of_tag(const std::string& tag) {
    const ObjectStore store({repo_.path(".git/objects")},
                            [](Diagnostic&& problem) { ADD_FAILURE() << problem.reason; });
    const Repository repository(repo_.folder(), false);
    Commits commits;
    commits.finish({});
    GitFacts facts;
    CommitFacts(repository, store, commits)
        .tell_tag(*Oid::from_hex(repo_.run("rev-parse " + tag)), facts);
    return facts;
  }

  GitRepo repo_;
};

TEST_F(CommitFactsTest, ATagHasItsTaggerItsDateAndItsFirstLine) {
  repo_.write(".mailmap", "Kim Contoso <kim@example.org>\n");
  repo_.commit("one");
  repo_.run("tag -a -m 'Release 1' -m 'tagger Eve <eve@example.org> 1 +0000' v1");
  const GitFacts facts = of_tag("v1");
  EXPECT_EQ(facts.author, "Kim Contoso <kim@example.org>");
  EXPECT_EQ(facts.committer, "");
  EXPECT_EQ(facts.time, "2025-11-02T08:01:00Z");
  EXPECT_EQ(facts.subject, "Release 1");
}

TEST_F(CommitFactsTest, ATagWithoutTaggerHasItsFirstLineOnly) {
  const std::string commit = repo_.commit("one");
  const std::string object = "object " + commit + "\ntype commit\ntag v0\n\nRelease 0\nmore\n";
  repo_.write("tag", object);
  repo_.run("update-ref refs/tags/v0 $(git hash-object -t tag --literally -w tag)");
  const GitFacts facts = of_tag("v0");
  EXPECT_EQ(facts.author + facts.time, "");
  EXPECT_EQ(facts.subject, "Release 0");
}

TEST_F(CommitFactsTest, WhatIsNoTagTellsNothing) {
  repo_.commit("one");
  const GitFacts facts = of_tag("HEAD");
  EXPECT_EQ(facts.author + facts.time + facts.subject, "");
}

// The first commit of a shallow clone may only have kept the key.
TEST_F(CommitFactsTest, WhoBroughtAKeyIsToldOnlyWhereItIsKnown) {
  const std::string id = repo_.commit("one");
  const ObjectStore store({repo_.path(".git/objects")}, [](Diagnostic&&) {});
  ObjectStore::Reader reader(store);
  std::string reason;
  Commits commits;
  commits.add(*Oid::from_hex(id), reader.read(*Oid::from_hex(id), reason)->view());
  commits.finish({});
  CommitFacts facts(Repository(repo_.folder(), false), store, commits);
  Sighting sighting;
  GitFacts known;
  facts.tell_introduced(sighting, known);
  EXPECT_EQ(known.introduced_by, id);
  EXPECT_EQ(known.author, "Dana <dana@example.org>");
  sighting.introduced_known = false;
  GitFacts unknown;
  facts.tell_introduced(sighting, unknown);
  EXPECT_EQ(unknown.introduced_by + unknown.author + unknown.committer, "");
  EXPECT_EQ(unknown.time + unknown.subject, "");
}

}  // namespace
}  // namespace assay
