// One blob with all that is nested in it: the members of containers, and the records of exports.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/blob_scan.h"
#include "scanner/decoders/container.h"
#include "scanner/records/record.h"

namespace assay {

// How much of a blob is read ahead to see what it is.
inline constexpr size_t kPeek = size_t{64} << 10;

// A Reader whose first bytes have been read ahead, into `room`, which must outlive it. All else is
// the inner one's.
class PeekReader : public Reader {
 public:
  // Of a stream, waits for its first bytes as long as it takes, or until `stopped`; and for more
  // only if they may begin a container.
  PeekReader(Reader& inner, std::span<char> room, const std::function<bool()>& stopped);
  std::string_view head() const { return head_; }
  Result read(std::span<char> out, int wait_ms) override;
  std::optional<uint64_t> size() const override { return inner_.size(); }
  std::optional<size_t> read_at(uint64_t offset, std::span<char> out) const override {
    return inner_.read_at(offset, out);
  }
  std::optional<Diagnostic> failure() override { return inner_.failure(); }

 private:
  Reader& inner_;
  std::string_view head_;
  size_t given_ = 0;
  std::optional<Result> last_;  // what the inner one said when it had nothing more
};

// Content of another file beside a blob, as Export::beside.
using Beside = std::function<std::optional<std::string>(std::string_view path)>;

// Gives findings the encodings that their blob lies in and, once all of them are there, their
// records. finish() must be called; until then up to kMostHeld are held back.
class RecordSink : public BlobSink {
 public:
  // `bytes`: the blob if it is at hand as a whole, else null: no records.
  RecordSink(BlobSink& next, std::vector<std::string_view> encoding, std::string_view path,
             std::string_view head, const Reader* bytes, Beside beside);
  void findings(std::vector<Finding>&& findings) override;
  void diagnostic(Diagnostic&& diagnostic) override;
  bool stopped() const override { return next_.stopped(); }
  void finish();

 private:
  static constexpr size_t kMostHeld = 4096;
  static constexpr unsigned kMostPasses = 8;  // over an export, one for each kMostHeld

  BlobSink& next_;
  std::vector<std::string_view> encoding_;
  Export export_;
  std::vector<Finding> held_;
  unsigned passes_ = 0;
};

// Scans the members of containers. Owned by one worker, and uses its buffer and matcher.
class NestedScan {
 public:
  NestedScan(const ContainerLimits& limits, bool records, const RuleSet& rules,
             const Prefilter& prefilter, WindowBuffer& buffer, Matcher& matcher)
      : limits_(limits),
        records_(records),
        rules_(rules),
        prefilter_(prefilter),
        buffer_(buffer),
        matcher_(matcher) {}

  // If `blob` is a container, scans all its members and returns what hands on the findings of its
  // own bytes: those that no member gave. Of a stream the own bytes were scanned on the way. Else
  // null. `blob`, `sink` and `provenance` outlive what it returns.
  std::unique_ptr<BlobSink> scan(Reader& blob, std::string_view head,
                                 const std::shared_ptr<const Provenance>& provenance,
                                 BlobSink& sink);
  // Bytes of containers that were read from a stream, which nobody reads after.
  uint64_t streamed() const { return streamed_; }
  // What was decoded: members, at all depths, and their bytes.
  uint64_t members() const { return members_; }
  uint64_t decoded() const { return stats_.bytes; }

 private:
  struct Place;
  class KnownKeys;
  class OwnBytes;
  std::unique_ptr<BlobSink> expand(Reader& blob, std::string_view head, const Place& place,
                                   BlobSink& sink);
  void scan_member(Member& member, const Place& place, const Beside& beside, BlobSink& sink);
  bool fill(Reader& bytes, std::string& content, const BlobSink& sink);

  const ContainerLimits limits_;
  const bool records_;
  const RuleSet& rules_;
  const Prefilter& prefilter_;
  WindowBuffer& buffer_;
  Matcher& matcher_;
  BlobScanStats stats_;
  ContainerBudget* budget_ = nullptr;
  size_t held_ = 0;  // bytes of members in memory, at all depths
  uint64_t streamed_ = 0;
  uint64_t members_ = 0;
};

// `path` from the folder of `from`, `.` and `..` resolved; empty if it leads out of where `from` is
// relative to.
std::string path_beside(std::string_view from, std::string_view path);

}  // namespace assay
