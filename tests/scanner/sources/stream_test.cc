#include "scanner/sources/stream.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <chrono>

#include "tests/scanner/sources/temp_folder.h"

namespace assay {
namespace {

using Status = Reader::Status;

// What one read gives, as "data:abc", "end", "idle" or "failed".
std::string read_once(Reader& reader, int wait_ms) {
  std::array<char, 4096> buffer;
  const Reader::Result result = reader.read(buffer, wait_ms);
  switch (result.status) {
    case Status::data:
      return "data:" + std::string(buffer.data(), result.bytes);
    case Status::end:
      return "end";
    case Status::idle:
      return "idle";
    case Status::failed:
      return "failed";
  }
  return "";
}

struct Pipe {
  Pipe() {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) abort();
    from = fds[0];
    to = fds[1];
  }
  ~Pipe() {
    close(from);
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void write(std::string_view text) const {
    ASSERT_EQ(::write(to, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void close_writer() {
    if (to >= 0) close(to);
    to = -1;
  }
  int from = -1;
  int to = -1;
};

TEST(Stream, NamesOneBlobAndReadsItAsItComes) {
  Pipe pipe;
  const auto source = open_stream(pipe.from, "<stdin>");
  EXPECT_TRUE(source->live());
  std::vector<Blob> blobs;
  source->enumerate({.blob = [&](Blob&& blob) { return blobs.push_back(std::move(blob)), true; },
                     .diagnostic = [](Diagnostic&&) { FAIL(); },
                     .ignored = [](uint64_t) { FAIL(); }});
  ASSERT_EQ(blobs.size(), 1U);
  EXPECT_EQ(blobs[0].provenance->kind, Provenance::Kind::stream);
  EXPECT_EQ(blobs[0].provenance->path, "<stdin>");

  Diagnostic diagnostic;
  const auto reader = source->open(blobs[0], diagnostic);
  ASSERT_NE(reader, nullptr);
  EXPECT_FALSE(reader->size());
  EXPECT_EQ(read_once(*reader, 0), "idle");
  EXPECT_EQ(read_once(*reader, 20), "idle");
  pipe.write("abc");
  EXPECT_EQ(read_once(*reader, 0), "data:abc");
  EXPECT_EQ(read_once(*reader, 0), "idle");
  pipe.write("last");
  pipe.close_writer();
  EXPECT_EQ(read_once(*reader, -1), "data:last");
  EXPECT_EQ(read_once(*reader, -1), "end");
  EXPECT_FALSE(reader->failure());
}

TEST(Stream, WaitsAsLongAsAsked) {
  const Pipe pipe;
  const auto reader = read_stream(pipe.from, false, "p");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(read_once(*reader, 50), "idle");
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(45));
}

TEST(Stream, SignalEndsTheWait) {
  const Pipe pipe;
  const auto reader = read_stream(pipe.from, false, "p");
  struct sigaction ignore_it {};
  struct sigaction before {};
  ignore_it.sa_handler = [](int) {};
  sigaction(SIGALRM, &ignore_it, &before);
  // Again and again: the first may come before the wait begins.
  itimerval timer{.it_interval = {0, 20'000}, .it_value = {0, 20'000}};
  setitimer(ITIMER_REAL, &timer, nullptr);
  EXPECT_EQ(read_once(*reader, -1), "idle");
  EXPECT_FALSE(reader->failure());
  timer = {};
  setitimer(ITIMER_REAL, &timer, nullptr);
  sigaction(SIGALRM, &before, nullptr);
}

TEST(Stream, OwnedDescriptorIsClosedAndOthersAreNot) {
  for (const bool owned : {true, false}) {
    const Pipe pipe;
    const int fd = dup(pipe.from);
    read_stream(fd, owned, "p").reset();
    EXPECT_EQ(fcntl(fd, F_GETFD) < 0, owned);
    if (!owned) close(fd);
  }
}

TEST(Stream, RegularFileIsReadFromWhereItStands) {
  const TempFolder folder;
  folder.write("f", "skipped,read");
  const int fd = open((folder / "f").c_str(), O_RDONLY);
  ASSERT_EQ(lseek(fd, 8, SEEK_SET), 8);
  const auto source = open_stream(fd, "<stdin>");
  EXPECT_FALSE(source->live());
  Diagnostic diagnostic;
  const auto reader = source->open({}, diagnostic);
  EXPECT_EQ(read_once(*reader, 0), "data:read");
  EXPECT_EQ(read_once(*reader, 0), "end");
  EXPECT_FALSE(reader->failure());
  close(fd);
}

TEST(Stream, SocketIsReadToItsShutdown) {
  int fds[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
  const auto reader = read_stream(fds[0], true, "s");
  EXPECT_EQ(read_once(*reader, 0), "idle");
  ASSERT_EQ(write(fds[1], "abc", 3), 3);
  close(fds[1]);
  EXPECT_EQ(read_once(*reader, 0), "data:abc");
  EXPECT_EQ(read_once(*reader, 0), "end");
}

TEST(Stream, NonBlockingDescriptorDoesNotFail) {
  Pipe pipe;
  fcntl(pipe.from, F_SETFL, O_NONBLOCK);
  const auto reader = read_stream(pipe.from, false, "p");
  EXPECT_EQ(read_once(*reader, 0), "idle");
  pipe.write("abc");
  EXPECT_EQ(read_once(*reader, 0), "data:abc");
}

TEST(Stream, FifoWithoutAWriterWaitsForTheFirstAndEndsWithTheLast) {
  const TempFolder folder;
  const std::string path = folder / "fifo";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const auto reader = read_stream(open(path.c_str(), O_RDONLY | O_NONBLOCK), true, "fifo");
  EXPECT_EQ(read_once(*reader, 0), "idle");
  EXPECT_EQ(read_once(*reader, 10), "idle");
  const int first = open(path.c_str(), O_WRONLY);
  EXPECT_EQ(read_once(*reader, 0), "idle");
  ASSERT_EQ(write(first, "abc", 3), 3);
  const int second = open(path.c_str(), O_WRONLY);
  close(first);
  EXPECT_EQ(read_once(*reader, 0), "data:abc");
  EXPECT_EQ(read_once(*reader, 0), "idle");
  close(second);
  EXPECT_EQ(read_once(*reader, 0), "end");
}

TEST(Stream, FifoWhoseWriterWroteNothingEnds) {
  const TempFolder folder;
  const std::string path = folder / "fifo";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const auto reader = read_stream(open(path.c_str(), O_RDONLY | O_NONBLOCK), true, "fifo");
  close(open(path.c_str(), O_WRONLY));
  EXPECT_EQ(read_once(*reader, 0), "end");
}

TEST(Stream, WhatCannotBeReadFailsWithAReason) {
  const TempFolder folder;
  folder.write("f", "");
  const int closed = dup(0);
  close(closed);
  const struct {
    const char* what;
    int fd;
    const char* reason;
  } rows[] = {
      {"not open", closed, "it is not open for reading"},
      {"open for writing", open((folder / "f").c_str(), O_WRONLY), "it is not open for reading"},
      {"a folder", open(folder.path().c_str(), O_RDONLY | O_DIRECTORY), "it is a folder"},
  };
  for (const auto& row : rows) {
    const auto reader = read_stream(row.fd, false, "<stdin>");
    EXPECT_EQ(read_once(*reader, 0), "failed") << row.what;
    const auto failure = reader->failure();
    ASSERT_TRUE(failure) << row.what;
    EXPECT_EQ(failure->kind, Diagnostic::Kind::unreadable) << row.what;
    EXPECT_EQ(failure->path, "<stdin>") << row.what;
    EXPECT_EQ(failure->reason, row.reason) << row.what;
    EXPECT_EQ(read_once(*reader, 0), "failed") << row.what;
  }
  close(rows[1].fd);
  close(rows[2].fd);
}

}  // namespace
}  // namespace assay
