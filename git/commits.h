// The commits that a scan is about, parents before children.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "git/object_store.h"
#include "git/oid.h"

namespace assay {

// Built in three steps: `add` each commit once, in any order; `finish`; then read, on any thread.
// About 100 bytes a commit.
class Commits {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // What is kept of a commit. A text that is no commit is ignored (the walk tells of damage); of
  // one that is added twice, one is kept.
  void add(const Oid& oid, std::string_view text);
  void append(Commits&& others);  // of another thread

  // Sorts: parents before children; among those that may come next, the older committer time
  // first, then the smaller id: an order that does not depend on the order of `add`. Where only
  // cycles are left, which only damage or forged ids can bring, the oldest commit that is left
  // comes next, and its parents that come later count as missing. `shallow` commits have no
  // parents.
  void finish(std::span<const Oid> shallow);

  size_t size() const { return order_.size(); }

  // By rank: 0 is the first in the order.
  const Oid& oid(uint32_t rank) const { return order_[rank].oid; }
  const Oid& tree(uint32_t rank) const { return order_[rank].tree; }
  int64_t time(uint32_t rank) const { return order_[rank].time; }  // committer's
  // Ranks of the parents that are here, each lower than `rank`. Those that were not added are not.
  std::span<const uint32_t> parents(uint32_t rank) const;
  // How many parents the commit names that are not here (but for shallow commits: 0).
  uint32_t missing_parents(uint32_t rank) const;
  // Ids of all parents as the commit names them, also those not here, also of shallow commits.
  std::span<const Oid> parent_ids(uint32_t rank) const;

  uint32_t find(const Oid& oid) const;  // rank or kNone

 private:
  struct Entry {
    Oid oid, tree;
    int64_t time = 0;
    size_t first_parent = 0;  // in parent_ids_, and in parent_ranks_ once finished
    uint32_t parent_count = 0;
    uint32_t rank_count = 0;
    bool shallow = false;
  };
  std::vector<uint32_t> rank_all();
  void link_parents();

  std::vector<Entry> order_;  // by rank once finished
  std::vector<Oid> parent_ids_;
  std::vector<uint32_t> parent_ranks_;
  std::vector<uint32_t> by_id_;  // ranks, sorted by id
};

}  // namespace assay
