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

// Nested in a way that hides each form of the signature that the prefilter knows:
// docs/disguises.md.
bool out_of_reach(std::string_view name) {
  static constexpr std::string_view kNames[] = {"base64/three times",
                                                "mail/encoded word",
                                                "nested/JSON of base64 of percent",
                                                "nested/UTF-16 of JSON of percent",
                                                "nested/base64 in JSON of Go",
                                                "nested/base64 of JSON of entities",
                                                "nested/base64 of a wrap",
                                                "nested/base64 of base64 of percent",
                                                "nested/base64 of hex",
                                                "nested/base64 of literals",
                                                "nested/base64 of percent of all",
                                                "nested/encoded words in base64",
                                                "nested/hex of base64",
                                                "nested/hex of base64 of UTF-16",
                                                "nested/percent in entities",
                                                "nested/percent of base64",
                                                "nested/percent of base64 of UTF-16"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// Of a stretch within bytes that are none, either order may read.
std::string without_order(std::string text) {
  for (const std::string_view width : {"utf-16", "utf-32"}) {
    const size_t at = text.find(width);
    if (at != std::string::npos) text.erase(at + width.size(), 2);
  }
  return text;
}

TEST(Disguised, EveryDisguiseIsFoundAndNamed) {
  size_t reached = 0;
  for (const Disguise& disguise : disguises()) {
    for (uint64_t seed = 1; seed <= 12; ++seed) {
      SeededRandom random(seed);
      const char* placeholders[] = {"{key:master}", "{key:function}", "{key:system}"};
      const Leak in = leak(placeholders[seed % 3], random);
      const std::string key = in.text.substr(in.begin, in.length);
      const std::string text = disguise.apply(in.text, in.begin, in.length, random);
      std::vector<Finding> verified = found(world().fast, text);
      std::erase_if(verified, [](const Finding& finding) {
        return finding.confidence != Confidence::verified;
      });
      if (out_of_reach(disguise.name) && verified.empty()) continue;
      ASSERT_EQ(verified.size(), 1u) << disguise.name << ", seed " << seed;
      ++reached;
      const Finding& finding = verified.front();
      EXPECT_EQ(finding.fingerprint, identify(key)->fingerprint()) << disguise.name;
      std::string got = join(finding.encoding), expected = join(disguise.chain);
      if (disguise.name.find("in a log") != std::string::npos) {
        got = without_order(got);
        expected = without_order(expected);
      }
      EXPECT_EQ(got, expected) << disguise.name << ", seed " << seed;
      EXPECT_LE(finding.location.byte_offset + finding.location.byte_length, text.size());
    }
  }
  EXPECT_GT(reached, 8000u);
}

std::string told(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    out += finding.rule->id + " " + finding.redacted + " " +
           std::to_string(finding.location.byte_offset) + "+" +
           std::to_string(finding.location.byte_length) + " " + join(finding.encoding) + " " +
           finding.context.host + " " + finding.context.function + "\n";
  }
  return out;
}

TEST(Disguised, ThePlainWayFindsTheSame) {
  for (const Disguise& disguise : disguises()) {
    SeededRandom random(5);
    const Leak in = leak("{key:function}", random);
    const std::string text = disguise.apply(in.text, in.begin, in.length, random);
    EXPECT_EQ(told(found(world().fast, text)), told(found(world().plain, text))) << disguise.name;
  }
}

TEST(Disguised, ABrokenChecksumIsNeverVerified) {
  for (const Disguise& disguise : disguises()) {
    SeededRandom random(9);
    const Leak in = leak("{broken:master}", random);
    const std::string text = disguise.apply(in.text, in.begin, in.length, random);
    for (const Finding& finding : found(world().fast, text)) {
      EXPECT_NE(finding.confidence, Confidence::verified) << disguise.name;
    }
  }
}

// The text cut in two windows at `seam`, each with what surrounds it, as a large blob is.
std::vector<Finding> found_in_windows(std::string_view text, size_t seam) {
  Matcher matcher(world().rules, world().fast, {false, false});
  std::vector<Finding> findings;
  const size_t end = std::min(text.size(), seam + kWindowAfter);
  matcher.match({text.substr(0, end), 0, 0, seam, end == text.size(), "notes.txt"}, findings);
  const size_t begin = seam - std::min(seam, kWindowBefore);
  matcher.match({text.substr(begin), begin, seam - begin, text.size() - begin, true, "notes.txt"},
                findings);
  return findings;
}

TEST(Disguised, ASeamAnywhereInTheKeyChangesNothing) {
  for (const Disguise& disguise : disguises()) {
    SeededRandom random(7);
    const Leak in = leak("{key:system}", random);
    const std::string text = disguise.apply(in.text, in.begin, in.length, random);
    const auto whole = found(world().fast, text);
    if (whole.empty()) continue;
    const Location& at = whole.front().location;
    for (size_t seam = at.byte_offset - std::min<size_t>(at.byte_offset, 3);
         seam < std::min<size_t>(text.size(), at.byte_offset + at.byte_length + 3);
         seam += 1 + at.byte_length / 40) {
      const auto parts = found_in_windows(text, seam);
      ASSERT_EQ(parts.size(), whole.size()) << disguise.name << ", seam " << seam;
      // Where either order of bytes reads, the ends may differ by one.
      if (disguise.name.find("in a log") != std::string::npos) continue;
      ASSERT_EQ(told(parts), told(whole)) << disguise.name << ", seam " << seam;
    }
  }
}

}  // namespace
}  // namespace assay
