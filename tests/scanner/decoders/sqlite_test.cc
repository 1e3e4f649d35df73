#include <gtest/gtest.h>

#include "rules/keys/mint.h"
#include "tests/scanner/decoders/opened.h"

namespace assay {
namespace {

std::string big_endian(uint64_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string varint(uint64_t value) {
  std::string out(1, static_cast<char>(value & 0x7F));
  while ((value >>= 7) != 0) out.insert(out.begin(), static_cast<char>((value & 0x7F) | 0x80));
  return out;
}

enum class Type : char { table_leaf = 0x0D, index_leaf = 0x0A, index_interior = 0x02 };

// A database made page by page. Page 1 holds the header and an empty table.
class MadeDatabase {
 public:
  explicit MadeDatabase(size_t page, size_t reserved = 0) : page_(page), usable_(page - reserved) {
    add_page(Type::table_leaf, {});
    std::string& first = pages_[0];
    first.replace(0, 16, std::string_view("SQLite format 3\0", 16));
    first.replace(16, 2, big_endian(page == 65536 ? 1 : page, 2));
    first[20] = static_cast<char>(reserved);
  }

  size_t usable() const { return usable_; }
  std::string& page(size_t number) { return pages_[number - 1]; }
  size_t count() const { return pages_.size(); }

  size_t add_page(Type type, const std::vector<std::string>& cells) {
    const size_t header = pages_.empty() ? 100 : 0;
    std::string page(page_, '\0');
    page[header] = static_cast<char>(type);
    page.replace(header + 3, 2, big_endian(cells.size(), 2));
    size_t pointers = header + (type == Type::index_interior ? 12 : 8);
    size_t end = usable_;
    for (const std::string& cell : cells) {
      end -= cell.size();
      page.replace(end, cell.size(), cell);
      page.replace(pointers, 2, big_endian(end, 2));
      pointers += 2;
    }
    pages_.push_back(page);
    return pages_.size();
  }

  // How much of a value stands in its cell, by the format's definition.
  size_t local(Type type, size_t payload) const {
    const size_t u = usable_;
    const size_t x = type == Type::table_leaf ? u - 35 : (u - 12) * 64 / 255 - 23;
    if (payload <= x) return payload;
    const size_t m = (u - 12) * 32 / 255 - 23;
    const size_t k = m + (payload - m) % (u - 4);
    return k <= x ? k : m;
  }

  // The cell that holds `value`; what does not fit stands in pages that are added here, the last
  // one first if `backward`.
  std::string cell(Type type, const std::string& value, bool backward = false) {
    std::string made = type == Type::index_interior ? big_endian(1, 4) : "";
    made += varint(value.size());
    if (type == Type::table_leaf) made += varint(77);
    const size_t here = local(type, value.size());
    made += value.substr(0, here);
    if (here == value.size()) return made;
    std::vector<std::string> parts;
    for (size_t at = here; at < value.size(); at += usable_ - 4) {
      parts.push_back(value.substr(at, usable_ - 4));
    }
    const size_t first = pages_.size() + 1, n = parts.size();
    const auto place = [&](size_t i) { return backward ? first + n - 1 - i : first + i; };
    pages_.resize(pages_.size() + n);
    for (size_t i = 0; i < n; ++i) {
      std::string page = big_endian(i + 1 < n ? place(i + 1) : 0, 4) + parts[i];
      page.resize(page_);
      pages_[place(i) - 1] = page;
    }
    return made + big_endian(place(0), 4);
  }

  // Makes a page of the list of free pages.
  void set_free(size_t trunk, const std::vector<size_t>& leaves) {
    pages_[0].replace(32, 4, big_endian(trunk, 4));
    std::string text = big_endian(0, 4) + big_endian(leaves.size(), 4);
    for (const size_t leaf : leaves) text += big_endian(leaf, 4);
    pages_[trunk - 1].replace(0, text.size(), text);
  }

  std::string bytes() const {
    std::string all;
    for (const std::string& page : pages_) all += page;
    return all;
  }

 private:
  size_t page_, usable_;
  std::vector<std::string> pages_;
};

// So that no piece of it can stand for another.
std::string value_of(size_t size, uint64_t seed) { return SeededRandom(seed).bytes(size); }

TEST(Sqlite, JoinsValuesOverPagesOfEverySize) {
  for (const size_t page : {512, 1024, 4096, 65536}) {
    for (const size_t reserved : {0, 32}) {
      for (const Type type : {Type::table_leaf, Type::index_leaf, Type::index_interior}) {
        for (const bool backward : {false, true}) {
          MadeDatabase made(page, reserved);
          const size_t u = made.usable();
          std::vector<std::string> values;
          // Around the longest value that fits in, and around the ends of overflow pages.
          for (const size_t size : {u / 8, u - 36, u - 35, u - 34, u, 2 * u - 5, 5 * u + 3}) {
            values.push_back(value_of(size, size));
          }
          size_t spilled = 0;
          for (const std::string& value : values) {
            const std::string cell = made.cell(type, value, backward);
            const size_t number = made.add_page(type, {made.cell(type, "short"), cell});
            spilled += made.local(type, value.size()) < value.size();
            const Opened opened = open_file(kSqlite, made.bytes(), 333);
            ASSERT_EQ(opened.members.size(), spilled) << page << ' ' << value.size();
            EXPECT_TRUE(opened.told.empty()) << opened.told[0];
            if (made.local(type, value.size()) == value.size()) continue;
            const OpenedMember& last = opened.members.back();
            EXPECT_EQ(last.name, "page-" + std::to_string(number) + "-cell-1");
            EXPECT_TRUE(last.bytes == value) << page << ' ' << value.size();
            EXPECT_EQ(last.failure, "");
          }
        }
      }
    }
  }
}

TEST(Sqlite, ReadsAlsoWhereOnlyForwardIsPossible) {
  MadeDatabase made(1024);
  const std::string value = value_of(9000, 1);
  made.add_page(Type::table_leaf, {made.cell(Type::table_leaf, value)});
  const std::string bytes = made.bytes();
  const Opened opened = open_forward(kSqlite, bytes);
  ASSERT_EQ(opened.members.size(), 1u);
  EXPECT_TRUE(opened.members[0].bytes == value);
  EXPECT_TRUE(opened.told.empty());

  // What is not held is told.
  const std::string padded = bytes + std::string(size_t{33} << 20, '\0');
  const Opened cut = open_forward(kSqlite, padded);
  EXPECT_EQ(cut.members.size(), 1u);
  ASSERT_EQ(cut.told.size(), 1u);
  EXPECT_NE(cut.told[0].find("longer than 32 MiB"), std::string::npos);
}

TEST(Sqlite, TellsChainsThatBreakAndGivesWhatStandsBefore) {
  struct Row {
    const char* name;
    uint32_t next;  // what the second overflow page points to, instead of the third
    const char* failure;
  };
  // Pages: 1 header, 2 3 4 overflow, 5 the table.
  for (const Row& row : {Row{"no page", 0, "its overflow pages end before its value does"},
                         Row{"behind the end", 60, "its overflow pages end before its value does"},
                         Row{"far behind", ~0u, "its overflow pages end before its value does"}}) {
    MadeDatabase made(512);
    const std::string value = value_of(400 + 3 * 508 - 300, 5);
    made.add_page(Type::table_leaf, {made.cell(Type::table_leaf, value)});
    ASSERT_EQ(made.count(), 5u);
    made.page(3).replace(0, 4, big_endian(row.next, 4));
    const Opened opened = open_file(kSqlite, made.bytes());
    ASSERT_EQ(opened.members.size(), 1u) << row.name;
    const OpenedMember& member = opened.members[0];
    EXPECT_EQ(member.failure, row.failure) << row.name;
    EXPECT_TRUE(value.starts_with(member.bytes)) << row.name;
    EXPECT_GT(member.bytes.size(), 2 * 508u) << row.name;

    // The same in a page that was given up is no damage.
    const size_t trunk = made.add_page(Type::table_leaf, {});
    made.set_free(trunk, {5});
    const Opened leftover = open_file(kSqlite, made.bytes());
    ASSERT_EQ(leftover.members.size(), 1u) << row.name;
    EXPECT_EQ(leftover.members[0].failure, "") << row.name;
    EXPECT_TRUE(leftover.members[0].bytes == member.bytes) << row.name;
  }
}

// A page full of cells that all lead into the same circle.
TEST(Sqlite, ReadsACircleNoLongerThanTheFileIs) {
  MadeDatabase made(512);
  made.cell(Type::table_leaf, value_of(100 << 10, 1));  // pages 2 to 202
  made.page(40).replace(0, 4, big_endian(2, 4));
  for (int i = 0; i < 1000; ++i) {
    made.add_page(Type::table_leaf,
                  {varint(500'000'000) + varint(1) +
                   std::string(made.local(Type::table_leaf, 500'000'000), 'x') + big_endian(2, 4)});
  }
  const std::string bytes = made.bytes();
  const Opened opened = open_file(kSqlite, bytes);
  EXPECT_EQ(opened.members.size(), 1000u);
  EXPECT_LE(opened.bytes, 2 * bytes.size());
  for (const OpenedMember& member : opened.members) {
    EXPECT_EQ(member.failure, "its overflow pages are linked in a circle");
  }
}

TEST(Sqlite, TellsDamagedPagesByNameThenTheirNumber) {
  MadeDatabase made(512);
  for (int i = 0; i < 50; ++i) {
    const size_t number = made.add_page(Type::table_leaf, {made.cell(Type::table_leaf, "a")});
    if (i % 2 == 0) made.page(number).replace(8, 2, big_endian(3, 2));
  }
  const Opened opened = open_file(kSqlite, made.bytes());
  ASSERT_EQ(opened.told.size(), 21u);
  EXPECT_EQ(opened.told[0],
            "page-2: its cells are damaged, and values that go on behind it may be missing");
  EXPECT_EQ(opened.told[20], ": 5 more of its pages are damaged");
}

TEST(Sqlite, RefusesHeadersThatSayNothing) {
  const MadeDatabase made(1024);
  EXPECT_FALSE(open_file(kSqlite, "SQLite format 4" + made.bytes().substr(15)).recognised);
  struct Row {
    const char* name;
    size_t at;
    std::string bytes;
  };
  for (const Row& row :
       {Row{"page of 0", 16, big_endian(0, 2)}, Row{"page of 256", 16, big_endian(256, 2)},
        Row{"page of 1000", 16, big_endian(1000, 2)},
        Row{"too much reserved", 16, big_endian(512, 2) + "\1\1\xFF"}}) {
    std::string bytes = made.bytes();
    bytes.replace(row.at, row.bytes.size(), row.bytes);
    const Opened opened = open_file(kSqlite, bytes);
    EXPECT_TRUE(opened.recognised) << row.name;
    EXPECT_EQ(opened.told.size(), 1u) << row.name;
  }
  EXPECT_EQ(open_file(kSqlite, made.bytes().substr(0, 50)).told.size(), 1u);
}

TEST(Sqlite, HoldsTheLimits) {
  MadeDatabase made(512);
  for (int i = 0; i < 5; ++i) {
    made.add_page(Type::table_leaf, {made.cell(Type::table_leaf, value_of(3000, 1))});
  }
  ContainerLimits members;
  members.members = 3;
  const Opened three = open_file(kSqlite, made.bytes(), 100, members);
  EXPECT_EQ(three.members.size(), 3u);
  ASSERT_EQ(three.told.size(), 1u);
  EXPECT_TRUE(three.told[0].starts_with("page-"));

  ContainerLimits bytes;
  bytes.bytes = 5000;
  const Opened cut = open_file(kSqlite, made.bytes(), 100, bytes);
  ASSERT_EQ(cut.members.size(), 2u);
  EXPECT_EQ(cut.members[0].failure, "");
  EXPECT_NE(cut.members[1].failure, "");
  EXPECT_LE(cut.bytes, 5000u);
}

// Cut short at every byte, and with bits flipped: nothing but an end is promised, and no more bytes
// than the file may hold twice.
TEST(Sqlite, EndsOnAnyDamage) {
  MadeDatabase made(512);
  std::vector<std::string> cells;
  for (const size_t size : {600, 900, 3000}) {
    cells.push_back(made.cell(Type::index_leaf, value_of(size, size)));
  }
  made.add_page(Type::index_leaf, cells);
  const size_t trunk = made.add_page(Type::table_leaf, {});
  made.set_free(trunk, {2, 3});
  const std::string whole = made.bytes();
  for (size_t size = 0; size < whole.size(); ++size) {
    open_file(kSqlite, whole.substr(0, size));
  }
  SeededRandom random(1);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = whole;
    for (int i = 0; i < 20; ++i) {
      // Mostly where lengths and numbers of pages stand.
      const size_t at = 16 + random.below(round % 2 == 0 ? 100 : bytes.size() - 16);
      bytes[at] = static_cast<char>(bytes[at] ^ 1 << random.below(8));
    }
    const Opened opened = open_file(kSqlite, bytes, 1 + random.below(600));
    EXPECT_LE(opened.bytes, 4 * bytes.size());
  }
}

}  // namespace
}  // namespace assay
