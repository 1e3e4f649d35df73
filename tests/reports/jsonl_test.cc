// JSON lines keep the contract of docs/report-fields.md.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/reports/record_fields.h"
#include "tests/reports/sample_findings.h"

namespace assay {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> names_of(const Json& object) {
  std::vector<std::string> names;
  for (const auto& item : object.items()) names.push_back(item.key());
  return names;
}

Json finding_line(const Finding& finding, const ReportOptions& options = {}) {
  std::string out;
  sample_report("jsonl", options)->finding(finding, out);
  EXPECT_EQ(out.find('\n'), out.size() - 1);
  return Json::parse(out);
}

TEST(Jsonl, Golden) {
  expect_golden("jsonl/sample.jsonl",
                write_report("jsonl", {}, sample_findings(), sample_diagnostics()));
}

TEST(Jsonl, FieldsStandInTheOrderOfTheContract) {
  Finding finding = sample_findings()[1];
  finding.context.store = "vault";
  finding.context.resource_group = "rg";
  const Json line = finding_line(finding);
  using Names = std::vector<std::string>;
  EXPECT_EQ(names_of(line),
            (Names{"rule_id", "family", "kind", "scope", "confidence", "fingerprint", "redacted",
                   "location", "encoding", "context", "rotation"}));
  EXPECT_EQ(names_of(line["location"]),
            (Names{"path", "line", "column", "byte_offset", "byte_length"}));
  EXPECT_EQ(names_of(line["context"]), (Names{"host", "app", "slot", "function", "key_name",
                                              "carrier", "store", "resource_group"}));
  EXPECT_EQ(names_of(line["rotation"]), (Names{"summary", "steps"}));
  EXPECT_EQ(line["encoding"], Json{"percent"});
  EXPECT_EQ(line["location"]["line"], 40);
  EXPECT_EQ(line["location"]["byte_length"], 56);
  EXPECT_GE(line["rotation"]["steps"].size(), 2u);
}

TEST(Jsonl, AbsentFactsAreLeftOut) {
  Finding finding = sample_finding("AZF1005", "{plain:56}", 3, "a", 1);
  const Json line = finding_line(finding);
  EXPECT_FALSE(line.contains("fingerprint"));
  EXPECT_FALSE(line.contains("context"));
  EXPECT_FALSE(line.contains("secret"));
  EXPECT_EQ(line["scope"], "unknown");
  EXPECT_EQ(line["encoding"], Json::array());

  Rule bare;
  bare.id = "AZF1009";
  finding.rule = &bare;
  EXPECT_FALSE(finding_line(finding).contains("rotation"));
}

TEST(Jsonl, TheRecordStandsBehindTheContext) {
  Finding finding = sample_message();
  finding.context = context_of(Scope::app, {{&KeyContext::app, "contoso-orders"}});
  finding.git = std::make_shared<GitFacts>(sample_history());
  Record record = sample_record();
  record.operation = "Refund";
  record.author = "Dana \xff";
  finding.record = std::make_shared<Record>(record);
  const Json line = finding_line(finding);
  using Names = std::vector<std::string>;
  EXPECT_EQ(names_of(line),
            (Names{"rule_id", "family", "kind", "scope", "confidence", "fingerprint", "redacted",
                   "location", "encoding", "context", "record", "git", "brought_by", "rotation"}));
  EXPECT_EQ(line["record"], (Json{{"system", "slack"},
                                  {"container", "incidents"},
                                  {"id", "1762070400.000100"},
                                  {"author", "Dana \xEF\xBF\xBD"},
                                  {"time", "2025-11-02T08:00:00Z"},
                                  {"link", record.link},
                                  {"operation", "Refund"}}));
  EXPECT_EQ(line["location"]["path"], "export.zip!/incidents/2025-11-02.json");

  finding.record = std::make_shared<Record>(RecordFields{.system = "env"});
  EXPECT_EQ(finding_line(finding)["record"], (Json{{"system", "env"}})) << "absent ones left out";
  for (const auto& none : {std::shared_ptr<const Record>(), std::make_shared<const Record>()}) {
    finding.record = none;
    EXPECT_FALSE(finding_line(finding).contains("record"));
  }
}

TEST(Jsonl, WhatTheHistorySaysStandsUnderGit) {
  const std::vector<Finding> all = sample_git_findings();
  const Json line = finding_line(all[1]);
  EXPECT_EQ(
      names_of(line["git"]),
      (std::vector<std::string>{"object", "blob", "commit", "path", "author", "committer", "time",
                                "subject", "introduced_by", "removed_by", "present_at_head",
                                "occurrences", "branches", "tags", "branch_count", "tag_count"}));
  EXPECT_EQ(line["git"]["author"], "Dana \xEF\xBF\xBD <dana@example.org>") << "valid UTF-8";
  EXPECT_EQ(line["git"]["branches"], (Json{"main", "origin/main"}));
  EXPECT_EQ(line["git"]["tag_count"], 4);
  EXPECT_EQ(names_of(line)[names_of(line).size() - 3], "git");
  EXPECT_EQ(names_of(line)[names_of(line).size() - 2], "brought_by");

  const Json staged = finding_line(all[2])["git"];
  EXPECT_EQ(names_of(staged), (std::vector<std::string>{"object", "blob", "path", "present_at_head",
                                                        "staged", "occurrences", "branches", "tags",
                                                        "branch_count", "tag_count"}));
  EXPECT_FALSE(finding_line(sample_findings()[0]).contains("git"));
}

TEST(Jsonl, RefsThatNobodyLookedForAreLeftOutAndOtherOnesNamed) {
  const Finding sample = sample_git_findings()[0];
  GitFacts git = sample_history();
  git.refs = {"refs/stash"};
  git.ref_count = 1;
  const Json named = finding_line(with_history(sample, git))["git"];
  EXPECT_EQ(named["refs"], Json{"refs/stash"});
  EXPECT_EQ(named["ref_count"], 1);
  GitFacts unknown = sample_history();
  unknown.branches.clear();
  unknown.branch_count = 0;
  unknown.refs_known = false;
  const Json line = finding_line(with_history(sample, unknown))["git"];
  for (const char* field : {"branches", "tags", "refs", "branch_count", "tag_count", "ref_count"}) {
    EXPECT_FALSE(line.contains(field)) << field;
  }
}

TEST(Jsonl, GoldenGit) {
  expect_golden("jsonl/git.jsonl", write_report("jsonl", {.repository = sample_repository()},
                                                sample_git_findings(), sample_gaps()));
}

TEST(Jsonl, RevealAddsTheValueAfterTheRedactedForm) {
  const Finding finding = sample_findings()[0];
  const Json line = finding_line(finding, {.reveal = true});
  EXPECT_TRUE(line["secret"].get<std::string>() == finding.secret.reveal());
  EXPECT_EQ(names_of(line)[7], "secret");
}

TEST(Jsonl, AnyBytesInAPathStayOneLineOfValidJson) {
  using namespace std::string_view_literals;
  const struct {
    std::string_view path;
    std::string_view raw;  // as it stands in the line
  } rows[] = {
      {"a\nb\tc", "\"a\\nb\\tc\""},
      {"a\"b\\c", "\"a\\\"b\\\\c\""},
      {"a\0\x1b"sv, "\"a\\u0000\\u001b\""},
      {"\xff\xe2\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
      {"\xe2\x80\xa8\x7f\xc2\x9b", "\"\\u2028\\u007f\\u009b\""},
      {"\xe2\x80\xae", "\"\\u202e\""},
      {"\xf3\xa0\x81\x81", "\"\\udb40\\udc41\""},
      {"\xf0\x9f\x94\x91\xe6\x97\xa5", "\"\xf0\x9f\x94\x91\xe6\x97\xa5\""},
      {"##vso[a]##[b] ##", "\"\\u0023#vso[a]\\u0023#[b] ##\""},
  };
  for (const auto& row : rows) {
    std::string out;
    sample_report("jsonl")->finding(
        sample_finding("AZF1001", "{key:master}", 1, std::string(row.path), 1), out);
    const std::string wanted = "\"path\":" + std::string(row.raw) + ",";
    EXPECT_NE(out.find(wanted), std::string::npos) << wanted;
    EXPECT_EQ(out.find('\n'), out.size() - 1);
    EXPECT_EQ(Json::parse(out)["location"]["path"], valid_utf8(row.path));
  }
}

TEST(Jsonl, DiagnosticIsALineOfItsOwn) {
  std::string out;
  const auto report = sample_report("jsonl");
  report->diagnostic({Diagnostic::Kind::unreadable, "a\xff", "permission denied", ""}, out);
  EXPECT_EQ(out,
            "{\"diagnostic\":{\"kind\":\"unreadable\",\"path\":\"a\xef\xbf\xbd\",\"message\":"
            "\"a\\\\xff could not be read: permission denied.\"}}\n");
  out.clear();
  report->diagnostic({Diagnostic::Kind::skipped, "a", "it is missing", "", true}, out);
  EXPECT_EQ(names_of(Json::parse(out)["diagnostic"]),
            (std::vector<std::string>{"kind", "accepted", "path", "message"}));
  EXPECT_EQ(Json::parse(out)["diagnostic"]["accepted"], true);
  out.clear();
  report->diagnostic({Diagnostic::Kind::interrupted, "", "stopped by a signal", ""}, out);
  EXPECT_FALSE(Json::parse(out)["diagnostic"].contains("path"));
}

TEST(Jsonl, LastLineIsTheSummary) {
  const struct {
    ScanSummary summary;
    std::string_view line;
  } rows[] = {
      {{.blobs = 1, .bytes = 2, .findings = 3, .ignored = 5},
       R"({"summary":{"complete":true,"blobs":1,"bytes":2,"findings":3,"diagnostics":0,"ignored":5,"unit":"file"}})"},
      {{.diagnostics = 4},
       R"({"summary":{"complete":false,"blobs":0,"bytes":0,"findings":0,"diagnostics":4,"ignored":0,"unit":"file"}})"},
      {{.interrupted = true},
       R"({"summary":{"complete":false,"interrupted":true,"blobs":0,"bytes":0,"findings":0,)"
       R"("diagnostics":0,"ignored":0,"unit":"file"}})"},
      {{.blobs = 7, .diagnostics = 2, .accepted = 2, .unit = "object"},
       R"({"summary":{"complete":true,"blobs":7,"bytes":0,"findings":0,"diagnostics":2,)"
       R"("accepted":2,"ignored":0,"unit":"object"}})"},
      {{.diagnostics = 2, .accepted = 1},
       R"({"summary":{"complete":false,"blobs":0,"bytes":0,"findings":0,"diagnostics":2,)"
       R"("accepted":1,"ignored":0,"unit":"file"}})"},
  };
  for (const auto& row : rows) {
    std::string out;
    sample_report("jsonl")->finish(row.summary, out);
    EXPECT_EQ(out, std::string(row.line.substr(0, row.line.size() - 2)) +
                       R"(,"tool":"assay 0.1.0","rules":")" + sample_rules().digest() +
                       R"(","members":0,"bytes_decoded":0,"suppressed":0}})" + "\n");
  }
}

TEST(Jsonl, TheSummaryNamesTheEvidence) {
  ScanSummary summary;
  summary.evidence = {{"a\xff", 7, "00ff"}};
  summary.arguments = {"assay", "scan", "a b"};
  std::string out;
  sample_report("jsonl")->finish(summary, out);
  const Json line = Json::parse(out)["summary"];
  EXPECT_EQ(line["evidence"],
            (Json{{{"path", "a\xEF\xBF\xBD"}, {"bytes", 7}, {"sha256", "00ff"}}}));
  EXPECT_EQ(line["arguments"], (Json{"assay", "scan", "a b"}));
}

TEST(Jsonl, DamageStandsBeforeThePlace) {
  Finding finding = sample_findings()[2];
  EXPECT_FALSE(finding_line(finding).contains("damage"));
  finding.damage = std::make_shared<Damage>(
      Damage{"one character replaced", false, 10206, 7.1e-06, 1, {finding.fingerprint}});
  const Json line = finding_line(finding);
  EXPECT_EQ(line["damage"], (Json{{"what", "one character replaced"},
                                  {"masked", false},
                                  {"tried", 10206},
                                  {"by_chance", 7.1e-06},
                                  {"candidates", 1},
                                  {"fingerprints", {finding.fingerprint}}}));
}

}  // namespace
}  // namespace assay
