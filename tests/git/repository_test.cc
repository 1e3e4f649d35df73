#include "git/repository.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "rules/rule_set.h"
#include "tests/git/git_repo.h"

namespace assay {
namespace {

const Problems kNone = [](Diagnostic&&) {};

std::string error_of(const std::string& path) {
  try {
    Repository repository(path, false);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string names(const Repository& repository, std::string* problems = nullptr) {
  std::string out;
  for (const Ref& ref : repository.refs([&](Diagnostic&& one) {
         if (problems != nullptr) *problems += one.path + ": " + one.reason + ";";
       })) {
    out += ref.name + " ";
  }
  return out;
}

// Sets variables for as long as it lives.
class Environment {
 public:
  explicit Environment(std::vector<std::pair<std::string, std::string>> values)
      : values_(std::move(values)) {
    for (const auto& [name, value] : values_) setenv(name.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    for (const auto& value : values_) unsetenv(value.first.c_str());
  }
  Environment(const Environment&) = delete;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

TEST(Repository, IsFoundFromEveryPlaceThatGitFindsItFrom) {
  GitRepo repo;
  repo.write("src/deep/a", "a");
  const std::string id = repo.commit("one");
  repo.run("clone -q --bare . ../bare.git");
  repo.run("worktree add -q ../tree");
  repo.run("submodule --quiet add ../bare.git sub");
  const std::string git = repo.path(".git"), out = repo.outside();
  struct Row {
    std::string path, git_folder, common, work;
  };
  const Row rows[] = {
      {repo.folder(), git, git, repo.folder()},
      {repo.folder() + "/", git, git, repo.folder()},
      {repo.path("src/deep"), git, git, repo.folder()},
      {git, git, git, repo.folder()},
      {git + "/refs/heads", git, git, repo.folder()},
      {out + "/bare.git", out + "/bare.git", out + "/bare.git", ""},
      {out + "/tree", git + "/worktrees/tree", git, out + "/tree"},
      {out + "/tree/src", git + "/worktrees/tree", git, out + "/tree"},
      {out + "/tree/.git", git + "/worktrees/tree", git, out + "/tree"},
      {git + "/worktrees/tree", git + "/worktrees/tree", git, out + "/tree"},
      {repo.path("sub"), git + "/modules/sub", git + "/modules/sub", repo.path("sub")},
      {git + "/modules/sub", git + "/modules/sub", git + "/modules/sub", repo.path("sub")},
  };
  for (const Row& row : rows) {
    const Repository found(row.path, false);
    EXPECT_EQ(found.git_folder(), row.git_folder) << row.path;
    EXPECT_EQ(found.common_folder(), row.common) << row.path;
    EXPECT_EQ(found.work_folder(), row.work) << row.path;
    EXPECT_EQ(found.is_bare(), row.work.empty()) << row.path;
    EXPECT_EQ(found.index_file(), row.git_folder + "/index") << row.path;
    EXPECT_EQ(found.head().value_or(Oid{}).hex(), id) << row.path;
    EXPECT_EQ(found.object_folders(kNone), std::vector<std::string>{row.common + "/objects"});
  }
  const auto modules = Repository(repo.folder(), false).modules();
  ASSERT_EQ(modules.size(), 1u);
  EXPECT_EQ(modules.front().folder, git + "/modules/sub");
  EXPECT_EQ(modules.front().path, "sub");
}

TEST(Repository, WhatCannotBeOpenedIsASentenceAndNobodyWaits) {
  struct Row {
    const char* make;
    const char* reason;
  };
  const Row rows[] = {
      {"rm -rf .git", "there is no git repository here or above"},
      {"cd .. && rm -rf repo", "does not exist"},
      {"rm -rf .git && mkfifo .git", "there is no git repository"},
      {"rm -rf .git && echo nothing >.git", "is not a link to a git folder"},
      {"rm -rf .git && echo 'gitdir: ../none' >.git", "is no git folder"},
      {"rm .git/HEAD && mkfifo .git/HEAD", "there is no git repository"},
      {"rm .git/config && mkfifo .git/config", "is not a regular file"},
      {"ln -sf /dev/zero .git/config", "is not a regular file"},
      {"truncate -s 1T .git/config", "is too large"},
      {"mkfifo .git/commondir", "is not a regular file"},
      {"echo '[core' >>.git/config", "is no configuration"},
      {"git config core.repositoryformatversion 2", "format version"},
      {"git config core.repositoryformatversion 1; git config extensions.later 1",
       "an extension of git that this assay does not know"},
      {"git config core.repositoryformatversion 1; git config extensions.objectFormat sha256",
       "by SHA-256"},
      {"git config core.repositoryformatversion 1; git config extensions.refStorage reftable",
       "reftable"},
      {"rm -rf .git && git init -q --object-format=sha256", "by SHA-256"},
      // What is included is not even looked at.
      {"mkfifo .git/f && git config include.path f", ""},
      {"git config include.path /dev/zero", ""},
      {"git config include.path config", ""},
      {"git config core.fsmonitor 'touch ran' && git config core.hooksPath .", ""},
  };
  for (const Row& row : rows) {
    GitRepo repo;
    repo.shell(row.make);
    const std::string error = error_of(repo.folder());
    EXPECT_NE(error.find(row.reason), std::string::npos) << row.make << ": " << error;
    EXPECT_EQ(error.empty(), *row.reason == '\0') << row.make << ": " << error;
    EXPECT_FALSE(std::filesystem::exists(repo.path("ran")));
  }
}

TEST(Repository, OfSomebodyElseNeedsSafeDirectory) {
  if (geteuid() != 0) return;  // only root can give a folder away
  GitRepo repo;
  repo.shell("chown -R 12345 .");
  const std::string config = repo.outside() + "/config", folder = repo.folder();
  struct Row {
    std::string config;
    bool opens;
  };
  const Row rows[] = {
      {"", false},
      {"[safe]\ndirectory = " + folder + "\n", true},
      {"[safe]\ndirectory = " + folder + "/.git\n", false},
      {"[safe]\ndirectory = *\n", true},
      {"[safe]\ndirectory = " + repo.outside() + "/*\n", true},
      {"[safe]\ndirectory = *\ndirectory =\n", false},
      {"[safe]\ndirectory = *\n[safe]\ndirectory = \"\"\n", false},
  };
  for (const Row& row : rows) {
    std::ofstream(config) << row.config;
    const Environment set({{"GIT_CONFIG_GLOBAL", config}, {"GIT_CONFIG_NOSYSTEM", "1"}});
    const std::string error = error_of(folder);
    EXPECT_EQ(error.empty(), row.opens) << row.config << error;
    const bool told = error.find("safe.directory") != std::string::npos;
    EXPECT_EQ(told, !row.opens) << error;
    // The repository itself cannot say that it is safe.
    std::ofstream(repo.path(".git/config"), std::ios::app) << "[safe]\n\tdirectory = *\n";
  }
  const Environment sudo(
      {{"SUDO_UID", "12345"}, {"GIT_CONFIG_GLOBAL", "/dev/null"}, {"GIT_CONFIG_NOSYSTEM", "1"}});
  EXPECT_EQ(error_of(folder), "");
}

TEST(Repository, ListsTheRefsOfAllWorktreesLooseAndPacked) {
  GitRepo repo;
  const std::string first = repo.commit("one");
  repo.run("branch packed && git tag v1 && git tag -a -m note annotated && git pack-refs --all");
  const std::string second = repo.commit("two");
  repo.run("branch loose/deep");
  repo.write("f", "x");
  repo.run("add f && git stash -q");
  repo.run("worktree add -q --detach ../tree " + first);
  repo.commit("three");
  repo.run("checkout -q --detach && git update-ref refs/worktree/own HEAD");
  repo.run("symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/none");
  std::string problems;
  const Repository repository(repo.folder(), false);
  EXPECT_EQ(names(repository, &problems),
            "refs/heads/loose/deep refs/heads/main refs/heads/packed refs/stash "
            "refs/tags/annotated refs/tags/v1 refs/worktree/own HEAD ");
  EXPECT_EQ(problems, "");
  for (const Ref& ref : repository.refs(kNone)) {
    EXPECT_EQ(ref.target.hex(), repo.run("rev-parse " + ref.name)) << ref.name;
  }
  EXPECT_EQ(repository.head_branch(), "");

  // What only the other worktree names is there as well, from either side.
  repo.write("../tree/g", "y");
  repo.run("add g && git commit -qm four", repo.outside() + "/tree");
  EXPECT_TRUE(names(repository).ends_with("HEAD worktrees/tree/HEAD ")) << names(repository);
  const Repository other(repo.outside() + "/tree", false);
  repo.run("update-ref refs/bisect/bad HEAD", repo.outside() + "/tree");
  EXPECT_TRUE(names(other).starts_with("main-worktree/refs/worktree/own refs/bisect/bad "))
      << names(other);
}

TEST(Repository, TellsBrokenRefsAndUsesTheRest) {
  GitRepo repo;
  repo.commit("one");
  repo.run("branch other && git pack-refs --all && git branch loose");
  repo.shell(
      "cd .git/refs/heads && echo nonsense >text && : >empty && mkfifo fifo && "
      "echo 'ref: refs/heads/loop' >loop && echo 'ref: ../../HEAD' >outside && "
      "ln -s /dev/zero zero && printf '%040d\\n' 0 >null && echo x >y.lock && "
      "mkdir other && echo 'not a line' >>../../packed-refs");
  std::string problems;
  const Repository repository(repo.folder(), false);
  EXPECT_EQ(names(repository, &problems),
            "refs/heads/loose refs/heads/main refs/heads/other HEAD ");
  for (const char* name : {"text", "empty", "fifo", "loop", "outside", "zero", "null"}) {
    EXPECT_NE(problems.find(std::string(".git/refs/heads/") + name + ": the ref is broken;"),
              std::string::npos)
        << name;
  }
  EXPECT_NE(problems.find(".git/packed-refs: some of its lines are no refs"), std::string::npos);
  EXPECT_EQ(problems.find("y.lock"), std::string::npos);
}

TEST(Repository, AnUnbornBranchHasNoHead) {
  const GitRepo repo;
  const Repository repository(repo.folder(), false);
  EXPECT_FALSE(repository.head());
  EXPECT_EQ(repository.head_branch(), "main");
  EXPECT_EQ(names(repository), "");
  EXPECT_THROW(repository.commit_of("HEAD"), Error);
}

TEST(Repository, NamesTheCommitOfARevisionAsGitDoes) {
  GitRepo repo;
  repo.commit("one");
  repo.run("tag -a -m note v1.0");
  repo.run("tag -a -m again nested v1.0");
  repo.commit("two");
  repo.run("checkout -q -b feature/x HEAD~1");
  repo.write("f", "x");
  repo.commit("three");
  repo.run("checkout -q main");
  repo.run("merge -q --no-ff -m merge feature/x");
  repo.run("update-ref refs/remotes/origin/main HEAD~1");
  repo.run(
      "config remote.origin.fetch +refs/heads/*:refs/remotes/origin/* && "
      "git config branch.main.remote origin && git config branch.main.merge refs/heads/main");
  repo.run("symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main");
  const std::string id = repo.run("rev-parse HEAD");
  const auto check = [&] {
    const Repository repository(repo.folder(), false);
    for (const std::string& revision : {std::string("HEAD"),
                                        std::string("@"),
                                        std::string("@~1"),
                                        std::string("main"),
                                        std::string("heads/main"),
                                        std::string("refs/heads/main"),
                                        std::string("feature/x"),
                                        std::string("v1.0"),
                                        std::string("nested"),
                                        std::string("tags/v1.0^{commit}"),
                                        std::string("HEAD^2"),
                                        std::string("HEAD^1^"),
                                        std::string("HEAD~2"),
                                        std::string("HEAD^2~1^0"),
                                        std::string("origin"),
                                        std::string("origin/main"),
                                        std::string("@{u}"),
                                        std::string("main@{upstream}~1"),
                                        id,
                                        id.substr(0, 7),
                                        "v1.0-3-g" + id.substr(0, 9),
                                        id.substr(0, 12) + "^"}) {
      EXPECT_EQ(repository.commit_of(revision).hex(),
                repo.run("rev-parse " + revision + "^{commit}"))
          << revision;
    }
    for (const char* revision :
         {"", "nothing", "HEAD~9", "HEAD^3", "HEAD:f", ":/one", "HEAD@{1}", "HEAD^{/one}",
          "HEAD^{tree}", "HEAD^{tree", "abc", "--all", "HEAD~99999999999999999999", "../HEAD",
          "0123456789012345678901234567890123456789"}) {
      EXPECT_THROW(repository.commit_of(revision), Error) << revision;
    }
    EXPECT_THROW(repository.commit_of(repo.run("rev-parse HEAD:f")), Error);
  };
  check();
  repo.run("gc -q");
  check();
}

TEST(Repository, HonoursTheEnvironmentOfHooks) {
  GitRepo repo;
  repo.commit("one");
  repo.run("clone -q --bare . ../bare.git");
  const std::string bare = repo.outside() + "/bare.git";
  repo.shell("mkdir -p ../quarantine/pack");
  const Environment set({{"GIT_DIR", bare},
                         {"GIT_INDEX_FILE", repo.path("other-index")},
                         {"GIT_QUARANTINE_PATH", repo.outside() + "/quarantine"},
                         {"GIT_OBJECT_DIRECTORY", repo.outside() + "/quarantine"},
                         {"GIT_ALTERNATE_OBJECT_DIRECTORIES",
                          bare + "/objects:\"" + repo.path(".git/objects") + "\""}});
  const Repository hook("", true);
  EXPECT_EQ(hook.git_folder(), bare);
  EXPECT_TRUE(hook.is_bare());
  EXPECT_EQ(hook.index_file(), repo.path("other-index"));
  EXPECT_EQ(hook.object_folders(kNone),
            (std::vector<std::string>{repo.outside() + "/quarantine", bare + "/objects",
                                      repo.path(".git/objects")}));
  EXPECT_EQ(hook.commit_of("main").hex(), repo.run("rev-parse main"));
  // Another repository that the user names is not the hook's.
  const Repository named(repo.folder(), true);
  EXPECT_EQ(named.git_folder(), repo.path(".git"));
  EXPECT_EQ(named.object_folders(kNone), std::vector<std::string>{repo.path(".git/objects")});
}

TEST(Repository, FollowsAlternatesEachOnce) {
  GitRepo repo;
  repo.commit("one");
  repo.run("clone -q --shared . ../second");
  repo.run("clone -q --shared ../second ../third");
  const std::string third = repo.outside() + "/third";
  std::ofstream(third + "/.git/objects/info/alternates", std::ios::app)
      << "# a comment\n../../../second/.git/objects\n"
      << repo.outside() << "/none\n";
  std::string problems;
  const auto folders = Repository(third, false).object_folders([&](Diagnostic&& one) {
    problems += one.path + ": " + one.reason + ";";
  });
  EXPECT_EQ(folders, (std::vector<std::string>{third + "/.git/objects",
                                               repo.outside() + "/second/.git/objects",
                                               repo.path(".git/objects")}));
  EXPECT_EQ(problems,
            ".git/objects/info/alternates: a folder of objects that it names is not there;");
  // One that names itself, and one that is a FIFO.
  std::ofstream(repo.path(".git/objects/info/alternates")) << repo.path(".git/objects") << "\n";
  EXPECT_EQ(Repository(repo.folder(), false).object_folders(kNone).size(), 1u);
  repo.shell("rm .git/objects/info/alternates && mkfifo .git/objects/info/alternates");
  EXPECT_EQ(Repository(repo.folder(), false).object_folders(kNone).size(), 1u);
}

TEST(Repository, KnowsShallowAndPartialClonesAndMerges) {
  GitRepo repo;
  const std::string first = repo.commit("one");
  repo.run("checkout -q -b side");
  repo.write("g", "y");
  const std::string side = repo.commit("side");
  repo.run("checkout -q main");
  repo.write("f", "x");
  const std::string second = repo.commit("two");
  repo.run("merge -q --no-commit side");
  repo.run("clone -q --depth 1 file://$PWD ../shallow");
  repo.run("config uploadpack.allowFilter true");
  repo.run("clone -q --bare --filter=blob:none file://$PWD ../partial");
  const Repository whole(repo.folder(), false), shallow(repo.outside() + "/shallow", false),
      partial(repo.outside() + "/partial", false);
  EXPECT_EQ(whole.shallow().size(), 0u);
  ASSERT_EQ(shallow.shallow().size(), 1u);
  EXPECT_EQ(shallow.shallow().front().hex(), second);
  EXPECT_THROW(shallow.commit_of("HEAD~1"), Error);
  EXPECT_FALSE(whole.is_partial());
  EXPECT_TRUE(partial.is_partial());
  ASSERT_EQ(whole.merge_heads().size(), 1u);
  EXPECT_EQ(whole.merge_heads().front().hex(), side);
  EXPECT_EQ(partial.merge_heads().size(), 0u);
}

TEST(Repository, TheRemotesAddressHasNoNameOrPassword) {
  const std::pair<const char*, const char*> rows[] = {
      {"https://example.org/a/b.git", "https://example.org/a/b.git"},
      {"https://dana:secret@example.org/a/b", "https://example.org/a/b"},
      {"https://token@example.org:8443/a@b", "https://example.org:8443/a@b"},
      {"https://a@b:c@example.org/d", "https://example.org/d"},
      {"https://example.org/a?private_token=x#y", "https://example.org/a"},
      {"git@example.org:a/b.git", "ssh://example.org/a/b.git"},
      {"example.org:/a/b.git", "ssh://example.org/a/b.git"},
      {"ssh://git@example.org/~dana/a", "ssh://example.org/~dana/a"},
      {"../a", ""},
      {"/srv/a:b", ""},
      {"file:///srv/a", ""},
      {"ext::sh -c touch% x", ""},
      {"ext::sh", ""},
      {"-oProxyCommand=x:y", ""},
      {"https://example.org/a\\nb", ""},
  };
  for (const auto& [url, expected] : rows) {
    const GitRepo repo;
    std::ofstream(repo.path(".git/config"), std::ios::app)
        << "[remote \"origin\"]\n\turl = \"" << url << "\"\n";
    EXPECT_EQ(Repository(repo.folder(), false).remote_url(), expected) << url;
  }
}

}  // namespace
}  // namespace assay
