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

// Keeps no result, only what the results point to. `rules` and `owners` outlive it. One thread.
class SarifRun {
 public:
  SarifRun(const RuleSet& rules, SarifSources sources, const OwnerSources* owners)
      : rules_(rules), sources_(std::move(sources)), owners_(owners) {}

  // All that stands before the first result, the run's opening brace included.
  void begin(const RepositoryFacts* repository, std::string& out) const;

  // A result, with a comma before it unless it is the first.
  void result(const Finding& finding, std::string& out);

  // All that stands behind the last result, the closing brace included. `invocation` is a whole
  // object; `truncated`: not all that the run should hold is there.
  void end(std::string_view invocation, bool truncated, std::string& out) const;

  uint64_t results() const { return results_; }

 private:
  const RuleSet& rules_;
  const SarifSources sources_;
  const OwnerSources* const owners_;  // may be null
  SarifArtifacts artifacts_;
  SarifLogicalLocations logical_locations_;
  LineOccurrences occurrences_;
  uint64_t results_ = 0;
};

// Of results of exports as they are written, which wait for the end of the first run: some 25,000,
// as many as GitHub takes of a run.
inline constexpr size_t kMostHeld = size_t{64} << 20;

// The report of format.h with another limit.
std::unique_ptr<Report> make_sarif_report(const RuleSet& rules, const ReportOptions& options,
                                          size_t most_held);

// The members of `object`, one a line, each with a comma behind it.
void append_members(const nlohmann::ordered_json& object, std::string& out);

}  // namespace assay
