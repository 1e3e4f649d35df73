// A hook is one small script with a line that tells whose it is. What was there before it is moved
// into a folder beside, which the script runs first:
//
//   hooks/pre-commit                  ours
//   hooks.before-assay/pre-commit     what was there, untouched: uninstall moves it back
//   hooks.before-assay/_  -> ../hooks/_
//
// Hooks look at their own name, at what lies beside them and at `..`: all are as before. Every step
// is one rename, so that a hook is the old one or the new one at any time.
#include "cli/hook_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

#include "git/config_file.h"
#include "git/repository.h"
#include "git/small_file.h"
#include "reports/format.h"
#include "response/rotation_names.h"
#include "rules/rule.h"
#include "rules/rule_set.h"

namespace assay {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMarker = "# assay-hook: written by `assay hook install`";
constexpr std::string_view kBefore = ".before-assay";
constexpr size_t kLargestHook = 64 << 10;  // of ours: far less

[[noreturn]] void fail(std::string_view what, const std::string& path, int reason) {
  throw Error(fmt::format("The hook {} cannot be {}: {}. Check the folder's permissions.", path,
                          what, std::strerror(reason)));
}

// The environment of a git that looks at this repository and no other.
std::vector<std::string> environment_for(const Repository& repository) {
  constexpr std::string_view kOfRepository[] = {
      "GIT_DIR=",        "GIT_COMMON_DIR=",       "GIT_WORK_TREE=",
      "GIT_INDEX_FILE=", "GIT_OBJECT_DIRECTORY=", "GIT_CONFIG="};
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const bool drop = std::any_of(std::begin(kOfRepository), std::end(kOfRepository),
                                  [&](std::string_view name) { return text.starts_with(name); });
    if (!drop) out.emplace_back(text);
  }
  out.push_back("GIT_DIR=" + repository.git_folder());
  out.push_back("GIT_COMMON_DIR=" + repository.common_folder());
  return out;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> out;
  for (const std::string& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

// Throws Error if the repository's configuration includes files that may name the folder: what a
// repository includes is not followed, and git would look for the hook there. The last one counts.
void refuse_includes(const Repository& repository) {
  bool unknown = false, own_file = false;
  const auto look_at = [&](const std::string& path) {
    const SmallFile file = read_small_file(path, uint64_t{4} << 20);
    size_t line = 0;
    parse_config(file.text, line,
                 [&](std::string_view section, std::string_view key, std::string&& value) {
                   if (section == "extensions" && key == "worktreeconfig")
                     own_file = is_true(value);
                   if (section == "core" && key == "hookspath") unknown = false;
                   const bool include = section == "include" || section.starts_with("includeif.");
                   if (include && key == "path") unknown = true;
                 });
  };
  look_at(repository.common_folder() + "/config");
  if (own_file) look_at(repository.git_folder() + "/config.worktree");
  if (!unknown) return;
  throw Error(
      fmt::format("{}/config: it includes other files, which assay does not follow, and one may "
                  "say where hooks are. Say it at the end of this file: core.hooksPath.",
                  repository.common_folder()));
}

// What `git config` prints of a variable; empty if it is not set.
std::optional<std::string> git_setting(const Repository& repository, const std::string& folder,
                                       const char* name) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) fail("found", folder, errno);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const std::vector<std::string> words = {"git", "-C",          folder,  "config",
                                          "-z",  "--type=path", "--get", name};
  const std::vector<std::string> environment = environment_for(repository);
  pid_t child = 0;
  const int refused = posix_spawnp(&child, "git", &actions, nullptr, pointers(words).data(),
                                   pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string out;
  char piece[4096];
  for (ssize_t got; refused == 0 && (got = read(ends[0], piece, sizeof piece)) != 0;) {
    if (got > 0) out.append(piece, static_cast<size_t>(got));
    if (got < 0 && errno != EINTR) break;
  }
  close(ends[0]);
  int status = 0;
  while (refused == 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (refused != 0 || !WIFEXITED(status) || WEXITSTATUS(status) > 1) {
    throw Error(
        fmt::format("git did not say where the hooks of {} are. Install git, and see that `git "
                    "config {}` works "
                    "there.",
                    folder, name));
  }
  if (WEXITSTATUS(status) == 1) return std::nullopt;
  if (out.ends_with('\0')) out.pop_back();
  return out;
}

// Whether `path` is `folder` or below it. Both without links.
bool is_below(const fs::path& path, const fs::path& folder) {
  if (folder.empty()) return false;
  const fs::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

bool exists(const std::string& path) {
  struct stat status;
  return lstat(path.c_str(), &status) == 0;
}

bool is_ours(const std::string& path) {
  struct stat status;
  if (lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
      static_cast<uint64_t>(status.st_size) > kLargestHook) {
    return false;
  }
  std::ifstream file(path, std::ios::binary);
  std::string first, second;
  std::getline(file, first);
  std::getline(file, second);
  return file && first == "#!/bin/sh" && second.starts_with(kMarker);
}

// A new executable file with the text; the name it got.
std::string write_beside(const std::string& path, std::string_view text) {
  std::string temporary = fmt::format("{}.{}.tmp", path, getpid());
  const int fd =
      open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0777);
  if (fd < 0) fail("written", path, errno);
  while (!text.empty()) {
    const ssize_t put = write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) break;
    text.remove_prefix(static_cast<size_t>(put));
  }
  const bool whole = text.empty() && fsync(fd) == 0;
  const int reason = errno;
  close(fd);
  if (!whole) {
    unlink(temporary.c_str());
    fail("written", path, reason);
  }
  return temporary;
}

// What else lies in the hooks' folder is what a hook may call by its place.
void link_neighbours(const fs::path& folder, const fs::path& kept) {
  std::error_code refused;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, refused)) {
    const std::string name = entry.path().filename().string();
    const bool hook = std::find(kHookNames.begin(), kHookNames.end(), name) != kHookNames.end();
    if (hook || name.ends_with(".sample") || name.ends_with(".tmp")) continue;
    std::error_code there;
    fs::create_symlink(fs::path("..") / folder.filename() / name, kept / name, there);
  }
}

// Takes the folder away once no hook is kept there. What is no link of ours stays.
void unlink_neighbours(const fs::path& folder, const fs::path& kept) {
  for (const std::string_view name : kHookNames) {
    if (exists((kept / name).string())) return;
  }
  std::vector<fs::path> ours;
  std::error_code refused;
  for (const fs::directory_entry& entry : fs::directory_iterator(kept, refused)) {
    std::error_code no_link;
    const fs::path target = fs::read_symlink(entry.path(), no_link);
    if (!no_link && target == fs::path("..") / folder.filename() / entry.path().filename()) {
      ours.push_back(entry.path());
    }
  }
  for (const fs::path& link : ours) fs::remove(link, refused);
  fs::remove(kept, refused);  // not if anything is left
}

std::string_view purpose(std::string_view name) {
  if (name == "pre-commit") return "looks at what is staged before each commit";
  if (name == "pre-push") return "looks at the commits of each push before they leave";
  return "looks at the commits of each push before they are taken";
}

}  // namespace

HooksFolder hooks_folder(const std::string& path) {
  const Repository repository(path, true);
  const std::string& home =
      repository.is_bare() ? repository.git_folder() : repository.work_folder();
  refuse_includes(repository);
  const auto setting = git_setting(repository, home, "core.hooksPath");
  // As git: a relative path is seen from where hooks run.
  const fs::path named =
      setting ? fs::path(home) / *setting : fs::path(repository.common_folder()) / "hooks";
  std::error_code refused;
  const fs::path real = fs::weakly_canonical(named, refused);
  if (refused) fail("found", named.string(), refused.value());
  // What is kept lies beside the folder, and so must that.
  const fs::path around = real.parent_path();
  const bool inside = is_below(around, repository.work_folder()) ||
                      is_below(around, repository.common_folder()) ||
                      is_below(around, repository.git_folder());
  return {real.string(), inside};
}

std::string own_program() {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  return length > 0 && static_cast<size_t>(length) < sizeof path
             ? std::string(path, static_cast<size_t>(length))
             : std::string();
}

std::string hook_text(std::string_view name, std::string_view program) {
  const bool staged = name == "pre-commit";
  std::string out = fmt::format(
      "#!/bin/sh\n"
      "{0}; `assay hook uninstall` takes it away.\n"
      "# Leaked keys stay out: it {1}. Changes to this file are lost:\n"
      "# commands of your own belong into {4}, which runs first.\n"
      "folder=$(CDPATH= cd -- \"$(dirname -- \"$0\")\" && pwd -P && echo .) || exit 1\n"
      "before=${{folder%??}}{5}/{2}\n"
      "program=$(command -v assay)\n"
      "case $program in /*) ;; *) program={3} ;; esac\n"
      "if [ ! -x \"$program\" ]; then\n"
      "  echo \"assay: the {2} hook refuses, since the program assay is not on PATH, nor where it "
      "was\" \\\n"
      "    \"when the hook was installed. Install assay, or delete the hook: $0\" >&2\n"
      "  exit 1\n"
      "fi\n",
      kMarker, purpose(name), name, shell_quoted(program),
      fmt::format("FOLDER{}/{}", kBefore, name), kBefore);
  if (staged) {
    out +=
        "if [ -x \"$before\" ]; then\n"
        "  \"$before\" \"$@\" || exit\n"
        "fi\n"
        "exec \"$program\" git --staged --accept-missing\n";
  } else {
    out += fmt::format(
        "# Both read what git says of the push on standard input. The stop keeps its line breaks.\n"
        "refs=$(cat && echo .) || exit 1\n"
        "refs=${{refs%.}}\n"
        "if [ -x \"$before\" ]; then\n"
        "  printf %s \"$refs\" | \"$before\" \"$@\" || exit\n"
        "fi\n"
        "printf %s \"$refs\" | \"$program\" hook {} --accept-missing -- \"$@\"\n",
        name);
  }
  return out;
}

bool is_installed(const std::string& folder, std::string_view name) {
  return is_ours(fmt::format("{}/{}", folder, name));
}

std::string install_hook(const std::string& folder, std::string_view name,
                         std::string_view program) {
  const std::string path = fmt::format("{}/{}", folder, name);
  const std::string kept = fmt::format("{}{}", folder, kBefore);
  const std::string before = fmt::format("{}/{}", kept, name);
  const bool keep = exists(path) && !is_ours(path);
  if (keep && fs::is_directory(fs::symlink_status(path))) {
    throw Error(fmt::format("{} is a folder. Move it away first.", path));
  }
  if (keep && exists(before)) {
    throw Error(
        fmt::format("Neither {} nor {} is assay's, and one of them would be lost. "
                    "Delete or rename one.",
                    path, before));
  }
  std::error_code refused;
  fs::create_directories(folder, refused);
  if (refused) fail("written", path, refused.value());
  if (keep) fs::create_directory(kept, refused);
  if (refused) fail("kept", path, refused.value());
  if (keep) link_neighbours(folder, kept);
  const std::string temporary = write_beside(path, hook_text(name, program));
  if (keep && rename(path.c_str(), before.c_str()) != 0) {
    const int reason = errno;
    unlink(temporary.c_str());
    fail("kept", path, reason);
  }
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    if (keep) (void)rename(before.c_str(), path.c_str());
    unlink(temporary.c_str());
    fail("written", path, reason);
  }
  std::string out = fmt::format("Installed {}: it {}.", path, purpose(name));
  if (exists(before)) out += fmt::format(" What was there, now {}, runs first.", before);
  return out;
}

std::string uninstall_hook(const std::string& folder, std::string_view name) {
  const std::string path = fmt::format("{}/{}", folder, name);
  const std::string kept = fmt::format("{}{}", folder, kBefore);
  const std::string before = fmt::format("{}/{}", kept, name);
  if (!is_ours(path)) {
    throw Error(exists(path) ? fmt::format("{} was not written by assay, so it stays. Delete it "
                                           "yourself, if it is not wanted.",
                                           path)
                             : fmt::format("There is no hook {}. `assay hook install --{}` would "
                                           "write one.",
                                           path, name));
  }
  const bool back = exists(before);
  if (back && rename(before.c_str(), path.c_str()) != 0) fail("put back", path, errno);
  if (!back && unlink(path.c_str()) != 0) fail("taken away", path, errno);
  if (back) unlink_neighbours(folder, kept);
  return fmt::format("Removed {}{}.", path, back ? ": what was there before is back" : "");
}

}  // namespace assay
