// A repository as far as a scan needs it: where its objects, refs and index are. Nothing of it
// runs: no hook, filter, external program, file-system monitor, nor what its configuration
// includes. Only regular files of bounded size are read, so that nothing in it can make the scan
// wait.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/object_store.h"
#include "git/oid.h"
#include "git/repository_find.h"
#include "scanner/finding.h"

namespace assay {

struct Ref {
  std::string name;  // refs/heads/main, as bytes
  Oid target;        // what it names at last, tags not peeled
};

// Says what was left out, and why.
using Problems = std::function<void(Diagnostic&&)>;

// Immutable; any thread. Refs and the like are read when asked for.
class Repository {
 public:
  // Opens the repository that `path` is or lies in (a worktree, a submodule, a bare one, a `.git`
  // folder or file), with git's rules of ownership (safe.directory). Throws Error, a sentence with
  // a remedy, if there is none, it belongs to somebody else, or its format is not known (SHA-256
  // object names, reftable). GIT_DIR, GIT_WORK_TREE, GIT_COMMON_DIR, GIT_INDEX_FILE,
  // GIT_OBJECT_DIRECTORY, GIT_QUARANTINE_PATH and GIT_ALTERNATE_OBJECT_DIRECTORIES are honoured if
  // `environment` is true and path is empty or ".": git sets them for its hooks. As with git, who
  // sets GIT_DIR answers for its owner.
  Repository(const std::string& path, bool environment);

  bool is_bare() const { return work_folder_.empty(); }
  // Of this worktree; absolute, without a `/` at the end.
  const std::string& git_folder() const { return place_.git_folder; }
  // Shared by all worktrees.
  const std::string& common_folder() const { return place_.common_folder; }
  const std::string& work_folder() const { return work_folder_; }  // empty if bare
  const std::string& index_file() const { return index_file_; }    // may not exist

  // The `objects` folder, then the alternates, each once, alternates of alternates too (five
  // deep, as git; 64 at most). An alternate that is not there is told to `problems`.
  std::vector<std::string> object_folders(const Problems& problems) const;

  // The commits at which a shallow clone's history was cut off. Empty for a whole one.
  std::vector<Oid> shallow() const;

  // Whether objects may be missing by intent (partial clone, promisor remote).
  bool is_partial() const;

  // All refs of all worktrees, sorted by name (those of another worktree as git names them:
  // "worktrees/NAME/refs/bisect/bad"); then "HEAD", and "worktrees/NAME/HEAD" where no ref before
  // has that target. A symbolic ref to a branch that is not born is left out; a broken ref is left
  // out and told to `problems`.
  std::vector<Ref> refs(const Problems& problems) const;

  // What HEAD names: empty on an unborn branch. Its branch's name without refs/heads/, or empty.
  std::optional<Oid> head() const;
  std::string head_branch() const;

  // Commits that a merge in progress will have as further parents (MERGE_HEAD).
  std::vector<Oid> merge_heads() const;

  // The commit that a revision names: a ref by its full or short name, `@`, an id or the first four
  // or more digits of one, what `git describe` printed, `NAME@{upstream}`; then any of `^`, `^2`,
  // `~3`, `^{commit}`, `^0`. Throws Error, a sentence with a remedy, if it names none, an object on
  // the way is missing, or it is one of git's other forms (reflogs, searches).
  Oid commit_of(const std::string& revision, const ObjectStore& store) const;
  Oid commit_of(const std::string& revision) const;  // opens the packs for itself

  // A path as reports tell it: of this machine's, those of the common folder from `.git/` on (of a
  // bare repository from that folder on), of other folders of objects from `objects/` on. Others
  // are returned as they are.
  std::string shown(const std::string& path) const;

  // Address of the remote `origin`, a URL without user name, password and query; empty if there is
  // none or it is a path of this machine.
  std::string remote_url() const;

  // Repositories under `modules` of the common folder (submodules): their folders and the path at
  // which each is checked out.
  struct Module {
    std::string folder;
    std::string path;  // in the superproject
  };
  std::vector<Module> modules() const;

 private:
  // What a ref holds: an id, or the name of another.
  struct RefText {
    enum class Status { missing, broken, found } status = Status::missing;
    std::optional<Oid> oid;
    std::string symbolic;
  };
  struct PackedRefs;

  std::string setting(std::string_view name) const;  // of the configuration; empty if it has none
  std::string path_of_ref(const std::string& name) const;
  RefText read_ref(const std::string& name, const PackedRefs& packed) const;
  RefText resolve(const std::string& name, const PackedRefs& packed) const;
  Oid base_of(const std::string& name, const std::string& revision, const ObjectStore& store) const;

  RepositoryPlace place_;
  RepositoryConfig config_;
  std::string work_folder_, index_file_;
  std::string objects_;                  // where new objects go
  std::vector<std::string> alternates_;  // of the environment
};

}  // namespace assay
