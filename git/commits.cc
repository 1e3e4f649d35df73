// Orders commits as Kahn did: a heap holds those whose parents have all been placed, and the oldest
// of them comes next.
//
// Commits are found by binary search in a list sorted by id: unlike a hash table, it cannot be made
// slow by ids that somebody chose, and it takes 4 bytes a commit.
#include "git/commits.h"

#include <algorithm>
#include <numeric>
#include <queue>
#include <tuple>

#include "git/tree.h"

namespace assay {

void Commits::add(const Oid& oid, std::string_view text) {
  const auto commit = parse_commit(text);
  if (!commit || order_.size() == kNone) return;
  Entry entry;
  entry.oid = oid;
  entry.tree = commit->tree;
  entry.time = commit->committer.time;
  entry.first_parent = parent_ids_.size();
  entry.parent_count = static_cast<uint32_t>(commit->parents.size());
  parent_ids_.insert(parent_ids_.end(), commit->parents.begin(), commit->parents.end());
  order_.push_back(entry);
}

void Commits::append(Commits&& others) {
  const size_t before = parent_ids_.size();
  for (Entry& entry : others.order_) {
    entry.first_parent += before;
    order_.push_back(entry);
  }
  parent_ids_.insert(parent_ids_.end(), others.parent_ids_.begin(), others.parent_ids_.end());
  others = Commits();
}

void Commits::finish(std::span<const Oid> shallow) {
  std::sort(order_.begin(), order_.end(),
            [](const Entry& a, const Entry& b) { return a.oid < b.oid; });
  const auto same = [](const Entry& a, const Entry& b) { return a.oid == b.oid; };
  order_.erase(std::unique(order_.begin(), order_.end(), same), order_.end());
  // While they stand in the order of ids, a commit's number is its place in it.
  by_id_.resize(order_.size());
  std::iota(by_id_.begin(), by_id_.end(), 0u);
  for (const Oid& oid : shallow) {
    if (const uint32_t found = find(oid); found != kNone) order_[found].shallow = true;
  }
  link_parents();

  by_id_ = rank_all();
  std::vector<Entry> sorted(order_.size());
  for (size_t number = 0; number < order_.size(); ++number) sorted[by_id_[number]] = order_[number];
  order_ = std::move(sorted);
  for (uint32_t rank = 0; rank < order_.size(); ++rank) {
    Entry& entry = order_[rank];
    uint32_t* const begin = parent_ranks_.data() + entry.first_parent;
    for (uint32_t i = 0; i < entry.rank_count; ++i) begin[i] = by_id_[begin[i]];
    // Later ones are those by which a cycle was broken.
    uint32_t* const end =
        std::remove_if(begin, begin + entry.rank_count, [&](uint32_t p) { return p >= rank; });
    entry.rank_count = static_cast<uint32_t>(end - begin);
  }
}

// Fills parent_ranks_ with the numbers of the parents that are here.
void Commits::link_parents() {
  parent_ranks_.assign(parent_ids_.size(), kNone);
  for (Entry& entry : order_) {
    entry.rank_count = 0;
    if (entry.shallow) continue;
    for (uint32_t i = 0; i < entry.parent_count; ++i) {
      const uint32_t parent = find(parent_ids_[entry.first_parent + i]);
      if (parent != kNone) parent_ranks_[entry.first_parent + entry.rank_count++] = parent;
    }
  }
}

// The rank of each commit, by number.
std::vector<uint32_t> Commits::rank_all() {
  const auto count = static_cast<uint32_t>(order_.size());
  const auto links = [&](uint32_t number) {
    const Entry& entry = order_[number];
    return std::span(parent_ranks_).subspan(entry.first_parent, entry.rank_count);
  };
  // Children of commit n: children[first_child[n]] to children[first_child[n + 1] - 1].
  std::vector<size_t> first_child(count + size_t{2});
  for (uint32_t n = 0; n < count; ++n) {
    for (const uint32_t parent : links(n)) ++first_child[parent + size_t{2}];
  }
  std::partial_sum(first_child.begin(), first_child.end(), first_child.begin());
  std::vector<uint32_t> children(first_child.back());
  for (uint32_t n = 0; n < count; ++n) {
    for (const uint32_t parent : links(n)) children[first_child[parent + size_t{1}]++] = n;
  }

  using Next = std::pair<int64_t, uint32_t>;  // the number stands for the id
  std::priority_queue<Next, std::vector<Next>, std::greater<>> ready;
  std::vector<uint32_t> waits_for(count);
  for (uint32_t n = 0; n < count; ++n) {
    waits_for[n] = order_[n].rank_count;
    if (waits_for[n] == 0) ready.emplace(order_[n].time, n);
  }
  std::vector<uint32_t> ranks(count, kNone);
  std::vector<uint32_t> oldest_first;  // made for cycles only
  size_t oldest = 0;
  for (uint32_t rank = 0; rank < count;) {
    if (ready.empty()) {
      if (oldest_first.empty()) {
        for (uint32_t n = 0; n < count; ++n) {
          if (ranks[n] == kNone) oldest_first.push_back(n);
        }
        std::stable_sort(oldest_first.begin(), oldest_first.end(),
                         [&](uint32_t a, uint32_t b) { return order_[a].time < order_[b].time; });
      }
      while (ranks[oldest_first[oldest]] != kNone) ++oldest;
      ready.emplace(order_[oldest_first[oldest]].time, oldest_first[oldest]);
    }
    const uint32_t next = ready.top().second;
    ready.pop();
    ranks[next] = rank++;
    for (size_t i = first_child[next]; i < first_child[next + size_t{1}]; ++i) {
      const uint32_t child = children[i];
      if (--waits_for[child] == 0 && ranks[child] == kNone)
        ready.emplace(order_[child].time, child);
    }
  }
  return ranks;
}

std::span<const uint32_t> Commits::parents(uint32_t rank) const {
  const Entry& entry = order_[rank];
  return std::span(parent_ranks_).subspan(entry.first_parent, entry.rank_count);
}

uint32_t Commits::missing_parents(uint32_t rank) const {
  const Entry& entry = order_[rank];
  return entry.shallow ? 0 : entry.parent_count - entry.rank_count;
}

std::span<const Oid> Commits::parent_ids(uint32_t rank) const {
  const Entry& entry = order_[rank];
  return std::span(parent_ids_).subspan(entry.first_parent, entry.parent_count);
}

uint32_t Commits::find(const Oid& oid) const {
  const auto found =
      std::lower_bound(by_id_.begin(), by_id_.end(), oid,
                       [&](uint32_t rank, const Oid& id) { return order_[rank].oid < id; });
  return found != by_id_.end() && order_[*found].oid == oid ? *found : kNone;
}

}  // namespace assay
