// One run of a SARIF log: the results of one family of sources, with what they point to.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "reports/format.h"
#include "reports/sarif_places.h"
#include "response/base_sarif.h"
#include "rules/rule_set.h"

namespace assay {

// What the results of a run were found in. GitHub tells runs apart by their category, and takes
// those of a log only if no two have the same.
struct SarifSources {
  std::string category;  // ends in `/`
  std::string_view description;
  std::string_view base;  // id of the base that uris are relative to
  std::string_view base_description;
  bool exports = false;  // of other systems: nothing of a repository
};

// Counts the results of one rule with one line hash in a file. The findings of a file come one
// after the other, so that only those of the last one need be known. In one text a hash stands for
// one line; the versions of a file in a repository may have it on different ones.
class LineOccurrences {
 public:
  uint64_t next(const std::string& uri, const Finding& finding, size_t rule_index);

 private:
  std::string uri_;
  std::map<std::pair<size_t, std::string>, uint64_t> counts_;
};

// Keeps no result, only what the results point to. `rules` and `options` outlive it. One thread.
class SarifRun {
 public:
  SarifRun(const RuleSet& rules, SarifSources sources, const ReportOptions& options)
      : rules_(rules), sources_(std::move(sources)), options_(options) {}

  // All that stands before the first result, the run's opening brace included.
  void begin(const RepositoryFacts* repository, std::string& out) const;

  // A result, with a comma before it unless it is the `first` of its document. `path`: log_path.
  void result(const Finding& finding, const std::string& path, bool first, std::string& out);

  // The same of a result that is gone.
  void absent(const BaseResult& gone, const Rule& rule, bool first, std::string& out);

  // All that stands behind the last result, the closing brace included. `invocation` is a whole
  // object; `truncated`: not all that the run should hold is there.
  void end(std::string_view invocation, bool truncated, std::string& out) const;

  uint64_t results() const { return results_; }
  const SarifSources& sources() const { return sources_; }

 private:
  const RuleSet& rules_;
  const SarifSources sources_;
  const ReportOptions& options_;
  SarifArtifacts artifacts_;
  SarifLogicalLocations logical_locations_;
  LineOccurrences occurrences_;
  uint64_t results_ = 0;
};

// What begins a log, and what ends it: the runs stand between, with commas.
inline constexpr std::string_view kSarifBegin =
    R"({"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[)";
inline constexpr std::string_view kSarifEnd = "]}\n";

// Of results as they are written, which wait for the end of the first run: some 25,000, as many as
// GitHub takes of a run.
inline constexpr size_t kMostHeld = size_t{64} << 20;

// Bounds that tests make smaller.
struct SarifLimits {
  size_t held = kMostHeld;    // bytes of results that wait
  uint64_t whole = 5000;      // results of a run: with more the log is split
  uint64_t refused = 25'000;  // with more GitHub refuses the run
};

// The report of format.h with other limits.
std::unique_ptr<Report> make_sarif_report(const RuleSet& rules, const ReportOptions& options,
                                          const SarifLimits& limits);

// What was looked at, as properties of an invocation. Of absolute paths only the last part: a log
// is uploaded, and leaks no folder of this machine.
nlohmann::ordered_json sarif_coverage(const ScanSummary& summary);

// The members of `object`, one a line, each with a comma behind it.
void append_members(const nlohmann::ordered_json& object, std::string& out);

}  // namespace assay
