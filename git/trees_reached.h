// All that stands in trees.
#pragma once

#include <set>
#include <string>

#include "git/object_store.h"
#include "git/oid.h"
#include "git/tree_diff.h"

namespace assay {

// One thread. `store` must outlive it.
class TreesReached {
 public:
  explicit TreesReached(const ObjectStore& store)
      : reader_(store), diff_([this](const Oid& oid, std::string& reason) {
          return reader_.read(oid, ObjectType::tree, reason);
        }) {
    diff_.set_limit(kMostBytes);
  }

  // Adds the tree, with all that is below it.
  void add(const Oid& tree) {
    objects.insert(tree);
    const auto entry = [&](std::string_view path, const TreeEntry*, const TreeEntry* now) {
      names.insert(std::string(path.substr(path.rfind('/') + 1)));
      if (now->is_submodule()) return TreeDiff::Answer::enter;
      const bool is_new = objects.insert(now->oid).second;
      return is_new || !now->is_tree() ? TreeDiff::Answer::enter : TreeDiff::Answer::skip;
    };
    cut = !diff_.run({}, tree, entry, [&](const Oid& oid, const std::string&) {
      missing.insert(oid);
    }) || cut;
  }

  std::set<Oid> objects;        // trees and blobs
  std::set<std::string> names;  // of entries
  std::set<Oid> missing;        // trees
  bool cut = false;             // there was more than kMostBytes of trees

 private:
  static constexpr uint64_t kMostBytes = uint64_t{4} << 30;
  ObjectStore::Reader reader_;
  TreeDiff diff_;
};

}  // namespace assay
