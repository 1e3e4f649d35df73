// JSON lines: one finding, one diagnostic or the summary a line, as docs/report-fields.md says.
//
//   {"rule_id":"AZF1001","family":"azure-functions","kind":"master",…}
//   {"diagnostic":{"kind":"unreadable","path":"logs/a.gz","message":"logs/a.gz could not …"}}
//   {"summary":{"complete":false,"unit":"file","blobs":12,"bytes":1234567,…}}
#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "reports/format.h"
#include "reports/json_facts.h"
#include "response/rotation.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

Json context_of(const KeyContext& context) {
  Json out;
  add_known("host", context.host, out);
  add_known("app", context.app, out);
  add_known("slot", context.slot, out);
  add_known("function", context.function, out);
  add_known("key_name", context.key_name, out);
  add_known("carrier", context.carrier, out);
  add_known("store", context.store, out);
  add_known("resource_group", context.resource_group, out);
  return out;
}

Json location_of(const Finding& finding) {
  Json out;
  out["path"] = finding.provenance ? valid_utf8(finding.provenance->path) : std::string();
  out["line"] = finding.location.line;
  out["column"] = finding.location.column;
  out["byte_offset"] = finding.location.byte_offset;
  out["byte_length"] = finding.location.byte_length;
  return out;
}

Json record_of(const Record& record) {
  Json out;
  add_known("system", record.system, out);
  add_known("container", record.container, out);
  add_known("id", record.id, out);
  add_known("author", record.author, out);
  add_known("time", record.time, out);
  add_known("link", record.link, out);
  add_known("operation", record.operation, out);
  return out;
}

Json git_of(const GitFacts& git) {
  Json out;
  add_known("object", git.object, out);
  add_known("blob", git.blob, out);
  add_known("commit", git.commit, out);
  add_known("path", git.path, out);
  add_known("author", git.author, out);
  add_known("committer", git.committer, out);
  add_known("time", git.time, out);
  add_known("subject", git.subject, out);
  add_known("introduced_by", git.introduced_by, out);
  add_known("removed_by", git.removed_by, out);
  out["present_at_head"] = git.present_at_head;
  if (git.staged) out["staged"] = true;
  out["occurrences"] = git.occurrences;
  if (!git.refs_known) return out;
  out["branches"] = names_of(git.branches);
  out["tags"] = names_of(git.tags);
  if (!git.refs.empty()) out["refs"] = names_of(git.refs);
  out["branch_count"] = git.branch_count;
  out["tag_count"] = git.tag_count;
  if (git.ref_count > 0) out["ref_count"] = git.ref_count;
  return out;
}

Json rotation_of(const Finding& finding) {
  const RotationPlan plan = plan_rotation(finding);
  Json out;
  if (plan.summary.empty() && plan.steps.empty()) return out;
  out["summary"] = plan.summary;
  out["steps"] = plan.steps;
  return out;
}

Json finding_of(const Finding& finding, bool reveal) {
  Json out;
  out["rule_id"] = finding.rule->id;
  out["family"] = finding.rule->family;
  out["kind"] = finding.kind;
  out["scope"] = to_string(finding.context.scope);
  out["confidence"] = to_string(finding.confidence);
  add_known("fingerprint", finding.fingerprint, out);
  out["redacted"] = finding.redacted;
  if (reveal) out["secret"] = finding.secret.reveal();
  out["location"] = location_of(finding);
  out["encoding"] = finding.encoding;
  if (Json context = context_of(finding.context); !context.empty()) {
    out["context"] = std::move(context);
  }
  if (finding.record && !finding.record->system.empty()) out["record"] = record_of(*finding.record);
  if (finding.git) out["git"] = git_of(*finding.git);
  if (Json rotation = rotation_of(finding); !rotation.empty()) {
    out["rotation"] = std::move(rotation);
  }
  return out;
}

// The code point of a character of valid UTF-8.
char32_t code_point(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character.front());
  char32_t code = character.size() == 1 ? lead : lead & (0x7fu >> character.size());
  for (const char c : character.substr(1)) code = code << 6 | (static_cast<unsigned char>(c) & 63u);
  return code;
}

void add_unit(char32_t unit, std::string& out) {
  fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(unit));
}

void add_escaped(std::string_view character, std::string& out) {
  const char32_t code = code_point(character);
  if (code < 0x10000) return add_unit(code, out);
  add_unit(0xd800 + ((code - 0x10000) >> 10), out);
  add_unit(0xdc00 + ((code - 0x10000) & 0x3ff), out);
}

// JSON lets characters pass that printable() does not, and some readers end a line at U+2028. They
// stand only inside strings, where \uNNNN means the same.
void add_line(const Json& json, std::string& out) {
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  for (size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const std::string_view character = std::string_view(text).substr(at, length);
    // "##vso[" is what a build agent would run: six bytes tell.
    const bool suspect = lead >= 0x7f || lead == '#';
    if (suspect &&
        printable(std::string_view(text).substr(at, lead == '#' ? 6 : length)).starts_with('\\')) {
      add_escaped(character, out);
    } else {
      out += character;
    }
    at += length;
  }
  out += '\n';
}

class JsonlReport final : public Report {
 public:
  explicit JsonlReport(const ReportOptions& options) : reveal_(options.reveal) {}

  void begin(std::string&) override {}

  void finding(const Finding& finding, std::string& out) override {
    add_line(finding_of(finding, reveal_), out);
  }

  void diagnostic(const Diagnostic& diagnostic, std::string& out) override {
    Json facts;
    facts["kind"] = to_string(diagnostic.kind);
    if (diagnostic.accepted) facts["accepted"] = true;
    if (!diagnostic.path.empty()) facts["path"] = valid_utf8(diagnostic.path);
    facts["message"] = sentence(diagnostic);
    Json line;
    line["diagnostic"] = std::move(facts);
    add_line(line, out);
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
    Json line;
    line["summary"] = std::move(facts);
    add_line(line, out);
  }

 private:
  bool reveal_;
};

}  // namespace

std::unique_ptr<Report> make_jsonl_report(const RuleSet&, const ReportOptions& options) {
  return std::make_unique<JsonlReport>(options);
}

}  // namespace assay
