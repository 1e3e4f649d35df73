// A run in three pieces, so that its results can be written as they come.
//
//   {"tool":…,"automationDetails":…,                     begin
//   "results":[
//   {"ruleId":"AZF1001",…},                              result
//   {"ruleId":"AZF1002",…}],
//   "artifacts":…,"logicalLocations":…,"invocations":…}  end
#include "reports/sarif_run.h"

#include <nlohmann/json.hpp>

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

}  // namespace

uint64_t LineOccurrences::next(const std::string& uri, const Finding& finding, size_t rule_index) {
  if (finding.line_hash.empty()) return 1;
  if (uri != uri_) {
    uri_ = uri;
    counts_.clear();
  }
  return ++counts_[{rule_index, finding.line_hash}];
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
  run["tool"] = sarif_tool(rules_, owners_ != nullptr);
  run["taxonomies"] = sarif_taxonomies();
  run["automationDetails"]["id"] = sources_.category;
  run["automationDetails"]["description"] = {{"text", sources_.description}};
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

void SarifRun::result(const Finding& finding, std::string& out) {
  ResultPlace place;
  place.rule_index = rules_.index_of(*finding.rule);
  place.uri = sarif_uri(finding.provenance ? finding.provenance->path : std::string());
  place.base = sources_.base;
  if (is_member(finding)) {
    artifacts_.index_of_container(sarif_uri(outer_path(finding)));
  } else if (from_container(finding)) {
    place.artifact_index = artifacts_.index_of_container(place.uri);  // facts: of what it holds
  } else {
    place.artifact_index = artifacts_.index_of(place.uri, finding.facts);
  }
  place.owner = owner_of(owners_, finding);
  place.occurrence = occurrences_.next(place.uri, finding, place.rule_index);
  out += results_ == 0 ? "\n" : ",\n";
  append_json(sarif_result(finding, place, logical_locations_.of(finding)), out);
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
