// What to do about a leaked key: a plan made of the facts that were found, and of named blanks for
// those that are not known.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "response/inventory.h"
#include "scanner/finding.h"

namespace assay {

// What kind of key the plan is about. `function_or_host`: the checksum holds, and is the same for
// both. `unknown`: damaged, or known by its surroundings only.
enum class KeyKind { unknown, function_or_host, function, host, master, system };
std::string_view to_string(KeyKind kind);

// Who keeps the app's keys. `blob`: a storage account of its own; the commands are those of
// `app_service`, where Functions keeps the keys in its own account.
enum class KeyStore { app_service, blob, key_vault, kubernetes, container_app };
std::string_view to_string(KeyStore store);

// A name that commands need. Its blank is its name in capitals: RESOURCE_GROUP. `resource` and
// `policy` are of keys of other services than Functions: what the key opens, and its name there.
enum class Fact {
  kind,
  store,
  subscription,
  resource_group,
  app,
  slot,
  function,
  key_name,
  vault,
  name_space,
  secret,
  revision,
  application_insights,
  event_subscription,
  event_source,
  span,
  resource,
  policy,
};
inline constexpr size_t kFacts = 18;

struct FactRow {
  Fact fact;
  std::string_view name;     // in plans and in --set: resource_group
  std::string_view blank;    // RESOURCE_GROUP
  std::string_view meaning;  // "the app's resource group"
};
std::span<const FactRow> fact_rows();
const FactRow& row_of(Fact fact);

// Whether `value` can be that name at all: what Azure allows, and nothing that a shell, a query or
// az itself could take for more than a name.
bool is_valid(Fact fact, std::string_view value);

// Values by fact; an empty one is not known. What is in it is valid.
class Facts {
 public:
  const std::string& operator[](Fact fact) const { return values_[static_cast<size_t>(fact)]; }
  // False, and nothing changed, if the value is not valid; an empty one makes it unknown.
  bool set(Fact fact, std::string_view value);

 private:
  std::array<std::string, kFacts> values_;
};

// All that a plan is made of. The same case gives the same plan.
struct RotationCase {
  std::string rule_id, title, redacted;
  std::string fingerprint;  // C3ID; empty where the value could not be proved
  Confidence confidence = Confidence::verified;
  KeyKind kind = KeyKind::unknown;  // set_fact sets these two
  KeyStore store = KeyStore::app_service;
  Facts facts;
  bool in_slot = false;              // of an app's slot, whether or not its name is known
  std::vector<std::string> callers;  // who holds it, as the inventory says
  std::string owner, contact, runbook;
  std::vector<std::string> places;  // the first few: logs/app.log:12:34
  uint64_t place_count = 0;
  bool torn = false;  // places contradict each other: the names are those of the one telling most
};

// Adds a fact, or changes it. False, and nothing changed, if the value is not valid.
bool set_fact(RotationCase& about, Fact fact, std::string_view value);

// Adds who keeps the key, in the words of an inventory or of KeyContext::carrier: key-vault:NAME,
// kubernetes:NAMESPACE/NAME. What is neither changes nothing.
void set_storage(RotationCase& about, std::string_view storage);

struct RotationQuery {
  std::string name;  // "workspace", "classic"
  std::string kql;
};

struct RotationStep {
  enum class Kind { confirm, callers, create, renew, mount, move, watch, retire, clean, record };
  Kind kind = Kind::confirm;
  std::string title;   // half a sentence: "Create the replacement"
  std::string detail;  // sentences; may be empty
  std::vector<std::string> commands;
  std::string check;  // a command that prints 1 where the exposed value still stands there, else 0
  std::vector<RotationQuery> queries;
  bool now = false;  // its first command is the one to run now
};
std::string_view to_string(RotationStep::Kind kind);

struct RotationPlan {
  std::string summary;
  std::vector<std::string> steps;  // of `parts`, a string each; the one to run now comes first
  RotationCase about;
  std::vector<RotationStep> parts;  // in the order in which they are done; empty where only the
                                    // rule's own steps are known
  std::vector<Fact> blanks;         // what the commands need and nobody told
};

// What commands call the fact of that name where nobody told it: of `resource` and `policy` a word
// of the rule's service. `rule` may be null.
std::string_view blank_of(Fact fact, const Rule* rule);

// The case of one finding; `entry`, which may be null, tells further facts.
RotationCase rotation_case(const Finding& finding, const InventoryEntry* entry = nullptr);

// Of the family azure-functions the plan is made for kind and store; of others, and of a rule that
// has no steps, it is the rule's steps, with the facts `resource`, `policy` and `resource_group` in
// them: a blank there is a word of the service, such as STORAGE_ACCOUNT or NAMESPACE. A name that
// cannot be one, or that nobody told, is a blank in capitals; one that holds anything but letters,
// digits and `-_.` is quoted for a shell. The value of a key never stands in it. Any thread.
RotationPlan plan_rotation(const Finding& finding, const InventoryEntry* entry = nullptr);

// The plan of a case. `rule` may be null, where this program does not know it: then it is taken for
// one of Azure Functions.
RotationPlan plan_rotation(RotationCase about, const Rule* rule);

// The rule's own steps with the finding's names in them; of other services than Functions only
// names that are valid.
RotationPlan rule_rotation(const Finding& finding);

}  // namespace assay
