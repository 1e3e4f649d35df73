#include "scanner/inspect_text.h"

#include <gtest/gtest.h>

#include "rules/keys/mint.h"

namespace assay {
namespace {

const RuleSet& rules() {
  static const RuleSet set = RuleSet::builtin();
  return set;
}

std::vector<Inspection> inspect(std::string_view line) {
  static Inspector inspector(rules());
  return inspector.inspect(line);
}

std::string minted(const KeyFamily& family, uint64_t number = 1) {
  SeededRandom random(number);
  return mint(family, family.seeds[0], random.bytes(64));
}

std::string minted(std::string_view family, uint64_t number = 1) {
  return minted(*find_family(family), number);
}

// What stands in place of KEY, HEAD (48 characters), LEFT and RIGHT is of one key.
std::string filled(std::string text, const std::string& key) {
  const auto put = [&](std::string_view name, const std::string& value) {
    for (size_t at; (at = text.find(name)) != text.npos;) text.replace(at, name.size(), value);
  };
  put("KEY", key);
  put("BARE", key.substr(0, 54));
  put("HEAD", key.substr(0, 48));
  put("LEFT", key.substr(0, 25));
  put("RIGHT", key.substr(25));
  put("RANDOM", key.substr(0, 44));
  put("MOST", key.substr(0, 9) + key.substr(10));
  return text;
}

TEST(Inspector, FindsTheKeyInWhateverItWasPastedWith) {
  const std::string key = minted("azure-functions");
  const struct {
    std::string_view line;
    Verdict verdict;
  } cases[] = {
      {"KEY", Verdict::verified},
      {"BARE", Verdict::verified},
      {"  \"KEY\",\r", Verdict::verified},
      {"?code=KEY", Verdict::verified},
      {"code=BARE%3D%3D&x=1", Verdict::verified},
      {"code=BARE%253d%253D", Verdict::verified},
      {"{\"value\": \"BARE\\u003d\\u003d\"}", Verdict::verified},
      {"x-functions-key: MOST", Verdict::repaired},
      {"?code=MOST", Verdict::repaired},
      {"token: MOST", Verdict::repaired},
      {"deploy with MOST today", Verdict::repaired},
      {"deploy with HEAD****** today", Verdict::masked},
      {"RANDOM********", Verdict::masked},  // the signature is the same in every key
      {"RANDOMAz****", Verdict::masked},
      {"RANDOMAzF", Verdict::masked},
      {"RANDOM", Verdict::none},  // a length says too little
      {"RANDOMAzQ***", Verdict::none},
      {"%7B%22a%22%3A%22MOST%22%7D", Verdict::repaired},
      {"code=LEFT RIGHT", Verdict::repaired},
      {"RIGHTLEFT", Verdict::repaired},
      {"RIGHT, LEFT", Verdict::repaired},
      {"'KEY='", Verdict::verified},
      {"code=HEAD******==", Verdict::masked},
      {"code: HEAD\u2026", Verdict::masked},
      {"HEAD", Verdict::masked},
      {"HEAD[REDACTED]", Verdict::masked},
      {"code=LEFT", Verdict::none},
      {"", Verdict::none},
      {"RIGHT", Verdict::none},
      {"hunter2", Verdict::none},
  };
  for (const auto& c : cases) {
    const auto results = inspect(filled(std::string(c.line), key));
    ASSERT_EQ(results.size(), 1u) << c.line;
    const Inspection& one = results[0];
    EXPECT_EQ(to_string(one.verdict), to_string(c.verdict)) << c.line;
    EXPECT_EQ(one.understood(), c.verdict == Verdict::verified || c.verdict == Verdict::repaired);
    EXPECT_TRUE(!one.understood() || one.key.reveal() == key) << c.line;
    if (c.verdict == Verdict::masked) {
      EXPECT_EQ(one.candidates, 3u);
      EXPECT_EQ(one.keys.size(), 3u);
      EXPECT_TRUE(one.key.empty());
    }
    EXPECT_EQ(one.why.empty(), c.verdict != Verdict::none) << c.line;
  }
}

TEST(Inspector, KnowsTheKeysOfAllFamilies) {
  for (const KeyFamily& family : key_families()) {
    const std::string key = minted(family);
    const bool proves = family.scheme != KeyScheme::none;
    for (const std::string& line : {key, "AccountKey=" + key + ";", "\"token\": \"" + key + "\""}) {
      const auto whole = inspect(line);
      ASSERT_EQ(whole.size(), 1u) << family.name;
      EXPECT_EQ(whole[0].verdict, proves ? Verdict::verified : Verdict::shape) << family.name;
      EXPECT_EQ(whole[0].understood(), proves) << family.name;
      EXPECT_EQ(whole[0].proven(), proves) << family.name;
      EXPECT_EQ(whole[0].family, &family) << family.name;
      EXPECT_TRUE(whole[0].key.reveal() == key) << family.name;
      EXPECT_EQ(whole[0].seed, &family.seeds[0]) << family.name;
    }
    if (!family.is_identifiable()) continue;
    const auto lost = inspect(key.substr(0, 9) + key.substr(10));
    ASSERT_EQ(lost.size(), 1u);
    EXPECT_EQ(lost[0].verdict, Verdict::repaired) << family.name;
  }
}

TEST(Inspector, TellsWhatAnAnnotatedKeySaysOfItself) {
  const KeyFamily& family = *find_family("azure-common-annotated");
  for (const KeySeed& seed : family.seeds) {
    SeededRandom random(3);
    const std::string key = mint(family, seed, random.bytes(64));
    const auto found = inspect(key);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].born, birth_month(family, key));
    EXPECT_EQ(found[0].born.size(), 7u);
    EXPECT_EQ(found[0].service, service_name(family, key));
    EXPECT_EQ(found[0].seed, &seed);
    // Without its checksum it is one by its fields.
    std::string broken = key;
    broken[3] = broken[3] == 'a' ? 'b' : 'a';
    const auto shape = inspect(broken);
    ASSERT_EQ(shape.size(), 1u);
    EXPECT_EQ(shape[0].verdict, Verdict::shape);
    EXPECT_EQ(shape[0].seed, &seed);
    EXPECT_FALSE(shape[0].proven());
    EXPECT_EQ(shape[0].born, found[0].born);
  }
  EXPECT_EQ(inspect(minted("azure-storage"))[0].born, "");
}

TEST(Inspector, KnowsSamples) {
  EXPECT_EQ(inspect(minted("azure-functions"))[0].sample, Inspection::Sample::no);
  const KeyFamily& family = *find_family("azure-functions");
  const auto by_look = inspect(mint(family, family.seeds[0], std::string(64, '\0')));
  EXPECT_EQ(by_look[0].verdict, Verdict::verified);
  EXPECT_EQ(by_look[0].sample, Inspection::Sample::look);
}

TEST(Inspector, TellsEachKeyOfALine) {
  const std::string a = minted("azure-functions", 1), b = minted("azure-functions", 2);
  std::string broken = b;
  broken[3] = broken[3] == 'A' ? 'B' : 'A';
  const auto results = inspect(a + " " + broken + " " + b);
  ASSERT_EQ(results.size(), 3u);
  EXPECT_TRUE(results[0].key.reveal() == a);
  EXPECT_EQ(results[1].verdict, Verdict::repaired);
  EXPECT_TRUE(results[1].key.reveal() == b);
  EXPECT_EQ(results[1].damage, "one character replaced");
  EXPECT_TRUE(results[2].key.reveal() == b);
  EXPECT_EQ(inspect(broken + " " + broken + " " + a.substr(0, 48) + "******").size(), 3u);
}

TEST(Inspector, SaysAmbiguousAndShape) {
  std::string cosmos = minted("azure-cosmos-db");
  cosmos[3] = cosmos[3] == 'A' ? 'B' : 'A';
  const auto results = inspect(cosmos);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].verdict, Verdict::ambiguous);
  EXPECT_EQ(results[0].candidates, 2u);
  EXPECT_EQ(results[0].seed, nullptr);
  EXPECT_TRUE(results[0].key.empty());
  const auto made_up = inspect(std::string(44, 'b') + "AzFuAAAAAA==");
  ASSERT_EQ(made_up.size(), 1u);
  EXPECT_EQ(made_up[0].verdict, Verdict::shape);
  EXPECT_GT(made_up[0].tried, 1'000'000u);
}

TEST(Inspector, TakesAnyBytes) {
  SeededRandom random(5);
  for (const size_t size : {0, 1, 24, 53, 54, 86, 511, 513, 5000, 65536}) {
    EXPECT_FALSE(inspect(random.bytes(size))[0].understood());
    EXPECT_FALSE(inspect(std::string(size, 'A'))[0].understood());
    EXPECT_FALSE(inspect(std::string(size, '*'))[0].understood());
    EXPECT_FALSE(inspect(std::string(size, '\0'))[0].understood());
    EXPECT_FALSE(inspect(std::string(size, '='))[0].understood());
  }
}

}  // namespace
}  // namespace assay
