#include "git/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "scanner/sources/file_reader.h"

namespace assay {

std::unique_ptr<MappedFile> MappedFile::open(const std::string& path, std::string& reason) {
  const Descriptor file = open_path(path, O_RDONLY | O_NONBLOCK);
  struct stat found {};
  if (!file || fstat(file.get(), &found) != 0) {
    reason = errno == ENOENT ? "it is missing" : cannot_open(errno, path).reason;
    return nullptr;
  }
  if (!S_ISREG(found.st_mode)) {
    reason = "it is not a regular file";
    return nullptr;
  }
  const auto size = static_cast<size_t>(found.st_size);
  if (size == 0) return std::unique_ptr<MappedFile>(new MappedFile("", 0));
  void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) {
    reason = "the system cannot map it into memory";
    return nullptr;
  }
  return std::unique_ptr<MappedFile>(new MappedFile(static_cast<const char*>(data), size));
}

MappedFile::~MappedFile() {
  if (size_ > 0) munmap(const_cast<char*>(data_), size_);
}

}  // namespace assay
