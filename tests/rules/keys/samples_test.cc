#include <gtest/gtest.h>

#include "rules/keys/c3id.h"
#include "rules/keys/mint.h"
#include "rules/keys/schemes.h"
#include "tests/rules/keys/vectors.h"

namespace assay {
namespace {

std::string of(char c, std::string_view rest) { return std::string(32, c) + std::string(rest); }

TEST(Samples, OfTheVectorsArePublished) {
  size_t published = 0;
  for (const char* file : {"functions_keys_valid.txt", "family_keys.txt"}) {
    for (const auto& row : vectors(file, 100)) {
      const std::string key = unhex(row[0]);
      const auto info = identify(key);
      ASSERT_TRUE(info);
      const bool sample = is_published_sample(info->fingerprint());
      const std::string digits = key.substr(0, info->family->digits());
      EXPECT_EQ(sample, looks_like_sample(*info->family, digits)) << row[1];
      published += sample;
    }
  }
  EXPECT_EQ(published, 2u) << "that of Functions and that of Entra";
}

TEST(Samples, OfDocumentationAreKnownThoughNothingProvesThem) {
  for (const std::string& text :
       {"dapi" + std::string("1a2b3c45d67890e1f234") + "567a8bc9012d",
        "npm_" + std::string("deaddeaddeaddeaddeaddead") + "deaddeaddead",
        "ghp_" + std::string("16C7e42F292c6912E7710c83") + "8347Ae178B4a",
        "gho_" + std::string("16C7e42F292c6912E7710c83") + "8347Ae178B4a"}) {
    const auto info = identify(text);
    ASSERT_TRUE(info) << text.size();
    EXPECT_EQ(info->confidence, Confidence::signature);
    EXPECT_TRUE(is_published_sample(info->fingerprint()));
  }
  EXPECT_FALSE(is_published_sample(c3id("")));
  EXPECT_FALSE(is_published_sample(""));
}

TEST(Samples, OfOneOrTwoCharactersLookLikeIt) {
  SeededRandom random(1);
  for (const KeyFamily& family : key_families()) {
    const std::string key = mint(family, family.seeds[0], random.bytes(family.bytes() - 7u));
    std::string digits = key.substr(0, family.digits());
    EXPECT_FALSE(looks_like_sample(family, digits)) << family.name;
    for (size_t i = 0; i < digits.size(); ++i) {
      const bool signature = i >= family.signature_at && i < family.signature_end();
      if (!signature) digits[i] = i % 2 == 0 ? 'a' : 'b';
    }
    EXPECT_TRUE(looks_like_sample(family, digits)) << family.name;
    size_t at = family.signature_at >= 5 ? 4 : family.signature_end() + 4;
    if (family.signature.empty()) at = 20;
    digits[at] = 'c';
    EXPECT_FALSE(looks_like_sample(family, digits)) << family.name;
  }
  EXPECT_TRUE(
      looks_like_sample(*find_family("azure-functions"), of('d', "ddddddddddddAzFu") + "AAAAAA"));
}

}  // namespace
}  // namespace assay
