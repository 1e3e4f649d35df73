// Sightings against a plain reference: the full list of paths of each commit, as git prints it,
// compared with that of each parent.
#include "git/first_seen.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "rules/keys/mint.h"
#include "tests/git/git_repo.h"

namespace assay {
namespace {

using Files = std::map<std::string, Oid>;

struct History {
  Commits commits;
  std::vector<Files> files;  // by rank
};

ObjectStore open_store(const GitRepo& repo) {
  return ObjectStore({repo.path(".git/objects")},
                     [](Diagnostic&& problem) { ADD_FAILURE() << problem.reason; });
}

// Every commit that a ref names, with its paths as git lists them.
void read_history(const GitRepo& repo, const ObjectStore& store, History& history) {
  std::istringstream lines(
      repo.shell("for c in $(git rev-list --all); do echo commit $c; git ls-tree -r $c; done"));
  std::map<Oid, Files> files;
  Oid commit;
  ObjectStore::Reader reader(store);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("commit ")) {
      commit = *Oid::from_hex(line.substr(7));
      files[commit];
      std::string reason;
      const auto object = reader.read(commit, ObjectType::commit, reason);
      ASSERT_TRUE(object) << reason;
      history.commits.add(commit, object->view());
    } else {  // 100644 blob 257cc564…\tpath
      files[commit][line.substr(53)] = *Oid::from_hex(line.substr(12, 40));
    }
  }
  history.commits.finish({});
  for (uint32_t rank = 0; rank < history.commits.size(); ++rank) {
    history.files.push_back(files[history.commits.oid(rank)]);
  }
}

// What a commit holds: keys by place, and blobs of each place. A name is a place of its own.
using Where = std::pair<std::string, bool>;
struct Held {
  std::set<std::pair<Where, KeyNumber>> keys;
  std::set<std::pair<Where, Oid>> blobs;
};

Held hold(const Files& files, const Wanted& wanted) {
  Held held;
  for (const auto& [path, oid] : files) {
    if (const auto found = wanted.blobs.find(oid); found != wanted.blobs.end()) {
      held.blobs.insert({{path, false}, oid});
      for (const KeyNumber key : found->second) held.keys.insert({{path, false}, key});
      if (found->second.empty()) held.keys.insert({{path, false}, kNoKey});
    }
    for (size_t begin = 0; begin < path.size();) {
      const size_t end = std::min(path.find('/', begin), path.size());
      const auto found = wanted.names.find(path.substr(begin, end - begin));
      if (found != wanted.names.end()) {
        for (const KeyNumber key : found->second) {
          held.keys.insert({{path.substr(0, end), true}, key});
        }
      }
      begin = end + 1;
    }
  }
  return held;
}

bool is_ancestor(const Commits& commits, uint32_t ancestor, uint32_t rank) {
  if (ancestor == rank) return true;
  const auto parents = commits.parents(rank);
  return std::any_of(parents.begin(), parents.end(),
                     [&](uint32_t parent) { return is_ancestor(commits, ancestor, parent); });
}

bool is_held(const Commits& commits, const std::set<uint32_t>& ranks, uint32_t tip) {
  return std::any_of(ranks.begin(), ranks.end(),
                     [&](uint32_t rank) { return is_ancestor(commits, rank, tip); });
}

std::vector<Sighting> plain_sightings(const History& history, const Wanted& wanted,
                                      const SightingOptions& options) {
  const Commits& commits = history.commits;
  std::vector<Held> held;
  for (const Files& files : history.files) held.push_back(hold(files, wanted));
  std::map<std::tuple<std::string, KeyNumber, bool>, Sighting> found;
  std::map<std::tuple<std::string, KeyNumber, bool>, std::set<uint32_t>> introduced;
  std::map<std::tuple<std::string, KeyNumber, bool>, std::map<Oid, uint32_t>> versions;
  std::map<std::tuple<std::string, KeyNumber, bool>, uint32_t> removed;
  for (uint32_t rank = 0; rank < commits.size(); ++rank) {
    if (!options.in_range.empty() && !options.in_range[rank]) continue;
    const auto parents = commits.parents(rank);
    const auto has_none = [&](const auto& member, const auto& thing) {
      return std::none_of(parents.begin(), parents.end(),
                          [&](uint32_t parent) { return (held[parent].*member).contains(thing); });
    };
    for (const auto& thing : held[rank].keys) {
      if (!has_none(&Held::keys, thing)) continue;
      introduced[{thing.first.first, thing.second, thing.first.second}].insert(rank);
    }
    for (const auto& thing : held[rank].blobs) {
      if (!has_none(&Held::blobs, thing)) continue;
      auto keys = wanted.blobs.at(thing.second);
      if (keys.empty()) keys = {kNoKey};
      for (const KeyNumber key : keys)
        versions[{thing.first.first, key, false}][thing.second] = rank;
    }
    if (parents.empty()) continue;
    for (const auto& thing : held[parents[0]].keys) {
      const bool all_had = std::all_of(parents.begin(), parents.end(), [&](uint32_t parent) {
        return held[parent].keys.contains(thing);
      });
      if (!all_had || held[rank].keys.contains(thing)) continue;
      removed[{thing.first.first, thing.second, thing.first.second}] = rank;
    }
  }
  std::vector<Sighting> all;
  const uint32_t head = commits.find(*options.head);
  for (const auto& [place, ranks] : introduced) {
    Sighting& sighting = all.emplace_back();
    std::tie(sighting.path, sighting.key, sighting.in_name) = place;
    sighting.introduced = *ranks.begin();
    sighting.newest = *ranks.rbegin();
    sighting.versions = sighting.in_name ? 1 : versions[place].size();
    for (const auto& [oid, rank] : versions[place]) {
      if (sighting.blob.is_zero() || rank > sighting.newest) {
        sighting.blob = oid, sighting.newest = rank;
      }
    }
    sighting.at_head = held[head].keys.contains({{sighting.path, sighting.in_name}, sighting.key});
    if (sighting.at_head) {
      sighting.newest = head;
      if (!sighting.in_name) sighting.blob = history.files[head].at(sighting.path);
    }
    const bool at_tip = std::any_of(options.refs.begin(), options.refs.end(), [&](const Ref& ref) {
      return (ref.name == "HEAD" || ref.name.starts_with("refs/heads/")) &&
             held[commits.find(ref.target)].keys.contains(
                 {{sighting.path, sighting.in_name}, sighting.key});
    });
    if (removed.contains(place) && !at_tip) sighting.removed = removed[place];
    for (const Ref& ref : options.refs) {
      const uint32_t tip = commits.find(ref.target);
      if (!is_held(commits, ranks, tip)) continue;
      sighting.reachable = true;
      if (ref.name.starts_with("refs/heads/")) sighting.branches.push_back(ref.name.substr(11));
      if (ref.name.starts_with("refs/tags/")) sighting.tags.push_back(ref.name.substr(10));
      if (ref.name.starts_with("refs/notes/")) sighting.refs.push_back(ref.name);
    }
    if (sighting.branches.empty() && is_held(commits, ranks, head)) {
      sighting.refs.push_back("HEAD");
    }
    sighting.ref_count = static_cast<uint32_t>(sighting.refs.size());
    sighting.branch_count = static_cast<uint32_t>(sighting.branches.size());
    sighting.tag_count = static_cast<uint32_t>(sighting.tags.size());
  }
  return all;
}

std::string show(const std::vector<Sighting>& all) {
  std::string text;
  for (const Sighting& s : all) {
    text += fmt::format(
        "{} {}{} blob {} newest {} introduced {} removed {} head {} versions {}"
        " branches {}",
        s.path, s.key, s.in_name ? " name" : "", s.blob.hex().substr(0, 8), s.newest, s.introduced,
        static_cast<int>(s.removed), s.at_head, s.versions, s.branch_count);
    for (const std::string& name : s.branches) text += " " + name;
    text += fmt::format(" tags {}", s.tag_count);
    for (const std::string& name : s.tags) text += " " + name;
    text += fmt::format(" refs {}", s.ref_count);
    for (const std::string& name : s.refs) text += " " + name;
    text += s.reachable ? " reachable\n" : "\n";
  }
  return text;
}

std::string random_path(SeededRandom& random) {
  std::string path;
  const uint64_t depth = 1 + random.below(5) / 2;
  for (uint64_t i = 0; i < depth; ++i) {
    constexpr std::array<const char*, 3> kNames = {"a", "a.b", "named"};
    path += (i == 0 ? "" : "/") + std::string(kNames[random.below(kNames.size())]);
  }
  return path;
}

// Merges of up to four parents, several roots, files that become folders, equal and skewed times.
std::string random_history(SeededRandom& random, uint64_t count) {
  std::string script;
  for (uint64_t i = 1; i <= count; ++i) {
    const uint64_t time = 1'700'000'000 + (random.below(3) == 0 ? random.below(50) : i);
    script +=
        fmt::format("commit refs/all/{0}\nmark :{0}\ncommitter C <c> {1} +0000\ndata 0\n", i, time);
    std::set<uint64_t> parents;
    if (i > 1 && random.below(12) != 0) {
      const uint64_t wanted = random.below(3) == 0 ? 1 + random.below(4) : 1;
      for (uint64_t n = 0; n < wanted; ++n) {
        const uint64_t back = 1 + random.below(std::min<uint64_t>(i - 1, 6));
        if (!parents.insert(i - back).second) continue;
        script += fmt::format("{} :{}\n", parents.size() == 1 ? "from" : "merge", i - back);
      }
    }
    for (uint64_t n = random.below(5); n > 0; --n) {
      const std::string path = random_path(random);
      if (random.below(4) == 0) {
        script += "D " + path + "\n";
      } else {
        script +=
            "M 100644 inline " + path + "\ndata 6\nblob " + std::to_string(random.below(4)) + "\n";
      }
    }
  }
  return script + "done\n";
}

TEST(FirstSeen, SaysWhatThePlainWaySays) {
  size_t seen = 0, removed = 0, changed = 0;
  for (uint64_t seed = 1; seed <= 16; ++seed) {
    SeededRandom random(seed);
    const GitRepo repo;
    const uint64_t count = 10 + random.below(30);
    repo.write("script", random_history(random, count));
    repo.run("-c fastimport.unpackLimit=1 fast-import --quiet --done < script");
    std::vector<std::string> blobs;
    for (int i = 0; i < 6; ++i) {
      blobs.push_back(repo.shell(fmt::format("printf 'blob {}' | git hash-object --stdin", i)));
    }
    const ObjectStore store = open_store(repo);
    History history;
    read_history(repo, store, history);
    ASSERT_EQ(history.commits.size(), count);

    Wanted wanted;
    wanted.blobs[*Oid::from_hex(blobs[0])] = {7};
    wanted.blobs[*Oid::from_hex(blobs[1])] = {3, 7};
    wanted.blobs[*Oid::from_hex(blobs[2])] = {};
    if (seed % 2 == 0) wanted.names["named"] = {3, 9};
    const auto any = [&] {
      return history.commits.oid(static_cast<uint32_t>(random.below(count)));
    };
    const std::vector<Ref> refs = {{"HEAD", any()},
                                   {"refs/heads/x", any()},
                                   {"refs/heads/y", any()},
                                   {"refs/notes/n", any()},
                                   {"refs/tags/t", any()}};
    SightingOptions options;
    options.refs = refs;
    options.head = refs[0].target;
    options.chunk = 1 + static_cast<uint32_t>(random.below(5));
    if (seed % 3 == 0) {
      for (uint64_t i = 0; i < count; ++i) options.in_range.push_back(random.below(2) == 0);
    }
    const std::atomic<bool> stop = false;
    const std::vector<Sighting> plain = plain_sightings(history, wanted, options);
    for (const unsigned threads : {1u, 4u}) {
      options.threads = threads;
      const Sightings found = find_sightings(store, history.commits, wanted, options, stop);
      EXPECT_EQ(show(found.all), show(plain)) << "seed " << seed << ", threads " << threads;
      EXPECT_FALSE(found.cut);
      EXPECT_TRUE(found.missing.empty());
    }
    for (const Sighting& sighting : plain) {
      ++seen;
      removed += sighting.removed != Commits::kNone;
      changed += sighting.versions > 1;
    }
  }
  // The histories are of some interest.
  EXPECT_GT(seen, 200u);
  EXPECT_GT(removed, 50u);
  EXPECT_GT(changed, 20u);
}

class FirstSeenCases : public ::testing::Test {
 protected:
  Sightings find(SightingOptions options, bool stopped = false) {
    const ObjectStore store = open_store(repo_);
    history_ = {};
    read_history(repo_, store, history_);
    options.refs = refs_;
    if (!options.head) options.head = Oid::from_hex(repo_.run("rev-parse HEAD"));
    const std::atomic<bool> stop = stopped;
    return find_sightings(store, history_.commits, wanted_, options, stop);
  }
  void want(const std::string& revision, KeyNumber key) {
    wanted_.blobs[*Oid::from_hex(repo_.run("rev-parse " + revision))] = {key};
  }

  GitRepo repo_;
  History history_;
  Wanted wanted_;
  std::vector<Ref> refs_;
};

TEST_F(FirstSeenCases, WhatOnlyAMergeHoldsIsOfTheMerge) {
  repo_.write("a", "1");
  repo_.commit("one");
  repo_.run("checkout -q -b side");
  repo_.write("b", "1");
  repo_.commit("two");
  repo_.run("checkout -q main");
  repo_.write("c", "1");
  repo_.commit("three");
  repo_.run("merge -q --no-ff --no-commit side");
  repo_.write("evil", "key");
  const std::string merge = repo_.commit("merge");
  want("HEAD:evil", 5);
  const Sightings found = find({});
  ASSERT_EQ(found.all.size(), 1u);
  EXPECT_EQ(history_.commits.oid(found.all[0].introduced).hex(), merge);
}

TEST_F(FirstSeenCases, TagsOfTagsArePeeledSixteenDeep) {
  repo_.write("a", "key");
  repo_.commit("one");
  want("HEAD:a", 1);
  repo_.run("tag -a -m x t1");
  for (int i = 2; i <= 17; ++i) repo_.run(fmt::format("tag -a -m x t{} t{}", i, i - 1));
  for (const char* tag : {"t1", "t16", "t17"}) {
    refs_.push_back({std::string("refs/tags/") + tag,
                     *Oid::from_hex(repo_.run(std::string("rev-parse ") + tag))});
  }
  refs_.push_back({"refs/tags/tree", *Oid::from_hex(repo_.run("rev-parse HEAD^{tree}"))});
  const Oid head = *Oid::from_hex(repo_.run("rev-parse HEAD"));
  refs_.push_back({"refs/remotes/origin/HEAD", head});
  refs_.push_back({"refs/remotes/origin/main", head});
  for (int i = 0; i < 30; ++i) refs_.push_back({fmt::format("refs/heads/{:02}", 29 - i), head});
  const Sightings found = find({});
  ASSERT_EQ(found.all.size(), 1u);
  EXPECT_EQ(found.all[0].tags, (std::vector<std::string>{"t1", "t16"}));
  EXPECT_EQ(found.all[0].branch_count, 31u);
  ASSERT_EQ(found.all[0].branches.size(), kMostRefs);
  EXPECT_EQ(found.all[0].branches[0], "00");
}

TEST_F(FirstSeenCases, OverTheLimitTheRestIsCutTheSameForAnyThreads) {
  for (int i = 0; i < 12; ++i) {
    repo_.write(fmt::format("f{}", 11 - i), "key");
    repo_.commit("c");
  }
  want("HEAD:f0", 1);
  SightingOptions options;
  options.most = 5;
  options.chunk = 2;
  options.threads = 1;
  const Sightings one = find(options);
  EXPECT_TRUE(one.cut);
  EXPECT_EQ(one.all.size(), 5u);
  options.threads = 4;
  EXPECT_EQ(show(find(options).all), show(one.all));
  options.most = 12;
  EXPECT_FALSE(find(options).cut);
}

TEST_F(FirstSeenCases, AMissingTreeIsToldAndTheRestIsFound) {
  repo_.write("gone/a", "key");
  repo_.commit("one");
  repo_.write("b", "key");
  repo_.write("gone/a", "other");
  repo_.commit("two");
  want("HEAD:b", 1);
  const std::string tree = repo_.run("rev-parse HEAD~1:gone");
  const ObjectStore store = open_store(repo_);
  read_history(repo_, store, history_);
  repo_.remove(".git/objects/" + tree.substr(0, 2) + "/" + tree.substr(2));
  const std::atomic<bool> stop = false;
  SightingOptions options;
  options.head = Oid::from_hex(repo_.run("rev-parse HEAD"));
  const Sightings found = find_sightings(store, history_.commits, wanted_, options, stop);
  ASSERT_EQ(found.missing.size(), 1u);
  EXPECT_EQ(found.missing[0].hex(), tree);
  ASSERT_EQ(found.all.size(), 1u);
  EXPECT_EQ(found.all[0].path, "b");
  EXPECT_TRUE(found.all[0].at_head);
}

TEST_F(FirstSeenCases, AHeadOutsideOfTheCommitsIsLookedAt) {
  repo_.write("d/a", "key");
  repo_.commit("one");
  want("HEAD:d/a", 1);
  repo_.run("checkout -q --orphan other");
  repo_.commit("two");
  SightingOptions options;
  options.head = Oid::from_hex(repo_.run("rev-parse HEAD"));
  repo_.run("checkout -q main");
  repo_.run("branch -q -D other");  // not listed, but in the store
  const Sightings found = find(options);
  ASSERT_EQ(found.all.size(), 1u);
  EXPECT_TRUE(found.all[0].at_head);
  EXPECT_EQ(found.all[0].newest, 0u);
  EXPECT_FALSE(found.all[0].reachable);
}

TEST_F(FirstSeenCases, AStoppedSearchEnds) {
  repo_.write("a", "key");
  repo_.commit("one");
  want("HEAD:a", 1);
  EXPECT_EQ(find({}, true).all.size(), 0u);
  EXPECT_EQ(find({}).all.size(), 1u);
}

// Each folder holds the next one ten times: ten to the twentieth paths.
TEST_F(FirstSeenCases, FoldersWithinFoldersThatMultiplyAreSoonDone) {
  repo_.write("key", "key");
  repo_.commit("one");
  want("HEAD:key", 1);
  repo_.shell(
      "t=$(echo x | git hash-object -w --stdin)\n"
      "t=$(printf '100644 blob %s\\tx\\n' $t | git mktree)\n"
      "for level in $(seq 20); do\n"
      "  t=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\\t%s\\n' $t $i; done | git "
      "mktree)\n"
      "done\n"
      "git update-ref refs/heads/bomb $(git commit-tree -m bomb -p HEAD $t)\n"
      "git commit-graph write --reachable >/dev/null || true");
  // git itself would list every path.
  const ObjectStore store = open_store(repo_);
  Commits commits;
  ObjectStore::Reader reader(store);
  for (const char* name : {"main", "bomb"}) {
    std::string reason;
    const Oid oid = *Oid::from_hex(repo_.run(std::string("rev-parse ") + name));
    commits.add(oid, reader.read(oid, reason)->view());
  }
  commits.finish({});
  const std::atomic<bool> stop = false;
  const Sightings found = find_sightings(store, commits, wanted_, {}, stop);
  EXPECT_FALSE(found.cut);
  ASSERT_EQ(found.all.size(), 1u);
  EXPECT_EQ(found.all[0].removed, 1u);
}

}  // namespace
}  // namespace assay
