// Sixty-four sets are followed at once, a bit each, from their commits to all descendants:
//
//   rank      0  1  2  3  4      the set {1} is bit 0, the set {2, 3} bit 1
//   parents   -  0  0  1  2,3
//   bits      .  0  1  01 01     in the order of the ranks, each takes over its parents' bits
//
// and then the bits at each ref's commit say which sets it holds. Of a range, refs may name commits
// that came later: these are read from the store, and stand behind the others in the same row.
#include "git/held_by.h"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "git/first_seen.h"
#include "git/tree.h"
#include "scanner/scan_crew.h"

namespace assay {
namespace {

constexpr int kMostTags = 16;  // one naming the next
constexpr size_t kSetsAtOnce = 64;
constexpr size_t kNowhere = SIZE_MAX;

constexpr int64_t kMostSkew = 24 * 60 * 60;  // seconds, of clocks

// What an id names at last.
Oid peel(ObjectStore::Reader& reader, const Commits& commits, Oid oid) {
  for (int tags = 0; commits.find(oid) == Commits::kNone; ++tags) {
    std::string reason;
    const auto object = reader.read(oid, ObjectType::tag, reason);
    const auto target = object ? parse_tag(object->view()) : std::nullopt;
    if (!target) return oid;
    if (tags == kMostTags) return {};
    oid = target->oid;
  }
  return oid;
}

}  // namespace

struct HeldBy::Group {
  std::array<const std::vector<uint32_t>*, kSetsAtOnce> sets{};
  std::array<Number, kSetsAtOnce> numbers{};
  size_t size = 0;
};

// Commits that are not among the commits, from the refs down to those that are.
struct HeldBy::Outside {
  Commits commits;
  std::vector<std::pair<uint32_t, uint32_t>> links;  // to parents that are
  std::vector<size_t> tips;  // the place of each tip in a row of both; kNowhere
};

HeldBy::HeldBy(const ObjectStore& store, const Commits& commits, std::span<const Ref> refs)
    : store_(store), commits_(commits) {
  ObjectStore::Reader reader(store);
  for (const Ref& ref : refs) {
    Tip tip;
    tip.name = ref.name;
    tip.oid = peel(reader, commits, ref.target);
    const auto cut = [&](std::string_view prefix, Kind kind) {
      if (!ref.name.starts_with(prefix)) return;
      tip.kind = kind;
      tip.name = ref.name.substr(prefix.size());
    };
    cut("refs/heads/", Kind::branch);
    cut("refs/tags/", Kind::tag);
    cut("refs/remotes/", Kind::branch);
    // A remote's HEAD is another name of one of its branches.
    if (ref.name.starts_with("refs/remotes/") && ref.name.ends_with("/HEAD")) {
      tip.kind = Kind::alias;
    } else if (!ref.name.starts_with("refs/") &&
               (ref.name == "HEAD" || ref.name.ends_with("/HEAD"))) {
      tip.kind = Kind::head;
    }
    tips_.push_back(std::move(tip));
  }
  // A HEAD comes behind all branches, which make its name needless.
  std::sort(tips_.begin(), tips_.end(), [](const Tip& a, const Tip& b) {
    const bool a_last = a.kind == Kind::head, b_last = b.kind == Kind::head;
    return std::tie(a_last, a.name, a.kind, a.oid) < std::tie(b_last, b.name, b.kind, b.oid);
  });
}

HeldBy::Number HeldBy::add(std::vector<uint32_t>&& ranks) {
  const auto number = static_cast<Number>(sets_.size());
  return sets_.try_emplace(std::move(ranks), number).first->second;
}

std::vector<HeldBy::Refs> HeldBy::find(unsigned threads, const std::atomic<bool>& stop) const {
  std::vector<Refs> found(sets_.size());
  if (tips_.empty() || sets_.empty()) return found;
  Outside outside;
  if (!follow(outside, stop)) {
    for (Refs& refs : found) refs.known = false;
    return found;
  }
  // In the order of the map: those of a group begin near to each other.
  std::vector<Group> groups;
  for (const auto& [ranks, number] : sets_) {
    if (groups.empty() || groups.back().size == kSetsAtOnce) groups.emplace_back();
    Group& group = groups.back();
    group.sets[group.size] = &ranks;
    group.numbers[group.size++] = number;
  }
  std::atomic<size_t> next = 0;
  std::atomic<bool> failed = false;
  const auto work = [&](unsigned) {
    std::vector<uint64_t> bits;
    for (size_t i = next++; i < groups.size() && !stop && !failed; i = next++) {
      find_group(groups[i], outside, bits, found);
    }
  };
  const size_t most = std::min<size_t>(groups.size(), crew_size(threads));
  run_crew(static_cast<unsigned>(std::max<size_t>(most, 1)), work, [&] { failed = true; });
  return found;
}

// Fills `outside`; false if they are too many.
bool HeldBy::follow(Outside& outside, const std::atomic<bool>& stop) const {
  int64_t oldest = INT64_MAX;
  for (const auto& [ranks, number] : sets_) {
    for (const uint32_t rank : ranks) oldest = std::min(oldest, commits_.time(rank));
  }
  ObjectStore::Reader reader(store_);
  std::unordered_set<Oid, OidHash> seen;
  std::vector<Oid> left;
  const auto want = [&](const Oid& oid) {
    if (commits_.find(oid) == Commits::kNone && seen.insert(oid).second) left.push_back(oid);
  };
  for (const Tip& tip : tips_) {
    if (!tip.oid.is_zero()) want(tip.oid);
  }
  const size_t most = seen.size() + kMostOutside;
  while (!left.empty() && !stop.load(std::memory_order_relaxed)) {
    if (seen.size() > most) return false;
    const Oid oid = left.back();
    left.pop_back();
    std::string reason;
    const auto object = reader.read(oid, ObjectType::commit, reason);
    const auto commit = object ? parse_commit(object->view()) : std::nullopt;
    if (!commit || commit->committer.time < oldest - kMostSkew) continue;
    outside.commits.add(oid, object->view());
    for (const Oid& parent : commit->parents) want(parent);
  }
  outside.commits.finish({});
  for (uint32_t rank = 0; rank < outside.commits.size(); ++rank) {
    for (const Oid& parent : outside.commits.parent_ids(rank)) {
      const uint32_t inside = commits_.find(parent);
      if (inside != Commits::kNone) outside.links.emplace_back(rank, inside);
    }
  }
  for (const Tip& tip : tips_) {
    const uint32_t inside = commits_.find(tip.oid);
    const uint32_t rank = inside != Commits::kNone ? inside : outside.commits.find(tip.oid);
    const size_t before = inside != Commits::kNone ? 0 : commits_.size();
    outside.tips.push_back(rank != Commits::kNone ? before + rank : kNowhere);
  }
  return true;
}

void HeldBy::note(const Tip& tip, Refs& refs) {
  refs.reachable = true;
  const auto take = [&](std::vector<std::string>& names, uint32_t& count) {
    ++count;
    if (names.size() < kMostRefs) names.push_back(tip.name);
  };
  switch (tip.kind) {
    case Kind::branch:
      return take(refs.branches, refs.branch_count);
    case Kind::tag:
      return take(refs.tags, refs.tag_count);
    case Kind::other:
      return take(refs.others, refs.other_count);
    case Kind::head:
      if (refs.branch_count == 0) take(refs.others, refs.other_count);
      return;
    case Kind::alias:
      return;
  }
}

void HeldBy::find_group(const Group& group, const Outside& outside, std::vector<uint64_t>& bits,
                        std::vector<Refs>& found) const {
  const size_t count = commits_.size();
  bits.assign(count + outside.commits.size(), 0);
  for (size_t i = 0; i < group.size; ++i) {
    for (const uint32_t rank : *group.sets[i]) bits[rank] |= uint64_t{1} << i;
  }
  for (uint32_t rank = group.sets[0]->front(); rank < count; ++rank) {
    for (const uint32_t parent : commits_.parents(rank)) bits[rank] |= bits[parent];
  }
  for (const auto& [rank, inside] : outside.links) bits[count + rank] |= bits[inside];
  for (uint32_t rank = 0; rank < outside.commits.size(); ++rank) {
    for (const uint32_t parent : outside.commits.parents(rank)) {
      bits[count + rank] |= bits[count + parent];
    }
  }
  for (size_t i = 0; i < tips_.size(); ++i) {
    if (outside.tips[i] == kNowhere) continue;
    for (uint64_t left = bits[outside.tips[i]]; left != 0; left &= left - 1) {
      note(tips_[i], found[group.numbers[static_cast<size_t>(std::countr_zero(left))]]);
    }
  }
}

}  // namespace assay
