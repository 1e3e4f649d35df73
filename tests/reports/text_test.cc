// The report for a person: worst first, one block a key, bounded, and honest about what is missing.
#include <gtest/gtest.h>

#include "tests/reports/sample_findings.h"

namespace assay {
namespace {

size_t count_of(const std::string& text, std::string_view piece) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(piece, at)) != std::string::npos; at += piece.size()) ++count;
  return count;
}

// Cheap distinct findings: no real keys, only what the report looks at.
Finding numbered(std::string_view rule, size_t number) {
  Finding finding;
  finding.rule = sample_rules().find(rule);
  finding.redacted = "abc…(56)";
  finding.fingerprint = "key-" + std::to_string(number);
  auto provenance = std::make_shared<Provenance>();
  provenance->path = "file-" + std::to_string(number);
  finding.provenance = provenance;
  return finding;
}

TEST(Text, Golden) {
  expect_golden("text/sample.txt",
                write_report("text", {}, sample_findings(), sample_diagnostics()));
}

TEST(Text, GoldenLive) {
  expect_golden("text/live.txt",
                write_report("text", {.live = true}, sample_findings(), sample_diagnostics()));
}

TEST(Text, GoldenColour) {
  expect_golden("text/colour.txt",
                write_report("text", {.colour = true}, sample_findings(), sample_diagnostics()));
}

TEST(Text, GoldenGit) {
  expect_golden("text/git.txt", write_report("text", {.repository = sample_repository()},
                                             sample_git_findings(), sample_gaps()));
}

TEST(Text, WhatIsStagedOnlyIsTakenOutFirstAndWhatIsCommittedRenewedFirst) {
  const std::vector<Finding> all = sample_git_findings();
  const Finding& staged = all[2];
  GitFacts at_head = *staged.git;
  at_head.present_at_head = true;
  const Finding committed = with_history(staged, at_head);
  const struct {
    std::vector<Finding> findings;
    size_t unstage, shared, clones;
  } rows[] = {
      {{staged}, 1, 1, 0},
      {{staged, staged}, 1, 1, 0},
      {{staged, committed}, 0, 0, 1},
      {{committed, staged}, 0, 0, 1},
      {{sample_findings()[0]}, 0, 0, 0},
  };
  for (const auto& row : rows) {
    const std::string text = write_report("text", {}, row.findings);
    EXPECT_EQ(count_of(text, "Now:          take it out of the file"), row.unstage);
    EXPECT_EQ(count_of(text, "If shared:"), row.shared);
    EXPECT_EQ(count_of(text, "Rewriting the history does not undo that."), row.clones);
  }
}

TEST(Text, WordsOfTheRunStandInPlaceOfTheCommonOnes) {
  Finding unheld = sample_git_findings()[0];
  GitFacts git = *unheld.git;
  git.present_at_head = false;
  git.branches.clear();
  git.tags.clear();
  git.branch_count = git.tag_count = 0;
  unheld = with_history(unheld, git);
  const ReportOptions pushed{.no_ref = "not taken yet", .advice = "Push again."};
  const std::string text = write_report("text", pushed, {unheld});
  EXPECT_EQ(count_of(text, "; not taken yet\n"), 1u) << text;
  EXPECT_EQ(count_of(text, "\nPush again.\n\n"), 1u) << text;
  EXPECT_EQ(count_of(text, "in no branch or tag"), 0u);
  EXPECT_EQ(count_of(text, "Rewriting the history"), 0u);
  EXPECT_EQ(count_of(write_report("text", {.advice = "Push again."}, {}), "Push again."), 0u);
}

TEST(Text, OfSeveralPlacesTheFirstCommitIsNamed) {
  const Finding late = sample_git_findings()[0];
  GitFacts git = *late.git;
  git.introduced_by = sample_id('7');
  git.time = "2024-01-31T08:00:00Z";
  const Finding early = with_history(late, git);
  const std::string_view row = "  First in:     7777777777 of 2024-01-31 by";
  EXPECT_EQ(count_of(write_report("text", {}, {late, early}), row), 1u);
  EXPECT_EQ(count_of(write_report("text", {}, {early, late}), row), 1u);
  EXPECT_EQ(count_of(write_report("text", {}, {early}), "First in:"), 0u);
}

TEST(Text, TheRecordIsToldOnceForPlacesInOneRecord) {
  const Finding message = sample_message();
  Finding blocks = message;  // the same record, read for itself
  blocks.provenance = std::make_shared<Provenance>(*message.provenance);
  blocks.record = std::make_shared<Record>(*message.record);
  blocks.location.column = 99;
  Finding next = message;
  Record other = sample_record();
  other.id = "1762070500.000200";
  next.record = std::make_shared<Record>(other);
  Finding elsewhere = next;
  auto copy = std::make_shared<Provenance>(*next.provenance);
  copy->path = "copy.json";
  elsewhere.provenance = copy;
  Finding bare = message;
  bare.record = nullptr;
  const std::string first = "in slack #incidents, message 1762070400.000100 by dana, 2025-";
  const std::string second = "in slack #incidents, message 1762070500.000200 by dana, 2025-";
  const struct {
    std::vector<Finding> findings;
    size_t first, second;
  } rows[] = {
      {{message}, 1, 0},
      {{message, blocks}, 1, 0},
      {{message, blocks, next}, 1, 1},
      {{message, next, blocks}, 2, 1},
      {{next, elsewhere}, 0, 2},
      {{bare}, 0, 0},
      {{bare, message, bare}, 1, 0},
  };
  for (const auto& row : rows) {
    const std::string text = write_report("text", {}, row.findings);
    EXPECT_EQ(count_of(text, "\n                  " + first), row.first) << text;
    EXPECT_EQ(count_of(text, "\n                  " + second), row.second) << text;
    EXPECT_EQ(count_of(text, "(zip, json-escape)\n"), row.findings.size()) << text;
  }
  const std::string live = write_report("text", {.live = true}, {message, next});
  EXPECT_EQ(count_of(live, "(zip, json-escape) " + second), 1u) << live;
}

TEST(Text, ColourChangesNothingButColour) {
  std::string text =
      write_report("text", {.colour = true}, sample_findings(), sample_diagnostics());
  for (size_t at = 0; (at = text.find('\x1b')) != std::string::npos;) {
    text.erase(at, text.find('m', at) + 1 - at);
  }
  EXPECT_EQ(text, write_report("text", {}, sample_findings(), sample_diagnostics()));
}

TEST(Text, WorstFirstThenFirstSeen) {
  const std::string text =
      write_report("text", {},
                   {numbered("AZF1005", 1), numbered("AZF1002", 2), numbered("AZF1004", 3),
                    numbered("AZF1001", 4), numbered("AZF1002", 5), numbered("AZF1005", 1)});
  std::vector<std::string> order;
  for (const std::string& line : lines_of(text)) {
    if (const size_t at = line.find("key-"); at != std::string::npos)
      order.push_back(line.substr(at));
  }
  EXPECT_EQ(order, (std::vector<std::string>{"key-4", "key-2", "key-5", "key-3", "key-1"}));
  EXPECT_EQ(lines_of(text).back(),
            "5 keys at 6 places in 12 files, 1.2 MB scanned, nothing left out.");
}

TEST(Text, ValuesWithoutFingerprintAreToldApartByValue) {
  const std::string text = write_report("text", {},
                                        {sample_finding("AZF1005", "{plain:56}", 1, "a", 1),
                                         sample_finding("AZF1005", "{plain:56}", 2, "b", 1),
                                         sample_finding("AZF1005", "{plain:56}", 1, "c", 1)});
  EXPECT_EQ(count_of(text, "note: "), 2u);
  EXPECT_EQ(count_of(text, "Fingerprint:"), 0u);
  EXPECT_EQ(lines_of(text).back().find("2 keys at 3 places"), 0u);
}

TEST(Text, TheMostTellingPlaceSaysWhose) {
  const std::vector<Finding> all = sample_findings();
  const std::string wanted =
      "Whose:        app contoso-orders, slot staging, function Refund, function key default\n";
  for (const auto& order : {std::vector{all[0], all[1]}, std::vector{all[1], all[0]}}) {
    EXPECT_NE(write_report("text", {}, order).find(wanted), std::string::npos);
  }
}

TEST(Text, ShowsTenPlacesOfAKeyAndCountsTheRest) {
  std::vector<Finding> findings(10, numbered("AZF1001", 1));
  std::string text = write_report("text", {}, findings);
  EXPECT_EQ(count_of(text, "file-1:1:1"), 10u);
  EXPECT_EQ(count_of(text, "more place"), 0u);
  findings.push_back(findings[0]);
  text = write_report("text", {}, findings);
  EXPECT_EQ(count_of(text, "file-1:1:1"), 10u);
  EXPECT_EQ(count_of(text, "… and 1 more place\n"), 1u);
  findings.resize(1'500, findings[0]);
  EXPECT_EQ(count_of(write_report("text", {}, findings), "… and 1,490 more places\n"), 1u);
}

TEST(Text, KeepsAThousandKeysAndTheWorstOfThem) {
  std::vector<Finding> findings;
  for (size_t i = 0; i < 1'000; ++i) findings.push_back(numbered("AZF1004", i));
  findings.push_back(findings.back());  // two places
  EXPECT_EQ(count_of(write_report("text", {}, findings), "not shown"), 0u);

  findings.push_back(numbered("AZF1004", 1'000));  // as mild, but later
  findings.push_back(numbered("AZF1001", 1'001));  // worse: the last one goes, with two places
  findings.push_back(findings[0]);
  const std::string text = write_report("text", {}, findings);
  EXPECT_EQ(count_of(text, "Proof:"), 1'000u);
  EXPECT_EQ(text.find("error: Azure Functions master key"), 0u);
  EXPECT_EQ(count_of(text, "key-999\n"), 0u);
  EXPECT_EQ(count_of(text, "… and 3 more findings"), 1u);
  EXPECT_EQ(count_of(text, "--format jsonl"), 1u);
  EXPECT_EQ(lines_of(text).back().find("more than 1,000 keys at 1,004 places"), 0u);
}

TEST(Text, LiveTellsAKeyAtOnceAndItsLaterPlacesInALine) {
  const auto report = sample_report("text", {.live = true});
  std::string out;
  report->begin(out);
  report->finding(numbered("AZF1001", 1), out);
  EXPECT_EQ(out.find("error: Azure Functions master key"), 0u);
  EXPECT_EQ(count_of(out, "file-1:1:1"), 1u);
  out.clear();
  report->finding(numbered("AZF1001", 1), out);
  EXPECT_EQ(out, "again: abc…(56)  file-1:1:1\n");
  out.clear();
  report->finish({.blobs = 1, .bytes = 1, .findings = 2}, out);
  EXPECT_EQ(out, "\n1 key at 2 places in 1 file, 1 byte scanned, nothing left out.\n");
}

TEST(Text, LiveOverTheLimitTellsEachFindingInALine) {
  const auto report = sample_report("text", {.live = true});
  std::string out;
  for (size_t i = 0; i < 1'000; ++i) report->finding(numbered("AZF1001", i), out);
  EXPECT_EQ(count_of(out, "Proof:"), 1'000u);
  out.clear();
  report->finding(numbered("AZF1001", 1'000), out);
  EXPECT_EQ(out, "error: Azure Functions master key  abc…(56)  file-1000:1:1\n");
  out.clear();
  report->finish({.blobs = 1, .bytes = 1, .findings = 1'001}, out);
  EXPECT_EQ(out.find("\nmore than 1,000 keys at 1,001 places in 1 file"), 0u);
}

TEST(Text, ShowsAHundredDiagnosticsAndCountsTheRest) {
  const Diagnostic one{Diagnostic::Kind::unreadable, "a.log", "permission denied", ""};
  std::string text = write_report("text", {}, {}, std::vector(100, one));
  EXPECT_EQ(text.find("Not scanned:\n  - a.log could not be read: permission denied.\n"), 0u);
  EXPECT_EQ(count_of(text, "- a.log"), 100u);
  EXPECT_EQ(count_of(text, "not shown"), 0u);
  text = write_report("text", {}, {}, std::vector(1'234, one));
  EXPECT_EQ(count_of(text, "- a.log"), 100u);
  EXPECT_EQ(count_of(text, "  … and 1,134 more, not shown: use --format jsonl\n"), 1u);
  EXPECT_EQ(lines_of(text).back(),
            "Not complete: no key in 12 files, 1.2 MB scanned, 1,234 problems above.");
}

TEST(Text, ACleanRunIsOneLine) {
  EXPECT_EQ(write_report("text", {}, {}), "Clean: 12 files, 1.2 MB scanned.\n");
  EXPECT_EQ(write_report("text", {.live = true}, {}), "Clean: 12 files, 1.2 MB scanned.\n");
}

TEST(Text, RevealedValueHasALineOfItsOwn) {
  const Finding finding = sample_findings()[0];
  const std::string value = "  Value:        " + std::string(finding.secret.reveal()) + "\n";
  for (const bool live : {false, true}) {
    const std::string text = write_report("text", {.live = live, .reveal = true}, {finding});
    EXPECT_TRUE(text.find(value) != std::string::npos);
  }
}

}  // namespace
}  // namespace assay
