// One fixed set of findings for the goldens of all formats: several keys, one of them at several
// places, each confidence, a path that wants to be more than a path, and what was not scanned.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/format.h"
#include "rules/keys/c3id.h"
#include "rules/keys/mint.h"

namespace assay {

inline Rule sample_rule(std::string id, std::string kind, Confidence confidence, std::string title,
                        Level level, double rank) {
  Rule rule;
  rule.id = std::move(id);
  rule.name = "Sample";
  rule.family = "azure-functions";
  rule.kind = std::move(kind);
  rule.confidence = confidence;
  rule.title = std::move(title);
  rule.description = "A rule of the tests.";
  rule.impact = "Call the functions of the app.";
  rule.help_uri = "https://example.org/rules";
  rule.level = level;
  rule.security_severity = "8.0";
  rule.rank = rank;
  rule.precision = "high";
  rule.rotation_summary = "Renew the key, then move its callers.";
  rule.rotation = {
      {Scope::unknown,
       {"Find the app: az functionapp list --query \"[].{name:name, group:resourceGroup}\"",
        "Renew the key of app {app}{slot}."}},
      {Scope::app,
       {"az functionapp keys set -g {group} -n {app}{slot} --key-type masterKey --key-name _master",
        "Move the callers that used the old value."}},
      {Scope::function,
       {"az functionapp function keys list -g {group} -n {app}{slot} --function-name {function}",
        "az functionapp function keys set -g {group} -n {app}{slot} --function-name {function} "
        "--key-name {key_name}"}},
  };
  return rule;
}

inline const RuleSet& sample_rules() {
  static const RuleSet rules({
      sample_rule("AZF1001", "master", Confidence::verified, "Azure Functions master key",
                  Level::error, 95),
      sample_rule("AZF1002", "function", Confidence::verified,
                  "Azure Functions function or host key", Level::error, 80),
      sample_rule("AZF1004", "unknown", Confidence::signature,
                  "Azure Functions key, checksum does not hold", Level::warning, 40),
      sample_rule("AZF1005", "unknown", Confidence::context, "Azure Functions key by context only",
                  Level::note, 30),
  });
  return rules;
}

using ContextNames = std::vector<std::pair<std::string KeyContext::*, std::string>>;

inline KeyContext context_of(Scope scope, const ContextNames& names) {
  KeyContext context;
  context.scope = scope;
  for (const auto& [member, value] : names) context.*member = value;
  return context;
}

// A key made from `seed`: the same seed is the same key. `what` is a placeholder of mint.h.
inline Finding sample_finding(std::string_view rule, std::string_view what, uint64_t seed,
                              std::string path, uint64_t line) {
  SeededRandom random(seed);
  Finding finding;
  finding.rule = sample_rules().find(rule);
  finding.secret = Secret(fill_placeholders(what, random));
  const auto info = identify(finding.secret.reveal());
  finding.kind = info ? info->kind : "unknown";
  finding.confidence = info ? info->confidence : Confidence::context;
  finding.redacted = finding.secret.redacted(info ? info->family->signature : "");
  if (info) finding.fingerprint = info->fingerprint();
  auto provenance = std::make_shared<Provenance>();
  provenance->path = std::move(path);
  finding.provenance = provenance;
  const uint64_t length = finding.secret.size();
  finding.location = {line * 100 + 8, length, line, 9, 9};
  finding.snippet = {"url=?code=", std::string(length, '*'), " 200"};
  return finding;
}

// A path with a line break and a workflow command, a terminal command, an Azure Pipelines command,
// a byte that is no UTF-8, a direction override, and markdown.
inline constexpr std::string_view kHostilePath =
    "a\n::stop-commands::x/\x1b[2J##vso[task.complete]/\xff/\xe2\x80\xae/50%,`x`<b>[l](h)";

inline Record sample_record() {
  return {"slack",
          "incidents",
          "1762070400.000100",
          "dana",
          "2025-11-02T08:00:00Z",
          "https://contoso.slack.com/archives/C1/p1762070400000100",
          ""};
}

// In a message of a chat that was exported into an archive.
inline Finding sample_message() {
  Finding finding =
      sample_finding("AZF1002", "{key:function}", 1, "export.zip!/incidents/2025-11-02.json", 1);
  finding.encoding = {"zip", "json-escape"};
  finding.record = std::make_shared<Record>(sample_record());
  return finding;
}

inline std::vector<Finding> sample_findings() {
  std::vector<Finding> all;
  Finding function = sample_finding("AZF1002", "{key:function}", 1, "logs/web/app.log", 12);
  all.push_back(function);  // a place that tells little
  function.location.line = 40;
  function.encoding = {"percent"};
  function.context =
      context_of(Scope::function, {{&KeyContext::host, "contoso-orders-staging.azurewebsites.net"},
                                   {&KeyContext::app, "contoso-orders"},
                                   {&KeyContext::slot, "staging"},
                                   {&KeyContext::function, "Refund"},
                                   {&KeyContext::key_name, "default"},
                                   {&KeyContext::carrier, "query"}});
  all.push_back(function);

  Finding damaged = sample_finding("AZF1004", "{broken:function}", 2, "notes/old keys.txt", 3);
  all.push_back(damaged);

  Finding guessed = sample_finding("AZF1005", "{plain:56}", 3, "src/client.env", 2);
  guessed.context = context_of(
      Scope::unknown, {{&KeyContext::carrier, "setting"}, {&KeyContext::store, "FUNCTION_KEY"}});
  all.push_back(guessed);
  guessed.location.line = 7;
  all.push_back(guessed);

  Finding master = sample_finding("AZF1001", "{key:master}", 4, std::string(kHostilePath), 1);
  master.context = context_of(Scope::app, {{&KeyContext::app, "contoso-orders"},
                                           {&KeyContext::carrier, "header"},
                                           {&KeyContext::resource_group, "rg orders"}});
  all.push_back(master);
  Finding piped = sample_finding("AZF1001", "{key:master}", 4, "-", 99);
  auto stream = std::make_shared<Provenance>(*piped.provenance);
  stream->kind = Provenance::Kind::stream;
  piped.provenance = stream;
  all.push_back(piped);
  all.push_back(sample_message());
  return all;
}

inline std::vector<Diagnostic> sample_diagnostics() {
  return {
      {Diagnostic::Kind::unreadable, "secrets/host.json", "permission denied",
       "Run it as a user who may read the file."},
      {Diagnostic::Kind::changed, std::string(kHostilePath), "it changed while it was read", ""},
  };
}

// Ids whose digits tell which they are.
inline std::string sample_id(char digit) { return std::string(40, digit); }

inline GitFacts sample_history() {
  GitFacts git;
  git.object = "blob";
  git.blob = sample_id('b');
  git.commit = sample_id('c');
  git.path = "app/settings.json";
  git.author = "Dana Contoso <dana@example.org>";
  git.committer = "Merge Bot <bot@example.org>";
  git.time = "2025-11-02T08:00:00Z";
  git.subject = "Add settings";
  git.introduced_by = sample_id('1');
  git.present_at_head = true;
  git.occurrences = 2;
  git.branches = {"main"};
  git.branch_count = 1;
  return git;
}

inline Finding with_history(Finding finding, GitFacts git) {
  auto provenance = std::make_shared<Provenance>(*finding.provenance);
  provenance->path = git.path;
  finding.provenance = provenance;
  finding.git = std::make_shared<GitFacts>(std::move(git));
  return finding;
}

// Of one repository: at HEAD; removed, with names from strangers; staged; in a commit's message; in
// a file's name; in an object that no commit holds; in a tag that a branch once had.
inline std::vector<Finding> sample_git_findings() {
  const Finding master = sample_finding("AZF1001", "{key:master}", 4, "", 12);
  const Finding function = sample_finding("AZF1002", "{key:function}", 1, "", 3);
  const Finding other = sample_finding("AZF1002", "{key:function}", 7, "", 5);
  std::vector<Finding> all;
  GitFacts git = sample_history();
  all.push_back(with_history(master, git));

  git.path = kHostilePath;
  git.author = "Dana \xff <dana@example.org>";
  git.subject = "a\n::error::b";
  git.present_at_head = false;
  git.removed_by = sample_id('2');
  git.branches = {"main", "origin/main"};
  git.tags = {"v1.0", "v1.1"};
  git.branch_count = 2;
  git.tag_count = 4;
  all.push_back(with_history(master, git));

  GitFacts staged;
  staged.object = "blob";
  staged.blob = sample_id('d');
  staged.path = "src/client.env";
  staged.staged = true;
  staged.occurrences = 1;
  all.push_back(with_history(function, staged));

  git = sample_history();
  git.object = "commit";
  git.path = ".git/commits";
  git.blob = git.commit = git.introduced_by;
  git.present_at_head = false;
  all.push_back(with_history(other, git));

  git = sample_history();
  git.object = "tree";
  git.blob.clear();
  git.path = "keys/" + master.redacted + ".txt";
  all.push_back(with_history(master, git));

  GitFacts lost;
  lost.object = "blob";
  lost.blob = sample_id('e');
  lost.path = ".git/objects";
  all.push_back(with_history(master, lost));

  GitFacts tag;
  tag.object = "tag";
  tag.blob = sample_id('f');
  tag.path = ".git/tags";
  tag.author = "Dana Contoso <dana@example.org>";
  tag.time = "2025-11-03T08:00:00Z";
  tag.subject = "Release 2";
  tag.tags = {"v2.0"};
  tag.tag_count = 1;
  all.push_back(with_history(other, tag));
  return all;
}

inline RepositoryFacts sample_repository() {
  return {"https://dana:pw@example.org/contoso/orders.git", sample_id('9'), "main",
          "assay/git-history/"};
}

inline std::vector<Diagnostic> sample_gaps() {
  return {{Diagnostic::Kind::skipped, "media/film.bin", "its content is in LFS", "", true}};
}

inline std::unique_ptr<Report> sample_report(std::string_view format, ReportOptions options = {}) {
  return find_format(format)->make(sample_rules(), options);
}

inline std::string write_report(std::string_view format, const ReportOptions& options,
                                const std::vector<Finding>& findings,
                                const std::vector<Diagnostic>& diagnostics = {}) {
  const auto report = sample_report(format, options);
  std::string out;
  report->begin(out);
  for (const Finding& finding : findings) report->finding(finding, out);
  for (const Diagnostic& diagnostic : diagnostics) report->diagnostic(diagnostic, out);
  ScanSummary summary{.blobs = 12,
                      .bytes = 1'234'567,
                      .findings = findings.size(),
                      .failing = findings.size(),
                      .diagnostics = diagnostics.size()};
  for (const Diagnostic& diagnostic : diagnostics) summary.accepted += diagnostic.accepted ? 1 : 0;
  for (const Finding& finding : findings) summary.suppressed += finding.suppression ? 1 : 0;
  summary.failing -= summary.suppressed;
  if (options.repository) summary.unit = "object";
  report->finish(summary, out);
  return out;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Compares with tests/golden/NAME, or writes it when ASSAY_REWRITE_GOLDEN=1 is set.
inline void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(ASSAY_GOLDEN) + "/" + name;
  const char* const rewrite = std::getenv("ASSAY_REWRITE_GOLDEN");
  if (rewrite != nullptr && std::string_view(rewrite) == "1") {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << name << " is missing: write it with ASSAY_REWRITE_GOLDEN=1";
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_TRUE(text == golden.str()) << name << ": write it with ASSAY_REWRITE_GOLDEN=1, and look";
}

}  // namespace assay
