// The course of a finding at the gate: marker, config and baseline say whether it counts, an
// earlier log whether it is new, --fail-on whether it makes the run fail.
#include "cli/gate.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

#include "cli/output.h"
#include "scanner/verify.h"

namespace assay {

namespace {

// The day by which entries end. SOURCE_DATE_EPOCH stands in for the clock where a run must give the
// same report on any day.
std::string day_of_run() {
  std::time_t now = std::time(nullptr);
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) {
    char* end = nullptr;
    const long long seconds = std::strtoll(fixed, &end, 10);
    if (end != fixed && *end == '\0' && seconds >= 0 && seconds < (1LL << 40)) {
      now = static_cast<std::time_t>(seconds);
    }
  }
  std::tm utc{};
  gmtime_r(&now, &utc);
  return fmt::format("{:04}-{:02}-{:02}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday);
}

std::string shown_name(const std::string& path) { return redact_names(printable(path)); }

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string first_of(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (std::string value = environment(name); !value.empty()) return value;
  }
  return {};
}

AdoPipeline ado_pipeline() {
  return {first_of({"BUILD_DEFINITIONID", "SYSTEM_DEFINITIONID"}),
          environment("BUILD_DEFINITIONNAME"), environment("SYSTEM_PHASEID"),
          first_of({"SYSTEM_PHASEDISPLAYNAME", "SYSTEM_PHASENAME"})};
}

}  // namespace

void add_gate_flags(CLI::App& command, GateFlags& flags) {
  const std::string group = "The gate";
  add_config_flags(command, flags.config);
  command.add_option("--baseline", flags.baseline, "Findings that FILE accepts do not count")
      ->type_name("FILE")
      ->group(group);
  command.add_option("--base-sarif", flags.base_sarif, "Only what an earlier log lacks counts")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option("--fail-on", flags.fail_on,
                  "What gives exit code 1: verified, signature, context, never")
      ->type_name("WHAT")
      ->group(group);
  command.add_option("--sarif-profile", flags.sarif_profile, "full, github or ado")
      ->capture_default_str()
      ->group(group);
  command.add_option("--summary", flags.summary, "Append a Markdown summary to FILE")
      ->type_name("FILE")
      ->group(group);
  command.add_flag("--no-markers", flags.no_markers, "assay:allow and the like count for nothing")
      ->group(group);
  command
      .add_flag("--no-foreign-markers", flags.no_foreign_markers,
                "Markers of other tools count for nothing")
      ->group(group);
  auto* write = command
                    .add_option("--write-baseline", flags.write_baseline,
                                "Make FILE accept what was found, or add to it")
                    ->type_name("FILE")
                    ->group(group);
  command.add_option("--reason", flags.reason, "With --write-baseline: why it is accepted")
      ->type_name("TEXT")
      ->needs(write)
      ->group(group);
  command.add_option("--owner", flags.owner, "With --write-baseline: who answers for it")
      ->type_name("NAME")
      ->needs(write)
      ->group(group);
  command.add_option("--expires", flags.expires, "With --write-baseline: the last day")
      ->type_name("YYYY-MM-DD")
      ->needs(write)
      ->group(group);
}

void check_gate_flags(const GateFlags& flags) {
  if (!flags.fail_on.empty() && !fail_on_named(flags.fail_on)) {
    throw Error(
        fmt::format("--fail-on {} is not known. Use one of verified, signature, context, never.",
                    shown_name(flags.fail_on)));
  }
  if (!sarif_profile_named(flags.sarif_profile)) {
    throw Error(fmt::format("--sarif-profile {} is not known. Use one of full, github, ado.",
                            shown_name(flags.sarif_profile)));
  }
  if (flags.write_baseline.empty()) return;
  if (flags.reason.empty()) {
    throw Error("--write-baseline needs --reason TEXT: why are these findings accepted?");
  }
  Baseline::check(flags.reason, flags.owner, flags.expires);
}

Gate::Gate(const GateFlags& flags, const std::vector<std::string>& inputs, const std::string& root)
    : flags_(flags), choice_(find_config(flags.config, inputs, root)), today_(day_of_run()) {
  const std::string& fail_on = flags.fail_on.empty() ? config().fail_on : flags.fail_on;
  if (!fail_on.empty()) {
    const auto known = fail_on_named(fail_on);
    if (!known) {
      throw Error(fmt::format("{}: fail_on \"{}\" is not known.", config().file, fail_on));
    }
    fail_on_ = *known;
  }
  if (const std::string& baseline = baseline_file(); !baseline.empty()) {
    baseline_ = Baseline::read(baseline, shown_name(baseline));
  }
  if (!flags.base_sarif.empty()) {
    base_.emplace(BaseSarif::read(flags.base_sarif, shown_name(flags.base_sarif)));
  }
  if (!flags.write_baseline.empty()) {
    const std::string& path = flags.write_baseline;
    written_ = access(path.c_str(), F_OK) == 0 ? Baseline::read(path, shown_name(path))
                                               : Baseline::create();
  }
}

Gate::~Gate() = default;

std::vector<std::string> Gate::config_files() const {
  std::vector<std::string> paths;
  for (const ConfigFile& file : choice_.files) paths.push_back(file.path);
  if (!flags_.config.gitleaks_rules.empty()) paths.push_back(flags_.config.gitleaks_rules);
  return paths;
}

const std::string& Gate::baseline_file() const {
  return flags_.baseline.empty() ? config().baseline : flags_.baseline;
}

RuleSet Gate::rules() {
  RuleSet builtin = RuleSet::builtin();
  if (config().file.empty()) return builtin;
  return apply_config({builtin.rules().begin(), builtin.rules().end()}, config(), disabled_);
}

void Gate::open(const RuleSet& rules) {
  SuppressOptions options;
  options.markers = !flags_.no_markers;
  options.foreign_markers = !flags_.no_foreign_markers && config().foreign_markers.value_or(true);
  options.baseline = baseline_ ? &*baseline_ : nullptr;
  options.allows = &config().allows;
  options.today = today_;
  options.rules = &rules;
  suppressor_ = std::make_unique<Suppressor>(options);
}

void Gate::fill(ReportOptions& options) const {
  options.sarif_profile = *sarif_profile_named(flags_.sarif_profile);
  options.baseline = baseline_ || base_;
  options.base = base_ ? &*base_ : nullptr;
  options.ado = ado_pipeline();
}

void Gate::judge(Finding& finding, const ReportOptions& options) {
  suppressor_->judge(finding);
  if (base_) base_->judge(finding, place_uri(finding, options));
  if (finding.suppression != nullptr) ++suppressed_;
  if (fails(finding, fail_on_)) ++failing_;
  if (written_ && finding.suppression == nullptr) {
    added_ += written_->add(finding, flags_.reason, flags_.owner, flags_.expires);
  }
}

void Gate::finish(ScanSummary& summary, bool whole) {
  summary.suppressed = suppressed_;
  summary.failing = failing_;
  summary.config = config().file;
  summary.disabled = disabled_;
  const auto add = [&](const std::vector<std::string>& sentences) {
    summary.notes.insert(summary.notes.end(), sentences.begin(), sentences.end());
  };
  add(config().warnings);
  if (!baseline_) return;
  add(baseline_->doubts());
  add(baseline_->expired(today_));
  // What was not scanned may hold what an entry is about.
  if (whole && summary.complete()) add(baseline_->unused());
}

std::string Gate::write_baseline() {
  if (!written_) return {};
  Output output(flags_.write_baseline);
  output.buffer() = written_->text();
  output.flush(true, {});
  output.commit();
  return fmt::format("{} accepts {} more findings.", shown_name(flags_.write_baseline), added_);
}

}  // namespace assay
