#include "git/mailmap.h"

#include <gtest/gtest.h>

#include "tests/git/git_repo.h"

namespace assay {
namespace {

TEST(Mailmap, ResolvesAsItsLinesSay) {
  const Mailmap map(
      "# comment\n"
      "Dana Real <dana@example.org>\n"
      "<kim@example.org> <kim@old.example>\n"
      "Lee <lee@example.org> Typo <lee@typo.example>\n"
      "broken line\n"
      "Odd <unclosed\n");
  const struct {
    Mailmap::Person written, real;
  } rows[] = {
      {{"dana", "dana@example.org"}, {"Dana Real", "dana@example.org"}},
      {{"Kim", "kim@old.example"}, {"Kim", "kim@example.org"}},
      {{"Typo", "lee@typo.example"}, {"Lee", "lee@example.org"}},
      {{"Other", "lee@typo.example"}, {"Other", "lee@typo.example"}},
      {{"No", "body"}, {"No", "body"}},
      {{"", ""}, {"", ""}},
      {{std::string("x\0y", 3), "dana@example.org"}, {std::string("x\0y", 3), "dana@example.org"}},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(map.resolve(row.written.name, row.written.email), row.real) << row.written.email;
  }
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
