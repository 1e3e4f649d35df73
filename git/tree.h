// Tree and commit objects, parsed where they stand.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/object_store.h"
#include "git/oid.h"

namespace assay {

struct TreeEntry {
  uint32_t mode = 0;      // 040000 tree, 100644, 100755, 120000 link, 160000 submodule
  std::string_view name;  // one part of a path: bytes, anything but NUL
  Oid oid;
  bool is_tree() const { return (mode & 0170000) == 0040000; }
  bool is_submodule() const { return (mode & 0170000) == 0160000; }
};

// Reads the entry at the front of `rest` (of a tree object: "100644 name\0" and 20 bytes of id) and
// moves past it. Empty at the end, or, with `rest` not empty, where it is damaged (a mode that is
// not one to eight octal digits, an empty name, an end within the entry).
std::optional<TreeEntry> next_entry(std::string_view& rest);

// What stands in a commit object before its message. Names are as written: "Dana <dana@x> 12 +0100"
// is name, e-mail, seconds since 1970 and the minutes of the zone. As git, the first author line
// counts, and a time or zone that is none is 0.
struct Signature {
  std::string_view name;
  std::string_view email;
  int64_t time = 0;
  int zone_minutes = 0;
};
struct CommitText {
  Oid tree;
  std::vector<Oid> parents;
  Signature author;
  Signature committer;
  std::string_view message;
};
// Empty if there is no tree line. Views into `text`.
std::optional<CommitText> parse_commit(std::string_view text);

// The id and type that a tag object names.
struct TagTarget {
  Oid oid;
  ObjectType type = ObjectType::none;
};
std::optional<TagTarget> parse_tag(std::string_view text);

// "2025-11-02T08:00:00Z"; years past 9999 or before 1970 give "".
std::string utc_time(int64_t seconds);

// A difference between two trees: an entry that is not the same on both sides. Trees are entered,
// so `path` names a blob, link or submodule; a path that is a folder on one side only is entered on
// that side. A zero id: not there.
struct TreeChange {
  std::string_view path;  // from the root tree; valid during the call
  Oid before, after;
  uint32_t before_mode = 0, after_mode = 0;
};

// Calls `change` for every difference between the trees (a zero id: the empty tree), in order of
// the paths' bytes in tree order. Equal subtrees are not read. Each tree that could not be read or
// is damaged is told to `missing` with its id: one before the change counts as empty (from where
// it is damaged on), so that all after it is told; one after the change tells nothing more. Paths
// longer than kMostPath or deeper than kMostDepth are cut: told to `missing` too. `change` returns
// false to stop. With more control: tree_diff.h.
inline constexpr size_t kMostPath = 4096;
inline constexpr size_t kMostDepth = 512;
void diff_trees(ObjectStore::Reader& reader, const Oid& before, const Oid& after,
                const std::function<bool(const TreeChange&)>& change,
                const std::function<void(const Oid&, const std::string& reason)>& missing);

}  // namespace assay
