#include "rules/keys/identify.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "rules/keys/mint.h"
#include "tests/rules/keys/vectors.h"

namespace assay {
namespace {

const KeyFamily& functions() { return *find_family("azure-functions"); }

std::string minted(std::string_view placeholder, uint64_t seed = 1) {
  SeededRandom random(seed);
  return fill_placeholders(placeholder, random);
}

TEST(Identify, ProvesEveryValidVector) {
  for (const auto& row : vectors("functions_keys_valid.txt", 121)) {
    ASSERT_EQ(row.size(), 3u);
    const std::string key = unhex(row[0]);
    const auto info = identify(key);
    ASSERT_TRUE(info) << row[2];
    EXPECT_EQ(info->family, &functions());
    EXPECT_EQ(info->kind, row[1]) << row[2];
    EXPECT_EQ(info->confidence, Confidence::verified) << row[2];
    EXPECT_TRUE(info->canonical == Secret(key)) << row[2];
    EXPECT_EQ(info->fingerprint(), row[2]);
  }
}

TEST(Identify, ProvesEveryVectorOfTheOtherFamilies) {
  std::set<std::string> seen;
  for (const auto& row : vectors("family_keys.txt", 92)) {
    ASSERT_EQ(row.size(), 4u);
    const std::string key = unhex(row[0]);
    const auto info = identify(key);
    ASSERT_TRUE(info) << row[1];
    EXPECT_EQ(info->family->name, row[1]);
    EXPECT_EQ(info->kind, row[2]) << row[1];
    EXPECT_EQ(info->confidence, Confidence::verified) << row[1];
    EXPECT_TRUE(info->canonical == Secret(key)) << row[1];
    EXPECT_EQ(info->fingerprint(), row[3]) << row[1];
    seen.insert(row[1] + " " + row[2]);
  }
  size_t seeds = 0;
  for (const KeyFamily& family : key_families()) seeds += family.seeds.size();
  EXPECT_EQ(seen.size(), seeds - functions().seeds.size()) << "every row of the table has a vector";
}

TEST(Identify, NeverProvesAKeyWithOneThingWrong) {
  for (const auto& row : vectors("functions_keys_invalid.txt", 44)) {
    const std::string key = unhex(row[0]);
    const auto info = identify(key);
    const bool signature = row[1].starts_with("signature-");
    if (info && info->family == &functions()) {
      EXPECT_FALSE(signature) << row[1];
      EXPECT_EQ(info->confidence, Confidence::signature) << row[1];
      EXPECT_EQ(info->kind, "unknown") << row[1];
    } else {
      EXPECT_TRUE(signature || !info) << row[1];
      EXPECT_TRUE(!info || info->confidence == Confidence::signature) << row[1];
    }
  }
}

TEST(Identify, NeverProvesADamagedKeyAsItStands) {
  for (const auto& row : vectors("functions_keys_damaged.txt", 59)) {
    ASSERT_EQ(row.size(), 4u);
    const auto damaged = identify(unhex(row[0]));
    EXPECT_TRUE(!damaged || damaged->confidence == Confidence::signature) << row[3];
    const auto whole = identify(unhex(row[1]));
    ASSERT_TRUE(whole) << row[3];
    EXPECT_EQ(whole->confidence, Confidence::verified) << row[3];
    EXPECT_EQ(whole->kind, row[2]) << row[3];
  }
}

TEST(Identify, RestoresThePadding) {
  for (const KeyFamily& family : key_families()) {
    SeededRandom random(3);
    const std::string key = mint(family, family.seeds.front(), random.bytes(family.bytes - 7u));
    for (size_t kept = 0; kept <= family.padding(); ++kept) {
      const auto info = identify(std::string_view(key).substr(0, family.digits() + kept));
      ASSERT_TRUE(info) << family.name << " " << kept;
      EXPECT_EQ(info->confidence, Confidence::verified) << family.name;
      EXPECT_TRUE(info->canonical == Secret(key)) << family.name << " " << kept;
    }
    EXPECT_FALSE(identify(key + "=")) << family.name << ": more padding than the family has";
  }
}

std::string in_alphabet(std::string text, Base64Alphabet alphabet) {
  const bool standard = alphabet == Base64Alphabet::standard;
  for (char& c : text) {
    if (c == '+' || c == '-') c = standard ? '+' : '-';
    if (c == '/' || c == '_') c = standard ? '/' : '_';
  }
  return text;
}

TEST(Identify, KnowsAKeyInEitherAlphabetAsTheSameKey) {
  for (const KeyFamily& family : key_families()) {
    for (uint64_t seed = 0; seed < 20; ++seed) {
      SeededRandom random(seed);
      std::string key = mint(family, family.seeds.back(), random.bytes(family.bytes - 7u));
      for (const bool broken : {false, true}) {
        if (broken) key[1] = key[1] == 'A' ? 'B' : 'A';
        for (const auto alphabet : {Base64Alphabet::standard, Base64Alphabet::url_safe}) {
          const auto info = identify(in_alphabet(key, alphabet));
          ASSERT_TRUE(info) << family.name;
          EXPECT_EQ(info->confidence, broken ? Confidence::signature : Confidence::verified);
          EXPECT_TRUE(info->canonical == Secret(key)) << family.name << seed << broken;
        }
      }
    }
  }
}

// The last digit holds four bits that are no part of the key.
TEST(Identify, KeepsAKeyWhoseLastDigitCannotBe) {
  std::string key = minted("{key:master}");
  key[53] = 'B';
  key[0] = '/';
  const auto info = identify(key);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->confidence, Confidence::signature);
  key[0] = '_';
  EXPECT_TRUE(info->canonical == Secret(key));
}

TEST(Identify, TakesOneKeyAndNothingElse) {
  const std::string key = minted("{key:function}");
  const std::string bare = minted("{bare:function}");
  std::string hole = bare;
  hole[10] = '=';
  const std::string cases[] = {"",
                               "=",
                               "==",
                               std::string(54, '='),
                               std::string(56, 'A'),
                               " " + key,
                               key + " ",
                               key + "\n",
                               key + "===",
                               key + key,
                               "a" + key,
                               bare + "a==",
                               bare + "%3D",
                               bare + "\\u003d",
                               "=" + bare,
                               hole,
                               bare + std::string("\0=", 2),
                               bare.substr(1),
                               bare.substr(0, 53),
                               std::string(100000, 'A'),
                               std::string(44, '\0') + "AzFu" + std::string(6, 'A')};
  for (const std::string& text : cases) EXPECT_FALSE(identify(text)) << text.size();
}

TEST(Verify, RefusesAnotherLength) {
  const std::string bare = minted("{bare:master}");
  ASSERT_NE(verify(functions(), bare), nullptr);
  for (size_t size : {size_t{0}, size_t{53}, size_t{55}, size_t{56}, size_t{4096}}) {
    std::string digits = bare;
    digits.resize(size, 'A');
    EXPECT_EQ(verify(functions(), digits), nullptr) << size;
  }
}

TEST(Verify, EveryDigitCounts) {
  const std::string bare = minted("{bare:system}");
  ASSERT_NE(verify(functions(), bare), nullptr);
  EXPECT_EQ(verify(functions(), bare)->kind, "system");
  for (size_t at = 0; at < bare.size(); ++at) {
    std::string changed = bare;
    changed[at] = changed[at] == 'A' ? 'Q' : 'A';
    EXPECT_EQ(verify(functions(), changed), nullptr) << at;
  }
}

TEST(Verify, ProvesNoNoise) {
  SeededRandom random(5);
  for (int i = 0; i < 20000; ++i) {
    const std::string digits = encode_base64(random.bytes(40), Base64Alphabet::url_safe, false);
    EXPECT_EQ(verify(functions(), digits), nullptr) << i;
  }
}

TEST(Families, HaveTheLayoutOfTheFacts) {
  const struct {
    std::string_view name;
    size_t digits, padding, signature_end;
  } cases[] = {{"azure-functions", 54, 2, 48},
               {"azure-search", 52, 0, 46},
               {"azure-relay", 43, 1, 37},
               {"azure-storage", 86, 2, 80}};
  for (const auto& c : cases) {
    const KeyFamily* family = find_family(c.name);
    ASSERT_NE(family, nullptr) << c.name;
    EXPECT_EQ(family->digits(), c.digits) << c.name;
    EXPECT_EQ(family->padding(), c.padding) << c.name;
    EXPECT_EQ(family->signature_end(), c.signature_end) << c.name;
    EXPECT_EQ(family->digits_after(), 6u) << c.name;
  }
  EXPECT_EQ(find_family("azure"), nullptr);
  EXPECT_EQ(find_family(""), nullptr);
}

TEST(Families, HaveDistinctNamesAndKinds) {
  std::set<std::string_view> names;
  for (const KeyFamily& family : key_families()) {
    EXPECT_TRUE(names.insert(family.name).second) << family.name;
    std::set<std::string_view> kinds;
    for (const KeySeed& seed : family.seeds) {
      EXPECT_TRUE(kinds.insert(seed.kind).second) << family.name << " " << seed.kind;
    }
  }
}

TEST(Confidence, HasItsWord) {
  EXPECT_EQ(to_string(Confidence::verified), "verified");
  EXPECT_EQ(to_string(Confidence::signature), "signature");
  EXPECT_EQ(to_string(Confidence::context), "context");
}

}  // namespace
}  // namespace assay
