// The constructor compares (staged_walk.h); the scan asks for the blobs; and `Known` looks at old
// blobs once there are findings.
#include "git/staged.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "git/staged_walk.h"
#include "git/tree.h"
#include "rules/keys/c3id.h"
#include "scanner/blob_scan.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr std::string_view kPointer = "version https://git-lfs.github.com/spec/v1";
constexpr size_t kMostPointer = 1024;

// An object's text as a Reader that keeps it alive.
class ObjectReader : public Reader {
 public:
  explicit ObjectReader(Object object) : object_(std::move(object)) {}

  // To be told once all is read.
  void tell(Diagnostic one) { failure_ = std::move(one); }

  Result read(std::span<char> out, int) override {
    const auto got = read_at(at_, out);
    at_ += *got;
    return {*got == 0 ? Status::end : Status::data, *got};
  }
  std::optional<uint64_t> size() const override { return object_.view().size(); }
  std::optional<size_t> read_at(uint64_t offset, std::span<char> out) const override {
    const std::string_view text = object_.view();
    const std::string_view left = text.substr(std::min<uint64_t>(offset, text.size()));
    const size_t count = std::min(left.size(), out.size());
    if (count > 0) std::memcpy(out.data(), left.data(), count);
    return count;
  }
  std::optional<Diagnostic> failure() override { return std::move(failure_); }

 private:
  Object object_;
  std::optional<Diagnostic> failure_;
  uint64_t at_ = 0;
};

// The root trees of HEAD and of the heads being merged.
std::vector<Oid> base_trees(const Repository& repository, ObjectStore::Reader& reader,
                            const Problems& problems) {
  std::vector<Oid> commits = repository.merge_heads();
  if (const auto head = repository.head()) commits.insert(commits.begin(), *head);
  std::vector<Oid> trees;
  for (const Oid& commit : commits) {
    std::string reason;
    const auto object = reader.read(commit, ObjectType::commit, reason);
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

StagedChange::StagedChange(const Repository& repository, const ObjectStore& store) : store_(store) {
  const Problems keep = [this](Diagnostic&& one) { diagnostics_.push_back(std::move(one)); };
  const IndexFile index = IndexFile::read(repository.index_file());
  auto reader = borrow();
  StagedDifference found =
      compare_index(index, base_trees(repository, *reader, keep), *reader, keep);
  give_back(std::move(reader));
  blobs_ = std::move(found.blobs);
  names_ = std::move(found.names);
  removed_ = std::move(found.removed);
}

StagedChange::~StagedChange() = default;

std::unique_ptr<ObjectStore::Reader> StagedChange::borrow() const {
  const std::lock_guard lock(mutex_);
  if (readers_.empty()) return std::make_unique<ObjectStore::Reader>(store_);
  auto reader = std::move(readers_.back());
  readers_.pop_back();
  return reader;
}

void StagedChange::give_back(std::unique_ptr<ObjectStore::Reader> reader) const {
  const std::lock_guard lock(mutex_);
  readers_.push_back(std::move(reader));
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
  auto reader = borrow();
  auto object = reader->read(staged.blob, ObjectType::blob, reason);
  give_back(std::move(reader));
  if (!object) {
    diagnostic = {Diagnostic::Kind::unreadable, blob.provenance->path,
                  fmt::format("blob {}: {}", staged.blob.hex(), reason),
                  "Stage the file again with `git add`; `git fsck` tells more."};
    return nullptr;
  }
  const std::string_view text = object->view();
  const bool pointer = text.size() < kMostPointer && text.starts_with(kPointer);
  auto opened = std::make_unique<ObjectReader>(std::move(*object));
  if (pointer) {
    opened->tell({Diagnostic::Kind::skipped, blob.provenance->path,
                  "it is a Git LFS pointer, whose content is elsewhere",
                  "Get the content with `git lfs pull`, and look at the file with `assay scan`."});
  }
  return opened;
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
                           const Prefilter& prefilter)
    : change_(change), reader_(change.store_), matcher_(rules, prefilter, {}) {}

StagedChange::Known::Key StagedChange::Known::key_of(const Finding& finding) {
  const auto value = sha256(finding.secret.reveal());
  return sha256(finding.rule->id + "\n" + std::string(value.data(), value.size()));
}

bool StagedChange::Known::is_new(const Finding& finding, const Problems& problems) {
  const StagedBlob& staged = change_.blobs_.at(finding.provenance->number);
  const Key key = key_of(finding);
  for (const Oid& blob : staged.replaced) {
    if (keys_in(blob, staged.path, problems).contains(key)) return false;
  }
  if (!removed_read_) read_removed(problems);
  return !of_removed_.contains(key);
}

const std::set<StagedChange::Known::Key>& StagedChange::Known::keys_in(const Oid& blob,
                                                                       const std::string& path,
                                                                       const Problems& problems) {
  const auto [at, added] = of_blob_.try_emplace(blob);
  if (!added) return at->second;
  auto provenance = std::make_shared<Provenance>();
  provenance->path = redact_names(path);
  std::string reason;
  auto object = reader_.read(blob, ObjectType::blob, reason);
  if (!object) {
    problems({Diagnostic::Kind::unreadable, provenance->path,
              fmt::format("what it was before, blob {}: {}", blob.hex(), reason),
              "Its keys are all taken for new ones."});
    return at->second;
  }
  bytes_ += object->view().size();
  ObjectReader reader(std::move(*object));
  std::vector<Finding> findings;
  KeySink sink(findings);
  WindowBuffer buffer;
  BlobScanStats stats;
  scan_blob(reader, provenance, false, buffer, matcher_, sink, stats);
  for (const Finding& finding : findings) at->second.insert(key_of(finding));
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
    const auto tree = reader_.read(one.oid, ObjectType::tree, reason);
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
