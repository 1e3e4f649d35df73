// Results are put aside, each with the part and the lane it belongs to, until the scan is over.
//
//   src/a.py  FNV-1a of the path mod 16 = 2   ",\n{…}"  in lane 0 of part 2
//   part 2:   {"$schema":…,"runs":[{…,"results":[  lane 0, lane 1, …  ],"artifacts":…}]}
#include "reports/sarif_parts.h"

#include <fmt/format.h>

#include <cstdlib>

#include "reports/record.h"

namespace assay {

namespace {

// The same on every machine and in every version: parts must never change.
uint64_t stable_hash(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash ^ hash >> 32;
}

}  // namespace

size_t sarif_lane(const Rule& rule, const ReportOptions& options) {
  if (options.sarif_profile != SarifProfile::ado) return 0;
  const double severity = std::strtod(rule.security_severity.c_str(), nullptr);
  if (severity <= 0) {
    return rule.level == Level::error ? 1 : rule.level == Level::warning ? 2 : 3;
  }
  return severity >= 9 ? 0 : severity >= 7 ? 1 : severity >= 4 ? 2 : 3;
}

SarifParts::SarifParts(const RuleSet& rules, const SarifSources& sources,
                       const ReportOptions& options, const SarifLimits& limits)
    : options_(options),
      most_(options.sarif_profile == SarifProfile::github ? limits.refused : UINT64_MAX),
      spool_(kParts * kSarifLanes) {
  for (size_t i = 0; i < kParts; ++i) {
    SarifSources part = sources;
    part.category += fmt::format("p{:02}-of-{:02}/", i + 1, kParts);
    runs_.push_back(std::make_unique<SarifRun>(rules, std::move(part), options));
  }
}

size_t SarifParts::part_of(std::string_view path) const { return stable_hash(path) % kParts; }

void SarifParts::put(size_t part, size_t lane, const std::string& text) {
  spool_.append(part * kSarifLanes + lane, text);
}

void SarifParts::result(const Finding& finding, const std::string& path) {
  const size_t part = part_of(path);
  if (runs_[part]->results() >= most_) {
    ++refused_;
    return;
  }
  std::string text;
  runs_[part]->result(finding, path, false, text);
  put(part, sarif_lane(*finding.rule, options_), text);
}

void SarifParts::absent(const BaseResult& gone, const Rule& rule) {
  const size_t part = part_of(gone.uri);
  std::string text;
  runs_[part]->absent(gone, rule, false, text);
  put(part, sarif_lane(rule, options_), text);
}

bool SarifParts::write(size_t part, const Frame& frame, std::string& out) {
  const SarifRun& run = *runs_[part];
  if (!begun_) {
    out += kSarifBegin;
    run.begin(frame.repository, out);
    begun_ = first_ = true;
    lane_ = 0;
    at_ = 0;
    return true;
  }
  for (; lane_ < kSarifLanes; ++lane_, at_ = 0) {
    const size_t before = out.size();
    if (!spool_.read(part * kSarifLanes + lane_, at_, out)) continue;
    if (first_) out.erase(before, 1);  // the comma
    first_ = false;
    return true;
  }
  if (spool_.failed()) {
    throw Error("The parts of the report could not be read back. Look at the folder TMPDIR.");
  }
  run.end(frame.invocation(part, run), frame.truncated, out);
  out += kSarifEnd;
  begun_ = false;
  return false;
}

}  // namespace assay
