// Where bytes come from: the one interface between inputs and the scan.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "scanner/finding.h"

namespace assay {

// The bytes of one opened blob. Used by one thread at a time, except `read_at`.
class Reader {
 public:
  enum class Status { data, end, idle, failed };
  struct Result {
    Status status;
    size_t bytes = 0;
  };

  virtual ~Reader() = default;

  // Reads the next bytes into `out`. `data`: at least one byte; `end`: nothing more will come;
  // `idle`: nothing for `wait_ms` (only streams; 0 = do not wait, -1 = wait for ever, yet return at
  // a signal); `failed`: see failure().
  virtual Result read(std::span<char> out, int wait_ms) = 0;

  // The length if the bytes can be read at any offset by several threads, else empty.
  virtual std::optional<uint64_t> size() const { return std::nullopt; }

  // Up to out.size() bytes at `offset`; fewer only at the end; empty if it failed. Any thread.
  virtual std::optional<size_t> read_at(uint64_t offset, std::span<char> out) const {
    (void)offset, (void)out;
    return std::nullopt;
  }

  // After reading: what kept the blob from being read whole (cut short, changed, failed), if
  // anything.
  virtual std::optional<Diagnostic> failure() = 0;
};

// A named piece of input. `id` is the source's own.
struct Blob {
  std::shared_ptr<const Provenance> provenance;
  std::string id;  // what the source needs to open it: for files the path to open
};

// Names each blob once, in an order that does not change from run to run; opens one on any thread.
// Starts no threads and knows no rule.
class Source {
 public:
  struct Sink {
    // Takes a blob over; may wait; false = stop enumerating.
    std::function<bool(Blob&&)> blob;
    // Takes what could not be named, in order with the blobs.
    std::function<void(Diagnostic&&)> diagnostic;
    // Counts paths that the user left out.
    std::function<void(uint64_t)> ignored;
  };

  virtual ~Source() = default;

  // On one thread.
  virtual void enumerate(const Sink& sink) = 0;

  // On any thread. Returns null, with `diagnostic` filled, if it cannot be read.
  virtual std::unique_ptr<Reader> open(const Blob& blob, Diagnostic& diagnostic) const = 0;

  // The content of another file by its path from the blob's folder, for the names that an export
  // keeps beside its messages; empty if there is none, or it is over `most` bytes. On any thread.
  virtual std::optional<std::string> beside(const Blob& blob, std::string_view path,
                                            size_t most) const {
    (void)blob, (void)path, (void)most;
    return std::nullopt;
  }

  // Blobs of it arrive over time (a pipe): findings are wanted as soon as they are there.
  virtual bool live() const { return false; }
};

}  // namespace assay
