// The texts that a baseline is read from and written as. Internal to baseline*.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "response/baseline.h"

namespace assay {

struct BaselineText {
  Baseline::Form form = Baseline::Form::assay;
  std::vector<std::string> salts, comments, doubts;
  std::vector<BaselineEntry> entries;
};

// Each throws Error with `name`, which is printable, and the line or entry.
BaselineText read_baseline_lines(std::string_view text, std::string_view name);
BaselineText read_gitleaks_ignore(std::string_view text, std::string_view name);
BaselineText read_baseline_json(std::string_view text, std::string_view name);

// Why an entry of assay's form cannot be, as half a sentence, or empty.
std::string fault_of(const BaselineEntry& entry);

// A line without its end; the entry has no fault.
std::string baseline_line(const BaselineEntry& entry);
std::string salt_line(std::string_view salt);
inline constexpr std::string_view kBaselineHeader = "# assay baseline ";
inline constexpr std::string_view kBaselineVersion = "1";

// A path as entries of other tools are compared by: forward slashes, no `./` in front, and `!`
// before what lies in an archive.
std::string place_path(std::string_view path);
std::string place_of(std::string_view path, std::string_view rule, uint64_t line);

}  // namespace assay
