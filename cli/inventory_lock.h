// Held while an inventory is read, changed and written: of two runs at once, neither loses what the
// other one wrote.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

#include "scanner/sources/file_reader.h"

namespace assay {

class InventoryLock {
 public:
  // Waits. What is no file is for Inventory::read to tell; where the file system has no locks,
  // there is none.
  explicit InventoryLock(const std::string& path) {
    for (;;) {
      file_ = open_path(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
      struct stat held, there;
      if (!file_ || fstat(file_.get(), &held) != 0 || !S_ISREG(held.st_mode)) return;
      while (flock(file_.get(), LOCK_EX) != 0) {
        if (errno != EINTR) return;
      }
      // Who held it before has put another file there.
      if (stat(path.c_str(), &there) != 0) return;
      if (there.st_dev == held.st_dev && there.st_ino == held.st_ino) return;
    }
  }

 private:
  Descriptor file_;
};

}  // namespace assay
