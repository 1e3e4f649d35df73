// A result: message, place, fingerprints, facts.
//
// The place is told by lines and UTF-16 columns only. A region that has byte offsets too makes some
// readers jump by them and others drop the line, so offsets stand in the properties.
#include "reports/sarif_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/format.h"
#include "reports/json_facts.h"
#include "reports/record.h"
#include "reports/sarif_text.h"
#include "reports/sarif_tool.h"
#include "response/rotation.h"
#include "scanner/verify.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

Json message_of(const Finding& finding, const std::optional<Owner>& owner) {
  const KeyContext& context = finding.context;
  const std::string_view app = !context.app.empty()    ? context.app
                               : !context.host.empty() ? context.host
                                                       : std::string_view("unknown");
  const std::string_view path = finding.provenance ? finding.provenance->path : std::string_view();
  std::vector<std::string_view> arguments = {finding.redacted, path, app, to_string(context.scope)};
  const bool by_context = finding.rule->confidence == Confidence::context;
  arguments.resize(message_arguments(*finding.rule) - (by_context ? 0 : 1));
  if (!by_context) {
    arguments.push_back(finding.fingerprint.empty() ? std::string_view("unknown")
                                                    : std::string_view(finding.fingerprint));
  }
  if (!owner) return sarif_message(result_message_string(*finding.rule), "default", arguments);
  arguments.push_back(owner->name);
  arguments.push_back(owner->reason);
  return sarif_message(owned_message_string(*finding.rule), "owned", arguments);
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
  add_known("born", finding.born, out);
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
  if (finding.marker && !finding.suppression) {
    out["marker"] = {{"line", marker_line(finding)}, {"word", valid_utf8(finding.marker->word)}};
  }
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

// Readers take any entry for a finding that does not count, so there is one only of what was
// accepted. A marker's place is told: the reason stands there.
Json suppressions_of(const Finding& finding, const ResultPlace& place) {
  Json out = Json::array();
  if (!finding.suppression) return out;
  const Suppression& why = *finding.suppression;
  const bool in_source = why.kind == Suppression::Kind::marker;
  Json entry;
  entry["kind"] = in_source ? "inSource" : "external";
  entry["status"] = "accepted";
  entry["justification"] = valid_utf8(why.reason.empty() ? why.by : why.reason);
  if (in_source && finding.marker && marker_line(finding) > 0) {
    Json& at = entry["location"]["physicalLocation"];
    at["artifactLocation"] = {{"uri", place.uri}, {"uriBaseId", place.base}};
    at["region"] = {{"startLine", marker_line(finding)}};
  }
  entry["properties"] = {{"by", valid_utf8(why.by)}, {"kind", to_string(why.kind)}};
  out.push_back(std::move(entry));
  return out;
}

// Fingerprints are short and of few characters; anything else in a log that we did not write is
// left out.
bool is_fingerprint(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("+/=:_-").find(c) != std::string_view::npos;
  });
}

std::string percent_decoded(std::string_view uri) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'                     ? c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                    : -1;
  };
  std::string out;
  for (size_t at = 0; at < uri.size(); ++at) {
    const bool coded =
        uri[at] == '%' && at + 2 < uri.size() && digit(uri[at + 1]) >= 0 && digit(uri[at + 2]) >= 0;
    out += coded ? static_cast<char>(digit(uri[at + 1]) << 4 | digit(uri[at + 2])) : uri[at];
    at += coded ? 2 : 0;
  }
  return out;
}

constexpr uint64_t kMostLine = uint64_t{1} << 30;  // readers count in 32 bits

Json absent_region(const BaseResult& gone) {
  const auto within = [](uint64_t number) { return std::clamp<uint64_t>(number, 1, kMostLine); };
  Json region;
  region["startLine"] = within(gone.line);
  region["startColumn"] = within(gone.column);
  region["endLine"] = std::max(within(gone.end_line), within(gone.line));
  region["endColumn"] = within(gone.end_line) > within(gone.line)
                            ? within(gone.end_column)
                            : std::max(within(gone.end_column), within(gone.column) + 1);
  return region;
}

}  // namespace

nlohmann::ordered_json sarif_absent_result(const BaseResult& gone, const Rule& rule,
                                           const ResultPlace& place) {
  std::vector<std::string> words;
  for (const std::string& argument : gone.arguments) {
    words.push_back(redact_names(without_link_escapes(argument)));
  }
  words.resize(message_arguments(rule), "unknown");
  const std::vector<std::string_view> arguments(words.begin(), words.end());
  Json out;
  out["ruleId"] = valid_utf8(rule.id);
  out["ruleIndex"] = place.rule_index;
  out["kind"] = "fail";
  out["level"] = to_string(rule.level);
  out["rank"] = rule.rank;
  out["message"] = sarif_message(result_message_string(rule), "default", arguments);
  Json at;
  at["artifactLocation"] = {{"uri", sarif_uri(redact_names(percent_decoded(gone.uri)))},
                            {"uriBaseId", place.base}};
  at["region"] = absent_region(gone);
  out["locations"] = Json::array({{{"physicalLocation", std::move(at)}}});
  Json fingerprints;
  if (is_fingerprint(gone.line_hash)) fingerprints["primaryLocationLineHash"] = gone.line_hash;
  if (is_fingerprint(gone.fingerprint)) fingerprints["secretHash/v1"] = gone.fingerprint;
  if (!fingerprints.empty()) out["partialFingerprints"] = std::move(fingerprints);
  if (place.baseline) out["baselineState"] = "absent";
  if (place.suppressions) out["suppressions"] = Json::array();
  return out;
}

nlohmann::ordered_json sarif_result(const Finding& finding, const ResultPlace& place,
                                    nlohmann::ordered_json&& logical_locations) {
  Json out;
  out["ruleId"] = valid_utf8(finding.rule->id);
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
  if (place.baseline) {
    const BaselineState state = finding.baseline_state;
    out["baselineState"] = to_string(state == BaselineState::none ? BaselineState::is_new : state);
  }
  if (place.suppressions) out["suppressions"] = suppressions_of(finding, place);
  out["properties"] = properties_of(finding, place.owner);
  return out;
}

}  // namespace assay
