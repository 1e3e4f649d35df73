// Opening and reading regular files.
#pragma once

#include <sys/stat.h>

#include <memory>
#include <string>
#include <utility>

#include "scanner/source.h"

namespace assay {

// Owns a file descriptor; -1 is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~Descriptor() { reset(); }

  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

// open(2), close-on-exec, for a path of any length: longer than PATH_MAX, it is opened piece by
// piece. None if it fails, with errno set.
Descriptor open_path(const std::string& path, int flags);

// openat(2) of one name, close-on-exec. None if it fails, with errno set.
Descriptor open_name(int folder, const char* name, int flags);

// What to say of a file or folder that could not be opened or looked at.
Diagnostic cannot_open(int error, std::string path);

// Reads the regular file `file`; `found` is its fstat, `path` stands in reports. A file whose
// length is 0 or is made up by the kernel (`length_known` false) is read from its start to its end,
// 16 MiB at most. `read_at` is for files with a size().
std::unique_ptr<Reader> read_file(Descriptor file, const struct stat& found, bool length_known,
                                  std::string path);

}  // namespace assay
