// The staged change: what a commit made now would add, read from the index and HEAD's trees.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "git/index_file.h"
#include "git/object_reader.h"
#include "git/object_search.h"
#include "git/object_store.h"
#include "git/repository.h"
#include "scanner/matcher.h"
#include "scanner/source.h"

namespace assay {

// A blob that stands in the index at a path where neither HEAD nor a head that is being merged has
// just that blob.
struct StagedBlob {
  std::string path;  // bytes, from the top of the work tree
  Oid blob;
  uint32_t mode = 0;
  uint8_t stage = 0;          // of a conflict: 1 ancestor, 2 ours, 3 theirs
  std::vector<Oid> replaced;  // what HEAD and the heads being merged have at that path, each once
};

// What stands at a path in HEAD or a head being merged, and no more in the index: a blob, or a tree
// of which all is gone.
struct RemovedObject {
  std::string path;
  Oid oid;
  bool is_tree = false;
};

// The blobs of the staged change as a Source: `Provenance::number` is the place in `blobs()`.
//
// - Submodules, intent-to-add entries (`git add -N`) and changes of the mode alone add nothing.
//   Before the first commit everything is added. In a merge, all stages of a conflict are looked
//   at, and what the other head brings as it is counts as known. A sparse index is read through the
//   trees that it names.
// - Folders whose tree the index has cached are not entered where HEAD has the same tree: the cost
//   grows with the changed folders.
// - A tree or blob that cannot be read is a diagnostic; of a tree of HEAD's, all below it counts as
//   added.
// - A Git LFS pointer is scanned and told as skipped: its content is elsewhere.
//
// The repository's index and trees are read by the constructor, which throws Error if the index
// cannot be. `store` must outlive it.
class StagedChange : public Source {
 public:
  StagedChange(const Repository& repository, const ObjectStore& store);

  const std::vector<StagedBlob>& blobs() const { return blobs_; }

  // Paths of the index, submodules among them, that neither HEAD nor a head being merged has. Bytes
  // as they are: a key in one is for the caller to look for.
  const std::vector<std::string>& names() const { return names_; }

  void enumerate(const Sink& sink) override;
  std::unique_ptr<Reader> open(const Blob& blob, Diagnostic& diagnostic) const override;

  // object "blob", the blob's id, its path, staged; no commit, not present at HEAD. Of a finding of
  // a scan of this source.
  std::shared_ptr<const GitFacts> facts(const Finding& finding) const;

  // Tells added content from what was there before.
  class Known;

 private:
  friend class Known;
  const ObjectReaders readers_;
  std::vector<StagedBlob> blobs_;
  std::vector<std::string> names_;
  std::vector<RemovedObject> removed_;
  std::vector<Diagnostic> diagnostics_;
};

// One thread. Reads and scans old blobs only when it is asked about a finding, each once. Keeps
// hashes of keys, no keys.
class StagedChange::Known {
 public:
  // All must outlive it.
  Known(const StagedChange& change, const RuleSet& rules, const Prefilter& prefilter,
        const RegexRules* regex_rules);

  // Whether the key (rule and value) of a finding of `change` is added: it stands neither in what
  // its blob replaces, nor in a blob that is gone from its path (so a renamed file adds nothing but
  // what changed in it). An old blob that cannot be read is told to `problems`, once, and then the
  // key counts as added. So it does past kMostRemoved blobs or kMostRemovedBytes of what is gone.
  bool is_new(const Finding& finding, const Problems& problems);

  static constexpr size_t kMostRemoved = 20'000;
  static constexpr uint64_t kMostRemovedBytes = uint64_t{256} << 20;

 private:
  const std::set<KeyDigest>& keys_in(const Oid& blob, const std::string& path,
                                     const Problems& problems);
  void read_removed(const Problems& problems);

  const StagedChange& change_;
  const RuleSet& rules_;
  const Prefilter& prefilter_;
  const RegexRules* regex_rules_;
  std::unique_ptr<Matcher> matcher_;  // once there was need
  std::map<Oid, std::set<KeyDigest>> of_blob_;
  std::set<KeyDigest> of_removed_;
  bool removed_read_ = false;
  uint64_t bytes_ = 0;  // of the blobs that were scanned
};

}  // namespace assay
