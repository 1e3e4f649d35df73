// Commits are taken newest first from a queue, as git does. A commit that an excluded one has as
// ancestor is excluded, and its parents too. The walk ends when only excluded commits are queued
// and so many more were looked at that a clock gone wrong is unlikely to hide one.
#include "git/range.h"

#include <algorithm>
#include <queue>
#include <string>
#include <tuple>
#include <unordered_map>

#include "git/tree.h"

namespace assay {

namespace {

constexpr int kMostTags = 16;  // of tags
// Excluded commits looked at after the last that was not.
constexpr size_t kSlop = 256;

class RangeWalk {
 public:
  RangeWalk(const ObjectStore& store, std::span<const Oid> shallow)
      : reader_(store), shallow_(shallow) {}

  void start(Oid oid, bool excluded, Range& range) {
    for (int depth = 0; depth < kMostTags; ++depth) {
      std::string reason;
      const auto object = reader_.read(oid, reason);
      if (!object) {
        if (!excluded) range.missing.push_back(oid);
        return;
      }
      if (object->type == ObjectType::commit) return see(oid, excluded);
      if (object->type != ObjectType::tag) {
        auto& list = object->type == ObjectType::tree ? range.trees : range.blobs;
        if (!excluded) list.push_back(oid);
        return;
      }
      if (!excluded) range.tags.push_back(oid);
      const auto target = parse_tag(object->view());
      if (!target) return;
      oid = target->oid;
    }
    if (!excluded) range.missing.push_back(oid);  // nobody nests tags so deep: not looked at
  }

  void run() {
    size_t slop = 0;
    while (!queue_.empty() && (wanted_ > 0 || slop < kSlop)) {
      const Oid oid = std::get<Oid>(queue_.top());
      queue_.pop();
      Commit& commit = commits_[oid];
      commit.queued = false;
      if (!commit.excluded) --wanted_;
      slop = commit.excluded && wanted_ == 0 ? slop + 1 : 0;
      for (const Oid& parent : std::vector<Oid>(commit.parents))
        see(parent, commits_[oid].excluded);
    }
  }

  void finish(Range& range) {
    for (const auto& [oid, commit] : commits_) {
      if (commit.excluded) continue;
      if (commit.missing) {
        range.missing.push_back(oid);
        continue;
      }
      range.commits.push_back(oid);
      if (commit.is_shallow) range.shallow.push_back(oid);
      for (const Oid& parent : commit.parents) {
        const auto known = commits_.find(parent);
        if (known != commits_.end() && known->second.excluded) range.boundary.push_back(parent);
      }
    }
    for (auto* list : {&range.commits, &range.boundary, &range.tags, &range.blobs, &range.trees,
                       &range.missing, &range.shallow}) {
      std::sort(list->begin(), list->end());
      list->erase(std::unique(list->begin(), list->end()), list->end());
    }
  }

 private:
  struct Commit {
    std::vector<Oid> parents;
    bool excluded = false;
    bool queued = false;
    bool missing = false;
    bool is_shallow = false;
  };

  void see(const Oid& oid, bool excluded) {
    const auto [at, is_new] = commits_.try_emplace(oid);
    if (is_new) {
      read(oid, at->second, excluded);
    } else if (excluded && !at->second.excluded) {
      exclude(oid);
    }
  }

  void read(const Oid& oid, Commit& commit, bool excluded) {
    commit.excluded = excluded;
    std::string reason;
    const auto object = reader_.read(oid, ObjectType::commit, reason);
    const auto text = object ? parse_commit(object->view()) : std::nullopt;
    if (!text) {
      commit.missing = true;
      return;
    }
    commit.is_shallow = std::binary_search(shallow_.begin(), shallow_.end(), oid);
    if (!commit.is_shallow) commit.parents = text->parents;
    commit.queued = true;
    if (!excluded) ++wanted_;
    queue_.emplace(text->committer.time, oid);
  }

  // Marks a commit that was taken for one of the range, and what was found through it.
  void exclude(const Oid& oid) {
    std::vector<Oid> left{oid};
    while (!left.empty()) {
      const auto at = commits_.find(left.back());
      left.pop_back();
      if (at == commits_.end() || at->second.excluded) continue;
      at->second.excluded = true;
      if (at->second.queued) --wanted_;
      left.insert(left.end(), at->second.parents.begin(), at->second.parents.end());
    }
  }

  ObjectStore::Reader reader_;
  std::span<const Oid> shallow_;  // sorted
  std::unordered_map<Oid, Commit, OidHash> commits_;
  std::priority_queue<std::tuple<int64_t, Oid>> queue_;  // newest first
  size_t wanted_ = 0;                                    // queued and not excluded
};

}  // namespace

Range list_range(const ObjectStore& store, std::span<const Oid> include,
                 std::span<const Oid> exclude, std::span<const Oid> shallow) {
  std::vector<Oid> cut(shallow.begin(), shallow.end());
  std::sort(cut.begin(), cut.end());
  Range range;
  RangeWalk walk(store, cut);
  for (const Oid& oid : exclude) walk.start(oid, true, range);
  for (const Oid& oid : include) walk.start(oid, false, range);
  walk.run();
  walk.finish(range);
  return range;
}

}  // namespace assay
