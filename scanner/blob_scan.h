// One blob through a worker's buffer, window by window.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/lines.h"
#include "scanner/matcher.h"
#include "scanner/source.h"

namespace assay {

// A worker's sliding buffer. It holds the bytes not yet scanned and, before them, as many scanned
// ones as the next window needs. Counts lines up to its first byte.
class WindowBuffer {
 public:
  WindowBuffer();

  // Starts a blob, or a part of one whose bytes begin at `base` and whose own part at `own_begin`.
  void start(uint64_t base, uint64_t own_begin);

  // Room for the next bytes, at least kWindowBytes; say with `filled` how many came.
  std::span<char> room() { return {bytes_.get() + size_, kCapacity - size_}; }
  void filled(size_t count) { size_ += count; }

  // Offsets in the blob.
  uint64_t end() const { return base_ + size_; }
  uint64_t scanned() const { return base_ + own_begin_; }
  bool full() const { return size_ - own_begin_ >= kWindowBytes + kWindowAfter; }
  std::string_view text() const { return {bytes_.get(), size_}; }
  uint64_t base() const { return base_; }

  // Matches all that ends in (scanned(), own_end], then makes room. For each finding, `where` gets
  // the count of lines from the start of the part to it.
  void scan(Matcher& matcher, uint64_t own_end, bool at_end, std::string_view path,
            std::vector<Finding>& findings, std::vector<LineCounter>& where);
  void slide();

  // Lines up to `offset`, which must lie in the buffer.
  LineCounter lines_to(uint64_t offset) const;

  static constexpr size_t kWindowBytes = size_t{512} << 10;

 private:
  static constexpr size_t kCapacity = kWindowBefore + 2 * kWindowBytes + kWindowAfter;
  std::unique_ptr<char[]> bytes_;
  size_t size_ = 0;
  uint64_t base_ = 0;
  size_t own_begin_ = 0;
  LineCounter lines_;  // of what stood before bytes_[0], from the start of the part
};

// Matches all that ends behind what was scanned and up to `own_end`, which becomes scanned, and
// appends the findings with their place and provenance. `buffer` holds its blob from the begin on,
// not a part of it.
void scan_window(WindowBuffer& buffer, Matcher& matcher, uint64_t own_end, bool at_end,
                 const std::shared_ptr<const Provenance>& provenance,
                 std::vector<Finding>& findings);

// What a scan of a blob hands on; called in order of the blob.
class BlobSink {
 public:
  virtual ~BlobSink() = default;
  virtual void findings(std::vector<Finding>&& findings) = 0;
  virtual void diagnostic(Diagnostic&& diagnostic) = 0;
  virtual bool stopped() const = 0;
};

struct BlobScanStats {
  uint64_t bytes = 0;
  uint64_t read_ns = 0;
};

// Reads the whole of `reader` in order and scans it. Findings of a stream are handed on as soon as
// its writer pauses. With `detailed`, a blob of at most kWholeBytes gets its facts and line hashes.
inline constexpr uint64_t kWholeBytes = uint64_t{8} << 20;
void scan_blob(Reader& reader, const std::shared_ptr<const Provenance>& provenance, bool detailed,
               WindowBuffer& buffer, Matcher& matcher, BlobSink& sink, BlobScanStats& stats);

// A part of a blob that several threads scan: what one of them found in it.
struct PartResult {
  std::vector<Finding> findings;
  std::vector<LineCounter> where;  // from the part's first byte to each finding
  LineCounter lines;               // of the part
  bool regex_cut = false;          // see Matcher::regex_cut
};

// Scans the anchors that end in (begin, end] of a blob of `size` bytes. The part's bytes, for
// lines, run from begin - kWindowBefore (or 0) to end - kWindowBefore (or size). Where a window
// leaves more than kMostFindings, `take` is called to empty `findings` and `where`, so that memory
// stays bounded.
inline constexpr size_t kMostFindings = 2048;
PartResult scan_part(const Reader& reader, uint64_t begin, uint64_t end, uint64_t size,
                     std::string_view path, WindowBuffer& buffer, Matcher& matcher,
                     const std::atomic<bool>& stop, const std::function<void(PartResult&)>& take,
                     BlobScanStats& stats);

// What is said where one of the user's rules matched too often.
Diagnostic regex_cut_diagnostic(const std::string& path);

// Sets line and columns of a finding that `lines` stands before.
void locate(const LineCounter& lines, Location& location);

}  // namespace assay
