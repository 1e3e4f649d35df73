// SARIF 2.1.0, written as it comes: all that is known beforehand, then the results one by one, then
// what only the end knows.
//
//   {"$schema":…,"version":"2.1.0","runs":[{
//   "tool":…,                                           begin
//   "results":[
//   {"ruleId":"AZF1001",…},                             finding
//   {"ruleId":"AZF1002",…}],
//   "artifacts":…,"invocations":…},{                    finish
//   "tool":…,"results":[…],…}]}                         finish: a run for exports
//
// What was found in tickets, chats and mails goes into a run of its own, which is there only if
// anything was: GitHub must not take it for files of the repository. Its results are kept until the
// first run ends. Kept as well: the files and records that have findings, and of the diagnostics
// the first ten thousand.
// docs/report-fields.md says what stands where; sarif_*.cc make the pieces.
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "reports/format.h"
#include "reports/record.h"
#include "reports/sarif_notification.h"
#include "reports/sarif_run.h"
#include "reports/sarif_text.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kMaxNotifications = 10'000;

SarifSources first_sources(const std::optional<RepositoryFacts>& repository) {
  if (repository) {
    return {repository->category, "One git repository.", "SRCROOT",
            "The root of the scanned repository."};
  }
  return {"assay/files/", "Files, folders and streams.", "SRCROOT",
          "The folder that the scan was started in."};
}

SarifSources export_sources() {
  return {"assay/exports/", "Exports of tickets, chats and mails.", "EXPORTROOT",
          "The folder that the scan was started in.", true};
}

class Notifications {
 public:
  void add(const Json& notification) {
    text_ += text_.empty() ? "\n" : ",\n";
    append_json(notification, text_);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;  // already JSON, with commas between
};

class SarifReport final : public Report {
 public:
  SarifReport(const RuleSet& rules, const ReportOptions& options, size_t most_held)
      : most_held_(most_held),
        repository_(options.repository),
        first_(rules, first_sources(repository_), options.owners),
        exports_(rules, export_sources(), options.owners) {}

  void begin(std::string& out) override {
    out += R"({"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0",)";
    out += "\"runs\":[";
    first_.begin(repository_ ? &*repository_ : nullptr, out);
  }

  void finding(const Finding& finding, std::string& out) override {
    if (!of_export(finding)) {
      first_.result(finding, out);
    } else if (held_.size() < most_held_) {
      exports_.result(finding, held_);
    } else {
      ++results_left_out_;
    }
  }

  void diagnostic(const Diagnostic& diagnostic, std::string&) override {
    ++diagnostics_;
    if (diagnostic.accepted) ++accepted_;
    // Those always stand in the log, as the run failed by them.
    const bool interrupted = diagnostic.kind == Diagnostic::Kind::interrupted;
    if (diagnostics_ > kMaxNotifications && (!interrupted || interrupted_)) {
      ++left_out_;
      return;
    }
    interrupted_ = interrupted_ || interrupted;
    notifications_.add(sarif_notification(diagnostic));
  }

  void finish(const ScanSummary& summary, std::string& out) override {
    if (summary.interrupted && !interrupted_) {
      interrupted_ = true;
      ++diagnostics_;
      notifications_.add(sarif_notification(
          {Diagnostic::Kind::interrupted, "", "the scan was interrupted", "Scan again."}));
    }
    add_many_results(first_, notifications_);
    if (left_out_ > 0) notifications_.add(left_out_notification(left_out_, kMaxNotifications));
    first_.end(invocation(summary, !interrupted_, notifications_), left_out_ > 0, out);
    if (exports_.results() > 0) finish_exports(summary, out);
    out += "]}\n";
  }

  uint64_t left_out() const override { return results_left_out_; }

 private:
  void finish_exports(const ScanSummary& summary, std::string& out) {
    out += ",\n";
    exports_.begin(nullptr, out);
    out += held_;
    std::string().swap(held_);
    Notifications told;
    add_many_results(exports_, told);
    const bool cut = results_left_out_ > 0;
    if (cut) told.add(results_left_out_notification(results_left_out_, exports_.results()));
    exports_.end(invocation(summary, !interrupted_ && !cut, told), cut, out);
  }

  static void add_many_results(const SarifRun& run, Notifications& notifications) {
    if (run.results() <= kGithubShownResults) return;
    notifications.add(many_results_notification(run.results()));
  }

  // `successful`: whether the scan came to its end, and all it found is there. Keys that were found
  // or files that were skipped are no failure: GitHub refuses the results of a run that failed.
  std::string invocation(const ScanSummary& summary, bool successful,
                         const Notifications& notifications) const {
    const auto [code, description] = exit_code(summary);
    Json invocation;
    invocation["executionSuccessful"] = successful;
    invocation["exitCode"] = code;
    invocation["exitCodeDescription"] = description;
    std::string out = "{";
    append_members(invocation, out);
    out += "\"toolExecutionNotifications\":[" + notifications.text() + "]}";
    return out;
  }

  // Of the process: the same in both runs.
  std::pair<int, const char*> exit_code(const ScanSummary& summary) const {
    if (interrupted_) return {2, "The scan was interrupted."};
    if (!summary.complete() || diagnostics_ > accepted_) {
      return {2, "The scan ended, but not all of its input was scanned."};
    }
    if (results_left_out_ > 0) return {2, "The scan is complete, but not all it found is here."};
    if (first_.results() + exports_.results() > 0) {
      return {1, "The scan is complete; keys were found."};
    }
    return {0, "The scan is complete; no key was found."};
  }

  const size_t most_held_;
  const std::optional<RepositoryFacts> repository_;
  SarifRun first_;
  SarifRun exports_;
  std::string held_;  // results of exports_
  uint64_t results_left_out_ = 0;
  Notifications notifications_;  // of first_
  uint64_t diagnostics_ = 0;
  uint64_t accepted_ = 0;  // of these
  uint64_t left_out_ = 0;
  bool interrupted_ = false;
};

}  // namespace

// `reveal` changes nothing here: a log is uploaded and kept, so it never holds a key.
std::unique_ptr<Report> make_sarif_report(const RuleSet& rules, const ReportOptions& options,
                                          size_t most_held) {
  return std::make_unique<SarifReport>(rules, options, most_held);
}

std::unique_ptr<Report> make_sarif_report(const RuleSet& rules, const ReportOptions& options) {
  return make_sarif_report(rules, options, kMostHeld);
}

}  // namespace assay
