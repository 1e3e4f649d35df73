// A history is looked at three times, each time at less of it:
//
//   search    every object once, in pack order            which objects hold which keys
//   place     the trees of commits, only what differs     at which paths, since which commit
//   tell      one text for each key and path              line, column, context: the findings
#include "git/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "git/commit_facts.h"
#include "git/first_seen.h"
#include "git/held_by.h"
#include "git/index_file.h"
#include "git/object_search.h"
#include "git/placed.h"
#include "git/range.h"
#include "git/tree.h"
#include "scanner/scan_crew.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr size_t kMostNamed = 5;      // of things that a diagnostic counts
constexpr size_t kMostModules = 256;  // submodules, also of submodules

std::string plural(size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// "a, b and 3 more"
template <typename Items, typename Name>
std::string few(const Items& items, Name name) {
  std::string out;
  size_t told = 0;
  for (const auto& item : items) {
    if (told == kMostNamed) return fmt::format("{} and {} more", out, items.size() - told);
    out += (told++ == 0 ? "" : ", ") + name(item);
  }
  return out;
}

std::vector<std::string> index_files(const Repository& repository) {
  std::set<std::string> files{repository.index_file(), repository.common_folder() + "/index"};
  std::error_code ignored;
  for (std::filesystem::directory_iterator it(repository.common_folder() + "/worktrees", ignored),
       end;
       !ignored && it != end; it.increment(ignored)) {
    files.insert(it->path().string() + "/index");
  }
  return {files.begin(), files.end()};
}

// Where the blobs of the index, and of those of other worktrees, stand.
std::map<Oid, std::string> staged_paths(const Repository& repository, const Problems& problems) {
  std::map<Oid, std::string> paths;
  for (const std::string& file : index_files(repository)) {
    try {
      const IndexFile index = IndexFile::read(file);
      for (const IndexEntry& entry : index.entries()) {
        if (!entry.is_folder() && !entry.is_submodule() && !entry.intent_to_add) {
          paths.emplace(entry.oid, entry.path);
        }
      }
    } catch (const Error& error) {
      problems({Diagnostic::Kind::unreadable, file, error.what(), ""});
    }
  }
  return paths;
}

// The run that all repositories of it share.
struct Run {
  const HistoryOptions& history;
  const RuleSet& rules;
  const Prefilter& prefilter;
  const ScanOptions& options;
  const ScanSink& sink;
  const std::atomic<bool>& stop;
  ScanStats& stats;
  ScanSummary summary;
};

// What a range of commits adds; see scan_range.
struct Added {
  std::vector<Oid> objects;
  std::vector<std::string> names;
  // At paths with a new blob: what the parents have there.
  std::vector<std::pair<Oid, Oid>> replaced;  // new, old
};

class RepositoryScan {
 public:
  RepositoryScan(const Repository& repository, std::string prefix, Run& run)
      : repository_(repository),
        prefix_(std::move(prefix)),
        run_(run),
        store_(repository.object_folders(problems()), problems()) {}

  void scan_all() {
    search_all();
    tell_missing();
    place(nullptr);
    tell();
  }

  void scan_range(std::span<const Oid> include, std::span<const Oid> exclude) {
    const std::vector<Oid> shallow = repository_.shallow();
    const Range range = list_range(store_, include, exclude, shallow);
    tell_range(range);
    search_range(range, shallow);
    place(&range);
    tell();
  }

 private:
  ObjectStore::Problems problems() {
    return [this](Diagnostic&& diagnostic) { say(std::move(diagnostic)); };
  }
  void say(Diagnostic&& diagnostic);
  std::string shown(const std::string& path) const;
  SearchOptions search_options();
  void take_stats(const SearchResult& result);

  void search_all();
  void tell_missing();
  void tell_range(const Range& range);
  void search_range(const Range& range, std::span<const Oid> shallow);
  Added list_added(const Range& range);

  void number_keys();
  KeyNumber number_of(const KeyDigest& key) const;
  Wanted wanted() const;
  void place(const Range* range);
  void place_sighting(const Sighting& sighting, CommitFacts& commit_facts);
  void place_unseen(const Sightings& sightings, const Range* range);
  void place_commits(CommitFacts& commit_facts);
  void place_tags(const Range* range);
  void tell_lfs(const Sightings& sightings);
  void add(std::string path, const Oid& object, const KeyDigest& key, GitFacts&& facts);
  void tell();

  const Repository& repository_;
  const std::string prefix_;
  Run& run_;
  const ObjectStore store_;
  SearchResult found_;
  std::map<Oid, std::set<KeyDigest>> replaced_;  // old blobs with keys, of a range
  std::vector<Ref> refs_;
  std::optional<Oid> head_;
  std::vector<bool> in_range_;
  std::vector<KeyDigest> keys_;  // sorted: a key's number is its place
  std::map<std::pair<std::string, Oid>, PlacedText> placed_;
};

// Paths of packs are told from the repository's folder on: reports hold no path of this machine.
std::string RepositoryScan::shown(const std::string& path) const {
  if (!path.starts_with('/')) return prefix_ + path;
  const std::string& common = repository_.common_folder();
  if (path.starts_with(common + "/")) {
    const std::string inside = path.substr(common.size() + 1);
    return repository_.is_bare() || !prefix_.empty() ? prefix_ + inside : ".git/" + inside;
  }
  const size_t objects = path.rfind("/objects/");
  return prefix_ + (objects == std::string::npos ? path.substr(path.rfind('/') + 1)
                                                 : path.substr(objects + 1));
}

void RepositoryScan::say(Diagnostic&& diagnostic) {
  if (!diagnostic.path.empty()) diagnostic.path = redact_names(shown(diagnostic.path));
  diagnostic.reason = redact_names(diagnostic.reason);
  ++run_.summary.diagnostics;
  if (diagnostic.accepted) ++run_.summary.accepted;
  run_.sink.diagnostic(std::move(diagnostic));
}

SearchOptions RepositoryScan::search_options() {
  SearchOptions options;
  options.threads = run_.options.threads;
  options.incremental = run_.history.incremental;
  options.timed = run_.options.timed;
  if (run_.sink.tick) {
    options.tick = [this, objects = run_.summary.blobs, bytes = run_.summary.bytes](
                       uint64_t more_objects, uint64_t more_bytes) {
      run_.sink.tick({objects + more_objects, bytes + more_bytes});
    };
  }
  return options;
}

void RepositoryScan::take_stats(const SearchResult& result) {
  run_.summary.blobs += result.objects;
  run_.summary.bytes += result.bytes;
  run_.stats.match.add(result.match);
}

void RepositoryScan::search_all() {
  found_ =
      search_objects(store_, run_.rules, run_.prefilter, search_options(), problems(), run_.stop);
  take_stats(found_);
  found_.history.finish(repository_.shallow());
}

void RepositoryScan::tell_missing() {
  if (run_.stop) return;
  size_t cut = 0;
  for (const Oid& oid : repository_.shallow()) {
    if (found_.history.find(oid) != Commits::kNone) ++cut;
  }
  if (cut > 0) {
    say({Diagnostic::Kind::skipped, "",
         fmt::format("the clone is shallow: its history ends at {}", plural(cut, "commit")),
         "Run `git fetch --unshallow`, or accept it with --accept-missing.",
         run_.history.accept_missing});
  }
  std::set<Oid> missing(found_.missing.begin(), found_.missing.end());
  for (uint32_t rank = 0; rank < found_.history.size(); ++rank) {
    if (found_.history.missing_parents(rank) == 0) continue;
    for (const Oid& parent : found_.history.parent_ids(rank)) {
      if (found_.history.find(parent) == Commits::kNone) missing.insert(parent);
    }
  }
  if (missing.empty()) return;
  const auto named = few(missing, [](const Oid& oid) { return oid.hex(); });
  say({Diagnostic::Kind::skipped, "",
       fmt::format("{} that others name {} not in the repository: {}",
                   plural(missing.size(), "object"), missing.size() == 1 ? "is" : "are", named),
       repository_.is_partial()
           ? "The clone is partial: fetch what it lacks with `git fetch --refetch --no-filter`, or "
             "accept it with --accept-missing."
           : "Fetch the repository again, see what `git fsck` says, or accept it with "
             "--accept-missing.",
       run_.history.accept_missing});
}

void RepositoryScan::tell_range(const Range& range) {
  if (!range.missing.empty()) {
    say({Diagnostic::Kind::unreadable, "",
         fmt::format("{} of the range cannot be read: {}", plural(range.missing.size(), "commit"),
                     few(range.missing, [](const Oid& oid) { return oid.hex(); })),
         "Fetch them, or accept it with --accept-missing.", run_.history.accept_missing});
  }
  if (!range.shallow.empty()) {
    say({Diagnostic::Kind::skipped, "",
         fmt::format("the clone is shallow: {} of the range {} where its history ends",
                     plural(range.shallow.size(), "commit"),
                     range.shallow.size() == 1 ? "is" : "are"),
         "Run `git fetch --unshallow`, or accept it with --accept-missing.",
         run_.history.accept_missing});
  }
}

void RepositoryScan::search_range(const Range& range, std::span<const Oid> shallow) {
  ObjectStore::Reader reader(store_);
  Commits commits;
  std::string reason;
  for (const auto* list : {&range.commits, &range.boundary}) {
    for (const Oid& oid : *list) {
      if (const auto object = reader.read(oid, ObjectType::commit, reason)) {
        commits.add(oid, object->view());
      }
    }
  }
  commits.finish(shallow);
  in_range_.resize(commits.size());
  for (const Oid& oid : range.commits) {
    if (const uint32_t rank = commits.find(oid); rank != Commits::kNone) in_range_[rank] = true;
  }
  found_.history = std::move(commits);

  const Added added = list_added(range);
  SearchResult result = search_some(store_, added.objects, added.names, run_.rules, run_.prefilter,
                                    search_options(), problems(), run_.stop);
  take_stats(result);
  std::set<Oid> old;
  for (const auto& [now, before] : added.replaced) {
    if (result.blobs.contains(now) && !result.blobs.contains(before)) old.insert(before);
  }
  const std::vector<Oid> replaced(old.begin(), old.end());
  replaced_ = search_some(store_, replaced, {}, run_.rules, run_.prefilter, search_options(),
                          problems(), run_.stop)
                  .blobs;
  result.history = std::move(found_.history);
  found_ = std::move(result);
}

// The range's commits and tags, the blobs that differ from what every parent has at their path, and
// new parts of paths.
Added RepositoryScan::list_added(const Range& range) {
  const Commits& commits = found_.history;
  ObjectStore::Reader reader(store_);
  std::set<Oid> blobs(range.blobs.begin(), range.blobs.end());
  std::set<std::string> names;
  std::set<std::pair<Oid, Oid>> replaced;
  std::map<Oid, std::string> missing;
  const auto cannot_read = [&](const Oid& oid, const std::string& reason) {
    missing.emplace(oid, reason);
  };
  for (uint32_t rank = 0; rank < commits.size() && !run_.stop; ++rank) {
    if (!in_range_[rank]) continue;
    struct Change {
      Oid now;
      std::vector<Oid> before;
    };
    std::map<std::string, Change, std::less<>> changes;
    std::vector<Oid> trees;
    for (const uint32_t parent : commits.parents(rank)) trees.push_back(commits.tree(parent));
    if (trees.empty()) trees.emplace_back();
    for (const Oid& tree : trees) {
      diff_trees(
          reader, tree, commits.tree(rank),
          [&](const TreeChange& change) {
            const bool is_blob = (change.after_mode & 0170000) != 0160000;
            if (!change.after.is_zero() && is_blob) {
              Change& seen = changes[std::string(change.path)];
              seen.now = change.after;
              seen.before.push_back(change.before);
            }
            return !run_.stop;
          },
          cannot_read);
    }
    for (const auto& [path, change] : changes) {
      if (change.before.size() < trees.size()) continue;  // a parent has just that
      blobs.insert(change.now);
      bool is_new = true;
      for (const Oid& before : change.before) {
        if (before.is_zero()) continue;
        is_new = false;
        replaced.emplace(change.now, before);
      }
      if (!is_new) continue;
      for (size_t begin = 0; begin <= path.size();) {
        const size_t end = std::min(path.find('/', begin), path.size());
        names.insert(path.substr(begin, end - begin));
        begin = end + 1;
      }
    }
  }
  if (!missing.empty()) {
    say({Diagnostic::Kind::unreadable, "",
         fmt::format("{} of the range cannot be read: {}", plural(missing.size(), "tree"),
                     few(missing, [](const auto& tree) { return tree.first.hex(); })),
         "Fetch the repository again, or accept it with --accept-missing.",
         run_.history.accept_missing});
  }
  Added added;
  added.objects = range.commits;
  added.objects.insert(added.objects.end(), range.tags.begin(), range.tags.end());
  added.objects.insert(added.objects.end(), blobs.begin(), blobs.end());
  added.names.assign(names.begin(), names.end());
  added.replaced.assign(replaced.begin(), replaced.end());
  return added;
}

void RepositoryScan::number_keys() {
  std::set<KeyDigest> all;
  for (const auto* map : {&found_.blobs, &found_.commits, &found_.tags, &replaced_}) {
    for (const auto& [oid, keys] : *map) all.insert(keys.begin(), keys.end());
  }
  for (const auto& [name, keys] : found_.names) all.insert(keys.begin(), keys.end());
  keys_.assign(all.begin(), all.end());
}

KeyNumber RepositoryScan::number_of(const KeyDigest& key) const {
  return static_cast<KeyNumber>(std::lower_bound(keys_.begin(), keys_.end(), key) - keys_.begin());
}

Wanted RepositoryScan::wanted() const {
  Wanted wanted;
  const auto numbers = [&](const std::set<KeyDigest>& keys) {
    std::vector<KeyNumber> out;
    for (const KeyDigest& key : keys) out.push_back(number_of(key));
    return out;  // sorted, as the digests are
  };
  for (const auto& [oid, keys] : found_.blobs) wanted.blobs[oid] = numbers(keys);
  for (const auto& [oid, keys] : replaced_) wanted.blobs[oid] = numbers(keys);
  for (const Oid& oid : found_.lfs_pointers) wanted.blobs.try_emplace(oid);
  for (const auto& [name, keys] : found_.names) wanted.names[name] = numbers(keys);
  return wanted;
}

void RepositoryScan::place(const Range* range) {
  if (run_.stop) return;
  number_keys();
  if (keys_.empty() && found_.lfs_pointers.empty()) return;
  refs_ = repository_.refs(problems());
  head_ = repository_.head();
  SightingOptions options;
  options.refs = refs_;
  options.head = head_;
  options.threads = crew_size(run_.options.threads);
  options.in_range = in_range_;
  const Sightings sightings = find_sightings(store_, found_.history, wanted(), options, run_.stop);
  if (sightings.cut) {
    say({Diagnostic::Kind::limit, "",
         fmt::format("more than {} keys at paths were found, and the rest is not told",
                     options.most),
         "Scan ranges of the history with --range."});
  }
  if (!sightings.missing.empty() && range == nullptr && found_.missing.empty()) {
    say({Diagnostic::Kind::unreadable, "",
         fmt::format("{} cannot be read: {}", plural(sightings.missing.size(), "tree"),
                     few(sightings.missing, [](const Oid& oid) { return oid.hex(); })),
         "See what `git fsck` says.", run_.history.accept_missing});
  }
  CommitFacts commit_facts(repository_, store_, found_.history);
  for (const Sighting& sighting : sightings.all) {
    if (sighting.key != kNoKey) place_sighting(sighting, commit_facts);
  }
  place_unseen(sightings, range);
  place_commits(commit_facts);
  place_tags(range);
  tell_lfs(sightings);
}

void RepositoryScan::add(std::string path, const Oid& object, const KeyDigest& key,
                         GitFacts&& facts) {
  PlacedText& text = placed_[{path, object}];
  text.path = prefix_ + path;
  text.object = object;
  facts.blob = object.is_zero() ? "" : object.hex();
  text.keys.emplace(key, std::make_shared<const GitFacts>(std::move(facts)));
}

void RepositoryScan::place_sighting(const Sighting& sighting, CommitFacts& commit_facts) {
  if (run_.history.reachable && !sighting.reachable) return;
  const Commits& commits = found_.history;
  GitFacts facts;
  facts.object = to_string(sighting.in_name ? ObjectType::tree : ObjectType::blob);
  facts.path = redact_names(prefix_ + sighting.path);
  facts.commit = commits.oid(sighting.newest).hex();
  facts.introduced_by = commits.oid(sighting.introduced).hex();
  if (sighting.removed != Commits::kNone) facts.removed_by = commits.oid(sighting.removed).hex();
  facts.present_at_head = sighting.at_head;
  facts.occurrences = sighting.versions;
  facts.branches = sighting.branches;
  facts.tags = sighting.tags;
  for (auto* names : {&facts.branches, &facts.tags}) {
    for (std::string& name : *names) name = redact_names(name);
  }
  facts.branch_count = sighting.branch_count;
  facts.tag_count = sighting.tag_count;
  commit_facts.tell(sighting.introduced, facts);
  add(sighting.path, sighting.in_name ? Oid() : sighting.blob, keys_[sighting.key],
      std::move(facts));
}

// Blobs and names that no commit holds. A blob may stand in the index, which knows its path.
void RepositoryScan::place_unseen(const Sightings& sightings, const Range* range) {
  if (run_.history.reachable) return;
  std::map<Oid, std::string> staged;
  if (range == nullptr && !sightings.unseen.empty() && !repository_.is_bare()) {
    staged = staged_paths(repository_, problems());
  }
  std::map<KeyDigest, uint64_t> versions;
  std::vector<Oid> unseen = sightings.unseen;
  if (range != nullptr) {
    unseen.clear();
    std::copy_if(range->blobs.begin(), range->blobs.end(), std::back_inserter(unseen),
                 [&](const Oid& oid) { return found_.blobs.contains(oid); });
  }
  for (const Oid& oid : unseen) {
    const auto keys = found_.blobs.find(oid);
    if (keys == found_.blobs.end()) continue;
    for (const KeyDigest& key : keys->second) ++versions[key];
  }
  std::set<KeyDigest> told;
  for (const Oid& oid : unseen) {
    const auto keys = found_.blobs.find(oid);
    if (keys == found_.blobs.end()) continue;
    for (const KeyDigest& key : keys->second) {
      GitFacts facts;
      facts.object = to_string(ObjectType::blob);
      const auto path = staged.find(oid);
      facts.staged = path != staged.end();
      facts.occurrences = facts.staged ? 1 : versions[key];
      if (facts.staged) {
        facts.path = redact_names(prefix_ + path->second);
        add(path->second, oid, key, std::move(facts));
      } else if (told.insert(key).second) {
        add(std::string(kObjectsPath), oid, key, std::move(facts));
      }
    }
  }
  if (range != nullptr) return;
  std::set<std::string_view> seen;
  for (const Sighting& sighting : sightings.all) {
    if (!sighting.in_name) continue;
    seen.insert(std::string_view(sighting.path).substr(sighting.path.rfind('/') + 1));
  }
  for (const auto& [name, keys] : found_.names) {
    if (seen.contains(name)) continue;
    for (const KeyDigest& key : keys) {
      GitFacts facts;
      facts.object = to_string(ObjectType::tree);
      facts.occurrences = 1;
      add(fmt::format("{}/{}", kObjectsPath, name), Oid(), key, std::move(facts));
    }
  }
}

// Messages, authors and committers: each key once, in the newest commit that has it.
void RepositoryScan::place_commits(CommitFacts& commit_facts) {
  const Commits& commits = found_.history;
  std::map<KeyDigest, std::vector<uint32_t>> ranks;
  for (const auto& [oid, keys] : found_.commits) {
    const uint32_t rank = commits.find(oid);
    for (const KeyDigest& key : keys) {
      if (rank != Commits::kNone) ranks[key].push_back(rank);
    }
  }
  HeldBy held_by(store_, commits, refs_);
  // HEAD is asked as one more ref, under a name that no other has.
  std::vector<Ref> head_ref;
  if (head_) head_ref.push_back({"refs/heads/HEAD", *head_});
  HeldBy held_by_head(store_, commits, head_ref);
  std::vector<std::pair<HeldBy::Number, HeldBy::Number>> numbers;
  for (auto& [key, list] : ranks) {
    std::sort(list.begin(), list.end());
    numbers.emplace_back(held_by.add(std::vector(list)), held_by_head.add(std::vector(list)));
  }
  const auto held = held_by.find(1, run_.stop);
  const auto held_head = held_by_head.find(1, run_.stop);
  size_t i = 0;
  for (const auto& [key, list] : ranks) {
    const HeldBy::Refs& refs = held[numbers[i].first];
    const bool at_head = held_head[numbers[i].second].reachable;
    ++i;
    if (run_.history.reachable && !refs.reachable) continue;
    GitFacts facts;
    facts.object = to_string(ObjectType::commit);
    facts.commit = commits.oid(list.back()).hex();
    facts.introduced_by = commits.oid(list.front()).hex();
    facts.present_at_head = at_head;
    facts.occurrences = list.size();
    facts.branches = refs.branches;
    facts.tags = refs.tags;
    facts.branch_count = refs.branch_count;
    facts.tag_count = refs.tag_count;
    commit_facts.tell(list.front(), facts);
    add(std::string(kCommitsPath), commits.oid(list.back()), key, std::move(facts));
  }
}

void RepositoryScan::place_tags(const Range* range) {
  std::map<Oid, std::vector<std::string>> named;  // tag objects that refs name
  for (const Ref& ref : refs_) {
    if (found_.tags.contains(ref.target)) {
      const std::string_view name = ref.name;
      named[ref.target].push_back(
          redact_names(name.starts_with("refs/tags/") ? name.substr(10) : name));
    }
  }
  std::map<KeyDigest, std::vector<Oid>> tags;
  for (const auto& [oid, keys] : found_.tags) {
    if (run_.history.reachable && range == nullptr && !named.contains(oid)) continue;
    for (const KeyDigest& key : keys) tags[key].push_back(oid);
  }
  ObjectStore::Reader reader(store_);
  for (const auto& [key, oids] : tags) {
    GitFacts facts;
    facts.object = to_string(ObjectType::tag);
    facts.occurrences = oids.size();
    for (const Oid& oid : oids) {
      const auto& names = named[oid];
      facts.tags.insert(facts.tags.end(), names.begin(), names.end());
    }
    facts.tag_count = facts.tags.size();
    if (facts.tags.size() > kMostRefs) facts.tags.resize(kMostRefs);
    std::string reason;
    if (const auto object = reader.read(oids.back(), ObjectType::tag, reason)) {
      const auto target = parse_tag(object->view());
      if (target && target->type == ObjectType::commit) facts.commit = target->oid.hex();
    }
    add(std::string(kTagsPath), oids.back(), key, std::move(facts));
  }
}

void RepositoryScan::tell_lfs(const Sightings& sightings) {
  if (found_.lfs_pointers.empty()) return;
  std::set<std::string> paths;
  for (const Sighting& sighting : sightings.all) {
    if (sighting.key == kNoKey) paths.insert(sighting.path);
  }
  const std::string where =
      paths.empty() ? "" : " (" + few(paths, [](const std::string& path) { return path; }) + ")";
  say({Diagnostic::Kind::skipped, "",
       fmt::format("{} of Git LFS name{} content that is stored elsewhere{}",
                   plural(found_.lfs_pointers.size(), "pointer"),
                   found_.lfs_pointers.size() == 1 ? "s" : "", where),
       "Get it with `git lfs fetch --all`, scan .git/lfs with `assay scan`, and accept the "
       "pointers "
       "with --accept-missing.",
       run_.history.accept_missing});
}

// The second look. Its texts were counted by the first.
void RepositoryScan::tell() {
  if (placed_.empty() || run_.stop) return;
  std::vector<PlacedText> texts;
  for (auto& [place, text] : placed_) texts.push_back(std::move(text));
  auto source = std::make_unique<PlacedTexts>(store_, std::move(texts));
  PlacedTexts& placed = *source;
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::move(source));
  const ScanSink sink{
      [&](Finding&& finding) {
        if (!placed.take(finding)) return;
        ++run_.summary.findings;
        run_.sink.finding(std::move(finding));
      },
      [&](Diagnostic&& diagnostic) { say(std::move(diagnostic)); },
      nullptr,
  };
  const ScanSummary told =
      scan(sources, run_.rules, run_.prefilter, run_.options, sink, run_.stop, nullptr);
  if (!told.interrupted && told.diagnostics == 0 && placed.left() > 0) {
    say({Diagnostic::Kind::unreadable, "",
         fmt::format("{} not found again when {} told",
                     placed.left() == 1 ? "a key was" : "keys were",
                     placed.left() == 1 ? "it was" : "they were"),
         "This is a defect of assay: please report it."});
  }
}

ScanSummary finish(Run& run) {
  if (run.stop) {
    run.summary.interrupted = true;
    ++run.summary.diagnostics;
    run.sink.diagnostic({Diagnostic::Kind::interrupted, "", "the scan was stopped before its end",
                         "Run it again to look at the rest."});
  }
  run.stats.threads = crew_size(run.options.threads);
  return run.summary;
}

// The repositories of submodules, and of theirs.
void scan_modules(const Repository& repository, const std::string& prefix, size_t& left, Run& run) {
  for (const Repository::Module& module : repository.modules()) {
    if (run.stop) return;
    const std::string path = prefix + module.path + "/";
    const auto skip = [&](std::string reason) {
      ++run.summary.diagnostics;
      run.sink.diagnostic({Diagnostic::Kind::skipped, redact_names(prefix + module.path),
                           std::move(reason), "Scan the submodule by itself."});
    };
    if (left == 0) return skip(fmt::format("there are more than {} submodules", kMostModules));
    --left;
    try {
      const Repository submodule(module.folder, false);
      RepositoryScan(submodule, path, run).scan_all();
      scan_modules(submodule, path, left, run);
    } catch (const Error& error) {
      skip(fmt::format("its repository cannot be opened: {}", redact_names(error.what())));
    }
  }
}

}  // namespace

ScanSummary scan_history(const Repository& repository, const HistoryOptions& history,
                         const RuleSet& rules, const Prefilter& prefilter,
                         const ScanOptions& options, const ScanSink& sink,
                         const std::atomic<bool>& stop, ScanStats& stats) {
  Run run{history, rules, prefilter, options, sink, stop, stats, {}};
  RepositoryScan(repository, "", run).scan_all();
  size_t left = kMostModules;
  scan_modules(repository, "", left, run);
  return finish(run);
}

ScanSummary scan_range(const Repository& repository, std::span<const Oid> include,
                       std::span<const Oid> exclude, const HistoryOptions& history,
                       const RuleSet& rules, const Prefilter& prefilter, const ScanOptions& options,
                       const ScanSink& sink, const std::atomic<bool>& stop, ScanStats& stats) {
  Run run{history, rules, prefilter, options, sink, stop, stats, {}};
  RepositoryScan(repository, "", run).scan_range(include, exclude);
  return finish(run);
}

}  // namespace assay
