#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "response/baseline.h"
#include "rules/rule_set.h"
#include "tests/response/baseline_findings.h"

namespace assay {
namespace {

constexpr std::string_view kCommit = "0123456789abcdef0123456789abcdef01234567";

std::string sha1_of(std::string_view value) {
  const auto digest = sha1(value);
  return hex({digest.data(), digest.size()}, HexCase::lower);
}

// A value that only its surroundings tell, at src/a.py:12, found by the user's rule `jwt`.
const std::string& value() {
  static const std::string text = made("{plain:56}", 9);
  return text;
}
Finding found_at(std::string path, uint64_t line, std::string commit = "") {
  Finding finding = finding_of(kJwt, value(), std::move(path), line);
  if (!commit.empty()) {
    auto git = std::make_shared<GitFacts>();
    git->path = finding.provenance->path;
    git->introduced_by = std::move(commit);
    finding.git = std::move(git);
  }
  return finding;
}
Finding usual() { return found_at("src/a.py", 12); }

bool accepts(std::string_view text, const Finding& finding) {
  Baseline baseline = Baseline::parse(text, "b");
  bool expired = false;
  return baseline.find(finding, "2026-11-22", expired) != nullptr;
}

TEST(ForeignBaseline, ReadsGitleaksIgnore) {
  struct {
    std::string_view name;
    std::string text;
    Finding finding;
    bool accepted = true;
  } const rows[] = {
      {"place", "# ours\n\n  src/a.py:jwt:12  \n", usual()},
      {"carriage returns", "src/a.py:jwt:12\r\n", usual()},
      {"another line", "src/a.py:jwt:13\n", usual(), false},
      {"another rule", "src/a.py:jwt-base64:12\n", usual(), false},
      {"another file", "a.py:jwt:12\n", usual(), false},
      {"backslashes", "src\\a.py:jwt:12\n", usual()},
      {"./ in front", "./src/a.py:jwt:12\n", found_at("./src/a.py", 12)},
      {"colon in the name", "a:b.py:jwt:12\n", found_at("a:b.py", 12)},
      {"bracket in front", "[id].tsx:jwt:12\n", found_at("[id].tsx", 12)},
      {"in an archive", "a.zip!b/c.py:jwt:12\n", found_at("a.zip!/b/c.py", 12)},
      {"commit", fmt::format("{}:src/a.py:jwt:12\n", kCommit),
       found_at("src/a.py", 12, std::string(kCommit))},
      {"commit, outside of a repository", fmt::format("{}:src/a.py:jwt:12\n", kCommit), usual(),
       false},
      {"another commit", fmt::format("{}:src/a.py:jwt:12\n", kCommit),
       found_at("src/a.py", 12, std::string(40, 'a')), false},
      {"any commit", "src/a.py:jwt:12\n", found_at("src/a.py", 12, std::string(kCommit))},
      {"never a proven key", "src/a.py:AZF1002:12\n",
       finding_of(kProven, made("{key:function}", 1), "src/a.py", 12), false},
      {"an unproven one", "src/a.py:AZF1004:12\n",
       finding_of(kUnproven, made("{broken:function}", 1), "src/a.py", 12)},
  };
  for (const auto& row : rows) EXPECT_EQ(accepts(row.text, row.finding), row.accepted) << row.name;
}

TEST(ForeignBaseline, ReadsAReportOfGitleaks) {
  const auto report = [](std::string_view file, std::string_view rule, int line,
                         std::string_view commit, std::string_view secret) {
    return fmt::format(R"([{{"RuleID":"{}","Description":"d","StartLine":{},"EndLine":{},)"
                       R"("Match":"x","Secret":"{}","File":"{}","Commit":"{}","Tags":["a",["b"]],)"
                       R"("More":{{"File":"no"}},"Fingerprint":"f"}}])",
                       rule, line, line, secret, file, commit);
  };
  struct {
    std::string_view name;
    std::string text;
    Finding finding;
    bool accepted = true;
  } const rows[] = {
      {"by value", report("src/a.py", "jwt", 99, "", value()), usual()},
      {"by value, another rule", report("src/a.py", "generic-api-key", 1, kCommit, value()),
       usual()},
      {"by value, another file", report("b.py", "jwt", 12, "", value()), usual(), false},
      {"another value", report("src/a.py", "jwt", 12, "", made("{plain:56}", 10)), usual(), false},
      {"redacted", report("src/a.py", "jwt", 12, "", "REDACTED"), usual()},
      {"redacted in part", report("src/a.py", "jwt", 12, "", "abc..."), usual()},
      {"redacted, another line", report("src/a.py", "jwt", 13, "", "REDACTED"), usual(), false},
      {"redacted, another rule", report("src/a.py", "x", 12, "", "REDACTED"), usual(), false},
      {"redacted, of a commit", report("src/a.py", "jwt", 12, kCommit, "REDACTED"),
       found_at("src/a.py", 12, std::string(kCommit))},
      {"redacted, of another commit", report("src/a.py", "jwt", 12, kCommit, "REDACTED"),
       found_at("src/a.py", 12, std::string(40, 'b')), false},
      {"only a fingerprint", R"( [ {"Fingerprint":"src/a.py:jwt:12"} ] )", usual()},
      {"nothing", "[]", usual(), false},
      {"a key by its fingerprint, as it is written elsewhere",
       report("src/a.py", "x", 1, "", made("{bare:function}", 4)),
       finding_of(kUnproven, made("{key:function}", 4), "src/a.py")},
      {"never a proven key", report("src/a.py", "x", 1, "", made("{key:function}", 4)),
       finding_of(kProven, made("{key:function}", 4), "src/a.py"), false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(accepts(row.text, row.finding), row.accepted) << row.name;
    EXPECT_EQ(Baseline::parse(row.text, "b").form(), Baseline::Form::gitleaks_report) << row.name;
    EXPECT_EQ(Baseline::parse(row.text, "b").text(), "# assay baseline 1\n") << row.name;
  }
}

TEST(ForeignBaseline, ReadsABaselineOfDetectSecrets) {
  const auto baseline = [](std::string_view file, std::string_view hash, std::string_view more) {
    return fmt::format(R"({{"version":"1.5.0","plugins_used":[{{"name":"x","limit":4.5}}],)"
                       R"("results":{{"{}":[{{"type":"Secret Keyword","filename":"{}",)"
                       R"("hashed_secret":"{}","is_verified":false,"line_number":3{}}}]}},)"
                       R"("generated_at":"2026-01-01T00:00:00Z"}})",
                       file, file, hash, more);
  };
  const std::string hash = sha1_of(value());
  const std::string padded = made("{broken:function}", 8), bare = padded.substr(0, 54);
  struct {
    std::string_view name;
    std::string text;
    Finding finding;
    bool accepted = true;
  } const rows[] = {
      {"by its hash", baseline("src/a.py", hash, ""), usual()},
      {"without padding", baseline("src/a.py", sha1_of(bare), ""),
       finding_of(kUnproven, padded, "src/a.py")},
      {"another file", baseline("src/b.py", hash, ""), usual(), false},
      {"another value", baseline("src/a.py", sha1_of("x"), ""), usual(), false},
      {"said to be none", baseline("src/a.py", hash, R"(,"is_secret":false)"), usual()},
      {"said to be one", baseline("src/a.py", hash, R"(,"is_secret":true)"), usual(), false},
      {"elsewhere in the file",
       R"({"results":{},"x":{"src/a.py":[{"hashed_secret":")" + hash + R"("}]}})", usual(), false},
      {"never a proven key", baseline("src/a.py", sha1_of(made("{key:function}", 4)), ""),
       finding_of(kProven, made("{key:function}", 4), "src/a.py"), false},
  };
  for (const auto& row : rows) EXPECT_EQ(accepts(row.text, row.finding), row.accepted) << row.name;
}

TEST(ForeignBaseline, RefusesWhatIsNone) {
  const std::string deep(100, '[');
  struct {
    std::string_view name;
    std::string text;
    std::string_view says;
  } const rows[] = {
      {"cut off", R"([{"RuleID":"x")", "b: this is no JSON"},
      {"too deep", R"([{"a":)" + deep, "b: this nests too deep"},
      {"much too deep", R"([{"a":)" + std::string(1'000'000, '['), "b: this nests too deep"},
      {"another object", R"({"runs":[]})", "b: it has no `results`"},
      {"two documents", "[]\n[]", "b: this is no JSON"},
      {"no lines of gitleaks", "hello\nworld\n", "b:1: this is no line of a baseline"},
  };
  for (const auto& row : rows) {
    try {
      Baseline::parse(row.text, "b");
      ADD_FAILURE() << row.name << ": was taken";
    } catch (const Error& error) {
      EXPECT_TRUE(std::string_view(error.what()).starts_with(row.says)) << error.what();
    }
  }
}

TEST(ForeignBaseline, TellsWhatItLeavesOut) {
  const Baseline ignore = Baseline::parse("src/a.py:jwt:12\nnonsense\n", "b");
  ASSERT_EQ(ignore.doubts().size(), 1u);
  EXPECT_TRUE(ignore.doubts()[0].starts_with("b:2 is no fingerprint of gitleaks"));
  const Baseline report = Baseline::parse(R"([{"Tags":[]},{"File":"a","RuleID":"b"}])", "b");
  ASSERT_EQ(report.doubts().size(), 1u);
  EXPECT_TRUE(report.doubts()[0].starts_with("b, entry 1, tells neither place nor value"));
}

TEST(ForeignBaseline, IsNeverWritten) {
  Baseline baseline = Baseline::parse("src/a.py:jwt:12\n", "b");
  EXPECT_THROW(baseline.add(finding_of(kProven, made("{key:function}", 1), "a"), "x", "", ""),
               Error);
}

TEST(ForeignBaseline, SaysWhereAReasonIsMissing) {
  const std::string key = made("{key:function}", 4);
  Baseline baseline =
      Baseline::parse(R"([{"RuleID":"x","File":"a","Secret":")" + key + R"("}])", "b.json");
  bool expired = false;
  EXPECT_EQ(baseline.find(finding_of(kProven, key, "a"), "2026-11-22", expired), nullptr);
  const auto unused = baseline.unused();
  ASSERT_EQ(unused.size(), 1u);
  EXPECT_TRUE(unused[0].starts_with("b.json, entry 1 is about a proven key and has no reason"));
}

}  // namespace
}  // namespace assay
