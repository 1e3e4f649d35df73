// Compressed bytes of packs and loose objects.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "git/mapped_file.h"
#include "scanner/source.h"

namespace assay {

// One a thread.
class Inflater {
 public:
  Inflater();
  ~Inflater();

  // Inflates the zlib stream that `in` begins with into the `size` bytes at `out`. False unless it
  // gives exactly so many and its checksum holds.
  bool inflate(std::string_view in, char* out, size_t size);

  // Inflates such a stream of unknown length, if it gives at most kMostShort bytes. They stand
  // until the next call. Empty if it gives more, or is damaged.
  static constexpr size_t kMostShort = size_t{256} << 10;
  std::optional<std::string_view> inflate_short(std::string_view in);

  // The first bytes of a stream of unknown length, as many as `out` has room for or it gives.
  // Returns how many; -1 if it is damaged.
  static int inflate_front(std::string_view in, std::span<char> out);

  // Whether `in` bytes can hold `size` of them: zlib never packs tighter than 1032 to 1.
  static bool can_hold(size_t in, uint64_t size) { return size / 1032 <= in; }

 private:
  struct Free {
    void operator()(void* decompressor) const;
  };
  std::unique_ptr<void, Free> decompressor_;
  std::unique_ptr<char[]> short_;  // kMostShort bytes, once there was need
};

// Reads a stream of `size` bytes, behind `skip` others, window by window, for objects too large to
// be held. `in` must outlive it, or lie in `file`, which it then owns. `damaged` is the diagnostic
// if it is not whole.
std::unique_ptr<Reader> stream_inflated(std::string_view in, uint64_t skip, uint64_t size,
                                        Diagnostic damaged,
                                        std::unique_ptr<MappedFile> file = nullptr);

}  // namespace assay
