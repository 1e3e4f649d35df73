// Annotations: what GitHub's runner reads from our lines is what we meant, whatever the input.
#include <gtest/gtest.h>

#include <map>

#include "tests/reports/sample_findings.h"

namespace assay {
namespace {

// A line as the runner reads it.
struct Command {
  std::string name;
  std::map<std::string, std::string> properties;
  std::string data;
};

std::string unescape(std::string text) {
  const std::pair<std::string_view, std::string_view> escapes[] = {
      {"%0D", "\r"}, {"%0A", "\n"}, {"%3A", ":"}, {"%2C", ","}, {"%25", "%"}};
  for (const auto& [escape, character] : escapes) {
    for (size_t at = 0; (at = text.find(escape, at)) != std::string::npos; at += 1) {
      text.replace(at, escape.size(), character);
    }
  }
  return text;
}

Command read_command(const std::string& line) {
  Command command;
  EXPECT_EQ(line.substr(0, 2), "::") << line;
  const size_t end = line.find("::", 2);
  if (end == std::string::npos) return command;
  const std::string head = line.substr(2, end - 2);
  const size_t space = head.find(' ');
  command.name = head.substr(0, space);
  std::istringstream properties(head.substr(space + 1));
  for (std::string item; std::getline(properties, item, ',');) {
    const size_t equals = item.find('=');
    command.properties[item.substr(0, equals)] = unescape(item.substr(equals + 1));
  }
  command.data = unescape(line.substr(end + 2));
  return command;
}

Command annotation(const Finding& finding, const ReportOptions& options = {}) {
  std::string out;
  sample_report("github", options)->finding(finding, out);
  EXPECT_EQ(out.find('\n'), out.size() - 1);
  out.pop_back();
  return read_command(out);
}

TEST(Github, Golden) {
  expect_golden("github/sample.txt",
                write_report("github", {}, sample_findings(), sample_diagnostics()));
}

TEST(Github, PlaceAndTitleAreProperties) {
  Finding finding = sample_findings()[1];
  finding.location.utf16_column = 7;  // column is 9: two bytes more before the key
  const Command command = annotation(finding);
  EXPECT_EQ(command.name, "error");
  using Properties = std::map<std::string, std::string>;
  EXPECT_EQ(command.properties,
            (Properties{{"file", "logs/web/app.log"},
                        {"line", "40"},
                        {"endLine", "40"},
                        {"col", "7"},
                        {"endColumn", "62"},
                        {"title", "AZF1002 Azure Functions function or host key"}}));
  EXPECT_EQ(command.data.find(finding.redacted + ": checksum holds.\n"), 0u);
  EXPECT_NE(command.data.find("\nFingerprint: " + finding.fingerprint), std::string::npos);
  EXPECT_NE(command.data.find("\nNow: az functionapp function keys set -g RESOURCE_GROUP "
                              "-n contoso-orders --slot staging --function-name Refund"),
            std::string::npos);
}

TEST(Github, LevelIsTheCommand) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"AZF1001", "error"}, {"AZF1004", "warning"}, {"AZF1005", "notice"}};
  for (const auto& [rule, name] : rows) {
    EXPECT_EQ(annotation(sample_finding(rule, "{key:master}", 1, "a", 1)).name, name);
  }
}

TEST(Github, AStreamHasNoFileToAnnotate) {
  const std::vector<Finding> all = sample_findings();
  const Command command = annotation(all[all.size() - 2]);
  EXPECT_EQ(command.properties.size(), 1u);
  EXPECT_NE(command.data.find("\nAt -:99:9."), std::string::npos);
}

TEST(Github, WhatStandsInAnArchiveIsPutOnTheArchiveAndTheMessageTellsWhere) {
  const struct {
    std::string path;
    std::vector<std::string_view> encoding;
    std::string file;
    bool has_line;
  } rows[] = {
      {"dist/app.zip!/in/a.log", {"zip", "percent"}, "dist/app.zip", false},
      {"a.zip!/b.tgz!/c", {"zip", "gzip", "tar"}, "a.zip", false},
      {"logs/a.log.gz", {"gzip"}, "logs/a.log.gz", false},
      {"odd!/a.log", {"percent"}, "odd!/a.log", true},
      {"odd!/a.log", {}, "odd!/a.log", true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.path);
    Finding finding = sample_finding("AZF1001", "{key:master}", 4, row.path, 12);
    finding.encoding = row.encoding;
    const Command command = annotation(finding);
    EXPECT_EQ(command.properties.at("file"), row.file);
    EXPECT_EQ(command.properties.contains("line"), row.has_line);
    EXPECT_EQ(command.data.find("\nAt " + row.path + ":12:9.") != std::string::npos, !row.has_line);
  }
}

TEST(Github, AShortRecordIsNamed) {
  Finding finding = sample_message();
  EXPECT_NE(annotation(finding).data.find("\nRecord: in slack #incidents, message "
                                          "1762070400.000100 by dana, 2025-11-02T08:00:00Z.\n"),
            std::string::npos);
  Record record = sample_record();
  record.id = std::string(250, 'x');
  finding.record = std::make_shared<Record>(record);
  EXPECT_EQ(annotation(finding).data.find("Record:"), std::string::npos);
}

TEST(Github, GoldenGit) {
  expect_golden("github/git.txt", write_report("github", {.repository = sample_repository()},
                                               sample_git_findings(), sample_gaps()));
}

TEST(Github, OnlyWhatStandsInAFileOfTheCheckoutIsPutThere) {
  const std::vector<Finding> all = sample_git_findings();
  const bool placed[] = {true, false, true, false, false, false, false};
  ASSERT_EQ(all.size(), std::size(placed));
  for (size_t i = 0; i < all.size(); ++i) {
    SCOPED_TRACE(i);
    const Command command = annotation(all[i]);
    EXPECT_EQ(command.properties.contains("file"), placed[i]);
    EXPECT_EQ(command.properties.contains("line"), placed[i]);
    EXPECT_EQ(command.data.find("\nAt " + printable(all[i].git->path) + ":") != std::string::npos,
              !placed[i]);
    EXPECT_NE(command.data.find("\nIn the repository: "), std::string::npos);
  }
  EXPECT_NE(annotation(all[1]).data.find("removed by 2222222222"), std::string::npos);
}

TEST(Github, AnAcceptedGapIsANotice) {
  std::string out;
  sample_report("github")->diagnostic(sample_gaps()[0], out);
  EXPECT_EQ(out.find("::notice file=media/film.bin,title=Not scanned (accepted)::media/film.bin "),
            0u);
}

TEST(Github, NoPathBecomesACommand) {
  const std::string_view paths[] = {
      kHostilePath,       "a::error::b",
      "a,line=1,title=x", "::set-output name=a::b",
      "50%0A::x::",       "\r\n::stop-commands::a",
      "##[add-mask]x",
  };
  for (const std::string_view path : paths) {
    SCOPED_TRACE(printable(path));
    const Finding finding = sample_finding("AZF1001", "{key:master}", 1, std::string(path), 1);
    const Command command = annotation(finding);
    EXPECT_EQ(command.name, "error");
    EXPECT_EQ(command.properties.size(), 6u);
    EXPECT_EQ(command.properties.at("file"), printable(path));
    EXPECT_EQ(command.properties.at("line"), "1");
    EXPECT_EQ(command.data.find(finding.redacted), 0u);

    std::string out;
    sample_report("github")->diagnostic(
        {Diagnostic::Kind::unreadable, std::string(path), std::string(path), std::string(path)},
        out);
    EXPECT_EQ(out.find('\n'), out.size() - 1);
    EXPECT_EQ(out.find("##["), std::string::npos);
    out.pop_back();
    const Command warning = read_command(out);
    EXPECT_EQ(warning.name, "warning");
    EXPECT_EQ(warning.properties.size(), 2u);
    EXPECT_EQ(warning.properties.at("title"), "Not scanned");
    EXPECT_EQ(warning.data.find(printable(path) + " could not be read"), 0u);
  }
}

TEST(Github, LastLineIsPlain) {
  const auto lines = lines_of(write_report("github", {}, sample_findings()));
  EXPECT_EQ(lines.size(), sample_findings().size() + 1);
  EXPECT_EQ(lines.back(), "8 findings in 12 files, 1.2 MB scanned, nothing left out.");
  EXPECT_EQ(lines_of(write_report("github", {}, {})).back(), "Clean: 12 files, 1.2 MB scanned.");
}

}  // namespace
}  // namespace assay
