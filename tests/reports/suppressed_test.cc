// What does not count, and what stands beside a key, in the formats for people and in JSON lines.
#include <nlohmann/json.hpp>

#include "reports/spool.h"
#include "tests/reports/sample_findings.h"

namespace assay {
namespace {

using nlohmann::json;

Finding suppressed(Finding finding, Suppression::Kind kind, std::string by, std::string reason) {
  finding.suppression =
      std::make_shared<Suppression>(Suppression{kind, std::move(by), std::move(reason)});
  return finding;
}

std::vector<Finding> judged() {
  std::vector<Finding> all = {
      sample_finding("AZF1001", "{key:master}", 4, "a.env", 1),
      suppressed(sample_finding("AZF1002", "{key:function}", 5, "hidden-1.env", 1),
                 Suppression::Kind::marker, "assay:allow", "rotated"),
      suppressed(sample_finding("AZF1002", "{key:function}", 6, "hidden-2.env", 1),
                 Suppression::Kind::baseline, ".assay-baseline:12", "")};
  all[0].born = "2024-05";
  all[0].marker = std::make_shared<Marker>(Marker{"gitleaks:allow", "", "", 0});
  all[0].baseline_state = BaselineState::is_new;
  return all;
}

TEST(Suppressed, IsCountedInOneLineAndNotShown) {
  for (const std::string_view format : {"text", "github", "markdown"}) {
    for (const bool live : {false, true}) {
      const std::string text = write_report(format, {.live = live}, judged());
      EXPECT_NE(text.find("a.env"), std::string::npos) << format;
      EXPECT_EQ(text.find("hidden"), std::string::npos) << format;
      EXPECT_NE(text.find("2 suppressed"), std::string::npos) << format;
    }
  }
  EXPECT_EQ(lines_of(write_report("text", {}, judged())).back(),
            "1 key at 1 place in 12 files, 1.2 MB scanned, nothing left out; 2 suppressed (1 "
            "marker, 1 baseline).");
  EXPECT_EQ(write_report("text", {}, {judged()[1]}),
            "Clean: 12 files, 1.2 MB scanned, 1 suppressed (1 marker).\n");
}

TEST(Suppressed, AKeyThatCountsSaysWhatItsMarkerLacks) {
  const std::string text = write_report("text", {}, judged());
  EXPECT_NE(text.find("\n  Born:         2024-05 (the key says so)\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n  Marker:       gitleaks:allow in line 1 gives no reason, and a proven "
                      "key counts without one\n"),
            std::string::npos)
      << text;
  Finding other = judged()[0];
  other.marker = std::make_shared<Marker>(Marker{"assay:allow", "AZF1002", "for another rule", 3});
  EXPECT_EQ(marker_doubt(other), "");
  other.marker = judged()[0].marker;
  other.confidence = Confidence::context;
  EXPECT_EQ(marker_doubt(other), "") << "there a marker needs no reason";
  EXPECT_EQ(marker_doubt(judged()[1]), "");
}

TEST(Suppressed, JsonLinesHaveAllOfIt) {
  const std::vector<std::string> lines = lines_of(write_report("jsonl", {}, judged()));
  const json counts = json::parse(lines[0]);
  EXPECT_EQ(counts["born"], "2024-05");
  EXPECT_EQ(counts["marker"], (json{{"word", "gitleaks:allow"}, {"line", 1}}));
  EXPECT_EQ(counts["baseline_state"], "new");
  EXPECT_FALSE(counts.contains("suppression"));
  const json hidden = json::parse(lines[1]);
  EXPECT_EQ(hidden["suppression"],
            (json{{"kind", "marker"}, {"by", "assay:allow"}, {"reason", "rotated"}}));
  EXPECT_EQ(json::parse(lines[2])["suppression"],
            (json{{"kind", "baseline"}, {"by", ".assay-baseline:12"}}));
  EXPECT_EQ(json::parse(lines[3])["summary"]["suppressed"], 2);
}

TEST(Suppressed, CoverageAndConfigAreNamed) {
  const ScanSummary summary{.blobs = 12,
                            .bytes = 1'200'000,
                            .decoded_bytes = 3'400'000,
                            .members = 7,
                            .inputs = {"logs", "src\x1b", "docs", "a", "b"},
                            .config = ".assay.toml",
                            .disabled = {"AZF1005", "AZK2171-1"},
                            .notes = {"The entry .assay-baseline:3 was not used."}};
  EXPECT_EQ(verdict(summary, ""),
            "Clean: 12 files, 1.2 MB scanned (logs, src\\x1b, docs and 2 more), 3.4 MB decoded "
            "from 7 members.");
  EXPECT_EQ(config_words(summary), "Config: .assay.toml; it turns off AZF1005, AZK2171-1.");
  EXPECT_EQ(config_words({}), "");
  const auto write_summary = [&](std::string_view format) {
    const auto report = sample_report(format);
    std::string out;
    report->begin(out);
    report->finish(summary, out);
    return out;
  };
  const json told = json::parse(write_summary("jsonl"))["summary"];
  EXPECT_EQ(told["inputs"].size(), 5u);
  EXPECT_EQ(told["members"], 7);
  EXPECT_EQ(told["bytes_decoded"], 3'400'000);
  EXPECT_EQ(told["config"], ".assay.toml");
  EXPECT_EQ(told["disabled_rules"], (json{"AZF1005", "AZK2171-1"}));
  EXPECT_EQ(told["notes"].size(), 1u);
  for (const std::string_view format : {"text", "github"}) {
    EXPECT_NE(write_summary(format).find("Config: .assay.toml; it turns off"), std::string::npos);
  }
}

TEST(Spool, GivesBackEachLaneInMemoryOrFromTheDisk) {
  for (const size_t in_memory : {size_t{0}, size_t{10}, size_t{1} << 20}) {
    Spool spool(3, in_memory);
    std::string wanted[3];
    for (size_t i = 0; i < 1'000; ++i) {
      const std::string text = std::to_string(i) + std::string(i % 50, 'x');
      spool.append(i % 2, text);
      wanted[i % 2] += text;
    }
    const std::string large(3 * Spool::kPiece, 'y');
    spool.append(0, large);
    wanted[0] += large;
    for (size_t lane = 0; lane < 3; ++lane) {
      EXPECT_EQ(spool.empty(lane), wanted[lane].empty());
      std::string out;
      uint64_t at = 0;
      for (size_t before = 0; spool.read(lane, at, out); before = out.size()) {
        EXPECT_LE(out.size() - before, Spool::kPiece);
        ASSERT_GT(out.size(), before);
      }
      EXPECT_TRUE(out == wanted[lane]) << "lane " << lane;
    }
    EXPECT_FALSE(spool.failed());
  }
}

TEST(Spool, TellsThatThereIsNoRoom) {
  const char* const before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  setenv("TMPDIR", "/proc/self/fdinfo", 1);  // where no file can be made
  Spool spool(1, 0);
  spool.append(0, "text");
  if (before == nullptr) {
    unsetenv("TMPDIR");
  } else {
    setenv("TMPDIR", kept.c_str(), 1);
  }
  EXPECT_TRUE(spool.failed());
  std::string out;
  uint64_t at = 0;
  EXPECT_FALSE(spool.read(0, at, out));
}

}  // namespace
}  // namespace assay
