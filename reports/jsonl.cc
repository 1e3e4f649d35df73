// JSON lines: one finding, one diagnostic or the summary a line, as docs/report-fields.md says.
//
//   {"rule_id":"AZF1001","family":"azure-functions","kind":"master",…}
//   {"diagnostic":{"kind":"unreadable","path":"logs/a.gz","message":"logs/a.gz could not …"}}
//   {"summary":{"complete":false,"unit":"file","blobs":12,"bytes":1234567,…}}
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/format.h"
#include "reports/json_facts.h"
#include "reports/owner_words.h"
#include "response/rotation.h"
#include "rules/version.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

Json rotation_of(const Finding& finding) {
  const RotationPlan plan = plan_rotation(finding);
  Json out;
  if (plan.summary.empty() && plan.steps.empty()) return out;
  out["summary"] = plan.summary;
  out["steps"] = plan.steps;
  return out;
}

Json json_of(const Owner& owner) {
  Json out;
  out["name"] = valid_utf8(owner.name);
  out["source"] = owner.source;
  out["reason"] = valid_utf8(owner.reason);
  add_known("contact", owner.contact, out);
  add_known("runbook", owner.runbook, out);
  return out;
}

Json json_of(const BroughtBy& by) {
  Json out;
  out["name"] = valid_utf8(by.name);
  out["source"] = by.source;
  out["reason"] = valid_utf8(by.reason);
  return out;
}

Json json_of(const Marker& marker, uint64_t line) {
  Json out;
  out["word"] = valid_utf8(marker.word);
  add_known("rule", marker.rule, out);
  out["line"] = line;
  return out;
}

Json json_of(const Suppression& suppression) {
  Json out;
  out["kind"] = to_string(suppression.kind);
  out["by"] = valid_utf8(suppression.by);
  add_known("reason", suppression.reason, out);
  return out;
}

Json finding_of(const Finding& finding, bool reveal, const OwnerSources* owners) {
  Json out;
  out["rule_id"] = finding.rule->id;
  out["family"] = finding.rule->family;
  out["kind"] = finding.kind;
  out["scope"] = to_string(finding.context.scope);
  out["confidence"] = to_string(finding.confidence);
  add_known("fingerprint", finding.fingerprint, out);
  out["redacted"] = finding.redacted;
  if (reveal) out["secret"] = finding.secret.reveal();
  add_known("born", finding.born, out);
  if (finding.damage) out["damage"] = json_of(*finding.damage);
  out["location"] = location_json(finding);
  out["encoding"] = finding.encoding;
  if (Json context = json_of(finding.context); !context.empty()) {
    out["context"] = std::move(context);
  }
  if (finding.record && !finding.record->system.empty()) out["record"] = json_of(*finding.record);
  if (finding.git) out["git"] = json_of(*finding.git);
  const OwnerAnswer answer = owner_of(owners, finding);
  if (answer.owner) out["owner"] = json_of(*answer.owner);
  add_known("owner_doubt", answer.doubt, out);
  if (const auto by = brought_by(finding)) out["brought_by"] = json_of(*by);
  if (answer.canary) out["canary"] = true;
  if (finding.suppression) out["suppression"] = json_of(*finding.suppression);
  if (finding.marker && !finding.suppression) {
    out["marker"] = json_of(*finding.marker, marker_line(finding));
  }
  if (finding.baseline_state != BaselineState::none) {
    out["baseline_state"] = to_string(finding.baseline_state);
  }
  if (Json rotation = rotation_of(finding); !rotation.empty()) {
    out["rotation"] = std::move(rotation);
  }
  return out;
}

class JsonlReport final : public Report {
 public:
  JsonlReport(const RuleSet& rules, const ReportOptions& options)
      : reveal_(options.reveal), owners_(options.owners), rules_digest_(rules.digest()) {}

  void begin(std::string&) override {}

  void finding(const Finding& finding, std::string& out) override {
    add_json_line(finding_of(finding, reveal_, owners_), out);
  }

  void diagnostic(const Diagnostic& diagnostic, std::string& out) override {
    Json facts;
    facts["kind"] = to_string(diagnostic.kind);
    if (diagnostic.accepted) facts["accepted"] = true;
    if (!diagnostic.path.empty()) facts["path"] = valid_utf8(diagnostic.path);
    facts["message"] = sentence(diagnostic);
    Json line;
    line["diagnostic"] = std::move(facts);
    add_json_line(line, out);
  }

  void finish(const ScanSummary& summary, std::string& out) override {
    Json facts;
    facts["complete"] = summary.complete();
    if (summary.interrupted) facts["interrupted"] = true;
    facts["blobs"] = summary.blobs;
    facts["bytes"] = summary.bytes;
    facts["findings"] = summary.findings;
    facts["diagnostics"] = summary.diagnostics;
    if (summary.accepted > 0) facts["accepted"] = summary.accepted;
    facts["ignored"] = summary.ignored;
    facts["unit"] = summary.unit;
    facts["tool"] = fmt::format("assay {}", kVersion);
    facts["rules"] = rules_digest_;
    facts["members"] = summary.members;
    facts["bytes_decoded"] = summary.decoded_bytes;
    facts["suppressed"] = summary.suppressed;
    if (!summary.inputs.empty()) facts["inputs"] = names_of(summary.inputs);
    add_known("config", summary.config, facts);
    if (!summary.notes.empty()) facts["notes"] = names_of(summary.notes);
    if (!summary.disabled.empty()) facts["disabled_rules"] = names_of(summary.disabled);
    for (const Evidence& file : summary.evidence) {
      facts["evidence"].push_back(
          {{"path", valid_utf8(file.path)}, {"bytes", file.bytes}, {"sha256", file.sha256}});
    }
    if (!summary.arguments.empty()) facts["arguments"] = names_of(summary.arguments);
    Json line;
    line["summary"] = std::move(facts);
    add_json_line(line, out);
  }

 private:
  bool reveal_;
  const OwnerSources* owners_;
  std::string rules_digest_;
};

}  // namespace

std::unique_ptr<Report> make_jsonl_report(const RuleSet& rules, const ReportOptions& options) {
  return std::make_unique<JsonlReport>(rules, options);
}

}  // namespace assay
