// One incident out of several reports: keys, each with all of its places.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "response/findings_file.h"
#include "response/owner.h"
#include "response/rotation.h"

namespace assay {

// Where a key stands. What several reports tell the same way is one place.
struct IncidentPlace {
  const ToldFinding* told = nullptr;  // of the first report that has it
  std::vector<size_t> reports;        // which ones do, by number
  std::string owner, brought_by;      // names; empty: not known
};

// A name, why it is said, and at how many of the key's places.
struct OwnerAt {
  Owner owner;
  uint64_t places = 0;
};
struct BroughtByAt {
  BroughtBy by;
  uint64_t places = 0;
};

// A commit that brought the key to a path, or took it away. Facts as in GitFacts.
struct CommitAt {
  std::string commit, path;
  std::string time, author;  // of one that brought it; may be empty
};

// When the key was where: times of records and of commits that introduced it.
struct Timeline {
  std::string first, last;  // UTC; empty: no place has a time
  const IncidentPlace* first_at = nullptr;
  const IncidentPlace* last_at = nullptr;
  std::vector<CommitAt> introduced, removed;  // by time, then path; removals have no time
  uint64_t timed = 0;                         // places with a time
  uint64_t at_head = 0;                       // places that HEAD holds
  uint64_t in_input = 0;  // places outside of repositories: as they were scanned
};

// The fields of a change record, in this order, filled with what is known: "subscription, Function
// App, function name, slot, key name, caller, timestamp, and rollback action".
struct ChangeRecord {
  std::string subscription, function_app, function_name, slot, key_name, caller, timestamp,
      rollback_action;
};

struct IncidentKey {
  // Of the surest of its places.
  const Rule* rule = nullptr;  // null: this program does not know it
  std::string rule_id, redacted;
  std::string fingerprint;  // empty: the value could be guessed, or may be several
  std::string_view kind;
  Confidence confidence = Confidence::context;
  std::shared_ptr<const Damage> damage;

  KeyContext context;  // what the places tell together
  bool torn = false;   // they contradict each other: `context` is of the one that tells most
  std::vector<IncidentPlace> places;  // by path, line and column
  Timeline timeline;
  std::vector<OwnerAt> owners;          // those of most places first
  std::vector<BroughtByAt> brought_by;  // likewise
  std::vector<std::string> doubts;      // why owners are not known, sorted
  bool canary = false;                  // minted to be found
  ChangeRecord change;
  const Finding* best = nullptr;          // of the surest of its places
  const InventoryEntry* entry = nullptr;  // of the inventory that was given; may be null
};

struct Incident {
  std::vector<IncidentKey> keys;  // the worst first
  uint64_t places = 0;
  uint64_t owners = 0;                // different names
  uint64_t suppressed = 0;            // findings that somebody accepted: not among the keys
  std::vector<std::string> problems;  // sentences: why the reports do not tell all; empty: they do
};

// Merges the findings of `reports`, which, as `sources`, must outlive what is returned: by
// fingerprint, also of a masked key whose candidate stands whole elsewhere; without a fingerprint
// by redacted form and place. With `sources`, owners are resolved anew; else they are those of the
// lines. What a report tells as suppressed is left out, and counted.
Incident merge_findings(std::span<const FindingsFile> reports, const OwnerSources& sources);

// What to do about the key. Made when it is asked for: it is long, and keys may be many.
RotationPlan plan_rotation(const IncidentKey& key);

// Why a report does not tell all: it was cut off, lines are missing, or its scan was not complete.
std::vector<std::string> gaps_of(const FindingsFile& report);

}  // namespace assay
