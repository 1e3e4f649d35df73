#include "scanner/decoders/container.h"

#include <gtest/gtest.h>

#include "tests/scanner/decoders/archives.h"
#include "tests/scanner/decoders/containers.h"

namespace assay {
namespace {

TEST(Container, BudgetSaysWhichLimitWasPassed) {
  const struct {
    std::string_view name;
    ContainerLimits limits;
    uint64_t outermost;
    std::vector<uint64_t> takes;  // the last one is one too many
    std::string_view reason;
    std::string_view flag;
  } rows[] = {
      {"bytes",
       {.bytes = 1000},
       10,
       {999, 1, 1},
       "it inflates to more than 1000 bytes",
       "--max-decoded-bytes"},
      {"bytes, rounded",
       {.bytes = 1 << 20},
       10,
       {1 << 20, 1},
       "it inflates to more than 1 MiB",
       "--max-decoded-bytes"},
      {"ratio",
       {.ratio = 10},
       100 << 20,
       {1000 << 20, 100 << 20},
       "it inflates to more than 10 times its size",
       "--max-ratio"},
      {"ratio of little",
       {},
       10,
       {256 << 20, 1},
       "it inflates to more than 500 times its size",
       "--max-ratio"},
      {"no ratio",
       {.ratio = 0},
       10,
       {256 << 20, 1},
       "it inflates to more than 0 times its size",
       "--max-ratio"},
      {"seconds",
       {.seconds = 0},
       10,
       {1},
       "decoding it takes more than 0 seconds",
       "--max-seconds"},
      {"overflow",
       {},
       UINT64_MAX,
       {1, UINT64_MAX},
       "it inflates to more than 4 TiB",
       "--max-decoded-bytes"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    ContainerBudget budget(row.limits, row.outermost);
    for (size_t i = 0; i + 1 < row.takes.size(); ++i) {
      EXPECT_FALSE(budget.take_bytes(row.takes[i])) << i;
      EXPECT_FALSE(budget.spent());
    }
    const auto told = budget.take_bytes(row.takes.back());
    ASSERT_TRUE(told);
    EXPECT_EQ(told->kind, Diagnostic::Kind::limit);
    EXPECT_EQ(told->reason, row.reason);
    EXPECT_NE(told->remedy.find(row.flag), std::string::npos) << told->remedy;
    EXPECT_TRUE(budget.spent());
    // From here on it says the same.
    ASSERT_TRUE(budget.take_member());
    EXPECT_EQ(budget.take_member()->reason, row.reason);
    EXPECT_EQ(budget.take_bytes(0)->reason, row.reason);
  }
}

TEST(Container, BudgetCountsMembers) {
  ContainerBudget budget({.members = 2}, 10);
  EXPECT_FALSE(budget.take_member());
  EXPECT_FALSE(budget.take_member());
  const auto told = budget.take_member();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->reason, "it holds more than 2 members");
  EXPECT_NE(told->remedy.find("--max-members"), std::string::npos);
}

TEST(Container, BudgetOfAStreamGrowsWithIt) {
  ContainerBudget budget({.ratio = 10}, 0);
  budget.add_outermost(100 << 20);
  EXPECT_FALSE(budget.take_bytes(900 << 20));
  budget.add_outermost(100 << 20);
  EXPECT_FALSE(budget.take_bytes(900 << 20));
  EXPECT_TRUE(budget.take_bytes(900 << 20));
}

TEST(Container, HeadComesBeforeTheRest) {
  ViewReader rest("and the rest");
  HeadReader reader("the head ", rest);
  EXPECT_EQ(read_all(reader, 5).first, "the head and the rest");
  EXPECT_FALSE(reader.size());
}

TEST(Container, ViewsAreReadInOrderAndAnywhere) {
  ViewReader reader("0123456789");
  EXPECT_EQ(reader.size(), 10u);
  char some[4];
  EXPECT_EQ(reader.read_at(3, some), 4u);
  EXPECT_EQ(std::string_view(some, 4), "3456");
  EXPECT_EQ(reader.read_at(8, some), 2u);
  EXPECT_EQ(reader.read_at(10, some), 0u);
  EXPECT_EQ(reader.read_at(UINT64_MAX, some), 0u);
  EXPECT_EQ(read_all(reader, 3).first, "0123456789");
  ViewReader none("");
  EXPECT_EQ(none.read(some, -1).status, Reader::Status::end);
}

// What is no container has lost none of its bytes.
TEST(Container, WhatIsNoneIsNotRead) {
  const std::string text = sample_text(10'000);
  SteppedBlob outer(text, 4096);
  ContainerBudget budget({}, text.size());
  EXPECT_FALSE(open_container(outer, std::string_view(text).substr(0, 4096), "a.txt", budget));
  EXPECT_EQ(read_all(outer).first, text);
}

// The caller's own position in what it opens stays where it was.
TEST(Container, FilesAreReadByOffset) {
  const std::string packed =
      make_archive(archive_write_set_format_zip, {{"a.txt", sample_text(10'000)}});
  ViewReader outer(packed);
  ContainerBudget budget({}, packed.size());
  EXPECT_EQ(read_container(outer, "", budget).members.size(), 1u);
  EXPECT_EQ(read_all(outer).first, packed);
}

// Fails after its first bytes.
class FailingBlob : public Reader {
 public:
  FailingBlob(std::string_view bytes) : bytes_(bytes) {}
  Result read(std::span<char> out, int wait_ms) override {
    const Result result = bytes_.read(out, wait_ms);
    return result.status == Status::end ? Result{Status::failed} : result;
  }
  std::optional<Diagnostic> failure() override {
    return Diagnostic{Diagnostic::Kind::changed, "outer", "it went away", "Bring it back."};
  }

 private:
  ViewReader bytes_;
};

TEST(Container, WhatFailsOutsideIsToldInside) {
  const std::string zip =
      make_archive(archive_write_set_format_zip, {{"a.txt", sample_text(100'000)}});
  FailingBlob outer(std::string_view(zip).substr(0, 5000));
  ContainerBudget budget({}, zip.size());
  const ReadContainer read = read_container(outer, "", budget);
  ASSERT_EQ(read.members.size(), 1u);
  EXPECT_TRUE(read.says("a.txt", "it went away"));
  EXPECT_TRUE(sample_text(100'000).starts_with(read.members[0].text));
}

// A stream that pauses pauses what it holds.
class PausingBlob : public SteppedBlob {
 public:
  using SteppedBlob::SteppedBlob;
  Result read(std::span<char> out, int wait_ms) override {
    if ((paused_ = !paused_)) return {Status::idle};
    return SteppedBlob::read(out, wait_ms);
  }

 private:
  bool paused_ = false;
};

TEST(Container, PausesLoseNothing) {
  const std::vector<MadeMember> made = {{"a.txt", sample_text(30'000)}};
  const std::string tar = make_archive(archive_write_set_format_ustar, made);
  PausingBlob outer(tar, 1000);
  ContainerBudget budget({}, tar.size());
  const auto container =
      open_container(outer, std::string_view(tar).substr(0, kContainerHead), "", budget);
  ASSERT_TRUE(container);
  const auto member = container->next();
  ASSERT_TRUE(member);
  EXPECT_EQ(read_all(*member->bytes).first, made[0].text);
  EXPECT_FALSE(container->next());
}

}  // namespace
}  // namespace assay
