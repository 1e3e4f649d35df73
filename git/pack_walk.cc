// The objects of a pack form trees: below each whole object those that are deltas of it, below them
// their deltas. A worker takes a whole object and goes down its tree, depth first, with the texts
// of the way down on a stack; a text is dropped when the last of its deltas is made. A worker with
// nothing left is given a subtree off another's stack, with a copy of the text that it starts from.
//
// Large texts are held by one worker at a time, which has the token `large`. Who has it waits for
// nobody, and gives it back when the last of its large texts is gone.
#include "git/pack_walk.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include "git/pack_budget.h"
#include "git/pack_layout.h"
#include "scanner/scan_crew.h"

namespace assay {

namespace {

constexpr uint32_t kNobody = UINT32_MAX;
constexpr size_t kMostSpare = 8;
constexpr size_t kMostSpareBytes = size_t{4} << 20;  // each
constexpr uint64_t kAloneInAll = uint64_t{128} << 20;

// What became of an object.
enum class Fate : uint8_t {
  none,        // not reached: it or a base of it is damaged
  seen,        // or not wanted
  beyond,      // left out, with its deltas: the pack inflates to too much
  too_costly,  // left out, with its deltas: too large, or no memory or work left for it
};

struct Problem {
  uint64_t offset;
  const char* what;
  bool limit;
  friend bool operator<(const Problem& a, const Problem& b) { return a.offset < b.offset; }
};

// A subtree to go down, by its topmost object.
struct Subtree {
  uint32_t node = kNobody;
  ObjectType type = ObjectType::none;
  Bytes base;       // text of the base, if that was at hand
  Carried carried;  // of the base
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
        alone(std::min(the_options.alone, kAloneInAll / threads)),
        fates(layout.count(), Fate::none),
        stop_(the_stop),
        workers_(threads) {}

  // The next subtree to go down. Waits while others may give some away; kNobody at the end.
  Subtree next() {
    if (const uint32_t root = next_root(); root != kNobody) {
      Subtree subtree;
      subtree.node = root;
      return subtree;
    }
    std::unique_lock lock(mutex_);
    ++waiting_;
    idle.store(true, std::memory_order_relaxed);
    given_away_.wait(lock, [&] { return !given_.empty() || waiting_ == workers_ || ended(); });
    if (given_.empty()) {
      given_away_.notify_all();
      return {};
    }
    Subtree subtree = std::move(given_.front());
    given_.pop_front();
    --waiting_;
    idle.store(waiting_ > given_.size(), std::memory_order_relaxed);
    return subtree;
  }

  void give(Subtree subtree) {
    const std::lock_guard lock(mutex_);
    given_.push_back(std::move(subtree));
    idle.store(waiting_ > given_.size(), std::memory_order_relaxed);
    given_away_.notify_one();
  }

  bool ended() const {
    return failed.load(std::memory_order_relaxed) || stop_.load(std::memory_order_relaxed);
  }
  void wake() {
    const std::lock_guard lock(mutex_);
    given_away_.notify_all();
  }

  // Whether the object may be inflated; asked once for each. Most packs never come near the limit.
  // In those that do, what is left out is chosen by the layout alone, not by who comes first.
  bool admit(uint32_t node, uint64_t size) {
    if (spent_.fetch_add(size, std::memory_order_relaxed) + size <= most / 2) return true;
    std::call_once(chosen_,
                   [&] { beyond = beyond_budget(pack, layout, wanted, most, options.deltas); });
    if (beyond.empty() || beyond[node] == 0) return true;
    fates[node] = Fate::beyond;
    return false;
  }

  // Whether so much may be inflated once more.
  bool admit_again(uint64_t size) {
    return spent_again_.fetch_add(size, std::memory_order_relaxed) + size <= most;
  }

  const ObjectStore& store;
  const Pack& pack;
  const PackLayout layout;
  const std::function<bool(const Oid&)>& wanted;
  const WalkOptions& options;
  const uint64_t most;
  const uint64_t held_each;
  const uint64_t alone;
  std::atomic<bool> failed{false};  // a worker threw
  std::atomic<bool> idle{false};    // somebody waits for a subtree
  std::vector<Fate> fates;          // by object; each is one worker's
  std::vector<uint8_t> beyond;      // see beyond_budget; of use once `admit` was false
  std::mutex large;                 // whose holder may hold large texts

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
  std::atomic<uint64_t> spent_again_{0};
  std::once_flag chosen_;
  std::mutex mutex_;
  std::condition_variable given_away_;
  std::deque<Subtree> given_;
  unsigned waiting_ = 0;
};

class Worker {
 public:
  Worker(Walk& walk, ObjectVisitor& visitor)
      : walk_(walk), visitor_(visitor), reader_(walk.store) {}

  void run() {
    // Here, so that the token is given back by the thread that has it, also when a visitor throws.
    std::unique_lock token(walk_.large, std::defer_lock);
    token_ = &token;
    for (Subtree top; (top = walk_.next()).node != kNobody;) {
      go_down(std::move(top));
      give_token_back();
    }
  }

  std::vector<Problem> problems;

 private:
  // An object whose deltas are being visited.
  struct Frame {
    uint32_t node = 0;
    uint32_t next_child = 0;
    uint32_t end_child = 0;  // those from here on were given away
    ObjectType type = ObjectType::none;
    bool released = false;
    Bytes text;
    Carried carried;
  };

  void go_down(Subtree top);
  void enter(Subtree top);
  void visit_whole(uint32_t node);
  void visit_large(uint32_t node, const PackEntry& entry);
  void visit_elsewhere(uint32_t node);
  void visit_delta(uint32_t node);
  void share_children(const Frame& current);
  Subtree subtree_of(const Frame& frame, uint32_t child) const;
  std::optional<Bytes> inflate_whole(uint32_t node, const PackEntry& entry);
  std::optional<Bytes> undo_delta(uint32_t node, std::string_view base, bool note_copies);
  bool inflate_delta(uint32_t node);
  std::optional<Bytes> rebuild(uint32_t node, ObjectType& type);
  void look_at(uint32_t node, ObjectType type, Bytes text, const Carried* base);
  void push(uint32_t node, ObjectType type, Bytes text);
  void pop();
  void release(Frame& frame);
  void release_some(uint64_t most);
  void check_crc(uint32_t node);
  void saw(uint32_t node) { walk_.fates[node] = Fate::seen; }
  void complain(uint32_t node, const char* what) {
    if (!again_) problems.push_back({walk_.layout.offset(node), what, false});
  }
  void leave_out(uint32_t node, const char* what) {
    if (again_) return;
    walk_.fates[node] = Fate::too_costly;
    problems.push_back({walk_.layout.offset(node), what, true});
  }
  bool is_wanted(uint32_t node) const {
    return walk_.wanted(walk_.pack.oid(walk_.layout.position(node)));
  }
  bool admit(uint32_t node, uint64_t size) {
    return again_ ? walk_.admit_again(size) : walk_.admit(node, size);
  }

  std::optional<Bytes> take_buffer(uint64_t size);
  void give_back(Bytes&& bytes);
  void take_token(uint64_t size) {
    if (size > walk_.alone && !token_->owns_lock()) token_->lock();
  }
  void give_token_back();

  Walk& walk_;
  ObjectVisitor& visitor_;
  ObjectStore::Reader reader_;  // for bases that stand elsewhere
  Inflater inflater_;
  std::vector<Frame> frames_;
  std::unique_lock<std::mutex>* token_ = nullptr;  // of run()
  uint64_t held_ = 0;
  bool again_ = false;  // what is inflated was visited before, and its damage told
  std::vector<CopiedRange> copied_;
  Carried own_;
  Bytes delta_;  // room, reused
  // Freed texts, to be used again: fresh memory costs a page fault for each 4 KiB.
  std::vector<Bytes> spare_;
  Bytes large_spare_;  // up to what may be held by several threads
};

void Worker::go_down(Subtree top) {
  enter(std::move(top));
  while (!frames_.empty()) {
    if (walk_.ended()) {
      walk_.wake();
      frames_.clear();
      held_ = 0;
      return;
    }
    give_token_back();
    Frame& frame = frames_.back();
    if (frame.next_child >= frame.end_child) {
      pop();
    } else {
      share_children(frame);
      visit_delta(walk_.layout.children(frame.node)[frame.next_child++]);
    }
  }
}

void Worker::enter(Subtree top) {
  const uint32_t base = walk_.layout.base(top.node);
  if (base == PackLayout::kDamaged) return complain(top.node, "no object can be read there");
  if (base == PackLayout::kWhole) return visit_whole(top.node);
  if (base == PackLayout::kElsewhere) return visit_elsewhere(top.node);
  const bool released = top.base.data == nullptr;
  held_ += top.base.size;
  frames_.push_back({base, 0, 0, top.type, released, std::move(top.base), std::move(top.carried)});
  visit_delta(top.node);
}

// Gives a subtree away if somebody waits: the largest of the topmost object that has one left
// besides the one that this worker goes on with.
void Worker::share_children(const Frame& current) {
  if (!walk_.idle.load(std::memory_order_relaxed)) return;
  for (Frame& frame : frames_) {
    const uint32_t own = &frame == &current ? 1 : 0;
    if (frame.next_child + own >= frame.end_child || frame.text.size > walk_.alone) continue;
    return walk_.give(subtree_of(frame, walk_.layout.children(frame.node)[--frame.end_child]));
  }
}

// A copy of the base's text is cheaper than to inflate all the way to it again.
Subtree Worker::subtree_of(const Frame& frame, uint32_t child) const {
  Subtree subtree;
  subtree.node = child;
  subtree.type = frame.type;
  if (frame.released) return subtree;
  try {
    Bytes text = Bytes::of_size(frame.text.size + kDeltaSlack);
    text.size = frame.text.size;
    std::memcpy(text.data.get(), frame.text.data.get(), text.size);
    subtree.carried = frame.carried;
    subtree.base = std::move(text);
  } catch (const std::bad_alloc&) {
    subtree.carried.clear();
  }
  return subtree;
}

// Returns the token if no large text is left.
void Worker::give_token_back() {
  if (!token_->owns_lock()) return;
  for (const Frame& frame : frames_) {
    if (frame.text.size > walk_.alone) return;
  }
  if (delta_.room > walk_.alone) delta_ = {};
  token_->unlock();
}

void Worker::visit_whole(uint32_t node) {
  PackEntry entry;
  std::string reason;
  if (!walk_.pack.read_entry(walk_.layout.offset(node), entry, reason)) {
    return complain(node, "no object can be read there");
  }
  check_crc(node);
  const auto deltas = walk_.layout.children(node);
  const bool wanted = is_wanted(node);
  if (!wanted && deltas.empty()) return saw(node);
  if (!walk_.admit(node, entry.size)) return;
  const bool streamed = wanted && entry.size > std::min(walk_.options.large, walk_.options.deltas);
  if (streamed) visit_large(node, entry);
  if (streamed && deltas.empty()) return saw(node);
  if (!deltas.empty() && entry.size > walk_.options.deltas) {
    leave_out(node, "it is too large to be the base of others");
    for (const uint32_t delta : deltas) walk_.fates[delta] = Fate::too_costly;
    return saw(node);
  }
  auto text = inflate_whole(node, entry);
  if (!text) return;
  if (!streamed) return look_at(node, entry.type, std::move(*text), nullptr);
  saw(node);
  own_.clear();
  push(node, entry.type, std::move(*text));
}

std::optional<Bytes> Worker::inflate_whole(uint32_t node, const PackEntry& entry) {
  take_token(entry.size);
  auto text = take_buffer(entry.size);
  if (!text) {
    leave_out(node, "there is not enough memory for it");
  } else if (!inflater_.inflate(walk_.pack.from(entry.data), text->data.get(), text->size)) {
    complain(node, "its compressed bytes are damaged");
    text.reset();
  }
  return text;
}

void Worker::visit_large(uint32_t node, const PackEntry& entry) {
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
  take_token(UINT64_MAX);  // its size is not known before
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
    // The base was read before, so it is not damaged.
    if (!text) return leave_out(node, "it takes too much to inflate the base of its delta again");
    frame.text = std::move(*text);
    frame.released = false;
    held_ += frame.text.size;
  }
  auto text = undo_delta(node, frame.text.view(), true);
  if (frame.next_child >= frame.end_child) release(frame);
  if (text) look_at(node, frame.type, std::move(*text), &frame.carried);
}

// The text of a delta's object. Tells what is wrong.
std::optional<Bytes> Worker::undo_delta(uint32_t node, std::string_view base, bool note_copies) {
  if (!inflate_delta(node)) return std::nullopt;
  std::string_view instructions = delta_.view();
  const auto header = read_delta_header(instructions);
  if (!header || header->base_size != base.size()) {
    complain(node, "its delta does not fit its base");
    return std::nullopt;
  }
  if (header->result_size > walk_.options.deltas) {
    leave_out(node, "it is too large");
    return std::nullopt;
  }
  if (!admit(node, header->result_size)) return std::nullopt;
  take_token(header->result_size);
  auto text = take_buffer(header->result_size);
  copied_.clear();
  try {
    if (text && apply_delta(instructions, base, text->data.get(), text->size,
                            note_copies ? &copied_ : nullptr)) {
      return text;
    }
  } catch (const std::bad_alloc&) {  // for copied_
    text.reset();
  }
  if (text) {
    complain(node, "its delta is damaged");
  } else {
    leave_out(node, "there is not enough memory for it");
  }
  return std::nullopt;
}

// Leaves the delta in delta_.
bool Worker::inflate_delta(uint32_t node) {
  PackEntry entry;
  std::string reason;
  if (!walk_.pack.read_entry(walk_.layout.offset(node), entry, reason)) {
    complain(node, "no object can be read there");
    return false;
  }
  check_crc(node);
  if (entry.size > walk_.options.deltas) {
    leave_out(node, "it is too large");
    return false;
  }
  take_token(entry.size);
  if (delta_.room < entry.size || delta_.room > kMostSpareBytes) {
    delta_ = {};
    auto room = take_buffer(std::max<uint64_t>(entry.size, 4096));
    if (!room) {
      leave_out(node, "there is not enough memory for it");
      return false;
    }
    delta_ = std::move(*room);
  }
  delta_.size = entry.size;
  if (inflater_.inflate(walk_.pack.from(entry.data), delta_.data.get(), entry.size)) return true;
  complain(node, "its compressed bytes are damaged");
  return false;
}

// The text of an object that was visited before, inflated again from the whole one on. Empty if
// there is no memory or work left for that.
std::optional<Bytes> Worker::rebuild(uint32_t node, ObjectType& type) {
  std::vector<uint32_t> chain{node};
  while (walk_.layout.base(chain.back()) < PackLayout::kDamaged) {
    chain.push_back(walk_.layout.base(chain.back()));
  }
  PackEntry entry;
  std::string reason;
  if (!walk_.pack.read_entry(walk_.layout.offset(chain.back()), entry, reason)) return std::nullopt;
  again_ = true;  // nothing throws but the end of the memory, which ends the walk
  std::optional<Bytes> text;
  if (!entry.is_delta()) {
    type = entry.type;
    if (walk_.admit_again(entry.size)) text = inflate_whole(chain.back(), entry);
  } else {
    take_token(UINT64_MAX);
    if (const auto base = reader_.read(entry.base, reason)) {
      type = base->type;
      text = undo_delta(chain.back(), base->view(), false);
    }
  }
  for (chain.pop_back(); text && !chain.empty() && !walk_.ended(); chain.pop_back()) {
    auto next = undo_delta(chain.back(), text->view(), false);
    give_back(std::move(*text));
    text = std::move(next);
  }
  again_ = false;
  return chain.empty() ? std::move(text) : std::nullopt;
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
  const auto children = static_cast<uint32_t>(walk_.layout.children(node).size());
  frames_.push_back({node, 0, children, type, false, std::move(text), std::move(own_)});
  own_ = {};
  release_some(walk_.held_each);
}

void Worker::pop() {
  release(frames_.back());
  own_ = std::move(frames_.back().carried);  // its memory is used again
  frames_.pop_back();
}

void Worker::release(Frame& frame) {
  if (frame.released) return;
  held_ -= frame.text.size;
  give_back(std::move(frame.text));
  frame.text = {};
  frame.released = true;
}

// The bases at the top of the tree are the ones that will not be needed for longest.
void Worker::release_some(uint64_t most) {
  for (size_t i = 0; held_ > most && i + 1 < frames_.size(); ++i) release(frames_[i]);
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

// Room for `size` bytes, out of what was given back if there is some that fits well. Empty if there
// is no memory, also once all that can be had again is freed.
std::optional<Bytes> Worker::take_buffer(uint64_t size) {
  for (size_t i = spare_.size(); i-- > 0;) {
    if (spare_[i].room < size + kDeltaSlack || spare_[i].room / 4 > size + 1024) continue;
    Bytes bytes = std::move(spare_[i]);
    spare_.erase(spare_.begin() + static_cast<std::ptrdiff_t>(i));
    bytes.size = size;
    return bytes;
  }
  if (size > kMostSpareBytes && large_spare_.room >= size + kDeltaSlack) {
    Bytes bytes = std::exchange(large_spare_, {});
    bytes.size = size;
    return bytes;
  }
  const uint64_t extra = size > kMostSpareBytes ? 0 : size / 4;  // to fit more when it is spare
  for (bool last = false;; last = true) {
    try {
      Bytes bytes = Bytes::of_size(size + extra + kDeltaSlack);
      bytes.size = size;
      return bytes;
    } catch (const std::bad_alloc&) {
      if (last) return std::nullopt;
      release_some(0);
      spare_.clear();
      large_spare_ = {};
    }
  }
}

void Worker::give_back(Bytes&& bytes) {
  if (bytes.room > kMostSpareBytes) {
    const bool keep = bytes.room <= walk_.alone + kDeltaSlack && bytes.room > large_spare_.room;
    (keep ? large_spare_ : bytes) = keep ? std::move(bytes) : Bytes();
    return;
  }
  if (spare_.size() == kMostSpare) spare_.erase(spare_.begin());
  spare_.push_back(std::move(bytes));
}

Diagnostic over_limit(const Pack& pack, std::string reason) {
  return {Diagnostic::Kind::limit, pack.path(), std::move(reason),
          "Write what you need of it to files, with `git archive` or `git cat-file`, and scan "
          "these."};
}

void tell_each(const Pack& pack, std::vector<Problem>& all, const ObjectStore::Problems& problems) {
  std::stable_sort(all.begin(), all.end());
  std::string reason;
  for (size_t i = 0; i < std::min(all.size(), kMostTold); ++i) {
    const auto& [offset, what, limit] = all[i];
    if (limit) {
      problems(over_limit(
          pack, fmt::format("the object at offset {} of the pack is left out: {}", offset, what)));
      continue;
    }
    PackEntry entry;
    const bool readable = pack.read_entry(offset, entry, reason);
    problems(pack.damage(offset, readable ? std::string_view(what) : reason));
  }
  if (all.size() <= kMostTold) return;
  const auto rest = all.begin() + kMostTold;
  const auto limits = std::count_if(rest, all.end(), [](const Problem& p) { return p.limit; });
  if (const auto damaged = all.end() - rest - limits; damaged > 0) {
    problems({Diagnostic::Kind::unreadable, pack.path(),
              fmt::format("{} more objects of the pack are damaged", damaged),
              "See what `git fsck` says."});
  }
}

// The deltas of what was left out were left out with it.
void follow_fates(const PackLayout& layout, std::vector<Fate>& fates) {
  std::vector<uint32_t> below;
  for (uint32_t i = 0; i < layout.count(); ++i) {
    if (fates[i] == Fate::beyond || fates[i] == Fate::too_costly) below.push_back(i);
  }
  while (!below.empty()) {
    const uint32_t node = below.back();
    below.pop_back();
    for (const uint32_t child : layout.children(node)) {
      if (fates[child] != Fate::none) continue;
      fates[child] = fates[node];
      below.push_back(child);
    }
  }
}

// How many objects were not looked at, and why.
void tell_numbers(Walk& walk, const ObjectStore::Problems& problems) {
  follow_fates(walk.layout, walk.fates);
  const auto count = [&](Fate fate) {
    return std::count(walk.fates.begin(), walk.fates.end(), fate);
  };
  if (const auto left = std::count(walk.beyond.begin(), walk.beyond.end(), 1); left > 0) {
    problems(over_limit(walk.pack, fmt::format("{} of its {} objects are left out: all of them "
                                               "would inflate to more than {} bytes",
                                               left, walk.layout.count(), walk.most)));
  }
  if (const auto left = count(Fate::too_costly); left > 0) {
    problems(over_limit(walk.pack, fmt::format("{} of its {} objects are left out: they or what "
                                               "they are deltas of take too much memory or work",
                                               left, walk.layout.count())));
  }
  const auto unread = count(Fate::none);
  if (unread == 0) return;
  const auto first = std::find(walk.fates.begin(), walk.fates.end(), Fate::none);
  problems({Diagnostic::Kind::unreadable, walk.pack.path(),
            fmt::format("{} of its {} objects cannot be read, the first of them at offset {}: they "
                        "or what they are deltas of are damaged",
                        unread, walk.layout.count(),
                        walk.layout.offset(static_cast<uint32_t>(first - walk.fates.begin()))),
            "Fetch the repository again, or see what `git fsck` says."});
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
  tell_each(pack, all, problems);
  if (!stop) tell_numbers(walk, problems);
}

}  // namespace assay
