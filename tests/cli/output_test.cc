#include "cli/output.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "rules/keys/mint.h"
#include "rules/rule_set.h"
#include "tests/scanner/sources/temp_folder.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

size_t entries(const TempFolder& folder) {
  return static_cast<size_t>(
      std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
}

const RuleSet& rules() {
  static const RuleSet rules = RuleSet::builtin();
  return rules;
}

TEST(Output, AFileAppearsWholeWhenCommitted) {
  const TempFolder folder;
  const std::string path = folder / "report.txt";
  {
    Output output(path);
    output.buffer() += "one\n";
    output.flush(true, rules().families());
    EXPECT_TRUE(output.buffer().empty());
    EXPECT_FALSE(fs::exists(path));
    output.buffer() += "two\n";
    output.flush(true, rules().families());
    output.commit();
    EXPECT_EQ(content(path), "one\ntwo\n");
  }
  EXPECT_EQ(content(path), "one\ntwo\n");
  EXPECT_EQ(entries(folder), 1u);
}

TEST(Output, NotCommittedNothingChanges) {
  const TempFolder folder;
  const std::string path = folder / "report.txt";
  for (const bool exists : {false, true}) {
    if (exists) folder.write("report.txt", "old\n");
    {
      Output output(path);
      output.buffer() += "new\n";
      output.flush(true, {});
    }
    EXPECT_EQ(fs::exists(path), exists);
    EXPECT_EQ(content(path), exists ? "old\n" : "");
    EXPECT_EQ(entries(folder), exists ? 1u : 0u);
  }
}

TEST(Output, AReplacedFileKeepsItsMode) {
  const TempFolder folder;
  folder.write("report.txt", "old\n");
  const std::string path = folder / "report.txt";
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  Output output(path);
  output.buffer() += "new\n";
  output.flush(true, {});
  output.commit();
  EXPECT_EQ(content(path), "new\n");
  struct stat status;
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST(Output, DevicesAreWrittenStraight) {
  Output output("/dev/null");
  output.buffer() += "gone\n";
  output.flush(true, {});
  output.commit();
  EXPECT_TRUE(output.buffer().empty());
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(Output, AFullDiskIsAnErrorThatNamesThePlace) {
  ASSERT_TRUE(fs::exists("/dev/full"));
  Output output("/dev/full");
  output.buffer() += "x";
  try {
    output.flush(true, {});
    ADD_FAILURE() << "it was written";
  } catch (const Error& error) {
    EXPECT_NE(std::string_view(error.what()).find("/dev/full"), std::string_view::npos);
  }
}

TEST(Output, AMissingFolderIsAnErrorThatNamesThePlace) {
  const TempFolder folder;
  try {
    Output output(folder / "none/report.txt");
    ADD_FAILURE() << "it was opened";
  } catch (const Error& error) {
    EXPECT_NE(std::string_view(error.what()).find("report.txt"), std::string_view::npos);
  }
  EXPECT_EQ(entries(folder), 0u);
}

TEST(Output, SmallBuffersWait) {
  const TempFolder folder;
  Output output(folder / "report.txt");
  output.buffer() = "small";
  output.flush(false, {});
  EXPECT_EQ(output.buffer(), "small");
  output.buffer().assign(1 << 20, 'x');
  output.flush(false, {});
  EXPECT_TRUE(output.buffer().empty());
}

TEST(Output, AKeyWhoseChecksumHoldsIsNotWritten) {
  const struct {
    std::string_view text;
    bool refused;
  } rows[] = {
      {"key {key:master} here", true},   {"{bare:function}", true},
      {"glued{bare:system}glued", true}, {"code%3D{bare:master}%3D%3D", true},
      {"{broken:master}", false},        {"{plain:56}", false},
      {"ddd…AzFu…(56)", false},
  };
  SeededRandom random(41);
  for (const auto& row : rows) {
    const TempFolder folder;
    const std::string path = folder / "report.txt";
    const auto write = [&](std::span<const KeyFamily* const> families) {
      Output output(path);
      output.buffer() += fill_placeholders(row.text, random);
      output.flush(true, families);
      output.commit();
    };
    if (row.refused) {
      EXPECT_THROW(write(rules().families()), Error) << row.text;
      EXPECT_EQ(entries(folder), 0u) << row.text;
      EXPECT_NO_THROW(write({})) << row.text;  // --reveal
    } else {
      EXPECT_NO_THROW(write(rules().families())) << row.text;
    }
  }
}

}  // namespace
}  // namespace assay
