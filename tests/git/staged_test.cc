#include "git/staged.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "rules/keys/mint.h"
#include "rules/rule_set.h"
#include "scanner/scan.h"
#include "tests/git/git_repo.h"

namespace assay {
namespace {

const RuleSet& rules() {
  static const RuleSet rules = RuleSet::builtin();
  return rules;
}
const Prefilter& prefilter() {
  static const Prefilter prefilter(rules(), {true, "", false});
  return prefilter;
}

// A text around the key of that number.
std::string key(uint64_t number) {
  SeededRandom random(number);
  return fill_placeholders("x-functions-key: {key:master}\n", random);
}

struct Looked {
  std::string blobs;     // "path" of each, "path@stage" in a conflict
  std::string names;     // added paths
  std::string all;       // path of each finding
  std::string added;     // of those that count
  std::string problems;  // path and reason of each
  std::vector<Finding> findings;
  std::vector<std::shared_ptr<const GitFacts>> facts;
};

Looked look(const std::string& folder) {
  Looked out;
  const auto line = [](std::string& to, std::string_view text) {
    to += (to.empty() ? "" : " ") + std::string(text);
  };
  const Problems problems = [&](Diagnostic&& one) {
    line(out.problems, one.path + ": " + one.reason + ";");
  };
  const Repository repository(folder, false);
  const ObjectStore store(repository.object_folders(problems), problems);
  auto change = std::make_unique<StagedChange>(repository, store);
  for (const StagedBlob& blob : change->blobs()) {
    line(out.blobs, blob.path + (blob.stage > 0 ? "@" + std::to_string(blob.stage) : ""));
  }
  for (const std::string& name : change->names()) line(out.names, name);
  const StagedChange& staged = *change;
  StagedChange::Known known(staged, rules(), prefilter(), nullptr);
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::move(change));
  ScanSink sink;
  sink.diagnostic = problems;
  sink.finding = [&](Finding&& finding) {
    line(out.all, finding.provenance->path);
    if (known.is_new(finding, problems)) line(out.added, finding.provenance->path);
    out.facts.push_back(staged.facts(finding));
    out.findings.push_back(std::move(finding));
  };
  const std::atomic<bool> stop = false;
  ScanOptions options;
  options.threads = 1;
  scan(sources, rules(), prefilter(), options, sink, stop);
  return out;
}

struct Row {
  const char* promise;
  std::function<void(GitRepo&)> make;
  const char* blobs;
  const char* names;
  const char* all;    // paths of findings
  const char* added;  // of those that count
};

// One commit with a key in old.txt, and more beside it.
void begin(GitRepo& repo) {
  repo.write("old.txt", key(1));
  repo.write("src/a/x.txt", "x\n");
  repo.write("src/b/y.txt", "y\n");
  repo.write("top.txt", "top\n");
  repo.commit("begin");
}

TEST(Staged, OnlyWhatTheChangeAddsCounts) {
  const Row rows[] = {
      {"the first commit adds everything",
       [](GitRepo& repo) {
         repo.write("a.txt", key(1));
         repo.write("b/c.txt", "nothing\n");
         repo.run("add -A");
       },
       "a.txt b/c.txt", "a.txt b/c.txt", "a.txt", "a.txt"},
      {"nothing staged, nothing to look at", [](GitRepo& repo) { begin(repo); }, "", "", "", ""},
      {"a change in the work tree alone is not staged",
       [](GitRepo& repo) {
         begin(repo);
         repo.write("top.txt", key(2));
       },
       "", "", "", ""},
      {"a new key in a changed file counts, the old one there does not",
       [](GitRepo& repo) {
         begin(repo);
         repo.write("old.txt", key(1) + key(2));
         repo.run("add -A");
       },
       "old.txt", "", "old.txt old.txt", "old.txt"},
      {"a changed file deep in folders and a new one are found",
       [](GitRepo& repo) {
         begin(repo);
         repo.write("src/a/x.txt", key(2));
         repo.write("src/new/z.txt", key(3));
         repo.run("add -A");
       },
       "src/a/x.txt src/new/z.txt", "src/new/z.txt", "src/a/x.txt src/new/z.txt",
       "src/a/x.txt src/new/z.txt"},
      {"an old key at another path counts",
       [](GitRepo& repo) {
         begin(repo);
         repo.write("top.txt", key(1));
         repo.run("add -A");
       },
       "top.txt", "", "top.txt", "top.txt"},
      {"a renamed file adds nothing, not even with a change beside the key",
       [](GitRepo& repo) {
         begin(repo);
         repo.run("mv old.txt src/moved.txt");
         repo.write("src/moved.txt", "more\n" + key(1));
         repo.run("add -A");
       },
       "src/moved.txt", "src/moved.txt", "src/moved.txt", ""},
      {"a renamed file with another key counts",
       [](GitRepo& repo) {
         begin(repo);
         repo.run("mv old.txt src/moved.txt");
         repo.write("src/moved.txt", key(1) + key(2));
         repo.run("add -A");
       },
       "src/moved.txt", "src/moved.txt", "src/moved.txt src/moved.txt", "src/moved.txt"},
      {"a renamed folder adds nothing but its names",
       [](GitRepo& repo) {
         begin(repo);
         repo.write("dir/in/k.txt", key(3));
         repo.commit("two");
         repo.run("mv dir other");
         repo.write("other/in/k.txt", "# moved\n" + key(3));
         repo.run("add -A");
       },
       "other/in/k.txt", "other/in/k.txt", "other/in/k.txt", ""},
      {"a file in the place of a folder, a folder in the place of a file",
       [](GitRepo& repo) {
         begin(repo);
         repo.remove("src");
         repo.write("src", key(2));
         repo.remove("top.txt");
         repo.write("top.txt/deep", key(3));
         repo.run("add -A");
       },
       "src top.txt/deep", "src top.txt/deep", "src top.txt/deep", "src top.txt/deep"},
      {"a mode alone adds nothing",
       [](GitRepo& repo) {
         begin(repo);
         repo.run("update-index --chmod=+x old.txt");
       },
       "", "", "", ""},
      {"a link's target is looked at",
       [](GitRepo& repo) {
         begin(repo);
         repo.shell("ln -s '" + key(4).substr(0, key(4).size() - 1) + "' link && git add link");
       },
       "link", "link", "link", "link"},
      {"intent to add stages nothing",
       [](GitRepo& repo) {
         begin(repo);
         repo.write("later.txt", key(2));
         repo.run("add -N later.txt");
       },
       "", "", "", ""},
      {"a deletion adds nothing",
       [](GitRepo& repo) {
         begin(repo);
         repo.run("rm -q -r old.txt src");
       },
       "", "", "", ""},
      {"a submodule has nothing to read, but a name",
       [](GitRepo& repo) {
         begin(repo);
         repo.shell(
             "git init -q ../sub && cd ../sub && echo 1 >f && git add f && "
             "git commit -qm one");
         repo.run("submodule --quiet add ../sub sub");
       },
       ".gitmodules", ".gitmodules sub", "", ""},
      {"a merge in progress: what the other side brings is known, its resolution is not",
       [](GitRepo& repo) {
         begin(repo);
         repo.run("checkout -q -b side");
         repo.write("side.txt", key(5));
         repo.write("top.txt", "side\n" + key(6));
         repo.commit("side");
         repo.run("checkout -q main");
         repo.write("top.txt", "main\n");
         repo.commit("main");
         repo.run("merge -q --no-commit side || true");
         repo.write("top.txt", "both\n" + key(6) + key(7));
         repo.run("add -A");
       },
       "top.txt", "", "top.txt top.txt", "top.txt"},
      {"all stages of a conflict that no head has",
       [](GitRepo& repo) {
         begin(repo);
         repo.write("f", "base\n" + key(8));
         repo.commit("base");
         repo.run("checkout -q -b side");
         repo.write("f", "side\n");
         repo.commit("side");
         repo.run("checkout -q main");
         repo.write("f", "main\n");
         repo.commit("main");
         repo.run("merge -q side || true");
       },
       "f@1", "", "f", "f"},
      {"a conflict of a cherry-pick: the other side counts",
       [](GitRepo& repo) {
         begin(repo);
         repo.run("checkout -q -b side");
         repo.write("top.txt", "side\n" + key(9));
         repo.commit("side");
         repo.run("checkout -q main");
         repo.write("top.txt", "main\n");
         repo.commit("main");
         repo.run("cherry-pick side || true");
       },
       "top.txt@1 top.txt@3", "", "top.txt", "top.txt"},
      {"version 4 of the index, packed objects",
       [](GitRepo& repo) {
         begin(repo);
         repo.write("src/a/x.txt", key(2));
         repo.run("add -A");
         repo.run("update-index --index-version 4");
         repo.run("gc -q");
       },
       "src/a/x.txt", "", "src/a/x.txt", "src/a/x.txt"},
      {"a sparse index: what lies outside and equals HEAD is not looked at",
       [](GitRepo& repo) {
         begin(repo);
         repo.run("sparse-checkout set --cone --sparse-index src/a");
         repo.write("src/a/x.txt", key(2));
         repo.run("add src/a/x.txt");
       },
       "src/a/x.txt", "", "src/a/x.txt", "src/a/x.txt"},
      {"a sparse index: a folder that is not HEAD's is read through its trees",
       [](GitRepo& repo) {
         begin(repo);
         repo.write("src/b/y.txt", key(2));
         repo.write("src/b/in/z.txt", key(3));
         repo.commit("two");
         repo.run("sparse-checkout set --cone --sparse-index src/a");
         repo.run("reset -q --soft HEAD~1");
       },
       "src/b/in/z.txt src/b/y.txt", "src/b/in/z.txt", "src/b/in/z.txt src/b/y.txt",
       "src/b/in/z.txt src/b/y.txt"},
  };
  for (const Row& row : rows) {
    GitRepo repo;
    row.make(repo);
    const Looked looked = look(repo.folder());
    EXPECT_EQ(looked.blobs, row.blobs) << row.promise;
    EXPECT_EQ(looked.names, row.names) << row.promise;
    EXPECT_EQ(looked.all, row.all) << row.promise;
    EXPECT_EQ(looked.added, row.added) << row.promise;
    EXPECT_EQ(looked.problems, "") << row.promise;
  }
}

TEST(Staged, AWorktreeHasItsOwnIndexAndHead) {
  GitRepo repo;
  begin(repo);
  repo.run("worktree add -q -b other ../tree");
  repo.write("../tree/top.txt", key(2));
  repo.run("add -A", repo.outside() + "/tree");
  EXPECT_EQ(look(repo.outside() + "/tree").added, "top.txt");
  EXPECT_EQ(look(repo.folder()).added, "");
}

TEST(Staged, TheFactsNameTheBlobAndThePath) {
  GitRepo repo;
  begin(repo);
  repo.write("src/a/x.txt", "one\n" + key(2));
  repo.run("add -A");
  const Looked looked = look(repo.folder());
  ASSERT_EQ(looked.facts.size(), 1u);
  const GitFacts& facts = *looked.facts.front();
  EXPECT_EQ(facts.object, "blob");
  EXPECT_EQ(facts.blob, repo.run("rev-parse :src/a/x.txt"));
  EXPECT_EQ(facts.path, "src/a/x.txt");
  EXPECT_TRUE(facts.staged);
  EXPECT_FALSE(facts.present_at_head);
  EXPECT_EQ(facts.commit, "");
  EXPECT_EQ(looked.findings.front().location.line, 2u);
}

TEST(Staged, WhatIsMissingIsToldAndCountsAsAdded) {
  const auto drop = [](GitRepo& repo, const std::string& name) {
    const std::string id = repo.run("rev-parse " + name);
    repo.remove(".git/objects/" + id.substr(0, 2) + "/" + id.substr(2));
    return id;
  };
  struct Lost {
    const char* object;
    const char* all;
    const char* added;
  };
  for (const Lost& row :
       {Lost{":old.txt", "", ""}, Lost{"HEAD:old.txt", "old.txt", "old.txt"},
        Lost{"HEAD^{tree}", "old.txt", "old.txt"}, Lost{"HEAD", "old.txt", "old.txt"}}) {
    GitRepo repo;
    begin(repo);
    repo.write("old.txt", key(1) + "more\n");
    repo.run("add -A");
    EXPECT_EQ(look(repo.folder()).added, "");
    const std::string id = drop(repo, row.object);
    const Looked looked = look(repo.folder());
    EXPECT_EQ(looked.all, row.all) << row.object;
    EXPECT_EQ(looked.added, row.added) << row.object;
    EXPECT_NE(looked.problems.find(id), std::string::npos) << row.object << looked.problems;
  }
}

TEST(Staged, ALfsPointerIsScannedAndTold) {
  GitRepo repo;
  const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
  repo.write("a.bin", pointer + key(1));
  repo.write("b.bin", pointer + std::string(1024, 'x'));  // too long to be one
  repo.run("add -A");
  const Looked looked = look(repo.folder());
  EXPECT_EQ(looked.added, "a.bin");
  EXPECT_NE(looked.problems.find("a.bin: it is a Git LFS pointer"), std::string::npos);
  EXPECT_EQ(looked.problems.find("b.bin"), std::string::npos);
}

TEST(Staged, TreesThatHoldThemselvesManyTimesComeToAnEnd) {
  GitRepo repo;
  begin(repo);
  // Twelve trees deep, each has the one below 40 times: 10^19 files, named by a sparse index.
  std::string tree = repo.run("rev-parse HEAD:src");
  for (int depth = 0; depth < 12; ++depth) {
    tree = repo.shell(
        "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 "
        "26 27 28 29 30 31 32 33 34 35 36 37 38 39 40; do printf '040000 tree " +
        tree + "\\td%02d\\n' $i; done | git mktree");
  }
  std::string index("DIRC\0\0\0\2\0\0\0\1", 12);
  index += std::string(24, '\0') + std::string("\0\0\x40\0", 4) + std::string(12, '\0');
  const auto oid = *Oid::from_hex(tree);
  index.append(reinterpret_cast<const char*>(oid.bytes.data()), Oid::kSize);
  index += std::string("\0\4big/\0\0\0\0\0\0", 12);
  index += std::string("sdir\0\0\0\0", 8) + std::string(20, '\0');
  repo.write(".git/index", index);
  const Repository repository(repo.folder(), false);
  const Problems none = [](Diagnostic&&) {};
  const ObjectStore store(repository.object_folders(none), none);
  StagedChange change(repository, store);
  std::string told;
  change.enumerate({[](Blob&&) { return false; },
                    [&](Diagnostic&& one) { told += std::string(to_string(one.kind)) + ";"; },
                    {}});
  EXPECT_EQ(told, "limit;");
}

}  // namespace
}  // namespace assay
