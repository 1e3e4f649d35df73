// Rules, findings and whole logs for the tests of the SARIF report.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "reports/format.h"
#include "rules/keys/mint.h"
#include "tests/reports/record_fields.h"

namespace assay {

using nlohmann::json;

inline Rule make_rule(std::string id, std::string name, std::string kind, Confidence confidence) {
  Rule rule;
  rule.id = std::move(id);
  rule.name = std::move(name);
  rule.family = "azure-functions";
  rule.kind = std::move(kind);
  rule.title = "Azure Functions " + rule.kind + " key";
  rule.description = "Finds a key of the kind " + rule.kind + ". <b>No HTML</b> [x](y) {0}.";
  rule.impact = "Whoever holds it can call the app.";
  rule.help_uri = "https://learn.microsoft.com/azure/azure-functions/function-keys-how-to";
  rule.confidence = confidence;
  rule.level = confidence == Confidence::context ? Level::warning : Level::error;
  rule.security_severity = "9.8";
  rule.rank = confidence == Confidence::context ? 40.5 : 98;
  rule.precision = confidence == Confidence::context ? "low" : "very-high";
  rule.rotation_summary = "Renew the key now.";
  rule.rotation = {{Scope::unknown, {"Find the app: az functionapp list -o table", "Ask <who>."}},
                   {Scope::app, {"az functionapp keys set -g {group} -n {app}{slot}"}}};
  return rule;
}

inline const RuleSet& rules() {
  static const RuleSet rules({
      make_rule("AZF1001", "AzureFunctionsMasterKeyExposed", "master", Confidence::verified),
      make_rule("AZF1002", "AzureFunctionsKeyExposed", "function", Confidence::verified),
      make_rule("AZF1005", "AzureFunctionsKeyLikely", "unknown", Confidence::context),
  });
  return rules;
}

struct Row {
  std::string rule = "AZF1001";
  std::string path = "src/ping.py";
  uint64_t line = 2;
  uint64_t utf16_column = 7;
  Snippet snippet = {"code=\"", std::string(56, '*'), "\""};
  std::string line_hash = "a4bb5bcc47a4a9e0:1";
  KeyContext context = {};
  std::shared_ptr<const BlobFacts> facts = nullptr;
  Provenance::Kind kind = Provenance::Kind::file;
};

inline Finding make_finding(const Row& row, uint64_t seed = 1) {
  SeededRandom random(seed);
  Finding finding;
  finding.rule = rules().find(row.rule);
  finding.kind = finding.rule->kind;
  finding.confidence = finding.rule->confidence;
  finding.secret = Secret(fill_placeholders("{key:master}", random));
  finding.redacted = finding.secret.redacted("AzFu");
  if (finding.confidence != Confidence::context) {
    finding.fingerprint = identify(finding.secret.reveal())->fingerprint();
  }
  finding.provenance = std::make_shared<Provenance>(Provenance{row.kind, row.path});
  finding.facts = row.facts;
  finding.location = {120, 56, row.line, row.utf16_column, row.utf16_column};
  finding.context = row.context;
  finding.snippet = row.snippet;
  finding.line_hash = row.line_hash;
  return finding;
}

// A comment of a ticket in an export.
inline Record jira_comment(const std::string& id) {
  return RecordFields{.system = "jira",
                      .container = "PAY",
                      .id = "PAY-118#comment-" + id,
                      .author = "Dana",
                      .time = "2025-11-02T08:00:00Z",
                      .link = "https://contoso.example.org/browse/PAY-118?focusedCommentId=" + id};
}

inline Finding comment(const std::string& path, const std::string& id = "10044") {
  Finding finding = make_finding({.path = path});
  finding.record = std::make_shared<Record>(jira_comment(id));
  return finding;
}

inline std::shared_ptr<const BlobFacts> facts(uint64_t length, char digit) {
  return std::make_shared<BlobFacts>(BlobFacts{length, std::string(64, digit)});
}

// A whole log, checked to be one line-broken document of ASCII.
inline std::string write(const std::vector<Finding>& findings,
                         const std::vector<Diagnostic>& diagnostics = {}, bool interrupted = false,
                         ReportOptions options = {}) {
  const auto report = make_sarif_report(rules(), options);
  std::string out;
  report->begin(out);
  for (const Finding& finding : findings) report->finding(finding, out);
  for (const Diagnostic& diagnostic : diagnostics) report->diagnostic(diagnostic, out);
  ScanSummary summary;
  summary.findings = findings.size();
  for (const Finding& finding : findings) summary.suppressed += finding.suppression ? 1 : 0;
  summary.failing = summary.findings - summary.suppressed;
  summary.diagnostics = diagnostics.size();
  for (const Diagnostic& diagnostic : diagnostics) summary.accepted += diagnostic.accepted ? 1 : 0;
  summary.interrupted = interrupted;
  report->finish(summary, out);
  for (const char c : out) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << int{c};
  return out;
}

inline json run_of(const std::string& log) { return json::parse(log)["runs"][0]; }

}  // namespace assay
