// Nothing is read that was not asked for but CODEOWNERS, which is there to be read. It belongs to a
// repository, and its patterns to paths from the root, while files are scanned as they were named:
//
//   cd services/orders; assay scan src      scans src/a.cs      services/orders/src/a.cs is asked
#include "cli/owner_flags.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

#include "cli/output.h"
#include "reports/format.h"
#include "rules/rule_set.h"

namespace assay {

namespace {

constexpr int kMostLevels = 256;

// A path without symbolic links; empty if there is none.
std::string real_path_of(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr),
                                                         std::free);
  return real == nullptr ? std::string() : std::string(real.get());
}

// The folder at or above `path` that holds `.git`, or empty.
std::string root_above(std::string path) {
  for (int level = 0; level < kMostLevels; ++level) {
    struct stat status;
    if (lstat((path + "/.git").c_str(), &status) == 0 &&
        (S_ISDIR(status.st_mode) || S_ISREG(status.st_mode))) {
      return path.empty() ? "/" : path;
    }
    if (path.empty()) return "";
    path.resize(path.rfind('/'));
  }
  return "";
}

std::string below(const std::string& path, const std::string& root) {
  std::string_view rest = std::string_view(path).substr(root.size());
  while (rest.starts_with('/')) rest.remove_prefix(1);
  return std::string(rest);
}

std::string without_slashes(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  return path;
}

// What a report calls a file that was named: no path of this machine, but the folder that the form
// of a CODEOWNERS goes by.
std::string shown_name(const std::string& path) {
  if (!path.starts_with('/') && path.find("..") == std::string::npos) return path;
  size_t begin = path.rfind('/');
  const std::string_view folder = std::string_view(path).substr(0, begin);
  if (folder.ends_with("/.github") || folder.ends_with("/.gitlab") || folder.ends_with("/docs")) {
    begin = folder.rfind('/');
  }
  return path.substr(begin + 1);
}

std::optional<CodeownersForm> form_of(const OwnerFlags& flags) {
  if (flags.codeowners_form.empty()) return std::nullopt;
  return flags.codeowners_form == "github" ? CodeownersForm::github : CodeownersForm::gitlab;
}

std::optional<Codeowners> open_codeowners(const OwnerFlags& flags, const RepositoryRoot& root) {
  if (flags.codeowners == "none") return std::nullopt;
  const auto form = form_of(flags);
  if (!flags.codeowners.empty()) {
    return Codeowners::read(flags.codeowners, shown_name(flags.codeowners), form);
  }
  const std::string name = root.folder.empty() ? "" : Codeowners::find_in(root.folder, form);
  if (name.empty()) return std::nullopt;
  if (root.several) {
    say("assay: The paths lie in several repositories: owners by CODEOWNERS are those of the first "
        "one.\n");
  }
  try {
    return Codeowners::read(root.folder + "/" + name, name, form);
  } catch (const Error& error) {
    say(fmt::format("assay: {} Its owners are left out of the report.\n", printable(error.what())));
    return std::nullopt;
  }
}

}  // namespace

void add_owner_flags(CLI::App& command, OwnerFlags& flags) {
  const auto add = [&](const char* flag, std::string& value, const char* what) {
    return command.add_option(flag, value, what)->group("Whose the keys are");
  };
  const auto not_empty = [](const std::string& text) {
    return text.empty() ? std::string("the name is empty: a variable may not be set")
                        : std::string();
  };
  add("--inventory", flags.inventory, "Whose key is which: see assay inventory")
      ->type_name("FILE")
      ->check(not_empty);
  add("--owners", flags.owners, "owners.toml: teams by host, app, path, channel, project")
      ->type_name("FILE")
      ->check(not_empty);
  add("--codeowners", flags.codeowners, "CODEOWNERS, or none; else the repository's own")
      ->type_name("FILE")
      ->check(not_empty);
  add("--codeowners-form", flags.codeowners_form, "github or gitlab; else as the file tells")
      ->check(CLI::IsMember({"github", "gitlab"}));
}

RepositoryRoot repository_of(const std::vector<std::string>& paths) {
  RepositoryRoot out;
  for (const std::string& path : paths) {
    struct stat status;
    const std::string real = path == "-" ? "" : real_path_of(path);
    if (real.empty() || stat(real.c_str(), &status) != 0) continue;
    if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode)) continue;
    const bool folder = S_ISDIR(status.st_mode);
    const std::string start = folder && real == "/" ? ""
                              : folder              ? real
                                                    : real.substr(0, real.rfind('/'));
    const std::string root = root_above(start);
    if (root.empty()) continue;
    if (out.folder.empty()) out.folder = root;
    out.several = out.several || root != out.folder;
    if (root == out.folder) out.scanned.push_back({without_slashes(path), below(real, root)});
  }
  return out;
}

OwnerSources open_owners(const OwnerFlags& flags, RepositoryRoot root) {
  OwnerSources out;
  if (!flags.inventory.empty()) out.inventory = Inventory::read(flags.inventory);
  if (!flags.owners.empty()) out.owners = OwnersFile::read(flags.owners, shown_name(flags.owners));
  out.codeowners = open_codeowners(flags, root);
  out.in_repository = !root.folder.empty();
  out.scanned = std::move(root.scanned);
  return out;
}

}  // namespace assay
