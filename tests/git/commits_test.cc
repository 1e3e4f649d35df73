#include "git/commits.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "rules/keys/mint.h"

namespace assay {
namespace {

Oid id_of(char letter) {
  Oid oid;
  oid.bytes.fill(static_cast<unsigned char>(letter));
  return oid;
}

struct Row {
  char name;
  int64_t time;
  std::string parents;
};

std::string text_of(const Row& row) {
  std::string text = "tree " + id_of(static_cast<char>(row.name + 1)).hex() + "\n";
  for (const char parent : row.parents) text += "parent " + id_of(parent).hex() + "\n";
  return text + "author A <a> 5 +0000\ncommitter C <c> " + std::to_string(row.time) +
         " +0000\n\nsubject\n";
}

std::string order_of(const Commits& commits) {
  std::string order;
  for (uint32_t rank = 0; rank < commits.size(); ++rank) {
    order += static_cast<char>(commits.oid(rank).bytes[0]);
  }
  return order;
}

TEST(Commits, ComeParentsFirstThenOldestThenById) {
  const struct {
    std::string name;
    std::vector<Row> rows;
    std::string shallow, order;
  } cases[] = {
      {"none", {}, "", ""},
      {"line", {{'c', 3, "b"}, {'b', 2, "a"}, {'a', 1, ""}}, "", "abc"},
      {"equal times by id", {{'c', 1, ""}, {'a', 1, ""}, {'b', 1, ""}}, "", "abc"},
      {"a skewed clock", {{'a', 9, ""}, {'b', 1, "a"}, {'c', 5, ""}}, "", "cab"},
      {"merge", {{'a', 1, ""}, {'b', 3, "a"}, {'c', 2, "a"}, {'d', 4, "bc"}}, "", "acbd"},
      {"the same parent twice", {{'a', 1, ""}, {'b', 2, "aa"}}, "", "ab"},
      {"a parent that is missing", {{'b', 2, "x"}, {'a', 3, ""}}, "", "ba"},
      {"shallow", {{'a', 9, ""}, {'b', 2, "a"}}, "b", "ba"},
      {"cycle", {{'a', 5, "b"}, {'b', 4, "a"}, {'c', 1, "a"}, {'d', 9, ""}}, "", "dcba"},
      {"its own parent", {{'a', 5, "a"}, {'b', 6, "a"}}, "", "ab"},
  };
  for (const auto& row : cases) {
    std::vector<Row> rows = row.rows;
    std::vector<Oid> shallow;
    for (const char name : row.shallow) shallow.push_back(id_of(name));
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.name < b.name; });
    do {
      Commits commits, others;
      for (size_t i = 0; i < rows.size(); ++i) {
        (i % 2 == 0 ? commits : others).add(id_of(rows[i].name), text_of(rows[i]));
      }
      commits.append(std::move(others));
      commits.finish(shallow);
      EXPECT_EQ(order_of(commits), row.order) << row.name;
    } while (std::next_permutation(rows.begin(), rows.end(),
                                   [](const Row& a, const Row& b) { return a.name < b.name; }));
  }
}

TEST(Commits, SayWhichParentsAreHere) {
  Commits commits;
  commits.add(id_of('a'), text_of({'a', 1, ""}));
  commits.add(id_of('a'), text_of({'a', 1, ""}));
  commits.add(id_of('b'), text_of({'b', 2, "xa"}));
  commits.add(id_of('s'), text_of({'s', 3, "ay"}));
  commits.add(id_of('n'), "no commit");
  commits.finish(std::vector<Oid>{id_of('s'), id_of('z')});
  ASSERT_EQ(order_of(commits), "abs");
  EXPECT_EQ(commits.find(id_of('b')), 1u);
  EXPECT_EQ(commits.find(id_of('x')), Commits::kNone);
  EXPECT_EQ(commits.tree(1), id_of('c'));
  EXPECT_EQ(commits.time(1), 2);
  ASSERT_EQ(commits.parents(1).size(), 1u);
  EXPECT_EQ(commits.parents(1)[0], 0u);
  EXPECT_EQ(commits.missing_parents(1), 1u);
  EXPECT_EQ(commits.parent_ids(1).size(), 2u);
  // A shallow commit has no parents, but names them.
  EXPECT_TRUE(commits.parents(2).empty());
  EXPECT_EQ(commits.missing_parents(2), 0u);
  EXPECT_EQ(commits.parent_ids(2).size(), 2u);
}

TEST(Commits, OfCyclesHaveOnlyParentsThatComeEarlier) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    SeededRandom random(seed);
    Commits commits;
    const uint64_t count = 1 + random.below(12);
    for (uint64_t i = 0; i < count; ++i) {
      Row row{static_cast<char>('a' + i), static_cast<int64_t>(random.below(4)), ""};
      for (uint64_t n = random.below(4); n > 0; --n) {
        row.parents += static_cast<char>('a' + random.below(count + 1));
      }
      commits.add(id_of(row.name), text_of(row));
    }
    commits.finish({});
    ASSERT_EQ(commits.size(), count);
    for (uint32_t rank = 0; rank < commits.size(); ++rank) {
      EXPECT_EQ(commits.find(commits.oid(rank)), rank);
      for (const uint32_t parent : commits.parents(rank)) EXPECT_LT(parent, rank);
      EXPECT_EQ(commits.parents(rank).size() + commits.missing_parents(rank),
                commits.parent_ids(rank).size());
    }
  }
}

}  // namespace
}  // namespace assay
