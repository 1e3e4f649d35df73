#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "rules/keys/mint.h"
#include "rules/keys/schemes.h"

namespace assay {
namespace {

const KeyFamily& redis() { return *find_family("azure-cache-for-redis"); }

std::string key_of(SeededRandom& random) {
  return mint(redis(), redis().seeds[0], random.bytes(redis().bytes() - 7u));
}

size_t in_doubt(std::string_view key) {
  return static_cast<size_t>(std::count_if(key.begin(), key.begin() + redis().signature_at,
                                           [](char c) { return c == 'P' || c == 'F'; }));
}

TEST(Redis, ProvesKeysWhoseCharactersWereReplaced) {
  SeededRandom random(1);
  std::array<size_t, kMostReplaced + 1> seen{};
  for (int i = 0; i < 5000; ++i) {
    const std::string key = key_of(random);
    ASSERT_TRUE(verify(redis(), key.substr(0, 43))) << i;
    if (key.find_first_of("+/") == std::string::npos) ++seen.at(in_doubt(key));
  }
  for (size_t count = 0; count < 7; ++count) EXPECT_GT(seen[count], 0u) << count;
}

TEST(Redis, ProvesNoChangeOfAReplacedKey) {
  SeededRandom random(2);
  for (int i = 0; i < 200; ++i) {
    std::string key = key_of(random);
    const size_t at = random.below(33);
    key[at] = key[at] == 'Q' ? 'R' : 'Q';
    EXPECT_FALSE(verify(redis(), key.substr(0, 43))) << i;
  }
}

// A text of nothing but doubt costs one hash, not 2^33.
TEST(Redis, TriesNoMoreThanTheLimit) {
  for (int i = 0; i < 20000; ++i) {
    const std::string text = std::string(33, i % 2 == 0 ? 'P' : 'F') + "AzCaPFPFPA";
    EXPECT_FALSE(redis_checksum_holds(text, redis().seeds[0].seed));
  }
}

TEST(Redis, TakesTheTextAsItStandsInEitherAlphabet) {
  SeededRandom random(3);
  for (int i = 0; i < 50; ++i) {
    const std::string key = key_of(random);
    std::string other = key;
    std::replace(other.begin(), other.end(), '+', '-');
    std::replace(other.begin(), other.end(), '/', '_');
    EXPECT_TRUE(identify(other)->canonical == identify(key)->canonical);
  }
}

}  // namespace
}  // namespace assay
