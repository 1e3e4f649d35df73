// Reads a descriptor as it comes: poll, then read what is there.
//
//   tail -f app.log | assay scan -
//
// It never reads before poll has reported something, which is what makes a FIFO without a writer
// wait in place of ending: Linux reports nothing for it until a writer came, and a hang-up once the
// last one has gone. For anonymous pipes, sockets and regular files the same order works.
#include "scanner/sources/stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace assay {
namespace {

// The most that Linux gives a user who is not root: fewer wake-ups of both sides.
constexpr int kPipeBytes = 1 << 20;

class StreamReader : public Reader {
 public:
  StreamReader(int fd, bool owned, std::string name)
      : fd_(fd), owned_(owned), name_(std::move(name)) {
    fcntl(fd_, F_SETPIPE_SZ, kPipeBytes);  // fails for anything but a pipe, which does no harm
  }
  ~StreamReader() override {
    if (owned_) close(fd_);
  }
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;

  Result read(std::span<char> out, int wait_ms) override {
    if (error_ != 0) return {Status::failed};
    pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
    const int reported = poll(&ready, 1, std::max(wait_ms, -1));
    if (reported == 0) return {Status::idle};
    if (reported < 0) return errno == EINTR ? Result{Status::idle} : fail(errno);
    if ((ready.revents & POLLNVAL) != 0) return fail(EBADF);
    const ssize_t got = ::read(fd_, out.data(), out.size());
    if (got > 0) return {Status::data, static_cast<size_t>(got)};
    if (got == 0) return {Status::end};
    // EAGAIN: another reader of the same pipe was quicker.
    const bool nothing_yet = errno == EINTR || errno == EAGAIN;
    return nothing_yet ? Result{Status::idle} : fail(errno);
  }

  std::optional<Diagnostic> failure() override {
    if (error_ == 0) return std::nullopt;
    Diagnostic diagnostic{Diagnostic::Kind::unreadable, name_, {}, {}};
    if (error_ == EBADF) {
      diagnostic.reason = "it is not open for reading";
      diagnostic.remedy = "Redirect or pipe the bytes to scan into it.";
    } else if (error_ == EISDIR) {
      diagnostic.reason = "it is a folder";
      diagnostic.remedy = "Give the folder's path in place of redirecting it.";
    } else {
      diagnostic.reason = "reading failed: " + std::generic_category().message(error_);
      diagnostic.remedy = "Only what came before was scanned; run it again.";
    }
    return diagnostic;
  }

 private:
  Result fail(int error) {
    error_ = error;
    return {Status::failed};
  }

  int fd_;
  bool owned_;
  std::string name_;
  int error_ = 0;
};

class StreamSource : public Source {
 public:
  StreamSource(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  void enumerate(const Sink& sink) override {
    auto provenance = std::make_shared<Provenance>();
    provenance->kind = Provenance::Kind::stream;
    provenance->path = name_;
    sink.blob(Blob{std::move(provenance), name_});
  }

  std::unique_ptr<Reader> open(const Blob&, Diagnostic&) const override {
    return read_stream(fd_, false, name_);  // a descriptor that is not open fails when it is read
  }

  // A file redirected to the descriptor is there as a whole.
  bool live() const override {
    struct stat found {};
    return fstat(fd_, &found) != 0 || !S_ISREG(found.st_mode);
  }

 private:
  int fd_;
  std::string name_;
};

}  // namespace

std::unique_ptr<Source> open_stream(int fd, std::string name) {
  return std::make_unique<StreamSource>(fd, std::move(name));
}

std::unique_ptr<Reader> read_stream(int fd, bool owned, std::string name) {
  return std::make_unique<StreamReader>(fd, owned, std::move(name));
}

}  // namespace assay
