#include "rules/keys/c3id.h"

#include <gtest/gtest.h>

#include "tests/rules/keys/vectors.h"

namespace assay {
namespace {

using namespace std::string_literals;

TEST(C3id, HoldsForEveryVector) {
  for (const auto& row : vectors("c3id.txt", 4)) {
    ASSERT_EQ(row.size(), 2u);
    EXPECT_EQ(c3id(unhex(row[0])), row[1]);
  }
}

TEST(C3id, HasTwentyDigitsAndNoPadding) {
  for (const std::string_view text : {"", "a", "a much longer text than the hash"}) {
    EXPECT_EQ(c3id(text).size(), 20u);
    EXPECT_EQ(c3id(text).find('='), std::string::npos);
  }
}

TEST(Sha256, IsTheStandardOne) {
  const struct {
    std::string data;
    std::string_view digest;
  } cases[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"\0"s, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
  };
  for (const auto& c : cases) {
    const auto digest = sha256(c.data);
    EXPECT_EQ(hex({digest.data(), digest.size()}, HexCase::lower), c.digest);
  }
}

// The rows of RFC 4231, but for the fifth, which truncates.
TEST(HmacSha256, IsTheStandardOne) {
  const struct {
    std::string key, data;
    std::string_view digest;
  } cases[] = {
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {unhex("0102030405060708090a0b0c0d0e0f10111213141516171819"), std::string(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. "
       "The key needs to be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const auto& c : cases) {
    const auto digest = hmac_sha256(c.key, c.data);
    EXPECT_EQ(hex({digest.data(), digest.size()}, HexCase::lower), c.digest);
  }
}

TEST(Hex, WritesEveryByteInBothCases) {
  EXPECT_EQ(hex("", HexCase::upper), "");
  EXPECT_EQ(hex("\x00\x0f\xa5\xff"s, HexCase::lower), "000fa5ff");
  EXPECT_EQ(hex("\x00\x0f\xa5\xff"s, HexCase::upper), "000FA5FF");
}

}  // namespace
}  // namespace assay
