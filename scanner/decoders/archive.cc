// Archives through libarchive: zip, tar, 7z, cpio, ar, rpm, iso, cab.
//
//   a.zip: a.txt (good), b.txt (encrypted), c.txt (bad checksum), d/ (a folder)
//     →  a.txt, its text
//     →  b.txt, no text, "it is encrypted"
//     →  c.txt, all of its text, "its checksum does not hold"
//
// One kind is opened with one reader, chosen by the blob's signature. Compressed tars are no kind:
// what compresses them is a container around them. A zip is read by its directory where the end is
// at hand, and member after member where it is not or where the directory is broken. After damage
// that libarchive does not get over, a zip is opened again behind the member that has it.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "scanner/decoders/archive_input.h"
#include "scanner/decoders/archive_signatures.h"
#include "scanner/decoders/container_formats.h"
#include "scanner/decoders/random_access.h"

namespace assay {
namespace {

constexpr char kFetchAgain[] = "Fetch or make it again, and scan that.";
constexpr unsigned kMostFailures = 1000;  // of members' headers in one archive
constexpr char kUnpack[] = "Unpack it and scan what comes out.";

std::string_view name_of(ArchiveKind kind) {
  static constexpr std::string_view kNames[] = {"zip", "tar", "7z",  "cpio", "ar",
                                                "rpm", "iso", "cab", "rar",  "lha"};
  return kNames[static_cast<size_t>(kind)];
}

// Whether libarchive decodes what it skips, which has to count.
bool decodes_to_skip(ArchiveKind kind, ZipOrder order) {
  switch (kind) {
    case ArchiveKind::zip:
      return order == ZipOrder::stream;
    case ArchiveKind::seven_zip:
    case ArchiveKind::rpm:
    case ArchiveKind::cab:
    case ArchiveKind::rar:
    case ArchiveKind::lha:
      return true;
    case ArchiveKind::tar:
    case ArchiveKind::cpio:
    case ArchiveKind::ar:
    case ArchiveKind::iso:
      return false;
  }
  return true;
}

// What to say of a fault within a member.
Diagnostic member_fault(ArchiveHandle::Fault fault, std::string name) {
  using Fault = ArchiveHandle::Fault;
  Diagnostic told{Diagnostic::Kind::unreadable, std::move(name), {}, kFetchAgain};
  switch (fault) {
    case Fault::checksum:
      told.reason = "its checksum does not hold";
      break;
    case Fault::cut_short:
      told.reason = "the archive ends within it";
      break;
    case Fault::encrypted:
      told.reason = "it is encrypted";
      told.remedy = "Decrypt it and scan what comes out.";
      break;
    case Fault::method:
      told.reason = "the method that compresses it is not known";
      told.remedy = kUnpack;
      break;
    case Fault::damaged:
      told.reason = "its data is damaged";
      break;
  }
  return told;
}

// What to say of a fault between members.
Diagnostic archive_fault(ArchiveHandle::Fault fault, std::string_view format, uint64_t members) {
  using Fault = ArchiveHandle::Fault;
  Diagnostic told{Diagnostic::Kind::unreadable, {}, {}, kFetchAgain};
  switch (fault) {
    case Fault::cut_short:
      told.reason = fmt::format("the {} archive is cut short", format);
      break;
    case Fault::encrypted:
      told.reason = members == 0
                        ? fmt::format("the {} archive's list of members is encrypted", format)
                        : fmt::format("what follows in the {} archive is encrypted", format);
      told.remedy = "Decrypt it and scan what comes out.";
      break;
    case Fault::method:
      told.reason = fmt::format("the {} archive uses what is not known here", format);
      told.remedy = kUnpack;
      break;
    case Fault::checksum:
    case Fault::damaged:
      told.reason = fmt::format("the {} archive is damaged", format);
      break;
  }
  if (members > 0) {
    told.reason +=
        fmt::format("; {} of its members {} read before", members, members == 1 ? "was" : "were");
  }
  return told;
}

class Archive : public Container {
 public:
  Archive(Reader& outer, ArchiveKind kind, ContainerBudget& budget)
      : kind_(kind), input_(outer), budget_(budget), member_(*this) {
    if (kind == ArchiveKind::rar || kind == ArchiveKind::lha) {
      // Their readers in libarchive have been broken into time and again.
      over_ = true;
      diagnostics_.push_back({Diagnostic::Kind::skipped,
                              {},
                              fmt::format("{} archives are not opened", name_of(kind)),
                              kUnpack});
      return;
    }
    order_ = input_.size() ? ZipOrder::directory : ZipOrder::stream;
    handle_ = std::make_unique<ArchiveHandle>(kind_, order_, input_);
  }

  std::string_view format() const override { return name_of(kind_); }
  std::optional<Member> next() override;
  std::vector<Diagnostic> take_diagnostics() override { return std::exchange(diagnostics_, {}); }

 private:
  class MemberReader : public Reader {
   public:
    explicit MemberReader(Archive& archive) : archive_(archive) {}
    Result read(std::span<char> out, int wait_ms) override;
    std::optional<Diagnostic> failure() override { return failure_; }

    void begin(std::string name, bool encrypted);
    void skip_rest();
    // Nothing is left to be read, or nothing can be.
    bool over() const { return ended_ || failure_; }
    // libarchive gave up within the member.
    bool broke_archive() const { return fatal_; }
    bool cut_short() const { return cut_short_; }

   private:
    bool next_block();
    void fail(ArchiveHandle::Fault fault);

    Archive& archive_;
    std::string name_;
    std::string_view left_;
    bool ended_ = true;
    bool fatal_ = false;
    bool cut_short_ = false;
    std::optional<Diagnostic> failure_;
    std::optional<Diagnostic> later_;  // becomes failure_ when left_ is read
  };

  bool finish_member();
  bool reopen_behind();
  void end(const ArchiveHandle::Header& header);
  bool end_mark_is_missing() const;
  bool wanted(archive_entry* entry) const;

  const ArchiveKind kind_;
  PackedInput input_;
  ContainerBudget& budget_;
  ZipOrder order_ = ZipOrder::stream;
  std::unique_ptr<ArchiveHandle> handle_;
  MemberReader member_;
  uint64_t headers_ = 0;  // read since the archive was opened
  uint64_t members_ = 0;  // given
  unsigned reopened_ = 0;
  bool retried_ = false;
  unsigned failed_ = 0;  // headers that could not be used
  bool over_ = false;
  std::vector<Diagnostic> diagnostics_;
};

void Archive::MemberReader::begin(std::string name, bool encrypted) {
  name_ = std::move(name);
  left_ = {};
  ended_ = fatal_ = cut_short_ = false;
  failure_.reset();
  later_.reset();
  if (encrypted) fail(ArchiveHandle::Fault::encrypted);
}

void Archive::MemberReader::fail(ArchiveHandle::Fault fault) {
  const bool outer_failed = archive_.input_.failed();
  cut_short_ = outer_failed || fault == ArchiveHandle::Fault::cut_short;
  later_ = outer_failed ? archive_.input_.failure(name_) : member_fault(fault, name_);
  if (left_.empty()) failure_ = std::exchange(later_, std::nullopt);
}

// False: there is no more, which `ended_` or `failure_` says.
bool Archive::MemberReader::next_block() {
  if (later_) failure_ = std::exchange(later_, std::nullopt);
  if (over()) return false;
  const ArchiveHandle::Block block = archive_.handle_->next_block();
  left_ = block.bytes;
  if (block.result == ARCHIVE_EOF) {
    ended_ = true;
    return false;
  }
  fatal_ = block.result == ARCHIVE_FATAL ||
           (block.result < ARCHIVE_OK && archive_.kind_ != ArchiveKind::zip);
  if (block.result != ARCHIVE_OK) fail(archive_.handle_->fault());
  if (auto passed = archive_.budget_.take_bytes(block.bytes.size())) {
    passed->path = name_;
    failure_ = std::move(passed);
    left_ = {};
  }
  return !failure_;
}

Reader::Result Archive::MemberReader::read(std::span<char> out, int) {
  if (out.empty()) return {failure_ ? Status::failed : Status::end};
  while (left_.empty()) {
    if (!next_block()) return {failure_ ? Status::failed : Status::end};
  }
  const size_t count = std::min(out.size(), left_.size());
  std::memcpy(out.data(), left_.data(), count);
  left_.remove_prefix(count);
  return {Status::data, count};
}

void Archive::MemberReader::skip_rest() {
  left_ = {};
  while (next_block()) left_ = {};
}

// Leaves the member given last. False: the archive cannot be read on.
bool Archive::finish_member() {
  if (!member_.over() && decodes_to_skip(kind_, order_)) member_.skip_rest();
  if (budget_.spent()) return false;
  if (!member_.broke_archive() || reopen_behind()) return true;
  // libarchive must not be called again: its reader of cabinets ends the process then.
  over_ = true;
  if (!member_.cut_short()) {
    diagnostics_.push_back(
        {Diagnostic::Kind::unreadable,
         {},
         fmt::format("what follows a damaged member of the {} archive was not read; {} of its "
                     "members {} read before",
                     name_of(kind_), members_, members_ == 1 ? "was" : "were"),
         kFetchAgain});
  }
  return false;
}

// Opens a zip once more and goes behind the member that has the damage: its directory still says
// where the others are. False if that is not to be done.
bool Archive::reopen_behind() {
  constexpr unsigned kMostOften = 64;  // each time it goes over all headers before
  if (kind_ != ArchiveKind::zip || order_ != ZipOrder::directory) return false;
  if (++reopened_ > kMostOften) return false;
  input_.seek(0);
  handle_ = std::make_unique<ArchiveHandle>(kind_, order_, input_);
  for (uint64_t i = 0; i < headers_; ++i) {
    const int result = handle_->next_header().result;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN && result != ARCHIVE_FAILED) return false;
  }
  return true;
}

// Whether a member has content of its own.
bool Archive::wanted(archive_entry* entry) const {
  if (archive_entry_hardlink(entry) != nullptr && archive_entry_size(entry) == 0) return false;
  const auto type = archive_entry_filetype(entry);
  return type == AE_IFREG || type == 0;
}

// A tar ends with a block of zeros, which is all that tells a whole one from one that was cut
// between two members.
bool Archive::end_mark_is_missing() const {
  return kind_ == ArchiveKind::tar && input_.ended() &&
         input_.tail().find_first_not_of('\0') != std::string_view::npos;
}

void Archive::end(const ArchiveHandle::Header& header) {
  over_ = true;
  if (header.result == ARCHIVE_EOF) {
    if (!end_mark_is_missing()) return;
    diagnostics_.push_back(
        archive_fault(ArchiveHandle::Fault::cut_short, name_of(kind_), members_));
  } else if (input_.failed()) {
    diagnostics_.push_back(input_.failure({}));
  } else {
    diagnostics_.push_back(archive_fault(handle_->fault(), name_of(kind_), members_));
  }
}

std::optional<Member> Archive::next() {
  if (over_ || !finish_member()) return std::nullopt;
  for (;;) {
    const ArchiveHandle::Header header = handle_->next_header();
    if (header.result == ARCHIVE_RETRY) {
      // Of a damaged header libarchive tries what follows, block after block.
      if (!retried_) {
        retried_ = true;
        diagnostics_.push_back(
            archive_fault(ArchiveHandle::Fault::damaged, name_of(kind_), members_));
      }
      continue;
    }
    if (header.result == ARCHIVE_FAILED && ++failed_ <= kMostFailures) {
      // This member is lost, the next one need not be.
      ++headers_;
      const bool encrypted = archive_entry_is_data_encrypted(header.entry) != 0;
      const auto fault = encrypted ? ArchiveHandle::Fault::encrypted : handle_->fault();
      diagnostics_.push_back(member_fault(fault, handle_->name(header.entry)));
      continue;
    }
    if (header.result != ARCHIVE_OK && header.result != ARCHIVE_WARN) {
      const bool broken = header.result != ARCHIVE_EOF && headers_ == 0;
      if (broken && kind_ == ArchiveKind::zip && order_ == ZipOrder::directory) {
        order_ = ZipOrder::stream;
        input_.seek(0);
        handle_ = std::make_unique<ArchiveHandle>(kind_, order_, input_);
        continue;
      }
      end(header);
      return std::nullopt;
    }
    ++headers_;
    std::string name = handle_->name(header.entry);
    if (auto passed = budget_.take_member()) {
      over_ = true;
      passed->path = std::move(name);
      diagnostics_.push_back(*std::move(passed));
      return std::nullopt;
    }
    if (!wanted(header.entry)) continue;
    ++members_;
    member_.begin(name, archive_entry_is_data_encrypted(header.entry) != 0);
    return Member{std::move(name), &member_};
  }
}

bool recognises(std::string_view head, std::string_view name) {
  return find_archive(head) != nullptr || may_be_iso(head, name);
}

// A 7z says at its end what it holds. One that only goes forward is held in memory.
class HeldArchive : public Container {
 public:
  HeldArchive(Reader& outer, ContainerBudget& budget) : held_(outer) {
    failure_ = held_.load();
    if (failure_) return;
    view_.emplace(held_.view(0, static_cast<size_t>(held_.size()), 0));
    archive_.emplace(*view_, ArchiveKind::seven_zip, budget);
  }

  std::string_view format() const override { return name_of(ArchiveKind::seven_zip); }
  std::optional<Member> next() override { return archive_ ? archive_->next() : std::nullopt; }
  std::vector<Diagnostic> take_diagnostics() override {
    if (archive_) return archive_->take_diagnostics();
    std::vector<Diagnostic> told;
    if (failure_) told.push_back(*std::exchange(failure_, std::nullopt));
    return told;
  }

 private:
  RandomAccess held_;
  std::optional<Diagnostic> failure_;
  std::optional<ViewReader> view_;
  std::optional<Archive> archive_;
};

std::unique_ptr<Container> open(Reader& outer, std::string_view head, std::string_view name,
                                ContainerBudget& budget) {
  if (const ArchiveSignature* found = find_archive(head)) {
    if (found->kind == ArchiveKind::seven_zip && !outer.size()) {
      return std::make_unique<HeldArchive>(outer, budget);
    }
    return std::make_unique<Archive>(outer, found->kind, budget);
  }
  char signature[kIsoSignature.size()];
  // Of a stream the signature is out of sight; then only the name says that it may be one.
  const bool iso = outer.size() ? outer.read_at(kIsoSignatureAt, signature) == sizeof signature &&
                                      std::string_view(signature, sizeof signature) == kIsoSignature
                                : name.ends_with(".iso") || name.ends_with(".ISO");
  return iso ? std::make_unique<Archive>(outer, ArchiveKind::iso, budget) : nullptr;
}

}  // namespace

const ContainerFormat kArchives = {recognises, open};

}  // namespace assay
