// HAR, Application Insights, Azure Monitor, docker.
#include "tests/scanner/records/json_samples.h"

namespace assay::json_test {
namespace {

std::vector<Sample> har_samples() {
  return {
      {"a browser's",
       "x.har",
       R"j({"log":{"version":"1.2","creator":{"name":"WebInspector"},"pages":[
          {"id":"page_1","title":"Orders","startedDateTime":"2025-11-02T07:59:00.000Z"}],"entries":[
          {"pageref":"page_1","startedDateTime":"2025-11-02T08:00:00.123Z","request":{"method":"POST",
            "url":"https://a.azurewebsites.net/api/F?code={key:function:a}","headers":[],
            "queryString":[{"name":"code","value":"{key:function:a}"}]},
            "response":{"status":200,"content":{"text":"ok"}}},
          {"startedDateTime":"2025-11-02T09:00:01.000+01:00","request":{"method":"GET",
            "url":"https://b.azurewebsites.net:8443/api/G"},"response":{"content":{"text":"{key:master}"}}}]}})j",
       {"har | Orders | log.entries[0] |  | 2025-11-02T08:00:00Z |  | "
        "POST https://a.azurewebsites.net/api/F",
        "har | Orders | log.entries[0] |  | 2025-11-02T08:00:00Z |  | "
        "POST https://a.azurewebsites.net/api/F",
        "har | b.azurewebsites.net | log.entries[1] |  | 2025-11-02T08:00:01Z |  | "
        "GET https://b.azurewebsites.net:8443/api/G"}},
  };
}

std::vector<Sample> app_insights_samples() {
  return {
      {"a query's tables",
       "q.json",
       R"j({"tables":[{"name":"PrimaryResult","columns":[{"name":"timestamp","type":"datetime"},
          {"name":"message","type":"string"},{"name":"cloud_RoleName","type":"string"},
          {"name":"itemId","type":"string"},{"name":"operation_Name","type":"string"},
          {"name":"user_AuthenticatedId","type":"string"}],
          "rows":[["2025-11-02T08:00:00.1234567Z","{key:master}","orders","i-1","Refund","dana"],
                  ["2025-11-02T08:00:01Z","{key:function}","orders",null,"",""]]},
          {"name":"Other","columns":[{"name":"Message"},{"name":"TimeGenerated"}],
          "rows":[["{key:system}","2025-11-02T08:00:02Z"]]}]})j",
       {"appinsights | orders | i-1 | dana | 2025-11-02T08:00:00Z |  | Refund",
        "appinsights | orders |  |  | 2025-11-02T08:00:01Z",
        "appinsights |  |  |  | 2025-11-02T08:00:02Z"}},
      {"the command line",
       "q.json",
       R"j([{"TableName":"PrimaryResult","AppRoleName":"orders","Message":"{key:master}",
          "OperationName":"Refund","TimeGenerated":"2025-11-02T08:00:00.5Z","_ItemId":"i-2"}])j",
       {"appinsights | orders | i-2 |  | 2025-11-02T08:00:00Z |  | Refund"}},
      {"continuous export",
       "orders_77/Messages/2025-11-02/08/x.blob",
       R"j({"message":[{"messageRaw":"{key:master}"}],"internal":{"data":{"id":"m-1","documentVersion":"1.61"}},"context":{"data":{"eventTime":"2025-11-02T08:00:00.1234567Z"},"device":{"roleName":"orders"},"operation":{"id":"o","name":"Refund"},"user":{"authId":"dana"}}}
{"request":[{"url":"https://x/?code={key:function}"}],"internal":{"data":{"id":"m-2"}},"context":{"data":{"eventTime":"2025-11-02T08:00:01Z"}}}
)j",
       {"appinsights | orders | m-1 | dana | 2025-11-02T08:00:00Z |  | Refund",
        "appinsights |  | m-2 |  | 2025-11-02T08:00:01Z"}},
      {"records of an event hub",
       "x.json",
       R"j({"records":[{"time":"2025-11-02T08:00:00.0000000Z","resourceId":"/SUBSCRIPTIONS/S/X/COMPONENTS/AI",
          "Type":"AppRequests","AppRoleName":"orders","OperationName":"GET /api/F",
          "Url":"https://x/?code={key:master}","Properties":{"a":"b"}}]})j",
       {"appinsights | orders |  |  | 2025-11-02T08:00:00Z |  | GET /api/F"}},
  };
}

std::vector<Sample> azure_monitor_samples() {
  return {
      {"PT1H.json, its properties in three forms",
       "resourceId=/S/y=2025/m=11/d=02/h=08/m=00/PT1H.json",
       "{\"time\":\"2025-11-02T08:00:59Z\",\"resourceId\":\"/SUBSCRIPTIONS/S/SITES/"
       "APP\",\"operationName\":\"Microsoft.Web/sites/functions/"
       "log\",\"category\":\"FunctionAppLogs\",\"properties\":{\"appName\":\"app\",\"message\":\"{"
       "key:master}\",\"functionName\":\"Functions.F\",\"functionInvocationId\":\"d878\"}}\r\n"
       "{\"time\":\"2025-11-02T08:01:00.1234567Z\",\"resourceId\":\"/SUBSCRIPTIONS/S/SITES/APP/"
       "SLOTS/"
       "STAGING\",\"operationName\":\"log\",\"category\":\"FunctionAppLogs\",\"properties\":\"{'"
       "appName':'app-staging','message':'{key:function}','functionInvocationId':'e1', "
       "'functionName': 'Functions.G','levelId': 2}\"}\r\n"
       "{\"time\":\"2025-11-02T08:02:00\",\"resourceId\":\"/SUBSCRIPTIONS/S/SITES/APP/SLOTS/"
       "STAGING\",\"category\":\"AppServiceHTTPLogs\",\"correlationId\":\"c9\",\"properties\":\"{"
       "\\\"CsUriQuery\\\":\\\"code={key:system}\\\",\\\"CsUsername\\\":\\\"dana\\\"}\"}\r\n",
       {"azure-monitor | app | d878 |  | 2025-11-02T08:00:59Z |  | Functions.F",
        "azure-monitor | app-staging | e1 |  | 2025-11-02T08:01:00Z |  | Functions.G",
        "azure-monitor | APP/STAGING | c9 | dana | 2025-11-02T08:02:00Z"}},
      {"records",
       "PT1H.json",
       R"j({"records":[{"category":"AuditEvent","time":"2025-11-02T08:00:00Z","operationName":"SecretGet",
          "resourceId":"/SUBSCRIPTIONS/S/VAULTS/KV","identity":{"claim":"x"},"correlationId":"c1",
          "properties":{"id":"{key:master}"}}]})j",
       {"azure-monitor | KV | c1 |  | 2025-11-02T08:00:00Z |  | SecretGet"}},
  };
}

std::vector<Sample> docker_samples() {
  return {
      {"json-file",
       "containers/0123456789abcdef/0123456789abcdef-json.log",
       R"j({"log":"GET /api/F?code={key:function:a}\u0026x=1\n","stream":"stdout","time":"2025-11-02T08:00:00.123456789Z"}
{"log":"{key:master}\n","stream":"stderr","attrs":{"tag":"orders"},"time":"2025-11-02T08:00:01Z"}
)j",
       {"docker | 0123456789abcdef |  |  | 2025-11-02T08:00:00Z",
        "docker | orders |  |  | 2025-11-02T08:00:01Z"}},
      {"a line that was cut off, as rotating does",
       "app.log",
       R"j({"log":"cut {key:master}
{"log":"{key:function}\n","stream":"stdout","time":"2025-11-02T08:00:01Z"}
)j",
       {"", ""}},
      {"a cut line among whole ones",
       "app.log",
       R"j({"log":"start\n","stream":"stdout","time":"2025-11-02T07:00:00Z"}
{"log":"cut {key:master}
{"log":"{key:function}\n","stream":"stdout","time":"2025-11-02T08:00:01Z"}
)j",
       {"docker", "docker |  |  |  | 2025-11-02T08:00:01Z"},
       {},
       "the JSON is malformed at byte 134"},
  };
}

}  // namespace

std::vector<Sample> log_samples() {
  std::vector<Sample> all;
  for (auto* samples : {har_samples, app_insights_samples, azure_monitor_samples, docker_samples}) {
    for (Sample& sample : samples()) all.push_back(std::move(sample));
  }
  return all;
}

TEST(Har, TellsTheEntry) { expect_records(har_samples()); }
TEST(AppInsightsJson, TellsTheRow) { expect_records(app_insights_samples()); }
TEST(AzureMonitorJson, TellsTheLine) { expect_records(azure_monitor_samples()); }
TEST(DockerLog, TellsTheLine) { expect_records(docker_samples()); }

}  // namespace assay::json_test
