// A commit with n parents is compared with each of them; each comparison touches the places where
// wanted things are on one side. The touches of one place are then looked at together:
//
//   parent 1: had K, has it not     →  removed, if all n comparisons say so: with a parent that is
//   parent 2: had K, has it not        not touched there it was gone before
//   parent 1: had K not, has it     →  introduced, if all n comparisons say so: with a parent that
//   parent 2: had K not, has it        is not touched there, nothing changed, so it had it too
//
// The same holds for blobs: one is put by a commit none of whose parents has it at that path.
#include "git/key_events.h"

#include <algorithm>
#include <iterator>

namespace assay {
namespace {

constexpr size_t kNodeBytes = 160;  // of a map's node with its allocation, about
// Touches of one commit. With paths of usual length that is over a hundred thousand.
constexpr size_t kMostTouchedBytes = size_t{32} << 20;

const std::vector<KeyNumber> kJustNoKey = {kNoKey};

}  // namespace

WantedFilter::WantedFilter(const Wanted& wanted) : wanted_(wanted) {
  size_t slots = 16;
  while (slots < 4 * wanted.blobs.size()) slots *= 2;
  prefixes_.resize(slots);
  for (const auto& [oid, keys] : wanted.blobs) {
    const uint64_t prefix = oid.prefix();
    if (prefix == 0) holds_zero_ = true;
    size_t slot = prefix & (slots - 1);
    while (prefixes_[slot] != 0 && prefixes_[slot] != prefix) slot = (slot + 1) & (slots - 1);
    prefixes_[slot] = prefix;
  }
}

const std::vector<KeyNumber>* WantedFilter::of_blob(const Oid& oid) const {
  const uint64_t prefix = oid.prefix();
  size_t slot = prefix & (prefixes_.size() - 1);
  while (prefixes_[slot] != prefix) {
    if (prefixes_[slot] == 0) return nullptr;
    slot = (slot + 1) & (prefixes_.size() - 1);
  }
  if (prefix == 0 && !holds_zero_) return nullptr;
  const auto found = wanted_.blobs.find(oid);
  if (found == wanted_.blobs.end()) return nullptr;
  return found->second.empty() ? &kJustNoKey : &found->second;
}

const std::vector<KeyNumber>* WantedFilter::of_blob(const TreeEntry& entry) const {
  return entry.is_tree() || entry.is_submodule() ? nullptr : of_blob(entry.oid);
}

const std::vector<KeyNumber>* WantedFilter::of_name(std::string_view name) const {
  if (wanted_.names.empty()) return nullptr;
  const auto found = wanted_.names.find(name);
  return found == wanted_.names.end() ? nullptr : &found->second;
}

PlaceEvents* EventLog::find(const Place& place, size_t bytes) {
  const auto found = places.find(place);
  if (found == places.end()) bytes += place.path.size() + kNodeBytes;
  if (bytes_ + bytes > most_bytes_) {
    cut = true;
    return nullptr;
  }
  bytes_ += bytes;
  return found == places.end() ? &places[place] : &found->second;
}

void EventLog::introduced(const Place& place, KeyNumber key, uint32_t rank) {
  PlaceEvents* events = find(place, sizeof rank);
  if (events == nullptr) return;
  const auto found = events->keys.find(key);
  if (found != events->keys.end() && !found->second.introduced.empty()) {
    found->second.introduced.push_back(rank);
    return;
  }
  if (sightings_ == most_sightings_) {
    cut = true;
    return;
  }
  ++sightings_;
  bytes_ += kNodeBytes;
  events->keys[key].introduced.push_back(rank);
}

void EventLog::removed(const Place& place, KeyNumber key, uint32_t rank) {
  PlaceEvents* events = find(place, 0);
  if (events == nullptr) return;
  const auto [found, is_new] = events->keys.try_emplace(key);
  if (is_new) bytes_ += kNodeBytes;
  uint32_t& last = found->second.removed;
  if (last == Commits::kNone || last < rank) last = rank;
}

void EventLog::put(const Place& place, const Oid& blob, uint32_t rank) {
  PlaceEvents* events = find(place, 0);
  if (events == nullptr) return;
  const auto [found, is_new] = events->blobs.try_emplace(blob, rank);
  if (is_new) bytes_ += kNodeBytes;
  found->second = std::max(found->second, rank);
}

void EventLog::append(EventLog&& later) {
  cut = cut || later.cut;
  tree_bytes += later.tree_bytes;
  missing.merge(later.missing);
  for (const auto& [place, events] : later.places) {
    for (const auto& [key, key_events] : events.keys) {
      for (const uint32_t rank : key_events.introduced) introduced(place, key, rank);
      if (key_events.removed != Commits::kNone) removed(place, key, key_events.removed);
    }
    for (const auto& [blob, rank] : events.blobs) put(place, blob, rank);
  }
  later.places.clear();
}

void CommitEvents::compare(uint32_t rank, const Oid& tree, std::span<const Oid> parents,
                           EventLog& log) {
  touches_.clear();
  touched_bytes_ = 0;
  const TreeDiff::Missing missing = [&](const Oid& oid, const std::string&) {
    log.missing.insert(oid);
  };
  const Oid nothing;
  const std::span<const Oid> sides = parents.empty() ? std::span(&nothing, 1) : parents;
  for (size_t parent = 0; parent < sides.size(); ++parent) {
    const TreeDiff::Entry entry = [&, parent](std::string_view path, const TreeEntry* before,
                                              const TreeEntry* after) {
      return look(path, parent, before, after);
    };
    if (diff_.run(sides[parent], tree, entry, missing)) continue;
    log.cut = true;
    return;
  }
  std::stable_sort(touches_.begin(), touches_.end(),
                   [](const Touch& a, const Touch& b) { return a.place < b.place; });
  for (auto begin = touches_.begin(); begin != touches_.end();) {
    const auto end = std::find_if(begin, touches_.end(),
                                  [&](const Touch& touch) { return touch.place != begin->place; });
    const std::span<const Touch> same(begin, end);
    // First the blobs: a key is not logged unless its blob could be.
    if (!begin->place.in_name) log_blobs(same, sides.size(), rank, log);
    log_keys(same, sides.size(), rank, log);
    begin = end;
  }
}

TreeDiff::Answer CommitEvents::look(std::string_view path, size_t parent, const TreeEntry* before,
                                    const TreeEntry* after) {
  if (stop_.load(std::memory_order_relaxed)) return TreeDiff::Answer::stop;
  const auto note = [&](bool in_name, const std::vector<KeyNumber>* had,
                        const std::vector<KeyNumber>* has) {
    if (had == nullptr && has == nullptr) return;
    Touch& touch = touches_.emplace_back();
    touch.place = {std::string(path), in_name};
    touch.parent = parent;
    touch.before = had;
    touch.after = has;
    if (had != nullptr && !in_name) touch.before_blob = before->oid;
    if (has != nullptr && !in_name) touch.after_blob = after->oid;
    touched_bytes_ += sizeof touch + path.size();
  };
  if (before == nullptr || after == nullptr) {
    const auto* keys = filter_.of_name((before != nullptr ? before : after)->name);
    note(true, before != nullptr ? keys : nullptr, after != nullptr ? keys : nullptr);
  }
  note(false, before != nullptr ? filter_.of_blob(*before) : nullptr,
       after != nullptr ? filter_.of_blob(*after) : nullptr);
  if (touched_bytes_ > kMostTouchedBytes) return TreeDiff::Answer::stop;
  return TreeDiff::Answer::enter;
}

void CommitEvents::log_keys(std::span<const Touch> touches, size_t parents, uint32_t rank,
                            EventLog& log) {
  states_.clear();
  for (const Touch& touch : touches) {
    if (touch.before != nullptr) {
      for (const KeyNumber key : *touch.before) states_.push_back({key, touch.parent, true, false});
    }
    if (touch.after != nullptr) {
      for (const KeyNumber key : *touch.after) states_.push_back({key, touch.parent, false, true});
    }
  }
  std::sort(states_.begin(), states_.end(), [](const KeyState& a, const KeyState& b) {
    return std::pair(a.key, a.parent) < std::pair(b.key, b.parent);
  });
  for (auto at = states_.begin(); at != states_.end();) {
    const KeyNumber key = at->key;
    size_t added = 0, removed = 0;  // by how many comparisons
    while (at != states_.end() && at->key == key) {
      KeyState state = *at;
      for (; at != states_.end() && at->key == key && at->parent == state.parent; ++at) {
        state.had = state.had || at->had;
        state.has = state.has || at->has;
      }
      if (state.has && !state.had) ++added;
      if (state.had && !state.has) ++removed;
    }
    if (added == parents) log.introduced(touches.front().place, key, rank);
    if (removed == parents) log.removed(touches.front().place, key, rank);
  }
}

void CommitEvents::log_blobs(std::span<const Touch> touches, size_t parents, uint32_t rank,
                             EventLog& log) {
  // One row for each comparison in which the blob is new at the place.
  std::vector<std::pair<Oid, size_t>> added;
  for (const Touch& touch : touches) {
    if (touch.after == nullptr || touch.after_blob == touch.before_blob) continue;
    added.emplace_back(touch.after_blob, touch.parent);
  }
  std::sort(added.begin(), added.end());
  added.erase(std::unique(added.begin(), added.end()), added.end());
  for (size_t at = 0; at < added.size();) {
    size_t end = at;
    while (end < added.size() && added[end].first == added[at].first) ++end;
    if (end - at == parents) log.put(touches.front().place, added[at].first, rank);
    at = end;
  }
}

}  // namespace assay
