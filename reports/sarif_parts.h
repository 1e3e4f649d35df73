// A run of a SARIF log as several documents, for when one would be too large for its readers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reports/sarif_run.h"
#include "reports/spool.h"

namespace assay {

// A result's place among those of its run: the profile ado has the worst first, since its reader
// keeps only the first of many.
inline constexpr size_t kSarifLanes = 4;
size_t sarif_lane(const Rule& rule, const ReportOptions& options);

// Which part a file belongs to never changes, whatever else is found: an alert stays in the
// category of its part, and does not close there to open in another. So there are as many parts as
// ever, and those without results close what was there. One thread.
class SarifParts {
 public:
  static constexpr size_t kParts = 16;

  // `sources` of the whole: each part has a category below that one. The rest outlives it.
  SarifParts(const RuleSet& rules, const SarifSources& sources, const ReportOptions& options,
             const SarifLimits& limits);

  void result(const Finding& finding, const std::string& path);
  void absent(const BaseResult& gone, const Rule& rule);

  // The results could not be put aside: there are no parts.
  bool failed() const { return spool_.failed(); }

  // Results that no part has, since its reader would refuse it.
  uint64_t refused() const { return refused_; }

  // What stands in the documents of a part beside its results.
  struct Frame {
    const RepositoryFacts* repository = nullptr;
    std::function<std::string(size_t part, const SarifRun& run)> invocation;
    bool truncated = false;
  };

  // Appends a piece of the document of the part; true: there is more. Parts come one after another.
  bool write(size_t part, const Frame& frame, std::string& out);

 private:
  size_t part_of(std::string_view path) const;
  void put(size_t part, size_t lane, const std::string& text);

  const ReportOptions& options_;
  const uint64_t most_;  // results of a part
  std::vector<std::unique_ptr<SarifRun>> runs_;
  Spool spool_;  // kSarifLanes for each part
  uint64_t refused_ = 0;

  // Where `write` is.
  size_t lane_ = 0;
  uint64_t at_ = 0;
  bool begun_ = false, first_ = true;
};

}  // namespace assay
