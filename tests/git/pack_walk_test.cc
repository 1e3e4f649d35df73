#include "git/pack_walk.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "tests/git/plain_delta.h"
#include "tests/git/random_repo.h"

namespace assay {
namespace {

// Notes each object, and that what the walk carries along is true: it leaves the text's length and
// places in Carried, and compares them with what comes with each delta.
class Noting final : public ObjectVisitor {
 public:
  void visit(const Oid& oid, ObjectType type, std::string_view text, const Carried* base,
             std::span<const CopiedRange> copied, Carried& own) override {
    if (delay.count() > 0) std::this_thread::sleep_for(delay);
    seen.emplace_back(oid, GitObject{type, std::string(text)});
    EXPECT_TRUE(own.hits.empty() && own.marks.empty() && !own.known) << "left over";
    if (base != nullptr) {
      ++with_base;
      ASSERT_TRUE(base->known);
      ASSERT_FALSE(base->hits.empty());
      // The base's bytes, where the delta copies them: sampled as hits.
      const size_t base_size = base->marks.at(0);
      for (const CopiedRange& range : copied) {
        ASSERT_LE(range.from + range.size, base_size);
        ASSERT_LE(range.at + range.size, text.size());
        const size_t last = range.size - 1;
        for (const size_t at : {size_t{0}, last / 2, last}) {
          ASSERT_EQ(base->hits.at(1 + range.from + at).anchor,
                    static_cast<unsigned char>(text[range.at + at]));
        }
      }
    }
    own.known = true;
    own.marks.push_back(text.size());
    own.hits.push_back({});
    for (size_t i = 0; i < text.size(); ++i) {
      own.hits.push_back({i, static_cast<unsigned char>(text[i])});
    }
  }
  void visit_large(const Oid& oid, ObjectType type, Reader& reader) override {
    ++streamed;
    std::string text, buffer(3000, '\0');
    Reader::Result result;
    while ((result = reader.read(buffer, -1)).status == Reader::Status::data) {
      text.append(buffer, 0, result.bytes);
    }
    if (result.status == Reader::Status::end) seen.emplace_back(oid, GitObject{type, text});
  }

  std::vector<std::pair<Oid, GitObject>> seen;
  size_t with_base = 0, streamed = 0;
  std::chrono::microseconds delay{0};
};

struct Walked {
  std::map<Oid, GitObject> objects;
  size_t visits = 0, with_base = 0, streamed = 0;
  std::vector<size_t> by_worker;
  std::vector<std::string> told;  // "kind: reason"
};

bool all_wanted(const Oid&) { return true; }

Walked walk(const ObjectStore& store, unsigned threads, const WalkOptions& options = {},
            const std::function<bool(const Oid&)>& wanted = all_wanted,
            std::chrono::microseconds delay = {}) {
  Walked all;
  for (const auto& pack : store.packs()) {
    std::vector<Noting> visitors(threads);
    std::vector<ObjectVisitor*> each;
    for (Noting& visitor : visitors) {
      visitor.delay = delay;
      each.push_back(&visitor);
    }
    const std::atomic<bool> stop{false};
    walk_pack(
        store, *pack, each, wanted, options,
        [&](Diagnostic&& problem) {
          EXPECT_EQ(problem.path, pack->path());
          all.told.push_back(std::string(to_string(problem.kind)) + ": " + problem.reason);
        },
        stop);
    for (Noting& visitor : visitors) {
      all.visits += visitor.seen.size();
      all.with_base += visitor.with_base;
      all.streamed += visitor.streamed;
      all.by_worker.push_back(visitor.seen.size());
      all.objects.insert(visitor.seen.begin(), visitor.seen.end());
    }
  }
  return all;
}

ObjectStore open(const std::string& folder) {
  return ObjectStore({folder}, [](Diagnostic&& problem) { ADD_FAILURE() << problem.reason; });
}

TEST(PackWalk, EachObjectIsVisitedOnceWithItsText) {
  for (const char* repack : {"repack -qadf --depth=50 --window=50", "repack -qadf --depth=250",
                             "-c repack.useDeltaBaseOffset=false repack -qadf --depth=10"}) {
    const GitRepo repo;
    import_random(repo, 30, 60);
    repo.run(repack);
    const auto expected = all_objects(repo);
    const ObjectStore store = open(repo.path(".git/objects"));
    size_t deltas = 0;
    for (const unsigned threads : {1u, 2u, 8u}) {
      for (const uint64_t held : {uint64_t{0}, uint64_t{50'000}, uint64_t{96} << 20}) {
        for (const uint64_t large : {uint64_t{0}, uint64_t{3'000}, uint64_t{48} << 20}) {
          SCOPED_TRACE(fmt::format("{} threads, {} held, {} large", threads, held, large));
          WalkOptions options;
          options.held = held;
          options.large = large;
          const Walked walked = walk(store, threads, options);
          EXPECT_EQ(walked.visits, expected.size());
          ASSERT_TRUE(walked.objects == expected);
          EXPECT_TRUE(walked.told.empty()) << walked.told[0];
          EXPECT_EQ(walked.streamed > 0, large < 10'000);
          if (threads == 1 && large > 10'000) deltas = walked.with_base;
        }
      }
    }
    EXPECT_GT(deltas, 40u) << "there is something to carry";
  }
}

TEST(PackWalk, OnlyWhatIsWantedIsVisited) {
  const GitRepo repo;
  import_random(repo, 31, 60);
  repo.run("repack -qadf --depth=50");
  auto expected = all_objects(repo);
  const auto wanted = [](const Oid& oid) { return oid.bytes[5] % 3 == 0; };
  std::erase_if(expected, [&](const auto& object) { return !wanted(object.first); });
  const Walked walked = walk(open(repo.path(".git/objects")), 2, {}, wanted);
  EXPECT_EQ(walked.visits, expected.size());
  EXPECT_TRUE(walked.objects == expected);
  EXPECT_TRUE(walked.told.empty());
}

// One base with many deltas, and deltas of these: nothing to share but subtrees.
TEST(PackWalk, OneTreeIsSharedByTheWorkers) {
  SeededRandom random(5);
  std::map<Oid, GitObject> expected;
  std::vector<std::pair<uint64_t, std::string>> made;  // where, text
  MadePack pack;
  made.emplace_back(pack.here(), random.bytes(3000));
  expected[pack.add(ObjectType::blob, made[0].second)] = {ObjectType::blob, made[0].second};
  while (made.size() < 300) {
    const auto [offset, base] = made[random.below(made.size())];
    std::string result;
    const std::string instructions = random_delta(base, random, result);
    const Oid oid = oid_of(ObjectType::blob, result);
    if (result.empty() || result.size() > 6000 || expected.contains(oid)) continue;
    made.emplace_back(pack.here(), result);
    pack.add_delta(offset, delta_header(base.size(), result.size()) + instructions, result);
    expected[oid] = {ObjectType::blob, result};
  }
  const ScratchFolder folder;
  pack.write(folder.path() + "/pack/pack-made");
  const ObjectStore store = open(folder.path());
  for (const uint64_t held : {uint64_t{0}, uint64_t{1} << 20}) {
    WalkOptions options;
    options.held = held;
    const Walked walked = walk(store, 4, options, all_wanted, std::chrono::microseconds(200));
    EXPECT_EQ(walked.visits, expected.size());
    EXPECT_TRUE(walked.objects == expected);
    EXPECT_TRUE(walked.told.empty());
    for (const size_t visits : walked.by_worker)
      EXPECT_GT(visits, 10u) << "subtrees are given away";
  }
}

TEST(PackWalk, DamageIsToldWithPackAndOffsetForAnyNumberOfThreads) {
  const std::string right = delta_header(9, 4) + copy_op(0, 4);
  const auto by_id = [&](const Oid& base, const std::string& delta) {
    return entry_head(7, delta.size()) + raw(base) + deflated(delta);
  };
  const Oid base = oid_of(ObjectType::blob, "some text");
  const Oid one = made_up_oid(1), two = made_up_oid(2);
  const auto at = [](const std::string& what) {
    return "unreadable: the object at offset 30 of the pack is damaged: " + what;
  };
  const auto lost = [](int count, int of) {
    return fmt::format(
        "unreadable: {} of its {} objects cannot be read, the first of them at "
        "offset 30: they or what they are deltas of are damaged",
        count, of);
  };
  const struct {
    const char* what;
    std::vector<std::pair<Oid, std::string>> entries;
    std::vector<std::string> told;
  } rows[] = {
      {"nothing wrong", {{oid_of(ObjectType::blob, "some"), by_id(base, right)}}, {}},
      {"damaged bytes",
       {{one, entry_head(3, 9) + "damaged"}},
       {at("its compressed bytes are damaged"), lost(1, 2)}},
      {"unknown type",
       {{one, entry_head(5, 9) + deflated("some text")}},
       {at("its type is 5, which is not known"), lost(1, 2)}},
      {"base is missing",
       {{one, by_id(two, right)}},
       {at("the base of its delta is missing or damaged"), lost(1, 2)}},
      {"delta of a damaged one",
       {{one, entry_head(3, 9) + "damaged"}, {two, by_id(one, right)}},
       {at("its compressed bytes are damaged"), lost(2, 3)}},
      {"cycle of two", {{one, by_id(two, right)}, {two, by_id(one, right)}}, {lost(2, 3)}},
      {"cycle of one", {{one, by_id(one, right)}}, {lost(1, 2)}},
      {"base of another size",
       {{one, by_id(base, delta_header(8, 4) + copy_op(0, 4))}},
       {at("its delta does not fit its base"), lost(1, 2)}},
      {"out of the base",
       {{one, by_id(base, delta_header(9, 4) + copy_op(7, 4))}},
       {at("its delta is damaged"), lost(1, 2)}},
      {"result of 1 TiB",
       {{one, by_id(base, delta_header(9, uint64_t{1} << 40) + copy_op(0, 4))}},
       {"limit: the object at offset 30 of the pack is left out: it is too large",
        "limit: 1 of its 2 objects are left out: they or what they are deltas of take too much "
        "memory or work"}},
  };
  for (const auto& row : rows) {
    const ScratchFolder folder;
    MadePack pack;
    pack.add(ObjectType::blob, "some text");
    ASSERT_EQ(pack.here(), 30u);
    for (const auto& [oid, entry] : row.entries) pack.add_entry(oid, entry);
    pack.write(folder.path() + "/pack/pack-made");
    const ObjectStore store = open(folder.path());
    for (const unsigned threads : {1u, 2u, 8u}) {
      const Walked walked = walk(store, threads);
      EXPECT_EQ(walked.told, row.told) << row.what;
      EXPECT_TRUE(walked.objects.contains(base)) << row.what;
    }
  }
}

TEST(PackWalk, BytesThatDoNotFitTheirChecksumAreTold) {
  const ScratchFolder folder;
  MadePack pack;
  pack.add(ObjectType::blob, "some text");
  pack.rows[0].crc ^= 1;
  pack.write(folder.path() + "/pack/pack-made");
  EXPECT_EQ(walk(open(folder.path()), 1).told,
            std::vector<std::string>{"unreadable: the object at offset 12 of the pack is damaged: "
                                     "its bytes do not fit the checksum in the index"});
}

TEST(PackWalk, ManyDamagedObjectsAreToldInOrderAndThenCounted) {
  const ScratchFolder folder;
  MadePack pack;
  for (uint64_t i = 0; i < 50; ++i) pack.add_entry(made_up_oid(i), entry_head(3, 9) + "damaged");
  pack.write(folder.path() + "/pack/pack-made");
  const ObjectStore store = open(folder.path());
  const Walked one = walk(store, 1);
  ASSERT_EQ(one.told.size(), kMostTold + 2);
  EXPECT_NE(one.told[0].find("at offset 12 "), std::string::npos);
  EXPECT_EQ(one.told[kMostTold], "unreadable: 30 more objects of the pack are damaged");
  EXPECT_EQ(walk(store, 8).told, one.told);
}

TEST(PackWalk, BasesElsewhereAreFoundInOtherPacksAndLoose) {
  const ScratchFolder folder;
  const std::string text = "some text";
  const Oid base = oid_of(ObjectType::blob, text);
  MadePack pack;
  const Oid oid =
      pack.add_delta(base, delta_header(9, 11) + copy_op(0, 9) + insert_op("ed"), "some texted");
  pack.add_delta(uint64_t{12}, delta_header(11, 4) + copy_op(0, 4), "some");
  pack.write(folder.path() + "/pack/pack-made");
  EXPECT_EQ(walk(open(folder.path()), 1).told.size(), 2u) << "it is missing";
  write_file(folder.path() + "/" + base.hex().substr(0, 2) + "/" + base.hex().substr(2),
             deflated(with_header(ObjectType::blob, text)));
  for (const uint64_t held : {0, 1000}) {
    WalkOptions options;
    options.held = held;
    const Walked walked = walk(open(folder.path()), 2, options);
    EXPECT_TRUE(walked.told.empty());
    EXPECT_EQ(walked.objects.at(oid).text, "some texted");
    EXPECT_EQ(walked.objects.size(), 2u);
  }
}

constexpr uint64_t kMebibyte = uint64_t{1} << 20;

// A base of a mebibyte, a chain of `deep` deltas of it that change the first byte, and `wide` ones
// of each of these.
MadePack versions(int deep, int wide) {
  MadePack pack;
  std::string text(kMebibyte, 'x');
  uint64_t base = pack.here();
  pack.add(ObjectType::blob, text);
  const auto change = [&](char to, int number) {
    text.replace(0, 8, fmt::format("{}{:07}", to, number));
    const uint64_t here = pack.here();
    pack.add_delta(base,
                   delta_header(kMebibyte, kMebibyte) + insert_op(text.substr(0, 8)) +
                       copy_op(8, kMebibyte - 8),
                   text);
    return here;
  };
  for (int i = 0; i < deep; ++i) {
    const uint64_t next = change('d', i);
    for (int k = 0; k < wide; ++k) change('w', i * wide + k);
    base = next;
  }
  return pack;
}

struct Counted {
  size_t visits = 0;
  std::vector<std::string> told;
};
Counted count_visits(const MadePack& pack, unsigned threads, const WalkOptions& options) {
  struct Counting final : ObjectVisitor {
    void visit(const Oid&, ObjectType, std::string_view, const Carried*,
               std::span<const CopiedRange>, Carried&) override {
      ++count;
    }
    void visit_large(const Oid&, ObjectType, Reader&) override { ++count; }
    size_t count = 0;
  };
  const ScratchFolder folder;
  pack.write(folder.path() + "/pack/pack-made");
  const ObjectStore store = open(folder.path());
  std::vector<Counting> counting(threads);
  std::vector<ObjectVisitor*> visitors;
  for (Counting& visitor : counting) visitors.push_back(&visitor);
  const std::atomic<bool> stop{false};
  Counted counted;
  walk_pack(
      store, *store.packs()[0], visitors, all_wanted, options,
      [&](Diagnostic&& problem) {
        counted.told.push_back(std::string(to_string(problem.kind)) + ": " + problem.reason);
      },
      stop);
  for (const Counting& visitor : counting) counted.visits += visitor.count;
  return counted;
}

// 41 versions: their texts are charged once each, however often bases are inflated again.
TEST(PackWalk, VersionsOfAFileAreNoBombForAnyNumberOfThreads) {
  const MadePack pack = versions(20, 1);
  for (const uint64_t held : {uint64_t{0}, 3 * kMebibyte, uint64_t{96} << 20}) {
    for (const unsigned threads : {1u, 2u, 8u}) {
      WalkOptions options;
      options.held = held;
      options.ratio = 0;
      options.most = 41 * kMebibyte;
      const Counted all = count_visits(pack, threads, options);
      EXPECT_EQ(all.visits, 41u) << threads << " threads, " << held << " held";
      EXPECT_TRUE(all.told.empty()) << all.told[0];
      --options.most;
      const Counted fewer = count_visits(pack, threads, options);
      ASSERT_EQ(fewer.told.size(), 1u);
      EXPECT_TRUE(
          fewer.told[0].starts_with("limit: 1 of its 41 objects are left out: all of them "
                                    "would inflate to more than "))
          << fewer.told[0];
    }
  }
}

// Each of eight bases is needed twice, and none may be held: the largest subtree goes last.
TEST(PackWalk, BasesAreDroppedAtTheirLastDeltaAndSeldomInflatedAgain) {
  WalkOptions options;
  options.held = 0;
  options.ratio = 0;
  options.most = 17 * kMebibyte;
  EXPECT_TRUE(count_visits(versions(8, 1), 1, options).told.empty());
}

// With no text held, the base of four chains is inflated again for each but the first; the limit
// allows that once.
TEST(PackWalk, WorkOnBasesIsBoundedAndItsEndIsNoDamage) {
  MadePack pack;
  pack.add(ObjectType::blob, std::string(kMebibyte, 'x'));
  // Four chains of one base: each but the first takes the base again.
  for (int i = 0; i < 4; ++i) {
    uint64_t base = 12;
    for (int k = 0; k < 2; ++k) {
      const std::string small = fmt::format("{}", i * 2 + k);
      const uint64_t here = pack.here();
      const uint64_t size = k == 0 ? kMebibyte : 1;
      pack.add_delta(base, delta_header(size, 1) + insert_op(small), small);
      base = here;
    }
  }
  WalkOptions options;
  options.held = 0;
  options.ratio = 0;
  options.most = kMebibyte + 8;
  const Counted counted = count_visits(pack, 1, options);
  EXPECT_EQ(counted.visits, 5u) << "the base, the first chain, and one more for the work of one";
  ASSERT_EQ(counted.told.size(), 3u);
  for (const std::string& told : counted.told) EXPECT_TRUE(told.starts_with("limit: ")) << told;
  EXPECT_NE(counted.told[2].find("4 of its 9 objects are left out"), std::string::npos);
}

TEST(PackWalk, LargeTextsAreHeldByOneThreadAtATime) {
  const MadePack pack = versions(6, 5);
  for (const uint64_t alone : {uint64_t{0}, kMebibyte - 1, kMebibyte}) {
    for (const unsigned threads : {1u, 2u, 8u}) {
      WalkOptions options;
      options.alone = alone;
      options.held = kMebibyte;
      const Counted all = count_visits(pack, threads, options);
      EXPECT_EQ(all.visits, 37u);
      EXPECT_TRUE(all.told.empty()) << all.told[0];
      options.deltas = kMebibyte - 1;
      const Counted none = count_visits(pack, threads, options);
      EXPECT_EQ(none.visits, 1u) << "the whole one";
      EXPECT_EQ(none.told,
                (std::vector<std::string>{
                    "limit: the object at offset 12 of the pack is left out: it is too large to be "
                    "the base of others",
                    "limit: 36 of its 37 objects are left out: they or what they are deltas of "
                    "take too much memory or work"}));
    }
  }
}

// A base of a mebibyte, and deltas of a few bytes that each make four of it.
TEST(PackWalk, PackThatInflatesToTooMuchIsGivenUpSoon) {
  MadePack pack;
  pack.add(ObjectType::blob, std::string(kMebibyte, 'x'));
  std::string delta = delta_header(kMebibyte, 4 * kMebibyte);
  for (int i = 0; i < 4; ++i) delta += copy_op(0, kMebibyte);
  for (int i = 0; i < 500; ++i) pack.add_delta(uint64_t{12}, delta, std::to_string(i));
  WalkOptions options;
  options.most = 20 * kMebibyte;
  options.ratio = 1;
  std::vector<std::string> first;
  for (const unsigned threads : {1u, 4u}) {
    const Counted counted = count_visits(pack, threads, options);
    ASSERT_EQ(counted.told.size(), 1u);
    EXPECT_TRUE(counted.told[0].starts_with("limit: 496 of its 501 objects are left out: "))
        << counted.told[0];
    EXPECT_LT(counted.visits, 12u);
    if (first.empty()) first = counted.told;
    EXPECT_EQ(counted.told, first);
  }
}

TEST(PackWalk, EndsSoonOnceStopped) {
  const GitRepo repo;
  import_random(repo, 32, 60);
  repo.run("repack -qadf --depth=50");
  const ObjectStore store = open(repo.path(".git/objects"));
  struct Stopping final : ObjectVisitor {
    void visit(const Oid&, ObjectType, std::string_view, const Carried*,
               std::span<const CopiedRange>, Carried&) override {
      if (++*count == 5) *stop = true;
    }
    void visit_large(const Oid&, ObjectType, Reader&) override {}
    std::atomic<int>* count;
    std::atomic<bool>* stop;
  };
  for (const unsigned threads : {1u, 2u, 8u}) {
    std::atomic<int> count{0};
    std::atomic<bool> stop{false};
    std::vector<Stopping> stopping(threads);
    std::vector<ObjectVisitor*> visitors;
    for (Stopping& visitor : stopping) {
      visitor.count = &count;
      visitor.stop = &stop;
      visitors.push_back(&visitor);
    }
    walk_pack(
        store, *store.packs()[0], visitors, all_wanted, {},
        [](Diagnostic&& problem) { ADD_FAILURE() << problem.reason; }, stop);
    EXPECT_GE(count, 5);
    EXPECT_LT(count, 5 + static_cast<int>(threads));
  }
}

// An index may name one place twice, or places that are none.
TEST(PackWalk, AnyIndexIsWalkedToAnEnd) {
  const GitRepo repo;
  import_random(repo, 33, 12);
  repo.run("repack -qadf --depth=50");
  const ObjectStore right = open(repo.path(".git/objects"));
  const std::string name = right.packs()[0]->path();
  const std::string index = GitRepo::read(name.substr(0, name.size() - 5) + ".idx");
  const std::string pack = GitRepo::read(name);
  const ScratchFolder folder;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    SeededRandom random(seed);
    std::string bad_index = index, bad_pack = pack;
    for (int i = 0; i < 6; ++i) {
      if (seed % 2 == 0) {
        bad_pack[12 + random.below(pack.size() - 12)] = static_cast<char>(random.below(256));
      } else {
        // Somewhere in the table of offsets: one of the offsets, also of another object.
        const size_t objects = right.packs()[0]->count();
        const size_t table = 8 + 1024 + objects * 24;
        const std::string other = index.substr(table + 4 * random.below(objects), 4);
        bad_index.replace(table + 4 * random.below(objects), 4,
                          random.below(2) == 0 ? other : random.bytes(4));
      }
    }
    write_file(folder.path() + "/pack/pack-bad.pack", bad_pack);
    write_file(folder.path() + "/pack/pack-bad.idx", bad_index);
    const ObjectStore store = open(folder.path());
    ASSERT_EQ(store.packs().size(), 1u);
    const Walked one = walk(store, 1);
    EXPECT_FALSE(one.told.empty()) << seed;
    EXPECT_LE(one.visits, right.packs()[0]->count());
    const Walked many = walk(store, 4);
    EXPECT_EQ(one.told, many.told) << seed;
    EXPECT_TRUE(one.objects == many.objects) << seed;
  }
}

}  // namespace
}  // namespace assay
