#include "git/loose.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/git/git_repo.h"
#include "tests/git/made_pack.h"

namespace assay {
namespace {

using namespace std::string_literals;

const Oid kText = oid_of(ObjectType::blob, "some text");

// The object under kText's id: "blob some text", or why it cannot be read.
std::string read(const std::string& folder) {
  std::string reason;
  const auto object = LooseObject::open(folder, kText, reason);
  if (object == nullptr) return "not opened: " + reason;
  EXPECT_TRUE(reason.empty()) << reason;
  Inflater inflater;
  const auto text = object->read(inflater, reason);
  if (!text) return "not read: " + reason;
  EXPECT_EQ(text->size, object->size());
  return std::string(to_string(object->type())) + " " + std::string(text->view());
}

TEST(Loose, ObjectIsReadOrRefusedWithItsReason) {
  const std::string kDamaged = "not read: its compressed bytes are damaged";
  const std::string kHeader = "not opened: its header is damaged";
  const std::string kUnfit = "not read: its text does not fit its id";
  const std::string whole = deflated("blob 9\0some text"s);
  const struct {
    const char* what;
    std::string file, result;
  } rows[] = {
      {"a blob", whole, "blob some text"},
      {"with bytes behind it", whole + "garbage", "blob some text"},
      {"cut in the middle", whole.substr(0, whole.size() / 2), ""},
      {"without its checksum", whole.substr(0, whole.size() - 4), kDamaged},
      {"size too small", deflated("blob 8\0some text"s), kDamaged},
      {"size too large", deflated("blob 10\0some text"s), kDamaged},
      {"another type", deflated("tree 9\0some text"s), kUnfit},
      {"another text", deflated("blob 9\0same text"s), kUnfit},
      {"a size written oddly", deflated("blob 09\0some text"s), kUnfit},
      {"no such type", deflated("blub 9\0some text"s), kHeader},
      {"no type", deflated(" 9\0some text"s), kHeader},
      {"\"none\" is no type", deflated("none 9\0some text"s), kHeader},
      {"no size", deflated("blob \0some text"s), kHeader},
      {"negative size", deflated("blob -9\0some text"s), kHeader},
      {"size with a letter", deflated("blob 9a\0some text"s), kHeader},
      {"size with a blank before", deflated("blob  9\0some text"s), kHeader},
      {"size of more than 64 bits", deflated("blob 99999999999999999999\0some text"s), kHeader},
      {"size without an end", deflated("blob 9"), kHeader},
      {"an endless header", deflated("blob " + std::string(100'000, '0') + "9\0some text"s),
       kHeader},
      {"the blank behind the end", deflated("blob9\0some text"s), kHeader},
      {"a size that no such file holds", deflated("blob 99999999\0some text"s),
       "not opened: its size is more than its file can hold"},
      {"the largest size there is", deflated("blob 18446744073709551615\0some text"s),
       "not opened: its size is more than its file can hold"},
      {"nothing inside", deflated(""), kHeader},
      {"empty", "", kHeader},
      {"no zlib stream", "blob 9\0some text"s, kHeader},
  };
  const ScratchFolder folder;
  EXPECT_EQ(read(folder.path()), "not opened: it is missing");
  for (const auto& row : rows) {
    write_file(loose_path(folder.path(), kText), row.file);
    EXPECT_TRUE(has_loose(folder.path(), kText));
    const std::string result = read(folder.path());
    if (row.result.empty()) {
      EXPECT_TRUE(result.starts_with("not ")) << row.what;
    } else {
      EXPECT_EQ(result, row.result) << row.what;
    }
  }
}

TEST(Loose, WhatIsNoFileIsRefusedAtOnce) {
  const ScratchFolder folder;
  const std::string path = loose_path(folder.path(), kText);
  std::filesystem::create_directories(path);
  EXPECT_EQ(read(folder.path()), "not opened: it is not a regular file");
  std::filesystem::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(read(folder.path()), "not opened: it is not a regular file");
  std::filesystem::remove(path);
  std::filesystem::create_symlink(path, path);
  EXPECT_TRUE(read(folder.path()).starts_with("not opened: "));
}

TEST(Loose, FileDamagedAtAnyByteIsNeverAnotherText) {
  const ScratchFolder folder;
  const std::string whole = deflated("blob 9\0some text"s);
  for (size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string file = whole;
      file[at] = static_cast<char>(file[at] ^ 1 << bit);
      write_file(loose_path(folder.path(), kText), file);
      const std::string result = read(folder.path());
      EXPECT_TRUE(result == "blob some text" || result.starts_with("not ")) << at << " " << bit;
    }
    write_file(loose_path(folder.path(), kText), whole.substr(0, at));
    EXPECT_TRUE(read(folder.path()).starts_with("not ")) << at;
  }
}

TEST(Loose, ListHasTheFilesThatAreNamedByIds) {
  const ScratchFolder folder;
  const std::string id = kText.hex();
  const std::string rest(38, 'b');
  for (const std::string& name :
       std::vector<std::string>{id.substr(0, 2) + "/" + id.substr(2), "aa/" + rest,
                                "aa/" + rest + "b", "aa/tmp_obj_x1y2z3", "aa/" + rest.substr(1),
                                "pack/" + rest, "a/" + rest + "b", "zz/" + rest, "AA/" + rest}) {
    write_file(folder.path() + "/" + name, "anything");
  }
  write_file(folder.path() + "/ff", "a file where a folder could be");
  std::vector<Oid> expected{kText, *Oid::from_hex("aa" + rest)};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(
      list_loose(folder.path(), [](Diagnostic&& problem) { ADD_FAILURE() << problem.reason; }),
      expected);
}

TEST(Loose, StreamGivesTheTextAndTellsDamage) {
  const ScratchFolder folder;
  const std::string text(300'000, 's');
  const Oid oid = oid_of(ObjectType::blob, text);
  const std::string whole = deflated(with_header(ObjectType::blob, text));
  for (const bool cut : {false, true}) {
    write_file(loose_path(folder.path(), oid), cut ? whole.substr(0, whole.size() - 9) : whole);
    std::string reason, out, buffer(5000, '\0');
    auto object = LooseObject::open(folder.path(), oid, reason);
    ASSERT_NE(object, nullptr) << reason;
    const auto reader = LooseObject::stream(
        std::move(object), {Diagnostic::Kind::unreadable, "", "it is damaged", "Fetch again."});
    Reader::Result result;
    while ((result = reader->read(buffer, -1)).status == Reader::Status::data) {
      out.append(buffer, 0, result.bytes);
    }
    EXPECT_EQ(result.status, cut ? Reader::Status::failed : Reader::Status::end);
    EXPECT_EQ(reader->failure().has_value(), cut);
    if (!cut) {
      EXPECT_EQ(out, text);
    }
  }
}

}  // namespace
}  // namespace assay
