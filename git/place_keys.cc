// From objects with keys to texts to look at again: one for each key and path, the newest, with
// what the history says of it.
#include <algorithm>
#include <iterator>

#include "git/held_by.h"
#include "git/repository_scan.h"
#include "git/tree.h"
#include "scanner/scan_crew.h"
#include "scanner/verify.h"

namespace assay {

namespace {

void redact_refs(GitFacts& facts) {
  for (auto* names : {&facts.branches, &facts.tags, &facts.refs}) {
    for (std::string& name : *names) name = redact_names(name);
  }
}

}  // namespace

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
  SightingOptions options;
  options.refs = refs_;
  options.head = head_;
  options.threads = crew_size(run_.options.threads);
  options.in_range = in_range_;
  // Of a range, HEAD's blobs may be ones that nobody has looked at.
  std::map<Oid, std::vector<KeyNumber>> others;
  if (range == nullptr) {
    options.may_hold = [this](const Oid& tree) { return found_.may_hold(tree); };
  } else {
    options.keys_of_unknown_blob = [&](const Oid& blob) { return keys_of_other(blob, others); };
  }
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
  place_tags(range, commit_facts);
  tell_lfs(sightings);
}

// The keys that the search knows, in a blob that it did not look at; null if there are none.
const std::vector<KeyNumber>* RepositoryScan::keys_of_other(
    const Oid& blob, std::map<Oid, std::vector<KeyNumber>>& others) {
  const auto [at, is_new] = others.try_emplace(blob);
  if (is_new) {
    SearchOptions options;
    options.threads = 1;
    const SearchResult result = search_some(store_, {&blob, 1}, {}, run_.rules, run_.prefilter,
                                            options, problems(), run_.stop);
    const auto found = result.blobs.find(blob);
    if (found != result.blobs.end()) {
      for (const KeyDigest& key : found->second) {
        if (std::binary_search(keys_.begin(), keys_.end(), key)) {
          at->second.push_back(number_of(key));
        }
      }
    }
  }
  return at->second.empty() ? nullptr : &at->second;
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
  if (sighting.removed != Commits::kNone) facts.removed_by = commits.oid(sighting.removed).hex();
  facts.present_at_head = sighting.at_head;
  facts.occurrences = sighting.versions;
  facts.branches = sighting.branches;
  facts.tags = sighting.tags;
  facts.refs = sighting.refs;
  facts.ref_count = sighting.ref_count;
  facts.refs_known = sighting.refs_known;
  redact_refs(facts);
  facts.branch_count = sighting.branch_count;
  facts.tag_count = sighting.tag_count;
  commit_facts.tell_introduced(sighting, facts);
  add(sighting.path, sighting.in_name ? Oid() : sighting.blob, keys_[sighting.key],
      std::move(facts));
}

// Blobs and names that no commit holds. A blob may stand in the index, which knows its path.
void RepositoryScan::place_unseen(const Sightings& sightings, const Range* range) {
  const bool all = range == nullptr && !run_.history.reachable;
  std::map<KeyDigest, std::vector<Oid>> blobs;
  for (const Oid& oid : sightings.unseen) {
    const auto keys = found_.blobs.find(oid);
    if (keys == found_.blobs.end() || (!all && !reached_.contains(oid))) continue;
    const auto paths = staged_.find(oid);
    for (const KeyDigest& key : keys->second) {
      if (range != nullptr || paths == staged_.end()) {
        blobs[key].push_back(oid);
        continue;
      }
      for (const std::string& path : paths->second) place_staged(path, oid, key);
    }
  }
  for (const auto& [key, oids] : blobs) {
    GitFacts facts;
    facts.object = to_string(ObjectType::blob);
    facts.occurrences = oids.size();
    add(std::string(kObjectsPath), oids.front(), key, std::move(facts));
  }
  std::set<std::string_view> seen;
  for (const Sighting& sighting : sightings.all) {
    if (!sighting.in_name) continue;
    seen.insert(std::string_view(sighting.path).substr(sighting.path.rfind('/') + 1));
  }
  for (const auto& [name, keys] : found_.names) {
    if (seen.contains(name) || (!all && !reached_names_.contains(name))) continue;
    for (const KeyDigest& key : keys) {
      GitFacts facts;
      facts.object = to_string(ObjectType::tree);
      facts.occurrences = 1;
      add(fmt::format("{}/{}", kObjectsPath, name), Oid(), key, std::move(facts));
    }
  }
}

void RepositoryScan::place_staged(const std::string& path, const Oid& oid, const KeyDigest& key) {
  GitFacts facts;
  facts.object = to_string(ObjectType::blob);
  facts.path = redact_names(prefix_ + path);
  facts.staged = true;
  facts.occurrences = 1;
  add(path, oid, key, std::move(facts));
}

// Messages, authors and committers: each key once, in the newest commit that has it.
void RepositoryScan::place_commits(CommitFacts& commit_facts) {
  const Commits& commits = found_.history;
  std::map<KeyDigest, std::vector<uint32_t>> ranks;
  for (const auto& [oid, keys] : found_.commits) {
    const uint32_t rank = commits.find(oid);
    for (const KeyDigest& key : keys) {
      if (rank != Commits::kNone) {
        ranks[key].push_back(rank);
        continue;
      }
      GitFacts facts;  // no commit that could be read as one
      facts.object = to_string(ObjectType::commit);
      facts.commit = oid.hex();
      facts.occurrences = 1;
      add(std::string(kCommitsPath), oid, key, std::move(facts));
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
    if (run_.history.reachable && refs.known && !refs.reachable) continue;
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
    facts.refs = refs.others;
    facts.ref_count = refs.other_count;
    facts.refs_known = refs.known;
    redact_refs(facts);
    commit_facts.tell(list.front(), facts);
    add(std::string(kCommitsPath), commits.oid(list.back()), key, std::move(facts));
  }
}

void RepositoryScan::place_tags(const Range* range, CommitFacts& commit_facts) {
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
    if (run_.history.reachable && range == nullptr && !reached_.contains(oid)) continue;
    for (const KeyDigest& key : keys) tags[key].push_back(oid);
  }
  ObjectStore::Reader reader(store_);
  for (const auto& [key, oids] : tags) {
    GitFacts facts;
    facts.object = to_string(ObjectType::tag);
    facts.occurrences = oids.size();
    for (auto oid = oids.rbegin(); oid != oids.rend(); ++oid) {
      const auto& names = named[*oid];
      facts.tags.insert(facts.tags.end(), names.begin(), names.end());
    }
    facts.tag_count = facts.tags.size();
    if (facts.tags.size() > kMostRefs) facts.tags.resize(kMostRefs);
    std::string reason;
    if (const auto object = reader.read(oids.back(), ObjectType::tag, reason)) {
      const auto target = parse_tag(object->view());
      if (target && target->type == ObjectType::commit) facts.commit = target->oid.hex();
    }
    commit_facts.tell_tag(oids.back(), facts);
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

}  // namespace assay
