// Refs, read from their files: a loose one hides the packed one of its name.
//
//   refs/heads/main        1a2b…\n, or "ref: refs/heads/other"
//   packed-refs            # pack-refs with: peeled fully-peeled sorted
//                          1a2b… refs/heads/main
//                          ^3c4d…                       what the tag above is peeled to
//   worktrees/NAME/HEAD    of another worktree
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <unordered_set>

#include "git/pack.h"
#include "git/repository.h"
#include "git/small_file.h"
#include "git/tree.h"
#include "rules/rule_set.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr uint64_t kMostRef = uint64_t{64} << 10;
constexpr uint64_t kMostPacked = uint64_t{1} << 30;
constexpr int kDeepestLink = 5;  // of symbolic refs, as git
constexpr int kDeepestFolder = 64;
constexpr size_t kMostTagDepth = 64;
// What git puts before a ref of the main worktree, seen from another one.
constexpr std::string_view kMainWorktree = "main-worktree/";

// Whether the parts of a ref's name stay below its folder.
bool is_safe(std::string_view name) {
  while (!name.empty()) {
    const size_t end = std::min(name.find('/'), name.size());
    const std::string_view part = name.substr(0, end);
    if (part.empty() || part == "." || part == ".." || part.find('\0') != part.npos) return false;
    if (end == name.size()) return true;
    name.remove_prefix(end + 1);
  }
  return false;
}

// HEAD, MERGE_HEAD and the like.
bool is_pseudo(std::string_view name) {
  return !name.empty() && name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == name.npos;
}

// Whether each worktree has its own.
bool is_own(std::string_view name) {
  return is_pseudo(name) || name.starts_with("refs/bisect/") ||
         name.starts_with("refs/worktree/") || name.starts_with("refs/rewritten/");
}

struct Names {
  std::vector<std::string> found;
  const Problems& problems;
};

// Appends the files below `folder`, each as `prefix` and what follows.
void list_files(const std::string& folder, const std::string& prefix, int depth, Names& names) {
  std::error_code failed;
  for (std::filesystem::directory_iterator it(folder, failed), end; !failed && it != end;
       it.increment(failed)) {
    const std::string name = it->path().filename().string();
    std::error_code unknown;
    // As git does: these are none.
    if (name.starts_with('.') || name.ends_with(".lock")) continue;
    if (it->is_directory(unknown) && !it->is_symlink(unknown)) {
      if (depth < kDeepestFolder) {
        list_files(folder + "/" + name, prefix + name + "/", depth + 1, names);
      } else {
        names.problems({Diagnostic::Kind::limit, redact_names(".git/" + prefix + name),
                        "the folder of refs is too deep", ""});
      }
    } else {
      names.found.push_back(prefix + name);
    }
  }
  if (failed && failed != std::errc::no_such_file_or_directory) {
    names.problems({Diagnostic::Kind::unreadable, redact_names(".git/" + prefix),
                    "the folder of refs cannot be read", ""});
  }
}

}  // namespace

// The file packed-refs, and its refs by name. Where it is damaged, the rest is used.
struct Repository::PackedRefs {
  explicit PackedRefs(const std::string& common_folder)
      : file(read_small_file(common_folder + "/packed-refs", kMostPacked)) {
    for (std::string_view rest = file.text; !rest.empty();) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (line.empty() || line.front() == '#' || line.front() == '^') continue;
      const auto oid = Oid::from_hex(line.substr(0, 2 * Oid::kSize));
      if (!oid || line.size() < 2 * Oid::kSize + 2 || line[2 * Oid::kSize] != ' ') {
        damaged = true;
        continue;
      }
      refs.emplace_back(line.substr(2 * Oid::kSize + 1), *oid);
    }
    std::sort(refs.begin(), refs.end());
  }

  const Oid* find(std::string_view name) const {
    const auto found = std::lower_bound(refs.begin(), refs.end(), name,
                                        [](const auto& a, auto b) { return a.first < b; });
    return found != refs.end() && found->first == name ? &found->second : nullptr;
  }

  SmallFile file;
  std::vector<std::pair<std::string_view, Oid>> refs;  // sorted
  bool damaged = false;
};

std::string Repository::path_of_ref(const std::string& name) const {
  if (name.starts_with(kMainWorktree)) {
    return place_.common_folder + "/" + name.substr(kMainWorktree.size());
  }
  return (is_own(name) ? place_.git_folder : place_.common_folder) + "/" + name;
}

Repository::RefText Repository::read_ref(const std::string& name, const PackedRefs& packed) const {
  using Status = RefText::Status;
  if (!is_safe(name)) return {Status::broken, {}, {}};
  const std::string path = path_of_ref(name);
  std::error_code failed;
  if (std::filesystem::is_symlink(path, failed)) {  // a symbolic ref as git made it long ago
    const std::string target = std::filesystem::read_symlink(path, failed).string();
    if (target.starts_with("refs/")) return {Status::found, {}, target};
  }
  const SmallFile file = read_small_file(path, kMostRef);
  if (file) {
    if (file.text.starts_with("ref:")) {
      const std::string target = trimmed(std::string_view(file.text).substr(4));
      if (target.starts_with("refs/")) return {Status::found, {}, target};
      return {Status::broken, {}, {}};
    }
    const auto oid = Oid::from_hex(std::string_view(file.text).substr(0, 2 * Oid::kSize));
    const bool ends =
        file.text.size() == 2 * Oid::kSize || file.text.find_first_of(" \t\r\n") == 2 * Oid::kSize;
    if (!oid || !ends || oid->is_zero()) return {Status::broken, {}, {}};
    return {Status::found, oid, {}};
  }
  // A folder may have the name of a packed ref while it is empty.
  if (const Oid* const oid = packed.find(name)) return {Status::found, *oid, {}};
  if (file.status == SmallFile::Status::missing || std::filesystem::is_directory(path, failed)) {
    return {};
  }
  return {Status::broken, {}, {}};
}

Repository::RefText Repository::resolve(const std::string& name, const PackedRefs& packed) const {
  RefText text = read_ref(name, packed);
  for (int depth = 0; text.status == RefText::Status::found && !text.oid; ++depth) {
    if (depth == kDeepestLink) return {RefText::Status::broken, {}, {}};
    text = read_ref(std::string(text.symbolic), packed);
  }
  return text;
}

std::vector<Ref> Repository::refs(const Problems& problems) const {
  const PackedRefs packed(place_.common_folder);
  const auto tell = [&](const std::string& name, const char* reason) {
    problems({Diagnostic::Kind::unreadable, redact_names(".git/" + name), reason,
              "`git fsck` tells more."});
  };
  if (packed.damaged || (!packed.file && packed.file.status != SmallFile::Status::missing)) {
    tell("packed-refs", packed.file ? "some of its lines are no refs" : "it cannot be read");
  }
  Names names{{}, problems};
  list_files(place_.common_folder + "/refs", "refs/", 0, names);
  for (const auto& ref : packed.refs) names.found.emplace_back(ref.first);
  const bool linked = place_.git_folder != place_.common_folder;
  if (linked) {
    for (std::string& name : names.found) {
      if (is_own(name)) name.insert(0, kMainWorktree);
    }
    for (const char* own : {"refs/bisect", "refs/worktree", "refs/rewritten"}) {
      list_files(place_.git_folder + "/" + own, std::string(own) + "/", 0, names);
    }
  }
  std::vector<std::string> worktrees;
  std::error_code failed;
  const std::string folder = place_.common_folder + "/worktrees";
  for (std::filesystem::directory_iterator it(folder, failed), end; !failed && it != end;
       it.increment(failed)) {
    if (it->path().string() == place_.git_folder) continue;
    worktrees.push_back("worktrees/" + it->path().filename().string());
    list_files(it->path().string() + "/refs", worktrees.back() + "/refs/", 0, names);
  }
  std::sort(worktrees.begin(), worktrees.end());
  if (linked) worktrees.insert(worktrees.begin(), "main-worktree");
  std::sort(names.found.begin(), names.found.end());
  names.found.erase(std::unique(names.found.begin(), names.found.end()), names.found.end());

  std::vector<Ref> out;
  std::unordered_set<Oid, OidHash> targets;
  const auto add = [&](const std::string& name, const RefText& text, bool always) {
    if (text.status == RefText::Status::broken) tell(name, "the ref is broken");
    if (text.status != RefText::Status::found) return;
    if (targets.insert(*text.oid).second || always) out.push_back({name, *text.oid});
  };
  for (const std::string& name : names.found) add(name, resolve(name, packed), true);
  add("HEAD", resolve("HEAD", packed), true);
  for (const std::string& worktree : worktrees) {
    add(worktree + "/HEAD", resolve(worktree + "/HEAD", packed), false);
  }
  return out;
}

std::optional<Oid> Repository::head() const {
  const PackedRefs packed(place_.common_folder);
  const RefText text = resolve("HEAD", packed);
  if (text.status == RefText::Status::broken) {
    throw Error(
        fmt::format("{}/HEAD: it, or the branch that it names, is broken. `git fsck` tells "
                    "more.",
                    place_.git_folder));
  }
  return text.oid;
}

std::string Repository::head_branch() const {
  const SmallFile head = read_small_file(place_.git_folder + "/HEAD", kMostRef);
  if (!head || !head.text.starts_with("ref:")) return {};
  const std::string name = trimmed(std::string_view(head.text).substr(4));
  constexpr std::string_view kHeads = "refs/heads/";
  return name.starts_with(kHeads) ? name.substr(kHeads.size()) : std::string();
}

namespace {

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

// The first 64 ids that begin with these digits.
std::vector<Oid> with_prefix(std::string_view digits, const ObjectStore& store) {
  constexpr size_t kMost = 64;
  std::string padded(digits);
  padded.resize(2 * Oid::kSize, '0');
  const Oid least = *Oid::from_hex(padded);
  const std::string wanted = least.hex().substr(0, digits.size());
  std::vector<Oid> out;
  const auto take = [&](const Oid& oid) {
    const bool fits = oid.hex().starts_with(wanted);
    if (fits && std::find(out.begin(), out.end(), oid) == out.end()) out.push_back(oid);
    return fits && out.size() < kMost;
  };
  for (const auto& pack : store.packs()) {
    uint32_t low = 0, high = pack->count();
    while (low < high) {
      const uint32_t middle = low + (high - low) / 2;
      (pack->oid(middle) < least ? low : high) = pack->oid(middle) < least ? middle + 1 : middle;
    }
    while (low < pack->count() && take(pack->oid(low))) ++low;
  }
  const auto loose = store.loose([](Diagnostic&&) {});
  for (auto at = std::lower_bound(loose.begin(), loose.end(), least);
       at != loose.end() && take(*at); ++at) {
  }
  return out;
}

// Follows tags. Throws Error.
Object commit_behind(Oid& oid, const std::string& revision, ObjectStore::Reader& reader) {
  for (size_t depth = 0; depth < kMostTagDepth; ++depth) {
    std::string reason;
    auto object = reader.read(oid, reason);
    if (!object) {
      throw Error(
          fmt::format("{}: object {} on the way to it cannot be read: {}. In a shallow clone "
                      "`git fetch --unshallow` brings it.",
                      revision, oid.hex(), reason));
    }
    if (object->type == ObjectType::commit) return *object;
    const auto tag = object->type == ObjectType::tag ? parse_tag(object->view()) : std::nullopt;
    if (!tag) {
      throw Error(fmt::format("{}: it names a {}, not a commit. Name a branch, a tag or a commit.",
                              revision, to_string(object->type)));
    }
    oid = tag->oid;
  }
  throw Error(fmt::format("{}: it is a tag of tags without end. Name a commit.", revision));
}

// The next `^2`, `~3` or `^{commit}`: how often to go up, and to which parent. False if it is none.
bool next_step(std::string_view& rest, uint32_t& times, uint32_t& parent) {
  const char kind = rest.front();
  rest.remove_prefix(1);
  times = parent = 1;
  if (kind == '^' && (rest.starts_with("{commit}") || rest.starts_with("{}"))) {
    rest.remove_prefix(rest.find('}') + 1);
    times = 0;
    return true;
  }
  const size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  if (digits == 0) return kind == '^' || kind == '~';
  uint32_t number = 0;
  const auto got = std::from_chars(rest.data(), rest.data() + digits, number);
  rest.remove_prefix(digits);
  if (kind == '~') times = number;
  if (kind == '^') parent = number;
  if (parent == 0) times = 0;
  return got.ec == std::errc() && (kind == '^' || kind == '~');
}

}  // namespace

Oid Repository::base_of(const std::string& name, const std::string& revision,
                        const ObjectStore& store) const {
  const auto refuse = [&](std::string_view why) {
    throw Error(fmt::format("{}: {}. Name a branch, a tag or a commit; `git log` shows them.",
                            revision, why));
  };
  const PackedRefs packed(place_.common_folder);
  std::string ref = name == "@" ? "HEAD" : name;
  const size_t at = name.find("@{");
  if (at != std::string::npos) {
    const std::string_view form = std::string_view(name).substr(at);
    if (form != "@{u}" && form != "@{upstream}") {
      refuse("assay does not read this form; `git rev-parse` gives its commit");
    }
    std::string branch = at == 0 ? head_branch() : name.substr(0, at);
    if (branch == "HEAD") branch = head_branch();
    const std::string remote = setting(fmt::format("branch.{}.remote", branch));
    const std::string merge = setting(fmt::format("branch.{}.merge", branch));
    constexpr std::string_view kHeads = "refs/heads/";
    if (remote.empty() || !merge.starts_with(kHeads)) refuse("this branch has no upstream");
    ref = remote == "." ? merge
                        : fmt::format("refs/remotes/{}/{}", remote, merge.substr(kHeads.size()));
  } else if (name.find(':') != std::string::npos) {
    refuse("it names a file, not a commit");
  } else if (const auto oid = Oid::from_hex(name)) {
    return *oid;
  }
  for (const char* pattern : {"{}", "refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}",
                              "refs/remotes/{}/HEAD"}) {
    const std::string full = fmt::format(fmt::runtime(pattern), ref);
    if (!full.starts_with("refs/") && !is_pseudo(full)) continue;
    if (!is_safe(full)) continue;
    const RefText text = resolve(full, packed);
    if (text.status == RefText::Status::broken) refuse(fmt::format("the ref {} is broken", full));
    if (text.status == RefText::Status::found) return *text.oid;
    // An unborn branch.
    if (full == "HEAD") refuse("there is no commit yet");
  }
  std::string_view digits = name;
  const size_t described = name.rfind("-g");
  if (described != std::string::npos) digits.remove_prefix(described + 2);
  if (digits.size() < 4 || digits.size() >= 2 * Oid::kSize || !is_hex(digits)) {
    refuse("the repository has no such revision");
  }
  std::vector<Oid> found = with_prefix(digits, store);
  if (found.size() > 1) {  // as git: commits are meant
    ObjectStore::Reader reader(store);
    std::erase_if(found, [&](const Oid& oid) {
      std::string reason;
      return !reader.read(oid, ObjectType::commit, reason);
    });
    if (found.size() != 1) refuse("several objects begin with these digits");
  }
  if (found.empty()) refuse("the repository has no such revision");
  return found.front();
}

Oid Repository::commit_of(const std::string& revision, const ObjectStore& store) const {
  const size_t end = std::min(revision.find_first_of("^~"), revision.size());
  Oid oid = base_of(revision.substr(0, end), revision, store);
  ObjectStore::Reader reader(store);
  Object commit = commit_behind(oid, revision, reader);
  for (std::string_view rest = std::string_view(revision).substr(end); !rest.empty();) {
    uint32_t times = 0, parent = 0;
    if ((rest.front() != '^' && rest.front() != '~') || !next_step(rest, times, parent)) {
      throw Error(fmt::format(
          "{}: assay does not read this form. `git rev-parse` gives its commit.", revision));
    }
    for (; times > 0; --times) {
      const auto text = parse_commit(commit.view());
      if (!text || text->parents.size() < parent) {
        throw Error(fmt::format("{}: commit {} has not so many parents. Name an earlier step.",
                                revision, oid.hex()));
      }
      oid = text->parents[parent - 1];
      commit = commit_behind(oid, revision, reader);
    }
  }
  return oid;
}

Oid Repository::commit_of(const std::string& revision) const {
  const Problems ignored = [](Diagnostic&&) {};
  return commit_of(revision, ObjectStore(object_folders(ignored), ignored));
}

}  // namespace assay
