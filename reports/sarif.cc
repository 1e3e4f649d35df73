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
// first run ends; so are all where the worst must stand first. Kept as well: the files and records
// that have findings, and of the diagnostics the first ten thousand.
// A log of too many results becomes several: see sarif_parts.h. All results go there as well from
// the first, and once they are too many for one log only there. docs/sarif.md says what the
// profiles differ in, docs/report-fields.md what stands where; sarif_*.cc make the pieces.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "reports/format.h"
#include "reports/place_uri.h"
#include "reports/record.h"
#include "reports/sarif_notification.h"
#include "reports/sarif_parts.h"
#include "reports/sarif_run.h"
#include "reports/sarif_text.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kMaxNotifications = 10'000;
constexpr size_t kMaxNotes = 100;

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

// Results that wait for their place, in the lanes of sarif_lane.
class HeldResults {
 public:
  std::string& lane(size_t lane) { return lanes_[lane]; }
  size_t size() const {
    size_t size = 0;
    for (const std::string& lane : lanes_) size += lane.size();
    return size;
  }
  // Each result has a comma before it: the first one's goes.
  void move_to(std::string& out) {
    const size_t before = out.size();
    for (std::string& lane : lanes_) {
      out += lane;
      std::string().swap(lane);
    }
    if (out.size() > before) out.erase(before, 1);
  }

 private:
  std::array<std::string, kSarifLanes> lanes_;
};

// The results of one family of sources on their way: straight into the log, or held, and into
// parts.
class Results {
 public:
  Results(const RuleSet& rules, SarifSources sources, const ReportOptions& options,
          const SarifLimits& limits, bool straight)
      : options_(options),
        limits_(limits),
        straight_(straight),
        refused_from_(options.sarif_profile == SarifProfile::github ? limits.refused : UINT64_MAX) {
    if (options.split) parts_ = std::make_unique<SarifParts>(rules, sources, options, limits);
    run_ = std::make_unique<SarifRun>(rules, std::move(sources), options);
  }

  void add(const Finding& finding, const std::string& path, std::string& out) {
    ++total_;
    if (parts_) parts_->result(finding, path);
    if (takes_more()) {
      run_->result(finding, path, straight_ && run_->results() == 0, place(*finding.rule, out));
    }
  }

  void add(const BaseResult& gone, const Rule& rule, std::string& out) {
    ++total_;
    if (parts_) parts_->absent(gone, rule);
    if (takes_more()) {
      run_->absent(gone, rule, straight_ && run_->results() == 0, place(rule, out));
    }
  }

  // The run as far as its results, of which those that go straight are there already.
  void begin(const RepositoryFacts* repository, std::string& out) const {
    run_->begin(repository, out);
  }
  void end(std::string_view invocation, bool truncated, std::string& out) {
    held_.move_to(out);
    run_->end(invocation, truncated, out);
  }

  bool too_many() const { return total_ > limits_.whole; }
  bool can_split() const { return parts_ && !parts_->failed(); }
  bool is_github() const { return options_.sarif_profile == SarifProfile::github; }
  uint64_t total() const { return total_; }
  uint64_t missing() const { return total_ - run_->results(); }  // of the log as a whole
  const SarifRun& run() const { return *run_; }
  SarifParts& parts() const { return *parts_; }

 private:
  bool takes_more() const {
    if (run_->results() >= refused_from_) return false;
    if (too_many() && can_split()) return false;
    return straight_ || held_.size() < limits_.held;
  }
  std::string& place(const Rule& rule, std::string& out) {
    return straight_ ? out : held_.lane(sarif_lane(rule, options_));
  }

  const ReportOptions& options_;
  const SarifLimits limits_;
  const bool straight_;
  const uint64_t refused_from_;
  std::unique_ptr<SarifRun> run_;
  std::unique_ptr<SarifParts> parts_;  // may be null
  HeldResults held_;
  uint64_t total_ = 0;
};

class SarifReport final : public Report {
 public:
  SarifReport(const RuleSet& rules, const ReportOptions& options, const SarifLimits& limits)
      : rules_(rules),
        options_(options),
        first_(rules, first_sources(options_.repository), options_, limits,
               options_.sarif_profile != SarifProfile::ado),
        exports_(rules, export_sources(), options_, limits, false) {}

  void begin(std::string& out) override {
    out += kSarifBegin;
    first_.begin(repository(), out);
  }

  void finding(const Finding& finding, std::string& out) override {
    if (finding.suppression && options_.sarif_profile != SarifProfile::full) {
      ++suppressed_;
      return;
    }
    const std::optional<std::string> path = log_path(finding, options_);
    const bool exported = of_export(finding);
    if (!path || (exported && options_.sarif_profile == SarifProfile::github)) {
      ++elsewhere_;
      return;
    }
    (exported ? exports_ : first_).add(finding, *path, out);
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
    summary_ = summary;
    add_absent(out);
    if (summary.interrupted && !interrupted_) {
      interrupted_ = true;
      ++diagnostics_;
      notifications_.add(sarif_notification(
          {Diagnostic::Kind::interrupted, "", "the scan was interrupted", "Scan again."}));
    }
    for (size_t i = 0; i < std::min(summary.notes.size(), kMaxNotes); ++i) {
      notifications_.add(run_note_notification(summary.notes[i]));
    }
    if (suppressed_ + elsewhere_ > 0) {
      notifications_.add(results_withheld_notification(suppressed_, elsewhere_));
    }
    if (left_out_ > 0) notifications_.add(left_out_notification(left_out_, kMaxNotifications));
    // First: once a part of it cannot be, none can.
    split_ =
        (first_.too_many() || exports_.too_many()) && first_.can_split() && exports_.can_split();
    if (split_) return;
    finish_run(first_, notifications_, left_out_ > 0, out);
    if (exports_.total() > 0) finish_exports(out);
    out += kSarifEnd;
  }

  uint64_t left_out() const override {
    if (!split_) return first_.missing() + exports_.missing();
    return first_.parts().refused() + exports_.parts().refused();
  }

  size_t parts() const override {
    if (!split_) return 0;
    const size_t of_exports = exports_.total() == 0 ? 0
                              : exports_.too_many() ? SarifParts::kParts
                                                    : 1;
    return SarifParts::kParts + of_exports;
  }

  bool part(size_t part, std::string& out) override {
    if (part < SarifParts::kParts) return write_part(first_, part, repository(), out);
    if (exports_.too_many()) {
      return write_part(exports_, part - SarifParts::kParts, nullptr, out);
    }
    out += kSarifBegin;
    finish_exports(out);
    out += kSarifEnd;
    return false;
  }

  std::string remark() const override {
    std::string out;
    const uint64_t most = std::max(first_.total(), exports_.total());
    if (!split_ && (first_.too_many() || exports_.too_many())) {
      out = fmt::format("The SARIF log holds {}, and code scanning shows {} of a run: {}",
                        counted(most, "result"), grouped(kGithubShownResults),
                        options_.split
                            ? "it could not be split, as there was no room in the folder TMPDIR."
                            : "write it to a file with --output, and it is split.");
    }
    const AdoPipeline& ado = options_.ado;
    if (options_.sarif_profile == SarifProfile::ado &&
        (ado.definition_id.empty() || ado.definition_name.empty() || ado.phase_id.empty() ||
         ado.phase_name.empty())) {
      out += fmt::format(
          "{}The log does not name its pipeline, which is known only inside of "
          "Azure Pipelines.",
          out.empty() ? "" : " ");
    }
    return out;
  }

 private:
  const RepositoryFacts* repository() const {
    return options_.repository ? &*options_.repository : nullptr;
  }

  void add_absent(std::string& out) {
    if (options_.base == nullptr || options_.sarif_profile != SarifProfile::full) return;
    for (const BaseResult* gone : options_.base->absent()) {
      const Rule* rule = rules_.find(gone->rule);
      if (rule == nullptr) continue;  // it is none of this run's
      for (Results* results : {&first_, &exports_}) {
        if (results->run().sources().category == gone->category) results->add(*gone, *rule, out);
      }
    }
  }

  void finish_run(Results& results, Notifications& told, bool truncated, std::string& out) {
    add_many_results(results.run(), told);
    const bool refused = results.is_github() && results.missing() > 0;
    if (refused) told.add(results_refused_notification(results.missing(), results.run().results()));
    const bool cut = !refused && results.missing() > 0;
    if (cut) {
      told.add(results_left_out_notification(results.missing(), results.run().results()));
    }
    results.end(invocation(!interrupted_ && !cut, told.text()), truncated || cut || refused, out);
  }

  void finish_exports(std::string& out) {
    if (!split_) out += ",\n";
    exports_.begin(nullptr, out);
    Notifications told;
    finish_run(exports_, told, false, out);
  }

  bool write_part(Results& results, size_t part, const RepositoryFacts* of, std::string& out) {
    SarifParts::Frame frame;
    frame.repository = of;
    frame.truncated = left_out_ > 0 || results.parts().refused() > 0;
    frame.invocation = [&](size_t number, const SarifRun& run) {
      Notifications told;
      // What was not scanned is told once.
      if (number == 0 && &results == &first_) told = notifications_;
      told.add(part_notification(number + 1, SarifParts::kParts));
      add_many_results(run, told);
      if (const uint64_t refused = results.parts().refused(); refused > 0) {
        told.add(results_refused_notification(refused, results.total() - refused));
      }
      return invocation(!interrupted_, told.text());
    };
    return results.parts().write(part, frame, out);
  }

  static void add_many_results(const SarifRun& run, Notifications& notifications) {
    if (run.results() <= kGithubShownResults) return;
    notifications.add(many_results_notification(run.results()));
  }

  // `successful`: whether the scan came to its end, and all it found is there. Keys that were found
  // or files that were skipped are no failure: GitHub refuses the results of a run that failed.
  std::string invocation(bool successful, const std::string& notifications) const {
    const auto [code, description] = exit_code();
    Json invocation;
    invocation["executionSuccessful"] = successful;
    invocation["exitCode"] = code;
    invocation["exitCodeDescription"] = description;
    invocation["properties"] = sarif_coverage(summary_);
    std::string out = "{";
    append_members(invocation, out);
    out += "\"toolExecutionNotifications\":[" + notifications + "]}";
    return out;
  }

  // Of the process: the same in all runs.
  std::pair<int, const char*> exit_code() const {
    if (interrupted_) return {2, "The scan was interrupted."};
    if (!summary_.complete() || diagnostics_ > accepted_) {
      return {2, "The scan ended, but not all of its input was scanned."};
    }
    if (left_out() > 0) return {2, "The scan is complete, but not all it found is here."};
    if (summary_.failing > 0) return {1, "The scan is complete; keys were found."};
    if (summary_.findings > 0) {
      return {0, "The scan is complete; keys were found, and none of them counts."};
    }
    return {0, "The scan is complete; no key was found."};
  }

  const RuleSet& rules_;
  const ReportOptions options_;
  Results first_;
  Results exports_;
  ScanSummary summary_;
  Notifications notifications_;              // of first_
  uint64_t suppressed_ = 0, elsewhere_ = 0;  // findings that the profile does not take
  uint64_t diagnostics_ = 0;
  uint64_t accepted_ = 0;  // of these
  uint64_t left_out_ = 0;
  bool interrupted_ = false;
  bool split_ = false;
};

}  // namespace

// `reveal` changes nothing here: a log is uploaded and kept, so it never holds a key.
std::unique_ptr<Report> make_sarif_report(const RuleSet& rules, const ReportOptions& options,
                                          const SarifLimits& limits) {
  return std::make_unique<SarifReport>(rules, options, limits);
}

std::unique_ptr<Report> make_sarif_report(const RuleSet& rules, const ReportOptions& options) {
  return make_sarif_report(rules, options, SarifLimits());
}

}  // namespace assay
