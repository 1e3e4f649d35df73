// The hooks that assay writes into a repository, and how they come and go.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace assay {

inline constexpr std::array<std::string_view, 3> kHookNames = {"pre-commit", "pre-push",
                                                               "pre-receive"};

// The folder in which git looks for the hooks of the repository that `repository` is or lies in,
// and whether it is one of the repository's own: core.hooksPath may name a folder that holds for
// many. Runs `git config`, since only git knows all places where that may be set. Throws Error if
// there is no repository or no git, or its configuration includes other files.
struct HooksFolder {
  std::string path;    // absolute
  bool inside = true;  // the folder around it, too
};
HooksFolder hooks_folder(const std::string& repository);

// Where this program is; empty if the system does not tell.
std::string own_program();

// The hook's text, for a POSIX shell. `program`: where assay is now, for when it is not on PATH.
std::string hook_text(std::string_view name, std::string_view program);

// Writes the hook; what was there is kept in FOLDER.before-assay under its name, runs first, and
// may refuse. Writing it again renews it. A sentence on what was done. Throws Error, with all as it
// was, if it cannot.
std::string install_hook(const std::string& folder, std::string_view name,
                         std::string_view program);

// Takes the hook away and puts back what was there. Throws Error if what is there is not assay's.
std::string uninstall_hook(const std::string& folder, std::string_view name);

// Whether what stands there was written by install_hook.
bool is_installed(const std::string& folder, std::string_view name);

}  // namespace assay
