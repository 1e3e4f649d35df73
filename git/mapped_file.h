// A file of a repository's object store, mapped into memory.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace assay {

// Git never changes a pack, an index or a loose object once it has its name: it writes a new file
// and unlinks the old one, which a mapping outlives. (Who cuts such a file short while it is read
// ends this process, as it does git.) Any thread.
class MappedFile {
 public:
  // Null, with `reason` (half a sentence) set, if it cannot be opened or is no regular file. Waits
  // for no FIFO.
  static std::unique_ptr<MappedFile> open(const std::string& path, std::string& reason);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view bytes() const { return {data_, size_}; }

 private:
  MappedFile(const char* data, size_t size) : data_(data), size_(size) {}
  const char* data_;
  size_t size_;
};

}  // namespace assay
