// Findings of several reports become keys, each with all of its places.
#include "response/incident.h"

#include "tests/reports/sample_findings.h"

namespace assay {
namespace {

FindingsFile file_of(const std::vector<Finding>& findings, std::string name = "a.jsonl") {
  return parse_findings(write_report("jsonl", {}, findings), name, sample_rules());
}

Finding function_key(std::string path, uint64_t line) {
  return sample_finding("AZF1002", "{key:function}", 1, std::move(path), line);
}

TEST(Incident, OneFingerprintIsOneKeyWithAllItsPlaces) {
  const std::vector<FindingsFile> reports = [] {
    std::vector<FindingsFile> out;
    out.push_back(file_of({function_key("b.log", 7), function_key("a.log", 3)}));
    out.push_back(file_of({function_key("b.log", 7), function_key("b.log", 2),
                           sample_finding("AZF1001", "{key:master}", 4, "c", 1)},
                          "b.jsonl"));
    return out;
  }();
  const Incident incident = merge_findings(reports, {});
  ASSERT_EQ(incident.keys.size(), 2u);
  EXPECT_EQ(incident.places, 4u);
  EXPECT_EQ(incident.owners, 0u);
  EXPECT_TRUE(incident.problems.empty());
  EXPECT_EQ(incident.keys[0].rule_id, "AZF1001") << "the worst first";
  const IncidentKey& key = incident.keys[1];
  EXPECT_EQ(key.fingerprint, function_key("", 1).fingerprint);
  ASSERT_EQ(key.places.size(), 3u);
  const auto path = [&](size_t i) { return key.places[i].told->finding.provenance->path; };
  EXPECT_EQ(path(0), "a.log");
  EXPECT_EQ(path(1), "b.log");
  EXPECT_EQ(key.places[1].told->finding.location.line, 2u);
  EXPECT_EQ(key.places[2].reports, (std::vector<size_t>{0, 1})) << "told twice, one place";
  EXPECT_EQ(key.places[1].reports, (std::vector<size_t>{1}));
}

TEST(Incident, WhatIsSuppressedIsCountedAndLeftOut) {
  Finding accepted = function_key("a.log", 3);
  accepted.suppression = std::make_shared<Suppression>(
      Suppression{Suppression::Kind::baseline, ".assay-baseline:1", "rotated"});
  std::vector<FindingsFile> reports;
  reports.push_back(file_of({accepted, sample_finding("AZF1001", "{key:master}", 4, "c", 1)}));
  const Incident incident = merge_findings(reports, {});
  ASSERT_EQ(incident.keys.size(), 1u);
  EXPECT_EQ(incident.keys[0].rule_id, "AZF1001");
  EXPECT_EQ(incident.suppressed, 1u);
  EXPECT_TRUE(incident.problems.empty());
}

TEST(Incident, WithoutAFingerprintPlacesAreKeptApart) {
  Finding guessed = sample_finding("AZF1005", "{plain:56}", 3, "a.env", 2);
  Finding elsewhere = sample_finding("AZF1005", "{plain:56}", 3, "b.env", 2);
  std::vector<FindingsFile> reports;
  reports.push_back(file_of({guessed, elsewhere}));
  reports.push_back(file_of({guessed}, "b.jsonl"));
  const Incident incident = merge_findings(reports, {});
  EXPECT_EQ(incident.keys.size(), 2u);
  EXPECT_EQ(incident.places, 2u);
}

TEST(Incident, AMaskedKeyIsTheOneThatStandsWholeElsewhere) {
  const Finding whole = function_key("a.log", 3);
  Finding masked = sample_finding("AZF1004", "{broken:function}", 2, "masked.log", 9);
  masked.fingerprint.clear();
  Damage damage{"6 characters masked", true, 3, 0, 3, {"x", whole.fingerprint, "y"}};
  masked.damage = std::make_shared<Damage>(damage);
  Finding other = masked;
  damage.fingerprints = {"x", "y", "z"};
  other.damage = std::make_shared<Damage>(damage);
  other.location.line = 10;
  std::vector<FindingsFile> reports;
  reports.push_back(file_of({masked, other, whole}));
  const Incident incident = merge_findings(reports, {});
  ASSERT_EQ(incident.keys.size(), 2u);
  EXPECT_EQ(incident.keys[0].places.size(), 2u);
  EXPECT_EQ(incident.keys[0].confidence, Confidence::verified) << "the surest place counts";
  EXPECT_EQ(incident.keys[0].damage, nullptr);
  EXPECT_NE(incident.keys[1].damage, nullptr);
}

TEST(Incident, TheTimelineIsOfRecordsAndCommits) {
  Finding message = sample_message();
  Finding later = message;
  Record record = sample_record();
  record.time = "2025-12-24T00:00:00Z";
  later.record = std::make_shared<Record>(record);
  later.location.line = 5;
  Finding untimed = message;
  record.time = "9999 soon";
  untimed.record = std::make_shared<Record>(record);
  untimed.location.line = 6;
  GitFacts git = sample_history();
  git.time = "2024-01-31T08:00:00Z";
  git.removed_by = sample_id('2');
  const Finding committed = with_history(function_key("", 1), git);
  std::vector<FindingsFile> reports;
  reports.push_back(file_of({message, later, untimed, committed}));
  const Incident incident = merge_findings(reports, {});
  ASSERT_EQ(incident.keys.size(), 1u);
  const Timeline& timeline = incident.keys[0].timeline;
  EXPECT_EQ(timeline.first, "2024-01-31T08:00:00Z");
  EXPECT_EQ(timeline.last, "2025-12-24T00:00:00Z");
  EXPECT_EQ(timeline.last_at->told->finding.location.line, 5u);
  EXPECT_EQ(timeline.timed, 3u);
  EXPECT_EQ(timeline.at_head, 1u);
  EXPECT_EQ(timeline.in_input, 3u);
  ASSERT_EQ(timeline.introduced.size(), 1u);
  EXPECT_EQ(timeline.introduced[0].commit, sample_id('1'));
  EXPECT_EQ(timeline.introduced[0].author, "Dana Contoso <dana@example.org>");
  ASSERT_EQ(timeline.removed.size(), 1u);
  EXPECT_EQ(timeline.removed[0].commit, sample_id('2'));
}

TEST(Incident, OwnersAndBringersAreCountedByPlace) {
  std::vector<FindingsFile> reports;
  reports.push_back(file_of({function_key("a", 1), function_key("b", 1), function_key("c", 1)}));
  auto& told = reports[0].findings;
  told[0].owner = Owner{"one", "codeowners", "CODEOWNERS", "", ""};
  told[1].owner = Owner{"two", "inventory", "the inventory has this key", "", ""};
  told[2].owner = told[1].owner;
  told[1].owner_doubt = "a doubt";
  told[2].canary = true;
  told[0].brought_by = BroughtBy{"Dana", "git", "author"};
  const Incident incident = merge_findings(reports, {});
  ASSERT_EQ(incident.keys.size(), 1u);
  const IncidentKey& key = incident.keys[0];
  EXPECT_EQ(incident.owners, 2u);
  ASSERT_EQ(key.owners.size(), 2u);
  EXPECT_EQ(key.owners[0].owner.name, "two") << "that of most places first";
  EXPECT_EQ(key.owners[0].places, 2u);
  EXPECT_EQ(key.places[0].owner, "one");
  EXPECT_EQ(key.places[0].brought_by, "Dana");
  EXPECT_EQ(key.doubts, (std::vector<std::string>{"a doubt"}));
  EXPECT_TRUE(key.canary);
}

TEST(Incident, TheChangeRecordHasWhatIsKnownAndBlanks) {
  Finding finding = function_key("a", 1);
  finding.context = context_of(Scope::function, {{&KeyContext::app, "contoso-orders"},
                                                 {&KeyContext::slot, "staging"},
                                                 {&KeyContext::function, "Refund"},
                                                 {&KeyContext::key_name, "default"}});
  std::vector<FindingsFile> reports;
  reports.push_back(file_of({finding}));
  const Incident incident = merge_findings(reports, {});
  const ChangeRecord& change = incident.keys.at(0).change;
  EXPECT_EQ(change.function_app, "contoso-orders");
  EXPECT_EQ(change.function_name, "Refund");
  EXPECT_EQ(change.slot, "staging");
  EXPECT_EQ(change.key_name, "default");
  EXPECT_EQ(change.subscription, "");
  EXPECT_EQ(change.caller, "");
  EXPECT_EQ(change.timestamp, "");
  EXPECT_TRUE(change.rollback_action.starts_with("Until the old key is deleted"));
}

TEST(Incident, WhatAReportDoesNotTellIsSaid) {
  const std::string whole = write_report("jsonl", {}, {function_key("a", 1), function_key("b", 1)});
  const size_t second = whole.find('\n') + 1;
  const std::string cut = whole.substr(0, second);
  const std::string filtered = cut + whole.substr(whole.rfind("{\"summary\""));
  const std::string skipped =
      write_report("jsonl", {}, {function_key("a", 1)}, sample_diagnostics());
  const struct {
    const char* name;
    std::string text;
    const char* says;
  } rows[] = {
      {"whole", whole, ""},
      {"accepted gaps", write_report("jsonl", {}, {function_key("a", 1)}, sample_gaps()), ""},
      {"cut off", cut, "r.jsonl was cut off"},
      {"filtered", filtered, "counts 2 findings and 0 diagnostics, and there are 1 and 0"},
      {"skipped", skipped, "was not complete: 2 of its inputs"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto gaps = gaps_of(parse_findings(row.text, "r.jsonl", sample_rules()));
    if (std::string_view(row.says).empty()) {
      EXPECT_TRUE(gaps.empty());
      continue;
    }
    ASSERT_EQ(gaps.size(), 1u);
    EXPECT_NE(gaps[0].find(row.says), std::string::npos) << gaps[0];
  }
}

}  // namespace
}  // namespace assay
