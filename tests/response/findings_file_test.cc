// A report read back tells what was written, and what is no report is refused with a sentence.
#include "response/findings_file.h"

#include <fmt/format.h>

#include "tests/reports/sample_findings.h"

namespace assay {
namespace {

std::string error_of(std::string_view text) {
  try {
    parse_findings(text, "a.jsonl", sample_rules());
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

constexpr std::string_view kSummary =
    "{\"summary\":{\"complete\":true,\"blobs\":1,\"bytes\":2,\"findings\":0,\"diagnostics\":0,"
    "\"ignored\":0,\"unit\":\"file\"}}\n";
constexpr std::string_view kFinding =
    "{\"rule_id\":\"AZF1001\",\"confidence\":\"verified\",\"location\":{\"path\":\"a\"}}\n";

// Writes what was read as JSON lines again.
std::string write_again(const FindingsFile& file) {
  std::vector<Finding> findings;
  for (const ToldFinding& told : file.findings) findings.push_back(told.finding);
  const auto report = sample_report("jsonl");
  std::string out;
  for (const Finding& finding : findings) report->finding(finding, out);
  return out;
}

TEST(FindingsFile, WhatIsReadBackIsWrittenTheSame) {
  std::vector<Finding> all = sample_findings();
  for (const Finding& finding : sample_git_findings()) all.push_back(finding);
  GitFacts stash = sample_history();
  stash.refs = {"refs/stash"};
  stash.ref_count = 1;
  all.push_back(with_history(all[0], stash));
  stash.refs_known = false;
  all.push_back(with_history(all[0], stash));
  Finding masked = all[2];
  masked.fingerprint.clear();
  masked.damage = std::make_shared<Damage>(
      Damage{"6 characters masked", true, 4096, 2.86e-06, 3, {"a", "b", "c"}});
  all.push_back(masked);
  Finding accepted = all[0];
  accepted.born = "2024-05";
  accepted.suppression = std::make_shared<Suppression>(
      Suppression{Suppression::Kind::baseline, ".assay-baseline:12", "rotated"});
  accepted.baseline_state = BaselineState::unchanged;
  all.push_back(accepted);
  Finding marked = all[1];
  marked.marker = std::make_shared<Marker>(Marker{"gitleaks:allow", "", "", 0});
  marked.baseline_state = BaselineState::is_new;
  all.push_back(marked);
  const std::string text = write_report("jsonl", {}, all, sample_diagnostics());
  const FindingsFile file = parse_findings(text, "a.jsonl", sample_rules());

  ASSERT_EQ(file.findings.size(), all.size());
  const std::string again = write_again(file);
  EXPECT_EQ(again, text.substr(0, again.size()));
  EXPECT_EQ(lines_of(text).size(), all.size() + 3);
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(file.findings[i].finding.rule, all[i].rule);
    EXPECT_TRUE(file.findings[i].finding.secret.empty());
    EXPECT_EQ(file.findings[i].rule_id, all[i].rule->id);
  }
  ASSERT_EQ(file.diagnostics.size(), 2u);
  EXPECT_EQ(file.diagnostics[0].kind, "unreadable");
  EXPECT_EQ(file.diagnostics[0].path, "secrets/host.json");
  EXPECT_EQ(file.diagnostics[0].message, sentence(sample_diagnostics()[0]));
  ASSERT_TRUE(file.summary);
  EXPECT_FALSE(file.summary->complete());
  EXPECT_EQ(file.summary->blobs, 12u);
  EXPECT_EQ(file.summary->bytes, 1'234'567u);
  EXPECT_EQ(file.summary->findings, all.size());
  EXPECT_EQ(file.summary->suppressed, 1u);
  EXPECT_EQ(file.tool, "assay 0.1.0");
  EXPECT_EQ(file.rules, sample_rules().digest());
}

TEST(FindingsFile, OwnersAndEvidenceAreReadBack) {
  const FindingsFile file = parse_findings(
      R"({"rule_id":"ZZZ9999","confidence":"context","redacted":"abc","location":{"path":"a"},)"
      R"("owner":{"name":"pay","source":"inventory","reason":"it has it","contact":"c","runbook":"r"},)"
      R"("brought_by":{"name":"Dana","source":"git","reason":"author"},"owner_doubt":"two",)"
      R"("canary":true,"later":{"unknown":[1,2]}})"
      "\r\n\n"
      R"({"summary":{"complete":true,"findings":1,"diagnostics":0,"tool":"assay 9","rules":"f00",)"
      R"("evidence":[{"path":"a","bytes":7,"sha256":"00ff"}],"arguments":["assay","scan"],)"
      R"("members":7,"bytes_decoded":9,"inputs":["a"],"config":"c","disabled_rules":["AZF1005"]}})",
      "a.jsonl", sample_rules());
  ASSERT_EQ(file.findings.size(), 1u);
  const ToldFinding& told = file.findings[0];
  EXPECT_EQ(told.finding.rule, nullptr);
  EXPECT_EQ(told.rule_id, "ZZZ9999");
  EXPECT_EQ(told.owner, (Owner{"pay", "inventory", "it has it", "c", "r"}));
  EXPECT_EQ(told.brought_by, (BroughtBy{"Dana", "git", "author"}));
  EXPECT_EQ(told.owner_doubt, "two");
  EXPECT_TRUE(told.canary);
  ASSERT_TRUE(file.summary);
  EXPECT_TRUE(file.summary->complete());
  ASSERT_EQ(file.summary->evidence.size(), 1u);
  EXPECT_EQ(file.summary->evidence[0].bytes, 7u);
  EXPECT_EQ(file.summary->evidence[0].sha256, "00ff");
  EXPECT_EQ(file.summary->arguments, (std::vector<std::string>{"assay", "scan"}));
  EXPECT_EQ(file.summary->members, 7u);
  EXPECT_EQ(file.summary->decoded_bytes, 9u);
  EXPECT_EQ(file.summary->inputs, std::vector<std::string>{"a"});
  EXPECT_EQ(file.summary->config, "c");
  EXPECT_EQ(file.summary->disabled, std::vector<std::string>{"AZF1005"});
}

TEST(FindingsFile, TextsStayWhereTheyAreWhenTheFileMoves) {
  FindingsFile file =
      parse_findings(write_report("jsonl", {}, sample_findings()), "a.jsonl", sample_rules());
  const FindingsFile moved = std::move(file);
  EXPECT_EQ(moved.findings[0].finding.kind, "function");
  EXPECT_EQ(moved.findings.back().finding.encoding,
            (std::vector<std::string_view>{"zip", "json-escape"}));
}

TEST(FindingsFile, CutOffReportsHaveNoSummary) {
  const std::string whole = write_report("jsonl", {}, sample_findings());
  const size_t summary = whole.rfind("{\"summary\"");
  for (const size_t length : {summary, summary + 1, whole.size() - 2, summary - 40}) {
    const FindingsFile file =
        parse_findings(std::string_view(whole).substr(0, length), "a.jsonl", sample_rules());
    EXPECT_FALSE(file.summary) << length;
    EXPECT_EQ(file.findings.size(), length < summary ? 7u : 8u) << length;
  }
  EXPECT_TRUE(parse_findings(whole.substr(0, whole.size() - 1), "a", sample_rules()).summary);
}

TEST(FindingsFile, ASummaryThatCallsItselfIncompleteIs) {
  std::string text(kSummary);
  text.replace(text.find("true"), 4, "false");
  EXPECT_FALSE(parse_findings(text, "a.jsonl", sample_rules()).summary->complete());
}

TEST(FindingsFile, WhatIsNoReportIsRefusedWithLineAndRemedy) {
  const std::string finding(kFinding);
  const struct {
    const char* name;
    std::string text;
    const char* says;
  } rows[] = {
      {"empty", "", "a.jsonl: nothing stands in it. Give a report"},
      {"blank lines", "\n \r\n", "nothing stands in it"},
      {"SARIF", "{\n  \"$schema\": 1\n}", "line 1: this is no JSON object"},
      {"text", "error: a key\n", "line 1: this is no JSON object"},
      {"an array", "[]\n", "line 1: this is no JSON object"},
      {"another object", "{\"a\":1}\n", "line 1: this is neither"},
      {"a broken line before the last", finding + "{\"rule\n" + finding, "line 2: this is no JSON"},
      {"UTF-16", std::string("\xff\xfe{\0", 4), "the report is UTF-16. Write it with --output"},
      {"invalid UTF-8", "{\"rule_id\":\"\xff\"}\n", "line 1: this is no JSON"},
      {"two reports", std::string(kSummary) + std::string(kSummary), "line 2: more stands behind"},
      {"a second report cut off in its first line", std::string(kSummary) + "{\"rule_id\":\"AZF",
       "line 2: more stands behind"},
      {"a deep line", finding + std::string(100, '[') + "\n", "line 2: this nests too deep"},
      {"a very deep line", std::string(3 << 20, '{') + "\n", "this nests too deep"},
      {"a long line", std::string((4 << 20) + 1, ' ') + "\n", "the line is over 4 MiB"},
      {"no place", "{\"rule_id\":\"A\",\"confidence\":\"verified\"}\n", "the finding has no place"},
      {"another confidence",
       "{\"rule_id\":\"A\",\"confidence\":\"sure\",\"location\":{\"path\":\"a\"}}\n",
       "`confidence` has a value that this version does not know"},
      {"a number for a text", "{\"rule_id\":7}\n", "`rule_id` is no text"},
      {"a negative line",
       "{\"rule_id\":\"A\",\"confidence\":\"verified\",\"location\":{\"path\":\"a\",\"line\":-1}}"
       "\n",
       "`line` is no whole number"},
      {"a text for an object",
       "{\"rule_id\":\"A\",\"confidence\":\"verified\",\"location\":\"a\"}\n",
       "`location` is no object"},
      {"a summary that is a text", "{\"summary\":\"complete\"}\n", "`summary` is no object"},
      {"evidence that is a number", "{\"summary\":{\"evidence\":1}}\n", "`evidence` is no array"},
      {"a diagnostic that is null", "{\"diagnostic\":null}\n", "`diagnostic` is no object"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const std::string said = error_of(row.text);
    EXPECT_NE(said.find(row.says), std::string::npos) << said;
    EXPECT_TRUE(said.starts_with("a.jsonl")) << said;
    EXPECT_TRUE(said.ends_with(".")) << said;
  }
}

TEST(FindingsFile, KeysInTheClearAreRefused) {
  SeededRandom random(5);
  const std::string key = fill_placeholders("{bare:master}", random);
  std::string escaped = key;
  escaped.replace(3, 1, fmt::format("\\u{:04x}", static_cast<unsigned>(key[3])));
  const std::string head =
      "{\"rule_id\":\"A\",\"confidence\":\"verified\",\"location\":{\"path\":\"";
  for (const std::string& text :
       {head + key + "\"}}\n", head + escaped + "\"}}\n", "{\"other\":\"" + key + "\"}\n",
        head + "a\"},\"secret\":\"chosen\"}\n"}) {
    const std::string said = error_of(text);
    EXPECT_NE(said.find("in the clear. Write the report again without --reveal"), std::string::npos)
        << "a report was taken";
    EXPECT_EQ(said.find(key.substr(0, 20)), std::string::npos);
  }
}

TEST(FindingsFile, NamesInMessagesArePrintable) {
  try {
    parse_findings("", "a\x1b[2J\n.jsonl", sample_rules());
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(std::string_view(error.what()).find('\x1b'), std::string_view::npos);
    EXPECT_EQ(std::string_view(error.what()).find('\n'), std::string_view::npos);
  }
}

}  // namespace
}  // namespace assay
