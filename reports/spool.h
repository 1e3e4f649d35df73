// Text put aside until its place in a document has come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// Lanes of text that only grow, and are read from their beginning when all is there. Up to a bound
// it is kept in memory, beyond it in a temporary file that has no name, so that nothing of it stays
// when the process ends. No key may be in it. One thread.
class Spool {
 public:
  static constexpr size_t kInMemory = size_t{8} << 20;

  explicit Spool(size_t lanes, size_t in_memory = kInMemory)
      : lanes_(lanes), in_memory_(in_memory) {}
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  void append(size_t lane, std::string_view text);

  // Something is lost: there is no folder for temporary files, or no room. What was appended since
  // is not kept.
  bool failed() const { return failed_; }

  bool empty(size_t lane) const;

  // Appends to `out` the piece of the lane that begins at `at`, at most kPiece bytes, and moves
  // `at` behind it. False: there was nothing more, or it cannot be read (then failed() is true).
  static constexpr size_t kPiece = size_t{1} << 20;
  bool read(size_t lane, uint64_t& at, std::string& out);

 private:
  struct Block {
    uint64_t begin = 0, size = 0;  // in the file
  };
  struct Lane {
    std::vector<Block> blocks;
    std::string rest;  // behind the blocks
  };

  bool open();
  void write_away();

  std::vector<Lane> lanes_;
  const size_t in_memory_;
  size_t held_ = 0;   // bytes in all rests
  uint64_t end_ = 0;  // of the file
  int file_ = -1;
  bool failed_ = false;
};

}  // namespace assay
