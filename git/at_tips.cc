// Of HEAD's tree only the folders are read that lead to places with events. The tips of branches
// are compared with HEAD: what does not differ from it is known from HEAD.
//
//   HEAD          a/key.env   holds the key no more     removed by R
//   origin/dev    a/key.env   differs, holds the key    so it is not removed
//   origin/docs   b/…         nothing under a/ differs  as at HEAD
#include "git/at_tips.h"

#include "git/tree.h"

namespace assay {
namespace {

// Blobs that were not searched and lie at tips. Each has to be read and searched.
constexpr size_t kMostUnknown = 10'000;

bool is_branch(std::string_view name) {
  return name.starts_with("refs/heads/") || name.starts_with("refs/remotes/") ||
         (name.starts_with("worktrees/") && name.ends_with("/HEAD"));
}

void take_back(KeyEvents& events) { events.removed = Commits::kNone; }

void take_back(PlaceEvents& events, const std::vector<KeyNumber>* keys) {
  if (keys == nullptr) {
    for (auto& [key, of_key] : events.keys) take_back(of_key);
    return;
  }
  for (const KeyNumber key : *keys) {
    if (const auto found = events.keys.find(key); found != events.keys.end()) {
      take_back(found->second);
    }
  }
}

bool any_removed(const PlaceEvents& events) {
  for (const auto& [key, of_key] : events.keys) {
    if (of_key.removed != Commits::kNone && !of_key.introduced.empty()) return true;
  }
  return false;
}

bool leads_to(const std::map<Place, PlaceEvents*>& places, std::string_view folder) {
  const std::string start = std::string(folder) + '/';
  const auto below = places.lower_bound(Place{start, false});
  return below != places.end() && below->first.path.starts_with(start);
}

}  // namespace

std::optional<Oid> tree_of(ObjectStore::Reader& reader, const Commits& commits, const Oid& oid) {
  if (const uint32_t rank = commits.find(oid); rank != Commits::kNone) return commits.tree(rank);
  std::string reason;
  const auto object = reader.read(oid, ObjectType::commit, reason);
  if (!object) return std::nullopt;
  const auto commit = parse_commit(object->view());
  return commit ? std::optional(commit->tree) : std::nullopt;
}

TreeDiff::Read read_trees(ObjectStore::Reader& reader) {
  return [&reader](const Oid& oid, std::string& reason) {
    return reader.read(oid, ObjectType::tree, reason);
  };
}

// Null: none.
const std::vector<KeyNumber>* AtTips::keys_of(const TreeEntry& entry) {
  if (entry.is_tree() || entry.is_submodule()) return nullptr;
  if (const auto* keys = filter_.of_blob(entry.oid)) return keys;
  if (!options_.keys_of_unknown_blob) return nullptr;
  const auto known = unknown_.find(entry.oid);
  if (known != unknown_.end()) return known->second;
  if (unknown_.size() == kMostUnknown) return nullptr;
  return unknown_[entry.oid] = options_.keys_of_unknown_blob(entry.oid);
}

std::map<Place, AtTips::AtHead> AtTips::look_at_head(EventLog& log) {
  std::map<Place, AtHead> found;
  if (!options_.head || log.places.empty()) return found;
  const auto tree = tree_of(reader_, commits_, *options_.head);
  if (!tree) return found;
  std::map<Place, PlaceEvents*> places;
  for (auto& [place, events] : log.places) places.emplace(place, &events);
  const auto look = [&](std::string_view path, const TreeEntry*, const TreeEntry* entry) {
    if (stop_.load(std::memory_order_relaxed)) return TreeDiff::Answer::stop;
    Place place{std::string(path), true};
    if (places.contains(place)) found.try_emplace(place);
    if (entry->is_tree()) {
      return leads_to(places, path) ? TreeDiff::Answer::enter : TreeDiff::Answer::skip;
    }
    place.in_name = false;
    if (places.contains(place)) {
      if (const auto* keys = keys_of(*entry)) found.try_emplace(place, AtHead{entry->oid, keys});
    }
    return TreeDiff::Answer::enter;
  };
  TreeDiff diff(read_trees(reader_));
  diff.set_limit(kMostBytes);
  const bool whole = diff.run({}, *tree, look,
                              [&](const Oid& oid, const std::string&) { log.missing.insert(oid); });
  log.cut = log.cut || !whole;
  return found;
}

// Empty if they are too many.
std::set<Oid> AtTips::tip_trees() {
  std::set<Oid> commits;
  for (const Ref& ref : options_.refs) {
    if (is_branch(ref.name)) commits.insert(ref.target);
  }
  std::set<Oid> trees;
  for (const Oid& commit : commits) {
    if (const auto tree = tree_of(reader_, commits_, commit)) trees.insert(*tree);
    if (trees.size() > kMostTips) return {};
  }
  return trees;
}

void AtTips::keep_removals(EventLog& log, const std::map<Place, AtHead>& at_head) {
  std::map<Place, PlaceEvents*> removed;
  for (auto& [place, events] : log.places) {
    const auto head = at_head.find(place);
    if (head != at_head.end()) take_back(events, head->second.keys);
    if (any_removed(events)) removed.emplace(place, &events);
  }
  if (removed.empty()) return;
  const auto look = [&](std::string_view path, const TreeEntry*, const TreeEntry* entry) {
    if (stop_.load(std::memory_order_relaxed)) return TreeDiff::Answer::stop;
    if (entry == nullptr) return TreeDiff::Answer::skip;  // at HEAD only
    Place place{std::string(path), true};
    if (const auto found = removed.find(place); found != removed.end()) {
      take_back(*found->second, nullptr);
    }
    if (entry->is_tree()) {
      if (options_.may_hold && !options_.may_hold(entry->oid)) return TreeDiff::Answer::skip;
      return leads_to(removed, path) ? TreeDiff::Answer::enter : TreeDiff::Answer::skip;
    }
    place.in_name = false;
    if (const auto found = removed.find(place); found != removed.end()) {
      if (const auto* keys = keys_of(*entry)) take_back(*found->second, keys);
    }
    return TreeDiff::Answer::enter;
  };
  const auto head = options_.head ? tree_of(reader_, commits_, *options_.head) : std::nullopt;
  TreeDiff diff(read_trees(reader_));
  diff.set_limit(kMostBytes);
  for (const Oid& tree : tip_trees()) {
    // What cannot be read was told when the commits were compared.
    if (!diff.run(head.value_or(Oid()), tree, look, [](const Oid&, const std::string&) {})) return;
  }
}

}  // namespace assay
