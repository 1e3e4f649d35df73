// The bytes of a container as its decoder takes them: in order, through a buffer.
#pragma once

#include <string_view>
#include <vector>

#include "scanner/source.h"

namespace assay {

// Reads by read_at where the reader has it, so that the reader's own position stays.
class PackedInput {
 public:
  static constexpr size_t kBuffer = 256 << 10;

  explicit PackedInput(Reader& outer) : outer_(outer), size_(outer.size()), buffer_(kBuffer) {}

  // The next piece: `status` data with the bytes, which stay until the next call. After `end` and
  // `failed` it says the same again.
  struct Piece {
    Reader::Status status;
    std::string_view bytes;
  };
  Piece next(int wait_ms);

  std::optional<uint64_t> size() const { return size_; }
  // Where the next piece begins. Only with a size().
  uint64_t position() const { return at_; }
  void seek(uint64_t to) { at_ = to, ended_ = false; }
  bool failed() const { return failed_; }
  // The decoder asked for more than there is.
  bool ended() const { return ended_; }
  // What comes last, up to 512 bytes. Only if ended().
  std::string_view tail() const { return tail_; }

  // What kept the bytes from being read, about the member `path`. Only if `failed`.
  Diagnostic failure(std::string path);

 private:
  Reader& outer_;
  const std::optional<uint64_t> size_;
  uint64_t at_ = 0;
  bool ended_ = false;
  bool failed_ = false;
  std::vector<char> buffer_;
  std::string tail_;
};

}  // namespace assay
