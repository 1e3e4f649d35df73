#include "git/mailmap.h"

#include <gtest/gtest.h>

#include "tests/git/git_repo.h"

namespace assay {
namespace {

// Each row is a file and whom it is asked about; what it should answer is what git answers.
TEST(Mailmap, AnswersAsGitDoes) {
  const std::string usual =
      "# comment <dana@example.org>\n"
      "Dana Real <dana@example.org>\n"
      "<kim@example.org> <kim@old.example>\n"
      "Lee <lee@example.org> Typo <lee@typo.example>\n"
      "broken line\n"
      "Odd <unclosed\n";
  const struct {
    std::string file;
    Mailmap::Person written;
  } rows[] = {
      {usual, {"dana", "dana@example.org"}},
      {usual, {"dana", "DANA@Example.Org"}},
      {usual, {"Kim", "kim@old.example"}},
      {usual, {"Typo", "lee@typo.example"}},
      {usual, {"tYPO", "Lee@typo.example"}},
      {usual, {"Other", "lee@typo.example"}},
      {usual, {"No", "body"}},
      {usual, {"No", "unclosed"}},
      {"A <a@x>\r\nB <b@x>\r\n", {"n", "b@x"}},
      {"A <a@x>", {"n", "a@x"}},
      {"\t A  B \t<a@x>\n", {"n", "a@x"}},
      {" # A <a@x>\n", {"n", "a@x"}},
      {"A <>\n", {"n", "a@x"}},
      {"<a@x>\n", {"n", "a@x"}},
      {"A < a@x >\n", {"n", "a@x"}},
      {"A <a@x> rest\n", {"n", "a@x"}},
      {"A <a@x> # <b@x>\n", {"#", "b@x"}},
      {"A <a@x> B <b@x> C <c@x>\n", {"B", "b@x"}},
      {"A <a@x> B <b@x\n", {"n", "a@x"}},
      {"A <a<b@x>\n", {"n", "a<b@x"}},
      {"A <a@x>\n<b@x> <a@x>\n", {"n", "a@x"}},
      {"<b@x> <a@x>\nA <a@x>\n", {"n", "a@x"}},
      {"A <a@x>\nB <A@X>\n", {"n", "a@x"}},
      {"A <a@x> N <a@x>\nB <b@x> <a@x>\n", {"n", "a@x"}},
      {"A <a@x> N <a@x>\nB <b@x> <a@x>\n", {"m", "a@x"}},
      {"A <a@x> N <a@x>\nB <b@x> n <a@x>\n", {"N", "a@x"}},
      {"<a@x> N <b@x>\n", {"N", "b@x"}},
      {"<a@x> N <b@x>\n", {"M", "b@x"}},
      {std::string("A <a@x>\0\nB <b@x>\n", 18), {"n", "b@x"}},
  };
  GitRepo repo;
  for (const auto& row : rows) {
    repo.write("map", row.file);
    const std::string blob = repo.run("hash-object -w map");
    const auto text = [](const Mailmap::Person& who) { return who.name + " <" + who.email + ">"; };
    const std::string git =
        repo.run("-c mailmap.blob=" + blob + " check-mailmap '" + text(row.written) + "'");
    const Mailmap map(row.file);
    EXPECT_EQ(text(map.resolve(row.written.name, row.written.email)), git) << row.file;
  }
}

TEST(Mailmap, OfWhoIsNotInItNothingChanges) {
  const Mailmap map("Real <a@example.org>\n");
  const Mailmap::Person rows[] = {{"", ""},
                                  {"x", "b@example.org"},
                                  {std::string("x\0y", 3), std::string("a@example.org\0", 14)}};
  for (const auto& row : rows) EXPECT_EQ(map.resolve(row.name, row.email), row);
}

TEST(Mailmap, OfOneThatIsTooLargeOrEmptyEverybodyIsThemselves) {
  const std::string line = "Real <a@example.org>\n";
  std::string large = line;
  large.resize(Mailmap::kMostBytes, '\n');
  EXPECT_EQ(Mailmap(large).resolve("x", "a@example.org").name, "Real");
  EXPECT_EQ(Mailmap(large + "\n").resolve("x", "a@example.org").name, "x");
  EXPECT_EQ(Mailmap("").resolve("x", "a@example.org").name, "x");
  EXPECT_EQ(Mailmap(std::string_view("\0\0<", 3)).resolve("x", "y").name, "x");
}

TEST(Mailmap, IsReadFromTheCommitsTreeAndNotFromTheWorkTree) {
  GitRepo repo;
  const std::string without = repo.commit("none");
  repo.write(".mailmap", "Real <a@example.org>\n");
  const std::string with = repo.commit("one");
  repo.write(".mailmap", std::string(Mailmap::kMostBytes + 1, '\n'));
  const std::string large = repo.commit("large");
  repo.remove(".mailmap");
  std::filesystem::create_symlink("elsewhere", repo.path(".mailmap"));
  const std::string link = repo.commit("link");

  const ObjectStore store({repo.path(".git/objects")}, [](Diagnostic&&) {});
  ObjectStore::Reader reader(store);
  const struct {
    std::string commit, name, reason;
  } rows[] = {{without, "x", ""},
              {with, "Real", ""},
              {large, "x", "it is larger than 262144 bytes"},
              {link, "x", ""},
              {std::string(40, '1'), "x", "it is missing"}};
  for (const auto& row : rows) {
    std::string reason;
    const Mailmap map = Mailmap::of_commit(reader, *Oid::from_hex(row.commit), reason);
    EXPECT_EQ(map.resolve("x", "a@example.org").name, row.name) << row.reason;
    EXPECT_EQ(reason, row.reason);
  }
}

}  // namespace
}  // namespace assay
