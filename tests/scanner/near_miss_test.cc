#include "scanner/near_miss.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "rules/keys/mint.h"
#include "rules/rule_set.h"
#include "scanner/matcher.h"

namespace assay {
namespace {

const RuleSet& rules() {
  static const RuleSet rules = RuleSet::builtin();
  return rules;
}

std::vector<Finding> find(std::string_view text, bool hyperscan = true) {
  const Prefilter prefilter(rules(), {hyperscan, ""});
  Matcher matcher(rules(), prefilter, {true, false});
  std::vector<Finding> findings;
  matcher.match({text, 0, 0, text.size(), true, "a.txt"}, findings);
  return findings;
}

const std::string& key() {
  static const std::string key = [] {
    SeededRandom random(61);
    return fill_placeholders("{key:function}", random);
  }();
  return key;
}
std::string fingerprint() { return identify(key())->fingerprint(); }

struct Row {
  std::string name;
  std::string text;  // of the key alone
  std::string rule;
  std::string what;
  uint64_t candidates;
};

// What stands for the key in a text, and what is said of it.
std::vector<Row> rows() {
  const std::string& whole = key();
  const auto without = [&](size_t at) { return std::string(whole).erase(at, 1); };
  const auto masked = [&](size_t at, size_t count, std::string_view mark) {
    std::string out = whole.substr(0, at);
    for (size_t i = 0; i < count; ++i) out += mark;
    return out + whole.substr(at + count);
  };
  const std::string legible = whole.substr(0, 48);
  return {
      {"first lost", without(0), "AZF1004", "one character lost", 1},
      {"one lost", without(20), "AZF1004", "one character lost", 1},
      {"last of the random part lost", without(43), "AZF1004", "one character lost", 1},
      {"one of the checksum lost", without(50), "AZF1004", "one character lost", 1},
      {"one too many", std::string(whole).insert(20, "k"), "AZF1004", "one character too many", 1},
      {"stars", legible + "********", "AZF1006", "6 characters masked", 3},
      {"six stars", legible + "******", "AZF1006", "6 characters masked", 3},
      {"stars and padding", legible + "******==", "AZF1006", "6 characters masked", 3},
      {"three dots", legible + "...", "AZF1006", "6 characters masked", 3},
      {"ellipsis", legible + "\xe2\x80\xa6", "AZF1006", "6 characters masked", 3},
      {"bullets", legible + "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2", "AZF1006",
       "6 characters masked", 3},
      {"word", legible + "[REDACTED]", "AZF1006", "6 characters masked", 3},
      {"cut off", legible, "AZF1006", "6 characters cut off", 3},
      {"four legible behind", whole.substr(0, 52) + "****", "AZF1006", "2 characters masked", 1},
      {"crosses", legible + "xxxxxx==", "AZF1006", "6 characters masked", 3},
      {"one star within", masked(10, 1, "*"), "AZF1006", "one character masked", 1},
      {"two stars within", masked(10, 2, "*"), "AZF1006", "2 characters masked", 1},
      {"two bullets within", masked(10, 2, "\xe2\x80\xa2"), "AZF1006", "2 characters masked", 1},
      {"four stars within", masked(10, 4, "*"), "AZF1006", "4 characters masked", 1},
  };
}

TEST(NearMiss, IsToldAsWhatItIs) {
  for (const Row& row : rows()) {
    for (const std::string_view around : {"?code=", "\"", " ", "code%3D"}) {
      const std::string before =
          around == "?code=" || around == "code%3D"
              ? "https://contoso.azurewebsites.net/api/Refund" + std::string(around)
              : std::string(around);
      const std::string text = before + row.text + "\" and more text behind it\n";
      const auto findings = find(text);
      ASSERT_EQ(findings.size(), 1u) << row.name << " after " << around;
      const Finding& finding = findings[0];
      EXPECT_EQ(finding.rule->id, row.rule) << row.name;
      ASSERT_TRUE(finding.damage) << row.name;
      EXPECT_EQ(finding.damage->what, row.what) << row.name;
      EXPECT_EQ(finding.damage->candidates, row.candidates) << row.name;
      EXPECT_EQ(finding.confidence, Confidence::signature) << row.name;
      EXPECT_EQ(finding.location.byte_offset, before.size()) << row.name;
      EXPECT_EQ(finding.location.byte_length, row.text.size()) << row.name;
      const bool counted = row.candidates == 1 && finding.damage->tried > 0;
      EXPECT_EQ(finding.fingerprint,
                counted && row.name != "four stars within" ? fingerprint() : "")
          << row.name;
      if (row.candidates == 3) {
        const auto& prints = finding.damage->fingerprints;
        EXPECT_EQ(std::count(prints.begin(), prints.end(), fingerprint()), 1) << row.name;
      }
      // Neither what is told nor the text shown beside it gives away more than it should.
      const std::string shown = finding.redacted + finding.snippet.before + finding.snippet.masked +
                                finding.snippet.after;
      EXPECT_EQ(shown.find(key().substr(3, 8)), std::string::npos) << row.name;
      EXPECT_EQ(shown.find(key().substr(30, 8)), std::string::npos) << row.name;
      const auto plain = find(text, false);
      ASSERT_EQ(plain.size(), 1u) << row.name;
      EXPECT_EQ(plain[0].fingerprint, finding.fingerprint) << row.name;
    }
  }
}

TEST(NearMiss, OneCharacterReplacedIsPutRight) {
  for (size_t at = 0; at < 54; ++at) {
    if (at >= 44 && at < 48) continue;  // the signature
    std::string damaged = key();
    damaged[at] = damaged[at] == 'A' ? 'Q' : 'A';
    const auto findings = find("x-functions-key: " + damaged + "\n");
    ASSERT_EQ(findings.size(), 1u) << at;
    EXPECT_EQ(findings[0].rule->id, "AZF1004") << at;
    EXPECT_EQ(findings[0].fingerprint, fingerprint()) << at;
    EXPECT_EQ(findings[0].kind, "function") << at;
    ASSERT_TRUE(findings[0].damage) << at;
    EXPECT_EQ(findings[0].damage->what, "one character replaced") << at;
  }
}

TEST(NearMiss, WhatHidesEnoughOrStandsInALongerRunIsNone) {
  const std::string legible = key().substr(0, 48);
  const std::string texts[] = {
      key().substr(0, 10) + std::string(34, '*') + key().substr(44),
      key().substr(0, 39) + "*****" + key().substr(44),  // five are too many to try
      key().substr(0, 40) + "****" + legible.substr(44) + "******",
      key().substr(0, 42) + "AzFu******",  // two short and masked
      "k" + legible + "******",
      "kk" + key().substr(0, 20) + key().substr(21),  // too long by one, but broken by two
      "abc***AzFu******",
      "AzFu",
      std::string(44, '*') + key().substr(44),
      std::string(44, 'd') + "AzFu",  // a drawing of a key
      std::string(44, 'd') + "AzFu******",
  };
  for (const std::string& text : texts) {
    const auto findings = find("key: " + text + " and more\n");
    for (const Finding& finding : findings) {
      EXPECT_TRUE(finding.rule->id == "AZF1004" && finding.fingerprint == fingerprint())
          << finding.rule->id << " in a text of " << text.size();
    }
  }
}

// Signatures that begin with `+` are sought without it: a text may begin with the rest of one. The
// text is of its own size in memory, so that the sanitizer sees what looks beyond it.
TEST(NearMiss, ASignatureCutOffByAnEndOfTheTextIsNothing) {
  const Prefilter with(rules(), {true, ""}), without(rules(), {false, ""});
  Matcher matchers[] = {Matcher(rules(), with, {false, false}),
                        Matcher(rules(), without, {false, false})};
  for (const KeyFamily& family : key_families()) {
    const std::string_view signature = family.signature;
    for (size_t begin = 0; begin < signature.size(); ++begin) {
      for (size_t end = begin + 1; end <= signature.size(); ++end) {
        for (const std::string_view behind : {"", "d", "d12vhA==", " 7 \n", "******"}) {
          const std::string text = std::string(signature.substr(begin, end - begin)) += behind;
          const std::unique_ptr<char[]> exact(new char[text.size()]);
          std::copy(text.begin(), text.end(), exact.get());
          for (Matcher& matcher : matchers) {
            std::vector<Finding> findings;
            matcher.reset();
            matcher.match({{exact.get(), text.size()}, 0, 0, text.size(), true, "a"}, findings);
            EXPECT_TRUE(findings.empty()) << text;
          }
        }
      }
    }
  }
}

TEST(NearMiss, WhatLacksACharacterOfTheSignatureIsNone) {
  SeededRandom random(63);
  std::string damaged = fill_placeholders("{key:azure-storage/account}", random);
  damaged.erase(20, 1);
  ASSERT_EQ(find("key=" + damaged + "\n").size(), 1u);
  damaged[damaged.find("+ASt")] = 'x';
  EXPECT_TRUE(find("key=" + damaged + "\n").empty());
}

// A damaged copy that stands in every line costs its repair once; others stop being repaired.
TEST(NearMiss, ABlobFullOfThemIsToldWhole) {
  SeededRandom random(62);
  std::string text;
  for (size_t i = 0; i < NearMisses::kMostTried + 20; ++i) {
    text += fill_placeholders("key={lost:master}\n", random);
  }
  const auto findings = find(text);
  ASSERT_EQ(findings.size(), NearMisses::kMostTried + 20);
  EXPECT_FALSE(findings.front().fingerprint.empty());
  EXPECT_TRUE(findings.back().fingerprint.empty());
  EXPECT_EQ(findings.back().damage->tried, 0u);
}

// Byte by byte as of a live stream: told once, and only when it is known.
TEST(NearMiss, OfALiveStreamIsToldOnce) {
  for (const Row& row : rows()) {
    const std::string text = "x-functions-key: " + row.text + "\n" + std::string(100, ' ');
    const Prefilter prefilter(rules(), {true, ""});
    Matcher matcher(rules(), prefilter, {false, false});
    std::vector<Finding> findings;
    for (size_t end = 1; end <= text.size(); ++end) {
      const Window window{
          std::string_view(text).substr(0, end), 0, end - 1, end, end == text.size(), "stdin"};
      matcher.match(window, findings);
    }
    ASSERT_EQ(findings.size(), 1u) << row.name;
    EXPECT_EQ(findings[0].rule->id, row.rule) << row.name;
    EXPECT_EQ(findings[0].damage->what, row.what) << row.name;
  }
}

}  // namespace
}  // namespace assay
