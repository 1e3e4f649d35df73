#include "git/delta.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "tests/git/plain_delta.h"

namespace assay {
namespace {

using namespace std::string_literals;

// A copy of exactly so many bytes on the heap, so that a sanitizer sees a read past its end.
class Exact {
 public:
  explicit Exact(std::string_view bytes) : data_(new char[bytes.size()]), size_(bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), data_.get());
  }
  std::string_view view() const { return {data_.get(), size_}; }

 private:
  std::unique_ptr<char[]> data_;
  size_t size_;
};

// What apply_delta makes of it. The slack is filled before, and must not become text.
std::optional<std::string> undo(std::string_view instructions, std::string_view base, size_t size,
                                std::vector<CopiedRange>* copied = nullptr) {
  const Exact exact_instructions(instructions), exact_base(base);
  const std::unique_ptr<char[]> out(new char[size + kDeltaSlack]);
  std::memset(out.get(), '~', size + kDeltaSlack);
  if (!apply_delta(exact_instructions.view(), exact_base.view(), out.get(), size, copied)) {
    return std::nullopt;
  }
  return std::string(out.get(), size);
}

TEST(Delta, HeaderIsTwoLengths) {
  const struct {
    std::string text;
    std::optional<std::pair<uint64_t, uint64_t>> sizes;
    size_t left;
  } rows[] = {
      {"\0\0"s, {{0, 0}}, 0},
      {"\x05\x07rest", {{5, 7}}, 4},
      {"\x80\x01\xff\x7f", {{128, 16383}}, 0},
      {"\x85\x80\x00\x07"s, {{5, 7}}, 0},  // longer than needed, as git takes it
      {std::string(8, '\xff') + "\x7f\x01", {{(uint64_t{1} << 63) - 1, 1}}, 0},
      {std::string(9, '\xff') + "\x01\x01", {}, 0},  // more than 63 bits
      {std::string(20, '\x80'), {}, 0},
      {"", {}, 0},
      {"\x05", {}, 0},
      {"\x85", {}, 0},
      {"\x05\x87", {}, 0},
  };
  for (const auto& row : rows) {
    const Exact exact(row.text);
    std::string_view rest = exact.view();
    const auto header = read_delta_header(rest);
    ASSERT_EQ(header.has_value(), row.sizes.has_value()) << row.text.size();
    if (!header) continue;
    EXPECT_EQ(std::pair(header->base_size, header->result_size), *row.sizes);
    EXPECT_EQ(rest.size(), row.left);
  }
}

// Each subset of the bytes that may follow a copy, of every value that matters.
TEST(Delta, CopyReadsTheBytesThatItsBitsName) {
  SeededRandom random(1);
  const std::string base = random.bytes(0x30000);
  for (unsigned bits = 0; bits < 128; ++bits) {
    for (const char byte : {'\0', '\1', '\2'}) {
      const std::string op = static_cast<char>(0x80 | bits) +
                             std::string(static_cast<size_t>(__builtin_popcount(bits)), byte);
      uint64_t offset = 0, size = 0;
      for (unsigned i = 0; i < 7; ++i) {
        if ((bits >> i & 1) == 0) continue;
        (i < 4 ? offset : size) += static_cast<uint64_t>(byte) << (i < 4 ? 8 * i : 8 * i - 32);
      }
      if (size == 0) size = 65536;
      const bool fits = offset + size <= base.size();
      // With other instructions behind it and as the last: they are read in two ways.
      for (const std::string& behind : {""s, insert_op("behind")}) {
        const size_t whole = size + (behind.empty() ? 0 : 6);
        const auto result = undo(op + behind, base, whole);
        ASSERT_EQ(result.has_value(), fits) << bits << " " << int{byte};
        if (!fits) continue;
        ASSERT_EQ(*result, base.substr(offset, size) + (behind.empty() ? "" : "behind")) << bits;
      }
      // Cut short it is never taken for another.
      for (size_t cut = 1; cut < op.size(); ++cut) {
        ASSERT_FALSE(undo(op.substr(0, cut), base, size)) << bits << " " << cut;
      }
    }
  }
}

TEST(Delta, WhatDoesNotFitIsRefused) {
  const std::string base = "0123456789";
  const struct {
    const char* what;
    std::string instructions;
    size_t size;
    std::optional<std::string> result;
  } rows[] = {
      {"nothing", "", 0, ""},
      {"nothing, but text is due", "", 1, {}},
      {"whole base", copy_op(0, 10), 10, base},
      {"its last byte", copy_op(9, 1), 1, "9"},
      {"one byte past the base", copy_op(0, 11), 11, {}},
      {"from its end", copy_op(10, 1), 1, {}},
      {"from far behind its end", copy_op(0xffffffff, 0xffffff), 0xffffff, {}},
      {"64 KiB of less", copy_op(0, 0x10000), 0x10000, {}},
      {"insert", insert_op("abc"), 3, "abc"},
      {"insert of 127", insert_op(std::string(127, 'x')), 127, std::string(127, 'x')},
      {"insert cut short", "\x04xyz", 4, {}},
      {"insert of nothing that is there", "\x7f", 127, {}},
      {"reserved instruction", "\0"s, 0, {}},
      {"reserved instruction behind others", copy_op(0, 1) + "\0"s, 1, {}},
      {"copy past the result", copy_op(0, 5), 4, {}},
      {"insert past the result", insert_op("abc"), 2, {}},
      {"second copy past the result", copy_op(0, 5) + copy_op(0, 5), 9, {}},
      {"result not filled", copy_op(0, 5) + insert_op("ab"), 8, {}},
      {"both", copy_op(2, 3) + insert_op("ab") + copy_op(0, 2), 7, "234ab01"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(undo(row.instructions, base, row.size), row.result) << row.what;
}

TEST(Delta, CopiedStretchesAreToldInOrderAndJoined) {
  const std::string base(200'000, 'b');
  const struct {
    const char* what;
    std::string instructions;
    size_t size;
    std::string told;
  } rows[] = {
      {"nothing copied", insert_op("abc"), 3, ""},
      {"one", insert_op("abc") + copy_op(7, 20), 23, "3<7+20 "},
      {"two that go on", copy_op(7, 20) + copy_op(27, 30), 50, "0<7+50 "},
      {"three that go on", copy_op(0, 0x10000) + copy_op(0x10000, 0x10000) + copy_op(0x20000, 9),
       0x20009, "0<0+131081 "},
      {"two that do not", copy_op(7, 20) + copy_op(28, 30), 50, "0<7+20 20<28+30 "},
      {"the same twice", copy_op(7, 20) + copy_op(7, 20), 40, "0<7+20 20<7+20 "},
      {"text between", copy_op(7, 20) + insert_op("x") + copy_op(27, 30), 51, "0<7+20 21<27+30 "},
  };
  for (const auto& row : rows) {
    std::string told;
    std::vector<CopiedRange> copied;
    ASSERT_TRUE(undo(row.instructions, base, row.size, &copied)) << row.what;
    for (const CopiedRange& range : copied) {
      told += fmt::format("{}<{}+{} ", range.at, range.from, range.size);
    }
    EXPECT_EQ(told, row.told) << row.what;
  }
}

// What `copied` says holds, also when the walk relies on it; what it leaves out was inserted.
void check_copied(const std::vector<CopiedRange>& copied, std::string_view base,
                  std::string_view result) {
  size_t end = 0;
  for (const CopiedRange& range : copied) {
    ASSERT_GE(range.at, end);
    ASSERT_GT(range.size, 0u);
    end = range.at + range.size;
    ASSERT_LE(end, result.size());
    ASSERT_LE(range.from + range.size, base.size());
    ASSERT_EQ(result.substr(range.at, range.size), base.substr(range.from, range.size));
  }
}

TEST(Delta, RandomDeltasGiveWhatThePlainWayGives) {
  size_t right = 0, wrong = 0;
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    SeededRandom random(seed);
    const std::string base = random.bytes(random.below(random.below(8) == 0 ? 200'000 : 300));
    std::string result;
    std::string delta = random_delta(base, random, result);
    std::vector<CopiedRange> copied;
    ASSERT_EQ(undo(delta, base, result.size(), &copied), result) << seed;
    check_copied(copied, base, result);
    // Then one with a few bytes changed or cut off.
    for (size_t left = 1 + random.below(3); left > 0 && !delta.empty(); --left) {
      delta[random.below(delta.size())] = static_cast<char>(random.below(256));
    }
    if (random.below(3) == 0) delta.resize(random.below(delta.size() + 1));
    const auto expected = undo_plainly(delta, base, result.size());
    ASSERT_EQ(undo(delta, base, result.size()), expected) << seed;
    ++(expected ? right : wrong);
  }
  EXPECT_GT(right, 100u);
  EXPECT_GT(wrong, 100u);
}

TEST(Delta, CutAtAnyByteIsRefused) {
  SeededRandom random(7);
  const std::string base = random.bytes(400);
  std::string result;
  const std::string delta = random_delta(base, random, result);
  ASSERT_GT(delta.size(), 50u);
  for (size_t cut = 0; cut < delta.size(); ++cut) {
    ASSERT_FALSE(undo(delta.substr(0, cut), base, result.size())) << cut;
  }
}

// A hostile delta of nothing but copies of a byte must not take a dozen times its size.
TEST(Delta, StretchesToldAreBounded) {
  std::string delta;
  const size_t count = kMostCopied + 1000;
  for (size_t i = 0; i < count; ++i) delta += copy_op(5, 1);
  std::vector<CopiedRange> copied;
  const std::string base = "012345";
  ASSERT_EQ(undo(delta, base, count, &copied), std::string(count, '5'));
  EXPECT_EQ(copied.size(), kMostCopied);
  check_copied(copied, base, std::string(count, '5'));
}

}  // namespace
}  // namespace assay
