// SARIF 2.1.0, written as it comes: all that is known beforehand, then the results one by one, then
// what only the end knows.
//
//   {"$schema":…,"version":"2.1.0","runs":[{
//   "tool":…,"automationDetails":…,                     begin
//   "results":[
//   {"ruleId":"AZF1001",…},                             finding
//   {"ruleId":"AZF1002",…}],
//   "artifacts":…,"invocations":…}]}                    finish
//
// Kept until the end: the files that have findings, and of the diagnostics the first ten thousand.
// docs/report-fields.md says what stands where; sarif_*.cc make the pieces.
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reports/format.h"
#include "reports/sarif_notification.h"
#include "reports/sarif_result.h"
#include "reports/sarif_text.h"
#include "reports/sarif_tool.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kMaxNotifications = 10'000;

// The files that results stand in, numbered as they come.
class Artifacts {
 public:
  // The number of the file at `uri`. Two inputs may be reported under one path: facts on which they
  // do not agree are said of neither.
  size_t index_of(const std::string& uri, const std::shared_ptr<const BlobFacts>& facts) {
    const auto [entry, is_new] = indexes_.try_emplace(uri, entries_.size());
    if (is_new) {
      entries_.push_back({&entry->first, facts});
    } else if (!agree(entries_[entry->second].facts, facts)) {
      entries_[entry->second].facts.reset();
    }
    return entry->second;
  }

  void append(std::string& out) const {
    out += '[';
    for (const Entry& entry : entries_) {
      Json artifact;
      artifact["location"] = {{"uri", *entry.uri}, {"uriBaseId", "SRCROOT"}};
      if (entry.facts) artifact["length"] = entry.facts->length;
      artifact["roles"] = Json::array({"analysisTarget"});
      if (entry.facts && !entry.facts->sha256.empty()) {
        artifact["hashes"] = {{"sha-256", entry.facts->sha256}};
      }
      out += &entry == &entries_.front() ? "\n" : ",\n";
      append_json(artifact, out);
    }
    out += ']';
  }

 private:
  struct Entry {
    const std::string* uri;
    std::shared_ptr<const BlobFacts> facts;
  };

  static bool agree(const std::shared_ptr<const BlobFacts>& a,
                    const std::shared_ptr<const BlobFacts>& b) {
    return a == b || (a && b && a->length == b->length && a->sha256 == b->sha256);
  }

  std::map<std::string, size_t> indexes_;  // ordered: who names the files cannot make it slow
  std::vector<Entry> entries_;
};

// Counts the results of one rule with one line hash in a file. The findings of a file come one
// after the other, so that only those of the last one need be known. In one text a hash stands for
// one line; the versions of a file in a repository may have it on different ones.
class LineOccurrences {
 public:
  uint64_t next(const std::string& uri, const Finding& finding, size_t rule_index) {
    if (finding.line_hash.empty()) return 1;
    if (uri != uri_) {
      uri_ = uri;
      counts_.clear();
    }
    return ++counts_[{rule_index, finding.line_hash}];
  }

 private:
  std::string uri_;
  std::map<std::pair<size_t, std::string>, uint64_t> counts_;
};

// The members of `object`, one a line, each with a comma behind it.
void append_members(const Json& object, std::string& out) {
  for (const auto& [name, value] : object.items()) {
    append_json(Json(name), out);
    out += ':';
    append_json(value, out);
    out += ",\n";
  }
}

// Where the files come from: readers link from entry 0. The schema wants an address, so a
// repository without one has no entry.
void add_provenance(const RepositoryFacts& repository, Json& run) {
  const std::string uri = sarif_repository_uri(repository.uri);
  if (uri.empty()) return;
  Json entry;
  entry["repositoryUri"] = uri;
  if (!repository.revision.empty()) entry["revisionId"] = repository.revision;
  if (!repository.branch.empty()) entry["branch"] = valid_utf8(repository.branch);
  entry["mappedTo"] = {{"uriBaseId", "SRCROOT"}};
  run["versionControlProvenance"] = Json::array({std::move(entry)});
}

class SarifReport final : public Report {
 public:
  SarifReport(const RuleSet& rules, std::optional<RepositoryFacts> repository)
      : rules_(rules), repository_(std::move(repository)) {}

  void begin(std::string& out) override {
    out += R"({"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0",)";
    out += "\"runs\":[{\n";
    Json run;
    run["tool"] = sarif_tool(rules_);
    run["taxonomies"] = sarif_taxonomies();
    run["automationDetails"]["id"] = repository_ ? repository_->category : "assay/files/";
    run["automationDetails"]["description"] = {
        {"text", repository_ ? "One git repository." : "Files, folders and streams."}};
    if (repository_) add_provenance(*repository_, run);
    // No uri: the log leaks no folder of this machine, and is the same on every one.
    run["originalUriBaseIds"]["SRCROOT"]["description"] = {
        {"text", repository_ ? "The root of the scanned repository."
                             : "The folder that the scan was started in."}};
    run["columnKind"] = "utf16CodeUnits";
    run["newlineSequences"] = Json::array({"\r\n", "\n"});
    append_members(run, out);
    out += "\"results\":[";
  }

  void finding(const Finding& finding, std::string& out) override {
    ResultPlace place;
    place.rule_index = rules_.index_of(*finding.rule);
    place.uri = sarif_uri(finding.provenance ? finding.provenance->path : std::string());
    place.artifact_index = artifacts_.index_of(place.uri, finding.facts);
    place.occurrence = occurrences_.next(place.uri, finding, place.rule_index);
    out += results_ == 0 ? "\n" : ",\n";
    append_json(sarif_result(finding, place), out);
    ++results_;
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
    add_notification(sarif_notification(diagnostic));
  }

  void finish(const ScanSummary& summary, std::string& out) override {
    out += "],\n\"artifacts\":";
    artifacts_.append(out);
    out += ",\n\"invocations\":[{";
    append_invocation(summary, out);
    out += "}]";
    if (left_out_ > 0) out += ",\n\"properties\":{\"truncated\":true}";
    out += "}]}\n";
  }

 private:
  void add_notification(const Json& notification) {
    notifications_ += notifications_.empty() ? "\n" : ",\n";
    append_json(notification, notifications_);
  }

  void append_invocation(const ScanSummary& summary, std::string& out) {
    if (summary.interrupted && !interrupted_) {
      interrupted_ = true;
      ++diagnostics_;
      add_notification(sarif_notification(
          {Diagnostic::Kind::interrupted, "", "the scan was interrupted", "Scan again."}));
    }
    if (results_ > kGithubShownResults) add_notification(many_results_notification(results_));
    if (left_out_ > 0) add_notification(left_out_notification(left_out_, kMaxNotifications));

    const auto [code, description] = exit_code(summary);
    Json invocation;
    // Whether the scan came to its end. Keys that were found or files that were skipped are no
    // failure: GitHub refuses the results of a run that failed.
    invocation["executionSuccessful"] = !interrupted_;
    invocation["exitCode"] = code;
    invocation["exitCodeDescription"] = description;
    append_members(invocation, out);
    out += "\"toolExecutionNotifications\":[" + notifications_ + "]";
  }

  std::pair<int, const char*> exit_code(const ScanSummary& summary) const {
    if (interrupted_) return {2, "The scan was interrupted."};
    if (!summary.complete() || diagnostics_ > accepted_) {
      return {2, "The scan ended, but not all of its input was scanned."};
    }
    if (results_ > 0) return {1, "The scan is complete; keys were found."};
    return {0, "The scan is complete; no key was found."};
  }

  const RuleSet& rules_;
  const std::optional<RepositoryFacts> repository_;
  Artifacts artifacts_;
  LineOccurrences occurrences_;
  std::string notifications_;  // already JSON, with commas between
  uint64_t results_ = 0;
  uint64_t diagnostics_ = 0;
  uint64_t accepted_ = 0;  // of these
  uint64_t left_out_ = 0;
  bool interrupted_ = false;
};

}  // namespace

// `reveal` changes nothing here: a log is uploaded and kept, so it never holds a key.
std::unique_ptr<Report> make_sarif_report(const RuleSet& rules, const ReportOptions& options) {
  return std::make_unique<SarifReport>(rules, options.repository);
}

}  // namespace assay
