// A blob's bytes at any offset, also where its Reader only goes forward.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "scanner/decoders/container.h"

namespace assay {

// One thread.
class RandomAccess {
 public:
  // Past so many bytes of a blob that can only be read forward nothing more of it is held.
  static constexpr size_t kMostHeld = size_t{32} << 20;

  explicit RandomAccess(Reader& outer) : outer_(outer) {}

  // Reads a blob that only goes forward into memory. What is wrong with that, if anything: then
  // what came before is there.
  std::optional<Diagnostic> load();

  uint64_t size() const { return size_; }

  // `count` bytes at `at`, fewer at the end or if reading failed. Valid until the next call. Reads
  // `ahead` bytes at once where it has to read.
  std::string_view view(uint64_t at, size_t count, size_t ahead);

 private:
  Reader& outer_;
  uint64_t size_ = 0;
  bool held_ = false;
  std::string bytes_;   // of the blob from begin_ on
  uint64_t begin_ = 0;  // 0 if held_
};

// Reads on until `out` is full or nothing more comes; how many bytes came.
size_t read_full(Reader& reader, std::span<char> out);

}  // namespace assay
