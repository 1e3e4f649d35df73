// What the commits of a range add, before anything is known of keys: blobs that no parent has at
// that path, and new names.
#include <algorithm>

#include "git/new_names.h"
#include "git/repository_scan.h"
#include "git/tree_diff.h"

namespace assay {

void RepositoryScan::tell_range(const Range& range) {
  if (!range.missing.empty()) {
    say({Diagnostic::Kind::unreadable, "",
         fmt::format("{} of the range cannot be read: {}", plural(range.missing.size(), "commit"),
                     few(range.missing, [](const Oid& oid) { return oid.hex(); })),
         "Fetch them, or see what `git fsck` says.",
         run_.history.accept_missing && repository_.is_partial()});
  }
  if (!range.shallow.empty()) {
    say({Diagnostic::Kind::skipped, "",
         fmt::format("the clone is shallow: {} of the range {} where its history ends",
                     plural(range.shallow.size(), "commit"),
                     range.shallow.size() == 1 ? "is" : "are"),
         "Run `git fetch --unshallow`, or accept it with --accept-missing.",
         run_.history.accept_missing});
  }
}

void RepositoryScan::search_range(const Range& range, std::span<const Oid> shallow) {
  ObjectStore::Reader reader(store_);
  Commits commits;
  std::string reason;
  for (const auto* list : {&range.commits, &range.boundary}) {
    for (const Oid& oid : *list) {
      if (const auto object = reader.read(oid, ObjectType::commit, reason)) {
        commits.add(oid, object->view());
      }
    }
  }
  commits.finish(shallow);
  in_range_.resize(commits.size());
  for (const Oid& oid : range.commits) {
    if (const uint32_t rank = commits.find(oid); rank != Commits::kNone) in_range_[rank] = true;
  }
  found_.history = std::move(commits);

  Added added = list_added(range);
  TreesReached trees(store_);
  for (const Oid& tree : range.trees) trees.add(tree);
  tell_cut(trees);
  added.objects.insert(added.objects.end(), trees.objects.begin(), trees.objects.end());
  reached_ = std::move(trees.objects);
  reached_.insert(range.blobs.begin(), range.blobs.end());
  reached_names_ = std::move(trees.names);
  SearchResult result = search_some(store_, added.objects, added.names, run_.rules, run_.prefilter,
                                    search_options(), problems(), run_.stop);
  take_stats(result);
  std::set<Oid> old;
  for (const auto& [now, before] : added.replaced) {
    if (result.blobs.contains(now) && !result.blobs.contains(before)) old.insert(before);
  }
  const std::vector<Oid> replaced(old.begin(), old.end());
  replaced_ = search_some(store_, replaced, {}, run_.rules, run_.prefilter, search_options(),
                          problems(), run_.stop)
                  .blobs;
  result.history = std::move(found_.history);
  found_ = std::move(result);
}

// What one commit has that none of its parents has at that path.
class RepositoryScan::CommitAdditions {
 public:
  explicit CommitAdditions(const ObjectStore& store)
      : reader_(store), diff_([this](const Oid& oid, std::string& reason) {
          return reader_.read(oid, ObjectType::tree, reason);
        }) {
    diff_.set_limit(kMostTreeBytes);
  }

  void look_at(const Commits& commits, uint32_t rank) {
    changes_.clear();
    std::vector<Oid> trees;
    for (const uint32_t parent : commits.parents(rank)) trees.push_back(commits.tree(parent));
    if (trees.empty()) trees.emplace_back();  // against nothing
    for (const Oid& tree : trees) compare(tree, commits.tree(rank));
    for (const auto& [path, change] : changes_) {
      if (change.before.size() == trees.size()) take(path, change);
    }
  }

  std::set<Oid> blobs;
  std::set<std::string> names;
  std::set<std::pair<Oid, Oid>> replaced;
  std::set<Oid> missing;  // trees
  bool cut = false;       // the trees are too many

 private:
  // A chain of small trees can stand for more paths than anyone can look at.
  static constexpr uint64_t kMostTreeBytes = uint64_t{4} << 30;

  struct Change {
    Oid now;
    std::vector<Oid> before;  // of the parents that differ; zero: nothing
  };

  void compare(const Oid& before, const Oid& after) {
    const auto differs = [&](std::string_view path, const TreeEntry* old, const TreeEntry* now) {
      if (now != nullptr && !now->is_tree() && !now->is_submodule()) {
        Change& change = changes_[std::string(path)];
        change.now = now->oid;
        change.before.push_back(old != nullptr ? old->oid : Oid());
      }
      return TreeDiff::Answer::enter;
    };
    const bool whole = diff_.run(before, after, differs,
                                 [&](const Oid& oid, const std::string&) { missing.insert(oid); });
    cut = cut || !whole;
  }

  void take(const std::string& path, const Change& change) {
    blobs.insert(change.now);
    bool is_new = true;
    for (const Oid& before : change.before) {
      if (before.is_zero()) continue;
      is_new = false;
      replaced.emplace(change.now, before);
    }
    for (size_t begin = 0; is_new && begin <= path.size();) {
      const size_t end = std::min(path.find('/', begin), path.size());
      if (end - begin >= kLeastName) names.insert(path.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  ObjectStore::Reader reader_;
  TreeDiff diff_;
  std::map<std::string, Change> changes_;
};

// The range's commits and tags, the blobs that differ from what every parent has at their path, and
// new parts of paths.
Added RepositoryScan::list_added(const Range& range) {
  CommitAdditions additions(store_);
  for (uint32_t rank = 0; rank < found_.history.size() && !run_.stop && !additions.cut; ++rank) {
    if (in_range_[rank]) additions.look_at(found_.history, rank);
  }
  if (!additions.missing.empty()) {
    say({Diagnostic::Kind::unreadable, "",
         fmt::format("{} of the range cannot be read: {}", plural(additions.missing.size(), "tree"),
                     few(additions.missing, [](const Oid& oid) { return oid.hex(); })),
         "Fetch the repository again, or see what `git fsck` says.",
         run_.history.accept_missing && repository_.is_partial()});
  }
  if (additions.cut) {
    say({Diagnostic::Kind::limit, "", "the folders of the range are too many to compare",
         "Scan smaller ranges, or the whole history."});
  }
  Added added;
  added.objects = range.commits;
  added.objects.insert(added.objects.end(), range.tags.begin(), range.tags.end());
  additions.blobs.insert(range.blobs.begin(), range.blobs.end());
  added.objects.insert(added.objects.end(), additions.blobs.begin(), additions.blobs.end());
  added.names.assign(additions.names.begin(), additions.names.end());
  added.replaced.assign(additions.replaced.begin(), additions.replaced.end());
  return added;
}

}  // namespace assay
