// Where keys stood in the history: every path, the commit that brought each in and took it out.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "git/commits.h"
#include "git/object_store.h"
#include "git/oid.h"
#include "git/repository.h"

namespace assay {

// A key's number, given by the caller.
using KeyNumber = uint32_t;

// What is looked for.
struct Wanted {
  // Blobs that hold keys, with the keys (sorted, each once). A blob with an empty list is looked
  // for all the same: its sightings have key kNoKey (LFS pointers are named so).
  std::unordered_map<Oid, std::vector<KeyNumber>, OidHash> blobs;
  // Names of tree entries (one part of a path) that hold keys.
  std::map<std::string, std::vector<KeyNumber>, std::less<>> names;
};
inline constexpr KeyNumber kNoKey = UINT32_MAX;

// One key at one path, over the whole history.
struct Sighting {
  KeyNumber key = 0;
  std::string path;      // bytes; of a name: up to and with that part
  bool in_name = false;  // the key stands in the path itself
  Oid blob;              // the newest that holds the key there (in HEAD, if it is there and HEAD is
                         // among the commits); of a name zero
  uint32_t newest = 0;   // rank of the commit that the blob is of: HEAD if the blob is HEAD's, else
                         // the last in order that put it there, none of its parents having that
                         // blob there
  uint32_t introduced = 0;  // rank of the first commit in order that has it there, none of its
                            // parents having it there
  uint32_t removed = Commits::kNone;  // last in order that has it no more while a parent had;
                                      // kNone while at HEAD, or if it never was removed
  bool at_head = false;
  uint64_t versions = 0;  // distinct blobs that held it there (of a name: 1)
  // Branches and tags whose history holds a commit that introduced it; shortened names
  // ("main", "origin/main", "v1.0"), sorted, at most kMostRefs of each, and how many there are.
  std::vector<std::string> branches, tags;
  uint32_t branch_count = 0, tag_count = 0;
  bool reachable = false;  // by any ref
};
inline constexpr size_t kMostRefs = 20;

struct SightingOptions {
  std::span<const Ref> refs;
  std::optional<Oid> head;
  unsigned threads = 1;
  // Only what these commits add (a range): commits for which this is false give no events. Empty:
  // all.
  std::vector<bool> in_range;
  // Trees that hold nothing wanted, at any depth, need not be read: false only of those. May be
  // empty; any thread.
  std::function<bool(const Oid& tree)> may_hold;
  size_t most = 200'000;  // sightings: over that `cut` is set
  uint32_t chunk = 256;   // commits that a thread takes at once; 1 or more; for tests
};

struct Sightings {
  std::vector<Sighting> all;  // sorted by path, then key; a key in the file before it in the name
  bool cut = false;           // a limit on sightings, memory or work was met: some are left out
  std::vector<Oid> missing;   // trees that could not be read, sorted, each once
  std::vector<Oid> unseen;    // wanted blobs that no commit put anywhere, sorted
};

// Compares the tree of each commit with those of its parents, as `git log --find-object -m` would:
// only changed folders are read. A parent that is not among the commits is read from the store; one
// that cannot be read is as if it were not named. A tree that cannot be read counts as empty where
// it was, and where it is, nothing is said of it. A blob or name that no commit holds gives no
// sighting. The same result for any number of threads. Stops early, with what it has, once `stop`
// is true.
Sightings find_sightings(const ObjectStore& store, const Commits& commits, const Wanted& wanted,
                         const SightingOptions& options, const std::atomic<bool>& stop);

}  // namespace assay
