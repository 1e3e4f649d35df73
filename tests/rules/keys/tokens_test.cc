#include <gtest/gtest.h>

#include <cctype>

#include "rules/keys/mint.h"
#include "rules/keys/schemes.h"

namespace assay {
namespace {

std::string minted(std::string_view what, uint64_t number) {
  SeededRandom random(number);
  return fill_placeholders("{key:" + std::string(what) + "}", random);
}

TEST(Tokens, AreOfTheFamilyThatTheirPrefixNames) {
  std::string token = minted("github-oauth-token/token", 1);
  token.replace(0, 4, "ghp_");  // the checksum is of what follows
  EXPECT_EQ(identify(token)->family->name, "github-personal-access-token");
  EXPECT_EQ(identify(token)->confidence, Confidence::verified);
  token.replace(0, 4, "ghx_");
  EXPECT_FALSE(identify(token));
  token.replace(0, 4, "GHP_");
  EXPECT_FALSE(identify(token));
}

TEST(Tokens, OfDevOpsGiveTheirNumberBack) {
  SeededRandom random(4);
  for (int i = 0; i < 200; ++i) {
    std::string digits;
    while (digits.size() < 52) digits += "abcdefghijklmnopqrstuvwxyz234567"[random.below(32)];
    const auto number = static_cast<uint32_t>(random.next());
    const std::string made = with_devops_checksum(digits, number);
    ASSERT_EQ(made.size(), 52u);
    EXPECT_EQ(devops_seed(made), number);
  }
}

TEST(Tokens, OfDevOpsAreInLowerCase) {
  std::string token = minted("azure-devops-pat/user", 2);
  EXPECT_EQ(identify(token)->kind, "user");
  EXPECT_EQ(identify(minted("azure-devops-pat/application", 2))->kind, "application");
  for (char& c : token) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_FALSE(identify(token));
}

TEST(Tokens, OfDatabricksHaveANumberOrNone) {
  const std::string hex = "dapi" + std::string(16, 'a') + std::string(16, '7');
  EXPECT_TRUE(identify(hex));
  EXPECT_TRUE(identify(hex + "-3"));
  for (const std::string& text : {hex + "33", hex + "--", hex + "-a", hex + "-", hex + "-33",
                                  "dapi" + std::string(32, '-'), "dapi-" + std::string(31, 'a'),
                                  "Dapi" + std::string(32, 'a'), "dapi" + std::string(32, 'g')}) {
    EXPECT_FALSE(identify(text)) << text.size();
  }
}

TEST(Tokens, OfEntraHaveCharactersOfTheirOwn) {
  const KeyFamily& entra = *find_family("entra-client-secret");
  for (const char c : std::string_view("aZ09.-_~")) EXPECT_TRUE(is_key_digit(entra, c)) << c;
  for (const char c : std::string_view("+/=, ")) EXPECT_FALSE(is_key_digit(entra, c)) << c;
  for (uint64_t number = 0; number < 100; ++number) {
    const std::string secret = minted("entra-client-secret/client-secret", number);
    // Not base64: nothing of it is another digit.
    EXPECT_TRUE(identify(secret)->canonical == Secret(secret)) << number;
  }
}

}  // namespace
}  // namespace assay
