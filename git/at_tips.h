// Which keys still stand where they were found: at HEAD, and at the tips of branches.
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "git/first_seen.h"
#include "git/key_events.h"
#include "git/object_store.h"
#include "git/tree_diff.h"

namespace assay {

// The tree of a commit that may not be among the commits; empty if it cannot be read.
std::optional<Oid> tree_of(ObjectStore::Reader& reader, const Commits& commits, const Oid& oid);

// Reads trees for a TreeDiff. `reader` must outlive it.
TreeDiff::Read read_trees(ObjectStore::Reader& reader);

// One thread; all that it is made of must outlive it.
class AtTips {
 public:
  AtTips(const ObjectStore& store, const Commits& commits, const WantedFilter& filter,
         const SightingOptions& options, const std::atomic<bool>& stop)
      : reader_(store), commits_(commits), filter_(filter), options_(options), stop_(stop) {}

  // What HEAD has at a place that has events.
  struct AtHead {
    Oid blob;                                      // of a name zero
    const std::vector<KeyNumber>* keys = nullptr;  // of a name null: all that the place has
  };
  std::map<Place, AtHead> look_at_head(EventLog& log);

  // Takes back the removal of each key that HEAD or the tip of another branch (refs/heads,
  // refs/remotes, HEAD of another worktree) still has at that place. Over kMostTips different trees
  // or kMostBytes of them to compare, other branches are not looked at, or not all of them.
  void keep_removals(EventLog& log, const std::map<Place, AtHead>& at_head);

  static constexpr size_t kMostTips = 200;
  static constexpr uint64_t kMostBytes = uint64_t{4} << 30;

 private:
  std::set<Oid> tip_trees();
  const std::vector<KeyNumber>* keys_of(const TreeEntry& entry);

  ObjectStore::Reader reader_;
  const Commits& commits_;
  const WantedFilter& filter_;
  const SightingOptions& options_;
  const std::atomic<bool>& stop_;
  std::unordered_map<Oid, const std::vector<KeyNumber>*, OidHash> unknown_;  // asked for
};

}  // namespace assay
