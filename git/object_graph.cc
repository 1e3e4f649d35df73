#include "git/object_graph.h"

#include <algorithm>

namespace assay {

ObjectNumbers::ObjectNumbers(const ObjectStore& store, std::vector<Oid> loose)
    : store_(store), loose_(std::move(loose)) {
  for (const auto& pack : store.packs()) {
    first_.push_back(count_);
    count_ += pack->count();
  }
  count_ += static_cast<uint32_t>(loose_.size());
}

uint32_t ObjectNumbers::find(const Oid& oid) const {
  const auto& packs = store_.packs();
  for (size_t i = 0; i < packs.size(); ++i) {
    if (const auto position = packs[i]->find(oid)) return first_[i] + *position;
  }
  const auto at = std::lower_bound(loose_.begin(), loose_.end(), oid);
  if (at == loose_.end() || *at != oid) return kNone;
  return count_ - static_cast<uint32_t>(loose_.end() - at);
}

void ObjectGraph::append(ObjectGraph&& other) {
  cut_ = cut_ || other.cut_ || edges_.size() + other.edges_.size() > kMostEdges;
  if (!cut_) edges_.insert(edges_.end(), other.edges_.begin(), other.edges_.end());
  other.edges_ = {};
}

std::vector<bool> ObjectGraph::reach(std::span<const uint32_t> from, uint32_t count) const {
  if (cut_) return {};
  std::vector<uint32_t> first(size_t{count} + 1, 0);
  for (const auto& [part, whole] : edges_) ++first[part + 1];
  for (size_t i = 0; i < count; ++i) first[i + 1] += first[i];
  std::vector<uint32_t> wholes(edges_.size());
  std::vector<uint32_t> next(first.begin(), first.end() - 1);
  for (const auto& [part, whole] : edges_) wholes[next[part]++] = whole;
  std::vector<bool> reached(count);
  std::vector<uint32_t> left(from.begin(), from.end());
  while (!left.empty()) {
    const uint32_t object = left.back();
    left.pop_back();
    if (reached[object]) continue;
    reached[object] = true;
    for (uint32_t i = first[object]; i < first[object + 1]; ++i) {
      if (!reached[wholes[i]]) left.push_back(wholes[i]);
    }
  }
  return reached;
}

}  // namespace assay
