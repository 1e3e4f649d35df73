// A regular file as a Reader: read(2) in sequence, pread(2) at any offset, never mmap, since a file
// that is cut short while it is mapped ends the process.
//
//   opened with 4096 bytes, ends after 1000  →  changed: "it got shorter while it was read"
//   opened with 4096 bytes, ends after 5000  →  read whole, all 5000
//   the same, scanned through read_at        →  changed: the last 904 bytes were not scanned
#include "scanner/sources/file_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <system_error>

namespace assay {
namespace {

// What a file without a known length may yield: /proc files end, endless ones do too.
constexpr uint64_t kMaxUnknown = uint64_t{16} << 20;
// How much longer a file may get while it is read: a log goes on to its end, a file that somebody
// writes as fast as it is read comes to an end too.
constexpr uint64_t kMaxGrowth = uint64_t{64} << 20;

constexpr char kReadAgain[] = "Scan it again when nothing writes to it.";

class FileReader : public Reader {
 public:
  FileReader(Descriptor file, uint64_t length, std::string path)
      : file_(std::move(file)),
        length_(length),
        limit_(length == 0 ? kMaxUnknown : length + kMaxGrowth),
        path_(std::move(path)) {}

  Result read(std::span<char> out, int) override {
    if (error_ != 0) return {Status::failed};
    if (ended_) return {Status::end};
    char beyond;  // at the limit, one byte more tells whether the file goes on
    const uint64_t left = limit_ - position_;
    const size_t want = std::min<uint64_t>(out.size(), left);
    const ssize_t got = read_some(left == 0 ? &beyond : out.data(), left == 0 ? 1 : want);
    if (got < 0) {
      error_ = errno;
      return {Status::failed};
    }
    if (got == 0 || left == 0) {
      ended_ = true;
      over_limit_ = got > 0;
      return {Status::end};
    }
    position_ += static_cast<uint64_t>(got);
    return {Status::data, static_cast<size_t>(got)};
  }

  std::optional<uint64_t> size() const override {
    return length_ == 0 ? std::nullopt : std::optional(length_);
  }

  std::optional<size_t> read_at(uint64_t offset, std::span<char> out) const override {
    if (length_ == 0) return std::nullopt;
    used_at_ = true;
    size_t done = 0;
    while (done < out.size()) {
      const ssize_t got = pread(file_.get(), out.data() + done, out.size() - done,
                                static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) {
        error_ = errno;
        return std::nullopt;
      }
      if (got == 0) break;
      done += static_cast<size_t>(got);
    }
    if (done < out.size() && offset + done < length_) shorter_ = true;
    return done;
  }

  std::optional<Diagnostic> failure() override {
    using Kind = Diagnostic::Kind;
    if (error_ != 0) {
      return Diagnostic{Kind::unreadable, path_,
                        "reading failed: " + std::generic_category().message(error_),
                        "Check the disk or the connection to it, and scan it again."};
    }
    if (over_limit_ && length_ == 0) {
      return Diagnostic{Kind::limit, path_,
                        "its length is not known, and only its first 16 MiB were scanned",
                        "Pipe it into standard input to scan all of it."};
    }
    if (over_limit_) {
      return Diagnostic{Kind::changed, path_,
                        "it kept growing while it was read; the end was not scanned", kReadAgain};
    }
    struct stat now {};
    const bool told = used_at_ && fstat(file_.get(), &now) == 0;
    const uint64_t length = told ? static_cast<uint64_t>(now.st_size) : length_;
    if (shorter_ || length < length_ || (ended_ && position_ < length_)) {
      return Diagnostic{Kind::changed, path_, "it got shorter while it was read", kReadAgain};
    }
    if (length > std::max(length_, position_)) {
      return Diagnostic{Kind::changed, path_,
                        "it grew while it was read; the new part was not scanned", kReadAgain};
    }
    return std::nullopt;
  }

 private:
  ssize_t read_some(char* out, size_t bytes) {
    for (;;) {
      const ssize_t got = ::read(file_.get(), out, bytes);
      if (got >= 0 || errno != EINTR) return got;
    }
  }

  Descriptor file_;
  uint64_t length_;  // when it was opened; 0: not known
  uint64_t limit_;
  uint64_t position_ = 0;
  bool ended_ = false;
  bool over_limit_ = false;
  // Set by read_at, on any thread.
  mutable std::atomic<bool> used_at_ = false;
  mutable std::atomic<bool> shorter_ = false;
  mutable std::atomic<int> error_ = 0;
  std::string path_;
};

}  // namespace

void Descriptor::reset(int fd) {
  if (fd_ >= 0) close(fd_);
  fd_ = fd;
}

Descriptor open_name(int folder, const char* name, int flags) {
  for (;;) {
    const int fd = openat(folder, name, flags | O_CLOEXEC);
    if (fd >= 0 || errno != EINTR) return Descriptor(fd);
  }
}

Descriptor open_path(const std::string& path, int flags) {
  Descriptor folder;
  size_t begin = 0;
  while (path.size() - begin >= PATH_MAX) {
    const size_t slash = path.rfind('/', begin + PATH_MAX - 2);
    if (slash == std::string::npos || slash <= begin) {
      errno = ENAMETOOLONG;
      return {};
    }
    const std::string piece = path.substr(begin, slash - begin);
    const int at = folder ? folder.get() : AT_FDCWD;
    folder = open_name(at, piece.c_str(), O_PATH | O_DIRECTORY);
    if (!folder) return {};
    begin = std::min(path.find_first_not_of('/', slash), path.size());
  }
  const char* rest = begin < path.size() || begin == 0 ? path.c_str() + begin : ".";
  return open_name(folder ? folder.get() : AT_FDCWD, rest, flags);
}

Diagnostic cannot_open(int error, std::string path) {
  Diagnostic diagnostic{Diagnostic::Kind::unreadable, std::move(path), {}, {}};
  switch (error) {
    case ENOENT:
      diagnostic.reason = "no such file or folder";
      diagnostic.remedy = "Check the path.";
      break;
    case ENOTDIR:
      diagnostic.reason = "a part of the path is not a folder";
      diagnostic.remedy = "Check the path.";
      break;
    case EACCES:
    case EPERM:
      diagnostic.reason = "permission denied";
      diagnostic.remedy = "Run as a user who may read it, or leave it out by an ignore pattern.";
      break;
    case ELOOP:
      diagnostic.reason = "its symbolic links lead in a circle";
      diagnostic.remedy = "Remove the link, or leave it out by an ignore pattern.";
      break;
    case EMFILE:
    case ENFILE:
      diagnostic.reason = "too many files are open";
      diagnostic.remedy = "Raise the limit (ulimit -n), or use fewer threads.";
      break;
    default:
      diagnostic.reason = "it cannot be opened: " + std::generic_category().message(error);
  }
  return diagnostic;
}

std::unique_ptr<Reader> read_file(Descriptor file, const struct stat& found, bool length_known,
                                  std::string path) {
  const uint64_t length = length_known ? static_cast<uint64_t>(found.st_size) : 0;
  return std::make_unique<FileReader>(std::move(file), length, std::move(path));
}

}  // namespace assay
