// The index: what `git add` staged, parsed where it stands in the file.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "git/oid.h"

namespace assay {

struct IndexEntry {
  std::string_view path;  // bytes; of a sparse folder it ends with `/`
  Oid oid;                // of a sparse folder its tree
  uint32_t mode = 0;      // 100644, 100755, 120000 link, 160000 submodule, 040000 sparse folder
  uint8_t stage = 0;      // 0; 1 ancestor, 2 ours, 3 theirs while a merge has conflicts
  bool intent_to_add = false;  // `git add -N`: the name only, nothing is staged
  bool skip_worktree = false;
  bool is_folder() const { return (mode & 0170000) == 0040000; }
  bool is_submodule() const { return (mode & 0170000) == 0160000; }
};

// A folder of the cache of trees: where it is valid, the index holds for that folder just what the
// tree `oid` does.
struct CachedTree {
  std::string_view name;                      // one part of a path; empty for the root
  int64_t entries = -1;                       // of the index that lie in it; -1: not valid
  Oid oid;                                    // if valid
  uint32_t first_child = 0, child_count = 0;  // in cached_trees(), sorted by the bytes of `name`
};

// Versions 2, 3 and 4. Movable; the views in it stay good.
class IndexFile {
 public:
  // Throws Error, a sentence with a remedy, if the file is damaged (its checksum is verified,
  // unless it has none: index.skipHash), not sorted, split (`link`), or needs an extension that is
  // not known. A file that does not exist is an empty index.
  static IndexFile read(const std::string& path);
  // The same of bytes; `name` stands in the messages.
  static IndexFile parse(std::string bytes, const std::string& name);

  // Sorted by the bytes of the path, then the stage; no two have both in common.
  std::span<const IndexEntry> entries() const { return entries_; }
  // Empty, or [0] is the root.
  std::span<const CachedTree> cached_trees() const { return trees_; }
  // The folder of that name in `tree`, or null.
  const CachedTree* child(const CachedTree& tree, std::string_view name) const;
  uint32_t version() const { return version_; }

  static constexpr uint64_t kMostBytes = uint64_t{1} << 30;
  // Of all names of a version 4 index together, which the file holds shortened.
  static constexpr size_t kMostNames = size_t{256} << 20;

 private:
  struct Parser;
  std::unique_ptr<const std::string> bytes_;  // where the views point
  std::deque<std::vector<char>> names_;       // of version 4
  std::vector<IndexEntry> entries_;
  std::vector<CachedTree> trees_;
  uint32_t version_ = 0;
};

}  // namespace assay
