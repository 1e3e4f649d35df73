// Who answers for a leaked key, and why that is said.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "response/codeowners.h"
#include "response/inventory.h"
#include "response/owners_file.h"
#include "scanner/finding.h"

namespace assay {

// An owner answers for the key. `source`: inventory, owners (owners.toml), codeowners. `reason`:
// half a sentence for people: "the inventory has this key". No key stands in any of it.
struct Owner {
  std::string name;
  std::string source;
  std::string reason;
  std::string contact;  // of the inventory or owners.toml; may be empty
  std::string runbook;  // likewise

  friend bool operator==(const Owner&, const Owner&) = default;
};

// Who brought the key to where it was found: someone to ask, not an owner. `source`: git, record.
struct BroughtBy {
  std::string name;
  std::string source;
  std::string reason;  // "author of the commit that introduced it"

  friend bool operator==(const BroughtBy&, const BroughtBy&) = default;
};

// A folder or file that is scanned, and where that is in the repository whose CODEOWNERS counts: as
// Provenance::file begins, and relative to the root, both without slashes at their ends.
struct ScannedPath {
  std::string given, in_repository;
};

// What is known beforehand of owners. Each may be empty; what is read is bounded and checked when
// it is opened.
struct OwnerSources {
  std::optional<Inventory> inventory;
  std::optional<OwnersFile> owners;
  std::optional<Codeowners> codeowners;
  // Of findings without git facts: what of the repository is scanned. Without a repository, paths
  // are taken as reports have them.
  bool in_repository = false;
  std::vector<ScannedPath> scanned = {};
  bool any() const { return inventory || owners || codeowners; }
};

// What the sources say of one key.
struct OwnerAnswer {
  // Of the first that answers: the inventory's entry of the key; its entries of the app and
  // function (if they agree on one owner); owners.toml; CODEOWNERS for the path.
  std::optional<Owner> owner;
  // Why one of them that could have answered before did not, in half a sentence, or empty: "the
  // inventory has 2 owners for app orders: a, b".
  std::string doubt;
  bool canary = false;  // the inventory has the key as one that was minted to be found
};
OwnerAnswer ask_owners(const OwnerSources& sources, const Finding& finding);  // any thread

// Gives a finding whose value could be guessed the inventory's id for that value as fingerprint, so
// that it can be told from others and found again.
void give_chosen_id(const OwnerSources& sources, Finding& finding);

// Only the owner of it.
std::optional<Owner> find_owner(const OwnerSources& sources, const Finding& finding);

// The path of what holds the finding, relative to the root of the repository; of a member of an
// archive, the archive's. Empty if it stands in no file, or it is not known where that is.
std::string path_in_repository(const OwnerSources& sources, const Finding& finding);

// The author of the commit that introduced it, else of the record. Any thread.
std::optional<BroughtBy> brought_by(const Finding& finding);

}  // namespace assay
