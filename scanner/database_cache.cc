// The cache file: "ASSAYDB1", the SHA-256 of what follows, then the bytes. The checksum is against
// accidents; against malice stands the rule that only the user can have written file and folder.
#include "scanner/database_cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "rules/keys/c3id.h"

namespace assay {

namespace {

constexpr std::string_view kMagic = "ASSAYDB1";
constexpr size_t kDigestBytes = 32;
constexpr off_t kLargest = 64 << 20;

// A descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool only_ours(const struct stat& status) {
  return status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

Fd open_folder(const std::string& folder) {
  Fd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status;
  if (fd && fstat(fd.get(), &status) == 0 && only_ours(status)) return Fd(dup(fd.get()));
  return Fd(-1);
}

bool read_all(int fd, std::string& out) {
  size_t at = 0;
  while (at < out.size()) {
    const ssize_t got = read(fd, out.data() + at, out.size() - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += static_cast<size_t>(got);
  }
  return true;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return true;
}

// Makes each missing folder of the path, private.
void make_folders(const std::string& folder) {
  for (size_t at = folder.find('/', 1);; at = folder.find('/', at + 1)) {
    mkdir(folder.substr(0, at).c_str(), 0700);
    if (at == std::string::npos) return;
  }
}

}  // namespace

std::string default_cache_folder() {
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg != nullptr && xdg[0] == '/') {
    return std::string(xdg) + "/assay";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/') {
    return std::string(home) + "/.cache/assay";
  }
  return {};
}

std::optional<std::string> load_cached(const std::string& folder, const std::string& name) {
  const Fd parent = open_folder(folder);
  if (!parent) return std::nullopt;
  const Fd fd(openat(parent.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat status;
  if (!fd || fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) || !only_ours(status) ||
      status.st_size > kLargest ||
      status.st_size < static_cast<off_t>(kMagic.size() + kDigestBytes)) {
    return std::nullopt;
  }
  std::string file(static_cast<size_t>(status.st_size), '\0');
  if (!read_all(fd.get(), file) || !file.starts_with(kMagic)) return std::nullopt;
  const std::string_view digest = std::string_view(file).substr(kMagic.size(), kDigestBytes);
  const std::string_view bytes = std::string_view(file).substr(kMagic.size() + kDigestBytes);
  const auto actual = sha256(bytes);
  if (digest != std::string_view(actual.data(), actual.size())) return std::nullopt;
  return std::string(bytes);
}

void store_cached(const std::string& folder, const std::string& name, std::string_view bytes) {
  make_folders(folder);
  const Fd parent = open_folder(folder);
  if (!parent) return;
  const std::string temporary = fmt::format("{}.{}.tmp", name, getpid());
  const auto digest = sha256(bytes);
  bool whole = false;
  {
    const Fd fd(openat(parent.get(), temporary.c_str(),
                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd) return;
    whole = write_all(fd.get(), kMagic) && write_all(fd.get(), {digest.data(), digest.size()}) &&
            write_all(fd.get(), bytes);
  }
  if (!whole || renameat(parent.get(), temporary.c_str(), parent.get(), name.c_str()) != 0) {
    unlinkat(parent.get(), temporary.c_str(), 0);
  }
}

}  // namespace assay
