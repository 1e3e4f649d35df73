// Where a report goes: standard output, or a file that appears whole or not at all.
#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "rules/keys/identify.h"
#include "scanner/sources/files.h"

namespace assay {

// Writes to stderr. Never fails: what cannot be said there must not end the run.
void say(std::string_view text) noexcept;

// The reader of our output went away: no message, the run just ends.
class PipeClosed : public std::exception {};

// Owns the descriptor of a file, borrows standard output. One thread.
class Output {
 public:
  // `path` empty: standard output. A regular file (or one that is not there yet) is written under a
  // temporary name beside it, synced, and renamed by `commit`; anything else (/dev/null, a FIFO) is
  // written straight. Throws Error if it cannot be opened.
  explicit Output(const std::string& path);
  ~Output();  // not committed: the temporary file is removed
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // The report appends here.
  std::string& buffer() { return buffer_; }

  // Writes the buffer away if it is large or `now`. Throws Error rather than write a key of
  // `families` whose checksum holds: the last door a value could slip through. Throws Error on a
  // full disk, PipeClosed on a closed pipe.
  void flush(bool now, std::span<const KeyFamily* const> families);

  void commit();
  bool is_terminal() const;

  // The file that is written to, if it is a regular one: it is no input of the same run.
  std::optional<FileId> file() const;

 private:
  [[noreturn]] void fail(std::string_view doing) const;

  int fd_ = 1;
  std::string path_;       // empty: standard output
  std::string temporary_;  // empty: written straight
  std::string buffer_;
};

}  // namespace assay
