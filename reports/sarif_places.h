// The places of a SARIF log that results point to by number: files, and what stands in them.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/finding.h"

namespace assay {

// The files that results stand in, numbered as they come. Members of an archive are not among them:
// SARIF's nested artifacts would need paths from the archive's root, which the validator refuses.
class SarifArtifacts {
 public:
  // The number of the file at `uri`. Two inputs may be reported under one path: facts on which they
  // do not agree are said of neither.
  size_t index_of(const std::string& uri, const std::shared_ptr<const BlobFacts>& facts);

  // The same of a file that was not scanned itself, but what was decoded from it.
  size_t index_of_container(const std::string& uri);

  // The `artifacts` array. Those of exports came from outside.
  void append(std::string_view base, bool exports, std::string& out) const;

 private:
  struct Entry {
    const std::string* uri;
    std::shared_ptr<const BlobFacts> facts;
    bool has_facts = false;
  };

  Entry& entry(const std::string& uri);

  std::map<std::string, size_t> indexes_;  // ordered: who names the files cannot make it slow
  std::vector<Entry> entries_;
};

// The records that results stand in, as a tree: jira, PAY, PAY-118, comment-10044.
class SarifLogicalLocations {
 public:
  // More are not numbered: those results name the record in full, without a number.
  static constexpr size_t kMost = 20'000;

  // The `logicalLocations` of a result: the record, if there is one, and the member of an archive.
  nlohmann::ordered_json of(const Finding& finding);

  bool empty() const { return entries_.empty(); }

  // The `logicalLocations` array of the run.
  void append(std::string& out) const;

 private:
  struct Entry {
    const std::string* full_name;
    std::string_view kind;  // of the table in record.cc
    std::string name;
    size_t parent;  // kNone
  };
  static constexpr size_t kNone = ~size_t{0};

  std::map<std::string, size_t> indexes_;  // by full name
  std::vector<Entry> entries_;
};

}  // namespace assay
