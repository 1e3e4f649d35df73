// Sixty-four sets are followed at once, a bit each, from their commits to all descendants:
//
//   rank      0  1  2  3  4      the set {1} is bit 0, the set {2, 3} bit 1
//   parents   -  0  0  1  2,3
//   bits      .  0  1  01 01     in the order of the ranks, each takes over its parents' bits
//
// and then the bits at each ref's commit say which sets it holds.
#include "git/held_by.h"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>

#include "git/first_seen.h"
#include "git/tree.h"
#include "scanner/scan_crew.h"

namespace assay {
namespace {

constexpr int kMostTags = 16;  // one naming the next
constexpr size_t kSetsAtOnce = 64;

uint32_t find_commit(ObjectStore::Reader& reader, const Commits& commits, Oid oid) {
  for (int tags = 0;; ++tags) {
    const uint32_t rank = commits.find(oid);
    if (rank != Commits::kNone || tags == kMostTags) return rank;
    std::string reason;
    const auto object = reader.read(oid, ObjectType::tag, reason);
    if (!object) return Commits::kNone;
    const auto target = parse_tag(object->view());
    if (!target) return Commits::kNone;
    oid = target->oid;
  }
}

}  // namespace

struct HeldBy::Group {
  std::array<const std::vector<uint32_t>*, kSetsAtOnce> sets{};
  std::array<Number, kSetsAtOnce> numbers{};
  size_t size = 0;
};

HeldBy::HeldBy(const ObjectStore& store, const Commits& commits, std::span<const Ref> refs)
    : commits_(commits) {
  ObjectStore::Reader reader(store);
  for (const Ref& ref : refs) {
    Tip tip;
    tip.rank = find_commit(reader, commits, ref.target);
    if (tip.rank == Commits::kNone) continue;
    const auto cut = [&](std::string_view prefix, Kind kind) {
      if (!ref.name.starts_with(prefix)) return;
      tip.kind = kind;
      tip.name = ref.name.substr(prefix.size());
    };
    cut("refs/heads/", Kind::branch);
    cut("refs/tags/", Kind::tag);
    // A remote's HEAD is another name of one of its branches.
    if (!ref.name.ends_with("/HEAD")) cut("refs/remotes/", Kind::branch);
    tips_.push_back(std::move(tip));
  }
  std::sort(tips_.begin(), tips_.end(), [](const Tip& a, const Tip& b) {
    return std::tie(a.name, a.kind, a.rank) < std::tie(b.name, b.kind, b.rank);
  });
}

HeldBy::Number HeldBy::add(std::vector<uint32_t>&& ranks) {
  const auto number = static_cast<Number>(sets_.size());
  return sets_.try_emplace(std::move(ranks), number).first->second;
}

std::vector<HeldBy::Refs> HeldBy::find(unsigned threads, const std::atomic<bool>& stop) const {
  std::vector<Refs> found(sets_.size());
  if (tips_.empty()) return found;
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
      find_group(groups[i], bits, found);
    }
  };
  const size_t most = std::min<size_t>(groups.size(), crew_size(threads));
  run_crew(static_cast<unsigned>(std::max<size_t>(most, 1)), work, [&] { failed = true; });
  return found;
}

void HeldBy::find_group(const Group& group, std::vector<uint64_t>& bits,
                        std::vector<Refs>& found) const {
  bits.assign(commits_.size(), 0);
  for (size_t i = 0; i < group.size; ++i) {
    for (const uint32_t rank : *group.sets[i]) bits[rank] |= uint64_t{1} << i;
  }
  for (uint32_t rank = group.sets[0]->front(); rank < commits_.size(); ++rank) {
    for (const uint32_t parent : commits_.parents(rank)) bits[rank] |= bits[parent];
  }
  for (const Tip& tip : tips_) {
    for (uint64_t left = bits[tip.rank]; left != 0; left &= left - 1) {
      Refs& refs = found[group.numbers[static_cast<size_t>(std::countr_zero(left))]];
      refs.reachable = true;
      if (tip.kind == Kind::other) continue;
      const bool branch = tip.kind == Kind::branch;
      auto& names = branch ? refs.branches : refs.tags;
      ++(branch ? refs.branch_count : refs.tag_count);
      if (names.size() < kMostRefs) names.push_back(tip.name);
    }
  }
}

}  // namespace assay
