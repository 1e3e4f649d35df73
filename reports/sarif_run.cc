// A run in three pieces, so that its results can be written as they come.
//
//   {"tool":…,"automationDetails":…,                     begin
//   "results":[
//   {"ruleId":"AZF1001",…},                              result
//   {"ruleId":"AZF1002",…}],
//   "artifacts":…,"logicalLocations":…,"invocations":…}  end
#include "reports/sarif_run.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/json_facts.h"
#include "reports/owner_words.h"
#include "reports/record.h"
#include "reports/sarif_result.h"
#include "reports/sarif_text.h"
#include "reports/sarif_tool.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

// Where the files come from: readers link from entry 0. The schema wants an address, so a
// repository without one has no entry.
void add_provenance(const RepositoryFacts& repository, std::string_view base, Json& run) {
  const std::string uri = sarif_repository_uri(repository.uri);
  if (uri.empty()) return;
  Json entry;
  entry["repositoryUri"] = uri;
  if (!repository.revision.empty()) entry["revisionId"] = repository.revision;
  if (!repository.branch.empty()) entry["branch"] = valid_utf8(repository.branch);
  entry["mappedTo"] = {{"uriBaseId", base}};
  run["versionControlProvenance"] = Json::array({std::move(entry)});
}

// Azure DevOps takes a log only with these four, all of them texts, and only under this name.
constexpr std::string_view kAdoPrefix = "azuredevops/pipeline/build/";
constexpr std::string_view kNoGuid = "00000000-0000-0000-0000-000000000000";

Json details(const SarifSources& sources, const ReportOptions& options) {
  const bool ado = options.sarif_profile == SarifProfile::ado;
  Json out;
  out["id"] = std::string(ado ? kAdoPrefix : "") + sources.category;
  out["description"] = {{"text", sources.description}};
  if (!ado) return out;
  const auto add = [&out](std::string_view name, const std::string& value,
                          std::string_view unknown) {
    out["properties"][std::string(kAdoPrefix).append(name)] =
        value.empty() ? std::string(unknown) : valid_utf8(value);
  };
  add("buildDefinitionId", options.ado.definition_id, "0");
  add("buildDefinitionName", options.ado.definition_name, "none");
  add("phaseId", options.ado.phase_id, kNoGuid);
  add("phaseName", options.ado.phase_name, "none");
  return out;
}

}  // namespace

uint64_t LineOccurrences::next(const std::string& uri, const Finding& finding, size_t rule_index) {
  if (finding.line_hash.empty()) return 1;
  if (uri != uri_) {
    uri_ = uri;
    counts_.clear();
  }
  return ++counts_[{rule_index, finding.line_hash}];
}

nlohmann::ordered_json sarif_coverage(const ScanSummary& summary) {
  const auto shown = [](const std::string& path) {
    std::string_view left = path;
    while (left.size() > 1 && left.ends_with('/')) left.remove_suffix(1);
    return valid_utf8(left.starts_with('/') ? left.substr(left.rfind('/') + 1) : left);
  };
  Json out;  // in the order of the names
  out["blobs"] = summary.blobs;
  out["bytesDecoded"] = summary.decoded_bytes;
  out["bytesRead"] = summary.bytes;
  if (!summary.config.empty()) out["config"] = shown(summary.config);
  if (!summary.disabled.empty()) out["disabledRules"] = names_of(summary.disabled);
  if (!summary.inputs.empty()) {
    out["inputs"] = Json::array();
    for (const std::string& input : summary.inputs) out["inputs"].push_back(shown(input));
  }
  out["members"] = summary.members;
  out["pathsOutOfScope"] = summary.ignored;
  out["suppressed"] = summary.suppressed;
  out["unit"] = summary.unit;
  return out;
}

void append_members(const nlohmann::ordered_json& object, std::string& out) {
  for (const auto& [name, value] : object.items()) {
    append_json(Json(name), out);
    out += ':';
    append_json(value, out);
    out += ",\n";
  }
}

void SarifRun::begin(const RepositoryFacts* repository, std::string& out) const {
  Json run;
  run["tool"] = sarif_tool(rules_, options_.owners != nullptr);
  run["taxonomies"] = sarif_taxonomies();
  run["automationDetails"] = details(sources_, options_);
  if (repository != nullptr) add_provenance(*repository, sources_.base, run);
  // No uri: the log leaks no folder of this machine, and is the same on every one.
  Json& base = run["originalUriBaseIds"][std::string(sources_.base)];
  base["description"] = {{"text", sources_.base_description}};
  run["columnKind"] = "utf16CodeUnits";
  run["newlineSequences"] = Json::array({"\r\n", "\n"});
  out += "{\n";
  append_members(run, out);
  out += "\"results\":[";
}

void SarifRun::result(const Finding& finding, const std::string& path, bool first,
                      std::string& out) {
  ResultPlace place;
  place.rule_index = rules_.index_of(*finding.rule);
  place.uri = sarif_uri(path);
  place.base = sources_.base;
  if (is_member(finding)) {
    const size_t member = finding.provenance->path.size() - outer_path(finding).size();
    artifacts_.index_of_container(
        sarif_uri(std::string_view(path).substr(0, path.size() - std::min(path.size(), member))));
  } else if (from_container(finding)) {
    place.artifact_index = artifacts_.index_of_container(place.uri);  // facts: of what it holds
  } else {
    place.artifact_index = artifacts_.index_of(place.uri, finding.facts);
  }
  place.owner = owner_of(options_.owners, finding);
  place.occurrence = occurrences_.next(place.uri, finding, place.rule_index);
  place.suppressions = options_.sarif_profile == SarifProfile::full;
  place.baseline = place.suppressions && (options_.baseline || options_.base != nullptr);
  out += first ? "\n" : ",\n";
  append_json(sarif_result(finding, place, logical_locations_.of(finding)), out);
  ++results_;
}

void SarifRun::absent(const BaseResult& gone, const Rule& rule, bool first, std::string& out) {
  ResultPlace place;
  place.rule_index = rules_.index_of(rule);
  place.base = sources_.base;
  place.suppressions = place.baseline = true;
  out += first ? "\n" : ",\n";
  append_json(sarif_absent_result(gone, rule, place), out);
  ++results_;
}

void SarifRun::end(std::string_view invocation, bool truncated, std::string& out) const {
  out += "],\n\"artifacts\":";
  artifacts_.append(sources_.base, sources_.exports, out);
  if (!logical_locations_.empty()) {
    out += ",\n\"logicalLocations\":";
    logical_locations_.append(out);
  }
  out += ",\n\"invocations\":[";
  out += invocation;
  out += "]";
  if (truncated) out += ",\n\"properties\":{\"truncated\":true}";
  out += "}";
}

}  // namespace assay
