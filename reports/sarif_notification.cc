// Notifications as rows: one for each kind of diagnostic, and the writer's own.
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
    {"ASY9009", "ResultsWithheld", "note", "Some findings are not for the reader of this file.",
     "Suppressed findings would open alerts, and what stands in no file of the checkout has no "
     "place there. The profile full has all of them.",
     "Not in this file: '{0}' suppressed findings, and '{1}' that stand in no file of the "
     "checkout."},
    {"ASY9010", "LogPart", "note", "This file is one of several.",
     "The results were too many for one file. Each file holds those of the same paths whenever it "
     "is written: upload all of them, also those without results.",
     "This file is part '{0}' of '{1}'."},
    {"ASY9011", "ResultsRefused", "warning", "There were more results than the reader takes.",
     "GitHub refuses a file with more. Write the log to a file, so that it can be split, or scan "
     "fewer folders at a time.",
     "'{0}' results were left out after the first '{1}'."},
    {"ASY9012", "RecordsUnknown", "note", "Not all records of an export are known.",
     "All of it was scanned, but which ticket or message holds some keys is not told.",
     "Not all records of '{0}' are known: '{1}'."},
    {"ASY9013", "RunNote", "note", "Something that the run was asked for needs a look.",
     "The results are not touched by it.", "The run says: '{0}'."},
};
constexpr size_t kManyResults = 5;
constexpr size_t kLeftOut = 6;
constexpr size_t kResultsLeftOut = 7;
constexpr size_t kWithheld = 8;
constexpr size_t kPart = 9;
constexpr size_t kRefused = 10;
constexpr size_t kRecords = 11;
constexpr size_t kRunNote = 12;

// Only rows of diagnostics have a remedy.
size_t row_of(Diagnostic::Kind kind) {
  return kind == Diagnostic::Kind::record ? kRecords : static_cast<size_t>(kind);
}
bool of_diagnostic(size_t row) {
  return row <= row_of(Diagnostic::Kind::interrupted) || row == kRecords;
}

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
    if (of_diagnostic(i)) {
      descriptor["messageStrings"]["remedy"] = {{"text", with_remedy(row)}};
    }
    descriptor["defaultConfiguration"] = {{"level", row.level}};
    out.push_back(std::move(descriptor));
  }
  return out;
}

nlohmann::ordered_json sarif_notification(const Diagnostic& diagnostic) {
  const size_t index = row_of(diagnostic.kind);
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

nlohmann::ordered_json results_withheld_notification(uint64_t suppressed, uint64_t elsewhere) {
  return notification(kWithheld,
                      sarif_message(kRows[kWithheld].message_string, "default",
                                    {std::to_string(suppressed), std::to_string(elsewhere)}));
}

nlohmann::ordered_json run_note_notification(std::string_view note) {
  return notification(
      kRunNote, sarif_message(kRows[kRunNote].message_string, "default", {without_stop(note)}));
}

nlohmann::ordered_json part_notification(size_t number, size_t parts) {
  return notification(kPart, sarif_message(kRows[kPart].message_string, "default",
                                           {std::to_string(number), std::to_string(parts)}));
}

nlohmann::ordered_json results_refused_notification(uint64_t left_out, uint64_t kept) {
  return notification(kRefused, sarif_message(kRows[kRefused].message_string, "default",
                                              {std::to_string(left_out), std::to_string(kept)}));
}

nlohmann::ordered_json left_out_notification(uint64_t left_out, uint64_t kept) {
  return notification(kLeftOut, sarif_message(kRows[kLeftOut].message_string, "default",
                                              {std::to_string(left_out), std::to_string(kept)}));
}

}  // namespace assay
