// The HTML form needs nothing from elsewhere, and no name gets out of its text.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "reports/incident_page.h"
#include "rules/keys/base64.h"
#include "tests/reports/incident_hostile.h"

namespace assay {
namespace {

// The tags of a page with their attributes, in order, outside of the fixed style and script. A tag
// whose text is not closed is a failure.
std::vector<std::string> tags_of(std::string page) {
  for (const std::string_view fixed : {kPageStyle, kPageScript}) {
    const size_t at = page.find(fixed);
    EXPECT_NE(at, std::string::npos);
    if (at != std::string::npos) page.erase(at, fixed.size());
  }
  std::vector<std::string> tags;
  for (size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const size_t end = page.find_first_of("<>", at + 1);
    if (end == std::string::npos || page[end] == '<') {
      ADD_FAILURE() << "a tag is not closed: " << page.substr(at, 40);
      return tags;
    }
    tags.push_back(page.substr(at, end - at + 1));
  }
  return tags;
}

TEST(IncidentHtml, NoNameMakesATag) {
  const std::vector<std::string> tame = tags_of(write_hostile(write_incident_html, "tame"));
  ASSERT_GT(tame.size(), 200u);
  for (const std::string& name : hostile_names()) {
    SCOPED_TRACE(name.substr(0, 60));
    const std::string page = write_hostile(write_incident_html, name);
    EXPECT_EQ(tags_of(page), tame);
    for (const char* character : {"\xe2\x80\xae", "\xe2\x80\xa8", "\x1b"}) {
      EXPECT_EQ(page.find(character), std::string::npos);
    }
  }
}

TEST(IncidentHtml, OnlyAddressesOfRecordsAreLinks) {
  const struct {
    const char* link;
    bool is_link;
  } rows[] = {
      {"https://contoso.slack.com/archives/C1/p1?a=b&c=d#e", true},
      {"http://jira.contoso.example/browse/PAY-118", true},
      {"javascript:alert(1)", false},
      {"data:text/html,x", false},
      {"https://", false},
      {"https://a b", false},
      {"https://a\"onclick=\"x", false},
      {"//evil.example", false},
      {" https://a", false},
      {"HTTPS://a", false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.link);
    Finding message = sample_message();
    Record record = sample_record();
    record.link = row.link;
    message.record = std::make_shared<Record>(record);
    std::vector<FindingsFile> reports;
    reports.push_back(
        parse_findings(write_report("jsonl", {}, {message}), "a.jsonl", sample_rules()));
    const std::string page = write_record(write_incident_html, reports);
    EXPECT_EQ(page.find("<a ") != std::string::npos, row.is_link);
    if (row.is_link) {
      EXPECT_NE(page.find("rel=\"noopener noreferrer\""), std::string::npos);
    }
  }
}

TEST(IncidentHtml, ThePolicyNamesStyleAndScriptByTheirHashes) {
  const std::string page = write_hostile(write_incident_html, "tame");
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(page.find("unsafe"), std::string::npos);
  for (const auto& [tag, kind] : {std::pair("style", "style-src"), {"script", "script-src"}}) {
    const std::string open = std::string("<") + tag + ">";
    const size_t begin = page.find(open) + open.size();
    const size_t end = page.find(std::string("</") + tag + ">", begin);
    const auto digest = sha256(std::string_view(page).substr(begin, end - begin));
    const std::string hash =
        encode_base64({digest.data(), digest.size()}, Base64Alphabet::standard);
    EXPECT_NE(page.find(std::string(kind) + " 'sha256-" + hash + "'"), std::string::npos) << tag;
    EXPECT_EQ(page.find(open, end), std::string::npos) << "there is one " << tag;
  }
  for (const char* foreign : {"src=", "url(", "@import", "<link", "<iframe", "style=", " on"}) {
    std::string tags;
    for (const std::string& tag : tags_of(page)) tags += tag;
    EXPECT_EQ(tags.find(foreign), std::string::npos) << foreign;
    if (std::string_view(foreign) != " on" && std::string_view(foreign) != "style=") {
      EXPECT_EQ(kPageStyle.find(foreign), std::string_view::npos) << foreign;
    }
  }
}

TEST(IncidentHtml, PlacesPastTheLimitAreCounted) {
  std::vector<Finding> findings;
  for (uint64_t i = 1; i <= kShownPlaces + 3; ++i) {
    findings.push_back(sample_finding("AZF1002", "{key:function}", 1, "a.log", i));
  }
  std::vector<FindingsFile> reports;
  reports.push_back(parse_findings(write_report("jsonl", {}, findings), "a", sample_rules()));
  const std::string page = write_record(write_incident_html, reports);
  EXPECT_NE(page.find("503 places, no owner known"), std::string::npos);
  EXPECT_NE(page.find("<caption>503 places</caption>"), std::string::npos);
  EXPECT_NE(page.find("3 more places are not shown"), std::string::npos);
}

}  // namespace
}  // namespace assay
