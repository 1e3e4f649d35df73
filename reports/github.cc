// Annotations for a pull request: workflow commands that GitHub Actions reads from a step's log.
//
//   ::error file=a.log,line=3,…,title=AZF1001 Azure Functions master key::ddd…AzFu…(56): checksum …
//
// Whatever stands at the start of a line with `::` is a command, so every byte of input goes
// through printable(), which leaves no line break, and then through GitHub's own escaping.
#include <fmt/format.h>

#include "reports/format.h"
#include "reports/history.h"
#include "reports/owner_words.h"
#include "reports/record.h"
#include "response/rotation.h"

namespace assay {

namespace {

// What stands after the second `::`.
std::string escaped_data(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '%':
        out += "%25";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// A value before it: these two characters would end it.
std::string escaped_property(std::string_view text) {
  std::string out;
  for (const char c : escaped_data(text)) {
    if (c == ':') {
      out += "%3A";
    } else if (c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

std::string_view command(Level level) {
  switch (level) {
    case Level::error:
      return "error";
    case Level::warning:
      return "warning";
    case Level::note:
      break;
  }
  return "notice";
}

constexpr size_t kShortRecord = 200;  // bytes; a longer one would push out what matters more

// GitHub counts columns in characters and takes endColumn as the last one of the place. What is not
// in a file of the checkout has no place: the message tells it. Of an archive or a compressed file
// no line can be shown, so that the annotation is on the file as a whole.
std::string place(const Finding& finding) {
  if (!finding.provenance || !stands_in_file(finding)) return "";
  if (from_container(finding)) {
    return fmt::format("file={},", escaped_property(printable(outer_path(finding))));
  }
  const Location& location = finding.location;
  const uint64_t length = length_on_line(finding);
  return fmt::format("file={},line={},endLine={},col={},endColumn={},",
                     escaped_property(printable(finding.provenance->path)), location.line,
                     location.line, location.utf16_column,
                     location.utf16_column + (length > 0 ? length - 1 : 0));
}

std::string message(const Finding& finding, bool reveal, const OwnerSources* owners) {
  const std::string why =
      finding.damage ? damage_words(*finding.damage) : std::string(proof(finding.confidence));
  std::string out = fmt::format("{}: {}.", printable(finding.redacted), why);
  if (finding.provenance && (!stands_in_file(finding) || from_container(finding))) {
    out += fmt::format("\nAt {}:{}:{}.", printable(finding.provenance->path), finding.location.line,
                       finding.location.column);
  }
  if (finding.record) {
    const std::string record = record_words(*finding.record);
    if (!record.empty() && record.size() <= kShortRecord) out += "\nRecord: " + record + ".";
  }
  if (finding.git) out += "\nIn the repository: " + history(*finding.git) + ".";
  if (const std::string owner = whose(finding.context, finding.rule->family); !owner.empty())
    out += "\nWhose: " + owner;
  const OwnerAnswer answer = owner_of(owners, finding);
  if (answer.owner) out += "\nOwner: " + owner_words(*answer.owner);
  if (!answer.doubt.empty()) out += "\nNot settled: " + printable(answer.doubt);
  if (const auto by = brought_by(finding)) out += "\nBrought by: " + brought_by_words(*by);
  if (answer.canary) out += fmt::format("\nCanary: {}", kCanary);
  if (!finding.fingerprint.empty()) out += "\nFingerprint: " + printable(finding.fingerprint);
  if (const std::string doubt = marker_doubt(finding); !doubt.empty()) out += "\nMarker: " + doubt;
  if (reveal) out += "\nValue: " + printable(finding.secret.reveal());
  const RotationPlan plan = plan_rotation(finding);
  if (!plan.steps.empty()) out += "\nNow: " + printable(plan.steps.front());
  return out;
}

class GithubReport final : public Report {
 public:
  explicit GithubReport(const ReportOptions& options)
      : reveal_(options.reveal), nothing_(options.nothing), owners_(options.owners) {}

  void begin(std::string&) override {}

  void finding(const Finding& finding, std::string& out) override {
    if (finding.suppression) {
      suppressed_.add(*finding.suppression);
      return;
    }
    ++findings_;
    const Rule& rule = *finding.rule;
    out += fmt::format("::{} {}title={}::{}\n", command(rule.level), place(finding),
                       escaped_property(rule.id + " " + rule.title),
                       escaped_data(message(finding, reveal_, owners_)));
  }

  void diagnostic(const Diagnostic& diagnostic, std::string& out) override {
    const std::string file =
        diagnostic.path.empty() ? "" : "file=" + escaped_property(printable(diagnostic.path)) + ",";
    out += fmt::format(
        "::{} {}title=Not scanned{}::{}\n", diagnostic.accepted ? "notice" : "warning", file,
        diagnostic.accepted ? " (accepted)" : "", escaped_data(sentence(diagnostic)));
  }

  void finish(const ScanSummary& summary, std::string& out) override {
    if (const std::string words = config_words(summary); !words.empty()) out += words + "\n";
    out += verdict(summary, findings_ == 0 ? "" : counted(findings_, "finding"), nothing_,
                   suppressed_.words());
    out += '\n';
  }

 private:
  bool reveal_;
  std::string_view nothing_;
  const OwnerSources* owners_;
  SuppressedCounts suppressed_;
  uint64_t findings_ = 0;  // those that are not suppressed
};

}  // namespace

std::unique_ptr<Report> make_github_report(const RuleSet&, const ReportOptions& options) {
  return std::make_unique<GithubReport>(options);
}

}  // namespace assay
