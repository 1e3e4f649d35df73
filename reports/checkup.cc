// A line a check, and its remedy below it:
//
//   ok       program     assay 0.1.0, …
//   warning  hooks       no hook of assay's is installed here
//                        Run `assay hook install`.
#include "reports/checkup.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/format.h"
#include "reports/sarif_text.h"
#include "scanner/verify.h"

namespace assay {

namespace {

std::string shown(std::string_view text) { return redact_names(printable(text)); }

uint64_t count(const std::vector<Check>& checks, Check::Status status) {
  return static_cast<uint64_t>(std::count_if(
      checks.begin(), checks.end(), [&](const Check& check) { return check.status == status; }));
}

}  // namespace

std::string_view to_string(Check::Status status) {
  switch (status) {
    case Check::Status::ok:
      return "ok";
    case Check::Status::warning:
      return "warning";
    case Check::Status::wrong:
      return "wrong";
  }
  return "";
}

bool is_wrong(const std::vector<Check>& checks) { return count(checks, Check::Status::wrong) > 0; }

std::string checkup_text(const std::vector<Check>& checks) {
  std::string out;
  for (const Check& check : checks) {
    out += fmt::format("{:<8} {:<11} {}\n", to_string(check.status), check.name, shown(check.what));
    if (!check.remedy.empty()) out += fmt::format("{:<20} {}\n", "", shown(check.remedy));
  }
  const uint64_t wrong = count(checks, Check::Status::wrong);
  const uint64_t warnings = count(checks, Check::Status::warning);
  out += wrong > 0      ? fmt::format("\n{} wrong, {}.\n", wrong, counted(warnings, "warning"))
         : warnings > 0 ? fmt::format("\nNothing is wrong; {}.\n", counted(warnings, "warning"))
                        : "\nAll is well.\n";
  return out;
}

std::string checkup_json(const std::vector<Check>& checks, std::string_view version) {
  nlohmann::ordered_json json;
  json["tool"] = fmt::format("assay {}", version);
  json["ok"] = !is_wrong(checks);
  json["checks"] = nlohmann::ordered_json::array();
  for (const Check& check : checks) {
    nlohmann::ordered_json row;
    row["name"] = check.name;
    row["status"] = to_string(check.status);
    row["what"] = shown(check.what);
    if (!check.remedy.empty()) row["remedy"] = shown(check.remedy);
    json["checks"].push_back(std::move(row));
  }
  std::string out;
  append_json(json, out);
  return out + "\n";
}

}  // namespace assay
