// Which object of a pack is told as a delta of which: the trees that the walk follows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "git/pack.h"

namespace assay {

// Objects by index: in order of their offsets in the pack. 24 bytes an object. Immutable.
class PackLayout {
 public:
  static constexpr uint32_t kWhole = UINT32_MAX;          // no delta
  static constexpr uint32_t kElsewhere = UINT32_MAX - 1;  // its base is in no entry of this pack
  static constexpr uint32_t kDamaged = UINT32_MAX - 2;    // no entry can be read there

  PackLayout(const Pack& pack, unsigned threads);

  uint32_t count() const { return static_cast<uint32_t>(offsets_.size()); }
  uint64_t offset(uint32_t index) const { return offsets_[index]; }
  uint64_t end(uint32_t index) const;                                    // where the next begins
  uint32_t position(uint32_t index) const { return positions_[index]; }  // in the pack's index
  uint32_t base(uint32_t index) const { return bases_[index]; }  // index or one of the above
  // Its deltas in order of their offsets, but the one with the most objects below it last: who goes
  // down in this order, and drops a text at its last delta, holds few texts at once (as many as a
  // count has bits).
  std::span<const uint32_t> children(uint32_t index) const {
    return {children_.data() + first_child_[index], first_child_[index + 1] - first_child_[index]};
  }

 private:
  void sort(const Pack& pack);
  uint32_t find(uint64_t offset) const;  // index of the object there or kDamaged
  uint32_t base_of(const Pack& pack, uint32_t index) const;
  void link();
  void put_largest_last();

  uint64_t pack_end_;
  std::vector<uint64_t> offsets_;
  std::vector<uint32_t> positions_;
  std::vector<uint32_t> bases_;
  std::vector<uint32_t> first_child_;
  std::vector<uint32_t> children_;
};

}  // namespace assay
