// For whom a SARIF log is: the profiles, what is suppressed or known before, and logs in parts.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "reports/sarif_parts.h"
#include "reports/sarif_run.h"
#include "response/base_sarif.h"
#include "tests/reports/sarif_log.h"

namespace assay {
namespace {

Finding suppressed(Finding finding, Suppression::Kind kind, std::string by, std::string reason) {
  finding.suppression =
      std::make_shared<Suppression>(Suppression{kind, std::move(by), std::move(reason)});
  return finding;
}

// One of each kind, and one that counts though a marker stands beside it.
std::vector<Finding> judged_findings() {
  std::vector<Finding> all = {
      make_finding({.path = "a.py"}, 1),
      suppressed(make_finding({.path = "b.py"}, 2), Suppression::Kind::marker, "assay:allow",
                 "rotated, ticket 12"),
      suppressed(make_finding({.path = "c.py"}, 3), Suppression::Kind::baseline,
                 ".assay-baseline:12", "known [x](y) \xFF"),
      suppressed(make_finding({.rule = "AZF1005", .path = "d.py"}, 4), Suppression::Kind::allowlist,
                 ".assay.toml:7", ""),
      make_finding({.path = "e.py"}, 5),
  };
  all[1].marker = std::make_shared<Marker>(Marker{"assay:allow", "", "rotated, ticket 12", 1});
  all[4].marker = std::make_shared<Marker>(Marker{"gitleaks:allow", "", "", 0});
  all[0].baseline_state = BaselineState::is_new;
  all[2].baseline_state = BaselineState::unchanged;
  all[4].baseline_state = BaselineState::updated;
  return all;
}

const ReportOptions kGithub{.sarif_profile = SarifProfile::github};

ReportOptions ado() {
  ReportOptions options;
  options.sarif_profile = SarifProfile::ado;
  options.ado = {"12", "orders-ci", "6884a131-87da-5381-61f3-d7acc3b91d76", "Scan"};
  return options;
}

TEST(SarifProfiles, NamesAreReadBack) {
  for (const auto profile : {SarifProfile::full, SarifProfile::github, SarifProfile::ado}) {
    EXPECT_EQ(sarif_profile_named(to_string(profile)), profile);
  }
  EXPECT_EQ(sarif_profile_named("gitlab"), std::nullopt);
}

TEST(SarifProfiles, FullTellsSuppressionsAndBaselineOfAllResultsOrOfNone) {
  ReportOptions options;
  options.baseline = true;
  const json run = run_of(write(judged_findings(), {}, false, options));
  const json& results = run["results"];
  ASSERT_EQ(results.size(), 5u);
  const char* const states[] = {"new", "new", "unchanged", "new", "updated"};
  for (size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i]["baselineState"], states[i]);
    EXPECT_TRUE(results[i]["suppressions"].is_array());
  }
  EXPECT_EQ(results[0]["suppressions"], json::array());
  EXPECT_EQ(results[4]["suppressions"], json::array());
  EXPECT_EQ(results[4]["properties"]["marker"], (json{{"line", 2}, {"word", "gitleaks:allow"}}));
  const json marker = results[1]["suppressions"][0];
  EXPECT_EQ(marker["kind"], "inSource");
  EXPECT_EQ(marker["status"], "accepted") << "readers take any other for accepted, too";
  EXPECT_EQ(marker["justification"], "rotated, ticket 12");
  EXPECT_EQ(marker["location"]["physicalLocation"],
            (json{{"artifactLocation", {{"uri", "b.py"}, {"uriBaseId", "SRCROOT"}}},
                  {"region", {{"startLine", 1}}}}));
  EXPECT_EQ(results[2]["suppressions"][0]["kind"], "external");
  EXPECT_EQ(results[2]["suppressions"][0]["justification"], "known [x](y) \xEF\xBF\xBD");
  EXPECT_EQ(results[3]["suppressions"][0]["justification"], ".assay.toml:7");
  const json without = run_of(write(judged_findings()));
  for (const json& result : without["results"]) {
    EXPECT_FALSE(result.contains("baselineState"));
    EXPECT_TRUE(result.contains("suppressions"));
  }
}

TEST(SarifProfiles, GithubAndAdoGetNothingThatIsSuppressed) {
  for (const ReportOptions& options : {kGithub, ado()}) {
    const json run = run_of(write(judged_findings(), {}, false, options));
    ASSERT_EQ(run["results"].size(), 2u);
    for (const json& result : run["results"]) {
      EXPECT_FALSE(result.contains("suppressions") || result.contains("baselineState"));
    }
    const json& told = run["invocations"][0]["toolExecutionNotifications"][0];
    EXPECT_EQ(told["descriptor"]["id"], "ASY9009");
    EXPECT_EQ(told["message"]["arguments"], json::array({"3", "0"}));
    EXPECT_EQ(run["invocations"][0]["properties"]["suppressed"], 3);
  }
}

TEST(SarifProfiles, GithubGetsOnlyWhatStandsInTheCheckout) {
  const struct {
    const char* path;
    const char* file;
    const char* uri;  // empty: it is left out
  } rows[] = {
      {".env", ".env", "app/.env"},
      {"orders/.env", "/w/orders/.env", ".env"},
      {"x/a b.log", "./x//a b.log", "app/x/a%20b.log"},
      {"other/.env", "../../other/.env", ""},
      {"src/.env", "../src/.env", "src/.env"},
      {"orders2/.env", "/w/orders2/.env", ""},
      {"orders", "/w/orders", ""},
      {"up", "../../../../../up", ""},
      {"a.env", "", "a.env"},
  };
  ReportOptions options = kGithub;
  options.root = "/w/orders";
  options.folder = "/w/orders/app";
  for (const auto& row : rows) {
    Finding finding = make_finding({});
    finding.provenance =
        std::make_shared<Provenance>(Provenance{Provenance::Kind::file, row.path, 0, row.file});
    const json run = run_of(write({finding}, {}, false, options));
    if (*row.uri == '\0') {
      EXPECT_EQ(run["results"].size(), 0u) << row.file;
      EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["arguments"],
                json::array({"0", "1"}));
      continue;
    }
    ASSERT_EQ(run["results"].size(), 1u) << row.file;
    const json& at = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    EXPECT_EQ(at["uri"], row.uri);
    EXPECT_EQ(place_uri(finding, options), row.uri);
    EXPECT_EQ(run["artifacts"][0]["location"]["uri"], row.uri);
  }
  Finding member = make_finding({.path = "x.zip!/in/.env"});
  member.encoding = {"zip"};
  member.provenance = std::make_shared<Provenance>(
      Provenance{Provenance::Kind::file, "x.zip!/in/.env", 0, "x.zip"});
  EXPECT_EQ(place_uri(member, options), "app/x.zip!/in/.env");
  const json run = run_of(write({member}, {}, false, options));
  EXPECT_EQ(run["artifacts"][0]["location"]["uri"], "app/x.zip");
}

TEST(SarifProfiles, GithubGetsNoStreamNoTicketAndNoUnknownPath) {
  const json log =
      json::parse(write({make_finding({.path = "stdin", .kind = Provenance::Kind::stream}),
                         comment("jira.json"), make_finding({.path = "a.py"})},
                        {}, false, kGithub));
  ASSERT_EQ(log["runs"].size(), 1u);
  const json& run = log["runs"][0];
  ASSERT_EQ(run["results"].size(), 1u);
  EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["arguments"],
            json::array({"0", "2"}));
  EXPECT_EQ(run["invocations"][0]["exitCode"], 1) << "of the process, that found three";
  EXPECT_EQ(run["tool"], run_of(write({}))["tool"]) << "all rules, whatever was found";
}

TEST(SarifProfiles, AdoNamesItsPipelineInTexts) {
  const json known = run_of(write({}, {}, false, ado()))["automationDetails"];
  EXPECT_EQ(known["id"], "azuredevops/pipeline/build/assay/files/");
  EXPECT_EQ(known["properties"],
            (json{{"azuredevops/pipeline/build/buildDefinitionId", "12"},
                  {"azuredevops/pipeline/build/buildDefinitionName", "orders-ci"},
                  {"azuredevops/pipeline/build/phaseId", "6884a131-87da-5381-61f3-d7acc3b91d76"},
                  {"azuredevops/pipeline/build/phaseName", "Scan"}}));
  ReportOptions outside = ado();
  outside.ado = {};
  const auto report = make_sarif_report(rules(), outside);
  std::string out;
  report->begin(out);
  report->finish({}, out);
  EXPECT_EQ(run_of(out)["automationDetails"]["properties"].size(), 4u);
  EXPECT_NE(report->remark().find("does not name its pipeline"), std::string::npos);
}

TEST(SarifProfiles, AdoGetsTheWorstFirst) {
  std::vector<Rule> all(rules().rules().begin(), rules().rules().end());
  const char* const severities[] = {"5.0", "9.8", ""};  // AZF1005 without: by its level
  for (size_t i = 0; i < all.size(); ++i) all[i].security_severity = severities[i];
  const RuleSet mixed(std::move(all));
  const auto report = make_sarif_report(mixed, ado());
  std::string out;
  report->begin(out);
  const char* const given[] = {"AZF1005", "AZF1001", "AZF1002", "AZF1001"};
  for (size_t i = 0; i < std::size(given); ++i) {
    Finding finding = make_finding({.path = "f" + std::to_string(i)}, i);
    finding.rule = mixed.find(given[i]);
    report->finding(finding, out);
  }
  report->finish({}, out);
  std::vector<std::string> order;
  const json run = run_of(out);
  for (const json& result : run["results"]) {
    order.push_back(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]);
  }
  EXPECT_EQ(order, (std::vector<std::string>{"f2", "f0", "f1", "f3"}));
}

// A rule of the user, as one of gitleaks' comes: no title but the id, no help.
Rule custom_rule(std::string id) {
  Rule rule;
  rule.id = std::move(id);
  rule.family = kCustomFamily;
  rule.kind = "unknown";
  rule.confidence = Confidence::context;
  rule.level = Level::warning;
  rule.precision = "medium";
  auto regex = std::make_shared<RegexRule>();
  regex->regex = "x";
  for (size_t i = 0; i < 30; ++i) regex->tags.push_back("tag" + std::to_string(i));
  rule.regex = std::move(regex);
  return rule;
}

std::string custom_log(const Rule& rule, const ReportOptions& options = {}) {
  static std::vector<std::unique_ptr<RuleSet>> kept;  // findings point into it
  kept.push_back(std::make_unique<RuleSet>(std::vector<Rule>{rule}));
  const auto report = make_sarif_report(*kept.back(), options);
  Finding finding = make_finding({.rule = "AZF1005", .path = "a.env"});
  finding.rule = &kept.back()->rules()[0];
  std::string out;
  report->begin(out);
  report->finding(finding, out);
  report->finish({.findings = 1, .failing = 1}, out);
  return out;
}

TEST(SarifProfiles, RulesOfTheUserStandInALawfulForm) {
  const std::pair<const char*, const char*> names[] = {
      {"aws-access-token", "AwsAccessToken"},
      {"generic_API.key2", "GenericApiKey2"},
      {"1password", "Rule1Password"},
      {"\xFF", "Rule"},
      {"Abc", "RuleAbc"},
  };
  for (const auto& [id, name] : names) {
    const json rule = run_of(custom_log(custom_rule(id)))["tool"]["driver"]["rules"][0];
    EXPECT_EQ(rule["name"], name);
    EXPECT_NE(rule["name"], rule["id"]);
    EXPECT_EQ(rule["properties"]["tags"].size(), 10u) << "GitHub keeps ten";
    EXPECT_FALSE(rule["properties"].contains("security-severity"));
    for (const char* const text : {"shortDescription", "fullDescription", "help"}) {
      EXPECT_FALSE(rule[text]["text"].get<std::string>().empty()) << text;
    }
    EXPECT_TRUE(rule.contains("helpUri"));
  }
  Rule wordy = custom_rule("wordy");
  wordy.description = std::string(2000, 'x') + "\xFF";
  wordy.title = "[a](b) {0}.";
  const json run = run_of(custom_log(wordy));
  const json& rule = run["tool"]["driver"]["rules"][0];
  EXPECT_LE(rule["fullDescription"]["text"].get<std::string>().size(), 1024u);
  EXPECT_EQ(rule["messageStrings"]["default"]["text"],
            "\\[a\\](b) {{0}} '{0}' found in '{1}'. Rotate it first, then remove it.");
  EXPECT_EQ(run["results"][0]["message"]["arguments"].size(), 2u);
}

TEST(SarifProfiles, CoverageStandsInTheInvocation) {
  const auto report = make_sarif_report(rules(), {});
  std::string out;
  report->begin(out);
  report->finish({.blobs = 12,
                  .bytes = 1000,
                  .decoded_bytes = 5000,
                  .members = 7,
                  .ignored = 2,
                  .inputs = {"logs", "/home/dana/src/", "stdin"},
                  .config = "/home/dana/.assay.toml",
                  .disabled = {"AZF1005"},
                  .notes = {"The entry .assay-baseline:3 was not used."}},
                 out);
  const json invocation = run_of(out)["invocations"][0];
  EXPECT_EQ(invocation["properties"], (json{{"blobs", 12},
                                            {"bytesDecoded", 5000},
                                            {"bytesRead", 1000},
                                            {"config", ".assay.toml"},
                                            {"disabledRules", {"AZF1005"}},
                                            {"inputs", {"logs", "src", "stdin"}},
                                            {"members", 7},
                                            {"pathsOutOfScope", 2},
                                            {"suppressed", 0},
                                            {"unit", "file"}}));
  EXPECT_EQ(out.find("/home"), std::string::npos) << "a log leaks no folder";
  EXPECT_EQ(invocation["toolExecutionNotifications"][0]["descriptor"]["id"], "ASY9013");
}

TEST(SarifProfiles, WhatIsGoneSinceTheBaseIsAbsent) {
  const std::vector<Finding> before = {make_finding({.path = "a.py"}, 1),
                                       make_finding({.path = "b[1].py"}, 2), comment("jira.json"),
                                       make_finding({.rule = "AZF1005", .path = "c.py"}, 3)};
  BaseSarif base = BaseSarif::parse(write(before), "base");
  ReportOptions options;
  options.base = &base;
  std::vector<Finding> now = {before[0]};
  for (Finding& finding : now) base.judge(finding, place_uri(finding, options));
  const json log = json::parse(write(now, {}, false, options));
  ASSERT_EQ(log["runs"].size(), 2u);
  const json& results = log["runs"][0]["results"];
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[0]["baselineState"], "unchanged");
  for (size_t i = 1; i < results.size(); ++i) {
    const json was = run_of(write(before))["results"][i];
    EXPECT_EQ(results[i]["baselineState"], "absent");
    EXPECT_EQ(results[i]["suppressions"], json::array());
    EXPECT_EQ(results[i]["partialFingerprints"], was["partialFingerprints"]);
    EXPECT_EQ(results[i]["message"], was["message"]);
    EXPECT_EQ(results[i]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
              was["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]);
  }
  ASSERT_EQ(log["runs"][1]["results"].size(), 1u) << "in the run that it was of";
  EXPECT_EQ(log["runs"][1]["results"][0]["baselineState"], "absent");
  options.sarif_profile = SarifProfile::github;
  EXPECT_EQ(run_of(write(now, {}, false, options))["results"].size(), 1u);
}

// All parts of a log, each a document of its own.
std::vector<json> parts_of(Report& report) {
  std::vector<json> logs;
  for (size_t i = 0; i < report.parts(); ++i) {
    std::string out;
    while (report.part(i, out)) EXPECT_LT(out.size(), size_t{64} << 20);
    logs.push_back(json::parse(out));
  }
  return logs;
}

std::vector<json> written_in_parts(const ReportOptions& options, const SarifLimits& limits,
                                   const std::vector<Finding>& findings) {
  const auto report = make_sarif_report(rules(), options, limits);
  std::string out;
  report->begin(out);
  for (const Finding& finding : findings) report->finding(finding, out);
  report->diagnostic({Diagnostic::Kind::skipped, "x", "a socket", ""}, out);
  report->finish({.findings = findings.size(), .failing = findings.size()}, out);
  return parts_of(*report);
}

std::vector<Finding> numbered(size_t count, size_t begin = 0) {
  std::vector<Finding> findings;
  for (size_t i = begin; i < begin + count; ++i) {
    findings.push_back(make_finding({.path = "src/f" + std::to_string(i)}, i % 7));
  }
  return findings;
}

std::map<std::string, std::string> categories_of(const std::vector<json>& logs) {
  std::map<std::string, std::string> categories;  // of each uri
  for (const json& log : logs) {
    EXPECT_EQ(log["runs"].size(), 1u);
    const json& run = log["runs"][0];
    for (const json& result : run["results"]) {
      const json& at = result["locations"][0]["physicalLocation"]["artifactLocation"];
      EXPECT_EQ(run["artifacts"][at["index"].get<size_t>()]["location"]["uri"], at["uri"]);
      categories[at["uri"]] = run["automationDetails"]["id"];
    }
  }
  return categories;
}

TEST(SarifProfiles, TooManyResultsBecomePartsByTheirPaths) {
  for (ReportOptions options : {ReportOptions(), kGithub, ado()}) {
    options.split = true;
    const SarifLimits limits{.whole = 50};
    EXPECT_TRUE(written_in_parts(options, limits, numbered(50)).empty()) << "fits";
    const std::vector<json> logs = written_in_parts(options, limits, numbered(60));
    ASSERT_EQ(logs.size(), SarifParts::kParts);
    std::set<std::string> all;
    for (const json& log : logs) {
      const json& run = log["runs"][0];
      all.insert(run["automationDetails"]["id"]);
      EXPECT_EQ(run["invocations"][0]["executionSuccessful"], true);
      EXPECT_EQ(run["tool"], run_of(write({}))["tool"]);
    }
    EXPECT_EQ(all.size(), SarifParts::kParts);
    EXPECT_TRUE(all.begin()->ends_with("assay/files/p01-of-16/")) << *all.begin();
    const json& first = logs[0]["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    EXPECT_EQ(first[0]["descriptor"]["id"], "ASY9002") << "what was not scanned is told once";
    EXPECT_EQ(
        logs[1]["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["descriptor"]["id"],
        "ASY9010");
    // Whatever else is found, a file stays in its part.
    const auto before = categories_of(logs);
    const auto after = categories_of(written_in_parts(options, limits, numbered(90, 30)));
    ASSERT_EQ(before.size(), 60u);
    ASSERT_EQ(after.size(), 90u);
    size_t both = 0;
    for (const auto& [uri, category] : before) {
      if (!after.contains(uri)) continue;
      EXPECT_EQ(after.at(uri), category);
      ++both;
    }
    EXPECT_EQ(both, 30u);
  }
}

TEST(SarifProfiles, ExportsFollowThePartsInADocumentOfTheirOwn) {
  ReportOptions options;
  options.split = true;
  std::vector<Finding> findings = numbered(30);
  findings.push_back(comment("jira.json"));
  std::vector<json> logs = written_in_parts(options, {.whole = 20}, findings);
  ASSERT_EQ(logs.size(), SarifParts::kParts + 1);
  EXPECT_EQ(logs.back()["runs"][0]["automationDetails"]["id"], "assay/exports/");
  EXPECT_EQ(logs.back()["runs"][0]["results"].size(), 1u);
  for (size_t i = 0; i < 30; ++i) findings.push_back(comment("jira" + std::to_string(i)));
  logs = written_in_parts(options, {.whole = 20}, findings);
  ASSERT_EQ(logs.size(), 2 * SarifParts::kParts);
  EXPECT_EQ(logs.back()["runs"][0]["automationDetails"]["id"], "assay/exports/p16-of-16/");
  EXPECT_EQ(categories_of(logs).size(), 61u);
}

TEST(SarifProfiles, WithoutAFileThereAreNoPartsButAWord) {
  const auto report = make_sarif_report(rules(), {}, {.whole = 5});
  std::string out;
  report->begin(out);
  for (const Finding& finding : numbered(6)) report->finding(finding, out);
  report->finish({.findings = 6}, out);
  EXPECT_EQ(report->parts(), 0u);
  EXPECT_EQ(report->left_out(), 0u);
  EXPECT_EQ(run_of(out)["results"].size(), 6u);
  EXPECT_NE(report->remark().find("write it to a file with --output"), std::string::npos);
}

TEST(SarifProfiles, WhatGithubWouldRefuseIsLeftOutAndTold) {
  for (const bool split : {false, true}) {
    ReportOptions options = kGithub;
    options.split = split;
    // All in one file, and so in one part.
    const std::vector<Finding> many(30, make_finding({.line_hash = ""}));
    const auto report = make_sarif_report(rules(), options, {.whole = 10, .refused = 20});
    std::string out;
    report->begin(out);
    for (const Finding& finding : many) report->finding(finding, out);
    report->finish({.findings = 30, .failing = 30}, out);
    EXPECT_EQ(report->left_out(), 10u);
    size_t results = 0, told = 0;
    for (const json& log : split ? parts_of(*report) : std::vector{json::parse(out)}) {
      const json& run = log["runs"][0];
      results += run["results"].size();
      EXPECT_EQ(run["invocations"][0]["executionSuccessful"], true) << "GitHub refuses the rest";
      EXPECT_EQ(run["invocations"][0]["exitCode"], 2);
      for (const json& one : run["invocations"][0]["toolExecutionNotifications"]) {
        told += one["descriptor"]["id"] == "ASY9011" ? 1 : 0;
      }
    }
    EXPECT_EQ(results, 20u);
    EXPECT_GT(told, 0u);
  }
}

TEST(SarifProfiles, TwentyFiveThousandAndOneResultsAreSplit) {
  ReportOptions options = kGithub;
  options.split = true;
  const auto report = make_sarif_report(rules(), options);
  std::string out;
  report->begin(out);
  constexpr uint64_t kCount = 25'001;
  Finding finding = make_finding({});
  const std::string key(finding.secret.reveal());
  for (uint64_t i = 0; i < kCount; ++i) {
    finding.provenance = std::make_shared<Provenance>(
        Provenance{Provenance::Kind::file, "src/" + std::to_string(i / 2) + ".py"});
    report->finding(finding, out);
    out.clear();
  }
  report->finish({.findings = kCount, .failing = kCount}, out);
  ASSERT_EQ(report->parts(), SarifParts::kParts);
  EXPECT_EQ(report->left_out(), 0u);
  uint64_t results = 0;
  for (size_t i = 0; i < report->parts(); ++i) {
    std::string text;
    while (report->part(i, text)) continue;
    EXPECT_TRUE(text.find(key.substr(0, 20)) == std::string::npos);
    uint64_t count = 0;
    for (size_t at = 0; (at = text.find("\n{\"ruleId\"", at)) != std::string::npos; ++at) ++count;
    EXPECT_TRUE(i > 0 || json::accept(text));
    EXPECT_GT(count, 1'000u) << "the paths are spread";
    EXPECT_LE(count, 5'000u) << "GitHub shows all of them";
    results += count;
  }
  EXPECT_EQ(results, kCount);
}

TEST(SarifProfiles, PartsAreNamedBesideTheFile) {
  const std::array<std::string_view, 2> rows[] = {
      {"out.sarif", "out.003.sarif"},           {"a.b/out", "a.b/out.003.sarif"},
      {"out.sarif.json", "out.003.sarif.json"}, {"/x/.hidden", "/x/.hidden.003.sarif"},
      {"v1.2/o.x.sarif", "v1.2/o.x.003.sarif"},
  };
  for (const auto& [path, part] : rows) EXPECT_EQ(part_path(path, 3), part);
  EXPECT_EQ(part_path("a.sarif", 1234), "a.1234.sarif");
}

// .ci/sarif-gate checks them.
TEST(SarifProfiles, WritesTheGoldenLogs) {
  BaseSarif base = BaseSarif::parse(
      write({make_finding({.path = "a.py"}, 1), make_finding({.path = "gone.py", .line = 9}, 9)}),
      "base");
  ReportOptions with_base;
  with_base.base = &base;
  std::vector<Finding> compared = judged_findings();
  for (Finding& finding : compared) base.judge(finding, place_uri(finding, with_base));
  const std::pair<const char*, std::string> logs[] = {
      {"profile_full", write(compared, {}, false, with_base)},
      {"profile_github", write(judged_findings(), {}, false, kGithub)},
      {"profile_ado", write(judged_findings(), {}, false, ado())},
      {"custom_rule", custom_log(custom_rule("aws-access-token"), kGithub)},
  };
  for (const auto& [name, log] : logs) {
    const std::string path = std::string(ASSAY_GOLDEN) + "/sarif/" + name + ".sarif";
    if (std::getenv("ASSAY_REWRITE_GOLDEN") != nullptr) std::ofstream(path) << log;
    std::ifstream file(path);
    std::stringstream golden;
    golden << file.rdbuf();
    EXPECT_TRUE(log == golden.str()) << path << ": write it with ASSAY_REWRITE_GOLDEN=1, and look";
  }
}

}  // namespace
}  // namespace assay
