// Reading the small files of a git folder, which an enemy may have made.
#pragma once

#include <cstdint>
#include <string>

namespace assay {

struct SmallFile {
  enum class Status { ok, missing, not_regular, too_large, unreadable };
  Status status = Status::missing;
  std::string text;
  explicit operator bool() const { return status == Status::ok; }
};

// Reads the regular file `path` whole, symbolic links followed. Never waits: a FIFO or a device is
// not_regular. More than `most` bytes are too_large, also where the file grows meanwhile.
SmallFile read_small_file(const std::string& path, uint64_t most);

// Half a sentence: "is not a regular file".
const char* to_string(SmallFile::Status status);

}  // namespace assay
