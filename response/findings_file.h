// Findings read back from JSON lines (docs/report-fields.md), for rotate, report and diff.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "response/owner.h"
#include "rules/rule_set.h"
#include "scanner/finding.h"

namespace assay {

// One line of a report. `finding.secret` is empty, and all that reports hold as text is as it was
// written there. What the run knew of owners stands beside it.
struct ToldFinding {
  Finding finding;
  std::string rule_id;  // also where this program does not know the rule (finding.rule is null)
  std::optional<Owner> owner;
  std::optional<BroughtBy> brought_by;
  std::string owner_doubt;  // why no owner is told, though one could have been; may be empty
  bool canary = false;      // minted to be found
};

// A diagnostic as it was told.
struct ToldDiagnostic {
  std::string kind, path, message;
  bool accepted = false;
};

// One report, read whole. Moved, never copied: findings point into it.
struct FindingsFile {
  FindingsFile() = default;
  FindingsFile(const FindingsFile&) = delete;
  FindingsFile(FindingsFile&&) = default;
  FindingsFile& operator=(FindingsFile&&) = default;

  std::string name;  // as given, for messages; printable and redacted
  std::vector<ToldFinding> findings;
  std::vector<ToldDiagnostic> diagnostics;
  std::optional<ScanSummary> summary;  // absent: the report was cut off
  std::string tool, rules;             // "assay 0.1.0", the rules' version; may be empty
  std::deque<std::string> texts;       // what string_views of the findings point into
};

// Reads JSON lines: at most 4 MiB a line, 1 GiB in all, 2,000,000 findings; unknown fields are left
// out. Throws Error, with the name, the line and a remedy, for what is no such report, and for a
// text that holds a key whose checksum holds (written with --reveal).
FindingsFile parse_findings(std::string_view text, std::string_view name, const RuleSet& rules);

// Reads a file, or standard input for `-`. Throws Error.
FindingsFile read_findings(const std::string& path, const RuleSet& rules);

}  // namespace assay
