// Every object of a pack, each inflated once: bases first, deltas after them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "git/delta.h"
#include "git/object_store.h"
#include "git/oid.h"
#include "git/pack.h"
#include "scanner/prefilter.h"
#include "scanner/source.h"

namespace assay {

// What a visitor found in an object, kept for the deltas of it.
struct Carried {
  bool known = false;         // the rest is right and whole
  std::vector<Hit> hits;      // of the prefilter, over the whole text
  std::vector<size_t> marks;  // of a tree: where some of its entries begin, ascending
  uint32_t number = 0;        // of a tree: the visitor's own
  void clear() {
    known = false;
    hits.clear();
    marks.clear();
  }
};

// Looks at objects; one a thread. Objects come in no order that may be relied upon.
class ObjectVisitor {
 public:
  virtual ~ObjectVisitor() = default;

  // `base` is null for an object that is whole, or whose base was not visited just so; else what
  // this visitor left of the base, of which `copied` says what is in `text`. What it leaves in
  // `own` is given to it again with each delta of this object.
  virtual void visit(const Oid& oid, ObjectType type, std::string_view text, const Carried* base,
                     std::span<const CopiedRange> copied, Carried& own) = 0;

  // An object too large to be held. The reader tells its damage by failure().
  virtual void visit_large(const Oid& oid, ObjectType type, Reader& reader) = 0;
};

// Memory beside the pack, over all threads: `held`, a few buffers of up to `alone` a thread, and
// one object of up to `deltas` with its base. What is over a limit is told, and the rest is looked
// at.
struct WalkOptions {
  uint64_t held = uint64_t{96} << 20;  // bytes of bases held at once, over all threads; a base that
                                       // does not fit is released and inflated again
  uint64_t large = uint64_t{48} << 20;  // larger objects are streamed, unless deltas need them
  // Larger texts are held by one thread at a time. Less with more than four threads: `alone` times
  // their number stays under 128 MiB.
  uint64_t alone = uint64_t{32} << 20;
  uint64_t deltas = uint64_t{192} << 20;  // larger texts are made by no delta, nor are bases of any
  // Most bytes that the objects of a pack may inflate to: `most` and `ratio` times its size; the
  // same again for bases that are inflated more than once. A delta of git's own takes some 300
  // bytes to tell 12 MB, so 700 versions of such a file pass; a pack of 1 MB that claims more is
  // left after 37 GB, which take some seconds to copy.
  uint64_t most = uint64_t{16} << 30;
  uint64_t ratio = 20'000;
};

// Walks the objects of `pack` for which `wanted` is true (any thread), one visitor a thread.
// Objects that are damaged or over a limit are told to `problems`, on the caller's thread, in order
// of their offsets, up to kMostTold and then their number. Ends early when `stop` becomes true.
inline constexpr size_t kMostTold = 20;
void walk_pack(const ObjectStore& store, const Pack& pack, std::span<ObjectVisitor* const> visitors,
               const std::function<bool(const Oid&)>& wanted, const WalkOptions& options,
               const ObjectStore::Problems& problems, const std::atomic<bool>& stop);

}  // namespace assay
