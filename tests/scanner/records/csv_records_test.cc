#include <gtest/gtest.h>

#include "scanner/records/csv_text.h"
#include "tests/scanner/records/text_samples.h"

namespace assay::text_test {
namespace {

std::vector<Sample> samples() {
  std::vector<Sample> out;
  out.push_back({"Jira",
                 "Jira.csv",
                 "Summary,Issue key,Issue id,Project key,Reporter,Created,Comment,Comment\r\n"
                 "Other,PAY-117,10117,PAY,dana,02/Nov/25 8:00 AM,,\r\n"
                 "\"Refund, \"\"403\"\" {key:function}\",PAY-118,10118,PAY,dana,02/Nov/25 9:00 AM,"
                 "\"02/Nov/25 9:05 AM;milo;line one\nline two {key:function}\",{key:function}\r\n"
                 "Last,PAY-119,10119,PAY,dana,,,\r\n",
                 {},
                 ""});
  const Record issue = {"jira", "PAY", "PAY-118", "dana", "", "", ""};
  Record comment = issue, bare = issue;
  comment.author = "milo";
  bare.author = "";
  out.back().records = {issue, comment, bare};
  out.push_back({"Jira, with a mark, semicolons and no project's key",
                 "Jira.csv",
                 "\xEF\xBB\xBFSummary;Issue key;Issue id;Status;Description\n"
                 "t;PAY-118;10118;Open;\"a;b\n{key:function}\"\n",
                 {{"jira", "PAY", "PAY-118", "", "", "", ""}},
                 ""});
  out.push_back(
      {"ServiceNow, in Windows-1252",
       "exports/incident.csv",
       "\"number\",\"short_description\",\"opened_by\",\"sys_created_by\",\"work_notes\"\r\n"
       "\"INC0010023\",\"{key:function}\",\"D\xE4na Ibo\",\"\",\"2025-11-02 09:00:00 - D\xE4na I "
       "(Work notes)\n{key:function}\n\n\"\r\n",
       {{"servicenow", "incident", "INC0010023", "D\xC3\xA4na Ibo", "", "", ""},
        {"servicenow", "incident", "INC0010023", "D\xC3\xA4na I", "", "", ""}},
       ""});
  out.push_back(
      {"Zendesk",
       "tickets.csv",
       "Id,Subject,Status,Requester,Submitter,Group,Assignee,Created at\n"
       "4711,403 {key:function},open,Dana Ibo,Dana Ibo,Support,Milo,2025-11-02T08:00:00Z\n",
       {{"zendesk", "", "4711", "Dana Ibo", "2025-11-02T08:00:00Z", "", ""}},
       ""});
  out.push_back(
      {"Discord",
       "Contoso - Eng - bot-dev [8001] [part 2].csv",
       "AuthorID,Author,Date,Content,Attachments,Reactions\n"
       "\"1001\",\"dana\",\"2025-11-02T09:00:00.1230000+01:00\",\"{key:function}\",\"\",\"\"\n",
       {{"discord", "bot-dev", "", "dana", "2025-11-02T08:00:00Z", "", ""}},
       ""});
  out.push_back(
      {"Application Insights",
       "query_data.csv",
       "\xEF\xBB\xBF\"timestamp [UTC]\",message,\"customDimensions\",\"operation_Name\","
       "\"cloud_RoleName\",itemId\n"
       "\"11/2/2025, 8:00:00.123 AM\",\"GET "
       "{key:function}\",\"{\"\"a\"\":\"\"{key:function}\"\"}\","
       "Refund,contoso-orders,6e2f\n",
       {{"appinsights", "contoso-orders", "6e2f", "", "2025-11-02T08:00:00Z", "", "Refund"},
        {"appinsights", "contoso-orders", "6e2f", "", "2025-11-02T08:00:00Z", "", "Refund"}},
       ""});
  out.push_back(
      {"Log Analytics: AppServiceHTTPLogs",
       "query_data.csv",
       "\"TimeGenerated [UTC]\",CsMethod,CsUriStem,CsUriQuery,CsUsername,\"_ResourceId\"\n"
       "\"11/2/2025, 8:00:00.123 "
       "PM\",GET,/api/F,\"code={key:function}\",dana,/subscriptions/1/sites/app\n",
       {{"appinsights", "app", "", "dana", "2025-11-02T20:00:00Z", "", "GET /api/F"}},
       ""});
  out.push_back(
      {"a quote that never ends",
       "Jira.csv",
       "Summary,Issue key,Issue id,Status\nt,PAY-118,10118,\"{key:function}\nt,PAY-119,1,\n",
       {{"jira", "PAY", "PAY-118", "", "", "", ""}},
       "cut off at byte"});
  return out;
}

TEST(CsvRecords, NameTheRowThatHoldsTheKey) { expect_all(samples()); }

TEST(CsvRecords, AreNotSeenInOtherCsv) {
  const struct {
    const char* path;
    const char* text;
  } rows[] = {
      {"a.csv", "name,value\na,b\n"},
      {"users.csv", "Id,Name,Email\n1,a,b\n"},
      {"log.csv", "timestamp,message\n2025-11-02T08:00:00Z,x\n"},
      {"tickets.csv", "Id,Subject,Text\n1,a,b\n"},
      {"phones.csv", "number,name\n1,a\n"},
      {"chat.csv", "Author,Date,Content\n1,a,b\n"},
      {"a.txt", "Issue key"},
      {"empty.csv", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(recognised(row.path, row.text), "") << row.path;
}

TEST(CsvRecords, SurviveLargeNeighbours) {
  const std::string header = "Summary,Issue key,Issue id,Status\n";
  std::string text =
      filled(header + "\"" + std::string(3 << 20, '\n') + "\",PAY-1,1,\n{key:function},PAY-2,2,\n");
  Told told = tell("a.csv", text, keys_in(text));
  EXPECT_EQ(told.found.records[0].id, "PAY-2");
  EXPECT_EQ(told.found.problem, "");
  text = filled(header + "\"" + std::string(20 << 20, 'x') + "\n{key:function},PAY-2,2,\n");
  told = tell("a.csv", text, keys_in(text));
  EXPECT_EQ(told.found.records[0].id, "");
  EXPECT_NE(told.found.problem.find("row of over"), std::string::npos) << told.found.problem;
  text = filled(header + "{key:function}" + std::string(3 << 20, ',') + "\n");
  told = tell("a.csv", text, keys_in(text));
  EXPECT_EQ(told.found.records[0].system, "jira");
}

TEST(CsvHeader, ReadsNamesInEachForm) {
  const struct {
    std::string head;
    std::vector<std::string> names;
  } rows[] = {
      {"a,b\n1,2\n", {"a", "b"}},       {"\xEF\xBB\xBF\"a\",\"b \"\"c\"\"\"\r\n", {"a", "b \"c\""}},
      {"a;b,c;d\n", {"a", "b,c", "d"}}, {"a\tb", {"a", "b"}},
      {"\"a,b\";c\n", {"a,b", "c"}},    {"alone\n", {}},
      {std::string("a\0,b\n", 5), {}},  {"", {}},
  };
  for (const auto& row : rows) {
    const std::optional<CsvHeader> header = CsvHeader::read(row.head);
    EXPECT_EQ(header ? header->names() : std::vector<std::string>{}, row.names) << row.head;
  }
}

}  // namespace
}  // namespace assay::text_test
