// What single commits did to wanted keys: brought in, taken out, put in another version.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "git/commits.h"
#include "git/first_seen.h"
#include "git/oid.h"
#include "git/tree_diff.h"

namespace assay {

// Answers what a tree's entry holds, quickly where that is nothing. Any thread; `wanted` must
// outlive it.
class WantedFilter {
 public:
  explicit WantedFilter(const Wanted& wanted);
  // Sorted keys, or null if nothing is wanted of it.
  const std::vector<KeyNumber>* of_blob(const TreeEntry& entry) const;
  const std::vector<KeyNumber>* of_name(std::string_view name) const;
  const std::vector<KeyNumber>* of_blob(const Oid& oid) const;

 private:
  const Wanted& wanted_;
  std::vector<uint64_t> prefixes_;  // open addressing; 0 is an empty slot
  bool holds_zero_ = false;
};

// Where a key is: in the blob at a path, or in the last name of the path.
struct Place {
  std::string path;
  bool in_name = false;
  friend auto operator<=>(const Place&, const Place&) = default;
};

struct KeyEvents {
  std::vector<uint32_t> introduced;   // ranks of commits
  uint32_t removed = Commits::kNone;  // the last
};

struct PlaceEvents {
  std::map<KeyNumber, KeyEvents> keys;
  std::map<Oid, uint32_t> blobs;  // versions that hold keys, with the last commit that put each
};

// The events of some commits, bounded: what is over a limit is left out, and `cut` is set.
class EventLog {
 public:
  EventLog(size_t most_sightings, size_t most_bytes)
      : most_sightings_(most_sightings), most_bytes_(most_bytes) {}

  void introduced(const Place& place, KeyNumber key, uint32_t rank);
  void removed(const Place& place, KeyNumber key, uint32_t rank);
  void put(const Place& place, const Oid& blob, uint32_t rank);
  // Takes over the events of commits that come later in the order.
  void append(EventLog&& later);

  std::map<Place, PlaceEvents> places;
  std::set<Oid> missing;    // trees
  uint64_t tree_bytes = 0;  // compared for it
  bool cut = false;

 private:
  PlaceEvents* find(const Place& place, size_t bytes);
  size_t sightings_ = 0;
  size_t bytes_ = 0;
  size_t most_sightings_;
  size_t most_bytes_;
};

// Compares commits with their parents. One a thread.
class CommitEvents {
 public:
  CommitEvents(const WantedFilter& filter, TreeDiff& diff, const std::atomic<bool>& stop)
      : filter_(filter), diff_(diff), stop_(stop) {}

  // Appends the events of the commit `rank`, of whose parents `parents` are the trees. None of them
  // is what a first commit has: all is new. Where the comparison is stopped, it has no events.
  void compare(uint32_t rank, const Oid& tree, std::span<const Oid> parents, EventLog& log);

 private:
  // A wanted thing on one side or both of a comparison with one parent.
  struct Touch {
    Place place;
    size_t parent = 0;
    const std::vector<KeyNumber>* before = nullptr;  // keys; null: none
    const std::vector<KeyNumber>* after = nullptr;
    Oid before_blob, after_blob;
  };
  struct KeyState {
    KeyNumber key = 0;
    size_t parent = 0;
    bool had = false, has = false;
  };
  TreeDiff::Answer look(std::string_view path, size_t parent, const TreeEntry* before,
                        const TreeEntry* after);
  void log_keys(std::span<const Touch> touches, size_t parents, uint32_t rank, EventLog& log);
  void log_blobs(std::span<const Touch> touches, size_t parents, uint32_t rank, EventLog& log);

  const WantedFilter& filter_;
  TreeDiff& diff_;
  const std::atomic<bool>& stop_;
  std::vector<Touch> touches_;
  std::vector<KeyState> states_;
  size_t touched_bytes_ = 0;
};

}  // namespace assay
