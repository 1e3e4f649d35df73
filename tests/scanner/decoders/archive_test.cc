#include <algorithm>
#include <chrono>
#include <random>

#include "tests/scanner/decoders/archives.h"
#include "tests/scanner/decoders/containers.h"
#include "tests/scanner/decoders/streams.h"

namespace assay {
namespace {

using Members = std::vector<MadeMember>;

struct Row {
  std::string_view format;
  std::string_view what;
  std::string (*make)(const Members&);
  bool proves;     // it has checksums of the contents
  bool any_order;  // its members come in an order of its own
};

const Row kRows[] = {
    {"zip", "deflate",
     [](const Members& m) { return make_archive(archive_write_set_format_zip, m); }, true, false},
    {"zip", "stored",
     [](const Members& m) {
       return make_archive(archive_write_set_format_zip, m, "zip:compression=store");
     },
     true, false},
    {"tar", "ustar",
     [](const Members& m) { return make_archive(archive_write_set_format_ustar, m); }, false,
     false},
    {"tar", "pax", [](const Members& m) { return make_archive(archive_write_set_format_pax, m); },
     false, false},
    {"tar", "gnu",
     [](const Members& m) { return make_archive(archive_write_set_format_gnutar, m); }, false,
     false},
    {"tar", "v7", [](const Members& m) { return make_archive(archive_write_set_format_v7tar, m); },
     false, false},
    {"7z", "lzma",
     [](const Members& m) {
       return make_archive(archive_write_set_format_7zip, m, "7zip:compression=lzma1");
     },
     true, true},
    {"7z", "deflate",
     [](const Members& m) {
       return make_archive(archive_write_set_format_7zip, m, "7zip:compression=deflate");
     },
     true, true},
    {"cpio", "odc",
     [](const Members& m) { return make_archive(archive_write_set_format_cpio_odc, m); }, false,
     false},
    {"cpio", "newc",
     [](const Members& m) { return make_archive(archive_write_set_format_cpio_newc, m); }, false,
     false},
    {"cpio", "binary",
     [](const Members& m) { return make_archive(archive_write_set_format_cpio_bin, m); }, false,
     false},
    {"ar", "bsd", [](const Members& m) { return make_archive(archive_write_set_format_ar_bsd, m); },
     false, false},
    {"ar", "svr4",
     [](const Members& m) { return make_archive(archive_write_set_format_ar_svr4, m); }, false,
     false},
    {"iso", "rock ridge",
     [](const Members& m) { return make_archive(archive_write_set_format_iso9660, m); }, false,
     true},
    {"cab", "stored", make_cab, false, false},
    {"rpm", "cpio, gzip",
     [](const Members& m) {
       return make_rpm(gzipped(make_archive(archive_write_set_format_cpio_newc, m)));
     },
     false, false},
};

Members sorted(const ReadContainer& read) {
  Members members;
  for (const ReadMember& member : read.members) members.push_back({member.name, member.text});
  std::sort(members.begin(), members.end(),
            [](const MadeMember& a, const MadeMember& b) { return a.name < b.name; });
  return members;
}

// Whether it needs its end, or all of it, so that a stream of it is read another way.
bool streams(const Row& row) { return row.format != "iso"; }

TEST(Archive, GivesNamesAndContents) {
  const Members made = {{"app.log", sample_text(3'000'000)},
                        {"b.txt", "short\n"},
                        {"none", ""},
                        {"zeros", std::string(100'000, '\0')}};
  for (const Row& row : kRows) {
    SCOPED_TRACE(testing::Message() << row.format << ", " << row.what);
    const std::string packed = row.make(made);
    for (const size_t step : {size_t{0}, size_t{4099}}) {
      if (step != 0 && !streams(row)) continue;
      for (const size_t span : {size_t{100'000}}) {
        const ReadContainer read = read_container(packed, "outer", step, span);
        ASSERT_TRUE(read.opened);
        EXPECT_EQ(read.format, row.format);
        EXPECT_TRUE(read.diagnostics.empty()) << read.diagnostics[0].reason;
        const Members got = sorted(read);
        ASSERT_EQ(got.size(), made.size());
        for (size_t i = 0; i < made.size(); ++i) {
          EXPECT_EQ(got[i].name, made[i].name);
          EXPECT_TRUE(got[i].text == made[i].text) << made[i].name;
          if (!row.any_order) {
            EXPECT_EQ(read.members[i].name, made[i].name);
          }
        }
      }
    }
  }
}

TEST(Archive, TakesAnyStepAndAnySpan) {
  const Members made = {{"a.txt", sample_text(9000)}, {"b.txt", sample_text(300)}};
  for (const Row& row : kRows) {
    if (!streams(row)) continue;
    SCOPED_TRACE(testing::Message() << row.format << ", " << row.what);
    const std::string packed = row.make(made);
    for (const size_t step : {0u, 1u, 7u}) {
      for (const size_t span : {1u, 13u}) {
        const Members got = sorted(read_container(packed, "", step, span));
        ASSERT_EQ(got.size(), 2u);
        EXPECT_TRUE(got[0].text == made[0].text && got[1].text == made[1].text);
      }
    }
  }
}

TEST(Archive, MembersThatAreNotReadAreSkipped) {
  const Members made = {
      {"a", sample_text(300'000)}, {"b", sample_text(300'000)}, {"c", "the last"}};
  for (const Row& row : kRows) {
    SCOPED_TRACE(testing::Message() << row.format << ", " << row.what);
    const std::string packed = row.make(made);
    const ViewReader outer(packed);
    ContainerBudget budget({}, packed.size());
    const auto container =
        open_container(const_cast<ViewReader&>(outer),
                       std::string_view(packed).substr(0, kContainerHead), "", budget);
    ASSERT_TRUE(container);
    std::string last;
    while (auto member = container->next()) {
      char some[100];
      if (member->name == "b") member->bytes->read(some, -1);
      if (member->name == "c") last = read_all(*member->bytes).first;
    }
    EXPECT_EQ(last, "the last");
    EXPECT_TRUE(container->take_diagnostics().empty());
  }
}

TEST(Archive, FoldersLinksAndDevicesAreLeftOut) {
  for (const auto format : {archive_write_set_format_pax, archive_write_set_format_cpio_newc}) {
    ArchiveMaker maker(format);
    maker.add("folder", "", AE_IFDIR);
    maker.add("folder/file", "content");
    maker.add("folder/symbolic", "", AE_IFLNK, "file");
    maker.add("folder/fifo", "", AE_IFIFO);
    maker.add("folder/device", "", AE_IFCHR);
    const ReadContainer read = read_container(maker.finish());
    ASSERT_EQ(read.members.size(), 1u);
    EXPECT_EQ(read.members[0].name, "folder/file");
    EXPECT_TRUE(read.diagnostics.empty());
  }
  ArchiveMaker maker(archive_write_set_format_ustar);
  maker.add("file", "content");
  maker.add("hard", "", AE_IFREG, "file");
  EXPECT_EQ(read_container(maker.finish()).members.size(), 1u);
}

TEST(Archive, NamesOfAnyBytesAreKept) {
  const std::string names[] = {"../../etc/passwd",
                               "/absolute",
                               "with\ttab\x01\x7F",
                               "\xFF\xFE\x80",
                               "caf\xC3\xA9 \xE2\x82\xAC",
                               "caf\xE9",
                               std::string(64 << 10, 'n'),

                               "a!/b",
                               " "};
  Members made;
  for (const std::string& name : names) made.push_back({name, "content"});
  for (const auto format : {archive_write_set_format_zip, archive_write_set_format_gnutar,
                            archive_write_set_format_cpio_newc}) {
    const bool zip = format == archive_write_set_format_zip;
    Members few = made;
    if (zip) few.erase(few.begin() + 6);  // its lengths have two bytes
    const ReadContainer read = read_container(make_archive(format, few));
    ASSERT_EQ(read.members.size(), few.size());
    for (size_t i = 0; i < few.size(); ++i) {
      EXPECT_EQ(read.members[i].name, few[i].name);
      EXPECT_EQ(read.members[i].text, "content");
    }
  }
}

// pax says that its names are UTF-8, zip may, 7z and Joliet have UTF-16.
TEST(Archive, NamesBeyondAsciiComeInUtf8) {
  const std::string name =
      "Gr\xC3\xB6\xC3\x9F"
      "e-\xE2\x82\xAC-\xF0\x9F\x94\x91";
  const std::string record = " path=" + name + "\n";
  const std::string length = std::to_string(record.size() + 2);
  const std::string pax = length + record;
  ArchiveMaker plain(archive_write_set_format_ustar);
  plain.add("extended", pax);
  plain.add("short", "content");
  std::string tar = plain.finish();
  tar[156] = 'x';  // the first member is the header of the second
  sign_tar_header(tar, 0);
  const ReadContainer read = read_container(tar);
  ASSERT_EQ(read.members.size(), 1u);
  EXPECT_EQ(read.members[0].name, name);
  EXPECT_EQ(read.members[0].text, "content");
}

TEST(Archive, CutShortGivesWhatIsThereAndSaysSo) {
  const Members made = {{"a.txt", sample_text(20'000)}, {"b.txt", sample_text(9000)}};
  for (const Row& row : kRows) {
    SCOPED_TRACE(testing::Message() << row.format << ", " << row.what);
    const std::string packed = row.make(made);
    // What stands behind the last member is missed only where it says where the members are.
    const size_t text_at = packed.rfind(made[1].text.substr(8900));
    const size_t last = row.format == "zip"            ? packed.find("PK\1\2")
                        : text_at == std::string::npos ? packed.size()
                                                       : text_at + 100;
    for (size_t size = 1; size < packed.size(); size += 97) {
      const ReadContainer read = read_container(std::string_view(packed).substr(0, size));
      if (!read.opened) {
        EXPECT_LT(size, row.format == "iso" ? 40'000u : 512u);
        continue;
      }
      for (const ReadMember& member : read.members) {
        const bool prefix = std::any_of(made.begin(), made.end(), [&](const MadeMember& one) {
          return one.text.starts_with(member.text);
        });
        EXPECT_TRUE(prefix) << size << ' ' << member.name;
      }
      // `ar` has no end mark: cut between two members it is whole.
      const bool whole =
          row.format == "ar" && read.members.size() == 1 && read.members[0].text == made[0].text;
      if (size < last && !whole) {
        EXPECT_FALSE(read.diagnostics.empty()) << size;
      }
    }
  }
}

TEST(Archive, FlippedBitsDoNoHarm) {
  const Members made = {{"a.txt", sample_text(3000)}, {"b.txt", sample_text(500)}};
  std::mt19937 random(7);
  for (const Row& row : kRows) {
    SCOPED_TRACE(testing::Message() << row.format << ", " << row.what);
    const std::string packed = row.make(made);
    for (int round = 0; round < 500; ++round) {
      const size_t bit = random() % (packed.size() * 8);
      std::string flipped = packed;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
      const ReadContainer read = read_container(flipped);
      if (!read.opened || !row.proves || !read.diagnostics.empty()) continue;
      for (const ReadMember& member : read.members) {
        EXPECT_TRUE(member.text == made[0].text || member.text == made[1].text)
            << bit << ' ' << member.text.size();
      }
    }
  }
}

TEST(Archive, EncryptedMembersAreNamed) {
  const Members made = {{"a.txt", sample_text(5000)}, {"b.txt", "short"}};
  for (const std::string_view options :
       {"zip:encryption=traditional", "zip:encryption=aes128", "zip:encryption=aes256"}) {
    const std::string packed = make_archive(archive_write_set_format_zip, made, options);
    for (const size_t step : {size_t{0}, size_t{1000}}) {
      const ReadContainer read = read_container(packed, "", step);
      ASSERT_GE(read.members.size(), step == 0 ? 2u : 1u) << options;
      for (const ReadMember& member : read.members) {
        EXPECT_EQ(member.text, "");
        EXPECT_TRUE(read.says(member.name, "it is encrypted")) << options;
      }
      EXPECT_EQ(read.diagnostics[0].remedy, "Decrypt it and scan what comes out.");
    }
  }
}

TEST(Archive, ADamagedMemberOfAZipDoesNotHideTheOthers) {
  const Members made = {
      {"a.txt", sample_text(50'000)}, {"b.txt", sample_text(60'000)}, {"c.txt", "the last\n"}};
  std::string packed = make_archive(archive_write_set_format_zip, made);
  const size_t at = packed.find("b.txt") + 2000;
  packed.replace(at, 64, 64, '\xFF');
  const ReadContainer read = read_container(packed);
  ASSERT_EQ(read.members.size(), 3u);
  EXPECT_TRUE(read.members[0].text == made[0].text);
  EXPECT_TRUE(made[1].text.starts_with(read.members[1].text.substr(0, 1000)));
  EXPECT_EQ(read.members[2].text, "the last\n");
  ASSERT_EQ(read.diagnostics.size(), 1u);
  EXPECT_EQ(read.diagnostics[0].path, "b.txt");
}

TEST(Archive, ABadChecksumIsNamedAndTheTextIsGiven) {
  const Members made = {{"a.txt", sample_text(5000)}, {"b.txt", "good"}};
  std::string packed = make_archive(archive_write_set_format_zip, made, "zip:compression=store");
  const size_t at = packed.find(made[0].text) + 2500;
  packed[at] = static_cast<char>(packed[at] ^ 1);
  const ReadContainer read = read_container(packed);
  ASSERT_EQ(read.members.size(), 2u);
  EXPECT_EQ(read.members[0].text.size(), made[0].text.size());
  EXPECT_TRUE(read.says("a.txt", "its checksum does not hold"));
  EXPECT_EQ(read.members[1].text, "good");
}

TEST(Archive, AnUnknownMethodIsNamed) {
  std::string packed =
      make_archive(archive_write_set_format_zip, {{"a.txt", sample_text(5000)}, {"b.txt", "good"}});
  const size_t local = packed.find("PK\3\4"), listed = packed.find("PK\1\2");
  packed[local + 8] = 97;
  packed[listed + 10] = 97;
  const ReadContainer read = read_container(packed);
  ASSERT_EQ(read.members.size(), 2u);
  EXPECT_TRUE(read.says("a.txt", "the method that compresses it is not known"));
  EXPECT_EQ(read.members[1].text, "good");
}

TEST(Archive, AZipWithABrokenDirectoryIsReadInOrder) {
  const Members made = {{"a.txt", sample_text(5000)}, {"b.txt", "good"}};
  std::string packed = make_archive(archive_write_set_format_zip, made);
  packed[packed.find("PK\1\2")] = 'X';
  const ReadContainer read = read_container(packed);
  ASSERT_EQ(read.members.size(), 2u);
  EXPECT_EQ(read.members[0].text, made[0].text);
  EXPECT_EQ(read.members[1].text, "good");
}

TEST(Archive, AnEmptyZipHoldsNothing) {
  const std::string packed = std::string("PK\5\6", 4) + std::string(18, '\0');
  for (const size_t step : {0u, 5u}) {
    const ReadContainer read = read_container(packed, "", step);
    EXPECT_TRUE(read.opened);
    EXPECT_TRUE(read.members.empty());
    EXPECT_TRUE(read.diagnostics.empty()) << read.diagnostics[0].reason;
  }
}

TEST(Archive, ATarThatEndsBetweenMembersIsCutShort) {
  const Members made = {{"a.txt", sample_text(512)}, {"b.txt", sample_text(512)}};
  const std::string packed = make_archive(archive_write_set_format_ustar, made);
  for (const size_t step : {0u, 100u}) {
    const ReadContainer read = read_container(packed.substr(0, 1024), "", step);
    EXPECT_EQ(read.members.size(), 1u);
    EXPECT_TRUE(read.says("", "the tar archive is cut short; 1 of its members was read before"));
  }
}

TEST(Archive, TarsThatFollowEachOtherAreRead) {
  const std::string one = make_archive(archive_write_set_format_ustar, {{"a", "1"}});
  const std::string two = make_archive(archive_write_set_format_ustar, {{"b", "2"}});
  const ReadContainer read = read_container(one + two);
  ASSERT_EQ(read.members.size(), 2u);
  EXPECT_EQ(read.members[1].text, "2");
  EXPECT_TRUE(read.diagnostics.empty());
}

TEST(Archive, ADamagedTarHeaderIsToldOfAndTheRestIsRead) {
  const Members made = {{"a", "1"}, {"b", "2"}, {"c", "3"}};
  std::string packed = make_archive(archive_write_set_format_ustar, made);
  packed[1024] = 'X';
  const ReadContainer read = read_container(packed);
  EXPECT_TRUE(read.says("", "the tar archive is damaged; 1 of its members was read before"));
  ASSERT_NE(read.find("c"), nullptr);
  EXPECT_EQ(read.find("c")->text, "3");
}

TEST(Archive, AnArchiveWithoutMembersIsWhole) {
  for (const Row& row : kRows) {
    if (row.format != "tar" && row.format != "cpio" && row.format != "zip") continue;
    const ReadContainer read = read_container(row.make({}));
    EXPECT_TRUE(read.members.empty()) << row.what;
    EXPECT_TRUE(read.diagnostics.empty()) << row.what;
  }
}

// GNU's sparse header: three bytes at the end of 8 EiB.
TEST(Archive, HolesAreNotFilled) {
  std::string tar =
      make_archive(archive_write_set_format_ustar, {{"sparse", "end"}, {"after", "content"}});
  const std::string far = "\x80" + big(0, 3) + big(INT64_MAX - 3, 8);
  tar[156] = 'S';
  tar.replace(257, 8, "ustar  ", 8);
  tar.replace(386, 23, far + "00000000003");
  tar.replace(483, 12, "\x80" + big(0, 3) + big(INT64_MAX, 8));
  sign_tar_header(tar, 0);
  const ReadContainer read = read_container(tar);
  ASSERT_EQ(read.members.size(), 2u);
  EXPECT_EQ(read.members[0].text, "end");
  EXPECT_EQ(read.members[1].text, "content");
  EXPECT_TRUE(read.diagnostics.empty());
}

TEST(Archive, TooManyMembersEndAtTheLimit) {
  const std::string one = make_archive(archive_write_set_format_ustar, {{"a", ""}}).substr(0, 512);
  EndlessBlob outer(one);
  ContainerBudget budget({}, 1 << 20);
  std::string head(kContainerHead, '\0');
  outer.read(head, -1);
  const auto container = open_container(outer, head, "", budget);
  ASSERT_TRUE(container);
  uint64_t members = 0;
  while (container->next()) ++members;
  EXPECT_EQ(members, 1'000'000u);
  const auto told = container->take_diagnostics();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind, Diagnostic::Kind::limit);
  EXPECT_EQ(told[0].path, "a");
  EXPECT_EQ(told[0].reason, "it holds more than 1000000 members");
  EXPECT_NE(told[0].remedy.find("--max-members"), std::string::npos);
}

TEST(Archive, BombsEndAtTheLimitAlsoIfTheyAreNotRead) {
  const Members made = {{"a", std::string(16 << 20, '\0')}, {"b", "2"}};
  for (const Row& row : kRows) {
    if (!row.proves || row.what == "stored") continue;
    const std::string packed = row.make(made);
    for (const bool reads : {true, false}) {
      if (!reads && row.format == "zip") continue;  // its directory says where the next one is
      SCOPED_TRACE(testing::Message() << row.format << ", " << row.what << reads);
      ViewReader outer(packed);
      ContainerLimits limits;
      limits.bytes = 1 << 20;
      ContainerBudget budget(limits, packed.size());
      const auto container =
          open_container(outer, std::string_view(packed).substr(0, kContainerHead), "", budget);
      const auto member = container->next();
      ASSERT_TRUE(member);
      ASSERT_EQ(member->name, "a");
      if (reads) {
        const auto [text, failure] = read_all(*member->bytes);
        EXPECT_LE(text.size(), 2u << 20);
        ASSERT_TRUE(failure);
        EXPECT_EQ(failure->kind, Diagnostic::Kind::limit);
        EXPECT_EQ(failure->path, "a");
        EXPECT_EQ(failure->reason, "it inflates to more than 1 MiB");
      }
      EXPECT_FALSE(container->next());
      EXPECT_TRUE(budget.spent());
    }
  }
}

TEST(Archive, WhatIsNotOpenedIsToldOf) {
  const std::pair<std::string_view, std::string> rows[] = {
      {"rar", std::string("Rar!\x1A\x07\0", 7) + std::string(100, 'x')},
      {"rar", std::string("Rar!\x1A\x07\1\0", 8) + std::string(100, 'x')},
      {"lha", "\x20\x20-lh5-" + std::string(14, '\0') + std::string(100, 'x')},
  };
  for (const auto& [format, bytes] : rows) {
    const ReadContainer read = read_container(bytes);
    EXPECT_EQ(read.format, format);
    EXPECT_TRUE(read.members.empty());
    EXPECT_TRUE(read.says("", "archives are not opened"));
  }
}

// Former bug: libarchive was called again after this, and crashed.
TEST(Archive, ADamagedCabinetEndsThere) {
  std::string packed = make_cab({{"a", "GET /health 200\n"}, {"b/c", ""}});
  packed.resize(packed.find("GET"));
  packed.replace(packed.size() - 8, 8, "GET /hea");
  const ReadContainer read = read_container(packed);
  EXPECT_TRUE(read.opened);
  EXPECT_FALSE(read.diagnostics.empty());
}

TEST(Archive, TextsAndOtherBinariesAreNotTaken) {
  std::string old_tar(512, 'a');
  const std::pair<std::string_view, std::string> rows[] = {
      {"PK", "PK is not enough, nor is PK34"},
      {"ustar in a text", std::string(257, 'x') + "ustar" + std::string(600, 'x')},
      {"a block of letters", old_tar},
      {"cpio's magic", "070707 is a number\n" + sample_text(200)},
      {"cpio's magic, binary", "\xC7\x71" + sample_text(200)},
      {"zeros", std::string(50'000, '\0')},
      {"text with lh5", "xx-lh5- and more text than a header of it has"},
      {"MSCF", "MSCF stands for a cabinet file"},
      {"CD001", std::string(40'000, '\0') + "CD001"},
  };
  for (const auto& [name, text] : rows) EXPECT_FALSE(read_container(text, "a.txt").opened) << name;
}

}  // namespace
}  // namespace assay
