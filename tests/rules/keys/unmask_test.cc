#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "rules/keys/mint.h"
#include "rules/keys/repair.h"

namespace assay {
namespace {

const KeyFamily& functions() { return *find_family("azure-functions"); }

std::string minted(const KeyFamily& family, uint64_t number) {
  SeededRandom random(number);
  const KeySeed& seed = family.seeds[number % family.seeds.size()];
  return mint(family, seed, random.bytes(family.bytes() - 7u));
}

bool is_among(const Unmasked& unmasked, const std::string& key) {
  return std::any_of(unmasked.keys.begin(), unmasked.keys.end(),
                     [&](const Repaired& one) { return one.key.reveal() == key; });
}

// `key` with the characters from `from` to `to` replaced by `mask` each.
std::string hidden(const std::string& key, size_t from, size_t to, std::string_view mask = "*") {
  std::string text = key.substr(0, from);
  for (size_t i = from; i < to; ++i) text += mask;
  return text + key.substr(to);
}

TEST(Unmask, FindsAsManyCandidatesAsSeedsWhereOnlyTheChecksumIsHidden) {
  for (const KeyFamily& family : key_families()) {
    if (!family.is_identifiable()) continue;
    // The first hidden digit holds bits of both where bytes and digits do not end together.
    const size_t split = size_t{1} << (size_t{family.bytes()} - 4) * 8 % 6;
    for (uint64_t number = 0; number < 6; ++number) {
      const std::string key = minted(family, number);
      const size_t end = family.signature_end();
      const std::string head = key.substr(0, end);
      for (const std::string& text :
           {hidden(key, end, family.digits()), hidden(key, end, key.size()),
            hidden(key, end, family.digits(), "x"), hidden(key, end, family.digits(), "\u2022"),
            hidden(key, end, family.digits(), "#"), hidden(key, end, family.digits(), "_"),
            head + "***", head + "*", head + "\u2026", head + "...", head + "[REDACTED]",
            head + "<hidden>"}) {
        const auto unmasked = unmask(family, text, Effort::scan);
        ASSERT_TRUE(unmasked) << family.name;
        EXPECT_EQ(unmasked->family, &family);
        EXPECT_EQ(unmasked->masked, 6u);
        EXPECT_TRUE(unmasked->counted);
        EXPECT_EQ(unmasked->tried, split);
        if (split == 1) {
          EXPECT_EQ(unmasked->candidates, family.seeds.size());
          EXPECT_EQ(unmasked->keys.size(), std::min<size_t>(3, family.seeds.size()));
          EXPECT_TRUE(is_among(*unmasked, key) || family.seeds.size() > 3);
        } else {
          EXPECT_EQ(unmasked->candidates, split * family.seeds.size());
        }
        for (const Repaired& one : unmasked->keys) {
          const auto info = identify(one.key.reveal());
          ASSERT_TRUE(info);
          EXPECT_EQ(info->confidence, Confidence::verified);
          EXPECT_EQ(info->kind, one.seed->kind);
        }
      }
    }
  }
}

TEST(Unmask, FindsHiddenDigitsWhereTheChecksumIsLegible) {
  const struct {
    size_t from, to;
    Effort effort;
    uint64_t tried;
  } cases[] = {
      {0, 1, Effort::scan, 64},       {10, 12, Effort::scan, 4096}, {42, 44, Effort::scan, 4096},
      {43, 48, Effort::scan, 64},     {44, 48, Effort::full, 0},    {46, 48, Effort::scan, 1},
      {20, 23, Effort::full, 262144}, {50, 52, Effort::scan, 1},    {45, 50, Effort::full, 0},
      {53, 54, Effort::scan, 1},
  };
  for (uint64_t number = 0; number < 3; ++number) {
    const std::string key = minted(functions(), number);
    for (const auto& c : cases) {
      const auto unmasked = unmask(hidden(key, c.from, c.to), c.effort);
      // Less than two characters of the signature are no sign that it is a key at all.
      EXPECT_EQ(unmasked.has_value(), c.tried > 0 && c.from + 2 != 45) << c.from;
      if (!unmasked) continue;
      EXPECT_EQ(unmasked->candidates, 1u) << c.from;
      EXPECT_EQ(unmasked->tried, c.tried) << c.from;
      EXPECT_EQ(unmasked->masked, c.to - c.from);
      EXPECT_TRUE(is_among(*unmasked, key)) << c.from;
      EXPECT_LT(unmasked->by_chance, 0.01);
    }
  }
}

TEST(Unmask, FindsFourHiddenCharactersAtFullEffort) {
  const std::string key = minted(functions(), 4);
  std::string text = key;
  for (const size_t at : {3, 17, 18, 40}) text[at] = '*';
  const auto unmasked = unmask(text, Effort::full);
  ASSERT_TRUE(unmasked);
  EXPECT_EQ(unmasked->tried, uint64_t{1} << 24);
  EXPECT_EQ(unmasked->candidates, 1u);
  EXPECT_TRUE(is_among(*unmasked, key));
  EXPECT_DOUBLE_EQ(unmasked->by_chance, std::ldexp(3.0, 24 - 32));
  // A scan does not try them, and says what is to be expected.
  const auto scanned = unmask(text, Effort::scan);
  ASSERT_TRUE(scanned);
  EXPECT_FALSE(scanned->counted);
  EXPECT_TRUE(scanned->keys.empty());
  EXPECT_EQ(scanned->candidates, 1u);
  text[5] = '*';
  EXPECT_FALSE(unmask(text, Effort::full)) << "five are too many";
}

// Hidden on both sides: each hidden checksum digit takes six bits from the proof.
TEST(Unmask, CountsWhatTheLegibleBitsLeave) {
  const std::string key = minted(functions(), 7);
  const struct {
    size_t before, checksum;  // hidden digits
    double expected;
  } cases[] = {{1, 6, 64 * 3}, {2, 6, 4096 * 3}, {2, 5, 4096 * 3 / 4.0},
               {2, 1, 0},      {1, 3, 0},        {3, 6, 262144 * 3}};
  for (const auto& c : cases) {
    std::string text = hidden(key, 48, 48 + c.checksum);
    for (size_t i = 0; i < c.before; ++i) text[5 + i] = '?';
    const auto unmasked = unmask(functions(), text, Effort::full);
    ASSERT_TRUE(unmasked) << c.before << c.checksum;
    EXPECT_TRUE(unmasked->counted);
    const auto count = static_cast<double>(unmasked->candidates);
    if (c.checksum == 6) {
      EXPECT_EQ(count, c.expected);
    } else if (c.expected == 0) {
      EXPECT_EQ(count, 1);
      EXPECT_TRUE(is_among(*unmasked, key));
    } else {
      // Two bits of the checksum are legible: a quarter of all.
      EXPECT_NEAR(count, c.expected, 200);
    }
    EXPECT_LE(unmasked->keys.size(), 3u);
  }
  // 2^25 keys are no longer few.
  std::string text = hidden(key, 48, 54);
  for (size_t i = 0; i < 4; ++i) text[5 + i] = '?';
  EXPECT_FALSE(unmask(functions(), text, Effort::full));
}

// A mask that is shorter or longer than what it hides.
TEST(Unmask, ReadsAMaskThatStandsForMoreCharactersThanItHas) {
  const std::string key = minted(functions(), 8);
  for (const std::string& text :
       {key.substr(0, 8) + "*" + key.substr(10), key.substr(0, 8) + "\u2026" + key.substr(11),
        key.substr(0, 8) + "*****" + key.substr(9)}) {
    const auto unmasked = unmask(text, Effort::full);
    ASSERT_TRUE(unmasked);
    EXPECT_EQ(unmasked->candidates, 1u);
    EXPECT_TRUE(is_among(*unmasked, key));
  }
}

TEST(Unmask, SaysNothingWhereNothingOrTooMuchIsHidden) {
  for (const KeyFamily& family : key_families()) {
    if (!family.is_identifiable()) continue;
    const std::string key = minted(family, 9);
    const size_t end = family.signature_end();
    const std::string wrong = hidden(key, end - 4, end, "A");
    for (const std::string& text :
         {std::string(), key, key.substr(0, end), hidden(key, 0, key.size()),
          hidden(key, 0, end - 4), hidden(key, 5, 10), hidden(wrong, end, key.size()),
          key.substr(0, end - 1) + "***", key.substr(1, end) + "***", std::string("***"),
          std::string(100'000, '*'), key.substr(0, 3) + "***" + key.substr(key.size() - 4)}) {
      EXPECT_FALSE(unmask(family, text, Effort::full)) << family.name << " " << text.size();
    }
    // A checksum that does not hold is not found again.
    std::string broken = hidden(key, 2, 3);
    broken[7] = broken[7] == 'A' ? 'B' : 'A';
    broken[9] = broken[9] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(unmask(family, broken, Effort::full)) << family.name;
  }
}

// What our own reports show of a key, of which nothing must give it away: the redacted form with
// and without signature, and all that somebody may make of it.
TEST(Unmask, FindsNothingInOurOwnRedaction) {
  for (const KeyFamily& family : key_families()) {
    if (!family.is_identifiable()) continue;
    for (uint64_t number = 0; number < 20; ++number) {
      const std::string key = minted(family, number);
      const Secret secret(key);
      const std::string stars(key.size(), '*');
      std::string shown = stars;
      shown.replace(0, 3, key, 0, 3);
      shown.replace(family.signature_end() - 4, 4, family.signature);
      const std::string redacted = secret.redacted(family.signature);
      EXPECT_EQ(redacted.find(key.substr(0, 4)), std::string::npos);
      for (const std::string& text :
           {redacted, secret.redacted(), stars, shown, redacted.substr(0, redacted.find('(')),
            "code=" + redacted, "\"" + redacted + "\"", "?code=" + stars + "&x=1",
            "AZF1002:" + std::string(20, 'A')}) {
        for (const Effort effort : {Effort::scan, Effort::full}) {
          EXPECT_FALSE(unmask(text, effort)) << family.name;
          EXPECT_FALSE(unmask(family, text, effort)) << family.name;
          EXPECT_EQ(repair(text, effort).found, 0u) << family.name;
        }
      }
    }
  }
}

TEST(Unmask, SaysNothingOfOtherSchemes) {
  for (const KeyFamily& family : key_families()) {
    if (family.is_identifiable()) continue;
    const std::string key = minted(family, 3);
    for (const std::string& text :
         {key, hidden(key, 10, 11), hidden(key, family.digits() - 2, family.digits()),
          key.substr(0, family.signature_end()) + "***"}) {
      EXPECT_FALSE(unmask(family, text, Effort::full)) << family.name;
      EXPECT_FALSE(unmask(text, Effort::full)) << family.name;
    }
  }
}

// A mask over half of the signature leaves several families; a scan tries no more for that.
TEST(Unmask, HasOneLimitForAllFamilies) {
  const std::string key = minted(*find_family("azure-relay"), 3);
  const auto unmasked = unmask(hidden(hidden(key, 35, 37), 7, 9), Effort::scan);
  ASSERT_TRUE(unmasked);
  EXPECT_LE(unmasked->tried, 30'000u);
  EXPECT_TRUE(is_among(*unmasked, key));
}

}  // namespace
}  // namespace assay
