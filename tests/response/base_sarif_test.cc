// An earlier log as what a scan is compared with, and what is no such log.
#include "response/base_sarif.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/reports/sarif_log.h"

namespace assay {
namespace {

BaseSarif base_of(const std::vector<Finding>& findings, const ReportOptions& options = {}) {
  return BaseSarif::parse(write(findings, {}, false, options), "base.sarif");
}

BaselineState judged(BaseSarif& base, Finding finding) {
  base.judge(finding, place_uri(finding, {}));
  return finding.baseline_state;
}

std::string error_of(const std::string& text) {
  try {
    BaseSarif::parse(text, "base.sarif");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(BaseSarif, KnowsAResultByRuleUriAndSecret) {
  const Finding known = make_finding({.path = "a b.py"}, 1);
  BaseSarif base =
      base_of({known, make_finding({.rule = "AZF1005", .path = "c", .line_hash = "f:1"}),
               make_finding({.rule = "AZF1005", .path = "c", .line_hash = "f:1"})});
  EXPECT_EQ(base.size(), 3u);
  const struct {
    const char* name;
    Finding finding;
    BaselineState state;
  } rows[] = {
      {"the same", known, BaselineState::unchanged},
      {"another line", make_finding({.path = "a b.py", .line = 99}, 1), BaselineState::unchanged},
      {"another secret", make_finding({.path = "a b.py"}, 2), BaselineState::is_new},
      {"another file", make_finding({.path = "z.py"}, 1), BaselineState::updated},
      {"another rule", make_finding({.rule = "AZF1002", .path = "a b.py"}, 1),
       BaselineState::is_new},
      {"by its line", make_finding({.rule = "AZF1005", .path = "c", .line_hash = "f:1"}, 7),
       BaselineState::unchanged},
      {"by another line", make_finding({.rule = "AZF1005", .path = "c", .line_hash = "e:1"}),
       BaselineState::is_new},
      {"no line is known", make_finding({.rule = "AZF1005", .path = "c", .line_hash = ""}),
       BaselineState::is_new},
  };
  for (const auto& row : rows) EXPECT_EQ(judged(base, row.finding), row.state) << row.name;
  Finding accepted = make_finding({.path = "z"}, 5);
  accepted.baseline_state = BaselineState::unchanged;
  EXPECT_EQ(judged(base, accepted), BaselineState::unchanged) << "the baseline file said so";
}

TEST(BaseSarif, WhatMovedIsNotGone) {
  const auto at = [](const char* path) { return make_finding({.path = path}, 1); };
  const struct {
    const char* name;
    std::vector<Finding> now;
    std::vector<std::string> gone;
  } rows[] = {
      {"all there", {at("a"), at("b"), at("c")}, {}},
      {"one gone", {at("a"), at("b")}, {"c"}},
      {"one moved", {at("a"), at("b"), at("d")}, {}},
      {"one moved, one gone", {at("a"), at("d"), at("d")}, {"c"}},
      {"more than there were", {at("d"), at("e"), at("f"), at("g")}, {}},
      {"nothing", {}, {"a", "b", "c"}},
  };
  for (const auto& row : rows) {
    BaseSarif base = base_of({at("a"), at("b"), at("c")});
    for (const Finding& finding : row.now) judged(base, finding);
    std::vector<std::string> gone;
    for (const BaseResult* result : base.absent()) {
      gone.push_back(result->uri);
      EXPECT_EQ(result->category, "assay/files/");
      EXPECT_EQ(result->line, 2u);
      EXPECT_EQ(result->end_column, 63u);
      EXPECT_EQ(result->arguments.size(), 5u);
    }
    EXPECT_EQ(gone, row.gone) << row.name;
  }
}

TEST(BaseSarif, WhatWasGoneThenIsNotKnown) {
  BaseSarif first = base_of({make_finding({.path = "a"}, 1)});
  ReportOptions options;
  options.base = &first;
  BaseSarif second = base_of({}, options);  // a is absent in it
  EXPECT_EQ(second.size(), 0u);
  EXPECT_EQ(judged(second, make_finding({.path = "a"}, 1)), BaselineState::is_new);
}

TEST(BaseSarif, PartsAndProfilesHaveTheCategoryOfTheWhole) {
  const auto log = [](const std::string& category) {
    return R"({"version":"2.1.0","runs":[{"results":[{"ruleId":"AZF1001","locations":[
      {"physicalLocation":{"artifactLocation":{"uri":"a"}}},
      {"physicalLocation":{"artifactLocation":{"uri":"second"}}}],
      "partialFingerprints":{"secretHash/v1":"x"}}],"automationDetails":{"id":")" +
           category + R"("},"tool":{"driver":{"name":"assay"}}}]})";
  };
  const std::pair<const char*, const char*> rows[] = {
      {"assay/git/", "assay/git/"},
      {"assay/git/p03-of-16/", "assay/git/"},
      {"azuredevops/pipeline/build/assay/git/p16-of-16/", "assay/git/"},
      {"assay/gitp03-of-16/", "assay/gitp03-of-16/"},
      {"assay/p3-of-16/", "assay/p3-of-16/"},
      {"", ""},
  };
  for (const auto& [category, whole] : rows) {
    const BaseSarif base = BaseSarif::parse(log(category), "x");
    ASSERT_EQ(base.size(), 1u);
    EXPECT_EQ(base.absent()[0]->category, whole);
    EXPECT_EQ(base.absent()[0]->uri, "a") << "the first location counts";
  }
}

TEST(BaseSarif, WhatIsNoLogOfAssayIsRefusedWithASentence) {
  const std::string deep(100'000, '[');
  const std::string nested = "{\"a\":" + std::string(100'000, '[');
  const struct {
    std::string text;
    const char* reason;
  } rows[] = {
      {"", "it is no JSON object"},
      {"[]", "it is no JSON object"},
      {"7", "it is no SARIF 2.1.0"},
      {"{", "it is no JSON object"},
      {"{\"version\":\"2.1.0\"} x", "it is no JSON object"},
      {deep, "it is no JSON object"},
      {nested, "it nests too deep"},
      {"{}", "it is no SARIF 2.1.0"},
      {"{\"version\":2.1,\"runs\":[]}", "it is no SARIF 2.1.0"},
      {"{\"version\":\"2.1.0\",\"runs\":[]}", "it has no run of assay"},
      {R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"other"}},"results":[]}]})",
       "it has no run of assay"},
      {R"({"version":"2.1.0","runs":{"[]":{"tool":{"driver":{"name":"assay"}}}}})",
       "it has no run of assay"},
      {R"({"version":"2.1.0","runs":[[{"tool":{"driver":{"name":"assay"}}}]]})",
       "it has no run of assay"},
  };
  for (const auto& row : rows) {
    const std::string error = error_of(row.text);
    EXPECT_EQ(error.find(std::string("base.sarif: ") + row.reason + ". "), 0u) << error;
    EXPECT_TRUE(error.ends_with('.'));
  }
}

TEST(BaseSarif, OddValuesAreLeftOut) {
  const std::string log = R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"assay"}},
    "results":[7,[],null,{},{"ruleId":3,"locations":{},"message":[],"partialFingerprints":7},
    {"ruleId":"AZF1001","partialFingerprints":{"secretHash/v1":"x"},"locations":[
      {"physicalLocation":{"artifactLocation":{"uri":"a"},"region":{"startLine":-1,"endLine":1e9}}}],
     "message":{"arguments":[1,"b",[],"c"]}}]}]})";
  const BaseSarif base = BaseSarif::parse(log, "x");
  ASSERT_EQ(base.size(), 1u) << "what has no identity cannot be known again";
  const BaseResult& result = *base.absent()[0];
  EXPECT_EQ(result.line, 0u);
  EXPECT_EQ(result.end_line, 0u);
  EXPECT_EQ(result.arguments, (std::vector<std::string>{"b", "c"}));
}

TEST(BaseSarif, AFolderIsReadAsOneLog) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / ("base_sarif_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "a.001.sarif") << write({make_finding({.path = "a"}, 1)});
  std::ofstream(folder / "a.002.sarif") << write({make_finding({.path = "b"}, 2)});
  std::ofstream(folder / "note.txt") << "no log";
  EXPECT_EQ(BaseSarif::read(folder.string(), "folder").size(), 2u);
  EXPECT_EQ(BaseSarif::read((folder / "a.001.sarif").string(), "a").size(), 1u);
  EXPECT_THROW(BaseSarif::read((folder / "none").string(), "none"), Error);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace assay
