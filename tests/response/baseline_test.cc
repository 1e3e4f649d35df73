#include "response/baseline.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "rules/rule_set.h"
#include "tests/response/baseline_findings.h"

namespace assay {
namespace {

constexpr std::string_view kHead = "# assay baseline 1\n";
constexpr std::string_view kToday = "2026-11-22";

const std::string& key() {
  static const std::string text = made("{key:function}", 1);
  return text;
}
std::string id() { return c3id(key()); }

bool accepts(Baseline& baseline, const Finding& finding, bool* over = nullptr) {
  bool expired = false;
  const bool found = baseline.find(finding, kToday, expired) != nullptr;
  if (over != nullptr) *over = expired;
  return found;
}

TEST(Baseline, AcceptsWhatItsLinesSay) {
  struct {
    std::string_view name, rest;
    std::string path = "docs/a.md";
    bool accepted = true, expired = false;
  } const rows[] = {
      {"rule and reason", "AZF1002 * - - a vector"},
      {"any rule", "- - - - a vector"},
      {"another rule", "AZF1001 * - - a vector", "docs/a.md", false},
      {"with owner and day", "AZF1002 * payments 2026-11-22 until today"},
      {"expired yesterday", "AZF1002 * - 2026-11-21 a vector", "docs/a.md", false, true},
      {"scope of a folder", "AZF1002 docs/ - - a vector"},
      {"scope from the root", "AZF1002 /docs/** - - a vector"},
      {"scope of a name", "AZF1002 *.md - - a vector"},
      {"scope elsewhere", "AZF1002 src/ - - a vector", "docs/a.md", false},
      {"scope with a blank", "AZF1002 my%20docs/ - - a vector", "my docs/a.md"},
      {"scope of an archive", "AZF1002 *.zip - - a vector", "in/a.zip!/b/c.txt"},
      {"scope within an archive", "AZF1002 c.txt - - a vector", "in/a.zip!/b/c.txt"},
      {"scope below ./", "AZF1002 /docs - - a vector", "./docs/a.md"},
      {"more blanks", " AZF1002\t*  -  -   a   vector"},
  };
  for (const auto& row : rows) {
    Baseline baseline = Baseline::parse(fmt::format("{}{} {}\r\n", kHead, id(), row.rest), "b.txt");
    bool expired = false;
    EXPECT_EQ(accepts(baseline, finding_of(kProven, key(), row.path), &expired), row.accepted)
        << row.name;
    EXPECT_EQ(expired, row.expired) << row.name;
    EXPECT_FALSE(accepts(baseline, finding_of(kProven, made("{key:function}", 2), row.path)))
        << row.name << ": another key";
  }
}

TEST(Baseline, RefusesWhatIsNone) {
  const std::string good = id() + " AZF1002 * - - a vector\n";
  struct {
    std::string_view name;
    std::string text;
    std::string_view says;
  } const rows[] = {
      {"fingerprint", "abc AZF1002 * - - a\n", "b.txt:2: the first field is no fingerprint"},
      {"few fields", id() + " AZF1002 *\n", "b.txt:2: the reason is missing"},
      {"reason", id() + " AZF1002 * - - ?\n", "b.txt:2: the reason is missing"},
      {"long reason", id() + " AZF1002 * - - " + std::string(300, 'a') + "\n", "over 200"},
      {"day", id() + " AZF1002 * - 2026-02-30 a\n", "the day it expires is none"},
      {"day's form", id() + " AZF1002 * - 2026-1-1 a\n", "the day it expires is none"},
      {"scope", id() + " AZF1002 a[ - - a\n", "the scope is no pattern"},
      {"negated scope", id() + " AZF1002 !a - - a\n", "the scope is no pattern"},
      {"escape", id() + " AZF1002 50%a - - a\n", "write %25"},
      {"conflict", good + "<<<<<<< HEAD\n", "b.txt:3: git left a conflict here"},
      {"middle of a conflict", good + "=======\n", "b.txt:3: git left a conflict here"},
      {"newer version", "# assay baseline 2\n", "b.txt:2: this version"},
      {"salt", "# salt abc\n", "b.txt:2: the salt is not 32 bytes"},
      {"no salt", "hmac:" + id() + " AZF1005 * - - a\n", "the line `# salt …` is missing"},
      {"key", id() + " AZF1002 * - - was " + key() + "\n", "b.txt:2: there is a key in this line"},
      {"key in a comment", "# " + key() + "\n", "b.txt:2: there is a key in this line"},
      {"long line", "# " + std::string(20000, 'a') + "\n", "b.txt:2: the line is over 16 KiB"},
  };
  for (const auto& row : rows) {
    try {
      Baseline::parse(std::string(kHead) + row.text, "b.txt");
      ADD_FAILURE() << row.name << ": was taken";
    } catch (const Error& error) {
      const std::string said = error.what();
      EXPECT_NE(said.find(row.says), std::string::npos) << row.name << ": " << said;
      EXPECT_EQ(said.find(key()), std::string::npos) << row.name;
      EXPECT_TRUE(said.starts_with("b.txt:")) << row.name;
    }
  }
  EXPECT_THROW(Baseline::parse("something\nelse\n", "b.txt"), Error);
  EXPECT_THROW(Baseline::parse("\xFF\xFE#", "b.txt"), Error);
}

TEST(Baseline, TwoOfThemJoinedAndSortedAreOne) {
  Baseline one = Baseline::create(), two = Baseline::create();
  const Finding both = finding_of(kProven, key(), "a");
  const Finding first = finding_of(kGuessed, made("{plain:56}", 3), "a");
  const Finding second = finding_of(kGuessed, made("{plain:56}", 4), "b");
  for (Baseline* baseline : {&one, &two}) {
    EXPECT_TRUE(baseline->add(both, "a vector", "payments", "2026-12-31"));
  }
  one.add(first, "chosen by a person", "", "");
  two.add(second, "chosen by another", "", "");
  std::vector<std::string> lines;
  for (const std::string& text : {one.text(), two.text()}) {
    for (size_t at = 0; at < text.size();) {
      const size_t end = text.find('\n', at);
      lines.push_back(text.substr(at, end - at));
      at = end + 1;
    }
  }
  std::sort(lines.begin(), lines.end());
  Baseline merged = Baseline::parse(fmt::format("{}\n", fmt::join(lines, "\n")), "b");
  for (const Finding* finding : {&both, &first, &second}) {
    EXPECT_TRUE(accepts(merged, *finding));
  }
  EXPECT_EQ(merged.entries().size(), 3u);
  EXPECT_TRUE(merged.doubts().empty());
  EXPECT_EQ(Baseline::parse(merged.text(), "b").text(), merged.text());
}

TEST(Baseline, WritesTheSameForTheSameEntries) {
  Baseline one = Baseline::parse(kHead, "b"), two = Baseline::parse(kHead, "b");
  const Finding a = finding_of(kProven, key(), "a"), b = finding_of(kUnproven, key(), "b");
  one.add(a, "x y", "team 1", "", "a dir/");
  one.add(b, "z", "", "2026-12-31");
  two.add(b, "z", "", "2026-12-31");
  two.add(a, "x y", "team 1", "", "a dir/");
  EXPECT_EQ(one.text(), two.text());
  EXPECT_EQ(one.text(), fmt::format("{0}{1} AZF1002 a%20dir/ team%201 - x y\n"
                                    "{1} AZF1004 * - 2026-12-31 z\n",
                                    kHead, id()));
  EXPECT_EQ(Baseline::parse(one.text(), "b").text(), one.text());
}

TEST(Baseline, KeepsCommentsAndLeavesNoSaltWithoutNeed) {
  Baseline baseline = Baseline::create();
  baseline.add(finding_of(kProven, key(), "a"), "x", "", "");
  EXPECT_EQ(baseline.text().find("salt"), std::string::npos);
  baseline = Baseline::parse(std::string(kHead) + "# ask payments\n" + id() + " - * - - x\n", "b");
  EXPECT_EQ(baseline.text(), fmt::format("{}# ask payments\n{} - * - - x\n", kHead, id()));
}

TEST(Baseline, AddsOnlyWhatIsNotAcceptedAlready) {
  Baseline baseline = Baseline::create();
  const Finding finding = finding_of(kProven, key(), "src/a.py");
  EXPECT_TRUE(baseline.add(finding, "x", "", "2026-12-31"));
  EXPECT_FALSE(baseline.add(finding, "y", "", "2026-12-31"));
  EXPECT_FALSE(baseline.add(finding, "y", "", "2026-11-30", "src/")) << "narrower and shorter";
  EXPECT_TRUE(baseline.add(finding, "renewed", "payments", "2027-12-31"));
  EXPECT_EQ(baseline.entries().size(), 1u);
  EXPECT_EQ(baseline.entries()[0].reason, "renewed");
  EXPECT_TRUE(baseline.add(finding, "for good", "", ""));
  EXPECT_FALSE(baseline.add(finding, "again", "", "2030-01-01"));
  EXPECT_EQ(baseline.entries().size(), 1u);
  EXPECT_THROW(baseline.add(finding_of(kUnproven, key(), "a"), "", "", ""), Error);
  EXPECT_THROW(baseline.add(finding_of(kUnproven, key(), "a"), "a\nb", "", ""), Error);
  EXPECT_THROW(baseline.add(finding_of(kUnproven, key(), "a"), key(), "", ""), Error);
  EXPECT_THROW(baseline.add(finding_of(kUnproven, key(), "a"), "x", "", "soon"), Error);
  EXPECT_THROW(Baseline::check("x", "", "soon"), Error);
  EXPECT_NO_THROW(Baseline::check("x", "payments", "2026-12-31", "docs/"));
}

TEST(Baseline, KnowsAValueThatCouldBeGuessedOnlyUnderItsSalt) {
  Baseline baseline = Baseline::create(), other = Baseline::create();
  Finding finding = finding_of(kGuessed, made("{plain:56}", 5), "a");
  EXPECT_TRUE(baseline.add(finding, "chosen", "", ""));
  const std::string fingerprint = baseline.fingerprint_of(finding);
  EXPECT_TRUE(fingerprint.starts_with("hmac:")) << fingerprint;
  EXPECT_NE(fingerprint, other.fingerprint_of(finding));
  Baseline again = Baseline::parse(baseline.text(), "b");
  EXPECT_TRUE(accepts(again, finding));
  finding.fingerprint = "hmac:AAAAAAAAAAAAAAAAAAAA";  // an inventory's
  EXPECT_TRUE(accepts(again, finding));
  EXPECT_FALSE(accepts(again, finding_of(kJwt, finding.secret.reveal(), "a"))) << "another rule";
  EXPECT_FALSE(accepts(again, finding_of(kGuessed, made("{plain:56}", 6), "a")));
}

TEST(Baseline, KnowsAMaskedKeyThatMayBeSeveral) {
  Finding finding = finding_of(kUnproven, "", "a"), other = finding;
  finding.fingerprint = other.fingerprint = "";
  auto damage = std::make_shared<Damage>();
  damage->fingerprints = {c3id("1"), c3id("2")};
  finding.damage = damage;
  Baseline baseline = Baseline::create();
  EXPECT_TRUE(baseline.add(finding, "masked on purpose", "", ""));
  EXPECT_TRUE(accepts(baseline, finding));
  EXPECT_FALSE(accepts(baseline, other));
}

TEST(Baseline, TellsUnusedExpiredAndDoubledEntries) {
  const std::string other = c3id(made("{key:function}", 2)), third = c3id(made("{key:system}", 3));
  Baseline baseline = Baseline::parse(
      fmt::format("{}{} AZF1002 * - - x\n{} AZF1002 * - - x\n{} - * - 2026-01-31 x\n"
                  "{} AZF1002 * - - y\n",
                  kHead, id(), other, third, id()),
      "b.txt");
  EXPECT_TRUE(accepts(baseline, finding_of(kProven, key(), "a")));
  EXPECT_FALSE(accepts(baseline, finding_of(kProven, made("{key:system}", 3), "a")));
  const auto unused = baseline.unused(), expired = baseline.expired(kToday);
  ASSERT_EQ(unused.size(), 1u);
  EXPECT_TRUE(unused[0].starts_with("b.txt:3 is about nothing that was found")) << unused[0];
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_TRUE(expired[0].starts_with("b.txt:4 expired on 2026-01-31")) << expired[0];
  ASSERT_EQ(baseline.doubts().size(), 1u);
  EXPECT_EQ(baseline.doubts()[0], "b.txt:5 is about the same secret as b.txt:2: keep one of them.");
}

TEST(Baseline, PrunesOnlyWhatIsAsked) {
  Baseline baseline = Baseline::create();
  baseline.add(finding_of(kProven, key(), "a"), "x", "", "");
  baseline.add(finding_of(kUnproven, made("{key:master}", 2), "a"), "x", "", "");
  baseline.add(finding_of(kGuessed, made("{plain:56}", 2), "a"), "x", "", "");
  EXPECT_EQ(baseline.prune({}, {"AZF1001"}), 0u);
  EXPECT_EQ(baseline.prune({id()}, {}), 1u);
  EXPECT_EQ(baseline.prune({}, {"AZF1002"}), 1u);
  EXPECT_EQ(baseline.prune({}, {}), 0u) << "whether a keyed value is gone is not known";
  EXPECT_TRUE(accepts(baseline, finding_of(kGuessed, made("{plain:56}", 2), "a")));
}

}  // namespace
}  // namespace assay
