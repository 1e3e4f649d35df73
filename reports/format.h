// The table of output formats.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/finding.h"

namespace assay {

class BaseSarif;      // response/base_sarif.h
struct OwnerSources;  // response/owner.h

// The repository that a run is about, for reports that name it.
struct RepositoryFacts {
  std::string uri;       // of its remote, without credentials; may be empty
  std::string revision;  // commit id at HEAD; may be empty
  std::string branch;    // may be empty
  std::string category;  // of the run, ends in `/`: "assay/git/", "assay/git-history/"
};

// Whom a SARIF log is for: what its reader refuses or cuts off is not in it. See docs/sarif.md.
enum class SarifProfile { full, github, ado };
std::string_view to_string(SarifProfile profile);
std::optional<SarifProfile> sarif_profile_named(std::string_view word);

// What Azure DevOps must be told of the pipeline: BUILD_DEFINITIONID or SYSTEM_DEFINITIONID,
// BUILD_DEFINITIONNAME, SYSTEM_PHASEID (a GUID), SYSTEM_PHASEDISPLAYNAME or SYSTEM_PHASENAME. Where
// one is empty, a log of the profile ado says that it was made outside of a pipeline.
struct AdoPipeline {
  std::string definition_id, definition_name, phase_id, phase_name;
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

  // Of SARIF alone.
  SarifProfile sarif_profile = SarifProfile::full;
  bool baseline = false;            // findings have a baseline_state: each result tells it
  const BaseSarif* base = nullptr;  // with --base-sarif: what is gone since, told by the profile
                                    // full when the scan ends; outlives the report
  // Absolute: the checkout, and the folder that the run was started in, which paths are relative
  // to. With both, the profile github writes paths relative to the checkout, and leaves out what
  // does not stand in it. Ignored for what a repository's history gave.
  std::string root = {}, folder = {};
  AdoPipeline ado = {};
  bool split = false;  // the report goes to a file, so that it can become several: see parts()
};

// Writes one document. Calls come on one thread, in this order: begin, then findings and
// diagnostics in the order of the input, then finish. Each call appends to `out`, which the caller
// writes away and clears when it likes; a report keeps nothing that grows with the input, but for
// `text` and `markdown`, which keep the worst keys up to a limit that they tell, and `sarif`, which
// keeps results of exports up to a limit, and with `split` puts all results aside in a temporary
// file without a name. The same calls give the same bytes: no clock, nothing
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

  // After finish, with ReportOptions::split. 0: the document is as it should be. More: it is too
  // large for its readers, and so many documents of their own take its place: what was appended to
  // `out` is to be thrown away. Their number does not depend on how many findings there are.
  virtual size_t parts() const { return 0; }

  // Appends a piece of the document `part` (from 0), at most some MiB. True: call again for more.
  virtual bool part(size_t /*part*/, std::string& /*out*/) { return false; }

  // After finish: what the user should know of the document, whole sentences, or empty.
  virtual std::string remark() const { return {}; }
};

// The uri that a SARIF log has for the place of a finding: what BaseSarif::judge asks for.
std::string place_uri(const Finding& finding, const ReportOptions& options);

// The file of a part, counted from 1: "out/assay.sarif" gives "out/assay.003.sarif".
std::string part_path(std::string_view path, size_t number);

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
std::unique_ptr<Report> make_markdown_report(const RuleSet& rules, const ReportOptions& options);

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
// "app orders, slot staging, host key default"; of other families than azure-functions "resource
// contosodata".
std::string whose(const KeyContext& context, std::string_view family = "azure-functions");
std::string grouped(uint64_t number);                         // "1,234,567"
std::string counted(uint64_t number, std::string_view noun);  // "1 file", "1,200 files"
std::string byte_size(uint64_t bytes);                        // "1.2 MB"
// The last line of a report. `found`, "3 keys at 5 places", is empty where nothing was found:
// "3 keys at 5 places in 12 files, 1.2 MB scanned (logs), nothing left out.". `nothing`: of
// ReportOptions. `suppressed`: words of SuppressedCounts.
std::string verdict(const ScanSummary& summary, std::string_view found,
                    std::string_view nothing = {}, std::string_view suppressed = {});
// "Config: .assay.toml; it turns off AZF1005 and AZK2171-1." Empty without a config.
std::string config_words(const ScanSummary& summary);
// Of a finding that counts although a marker stands beside it, what the marker lacks:
// The line that the finding's marker stands on. It must have one.
uint64_t marker_line(const Finding& finding);
// "gitleaks:allow in line 12 gives no reason, and a proven key counts without one". Else empty.
std::string marker_doubt(const Finding& finding);

// How many findings did not count, by why.
class SuppressedCounts {
 public:
  void add(const Suppression& suppression) { ++counts_[static_cast<size_t>(suppression.kind)]; }
  uint64_t total() const;
  std::string words() const;  // "2 suppressed (1 marker, 1 baseline)"; empty if there is none

 private:
  uint64_t counts_[4] = {};  // in the order of Suppression::Kind
};

}  // namespace assay
