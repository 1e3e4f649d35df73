// Loose objects: one file each, compressed, "blob 12\0" before the text.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "git/inflate.h"
#include "git/mapped_file.h"
#include "git/object_store.h"
#include "git/oid.h"

namespace assay {

// The ids that the files of an `objects` folder are named by, sorted. Files of other names are left
// out, as git does. Folders that cannot be read are told.
std::vector<Oid> list_loose(const std::string& folder, const ObjectStore::Problems& problems);

// Where the object's file would be.
std::string loose_path(const std::string& folder, const Oid& oid);
bool has_loose(const std::string& folder, const Oid& oid);

// A loose object of at most ObjectStore::kMostObject bytes; its id is compared with its name. Empty
// if it is not there, and with `reason` set if it cannot be read.
std::optional<Object> read_loose(const std::string& folder, const Oid& oid, Inflater& inflater,
                                 std::string& reason);

// A loose object's file, header read. Null with `reason` set if it is missing or damaged.
class LooseObject {
 public:
  static std::unique_ptr<LooseObject> open(const std::string& folder, const Oid& oid,
                                           std::string& reason);
  ObjectType type() const { return type_; }
  uint64_t size() const { return size_; }

  // The text, whole; its id is compared with its name. Empty with `reason` set if it is damaged.
  std::optional<Bytes> read(Inflater& inflater, std::string& reason) const;

  // For texts too large to be held.
  static std::unique_ptr<Reader> stream(std::unique_ptr<LooseObject> object, Diagnostic damaged);

 private:
  std::unique_ptr<MappedFile> file_;
  Oid oid_;
  ObjectType type_ = ObjectType::none;
  uint64_t size_ = 0;
  size_t header_ = 0;  // bytes before the text
};

}  // namespace assay
