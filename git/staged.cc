// The constructor compares (staged_walk.h); the scan asks for the blobs; and `Known` looks at old
// blobs once there are findings.
#include "git/staged.h"

#include <fmt/format.h>

#include <algorithm>

#include "git/lfs.h"
#include "git/staged_walk.h"
#include "git/tree.h"
#include "scanner/blob_scan.h"
#include "scanner/verify.h"

namespace assay {

namespace {

// The root trees of HEAD and of the heads being merged.
std::vector<Oid> base_trees(const Repository& repository, const ObjectReaders& readers,
                            const Problems& problems) {
  std::vector<Oid> commits = repository.merge_heads();
  if (const auto head = repository.head()) commits.insert(commits.begin(), *head);
  std::vector<Oid> trees;
  for (const Oid& commit : commits) {
    std::string reason;
    const auto object = readers.read(commit, ObjectType::commit, reason);
    const auto text = object ? parse_commit(object->view()) : std::nullopt;
    if (!text) {
      problems({Diagnostic::Kind::unreadable, ".git/commits",
                fmt::format("commit {}: {}", commit.hex(), object ? "it is damaged" : reason),
                "`git fsck` tells more."});
    } else if (std::find(trees.begin(), trees.end(), text->tree) == trees.end()) {
      trees.push_back(text->tree);
    }
  }
  return trees;
}

class KeySink : public BlobSink {
 public:
  explicit KeySink(std::vector<Finding>& out) : out_(out) {}
  void findings(std::vector<Finding>&& findings) override {
    for (Finding& finding : findings) out_.push_back(std::move(finding));
  }
  void diagnostic(Diagnostic&&) override {}
  bool stopped() const override { return false; }

 private:
  std::vector<Finding>& out_;
};

}  // namespace

StagedChange::StagedChange(const Repository& repository, const ObjectStore& store)
    : readers_(store) {
  const Problems keep = [this](Diagnostic&& one) { diagnostics_.push_back(std::move(one)); };
  const IndexFile index = IndexFile::read(repository.index_file());
  StagedDifference found =
      compare_index(index, base_trees(repository, readers_, keep), readers_, keep);
  blobs_ = std::move(found.blobs);
  names_ = std::move(found.names);
  removed_ = std::move(found.removed);
}

void StagedChange::enumerate(const Sink& sink) {
  for (const Diagnostic& one : diagnostics_) sink.diagnostic(Diagnostic(one));
  for (size_t i = 0; i < blobs_.size(); ++i) {
    auto provenance = std::make_shared<Provenance>();
    provenance->path = redact_names(blobs_[i].path);
    provenance->number = i;
    if (!sink.blob({std::move(provenance), {}})) return;
  }
}

std::unique_ptr<Reader> StagedChange::open(const Blob& blob, Diagnostic& diagnostic) const {
  const StagedBlob& staged = blobs_.at(blob.provenance->number);
  std::string reason;
  auto object = readers_.read(staged.blob, ObjectType::blob, reason);
  if (!object) {
    diagnostic = {Diagnostic::Kind::unreadable, blob.provenance->path,
                  fmt::format("blob {}: {}", staged.blob.hex(), reason),
                  "Stage the file again with `git add`; `git fsck` tells more."};
    return nullptr;
  }
  if (!is_lfs_pointer(object->view())) return read_object(std::move(*object));
  return read_object(
      std::move(*object),
      Diagnostic{Diagnostic::Kind::skipped, blob.provenance->path,
                 "it is a Git LFS pointer, whose content is elsewhere",
                 "Get the content with `git lfs pull`, and look at the file with `assay scan`."});
}

std::shared_ptr<const GitFacts> StagedChange::facts(const Finding& finding) const {
  const StagedBlob& staged = blobs_.at(finding.provenance->number);
  auto facts = std::make_shared<GitFacts>();
  facts->object = to_string(ObjectType::blob);
  facts->blob = staged.blob.hex();
  facts->path = finding.provenance->path;
  facts->staged = true;
  return facts;
}

StagedChange::Known::Known(const StagedChange& change, const RuleSet& rules,
                           const Prefilter& prefilter, const RegexRules* regex_rules)
    : change_(change), rules_(rules), prefilter_(prefilter), regex_rules_(regex_rules) {}

bool StagedChange::Known::is_new(const Finding& finding, const Problems& problems) {
  const StagedBlob& staged = change_.blobs_.at(finding.provenance->number);
  const KeyDigest key = digest_of(finding);
  for (const Oid& blob : staged.replaced) {
    if (keys_in(blob, staged.path, problems).contains(key)) return false;
  }
  if (!removed_read_) read_removed(problems);
  return !of_removed_.contains(key);
}

const std::set<KeyDigest>& StagedChange::Known::keys_in(const Oid& blob, const std::string& path,
                                                        const Problems& problems) {
  const auto [at, added] = of_blob_.try_emplace(blob);
  if (!added) return at->second;
  auto provenance = std::make_shared<Provenance>();
  provenance->path = redact_names(path);
  std::string reason;
  auto object = change_.readers_.read(blob, ObjectType::blob, reason);
  if (!object) {
    problems({Diagnostic::Kind::unreadable, provenance->path,
              fmt::format("what it was before, blob {}: {}", blob.hex(), reason),
              "Its keys are all taken for new ones."});
    return at->second;
  }
  bytes_ += object->view().size();
  const auto reader = read_object(std::move(*object));
  if (matcher_ == nullptr)
    matcher_ =
        std::make_unique<Matcher>(rules_, prefilter_, Matcher::Options{false, false, regex_rules_});
  std::vector<Finding> findings;
  KeySink sink(findings);
  WindowBuffer buffer;
  BlobScanStats stats;
  scan_blob(*reader, provenance, false, buffer, *matcher_, sink, stats);
  for (const Finding& finding : findings) at->second.insert(digest_of(finding));
  return at->second;
}

void StagedChange::Known::read_removed(const Problems& problems) {
  removed_read_ = true;
  const uint64_t most = bytes_ + kMostRemovedBytes;
  std::vector<RemovedObject> left(change_.removed_.rbegin(), change_.removed_.rend());
  for (size_t seen = 0; !left.empty() && seen < kMostRemoved && bytes_ < most; ++seen) {
    const RemovedObject one = std::move(left.back());
    left.pop_back();
    if (!one.is_tree) {
      const auto& keys = keys_in(one.oid, one.path, problems);
      of_removed_.insert(keys.begin(), keys.end());
      continue;
    }
    std::string reason;
    const auto tree = change_.readers_.read(one.oid, ObjectType::tree, reason);
    if (!tree || one.path.size() > kMostPath) continue;  // then its keys are taken for new ones
    bytes_ += tree->view().size();
    std::string_view rest = tree->view();
    while (const auto entry = next_entry(rest)) {
      if (entry->is_submodule() || left.size() >= kMostRemoved) continue;
      left.push_back({one.path + "/" + std::string(entry->name), entry->oid, entry->is_tree()});
    }
  }
}

}  // namespace assay
