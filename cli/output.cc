#include "cli/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "reports/format.h"
#include "rules/rule_set.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr size_t kLarge = 64 << 10;

}  // namespace

void say(std::string_view text) noexcept {
  (void)!fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

Output::Output(const std::string& path) : path_(path) {
  if (path_.empty()) return;
  struct stat status;
  const bool exists = stat(path_.c_str(), &status) == 0;
  if (exists && !S_ISREG(status.st_mode)) {
    fd_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd_ < 0) fail("opened");
    return;
  }
  if (exists) {  // through a link, the file it leads to is replaced, not the link
    if (const std::unique_ptr<char, decltype(&std::free)> real(realpath(path_.c_str(), nullptr),
                                                               std::free);
        real != nullptr) {
      path_ = real.get();
    }
  }
  temporary_ = fmt::format("{}.{}.tmp", path_, getpid());
  const mode_t mode = exists ? status.st_mode & 0777 : 0666;  // less the umask, as for any new file
  fd_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (fd_ < 0) {
    temporary_.clear();
    fail("opened");
  }
}

Output::~Output() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
  if (!path_.empty() && fd_ >= 0) close(fd_);
}

void Output::fail(std::string_view doing) const {
  const int reason = errno;
  if (reason == EPIPE) throw PipeClosed();
  throw Error(fmt::format(
      "The report cannot be {} ({}): {}. Free some space, or name another place "
      "with --output.",
      doing, path_.empty() ? "standard output" : printable(path_), std::strerror(reason)));
}

void Output::flush(bool now, std::span<const KeyFamily* const> families) {
  if (buffer_.empty() || (!now && buffer_.size() < kLarge)) return;
  if (find_proven_key(buffer_, families)) {
    throw Error(
        "The report would have shown a key, so it was not written. This is a defect: please "
        "report it.");
  }
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t put = write(fd_, left.data(), left.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("written");
    left.remove_prefix(static_cast<size_t>(put));
  }
  buffer_.clear();
}

void Output::commit() {
  if (temporary_.empty()) return;
  if (fsync(fd_) != 0 || rename(temporary_.c_str(), path_.c_str()) != 0) fail("written");
  temporary_.clear();
}

std::optional<FileId> Output::file() const {
  struct stat status;
  if (fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return FileId{status.st_dev, status.st_ino};
}

bool Output::is_terminal() const { return isatty(fd_) == 1; }

}  // namespace assay
