#include "rules/keys/identify.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "rules/keys/mint.h"
#include "rules/keys/schemes.h"
#include "tests/rules/keys/vectors.h"

namespace assay {
namespace {

const KeyFamily& functions() { return *find_family("azure-functions"); }

std::string minted(std::string_view placeholder, uint64_t seed = 1) {
  SeededRandom random(seed);
  return fill_placeholders(placeholder, random);
}

std::string_view digits_of(const KeyFamily& family, std::string_view key) {
  return key.substr(0, family.digits());
}

std::string key_of(const KeyFamily& family, const KeySeed& seed, SeededRandom& random) {
  return mint(family, seed, random.bytes(family.bytes() - 7u));
}

std::string born(const std::string& column) { return column == "-" ? "" : column; }

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
  for (const auto& row : vectors("family_keys.txt", 134)) {
    ASSERT_EQ(row.size(), 5u);
    const std::string key = unhex(row[0]);
    const auto info = identify(key);
    ASSERT_TRUE(info) << row[1];
    ASSERT_NE(info->seed, nullptr) << row[1];
    EXPECT_EQ(family_name(*info->family, *info->seed), row[1]);
    EXPECT_EQ(info->kind, row[2]) << row[1];
    EXPECT_EQ(info->seed->kind, row[2]) << row[1];
    EXPECT_EQ(info->confidence, Confidence::verified) << row[1];
    EXPECT_TRUE(info->canonical == Secret(key)) << row[1];
    EXPECT_EQ(info->fingerprint(), row[3]) << row[1];
    EXPECT_EQ(birth_month(*info->family, digits_of(*info->family, key)), born(row[4])) << row[1];
  }
}

TEST(Identify, KnowsEveryFormOfEveryFamily) {
  for (const auto& row : vectors("family_forms.txt", 51)) {
    ASSERT_EQ(row.size(), 6u);
    const std::string key = unhex(row[0]);
    const auto info = identify(key);
    ASSERT_TRUE(info) << row[1] << " " << row[5];
    ASSERT_NE(info->seed, nullptr) << row[1] << " " << row[5];
    EXPECT_EQ(family_name(*info->family, *info->seed), row[1]) << row[5];
    EXPECT_EQ(info->kind, row[2]) << row[1] << " " << row[5];
    EXPECT_EQ(to_string(info->confidence), row[3]) << row[1] << " " << row[5];
    EXPECT_EQ(birth_month(*info->family, digits_of(*info->family, key)), born(row[4])) << row[5];
    EXPECT_TRUE(info->canonical == Secret(key)) << row[1] << " " << row[5];
  }
}

TEST(Identify, EveryRowAndSeedOfTheTableHasAVector) {
  std::set<const KeyFamily*> rows;
  std::set<std::string> seeds;
  const auto name = [](const KeyFamily& family, const KeySeed& seed) {
    return std::string(family_name(family, seed)) + " " + std::string(seed.kind) + " " +
           std::string(seed.mark);
  };
  for (const char* file : {"functions_keys_valid.txt", "family_keys.txt", "family_forms.txt"}) {
    for (const auto& row : vectors(file, 51)) {
      const auto info = identify(unhex(row[0]));
      ASSERT_TRUE(info && info->seed != nullptr) << row[1];
      rows.insert(info->family);
      seeds.insert(name(*info->family, *info->seed));
    }
  }
  for (const KeyFamily& family : key_families()) {
    EXPECT_TRUE(rows.contains(&family)) << family.name << " " << family.digits();
    for (const KeySeed& seed : family.seeds) {
      EXPECT_TRUE(seeds.contains(name(family, seed))) << name(family, seed);
    }
  }
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
    const std::string key = mint(family, family.seeds.front(), random.bytes(family.bytes() - 7u));
    for (size_t kept = 0; kept <= family.padding(); ++kept) {
      const auto info = identify(std::string_view(key).substr(0, family.digits() + kept));
      ASSERT_TRUE(info) << family.name << " " << kept;
      EXPECT_EQ(info->confidence == Confidence::verified, family.scheme != KeyScheme::none)
          << family.name;
      EXPECT_EQ(info->family, &family);
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
    if (!family.is_identifiable() && family.scheme != KeyScheme::redis) continue;
    for (uint64_t seed = 0; seed < 20; ++seed) {
      SeededRandom random(seed);
      std::string key = mint(family, family.seeds.back(), random.bytes(family.bytes() - 7u));
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

// A change that is no other writing of the same key.
bool is_change(const KeyFamily& family, const std::string& digits, size_t at, char to) {
  const char from = digits[at];
  if (from == to) return false;
  // The bits of the last digit that are no part of the token.
  if (family.scheme == KeyScheme::devops_pat) return at + 1 < digits.size();
  if (family.scheme == KeyScheme::common_annotated && digits.size() == 86) return at < 85;
  // The two seeds differ by 8 in one byte of the half that the first word is added to: a key of one
  // kind is one of the other when its fourth digit differs by 8.
  if (family.name == "azure-cosmos-db") return at != 3;
  if (family.scheme != KeyScheme::redis) return true;
  const auto shown = [](char c) {
    return c == '+' || c == '-' ? 'P' : c == '/' || c == '_' ? 'F' : c;
  };
  return shown(from) != shown(to);
}

// A CRC-32 changes with every character. Of the others so many hashes share their checksum with the
// key's: 66^3 values in 2^32 of Entra's three characters are told apart, 62^2 of the four of a
// common annotated key.
TEST(Verify, NoChangeOfOneCharacterIsProved) {
  SeededRandom random(23);
  for (const KeyFamily& family : key_families()) {
    if (family.scheme == KeyScheme::none) continue;
    std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_.~ =";
    alphabet += '\0';
    double expected = 0;
    size_t proved = 0;
    for (const KeySeed& seed : family.seeds) {
      const std::string key = key_of(family, seed, random);
      const std::string digits(digits_of(family, key));
      ASSERT_NE(verify(family, digits), nullptr) << family.name;
      for (size_t at = 0; at < digits.size(); ++at) {
        for (const char c : alphabet) {
          const bool base64 = family.is_identifiable() || family.scheme == KeyScheme::redis;
          if (!is_change(family, digits, at, c)) continue;
          if (base64 && kBase64Values[static_cast<unsigned char>(c)] ==
                            kBase64Values[static_cast<unsigned char>(digits[at])]) {
            continue;
          }
          std::string changed = digits;
          changed[at] = c;
          proved += verify(family, changed) != nullptr;
          expected += family.scheme == KeyScheme::entra              ? 66.0 * 66 * 66 / 4294967296
                      : family.scheme == KeyScheme::common_annotated ? 62.0 * 62 / 4294967296
                                                                     : 1e-6;
        }
      }
    }
    EXPECT_LT(expected, 0.2) << family.name;
    EXPECT_LE(proved, expected > 0.1 ? 1u : 0u) << family.name << " " << family.digits();
  }
}

TEST(Verify, TakesAnyTextOfAnyLength) {
  SeededRandom random(29);
  for (const KeyFamily& family : key_families()) {
    const std::string key = key_of(family, family.seeds.front(), random);
    for (size_t size = 0; size < 100; ++size) {
      if (size == family.digits()) continue;
      std::string text = key;
      text.resize(size, 'A');
      EXPECT_EQ(verify(family, text), nullptr) << family.name << size;
      EXPECT_FALSE(has_form(family, text)) << family.name << size;
      EXPECT_EQ(seed_of_form(family, text), nullptr) << family.name << size;
      EXPECT_FALSE(looks_like_sample(family, text)) << family.name << size;
    }
    for (int c = 0; c < 256; ++c) {
      const std::string text(family.digits(), static_cast<char>(c));
      EXPECT_EQ(verify(family, text), nullptr) << family.name << c;
    }
  }
}

TEST(Verify, ProvesNoNoiseOfAnyFamilysForm) {
  SeededRandom random(31);
  for (const KeyFamily& family : key_families()) {
    double chance = 0;
    size_t proved = 0;
    for (int i = 0; i < 2000; ++i) {
      std::string text;
      while (text.size() < family.digits()) {
        const std::string_view alphabet = alphabet_of(family);
        text += alphabet[random.below(alphabet.size())];
      }
      text.replace(family.signature_at, family.signature.size(), family.signature);
      proved += verify(family, text) != nullptr;
      chance += proof_by_chance(family);
    }
    EXPECT_LT(chance, 0.01) << family.name;
    EXPECT_EQ(proved, 0u) << family.name << " " << family.digits();
  }
}

TEST(Form, TellsTheKindOfFamiliesWithOneSeedAndOfCommonAnnotatedKeys) {
  SeededRandom random(37);
  for (const KeyFamily& family : key_families()) {
    for (const KeySeed& seed : family.seeds) {
      std::string key = key_of(family, seed, random);
      key[7] = key[7] == 'a' ? 'b' : 'a';
      const std::string_view digits = digits_of(family, key);
      EXPECT_TRUE(has_form(family, digits)) << family.name;
      const bool tells = family.seeds.size() == 1 || family.scheme == KeyScheme::common_annotated;
      EXPECT_EQ(seed_of_form(family, digits), tells ? &seed : nullptr) << family.name;
      const auto info = identify(key);
      // Fifty-two letters without a checksum are no sign of anything.
      EXPECT_EQ(info.has_value(), !family.signature.empty()) << family.name;
      if (!info) continue;
      EXPECT_EQ(info->confidence, Confidence::signature) << family.name;
      EXPECT_EQ(info->kind, tells ? seed.kind : "unknown") << family.name;
      EXPECT_EQ(info->seed, tells ? &seed : nullptr) << family.name;
    }
  }
}

TEST(Form, NeedsEachCharacterToBeOneOfTheFamilys) {
  SeededRandom random(41);
  for (const KeyFamily& family : key_families()) {
    const std::string key = key_of(family, family.seeds.front(), random);
    const std::string digits(digits_of(family, key));
    ASSERT_TRUE(has_form(family, digits)) << family.name;
    for (const char c : digits) EXPECT_TRUE(is_key_digit(family, c)) << family.name;
    for (size_t at = 0; at < digits.size(); ++at) {
      for (const char c : {' ', '=', '\0', '\x80', '"', '%'}) {
        EXPECT_FALSE(is_key_digit(family, c)) << family.name;
        std::string changed = digits;
        changed[at] = c;
        EXPECT_FALSE(has_form(family, changed)) << family.name << at;
      }
    }
  }
}

TEST(Families, HaveTheLayoutOfTheFacts) {
  const struct {
    std::string_view name;
    size_t digits, padding, signature_end, digits_after;
  } cases[] = {{"azure-functions", 54, 2, 48, 6},
               {"azure-search", 52, 0, 46, 6},
               {"azure-relay", 43, 1, 37, 6},
               {"azure-cache-for-redis", 43, 1, 37, 6},
               {"azure-event-grid", 43, 1, 37, 6},
               {"azure-storage", 86, 2, 80, 6},
               {"azure-common-annotated", 84, 0, 57, 27},
               {"entra-client-secret", 40, 0, 6, 34},
               {"github-oauth-token", 40, 0, 4, 36},
               {"npm-access-token", 40, 0, 4, 36},
               {"azure-devops-pat", 52, 0, 1, 51},
               {"nuget-api-key", 46, 0, 3, 43},
               {"databricks-token", 36, 0, 4, 32}};
  for (const auto& c : cases) {
    const KeyFamily* family = find_family(c.name);
    ASSERT_NE(family, nullptr) << c.name;
    EXPECT_EQ(family->digits(), c.digits) << c.name;
    EXPECT_EQ(family->padding(), c.padding) << c.name;
    EXPECT_EQ(family->signature_end(), c.signature_end) << c.name;
    EXPECT_EQ(family->digits_after(), c.digits_after) << c.name;
  }
  EXPECT_EQ(find_family("azure"), nullptr);
  EXPECT_EQ(find_family(""), nullptr);
}

TEST(Families, AreNamedByRowsAndBySeeds) {
  for (const std::string_view name :
       {"azure-functions", "azure-common-annotated", "azure-maps", "azure-sql", "azure-event-grid",
        "azure-devops-pat", "github-user-to-server-token"}) {
    EXPECT_TRUE(is_family_name(name)) << name;
  }
  for (const std::string_view name : {"", "azure", "AZAC", "common-annotated"}) {
    EXPECT_FALSE(is_family_name(name)) << name;
  }
}

TEST(Families, HaveDistinctNamesAndKinds) {
  std::set<std::string> rows;
  std::set<std::string> kinds;
  for (const KeyFamily& family : key_families()) {
    const std::string row = std::string(family.name) + " " + std::to_string(family.digits());
    EXPECT_TRUE(rows.insert(row).second) << row;
    for (const KeySeed& seed : family.seeds) {
      const std::string kind = row + " " + std::string(family_name(family, seed)) + " " +
                               std::string(seed.kind) + " " + std::string(seed.mark);
      EXPECT_TRUE(kinds.insert(kind).second) << kind;
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
