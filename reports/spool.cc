// Each lane has a rest in memory. When all rests together are over the bound, each is written to
// the end of one file, and the lane remembers where:
//
//   file  [lane 0][lane 2][lane 0][lane 1]…      lane 0: blocks at 0 and at 2, and a rest
//
// So the blocks are large where lanes are few, and memory is bounded by the bound and a few bytes a
// block.
#include "reports/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace assay {

namespace {

const char* temporary_folder() {
  const char* const folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder == '/' ? folder : "/tmp";
}

// Where the file system knows no files without a name, it loses its name at once.
int open_unnamed(const char* folder) {
  const int file = ::open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  if (file >= 0) return file;
  std::string name = std::string(folder) + "/assay-XXXXXX";
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) unlink(name.c_str());
  return named;
}

}  // namespace

Spool::~Spool() {
  if (file_ >= 0) close(file_);
}

bool Spool::open() {
  if (file_ < 0) file_ = open_unnamed(temporary_folder());
  return file_ >= 0;
}

void Spool::append(size_t lane, std::string_view text) {
  if (failed_) return;
  lanes_[lane].rest += text;
  held_ += text.size();
  if (held_ > in_memory_) write_away();
}

void Spool::write_away() {
  failed_ = !open();
  for (Lane& lane : lanes_) {
    std::string_view left = lane.rest;
    const Block block{end_, left.size()};
    while (!failed_ && !left.empty()) {
      const ssize_t put = pwrite(file_, left.data(), left.size(), static_cast<off_t>(end_));
      if (put < 0 && errno == EINTR) continue;
      failed_ = put <= 0;
      if (failed_) break;
      left.remove_prefix(static_cast<size_t>(put));
      end_ += static_cast<uint64_t>(put);
    }
    if (block.size > 0) lane.blocks.push_back(block);
    lane.rest.clear();
  }
  held_ = 0;
}

bool Spool::empty(size_t lane) const {
  return lanes_[lane].blocks.empty() && lanes_[lane].rest.empty();
}

bool Spool::read(size_t lane, uint64_t& at, std::string& out) {
  if (failed_) return false;
  uint64_t before = 0;  // bytes of the lane in the blocks passed
  for (const Block& block : lanes_[lane].blocks) {
    if (at >= before + block.size) {
      before += block.size;
      continue;
    }
    const uint64_t in_block = at - before;
    const size_t want = std::min<uint64_t>(kPiece, block.size - in_block);
    const size_t size = out.size();
    out.resize(size + want);
    ssize_t got = 0;
    do {
      got = pread(file_, out.data() + size, want, static_cast<off_t>(block.begin + in_block));
    } while (got < 0 && errno == EINTR);
    failed_ = got <= 0;
    out.resize(size + (failed_ ? 0 : static_cast<size_t>(got)));
    at += failed_ ? 0 : static_cast<uint64_t>(got);
    return !failed_;
  }
  const std::string_view rest = lanes_[lane].rest;
  if (at >= before + rest.size()) return false;
  const std::string_view piece = rest.substr(at - before, kPiece);
  out += piece;
  at += piece.size();
  return true;
}

}  // namespace assay
