#include <gtest/gtest.h>

#include <ctime>

#include "scanner/records/export_text.h"
#include "tests/scanner/records/text_samples.h"

namespace assay::text_test {
namespace {

std::string number(uint64_t value, int bytes) {
  std::string out;
  for (; bytes > 0; --bytes, value >>= 8) out += static_cast<char>(value & 0xFF);
  return out;
}

// A journal's value with a length before it; `text` has its keys already.
std::string journal_value(const std::string& name, const std::string& text) {
  return name + "\n" + number(text.size(), 8) + text + "\n";
}

std::string event(uint64_t id, uint64_t filetime, const std::string& text) {
  const uint64_t size = 24 + text.size() + 4;
  return std::string("**\0\0", 4) + number(size, 4) + number(id, 8) + number(filetime, 8) + text +
         number(size, 4);
}

std::string event_log(const std::string& records) {
  std::string out = std::string("ElfFile\0", 8);
  out.resize(4096);
  out += std::string("ElfChnk\0", 8);
  out.resize(4096 + 512);
  out += records;
  out.resize(4096 + 65536);
  return out;
}

std::vector<Sample> web_samples() {
  std::vector<Sample> out;
  out.push_back(
      {"IIS, with fields that change",
       "u_ex251102.log",
       "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n"
       "#Date: 2025-11-02 08:00:00\r\n"
       "#Fields: date time s-sitename cs-method cs-uri-stem cs-uri-query cs-username c-ip "
       "sc-status\r\n"
       "2025-11-02 08:00:00 APP GET /api/F code={key:function}&X=1 - 10.1.2.3 200\r\n"
       "2025-11-02 08:00:01 APP GET /api/G code={key:function} CONTOSO\\dana 10.1.2.3 200\r\n"
       "#Fields: date time cs-method cs-uri-stem cs-host cs(Referer)\r\n"
       "2025-11-02 08:00:02 POST /api/H orders.contoso.example https://x/?code={key:function}\r\n",
       {{"iis", "APP", "", "", "2025-11-02T08:00:00Z", "", "GET /api/F"},
        {"iis", "APP", "", "CONTOSO\\dana", "2025-11-02T08:00:01Z", "", "GET /api/G"},
        {"iis", "orders.contoso.example", "", "", "2025-11-02T08:00:02Z", "", "POST /api/H"}},
       ""});
  out.push_back(
      {"combined",
       "var/log/nginx/access.log",
       "10.1.2.3 - dana [02/Nov/2025:09:00:00 +0100] \"GET /api/F?code={key:function} HTTP/1.1\" "
       "200 512 "
       "\"-\" \"curl \\\"8\\\"\"\n"
       "::1 - - [02/Nov/2025:09:00:01 +0100] \"GET / HTTP/1.1\" 200 5 "
       "\"https://x/?code={key:function}\" \"a\"\n"
       "10.1.2.3 - - [02/Nov/2025:09:00:02 +0100] \"\\x16{key:function}\" 400 0 \"-\" \"-\"\n",
       {{"nginx", "", "", "dana", "2025-11-02T08:00:00Z", "", "GET /api/F"},
        {"nginx", "", "", "", "2025-11-02T08:00:01Z", "", "GET /"},
        {"nginx", "", "", "", "2025-11-02T08:00:02Z", "", ""}},
       ""});
  out.push_back(
      {"common, with a virtual host",
       "logs/other_vhosts_access.log",
       "orders.contoso.example:443 10.1.2.3 - - [02/Nov/2025:09:00:00 +0100] "
       "\"GET /api/F?code={key:function} HTTP/1.1\" 200 512\r\n",
       {{"access-log", "orders.contoso.example", "", "", "2025-11-02T08:00:00Z", "", "GET /api/F"}},
       ""});
  out.push_back({"nginx's error.log",
                 "error.log",
                 "2025/11/02 08:00:00 [error] 31#31: *42 open() \"/x\" failed, client: 10.1.2.3, "
                 "server: orders, "
                 "request: \"GET /api/F?code={key:function} HTTP/1.1\", host: \"h\"\n",
                 {{"nginx", "orders", "42", "", "", "", "GET /api/F"}},
                 ""});
  return out;
}

std::vector<Sample> other_samples() {
  std::vector<Sample> out;
  const std::string lines =
      "2025-11-02T08:00:00.123456789Z stdout F started\n"
      "2025-11-02T08:00:01.123456789Z stderr P ?code={key:function}\n"
      "2025-11-02T09:00:02.123456790+01:00 stderr F end {key:function}\n";
  const std::string id(64, 'a');
  for (const auto& [path, container] :
       {std::pair<std::string, std::string>{"var/log/pods/prod_orders-7d9_0b1c/app/0.log",
                                            "prod/orders-7d9/app"},
        {"containers/orders-7d9_prod_app-" + id + ".log", "prod/orders-7d9/app"},
        {"pod.log", "pod"}}) {
    out.push_back({"CRI " + path,
                   path,
                   lines,
                   {{"cri", container, "", "", "2025-11-02T08:00:01Z", "", ""},
                    {"cri", container, "", "", "2025-11-02T08:00:02Z", "", ""}},
                   ""});
  }
  const std::string key = filled("{key:function}");
  out.push_back({"journal, as export",
                 "journal.export",
                 "__CURSOR=s=6f;i=1\n__REALTIME_TIMESTAMP=1762070400000000\n_BOOT_ID=1\n"
                 "MESSAGE={key:function}\n_SYSTEMD_UNIT=orders.service\n\n" +
                     std::string("__CURSOR=s=6f;i=2\n__REALTIME_TIMESTAMP=1762070401000000\n") +
                     journal_value("MESSAGE", "a\n\n__CURSOR=s=no\n" + key) +
                     "SYSLOG_IDENTIFIER=orders\n\n",
                 {{"journald", "orders.service", "s=6f;i=1", "", "2025-11-02T08:00:00Z", "", ""},
                  {"journald", "orders", "s=6f;i=2", "", "2025-11-02T08:00:01Z", "", ""}},
                 ""});
  out.push_back(
      {"journal, as JSON",
       "journal.json",
       "{\"__CURSOR\":\"s=6f;i=1\",\"__REALTIME_TIMESTAMP\":\"1762070400000000\",\"MESSAGE\":"
       "\"{key:function}\",\"_SYSTEMD_UNIT\":\"orders.service\",\"X\":[\"a\",\"b\"]}\n",
       {{"journald", "orders.service", "s=6f;i=1", "", "2025-11-02T08:00:00Z", "", ""}},
       ""});
  out.push_back(
      {"event log",
       "Microsoft-Windows-PowerShell%4Operational.evtx",
       event_log(event(7, 134065440000000000, "x") + event(8, 134065440010000000, "key " + key)),
       {{"evtx", "Microsoft-Windows-PowerShell/Operational", "8", "", "2025-11-02T08:00:01Z", "",
         ""}},
       ""});
  out.push_back(
      {"asciicast 2",
       "a.cast",
       "{\"version\": 2, \"width\": 80, \"height\": 24, \"timestamp\": 1762070400, \"title\": "
       "\"deploy {key:function}\"}\n[0.5, \"o\", \"$ \"]\n[61.9, \"o\", "
       "\"{key:function}\\r\\n\"]\n",
       {{"asciicast", "deploy " + key, "", "", "2025-11-02T08:00:00Z", "", ""},
        {"asciicast", "deploy " + key, "", "", "2025-11-02T08:01:01Z", "", ""}},
       ""});
  out.back().text = filled(out.back().text);
  out.back().records[0].container = out.back().records[1].container =
      out.back().text.substr(out.back().text.find("deploy"), 7 + 56);
  out.push_back(
      {"asciicast 3",
       "rec/demo.cast",
       "{\"version\": 3, \"term\": {\"cols\": 80, \"rows\": 24}, \"timestamp\": 1762070400}\n"
       "# a comment\n[0.6, \"o\", \"$ \"]\n[0.6, \"o\", \"{key:function}\\r\\n\"]\n",
       {{"asciicast", "demo", "", "", "2025-11-02T08:00:01Z", "", ""}},
       ""});
  out.push_back(
      {"asciicast 1",
       "old.json",
       "{\n \"version\": 1,\n \"width\": 80,\n \"height\": 24,\n \"title\": \"t\",\n \"stdout\": "
       "[\n [0.1, \"{key:function}\"]\n]}\n",
       {{"asciicast", "t", "", "", "", "", ""}},
       ""});
  out.push_back({"environment",
                 "app/.env",
                 "# {key:function}\nA=1\nexport ORDERS_KEY=\"{key:function}\" # ok\nPEM=\"line\n"
                 "{key:function}\nB=no\"\nB='{key:function}'\nC={key:function}\n",
                 {{},
                  {"env", ".env", "ORDERS_KEY", "", "", "", ""},
                  {"env", ".env", "PEM", "", "", "", ""},
                  {"env", ".env", "B", "", "", "", ""},
                  {"env", ".env", "C", "", "", "", ""}},
                 ""});
  const std::string discord_id = std::to_string((1762070400000 - 1420070400000) << 22);
  out.push_back(
      {"Discord's page",
       "Contoso - Eng - bot-dev [8001].html",
       "<!DOCTYPE html><html><head><style>.chatlog__message{}</style></head><body>\n"
       "<div class=chatlog__message-group>\n<div id=chatlog__message-container-" +
           discord_id + " class=\"chatlog__message-container\" data-message-id=" + discord_id +
           ">\n<span class=chatlog__author style=\"x\" title=dana data-user-id=1001>Dana</span>"
           "<span>{key:function}</span></div>\n"
           "<div id=chatlog__message-container-" +
           std::to_string((1762070401000 - 1420070400000) << 22) +
           ">{key:function}</div></div>\n"
           "<div class=\"chatlog__message-group\"><div id=\"chatlog__message-container-" +
           discord_id +
           "\"><span class=\"chatlog__author\" title=\"milo &amp; co\">M</span>{key:function}\n",
       {{"discord", "bot-dev", discord_id, "dana", "2025-11-02T08:00:00Z", "", ""},
        {"discord", "bot-dev", std::to_string((1762070401000 - 1420070400000) << 22), "dana",
         "2025-11-02T08:00:01Z", "", ""},
        {"discord", "bot-dev", discord_id, "milo & co", "2025-11-02T08:00:00Z", "", ""}},
       ""});
  out.push_back(
      {"a transcript of Teams",
       "Teams/conversation_2025-11-02.html",
       "<!DOCTYPE html><html><body><h1>Microsoft Teams 19:ab@thread.tacv2</h1>\n"
       "<div><b>Dana Ibo</b></div><div>2025-11-02 08:00:00 UTC</div><p>{key:function}</p>\n"
       "<div><b>Milo</b></div><div>2025-11-02T08:01:00Z</div><p>{key:function}</p></body></html>\n",
       {{"teams", "conversation_2025-11-02", "", "Dana Ibo", "2025-11-02T08:00:00Z", "", ""},
        {"teams", "conversation_2025-11-02", "", "Milo", "2025-11-02T08:01:00Z", "", ""}},
       ""});
  return out;
}

TEST(WebLogs, NameRequestsWithoutTheirQueries) { expect_all(web_samples()); }
TEST(LogRecords, NameEntriesAndVariables) { expect_all(other_samples()); }

TEST(LogRecords, AreNotSeenInOtherText) {
  const struct {
    const char* path;
    const char* text;
  } rows[] = {
      {"app.log", "2025-11-02 08:00:00 INFO started\n"},
      {"app.log", "2025-11-02T08:00:00Z stdout of the program\n"},
      {"a.log", "#Fields: a b c\n1 2 3\n"},
      {"notes.txt", "10.1.2.3 [02/Nov/2025:09:00:00 +0100] hello\n"},
      {"a.cs", "array [1] \"x\"\n"},
      {"a.env.ts", "export const A=1\n"},
      {".env", "this is a text\nand no variables\nA=1\n"},
      {"settings.conf", "A=1\nB=2\n"},
      {"a.json", "{\"version\":2,\"dependencies\":{}}\n"},
      {"a.json", "{\"version\":1,\"height\":2}\n"},
      {"page.html", "<!DOCTYPE html><html><body>2025-11-02 08:00:00 UTC</body></html>"},
      {"teams.html", "<!DOCTYPE html><html><body>2025-11-02 08:00:00 UTC</body></html>"},
      {"vars.txt", "_BOOT_ID=1\n"},
      {"a.evtx", "ElfFile"},
      {"empty", ""},
  };
  for (const auto& row : rows)
    EXPECT_EQ(recognised(row.path, row.text), "") << row.path << row.text;
}

TEST(LogRecords, SurviveLongLinesAndLargeNeighbours) {
  const std::string line = "::1 - dana [02/Nov/2025:09:00:00 +0100] \"GET /a?code={key:function}";
  const std::string end = " HTTP/1.1\" 200 5\n";
  std::string text = filled(line + end + line + std::string(3 << 20, 'x') + end + line + end);
  Told told = tell("access.log", text, keys_in(text));
  for (const Record& record : told.found.records) EXPECT_EQ(record.author, "dana");

  text =
      filled(line + end + line + std::string(20 << 20, 'x') + "{key:function}" + end + line + end);
  told = tell("access.log", text, keys_in(text));
  EXPECT_EQ(told.found.records[0].author, "dana");
  EXPECT_EQ(told.found.records[1].system, "");
  EXPECT_EQ(told.found.records[2].system, "");
  EXPECT_EQ(told.found.records[3].author, "dana");
  EXPECT_NE(told.found.problem.find("longer than"), std::string::npos);

  // The line of fields is far above.
  std::string w3c = "#Fields: date time cs-method cs-uri-stem cs-uri-query\n";
  while (w3c.size() < (3 << 20)) w3c += "2025-11-02 08:00:00 GET /x -\n";
  w3c += filled("2025-11-02 08:00:01 GET /api/F code={key:function}\n");
  told = tell("u_ex.log", w3c, keys_in(w3c));
  EXPECT_EQ(told.found.records[0].operation, "GET /api/F");

  // A length in a journal that nothing backs.
  const std::string journal =
      "__CURSOR=s=1\n_BOOT_ID=1\nMESSAGE\n" + std::string(8, '\xFF') + filled("{key:function}\n");
  told = tell("j", journal, keys_in(journal));
  EXPECT_NE(told.found.problem, "");
}

// One line of 2 MiB with a place every 16 bytes: each must not cost a look at the whole line.
TEST(TextRecords, AreLinearInTheOffsets) {
  const std::string big(2 << 20, 'x');
  const struct {
    const char* path;
    std::string head;
  } rows[] = {
      {"access.log", "::1 - dana [02/Nov/2025:09:00:00 +0100] \"GET /a?"},
      {"0.log", "2025-11-02T08:00:00.1Z stdout F "},
      {"a.cast", "{\"version\":2,\"width\":8,\"height\":2,\"timestamp\":1}\n[1,\"o\",\""},
      {"j.json", "{\"__REALTIME_TIMESTAMP\":\"1\",\"_BOOT_ID\":\"1\",\"MESSAGE\":\""},
      {"a.eml", "From: a@x\nTo: b@x\n\n"},
      {".env", "A="},
      {"d.csv", "Summary,Issue key,Issue id,Status\na,PAY-1,1,"},
      {"d.html",
       "<html>.chatlog__ <div class=chatlog__message-group>"
       "<div id=chatlog__message-container-99 ><span class=chatlog__author>a</span>"},
      {"teams.html", "<html>Microsoft Teams 2025-11-02 08:00:00 UTC"},
      {"a.xml", "<!-- RSS generated by JIRA --><rss><channel><item><key>PAY-1</key><comments>"},
      {"a.xml", "<hibernate-generic><object class=\"Page\"><id>1</id>"},
      {"a.xml", "<unload unload_date=\"\"><incident><number>1</number>"},
      {"a.xml", "<entity-engine-xml><Issue id=\"1\"><a>"},
  };
  for (const auto& row : rows) {
    const std::string text = row.head + big;
    std::vector<uint64_t> offsets;
    for (uint64_t at = row.head.size(); at < text.size(); at += 16) offsets.push_back(at);
    const std::clock_t begin = std::clock();
    const Told told = tell(row.path, text, offsets);
    const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    EXPECT_NE(told.system, "") << row.path << row.head;
    EXPECT_LT(took, 8) << row.path << row.head;
  }
}

TEST(LineFinder, FindsWhatStandsAround) {
  const std::string text = "one\n\ntwo\nthree";
  const MemoryReader bytes(text, 0, false, true);
  Export in;
  in.bytes = &bytes;
  LineFinder lines(in);
  const struct {
    uint64_t offset;
    std::string line;
    uint64_t begin;
  } rows[] = {{0, "one", 0}, {2, "one", 0},   {4, "", 4},
              {5, "two", 5}, {9, "three", 9}, {13, "three", 9}};
  for (const auto& row : rows) {
    const Line* line = lines.at(row.offset);
    ASSERT_NE(line, nullptr);
    EXPECT_EQ(line->text, row.line);
    EXPECT_EQ(line->begin, row.begin);
  }
}

}  // namespace
}  // namespace assay::text_test
