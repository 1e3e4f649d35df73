#include "git/tree.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "git/tree_diff.h"
#include "rules/keys/mint.h"
#include "tests/git/git_repo.h"

namespace assay {
namespace {

using namespace std::string_literals;

const std::string kHex(40, 'a');
const std::string kRaw(20, '\xAA');

TEST(Tree, EntriesAreReadUntilTheEndOrTheDamage) {
  const struct {
    std::string text, names;
    bool damaged;
  } rows[] = {
      {"", "", false},
      {"100644 a\0"s + kRaw, "a:100644 ", false},
      {"100644 a\0"s + kRaw + "40000 b\0"s + kRaw + "160000 c\0"s + kRaw,
       "a:100644 b:40000/ c:160000. ", false},
      {"040000 b\0"s + kRaw, "b:40000/ ", false},
      {"120000 a b/c\n\0"s + kRaw, "a b/c\n:120000 ", false},
      {"0 a\0"s + kRaw, "a:0 ", false},
      {"100644 a\0"s + kRaw.substr(1), "", true},
      {"100644 a\0"s + kRaw + "1", "a:100644 ", true},
      {"100644 \0"s + kRaw, "", true},
      {" a\0"s + kRaw, "", true},
      {"100648 a\0"s + kRaw, "", true},
      {"-1 a\0"s + kRaw, "", true},
      {"777777777 a\0"s + kRaw, "", true},
      {"100644a\0"s + kRaw, "", true},
      {"100644 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "", true},
      {"\0"s, "", true},
  };
  for (const auto& row : rows) {
    std::string names;
    std::string_view rest = row.text;
    while (const auto entry = next_entry(rest)) {
      EXPECT_EQ(entry->oid.hex(), kHex);
      names += fmt::format("{}:{:o}{}{} ", entry->name, entry->mode, entry->is_tree() ? "/" : "",
                           entry->is_submodule() ? "." : "");
    }
    EXPECT_EQ(names, row.names);
    EXPECT_EQ(!rest.empty(), row.damaged) << row.names;
  }
}

std::string show(const Signature& who) {
  return fmt::format("{}|{}|{}|{}", who.name, who.email, who.time, who.zone_minutes);
}

TEST(Tree, CommitsAreReadAsFarAsTheyGo) {
  const std::string tree = "tree " + kHex + "\n";
  const std::string parent = "parent " + kHex + "\n";
  const struct {
    std::string text;
    size_t parents;
    std::string author, committer, message;
  } rows[] = {
      {tree + "author D <d@x> 12 +0130\ncommitter K <k@x> 13 -0200\n\nS\n\nB\n", 0, "D|d@x|12|90",
       "K|k@x|13|-120", "S\n\nB\n"},
      {tree + parent + parent + "author D <d@x> 1 +0000\n\nm", 2, "D|d@x|1|0", "||0|0", "m"},
      {"tree " + kHex, 0, "||0|0", "||0|0", ""},
      {tree, 0, "||0|0", "||0|0", ""},
      {tree + "\n\nm", 0, "||0|0", "||0|0", "\nm"},
      // A parent behind another header is none, as in git; nor is one with a wrong id.
      {tree + "parent xyz\n" + parent + "x y\n" + parent + "\nm", 1, "||0|0", "||0|0", "m"},
      {tree + "author A <a> 1 +0000\nauthor B <b> 2 +0000\n\n", 0, "A|a|1|0", "||0|0", ""},
      {tree + "gpgsig x\n author B <b> 2 +0000\n \n committer no\nauthor A <a> 1 +0000\n\nm", 0,
       "A|a|1|0", "||0|0", "m"},
      {tree + "author A <a> 99999999999999999999 +0000\n\n", 0, "A|a|0|0", "||0|0", ""},
      {tree + "author A <a> -5 +0000\n\n", 0, "A|a|0|0", "||0|0", ""},
      {tree + "author A <a> 9223372036854775807 -9999\n\n", 0, "A|a|9223372036854775807|-6039",
       "||0|0", ""},
      {tree + "author A <a> 5 +00000\ncommitter C <c> 6 0100\n\n", 0, "A|a|5|0", "C|c|6|0", ""},
      {tree + "author A <a> 5 +0a00\ncommitter C <c> 6x +0100\n\n", 0, "A|a|5|0", "C|c|0|60", ""},
      {tree + "author A <a> 5 +0100\r\ncommitter C <c>\r\n\nm\r\n", 0, "A|a|5|60", "C|c|0|0",
       "m\r\n"},
      {tree + "author A\0B <a\0b> 5 +0000\n\n\0"s, 0, "A\0B|a\0b|5|0"s, "||0|0", "\0"s},
      {tree + "author no address 5 +0000\ncommitter <> 6 +0000\n\n", 0, "no address 5 +0000||0|0",
       "||6|0", ""},
      {tree + "author A <a> B> 5 +0000\ncommitter C <c 7 +0000\n\n", 0, "A|a|5|0", "C||0|0", ""},
      {tree + "author  \t A \t < a >\t5\t+0000 \n\n", 0, "A|a|5|0", "||0|0", ""},
  };
  for (const auto& row : rows) {
    const auto commit = parse_commit(row.text);
    ASSERT_TRUE(commit) << row.author;
    EXPECT_EQ(commit->tree.hex(), kHex);
    EXPECT_EQ(commit->parents.size(), row.parents);
    EXPECT_EQ(show(commit->author), row.author);
    EXPECT_EQ(show(commit->committer), row.committer);
    EXPECT_EQ(commit->message, row.message);
  }
}

TEST(Tree, WhatHasNoTreeLineIsNoCommit) {
  for (const std::string& text :
       {""s, "\n"s, "tree"s, "tree \n"s, "tree " + kHex.substr(1) + "\n", "tree " + kHex + "a\n",
        "tree " + kHex + "\r\n", " tree " + kHex + "\n", "parent " + kHex + "\ntree " + kHex}) {
    EXPECT_FALSE(parse_commit(text)) << text;
  }
}

TEST(Tree, TagsNameAnObjectAndItsType) {
  const struct {
    std::string text, type;
  } rows[] = {
      {"object " + kHex + "\ntype commit\ntag v1\n", "commit"},
      {"object " + kHex + "\ntype tag", "tag"},
      {"object " + kHex + "\ntype tree\n", "tree"},
      {"object " + kHex + "\ntype blob\n", "blob"},
      {"object " + kHex + "\ntype none\n", ""},
      {"object " + kHex + "\ntype\n", ""},
      {"object " + kHex, ""},
      {"object x\ntype commit\n", ""},
      {"type commit\nobject " + kHex + "\n", ""},
      {"", ""},
  };
  for (const auto& row : rows) {
    const auto target = parse_tag(row.text);
    EXPECT_EQ(target ? to_string(target->type) : "", row.type) << row.text;
    EXPECT_EQ(target ? target->oid.hex() : kHex, kHex);
  }
}

TEST(Tree, TimesAreWrittenInUtc) {
  const struct {
    int64_t seconds;
    std::string text;
  } rows[] = {
      {0, "1970-01-01T00:00:00Z"},
      {1762070400, "2025-11-02T08:00:00Z"},
      {951827696, "2000-02-29T12:34:56Z"},
      {4107542399, "2100-02-28T23:59:59Z"},
      {4107542400, "2100-03-01T00:00:00Z"},
      {253402300799, "9999-12-31T23:59:59Z"},
      {253402300800, ""},
      {INT64_MAX, ""},
      {-1, ""},
      {INT64_MIN, ""},
  };
  for (const auto& row : rows) EXPECT_EQ(utc_time(row.seconds), row.text) << row.seconds;
}

// A store in memory: trees by a number, which fills their ids.
class Trees {
 public:
  static Oid id(int number) {
    Oid oid;
    std::memcpy(oid.bytes.data(), &number, sizeof number);
    return oid;
  }
  static std::string entry(const std::string& mode, const std::string& name, int number) {
    const Oid oid = id(number);
    return mode + " " + name + '\0' +
           std::string(reinterpret_cast<const char*>(oid.bytes.data()), Oid::kSize);
  }
  std::map<Oid, std::string> texts;

  // "path:before>after " for each difference, "!number " for what is missing.
  std::string diff(int before, int after, size_t most = SIZE_MAX) {
    TreeDiff diff([&](const Oid& oid, std::string& reason) -> std::optional<Object> {
      const auto found = texts.find(oid);
      reason = "it is missing";
      if (found == texts.end()) return std::nullopt;
      Bytes bytes = Bytes::of_size(found->second.size());
      found->second.copy(bytes.data.get(), bytes.size);
      return Object{ObjectType::tree, std::make_shared<const Bytes>(std::move(bytes))};
    });
    std::string told;
    const auto number = [](const Oid& oid) {
      int value;
      std::memcpy(&value, oid.bytes.data(), sizeof value);
      return value;
    };
    diff.run(
        id(before), id(after),
        [&](std::string_view path, const TreeEntry* old, const TreeEntry* now) {
          if ((old != nullptr ? old : now)->is_tree()) return TreeDiff::Answer::enter;
          told += fmt::format("{}:{}>{} ", path, old != nullptr ? number(old->oid) : 0,
                              now != nullptr ? number(now->oid) : 0);
          return --most == 0 ? TreeDiff::Answer::stop : TreeDiff::Answer::enter;
        },
        [&](const Oid& oid, const std::string&) { told += fmt::format("!{} ", number(oid)); });
    return told;
  }
};

TEST(Tree, DifferencesOfTwoTreesAreTold) {
  const auto entry = Trees::entry;
  const std::string a1 = entry("100644", "a", 1), a2 = entry("100644", "a", 2);
  const std::string x1 = entry("100644", "x", 1), x2 = entry("100755", "x", 1);
  const std::string folder = entry("40000", "a", 50), gone = entry("40000", "a", 99);
  const std::string dot = entry("100644", "a.b", 3);
  // A name that ends like an entry of its own begins.
  const std::string sly = entry("100644", "q 100644 a", 1);
  const struct {
    std::string before, after, told;
  } rows[] = {
      {"", "", ""},
      {a1, a1, ""},
      {a1, a2, "a:1>2 "},
      {"", a1, "a:0>1 "},
      {a1, "", "a:1>0 "},
      {a1 + x1, x1, "a:1>0 "},
      {x1, a1 + x1, "a:0>1 "},
      {x1, x2, "x:1>1 "},
      {"0" + x1, x1, ""},
      {a1 + dot, dot + folder, "a:1>0 a/x:0>1 "},
      {dot + folder, a1 + dot, "a:0>1 a/x:1>0 "},
      {folder, entry("40000", "a", 51), "a/x:1>2 "},
      {gone, folder, "!99 a/x:0>1 "},
      {folder, gone, "!99 "},
      {"", gone, "!99 "},
      {sly, a1, "a:0>1 q 100644 a:1>0 "},
      {a1 + sly, a1, "q 100644 a:1>0 "},
      // Damage before: all that is after is told. Damage after: nothing behind it.
      {"1", a1, "a:0>1 !1000 "},
      {a1, "1", "!1001 "},
      {x1 + "1", a1 + x1, "a:0>1 !1000 "},
      // Not sorted, twice the same: told once too often, never too seldom.
      {x1 + a1, a1 + x1, "a:0>1 a:1>0 "},
      {a1, a1 + a1, "a:0>1 "},
  };
  for (const auto& row : rows) {
    Trees trees;
    trees.texts[Trees::id(50)] = x1;
    trees.texts[Trees::id(51)] = entry("100644", "x", 2);
    trees.texts[Trees::id(1000)] = row.before;
    trees.texts[Trees::id(1001)] = row.after;
    EXPECT_EQ(trees.diff(1000, 1001), row.told);
  }
}

TEST(Tree, ComparingHasAnEnd) {
  Trees trees;
  trees.texts[Trees::id(1)] = Trees::entry("40000", "d", 1);  // holds itself
  EXPECT_EQ(trees.diff(0, 1), "!1 ");
  trees.texts[Trees::id(2)] = Trees::entry("40000", std::string(3000, 'd'), 3);
  trees.texts[Trees::id(3)] = Trees::entry("100644", std::string(1500, 'd'), 4);
  EXPECT_EQ(trees.diff(0, 2), "!4 ");
  trees.texts[Trees::id(5)] = Trees::entry("100644", "a", 6) + Trees::entry("100644", "b", 6);
  EXPECT_EQ(trees.diff(0, 5, 1), "a:0>6 ");
}

// Against a plain comparison of two maps, with ids that hold any bytes.
TEST(Tree, DifferencesAreThoseOfThePlainWay) {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    SeededRandom random(seed);
    Trees trees;
    std::map<std::string, int> sides[2];
    const uint64_t names = 1 + random.below(30);
    for (uint64_t i = 0; i < names; ++i) {
      const int value = static_cast<int>(1 + random.below(0x7FFFFFFF));
      const std::string name = fmt::format("{:02}{}", i, random.below(3) == 0 ? " 100644 x" : "");
      if (random.below(8) != 0) sides[0][name] = value;
      if (random.below(8) != 0) sides[1][name] = random.below(6) == 0 ? value / 2 + 1 : value;
    }
    std::string expected;
    std::set<std::string> all;
    for (int side = 0; side < 2; ++side) {
      for (const auto& [name, value] : sides[side]) {
        trees.texts[Trees::id(side + 1)] += Trees::entry("100644", name, value);
        all.insert(name);
      }
      trees.texts[Trees::id(side + 1)];
    }
    for (const std::string& name : all) {
      const int before = sides[0].contains(name) ? sides[0][name] : 0;
      const int after = sides[1].contains(name) ? sides[1][name] : 0;
      if (before != after) expected += fmt::format("{}:{}>{} ", name, before, after);
    }
    EXPECT_EQ(trees.diff(1, 2), expected) << seed;
  }
}

TEST(Tree, DiffTreesSaysWhatGitSays) {
  GitRepo repo;
  repo.write("a/b/c", "1");
  repo.write("a.txt", "1");
  repo.write("gone/x", "1");
  repo.commit("one");
  repo.write("a/b/c", "2");
  repo.write("a/new", "1");
  repo.remove("gone");
  repo.write("gone", "file now");
  repo.commit("two");
  const ObjectStore store({repo.path(".git/objects")}, [](Diagnostic&&) {});
  ObjectStore::Reader reader(store);
  std::string told;
  diff_trees(
      reader, *Oid::from_hex(repo.run("rev-parse HEAD~1^{tree}")),
      *Oid::from_hex(repo.run("rev-parse HEAD^{tree}")),
      [&](const TreeChange& change) {
        told += fmt::format(":{:06o} {:06o} {} {}\t{}\n", change.before_mode, change.after_mode,
                            change.before.hex(), change.after.hex(), change.path);
        return true;
      },
      [](const Oid&, const std::string& reason) { ADD_FAILURE() << reason; });
  EXPECT_EQ(told, repo.shell("git diff-tree -r --no-renames --no-abbrev HEAD~1 HEAD | "
                             "sed 's/ [AMD]\\t/\\t/'") +
                      "\n");
}

}  // namespace
}  // namespace assay
