// Files and folders as a source.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scanner/source.h"

namespace assay {

// A file or folder, whatever its paths are.
struct FileId {
  dev_t device = 0;
  ino_t inode = 0;
  friend bool operator==(const FileId&, const FileId&) = default;
};

struct FileOptions {
  bool follow_symlinks = false;
  bool use_ignore_files = true;      // .assayignore, gitignore syntax, in scanned folders
  std::vector<std::string> exclude;  // gitignore patterns, as if in an .assayignore at each root
  std::optional<FileId> own_output =
      std::nullopt;  // the report being written: read as if it were empty
};

// Walks `paths` in the order given, folders depth first in byte order of the names, hidden entries
// too, `.git` folders not (their objects are for `assay git`). A file reached twice is named once,
// by the path that reached it first; hard links are files of their own.
// - A folder's symlinks are left alone unless follow_symlinks; a path given by the user is
//   followed. Followed ones are never entered twice (device and inode).
// - Sockets, devices, FIFOs met in a folder, and file systems that the kernel makes up (/proc,
//   /sys …) are a diagnostic; a FIFO given as a path is read as a stream (see stream.h).
// - A path that does not exist or cannot be opened is a diagnostic, and the walk goes on.
// - Reported paths: as given, joined with what is below; a path that leads out of the working
//   folder (absolute or through `..`) is reported from its last part on.
// - Ignored paths are counted, not named, and so are `.git` folders and symlinks left alone. The
//   given paths themselves are never ignored.
// Never throws for anything in the tree; throws Error for a malformed pattern in `exclude`.
std::unique_ptr<Source> open_files(std::vector<std::string> paths, FileOptions options);

// What reports call a given path: as above; `.` and `..` as they are.
std::string shown_path(const std::string& given);

}  // namespace assay
