#include "rules/keys/secret.h"

#include <gtest/gtest.h>

#include <cstring>
#include <new>

namespace assay {
namespace {

// No key, and no two of its pieces of four characters are the same.
constexpr std::string_view kLong = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQR==";
constexpr std::string_view kShort = "abcdefghijklmno";  // as long as fits into the object itself

// Whether four bytes in a row of `value` stand in the object's own bytes.
template <typename Object>
bool holds_piece_of(const Object& object, std::string_view value) {
  char bytes[sizeof object];
  std::memcpy(bytes, static_cast<const void*>(&object), sizeof object);
  const std::string_view all(bytes, sizeof bytes);
  for (size_t i = 0; i + 4 <= value.size(); ++i) {
    if (all.find(value.substr(i, 4)) != std::string_view::npos) return true;
  }
  return false;
}

TEST(Secret, RedactsToThreeCharactersSignatureAndLength) {
  const struct {
    std::string_view value;
    std::string_view signature;
    std::string_view redacted;
  } cases[] = {
      {kLong, "AzFu", "abc…AzFu…(56)"},     {kLong, "", "abc…(56)"},
      {"abcdefghijklmnop", "", "abc…(16)"}, {kShort, "", "…(15)"},
      {kShort, "AzFu", "…AzFu…(15)"},       {"", "", "…(0)"},
  };
  for (const auto& c : cases) EXPECT_EQ(Secret(c.value).redacted(c.signature), c.redacted);
}

TEST(Secret, CopiesAndComparesByValue) {
  for (const std::string_view value : {kLong, kShort, std::string_view()}) {
    const Secret first(value);
    const Secret second(first);
    Secret third;
    third = second;
    EXPECT_EQ(first, third);
    EXPECT_EQ(third.reveal(), value);
    EXPECT_EQ(third.size(), value.size());
    EXPECT_EQ(third.empty(), value.empty());
    EXPECT_NE(first, Secret("another"));
  }
}

TEST(Secret, MovesAndLeavesNothingBehind) {
  for (const std::string_view value : {kLong, kShort}) {
    Secret from(value);
    ASSERT_EQ(holds_piece_of(from, value), value == kShort) << "the test sees the bytes";
    Secret to(std::move(from));
    EXPECT_EQ(to.reveal(), value);
    EXPECT_TRUE(from.empty());
    EXPECT_FALSE(holds_piece_of(from, value));

    for (const std::string_view before : {kLong, kShort, std::string_view()}) {
      Secret target(before);
      Secret source(value);
      target = std::move(source);
      EXPECT_EQ(target.reveal(), value);
      EXPECT_TRUE(source.empty());
      EXPECT_FALSE(holds_piece_of(source, value));
      EXPECT_FALSE(holds_piece_of(source, before));
    }
  }
}

TEST(Secret, AssigningToItselfKeepsTheValue) {
  Secret secret(kLong);
  Secret& same = secret;
  secret = same;
  EXPECT_EQ(secret.reveal(), kLong);
  secret = std::move(same);
  EXPECT_EQ(secret.reveal(), kLong);
}

TEST(Secret, AssigningOverwritesTheOldValue) {
  Secret secret(kShort);
  secret = Secret("x");
  EXPECT_EQ(secret.reveal(), "x");
  EXPECT_FALSE(holds_piece_of(secret, kShort));
}

TEST(Secret, DyingOverwritesTheBytes) {
  alignas(Secret) char room[sizeof(Secret)];
  auto* secret = new (room) Secret(kShort);
  ASSERT_TRUE(holds_piece_of(room, kShort));
  secret->~Secret();
  EXPECT_FALSE(holds_piece_of(room, kShort));
}

}  // namespace
}  // namespace assay
