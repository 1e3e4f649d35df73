// The report for a person: one block a key, the worst first, then what was not scanned, then one
// line that says how it stands.
//
//   error: Azure Functions master key  ddd…AzFu…(56)
//     Proof:        checksum holds
//     Fingerprint:  R6+pDaPrTyjBTsNUJ6dj
//     Born:         2024-05
//     Whose:        app contoso-orders, slot staging, resource group rg-orders
//     Owner:        payments-team (the inventory has this key)
//     Brought by:   Dana (author of the commit that introduced it; may know whose key it is)
//     Found at:     logs/app.log:12:34 (query)
//                     at HEAD since 1a2b3c4d5e of 2025-11-02 by Dana      in a repository
//                     in slack #incidents, message 1762070400.000100 by dana      in an export
//     Now:          az functionapp keys set …
//     All steps:    assay rules show AZF1001
//
// Keys are kept until the end, in the order in which they will be shown; over the limit the
// mildest goes. Live, a key is told at once and only the fact that it was told is kept.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "reports/format.h"
#include "reports/history.h"
#include "reports/owner_words.h"
#include "reports/record.h"
#include "response/joined_context.h"
#include "response/rotation.h"
#include "rules/keys/c3id.h"

namespace assay {

namespace {

constexpr size_t kKeys = 1000;
constexpr size_t kPlaces = 10;  // of one key
constexpr size_t kNamed = 3;    // owners of one key, and those who brought it
constexpr size_t kDiagnostics = 100;
constexpr size_t kLabel = 14;  // width, with the colon and two spaces
constexpr std::string_view kUnstage = "take it out of the file, git add the file, and commit again";

struct Place {
  std::shared_ptr<const Provenance> provenance;  // shared: a path may be long
  uint64_t line = 0;
  uint64_t column = 0;
  std::string how;      // "query; percent"
  std::string history;  // of a repository
  std::shared_ptr<const Record> record;
};

// What the places of a key tell of its owners: each line once, the first few.
struct Names {
  std::vector<std::string> lines;
  bool more = false;

  void add(std::string line) {
    if (std::find(lines.begin(), lines.end(), line) != lines.end()) return;
    if (lines.size() < kNamed) {
      lines.push_back(std::move(line));
    } else {
      more = true;
    }
  }
};

struct Key {
  const Rule* rule = nullptr;
  std::string_view kind;
  Confidence confidence = Confidence::verified;
  std::string redacted;
  std::string fingerprint;
  std::string born;
  std::string marker;  // what one beside it lacks
  std::shared_ptr<const Damage> damage;
  Secret value;  // only when it will be shown
  JoinedContext context;
  bool staged = true;  // every place is in the index only
  std::string since;   // the earliest time at which a commit brought it, and that commit
  std::string first;
  Names owners, brought_by;
  bool canary = false;
  std::vector<Place> places;
  uint64_t count = 0;
};

// Worst first: the order of the report.
struct Severity {
  Level level = Level::note;
  double rank = 0;
  uint64_t seen = 0;  // the first of its places, as the count of findings before it

  friend bool operator<(const Severity& a, const Severity& b) {
    return std::tuple(b.level, b.rank, a.seen) < std::tuple(a.level, a.rank, b.seen);
  }
};

// What tells keys apart. A guessable value has no fingerprint, and its hash stays in memory.
std::string identity(const Finding& finding) {
  if (!finding.fingerprint.empty()) return "f" + finding.fingerprint;
  const auto hash = sha256(finding.secret.reveal());
  return "v" + std::string(hash.data(), hash.size());
}

Place place_of(const Finding& finding, std::string_view no_ref) {
  std::string how = finding.context.carrier;
  if (!finding.context.store.empty()) {
    how += (how.empty() ? "" : " ") + finding.context.store;
  }
  for (size_t i = 0; i < finding.encoding.size(); ++i) {
    how += i > 0 ? ", " : how.empty() ? "" : "; ";
    how += finding.encoding[i];
  }
  if (finding.damage) how += (how.empty() ? "" : "; ") + finding.damage->what;
  return {finding.provenance,
          finding.location.line,
          finding.location.column,
          printable(how),
          finding.git ? history(*finding.git, no_ref) : std::string(),
          finding.record};
}

// Of the place at `at`. A key often stands several times in one record, which is told after the
// last of those places.
std::string record_after(const std::vector<Place>& places, size_t at) {
  const auto& record = places[at].record;
  if (!record) return "";
  if (at + 1 < places.size()) {
    const Place& next = places[at + 1];
    const bool same_file = next.provenance == places[at].provenance ||
                           (next.provenance && places[at].provenance &&
                            next.provenance->path == places[at].provenance->path);
    if (same_file && next.record && *next.record == *record) return "";
  }
  return record_words(*record);
}

Key key_of(const Finding& finding, bool keep_value) {
  Key key;
  key.rule = finding.rule;
  key.kind = finding.kind;
  key.confidence = finding.confidence;
  key.redacted = printable(finding.redacted);
  key.fingerprint = printable(finding.fingerprint);
  key.born = printable(finding.born);
  key.damage = finding.damage;
  if (keep_value) key.value = finding.secret;
  return key;
}

// Places stand in the order of their paths, and not all are shown: the first leak may be any.
void note_first(const GitFacts& git, Key& key) {
  if (git.introduced_by.empty() || git.time.empty()) return;
  if (!key.since.empty() && key.since <= git.time) return;
  key.since = git.time;
  key.first = origin(git);
}

void add_names(const Finding& finding, const OwnerSources* sources, Key& key) {
  const OwnerAnswer answer = owner_of(sources, finding);
  if (answer.owner) key.owners.add(owner_words(*answer.owner));
  if (!answer.doubt.empty()) key.owners.add("not settled: " + printable(answer.doubt));
  if (const auto by = brought_by(finding)) key.brought_by.add(brought_by_words(*by));
  key.canary = key.canary || answer.canary;
}

void add_place(const Finding& finding, const ReportOptions& options, std::string_view no_ref,
               Key& key) {
  add_names(finding, options.owners, key);
  key.context.add(finding.context);
  if (key.damage && finding.confidence == Confidence::verified) {  // it stands whole there
    key.damage = nullptr;
    key.confidence = finding.confidence;
    key.rule = finding.rule;
    key.kind = finding.kind;
    key.redacted = printable(finding.redacted);
  }
  if (key.born.empty()) key.born = printable(finding.born);
  if (key.marker.empty()) key.marker = marker_doubt(finding);
  key.staged = key.staged && only_staged(finding);
  if (finding.git) note_first(*finding.git, key);
  if (key.places.size() < kPlaces) key.places.push_back(place_of(finding, no_ref));
  ++key.count;
}

// Colours say again what words say already.
class Paint {
 public:
  explicit Paint(bool on) : on_(on) {}
  std::string bold(std::string_view text) const { return wrap("1", text); }
  std::string dim(std::string_view text) const { return wrap("2", text); }
  std::string level(Level level) const {
    const std::string_view code = level == Level::error     ? "1;31"
                                  : level == Level::warning ? "1;33"
                                                            : "1";
    return wrap(code, to_string(level));
  }

 private:
  std::string wrap(std::string_view code, std::string_view text) const {
    return on_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }
  bool on_;
};

class TextReport final : public Report {
 public:
  explicit TextReport(const ReportOptions& options)
      : options_(options),
        paint_(options.colour),
        no_ref_(options.no_ref.empty() ? kNoRef : options.no_ref) {}

  void begin(std::string&) override {}

  void finding(const Finding& finding, std::string& out) override {
    if (finding.suppression) {
      suppressed_.add(*finding.suppression);
      return;
    }
    ++findings_;
    committed_ = committed_ || (finding.git && !only_staged(finding));
    if (options_.live) {
      tell(finding, out);
    } else {
      keep(finding);
    }
  }

  void diagnostic(const Diagnostic& diagnostic, std::string&) override {
    ++diagnostics_;
    if (problems_.size() >= kDiagnostics) return;
    const bool gap = diagnostic.accepted && diagnostic.kind != Diagnostic::Kind::record;
    problems_.push_back((gap ? "accepted: " : "") + sentence(diagnostic));
  }

  void finish(const ScanSummary& summary, std::string& out) override {
    for (const auto& [severity, entry] : keys_) add_block(entry.key, out);
    add_unshown(out);
    end_lines(out);
    add_advice(out);
    add_problems(out);
    if (const std::string words = config_words(summary); !words.empty()) out += words + "\n";
    add_verdict(summary, out);
  }

 private:
  struct Entry {
    std::string identity;
    Key key;
  };

  void keep(const Finding& finding) {
    std::string id = identity(finding);
    if (const auto known = known_.find(id); known != known_.end()) {
      // Where a damaged key stands whole, it is worse than it was taken for.
      auto node = keys_.extract(known->second);
      const Severity here{finding.rule->level, finding.rule->rank, node.key().seen};
      if (here < node.key()) known->second = node.key() = here;
      add_place(finding, options_, no_ref_, keys_.insert(std::move(node)).position->second.key);
      return;
    }
    const Severity severity{finding.rule->level, finding.rule->rank, findings_};
    if (keys_.size() == kKeys) {
      const auto mildest = std::prev(keys_.end());
      if (!(severity < mildest->first)) {
        ++unshown_;
        return;
      }
      // It cannot come back: whatever is kept now is at least as bad, and seen earlier.
      unshown_ += mildest->second.key.count;
      known_.erase(mildest->second.identity);
      keys_.erase(mildest);
    }
    known_.emplace(id, severity);
    Entry& entry = keys_[severity];
    entry = {std::move(id), key_of(finding, options_.reveal)};
    add_place(finding, options_, no_ref_, entry.key);
  }

  void tell(const Finding& finding, std::string& out) {
    std::string id = identity(finding);
    Key key = key_of(finding, options_.reveal);
    add_place(finding, options_, no_ref_, key);
    if (known_.contains(id)) {
      const std::string record = record_after(key.places, 0);
      out += fmt::format("again: {}  {}{}{}\n", key.redacted, shown(key.places.front()),
                         record.empty() ? "" : " ", record);
      in_lines_ = true;
    } else if (known_.size() < kKeys) {
      known_.emplace(std::move(id), Severity{});
      end_lines(out);
      add_block(key, out);
    } else {
      ++unshown_;
      out += fmt::format("{}: {}  {}  {}\n", paint_.level(key.rule->level),
                         printable(key.rule->title), key.redacted, shown(key.places.front()));
      in_lines_ = true;
    }
  }

  // Sets the lines of single places apart from what follows.
  void end_lines(std::string& out) {
    if (in_lines_) out += '\n';
    in_lines_ = false;
  }

  void add_row(std::string_view label, std::string_view text, std::string& out) const {
    out += fmt::format("  {}{:<{}}{}\n", label.empty() ? "" : paint_.dim(label), "",
                       kLabel - label.size(), text);
  }

  void add_lines(std::string_view label, const Names& names, std::string& out) const {
    for (const std::string& line : names.lines) add_row(std::exchange(label, ""), line, out);
    if (names.more) add_row("", "… and others", out);
  }

  std::string shown(const Place& place) const {
    std::string out =
        fmt::format("{}:{}:{}", printable(place.provenance ? place.provenance->path : ""),
                    place.line, place.column);
    if (!place.how.empty()) out += " " + paint_.dim("(" + place.how + ")");
    return out;
  }

  void add_block(const Key& key, std::string& out) const {
    out += fmt::format("{}: {}  {}\n", paint_.level(key.rule->level), printable(key.rule->title),
                       paint_.bold(key.redacted));
    if (options_.reveal) add_row("Value:", printable(key.value.reveal()), out);
    add_row("Proof:", key.damage ? damage_words(*key.damage) : proof(key.confidence), out);
    if (!key.fingerprint.empty()) add_row("Fingerprint:", key.fingerprint, out);
    if (!key.born.empty()) add_row("Born:", key.born + " (the key says so)", out);
    Finding told;
    told.rule = key.rule;
    told.kind = key.kind;
    told.confidence = key.confidence;
    told.context = key.context.told();
    if (const std::string owner = whose(told.context, told.rule->family); !owner.empty())
      add_row("Whose:", owner, out);
    if (key.canary) add_row("Canary:", kCanary, out);
    add_lines("Owner:", key.owners, out);
    add_lines("Brought by:", key.brought_by, out);
    if (key.count > 1 && !key.first.empty()) add_row("First in:", key.first, out);
    std::string_view label = "Found at:";
    for (size_t i = 0; i < key.places.size(); ++i) {
      const Place& place = key.places[i];
      add_row(label, shown(place), out);
      if (!place.history.empty()) add_row("", "  " + paint_.dim(place.history), out);
      if (const std::string record = record_after(key.places, i); !record.empty()) {
        add_row("", "  " + paint_.dim(record), out);
      }
      label = "";
    }
    if (const uint64_t more = key.count - key.places.size(); more > 0) {
      add_row("", fmt::format("… and {}", counted(more, "more place")), out);
    }
    if (!key.marker.empty()) add_row("Marker:", key.marker, out);
    add_now(key, plan_rotation(told), out);
    add_row("All steps:", "assay rules show " + key.rule->id, out);
    out += '\n';
  }

  // What is not committed can still be kept out; whether it was shown elsewhere, only people know.
  void add_now(const Key& key, const RotationPlan& plan, std::string& out) const {
    if (key.staged) add_row("Now:", paint_.bold(kUnstage), out);
    if (plan.steps.empty()) return;
    add_row(key.staged ? "If shared:" : "Now:",
            key.staged ? printable(plan.steps.front()) : paint_.bold(printable(plan.steps.front())),
            out);
  }

  void add_advice(std::string& out) const {
    if (!committed_) return;
    if (!options_.advice.empty()) {
      out += options_.advice;
      out += "\n\n";
      return;
    }
    out +=
        "A key in a pushed commit is in every clone: renew it first. Rewriting the history does "
        "not undo that.\nA commit that was never pushed can be amended.\n\n";
  }

  void add_unshown(std::string& out) const {
    if (options_.live || unshown_ == 0) return;
    out += fmt::format("… and {} of milder or later keys, not shown: use --format jsonl\n\n",
                       counted(unshown_, "more finding"));
  }

  void add_problems(std::string& out) const {
    if (problems_.empty()) return;
    out += "Not scanned:\n";
    for (const std::string& problem : problems_) out += "  - " + problem + "\n";
    if (const uint64_t more = diagnostics_ - problems_.size(); more > 0) {
      out += fmt::format("  … and {} more, not shown: use --format jsonl\n", grouped(more));
    }
    out += '\n';
  }

  void add_verdict(const ScanSummary& summary, std::string& out) const {
    std::string found;
    if (findings_ > 0) {
      found = fmt::format("{}{} at {}", unshown_ > 0 ? "more than " : "",
                          counted(known_.size(), "key"), counted(findings_, "place"));
    }
    out += paint_.bold(verdict(summary, found, options_.nothing, suppressed_.words())) + "\n";
  }

  const ReportOptions options_;
  const Paint paint_;
  const std::string_view no_ref_;
  std::map<Severity, Entry> keys_;         // live: empty
  std::map<std::string, Severity> known_;  // identity to its place in keys_
  std::vector<std::string> problems_;
  SuppressedCounts suppressed_;
  uint64_t findings_ = 0;  // those that are not suppressed
  uint64_t unshown_ = 0;
  uint64_t diagnostics_ = 0;
  bool in_lines_ = false;
  bool committed_ = false;  // a key is in the history
};

}  // namespace

std::unique_ptr<Report> make_text_report(const RuleSet&, const ReportOptions& options) {
  return std::make_unique<TextReport>(options);
}

}  // namespace assay
