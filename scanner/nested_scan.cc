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
constexpr int kWaitMs = 200;
// As many bytes tell what a stream is: behind the header of a tar. So many waits for them.
constexpr size_t kStreamHead = 512;
constexpr int kMostWaits = 25;
// Names that stand beside a member are looked for in so many passes over the archive, and so many
// files kept.
constexpr unsigned kMostLooks = 16;
constexpr size_t kMostBesideKept = 4;

// Whether a stream that begins so may be a container of which little has come.
bool may_be_container(std::string_view head) {
  static constexpr std::string_view kBegins[] = {"\x1f\x8b",
                                                 "\x28\xb5\x2f\xfd",
                                                 "\xfd"
                                                 "7zXZ",
                                                 "BZh",
                                                 "\x04\x22\x4d\x18",
                                                 "PK",
                                                 "7z\xbc\xaf",
                                                 "!<arch>",
                                                 "MSCF",
                                                 "0707",
                                                 "\xed\xab\xee\xdb",
                                                 "%PDF",
                                                 "SQLite",
                                                 "LZIP",
                                                 "\x78"};
  return std::any_of(std::begin(kBegins), std::end(kBegins), [&](std::string_view begin) {
    const size_t shared = std::min(begin.size(), head.size());
    return begin.substr(0, shared) == head.substr(0, shared);
  });
}

bool is_git_pack(std::string_view head) {
  return head.starts_with(std::string_view("PACK\0\0\0\2", 8)) ||
         head.starts_with(std::string_view("PACK\0\0\0\3", 8)) ||
         head.starts_with("# v2 git bundle\n") || head.starts_with("# v3 git bundle\n");
}

// Whether a zip's directory stands at the end of a program or script that unpacks itself.
bool ends_in_zip(const Reader& blob, std::string_view head) {
  if (!head.starts_with("MZ") &&
      !head.starts_with("\x7f"
                        "ELF") &&
      !head.starts_with("#!")) {
    return false;
  }
  constexpr size_t kDirectoryEnd = 22, kMostComment = 65535;
  std::string tail(std::min<uint64_t>(*blob.size(), kDirectoryEnd + kMostComment), '\0');
  const auto got = blob.read_at(*blob.size() - tail.size(), tail);
  if (!got || *got != tail.size()) return false;
  for (size_t at = tail.rfind("PK\x05\x06"); at != std::string::npos;
       at = at == 0 ? std::string::npos : tail.rfind("PK\x05\x06", at - 1)) {
    if (at + kDirectoryEnd > tail.size()) continue;
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(tail[at + i]); };
    if (at + kDirectoryEnd + byte(20) + byte(21) * size_t{256} == tail.size()) return true;
  }
  return false;
}

// A member's name as it is looked for.
std::string member_name(std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  std::string out = redact_names(name.substr(0, kMostName));
  if (name.size() > kMostName) out += "…";
  return out;
}

}  // namespace

PeekReader::PeekReader(Reader& inner, std::span<char> room, const std::function<bool()>& stopped)
    : inner_(inner) {
  const bool stream = !inner.size().has_value();
  size_t have = 0;
  for (int waits = 0; have < room.size() && !(stream && stopped());) {
    const auto got = inner.read(room.subspan(have), kWaitMs);
    have += got.bytes;
    if (got.status == Status::end || got.status == Status::failed) {
      last_ = Result{got.status, 0};
      break;
    }
    if (got.status == Status::idle && have > 0 && ++waits == kMostWaits) break;
    if (have == 0) continue;
    if (!stream || have >= kStreamHead || !may_be_container({room.data(), have})) break;
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
  // A member's reader does not know where its container lies.
  if (diagnostic.path.empty()) diagnostic.path = export_.path;
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
      Diagnostic told{Diagnostic::Kind::record, std::string(export_.path), found.problem, "", true};
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

// Hands on what members give and counts it; then of the container's own bytes only what is more
// than that. Of mails, PDF and SQLite, whose members are but what cannot be read in place, all of
// it.
class NestedScan::KnownKeys : public BlobSink {
 public:
  KnownKeys(BlobSink& next, std::string_view format)
      : next_(next), counts_(format != "mail" && format != "pdf" && format != "sqlite") {}
  void members_end() { filtering_ = counts_; }

  void findings(std::vector<Finding>&& findings) override {
    if (filtering_) {
      std::erase_if(findings, [&](const Finding& finding) {
        const auto known = known_.find(key_of(finding));
        return known != known_.end() && known->second-- > 0;
      });
    } else if (counts_) {
      for (const Finding& finding : findings) {
        if (known_.size() < kMostKnown) ++known_[key_of(finding)];
      }
    }
    if (!findings.empty()) next_.findings(std::move(findings));
  }
  void diagnostic(Diagnostic&& diagnostic) override { next_.diagnostic(std::move(diagnostic)); }
  bool stopped() const override { return next_.stopped(); }

 private:
  // Never leaves the process.
  static std::pair<const Rule*, size_t> key_of(const Finding& finding) {
    return {finding.rule, std::hash<std::string_view>()(finding.secret.reveal())};
  }

  BlobSink& next_;
  std::map<std::pair<const Rule*, size_t>, int64_t> known_;
  const bool counts_;
  bool filtering_ = false;
};

// A container's own bytes, scanned as it reads them from a stream.
class NestedScan::OwnBytes : public Reader {
 public:
  OwnBytes(Reader& inner, NestedScan& scan, std::shared_ptr<const Provenance> provenance)
      : inner_(inner), budget_(*scan.budget_), scan_(scan), provenance_(std::move(provenance)) {}

  Result read(std::span<char> out, int wait_ms) override {
    const Result got = inner_.read(out, wait_ms);
    budget_.add_outermost(got.bytes);
    scan_.streamed_ += got.bytes;
    if (got.bytes > 0 && !window_) window_.emplace(scan_);
    for (std::string_view rest(out.data(), got.bytes); !rest.empty();) {
      WindowBuffer& buffer = window_->buffer;
      const auto room = buffer.room();
      const size_t count = std::min(room.size(), rest.size());
      std::memcpy(room.data(), rest.data(), count);
      buffer.filled(count);
      rest.remove_prefix(count);
      if (!buffer.full()) continue;
      scan(buffer.end() - kWindowAfter, false);
      buffer.slide();
    }
    return got;
  }
  std::optional<Diagnostic> failure() override { return inner_.failure(); }

  // Reads what the container left, and hands on what was found.
  void finish(BlobSink& sink) {
    std::string rest(kFillStep, '\0');
    while (!sink.stopped()) {
      const auto got = read(rest, kWaitMs);
      if (got.status == Status::end || got.status == Status::failed) break;
    }
    if (window_) scan(window_->buffer.end(), true);
    if (!findings_.empty()) sink.findings(std::move(findings_));
    if (cut_) {
      sink.diagnostic({Diagnostic::Kind::limit, provenance_->path,
                       "the bytes between its members hold more keys than are kept",
                       "Save it to a file and scan that."});
    }
  }

 private:
  void scan(uint64_t own_end, bool at_end) {
    scan_window(window_->buffer, window_->matcher, own_end, at_end, provenance_, findings_);
    if (findings_.size() > kMostOwn) {
      findings_.resize(kMostOwn);
      cut_ = true;
    }
  }

  static constexpr size_t kMostOwn = 4096;
  Reader& inner_;
  ContainerBudget& budget_;
  NestedScan& scan_;
  // Made with the first byte: most streams are no containers, and none is read of those.
  struct Windows {
    explicit Windows(const NestedScan& scan) : matcher(scan.rules_, scan.prefilter_, {}) {
      buffer.start(0, 0);
    }
    WindowBuffer buffer;
    Matcher matcher;
  };
  std::optional<Windows> window_;
  const std::shared_ptr<const Provenance> provenance_;
  std::vector<Finding> findings_;
  bool cut_ = false;
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
  std::optional<OwnBytes> own;
  if (!blob.size()) own.emplace(blob, *this, place.provenance);
  Reader& outer = own ? static_cast<Reader&>(*own) : blob;
  auto container = open_container(outer, head, place.name, *budget_);
  if (container == nullptr && blob.size() && ends_in_zip(blob, head)) {
    container = open_container(outer, "PK\x05\x06", place.name, *budget_);
  }
  if (container == nullptr) {
    if (is_git_pack(head)) {
      sink.diagnostic({Diagnostic::Kind::skipped, place.provenance->path,
                       "it is a git pack or bundle, whose objects are compressed",
                       "Clone it with git and run assay git on the clone."});
    }
    return nullptr;
  }
  auto known = std::make_unique<KnownKeys>(sink, container->format());
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
  unsigned looks = 0;
  std::string member_path;
  const auto forget = [&] {
    for (const auto& [name, content] : read) held_ -= content ? content->size() : 0;
    read.clear();
  };
  const Beside beside = [&](std::string_view path) -> std::optional<std::string> {
    if (!blob.size()) return std::nullopt;
    const std::string wanted = path_beside(member_path, path);
    if (const auto had = read.find(wanted); had != read.end()) return had->second;
    if (wanted.empty() || looks++ == kMostLooks) return std::nullopt;
    if (read.size() == kMostBesideKept) forget();
    std::optional<std::string>& found = read[wanted];
    const auto again = open_container(blob, head, place.name, *budget_);
    while (again != nullptr && !sink.stopped()) {
      auto member = again->next();
      if (!member) break;
      if (member_name(member->name) != wanted) continue;
      std::string content;
      if (fill(*member->bytes, content, sink)) found = std::move(content);
      break;
    }
    if (found) held_ += found->size();
    return found;
  };
  const auto tell = [&] {
    for (Diagnostic& diagnostic : container->take_diagnostics()) {
      std::string path = place.provenance->path;
      if (!diagnostic.path.empty())
        path += "!/" + matcher_.redact_disguised(member_name(diagnostic.path));
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
      provenance->path += "!/" + matcher_.redact_disguised(member_path);
      provenance->kind = Provenance::Kind::file;
      at.provenance = std::move(provenance);
      at.name = member_path;
    } else if (const size_t dot = at.name.rfind('.'); dot != std::string::npos) {
      at.name.resize(dot);  // app.log.gz holds app.log
    }
    ++members_;
    scan_member(*member, at, beside, *known);
  }
  forget();
  known->members_end();
  if (own) {
    RecordSink sink_of_own(*known, place.encoding, place.provenance->path, {}, nullptr, {});
    own->finish(sink_of_own);
  }
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
  ViewReader memory(content);
  HeadReader stream(content, *member.bytes);
  Reader& reader = whole ? static_cast<Reader&>(memory) : stream;
  const auto own = expand(reader, content, place, sink);
  if (whole || own == nullptr) {
    ViewReader again(content);
    Reader& bytes = whole ? static_cast<Reader&>(again) : stream;
    RecordSink records(own ? *own : sink, place.encoding, place.provenance->path, content,
                       whole && records_ ? &memory : nullptr, beside);
    scan_blob(bytes, place.provenance, false, buffer_, matcher_, records, stats_);
    records.finish();
  }
  if (whole) {
    if (auto failure = member.bytes->failure()) {
      failure->path = place.provenance->path;
      // What came before was scanned.
      if (failure->kind == Diagnostic::Kind::unreadable && !content.empty()) {
        failure->kind = Diagnostic::Kind::changed;
      }
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
