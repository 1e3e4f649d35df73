// Members are scanned one after another, each as a blob of its own; one of up to 32 MiB is held as
// a whole, so that it can be opened as a container in its turn, and its record be read. Then the
// container's own bytes are scanned as they stand: comments, gaps between members, what an enemy
// left out of the directory. Keys that a member gave are not told twice.
#include "scanner/nested_scan.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "scanner/decoders/container_formats.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr size_t kWholeMember = size_t{32} << 20;
constexpr size_t kMostHeldBytes = size_t{64} << 20;  // of all depths
constexpr size_t kFillStep = size_t{256} << 10;
constexpr size_t kMostName = 1024;
constexpr size_t kMostKnown = 100'000;
constexpr int kPauseMs = 20;
// As many bytes tell what a stream is: behind the header of a tar.
constexpr size_t kStreamHead = 512;

// A member's name as it may stand in a path.
std::string member_name(std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  std::string out = redact_names(name.substr(0, kMostName));
  if (name.size() > kMostName) out += "…";
  return out;
}

}  // namespace

PeekReader::PeekReader(Reader& inner, std::span<char> room) : inner_(inner) {
  const bool stream = !inner.size().has_value();
  size_t have = 0;
  while (have < room.size()) {
    const auto got = inner.read(room.subspan(have), have == 0 ? 0 : kPauseMs);
    if (got.status != Status::data) {
      // Nothing yet is nothing to remember: the next read asks again.
      if (got.status != Status::idle) last_ = got;
      break;
    }
    have += got.bytes;
    if (!stream || have >= kStreamHead) break;
  }
  head_ = {room.data(), have};
}

Reader::Result PeekReader::read(std::span<char> out, int wait_ms) {
  if (given_ < head_.size()) {
    const size_t count = std::min(out.size(), head_.size() - given_);
    std::memcpy(out.data(), head_.data() + given_, count);
    given_ += count;
    return {Status::data, count};
  }
  return last_ ? *last_ : inner_.read(out, wait_ms);
}

RecordSink::RecordSink(BlobSink& next, std::vector<std::string_view> encoding,
                       std::string_view path, std::string_view head, const Reader* bytes,
                       Beside beside)
    : next_(next), encoding_(std::move(encoding)) {
  export_ = {path, head.substr(0, kExportHead), bytes, std::move(beside)};
}

void RecordSink::findings(std::vector<Finding>&& findings) {
  for (Finding& finding : findings) {
    finding.encoding.insert(finding.encoding.begin(), encoding_.begin(), encoding_.end());
  }
  if (export_.bytes == nullptr) return next_.findings(std::move(findings));
  if (held_.empty()) {
    held_ = std::move(findings);
  } else {
    std::move(findings.begin(), findings.end(), std::back_inserter(held_));
  }
  if (held_.size() >= kMostHeld) finish();
}

void RecordSink::diagnostic(Diagnostic&& diagnostic) {
  finish();
  next_.diagnostic(std::move(diagnostic));
}

void RecordSink::finish() {
  if (held_.empty()) return;
  if (export_.bytes != nullptr && passes_++ < kMostPasses) {
    std::sort(held_.begin(), held_.end(), [](const Finding& a, const Finding& b) {
      return a.location.byte_offset < b.location.byte_offset;
    });
    std::vector<uint64_t> offsets;
    for (const Finding& finding : held_) offsets.push_back(finding.location.byte_offset);
    FoundRecords found = find_records(export_, offsets);
    for (size_t i = 0; i < held_.size() && i < found.records.size(); ++i) {
      if (found.records[i].system.empty()) continue;
      held_[i].record = std::make_shared<const Record>(std::move(found.records[i]));
    }
    if (!found.problem.empty()) {
      // Its bytes were scanned all the same.
      Diagnostic told{Diagnostic::Kind::unreadable, std::string(export_.path),
                      "not every record that holds a key is known: " + found.problem, "", true};
      next_.diagnostic(std::move(told));
    }
  }
  next_.findings(std::move(held_));
  held_.clear();
}

// Where a container lies.
struct NestedScan::Place {
  std::shared_ptr<const Provenance> provenance;
  std::string name;  // its own
  std::vector<std::string_view> encoding;
  unsigned depth = 0;
};

// Hands on what members give and remembers it; then only what is not known.
class NestedScan::KnownKeys : public BlobSink {
 public:
  explicit KnownKeys(BlobSink& next) : next_(next) {}
  void members_end() { filtering_ = true; }

  void findings(std::vector<Finding>&& findings) override {
    const auto key = [](const Finding& finding) {
      return finding.fingerprint.empty() ? finding.rule->id + finding.redacted
                                         : finding.fingerprint;
    };
    if (filtering_) {
      std::erase_if(findings,
                    [&](const Finding& finding) { return known_.contains(key(finding)); });
    } else {
      for (const Finding& finding : findings) {
        if (known_.size() < kMostKnown) known_.insert(key(finding));
      }
    }
    if (!findings.empty()) next_.findings(std::move(findings));
  }
  void diagnostic(Diagnostic&& diagnostic) override { next_.diagnostic(std::move(diagnostic)); }
  bool stopped() const override { return next_.stopped(); }

 private:
  BlobSink& next_;
  std::set<std::string> known_;
  bool filtering_ = false;
};

std::unique_ptr<BlobSink> NestedScan::scan(Reader& blob, std::string_view head,
                                           const std::shared_ptr<const Provenance>& provenance,
                                           BlobSink& sink) {
  ContainerBudget budget(limits_, blob.size().value_or(0));
  budget_ = &budget;
  Place place{provenance, provenance->path, {}, 0};
  auto own = expand(blob, head, place, sink);
  budget_ = nullptr;
  return own;
}

// The members of `blob`, if it is a container: see scan().
std::unique_ptr<BlobSink> NestedScan::expand(Reader& blob, std::string_view head,
                                             const Place& place, BlobSink& sink) {
  head = head.substr(0, kContainerHead);
  const auto container = open_container(blob, head, place.name, *budget_);
  if (container == nullptr) return nullptr;
  auto known = std::make_unique<KnownKeys>(sink);
  Place inner = place;
  inner.encoding.push_back(container->format());
  ++inner.depth;
  if (inner.depth > limits_.depth) {
    known->diagnostic({Diagnostic::Kind::limit, place.provenance->path,
                       "it lies in more containers than are opened one in another",
                       "Raise --max-depth."});
    known->members_end();
    return known;
  }
  std::map<std::string, std::optional<std::string>> read;  // by name
  std::string member_path;
  const Beside beside = [&](std::string_view path) -> std::optional<std::string> {
    if (!blob.size()) return std::nullopt;
    const std::string wanted = path_beside(member_path, path);
    if (wanted.empty()) return std::nullopt;
    const auto [entry, fresh] = read.try_emplace(wanted);
    if (!fresh) return entry->second;
    ContainerBudget budget(limits_, *blob.size());
    const auto again = open_container(blob, head, place.name, budget);
    while (again != nullptr && !sink.stopped()) {
      auto member = again->next();
      if (!member) break;
      if (member_name(member->name) != wanted) continue;
      std::string content;
      if (fill(*member->bytes, content, sink)) entry->second = std::move(content);
      break;
    }
    return entry->second;
  };
  const auto tell = [&] {
    for (Diagnostic& diagnostic : container->take_diagnostics()) {
      std::string path = place.provenance->path;
      if (!diagnostic.path.empty()) path += "!/" + member_name(diagnostic.path);
      diagnostic.path = std::move(path);
      known->diagnostic(std::move(diagnostic));
    }
  };
  while (!sink.stopped()) {
    auto member = container->next();
    tell();
    if (!member) break;
    Place at = inner;
    if (!member->name.empty()) {
      auto provenance = std::make_shared<Provenance>(*place.provenance);
      member_path = member_name(member->name);
      provenance->path += "!/" + member_path;
      provenance->kind = Provenance::Kind::file;
      at.provenance = std::move(provenance);
      at.name = member_path;
    } else if (const size_t dot = at.name.rfind('.'); dot != std::string::npos) {
      at.name.resize(dot);  // app.log.gz holds app.log
    }
    scan_member(*member, at, beside, *known);
  }
  known->members_end();
  return known;
}

// Reads `bytes` into `content` if that fits beside what is held already. True: to its end.
bool NestedScan::fill(Reader& bytes, std::string& content, const BlobSink& sink) {
  const size_t most = std::min(kWholeMember, kMostHeldBytes - std::min(kMostHeldBytes, held_));
  size_t size = 0;
  while (!sink.stopped()) {
    if (size == most) break;
    content.resize(std::min(most, size + kFillStep));
    const auto got = bytes.read(std::span(content).subspan(size), -1);
    size += got.bytes;
    if (got.status == Reader::Status::end || got.status == Reader::Status::failed) {
      content.resize(size);
      return true;
    }
  }
  content.resize(size);
  return false;
}

void NestedScan::scan_member(Member& member, const Place& place, const Beside& beside,
                             BlobSink& sink) {
  std::string content;
  const bool whole = fill(*member.bytes, content, sink);
  held_ += content.size();
  ++counts_.members;
  ViewReader memory(content);
  HeadReader stream(content, *member.bytes);
  Reader& reader = whole ? static_cast<Reader&>(memory) : stream;
  const auto own = expand(reader, content, place, sink);
  if (whole || own == nullptr) {
    ViewReader again(content);
    Reader& bytes = whole ? static_cast<Reader&>(again) : stream;
    RecordSink records(own ? *own : sink, place.encoding, place.provenance->path, content,
                       whole && records_ ? &memory : nullptr, beside);
    const uint64_t before = stats_.bytes;
    scan_blob(bytes, place.provenance, false, buffer_, matcher_, records, stats_);
    records.finish();
    counts_.bytes += stats_.bytes - before;
  }
  if (whole) {
    if (auto failure = member.bytes->failure()) {
      failure->path = place.provenance->path;
      sink.diagnostic(std::move(*failure));
    }
  }
  held_ -= content.size();
}

std::string path_beside(std::string_view from, std::string_view path) {
  std::vector<std::string_view> parts;
  const size_t slash = from.rfind('/');
  std::string all(slash == std::string_view::npos ? "" : from.substr(0, slash + 1));
  const bool absolute = all.starts_with('/');
  all += path;
  for (std::string_view rest = all; !rest.empty();) {
    const size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (absolute) {
      return {};
    } else {
      parts.push_back(part);
    }
  }
  std::string out(absolute ? "/" : "");
  for (const std::string_view part : parts) {
    if (out.size() > absolute) out += '/';
    out += part;
  }
  return out;
}

}  // namespace assay
