// Which trees lead to an object, as far as that can be told while all trees pass by once.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "git/object_store.h"
#include "git/oid.h"
#include "git/pack.h"

namespace assay {

// A number for each object of a store: packed ones by pack and position, then loose ones. Of an
// object in several packs the first counts. Immutable; any thread. `store` must outlive it.
class ObjectNumbers {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // `loose`: sorted, in no pack.
  ObjectNumbers(const ObjectStore& store, std::vector<Oid> loose);

  uint32_t count() const { return count_; }
  uint32_t find(const Oid& oid) const;  // kNone if it is not there
  std::span<const Oid> loose() const { return loose_; }

 private:
  const ObjectStore& store_;
  std::vector<uint32_t> first_;  // number of each pack's first object
  const std::vector<Oid> loose_;
  uint32_t count_ = 0;
};

// An edge from each entry to the tree that it was first seen in, and from each tree to those that
// are deltas of it, which have most of its entries. 8 bytes an edge. One thread.
class ObjectGraph {
 public:
  // Past so many, what was not kept counts as leading anywhere.
  static constexpr size_t kMostEdges = size_t{16} << 20;

  void add(uint32_t part, uint32_t whole) {
    if (edges_.size() < kMostEdges) {
      edges_.emplace_back(part, whole);
    } else {
      cut_ = true;
    }
  }
  void cut() { cut_ = true; }
  void append(ObjectGraph&& other);

  // By number: whether the object is one of `from`, or a tree that may hold one of them, at any
  // depth. Never false wrongly. Empty if that cannot be told.
  std::vector<bool> reach(std::span<const uint32_t> from, uint32_t count) const;

 private:
  std::vector<std::pair<uint32_t, uint32_t>> edges_;  // part, whole
  bool cut_ = false;
};

}  // namespace assay
