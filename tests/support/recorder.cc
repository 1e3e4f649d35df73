// Notes every byte that assay writes, so that a test can look for keys in all of it:
//
//   RECORD=/folder LD_PRELOAD=recorder.so assay scan …
//
// puts what each call is asked to write at the end of /folder/PID-START-fdN.KIND.PART before the
// call is passed on as it came: standard output of process 7 stands whole and in order in
// 7-1f3a-fd1.pipe.0. A new PART begins only where a limit on the size of files asks for it. Without
// RECORD, and in programs of another name, the calls are only passed on.
// That no call of assay goes round this is tested by tests/cli/recorder_sees_all.sh.
//
// No memory is taken, no descriptor is kept, no lock is held and errno is left alone, so that the
// tests of signals, threads, limits and closed streams see what they see without this. No
// sanitizer and no C++ library is linked.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

namespace {

char folder[3000];  // empty: nothing is noted
unsigned long long start;

__attribute__((constructor)) void begin() {
  const char* name = program_invocation_short_name;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    if (strncmp(*entry, "RECORD=/", 8) != 0 || strcmp(name, "assay") != 0) continue;
    if (strlen(*entry) < sizeof folder) strcpy(folder, *entry + strlen("RECORD="));
  }
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  start = static_cast<unsigned long long>(now.tv_sec) * 1000000000u +
          static_cast<unsigned long long>(now.tv_nsec);
}

const char* kind_of(int fd) {
  struct stat status;
  if (fstat(fd, &status) != 0) return "closed";
  if (S_ISREG(status.st_mode)) return "file";
  if (S_ISFIFO(status.st_mode)) return "pipe";
  return S_ISSOCK(status.st_mode) ? "socket" : "other";
}

// A test that passes since nothing could be noted would be worse than one that fails.
[[noreturn]] void give_up(const char* why) {
  syscall(SYS_write, 2, "recorder: cannot note: ", 23);
  syscall(SYS_write, 2, why, strlen(why));
  syscall(SYS_write, 2, "\n", 1);
  syscall(SYS_exit_group, 125);
  __builtin_unreachable();
}

// Appends what the limit leaves room for; how much that was. The signal of the limit never comes.
size_t note_part(const char* path, const char* data, size_t size, size_t limit) {
  const int out = static_cast<int>(
      syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (out < 0) give_up("open");
  struct stat status;
  if (fstat(out, &status) != 0) give_up("stat");
  const size_t there = static_cast<size_t>(status.st_size);
  const size_t room = there < limit ? limit - there : 0;
  if (size > room) size = room;
  size_t put = 0;
  while (put < size) {
    const long wrote = syscall(SYS_write, out, data + put, size - put);
    if (wrote < 0 && errno != EINTR) give_up("write");
    if (wrote > 0) put += static_cast<size_t>(wrote);
  }
  syscall(SYS_close, out);
  return put;
}

void note(int fd, const void* bytes, size_t size) {
  if (folder[0] == '\0' || size == 0) return;
  const int kept = errno;
  rlimit limit;
  getrlimit(RLIMIT_FSIZE, &limit);
  const char* data = static_cast<const char*>(bytes);
  for (unsigned part = 0; size > 0; ++part) {
    char path[sizeof folder + 100];
    snprintf(path, sizeof path, "%s/%d-%llx-fd%d.%s.%u", folder, static_cast<int>(getpid()), start,
             fd, kind_of(fd), part);
    const size_t put = note_part(path, data, size, limit.rlim_cur);
    data += put;
    size -= put;
    if (part > 100000) give_up("limit");
  }
  errno = kept;
}

// A stream's bytes are noted when it gets them: what it does with them later goes round this.
void note(FILE* stream, const void* bytes, size_t size) { note(fileno(stream), bytes, size); }

void note_format(FILE* stream, const char* format, va_list arguments) {
  if (folder[0] == '\0') return;
  char text[65536];
  va_list copy;
  va_copy(copy, arguments);
  const int size = vsnprintf(text, sizeof text, format, copy);
  va_end(copy);
  if (size >= static_cast<int>(sizeof text)) give_up("format");
  if (size > 0) note(stream, text, static_cast<size_t>(size));
}

// The function that would have been called without this library.
template <typename F>
F* passed(F*& known, const char* name) {
  F* found = __atomic_load_n(&known, __ATOMIC_ACQUIRE);
  if (found != nullptr) return found;
  found = reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
  if (found == nullptr) give_up(name);
  __atomic_store_n(&known, found, __ATOMIC_RELEASE);
  return found;
}

}  // namespace

#define PASS_ON(name)                              \
  static decltype(::name)* known_##name = nullptr; \
  const auto pass_on = passed(known_##name, #name)

extern "C" {

ssize_t write(int fd, const void* bytes, size_t size) {
  PASS_ON(write);
  note(fd, bytes, size);
  return pass_on(fd, bytes, size);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  PASS_ON(pwrite);
  note(fd, bytes, size);
  return pass_on(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  PASS_ON(pwrite64);
  note(fd, bytes, size);
  return pass_on(fd, bytes, size, at);
}

ssize_t writev(int fd, const iovec* parts, int count) {
  PASS_ON(writev);
  for (int i = 0; i < count; ++i) note(fd, parts[i].iov_base, parts[i].iov_len);
  return pass_on(fd, parts, count);
}

// What is copied without passing through the program is read once more, from where it stands.
ssize_t sendfile(int out, int in, off_t* at, size_t size) {
  PASS_ON(sendfile);
  off_t from = at != nullptr ? *at : lseek(in, 0, SEEK_CUR);
  char part[4096];
  for (size_t left = folder[0] != '\0' ? size : 0; left > 0;) {
    const ssize_t got = pread(in, part, left < sizeof part ? left : sizeof part, from);
    if (got <= 0) break;
    note(out, part, static_cast<size_t>(got));
    from += got;
    left -= static_cast<size_t>(got);
  }
  return pass_on(out, in, at, size);
}

// What is written through a mapping could not be seen.
void* mmap(void* at, size_t size, int protection, int flags, int fd, off_t from) {
  PASS_ON(mmap);
  if (folder[0] != '\0' && fd >= 0 && (flags & MAP_TYPE) != MAP_PRIVATE &&
      (protection & PROT_WRITE) != 0) {
    give_up("mmap");
  }
  return pass_on(at, size, protection, flags, fd, from);
}

size_t fwrite(const void* bytes, size_t size, size_t count, FILE* stream) {
  PASS_ON(fwrite);
  note(stream, bytes, size * count);
  return pass_on(bytes, size, count, stream);
}

int fputs(const char* text, FILE* stream) {
  PASS_ON(fputs);
  note(stream, text, strlen(text));
  return pass_on(text, stream);
}

int fputc(int c, FILE* stream) {
  PASS_ON(fputc);
  const char byte = static_cast<char>(c);
  note(stream, &byte, 1);
  return pass_on(c, stream);
}

int putc(int c, FILE* stream) { return fputc(c, stream); }

int puts(const char* text) {
  PASS_ON(puts);
  note(stdout, text, strlen(text));
  note(stdout, "\n", 1);
  return pass_on(text);
}

// Only the streams of wide characters of the C++ library ask for it: nothing writes to these.
wint_t putwc(wchar_t c, FILE* stream) {
  PASS_ON(putwc);
  if (folder[0] != '\0') give_up("putwc");
  return pass_on(c, stream);
}

int vfprintf(FILE* stream, const char* format, va_list arguments) {
  PASS_ON(vfprintf);
  note_format(stream, format, arguments);
  return pass_on(stream, format, arguments);
}

int fprintf(FILE* stream, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int count = vfprintf(stream, format, arguments);
  va_end(arguments);
  return count;
}

int __fprintf_chk(FILE* stream, int, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int count = vfprintf(stream, format, arguments);
  va_end(arguments);
  return count;
}

}  // extern "C"
