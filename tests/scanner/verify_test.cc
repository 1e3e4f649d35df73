#include "scanner/verify.h"

#include <gtest/gtest.h>

#include <string>

#include "rules/keys/mint.h"

namespace assay {
namespace {

// The first candidate of `text` that gathering finds.
Gather first(std::string_view text, Candidate& candidate, bool at_end = true) {
  const KeyFamily& family = *find_family("azure-functions");
  Gather last = Gather::none;
  for (size_t at = text.find("AzFu"); at != text.npos; at = text.find("AzFu", at + 1)) {
    last = gather(family, text, at + 4, at_end, candidate);
    if (last != Gather::none) return last;
  }
  return last;
}

std::string joined(const Candidate& candidate) {
  std::string out;
  for (const auto layer : candidate.encoding)
    out += std::string(layer) + (layer.empty() ? "" : " ");
  return out;
}

struct PaddingCase {
  std::string_view padding;  // after a bare key
  size_t taken;
  std::string_view encoding;
};

TEST(Gather, TakesThePaddingAsItIsWritten) {
  static constexpr PaddingCase kCases[] = {
      {"", 0, ""},
      {" ", 0, ""},
      {"=", 1, ""},
      {"==", 2, ""},
      {"===", 2, ""},
      {"%3D%3D", 6, "percent "},
      {"%3d%3D&x", 6, "percent "},
      {"%3D", 3, "percent "},
      {"%253D%253d", 10, "percent percent "},
      {"%25253D%25253D", 14, "percent percent percent "},
      {"\\u003d\\u003D\"", 12, "json-escape "},
      {"\\\\u003d\\\\u003d", 14, "json-escape json-escape "},
      {"\\x3d\\x3D", 8, "hex-escape "},
      {"&#61;&#61;", 10, "html-entity "},
      {"&#x3d;&#x3D;", 12, "html-entity "},
      {"&equals;&equals;", 16, "html-entity "},
      {"=3D=3D", 6, "quoted-printable "},
      {"=3D=3D\r\n", 6, "quoted-printable "},
      {"==3D", 2, ""},  // two plain ones, then text
      {"=%3D", 1, ""},  // the first one's form counts
      {"%3", 0, ""},
      {"&#61", 0, ""},
  };
  SeededRandom random(3);
  for (const auto& test : kCases) {
    const std::string text =
        fill_placeholders("code={bare:master}", random) + std::string(test.padding);
    Candidate candidate;
    ASSERT_EQ(first(text, candidate), Gather::found) << test.padding;
    EXPECT_EQ(candidate.seed->kind, "master");
    EXPECT_EQ(candidate.span, (Span{5, 5 + 54 + test.taken})) << test.padding;
    EXPECT_EQ(candidate.digits.size(), 54u);
    EXPECT_EQ(joined(candidate), test.encoding) << test.padding;
  }
}

TEST(Gather, AProofNeedsNoNeighbours) {
  SeededRandom random(4);
  for (const std::string_view before : {"", "A", "code%3D", "_", "AzFu", "0000"}) {
    for (const std::string_view after : {"", "A", "Azz", "-", "==A", "AzFu"}) {
      const std::string text =
          std::string(before) + fill_placeholders("{bare:system}", random) + std::string(after);
      Candidate candidate;
      ASSERT_EQ(first(text, candidate), Gather::found) << before << " " << after;
      EXPECT_EQ(candidate.span.begin, before.size());
      EXPECT_EQ(candidate.seed->kind, "system");
    }
  }
}

struct NeighbourCase {
  std::string_view before, after;
  bool alone;
};

TEST(Gather, WithoutProofTheCandidateMustStandAlone) {
  static constexpr NeighbourCase kCases[] = {
      {"", "", true},
      {"=", "&x", true},
      {"\"", "\"", true},
      {"A", "", false},
      {"", "A", true},  // after the padding anything may stand but a digit
      {"/", "/", true},
      {"+", "+", true},
      {"-", "", false},
      {"_", "", false},
      {"%3D", "", true},
      {"%253D", "", true},
      {"%3d", "", true},
      {"3D", "", false},
      {"=3D", "", true},
      {"\\u003D", "", true},
      {"\\x3d", "", true},
      {"u003D", "", false},
      {"\\n", "", true},
      {"\\t", "", true},
      {"n", "", false},
      {"\x1b[31m", "", true},
      {"\x1b[0;1;31m", "", true},
      {"[31m", "", false},
      {"%", "", true},
      {"3", "", false},
      {"\n", "\n", true},
      {"m", "", false},
  };
  SeededRandom random(5);
  for (const auto& test : kCases) {
    for (const std::string_view key : {"{broken:master}", "{broken:function}"}) {
      const std::string text =
          std::string(test.before) + fill_placeholders(key, random) + std::string(test.after);
      Candidate candidate;
      const bool expected = test.alone && test.after != "A";
      EXPECT_EQ(first(text, candidate), expected ? Gather::found : Gather::none)
          << test.before << "|" << test.after;
      if (expected) {
        EXPECT_EQ(candidate.seed, nullptr);
      }
    }
  }
}

TEST(Gather, WaitsForBytesThatMayStillCome) {
  SeededRandom random(6);
  const std::string key = fill_placeholders("{key:function}", random);
  const std::string broken = fill_placeholders("{broken:function}", random);
  for (size_t length = 48; length < 54; ++length) {
    Candidate candidate;
    EXPECT_EQ(first(key.substr(0, length), candidate, false), Gather::more) << length;
    EXPECT_EQ(first(key.substr(0, length), candidate, true), Gather::none) << length;
  }
  Candidate candidate;
  EXPECT_EQ(first(key.substr(0, 54), candidate, false), Gather::found);
  EXPECT_EQ(first(broken.substr(0, 56), candidate, false), Gather::more);
  EXPECT_EQ(first(broken + " ", candidate, false), Gather::found);
}

TEST(RedactNames, LeavesNoKeyInAName) {
  SeededRandom random(7);
  struct Row {
    std::string_view text;
    bool changes;
  };
  static constexpr Row kRows[] = {
      {"logs/{key:master}.txt", true},
      {"a/{broken:master}/b", true},
      {"{bare:system}", true},
      {"x{key:function}x", true},
      {"AzFu", false},
      {"docs/AzFu-format.md", false},
      {"plain/path.txt", false},
  };
  for (const Row& row : kRows) {
    const std::string text = fill_placeholders(row.text, random);
    const std::string safe = redact_names(text);
    EXPECT_EQ(safe != text, row.changes) << row.text;
    if (!row.changes) continue;
    const size_t sign = text.find("AzFu");
    EXPECT_EQ(safe.find(text.substr(sign - 12, 12)), std::string::npos) << row.text;
    EXPECT_EQ(safe.find(text.substr(sign + 4, 6)), std::string::npos) << row.text;
  }
  // Of a key with four characters hidden nothing stays that tells them.
  const std::string key = fill_placeholders("{bare:function}", random);
  const std::string masked =
      redact_names("logs/" + key.substr(0, 40) + "****" + key.substr(44) + ".txt");
  EXPECT_EQ(masked.find(key.substr(8, 8)), std::string::npos);
  EXPECT_EQ(masked.find(key.substr(48)), std::string::npos);
  EXPECT_TRUE(masked.ends_with(".txt"));
  EXPECT_EQ(redact_names("SynchronizeAPIMSubscriptionKeys"), "SynchronizeAPIMSubscriptionKeys");
  EXPECT_TRUE(redact_names("logs/2026/" + fill_placeholders("{key:master}", random))
                  .starts_with("logs/2026/"));
}

}  // namespace
}  // namespace assay
