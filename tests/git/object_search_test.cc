// The search, incremental and whole, against a plain reference: every object as git reads it, and a
// matcher over each.
#include "git/object_search.h"

#include <gtest/gtest.h>

#include <sstream>
#include <tuple>

#include "git/tree.h"
#include "tests/git/random_repo.h"

namespace assay {
namespace {

using Keys = std::map<Oid, std::set<KeyDigest>>;

const RuleSet& rules() {
  static const RuleSet rules = RuleSet::builtin();
  return rules;
}
const Prefilter& prefilter(bool hyperscan) {
  static const Prefilter fast(rules(), {true, "", false});
  static const Prefilter plain(rules(), {false, "", false});
  return hyperscan ? fast : plain;
}

struct Found {
  Keys blobs, commits, tags;
  std::map<std::string, std::set<KeyDigest>> names;
  std::vector<Oid> lfs_pointers, missing;
  uint64_t objects = 0, history = 0;
  friend bool operator==(const Found&, const Found&) = default;
};

std::set<KeyDigest> keys_in(std::string_view text, std::string_view path) {
  Matcher matcher(rules(), prefilter(false), {false, false});
  std::vector<Finding> findings;
  matcher.match({text, 0, 0, text.size(), true, path}, findings);
  std::set<KeyDigest> keys;
  for (const Finding& finding : findings) keys.insert(digest_of(finding));
  return keys;
}

Found search_plainly(const std::map<Oid, GitObject>& objects) {
  Found found;
  std::set<Oid> missing;
  const auto need = [&](const Oid& oid) {
    if (!objects.contains(oid)) missing.insert(oid);
  };
  for (const auto& [oid, object] : objects) {
    ++found.objects;
    if (object.type == ObjectType::tree) {
      std::string_view rest = object.text;
      while (const auto entry = next_entry(rest)) {
        if (!entry->is_submodule()) need(entry->oid);
        const auto keys = keys_in(entry->name, entry->name);
        if (!keys.empty()) found.names[std::string(entry->name)] = keys;
      }
      continue;
    }
    if (object.type == ObjectType::commit) {
      ++found.history;
      need(*Oid::from_hex(object.text.substr(5, 40)));
    }
    if (object.type == ObjectType::tag) need(*Oid::from_hex(object.text.substr(7, 40)));
    if (object.text.starts_with("version https://git-lfs")) found.lfs_pointers.push_back(oid);
    const auto keys = keys_in(object.text, "");
    if (keys.empty()) continue;
    (object.type == ObjectType::commit ? found.commits
     : object.type == ObjectType::tag  ? found.tags
                                       : found.blobs)[oid] = keys;
  }
  found.missing.assign(missing.begin(), missing.end());
  return found;
}

Found search(const GitRepo& repo, const SearchOptions& options, bool hyperscan) {
  const auto none = [](Diagnostic&& problem) { ADD_FAILURE() << problem.reason; };
  const ObjectStore store({repo.path(".git/objects")}, none);
  const std::atomic<bool> stop{false};
  SearchResult result = search_objects(store, rules(), prefilter(hyperscan), options, none, stop);
  return {result.blobs,        result.commits, result.tags,    result.names,
          result.lfs_pointers, result.missing, result.objects, result.history.size()};
}

// Searched in every way it is the same.
void expect_found(const GitRepo& repo, const Found& expected) {
  for (const bool incremental : {true, false}) {
    for (const bool hyperscan : {true, false}) {
      for (const unsigned threads : {1u, 4u}) {
        for (const uint64_t held : {uint64_t{0}, uint64_t{96} << 20}) {
          SearchOptions options;
          options.incremental = incremental;
          options.threads = threads;
          options.walk.held = held;
          const Found found = search(repo, options, hyperscan);
          SCOPED_TRACE(fmt::format("incremental {}, hyperscan {}, {} threads, {} held", incremental,
                                   hyperscan, threads, held));
          // Not by EXPECT_EQ of the maps, which would print them.
          EXPECT_TRUE(found.blobs == expected.blobs);
          EXPECT_TRUE(found.commits == expected.commits);
          EXPECT_TRUE(found.tags == expected.tags);
          EXPECT_TRUE(found.names == expected.names);
          EXPECT_TRUE(found.lfs_pointers == expected.lfs_pointers);
          EXPECT_EQ(found.missing.size(), expected.missing.size());
          EXPECT_TRUE(found.missing == expected.missing);
          EXPECT_EQ(found.objects, expected.objects);
          EXPECT_EQ(found.history, expected.history);
        }
      }
    }
  }
}

TEST(ObjectSearch, EveryWayFindsWhatThePlainWayFinds) {
  for (uint64_t seed = 40; seed < 43; ++seed) {
    const GitRepo repo;
    import_random(repo, seed, 90);
    repo.run("repack -qadf --depth=50 --window=50");
    const Found expected = search_plainly(all_objects(repo));
    EXPECT_GT(expected.blobs.size(), 50u);
    EXPECT_GE(expected.commits.size(), 3u);
    EXPECT_GT(expected.names.size(), 1u);
    EXPECT_FALSE(expected.lfs_pointers.empty());
    EXPECT_TRUE(expected.missing.empty());
    expect_found(repo, expected);
  }
}

TEST(ObjectSearch, LooseObjectsAndSeveralPacksAreSearchedOnce) {
  const GitRepo repo;
  import_random(repo, 44, 50, true);
  const Found expected = search_plainly(all_objects(repo));
  expect_found(repo, expected);
  for (const char* last : {"c20", "c35"}) {  // the second pack holds much of the first again
    repo.run(
        fmt::format("rev-list --objects {} | cut -c-40 | git pack-objects -q "
                    ".git/objects/pack/pack",
                    last));
  }
  expect_found(repo, expected);
}

// Leaves every object out of the pack for which `left_out` is true.
void pack_without(const GitRepo& repo, const std::map<Oid, GitObject>& objects,
                  const std::function<bool(const Oid&, const GitObject&)>& left_out) {
  std::string ids;
  for (const auto& [oid, object] : objects) {
    if (!left_out(oid, object)) ids += oid.hex() + "\n";
  }
  write_file(repo.outside() + "/ids", ids);
  repo.shell(
      "mkdir ../kept && git pack-objects -q --depth=50 --window=50 ../kept/pack <../ids &&"
      "rm -rf .git/objects/pack .git/objects/?? && mv ../kept .git/objects/pack");
}

TEST(ObjectSearch, WhatIsMissingIsTold) {
  for (uint64_t seed = 45; seed < 47; ++seed) {
    const GitRepo repo;
    import_random(repo, seed, 80);
    pack_without(repo, all_objects(repo), [](const Oid& oid, const GitObject& object) {
      return object.type != ObjectType::commit && oid.bytes[7] % 16 == 0;
    });
    const Found expected = search_plainly(all_objects(repo));
    EXPECT_GT(expected.missing.size(), 10u);
    expect_found(repo, expected);
  }
}

// One large folder of which each commit changes one file; blobs that only one version of its tree
// names are left out.
TEST(ObjectSearch, BlobsThatOneVersionOfATreeNamesAreMissed) {
  const GitRepo repo;
  SeededRandom random(8);
  std::string stream;
  for (int i = 0; i < 120; ++i) {
    stream += fmt::format(
        "commit refs/heads/main\ncommitter Kim <k@example.org> {} +0000\ndata 0\n", 1762070400 + i);
    for (int file = 0; file < (i == 0 ? 500 : 1); ++file) {
      const uint64_t which = i == 0 ? static_cast<uint64_t>(file) : random.below(500);
      // Some appear, some go.
      if (i > 0 && random.below(6) == 0) {
        stream += fmt::format("D f{}\n", which);
        continue;
      }
      const std::string name = fmt::format("f{}{}", which, random.below(6) == 0 ? "new" : "");
      const std::string text = fmt::format("version {} of {}", i, file);
      stream += fmt::format("M 100644 inline {}\ndata {}\n{}\n", name, text.size(), text);
    }
    stream += "\n";
  }
  write_file(repo.outside() + "/history", stream);
  repo.run("-c fastimport.unpackLimit=1 fast-import --quiet <../history");
  pack_without(repo, all_objects(repo), [](const Oid& oid, const GitObject& object) {
    return object.text.starts_with("version ") && !object.text.starts_with("version 0 ") &&
           oid.bytes[3] % 2 == 0;
  });
  const Found expected = search_plainly(all_objects(repo));
  ASSERT_GT(expected.missing.size(), 20u);
  expect_found(repo, expected);
  // And git says so too.
  std::set<std::string> told, ours;
  std::istringstream lines(repo.run("rev-list --objects --missing=print --all"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('?')) told.insert(line.substr(1));
  }
  for (const Oid& oid : expected.missing) ours.insert(oid.hex());
  EXPECT_EQ(ours, told);
}

TEST(ObjectSearch, SomeObjectsAndNamesAreSearchedAlone) {
  const GitRepo repo;
  import_random(repo, 48, 40);
  auto objects = all_objects(repo);
  std::vector<Oid> some;
  std::erase_if(objects, [](const auto& object) {
    return object.second.type == ObjectType::tree || object.first.bytes[9] % 2 == 0;
  });
  for (const auto& [oid, object] : objects) some.push_back(oid);
  Found expected = search_plainly(objects);
  expected.missing.clear();
  SeededRandom random(9);
  const std::string name = "x-" + fill_placeholders("{key:master}", random);
  expected.names[name] = keys_in(name, name);
  ASSERT_EQ(expected.names[name].size(), 1u);
  const std::vector<std::string> names{name, "x-none", name};
  some.push_back(made_up_oid(1));  // not there
  std::vector<std::string> told;
  const ObjectStore store({repo.path(".git/objects")}, [](Diagnostic&&) {});
  const std::atomic<bool> stop{false};
  SearchOptions options;
  options.threads = 3;
  const SearchResult result = search_some(
      store, some, names, rules(), prefilter(true), options,
      [&](Diagnostic&& problem) { told.push_back(problem.reason); }, stop);
  EXPECT_TRUE(result.blobs == expected.blobs);
  EXPECT_TRUE(result.commits == expected.commits);
  EXPECT_TRUE(result.tags == expected.tags);
  EXPECT_TRUE(result.names == expected.names);
  EXPECT_TRUE(result.missing.empty());
  EXPECT_EQ(result.objects, expected.objects);
  EXPECT_EQ(told, std::vector<std::string>{"object " + made_up_oid(1).hex() +
                                           " cannot be read: it is missing"});
}

}  // namespace
}  // namespace assay
