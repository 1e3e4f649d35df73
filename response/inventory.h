// Whose key is which, known without holding a key.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/finding.h"

namespace assay {

// One key. Absent facts are empty. Dates are `YYYY-MM-DD`, or times in UTC as in reports.
struct InventoryEntry {
  std::string id;  // C3ID of a key that Functions (or another service) generated; `hmac:` and 20
                   // base64 characters of one that a person may have chosen: see chosen_id
  std::string app, slot, function, key_name;
  Scope scope = Scope::unknown;
  std::string owner;                 // the team or person that answers for it
  std::vector<std::string> callers;  // who holds it, sorted
  std::string contact;
  std::string storage;  // where it is kept: app-service, blob, key-vault:NAME, kubernetes:NAME,
                        // container-app
  std::string resource_group, subscription;
  std::string created, last_rotated;
  std::string runbook;  // a link
  bool canary = false;  // minted to be found: nobody uses it

  // `FIELD=VALUE`, sorted: what another copy of the entry told for a field that has one value. The
  // field holds the least of all values in bytewise order, so that it does not matter which copy
  // was merged into which. Told by `assay inventory check`, gone once `put` sets the field.
  std::vector<std::string> contested;
  // Fields that this version does not know, by name, each as JSON. Kept as they stand.
  std::map<std::string, std::string> more;

  friend bool operator==(const InventoryEntry&, const InventoryEntry&) = default;
};

// The file: JSON lines, the first with version and salt, then one entry a line, sorted by id, so
// that git merges it. Holds no key: a text with one in it is refused. const members: any thread.
class Inventory {
 public:
  static constexpr size_t kMostBytes = 64 << 20;
  static constexpr size_t kMostEntries = 1'000'000;
  static constexpr size_t kMostField = 4096;  // bytes of one field, or of one caller
  static constexpr size_t kMostCallers = 1000;

  // An empty one with a salt from the system's random numbers. Throws Error if there are none.
  static Inventory create();

  // Lines in any order; those of one id become one entry, as `join` makes it. Throws Error, with
  // `name` and the line, if it is malformed, of a newer version or holds a key; the message shows
  // nothing of the line.
  static Inventory parse(std::string_view text, std::string_view name);

  // Reads a regular file of at most kMostBytes. Throws Error.
  static Inventory read(const std::string& path);

  std::string text() const;

  // Writes it whole or not at all, readable for its owner only. Throws Error.
  void write(const std::string& path) const;

  const std::vector<InventoryEntry>& entries() const { return entries_; }  // sorted by id

  // Adds the entry, or what it tells to the one of the same id: callers are joined, other facts
  // replaced where `entry` has them. Returns whether anything changed. Throws Error, and changes
  // nothing, for an entry that is malformed or holds a key.
  bool put(InventoryEntry entry);

  // The same of many at once, in one pass. Returns how many changed something.
  size_t put(std::vector<InventoryEntry> entries);

  // Takes the entries of another one. Those of one id become one entry that does not depend on
  // which inventory takes which: facts of both, callers joined, the earliest `created`, the latest
  // `last_rotated`; see `contested` for what contradicts. `hmac:` entries of another salt cannot be
  // matched and are left out. Throws Error if it becomes too large.
  struct Merged {
    size_t added = 0, changed = 0, unmatched = 0;
  };
  Merged merge(const Inventory& other);

  // Returns whether there was one.
  bool remove(std::string_view id);

  // `hmac:` and the first 15 bytes of HMAC-SHA256(salt, value) in base64: an id for a value that
  // could be guessed.
  std::string chosen_id(std::string_view value) const;

  // The id of a key's value: its C3ID where its checksum holds, else chosen_id.
  std::string id_of(std::string_view value) const;

  // The entry of that id, or null. Pointers live until the next `put`, `merge` or `remove`.
  const InventoryEntry* find(std::string_view id) const;

  // The entry of a finding's key: by its fingerprint, by one of the candidates of a masked key, or,
  // for a value that only context tells or whose checksum does not hold, by chosen_id of it, as it
  // stands or with percent escapes undone, with its padding or without.
  const InventoryEntry* find(const Finding& finding) const;

  // The entries of the same app and slot, those of the same function and key name first; empty if
  // the finding's context names no app. Case does not matter, and `orders` with slot `staging` is
  // `orders-staging`, as in the name of its host.
  std::vector<const InventoryEntry*> of_place(const KeyContext& context) const;

 private:
  Inventory() = default;
  void settle();  // sorts, joins those of one id, and makes by_site_

  std::string salt_;                         // 32 bytes
  std::map<std::string, std::string> more_;  // fields of the first line that are not known
  std::vector<InventoryEntry> entries_;
  std::vector<std::pair<std::string, uint32_t>> by_site_;  // sorted: name of the host, entry
};

// Whether others than its owner may read or write the file: its ids give no key away, but with its
// salt a value that a person chose could be guessed.
bool open_to_others(const std::string& path);

}  // namespace assay
