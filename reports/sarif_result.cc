// A result: message, place, fingerprints, facts.
//
// The place is told by lines and UTF-16 columns only. A region that has byte offsets too makes some
// readers jump by them and others drop the line, so offsets stand in the properties.
#include "reports/sarif_result.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "reports/format.h"
#include "reports/json_facts.h"
#include "reports/record.h"
#include "reports/sarif_text.h"
#include "reports/sarif_tool.h"
#include "response/rotation.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

Json message_of(const Finding& finding, const std::optional<Owner>& owner) {
  const KeyContext& context = finding.context;
  const std::string_view app = !context.app.empty()    ? context.app
                               : !context.host.empty() ? context.host
                                                       : std::string_view("unknown");
  const std::string_view path = finding.provenance ? finding.provenance->path : std::string_view();
  const std::string_view scope = to_string(context.scope);
  const std::string_view id =
      finding.fingerprint.empty() ? std::string_view("unknown") : finding.fingerprint;
  const bool by_context = finding.rule->confidence == Confidence::context;
  if (owner) {
    const std::string message_string = owned_message_string(*finding.rule);
    if (by_context) {
      return sarif_message(message_string, "owned",
                           {finding.redacted, path, app, scope, owner->name, owner->reason});
    }
    return sarif_message(message_string, "owned",
                         {finding.redacted, path, app, scope, id, owner->name, owner->reason});
  }
  const std::string message_string = result_message_string(*finding.rule);
  if (by_context) {
    return sarif_message(message_string, "default", {finding.redacted, path, app, scope});
  }
  return sarif_message(message_string, "default", {finding.redacted, path, app, scope, id});
}

Json region_of(uint64_t line, uint64_t begin, uint64_t end, const std::string& text) {
  Json out;
  out["startLine"] = line;
  out["startColumn"] = begin;
  out["endLine"] = line;
  out["endColumn"] = end;
  if (!text.empty()) out["snippet"] = {{"text", valid_utf8(text)}};
  return out;
}

// Viewers make a link of the href: nothing that a browser would run may become one.
bool is_web_address(std::string_view link) {
  return link.starts_with("https://") || link.starts_with("http://");
}

Json artifact_location_of(const Finding& finding, const ResultPlace& place) {
  Json out;
  out["uri"] = place.uri;
  out["uriBaseId"] = place.base;
  if (place.artifact_index) out["index"] = *place.artifact_index;
  if (finding.record && is_web_address(finding.record->link)) {
    out["properties"]["href"] = valid_utf8(finding.record->link);
  }
  return out;
}

Json physical_location_of(const Finding& finding, const ResultPlace& place) {
  const Snippet& snippet = finding.snippet;
  const uint64_t line = finding.location.line;
  const uint64_t begin = finding.location.utf16_column;
  const uint64_t end = begin + length_on_line(finding);
  Json out;
  out["artifactLocation"] = artifact_location_of(finding, place);
  out["region"] = region_of(line, begin, end, snippet.masked);
  const uint64_t before = utf16_length(snippet.before);
  const uint64_t after = utf16_length(snippet.after);
  // Without a snippet of its own the key would stand between the two unmasked, or not at all.
  if (before + after > 0 && before < begin && !snippet.masked.empty()) {
    out["contextRegion"] = region_of(line, begin - before, end + after,
                                     snippet.before + snippet.masked + snippet.after);
  }
  return out;
}

// Names end in nothing or in `/v` and a number: DefectDojo takes what follows a slash for a
// version.
Json fingerprints_of(const Finding& finding, const ResultPlace& place) {
  Json out;
  if (!finding.line_hash.empty()) {
    // GitHub tells alerts apart by path, rule and this: a second key on a line needs another.
    out["primaryLocationLineHash"] = place.occurrence > 1
                                         ? fmt::format("{}/{}", finding.line_hash, place.occurrence)
                                         : finding.line_hash;
  }
  if (!finding.fingerprint.empty()) out["secretHash/v1"] = finding.fingerprint;
  return out;
}

// What the history says, in the order of the names. No person's name or address: a log is uploaded,
// and the commit tells them to who may see it.
Json git_of(const GitFacts& git) {
  Json out;
  add_known("blob", git.blob, out);
  if (git.refs_known) out["branches"] = names_of(git.branches);
  add_known("commit", git.commit, out);
  add_known("introducedCommit", git.introduced_by, out);
  add_known("introducedTimeUtc", git.time, out);
  add_known("object", git.object, out);
  out["occurrences"] = git.occurrences;
  out["presentAtHead"] = git.present_at_head;
  if (!git.refs.empty()) out["refs"] = names_of(git.refs);
  add_known("removedCommit", git.removed_by, out);
  if (git.staged) out["staged"] = true;
  if (git.refs_known) out["tags"] = names_of(git.tags);
  return out;
}

// The same of a record: who wrote it, the record tells.
Json record_of(const Record& record) {
  Json out;
  add_known("container", record.container, out);
  add_known("id", record.id, out);
  add_known("link", record.link, out);
  add_known("operation", record.operation, out);
  add_known("system", record.system, out);
  add_known("timeUtc", record.time, out);
  return out;
}

// In the order of the names.
Json properties_of(const Finding& finding, const OwnerAnswer& answer) {
  const KeyContext& context = finding.context;
  Json out;
  add_known("app", context.app, out);
  out["byteLength"] = finding.location.byte_length;
  out["byteOffset"] = finding.location.byte_offset;
  if (answer.canary) out["canary"] = true;
  add_known("carrier", context.carrier, out);
  out["confidence"] = to_string(finding.confidence);
  if (finding.damage) {
    out["damage"] = {{"byChance", finding.damage->by_chance},
                     {"candidates", finding.damage->candidates},
                     {"fingerprints", finding.damage->fingerprints},
                     {"masked", finding.damage->masked},
                     {"tried", finding.damage->tried},
                     {"what", finding.damage->what}};
  }
  if (!finding.encoding.empty()) out["encoding"] = finding.encoding;
  add_known("function", context.function, out);
  if (finding.git) out["git"] = git_of(*finding.git);
  add_known("host", context.host, out);
  add_known("keyName", context.key_name, out);
  out["kind"] = finding.kind;
  if (answer.owner) {
    out["owner"] = {{"name", valid_utf8(answer.owner->name)},
                    {"reason", valid_utf8(answer.owner->reason)},
                    {"source", answer.owner->source}};
  }
  add_known("ownerDoubt", answer.doubt, out);
  if (finding.record && !finding.record->system.empty()) out["record"] = record_of(*finding.record);
  out["redacted"] = valid_utf8(finding.redacted);
  add_known("resourceGroup", context.resource_group, out);
  const RotationPlan plan = plan_rotation(finding);
  if (!plan.summary.empty() || !plan.steps.empty()) {
    Json steps = Json::array();
    for (const std::string& step : plan.steps) steps.push_back(valid_utf8(step));
    out["rotation"] = {{"steps", std::move(steps)}, {"summary", valid_utf8(plan.summary)}};
  }
  out["scope"] = to_string(context.scope);
  add_known("slot", context.slot, out);
  add_known("store", context.store, out);
  return out;
}

}  // namespace

nlohmann::ordered_json sarif_result(const Finding& finding, const ResultPlace& place,
                                    nlohmann::ordered_json&& logical_locations) {
  Json out;
  out["ruleId"] = finding.rule->id;
  out["ruleIndex"] = place.rule_index;
  out["kind"] = "fail";
  out["level"] = to_string(finding.rule->level);
  out["rank"] = finding.rule->rank;
  out["message"] = message_of(finding, place.owner.owner);
  Json location;
  location["physicalLocation"] = physical_location_of(finding, place);
  if (!logical_locations.empty()) location["logicalLocations"] = std::move(logical_locations);
  out["locations"] = Json::array({std::move(location)});
  if (Json fingerprints = fingerprints_of(finding, place); !fingerprints.empty()) {
    out["partialFingerprints"] = std::move(fingerprints);
  }
  out["properties"] = properties_of(finding, place.owner);
  return out;
}

}  // namespace assay
