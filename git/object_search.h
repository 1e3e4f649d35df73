// The first pass over a history: which objects hold keys. Where they stood comes after
// (first_seen.h), and only for those.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "git/commits.h"
#include "git/object_graph.h"
#include "git/object_store.h"
#include "git/pack_walk.h"
#include "rules/rule_set.h"
#include "scanner/blob_scan.h"
#include "scanner/matcher.h"
#include "scanner/prefilter.h"
#include "scanner/scan.h"

namespace assay {

// Tells keys apart without keeping their values: SHA-256 of rule and value.
using KeyDigest = std::array<char, 32>;
KeyDigest digest_of(const Finding& finding);

struct SearchResult {
  std::map<Oid, std::set<KeyDigest>> blobs, commits, tags;  // those that hold keys
  std::map<std::string, std::set<KeyDigest>> names;         // names in trees that do
  std::vector<Oid> lfs_pointers;                            // sorted
  std::vector<Oid> malformed;  // commits, trees and tags that are none; sorted
  std::vector<Oid> cut;        // one of the user's rules matches too often in them; sorted
  std::vector<Oid> missing;    // named by a tree, commit or tag, but not there; sorted, each once
  Commits history;             // all commits, not finished
  // Of a whole search: which objects are, or may lead to, blobs and names with keys and LFS
  // pointers, by number; empty: any may.
  std::vector<bool> holders;
  std::shared_ptr<const ObjectNumbers> numbers;
  bool may_hold(const Oid& oid) const {
    if (holders.empty()) return true;
    const uint32_t number = numbers->find(oid);
    return number == ObjectNumbers::kNone || holders[number];
  }
  uint64_t objects = 0;
  uint64_t bytes = 0;
  MatchStats match;
  uint64_t read_ns = 0;  // inflating and carrying out deltas, of all threads; if timed
};

struct SearchOptions {
  unsigned threads = 0;
  bool incremental = true;  // of a delta, only what it adds is searched; else each object whole
  bool timed = false;
  const RegexRules* regex_rules = nullptr;  // the user's own; without a path to ask for
  WalkOptions walk;
  std::function<void(uint64_t objects, uint64_t bytes)>
      tick;  // now and then, on the caller's thread
};

// Looks at every object of the store once. Damage is told to `problems`, in an order that does not
// depend on the threads. Ends early once `stop` is true.
SearchResult search_objects(const ObjectStore& store, const RuleSet& rules,
                            const Prefilter& prefilter, const SearchOptions& options,
                            const ObjectStore::Problems& problems, const std::atomic<bool>& stop);

// Looks at the given objects and names only (those of a range). What they name is not asked for.
SearchResult search_some(const ObjectStore& store, std::span<const Oid> objects,
                         std::span<const std::string> names, const RuleSet& rules,
                         const Prefilter& prefilter, const SearchOptions& options,
                         const ObjectStore::Problems& problems, const std::atomic<bool>& stop);

}  // namespace assay
