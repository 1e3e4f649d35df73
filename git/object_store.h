// The objects of a repository, read one at a time by id. (All of them at once: pack_walk.h.)
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "git/oid.h"
#include "scanner/finding.h"
#include "scanner/source.h"

namespace assay {

class Pack;

// Bytes that are not cleared first. Movable.
struct Bytes {
  std::unique_ptr<char[]> data;
  size_t size = 0;
  size_t room = 0;  // allocated

  static Bytes of_size(size_t size) {
    return {std::make_unique_for_overwrite<char[]>(size), size, size};
  }
  std::string_view view() const { return {data.get(), size}; }
};

// An object as it was inflated. The text is shared with the reader's cache and never changes.
struct Object {
  ObjectType type = ObjectType::none;
  std::shared_ptr<const Bytes> text;
  std::string_view view() const { return text ? text->view() : std::string_view(); }
};

// The packs and loose objects of some `objects` folders. Immutable once made, but for the list of
// loose objects, which is read when first asked for; any thread.
class ObjectStore {
 public:
  using Problems = std::function<void(Diagnostic&&)>;

  // Opens every pack of the folders (alternates are folders of the caller's list). What cannot be
  // used (no index, damaged index) is told to `problems`, and the rest is used.
  ObjectStore(std::vector<std::string> folders, const Problems& problems);
  ~ObjectStore();
  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;

  const std::vector<std::string>& folders() const { return folders_; }
  const std::vector<std::unique_ptr<Pack>>& packs() const { return packs_; }

  // The ids of all loose objects that are in no pack, sorted, each once.
  std::vector<Oid> loose(const Problems& problems) const;

  bool contains(const Oid& oid) const;

  // Larger objects are not read by `Reader`; the walk streams those that are not deltas.
  static constexpr uint64_t kMostObject = uint64_t{512} << 20;

  // Reads objects; one a thread. Keeps up to `kept` bytes of recently read packed objects, since
  // the next one asked for is often a delta of them. The store must outlive it.
  class Reader {
   public:
    explicit Reader(const ObjectStore& store, size_t kept = size_t{24} << 20);
    ~Reader();
    // Empty, with `reason` (half a sentence: "it is missing") set, if it is not there, damaged or
    // over kMostObject.
    std::optional<Object> read(const Oid& oid, std::string& reason);
    // As `read`, for one expected type; another type is damage.
    std::optional<Object> read(const Oid& oid, ObjectType type, std::string& reason);

    // For what `read` refuses for its size: reads it from start to end, unless it is a delta. Null
    // if it is not there. Its failure() tells of damage.
    std::unique_ptr<assay::Reader> stream(const Oid& oid, ObjectType& type);

   private:
    struct State;
    std::unique_ptr<State> state_;
  };

 private:
  friend class Reader;
  std::vector<std::string> folders_;
  std::vector<std::unique_ptr<Pack>> packs_;
};

}  // namespace assay
