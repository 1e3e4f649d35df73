// Artifacts and logical locations.
//
//   "artifacts":[{"location":{"uri":"export.zip","uriBaseId":"EXPORTROOT"},"roles":[…]}]
//   "logicalLocations":[{"name":"slack","fullyQualifiedName":"slack","kind":"system"},
//     {"name":"incidents","fullyQualifiedName":"slack/incidents","kind":"channel","parentIndex":0}]
//   and in a result [{"index":1,"fullyQualifiedName":"slack/incidents"},
//     {"fullyQualifiedName":"export.zip!/a.json","name":"a.json","kind":"archiveEntry"}]
//
// Only what results point to is kept, so both grow with the files and records that have findings.
#include "reports/sarif_places.h"

#include <nlohmann/json.hpp>

#include "reports/format.h"
#include "reports/record.h"
#include "reports/sarif_text.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

bool agree(const std::shared_ptr<const BlobFacts>& a, const std::shared_ptr<const BlobFacts>& b) {
  return a == b || (a && b && a->length == b->length && a->sha256 == b->sha256);
}

Json logical_location(std::string_view full_name, std::string_view name, std::string_view kind) {
  Json out;
  out["fullyQualifiedName"] = full_name;
  out["name"] = name;
  out["kind"] = kind;
  return out;
}

Json member_of(const Finding& finding) {
  const std::string path = valid_utf8(finding.provenance->path);
  return logical_location(path, std::string_view(path).substr(path.rfind('/') + 1), "archiveEntry");
}

}  // namespace

SarifArtifacts::Entry& SarifArtifacts::entry(const std::string& uri) {
  const auto [known, is_new] = indexes_.try_emplace(uri, entries_.size());
  if (is_new) entries_.push_back({&known->first, nullptr});
  return entries_[known->second];
}

size_t SarifArtifacts::index_of(const std::string& uri,
                                const std::shared_ptr<const BlobFacts>& facts) {
  Entry& file = entry(uri);
  if (!file.has_facts) {
    file.facts = facts;
    file.has_facts = true;
  } else if (!agree(file.facts, facts)) {
    file.facts.reset();
  }
  return static_cast<size_t>(&file - entries_.data());
}

size_t SarifArtifacts::index_of_container(const std::string& uri) {
  return static_cast<size_t>(&entry(uri) - entries_.data());
}

void SarifArtifacts::append(std::string_view base, bool exports, std::string& out) const {
  out += '[';
  for (const Entry& file : entries_) {
    Json artifact;
    artifact["location"] = {{"uri", *file.uri}, {"uriBaseId", base}};
    if (file.facts) artifact["length"] = file.facts->length;
    artifact["roles"] = Json::array({"analysisTarget"});
    if (exports) artifact["roles"].push_back("uncontrolled");
    if (file.facts && !file.facts->sha256.empty()) {
      artifact["hashes"] = {{"sha-256", file.facts->sha256}};
    }
    out += &file == &entries_.front() ? "\n" : ",\n";
    append_json(artifact, out);
  }
  out += ']';
}

nlohmann::ordered_json SarifLogicalLocations::of(const Finding& finding) {
  Json out = Json::array();
  if (finding.record) {
    std::string full_name;
    size_t index = kNone;
    Json unnumbered;
    for (const RecordLevel& level : record_levels(*finding.record)) {
      const std::string name = valid_utf8(level.name);
      full_name += (full_name.empty() ? "" : "/") + name;
      auto known = indexes_.find(full_name);
      if (known == indexes_.end() && entries_.size() < kMost) {
        known = indexes_.emplace(full_name, entries_.size()).first;
        entries_.push_back({&known->first, level.kind, name, index});
      }
      index = known == indexes_.end() ? kNone : known->second;
      unnumbered = logical_location(full_name, name, level.kind);
    }
    if (index != kNone) {
      out.push_back({{"index", index}, {"fullyQualifiedName", full_name}});
    } else if (!unnumbered.is_null()) {
      out.push_back(std::move(unnumbered));
    }
  }
  if (is_member(finding)) out.push_back(member_of(finding));
  return out;
}

void SarifLogicalLocations::append(std::string& out) const {
  out += '[';
  for (const Entry& entry : entries_) {
    Json location;
    location["name"] = entry.name;
    location["fullyQualifiedName"] = *entry.full_name;
    location["kind"] = entry.kind;
    if (entry.parent != kNone) location["parentIndex"] = entry.parent;
    out += &entry == &entries_.front() ? "\n" : ",\n";
    append_json(location, out);
  }
  out += ']';
}

}  // namespace assay
