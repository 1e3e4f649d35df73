// A folder of the index is a range of its entries, which are sorted, and maybe a cached tree:
//
//   src/a.c   ┐ folder "src/": entries 0 to 2; where the cache says that it is tree 1a2b… and
//   src/b.c   ┘ HEAD has that tree for src, nothing in it is looked at
//   x.c
//
// Of a sparse index, a folder may also be an entry that names a tree. Both are made into a list of
// items, one for each name in the folder, and these are compared with the entries of the trees.
#include "git/staged_walk.h"

#include <fmt/format.h>

#include <algorithm>

#include "git/tree.h"
#include "scanner/verify.h"

namespace assay {

namespace {

// What trees may cost, so that those that hold themselves many times over come to an end: bytes
// read, and 64 times the bytes of what is made of them, which stay in memory. git/git has 0.2 MB of
// trees in HEAD.
constexpr uint64_t kMostWork = uint64_t{2} << 30;
// More are forgotten: then a key that moved may be called added.
constexpr size_t kMostRemoved = 1'000'000;

// What the index has in a folder under one name.
struct Item {
  std::string_view name;
  bool is_folder = false;
  // A file: its stages. A folder: what lies in it, or, if `tree` is not zero, that tree.
  std::span<const IndexEntry> entries;
  Oid tree;
  uint32_t mode = 0;  // of a file out of a tree, whose id is `tree`
};

// A tree of HEAD or of a head being merged.
struct Base {
  Object object;                   // owns the names
  std::vector<TreeEntry> entries;  // sorted by name and kind
  std::vector<bool> met;           // in the index as well

  const TreeEntry* meet(std::string_view name, bool is_tree) {
    const auto key = std::pair(name, is_tree);
    const auto found = std::lower_bound(
        entries.begin(), entries.end(), key,
        [](const TreeEntry& a, const auto& b) { return std::pair(a.name, a.is_tree()) < b; });
    if (found == entries.end() || std::pair(found->name, found->is_tree()) != key) return nullptr;
    met[static_cast<size_t>(found - entries.begin())] = true;
    return &*found;
  }
};

class Comparison {
 public:
  Comparison(const IndexFile& index, const ObjectReaders& reader, const Problems& problems)
      : index_(index), reader_(reader), problems_(problems) {}

  void run(const std::vector<Oid>& bases) {
    const auto& trees = index_.cached_trees();
    Item root;
    root.is_folder = true;
    root.entries = index_.entries();
    folder(root, bases, trees.empty() ? nullptr : &trees.front(), 0);
  }

  StagedDifference result;

 private:
  // `bases` are the trees that HEAD and the heads being merged have here, but for those without.
  void folder(const Item& item, const std::vector<Oid>& bases, const CachedTree* cache, int depth) {
    Oid own = item.tree;
    if (cache != nullptr && cache->entries >= 0 && item.tree.is_zero()) {
      if (cache->entries == static_cast<int64_t>(item.entries.size())) own = cache->oid;
    }
    const auto is_own = [&](const Oid& base) { return base == own; };
    if (!own.is_zero() && !bases.empty() && std::all_of(bases.begin(), bases.end(), is_own)) return;
    if (depth >= static_cast<int>(kMostDepth)) {
      tell(Diagnostic::Kind::limit, "the folders are nested too deeply");
      return;
    }
    std::vector<Base> before;
    for (const Oid& base : bases) {
      if (auto tree = read_tree(base)) before.push_back(std::move(*tree));
    }
    Object held;
    const size_t length = path_.size();
    for (const Item& one : items(item, held)) {
      path_.append(one.name);
      if (one.is_folder) {
        std::vector<Oid> below;
        for (Base& base : before) {
          const TreeEntry* const met = base.meet(one.name, true);
          if (met != nullptr && std::find(below.begin(), below.end(), met->oid) == below.end()) {
            below.push_back(met->oid);
          }
        }
        path_ += '/';
        folder(one, below, cache == nullptr ? nullptr : index_.child(*cache, one.name), depth + 1);
      } else {
        file(one, before);
      }
      path_.resize(length);
    }
    for (const Base& base : before) removed(base);
  }

  void file(const Item& item, std::vector<Base>& before) {
    std::vector<Oid> replaced;
    bool known = false;  // the path
    for (Base& base : before) {
      const TreeEntry* const met = base.meet(item.name, false);
      if (met == nullptr) continue;
      known = true;
      const bool there = std::find(replaced.begin(), replaced.end(), met->oid) != replaced.end();
      if (!met->is_submodule() && !there) replaced.push_back(met->oid);
    }
    if (item.entries.empty()) {
      blob(item.tree, item.mode, 0, replaced);
    }
    bool staged = item.entries.empty();
    for (const IndexEntry& entry : item.entries) {
      if (entry.intent_to_add) continue;
      staged = true;
      blob(entry.oid, entry.mode, entry.stage, replaced);
    }
    if (staged && !known) result.names.push_back(path_);
  }

  void blob(const Oid& oid, uint32_t mode, uint8_t stage, const std::vector<Oid>& replaced) {
    if ((mode & 0170000) == 0160000) return;
    if (std::find(replaced.begin(), replaced.end(), oid) != replaced.end()) return;
    result.blobs.push_back({path_, oid, mode, stage, replaced});
  }

  void removed(const Base& base) {
    for (size_t i = 0; i < base.entries.size() && result.removed.size() < kMostRemoved; ++i) {
      const TreeEntry& entry = base.entries[i];
      if (base.met[i] || entry.is_submodule()) continue;
      result.removed.push_back({path_ + std::string(entry.name), entry.oid, entry.is_tree()});
    }
  }

  // The names of a folder. `held` owns those out of a tree.
  std::vector<Item> items(const Item& item, Object& held) {
    std::vector<Item> out;
    if (!item.tree.is_zero()) {
      if (auto tree = read_tree(item.tree)) {
        if (!spend(64 * tree->entries.size() * (path_.size() + sizeof(StagedBlob)))) return out;
        for (const TreeEntry& entry : tree->entries) {
          Item one;
          one.name = entry.name;
          one.is_folder = entry.is_tree();
          one.tree = entry.oid;
          one.mode = entry.mode;
          out.push_back(one);
        }
        held = tree->object;
      }
      return out;
    }
    for (auto rest = item.entries; !rest.empty();) {
      const std::string_view below = rest.front().path.substr(path_.size());
      const size_t slash = below.find('/');
      Item one;
      one.name = below.substr(0, slash);
      one.is_folder = slash != std::string_view::npos;
      const size_t length = path_.size() + one.name.size();
      const auto same = [&](const IndexEntry& entry) {
        return one.is_folder
                   ? entry.path.substr(0, length + 1) == rest.front().path.substr(0, length + 1)
                   : entry.path == rest.front().path;
      };
      // They stand together: the index is sorted.
      const auto end = std::partition_point(rest.begin(), rest.end(), same);
      one.entries = rest.first(static_cast<size_t>(end - rest.begin()));
      rest = rest.subspan(one.entries.size());
      const IndexEntry& first = one.entries.front();
      if (first.is_folder() && first.path.size() == length + 1) {
        one.tree = first.oid;
        // Beside a folder that stands as a whole nothing of it should stand: that is looked at too.
        if (one.entries.size() > 1) {
          Item more = one;
          more.tree = {};
          more.entries = one.entries.subspan(1);
          out.push_back(more);
        }
      }
      out.push_back(one);
    }
    return out;
  }

  std::optional<Base> read_tree(const Oid& oid) {
    std::string reason;
    if (work_ > kMostWork) return std::nullopt;  // told
    auto object = reader_.read(oid, ObjectType::tree, reason);
    if (object && !spend(object->view().size() + 64)) return std::nullopt;
    if (!object) {
      tell(Diagnostic::Kind::unreadable, fmt::format("tree {}: {}", oid.hex(), reason));
      return std::nullopt;
    }
    Base base;
    base.object = std::move(*object);
    std::string_view rest = base.object.view();
    while (auto entry = next_entry(rest)) base.entries.push_back(*entry);
    if (!rest.empty()) {
      tell(Diagnostic::Kind::unreadable, fmt::format("tree {}: it is damaged", oid.hex()));
    }
    std::stable_sort(base.entries.begin(), base.entries.end(), [](const auto& a, const auto& b) {
      return std::pair(a.name, a.is_tree()) < std::pair(b.name, b.is_tree());
    });
    base.met.resize(base.entries.size());
    return base;
  }

  bool spend(uint64_t work) {
    const bool told = work_ > kMostWork;
    work_ += work;
    if (work_ > kMostWork && !told) {
      tell(Diagnostic::Kind::limit, "the trees are too large from here on");
    }
    return work_ <= kMostWork;
  }

  void tell(Diagnostic::Kind kind, std::string reason) {
    problems_({kind, redact_names(path_), std::move(reason),
               "`git fsck` tells more; in a partial clone `git fetch --refetch` brings what is "
               "missing."});
  }

  const IndexFile& index_;
  const ObjectReaders& reader_;
  const Problems& problems_;
  uint64_t work_ = 0;
  std::string path_;  // of the folder or file that is looked at
};

}  // namespace

StagedDifference compare_index(const IndexFile& index, const std::vector<Oid>& bases,
                               const ObjectReaders& reader, const Problems& problems) {
  Comparison comparison(index, reader, problems);
  comparison.run(bases);
  return std::move(comparison.result);
}

}  // namespace assay
