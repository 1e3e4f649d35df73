// The JSON form tells all places, with the fields of docs/report.md.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/reports/incident_hostile.h"

namespace assay {
namespace {

using Json = nlohmann::ordered_json;
using Names = std::vector<std::string>;

Names names_in(const Json& object) {
  Names names;
  for (const auto& item : object.items()) names.push_back(item.key());
  return names;
}

TEST(IncidentJson, FieldsOfTheContract) {
  std::vector<FindingsFile> reports;
  std::vector<Finding> findings = sample_findings();
  for (const Finding& finding : sample_git_findings()) findings.push_back(finding);
  reports.push_back(parse_findings(write_report("jsonl", {}, findings, sample_diagnostics()),
                                   "a.jsonl", sample_rules()));
  const Json record = Json::parse(write_record(write_incident_json, reports, "Leak"));
  EXPECT_EQ(names_in(record), (Names{"incident", "reports", "keys"}));
  EXPECT_EQ(names_in(record["incident"]),
            (Names{"title", "headline", "keys", "places", "owners", "complete", "problems"}));
  EXPECT_EQ(record["incident"]["complete"], false);
  EXPECT_EQ(record["incident"]["keys"], record["keys"].size());
  size_t places = 0;
  for (const Json& key : record["keys"]) {
    places += key["places"].size();
    EXPECT_EQ(names_in(key["change_record"]),
              (Names{"subscription", "function_app", "function_name", "slot", "key_name", "caller",
                     "timestamp", "rollback_action"}));
    EXPECT_TRUE(key["change_record"]["timestamp"].is_null());
    for (const Json& place : key["places"]) EXPECT_EQ(place["reports"], Json{0});
  }
  EXPECT_EQ(places, findings.size());
  EXPECT_EQ(record["incident"]["places"], places);
  const Json& key = record["keys"][0];
  EXPECT_EQ(key["rule_id"], "AZF1001");
  EXPECT_EQ(key["impact"], "Call the functions of the app.");
  EXPECT_EQ(names_in(key["timeline"]),
            (Names{"first_seen", "last_seen", "introduced", "removed", "places_with_time",
                   "places_at_head", "places_in_input"}));
  EXPECT_EQ(record["reports"][0]["not_scanned"].size(), 2u);
  EXPECT_EQ(record["reports"][0]["complete"], false);
  EXPECT_EQ(record["reports"][0]["tool"], "assay 0.1.0");
}

TEST(IncidentJson, AllPlacesAreTold) {
  std::vector<Finding> findings;
  for (uint64_t i = 1; i <= kShownPlaces + 300; ++i) {
    findings.push_back(sample_finding("AZF1002", "{key:function}", 1, "a.log", i));
  }
  std::vector<FindingsFile> reports;
  reports.push_back(parse_findings(write_report("jsonl", {}, findings), "a", sample_rules()));
  const Json record = Json::parse(write_record(write_incident_json, reports));
  EXPECT_EQ(record["keys"][0]["places"].size(), findings.size());
}

TEST(IncidentJson, NamesComeBackAsTheyWere) {
  for (const std::string& name : hostile_names()) {
    SCOPED_TRACE(name.substr(0, 60));
    const std::string text = write_hostile(write_incident_json, name);
    ASSERT_TRUE(Json::accept(text));
    const Json record = Json::parse(text);
    EXPECT_EQ(record["incident"]["title"], name);
    EXPECT_EQ(record["keys"][0]["places"][0]["path"], name);
    EXPECT_EQ(record["keys"][0]["places"][0]["record"]["author"], name);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
  }
}

TEST(IncidentJson, NothingFoundIsARecordToo) {
  std::vector<FindingsFile> reports;
  reports.push_back(parse_findings(write_report("jsonl", {}, {}), "a.jsonl", sample_rules()));
  const Json record = Json::parse(write_record(write_incident_json, reports));
  EXPECT_EQ(record["incident"]["headline"], "No key.");
  EXPECT_EQ(record["keys"], Json::array());
}

}  // namespace
}  // namespace assay
