// What readers of SARIF need, checked on whole logs: GitHub, Azure DevOps, DefectDojo and the
// viewers each refuse or misread something that the schema allows. .ci/sarif-gate checks the golden
// logs with Microsoft's validator and the schema.
//
// ASSAY_REWRITE_GOLDEN=1 writes the golden logs anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/reports/sarif_log.h"

namespace assay {
namespace {

using nlohmann::json;

json region_of(const json& result) { return result["locations"][0]["physicalLocation"]["region"]; }

// What a reader makes of a message string and its arguments.
std::string filled(std::string text, const json& arguments) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string placeholder = "{" + std::to_string(i) + "}";
    const size_t at = text.find(placeholder);
    EXPECT_NE(at, std::string::npos) << placeholder << " is not used";
    std::string doubled;
    for (const char c : arguments[i].get<std::string>()) {
      doubled += std::string(c == '{' || c == '}' ? 2 : 1, c);
    }
    text.replace(at, placeholder.size(), doubled);
  }
  return text;
}

void expect_message_string(const std::string& text) {
  EXPECT_TRUE(text.ends_with('.')) << text;
  size_t count = 0;
  for (size_t at = text.find("'{"); at != std::string::npos; at = text.find("'{", at + 1)) {
    EXPECT_EQ(text.substr(at, 5), "'{" + std::to_string(count++) + "}'") << text;
  }
  EXPECT_EQ(static_cast<size_t>(std::count(text.begin(), text.end(), '{')), count) << text;
  EXPECT_GE(count, 1u) << text;
  EXPECT_LE(count, 5u) << "DefectDojo fills in none of six: " << text;
}

TEST(SarifReport, AllRulesStandInACleanLog) {
  const json run = run_of(write({}));
  EXPECT_EQ(run["results"], json::array());
  const json& driver = run["tool"]["driver"];
  ASSERT_EQ(driver["rules"].size(), rules().rules().size());
  for (size_t i = 0; i < rules().rules().size(); ++i) {
    const json& rule = driver["rules"][i];
    EXPECT_EQ(rule["id"], rules().rules()[i].id);
    EXPECT_EQ(rule["name"], rules().rules()[i].name);
    expect_message_string(rule["messageStrings"]["default"]["text"]);
    EXPECT_TRUE(rule["properties"]["security-severity"].is_string());
    const auto tags = rule["properties"]["tags"].get<std::vector<std::string>>();
    EXPECT_TRUE(std::is_sorted(tags.begin(), tags.end()) && tags.size() <= 10);
    EXPECT_EQ(std::count(tags.begin(), tags.end(), "security"), 1) << "GitHub shows no severity";
    EXPECT_EQ(rule["relationships"].back()["target"]["id"], "CWE-798") << "DefectDojo's CWE";
    for (const json& relationship : rule["relationships"]) {
      const json& taxon = run["taxonomies"][0]["taxa"][relationship["target"]["index"].get<int>()];
      EXPECT_EQ(taxon["id"], relationship["target"]["id"]);
    }
    const auto markdown = rule["help"]["markdown"].get<std::string>();
    EXPECT_NE(markdown.find("`az functionapp keys set -g RESOURCE_GROUP -n APP`"),
              std::string::npos);
    EXPECT_NE(markdown.find("\\<b\\>No HTML"), std::string::npos) << markdown;
  }
  for (const json& descriptor : driver["notifications"]) {
    for (const json& text : descriptor["messageStrings"]) expect_message_string(text["text"]);
  }
}

TEST(SarifReport, AResultHasWhatEachReaderNeeds) {
  KeyContext context;
  context.host = "contoso-orders-staging.azurewebsites.net";
  context.app = "contoso-orders";
  context.slot = "staging";
  context.scope = Scope::app;
  const std::pair<std::string, std::string> rows[] = {
      {"AZF1001",
       "az functionapp keys set -g RESOURCE_GROUP -n contoso-orders --slot staging "
       "--key-type masterKey --key-name _master"},
      {"AZF1002",
       "az functionapp keys set -g RESOURCE_GROUP -n contoso-orders --slot staging "
       "--key-type functionKeys --key-name KEY_NAME-next"},
      {"AZF1005", "az functionapp"},
  };
  for (const auto& [id, command] : rows) {
    const json run = run_of(write({make_finding({.rule = id, .context = context})}));
    ASSERT_EQ(run["results"].size(), 1u);
    const json& result = run["results"][0];
    const json& rule = run["tool"]["driver"]["rules"][result["ruleIndex"].get<size_t>()];
    EXPECT_EQ(result["ruleId"], id);
    EXPECT_EQ(rule["id"], id);
    EXPECT_EQ(result["kind"], "fail") << "DefectDojo drops all others";
    EXPECT_EQ(result["level"], rule["defaultConfiguration"]["level"]);
    EXPECT_EQ(result["rank"], rule["defaultConfiguration"]["rank"]);
    EXPECT_EQ(result["message"]["text"],
              filled(rule["messageStrings"]["default"]["text"], result["message"]["arguments"]));
    ASSERT_EQ(result["locations"].size(), 1u);
    EXPECT_EQ(region_of(result).size(), 5u) << "four numbers, the snippet, and no byteOffset";
    size_t joined = 0;
    for (const auto& [name, value] : result["partialFingerprints"].items()) {
      const size_t slash = name.find('/');
      EXPECT_TRUE(slash == std::string::npos || name.substr(slash) == "/v1") << name;
      joined += value.get<std::string>().size();
    }
    EXPECT_LT(joined, 500u);
    EXPECT_EQ(result["partialFingerprints"].contains("secretHash/v1"), id != "AZF1005");
    const json& properties = result["properties"];
    EXPECT_EQ(properties["app"], "contoso-orders");
    EXPECT_EQ(properties["scope"], "app");
    EXPECT_FALSE(properties.contains("function")) << "absent facts are left out";
    const std::string first = properties["rotation"]["steps"][0];
    EXPECT_EQ(first.find(command), 0u) << first;
  }
}

TEST(SarifReport, RegionsCountUtf16UnitsOfTheMaskedLine) {
  struct Case {
    std::string promise;
    uint64_t column;
    Snippet snippet;
    std::vector<uint64_t> region;
    std::vector<uint64_t> context;  // empty: there is none
  };
  const std::string stars(56, '*');
  const std::vector<Case> cases = {
      {"text around it", 7, {"code=\"", stars, "\""}, {7, 63}, {1, 64}},
      {"nothing around it: no context", 1, {"", stars, ""}, {1, 57}, {}},
      {"a piece of a long line", 5000, {"k=", stars, ";x"}, {5000, 5056}, {4998, 5058}},
      {"two units for an emoji",
       5,
       {"\xF0\x9F\x98\x80\xC3\xA9=", stars, "\xE2\x82\xAC"},
       {5, 61},
       {1, 62}},
      {"written longer than the key", 3, {"k=", std::string(60, '*'), ""}, {3, 63}, {1, 63}},
      {"no snippet: the length of the key", 9, {"", "", ""}, {9, 65}, {}},
      {"more text before it than columns: no context", 2, {"abc", stars, ""}, {2, 58}, {}},
  };
  for (const Case& row : cases) {
    const json result = run_of(
        write({make_finding({.utf16_column = row.column, .snippet = row.snippet})}))["results"][0];
    const json& place = result["locations"][0]["physicalLocation"];
    const auto columns = [](const json& region) {
      EXPECT_EQ(region["startLine"], region["endLine"]);
      return std::vector<uint64_t>{region["startColumn"], region["endColumn"]};
    };
    EXPECT_EQ(columns(place["region"]), row.region) << row.promise;
    EXPECT_EQ(place["region"].contains("snippet"), !row.snippet.masked.empty()) << row.promise;
    ASSERT_EQ(place.contains("contextRegion"), !row.context.empty()) << row.promise;
    if (row.context.empty()) continue;
    EXPECT_EQ(columns(place["contextRegion"]), row.context) << row.promise;
    EXPECT_EQ(place["contextRegion"]["snippet"]["text"],
              row.snippet.before + row.snippet.masked + row.snippet.after);
    EXPECT_EQ(result["properties"]["byteOffset"], 120);
  }
}

TEST(SarifReport, TwoKeysOfOneRuleOnOneLineStayTwoAlerts) {
  const std::vector<std::pair<Row, std::string>> rows = {
      {{.path = "a", .line = 1, .line_hash = "f:1"}, "f:1"},
      {{.path = "a", .line = 1, .line_hash = "f:1"}, "f:1/2"},
      {{.rule = "AZF1002", .path = "a", .line = 1, .line_hash = "f:1"}, "f:1"},
      {{.path = "a", .line = 1, .line_hash = "f:1"}, "f:1/3"},
      {{.path = "a", .line = 2, .line_hash = "f:2"}, "f:2"},
      {{.path = "b", .line = 2, .line_hash = "f:2"}, "f:2"},
      {{.path = "b", .line = 2, .line_hash = "f:2"}, "f:2/2"},
      {{.path = "b", .line = 3, .line_hash = ""}, ""},
  };
  std::vector<Finding> findings;
  for (const auto& [row, hash] : rows) findings.push_back(make_finding(row, findings.size()));
  const json results = run_of(write(findings))["results"];
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(results[i]["partialFingerprints"].value("primaryLocationLineHash", ""),
              rows[i].second)
        << "result " << i;
  }
}

TEST(SarifReport, FilesWithFindingsAreListedOnceWithTheFactsThatHold) {
  const json run = run_of(write({
      make_finding({.path = "a", .facts = facts(10, 'a')}),
      make_finding({.path = "b", .facts = facts(20, 'b')}),
      make_finding({.path = "a", .facts = facts(10, 'a')}),
      make_finding({.path = "stdin", .kind = Provenance::Kind::stream}),
      make_finding({.path = "b", .facts = facts(30, 'c')}),
  }));
  const json roles = json::array({"analysisTarget"});
  const auto at = [](const char* uri) { return json{{"uri", uri}, {"uriBaseId", "SRCROOT"}}; };
  EXPECT_EQ(run["artifacts"][0], (json{{"location", at("a")},
                                       {"length", 10},
                                       {"roles", roles},
                                       {"hashes", {{"sha-256", std::string(64, 'a')}}}}));
  EXPECT_EQ(run["artifacts"][1], (json{{"location", at("b")}, {"roles", roles}}))
      << "two files of one name: no facts";
  EXPECT_EQ(run["artifacts"][2], (json{{"location", at("stdin")}, {"roles", roles}}));
  EXPECT_EQ(run["artifacts"].size(), 3u);
  const std::vector<int> indexes = {0, 1, 0, 2, 1};
  for (size_t i = 0; i < indexes.size(); ++i) {
    EXPECT_EQ(run["results"][i]["locations"][0]["physicalLocation"]["artifactLocation"]["index"],
              indexes[i]);
  }
}

TEST(SarifReport, TheInvocationTellsAScanThatFailedFromOneThatFoundOrSkipped) {
  const Diagnostic unreadable = {Diagnostic::Kind::unreadable, "a", "permission denied", ""};
  const Diagnostic stopped = {Diagnostic::Kind::interrupted, "", "stopped by a signal", ""};
  struct Case {
    size_t findings;
    std::vector<Diagnostic> diagnostics;
    bool interrupted;
    bool successful;
    int exit_code;
    std::vector<std::string> levels;
  };
  const std::vector<Case> cases = {
      {0, {}, false, true, 0, {}},
      {1, {}, false, true, 1, {}},
      {1, {unreadable}, false, true, 2, {"warning"}},
      {0, {unreadable, unreadable}, false, true, 2, {"warning", "warning"}},
      {1, {}, true, false, 2, {"error"}},
      {0, {unreadable, stopped}, true, false, 2, {"warning", "error"}},
      {0, {stopped}, false, false, 2, {"error"}},
  };
  for (const Case& row : cases) {
    const std::vector<Finding> findings(row.findings, make_finding({}));
    const json invocation =
        run_of(write(findings, row.diagnostics, row.interrupted))["invocations"][0];
    const size_t number = static_cast<size_t>(&row - cases.data());
    EXPECT_EQ(invocation["executionSuccessful"], row.successful) << "row " << number;
    EXPECT_EQ(invocation["exitCode"], row.exit_code) << "row " << number;
    std::vector<std::string> levels;
    for (const json& one : invocation["toolExecutionNotifications"]) levels.push_back(one["level"]);
    EXPECT_EQ(levels, row.levels) << "row " << number;
  }
}

TEST(SarifReport, NotificationsFitTheirDescriptors) {
  for (int kind = 0; kind < 5; ++kind) {
    for (const std::string& path : {std::string("a b/{0}[x](y)"), std::string()}) {
      for (const std::string& remedy : {std::string("Fetch it again."), std::string()}) {
        const json run = run_of(
            write({}, {{static_cast<Diagnostic::Kind>(kind), path, "it is cut short", remedy}}));
        const json& one = run["invocations"][0]["toolExecutionNotifications"][0];
        const json& descriptor =
            run["tool"]["driver"]["notifications"][one["descriptor"]["index"].get<size_t>()];
        EXPECT_EQ(descriptor["id"], one["descriptor"]["id"]);
        EXPECT_EQ(
            one["message"]["text"],
            filled(descriptor["messageStrings"][one["message"]["id"].get<std::string>()]["text"],
                   one["message"]["arguments"]));
        EXPECT_EQ(one.contains("locations"), !path.empty());
        if (path.empty()) {
          EXPECT_EQ(one["message"]["arguments"][0], "The input");
        }
      }
    }
  }
}

TEST(SarifReport, ALimitIsToldWithItsCount) {
  const std::vector<Finding> many(5001, make_finding({}));
  const json run = run_of(write(many));
  EXPECT_EQ(run["results"].size(), 5001u);
  const json& told = run["invocations"][0]["toolExecutionNotifications"];
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0]["descriptor"]["id"], "ASY9006");
  EXPECT_EQ(told[0]["message"]["arguments"][0], "5001");
  EXPECT_EQ(run["invocations"][0]["exitCode"], 1) << "it is no fault of the scan";

  std::vector<Diagnostic> skips(10'007, {Diagnostic::Kind::skipped, "a", "a socket", ""});
  skips.push_back({Diagnostic::Kind::interrupted, "", "stopped by a signal", ""});
  const json cut = run_of(write({}, skips));
  const json& kept = cut["invocations"][0]["toolExecutionNotifications"];
  ASSERT_EQ(kept.size(), 10'002u);
  EXPECT_EQ(kept[10'000]["level"], "error");
  EXPECT_EQ(kept[10'001]["message"]["arguments"], json::array({"7", "10000"}));
  EXPECT_EQ(cut["properties"]["truncated"], true);
}

TEST(SarifReport, NeverHoldsAKeyNotEvenToReveal) {
  const Finding finding = make_finding({});
  const std::string log = write({finding}, {}, false, {.reveal = true});
  EXPECT_EQ(log.find(finding.secret.reveal().substr(0, 20)), std::string::npos);
  EXPECT_EQ(log.find(finding.secret.reveal().substr(30)), std::string::npos);
}

TEST(SarifReport, HostileNamesMakeNoLinkNoPlaceholderAndNoBrokenDocument) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"[a](http://b)", "\\[a\\](http://b)"},          {"{0}", "{0}"},
      {"a\nb\x1b[2J", "a\\\\x0ab\\\\x1b\\[2J"},        {"\xFF\xC0", "\\\\xff\\\\xc0"},
      {"\xE2\x80\xAEgpj", "\\\\xe2\\\\x80\\\\xaegpj"}, {"\"}],", "\"}\\],"},
  };
  for (const auto& [bytes, argument] : rows) {
    KeyContext context;
    context.app = bytes;
    context.function = bytes;
    const std::string log =
        write({make_finding({.path = bytes, .snippet = {bytes, "*", bytes}, .context = context})},
              {{Diagnostic::Kind::limit, bytes, bytes, bytes}});
    const json run = run_of(log);
    const json& message = run["results"][0]["message"];
    EXPECT_EQ(message["arguments"][1], argument);
    EXPECT_EQ(message["arguments"][2], argument);
    EXPECT_EQ(message["text"],
              filled(run["tool"]["driver"]["rules"][0]["messageStrings"]["default"]["text"],
                     message["arguments"]));
    EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["arguments"][0],
              argument);
  }
  const std::string log =
      write({make_finding({.utf16_column = 20, .snippet = {"##vso[x]###", "*", "##[y]"}})});
  EXPECT_EQ(log.find("##vso"), std::string::npos) << "a build agent would run it";
  EXPECT_EQ(log.find("##["), std::string::npos);
  EXPECT_EQ(run_of(log)["results"][0]["locations"][0]["physicalLocation"]["contextRegion"]
                       ["snippet"]["text"],
            "##vso[x]###*##[y]");
}

TEST(SarifReport, OneRuleAndHashAtTwoVersionsOfAFileStayTwoAlerts) {
  const json results = run_of(write({
      make_finding({.path = "a", .line = 3, .line_hash = "f:1"}, 1),
      make_finding({.path = "a", .line = 5, .line_hash = "e:1"}, 2),
      make_finding({.path = "a", .line = 9, .line_hash = "f:1"}, 3),
  }))["results"];
  EXPECT_EQ(results[2]["partialFingerprints"]["primaryLocationLineHash"], "f:1/2");
}

TEST(SarifReport, ARepositoryIsNamedByItsAddressOnlyIfItHasOne) {
  const RepositoryFacts facts = {"https://x:y@example.org/contoso/orders.git", std::string(40, '9'),
                                 "ma\xffin", "assay/git/"};
  const json run = run_of(write({}, {}, false, {.repository = facts}));
  EXPECT_EQ(run["automationDetails"]["id"], "assay/git/");
  EXPECT_EQ(run["versionControlProvenance"],
            json::array({{{"repositoryUri", "https://example.org/contoso/orders.git"},
                          {"revisionId", std::string(40, '9')},
                          {"branch", "ma\xEF\xBF\xBDin"},
                          {"mappedTo", {{"uriBaseId", "SRCROOT"}}}}}));

  const json bare = run_of(write({}, {}, false, {.repository = {{"", "", "", "assay/git/"}}}));
  EXPECT_FALSE(bare.contains("versionControlProvenance")) << "the schema wants a uri";
  EXPECT_EQ(bare["automationDetails"]["id"], "assay/git/");
  EXPECT_EQ(run_of(write({}))["automationDetails"]["id"], "assay/files/");
}

// As git keeps them; no e-mail, no id in a uri.
GitFacts history_of(bool at_head) {
  GitFacts git;
  git.object = "blob";
  git.blob = std::string(40, 'b');
  git.commit = std::string(40, 'c');
  git.path = "src/ping.py";
  git.author = git.committer = "Dana <dana@example.org>";
  git.time = "2025-11-02T08:00:00Z";
  git.subject = "Add it";
  git.introduced_by = std::string(40, '1');
  if (!at_head) git.removed_by = std::string(40, '2');
  git.present_at_head = at_head;
  git.occurrences = 3;
  git.branches = {"main", "\xff"};
  git.branch_count = 2;
  return git;
}

TEST(SarifReport, HistoryStandsInThePropertiesWithoutPeople) {
  Finding finding = make_finding({});
  finding.git = std::make_shared<GitFacts>(history_of(false));
  const std::string log = write({finding});
  EXPECT_EQ(run_of(log)["results"][0]["properties"]["git"],
            (json{{"blob", std::string(40, 'b')},
                  {"branches", {"main", "\xEF\xBF\xBD"}},
                  {"commit", std::string(40, 'c')},
                  {"introducedCommit", std::string(40, '1')},
                  {"introducedTimeUtc", "2025-11-02T08:00:00Z"},
                  {"object", "blob"},
                  {"occurrences", 3},
                  {"presentAtHead", false},
                  {"removedCommit", std::string(40, '2')},
                  {"tags", json::array()}}));
  EXPECT_EQ(log.find("example.org>"), std::string::npos);
  EXPECT_EQ(log.find("Dana"), std::string::npos);
  GitFacts stash = history_of(false);
  stash.refs = {"refs/stash"};
  finding.git = std::make_shared<GitFacts>(stash);
  EXPECT_EQ(run_of(write({finding}))["results"][0]["properties"]["git"]["refs"],
            json::array({"refs/stash"}));
  stash = history_of(false);
  stash.refs_known = false;
  finding.git = std::make_shared<GitFacts>(stash);
  const json git = run_of(write({finding}))["results"][0]["properties"]["git"];
  EXPECT_FALSE(git.contains("branches") || git.contains("tags"));
}

TEST(SarifReport, AnAcceptedGapIsANoteAndTheRunComplete) {
  const Diagnostic gap = {Diagnostic::Kind::skipped, "a", "it is missing", "", true};
  const json invocation = run_of(write({}, {gap, gap}))["invocations"][0];
  EXPECT_EQ(invocation["exitCode"], 0);
  EXPECT_EQ(invocation["toolExecutionNotifications"][1]["level"], "note");
  const Diagnostic other = {Diagnostic::Kind::skipped, "a", "it is missing", ""};
  EXPECT_EQ(run_of(write({}, {gap, other}))["invocations"][0]["exitCode"], 2);
}

std::vector<Finding> git_findings() {
  std::vector<Finding> findings = {
      make_finding({.facts = facts(141, 'd')}, 1),
      make_finding({.line = 9, .line_hash = "b4bb5bcc47a4a9e0:1"}, 2),
      make_finding({.path = ".git/commits", .line = 1}, 3),
      make_finding({.path = ".git/objects", .line = 4}, 4),
  };
  findings[0].git = std::make_shared<GitFacts>(history_of(true));
  findings[1].git = std::make_shared<GitFacts>(history_of(false));
  GitFacts message = history_of(false);
  message.object = "commit";
  findings[2].git = std::make_shared<GitFacts>(message);
  GitFacts lost;
  lost.object = "blob";
  lost.blob = std::string(40, 'e');
  findings[3].git = std::make_shared<GitFacts>(lost);
  return findings;
}

std::vector<Finding> golden_findings() {
  KeyContext context;
  context.host = "contoso-orders-staging.azurewebsites.net";
  context.app = "contoso-orders";
  context.slot = "staging";
  context.function = "Refund";
  context.key_name = "default";
  context.carrier = "query";
  context.scope = Scope::app;
  std::vector<Finding> findings = {
      make_finding({.context = context, .facts = facts(141, 'd')}, 1),
      make_finding({.utf16_column = 80, .context = context, .facts = facts(141, 'd')}, 2),
      make_finding({.rule = "AZF1002", .path = "logs/a b:#[1]%?{0}\xFF\xC3\xA9.log", .line = 12},
                   3),
      make_finding({.rule = "AZF1005", .path = "c:/[x](y)", .snippet = {"", "****", ""}}, 4),
      make_finding({.path = "stdin", .line_hash = "", .kind = Provenance::Kind::stream}, 5),
  };
  findings[2].encoding = {"percent"};
  return findings;
}

// A comment of a ticket in an archive: only in the run of exports; and a setting in an archive.
std::vector<Finding> exported_findings() {
  std::vector<Finding> findings = {
      make_finding({.path = "jira 2025.zip!/PAY/issues.json", .facts = facts(99, 'e')}, 6),
      make_finding({.path = "dist/app.zip!/in/.env", .facts = facts(99, 'e')}, 7),
      make_finding({.path = "jira 2025.zip!/PAY/issues.json", .line = 3}, 8),
  };
  for (Finding& finding : findings) finding.encoding = {"zip", "json-escape"};
  findings[0].record = std::make_shared<Record>(jira_comment("10044"));
  findings[1].record = std::make_shared<Record>(
      RecordFields{.system = "env", .container = ".env", .id = "FUNCTION_KEY"});
  findings[2].record = std::make_shared<Record>(jira_comment("10045"));
  return findings;
}

TEST(SarifReport, WritesTheGoldenLogs) {
  const std::vector<Diagnostic> diagnostics = {
      {Diagnostic::Kind::unreadable, "logs/a b.gz", "permission denied", ""},
      {Diagnostic::Kind::skipped, "run/[x](y)", "it is a socket", ""},
      {Diagnostic::Kind::changed, "app.log", "it grew", "Scan again."},
      {Diagnostic::Kind::limit, "big.zip", "it holds more than 100 archives in archives", ""},
  };
  const std::vector<std::pair<std::string, std::string>> logs = {
      {"clean", write({})},
      {"findings", write(golden_findings())},
      {"diagnostics", write(golden_findings(), diagnostics)},
      {"git", write(git_findings(),
                    {{Diagnostic::Kind::skipped, "media/film.bin", "its content is in LFS",
                      "Fetch it with git lfs.", true}},
                    false,
                    {.repository = {{"git@example.org:contoso/orders.git", std::string(40, '9'),
                                     "main", "assay/git-history/"}}})},
      {"git_without_remote",
       write(git_findings(), {}, false, {.repository = {{"", "", "", "assay/git/"}}})},
      {"exports", write(exported_findings())},
      {"interrupted", write({make_finding({})}, diagnostics, true)},
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
