// The page of a job: the worst first, bounded, and nothing in it that a name could make of it.
#include "reports/summary_markdown.h"

#include "tests/reports/sample_findings.h"

namespace assay {
namespace {

TEST(SummaryMarkdown, Golden) {
  std::vector<Finding> findings = sample_findings();
  findings[0].baseline_state = BaselineState::is_new;
  for (size_t i = 1; i < findings.size(); ++i) {
    findings[i].baseline_state = BaselineState::unchanged;
  }
  expect_golden("markdown/sample.md", write_report("markdown", {}, findings, sample_diagnostics()));
}

TEST(SummaryMarkdown, NamesMakeNoMarkup) {
  const struct {
    std::string_view bytes, text;
  } rows[] = {
      {"src/app.py", "src/app.py"},
      {"a|b", "a&#124;b"},
      {"<script>", "&#60;script&#62;"},
      {"`x` [l](h) *b* _i_ ~s~ !",
       "&#96;x&#96; &#91;l&#93;&#40;h&#41; &#42;b&#42; &#95;i&#95; "
       "&#126;s&#126; &#33;"},
      {"https://e.org www.e.org", "https&#58;//e.org www&#46;e.org"},
      {"dana@e.org", "dana<!-- -->&#64;e.org"},
      {"1. x", "1&#46; x"},
      {"- x - y", "&#45; x - y"},
      {"#12 &amp;", "&#35;12 &#38;amp;"},
      {"a\nb\x1b[2J\xff", "a&#92;x0ab&#92;x1b&#91;2J&#92;xff"},
      {"\xc3\xa9\xe2\x80\xae", "\xc3\xa9&#92;xe2&#92;x80&#92;xae"},
      {"", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(markdown_text(row.bytes), row.text);
}

TEST(SummaryMarkdown, ShowsFiftyKeysTheWorstFirstAndIsBounded) {
  std::vector<Finding> findings;
  for (size_t i = 0; i < 500; ++i) {
    Finding finding;
    finding.rule = sample_rules().find(i == 400 ? "AZF1001" : "AZF1004");
    finding.redacted = std::string(1000, '|');
    finding.fingerprint = "key-" + std::to_string(i);
    auto provenance = std::make_shared<Provenance>();
    provenance->path = "f" + std::to_string(i) + "/" + std::string(5'000, '@');
    finding.provenance = provenance;
    findings.push_back(finding);
    findings.push_back(finding);
  }
  const Diagnostic long_one{Diagnostic::Kind::skipped, std::string(10'000, '@'), "x", ""};
  const std::string text =
      write_report("markdown", {}, findings, std::vector<Diagnostic>(1000, long_one));
  EXPECT_LT(text.size(), kMostSummary);
  size_t rows = 0;
  for (const std::string& line : lines_of(text)) rows += line.starts_with("| AZF") ? 1 : 0;
  EXPECT_EQ(rows, 50u);
  EXPECT_EQ(text.find("| AZF1001"), text.find("| AZF"));
  EXPECT_NE(text.find("</code> and 1 more place |"), std::string::npos);
  EXPECT_NE(text.find("And 450 of milder or later keys"), std::string::npos);
  EXPECT_NE(text.find("- and 980 more\n"), std::string::npos);
  EXPECT_EQ(text.find("## assay: 500 keys at 1,000 places\n"), 0u);
}

TEST(SummaryMarkdown, SaysSoWhereNothingWasFoundOrNotAllWasSeen) {
  EXPECT_EQ(write_report("markdown", {}, {}),
            "## assay: no key found\n\nClean&#58; 12 files, 1&#46;2 MB scanned.\n");
  EXPECT_EQ(write_report("markdown", {}, {}, sample_diagnostics())
                .find("## assay: no key found, not complete\n"),
            0u);
}

}  // namespace
}  // namespace assay
