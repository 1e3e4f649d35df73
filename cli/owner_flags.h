// The flags that say whose keys are whose, and what they open.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "response/owner.h"

namespace assay {

struct OwnerFlags {
  std::string inventory, owners;
  std::string codeowners;       // a file, or none; empty: that of the repository
  std::string codeowners_form;  // github, gitlab; empty: as the file tells
};

// Puts these flags on a command. `flags` must live until the command has run.
void add_owner_flags(CLI::App& command, OwnerFlags& flags);

// The repository that a run is about.
struct RepositoryRoot {
  std::string folder;  // absolute; empty: there is none
  std::vector<ScannedPath> scanned;
  bool several = false;  // some of the scanned paths lie in other ones
};

// That of the scanned paths: of the first that lies in one, where `.git` stands beside or above it.
RepositoryRoot repository_of(const std::vector<std::string>& paths);

// Reads what the flags name, and the repository's CODEOWNERS. Throws Error if a file that was named
// cannot be used; of one that was not, it says so on stderr and goes on without.
OwnerSources open_owners(const OwnerFlags& flags, RepositoryRoot root);

}  // namespace assay
