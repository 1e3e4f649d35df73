// The objects of a pack form trees: below each whole object those that are deltas of it, below them
// their deltas. A worker takes a whole object and goes down its tree, depth first, with the texts
// of the way down on a stack. A worker with nothing left takes a subtree off another's stack and
// inflates the way to it once more.
#include "git/pack_walk.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "git/pack_layout.h"
#include "scanner/scan_crew.h"

namespace assay {

namespace {

constexpr uint32_t kNobody = UINT32_MAX;
constexpr size_t kMostSpare = 8;
constexpr size_t kMostSpareBytes = size_t{4} << 20;  // each

struct Problem {
  uint64_t offset;
  const char* what;
  friend bool operator<(const Problem& a, const Problem& b) { return a.offset < b.offset; }
};

// What the workers share.
class Walk {
 public:
  Walk(const ObjectStore& the_store, const Pack& the_pack, const WalkOptions& the_options,
       unsigned threads, const std::function<bool(const Oid&)>& is_wanted,
       const std::atomic<bool>& the_stop)
      : store(the_store),
        pack(the_pack),
        layout(the_pack, threads),
        wanted(is_wanted),
        options(the_options),
        most(the_options.most + the_options.ratio * the_pack.size()),
        held_each(the_options.held / threads),
        seen(layout.count()),
        stop_(the_stop),
        workers_(threads) {}

  // The next subtree to go down, by its topmost object. Waits while others may give some away;
  // kNobody at the end.
  uint32_t next() {
    if (const uint32_t root = next_root(); root != kNobody) return root;
    std::unique_lock lock(mutex_);
    ++waiting_;
    idle.store(true, std::memory_order_relaxed);
    given_away_.wait(lock, [&] { return !given_.empty() || waiting_ == workers_ || ended(); });
    if (given_.empty()) {
      given_away_.notify_all();
      return kNobody;
    }
    const uint32_t node = given_.front();
    given_.pop_front();
    --waiting_;
    idle.store(waiting_ > given_.size(), std::memory_order_relaxed);
    return node;
  }

  void give(uint32_t node) {
    const std::lock_guard lock(mutex_);
    given_.push_back(node);
    idle.store(waiting_ > given_.size(), std::memory_order_relaxed);
    given_away_.notify_one();
  }

  bool ended() const {
    return failed.load(std::memory_order_relaxed) || bomb.load(std::memory_order_relaxed) ||
           stop_.load(std::memory_order_relaxed);
  }
  void wake() {
    const std::lock_guard lock(mutex_);
    given_away_.notify_all();
  }

  // False if the pack's objects inflate to more than they may.
  bool spend(uint64_t bytes) {
    if (spent_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= most) return true;
    bomb = true;
    return false;
  }

  const ObjectStore& store;
  const Pack& pack;
  const PackLayout layout;
  const std::function<bool(const Oid&)>& wanted;
  const WalkOptions& options;
  const uint64_t most;
  const uint64_t held_each;
  std::atomic<bool> failed{false};  // a worker threw
  std::atomic<bool> bomb{false};
  std::atomic<bool> idle{false};  // somebody waits for a subtree
  std::vector<uint8_t> seen;      // by object; each is one worker's

 private:
  uint32_t next_root() {
    while (!ended()) {
      const uint64_t index = next_.fetch_add(1, std::memory_order_relaxed);
      if (index >= layout.count()) return kNobody;
      const auto node = static_cast<uint32_t>(index);
      if (layout.base(node) >= PackLayout::kDamaged) return node;
    }
    return kNobody;
  }

  const std::atomic<bool>& stop_;
  const unsigned workers_;
  std::atomic<uint64_t> next_{0};
  std::atomic<uint64_t> spent_{0};
  std::mutex mutex_;
  std::condition_variable given_away_;
  std::deque<uint32_t> given_;
  unsigned waiting_ = 0;
};

class Worker {
 public:
  Worker(Walk& walk, ObjectVisitor& visitor)
      : walk_(walk), visitor_(visitor), reader_(walk.store) {}

  void run() {
    for (uint32_t node; (node = walk_.next()) != kNobody;) go_down(node);
  }

  std::vector<Problem> problems;

 private:
  // An object whose deltas are being visited.
  struct Frame {
    uint32_t node = 0;
    uint32_t next_child = 0;
    ObjectType type = ObjectType::none;
    bool released = false;
    Bytes text;
    Carried carried;
  };

  void go_down(uint32_t top);
  void visit_whole(uint32_t node);
  void visit_large(uint32_t node, const PackEntry& entry);
  void visit_elsewhere(uint32_t node);
  void visit_delta(uint32_t node);
  void share_children(const Frame& current);
  std::optional<Bytes> undo_delta(uint32_t node, std::string_view base, bool note_copies);
  std::optional<Bytes> rebuild(uint32_t node, ObjectType& type);
  void look_at(uint32_t node, ObjectType type, Bytes text, const Carried* base);
  void push(uint32_t node, ObjectType type, Bytes text);
  void pop();
  void release_some();
  void check_crc(uint32_t node);
  void saw(uint32_t node) { walk_.seen[node] = 1; }
  void complain(uint32_t node, const char* what) {
    problems.push_back({walk_.layout.offset(node), what});
  }
  bool is_wanted(uint32_t node) const {
    return walk_.wanted(walk_.pack.oid(walk_.layout.position(node)));
  }

  Bytes take_buffer(uint64_t size);
  void give_back(Bytes&& bytes);

  Walk& walk_;
  ObjectVisitor& visitor_;
  ObjectStore::Reader reader_;  // for bases that stand elsewhere
  Inflater inflater_;
  std::vector<Frame> frames_;
  uint64_t held_ = 0;
  std::vector<CopiedRange> copied_;
  Carried own_;
  Bytes delta_;  // room, reused
  // Freed texts, to be used again: fresh memory costs a page fault for each 4 KiB.
  std::vector<Bytes> spare_;
};

void Worker::go_down(uint32_t top) {
  const uint32_t base = walk_.layout.base(top);
  if (base == PackLayout::kDamaged) return complain(top, "no object can be read there");
  if (base == PackLayout::kWhole) {
    visit_whole(top);
  } else if (base == PackLayout::kElsewhere) {
    visit_elsewhere(top);
  } else {
    ObjectType type = ObjectType::none;
    auto text = rebuild(base, type);
    if (!text) return;  // told when the base was visited
    own_.clear();       // what is left there is of another object
    push(base, type, std::move(*text));
    frames_.back().next_child = UINT32_MAX;
    visit_delta(top);
  }
  while (!frames_.empty()) {
    if (walk_.ended()) {
      walk_.wake();
      frames_.clear();
      held_ = 0;
      return;
    }
    Frame& frame = frames_.back();
    const auto children = walk_.layout.children(frame.node);
    if (frame.next_child >= children.size()) {
      pop();
    } else {
      share_children(frame);
      visit_delta(children[frame.next_child++]);
    }
  }
}

// Gives a subtree away if somebody waits: the next of the topmost object that has one left besides
// the one that this worker goes on with.
void Worker::share_children(const Frame& current) {
  if (!walk_.idle.load(std::memory_order_relaxed)) return;
  for (Frame& frame : frames_) {
    const auto children = walk_.layout.children(frame.node);
    const uint64_t own = &frame == &current ? 1 : 0;
    if (frame.next_child + own >= children.size()) continue;
    return walk_.give(children[frame.next_child++]);
  }
}

void Worker::visit_whole(uint32_t node) {
  PackEntry entry;
  std::string reason;
  if (!walk_.pack.read_entry(walk_.layout.offset(node), entry, reason)) {
    return complain(node, "no object can be read there");
  }
  check_crc(node);
  const bool has_deltas = !walk_.layout.children(node).empty();
  const bool wanted = is_wanted(node);
  if (!wanted && !has_deltas) return saw(node);
  const bool streamed = wanted && entry.size > walk_.options.large;
  if (streamed) visit_large(node, entry);
  if (streamed && !has_deltas) return saw(node);
  if (entry.size > ObjectStore::kMostObject) {
    saw(node);
    return complain(node, "it is too large to be the base of others");
  }
  if (!walk_.spend(entry.size)) return;
  Bytes text = take_buffer(entry.size);
  if (!inflater_.inflate(walk_.pack.from(entry.data), text.data.get(), text.size)) {
    return complain(node, "its compressed bytes are damaged");
  }
  if (!streamed) return look_at(node, entry.type, std::move(text), nullptr);
  saw(node);
  own_.clear();
  push(node, entry.type, std::move(text));
}

void Worker::visit_large(uint32_t node, const PackEntry& entry) {
  if (!walk_.spend(entry.size)) return;
  const auto stream = stream_inflated(
      walk_.pack.from(entry.data), 0, entry.size,
      walk_.pack.damage(walk_.layout.offset(node), "its compressed bytes are damaged"));
  visitor_.visit_large(walk_.pack.oid(walk_.layout.position(node)), entry.type, *stream);
  if (stream->failure()) complain(node, "its compressed bytes are damaged");
}

void Worker::visit_elsewhere(uint32_t node) {
  PackEntry entry;
  std::string reason;
  if (!walk_.pack.read_entry(walk_.layout.offset(node), entry, reason)) {
    return complain(node, "no object can be read there");
  }
  const auto base = reader_.read(entry.base, reason);
  if (!base) return complain(node, "the base of its delta is missing or damaged");
  if (auto text = undo_delta(node, base->view(), false)) {
    look_at(node, base->type, std::move(*text), nullptr);
  }
}

void Worker::visit_delta(uint32_t node) {
  if (!is_wanted(node) && walk_.layout.children(node).empty()) return saw(node);
  Frame& frame = frames_.back();
  if (frame.released) {
    auto text = rebuild(frame.node, frame.type);
    if (!text) return complain(node, "the base of its delta is missing or damaged");
    frame.text = std::move(*text);
    frame.released = false;
    held_ += frame.text.size;
  }
  auto text = undo_delta(node, frame.text.view(), true);
  if (text) look_at(node, frame.type, std::move(*text), &frame.carried);
}

// The text of a delta's object. Tells what is wrong.
std::optional<Bytes> Worker::undo_delta(uint32_t node, std::string_view base, bool note_copies) {
  PackEntry entry;
  std::string reason;
  if (!walk_.pack.read_entry(walk_.layout.offset(node), entry, reason)) {
    complain(node, "no object can be read there");
    return std::nullopt;
  }
  check_crc(node);
  if (entry.size > ObjectStore::kMostObject) {
    complain(node, "it is too large");
    return std::nullopt;
  }
  if (!walk_.spend(entry.size)) return std::nullopt;
  if (delta_.room < entry.size || delta_.room > kMostSpareBytes) {
    delta_ = Bytes::of_size(std::max<uint64_t>(entry.size, 4096));
  }
  if (!inflater_.inflate(walk_.pack.from(entry.data), delta_.data.get(), entry.size)) {
    complain(node, "its compressed bytes are damaged");
    return std::nullopt;
  }
  std::string_view instructions(delta_.data.get(), entry.size);
  const auto header = read_delta_header(instructions);
  if (!header || header->base_size != base.size()) {
    complain(node, "its delta does not fit its base");
    return std::nullopt;
  }
  if (header->result_size > ObjectStore::kMostObject) {
    complain(node, "it is too large");
    return std::nullopt;
  }
  if (!walk_.spend(header->result_size)) return std::nullopt;
  Bytes text = take_buffer(header->result_size);
  copied_.clear();
  if (!apply_delta(instructions, base, text.data.get(), text.size,
                   note_copies ? &copied_ : nullptr)) {
    complain(node, "its delta is damaged");
    return std::nullopt;
  }
  return text;
}

// The text of an object that was visited before, inflated again from the whole one on.
std::optional<Bytes> Worker::rebuild(uint32_t node, ObjectType& type) {
  std::vector<uint32_t> chain{node};
  while (walk_.layout.base(chain.back()) < PackLayout::kDamaged) {
    chain.push_back(walk_.layout.base(chain.back()));
  }
  PackEntry entry;
  std::string reason;
  if (!walk_.pack.read_entry(walk_.layout.offset(chain.back()), entry, reason)) return std::nullopt;
  std::optional<Bytes> text;
  const size_t told = problems.size();
  if (!entry.is_delta()) {
    if (entry.size > ObjectStore::kMostObject || !walk_.spend(entry.size)) return std::nullopt;
    type = entry.type;
    text = take_buffer(entry.size);
    if (!inflater_.inflate(walk_.pack.from(entry.data), text->data.get(), text->size)) text.reset();
  } else if (const auto base = reader_.read(entry.base, reason)) {
    type = base->type;
    text = undo_delta(chain.back(), base->view(), false);
  }
  for (chain.pop_back(); text && !chain.empty(); chain.pop_back()) {
    auto next = undo_delta(chain.back(), text->view(), false);
    give_back(std::move(*text));
    text = std::move(next);
  }
  problems.resize(told);  // told at the first visit
  return text;
}

void Worker::look_at(uint32_t node, ObjectType type, Bytes text, const Carried* base) {
  const Oid oid = walk_.pack.oid(walk_.layout.position(node));
  own_.clear();
  if (walk_.wanted(oid)) {
    const bool carries = base != nullptr && base->known;
    visitor_.visit(oid, type, text.view(), carries ? base : nullptr, copied_, own_);
  }
  saw(node);
  if (walk_.layout.children(node).empty()) {
    give_back(std::move(text));
  } else {
    push(node, type, std::move(text));
  }
}

void Worker::push(uint32_t node, ObjectType type, Bytes text) {
  held_ += text.size;
  frames_.push_back({node, 0, type, false, std::move(text), std::move(own_)});
  own_ = {};
  release_some();
}

void Worker::pop() {
  Frame& frame = frames_.back();
  if (!frame.released) {
    held_ -= frame.text.size;
    give_back(std::move(frame.text));
  }
  own_ = std::move(frame.carried);  // its memory is used again
  frames_.pop_back();
}

// The bases at the top of the tree are the ones that will not be needed for longest.
void Worker::release_some() {
  for (size_t i = 0; held_ > walk_.held_each && i + 1 < frames_.size(); ++i) {
    Frame& frame = frames_[i];
    if (frame.released) continue;
    held_ -= frame.text.size;
    frame.text = {};
    frame.released = true;
  }
}

void Worker::check_crc(uint32_t node) {
  const auto wanted = walk_.pack.crc(walk_.layout.position(node));
  if (!wanted) return;
  const uint64_t offset = walk_.layout.offset(node);
  const std::string_view bytes = walk_.pack.from(offset).substr(0, walk_.layout.end(node) - offset);
  if (libdeflate_crc32(0, bytes.data(), bytes.size()) != *wanted) {
    complain(node, "its bytes do not fit the checksum in the index");
  }
}

// Room for `size` bytes, out of what was given back if there is some that fits well.
Bytes Worker::take_buffer(uint64_t size) {
  for (size_t i = spare_.size(); i-- > 0;) {
    if (spare_[i].room < size + kDeltaSlack || spare_[i].room / 4 > size + 1024) continue;
    Bytes bytes = std::move(spare_[i]);
    spare_.erase(spare_.begin() + static_cast<std::ptrdiff_t>(i));
    bytes.size = size;
    return bytes;
  }
  Bytes bytes = Bytes::of_size(size + size / 4 + kDeltaSlack);
  bytes.size = size;
  return bytes;
}

void Worker::give_back(Bytes&& bytes) {
  if (bytes.room > kMostSpareBytes) return;
  if (spare_.size() == kMostSpare) spare_.erase(spare_.begin());
  spare_.push_back(std::move(bytes));
}

void tell(const Pack& pack, std::vector<Problem>& all, const ObjectStore::Problems& problems) {
  std::stable_sort(all.begin(), all.end());
  std::string reason;
  for (size_t i = 0; i < std::min(all.size(), kMostTold); ++i) {
    PackEntry entry;
    const bool readable = pack.read_entry(all[i].offset, entry, reason);
    problems(pack.damage(all[i].offset, readable ? std::string_view(all[i].what) : reason));
  }
  if (all.size() > kMostTold) {
    problems({Diagnostic::Kind::unreadable, pack.path(),
              fmt::format("{} more objects of the pack are damaged", all.size() - kMostTold),
              "See what `git fsck` says."});
  }
}

}  // namespace

void walk_pack(const ObjectStore& store, const Pack& pack, std::span<ObjectVisitor* const> visitors,
               const std::function<bool(const Oid&)>& wanted, const WalkOptions& options,
               const ObjectStore::Problems& problems, const std::atomic<bool>& stop) {
  if (const std::string fault = pack.fault(); !fault.empty()) {
    problems({Diagnostic::Kind::unreadable, pack.path(), fault,
              "Fetch the repository again, or see what `git fsck` says."});
  }
  const auto threads = static_cast<unsigned>(visitors.size());
  Walk walk(store, pack, options, threads, wanted, stop);
  std::vector<std::unique_ptr<Worker>> workers;
  for (ObjectVisitor* visitor : visitors)
    workers.push_back(std::make_unique<Worker>(walk, *visitor));
  run_crew(
      threads, [&](unsigned i) { workers[i]->run(); },
      [&] {
        walk.failed = true;
        walk.wake();
      });
  std::vector<Problem> all;
  for (const auto& worker : workers) {
    all.insert(all.end(), worker->problems.begin(), worker->problems.end());
  }
  tell(pack, all, problems);
  if (stop) return;
  if (walk.bomb) {
    problems({Diagnostic::Kind::limit, pack.path(),
              fmt::format("its objects inflate to more than {} bytes", walk.most),
              "Look at it with `git verify-pack -v`: no honest pack is so dense."});
    return;
  }
  const auto first = std::find(walk.seen.begin(), walk.seen.end(), 0);
  if (first == walk.seen.end()) return;
  const auto unseen = std::count(first, walk.seen.end(), 0);
  problems({Diagnostic::Kind::unreadable, pack.path(),
            fmt::format("{} of its {} objects cannot be read, the first of them at offset {}: they "
                        "or what they are deltas of are damaged",
                        unseen, walk.layout.count(),
                        walk.layout.offset(static_cast<uint32_t>(first - walk.seen.begin()))),
            "Fetch the repository again, or see what `git fsck` says."});
}

}  // namespace assay
