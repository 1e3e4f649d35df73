// The record and the member that hold a key, in words and in levels.
#include "reports/record.h"

#include <gtest/gtest.h>

#include "tests/reports/record_fields.h"
#include "tests/reports/sample_findings.h"

namespace assay {
namespace {

TEST(Record, WordsNameWhatIsKnown) {
  const struct {
    RecordFields record;
    std::string_view words;
  } rows[] = {
      {{}, ""},
      {{.container = "incidents", .id = "1"}, ""},
      {{"slack", "incidents", "1762070400.000100", "dana", "2025-11-02T08:00:00Z"},
       "in slack #incidents, message 1762070400.000100 by dana, 2025-11-02T08:00:00Z"},
      {{.system = "slack", .container = "#incidents"}, "in slack #incidents"},
      {{.system = "jira", .container = "PAY", .id = "PAY-118#comment-10044", .author = "Dana"},
       "in jira PAY, ticket PAY-118#comment-10044 by Dana"},
      {{.system = "access-log", .author = "203.0.113.7", .time = "2025-11-02T08:00:00Z"},
       "in access-log, request by 203.0.113.7, 2025-11-02T08:00:00Z"},
      {{.system = "appinsights", .container = "orders", .id = "9", .operation = "Refund"},
       "in appinsights orders, entry 9, operation Refund"},
      {{.system = "new", .container = "a", .id = "b"}, "in new a, record b"},
      {{.system = "cri", .time = "2025-11-02T08:00:00Z"}, "in cri, 2025-11-02T08:00:00Z"},
      {{.system = "mail", .container = "a\nb", .id = "<\x1b[2J@x>"},
       "in mail a\\x0ab, message <\\x1b[2J@x>"},
  };
  for (const auto& row : rows) EXPECT_EQ(record_words(row.record), row.words);
}

TEST(Record, LevelsGoFromTheSystemToThePart) {
  using Levels = std::vector<std::pair<std::string_view, std::string_view>>;
  const struct {
    RecordFields record;
    Levels levels;
  } rows[] = {
      {{}, {}},
      {{.system = "slack", .author = "dana"}, {}},
      {{.container = "a", .id = "b"}, {}},
      {{.system = "slack", .container = "incidents", .id = "1762070400.000100"},
       {{"system", "slack"}, {"channel", "incidents"}, {"message", "1762070400.000100"}}},
      {{.system = "jira", .container = "PAY", .id = "PAY-118#comment-10044"},
       {{"system", "jira"},
        {"project", "PAY"},
        {"ticket", "PAY-118"},
        {"comment", "comment-10044"}}},
      {{.system = "jira", .id = "PAY-118#history-7"},
       {{"system", "jira"}, {"ticket", "PAY-118"}, {"change", "history-7"}}},
      {{.system = "github", .container = "contoso/orders", .id = "12#issuecomment-36"},
       {{"system", "github"},
        {"repository", "contoso/orders"},
        {"issue", "12"},
        {"comment", "issuecomment-36"}}},
      {{.system = "mail", .id = "<a#b@x>"}, {{"system", "mail"}, {"message", "<a#b@x>"}}},
      {{.system = "jira", .id = "#comment-1"}, {{"system", "jira"}, {"ticket", "#comment-1"}}},
      {{.system = "jira", .id = "PAY-1#"}, {{"system", "jira"}, {"ticket", "PAY-1#"}}},
      {{.system = "env", .container = ".env"}, {{"system", "env"}, {"file", ".env"}}},
  };
  for (const auto& row : rows) {
    const Record record = row.record;
    Levels levels;
    for (const RecordLevel& level : record_levels(record)) {
      levels.emplace_back(level.kind, level.name);
    }
    EXPECT_EQ(levels, row.levels) << row.record.system << " " << row.record.id;
  }
}

TEST(Record, OnlyWhatPeopleWroteElsewhereIsOfAnExport) {
  for (const std::string system : {"slack", "teams", "discord", "mattermost", "jira", "servicenow",
                                   "zendesk", "github", "gitlab", "confluence", "mail"}) {
    Finding finding = sample_message();
    finding.record = std::make_shared<Record>(RecordFields{.system = system});
    EXPECT_TRUE(of_export(finding)) << system;
    finding.git = std::make_shared<GitFacts>();
    EXPECT_FALSE(of_export(finding)) << system << " in a repository";
  }
  for (const std::string system : {"appinsights", "iis", "env", "functions-secrets", "har", ""}) {
    Finding finding = sample_message();
    finding.record = std::make_shared<Record>(RecordFields{.system = system});
    EXPECT_FALSE(of_export(finding)) << system;
    finding.record = nullptr;
    EXPECT_FALSE(of_export(finding));
  }
}

TEST(Record, AMemberIsToldFromAFileInAFolderWithAMark) {
  const struct {
    std::string path;
    std::vector<std::string_view> encoding;
    bool container, member;
    std::string_view outer;
  } rows[] = {
      {"a.zip!/b/c.log", {"zip"}, true, true, "a.zip"},
      {"a.zip!/b.tgz!/c", {"zip", "gzip", "tar", "percent"}, true, true, "a.zip"},
      {"a.log.gz", {"gzip"}, true, false, "a.log.gz"},
      {"a!/b.log", {}, false, false, "a!/b.log"},
      {"a!/b.log", {"log-record"}, false, false, "a!/b.log"},
      {"a!/b.log", {"utf-16le", "base64"}, false, false, "a!/b.log"},
      {"b.log", {"percent", "json-escape"}, false, false, "b.log"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.path);
    Finding finding = sample_finding("AZF1001", "{key:master}", 1, row.path, 1);
    finding.encoding = row.encoding;
    EXPECT_EQ(from_container(finding), row.container);
    EXPECT_EQ(is_member(finding), row.member);
    EXPECT_EQ(outer_path(finding), row.outer);
  }
  EXPECT_EQ(outer_path(Finding()), "");
  EXPECT_FALSE(is_member(Finding()));
}

}  // namespace
}  // namespace assay
