// assay report FINDINGS…
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/owner_flags.h"
#include "reports/incident.h"
#include "response/findings_file.h"
#include "scanner/verify.h"

namespace assay {

namespace {

struct RecordFlags {
  std::vector<std::string> findings;
  std::string format = "markdown";
  std::string title = "Incident: leaked Azure Functions keys";
  OwnerFlags owner;
  std::string output;
};

// The record must not replace what it is made of.
void check_output(const RecordFlags& flags) {
  struct stat output, input;
  if (flags.output.empty() || stat(flags.output.c_str(), &output) != 0 ||
      !S_ISREG(output.st_mode)) {
    return;
  }
  for (const std::string& path : flags.findings) {
    if (path != "-" && stat(path.c_str(), &input) == 0 && input.st_dev == output.st_dev &&
        input.st_ino == output.st_ino) {
      throw Error(fmt::format(
          "The record would replace {}, which it is made of. Name another place with --output.",
          flags.output));
    }
  }
}

std::vector<FindingsFile> read_all(const RecordFlags& flags, const RuleSet& rules) {
  if (std::count(flags.findings.begin(), flags.findings.end(), "-") > 1) {
    throw Error("Standard input is named twice, and can be read once. Name `-` once.");
  }
  std::vector<FindingsFile> reports;
  for (const std::string& path : flags.findings) reports.push_back(read_findings(path, rules));
  return reports;
}

int report_command(const RecordFlags& flags) {
  const RuleSet rules = RuleSet::builtin();
  check_output(flags);
  const OwnerSources sources = open_owners(flags.owner, {});
  const std::vector<FindingsFile> reports = read_all(flags, rules);
  const Incident incident = merge_findings(reports, sources);
  const IncidentRecord record{incident, reports, redact_names(valid_utf8(flags.title))};

  Output output(flags.output);
  const More more = [&] { output.flush(false, rules.families()); };
  if (flags.format == "html") {
    write_incident_html(record, output.buffer(), more);
  } else if (flags.format == "json") {
    write_incident_json(record, output.buffer(), more);
  } else {
    write_incident_markdown(record, output.buffer(), more);
  }
  output.flush(true, rules.families());
  output.commit();
  for (const std::string& problem : incident.problems) {
    say(fmt::format("assay: {}\n", printable(problem)));
  }
  return incident.problems.empty() ? kExitClean : kExitFailed;
}

}  // namespace

void add_report_command(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<RecordFlags>();
  CLI::App* report = app.add_subcommand("report", "The record of an incident, out of findings");
  report
      ->add_option("FINDINGS", flags->findings,
                   "Reports written with --format jsonl; - is standard input")
      ->required();
  report->add_option("-f,--format", flags->format, "markdown, html or json")
      ->check(CLI::IsMember({"markdown", "html", "json"}))
      ->capture_default_str();
  report->add_option("--title", flags->title, "What the record is headed")->type_name("TEXT");
  add_owner_flags(*report, flags->owner);
  report->add_option("-o,--output", flags->output, "Write to FILE, whole or not at all")
      ->type_name("FILE");
  report->footer(
      "Exit codes: 0 written, 2 not written, or written from reports that do not tell all.\n"
      "Examples:\n"
      "  assay scan . --evidence -f jsonl > a.jsonl; assay report a.jsonl > incident.md\n"
      "  assay report a.jsonl git.jsonl --format html --output incident.html\n"
      "  assay git -f jsonl | assay report - --format json");
  report->callback([&chosen, flags] { chosen = [flags] { return report_command(*flags); }; });
}

}  // namespace assay
