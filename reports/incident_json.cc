// An incident as one JSON object: docs/report.md lists its fields. Each place and each report
// stands on a line of its own, and is written away before the next one is made.
//
//   {"incident":{"title":…,"keys":1,"places":37,"owners":4,"complete":true,"problems":[]},
//   "reports":[{…}],
//   "keys":[{"fingerprint":…,"places":[
//   {"path":…},
//   …]}]}
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/format.h"
#include "reports/incident.h"
#include "reports/incident_words.h"
#include "reports/json_facts.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

Json commits_of(const std::vector<CommitAt>& commits) {
  Json out = Json::array();
  for (const CommitAt& at : commits) {
    Json commit;
    add_known("commit", at.commit, commit);
    add_known("path", at.path, commit);
    add_known("time", at.time, commit);
    add_known("author", at.author, commit);
    out.push_back(std::move(commit));
  }
  return out;
}

Json timeline_json(const Timeline& timeline) {
  Json out = Json::object();
  add_known("first_seen", timeline.first, out);
  add_known("last_seen", timeline.last, out);
  out["introduced"] = commits_of(timeline.introduced);
  out["removed"] = commits_of(timeline.removed);
  out["places_with_time"] = timeline.timed;
  out["places_at_head"] = timeline.at_head;
  out["places_in_input"] = timeline.in_input;
  return out;
}

Json owner_json(const OwnerAt& at) {
  Json out;
  add_known("name", at.owner.name, out);
  add_known("source", at.owner.source, out);
  add_known("reason", at.owner.reason, out);
  add_known("contact", at.owner.contact, out);
  add_known("runbook", at.owner.runbook, out);
  out["places"] = at.places;
  return out;
}

Json brought_by_json(const BroughtByAt& at) {
  Json out;
  add_known("name", at.by.name, out);
  add_known("source", at.by.source, out);
  add_known("reason", at.by.reason, out);
  out["places"] = at.places;
  return out;
}

// A field that is not known stands there as null: it is to be filled in.
Json change_json(const ChangeRecord& change) {
  Json out;
  const auto add = [&out](const char* name, const std::string& value) {
    out[name] = value.empty() ? Json() : Json(valid_utf8(value));
  };
  add("subscription", change.subscription);
  add("function_app", change.function_app);
  add("function_name", change.function_name);
  add("slot", change.slot);
  add("key_name", change.key_name);
  add("caller", change.caller);
  add("timestamp", change.timestamp);
  add("rollback_action", change.rollback_action);
  return out;
}

Json place_json(const IncidentPlace& place) {
  const Finding& finding = place.told->finding;
  Json out = location_json(finding);
  out["encoding"] = finding.encoding;
  out["confidence"] = to_string(finding.confidence);
  if (finding.damage) out["damage"] = json_of(*finding.damage);
  if (Json context = json_of(finding.context); !context.empty()) {
    out["context"] = std::move(context);
  }
  if (finding.record && !finding.record->system.empty()) out["record"] = json_of(*finding.record);
  if (finding.git) out["git"] = json_of(*finding.git);
  add_known("owner", place.owner, out);
  add_known("brought_by", place.brought_by, out);
  for (const size_t report : place.reports) out["reports"].push_back(report);
  return out;
}

// All of a key but its places.
Json key_json(const IncidentKey& key) {
  Json out;
  add_known("fingerprint", key.fingerprint, out);
  add_known("redacted", key.redacted, out);
  add_known("rule_id", key.rule_id, out);
  if (key.rule != nullptr) out["title"] = key.rule->title;
  out["kind"] = key.kind;
  out["scope"] = to_string(key.context.scope);
  out["confidence"] = to_string(key.confidence);
  if (key.damage) out["damage"] = json_of(*key.damage);
  if (key.rule != nullptr) out["impact"] = key.rule->impact;
  if (Json context = json_of(key.context); !context.empty()) out["context"] = std::move(context);
  if (key.torn) out["context_contradicts"] = true;
  out["timeline"] = timeline_json(key.timeline);
  out["owners"] = Json::array();
  for (const OwnerAt& at : key.owners) out["owners"].push_back(owner_json(at));
  if (!key.doubts.empty()) out["owner_doubts"] = names_of(key.doubts);
  if (key.canary) out["canary"] = true;
  out["brought_by"] = Json::array();
  for (const BroughtByAt& at : key.brought_by) out["brought_by"].push_back(brought_by_json(at));
  const RotationPlan plan = plan_rotation(key);
  out["rotation"]["summary"] = valid_utf8(plan.summary);
  out["rotation"]["steps"] = names_of(plan.steps);
  out["change_record"] = change_json(key.change);
  return out;
}

Json report_json(const FindingsFile& report) {
  Json out;
  add_known("name", report.name, out);
  add_known("tool", report.tool, out);
  add_known("rules", report.rules, out);
  out["complete"] = gaps_of(report).empty();
  out["findings"] = report.findings.size();
  if (report.summary) {
    const ScanSummary& summary = *report.summary;
    if (!summary.arguments.empty()) out["arguments"] = names_of(summary.arguments);
    out["blobs"] = summary.blobs;
    out["bytes"] = summary.bytes;
    if (summary.decoded_bytes > 0) out["bytes_decoded"] = summary.decoded_bytes;
    if (summary.members > 0) out["members"] = summary.members;
    if (summary.suppressed > 0) out["suppressed"] = summary.suppressed;
    add_known("config", summary.config, out);
    out["ignored"] = summary.ignored;
    out["unit"] = summary.unit;
    out["evidence"] = Json::array();
    for (const Evidence& file : summary.evidence) {
      out["evidence"].push_back({{"path", valid_utf8(file.path)},
                                 {"bytes", file.bytes},
                                 {"sha256", valid_utf8(file.sha256)}});
    }
  }
  out["not_scanned"] = Json::array();
  for (const ToldDiagnostic& told : report.diagnostics) {
    Json skipped;
    add_known("kind", told.kind, skipped);
    add_known("path", told.path, skipped);
    add_known("message", told.message, skipped);
    if (told.accepted) skipped["accepted"] = true;
    out["not_scanned"].push_back(std::move(skipped));
  }
  return out;
}

// The object without its last brace, so that a field can be added behind.
void add_open(const Json& object, std::string& out) {
  add_json_line(object, out);
  out.resize(out.size() - 2);
}

}  // namespace

void write_incident_json(const IncidentRecord& record, std::string& out, const More& more) {
  const Incident& incident = record.incident;
  Json top;
  top["title"] = valid_utf8(record.title);
  top["headline"] = headline(incident);
  top["keys"] = incident.keys.size();
  top["places"] = incident.places;
  top["owners"] = incident.owners;
  top["complete"] = incident.problems.empty();
  top["problems"] = names_of(incident.problems);
  out += "{\"incident\":";
  add_json_line(top, out);
  out += ",\"reports\":[\n";
  for (size_t i = 0; i < record.reports.size(); ++i) {
    if (i > 0) out += ",";
    add_json_line(report_json(record.reports[i]), out);
    more();
  }
  out += "],\"keys\":[\n";
  for (size_t i = 0; i < incident.keys.size(); ++i) {
    const IncidentKey& key = incident.keys[i];
    if (i > 0) out += ",";
    add_open(key_json(key), out);
    out += ",\"places\":[\n";
    for (size_t at = 0; at < key.places.size(); ++at) {
      if (at > 0) out += ",";
      add_json_line(place_json(key.places[at]), out);
      more();
    }
    out += "]}\n";
  }
  out += "]}\n";
}

}  // namespace assay
