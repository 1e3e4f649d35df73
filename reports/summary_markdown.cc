// The summary of a job, as GitHub and Azure Pipelines show it.
//
//   ## assay: 2 keys at 3 places
//   2 errors, 1 warning
//   | Rule | Key | Where | Owner | First step |
//   |---|---|---|---|---|
//   | AZF1001 Azure Functions master key | <code>ddd…AzFu…(56)</code> | <code>a.env:3</code> | …
//   ### Not scanned
//
// Names may come from anyone who can open a pull request. Backticks do not hold them: a pipe ends a
// cell even there. So every sign that means something is written as its number, `&#124;`.
#include "reports/summary_markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "reports/format.h"
#include "reports/owner_words.h"
#include "response/rotation.h"
#include "rules/keys/c3id.h"

namespace assay {

namespace {

constexpr size_t kRows = 50;
constexpr size_t kProblems = 20;
constexpr size_t kKnown = 100'000;  // keys that are told apart
// Bytes of a field before it is escaped. An escaped one is at most 17 times as long, and the bounds
// together keep the document below kMostSummary.
constexpr size_t kLong = 300, kShort = 100;

// Worst first, then in the order of the input.
struct Severity {
  Level level = Level::note;
  double rank = 0;
  uint64_t seen = 0;

  friend bool operator<(const Severity& a, const Severity& b) {
    return std::tuple(b.level, b.rank, a.seen) < std::tuple(a.level, a.rank, b.seen);
  }
};

struct Row {
  std::string identity;
  std::string rule, redacted, where, owner, step;  // escaped
  BaselineState state = BaselineState::none;
  uint64_t places = 0;
};

// No character is cut.
std::string cut(std::string_view text, size_t most) {
  if (text.size() <= most) return std::string(text);
  size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string code(std::string_view bytes, size_t most) {
  return bytes.empty() ? "" : "<code>" + markdown_text(cut(printable(bytes), most)) + "</code>";
}

// What tells keys apart. A guessable value has no fingerprint, and its hash stays in memory.
std::string identity(const Finding& finding) {
  if (!finding.fingerprint.empty()) return "f" + finding.fingerprint;
  const auto hash = sha256(finding.secret.reveal());
  return "v" + std::string(hash.data(), hash.size());
}

class MarkdownReport final : public Report {
 public:
  explicit MarkdownReport(const ReportOptions& options)
      : owners_(options.owners), nothing_(options.nothing) {}

  void begin(std::string&) override {}

  void finding(const Finding& finding, std::string&) override {
    if (finding.suppression) {
      suppressed_.add(*finding.suppression);
      return;
    }
    ++findings_;
    ++levels_[static_cast<size_t>(finding.rule->level)];
    ++states_[static_cast<size_t>(finding.baseline_state)];
    const std::string id = identity(finding);
    if (known_.size() < kKnown) known_.insert(id);
    if (const auto row = places_.find(id); row != places_.end()) {
      ++rows_.at(row->second).places;
    } else {
      keep(finding, id);
    }
  }

  void diagnostic(const Diagnostic& diagnostic, std::string&) override {
    ++diagnostics_;
    if (problems_.size() >= kProblems) return;
    const bool gap = diagnostic.accepted && diagnostic.kind != Diagnostic::Kind::record;
    problems_.push_back((gap ? "accepted: " : "") +
                        markdown_text(cut(sentence(diagnostic), kLong)));
  }

  void finish(const ScanSummary& summary, std::string& out) override {
    const bool more = known_.size() == kKnown;
    const std::string found =
        findings_ == 0 ? ""
                       : fmt::format("{}{} at {}", more ? "more than " : "",
                                     counted(known_.size(), "key"), counted(findings_, "place"));
    out += fmt::format("## assay: {}\n\n", !found.empty()       ? found
                                           : summary.complete() ? "no key found"
                                                                : "no key found, not complete");
    add_counts(out);
    add_table(out);
    add_problems(out);
    for (size_t i = 0; i < std::min(summary.notes.size(), kProblems); ++i) {
      out += markdown_text(cut(summary.notes[i], kLong)) + "\n\n";
    }
    if (const std::string words = config_words(summary); !words.empty()) {
      out += markdown_text(cut(words, kLong)) + "\n\n";
    }
    out += markdown_text(cut(verdict(summary, found, nothing_, suppressed_.words()), 2 * kLong));
    out += '\n';
  }

 private:
  void keep(const Finding& finding, const std::string& id) {
    const Severity severity{finding.rule->level, finding.rule->rank, findings_};
    if (rows_.size() == kRows) {
      const auto mildest = std::prev(rows_.end());
      if (!(severity < mildest->first)) return;
      // It cannot come back: what is kept is at least as bad, and was seen earlier.
      places_.erase(mildest->second.identity);
      rows_.erase(mildest);
    }
    places_.emplace(id, severity);
    rows_.emplace(severity, row_of(finding, id));
  }

  Row row_of(const Finding& finding, const std::string& id) const {
    Row row;
    row.identity = id;
    row.rule = markdown_text(cut(finding.rule->id + " " + finding.rule->title, kShort));
    row.redacted = code(finding.redacted, kShort);
    row.where = code(fmt::format("{}:{}", finding.provenance ? finding.provenance->path : "",
                                 finding.location.line),
                     kLong);
    if (const OwnerAnswer answer = owner_of(owners_, finding); answer.owner) {
      row.owner = markdown_text(cut(printable(answer.owner->name), kShort));
    }
    const RotationPlan plan = plan_rotation(finding);
    if (!plan.steps.empty()) row.step = code(plan.steps.front(), kLong);
    row.state = finding.baseline_state;
    row.places = 1;
    return row;
  }

  void add_counts(std::string& out) const {
    if (findings_ > 0) {
      constexpr std::pair<Level, std::string_view> kLevels[] = {
          {Level::error, "error"}, {Level::warning, "warning"}, {Level::note, "note"}};
      std::string line;
      for (const auto& [level, word] : kLevels) {
        const uint64_t count = levels_[static_cast<size_t>(level)];
        if (count > 0) line += (line.empty() ? "" : ", ") + counted(count, word);
      }
      const uint64_t fresh = states_[static_cast<size_t>(BaselineState::is_new)];
      const uint64_t none = states_[static_cast<size_t>(BaselineState::none)];
      if (none < findings_) {
        line += fmt::format("; {} new, {} known before", grouped(fresh),
                            grouped(findings_ - fresh - none));
      }
      out += line + "\n\n";
    }
  }

  void add_table(std::string& out) const {
    if (rows_.empty()) return;
    out += "| Rule | Key | Where | Owner | First step |\n|---|---|---|---|---|\n";
    for (const auto& [severity, row] : rows_) {
      std::string where = row.where;
      if (row.places > 1) where += " and " + counted(row.places - 1, "more place");
      if (row.state == BaselineState::is_new) where += " (new)";
      out += fmt::format("| {} | {} | {} | {} | {} |\n", row.rule, row.redacted, where, row.owner,
                         row.step);
    }
    out += '\n';
    if (known_.size() > rows_.size()) {
      out += fmt::format("And {} of milder or later keys, not shown here.\n\n",
                         grouped(known_.size() - rows_.size()));
    }
  }

  void add_problems(std::string& out) const {
    if (problems_.empty()) return;
    out += "### Not scanned\n\n";
    for (const std::string& problem : problems_) out += "- " + problem + "\n";
    if (const uint64_t more = diagnostics_ - problems_.size(); more > 0) {
      out += fmt::format("- and {} more\n", grouped(more));
    }
    out += '\n';
  }

  const OwnerSources* owners_;
  const std::string_view nothing_;
  std::map<Severity, Row> rows_;            // the worst
  std::map<std::string, Severity> places_;  // identity to its place in rows_
  std::set<std::string> known_;
  std::vector<std::string> problems_;
  SuppressedCounts suppressed_;
  uint64_t findings_ = 0;    // those that are not suppressed
  uint64_t levels_[3] = {};  // of these, beside Level
  uint64_t states_[4] = {};  // beside BaselineState
  uint64_t diagnostics_ = 0;
};

}  // namespace

std::string markdown_text(std::string_view bytes) {
  std::string out;
  for (const char c : printable(bytes)) {
    const auto byte = static_cast<unsigned char>(c);
    const char last = out.empty() ? '\0' : out.back();
    // `www.` makes a link, and at the beginning `1.` and `-` a list, `=` a heading.
    const bool dot = c == '.' && last != 'w' && last != 'W' && !(last >= '0' && last <= '9');
    const bool inner = !out.empty() && (c == '-' || c == '=');
    const bool plain = byte >= 0x80 || (byte >= '0' && byte <= '9') ||
                       (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || c == ' ' ||
                       c == '/' || c == ',' || c == ';' || dot || inner;
    if (c == '@') {
      // An address becomes a link even when the sign is a number, unless something stands between.
      out += "<!-- -->&#64;";
    } else if (plain) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "&#{};", byte);
    }
  }
  return out;
}

std::unique_ptr<Report> make_markdown_report(const RuleSet&, const ReportOptions& options) {
  return std::make_unique<MarkdownReport>(options);
}

}  // namespace assay
