// What the Azure portal writes for a query of Application Insights or Log Analytics: a byte order
// mark, times as `11/2/2025, 8:00:00.123 AM` in UTC, JSON in cells with doubled quotes.
//
//   "timestamp [UTC]",message,"operation_Name","cloud_RoleName",itemId
//   "11/2/2025, 8:00:00.123 AM","GET /api/Refund?code=KEY",Refund,contoso-orders,6e2f…
//   "TimeGenerated [UTC]",AppRoleName,OperationName,Message,Type,"_ResourceId"
#include "scanner/records/csv_text.h"
#include "scanner/records/text_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

std::string last_part(const std::string& resource) {
  return resource.substr(resource.rfind('/') + 1);  // npos + 1 is 0
}

Record row_record(const CsvHeader& header, const CsvRow& row, size_t) {
  Record record;
  record.system = "appinsights";
  record.container = header.cell(row, {"cloud_RoleName", "AppRoleName", "AppName", "appName"});
  if (record.container.empty()) {
    record.container = last_part(header.cell(row, {"_ResourceId", "ResourceId"}));
  }
  record.id = header.cell(row, {"itemId", "_ItemId", "FunctionInvocationId"});
  record.author = header.cell(
      row, {"user_AuthenticatedId", "UserAuthenticatedId", "CsUsername", "user_AccountId"});
  if (record.author == "-") record.author.clear();
  record.time = utc_time(
      header.cell(row, {"timestamp [UTC]", "TimeGenerated [UTC]", "timestamp", "TimeGenerated"}),
      NoZone::utc);
  record.operation = header.cell(row, {"operation_Name", "OperationName", "FunctionName"});
  if (record.operation.empty() && header.has("CsUriStem")) {
    const std::string method = header.cell(row, {"CsMethod"});
    record.operation = (method.empty() ? "" : method + " ") + header.cell(row, {"CsUriStem"});
  }
  return record;
}

}  // namespace

bool is_app_insights_csv(const Export& in) {
  const std::optional<CsvHeader> header = CsvHeader::read(in.head);
  if (!header) return false;
  const size_t known = header->count_of({"itemId",        "itemType",       "operation_Name",
                                         "operation_Id",  "cloud_RoleName", "customDimensions",
                                         "appId",         "iKey",           "sdkVersion",
                                         "_ItemId",       "AppRoleName",    "OperationName",
                                         "OperationId",   "TenantId",       "SourceSystem",
                                         "_ResourceId",   "ResourceId",     "FunctionInvocationId",
                                         "FunctionName",  "CsUriStem",      "CsUriQuery",
                                         "severityLevel", "SeverityLevel"});
  if (header->count_of({"timestamp [UTC]", "TimeGenerated [UTC]"}) > 0) {
    return known >= 1 || header->count_of({"message", "Message", "url", "Url", "name"}) > 0;
  }
  return header->count_of({"timestamp", "TimeGenerated"}) > 0 && known >= 3;
}

FoundRecords find_in_app_insights_csv(const Export& in, Offsets offsets) {
  return find_in_csv(in, offsets, row_record);
}

}  // namespace assay
