// Notifications as rows: one for each kind of diagnostic, three of the writer's own.
//
//   {"descriptor":{"id":"ASY9001","index":0},"level":"warning","message":{"text":
//    "'logs/a.gz' could not be read: 'permission denied'.","id":"default","arguments":[…]},…}
#include "reports/sarif_notification.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "reports/sarif_text.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

struct Row {
  std::string_view id;
  std::string_view name;
  std::string_view level;
  std::string_view what;
  std::string_view help;
  std::string_view message_string;
};

constexpr std::string_view kIncomplete =
    "The results may be incomplete, and the exit code is 2. Remove the cause and scan again.";

// The first five stand in the order of Diagnostic::Kind.
constexpr Row kRows[] = {
    {"ASY9001", "InputUnreadable", "warning", "An input could not be read.", kIncomplete,
     "'{0}' could not be read: '{1}'."},
    {"ASY9002", "InputSkipped", "warning", "An input was not scanned.", kIncomplete,
     "'{0}' was not scanned: '{1}'."},
    {"ASY9003", "InputChanged", "warning", "An input changed while it was read.", kIncomplete,
     "'{0}' changed while it was read: '{1}'."},
    {"ASY9004", "LimitReached", "warning", "An input was not read whole because of a limit.",
     kIncomplete, "'{0}' was not read whole: '{1}'."},
    {"ASY9005", "ScanInterrupted", "error", "The scan was interrupted.", kIncomplete,
     "'{0}' was not read to its end: '{1}'."},
    {"ASY9006", "ManyResults", "warning", "The run has more results than GitHub shows.",
     "All results stand in this file, whatever GitHub shows of them.",
     "The run has '{0}' results: GitHub code scanning shows '{1}' of a run and refuses a run with "
     "more than '{2}'."},
    {"ASY9007", "NotificationsLeftOut", "warning", "There were more notifications than are kept.",
     "All results stand in this file. The text and jsonl reports name every input that was not "
     "scanned.",
     "'{0}' notifications were left out after the first '{1}'."},
    {"ASY9008", "ResultsLeftOut", "error", "There were more results of exports than are kept.",
     "Some keys that were found do not stand in this file, and the exit code is 2. The text and "
     "jsonl reports name all of them; or scan fewer exports at a time.",
     "'{0}' results were left out after the first '{1}'."},
};
constexpr size_t kManyResults = 5;
constexpr size_t kLeftOut = 6;
constexpr size_t kResultsLeftOut = 7;
constexpr size_t kDiagnosticKinds = 5;
constexpr std::string_view kRemedy = " Remedy: '{2}'.";

std::string with_remedy(const Row& row) { return std::string(row.message_string).append(kRemedy); }

Json notification(size_t index, Json message) {
  Json out;
  out["descriptor"] = {{"id", kRows[index].id}, {"index", index}};
  out["level"] = kRows[index].level;
  out["message"] = std::move(message);
  return out;
}

std::string_view without_stop(std::string_view text) {
  while (text.ends_with('.') || text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

nlohmann::ordered_json sarif_notification_descriptors() {
  Json out = Json::array();
  for (size_t i = 0; i < std::size(kRows); ++i) {
    const Row& row = kRows[i];
    Json descriptor;
    descriptor["id"] = row.id;
    descriptor["name"] = row.name;
    descriptor["shortDescription"] = {{"text", row.what}};
    descriptor["fullDescription"] = {{"text", row.what}};
    descriptor["help"] = {{"text", row.help}};
    descriptor["messageStrings"]["default"] = {{"text", row.message_string}};
    if (i < kDiagnosticKinds) {
      descriptor["messageStrings"]["remedy"] = {{"text", with_remedy(row)}};
    }
    descriptor["defaultConfiguration"] = {{"level", row.level}};
    out.push_back(std::move(descriptor));
  }
  return out;
}

nlohmann::ordered_json sarif_notification(const Diagnostic& diagnostic) {
  const auto index = static_cast<size_t>(diagnostic.kind);
  const Row& row = kRows[index];
  std::string_view path = diagnostic.path;
  if (path.empty()) path = "The input";
  std::string_view reason = without_stop(diagnostic.reason);
  if (reason.empty()) reason = "the reason is not known";
  const std::string_view remedy = without_stop(diagnostic.remedy);
  Json out = notification(
      index, remedy.empty() ? sarif_message(row.message_string, "default", {path, reason})
                            : sarif_message(with_remedy(row), "remedy", {path, reason, remedy}));
  if (diagnostic.accepted) out["level"] = "note";
  if (!diagnostic.path.empty()) {
    Json location;
    location["physicalLocation"]["artifactLocation"] = {{"uri", sarif_uri(diagnostic.path)},
                                                        {"uriBaseId", "SRCROOT"}};
    out["locations"] = Json::array({std::move(location)});
  }
  return out;
}

nlohmann::ordered_json many_results_notification(uint64_t results) {
  return notification(kManyResults,
                      sarif_message(kRows[kManyResults].message_string, "default",
                                    {std::to_string(results), std::to_string(kGithubShownResults),
                                     std::to_string(kGithubMaxResults)}));
}

nlohmann::ordered_json results_left_out_notification(uint64_t left_out, uint64_t kept) {
  return notification(kResultsLeftOut,
                      sarif_message(kRows[kResultsLeftOut].message_string, "default",
                                    {std::to_string(left_out), std::to_string(kept)}));
}

nlohmann::ordered_json left_out_notification(uint64_t left_out, uint64_t kept) {
  return notification(kLeftOut, sarif_message(kRows[kLeftOut].message_string, "default",
                                              {std::to_string(left_out), std::to_string(kept)}));
}

}  // namespace assay
