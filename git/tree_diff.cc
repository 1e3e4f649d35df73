// Walks two sorted lists of entries side by side. Most trees of a history differ from the one
// before in one entry or two, so equal bytes are skipped, eight at a time, and only what differs is
// parsed:
//
//   before  100644 a…  100644 b…  40000 src 11…  100644 z…
//   after   100644 a…  100644 b…  40000 src 22…  100644 z…
//           └ equal ───────────────────────┘      └ equal end
//
// The difference lies inside an entry. An id may hold any byte, so where an entry begins is known
// only from the front: its start is found by going from name to name. At the end it is known that
// both sides are at the start of an entry, with equally many bytes left, all of them equal. Equal
// bytes that are no whole entry are looked at again with the next one, so the time stays linear.
//
// Depth is bounded, and so is the recursion.
#include "git/tree_diff.h"

#include <algorithm>

namespace assay {
namespace {

size_t common_front(std::string_view a, std::string_view b) {
  const size_t most = std::min(a.size(), b.size());
  size_t at = 0;
  for (; at + sizeof(uint64_t) <= most; at += sizeof(uint64_t)) {
    if (std::memcmp(a.data() + at, b.data() + at, sizeof(uint64_t)) != 0) break;
  }
  while (at < most && a[at] == b[at]) ++at;
  return at;
}

size_t common_end(std::string_view a, std::string_view b) {
  const size_t most = std::min(a.size(), b.size());
  const char* a_end = a.data() + a.size();
  const char* b_end = b.data() + b.size();
  size_t count = 0;
  for (; count + sizeof(uint64_t) <= most; count += sizeof(uint64_t)) {
    const size_t back = count + sizeof(uint64_t);
    if (std::memcmp(a_end - back, b_end - back, sizeof(uint64_t)) != 0) break;
  }
  while (count < most &&
         a_end[-1 - static_cast<ptrdiff_t>(count)] == b_end[-1 - static_cast<ptrdiff_t>(count)]) {
    ++count;
  }
  return count;
}

// Where the last entry begins that starts at or before `offset`, or the first that has no end.
size_t entry_start(std::string_view tree, size_t offset) {
  size_t start = 0;
  while (true) {
    const size_t name_end = tree.find('\0', start);
    if (name_end == std::string_view::npos) return start;
    const size_t next = name_end + 1 + Oid::kSize;
    if (next > offset || next > tree.size()) return start;
    start = next;
  }
}

// The order of git's trees: a folder sorts as if its name ended in `/`.
int compare_names(const TreeEntry& a, const TreeEntry& b) {
  const size_t common = std::min(a.name.size(), b.name.size());
  const int order = std::memcmp(a.name.data(), b.name.data(), common);
  if (order != 0) return order;
  const auto next = [&](const TreeEntry& entry) {
    if (entry.name.size() > common)
      return static_cast<int>(static_cast<unsigned char>(entry.name[common]));
    return entry.is_tree() ? static_cast<int>('/') : 0;
  };
  const int difference = next(a) - next(b);
  if (difference != 0) return difference;
  // Only forged names, which hold a `/`, come here unequal.
  if (a.is_tree() != b.is_tree()) return a.is_tree() ? 1 : -1;
  return a.name.size() < b.name.size() ? -1 : a.name.size() > b.name.size() ? 1 : 0;
}

// One of the two trees, from the entry on that is next.
struct Side {
  std::string_view rest;
  std::string_view behind;  // the entry, once it is parsed
  std::optional<TreeEntry> entry;

  void parse() {
    behind = rest;
    entry = next_entry(behind);
  }
  const TreeEntry* get() const { return entry ? &*entry : nullptr; }
  bool damaged() const { return !entry && !rest.empty(); }
};

}  // namespace

TreesCompared compare_trees(
    std::string_view before, std::string_view after,
    const std::function<bool(const TreeEntry* before, const TreeEntry* after)>& difference) {
  Side old{before, before, {}};
  Side now{after, after, {}};
  const size_t same_end = common_end(before, after);
  while (true) {
    const size_t same = entry_start(now.rest, common_front(old.rest, now.rest));
    old.rest.remove_prefix(same);
    now.rest.remove_prefix(same);
    if (old.rest.size() == now.rest.size() && old.rest.size() <= same_end) return {};
    old.parse();
    now.parse();
    if (now.damaged() || (!old.entry && !now.entry)) break;
    const int order = !old.entry ? 1 : !now.entry ? -1 : compare_names(*old.entry, *now.entry);
    // Still equal where the mode is written in two ways.
    const bool equal =
        order == 0 && old.entry->oid == now.entry->oid && old.entry->mode == now.entry->mode;
    if (!equal && !difference(order <= 0 ? old.get() : nullptr, order >= 0 ? now.get() : nullptr)) {
      return {true, false, false};
    }
    if (order <= 0) old.rest = old.behind;
    if (order >= 0) now.rest = now.behind;
  }
  return {false, old.damaged(), now.damaged()};
}

TreeDiff::TreeDiff(Read read, Same same) : read_(std::move(read)), same_(std::move(same)) {}

bool TreeDiff::run(const Oid& before, const Oid& after, const Entry& entry,
                   const Missing& missing) {
  entry_ = &entry;
  missing_ = &missing;
  path_.clear();
  depth_ = 0;
  open_bytes_ = 0;
  return enter(before, after);
}

bool TreeDiff::enter(const Oid& before, const Oid& after) {
  if (before == after || (same_ && same_(before, after))) return true;
  if (depth_ == kMostDepth) {
    (*missing_)(after.is_zero() ? before : after, "it lies too deep");
    return true;
  }
  const uint64_t opened = open_bytes_;
  Object old, now;
  bool going_on = true;
  ++depth_;
  if (open(after, now)) {
    open(before, old);
    bytes_ += old.view().size() + now.view().size();
    const TreesCompared compared =
        bytes_ > limit_
            ? TreesCompared{true, false, false}
            : compare_trees(old.view(), now.view(), [&](const TreeEntry* was, const TreeEntry* is) {
                return tell(was, is);
              });
    if (compared.before_damaged) (*missing_)(before, "it is damaged");
    if (compared.after_damaged) (*missing_)(after, "it is damaged");
    going_on = !compared.stopped;
  }
  --depth_;
  open_bytes_ = opened;
  return going_on;
}

// False if it cannot be read, which is told. The empty tree has no object.
bool TreeDiff::open(const Oid& oid, Object& object) {
  if (oid.is_zero()) return true;
  std::string reason;
  auto found = read_(oid, reason);
  if (found && open_bytes_ + found->view().size() > kMostOpen) {
    found.reset();
    reason = "the folders around it are too large";
  }
  if (!found) {
    (*missing_)(oid, reason);
    return false;
  }
  object = std::move(*found);
  open_bytes_ += object.view().size();
  return true;
}

// Tells of an entry and, if it is a folder, of what is in it.
bool TreeDiff::tell(const TreeEntry* before, const TreeEntry* after) {
  const TreeEntry& any = before != nullptr ? *before : *after;
  const size_t length = path_.size();
  if (length + 1 + any.name.size() > kMostPath) {
    (*missing_)(any.oid, "its path is too long");
    return true;
  }
  if (length != 0) path_ += '/';
  path_ += any.name;
  const Answer answer = (*entry_)(path_, before, after);
  bool going_on = answer != Answer::stop;
  if (answer == Answer::enter && any.is_tree()) {
    going_on =
        enter(before != nullptr ? before->oid : Oid{}, after != nullptr ? after->oid : Oid{});
  }
  path_.resize(length);
  return going_on;
}

}  // namespace assay
