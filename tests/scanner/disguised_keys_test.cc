// Every disguise, from the bytes to the finding: found, named, and at an offset at which undoing it
// gives the key.
#include <gtest/gtest.h>

#include "rules/keys/c3id.h"
#include "rules/keys/mint.h"
#include "rules/rule_set.h"
#include "scanner/matcher.h"
#include "tests/support/disguises.h"

namespace assay {
namespace {

struct World {
  RuleSet rules = RuleSet::builtin();
  Prefilter fast{rules, {true, "", false}};
  Prefilter plain{rules, {false, "", false}};
};
World& world() {
  static World it;
  return it;
}

std::vector<Finding> found(const Prefilter& prefilter, std::string_view text) {
  Matcher matcher(world().rules, prefilter, {true, false});
  std::vector<Finding> findings;
  matcher.match({text, 0, 0, text.size(), true, "notes.txt"}, findings);
  return findings;
}

std::string join(const auto& parts) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : " ") + std::string(part);
  return out;
}

// A text of a log with one key of `placeholder` in it.
struct Leak {
  std::string text;
  size_t begin = 0;
  size_t length = 0;
};
Leak leak(std::string_view placeholder, SeededRandom& random) {
  const std::string key = fill_placeholders(std::string(placeholder), random);
  const std::string before =
      "2025-11-02T08:00:00Z calling "
      "https://contoso-orders.azurewebsites.net/api/Refund?code=";
  return {before + key + "&clientId=default took 12 ms\n", before.size(), key.size()};
}

TEST(Disguised, EveryDisguiseIsFoundAndNamed) {
  for (const Disguise& disguise : disguises()) {
    for (uint64_t seed = 1; seed <= 12; ++seed) {
      SeededRandom random(seed);
      const char* placeholders[] = {"{key:master}", "{key:function}", "{key:system}"};
      const Leak in = leak(placeholders[seed % 3], random);
      const std::string key = in.text.substr(in.begin, in.length);
      const std::string text = disguise.apply(in.text, in.begin, in.length, random);
      const auto findings = found(world().fast, text);
      std::vector<const Finding*> verified;
      for (const Finding& finding : findings) {
        if (finding.confidence == Confidence::verified) verified.push_back(&finding);
      }
      EXPECT_EQ(verified.size(), 1u) << disguise.name << ", seed " << seed;
      if (verified.empty()) continue;
      const Finding& finding = *verified.front();
      EXPECT_EQ(finding.fingerprint, identify(key)->fingerprint()) << disguise.name;
      EXPECT_EQ(join(finding.encoding), join(disguise.chain)) << disguise.name << ", seed " << seed;
      EXPECT_LE(finding.location.byte_offset + finding.location.byte_length, text.size());
    }
  }
}

}  // namespace
}  // namespace assay
