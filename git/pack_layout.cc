#include "git/pack_layout.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "scanner/scan_crew.h"

namespace assay {

PackLayout::PackLayout(const Pack& pack, unsigned threads) : pack_end_(pack.size() - Oid::kSize) {
  sort(pack);
  bases_.resize(count());
  std::atomic<uint32_t> next{0};
  constexpr uint32_t kAtOnce = 16'384;
  run_crew(
      threads,
      [&](unsigned) {
        for (uint64_t begin; (begin = next.fetch_add(kAtOnce)) < count();) {
          const auto end = std::min<uint64_t>(begin + kAtOnce, count());
          for (auto i = static_cast<uint32_t>(begin); i < end; ++i) bases_[i] = base_of(pack, i);
        }
      },
      [] {});
  link();
  put_largest_last();
}

void PackLayout::sort(const Pack& pack) {
  std::vector<std::pair<uint64_t, uint32_t>> places(pack.count());
  for (uint32_t i = 0; i < pack.count(); ++i) places[i] = {pack.offset(i), i};
  std::sort(places.begin(), places.end());
  offsets_.reserve(places.size());
  positions_.reserve(places.size());
  for (const auto& [offset, position] : places) {
    offsets_.push_back(offset);
    positions_.push_back(position);
  }
}

uint64_t PackLayout::end(uint32_t index) const {
  // Two ids may name one offset in a damaged index.
  uint32_t next = index + 1;
  while (next < count() && offsets_[next] == offsets_[index]) ++next;
  return next < count() ? std::min(offsets_[next], pack_end_) : pack_end_;
}

uint32_t PackLayout::find(uint64_t offset) const {
  const auto at = std::lower_bound(offsets_.begin(), offsets_.end(), offset);
  if (at == offsets_.end() || *at != offset) return kDamaged;
  return static_cast<uint32_t>(at - offsets_.begin());
}

uint32_t PackLayout::base_of(const Pack& pack, uint32_t index) const {
  PackEntry entry;
  std::string reason;
  if (!pack.read_entry(offsets_[index], entry, reason)) return kDamaged;
  if (!entry.is_delta()) return kWhole;
  if (entry.by_offset) return find(entry.base_offset);
  const auto position = pack.find(entry.base);
  return position ? find(pack.offset(*position)) : kElsewhere;
}

void PackLayout::link() {
  first_child_.assign(size_t{count()} + 1, 0);
  const auto has_base = [&](uint32_t i) { return bases_[i] < kDamaged; };
  for (uint32_t i = 0; i < count(); ++i) {
    if (has_base(i)) ++first_child_[bases_[i] + 1];
  }
  for (uint32_t i = 0; i < count(); ++i) first_child_[i + 1] += first_child_[i];
  children_.resize(first_child_.back());
  std::vector<uint32_t> next(first_child_.begin(), first_child_.end() - 1);
  for (uint32_t i = 0; i < count(); ++i) {
    if (has_base(i)) children_[next[bases_[i]]++] = i;
  }
}

void PackLayout::put_largest_last() {
  // Bases before their deltas, whichever stands first in the pack; cycles are in none of the trees.
  std::vector<uint32_t> order;
  order.reserve(count());
  for (uint32_t i = 0; i < count(); ++i) {
    if (bases_[i] >= kDamaged) order.push_back(i);
  }
  for (size_t at = 0; at < order.size(); ++at) {
    const auto below = children(order[at]);
    order.insert(order.end(), below.begin(), below.end());
  }
  std::vector<uint32_t> objects(count(), 1);  // of the subtree
  for (size_t at = order.size(); at-- > 0;) {
    if (bases_[order[at]] < kDamaged) objects[bases_[order[at]]] += objects[order[at]];
  }
  for (uint32_t i = 0; i < count(); ++i) {
    const auto begin = children_.begin() + first_child_[i];
    const auto end = children_.begin() + first_child_[i + 1];
    if (end - begin < 2) continue;
    const auto largest = std::max_element(
        begin, end, [&](uint32_t a, uint32_t b) { return objects[a] < objects[b]; });
    std::rotate(largest, largest + 1, end);
  }
}

}  // namespace assay
