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
  // Whether all parents of `introduced` could be looked at. If not (a shallow clone ends there, or
  // one is missing), it may only have kept what an older commit brought.
  bool introduced_known = true;
  // The last commit in order that has it no more there while each of its parents had. kNone if none
  // did, and while HEAD or the tip of a branch (if there are at most 200 different ones) has it
  // there.
  uint32_t removed = Commits::kNone;
  bool at_head = false;
  uint64_t versions = 0;  // distinct blobs that held it there (of a name: 1)
  // Branches and tags whose history holds a commit that introduced it; shortened names
  // ("main", "origin/main", "v1.0"), sorted, at most kMostRefs of each, and how many there are.
  std::vector<std::string> branches, tags;
  uint32_t branch_count = 0, tag_count = 0;
  // The same of refs that are neither, by their full names: refs/stash, refs/notes/commits. A HEAD
  // (also worktrees/NAME/HEAD) is one of them only where no branch holds it.
  std::vector<std::string> refs;
  uint32_t ref_count = 0;
  bool refs_known = true;  // false: the way from the refs down is too long to look; all are empty
  bool reachable = false;  // by any ref, or that is not known
};
inline constexpr size_t kMostRefs = 20;

struct SightingOptions {
  std::span<const Ref> refs;
  std::optional<Oid> head;
  unsigned threads = 1;
  // Only what these commits add (a range): commits for which this is false give no events. Empty:
  // all.
  std::vector<bool> in_range;
  // The keys (sorted, each once; null: none) of a blob that is not in `Wanted::blobs`: asked of
  // blobs that HEAD or tips of branches have at places with sightings, once each, at most 10,000 of
  // them, by the thread of the caller. What it gives must stay until the search is over. Empty:
  // there are none. For ranges, in which only new blobs were searched.
  std::function<const std::vector<KeyNumber>*(const Oid& blob)> keys_of_unknown_blob;
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
