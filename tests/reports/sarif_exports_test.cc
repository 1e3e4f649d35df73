// What was found in exports and in archives, and how readers of SARIF get to it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "reports/sarif_places.h"
#include "reports/sarif_run.h"
#include "tests/reports/sarif_log.h"

namespace assay {
namespace {

TEST(SarifExports, ExportsHaveARunOfTheirOwn) {
  Finding committed = comment("jira.json");
  committed.git = std::make_shared<GitFacts>();
  Finding logged = make_finding({.path = "a.log"});
  logged.record = std::make_shared<Record>(RecordFields{.system = "iis", .container = "orders"});
  const json log = json::parse(
      write({make_finding({}), comment("jira.json"), committed, logged, comment("jira.json")}));
  ASSERT_EQ(log["runs"].size(), 2u);
  const json& first = log["runs"][0];
  const json& exports = log["runs"][1];
  EXPECT_EQ(first["results"].size(), 3u) << "what stands in a repository belongs to it";
  EXPECT_EQ(exports["results"].size(), 2u);
  EXPECT_EQ(first["automationDetails"]["id"], "assay/files/");
  EXPECT_EQ(exports["automationDetails"]["id"], "assay/exports/");
  EXPECT_EQ(exports["tool"], first["tool"]);
  EXPECT_EQ(exports["taxonomies"], first["taxonomies"]);
  EXPECT_EQ(exports["columnKind"], first["columnKind"]);
  EXPECT_FALSE(exports.contains("versionControlProvenance"));
  EXPECT_EQ(exports["artifacts"],
            json::array({{{"location", {{"uri", "jira.json"}, {"uriBaseId", "EXPORTROOT"}}},
                          {"roles", {"analysisTarget", "uncontrolled"}}}}));
  for (const json& run : log["runs"]) {
    EXPECT_EQ(run["invocations"][0]["executionSuccessful"], true);
    EXPECT_EQ(run["invocations"][0]["exitCode"], 1);
    for (const json& result : run["results"]) {
      const json& file = result["locations"][0]["physicalLocation"]["artifactLocation"];
      EXPECT_TRUE(run["originalUriBaseIds"].contains(file["uriBaseId"].get<std::string>()));
      EXPECT_EQ(run["artifacts"][file["index"].get<size_t>()]["location"]["uri"], file["uri"]);
    }
  }
  EXPECT_EQ(json::parse(write({make_finding({}), committed, logged}))["runs"].size(), 1u);
  const json alone = json::parse(write({comment("a")}))["runs"];
  EXPECT_EQ(alone[0]["results"], json::array());
  EXPECT_EQ(alone[0]["invocations"][0]["exitCode"], 1) << "the code of the process";
}

TEST(SarifExports, ARecordIsATreeOfLogicalLocationsThatResultsPointInto) {
  const std::string log = write({comment("a"), comment("a", "10045"), comment("b")});
  const json run = json::parse(log)["runs"][1];
  const auto level = [](const char* name, const char* full_name, const char* kind, int parent) {
    json out = {{"name", name}, {"fullyQualifiedName", full_name}, {"kind", kind}};
    if (parent >= 0) out["parentIndex"] = parent;
    return out;
  };
  EXPECT_EQ(
      run["logicalLocations"],
      json::array({level("jira", "jira", "system", -1), level("PAY", "jira/PAY", "project", 0),
                   level("PAY-118", "jira/PAY/PAY-118", "ticket", 1),
                   level("comment-10044", "jira/PAY/PAY-118/comment-10044", "comment", 2),
                   level("comment-10045", "jira/PAY/PAY-118/comment-10045", "comment", 2)}));
  const int indexes[] = {3, 4, 3};
  for (size_t i = 0; i < std::size(indexes); ++i) {
    const json& place = run["results"][i]["locations"][0];
    EXPECT_TRUE(place.contains("physicalLocation"));
    const size_t index = place["logicalLocations"][0]["index"].get<size_t>();
    EXPECT_EQ(index, indexes[i]);
    EXPECT_EQ(place["logicalLocations"][0]["fullyQualifiedName"],
              run["logicalLocations"][index]["fullyQualifiedName"]);
  }
  const json& result = run["results"][0];
  EXPECT_EQ(result["properties"]["record"], (json{{"container", "PAY"},
                                                  {"id", "PAY-118#comment-10044"},
                                                  {"link", jira_comment("10044").link},
                                                  {"system", "jira"},
                                                  {"timeUtc", "2025-11-02T08:00:00Z"}}));
  EXPECT_EQ(log.find("Dana"), std::string::npos) << "no person's name is uploaded";
  const char* const pointer = "/locations/0/physicalLocation/artifactLocation/properties/href";
  EXPECT_EQ(result[json::json_pointer(pointer)], jira_comment("10044").link);
  Finding hostile = comment("a");
  Record record = jira_comment("1");
  record.link = "javascript:alert(1)";
  hostile.record = std::make_shared<Record>(record);
  EXPECT_FALSE(
      json::parse(write({hostile}))["runs"][1]["results"][0].contains(json::json_pointer(pointer)));
  EXPECT_FALSE(run_of(write({make_finding({})})).contains("logicalLocations"));
}

TEST(SarifExports, RecordsBeyondTheLimitAreNamedWithoutANumber) {
  SarifLogicalLocations places;
  Finding finding = make_finding({.path = "a"});
  const auto name = [&](size_t number) {
    finding.record = std::make_shared<Record>(
        RecordFields{.system = "iis", .container = "orders", .id = std::to_string(number)});
    return json::parse(places.of(finding).dump());
  };
  constexpr size_t kMost = SarifLogicalLocations::kMost;
  for (size_t i = 2; i + 1 < kMost; ++i) name(i);
  EXPECT_EQ(name(kMost - 1),
            (json{{{"index", kMost - 1}, {"fullyQualifiedName", "iis/orders/19999"}}}));
  EXPECT_EQ(
      name(kMost),
      (json{{{"fullyQualifiedName", "iis/orders/20000"}, {"name", "20000"}, {"kind", "request"}}}));
  EXPECT_EQ(name(2), (json{{{"index", 2}, {"fullyQualifiedName", "iis/orders/2"}}}));
  std::string out;
  places.append(out);
  EXPECT_EQ(json::parse(out).size(), kMost);
}

TEST(SarifExports, AMemberIsNamedBesideItsArchive) {
  const auto in = [](const std::string& path, std::vector<std::string_view> encoding) {
    Finding finding = make_finding({.path = path, .facts = facts(10, 'a')});
    finding.encoding = std::move(encoding);
    return finding;
  };
  const json run = run_of(write({
      in("d/a b.zip!/in/x.txt", {"zip"}),
      in("d/a b.zip!/c.tgz!/../../../e", {"zip", "gzip", "tar", "percent"}),
      in("d/a.log.gz", {"gzip"}),
      in("d!/plain", {"percent"}),
      in("d/a b.zip", {"utf-16le"}),
  }));
  const struct {
    std::string uri;
    int index;
    json logical;
  } rows[] = {
      {"d/a%20b.zip!/in/x.txt",
       -1,
       {{{"fullyQualifiedName", "d/a b.zip!/in/x.txt"},
         {"name", "x.txt"},
         {"kind", "archiveEntry"}}}},
      {"d/a%20b.zip!/c.tgz!/e",
       -1,
       {{{"fullyQualifiedName", "d/a b.zip!/c.tgz!/../../../e"},
         {"name", "e"},
         {"kind", "archiveEntry"}}}},
      {"d/a.log.gz", 1, nullptr},
      {"d!/plain", 2, nullptr},
      {"d/a%20b.zip", 0, nullptr},
  };
  for (size_t i = 0; i < std::size(rows); ++i) {
    SCOPED_TRACE(rows[i].uri);
    const json& place = run["results"][i]["locations"][0];
    const json& file = place["physicalLocation"]["artifactLocation"];
    EXPECT_EQ(file["uri"], rows[i].uri);
    EXPECT_EQ(file.value("index", -1), rows[i].index);
    EXPECT_EQ(place.value("logicalLocations", json()), rows[i].logical);
    EXPECT_EQ(place["physicalLocation"]["region"]["startLine"], 2);
  }
  ASSERT_EQ(run["artifacts"].size(), 3u);
  EXPECT_EQ(run["artifacts"][0]["length"], 10) << "it was scanned as a file too";
  EXPECT_FALSE(run["artifacts"][1].contains("length")) << "facts of what it holds";
  EXPECT_EQ(run["artifacts"][2]["hashes"]["sha-256"], std::string(64, 'a'));
}

TEST(SarifExports, ARegionEndsOnItsLineWhateverTheDisguise) {
  const struct {
    std::vector<std::string_view> encoding;
    std::string masked;
    uint64_t end;
  } rows[] = {
      {{}, "", 63},
      {{"zip"}, "", 63},
      {{"zip", "line-wrap"}, "", 8},
      {{"base64"}, "", 8},
      {{"percent"}, std::string(58, '*'), 65},
  };
  for (const auto& row : rows) {
    Finding finding = make_finding({.path = "a", .snippet = {"", row.masked, ""}});
    finding.encoding = row.encoding;
    const json region =
        run_of(write({finding}))["results"][0]["locations"][0]["physicalLocation"]["region"];
    EXPECT_EQ(region["startColumn"], 7);
    EXPECT_EQ(region["endColumn"], row.end);
    EXPECT_EQ(region["endLine"], region["startLine"]);
  }
}

TEST(SarifExports, ResultsOfExportsThatCannotBeKeptAreTold) {
  constexpr size_t kMostHeld = 20'000;
  const Finding finding = comment("jira.json");
  const auto report = make_sarif_report(rules(), {}, SarifLimits{.held = kMostHeld});
  std::string out;
  report->begin(out);
  const size_t begun = out.size();
  constexpr uint64_t kGiven = 100;
  for (uint64_t i = 0; i < kGiven; ++i) report->finding(finding, out);
  EXPECT_EQ(out.size(), begun) << "nothing of it may come into the first run";
  report->finish({.findings = kGiven}, out);
  EXPECT_LT(out.size(), 2 * begun + kMostHeld + 5'000);
  const json log = json::parse(out);
  const json& invocation = log["runs"][1]["invocations"][0];
  const uint64_t kept = log["runs"][1]["results"].size();
  EXPECT_GT(kept, 5u);
  ASSERT_LT(kept, kGiven);
  EXPECT_EQ(report->left_out(), kGiven - kept);
  EXPECT_EQ(invocation["executionSuccessful"], false);
  EXPECT_EQ(invocation["exitCode"], 2);
  const json& told = invocation["toolExecutionNotifications"][0];
  EXPECT_EQ(told["descriptor"]["id"], "ASY9008");
  EXPECT_EQ(told["message"]["arguments"],
            json::array({std::to_string(kGiven - kept), std::to_string(kept)}));
  EXPECT_EQ(log["runs"][1]["properties"]["truncated"], true);
  EXPECT_EQ(log["runs"][0]["invocations"][0]["executionSuccessful"], true);
  EXPECT_EQ(log["runs"][0]["invocations"][0]["exitCode"], 2);
}

}  // namespace
}  // namespace assay
