// Goes up from an input, and trusts what it meets as far as it must.
//
//   /home/ada/shop/.git                    the root: nothing above it is looked at
//   /home/ada/shop/.assay.toml             counts: it is part of the repository
//   /home/ada/shop/src/.gitleaks.toml      counts as well: each kind by itself
//   /home/ada/shop/src/app.log             the input
//
// A config turns rules off, so one that somebody else put there (/tmp/.assay.toml) must not count:
// it has to belong to the user, to root, or to whom the input's folder belongs. In a container, a
// repository often belongs to another user as a whole.
#include "cli/config_search.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "cli/owner_flags.h"
#include "rules/rule_set.h"

namespace assay {

namespace {

constexpr int kMostLevels = 256;
constexpr std::string_view kAssayName = ".assay.toml";
constexpr std::array<std::string_view, 2> kGitleaksNames = {".gitleaks.toml", "gitleaks.toml"};

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string in_folder(const std::string& folder, std::string_view name) {
  return fmt::format("{}{}{}", folder, folder.ends_with('/') ? "" : "/", name);
}

// The folder where the search begins; empty of an input that is not there.
std::string first_folder(const std::string& input) {
  struct stat status;
  const std::string here = real_path_or_empty(".");
  if (input == "-") return here;
  const std::string real = real_path_or_empty(input);
  if (stat(input.c_str(), &status) != 0) return "";
  if (S_ISDIR(status.st_mode)) return real;
  return S_ISREG(status.st_mode) && !real.empty() ? folder_of(real) : here;
}

class Search {
 public:
  Search(std::string first, std::string root, std::vector<std::string>& warnings)
      : first_(std::move(first)), root_(std::move(root)), warnings_(warnings) {
    struct stat status;
    if (stat(first_.c_str(), &status) == 0) owner_ = status.st_uid;
  }

  ConfigPlaces run() {
    const char* home = std::getenv("HOME");
    const std::string top = home == nullptr ? "" : real_path_or_empty(home);
    ConfigPlaces out;
    std::string folder = first_;
    for (int level = 0; level < kMostLevels; ++level) {
      if (out.assay.empty()) out.assay = candidate(folder, kAssayName);
      if (out.gitleaks.empty()) out.gitleaks = gitleaks_in(folder);
      if (folder == "/" || folder == (root_.empty() ? top : root_)) break;
      folder = folder_of(folder);
    }
    return out;
  }

 private:
  std::string gitleaks_in(const std::string& folder) {
    const std::string first = candidate(folder, kGitleaksNames[0]);
    const std::string second = candidate(folder, kGitleaksNames[1]);
    if (!first.empty() && !second.empty()) {
      warnings_.push_back(
          fmt::format("{} is not read: {} beside it counts.", from_here(second), from_here(first)));
    }
    return first.empty() ? second : first;
  }

  // The real path of a config that counts, or empty.
  std::string candidate(const std::string& folder, std::string_view name) {
    const std::string path = in_folder(folder, name);
    struct stat status;
    if (lstat(path.c_str(), &status) != 0) return "";
    const std::string real = real_path_or_empty(path);
    if (real.empty() || stat(real.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
      throw Error(
          fmt::format("{} is no file that can be read. Remove it, or name another with "
                      "--config.",
                      from_here(path)));
    }
    const std::string& within = root_.empty() ? folder : root_;
    if (!lies_in(real, within)) {
      throw Error(
          fmt::format("{} is a link that leads out of {}. Name the file with --config if "
                      "it is meant.",
                      from_here(path), root_.empty() ? "its folder" : "the repository"));
    }
    const std::string_view reason = distrust(status, folder == first_);
    if (reason.empty()) return real;
    warnings_.push_back(fmt::format("{} is not read: {}. Name it with --config if it is meant.",
                                    from_here(path), reason));
    return "";
  }

  std::string_view distrust(const struct stat& found, bool own_folder) const {
    if (found.st_uid != geteuid() && found.st_uid != 0 && found.st_uid != owner_) {
      return "it belongs to another user";
    }
    // Not asked in a repository: some file systems give every file all permissions.
    if (root_.empty() && !own_folder && (found.st_mode & S_IWOTH) != 0)
      return "everybody may write to it";
    return "";
  }

  std::string first_, root_;
  std::vector<std::string>& warnings_;
  uid_t owner_ = 0;
};

}  // namespace

std::string real_path_or_empty(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr),
                                                         std::free);
  return real == nullptr ? std::string() : std::string(real.get());
}

bool lies_in(const std::string& path, const std::string& folder) {
  if (folder == "/" || path == folder) return true;
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::string from_here(const std::string& path) {
  std::string folder = real_path_or_empty(".");
  std::string out;
  while (!folder.empty() && !lies_in(path, folder)) {
    out += "../";
    folder = folder_of(folder);
  }
  if (folder.empty()) return path;
  const size_t skip = folder == "/" ? 1 : folder.size() + 1;
  return path.size() > skip ? out + path.substr(skip) : out + ".";
}

std::optional<ConfigPlaces> search_config(const std::string& input,
                                          const std::string& repository_root,
                                          std::vector<std::string>& warnings) {
  const std::string first = first_folder(input);
  if (first.empty()) return std::nullopt;
  std::string root = repository_of({first}).folder;
  const std::string given = repository_root.empty() ? "" : real_path_or_empty(repository_root);
  if (root.empty() && !given.empty() && lies_in(first, given)) root = given;
  return Search(first, root, warnings).run();
}

}  // namespace assay
