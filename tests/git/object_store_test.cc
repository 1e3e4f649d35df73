// What we read against what git reads.
#include "git/object_store.h"

#include <gtest/gtest.h>

#include <chrono>

#include "git/pack.h"
#include "tests/git/plain_delta.h"
#include "tests/git/random_repo.h"

namespace assay {
namespace {

ObjectStore open(std::vector<std::string> folders) {
  return ObjectStore(std::move(folders),
                     [](Diagnostic&& problem) { ADD_FAILURE() << problem.reason; });
}

void expect_all(const ObjectStore& store, const std::map<Oid, GitObject>& expected, size_t kept) {
  ASSERT_GT(expected.size(), 50u);
  ObjectStore::Reader reader(store, kept);
  for (const auto& [oid, object] : expected) {
    std::string reason = "none yet";
    const auto read = reader.read(oid, reason);
    ASSERT_TRUE(read) << oid.hex() << ": " << reason;
    ASSERT_EQ(read->type, object.type);
    ASSERT_EQ(read->view(), object.text) << oid.hex();
    ASSERT_TRUE(store.contains(oid));
    ASSERT_TRUE(reader.read(oid, object.type, reason));
    const auto other = object.type == ObjectType::blob ? ObjectType::tree : ObjectType::blob;
    ASSERT_FALSE(reader.read(oid, other, reason));
  }
  std::string reason;
  EXPECT_FALSE(reader.read(made_up_oid(1), reason));
  EXPECT_EQ(reason, "it is missing");
  EXPECT_FALSE(store.contains(made_up_oid(1)));
}

TEST(ObjectStore, EveryObjectIsReadAsGitReadsIt) {
  const struct {
    const char* what;
    bool loose;
    const char* repack;  // or nothing
    size_t packs;
  } rows[] = {
      {"loose", true, "", 0},
      {"as fast-import packs", false, "", 1},
      {"few deltas", false, "repack -qadf --depth=1", 1},
      {"chains of 50", false, "repack -qadf --depth=50 --window=50", 1},
      {"chains of 250", false, "repack -qadf --depth=250 --window=50", 1},
      {"bases by id", false, "-c repack.useDeltaBaseOffset=false repack -qadf --window=30", 1},
      {"index of version 1", false, "-c pack.indexVersion=1 repack -qadf", 1},
      {"several packs", false,
       "rev-list --objects c30 | cut -c-40 | git pack-objects -q .git/objects/pack/pack", 2},
  };
  uint64_t seed = 0;
  for (const auto& row : rows) {
    const GitRepo repo;
    import_random(repo, ++seed, 60, row.loose);
    if (*row.repack != '\0') repo.run(row.repack);
    const auto expected = all_objects(repo);
    const ObjectStore store = open({repo.path(".git/objects")});
    EXPECT_EQ(store.packs().size(), row.packs) << row.what;
    EXPECT_EQ(store.loose([](Diagnostic&&) {}).size(), row.loose ? expected.size() : 0);
    for (const size_t kept : {0, 30'000, 24 << 20}) {
      SCOPED_TRACE(row.what);
      expect_all(store, expected, kept);
    }
  }
}

TEST(ObjectStore, ObjectsOfAlternatesAreReadToo) {
  const GitRepo repo;
  import_random(repo, 20, 40);
  repo.run("clone -q --bare --shared . ../copy");
  const ObjectStore store = open({repo.outside() + "/copy/objects", repo.path(".git/objects")});
  expect_all(store, all_objects(repo), 1 << 20);
}

// A pack as a fetch sends it, whose deltas have bases elsewhere, with an index all the same.
TEST(ObjectStore, BasesInOtherPacksAndLooseAreFound) {
  const GitRepo repo;
  const std::string objects = repo.path(".git/objects");
  SeededRandom random(4);
  std::map<Oid, GitObject> expected;
  std::string base = random.bytes(2000);
  Oid oid = oid_of(ObjectType::blob, base);
  write_file(objects + "/" + oid.hex().substr(0, 2) + "/" + oid.hex().substr(2),
             deflated(with_header(ObjectType::blob, base)));
  expected[oid] = {ObjectType::blob, base};
  for (int i = 0; i < 60; ++i) {  // one delta a pack, each of the one before
    std::string result;
    do {
      result.clear();
      const std::string instructions = random_delta(base, random, result);
      if (result.size() < 100 || result.size() > 5000) continue;
      MadePack pack;
      oid = pack.add_delta(oid, delta_header(base.size(), result.size()) + instructions, result);
      pack.write(objects + fmt::format("/pack/pack-{:02}", i));
    } while (result.size() < 100 || result.size() > 5000);
    expected[oid] = {ObjectType::blob, result};
    base = result;
  }
  expect_all(open({objects}), expected, 0);
}

// Why the object cannot be read, and that this is known soon.
std::string refusal(const ObjectStore& store, const Oid& oid) {
  const auto begin = std::chrono::steady_clock::now();
  ObjectStore::Reader reader(store);
  std::string reason;
  EXPECT_FALSE(reader.read(oid, reason));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  return reason;
}

TEST(ObjectStore, CyclesEnd) {
  const Oid a = made_up_oid(1), b = made_up_oid(2);
  const std::string delta = delta_header(4, 4) + copy_op(0, 4);
  const auto entry = [&](const Oid& base) {
    return entry_head(MadePack::kRefDelta, delta.size()) + raw(base) + deflated(delta);
  };
  const ScratchFolder folder;
  MadePack pack;
  pack.add_entry(a, entry(b));
  pack.add_entry(b, entry(a));
  pack.add_entry(made_up_oid(3), entry(made_up_oid(3)));
  pack.write(folder.path() + "/one/pack/pack-made");
  const ObjectStore one = open({folder.path() + "/one"});
  EXPECT_EQ(refusal(one, a), "its chain of deltas has no end");
  EXPECT_EQ(refusal(one, made_up_oid(3)), "its chain of deltas has no end");
  // Through packs, of which many hold each: the ways are without number.
  for (int i = 0; i < 40; ++i) {
    MadePack part;
    part.add_entry(i % 2 == 0 ? a : b, entry(i % 2 == 0 ? b : a));
    part.add_entry(made_up_oid(100 + i), "x");
    part.write(folder.path() + fmt::format("/many/pack/pack-{}", i));
  }
  EXPECT_EQ(refusal(open({folder.path() + "/many"}), a),
            "the base of its delta cannot be read: too many of its bases stand in other packs");
}

TEST(ObjectStore, DamageIsRefusedWithTheReason) {
  const std::string right = delta_header(9, 4) + copy_op(0, 4);
  const uint64_t kBase = 12;
  const struct {
    const char* what;
    std::string entry, reason;
  } rows[] = {
      {"no object", "", "no object can begin there"},
      {"damaged bytes", entry_head(3, 9) + "not deflated", "its compressed bytes are damaged"},
      {"other size", entry_head(3, 8) + deflated("some text"), "its compressed bytes are damaged"},
      {"declared too large", entry_head(3, uint64_t{600} << 20) + deflated("some text"),
       "its size, 629145600 bytes, is more than the pack can hold"},
      {"base is missing", entry_head(7, right.size()) + raw(made_up_oid(9)) + deflated(right),
       "the base of its delta cannot be read: it is missing"},
      {"base of another size",
       entry_head(7, 4) + raw(oid_of(ObjectType::blob, "some text")) +
           deflated(delta_header(8, 4) + copy_op(0, 4)),
       "its delta is damaged"},
      {"out of the base",
       entry_head(7, 5) + raw(oid_of(ObjectType::blob, "some text")) +
           deflated(delta_header(9, 4) + copy_op(8, 4)),
       "its delta is damaged"},
      {"result of 1 TiB",
       entry_head(7, 11) + raw(oid_of(ObjectType::blob, "some text")) +
           deflated(delta_header(9, uint64_t{1} << 40) + copy_op(0, 9) + "\x01x"),
       "it is larger than 536870912 bytes"},
  };
  for (const auto& row : rows) {
    const ScratchFolder folder;
    MadePack pack;
    EXPECT_EQ(pack.here(), kBase);
    pack.add(ObjectType::blob, "some text");
    pack.add_entry(made_up_oid(1), row.entry);
    pack.write(folder.path() + "/pack/pack-made");
    const ObjectStore store = open({folder.path()});
    EXPECT_EQ(refusal(store, made_up_oid(1)), row.reason) << row.what;
    EXPECT_TRUE(store.contains(made_up_oid(1)));
  }
}

// Each delta of a few hundred bytes makes 400 MiB.
TEST(ObjectStore, ChainOfHugeTextsIsGivenUp) {
  const uint64_t kHuge = uint64_t{400} << 20;
  const uint64_t kBase = uint64_t{1} << 20;
  std::string grow, same;
  for (uint64_t at = 0; at < kHuge; at += kBase) grow += copy_op(0, kBase);
  constexpr uint64_t kMostCopy = 0xffffff;
  for (uint64_t at = 0; at < kHuge; at += kMostCopy) {
    same +=
        copy_op(static_cast<uint32_t>(at), static_cast<uint32_t>(std::min(kMostCopy, kHuge - at)));
  }
  MadePack pack;
  pack.add(ObjectType::blob, std::string(kBase, 'x'));
  uint64_t last = pack.here();
  pack.add_delta(uint64_t{12}, delta_header(kBase, kHuge) + grow, "0");
  for (int i = 1; i < 200; ++i) {
    const uint64_t here = pack.here();
    pack.add_delta(last, delta_header(kHuge, kHuge) + same, std::to_string(i));
    last = here;
  }
  const ScratchFolder folder;
  pack.write(folder.path() + "/pack/pack-made");
  EXPECT_EQ(refusal(open({folder.path()}), oid_of(ObjectType::blob, "199")),
            "it takes more than 4294967296 bytes of deltas and bases");
}

TEST(ObjectStore, WholeCopyIsTakenWhereAnotherIsDamaged) {
  const ScratchFolder folder;
  const Oid oid = oid_of(ObjectType::blob, "some text");
  MadePack bad, good;
  bad.add_entry(oid, entry_head(3, 9) + "damaged");
  good.add(ObjectType::blob, "some text");
  bad.write(folder.path() + "/pack/pack-1");
  good.write(folder.path() + "/pack/pack-2");
  std::string reason;
  const ObjectStore store = open({folder.path()});
  ObjectStore::Reader reader(store);
  const auto object = reader.read(oid, reason);
  ASSERT_TRUE(object) << reason;
  EXPECT_EQ(object->view(), "some text");
}

TEST(ObjectStore, PacksThatCannotBeUsedAreToldAndTheRestIsUsed) {
  const ScratchFolder folder;
  MadePack pack;
  const Oid oid = pack.add(ObjectType::blob, "some text");
  pack.write(folder.path() + "/pack/pack-good");
  write_file(folder.path() + "/pack/pack-lone.pack", pack.pack());
  write_file(folder.path() + "/pack/pack-idx.idx", pack.index());
  write_file(folder.path() + "/pack/pack-bad.pack", pack.pack());
  write_file(folder.path() + "/pack/pack-bad.idx", "no index");
  write_file(folder.path() + "/pack/tmp_pack_x1y2z3", pack.pack());
  std::string told;
  const ObjectStore store({folder.path(), folder.path() + "/nowhere"}, [&](Diagnostic&& problem) {
    EXPECT_EQ(problem.kind, Diagnostic::Kind::unreadable);
    told += problem.path.substr(problem.path.rfind('/') + 1) + ": " + problem.reason + "\n";
  });
  EXPECT_EQ(told,
            "pack-lone.pack: it has no index\n"
            "pack-bad.pack: its index cannot be used: it is cut short\n"
            "pack-idx.pack: it is missing\n");
  EXPECT_TRUE(store.contains(oid));
}

}  // namespace
}  // namespace assay
