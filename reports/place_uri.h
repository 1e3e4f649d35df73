// Where a finding stands for the reader of a SARIF log.
#pragma once

#include <optional>
#include <string>

#include "reports/format.h"
#include "scanner/finding.h"

namespace assay {

// The path that the log tells: as reported, or with the profile github relative to the checkout.
// Nothing where that profile has no place for it: a stream, and a file outside of the checkout.
// Keys in it are redacted.
std::optional<std::string> log_path(const Finding& finding, const ReportOptions& options);

}  // namespace assay
