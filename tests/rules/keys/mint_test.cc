#include "rules/keys/mint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace assay {
namespace {

std::string filled(std::string_view text, uint64_t seed = 1) {
  SeededRandom random(seed);
  return fill_placeholders(text, random);
}

TEST(Mint, MakesAKeyThatProvesItselfForEveryFamilyAndKind) {
  SeededRandom random(7);
  for (const KeyFamily& family : key_families()) {
    for (const KeySeed& seed : family.seeds) {
      for (int i = 0; i < 50; ++i) {
        const std::string key = mint(family, seed, random.bytes(family.bytes() - 7u));
        const auto info = identify(key);
        ASSERT_TRUE(info) << family.name;
        EXPECT_EQ(info->family, &family);
        EXPECT_EQ(info->seed, &seed) << family.name << " " << seed.kind << " " << seed.mark;
        EXPECT_EQ(info->kind, seed.kind);
        EXPECT_EQ(info->confidence == Confidence::verified, family.scheme != KeyScheme::none);
        EXPECT_EQ(key.size(), family.digits() + family.padding());
        EXPECT_FALSE(looks_like_sample(family, key.substr(0, family.digits())));
      }
    }
  }
}

// Another length of `random` is a mistake, yet must not read or write where it may not.
TEST(Mint, TakesAnyLengthOfRandomBytes) {
  for (const KeyFamily& family : key_families()) {
    for (const size_t size : {0, 1, 32, 34, 40, 200}) {
      EXPECT_TRUE(identify(mint(family, family.seeds[0], std::string(size, 'r')))) << size;
    }
  }
}

TEST(Mint, MakesKeysOfTheSystemsRandomNumbers) {
  for (const KeyFamily& family : key_families()) {
    for (const KeySeed& seed : family.seeds) {
      const std::optional<Secret> one = mint_random(family, seed);
      const std::optional<Secret> other = mint_random(family, seed);
      ASSERT_TRUE(one && other);
      EXPECT_FALSE(*one == *other);
      const auto info = identify(one->reveal());
      ASSERT_TRUE(info) << family.name;
      EXPECT_EQ(info->family, &family);
      EXPECT_EQ(info->seed, &seed);
      EXPECT_EQ(info->confidence == Confidence::verified, family.scheme != KeyScheme::none);
    }
  }
}

TEST(SeededRandom, GivesTheSameNumbersOnEveryMachine) {
  SeededRandom random(0);
  EXPECT_EQ(random.next(), 0xe220a8397b1dcdafu);  // published for splitmix64
  EXPECT_EQ(random.next(), 0x6e789e6aa1b965f4u);
  EXPECT_EQ(SeededRandom(9).bytes(5), SeededRandom(9).bytes(5));
  EXPECT_NE(SeededRandom(9).bytes(5), SeededRandom(10).bytes(5));
}

TEST(Placeholders, BecomeKeysOfTheirKind) {
  const struct {
    std::string_view placeholder;
    std::string_view kind;
    Confidence confidence;
    size_t size;
  } cases[] = {
      {"{key:master}", "master", Confidence::verified, 56},
      {"{key:system}", "system", Confidence::verified, 56},
      {"{key:function}", "function", Confidence::verified, 56},
      {"{bare:master}", "master", Confidence::verified, 54},
      {"{broken:master}", "unknown", Confidence::signature, 56},
      {"{broken:function:x}", "unknown", Confidence::signature, 56},
  };
  for (const auto& c : cases) {
    for (uint64_t seed = 0; seed < 20; ++seed) {
      const std::string key = filled(c.placeholder, seed);
      const auto info = identify(key);
      ASSERT_TRUE(info) << c.placeholder;
      EXPECT_EQ(info->kind, c.kind) << c.placeholder;
      EXPECT_EQ(info->confidence, c.confidence) << c.placeholder;
      EXPECT_EQ(key.size(), c.size) << c.placeholder;
    }
  }
}

TEST(Placeholders, NameEveryFamilyAndKind) {
  for (const KeyFamily& family : key_families()) {
    for (const KeySeed& seed : family.seeds) {
      const std::string name =
          std::string(family_name(family, seed)) + "/" + std::string(seed.kind);
      const size_t length = family.digits() + family.padding();
      for (const std::string& what : {name, name + "/" + std::to_string(length)}) {
        const auto key = identify(filled("{key:" + what + "}"));
        ASSERT_TRUE(key && key->seed != nullptr) << what;
        EXPECT_EQ(family_name(*key->family, *key->seed), family_name(family, seed)) << what;
        EXPECT_EQ(key->kind, seed.kind) << what;
        EXPECT_EQ(key->confidence == Confidence::verified, key->family->scheme != KeyScheme::none);
        EXPECT_TRUE(what == name || key->canonical.size() == length) << what;
        for (uint64_t number = 0; number < 20; ++number) {
          const auto broken = identify(filled("{broken:" + what + "}", number));
          EXPECT_EQ(broken.has_value(), !family.signature.empty()) << what;
          EXPECT_TRUE(!broken || broken->confidence == Confidence::signature) << what;
        }
        EXPECT_EQ(filled("{bare:" + what + "}").size(), key->family->digits()) << what;
        EXPECT_EQ(filled("{lost:" + what + "}").size(), key->canonical.size() - 1) << what;
        const std::string masked = filled("{masked:" + what + "}");
        EXPECT_EQ(std::count(masked.begin(), masked.end(), '*'), 8) << what;
      }
    }
  }
}

TEST(Placeholders, OfFamiliesMayHaveANameToo) {
  const std::string text = filled(
      "{key:azure-storage/account:a} {bare:azure-storage/account:a} {key:azure-storage/account:b}");
  ASSERT_EQ(text.size(), 88u + 1 + 86 + 1 + 88);
  EXPECT_EQ(text.substr(0, 86), text.substr(89, 86));
  EXPECT_NE(text.substr(0, 86), text.substr(176, 86));
}

TEST(Placeholders, OfPlainDigitsHaveTheLengthAndPaddingOfOldKeys) {
  const struct {
    std::string_view placeholder;
    size_t size, padding;
  } cases[] = {{"{plain:43}", 43, 0}, {"{plain:54}", 54, 0}, {"{plain:55}", 55, 1},
               {"{plain:56}", 56, 2}, {"{plain:57}", 57, 0}, {"{plain:80}", 80, 0},
               {"{hex:64}", 64, 0},   {"{plain:0}", 0, 0}};
  for (const auto& c : cases) {
    const std::string text = filled(c.placeholder);
    EXPECT_EQ(text.size(), c.size) << c.placeholder;
    EXPECT_EQ(std::count(text.begin(), text.end(), '='), static_cast<long>(c.padding));
    EXPECT_FALSE(identify(text)) << c.placeholder;
  }
  EXPECT_EQ(filled("{hex:64}").find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(Placeholders, WithoutANameAreAllDifferent) {
  std::set<std::string> keys;
  SeededRandom random(1);
  for (int i = 0; i < 100; ++i) keys.insert(fill_placeholders("{key:master}", random));
  EXPECT_EQ(keys.size(), 100u);
}

TEST(Placeholders, WithANameAreTheSameKeyWholeBareAndBroken) {
  const std::string text =
      filled("{key:master:a} {key:master:a} {bare:master:a} {broken:master:a} {key:master:b}");
  ASSERT_EQ(text.size(), 4 * 57 + 54 + 1 - 1 + 0u);
  const std::string a = text.substr(0, 56);
  EXPECT_EQ(text.substr(57, 56), a);
  EXPECT_EQ(text.substr(114, 54), a.substr(0, 54));
  const std::string broken = text.substr(169, 56);
  size_t changed = 0;
  for (size_t i = 0; i < 56; ++i) changed += broken[i] != a[i];
  EXPECT_EQ(changed, 1u);
  EXPECT_NE(text.substr(226), a);
}

TEST(Placeholders, OfUnknownKindStayAsTheyAre) {
  for (const std::string_view text : {"",
                                      "{",
                                      "}",
                                      "{}",
                                      "{{}}",
                                      "{:}",
                                      "{key}",
                                      "{key:}",
                                      "{key:host}",
                                      "{key:azure-storage/}",
                                      "{key:azure-storage}",
                                      "{key:/account}",
                                      "{key:azure-storage/account/}",
                                      "{key:azure-storage/account/44}",
                                      "{key:azure-common-annotated/common-annotated/x}",
                                      "{plain:}",
                                      "{plain:x}",
                                      "{plain:-1}",
                                      "{plain:99999}",
                                      "{hex:12a}",
                                      "{other:master}",
                                      "{\"a\":{\"b\":1}}",
                                      "{group} {app}{slot}",
                                      "{key:master",
                                      "x{key\n:master}"}) {
    EXPECT_EQ(filled(text), text);
  }
  EXPECT_EQ(filled("{\"v\":\"{key:master}\"}").size(), 6 + 56 + 2u);
  EXPECT_EQ(filled("{{hex:4}}").size(), 6u);
}

TEST(Placeholders, WithANameOfAnotherKindAreHarmless) {
  EXPECT_EQ(filled("{plain:3:n}{broken:master:n}{bare:master:n}").size(), 9u);
}

}  // namespace
}  // namespace assay
