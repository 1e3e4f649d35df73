// Where a repository is, and whether it may be read: git's rules, without running anything.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

// Folders are real paths, absolute and without a `/` at the end.
struct RepositoryPlace {
  std::string git_folder;
  std::string common_folder;
  std::string work_folder;  // that of the `.git` entry by which it was found; else empty
  std::string git_file;     // the `.git` file that named git_folder; else empty
};

// The variables of a repository's own configuration that assay looks at, by name
// (`remote.origin.url`): those of core, extensions, remote and branch. The last one of a name.
using RepositoryConfig = std::map<std::string, std::string, std::less<>>;

// The folder that `.git` files and hooks call a git folder: HEAD, objects, refs. Its common folder
// (of a linked worktree another one), or empty if it is none. Throws Error if it names its common
// folder in a file that is not regular. `objects`: the folder where they are instead, or empty.
std::optional<std::string> common_of(const std::string& git_folder, const std::string& objects);

// Looks at `path`, which must exist, then at the folders above it, as git does: not past the file
// system it is on, nor past GIT_CEILING_DIRECTORIES if `environment`. Throws Error if there is
// none.
RepositoryPlace find_repository(const std::string& path, bool environment,
                                const std::string& objects);

// Throws Error unless all of it belongs to the user (for root also: to whom sudo was called by), or
// safe.directory in the configuration of the user or the system allows it.
void check_owner(const RepositoryPlace& place);

// Reads the configuration of the repository. Includes are not followed. Throws Error if it cannot
// be read, or if the repository's format is not known: SHA-256 object names, reftable, a version or
// an extension of later times.
RepositoryConfig read_repository_config(const RepositoryPlace& place);

// A path without symbolic links, `.` and `..`; empty if it does not exist.
std::string real_path(const std::string& path);
std::string trimmed(std::string_view text);  // without blanks and newlines at its ends
// Relative paths are below `folder`.
std::string joined(const std::string& folder, const std::string& path);

}  // namespace assay
