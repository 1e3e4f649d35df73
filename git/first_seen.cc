// The history is looked through in chunks of commits, shared over the threads; each chunk gives a
// log of events, and the logs are put together in the order of the commits, so that the result does
// not depend on who was first:
//
//   commits   0…255 │ 256…511 │ 512…767 │ …        each with the trees of its parents
//   worker      1        2         1                CommitEvents::compare → EventLog
//   History   ──────────────────────────▶           one EventLog: by place, by key
//
// Then three questions are asked of what was found: is it at HEAD or at another branch's tip
// (at_tips.h), which refs hold it (held_by.h), and which version is the newest.
#include "git/first_seen.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>

#include "git/at_tips.h"
#include "git/held_by.h"
#include "git/key_events.h"
#include "git/tree_contents.h"
#include "git/tree_diff.h"
#include "scanner/scan_crew.h"

namespace assay {
namespace {

// What a worker may be ahead of the first chunk that is not done.
constexpr size_t kMostAhead = 32;
constexpr size_t kMostChunkMemory = size_t{32} << 20;
constexpr size_t kMostMemory = size_t{256} << 20;
// Bytes of trees compared, at a few GB a second. Only folders whose wanted things differ count.
constexpr uint64_t kMostChunkBytes = uint64_t{4} << 30;
constexpr uint64_t kMostBytes = uint64_t{64} << 30;

// The logs of the chunks, put together in order.
class History {
 public:
  History(size_t most, const std::atomic<bool>& stop) : all_(most, kMostMemory), stop_(stop) {}

  // The next chunk for a worker, or empty if there is none or no more is wanted. Waits while the
  // worker would get too far ahead.
  std::optional<size_t> take(size_t chunks) {
    std::unique_lock lock(mutex_);
    while (!over() && next_ < chunks && next_ - done_ >= kMostAhead) {
      // `stop` may be set by a signal, which cannot notify.
      moved_.wait_for(lock, std::chrono::milliseconds(50));
    }
    return over() || next_ == chunks ? std::nullopt : std::optional(next_++);
  }

  void give(size_t chunk, EventLog&& log) {
    const std::lock_guard lock(mutex_);
    waiting_.emplace(chunk, std::move(log));
    for (auto first = waiting_.begin(); first != waiting_.end() && first->first == done_;
         first = waiting_.erase(first), ++done_) {
      if (!exhausted_) {
        all_.append(std::move(first->second));
      } else {
        all_.cut = true;
      }
      exhausted_ = all_.tree_bytes > kMostBytes;
    }
    moved_.notify_all();
  }

  void fail() {
    failed_ = true;
    moved_.notify_all();
  }

  // Once all workers are done. What a stopped run has beyond a gap is taken too.
  EventLog&& all() {
    for (auto& [chunk, log] : waiting_) all_.append(std::move(log));
    return std::move(all_);
  }

 private:
  bool over() const { return exhausted_ || failed_ || stop_.load(std::memory_order_relaxed); }

  std::mutex mutex_;
  std::condition_variable moved_;
  EventLog all_;
  std::map<size_t, EventLog> waiting_;
  size_t next_ = 0, done_ = 0;
  bool exhausted_ = false;
  std::atomic<bool> failed_ = false;
  const std::atomic<bool>& stop_;
};

class Search {
 public:
  Search(const ObjectStore& store, const Commits& commits, const Wanted& wanted,
         const SightingOptions& options, const std::atomic<bool>& stop)
      : store_(store), commits_(commits), filter_(wanted), options_(options), stop_(stop) {}

  EventLog look_through() const;
  std::map<Place, AtTips::AtHead> look_at_tips(EventLog& log) const;
  std::vector<Sighting> sightings(EventLog&& log,
                                  const std::map<Place, AtTips::AtHead>& at_head) const;

 private:
  EventLog look_at_chunk(size_t chunk, ObjectStore::Reader& reader, TreeDiff& diff) const;
  void parent_trees(uint32_t rank, ObjectStore::Reader& reader, std::vector<Oid>& trees) const;
  void add_place(const Place& place, PlaceEvents& events, const AtTips::AtHead* at_head,
                 HeldBy& held_by, std::vector<Sighting>& all,
                 std::vector<HeldBy::Number>& held) const;
  bool knows_parents(uint32_t rank, ObjectStore::Reader& reader) const;

  const ObjectStore& store_;
  const Commits& commits_;
  const WantedFilter filter_;
  const SightingOptions& options_;
  const std::atomic<bool>& stop_;
};

EventLog Search::look_through() const {
  const size_t chunks = (commits_.size() + options_.chunk - 1) / options_.chunk;
  History history(options_.most, stop_);
  const auto work = [&](unsigned) {
    ObjectStore::Reader reader(store_);
    TreeContents contents(read_trees(reader), filter_, options_.may_hold);
    TreeDiff diff(read_trees(reader), [&](const Oid& before, const Oid& after) {
      return contents.same(before, after);
    });
    while (const auto chunk = history.take(chunks)) {
      history.give(*chunk, look_at_chunk(*chunk, reader, diff));
    }
  };
  const size_t threads = std::min<size_t>(std::max<size_t>(chunks, 1), crew_size(options_.threads));
  run_crew(static_cast<unsigned>(threads), work, [&] { history.fail(); });
  return history.all();
}

EventLog Search::look_at_chunk(size_t chunk, ObjectStore::Reader& reader, TreeDiff& diff) const {
  EventLog log(options_.most, kMostChunkMemory);
  CommitEvents events(filter_, diff, stop_);
  const uint64_t bytes = diff.bytes();
  diff.set_limit(bytes + kMostChunkBytes);
  std::vector<Oid> parents;
  const size_t first = chunk * options_.chunk;
  const auto end = static_cast<uint32_t>(std::min(first + options_.chunk, commits_.size()));
  for (auto rank = static_cast<uint32_t>(first); rank < end; ++rank) {
    if (stop_.load(std::memory_order_relaxed)) break;
    if (!options_.in_range.empty() && !options_.in_range[rank]) continue;
    parent_trees(rank, reader, parents);
    events.compare(rank, commits_.tree(rank), parents, log);
    if (diff.bytes() > bytes + kMostChunkBytes) break;
  }
  log.tree_bytes = diff.bytes() - bytes;
  return log;
}

// Each once. A parent that cannot be read is left out: what it would have excused is told.
void Search::parent_trees(uint32_t rank, ObjectStore::Reader& reader,
                          std::vector<Oid>& trees) const {
  trees.clear();
  for (const uint32_t parent : commits_.parents(rank)) trees.push_back(commits_.tree(parent));
  if (commits_.missing_parents(rank) != 0) {
    for (const Oid& parent : commits_.parent_ids(rank)) {
      if (const auto tree = tree_of(reader, commits_, parent)) trees.push_back(*tree);
    }
  }
  if (trees.size() > 1) {
    std::sort(trees.begin(), trees.end());
    trees.erase(std::unique(trees.begin(), trees.end()), trees.end());
  }
}

std::map<Place, AtTips::AtHead> Search::look_at_tips(EventLog& log) const {
  AtTips tips(store_, commits_, filter_, options_, stop_);
  std::map<Place, AtTips::AtHead> at_head = tips.look_at_head(log);
  tips.keep_removals(log, at_head);
  return at_head;
}

// Whether all parents could be compared with: a shallow clone has others that it lacks.
bool Search::knows_parents(uint32_t rank, ObjectStore::Reader& reader) const {
  const auto ids = commits_.parent_ids(rank);
  if (commits_.parents(rank).size() == ids.size()) return true;
  if (commits_.missing_parents(rank) == 0) return false;  // shallow
  return std::all_of(ids.begin(), ids.end(), [&](const Oid& parent) {
    return tree_of(reader, commits_, parent).has_value();
  });
}

std::vector<Sighting> Search::sightings(EventLog&& log,
                                        const std::map<Place, AtTips::AtHead>& at_head) const {
  std::vector<Sighting> all;
  std::vector<HeldBy::Number> held;  // of each sighting
  HeldBy held_by(store_, commits_, options_.refs);
  for (auto& [place, events] : log.places) {
    const auto head = at_head.find(place);
    add_place(place, events, head == at_head.end() ? nullptr : &head->second, held_by, all, held);
  }
  const std::vector<HeldBy::Refs> refs = held_by.find(options_.threads, stop_);
  ObjectStore::Reader reader(store_);
  std::map<uint32_t, bool> known;
  for (size_t i = 0; i < all.size(); ++i) {
    const HeldBy::Refs& of_it = refs[held[i]];
    all[i].branches = of_it.branches;
    all[i].tags = of_it.tags;
    all[i].refs = of_it.others;
    all[i].branch_count = of_it.branch_count;
    all[i].tag_count = of_it.tag_count;
    all[i].ref_count = of_it.other_count;
    all[i].refs_known = of_it.known;
    all[i].reachable = of_it.reachable || !of_it.known;
    const auto [at, is_new] = known.try_emplace(all[i].introduced);
    if (is_new) at->second = knows_parents(at->first, reader);
    all[i].introduced_known = at->second;
  }
  // The places are in order; a name comes behind the file of the same path.
  std::stable_sort(all.begin(), all.end(), [](const Sighting& a, const Sighting& b) {
    return std::tie(a.path, a.key, a.in_name) < std::tie(b.path, b.key, b.in_name);
  });
  return all;
}

void Search::add_place(const Place& place, PlaceEvents& events, const AtTips::AtHead* at_head,
                       HeldBy& held_by, std::vector<Sighting>& all,
                       std::vector<HeldBy::Number>& held) const {
  const size_t first = all.size();
  for (auto& [key, key_events] : events.keys) {
    if (key_events.introduced.empty()) continue;  // removed only: not of this range
    std::sort(key_events.introduced.begin(), key_events.introduced.end());
    Sighting& sighting = all.emplace_back();
    sighting.key = key;
    sighting.path = place.path;
    sighting.in_name = place.in_name;
    sighting.introduced = key_events.introduced.front();
    sighting.newest = key_events.introduced.back();
    sighting.removed = key_events.removed;
    sighting.versions = place.in_name ? 1 : 0;
    held.push_back(held_by.add(std::move(key_events.introduced)));
  }
  // The sightings from `first` on are sorted by key.
  const auto find = [&](KeyNumber key) -> Sighting* {
    const auto found = std::lower_bound(
        all.begin() + static_cast<ptrdiff_t>(first), all.end(), key,
        [](const Sighting& sighting, KeyNumber number) { return sighting.key < number; });
    return found != all.end() && found->key == key ? &*found : nullptr;
  };
  for (const auto& [blob, rank] : events.blobs) {
    for (const KeyNumber key : *filter_.of_blob(blob)) {
      Sighting* sighting = find(key);
      if (sighting == nullptr) continue;
      ++sighting->versions;
      if (sighting->blob.is_zero() || rank > sighting->newest) {
        sighting->blob = blob;
        sighting->newest = rank;
      }
    }
  }
  if (at_head == nullptr) return;
  const uint32_t head = commits_.find(*options_.head);
  const auto set_head = [&](Sighting& sighting) {
    sighting.at_head = true;
    if (head == Commits::kNone) return;
    sighting.newest = head;
    sighting.blob = at_head->blob;
  };
  if (place.in_name) {
    std::for_each(all.begin() + static_cast<ptrdiff_t>(first), all.end(), set_head);
  } else {
    for (const KeyNumber key : *at_head->keys) {
      if (Sighting* sighting = find(key)) set_head(*sighting);
    }
  }
}

}  // namespace

Sightings find_sightings(const ObjectStore& store, const Commits& commits, const Wanted& wanted,
                         const SightingOptions& options, const std::atomic<bool>& stop) {
  Sightings result;
  if (wanted.blobs.empty() && wanted.names.empty()) return result;
  const Search search(store, commits, wanted, options, stop);
  EventLog log = search.look_through();
  const std::map<Place, AtTips::AtHead> at_head = search.look_at_tips(log);
  result.missing.assign(log.missing.begin(), log.missing.end());
  result.cut = log.cut;
  std::set<Oid> seen;
  for (const auto& [place, events] : log.places) {
    for (const auto& [blob, rank] : events.blobs) seen.insert(blob);
  }
  for (const auto& [blob, keys] : wanted.blobs) {
    if (!seen.contains(blob)) result.unseen.push_back(blob);
  }
  std::sort(result.unseen.begin(), result.unseen.end());
  result.all = search.sightings(std::move(log), at_head);
  return result;
}

}  // namespace assay
