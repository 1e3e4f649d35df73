// From /w/app/src, these are tried in turn, and the first that is a repository is taken:
//
//   /w/app/src/.git  /w/app/src  /w/app/.git  /w/app  /w/.git  …
//
// where `.git` may be a file "gitdir: ../x.git" (submodules, linked worktrees), and a git folder
// may hold a file `commondir` (linked worktrees). git and libgit2 read the configuration of the
// repository with all it includes, and a FIFO among these would make them wait for ever. So the
// little that is needed is read here, regular files of bounded size only.
#include "git/repository_find.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "git/config_file.h"
#include "git/small_file.h"
#include "rules/rule_set.h"

namespace assay {

namespace {

constexpr uint64_t kMostLink = uint64_t{64} << 10;   // .git, commondir, HEAD
constexpr uint64_t kMostConfig = uint64_t{4} << 20;  // also bounds what is kept of it

std::string environment_value(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

bool is_folder(const std::string& path) {
  struct stat found;
  return stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

bool has_head(const std::string& git_folder) {
  const std::string path = git_folder + "/HEAD";
  std::error_code failed;
  if (std::filesystem::is_symlink(path, failed)) {  // as git made it long ago
    return std::filesystem::read_symlink(path, failed).string().starts_with("refs/");
  }
  const SmallFile head = read_small_file(path, kMostLink);
  if (!head) return false;
  if (head.text.starts_with("ref:")) return trimmed(head.text.substr(4)).starts_with("refs/");
  return head.text.find_first_not_of("0123456789abcdefABCDEF") >= 40 && head.text.size() >= 40;
}

// The folder that a `.git` file names.
std::string follow_git_file(const std::string& file) {
  const SmallFile link = read_small_file(file, kMostLink);
  constexpr std::string_view kPrefix = "gitdir:";
  if (!link || !link.text.starts_with(kPrefix)) {
    throw Error(fmt::format("{}: it {} a link to a git folder. Repair or remove it.", file,
                            link ? "is not" : "cannot be read as"));
  }
  const std::string folder = std::filesystem::path(file).parent_path().string();
  return joined(folder, trimmed(std::string_view(link.text).substr(kPrefix.size())));
}

// Tries `folder`/.git, then `folder` itself.
bool try_folder(const std::string& folder, const std::string& objects, RepositoryPlace& place) {
  const std::string dot_git = folder == "/" ? "/.git" : folder + "/.git";
  struct stat found;
  const bool there = stat(dot_git.c_str(), &found) == 0;
  if (there && S_ISREG(found.st_mode)) {
    place.git_folder = real_path(follow_git_file(dot_git));
    const auto common =
        place.git_folder.empty() ? std::nullopt : common_of(place.git_folder, objects);
    if (!common) {
      throw Error(
          fmt::format("{}: the folder that this file names is no git folder. Repair it with "
                      "`git worktree repair` or `git submodule update --init`.",
                      dot_git));
    }
    place.common_folder = *common;
    place.git_file = dot_git;
    place.work_folder = folder;
    return true;
  }
  if (there && S_ISDIR(found.st_mode)) {
    if (const auto common = common_of(dot_git, objects)) {
      place.git_folder = real_path(dot_git);
      place.common_folder = *common;
      place.work_folder = folder;
      return true;
    }
  }
  if (const auto common = common_of(folder, objects)) {
    place.git_folder = folder;
    place.common_folder = *common;
    return true;
  }
  return false;
}

bool is_ceiling(const std::string& folder, bool environment) {
  if (!environment) return false;
  const std::string list = environment_value("GIT_CEILING_DIRECTORIES");
  for (size_t at = 0; at < list.size();) {
    const size_t end = std::min(list.find(':', at), list.size());
    if (end > at && real_path(list.substr(at, end - at)) == folder) return true;
    at = end + 1;
  }
  return false;
}

bool is_owned(const std::string& path) {
  struct stat found;
  if (lstat(path.c_str(), &found) != 0) return false;
  const uid_t user = geteuid();
  if (found.st_uid == user) return true;
  if (user != 0) return false;
  const std::string sudo = environment_value("SUDO_UID");
  if (sudo.empty() || sudo.find_first_not_of("0123456789") != std::string::npos) return false;
  return std::to_string(found.st_uid) == sudo;
}

// What safe.directory says, in order; "" forgets all before.
class SafeFolders {
 public:
  explicit SafeFolders(const std::string& folder) : folder_(folder) {}

  bool decide() {
    if (!is_true(environment_value("GIT_CONFIG_NOSYSTEM"))) {
      const std::string system = environment_value("GIT_CONFIG_SYSTEM");
      read(system.empty() ? "/etc/gitconfig" : system, 0);
    }
    const std::string home = environment_value("HOME");
    if (const char* global = std::getenv("GIT_CONFIG_GLOBAL")) {
      read(global, 0);
    } else {
      const std::string config = environment_value("XDG_CONFIG_HOME");
      if (!config.empty() || !home.empty()) {
        read((config.empty() ? home + "/.config" : config) + "/git/config", 0);
      }
      if (!home.empty()) read(home + "/.gitconfig", 0);
    }
    const std::string counted = environment_value("GIT_CONFIG_COUNT");
    const long count = std::strtol(counted.c_str(), nullptr, 10);
    for (long i = 0; i < count && i < 1000; ++i) {
      const std::string key = environment_value(fmt::format("GIT_CONFIG_KEY_{}", i).c_str());
      if (strcasecmp(key.c_str(), "safe.directory") == 0) {
        take(environment_value(fmt::format("GIT_CONFIG_VALUE_{}", i).c_str()));
      }
    }
    return safe_;
  }

 private:
  // These files are the user's own, so that their plain includes are followed.
  void read(const std::string& path, int depth) {
    constexpr int kMostDepth = 10;
    if (depth > kMostDepth || ++files_ > 100) return;
    const SmallFile file = read_small_file(path, kMostConfig);
    if (!file) return;
    size_t line = 0;
    parse_config(file.text, line,
                 [&](std::string_view section, std::string_view key, std::string&& value) {
                   if (section == "safe" && key == "directory") take(value);
                   if (section == "include" && key == "path") {
                     const auto folder = std::filesystem::path(path).parent_path().string();
                     read(joined(folder, at_home(value)), depth + 1);
                   }
                 });
  }

  void take(const std::string& value) {
    if (value.empty()) {
      safe_ = false;
    } else if (value == "*") {
      safe_ = true;
    } else if (value.ends_with("/*")) {
      const std::string below = real_path(at_home(value.substr(0, value.size() - 2)));
      if (!below.empty() && folder_.starts_with(below == "/" ? below : below + "/")) safe_ = true;
    } else if (real_path(at_home(value)) == folder_) {
      safe_ = true;
    }
  }

  static std::string at_home(const std::string& path) {
    return path.starts_with("~/") ? environment_value("HOME") + path.substr(1) : path;
  }

  const std::string& folder_;
  bool safe_ = false;
  int files_ = 0;
};

void read_config_into(const std::string& path, RepositoryConfig& config) {
  const SmallFile file = read_small_file(path, kMostConfig);
  if (file.status == SmallFile::Status::missing) return;
  if (!file) {
    throw Error(fmt::format("{}: the configuration of the repository {}. Repair it.", path,
                            to_string(file.status)));
  }
  size_t line = 0;
  const auto keep = [&](std::string_view section, std::string_view key, std::string&& value) {
    for (const std::string_view wanted : {"core", "extensions", "remote.", "branch."}) {
      if (section == wanted || (wanted.back() == '.' && section.starts_with(wanted))) {
        config[fmt::format("{}.{}", section, key)] = std::move(value);
      }
    }
  };
  // What of a long section's name is kept many times over would be more than the file.
  size_t kept = 0;
  const bool good = parse_config(
      file.text, line, [&](std::string_view section, std::string_view key, std::string&& value) {
        kept += section.size() + key.size() + value.size();
        if (kept <= 4 * kMostConfig) keep(section, key, std::move(value));
      });
  if (!good) {
    throw Error(fmt::format("{}:{}: this line is no configuration. Repair it.", path, line));
  }
  if (kept > 4 * kMostConfig) {
    throw Error(
        fmt::format("{}: the configuration of the repository is too large. Repair it.", path));
  }
}

void check_format(const std::string& folder, const RepositoryConfig& config) {
  const auto refuse = [&](const std::string& what, std::string_view remedy) {
    throw Error(fmt::format("{}: {}. {}", folder, what, remedy));
  };
  const auto version = config.find("core.repositoryformatversion");
  const std::string number = version == config.end() ? "0" : version->second;
  if (number != "0" && number != "1") {
    refuse("the repository has a format version other than 0 and 1, which this assay does not know",
           "Clone it with an older git, and scan the clone.");
  }
  constexpr std::string_view kClone =
      "Clone it anew with `git clone` from a server that has it in "
      "the common format, and scan the clone.";
  constexpr std::string_view kExtensions = "extensions.";
  for (const auto& [name, value] : config) {
    if (!name.starts_with(kExtensions)) continue;
    const std::string_view extension = std::string_view(name).substr(kExtensions.size());
    if (extension == "objectformat" && value != "sha1") {
      refuse("the repository names its objects by SHA-256, which assay does not read yet", kClone);
    }
    if (extension == "refstorage" && value != "files") {
      refuse("the repository keeps its refs in a reftable, which assay does not read yet",
             "Convert it with `git refs migrate --ref-format=files`, or scan a clone of it.");
    }
    // git ignores those it does not know in version 0.
    if (number == "0") continue;
    bool known = false;
    for (const std::string_view one :
         {"noop", "noop-v1", "partialclone", "preciousobjects", "worktreeconfig", "objectformat",
          "refstorage", "relativeworktrees"}) {
      known = known || extension == one;
    }
    if (!known) {
      refuse("the repository uses an extension of git that this assay does not know",
             "See `git config --get-regexp ^extensions` for its name; scan a clone of it.");
    }
  }
}

}  // namespace

std::string real_path(const std::string& path) {
  std::error_code failed;
  const auto real = std::filesystem::canonical(path, failed);
  return failed ? std::string() : real.string();
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin));
}

std::string joined(const std::string& folder, const std::string& path) {
  return path.starts_with('/') ? path : folder + "/" + path;
}

std::optional<std::string> common_of(const std::string& git_folder, const std::string& objects) {
  if (!has_head(git_folder)) return std::nullopt;
  const std::string link = git_folder + "/commondir";
  const SmallFile file = read_small_file(link, kMostLink);
  std::string common = real_path(git_folder);
  if (file) {
    common = real_path(joined(git_folder, trimmed(file.text)));
  } else if (file.status != SmallFile::Status::missing) {
    throw Error(fmt::format("{}: it {}. Repair it with `git worktree repair`.", link,
                            to_string(file.status)));
  }
  if (common.empty() || !is_folder(common + "/refs")) return std::nullopt;
  if (!is_folder(objects.empty() ? common + "/objects" : objects)) return std::nullopt;
  return common;
}

RepositoryPlace find_repository(const std::string& path, bool environment,
                                const std::string& objects) {
  std::string folder = real_path(path);
  struct stat start;
  if (folder.empty() || stat(folder.c_str(), &start) != 0) {
    throw Error(fmt::format(
        "{}: it does not exist, or you may not enter it. Name a folder of a repository.", path));
  }
  RepositoryPlace place;
  if (!S_ISDIR(start.st_mode)) {
    const std::filesystem::path file(folder);
    if (file.filename() != ".git") {
      throw Error(
          fmt::format("{}: it is a file. Name a folder of a repository, or look at the "
                      "file with `assay scan`.",
                      path));
    }
    folder = file.parent_path().string();
  }
  const bool across = environment && is_true(environment_value("GIT_DISCOVERY_ACROSS_FILESYSTEM"));
  for (;;) {
    if (try_folder(folder, objects, place)) return place;
    if (folder == "/" || folder.empty()) break;
    const std::string above = std::filesystem::path(folder).parent_path().string();
    struct stat found;
    if (is_ceiling(above, environment) || stat(above.c_str(), &found) != 0) break;
    if (found.st_dev != start.st_dev && !across) break;
    folder = above;
  }
  throw Error(
      fmt::format("{}: there is no git repository here or above. Name one, or look at the "
                  "files with `assay scan`.",
                  path));
}

void check_owner(const RepositoryPlace& place) {
  const std::string& named = place.work_folder.empty() ? place.git_folder : place.work_folder;
  for (const std::string* path : {&place.git_file, &place.work_folder, &place.git_folder}) {
    if (path->empty() || is_owned(*path)) continue;
    if (SafeFolders(named).decide()) return;
    throw Error(
        fmt::format("{}: the repository belongs to somebody else. If you trust it, allow "
                    "it with `git config --global --add safe.directory {}`.",
                    *path, named));
  }
}

RepositoryConfig read_repository_config(const RepositoryPlace& place) {
  RepositoryConfig config;
  read_config_into(place.common_folder + "/config", config);
  const auto own = config.find("extensions.worktreeconfig");
  if (own != config.end() && is_true(own->second)) {
    read_config_into(place.git_folder + "/config.worktree", config);
  }
  check_format(place.git_folder, config);
  return config;
}

}  // namespace assay
