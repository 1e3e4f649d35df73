#include "git/index_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "rules/rule_set.h"
#include "tests/git/git_repo.h"

namespace assay {
namespace {

// "100644 0 a.txt" for each entry, with the flags that git calls intent-to-add and skip-worktree.
std::string listed(const IndexFile& index) {
  std::string out;
  for (const IndexEntry& entry : index.entries()) {
    char mode[16];
    std::snprintf(mode, sizeof mode, "%06o", entry.mode);
    out += std::string(mode) + " " + entry.oid.hex() + " " + std::to_string(entry.stage) + "\t" +
           std::string(entry.path) + (entry.intent_to_add ? " N" : "") +
           (entry.skip_worktree ? " S" : "") + "\n";
  }
  return out;
}

std::string error_of(const std::string& bytes) {
  try {
    IndexFile::parse(bytes, "index");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// Files whose names share prefixes in every way, also a long one.
void fill(GitRepo& repo) {
  for (const char* name : {"a", "a.c", "a0", "src/main.cc", "src/main.h", "src/deep/er/x",
                           "src-gen/y", "with space\ttab"}) {
    repo.write(name, name);
  }
  repo.write(std::string(200, 'd') + "/" + std::string(200, 'f'), "long");
  repo.shell("chmod +x a0 && ln -s a link");
  repo.commit("one");
}

TEST(IndexFile, ReadsEveryVersionAsGitListsIt) {
  GitRepo repo;
  fill(repo);
  for (const char* version : {"2", "3", "4"}) {
    repo.run(std::string("update-index --index-version ") + version);
    repo.write("new.txt", version);
    repo.run("add -N new.txt");  // flags that need version 3
    repo.run("update-index --skip-worktree a.c");
    const IndexFile index = IndexFile::read(repo.path(".git/index"));
    EXPECT_EQ(index.version(), std::string(version) == "4" ? 4u : 3u);
    std::string expected = repo.run("-c core.quotePath=false ls-files -s -z | tr '\\0' '\\n'");
    std::string got = listed(index);
    EXPECT_NE(got.find("new.txt N\n"), std::string::npos) << version;
    EXPECT_NE(got.find("a.c S\n"), std::string::npos) << version;
    for (const std::string flag : {" N\n", " S\n"}) {
      got.replace(got.find(flag), flag.size(), "\n");
    }
    EXPECT_EQ(got, expected + "\n") << version;
    repo.run("reset -q");
    repo.run("update-index --no-skip-worktree a.c");
  }
}

TEST(IndexFile, ReadsTheCacheOfTrees) {
  GitRepo repo;
  fill(repo);
  const IndexFile index = IndexFile::read(repo.path(".git/index"));
  ASSERT_FALSE(index.cached_trees().empty());
  const CachedTree& root = index.cached_trees().front();
  EXPECT_EQ(root.entries, static_cast<int64_t>(index.entries().size()));
  EXPECT_EQ(root.oid.hex(), repo.run("rev-parse HEAD^{tree}"));
  for (const char* name : {"src", "src-gen"}) {
    const CachedTree* const tree = index.child(root, name);
    ASSERT_NE(tree, nullptr) << name;
    EXPECT_EQ(tree->oid.hex(), repo.run("rev-parse HEAD:" + std::string(name)));
  }
  const CachedTree* const deep = index.child(*index.child(root, "src"), "deep");
  ASSERT_NE(deep, nullptr);
  EXPECT_EQ(index.child(*deep, "er")->oid.hex(), repo.run("rev-parse HEAD:src/deep/er"));
  EXPECT_EQ(index.child(root, "nothing"), nullptr);

  repo.write("src/deep/er/x", "changed");
  repo.run("add src/deep/er/x");
  const IndexFile changed = IndexFile::read(repo.path(".git/index"));
  EXPECT_EQ(changed.cached_trees().front().entries, -1);
  EXPECT_GE(changed.child(changed.cached_trees().front(), "src-gen")->entries, 1);
}

TEST(IndexFile, TellsStagesOfAConflict) {
  GitRepo repo;
  repo.write("f", "base");
  repo.commit("base");
  repo.run("checkout -q -b side");
  repo.write("f", "side");
  repo.commit("side");
  repo.run("checkout -q main");
  repo.write("f", "main");
  repo.commit("main");
  repo.run("merge -q side || true");
  const IndexFile index = IndexFile::read(repo.path(".git/index"));
  ASSERT_EQ(index.entries().size(), 3u);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(index.entries()[i].stage, i + 1);
}

TEST(IndexFile, ReadsSparseFolders) {
  GitRepo repo;
  fill(repo);
  repo.run("sparse-checkout set --cone --sparse-index src");
  const IndexFile index = IndexFile::read(repo.path(".git/index"));
  const auto folder = std::find_if(index.entries().begin(), index.entries().end(),
                                   [](const auto& entry) { return entry.is_folder(); });
  ASSERT_NE(folder, index.entries().end()) << "git made no sparse index";
  EXPECT_TRUE(folder->path.ends_with('/'));
  EXPECT_EQ(folder->oid.hex(),
            repo.run("rev-parse HEAD:" + std::string(folder->path, 0, folder->path.size() - 1)));
}

TEST(IndexFile, AnIndexThatIsNotThereIsEmptyAndOneWithoutChecksumReads) {
  GitRepo repo;
  EXPECT_TRUE(IndexFile::read(repo.path(".git/index")).entries().empty());
  fill(repo);
  std::string bytes = GitRepo::read(repo.path(".git/index"));
  EXPECT_EQ(error_of(bytes), "");
  std::fill_n(bytes.end() - 20, 20, '\0');
  EXPECT_EQ(error_of(bytes), "");
}

TEST(IndexFile, RefusesWithTheReasonWhatItCannotRead) {
  GitRepo repo;
  fill(repo);
  std::string whole = GitRepo::read(repo.path(".git/index"));
  std::fill_n(whole.end() - 20, 20, '\0');  // so that changes below get past the checksum
  const std::string body = whole.substr(0, whole.size() - 20), end = whole.substr(body.size());
  const auto with = [&](size_t at, const std::string& bytes) {
    std::string changed = whole;
    changed.replace(at, bytes.size(), bytes);
    return changed;
  };
  std::string flipped = GitRepo::read(repo.path(".git/index"));
  flipped[60] = static_cast<char>(flipped[60] ^ 1);
  const std::pair<std::string, const char*> rows[] = {
      {"", "does not begin"},
      {with(0, "DIRX"), "does not begin"},
      {with(4, std::string("\0\0\0\5", 4)), "version 5 is not known"},
      {with(8, "\xFF\xFF\xFF\xFF"), "ends within its entries"},
      {with(8, std::string("\0\0\0\xFF", 4)), "ends within"},
      {whole.substr(0, 100) + end, "ends within"},
      {flipped, "checksum does not hold"},
      {with(12 + 62, "b"), "not in order"},
      {with(12 + 62, std::string(1, '\0')), "not the length"},
      {body + "FOO" + end, "ends within an extension"},
      {body + std::string("WXYZ\0\0\0\0", 8) + end, ""},
      {body + std::string("WXYZ\0\0\1\0", 8) + end, "ends within an extension"},
      {body + std::string("wxyz\0\0\0\0", 8) + end, "a part that this assay does not know"},
      {body + std::string("link\0\0\0\0", 8) + end, "--no-split-index"},
  };
  for (const auto& [bytes, reason] : rows) {
    const std::string error = error_of(bytes);
    EXPECT_NE(error.find(reason), std::string::npos) << reason << ": " << error;
    EXPECT_EQ(error.empty(), *reason == '\0') << error;
  }
  repo.run("update-index --split-index");
  EXPECT_THROW(IndexFile::read(repo.path(".git/index")), Error);
}

TEST(IndexFile, NamesSharedByAVersion4IndexDoNotFillTheMemory) {
  // One long path, then entries that each share it and take 65 bytes.
  std::string bytes("DIRC\0\0\0\4\0\0\0\0", 12);
  const auto entry = [&](const std::string& drop, const std::string& tail) {
    bytes += std::string(62, '\0') + drop + tail + '\0';
    bytes[bytes.size() - tail.size() - 1 - drop.size() - 62 + 26] = '\x81';
    bytes[bytes.size() - tail.size() - 1 - drop.size() - 62 + 27] = '\xA4';
  };
  entry(std::string(1, '\0'), std::string(1 << 20, 'a'));
  for (int i = 0; i < 1000; ++i) entry(std::string(1, '\0'), "b");
  bytes[10] = '\x03', bytes[11] = '\xE9';
  bytes += std::string(20, '\0');
  EXPECT_NE(error_of(bytes).find("too long to be held"), std::string::npos) << error_of(bytes);
}

TEST(IndexFile, AFifoInItsPlaceIsAnErrorAndNobodyWaits) {
  GitRepo repo;
  repo.shell("mkfifo .git/index");
  EXPECT_THROW(IndexFile::read(repo.path(".git/index")), Error);
}

}  // namespace
}  // namespace assay
