// What a person at the terminal sees beside the report: progress, and --stats.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/scan.h"

namespace assay {

// Names the time since the last lap.
class Stopwatch {
 public:
  void lap(std::string_view name);
  std::chrono::duration<double> time(std::string_view name) const;
  const std::vector<std::pair<std::string_view, std::chrono::duration<double>>>& laps() const {
    return laps_;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  std::vector<std::pair<std::string_view, std::chrono::duration<double>>> laps_;
};

// A line on stderr, rewritten some times a second once a job takes longer than a second.
class Progress {
 public:
  // `shares_terminal`: the report goes to a terminal too, so the line is cleared before each write.
  // `unit`: what is counted, a literal.
  Progress(bool enabled, bool shares_terminal, std::string_view unit);
  void count_finding() {
    ++findings_;
    if (shares_terminal_) clear();
  }
  void show(const ScanProgress& at);
  void clear();

 private:
  bool enabled_;
  bool shares_terminal_;
  std::string_view unit_;
  bool shown_ = false;
  uint64_t findings_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_ = start_;
};

void print_stats(const RuleSet& rules, const Prefilter& prefilter, const ScanSummary& summary,
                 const ScanStats& stats, const Stopwatch& watch);

}  // namespace assay
