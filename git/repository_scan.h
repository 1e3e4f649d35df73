// One repository of a run: what was found in it, and where it stood. The parts are in
// repository_scan.cc, range_scan.cc and place_keys.cc; history.h is what others use.
#pragma once

#include <fmt/format.h>

#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "git/commit_facts.h"
#include "git/first_seen.h"
#include "git/history.h"
#include "git/object_search.h"
#include "git/placed.h"
#include "git/range.h"
#include "git/trees_reached.h"
#include "scanner/scan.h"

namespace assay {

// What all repositories of a run share.
struct HistoryRun {
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
  // `prefix` stands before the paths: of a submodule, "PATH/". All must outlive it.
  RepositoryScan(const Repository& repository, std::string prefix, HistoryRun& run);

  void scan_all();
  void scan_range(std::span<const Oid> include, std::span<const Oid> exclude);

 private:
  ObjectStore::Problems problems() {
    return [this](Diagnostic&& diagnostic) { say(std::move(diagnostic)); };
  }
  void say(Diagnostic&& diagnostic);
  SearchOptions search_options();
  void take_stats(const SearchResult& result);

  void search_all();
  void read_refs();
  void reach_from_refs();
  void tell_missing();
  void tell_malformed();
  void tell_regex_cut();
  void tell_cut(const TreesReached& trees);
  void tell_range(const Range& range);
  void search_range(const Range& range, std::span<const Oid> shallow);
  class CommitAdditions;
  Added list_added(const Range& range);

  void number_keys();
  KeyNumber number_of(const KeyDigest& key) const;
  Wanted wanted() const;
  void place(const Range* range);
  void place_sighting(const Sighting& sighting, CommitFacts& commit_facts);
  void place_unseen(const Sightings& sightings, const Range* range);
  void place_staged(const std::string& path, const Oid& oid, const KeyDigest& key);
  void place_commits(CommitFacts& commit_facts);
  const std::vector<KeyNumber>* keys_of_other(const Oid& blob,
                                              std::map<Oid, std::vector<KeyNumber>>& others);
  void place_tags(const Range* range, CommitFacts& commit_facts);
  void tell_lfs(const Sightings& sightings);
  void add(std::string path, const Oid& object, const KeyDigest& key, GitFacts&& facts);
  void tell();

  const Repository& repository_;
  const std::string prefix_;
  HistoryRun& run_;
  const ObjectStore store_;
  SearchResult found_;
  std::map<Oid, std::set<KeyDigest>> replaced_;  // old blobs with keys, of a range
  std::vector<Ref> refs_;
  std::optional<Oid> head_;
  std::map<Oid, std::vector<std::string>> staged_;  // paths in the index, of other worktrees too
  // What refs reach besides commits: tag objects, and trees and blobs that no commit leads to; of a
  // range, what the pushed names reach so.
  std::set<Oid> reached_;
  std::set<std::string> reached_names_;
  std::vector<bool> in_range_;
  std::vector<KeyDigest> keys_;  // sorted: a key's number is its place
  std::map<std::pair<std::string, Oid>, PlacedText> placed_;
};

// "1 commit", "3 commits".
std::string plural(size_t count, std::string_view noun);

// "a, b and 3 more": the first few of the items, by their names.
inline constexpr size_t kMostNamed = 5;
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

}  // namespace assay
