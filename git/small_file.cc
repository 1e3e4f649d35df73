#include "git/small_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "scanner/sources/file_reader.h"

namespace assay {

SmallFile read_small_file(const std::string& path, uint64_t most) {
  using Status = SmallFile::Status;
  // O_NONBLOCK: opening a FIFO without a writer would wait for ever.
  const Descriptor file = open_path(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!file) {
    const bool absent = errno == ENOENT || errno == ENOTDIR;
    return {absent           ? Status::missing
            : errno == ENXIO ? Status::not_regular
                             : Status::unreadable,
            {}};
  }
  struct stat found;
  if (fstat(file.get(), &found) != 0) return {Status::unreadable, {}};
  if (!S_ISREG(found.st_mode)) return {Status::not_regular, {}};
  if (static_cast<uint64_t>(found.st_size) > most) return {Status::too_large, {}};
  SmallFile result{Status::ok, {}};
  // One byte more than its length tells whether it grew.
  result.text.resize(static_cast<size_t>(found.st_size) + 1);
  size_t size = 0;
  for (;;) {
    const ssize_t got = read(file.get(), result.text.data() + size, result.text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return {Status::unreadable, {}};
    if (got == 0) break;
    size += static_cast<size_t>(got);
    if (size > most) return {Status::too_large, {}};
    if (size == result.text.size()) result.text.resize(2 * size);
  }
  result.text.resize(size);
  return result;
}

const char* to_string(SmallFile::Status status) {
  switch (status) {
    case SmallFile::Status::ok:
      return "is readable";
    case SmallFile::Status::missing:
      return "is missing";
    case SmallFile::Status::not_regular:
      return "is not a regular file";
    case SmallFile::Status::too_large:
      return "is too large";
    case SmallFile::Status::unreadable:
      break;
  }
  return "cannot be read";
}

}  // namespace assay
