// Compares two trees, with a say in which folders are entered.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/object_store.h"
#include "git/oid.h"
#include "git/tree.h"

namespace assay {

// Calls `difference` for each entry that is not the same in the texts of two trees, in tree order,
// with what it was and what it is; null: not there. Where both are there, both are folders, or none
// is. Nothing is told behind damage in `after`; behind damage in `before`, all that is in `after`.
struct TreesCompared {
  bool stopped = false;  // `difference` returned false
  bool before_damaged = false, after_damaged = false;
};
TreesCompared compare_trees(
    std::string_view before, std::string_view after,
    const std::function<bool(const TreeEntry* before, const TreeEntry* after)>& difference);

// One a thread.
class TreeDiff {
 public:
  enum class Answer {
    enter,  // go on; if it is a folder, with what is in it
    skip,   // go on behind it
    stop,
  };
  // Told of an entry that is not the same on both sides: blob, link, submodule or folder. A null
  // entry is not there. Where both are there, both are folders, or none is. A folder is told before
  // what is in it. All is valid during the call.
  using Entry =
      std::function<Answer(std::string_view path, const TreeEntry* before, const TreeEntry* after)>;
  using Read = std::function<std::optional<Object>(const Oid& oid, std::string& reason)>;
  // Whether two folders need not be compared. A zero id: not there.
  using Same = std::function<bool(const Oid& before, const Oid& after)>;
  using Missing = std::function<void(const Oid& oid, const std::string& reason)>;

  explicit TreeDiff(Read read, Same same = nullptr);

  // As diff_trees (tree.h). False if it was stopped, also by `limit`.
  bool run(const Oid& before, const Oid& after, const Entry& entry, const Missing& missing);

  // Bytes of the trees compared so far: a measure of the work that is the same on each run.
  uint64_t bytes() const { return bytes_; }
  // Runs stop once bytes() is over it.
  void set_limit(uint64_t bytes) { limit_ = bytes; }

  // Trees that are open at one time, in bytes: one over that is missing.
  static constexpr uint64_t kMostOpen = uint64_t{1} << 30;

 private:
  bool enter(const Oid& before, const Oid& after);
  bool open(const Oid& oid, Object& object);
  bool tell(const TreeEntry* before, const TreeEntry* after);

  const Read read_;
  const Same same_;
  const Entry* entry_ = nullptr;
  const Missing* missing_ = nullptr;
  std::string path_;
  size_t depth_ = 0;
  uint64_t open_bytes_ = 0;
  uint64_t bytes_ = 0;
  uint64_t limit_ = UINT64_MAX;
};

}  // namespace assay
