#include "git/object_reader.h"

#include <algorithm>
#include <cstring>

namespace assay {

namespace {

class ObjectReader final : public Reader {
 public:
  ObjectReader(Object object, std::optional<Diagnostic> failure)
      : object_(std::move(object)), failure_(std::move(failure)) {}

  Result read(std::span<char> out, int) override {
    const size_t got = read_at(at_, out).value();
    at_ += got;
    return got == 0 ? Result{Status::end} : Result{Status::data, got};
  }
  std::optional<uint64_t> size() const override { return object_.view().size(); }
  std::optional<size_t> read_at(uint64_t offset, std::span<char> out) const override {
    const std::string_view text = object_.view();
    const std::string_view rest = text.substr(std::min<uint64_t>(offset, text.size()));
    const size_t count = std::min(out.size(), rest.size());
    std::memcpy(out.data(), rest.data(), count);
    return count;
  }
  std::optional<Diagnostic> failure() override { return failure_; }

 private:
  const Object object_;
  const std::optional<Diagnostic> failure_;
  uint64_t at_ = 0;
};

}  // namespace

std::unique_ptr<Reader> read_object(Object object, std::optional<Diagnostic> failure) {
  return std::make_unique<ObjectReader>(std::move(object), std::move(failure));
}

std::unique_ptr<Reader> read_text(std::string text) {
  Bytes bytes = Bytes::of_size(text.size());
  std::memcpy(bytes.data.get(), text.data(), text.size());
  return read_object({ObjectType::blob, std::make_shared<const Bytes>(std::move(bytes))});
}

std::unique_ptr<ObjectStore::Reader> ObjectReaders::borrow() const {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<ObjectStore::Reader>(store_);
  auto reader = std::move(idle_.back());
  idle_.pop_back();
  return reader;
}

void ObjectReaders::give_back(std::unique_ptr<ObjectStore::Reader> reader) const {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(reader));
}

std::optional<Object> ObjectReaders::read(const Oid& oid, std::string& reason) const {
  auto reader = borrow();
  auto object = reader->read(oid, reason);
  give_back(std::move(reader));
  return object;
}

std::optional<Object> ObjectReaders::read(const Oid& oid, ObjectType type,
                                          std::string& reason) const {
  auto reader = borrow();
  auto object = reader->read(oid, type, reason);
  give_back(std::move(reader));
  return object;
}

std::unique_ptr<Reader> ObjectReaders::open(const Oid& oid, std::string& reason) const {
  auto reader = borrow();
  std::unique_ptr<Reader> opened;
  ObjectType type = ObjectType::none;
  if (auto object = reader->read(oid, reason)) {
    opened = read_object(std::move(*object));
  } else {
    opened = reader->stream(oid, type);
  }
  give_back(std::move(reader));
  return opened;
}

}  // namespace assay
