#include "scanner/prefilter.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "scanner/database_cache.h"
#include "scanner/runs.h"
#include "tests/support/worlds.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

std::vector<Hit> hits_of(const Prefilter& prefilter, std::string_view text, size_t from,
                         size_t to) {
  Prefilter::Scratch scratch(prefilter);
  std::vector<Hit> hits;
  prefilter.find(text, from, to, scratch, hits);
  return hits;
}

// Whether a value can follow a keyword that ends at `end`, told by a plain loop.
bool value_can_follow(std::string_view text, size_t end) {
  const size_t reach = std::min(text.size(), end + Pattern::kMaxWidth);
  if (reach == text.size()) return true;
  size_t length = 0;
  for (size_t i = end; i < reach; ++i) {
    length = is_key_character(text[i]) ? length + 1 : 0;
    if (length == kLeastRun) return true;
  }
  return false;
}

// The contract: all signatures, all keywords that a value can follow, and nothing that is not
// there.
TEST(Prefilter, SaysNoOnlyWhereNothingCanFollow) {
  const RuleSet rules = RuleSet::builtin();
  const Prefilter fast(rules, {true, ""});
  const Prefilter plain(rules, {false, ""});
  ASSERT_TRUE(fast.uses_hyperscan());
  ASSERT_FALSE(plain.uses_hyperscan());
  SeededRandom random(11);
  size_t hits = 0, left_out = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string text = random_world(random, 1 + random.below(12));
    if (round % 2 == 0) text.append(random.below(1500), '.');
    const size_t from = random.below(text.size() + 1);
    const size_t to = from + random.below(text.size() - from + 1);
    const auto seen = hits_of(fast, text, from, to);
    const auto all = hits_of(plain, text, from, to);
    EXPECT_TRUE(std::includes(all.begin(), all.end(), seen.begin(), seen.end()));
    for (const Hit& hit : all) {
      if (std::binary_search(seen.begin(), seen.end(), hit)) continue;
      ++left_out;
      EXPECT_NE(fast.anchors()[hit.anchor].pattern, nullptr);
      EXPECT_FALSE(value_can_follow(text, hit.end)) << fast.anchors()[hit.anchor].literal;
    }
    hits += seen.size();
  }
  EXPECT_GT(hits, 1000u);
  EXPECT_GT(left_out, 5u);
}

TEST(Prefilter, FindsEachAnchorAtEveryOffsetInAnyCaseItAllows) {
  const RuleSet rules = RuleSet::builtin();
  const Prefilter fast(rules, {true, ""});
  const std::string value = " = \"" + std::string(kLeastRun, 'k') + "\"" + std::string(700, '.');
  for (uint32_t i = 0; i < fast.anchors().size(); ++i) {
    std::string literal = fast.anchors()[i].literal;
    if (literal.empty()) continue;  // tests/scanner/disguised_keys_test.cc
    const Sought sought = fast.anchors()[i].sought;
    const std::string before = fast.anchors()[i].form == Form::keyword ? ""
                               : sought == Sought::near_runs           ? std::string(kLeastRun, 'k')
                               : sought == Sought::in_lists ? std::string(kLeastList, '0')
                                                            : "";
    for (int upper = 0; upper <= (fast.anchors()[i].caseless ? 1 : 0); ++upper) {
      if (upper) {
        for (char& c : literal) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      }
      for (size_t offset = 0; offset < 130; ++offset) {
        const std::string text = std::string(offset, '.') + before + literal + value;
        const auto hits = hits_of(fast, text, 0, text.size());
        const Hit wanted{offset + before.size() + literal.size(), i, 0};
        EXPECT_NE(std::find(hits.begin(), hits.end(), wanted), hits.end()) << literal << offset;
      }
    }
  }
}

class Cache : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/assay-cache-XXXXXX";
    ASSERT_NE(mkdtemp(pattern), nullptr);
    root_ = pattern;
    folder_ = root_ + "/assay";
  }
  void TearDown() override { fs::remove_all(root_); }

  Prefilter::Origin origin() const { return Prefilter(rules_, {true, folder_}).origin(); }
  fs::path file() const { return fs::directory_iterator(folder_)->path(); }

  const RuleSet rules_ = RuleSet::builtin();
  std::string root_;
  std::string folder_;
};

TEST_F(Cache, ServesTheSecondRun) {
  EXPECT_EQ(origin(), Prefilter::Origin::compiled);
  EXPECT_EQ(origin(), Prefilter::Origin::cached);
  struct stat status;
  ASSERT_EQ(stat(folder_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  ASSERT_EQ(stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2);
}

TEST_F(Cache, IsIgnoredAndRebuiltWhenItIsNotWhole) {
  origin();
  for (const int damage : {0, 1, 2, 3}) {
    std::string bytes;
    {
      std::ifstream in(file(), std::ios::binary);
      bytes.assign(std::istreambuf_iterator<char>(in), {});
    }
    if (damage == 0) bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    if (damage == 1) bytes.resize(bytes.size() - 1);
    if (damage == 2) bytes.resize(10);
    if (damage == 3) bytes = "ASSAYDB1";
    std::ofstream(file(), std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
    EXPECT_EQ(origin(), Prefilter::Origin::compiled) << damage;
    EXPECT_EQ(origin(), Prefilter::Origin::cached) << damage;
  }
}

TEST_F(Cache, IsIgnoredWhenOthersCouldHaveWrittenIt) {
  origin();
  ASSERT_EQ(chmod(file().c_str(), 0620), 0);
  EXPECT_EQ(origin(), Prefilter::Origin::compiled);  // and replaced by a private one
  EXPECT_EQ(origin(), Prefilter::Origin::cached);
  ASSERT_EQ(chmod(folder_.c_str(), 0777), 0);
  EXPECT_EQ(origin(), Prefilter::Origin::compiled);
  EXPECT_EQ(origin(), Prefilter::Origin::compiled);
  ASSERT_EQ(chmod(folder_.c_str(), 0700), 0);
  const fs::path target = fs::path(folder_).parent_path() / "elsewhere";
  fs::rename(file(), target);
  fs::create_symlink(target, fs::path(folder_) / "link");
  EXPECT_FALSE(load_cached(folder_, "link").has_value());
}

TEST_F(Cache, IsNotNeeded) {
  folder_ = "/proc/nowhere/assay";
  EXPECT_EQ(origin(), Prefilter::Origin::compiled);
}

}  // namespace
}  // namespace assay
