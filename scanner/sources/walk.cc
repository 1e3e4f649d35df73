// Walks a tree without recursion: a frame a level, with the level's names sorted as bytes.
//
//   root/ {b/, a.txt}  →  frame 0: a.txt, b/   →  a.txt is named, b/ opened below frame 0's folder
//   root/b/ {c}        →  frame 1: c           →  b/c is named, frame 1 is left
//
// Only the innermost few frames keep their folder open. One further out is opened again as `..` of
// the frame that is left, which costs the same at any depth; if that leads elsewhere (the folder
// was moved, or entered by a link), by its path. Nothing is asked of the system for an entry whose
// type the folder tells.
#include "scanner/sources/walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <memory>
#include <system_error>

namespace assay {
namespace {

using std::string_view;

constexpr size_t kOpenFolders = 16;
constexpr size_t kListBytes = size_t{64} << 10;
// Of the ignore files from the root to the innermost folder: a folder tree of ten thousand levels,
// each with 1 MiB of patterns, must not fill the memory.
constexpr size_t kMaxRuleMemory = size_t{64} << 20;
constexpr char kIgnoreFile[] = ".assayignore";
constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOCTTY | O_NONBLOCK;

// Those that <linux/magic.h> of all kernels in use does not have.
constexpr uint32_t kConfigFs = 0x62656570;
constexpr uint32_t kMqueue = 0x19800202;
constexpr uint32_t kFuseControl = 0x65735543;
constexpr uint32_t kRpcPipes = 0x67596969;
constexpr uint32_t kNfsd = 0x6E667364;

constexpr uint32_t kPseudo[] = {PROC_SUPER_MAGIC,     SYSFS_MAGIC,        DEBUGFS_MAGIC,
                                TRACEFS_MAGIC,        CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
                                DEVPTS_SUPER_MAGIC,   SECURITYFS_MAGIC,   BPF_FS_MAGIC,
                                PSTOREFS_MAGIC,       BINFMTFS_MAGIC,     EFIVARFS_MAGIC,
                                SELINUX_MAGIC,        SMACK_MAGIC,        NSFS_MAGIC,
                                RDTGROUP_SUPER_MAGIC, kConfigFs,          kMqueue,
                                kFuseControl,         kRpcPipes,          kNfsd};

Diagnostic vanished(std::string path) {
  return {Diagnostic::Kind::changed, std::move(path),
          "it was there when its folder was listed, and now is not",
          "Scan it again when nothing writes to the folder."};
}

// Reads what the limit on ignore files lets through, and a byte more to tell that it was longer.
// `length` is the file's. False if it fails, with errno set.
bool read_start(const Descriptor& file, size_t length, std::string& text) {
  text.resize(std::min(length, IgnoreRules::kMaxBytes) + 1);
  size_t size = 0;
  ssize_t got = 0;
  while (size < text.size() &&
         (got = read(file.get(), text.data() + size, text.size() - size)) > 0) {
    size += static_cast<size_t>(got);
  }
  text.resize(size);
  return got >= 0;
}

}  // namespace

Visited::Given* Visited::given_in(FileId folder) {
  const auto found = given_.find(folder);
  return found == given_.end() ? nullptr : &found->second;
}

bool Visited::name_file(FileId file, bool through_link) {
  if (!through_link && linked_.contains(file)) return false;
  const bool first = files_.insert(file).second;
  if (through_link && first) linked_.insert(file);
  return first || !through_link;
}

bool is_pseudo_file_system(int fd) {
  struct statfs found {};
  if (fstatfs(fd, &found) != 0) return false;
  const auto magic = static_cast<uint32_t>(found.f_type);
  return std::find(std::begin(kPseudo), std::end(kPseudo), magic) != std::end(kPseudo);
}

Diagnostic not_a_file(mode_t mode, bool given, std::string path) {
  Diagnostic diagnostic{Diagnostic::Kind::skipped, std::move(path), {}, {}};
  diagnostic.remedy = given ? "Pipe what it yields into standard input."
                            : "Leave it out by an ignore pattern if it needs no scan.";
  if (S_ISFIFO(mode)) {
    diagnostic.reason = "it is a FIFO";
    diagnostic.remedy = "Name it on the command line to read it.";
  } else if (S_ISSOCK(mode)) {
    diagnostic.reason = "it is a socket";
  } else if (S_ISCHR(mode)) {
    diagnostic.reason = "it is a character device";
  } else if (S_ISBLK(mode)) {
    diagnostic.reason = "it is a block device";
  } else {
    diagnostic.reason = "it is neither a file nor a folder";
  }
  return diagnostic;
}

Walk::Walk(const FileOptions& options, const IgnoreRules& exclude, Visited* visited,
           const Source::Sink& sink)
    : options_(options), exclude_(exclude), visited_(visited), sink_(sink), buffer_(kListBytes) {}

bool Walk::run(Descriptor folder, const struct stat& found, string_view path,
               string_view reported) {
  path_ = path;
  if (!path_.ends_with('/')) path_ += '/';
  root_end_ = path_.size();
  report_root_ = reported;
  if (!report_root_.empty()) report_root_ += '/';
  shown_root_ = reported.empty() ? path : reported;
  push(std::move(folder), id_of(found));
  while (depth_ > 0) {
    Frame& frame = frames_[depth_ - 1];
    if (frame.next == frame.entries.size()) {
      pop();
    } else if (!visit(frame.entries[frame.next++])) {
      return false;
    }
  }
  return true;
}

// Makes the folder that path_ names the innermost frame.
void Walk::push(Descriptor folder, FileId id) {
  if (depth_ == frames_.size()) frames_.emplace_back();
  if (depth_ >= kOpenFolders) frames_[depth_ - kOpenFolders].folder.reset();
  Frame& frame = frames_[depth_++];
  frame.folder = std::move(folder);
  frame.id = id;
  frame.next = 0;
  frame.path_end = path_.size();
  frame.rules_above = rules_.size();
  frame.given = visited_ != nullptr ? visited_->given_in(id) : nullptr;
  list(frame);
  if (options_.use_ignore_files) read_rules(frame);
}

void Walk::pop() {
  Frame& left = frames_[--depth_];
  rules_.resize(left.rules_above);
  if (depth_ > 0) {
    Frame& above = frames_[depth_ - 1];
    path_.resize(above.path_end);
    if (!above.folder) reopen(above, left.folder.get());
  }
  left.folder.reset();
}

// Opens the folder of the innermost frame again, from the one `below` it that was left (-1 if that
// is not open). If it cannot be found any more, the rest of the frame is given up.
void Walk::reopen(Frame& frame, int below) {
  const auto is_it = [&](const Descriptor& folder) {
    struct stat found {};
    return folder && fstat(folder.get(), &found) == 0 && id_of(found) == frame.id;
  };
  frame.folder = below >= 0 ? open_name(below, "..", kFolderFlags) : Descriptor();
  if (is_it(frame.folder)) return;
  frame.folder = open_path(path_, kFolderFlags);
  if (is_it(frame.folder)) return;
  frame.folder.reset();
  if (frame.next < frame.entries.size()) {
    frame.next = frame.entries.size();
    report(Diagnostic::Kind::changed, shown_folder(), "it was moved while it was walked",
           "Scan it again when nothing writes to it.");
  }
}

void Walk::list(Frame& frame) {
  frame.names.clear();
  frame.entries.clear();
  ssize_t got;
  while ((got = getdents64(frame.folder.get(), buffer_.data(), buffer_.size())) > 0) {
    for (ssize_t at = 0; at < got;) {
      // The kernel aligns the entries, and operator new the buffer.
      const auto* found = reinterpret_cast<const dirent64*>(buffer_.data() + at);
      at += found->d_reclen;
      const string_view name = found->d_name;
      if (name == "." || name == "..") continue;
      frame.entries.push_back(
          {frame.names.size(), static_cast<uint16_t>(name.size()), found->d_type});
      frame.names.append(name.data(), name.size() + 1);
    }
  }
  if (got < 0) {
    report(Diagnostic::Kind::unreadable, shown_folder(),
           "its entries cannot be listed: " + std::generic_category().message(errno), "");
  }
  const char* names = frame.names.data();
  std::sort(frame.entries.begin(), frame.entries.end(), [names](const Entry& a, const Entry& b) {
    return string_view(names + a.name, a.length) < string_view(names + b.name, b.length);
  });
}

// The entry of this name, or null.
const Walk::Entry* Walk::find_entry(const Frame& frame, string_view name) {
  const auto text = [&](const Entry& entry) {
    return string_view(frame.names.data() + entry.name, entry.length);
  };
  const auto found = std::lower_bound(
      frame.entries.begin(), frame.entries.end(), name,
      [&](const Entry& entry, string_view wanted) { return text(entry) < wanted; });
  return found != frame.entries.end() && text(*found) == name ? &*found : nullptr;
}

// Takes up the folder's own ignore file. What is no regular file is left to visit(), which says so.
void Walk::read_rules(const Frame& frame) {
  const Entry* entry = find_entry(frame, kIgnoreFile);
  if (entry == nullptr) return;
  if (entry->type != DT_REG && entry->type != DT_LNK && entry->type != DT_UNKNOWN) return;
  const int nofollow = options_.follow_symlinks ? 0 : O_NOFOLLOW;
  const Descriptor file =
      open_name(frame.folder.get(), kIgnoreFile, O_RDONLY | O_NOCTTY | O_NONBLOCK | nofollow);
  struct stat found {};
  if (file && fstat(file.get(), &found) == 0 && !S_ISREG(found.st_mode)) return;
  std::string text;
  if (!file || !read_start(file, static_cast<size_t>(found.st_size), text)) {
    if (errno == ELOOP && nofollow != 0) {
      report(Diagnostic::Kind::skipped, reported(kIgnoreFile),
             "it is a symbolic link, so its patterns are not used",
             "Put a regular file in its place, or have symbolic links followed.");
    } else {
      report(Diagnostic::Kind::unreadable, reported(kIgnoreFile),
             "its patterns are not used: " + std::generic_category().message(errno),
             "Make it readable, or have ignore files left aside.");
    }
    return;
  }
  add_rules(IgnoreRules::parse(text), frame.path_end);
}

void Walk::add_rules(IgnoreRules rules, size_t path_end) {
  if (rules.empty()) return;
  const size_t memory = rules_.empty() ? 0 : rules_.back().memory;
  FolderRules level{std::move(rules), path_end, 0};
  level.memory = memory + level.rules.memory();
  if (level.rules.cut()) {
    report(Diagnostic::Kind::limit, reported(kIgnoreFile),
           "only the patterns in its first 1 MiB and 10,000 lines are used",
           "Make it shorter, with patterns for whole folders.");
  }
  if (level.memory > kMaxRuleMemory) {
    report(Diagnostic::Kind::limit, reported(kIgnoreFile),
           "its patterns are not used: with those of the folders above they are too many",
           "Make the ignore files shorter.");
    return;
  }
  rules_.push_back(std::move(level));
}

// What an entry is: asked only where the folder does not tell, and of links if they are followed.
Walk::Kind Walk::kind_of(int folder, const char* name, uint8_t type) const {
  Kind kind{.type = type};
  struct stat found {};
  const auto look = [&](int flags) {
    kind.error = fstatat(folder, name, &found, flags) == 0 ? 0 : errno;
    if (kind.error == 0) kind.type = static_cast<uint8_t>(IFTODT(found.st_mode));
  };
  if (type == DT_UNKNOWN) look(AT_SYMLINK_NOFOLLOW);
  kind.linked = kind.type == DT_LNK;
  if (kind.linked && options_.follow_symlinks) look(0);
  return kind;
}

// Names, enters or leaves out one entry of the innermost folder. False if the sink said stop.
bool Walk::visit(const Entry& entry) {
  Frame& frame = frames_[depth_ - 1];
  const char* c_name = frame.names.data() + entry.name;
  const string_view name(c_name, entry.length);
  const Kind kind = kind_of(frame.folder.get(), c_name, entry.type);
  const bool is_folder = kind.type == DT_DIR;
  // Git's own files are for `assay git`, which reads what is packed in them.
  if ((kind.linked && !options_.follow_symlinks) || (is_folder && name == ".git") ||
      is_ignored(name, is_folder)) {
    ++ignored_;
    return true;
  }
  if (kind.error != 0) {
    sink_.diagnostic(kind.error == ENOENT && !kind.linked
                         ? vanished(reported(name))
                         : cannot_open(kind.error, reported(name)));
    return true;
  }
  if (is_folder) {
    enter(c_name, kind.linked);
    return true;
  }
  const bool is_file = kind.type == DT_REG;
  if (frame.given != nullptr && is_given(name, is_file)) return true;
  if (is_file) return name_file(c_name, kind.linked);
  sink_.diagnostic(not_a_file(DTTOIF(kind.type), false, reported(name)));
  return true;
}

// Whether a given path is this entry, and so needs no word here: a file because it was named
// through it, anything else because it will be.
bool Walk::is_given(string_view name, bool now_named) {
  Visited::Given& given = *frames_[depth_ - 1].given;
  const auto found = given.find(name);
  if (found == given.end()) return false;
  return now_named ? std::exchange(found->second, true) : true;
}

bool Walk::name_file(const char* name, bool through_link) {
  if (options_.follow_symlinks) {
    struct stat found {};
    const int folder = frames_[depth_ - 1].folder.get();
    if (fstatat(folder, name, &found, 0) == 0 && !visited_->name_file(id_of(found), through_link)) {
      return true;
    }
  }
  auto provenance = std::make_shared<Provenance>();
  provenance->path = reported(name);
  const string_view last = name;
  std::string id;
  id.reserve(path_.size() + last.size());
  id.append(path_).append(last);
  provenance->file = id;
  return sink_.blob(Blob{std::move(provenance), std::move(id)});
}

void Walk::enter(const char* name, bool through_link) {
  const Frame& frame = frames_[depth_ - 1];
  Descriptor folder =
      open_name(frame.folder.get(), name, kFolderFlags | (through_link ? 0 : O_NOFOLLOW));
  struct stat found {};
  if (!folder || fstat(folder.get(), &found) != 0) {
    // Another kind of thing in its place is ENOTDIR, or ELOOP for a link.
    const bool swapped = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
    sink_.diagnostic(swapped ? vanished(reported(name)) : cannot_open(errno, reported(name)));
    return;
  }
  if (found.st_dev != frame.id.device && is_pseudo_file_system(folder.get())) {
    report(Diagnostic::Kind::skipped, reported(name),
           "it is a file system that the kernel makes up", "Name a file in it to read that one.");
    return;
  }
  if (visited_ != nullptr && !visited_->enter(id_of(found))) return;
  path_.append(name).append(1, '/');
  push(std::move(folder), id_of(found));
}

// The user's patterns go first, then the ignore files from the innermost folder out.
bool Walk::is_ignored(string_view name, bool is_folder) {
  if (exclude_.empty() && rules_.empty()) return false;
  using Verdict = IgnoreRules::Verdict;
  const size_t folder_end = path_.size();
  path_.append(name);
  const auto below = [&](size_t end) { return string_view(path_).substr(end); };
  Verdict verdict = exclude_.check(below(root_end_), is_folder);
  for (auto level = rules_.rbegin(); level != rules_.rend() && verdict == Verdict::none; ++level) {
    verdict = level->rules.check(below(level->path_end), is_folder);
  }
  path_.resize(folder_end);
  return verdict == Verdict::ignored;
}

std::string Walk::reported(string_view name) const {
  const string_view below = string_view(path_).substr(root_end_);
  std::string path;
  path.reserve(report_root_.size() + below.size() + name.size());
  path.append(report_root_).append(below).append(name);
  return path;
}

std::string Walk::shown_folder() const {
  std::string path = reported({});
  if (path.ends_with('/')) path.pop_back();
  return path.empty() ? shown_root_ : path;
}

void Walk::report(Diagnostic::Kind kind, std::string path, std::string reason, std::string remedy) {
  sink_.diagnostic({kind, std::move(path), std::move(reason), std::move(remedy)});
}

}  // namespace assay
