// assay baseline FINDINGS… | --check FILE
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <chrono>
#include <memory>
#include <set>

#include "cli/commands.h"
#include "cli/inventory_lock.h"
#include "cli/output.h"
#include "reports/format.h"
#include "response/baseline.h"
#include "response/incident.h"
#include "response/inventory_check.h"
#include "scanner/verify.h"

namespace assay {

namespace {

struct BaselineFlags {
  std::vector<std::string> reports, rules;
  std::string output = ".assay-baseline", check, reason, owner, expires, scope, today;
  bool prune = false;
};

std::string shown(std::string_view text) { return redact_names(printable(text)); }

void complain(std::string_view sentence) { say(fmt::format("assay: {}\n", shown(sentence))); }

std::string entries(uint64_t count) {
  return fmt::format("{} {}", grouped(count), count == 1 ? "entry" : "entries");
}

std::string today_of(const BaselineFlags& flags) {
  if (!flags.today.empty()) {
    if (flags.today.size() != 10 || !day_of(flags.today)) {
      throw Error("--today is no date. Write it like 2026-11-22.");
    }
    return flags.today;
  }
  const std::chrono::year_month_day day{InventoryCheck().today};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

void write(const std::string& path, const std::string& text) {
  static const RuleSet rules = RuleSet::builtin();
  Output output(path);
  output.buffer() = text;
  output.flush(true, rules.families());
  output.commit();
}

int check(const BaselineFlags& flags) {
  const Baseline baseline = Baseline::read(flags.check, flags.check);
  std::vector<std::string> points = baseline.doubts();
  for (std::string& sentence : baseline.expired(today_of(flags))) {
    points.push_back(std::move(sentence));
  }
  std::string out;
  for (const std::string& sentence : points) out += shown(sentence) + "\n";
  out += fmt::format("{} looked at, {} to settle.\n", entries(baseline.entries().size()),
                     counted(points.size(), "point"));
  write("", out);
  return points.empty() ? kExitClean : kExitFindings;
}

// What the reports have, put into the baseline.
struct Gathered {
  std::set<std::string> seen;  // fingerprints
  uint64_t keys = 0, changed = 0, without = 0;
};

void gather(const FindingsFile& report, const BaselineFlags& flags, Baseline& baseline,
            Gathered& gathered) {
  const std::set<std::string> rules(flags.rules.begin(), flags.rules.end());
  for (const ToldFinding& told : report.findings) {
    const std::string& id = told.finding.fingerprint;
    if (!rules.empty() && !rules.contains(told.rule_id)) continue;
    if (id.empty() || id.starts_with("hmac:")) {
      gathered.without += told.finding.suppression == nullptr && !flags.reason.empty();
      continue;
    }
    gathered.keys += gathered.seen.insert(id).second;
    // What does not count for another reason needs no entry.
    if (told.finding.suppression != nullptr || flags.reason.empty()) continue;
    BaselineEntry entry;
    entry.fingerprint = id;
    entry.rule = told.rule_id;
    entry.scope = flags.scope;
    entry.owner = flags.owner;
    entry.expires = flags.expires;
    entry.reason = flags.reason;
    const auto& git = told.finding.git;
    const std::string& path =
        git != nullptr && !git->path.empty() ? git->path : told.finding.provenance->path;
    gathered.changed += baseline.add(std::move(entry), path);
  }
}

void check_flags(const BaselineFlags& flags) {
  if (flags.reports.empty()) {
    throw Error(
        "No report is named. Name one that was written with --format jsonl, or a file with "
        "--check.");
  }
  if (flags.reason.empty() && !flags.prune) {
    throw Error(
        "A key is accepted for a reason. Say it with --reason TEXT: it stands in the file and "
        "in reports.");
  }
  if (!flags.reason.empty()) {
    Baseline::check(flags.reason, flags.owner, flags.expires, flags.scope);
  }
  if (flags.output.empty() || flags.output == "-") {
    throw Error("A baseline is read before it is written. Name a file with --output.");
  }
}

int make(const BaselineFlags& flags) {
  check_flags(flags);
  const RuleSet rules = RuleSet::builtin();
  std::vector<FindingsFile> reports;
  std::vector<std::string> gaps;
  for (const std::string& path : flags.reports) {
    reports.push_back(read_findings(path, rules));
    for (std::string& gap : gaps_of(reports.back())) gaps.push_back(std::move(gap));
  }
  const std::string& path = flags.output;
  const InventoryLock lock(path);
  struct stat found;
  Baseline baseline =
      stat(path.c_str(), &found) == 0 ? Baseline::read(path, path) : Baseline::create();
  if (flags.prune && !gaps.empty()) {
    for (const std::string& gap : gaps) complain(gap);
    throw Error("Nothing was pruned: the reports do not tell all. Scan again, to the end.");
  }
  Gathered gathered;
  for (const FindingsFile& report : reports) gather(report, flags, baseline, gathered);
  const size_t pruned =
      flags.prune ? baseline.prune(gathered.seen, {flags.rules.begin(), flags.rules.end()}) : 0;
  if (baseline.form() != Baseline::Form::assay) {
    throw Error(
        fmt::format("{} is a file of another tool, which assay reads and does not write. "
                    "Name another file with --output.",
                    path));
  }
  write(path, baseline.text());
  std::string out = fmt::format("{} read, {} new or changed", counted(gathered.keys, "key"),
                                entries(gathered.changed));
  if (flags.prune) out += fmt::format(", {} removed", grouped(pruned));
  write("", fmt::format("{}; {} in {}.\n", out, grouped(baseline.entries().size()), shown(path)));
  for (const std::string& gap : gaps) complain(gap);
  if (gathered.without > 0) {
    complain(fmt::format(
        "{} without a fingerprint: a report does not tell whether two of these are one value. "
        "Accept them in a scan, with --write-baseline.",
        counted(gathered.without, "finding")));
  }
  return gaps.empty() && gathered.without == 0 ? kExitClean : kExitFailed;
}

}  // namespace

void add_baseline_command(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<BaselineFlags>();
  CLI::App* baseline =
      app.add_subcommand("baseline", "Keys that are known and accepted, in a file that holds none");
  baseline->add_option("FINDINGS", flags->reports,
                       "Reports written with --format jsonl; - is stdin");
  baseline->add_option("-o,--output", flags->output, "The file: made, or added to")
      ->type_name("FILE")
      ->capture_default_str();
  baseline->add_option("--reason", flags->reason, "Why the keys are accepted");
  baseline->add_option("--owner", flags->owner, "Who answers for that");
  baseline->add_option("--expires", flags->expires, "The last day, like 2026-12-31");
  baseline->add_option("--scope", flags->scope,
                       "Only at paths like this (gitignore's syntax); else anywhere");
  baseline->add_option("--rule", flags->rules, "Only findings of this rule; may be given again")
      ->allow_extra_args(false);
  baseline->add_flag("--prune", flags->prune, "Remove entries whose keys the reports do not have");
  CLI::Option* check_option =
      baseline->add_option("--check", flags->check, "Only say what is wrong with FILE, or expired")
          ->type_name("FILE");
  for (const char* other :
       {"FINDINGS", "--reason", "--owner", "--expires", "--scope", "--rule", "--prune"}) {
    check_option->excludes(baseline->get_option(other));
  }
  baseline->add_option("--today", flags->today,
                       "The day that --check counts from, like 2026-11-22; else today");
  baseline->footer(
      "Exit codes: 0 done, 1 --check has something to settle, 2 not all could be accepted.\n"
      "Examples:\n"
      "  assay scan . -f jsonl | assay baseline - --reason 'rotated with release 41' "
      "--expires 2026-12-31\n"
      "  assay scan . --baseline .assay-baseline\n"
      "  assay scan . -f jsonl | assay baseline - --prune\n"
      "  assay baseline --check .assay-baseline");
  baseline->callback([&chosen, flags] {
    chosen = [flags] { return flags->check.empty() ? make(*flags) : check(*flags); };
  });
}

}  // namespace assay
