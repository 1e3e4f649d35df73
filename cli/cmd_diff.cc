// assay diff OLD NEW
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/output.h"
#include "reports/findings_diff.h"
#include "response/incident.h"

namespace assay {

namespace {

struct DiffFlags {
  std::string before, after;
  std::string format = "text";
};

int diff_command(const DiffFlags& flags) {
  if (flags.before == "-" && flags.after == "-") {
    throw Error("Standard input is named twice, and can be read once. Name `-` once.");
  }
  const RuleSet rules = RuleSet::builtin();
  const FindingsFile before = read_findings(flags.before, rules);
  const FindingsFile after = read_findings(flags.after, rules);
  const FindingsDiff diff = compare_findings(before, after);

  // What one report does not tell cannot be compared.
  std::vector<std::string> doubts;
  for (const std::string& gap : gaps_of(before)) {
    doubts.push_back(gap + " What is called new may have been there before.");
  }
  for (const std::string& gap : gaps_of(after)) {
    doubts.push_back(gap + " What is called gone may still be there.");
  }

  Output output("");
  const std::function<void()> more = [&] { output.flush(false, rules.families()); };
  if (flags.format == "jsonl") {
    write_diff_jsonl(diff, doubts, output.buffer(), more);
  } else {
    write_diff_text(diff, doubts, output.buffer(), more);
  }
  output.flush(true, rules.families());
  output.commit();
  for (const std::string& doubt : doubts) say(fmt::format("assay: {}\n", printable(doubt)));
  if (!doubts.empty()) return kExitFailed;
  return diff.places_by_change[0] > 0 ? kExitFindings : kExitClean;
}

}  // namespace

void add_diff_command(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<DiffFlags>();
  CLI::App* diff = app.add_subcommand("diff", "Keys and places that are new, gone, still there");
  diff->add_option("OLD", flags->before, "A report written with --format jsonl; - is stdin")
      ->required();
  diff->add_option("NEW", flags->after, "A later one of the same input")->required();
  diff->add_option("-f,--format", flags->format, "text or jsonl")
      ->check(CLI::IsMember({"text", "jsonl"}))
      ->capture_default_str();
  diff->footer(
      "Exit codes: 0 nothing is new, 1 a key or place is new, 2 a report does not tell all.\n"
      "Examples:\n"
      "  assay diff yesterday.jsonl today.jsonl\n"
      "  assay scan . -f jsonl | assay diff accepted.jsonl - --format jsonl");
  diff->callback([&chosen, flags] { chosen = [flags] { return diff_command(*flags); }; });
}

}  // namespace assay
