// Opening a repository, and what stands in its small files. Refs are in repository_refs.cc.
#include "git/repository.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "git/config_file.h"
#include "git/small_file.h"
#include "rules/rule_set.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr uint64_t kMostList = uint64_t{64} << 20;  // shallow, alternates
constexpr size_t kMostAlternates = 64;
constexpr int kDeepestAlternate = 5;
constexpr size_t kMostModules = 10'000;
constexpr int kDeepestModule = 32;

std::string environment_value(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

// Absolute, links kept: what is there may come later (an index).
std::string absolute(const std::string& path) {
  std::error_code failed;
  const auto full = std::filesystem::absolute(path, failed);
  return failed ? path : full.lexically_normal().string();
}

// The lines of a text, without their ends.
template <class Take>
void each_line(std::string_view text, const Take& take) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// A path as git lists them: "in quotes\n" where it has bytes that would not do.
std::string unquoted(std::string_view text) {
  if (!text.starts_with('"') || !text.ends_with('"') || text.size() < 2) return std::string(text);
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    constexpr std::string_view kFrom = "abtnvfr", kTo = "\a\b\t\n\v\f\r";
    if (c >= '0' && c <= '3' && i + 2 < text.size()) {
      out += static_cast<char>((c - '0') << 6 | (text[i + 1] - '0') << 3 | (text[i + 2] - '0'));
      i += 2;
    } else {
      const size_t which = kFrom.find(c);
      out += which == std::string_view::npos ? c : kTo[which];
    }
  }
  return out;
}

// The folders of a list with `:` between, of which some may be in quotes.
std::vector<std::string> split_list(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    size_t end = 0;
    for (bool quoted = false; end < list.size() && (quoted || list[end] != ':'); ++end) {
      if (list[end] == '"') quoted = !quoted;
      if (quoted && list[end] == '\\' && end + 1 < list.size()) ++end;
    }
    if (end > 0) out.push_back(absolute(unquoted(list.substr(0, end))));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return out;
}

bool is_folder(const std::string& path) {
  struct stat found;
  return stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

// `objects` folders in the order in which they are found.
class ObjectFolders {
 public:
  explicit ObjectFolders(const Problems& problems) : problems_(problems) {}

  void add(const std::string& folder, int depth) {
    const std::string real = real_path(folder);
    if (real.empty() || !is_folder(real)) {
      tell("a folder of objects that it names is not there",
           "Put that repository back, or scan a whole clone.");
      return;
    }
    if (std::find(folders_.begin(), folders_.end(), real) != folders_.end()) return;
    if (folders_.size() > kMostAlternates) {
      tell("it names more than 64 folders of objects", "");
      return;
    }
    folders_.push_back(real);
    const SmallFile file = read_small_file(real + "/info/alternates", kMostList);
    if (file.status == SmallFile::Status::missing) return;
    if (!file) {
      tell(fmt::format("the list {}", to_string(file.status)), "");
    } else if (depth >= kDeepestAlternate) {
      tell("alternates name others more than five deep", "");
    } else {
      each_line(file.text, [&](std::string_view line) {
        if (line.empty() || line.front() == '#' || told_.size() > kMostAlternates) return;
        add(joined(real, unquoted(line)), depth + 1);
      });
    }
  }

  std::vector<std::string> take() { return std::move(folders_); }

 private:
  void tell(std::string reason, std::string remedy) {
    // A list of a million folders that are not there is told once each way.
    if (std::find(told_.begin(), told_.end(), reason) != told_.end()) return;
    told_.push_back(reason);
    problems_({Diagnostic::Kind::unreadable, ".git/objects/info/alternates", std::move(reason),
               std::move(remedy)});
  }

  const Problems& problems_;
  std::vector<std::string> folders_;
  std::vector<std::string> told_;
};

}  // namespace

Repository::Repository(const std::string& path, bool environment) {
  environment = environment && (path.empty() || path == ".");
  const auto value = [&](const char* name) {
    return environment ? environment_value(name) : std::string();
  };
  const std::string objects = value("GIT_OBJECT_DIRECTORY");
  const std::string git_folder = value("GIT_DIR");
  if (git_folder.empty()) {
    place_ = find_repository(path.empty() ? "." : path, environment, objects);
    check_owner(place_);
  } else {
    place_.git_folder = real_path(git_folder);
    const std::string common = value("GIT_COMMON_DIR");
    const auto found = place_.git_folder.empty()
                           ? std::nullopt
                           : common_of(common.empty() ? place_.git_folder : common, objects);
    if (!found) {
      throw Error(fmt::format("{}: GIT_DIR names no git folder. Correct or unset it.", git_folder));
    }
    place_.common_folder = *found;
  }
  config_ = read_repository_config(place_);

  // As git: who sets GIT_DIR alone stands at the top of the work tree.
  const std::string bare = setting("core.bare");
  const bool linked = place_.git_folder != place_.common_folder;
  const bool is_bare = bare.empty() ? place_.work_folder.empty() && git_folder.empty() &&
                                          !place_.git_folder.ends_with("/.git")
                                    : is_true(bare) && !linked;
  if (!value("GIT_WORK_TREE").empty()) {
    work_folder_ = real_path(value("GIT_WORK_TREE"));
  } else if (!is_bare) {
    const std::string set = linked ? std::string() : setting("core.worktree");
    if (!place_.work_folder.empty()) {
      work_folder_ = place_.work_folder;
    } else if (!set.empty()) {
      work_folder_ = real_path(joined(place_.git_folder, set));
    } else if (!git_folder.empty()) {
      work_folder_ = real_path(".");
    } else if (const SmallFile link = read_small_file(place_.git_folder + "/gitdir", 4096)) {
      work_folder_ = std::filesystem::path(trimmed(link.text)).parent_path().string();
    } else {
      work_folder_ = std::filesystem::path(place_.git_folder).parent_path().string();
    }
  }

  const std::string index = value("GIT_INDEX_FILE");
  index_file_ = index.empty() ? place_.git_folder + "/index" : absolute(index);
  objects_ = objects.empty() ? place_.common_folder + "/objects" : absolute(objects);
  if (!value("GIT_QUARANTINE_PATH").empty()) {
    alternates_.push_back(absolute(value("GIT_QUARANTINE_PATH")));
  }
  for (std::string& folder : split_list(value("GIT_ALTERNATE_OBJECT_DIRECTORIES"))) {
    alternates_.push_back(std::move(folder));
  }
}

std::string Repository::setting(std::string_view name) const {
  const auto found = config_.find(name);
  return found == config_.end() ? std::string() : found->second;
}

std::vector<std::string> Repository::object_folders(const Problems& problems) const {
  ObjectFolders folders(problems);
  folders.add(objects_, 0);
  for (const std::string& folder : alternates_) folders.add(folder, 0);
  return folders.take();
}

namespace {

// Ids, one a line. Empty if there is no such file.
std::vector<Oid> read_ids(const std::string& path) {
  std::vector<Oid> out;
  const SmallFile file = read_small_file(path, kMostList);
  if (file.status == SmallFile::Status::missing) return out;
  if (!file) {
    throw Error(
        fmt::format("{} {}. Remove it if you did not put it there.", path, to_string(file.status)));
  }
  each_line(file.text, [&](std::string_view line) {
    const auto oid = Oid::from_hex(trimmed(line));
    if (!oid) {
      throw Error(fmt::format(
          "{} holds a line that is no id of a commit. See what `git fsck` says.", path));
    }
    out.push_back(*oid);
  });
  return out;
}

}  // namespace

std::vector<Oid> Repository::shallow() const { return read_ids(place_.common_folder + "/shallow"); }

bool Repository::is_partial() const {
  if (!setting("extensions.partialclone").empty()) return true;
  // What a promisor sent is marked even where the configuration was not copied along.
  std::error_code ignored;
  for (std::filesystem::directory_iterator it(place_.common_folder + "/objects/pack", ignored), end;
       !ignored && it != end; it.increment(ignored)) {
    if (it->path().extension() == ".promisor") return true;
  }
  return std::any_of(config_.begin(), config_.end(), [](const auto& entry) {
    const auto& [name, value] = entry;
    return name.starts_with("remote.") && (name.ends_with(".partialclonefilter") ||
                                           (name.ends_with(".promisor") && is_true(value)));
  });
}

std::vector<Oid> Repository::merge_heads() const {
  return read_ids(place_.git_folder + "/MERGE_HEAD");
}

std::string Repository::shown(const std::string& path) const {
  if (!path.starts_with('/')) return path;
  if (path.starts_with(place_.common_folder + "/")) {
    return (is_bare() ? "" : ".git/") + path.substr(place_.common_folder.size() + 1);
  }
  const size_t objects = path.rfind("/objects/");
  return path.substr((objects == std::string::npos ? path.rfind('/') : objects) + 1);
}

std::string Repository::remote_url() const {
  std::string url = setting("remote.origin.url");
  // A token may stand in a query as well.
  url = url.substr(0, url.find_first_of("?#"));
  const bool printable =
      std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7F'; });
  if (url.empty() || !printable) return {};
  size_t at = url.find("://");
  if (at == std::string::npos) {
    // host:path, for which git takes what has no `/` before the `:`, is ssh.
    const size_t colon = url.find(':');
    if (colon == std::string::npos || url.find('/') < colon || url.starts_with("-") ||
        url.find("::") != std::string::npos || colon < 2) {
      return {};
    }
    url = fmt::format("ssh://{}/{}", url.substr(0, colon),
                      url.substr(std::min(url.find_first_not_of('/', colon + 1), url.size())));
    at = 3;
  } else {
    const std::string scheme = url.substr(0, at);
    bool known = false;
    for (const char* one : {"https", "http", "ssh", "git", "git+ssh", "ssh+git", "ftp", "ftps"}) {
      known = known || scheme == one;
    }
    if (!known) return {};
  }
  const size_t host = at + 3;
  const size_t end = std::min(url.find('/', host), url.size());
  const size_t user = url.rfind('@', end);
  if (user != std::string::npos && user >= host && user < end) url.erase(host, user + 1 - host);
  return redact_names(url);
}

namespace {

// Where a module's configuration says that it is checked out, below `work`; else `name`.
std::string module_path(const std::string& folder, const std::string& work, std::string name) {
  const SmallFile file = read_small_file(folder + "/config", uint64_t{4} << 20);
  std::string set;
  size_t line = 0;
  parse_config(file.text, line,
               [&](std::string_view section, std::string_view key, std::string&& value) {
                 if (section == "core" && key == "worktree") set = std::move(value);
               });
  if (set.empty() || work.empty()) return name;
  const auto path = std::filesystem::path(joined(folder, set)).lexically_normal();
  std::string below = path.lexically_relative(work).string();
  while (below.ends_with('/')) below.pop_back();
  return below.empty() || below == "." || below.starts_with("..") ? name : below;
}

void find_modules(const std::string& folder, const std::string& name, const std::string& work,
                  int depth, std::vector<Repository::Module>& out) {
  std::vector<std::string> names;
  std::error_code failed;
  for (std::filesystem::directory_iterator it(folder, failed), end; !failed && it != end;
       it.increment(failed)) {
    if (it->is_directory(failed) && !it->is_symlink(failed)) {
      names.push_back(it->path().filename().string());
    }
    if (names.size() > kMostModules) break;
  }
  std::sort(names.begin(), names.end());
  for (const std::string& one : names) {
    if (out.size() >= kMostModules || depth >= kDeepestModule) return;
    const std::string below = folder + "/" + one;
    const std::string full = name.empty() ? one : name + "/" + one;
    if (common_of(below, "")) {
      const std::string path = module_path(below, work, full);
      out.push_back({below, path});
      find_modules(below + "/modules", path, work, depth + 1, out);
    } else {
      find_modules(below, full, work, depth + 1, out);
    }
  }
}

}  // namespace

std::vector<Repository::Module> Repository::modules() const {
  std::vector<Module> out;
  find_modules(place_.common_folder + "/modules", "", work_folder_, 0, out);
  // Those of linked worktrees are their own.
  std::error_code ignored;
  std::set<std::string> worktrees;
  for (std::filesystem::directory_iterator it(place_.common_folder + "/worktrees", ignored), end;
       !ignored && it != end; it.increment(ignored)) {
    worktrees.insert(it->path().string());
  }
  for (const std::string& worktree : worktrees) {
    find_modules(worktree + "/modules", "", work_folder_, 0, out);
  }
  return out;
}

}  // namespace assay
