// A pack and its index: where objects stand, and how each is told (gitformat-pack).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "git/inflate.h"
#include "git/mapped_file.h"
#include "git/object_store.h"
#include "git/oid.h"

namespace assay {

// What stands before the compressed bytes of an object.
struct PackEntry {
  ObjectType type = ObjectType::none;  // none: a delta
  uint64_t size = 0;                   // of the object, or of the delta
  uint64_t data = 0;                   // offset of the compressed bytes in the pack
  uint64_t base_offset = 0;            // of a delta whose base is named by offset
  Oid base;                            // else
  bool by_offset = false;
  bool is_delta() const { return type == ObjectType::none; }
};

// Immutable; any thread.
class Pack {
 public:
  // Maps NAME.idx and NAME.pack and checks that the index can be used without reaching out of it.
  // Null, with `reason` (half a sentence) set, if it cannot.
  static std::unique_ptr<Pack> open(const std::string& name, std::string& reason);

  const std::string& path() const { return path_; }  // of the pack
  uint32_t count() const { return count_; }
  uint64_t size() const { return pack_->bytes().size(); }

  // Objects by position: in order of their ids.
  Oid oid(uint32_t position) const;
  uint64_t offset(uint32_t position) const;  // may lie anywhere: read_entry checks
  std::optional<uint32_t> crc(uint32_t position) const;
  std::optional<uint32_t> find(const Oid& oid) const;

  // False, with `reason` set, if no entry can begin at `offset`.
  bool read_entry(uint64_t offset, PackEntry& entry, std::string& reason) const;

  // The pack's bytes from `offset` to the checksum at its end; empty past it.
  std::string_view from(uint64_t offset) const;

  // Inflates the entry's bytes, `entry.size` of them. Empty if they are damaged.
  std::optional<Bytes> inflate(const PackEntry& entry, Inflater& inflater) const;

  // Whether the checksums that the index and the pack end with agree, and the index's own holds.
  // Reads the whole index. Half a sentence if not.
  std::string fault() const;

  // "offset 1234 of it": how diagnostics name a place of a pack.
  Diagnostic damage(uint64_t offset, std::string_view what) const;

 private:
  Pack(std::string path, std::unique_ptr<MappedFile> index, std::unique_ptr<MappedFile> pack);
  std::string check_index();

  std::string path_;
  std::unique_ptr<MappedFile> index_;
  std::unique_ptr<MappedFile> pack_;
  uint32_t count_ = 0;
  int version_ = 2;
  size_t stride_ = 0;           // from one id to the next
  const char* ids_ = nullptr;   // the first id
  const char* crcs_ = nullptr;  // null in version 1
  const char* offsets_ = nullptr;
  const char* large_ = nullptr;  // offsets of 64 bits
  uint64_t large_count_ = 0;
};

}  // namespace assay
