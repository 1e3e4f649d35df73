// The table of output formats.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "rules/rule_set.h"
#include "scanner/finding.h"

namespace assay {

struct OwnerSources;  // response/owner.h

// The repository that a run is about, for reports that name it.
struct RepositoryFacts {
  std::string uri;       // of its remote, without credentials; may be empty
  std::string revision;  // commit id at HEAD; may be empty
  std::string branch;    // may be empty
  std::string category;  // of the run, ends in `/`: "assay/git/", "assay/git-history/"
};

struct ReportOptions {
  bool colour = false;  // text only
  bool live = false;    // findings are wanted at once, not grouped at the end (text only)
  bool reveal = false;  // show key values: the one way out, never the default
  std::optional<RepositoryFacts> repository = {};
  // Words of the run, each a literal; empty: the common ones.
  std::string_view nothing = {};         // why nothing was there to scan: "no content is staged"
  std::string_view no_ref = {};          // of a key in a commit that no branch or tag holds
  std::string_view advice = {};          // what to do about keys in commits: lines (text only)
  const OwnerSources* owners = nullptr;  // null: nothing is known of owners; outlives the report
};

// Writes one document. Calls come on one thread, in this order: begin, then findings and
// diagnostics in the order of the input, then finish. Each call appends to `out`, which the caller
// writes away and clears when it likes; a report keeps nothing that grows with the input, but for
// `text`, which keeps one entry a distinct key up to a limit that it tells, and `sarif`, which
// keeps the results of exports up to a limit. The same calls give the same bytes: no clock, nothing
// random, no locale, no absolute path.
class Report {
 public:
  virtual ~Report() = default;
  virtual void begin(std::string& out) = 0;
  virtual void finding(const Finding& finding, std::string& out) = 0;
  virtual void diagnostic(const Diagnostic& diagnostic, std::string& out) = 0;
  virtual void finish(const ScanSummary& summary, std::string& out) = 0;

  // How many findings the document lacks for want of room. Where it should have held all of them,
  // its reader would take it for whole: the exit code is 2 then.
  virtual uint64_t left_out() const { return 0; }
};

struct Format {
  std::string_view name;
  std::string_view description;
  bool detailed;  // uses Finding::snippet, line_hash and facts, which cost time to make
  std::unique_ptr<Report> (*make)(const RuleSet& rules, const ReportOptions& options);
};

// All formats, in the order of --help.
std::span<const Format> formats();
const Format* find_format(std::string_view name);

// One each, in its own file.
std::unique_ptr<Report> make_text_report(const RuleSet& rules, const ReportOptions& options);
std::unique_ptr<Report> make_jsonl_report(const RuleSet& rules, const ReportOptions& options);
std::unique_ptr<Report> make_sarif_report(const RuleSet& rules, const ReportOptions& options);
std::unique_ptr<Report> make_github_report(const RuleSet& rules, const ReportOptions& options);

// Bytes as they can stand on a terminal line: valid UTF-8; control characters, line and paragraph
// separators, direction overrides and invalid bytes as \xNN.
std::string printable(std::string_view bytes);

// Bytes as valid UTF-8, each invalid byte sequence as one U+FFFD, nothing else changed.
std::string valid_utf8(std::string_view bytes);

// A diagnostic as one sentence: "logs/a.gz was not read whole: it is cut short. Fetch it again."
std::string sentence(const Diagnostic& diagnostic);

// The wording that the formats for people share; what comes from the input is printable in it.
std::string_view proof(Confidence confidence);  // "checksum holds"
// What is to be expected by chance, without an exponent, which is no number to people: "0.0000022".
std::string chance(double expected);
// What stands for the proof of a damaged or masked key: "damaged: one character replaced; the
// checksum singles out one key (10,206 tried, 0.0000071 by chance)".
std::string damage_words(const Damage& damage);
std::string whose(const KeyContext& context);  // "app orders, slot staging, host key default"
std::string grouped(uint64_t number);          // "1,234,567"
std::string counted(uint64_t number, std::string_view noun);  // "1 file", "1,200 files"
std::string byte_size(uint64_t bytes);                        // "1.2 MB"
// The last line of a report. `found`, "3 keys at 5 places", is empty where nothing was found:
// "3 keys at 5 places in 12 files, 1.2 MB scanned, nothing left out.". `nothing`: of ReportOptions.
std::string verdict(const ScanSummary& summary, std::string_view found,
                    std::string_view nothing = {});

}  // namespace assay
