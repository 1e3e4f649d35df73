// Going through one folder and all below it, for the file source.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "scanner/source.h"
#include "scanner/sources/file_reader.h"
#include "scanner/sources/files.h"
#include "scanner/sources/ignore.h"

namespace assay {

inline FileId id_of(const struct stat& found) { return {found.st_dev, found.st_ino}; }

struct FileIdHash {
  size_t operator()(const FileId& id) const {
    return std::hash<uint64_t>()(id.inode * 0x9E3779B97F4A7C15U ^ id.device);
  }
};

// What was entered and named already, so that nothing is twice. Only asked where that can happen:
// with several given paths, or when symbolic links are followed.
class Visited {
 public:
  // The given paths in one folder that are not folders: name → named already.
  using Given = std::map<std::string, bool, std::less<>>;

  // A given path that is not a folder will be named; `folder` and `name` are where it really
  // stands, so that two hard links of a file stay two.
  void expect(FileId folder, std::string_view name) { given_[folder].emplace(name, false); }
  Given* given_in(FileId folder);

  // True the first time.
  bool enter(FileId folder) { return folders_.insert(folder).second; }

  // False if the file was named already through a link, or, for a link, in any way.
  bool name_file(FileId file, bool through_link);

 private:
  std::unordered_map<FileId, Given, FileIdHash> given_;
  std::unordered_set<FileId, FileIdHash> folders_;
  std::unordered_set<FileId, FileIdHash> files_;
  std::unordered_set<FileId, FileIdHash> linked_;
};

// A file system that the kernel makes up: its files are no one's data, and some never end.
bool is_pseudo_file_system(int fd);

// What keeps a FIFO, a socket or a device from being read; `given` by the user or met in a folder.
Diagnostic not_a_file(mode_t mode, bool given, std::string path);

// One use: the walk through one given folder.
class Walk {
 public:
  // `visited` may be null: then nothing can be reached twice. All are the caller's and outlive it.
  Walk(const FileOptions& options, const IgnoreRules& exclude, Visited* visited,
       const Source::Sink& sink);

  // Goes through `folder`. `path` opens it, `reported` is what reports call it: empty for a folder
  // whose entries are reported by their names alone. False if the sink said stop.
  bool run(Descriptor folder, const struct stat& found, std::string_view path,
           std::string_view reported);

  uint64_t ignored() const { return ignored_; }

 private:
  struct Entry {
    size_t name = 0;  // in Frame::names, where a zero byte ends it
    uint16_t length = 0;
    uint8_t type = 0;  // DT_…
  };
  struct Frame {
    Descriptor folder;  // of the innermost few only
    FileId id;
    std::string names;
    std::vector<Entry> entries;
    size_t next = 0;
    size_t path_end = 0;     // of path_, its last byte a slash
    size_t rules_above = 0;  // so many of rules_ are of folders above
    Visited::Given* given = nullptr;
  };
  struct FolderRules {
    IgnoreRules rules;
    size_t path_end = 0;  // paths are relative to what ends here
    size_t memory = 0;    // of these and of those above
  };

  struct Kind {
    uint8_t type = 0;     // DT_…, of what a followed link leads to
    bool linked = false;  // the entry is a symbolic link
    int error = 0;        // it could not be looked at
  };

  void push(Descriptor folder, FileId id);
  void pop();
  void reopen(Frame& frame, int below);
  void list(Frame& frame);
  static const Entry* find_entry(const Frame& frame, std::string_view name);
  void read_rules(const Frame& frame);
  void add_rules(IgnoreRules rules, size_t path_end);
  Kind kind_of(int folder, const char* name, uint8_t type) const;
  bool visit(const Entry& entry);
  bool name_file(const char* name, bool through_link);
  void enter(const char* name, bool through_link);
  bool is_ignored(std::string_view name, bool is_folder);
  bool is_given(std::string_view name, bool now_named);

  std::string reported(std::string_view name) const;
  std::string shown_folder() const;
  void report(Diagnostic::Kind kind, std::string path, std::string reason, std::string remedy);

  const FileOptions& options_;
  const IgnoreRules& exclude_;
  Visited* visited_;
  const Source::Sink& sink_;

  std::deque<Frame> frames_;  // kept when left, for their buffers; a deque since it moves nothing
  size_t depth_ = 0;          // of frames_, in use
  std::vector<FolderRules> rules_;
  std::vector<char> buffer_;
  std::string path_;         // of the innermost folder, with a slash at its end
  size_t root_end_ = 0;      // of path_: below it, paths are relative to the root
  std::string report_root_;  // with a slash at its end, or empty
  std::string shown_root_;
  uint64_t ignored_ = 0;
};

}  // namespace assay
