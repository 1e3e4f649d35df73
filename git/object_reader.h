// Objects as blobs of a scan.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "git/object_store.h"
#include "scanner/source.h"

namespace assay {

// An object's text, which it keeps alive. `failure` is what Reader::failure says.
std::unique_ptr<Reader> read_object(Object object, std::optional<Diagnostic> failure = {});

// A text of the caller's.
std::unique_ptr<Reader> read_text(std::string text);

// Readers of a store, lent to any thread.
class ObjectReaders {
 public:
  explicit ObjectReaders(const ObjectStore& store) : store_(store) {}

  // As ObjectStore::Reader.
  std::optional<Object> read(const Oid& oid, std::string& reason) const;
  std::optional<Object> read(const Oid& oid, ObjectType type, std::string& reason) const;

  // The object as a blob; null with `reason` set if it cannot be read.
  std::unique_ptr<Reader> open(const Oid& oid, std::string& reason) const;

 private:
  std::unique_ptr<ObjectStore::Reader> borrow() const;
  void give_back(std::unique_ptr<ObjectStore::Reader> reader) const;

  const ObjectStore& store_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<ObjectStore::Reader>> idle_;
};

}  // namespace assay
