// Queries that show who still calls with the exposed key.
//
//   AppRequests
//   | where TimeGenerated > ago(24h)
//   | where AppRoleName in~ ('contoso-orders')
//   | where OperationName =~ 'Refund'
//   | summarize Calls = count(), … by ResultCode, ClientIP, ClientType, UserAuthenticatedId
//
// No log tells with which key a call came; address, client and time tell the callers apart. What
// the host refuses may never reach Application Insights: the web server's log has the 401 and 403.
#include <fmt/format.h>

#include "response/rotation_names.h"
#include "response/rotation_steps.h"

namespace assay {

namespace {

std::string span_of(const RotationCase& about) {
  const std::string& span = about.facts[Fact::span];
  return span.empty() ? "24h" : span;
}

std::string name_or_blank(const RotationCase& about, Fact fact) {
  const std::string& name = about.facts[fact];
  return name.empty() ? std::string(row_of(fact).blank) : name;
}

// What the app is called as the role: a slot's role has the slot's name behind the app's.
std::string role(const RotationCase& about) {
  const std::string app = name_or_blank(about, Fact::app);
  return about.in_slot ? app + "-" + name_or_blank(about, Fact::slot) : app;
}

// Which requests the key opens: one function, the extension's webhook, or all.
std::string only(const RotationCase& about, std::string_view operation, std::string_view address) {
  if (about.kind == KeyKind::function) {
    return fmt::format("| where {} =~ {}\n", operation,
                       kql_text(name_or_blank(about, Fact::function)));
  }
  if (about.kind == KeyKind::system) {
    return fmt::format("| where {} has '/runtime/webhooks/'\n", address);
  }
  return "";
}

std::string classic(const RotationCase& about) {
  return fmt::format(
      "requests\n"
      "| where timestamp > ago({})\n"
      "| where cloud_RoleName in~ ({})\n"
      "{}"
      "| summarize calls = count(), first = min(timestamp), last = max(timestamp) by resultCode, "
      "name, client_IP, client_Type, caller = user_AuthenticatedId\n"
      "| order by last desc",
      span_of(about), kql_text(role(about)), only(about, "operation_Name", "url"));
}

std::string workspace(const RotationCase& about) {
  return fmt::format(
      "AppRequests\n"
      "| where TimeGenerated > ago({})\n"
      "| where AppRoleName in~ ({})\n"
      "{}"
      "| summarize Calls = count(), First = min(TimeGenerated), Last = max(TimeGenerated) by "
      "ResultCode, Name, ClientIP, ClientType, Caller = UserAuthenticatedId\n"
      "| order by Last desc",
      span_of(about), kql_text(role(about)), only(about, "OperationName", "Url"));
}

std::string refused(const RotationCase& about) {
  const std::string function =
      about.kind == KeyKind::function
          ? fmt::format("| where CsUriStem endswith {}\n",
                        kql_text("/" + name_or_blank(about, Fact::function)))
          : only(about, "", "CsUriStem");
  return fmt::format(
      "AppServiceHTTPLogs\n"
      "| where TimeGenerated > ago({})\n"
      "| where CsHost startswith {}\n"
      "{}"
      "| where ScStatus in (401, 403)\n"
      "| summarize Refused = count(), First = min(TimeGenerated), Last = max(TimeGenerated) by "
      "ScStatus, CsUriStem, CIp, UserAgent\n"
      "| order by Last desc",
      span_of(about), kql_text(role(about) + "."), function);
}

}  // namespace

std::vector<RotationQuery> watch_queries(const RotationCase& about) {
  return {{"Application Insights in a workspace", workspace(about)},
          {"classic Application Insights", classic(about)},
          {"401 and 403 in the web server's log", refused(about)}};
}

// What stands in the query is valid names and words, so double quotes hold it.
std::string watch_command(const RotationCase& about) {
  std::string query = classic(about);
  for (char& c : query) c = c == '\n' ? ' ' : c;
  const std::string& subscription = about.facts[Fact::subscription];
  return fmt::format(
      "az monitor app-insights query -g {} --app {}{} --offset {} --analytics-query \"{}\"",
      word(about.facts, Fact::resource_group), word(about.facts, Fact::application_insights),
      subscription.empty() ? "" : " --subscription " + word(about.facts, Fact::subscription),
      span_of(about), query);
}

}  // namespace assay
