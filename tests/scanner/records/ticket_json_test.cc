// Jira, ServiceNow, Zendesk, GitHub, GitLab.
#include "tests/scanner/records/json_samples.h"

namespace assay::json_test {
namespace {

std::vector<Sample> jira_samples() {
  return {
      {"a page of issues",
       "jira/search.json",
       R"j({"expand":"names","startAt":0,"maxResults":50,"total":2,"issues":[
  {"expand":"","id":"10118","self":"https://contoso.atlassian.net/rest/api/3/issue/10118","key":"PAY-118",
   "fields":{"summary":"403 {key:system}","project":{"key":"PAY","name":"Payments"},
     "created":"2025-11-02T09:00:00.000+0100","reporter":{"accountId":"5b1","displayName":"Dana Ibo"},
     "creator":{"accountId":"5b2","displayName":"Somebody else"},
     "description":{"type":"doc","version":1,"content":[{"type":"paragraph","content":[
       {"type":"text","text":"code={key:function:a}"}]}]},
     "comment":{"comments":[
       {"self":"https://contoso.atlassian.net/rest/api/3/issue/10118/comment/10044","id":"10044",
        "author":{"accountId":"5b3","displayName":"Milo"},"body":"{key:function:a}",
        "created":"2025-11-02T09:10:00.999+0100","updated":"2025-11-02T10:10:00.000+0100"}],"total":1},
     "worklog":{"worklogs":[{"id":"700","author":{"accountId":"5b4"},"comment":"{key:master}",
        "created":"2025-11-02T09:20:00.000+0100"}]}},
   "changelog":{"histories":[{"id":"20011","author":{"displayName":"Ren"},
     "created":"2025-11-02T09:30:00.000+0100","items":[{"field":"description",
       "fromString":"old {key:function:b}","toString":"new"}]}]},
   "renderedFields":{"description":"<p>{key:function:a}</p>","comment":{"comments":[{"id":"10044",
     "author":{"displayName":"Milo"},"body":"<p>{key:function:a}</p>","created":"02/Nov/25 9:10 AM"}]}}}]})j",
       {"jira | PAY | PAY-118 | Dana Ibo | 2025-11-02T08:00:00Z | "
        "https://contoso.atlassian.net/browse/PAY-118",
        "jira | PAY | PAY-118 | Dana Ibo | 2025-11-02T08:00:00Z | "
        "https://contoso.atlassian.net/browse/PAY-118",
        "jira | PAY | PAY-118#comment-10044 | Milo | 2025-11-02T08:10:00Z | "
        "https://contoso.atlassian.net/browse/PAY-118?focusedCommentId=10044",
        "jira | PAY | PAY-118#worklog-700 | 5b4 | 2025-11-02T08:20:00Z | "
        "https://contoso.atlassian.net/browse/PAY-118",
        "jira | PAY | PAY-118#history-20011 | Ren | 2025-11-02T08:30:00Z | "
        "https://contoso.atlassian.net/browse/PAY-118",
        "jira | PAY | PAY-118 | Dana Ibo | 2025-11-02T08:00:00Z | "
        "https://contoso.atlassian.net/browse/PAY-118",
        "jira | PAY | PAY-118#comment-10044 | Milo |  | "
        "https://contoso.atlassian.net/browse/PAY-118?focusedCommentId=10044"}},
      {"one issue of a server below a path",
       "PAY-7.json",
       R"j({"key":"PAY-7","self":"https://jira.contoso.com/jira/rest/api/2/issue/7","fields":{
          "description":"{key:master}","creator":{"name":"dibo","displayName":""},
          "created":"2025-11-02T08:00:00.000+0000"}})j",
       {"jira | PAY | PAY-7 | dibo | 2025-11-02T08:00:00Z | "
        "https://jira.contoso.com/jira/browse/PAY-7"}},
      {"through the cloud's gateway there is no site",
       "issues.json",
       R"j({"issues":[{"key":"A-1","self":"https://api.atlassian.com/ex/jira/77/rest/api/3/issue/1",
          "fields":{"summary":"{key:master}"}}],"nextPageToken":"x","isLast":true})j",
       {"jira | A | A-1"}},
      {"comments without their issue",
       "comments.json",
       R"j({"startAt":0,"comments":[{"self":"https://j.contoso.com/rest/api/2/issue/10118/comment/9",
          "id":"9","author":{"name":"dana"},"body":"{key:master}","created":"2025-11-02T08:00:00.000+0000"}]})j",
       {"jira |  | 10118#comment-9 | dana | 2025-11-02T08:00:00Z"}},
  };
}

std::vector<Sample> servicenow_samples() {
  return {
      {"rows of the table API",
       "incident.json",
       R"j({"result":[{"number":"INC0010023","sys_id":"9d385017c611228701d22104cc95c371",
          "sys_class_name":"incident","sys_created_by":"dana","sys_created_on":"2025-11-02 08:00:00",
          "opened_by":{"link":"https://contoso.service-now.com/api/now/table/sys_user/681c","value":"681c"},
          "description":"{key:master}",
          "work_notes":"2025-11-02 09:30:00 - Milo Ra (Work notes)\nrotated\n\n2025-11-02 09:00:00 - Dana Ibo (Work notes)\nuse\n{key:function}\n\n"}]})j",
       {"servicenow | incident | INC0010023 | dana | 2025-11-02T08:00:00Z | "
        "https://contoso.service-now.com/"
        "nav_to.do?uri=incident.do?sys_id=9d385017c611228701d22104cc95c371",
        "servicenow | incident | INC0010023 | Dana Ibo |  | https://contoso.service-now.com/"
        "nav_to.do?uri=incident.do?sys_id=9d385017c611228701d22104cc95c371"}},
      {"values and display values",
       "x.json",
       R"j({"result":{"number":{"display_value":"INC1","value":"INC1"},"sys_id":{"display_value":"9d","value":"9d"},
          "sys_class_name":{"display_value":"Incident","value":"incident"},
          "sys_created_by":{"display_value":"dana","value":"dana"},
          "sys_created_on":{"display_value":"02.11.2025 09:00","value":"2025-11-02 08:00:00"},
          "description":{"display_value":"{key:master}","value":""}}})j",
       {"servicenow | incident | INC1 | dana | 2025-11-02T08:00:00Z"}},
      {"display values alone have no zone",
       "x.json",
       R"j({"result":[{"number":"INC1","sys_id":"9d","sys_created_on":"2025-11-02 09:00:00",
          "opened_by":{"display_value":"Dana Ibo","link":"https://c.service-now.com/x"},
          "description":"{key:master}"}]})j",
       {"servicenow |  | INC1 | Dana Ibo"}},
      {"journal rows",
       "sys_journal_field.json",
       R"j({"result":[{"sys_id":"77ab","sys_created_on":"2025-11-02 08:00:00","name":"incident",
          "element_id":"9d38","element":"work_notes","value":"{key:master}","sys_created_by":"dana"}]})j",
       {"servicenow | incident | 9d38#77ab | dana | 2025-11-02T08:00:00Z"}},
      {"the older web service",
       "x.json",
       R"j({"records":[{"__status":"success","number":"CHG7","sys_id":"aa","sys_class_name":"change_request",
          "sys_created_by":"ren","sys_created_on":"2025-11-02 08:00:00","comments":"{key:master}"}]})j",
       {"servicenow | change_request | CHG7 | ren | 2025-11-02T08:00:00Z"}},
  };
}

std::vector<Sample> zendesk_samples() {
  return {
      {"the account's export",
       "tickets.ndjson",
       R"j({"url":"https://contoso.zendesk.com/api/v2/tickets/4711.json","id":4711,"created_at":"2025-11-02T08:00:00Z","subject":"403","raw_subject":"403","description":"{key:master}","requester_id":9000001,"submitter_id":9000002,"requester":{"id":9000001,"name":"Dana"},"submitter":{"id":9000002,"name":"Milo"},"comments":[{"id":88,"author_id":9000002,"body":"{key:function:a}","html_body":"<p>{key:function:a}</p>","public":false,"created_at":"2025-11-02T08:10:00Z"}]}
{"url":"https://contoso.zendesk.com/api/v2/tickets/4712.json","id":4712,"created_at":"2025-11-02T09:00:00Z","subject":"{key:system}","requester_id":9007199254740993}
)j",
       {"zendesk | contoso | 4711 | Dana | 2025-11-02T08:00:00Z | "
        "https://contoso.zendesk.com/agent/tickets/4711",
        "zendesk | contoso | 4711#88 | Milo | 2025-11-02T08:10:00Z | "
        "https://contoso.zendesk.com/agent/tickets/4711",
        "zendesk | contoso | 4711#88 | Milo | 2025-11-02T08:10:00Z | "
        "https://contoso.zendesk.com/agent/tickets/4711",
        "zendesk | contoso | 4712 | 9007199254740993 | 2025-11-02T09:00:00Z | "
        "https://contoso.zendesk.com/agent/tickets/4712"}},
      {"a page of tickets with users",
       "incremental.json",
       R"j({"tickets":[{"url":"https://contoso.zendesk.com/api/v2/tickets/5.json","id":5,"subject":"s",
          "description":"{key:master}","requester_id":11,"created_at":"2025-11-02T08:00:00Z"}],
          "users":[{"id":11,"name":"Dana","email":"dana@contoso.com"}],"count":1,"end_of_stream":true})j",
       {"zendesk | contoso | 5 | Dana | 2025-11-02T08:00:00Z | "
        "https://contoso.zendesk.com/agent/tickets/5"}},
      {"events",
       "events.json",
       R"j({"ticket_events":[{"id":900,"ticket_id":5,"timestamp":1762070400,"updater_id":11,
          "child_events":[{"id":901,"event_type":"Comment","body":"{key:master}"}]}],
          "next_page":"https://contoso.zendesk.com/api/v2/incremental/ticket_events.json?start_time=1"})j",
       {"zendesk | contoso | 5#901 | 11 | 2025-11-02T08:00:00Z | "
        "https://contoso.zendesk.com/agent/tickets/5"}},
      {"audits",
       "audits.json",
       R"j({"audits":[{"id":800,"ticket_id":5,"created_at":"2025-11-02T08:00:00Z","author_id":11,
          "events":[{"id":801,"type":"Comment","author_id":12,"body":"{key:master}"},
            {"id":802,"type":"Change","previous_value":"{key:function}","value":"x"}]}],
          "users":[{"id":11,"name":"Dana"},{"id":12,"name":"Milo"}],"next_page":null})j",
       {"zendesk |  | 5#801 | Milo | 2025-11-02T08:00:00Z",
        "zendesk |  | 5#802 | Dana | 2025-11-02T08:00:00Z"}},
      {"comments of one ticket",
       "comments.json",
       R"j({"comments":[{"id":88,"author_id":12,"body":"{key:master}","html_body":"<p></p>",
          "created_at":"2025-11-02T08:00:00Z"}],"users":[{"id":12,"name":"Milo"}],
          "next_page":"https://contoso.zendesk.com/api/v2/tickets/4711/comments.json?page=2"})j",
       {"zendesk | contoso | 4711#88 | Milo | 2025-11-02T08:00:00Z | "
        "https://contoso.zendesk.com/agent/tickets/4711"}},
  };
}

std::vector<Sample> github_samples() {
  return {
      {"issues of the REST interface",
       "issues.json",
       R"j([{"url":"https://api.github.com/repos/o/r/issues/12","repository_url":"https://api.github.com/repos/o/r",
          "html_url":"https://github.com/o/r/issues/12","id":4294967297,"number":12,"title":"t",
          "user":{"login":"dana","id":1},"created_at":"2025-11-02T08:00:00Z","body":"{key:master}\r\n"}])j",
       {"github | o/r | 12 | dana | 2025-11-02T08:00:00Z | https://github.com/o/r/issues/12"}},
      {"comments of issues and reviews",
       "comments.json",
       R"j([{"url":"https://api.github.com/repos/o/r/issues/comments/36","html_url":"https://github.com/o/r/issues/12#issuecomment-36",
          "issue_url":"https://api.github.com/repos/o/r/issues/12","id":36,"user":{"login":"milo"},
          "created_at":"2025-11-02T08:00:00Z","body":"{key:function}"},
          {"html_url":"https://ghe.contoso.com/o/r/pull/13#discussion_r77","pull_request_url":"https://ghe.contoso.com/api/v3/repos/o/r/pulls/13",
          "diff_hunk":"{key:master}","path":"a.cs","id":77,"user":{"login":"ren"},"created_at":"2025-11-02T08:00:00Z","body":"?"}])j",
       {"github | o/r | 12#issuecomment-36 | milo | 2025-11-02T08:00:00Z | "
        "https://github.com/o/r/issues/12#issuecomment-36",
        "github | o/r | 13#discussion_r77 | ren | 2025-11-02T08:00:00Z | "
        "https://ghe.contoso.com/o/r/pull/13#discussion_r77"}},
      {"gh issue view --json",
       "issue.json",
       R"j({"author":{"login":"dana"},"body":"{key:master}","comments":[{"id":"IC_1","author":{"login":"milo"},
          "body":"{key:function}","createdAt":"2025-11-02T08:10:00Z","url":"https://github.com/o/r/issues/12#issuecomment-36"}],
          "createdAt":"2025-11-02T08:00:00Z","number":12,"title":"t","url":"https://github.com/o/r/issues/12"})j",
       {"github | o/r | 12 | dana | 2025-11-02T08:00:00Z | https://github.com/o/r/issues/12",
        "github | o/r | 12#issuecomment-36 | milo | 2025-11-02T08:10:00Z | "
        "https://github.com/o/r/issues/12#issuecomment-36"}},
      {"a migration archive",
       "m.tar.gz!/issue_comments_000001.json",
       R"j([{"type":"issue_comment","url":"https://github.com/o/r/issues/12#issuecomment-36",
          "issue":"https://github.com/o/r/issues/12","user":"https://github.com/dana","body":"{key:master}",
          "formatter":"markdown","created_at":"2025-11-02T08:00:00Z"}])j",
       {"github | o/r | 12#issuecomment-36 | dana | 2025-11-02T08:00:00Z | "
        "https://github.com/o/r/issues/12#issuecomment-36"}},
  };
}

std::vector<Sample> gitlab_samples() {
  const std::string issue =
      R"j({"id":40,"iid":10,"title":"t","author_id":22,"project_id":5,"created_at":"2025-11-02T08:00:00.340Z","description":"{key:master}","notes":[{"id":351,"note":"{key:function:a}","note_html":"<p>{key:function:a}</p>","author_id":26,"created_at":"2025-11-02T08:10:00.000Z","system":false,"author":{"name":"Milo"}}]}
)j";
  return {
      {"an export",
       "2025-11-02_08-00-000_contoso_shop_export.tar.gz!/tree/project/issues.ndjson",
       issue,
       {"gitlab | contoso_shop | 10 | dana | 2025-11-02T08:00:00Z",
        "gitlab | contoso_shop | 10#note_351 | Milo | 2025-11-02T08:10:00Z",
        "gitlab | contoso_shop | 10#note_351 | Milo | 2025-11-02T08:10:00Z"},
       {{"project_members.ndjson",
         "{\"id\":1,\"user\":{\"id\":21,\"username\":\"ren\"}}\n"
         "{\"id\":2,\"user\":{\"id\":22,\"username\":\"dana\",\"public_email\":\"\"}}\n"}}},
      {"issues of the API",
       "issues.json",
       R"j([{"id":84,"iid":14,"project_id":4,"title":"t","description":"{key:master}",
          "created_at":"2025-11-02T08:00:00.000Z","author":{"id":1,"username":"dana","name":"Dana"},
          "web_url":"https://gitlab.com/contoso/shop/-/issues/14",
          "references":{"short":"#14","full":"contoso/shop#14"}}])j",
       {"gitlab | contoso/shop | 14 | dana | 2025-11-02T08:00:00Z | "
        "https://gitlab.com/contoso/shop/-/issues/14"}},
      {"notes of the API",
       "notes.json",
       R"j([{"id":302,"body":"{key:master}","author":{"id":1,"username":"dana"},"created_at":"2025-11-02T08:00:00Z",
          "system":false,"noteable_id":377,"noteable_type":"Issue","noteable_iid":10}])j",
       {"gitlab |  | 10#note_302 | dana | 2025-11-02T08:00:00Z"}},
  };
}

}  // namespace

std::vector<Sample> ticket_samples() {
  std::vector<Sample> all;
  for (auto* samples :
       {jira_samples, servicenow_samples, zendesk_samples, github_samples, gitlab_samples}) {
    for (Sample& sample : samples()) all.push_back(std::move(sample));
  }
  return all;
}

TEST(JiraJson, TellsTheIssueCommentWorklogOrChange) { expect_records(jira_samples()); }
TEST(ServiceNowJson, TellsTheTaskOrJournalEntry) { expect_records(servicenow_samples()); }
TEST(ZendeskJson, TellsTheTicketCommentOrEvent) { expect_records(zendesk_samples()); }
TEST(GitHubJson, TellsTheIssueOrComment) { expect_records(github_samples()); }
TEST(GitLabJson, TellsTheIssueOrNote) { expect_records(gitlab_samples()); }

}  // namespace assay::json_test
