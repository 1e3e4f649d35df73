#include "cli/stats.h"

#include <fmt/format.h>

#include "cli/output.h"

namespace assay {

namespace {

using Seconds = std::chrono::duration<double>;
constexpr double kMega = 1e6;

double seconds(uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e9; }

}  // namespace

void Stopwatch::lap(std::string_view name) {
  const auto now = std::chrono::steady_clock::now();
  laps_.emplace_back(name, now - last_);
  last_ = now;
}

Seconds Stopwatch::time(std::string_view name) const {
  for (const auto& [lap, time] : laps_) {
    if (lap == name) return time;
  }
  return {};
}

Progress::Progress(bool enabled, bool shares_terminal, std::string_view unit)
    : enabled_(enabled), shares_terminal_(shares_terminal), unit_(unit) {}

void Progress::show(const ScanProgress& at) {
  if (!enabled_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - start_ < std::chrono::seconds(1) || now - last_ < std::chrono::milliseconds(200))
    return;
  last_ = now;
  shown_ = true;
  const double rate = static_cast<double>(at.bytes) / kMega / Seconds(now - start_).count();
  say(fmt::format("\r\033[K{} {}s, {:.0f} MB, {:.0f} MB/s, {} findings", at.blobs, unit_,
                  static_cast<double>(at.bytes) / kMega, rate, findings_));
}

void Progress::clear() {
  if (!shown_) return;
  say(fmt::format("\r\033[K"));
  shown_ = false;
}

void print_stats(const RuleSet& rules, const Prefilter& prefilter, const ScanSummary& summary,
                 const ScanStats& stats, const Stopwatch& watch) {
  const double time = watch.time("scan").count();
  const double rate = time > 0 ? static_cast<double>(summary.bytes) / kMega / time : 0;
  const char* origin = prefilter.origin() == Prefilter::Origin::cached     ? "from the cache"
                       : prefilter.origin() == Prefilter::Origin::compiled ? "compiled"
                                                                           : "none (plain path)";
  say(fmt::format("bytes       {:>14}  {:.0f} MB/s\n", summary.bytes, rate));
  say(fmt::format("{:<11} {:>14}\nthreads     {:>14}\ndatabase    {:>14}\n",
                  std::string(summary.unit == "file" ? "blob" : summary.unit) + "s", summary.blobs,
                  stats.threads, origin));
  say(fmt::format("anchors hit {:>14}\ncandidates  {:>14}\n", stats.match.hits,
                  stats.match.candidates));
  for (const auto& [name, lap] : watch.laps()) {
    say(fmt::format("{:<11} {:>11.1f} ms\n", name, lap.count() * 1e3));
  }
  const std::pair<const char*, uint64_t> stages[] = {{"reading", stats.read_ns},
                                                     {"prefilter", stats.match.prefilter_ns},
                                                     {"matching", stats.match.match_ns}};
  for (const auto& [name, spent] : stages) {
    say(fmt::format("{:<11} {:>11.1f} ms, all threads\n", name, seconds(spent) * 1e3));
  }
  for (size_t i = 0; i < rules.rules().size(); ++i) {
    const auto& counts = stats.match.findings_by_rule;
    say(fmt::format("{:<11} {:>14} findings\n", rules.rules()[i].id,
                    i < counts.size() ? counts[i] : 0));
  }
}

}  // namespace assay
