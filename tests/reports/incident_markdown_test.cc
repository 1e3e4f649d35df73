// No name gets out of its place in the Markdown form: the lines keep their shape.
#include <gtest/gtest.h>

#include "tests/reports/incident_hostile.h"

namespace assay {
namespace {

// A line without the texts in code, which hold no backtick: what is left is markup. Cells of a
// table are split before code is looked for, so `|` counts wherever it stands but behind a
// backslash.
std::string shape_of(const std::string& line) {
  std::string shape;
  size_t fence = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && fence == 0) {  // a character of ours that marks nothing up
      ++i;
      continue;
    }
    if (c == '`') {
      const size_t run = std::min(line.find_first_not_of('`', i), line.size()) - i;
      if (fence == 0) shape += "C";
      fence = fence == 0 ? run : fence == run ? 0 : fence;
      i += run - 1;
      continue;
    }
    if (fence == 0 || (c == '|' && line.starts_with('|'))) shape += c;
  }
  EXPECT_EQ(fence, 0u) << "code is not closed";
  return shape;
}

// The shapes of a document about `name`, without the sentences that the name stands in outside of
// code, which are escaped.
std::vector<std::string> shapes_of(const std::string& name) {
  std::vector<std::string> shapes;
  for (const std::string& line : lines_of(write_hostile(write_incident_markdown, name))) {
    shapes.push_back(shape_of(line));
  }
  return shapes;
}

// Whether a sentence that is escaped could still mark something up.
bool is_harmless(const std::string& shape) {
  for (const char* mark : {"<", ">", "[", "]", "*", "_", "~", "$", "://", "www.", "@", "&"}) {
    if (shape.find(mark) != std::string::npos) return false;
  }
  return true;
}

TEST(IncidentMarkdown, NoNameMarksAnythingUp) {
  const std::vector<std::string> tame = shapes_of("tame");
  ASSERT_GT(tame.size(), 100u);
  for (const std::string& name : hostile_names()) {
    SCOPED_TRACE(name.substr(0, 60));
    const std::vector<std::string> shapes = shapes_of(name);
    ASSERT_EQ(shapes.size(), tame.size()) << "a name makes no line";
    for (size_t i = 0; i < shapes.size(); ++i) {
      const bool table = tame[i].starts_with("|");
      if (table) {
        EXPECT_EQ(shapes[i], tame[i]) << "a name makes no cell";
        continue;
      }
      const size_t text = tame[i].find_first_not_of("#-+ []0123456789.");
      const std::string lead = tame[i].substr(0, text);
      EXPECT_TRUE(shapes[i].starts_with(lead)) << i << ": " << shapes[i];
      const bool list = lead.find('[') != std::string::npos;  // `- [ ] `
      EXPECT_TRUE(tame[i].starts_with("**") || is_harmless(shapes[i].substr(list ? 6 : 0)))
          << i << ": " << shapes[i];
    }
  }
}

TEST(IncidentMarkdown, TellsWhatIsKnown) {
  std::vector<FindingsFile> reports;
  reports.push_back(parse_findings(
      write_report("jsonl", {}, {sample_findings()[1], sample_message()}, sample_diagnostics()),
      "a.jsonl", sample_rules()));
  const std::string text = write_record(write_incident_markdown, reports, "Leak of 2 November");
  for (const char* said : {
           "# Leak of 2 November\n\n**One key, 2 places, no owner known.**\n",
           "**This record is not complete.",
           "2 of its inputs could not be scanned whole",
           "## 1. Azure Functions function or host key `7KH…AzFu…(56)`",
           "| Proof | checksum holds |",
           "### What it may do\n\nCall the functions of the app.",
           "| `logs/web/app.log` | 40 | 9 | 1208 | `query; percent` |",
           "<https://contoso.slack.com/archives/C1/p1762070400000100>",
           "first seen 2025-11-02T08:00:00Z at export.zip!/incidents/2025-11-02.json:1:9",
           "- [ ] ",
           "| Subscription |  |\n| Function App | `contoso-orders` |\n| Function name | `Refund` "
           "|\n"
           "| Slot | `staging` |\n| Key name | `default` |\n| Caller |  |\n| Timestamp |  |\n"
           "| Rollback action | `Until the old key is deleted",
           "- `secrets/host.json could not be read: permission denied.",
       }) {
    EXPECT_NE(text.find(said), std::string::npos) << said << "\nin\n" << text;
  }
}

TEST(IncidentMarkdown, TellsEachKeyInALineIfThereAreSeveral) {
  std::vector<FindingsFile> reports;
  reports.push_back(
      parse_findings(write_report("jsonl", {}, sample_findings(), {}), "a.jsonl", sample_rules()));
  const std::string text = write_record(write_incident_markdown, reports, "Leak");
  const size_t table = text.find("| | Key | Of | Places | Owner | Do now |\n|---:|");
  ASSERT_NE(table, std::string::npos) << text;
  EXPECT_LT(table, text.find("\n## 1. "));
  EXPECT_NE(text.find("\n| 1 | "), std::string::npos);
  EXPECT_NE(text.find("\n| 2 | "), std::string::npos);
  EXPECT_NE(text.find(" | Create the replacement beside it |\n"), std::string::npos);
}

}  // namespace
}  // namespace assay
