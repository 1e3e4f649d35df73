// Given paths as a source: what each is, what reports call it, and how its blobs are opened.
//
//   given           opened as        reported as
//   ./logs/         ./logs/a.txt     logs/a.txt
//   .               ./a.txt          a.txt
//   /srv/app/logs   /srv/app/logs/x  logs/x
//   ../other        ../other/x       other/x
//
// Everything else about folders is in walk.cc. A blob's id is the path that opens it; it is opened
// on a worker, without waiting, and checked to be still what it was when it was named.
#include "scanner/sources/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "rules/rule_set.h"
#include "scanner/sources/file_reader.h"
#include "scanner/sources/ignore.h"
#include "scanner/sources/stream.h"
#include "scanner/sources/walk.h"

namespace assay {
namespace {

using std::string_view;

constexpr int kFileFlags = O_RDONLY | O_NOCTTY | O_NONBLOCK;

// What reports call a given path, or what is below it: empty if that needs no name before it.
std::string reported_path(string_view given) {
  const bool absolute = given.starts_with('/');
  std::vector<string_view> parts;
  while (!given.empty()) {
    const size_t end = std::min(given.find('/'), given.size());
    const string_view part = given.substr(0, end);
    given.remove_prefix(std::min(end + 1, given.size()));
    if (part.empty() || part == ".") continue;
    const bool climbs = part == "..";
    if (climbs && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!climbs || !absolute) {
      parts.push_back(part);
    }
  }
  if (parts.empty() || parts.back() == "..") return {};
  if (absolute || parts.front() == "..") return std::string(parts.back());
  return fmt::format("{}", fmt::join(parts, "/"));
}

// Where a given file really stands: its folder and its name there, its links followed.
struct Place {
  FileId folder;
  std::string name;  // empty if it has no place, as a pipe
};

struct Given {
  std::string path;
  struct stat found {};
  int error = 0;  // why `found` is not known
  std::optional<Place> place;
};

Given look_at(std::string path) {
  Given given;
  given.path = std::move(path);
  if (stat(given.path.c_str(), &given.found) == 0) return given;
  given.error = errno;
  if (given.error != ENAMETOOLONG) return given;
  const Descriptor file = open_path(given.path, O_PATH);
  given.error = file && fstat(file.get(), &given.found) == 0 ? 0 : errno;
  return given;
}

Place place_of(const Given& given) {
  struct Free {
    void operator()(char* text) const { free(text); }
  };
  const std::unique_ptr<char, Free> real(realpath(given.path.c_str(), nullptr));
  const string_view path = real ? real.get() : string_view();
  const size_t slash = path.rfind('/');
  struct stat folder {};
  if (slash == string_view::npos ||
      stat(std::string(path.substr(0, slash + 1)).c_str(), &folder) != 0) {
    return {id_of(given.found), {}};
  }
  return {id_of(folder), std::string(path.substr(slash + 1))};
}

IgnoreRules read_excludes(const std::vector<std::string>& patterns) {
  std::string text;
  for (size_t i = 0; i < patterns.size(); ++i) {
    const string_view fault = IgnoreRules::fault(patterns[i]);
    if (!fault.empty()) {  // by its number: the text may hold anything
      throw Error(
          fmt::format("Pattern {} of those to exclude can match nothing: {}. Write it as a "
                      "line of a .gitignore.",
                      i + 1, fault));
    }
    text.append(patterns[i]).append(1, '\n');
  }
  IgnoreRules rules = IgnoreRules::parse(text);
  if (rules.cut()) {
    throw Error(
        "There are more patterns to exclude than 10,000 or 1 MiB. Put them in a "
        ".assayignore file.");
  }
  return rules;
}

// Reading the report that this run writes would find the findings again, and never end.
class EmptyReader final : public Reader {
 public:
  Result read(std::span<char>, int) override { return {Status::end}; }
  std::optional<Diagnostic> failure() override { return std::nullopt; }
};

class FileSource : public Source {
 public:
  FileSource(std::vector<std::string> paths, FileOptions options)
      : options_(std::move(options)), exclude_(read_excludes(options_.exclude)) {
    const bool several = paths.size() > 1;
    for (std::string& path : paths) {
      Given given = look_at(std::move(path));
      given_paths_.insert(given.path);
      live_ |= given.error == 0 && S_ISFIFO(given.found.st_mode);
      if (several && given.error == 0 && !S_ISDIR(given.found.st_mode)) {
        given.place = place_of(given);
      }
      given_.push_back(std::move(given));
    }
  }

  void enumerate(const Sink& sink) override {
    Visited visited;
    for (const Given& given : given_) {
      if (given.place) visited.expect(given.place->folder, given.place->name);
    }
    for (const Given& given : given_) {
      if (!name_given(given, visited, sink)) return;
    }
  }

  std::unique_ptr<Reader> open(const Blob& blob, Diagnostic& diagnostic) const override {
    const bool given = given_paths_.contains(blob.id);
    const bool follow = given || options_.follow_symlinks;
    const bool stream = blob.provenance->kind == Provenance::Kind::stream;
    const std::string& path = blob.provenance->path;
    Descriptor file = open_path(blob.id, kFileFlags | (follow ? 0 : O_NOFOLLOW));
    struct stat found {};
    if (!file || fstat(file.get(), &found) != 0) {
      const bool gone = errno == ENOENT || errno == ENOTDIR || (errno == ELOOP && !follow);
      diagnostic =
          gone ? changed(path, "it was gone when it was to be read") : cannot_open(errno, path);
      return nullptr;
    }
    if (stream ? !S_ISFIFO(found.st_mode) : !S_ISREG(found.st_mode)) {
      diagnostic = changed(path, "something else stood in its place when it was to be read");
      return nullptr;
    }
    if (stream) return read_stream(file.release(), true, path);
    if (options_.own_output && id_of(found) == *options_.own_output) {
      return std::make_unique<EmptyReader>();
    }
    // Folders of made-up files are not entered, but a file of them may be given.
    const bool length_known = !(given && is_pseudo_file_system(file.get()));
    return read_file(std::move(file), found, length_known, path);
  }

  // Only a regular file, and no link: whoever made the export does not choose what is read.
  std::optional<std::string> beside(const Blob& blob, string_view path,
                                    size_t most) const override {
    const size_t slash = blob.id.rfind('/');
    std::string where = slash == std::string::npos ? std::string() : blob.id.substr(0, slash + 1);
    Descriptor file = open_path(where.append(path), kFileFlags | O_NOFOLLOW);
    struct stat found {};
    if (!file || fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode) ||
        static_cast<uint64_t>(found.st_size) > most) {
      return std::nullopt;
    }
    std::string content(static_cast<size_t>(found.st_size), '\0');
    size_t size = 0;
    while (size < content.size()) {
      const ssize_t got =
          pread(file.get(), content.data() + size, content.size() - size, static_cast<off_t>(size));
      if (got <= 0) break;
      size += static_cast<size_t>(got);
    }
    content.resize(size);
    return content;
  }

  bool live() const override { return live_; }

 private:
  // Names what a given path leads to. False if the sink said stop.
  bool name_given(const Given& given, Visited& visited, const Sink& sink) const {
    if (given.error != 0) {
      sink.diagnostic(cannot_look(given));
      return true;
    }
    const mode_t mode = given.found.st_mode;
    if (S_ISDIR(mode)) return walk(given, visited, sink);
    if (given.place &&
        std::exchange((*visited.given_in(given.place->folder))[given.place->name], true)) {
      return true;
    }
    if (!S_ISREG(mode) && !S_ISFIFO(mode)) {
      sink.diagnostic(not_a_file(mode, true, shown_path(given.path)));
      return true;
    }
    if (options_.follow_symlinks && !visited.name_file(id_of(given.found), false)) return true;
    auto provenance = std::make_shared<Provenance>();
    provenance->kind = S_ISFIFO(mode) ? Provenance::Kind::stream : Provenance::Kind::file;
    provenance->path = shown_path(given.path);
    if (provenance->kind == Provenance::Kind::file) provenance->file = given.path;
    return sink.blob(Blob{std::move(provenance), given.path});
  }

  bool walk(const Given& given, Visited& visited, const Sink& sink) const {
    Descriptor folder = open_path(given.path, O_RDONLY | O_DIRECTORY | O_NOCTTY | O_NONBLOCK);
    struct stat found {};
    if (!folder || fstat(folder.get(), &found) != 0) {
      sink.diagnostic(cannot_open(errno, shown_path(given.path)));
      return true;
    }
    if (is_pseudo_file_system(folder.get())) {
      sink.diagnostic({Diagnostic::Kind::skipped, shown_path(given.path),
                       "it is a file system that the kernel makes up",
                       "Name a file in it to read that one."});
      return true;
    }
    const bool twice = given_.size() > 1 || options_.follow_symlinks;
    if (twice && !visited.enter(id_of(found))) return true;
    Walk walk(options_, exclude_, twice ? &visited : nullptr, sink);
    const bool go_on = walk.run(std::move(folder), found, given.path, reported_path(given.path));
    if (walk.ignored() > 0) sink.ignored(walk.ignored());
    return go_on;
  }

  static Diagnostic changed(const std::string& path, const char* reason) {
    return {Diagnostic::Kind::changed, path, reason,
            "Scan it again when nothing writes to its folder."};
  }

  static Diagnostic cannot_look(const Given& given) {
    if (!given.path.empty()) return cannot_open(given.error, shown_path(given.path));
    return {Diagnostic::Kind::unreadable, "", "one of the given paths is empty",
            "Check the command line for an empty variable."};
  }

  FileOptions options_;
  IgnoreRules exclude_;
  std::vector<Given> given_;
  std::unordered_set<std::string> given_paths_;
  bool live_ = false;
};

}  // namespace

std::string shown_path(const std::string& given) {
  std::string path = reported_path(given);
  return path.empty() ? given : path;
}

std::unique_ptr<Source> open_files(std::vector<std::string> paths, FileOptions options) {
  return std::make_unique<FileSource>(std::move(paths), std::move(options));
}

}  // namespace assay
