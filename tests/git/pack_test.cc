#include "git/pack.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "rules/keys/mint.h"
#include "tests/git/git_repo.h"
#include "tests/git/made_pack.h"
#include "tests/git/plain_delta.h"

namespace assay {
namespace {

// Three blobs, one of them a delta by offset and one by id.
MadePack small_pack() {
  MadePack pack;
  const Oid base = pack.add(ObjectType::blob, "some text");
  pack.add_delta(uint64_t{12}, delta_header(9, 4) + copy_op(0, 4), "some");
  pack.add_delta(base, delta_header(9, 11) + copy_op(0, 9) + insert_op("ed"), "some texted");
  return pack;
}

// Asks everything of a pack, as the walk would; what is wrong with it is no failure.
void use(const Pack& pack) {
  Inflater inflater;
  std::string reason;
  for (uint32_t i = 0; i < pack.count(); ++i) {
    pack.find(pack.oid(i));
    pack.crc(i);
    PackEntry entry;
    if (pack.read_entry(pack.offset(i), entry, reason)) {
      EXPECT_TRUE(reason.empty()) << reason;
      EXPECT_GT(entry.data, pack.offset(i));
      EXPECT_LE(entry.data, pack.size());
      if (entry.by_offset) {
        EXPECT_LT(entry.base_offset, pack.offset(i));
      }
      pack.inflate(entry, inflater);
    } else {
      EXPECT_FALSE(reason.empty());
    }
  }
  for (unsigned first = 0; first < 256; ++first) {
    Oid oid;
    oid.bytes.fill(static_cast<unsigned char>(first));
    pack.find(oid);
  }
  pack.fault();
}

// Why a pack of these bytes is not opened, or "".
std::string refusal(const ScratchFolder& folder, std::string_view pack, std::string_view index) {
  const std::string name = folder.path() + "/pack-made";
  write_file(name + ".pack", pack);
  write_file(name + ".idx", index);
  std::string reason;
  const auto opened = Pack::open(name, reason);
  if (opened != nullptr) use(*opened);
  EXPECT_EQ(opened == nullptr, !reason.empty());
  return reason;
}

TEST(Pack, IndexesOfBothVersionsAndLargeOffsetsSayTheSame) {
  const ScratchFolder folder;
  MadePack made = small_pack();
  const struct {
    const char* what;
    std::string index;
    bool has_crc;
  } rows[] = {{"version 1", made.index(1), false},
              {"version 2", made.index(2), true},
              {"all offsets of 64 bits", made.index(2, true), true}};
  for (const auto& row : rows) {
    ASSERT_EQ(refusal(folder, made.pack(), row.index), "") << row.what;
    std::string reason;
    const auto pack = Pack::open(folder.path() + "/pack-made", reason);
    ASSERT_NE(pack, nullptr);
    EXPECT_EQ(pack->fault(), "") << row.what;
    ASSERT_EQ(pack->count(), made.rows.size());
    for (const MadePack::Row& object : made.rows) {
      const auto position = pack->find(object.oid);
      ASSERT_TRUE(position) << row.what;
      EXPECT_EQ(pack->oid(*position), object.oid);
      EXPECT_EQ(pack->offset(*position), object.offset) << row.what;
      EXPECT_EQ(pack->crc(*position), row.has_crc ? std::optional(object.crc) : std::nullopt);
    }
    EXPECT_FALSE(pack->find(made_up_oid(1)));
  }
}

TEST(Pack, OffsetsPast32BitsAreReadFromTheirTable) {
  const ScratchFolder folder;
  MadePack made = small_pack();
  made.rows[1].offset = (uint64_t{7} << 32) + 5;
  ASSERT_EQ(refusal(folder, made.pack(), made.index()), "");
  std::string reason;
  const auto pack = Pack::open(folder.path() + "/pack-made", reason);
  const uint64_t offset = pack->offset(*pack->find(made.rows[1].oid));
  EXPECT_EQ(offset, made.rows[1].offset);
  PackEntry entry;
  EXPECT_FALSE(pack->read_entry(offset, entry, reason));
  EXPECT_EQ(reason, "no object can begin there");
}

TEST(Pack, CutAtAnyByteIsRefusedOrUsedWithinItsEnd) {
  const ScratchFolder folder;
  const MadePack made = small_pack();
  const std::string pack = made.pack();
  for (const std::string& index : {made.index(1), made.index(2), made.index(2, true)}) {
    for (size_t size = 0; size < index.size(); ++size) {
      // The first 1,000 bytes of counts are all alike.
      if (size > 50 && size < 1000) continue;
      const std::string reason = refusal(folder, pack, index.substr(0, size));
      // Eight bytes less may be a table of large offsets that has one less.
      if (reason.empty()) {
        EXPECT_EQ((index.size() - size) % 8, 0u) << size;
      }
    }
  }
  for (size_t size = 0; size < pack.size(); ++size)
    refusal(folder, pack.substr(0, size), made.index());
  EXPECT_EQ(refusal(folder, pack.substr(0, 31), made.index()), "it is not a pack");
}

TEST(Pack, WhatDoesNotFitIsRefusedOrToldAsAFault) {
  const MadePack made = small_pack();
  const auto changed = [](std::string bytes, size_t at, std::string_view by) {
    return bytes.replace(at, by.size(), by);
  };
  const std::string pack = made.pack(), index = made.index(), old = made.index(1);
  const struct {
    const char* what;
    std::string pack, index, reason, fault;
  } rows[] = {
      {"right", pack, index, "", ""},
      {"other magic", changed(pack, 0, "KCAP"), index, "it is not a pack", ""},
      {"version 3", changed(pack, 4, big_endian(3, 4)), index, "", ""},
      {"version 4", changed(pack, 4, big_endian(4, 4)), index,
       "its version is 4, and only 2 and 3 are known", ""},
      {"more objects told", changed(pack, 8, big_endian(4, 4)), index,
       "it says that it holds 4 objects, and its index 3", ""},
      {"index of version 3", pack, changed(index, 4, big_endian(3, 4)),
       "its index cannot be used: its version is not known", ""},
      {"counts that go down", pack, changed(index, 8 + 4 * 255, big_endian(0, 4)),
       "its index cannot be used: its table of counts is damaged", ""},
      {"a first count of 2^32 - 1", pack, changed(index, 8, big_endian(0xffffffff, 4)),
       "its index cannot be used: its table of counts is damaged", ""},
      {"a last count of 2^32 - 1", pack, changed(index, 8 + 4 * 255, big_endian(0xffffffff, 4)),
       "its index cannot be used: it is cut short", ""},
      {"the same, version 1", pack, changed(old, 4 * 255, big_endian(0xffffffff, 4)),
       "its index cannot be used: it is cut short", ""},
      {"version 1 with more behind", pack, old + "12345678",
       "its index cannot be used: its length is wrong", ""},
      {"version 2 with seven bytes more", pack, index + "1234567",
       "its index cannot be used: its length is wrong", ""},
      {"empty index", pack, "", "its index cannot be used: it is cut short", ""},
      {"the pack's checksum is another", changed(pack, pack.size() - 1, "?"), index, "",
       "it is not the pack that its index is about"},
      {"the index's checksum is wrong", pack, changed(index, index.size() - 1, "?"), "",
       "the checksum of its index does not hold"},
      {"an id is wrong", pack, changed(index, 8 + 1024, "?"), "",
       "the checksum of its index does not hold"},
  };
  const ScratchFolder folder;
  for (const auto& row : rows) {
    EXPECT_EQ(refusal(folder, row.pack, row.index), row.reason) << row.what;
    std::string reason;
    const auto opened = Pack::open(folder.path() + "/pack-made", reason);
    if (opened != nullptr) {
      EXPECT_EQ(opened->fault(), row.fault) << row.what;
    }
  }
}

TEST(Pack, EntriesThatCannotBeAreRefusedWithTheReason) {
  const std::string kNine(9, '\xff');
  const struct {
    const char* what;
    std::string bytes;
    std::string reason;
  } rows[] = {
      {"type 0", entry_head(0, 4) + deflated("text"), "its type is 0, which is not known"},
      {"type 5", entry_head(5, 4) + deflated("text"), "its type is 5, which is not known"},
      {"size past 64 bits", "\xb0" + kNine + "\x7f", "its header is damaged"},
      {"endless size", "\xb0" + std::string(40, '\x80'), "its header is damaged"},
      {"size that nothing holds", entry_head(3, uint64_t{1} << 62) + deflated("text"),
       "its size, 4611686018427387904 bytes, is more than the pack can hold"},
      {"base at itself", entry_head(6, 4) + distance(0) + deflated("text"),
       "its base would lie outside of the pack"},
      {"base in the header", entry_head(6, 4) + distance(1) + deflated("text"),
       "its base would lie outside of the pack"},
      {"base far before the pack",
       entry_head(6, 4) + distance(uint64_t{1} << 40) + deflated("text"),
       "its base would lie outside of the pack"},
      {"base at more than 64 bits", entry_head(6, 4) + kNine + kNine + "\x7f",
       "its header is damaged"},
      {"base cut off", entry_head(6, 4) + "\x80", "its header is damaged"},
      {"id of the base cut off", entry_head(7, 4) + std::string(19, 'x'), "its header is damaged"},
      {"size cut off", "\xb0", "its header is damaged"},
      {"nothing", "", "no object can begin there"},
  };
  const ScratchFolder folder;
  for (const auto& row : rows) {
    MadePack made;
    made.add_entry(made_up_oid(1), row.bytes);
    ASSERT_EQ(refusal(folder, made.pack(), made.index()), "") << row.what;
    std::string reason;
    const auto pack = Pack::open(folder.path() + "/pack-made", reason);
    PackEntry entry;
    EXPECT_FALSE(pack->read_entry(12, entry, reason)) << row.what;
    EXPECT_EQ(reason, row.reason) << row.what;
    for (const uint64_t offset : {uint64_t{0}, uint64_t{11}, pack->size() - 20, pack->size(),
                                  uint64_t{1} << 40, UINT64_MAX}) {
      EXPECT_FALSE(pack->read_entry(offset, entry, reason)) << row.what << offset;
    }
  }
}

TEST(Pack, AnyByteMayBeAnother) {
  const ScratchFolder folder;
  const MadePack made = small_pack();
  SeededRandom random(3);
  const std::string right[] = {made.pack(), made.index(1), made.index(2, true)};
  for (int round = 0; round < 3000; ++round) {
    std::string pack = right[0], index = right[1 + random.below(2)];
    for (uint64_t left = 1 + random.below(4); left > 0; --left) {
      std::string& changed = random.below(3) == 0 ? pack : index;
      // Most of an index is its table of counts: half of the changes go behind it.
      const size_t skip = &changed == &index && random.below(2) == 0 ? 1024 : 0;
      changed[skip + random.below(changed.size() - skip)] = static_cast<char>(random.below(256));
    }
    refusal(folder, pack, index);
  }
}

TEST(Pack, WhatIsMissingOrNoFileIsSaid) {
  const ScratchFolder folder;
  const std::string name = folder.path() + "/pack-made";
  std::string reason;
  EXPECT_EQ(Pack::open(name, reason), nullptr);
  EXPECT_EQ(reason, "its index cannot be used: it is missing");
  write_file(name + ".idx", small_pack().index());
  EXPECT_EQ(Pack::open(name, reason), nullptr);
  EXPECT_EQ(reason, "it is missing");
  ASSERT_EQ(std::system(("mkfifo " + name + ".pack").c_str()), 0);
  EXPECT_EQ(Pack::open(name, reason), nullptr);
  EXPECT_EQ(reason, "it is not a regular file");
}

}  // namespace
}  // namespace assay
