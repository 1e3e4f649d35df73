// PDF: what streams hold, decoded, and the text that pages show. Strings outside of streams
// (metadata, links, forms) stand in the file as they are and are found there.
//
//   7 0 obj << /Length 44 /Filter /FlateDecode >> stream … endstream   →  object-7-text, if it is a
//                                                       page's content; else object-7, as decoded
//
// The file is walked twice from its beginning to its end: first for fonts and for objects within
// object streams, then for what is given. One stream is held at a time.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "scanner/decoders/container_formats.h"
#include "scanner/decoders/pdf_filters.h"
#include "scanner/decoders/pdf_text.h"

namespace assay {
namespace {

constexpr size_t kSignatureWithin = 1024;
// A longer stream is given as it decodes, without a look for text.
constexpr size_t kMostHeld = size_t{64} << 20;
constexpr size_t kMostObjects = size_t{16} << 20;  // of an object stream, for fonts
constexpr size_t kPiece = size_t{256} << 10;

// Gives what is held, then what `rest` makes.
class PdfMember final : public Reader {
 public:
  explicit PdfMember(ContainerBudget& budget) : budget_(budget) {}

  void start(std::string name, std::string_view held, PdfStage* rest,
             std::optional<Diagnostic> failure) {
    name_ = std::move(name);
    held_ = held;
    rest_ = rest;
    failure_ = std::move(failure);
    ended_ = false;
  }

  Result read(std::span<char> out, int) override {
    if (!held_.empty()) {
      const size_t count = std::min(out.size(), held_.size());
      std::memcpy(out.data(), held_.data(), count);
      held_.remove_prefix(count);
      return {Status::data, count};
    }
    const size_t got = ended_ || rest_ == nullptr ? 0 : rest_->pull(out);
    if (got == 0) return finish();
    if (auto limit = budget_.take_bytes(got)) {
      limit->path = name_;
      failure_ = std::move(limit);
      ended_ = true;
      return {Status::failed};
    }
    return {Status::data, got};
  }

  std::optional<Diagnostic> failure() override { return ended_ ? failure_ : std::nullopt; }

 private:
  Result finish() {
    if (!ended_ && rest_ != nullptr && !rest_->fault().empty()) {
      failure_ = Diagnostic{Diagnostic::Kind::unreadable, name_, std::string(rest_->fault()), ""};
    }
    ended_ = true;
    return {failure_ ? Status::failed : Status::end};
  }

  ContainerBudget& budget_;
  std::string name_;
  std::string_view held_;
  PdfStage* rest_ = nullptr;
  std::optional<Diagnostic> failure_;
  bool ended_ = false;
};

class PdfContainer final : public Container {
 public:
  PdfContainer(Reader& outer, ContainerBudget& budget)
      : budget_(budget), bytes_(outer), walk_(bytes_), fonts_(bytes_), member_(budget) {}

  std::string_view format() const override { return "pdf"; }

  std::optional<Member> next() override {
    if (!std::exchange(begun_, true)) begin();
    while (!encrypted_ && !budget_.spent() && walk_.next(object_)) {
      tell(walk_.take_diagnostics());
      if (!object_.stream) continue;
      std::optional<Member> member = look();
      if (member) return member;
    }
    finish();
    return std::nullopt;
  }

  std::vector<Diagnostic> take_diagnostics() override { return std::exchange(told_, {}); }

 private:
  using Kind = Diagnostic::Kind;

  void tell(std::vector<Diagnostic> told) {
    std::move(told.begin(), told.end(), std::back_inserter(told_));
  }
  void tell(Diagnostic::Kind kind, std::string path, std::string reason, std::string remedy = "") {
    told_.push_back({kind, std::move(path), std::move(reason), std::move(remedy)});
  }

  // The first walk.
  void begin() {
    if (auto cut = bytes_.load()) told_.push_back(std::move(*cut));
    PdfWalk walk(bytes_);
    PdfObject object;
    while (!budget_.spent() && walk.next(object)) {
      if (!object.stream) {
        fonts_.add(object.number, object.text, object.dictionary);
      } else if (object.dictionary.find("Type") == "/ObjStm" && !walk.encrypted()) {
        add_objects(object);
      } else {
        fonts_.add_stream(object);
      }
    }
    encrypted_ = walk.encrypted();
    if (encrypted_) {
      tell(Kind::unreadable, "", "it is encrypted", "Remove its password and scan it again.");
    }
  }

  // The objects of an object stream: pairs of number and offset, then from /First on the objects.
  void add_objects(const PdfObject& object) {
    const PdfDecoding decoding = decode_pdf_stream(bytes_, object);
    if (decoding.kind != PdfDecoding::Kind::decoded && decoding.kind != PdfDecoding::Kind::plain) {
      return;
    }
    decode(*decoding.out, kMostObjects);
    const auto first =
        static_cast<size_t>(std::clamp(pdf_number(object.dictionary.find("First")), 0.0, 1e9));
    const std::string_view all(decoded_);
    if (first > all.size()) return;
    PdfTokens tokens(all.substr(0, first));
    uint32_t number = 0;
    size_t begin = all.size();
    // They stand in order; each ends where the next one begins.
    const auto add = [&](size_t end) {
      if (begin >= end) return;
      PdfDictionary dictionary;
      dictionary.read(all.substr(begin, end - begin));
      fonts_.add(number, all.substr(begin, end - begin), dictionary);
    };
    for (;;) {
      const PdfToken next = tokens.next(), offset = tokens.next();
      if (offset.kind != PdfToken::Kind::number) return add(all.size());
      const double at = static_cast<double>(first) + pdf_number(offset.raw);
      if (!(at >= static_cast<double>(first) && at < static_cast<double>(all.size()))) continue;
      if (begin < all.size() && at <= static_cast<double>(begin)) continue;
      add(static_cast<size_t>(at));
      begin = static_cast<size_t>(at);
      number = static_cast<uint32_t>(std::clamp(pdf_number(next.raw), 0.0, 4e9));
    }
  }

  // Fills decoded_ with up to `most` bytes. True if that is all.
  bool decode(PdfStage& stage, size_t most) {
    decoded_.clear();
    while (decoded_.size() < most && !budget_.spent()) {
      const size_t size = decoded_.size();
      // Room grows with what came, but not by resize, which would write to all of it each time.
      const size_t room = std::min(kPiece, most - size);
      if (decoded_.capacity() < size + room) decoded_.reserve(std::max(2 * size, size + room));
      decoded_.resize(size + room);
      const size_t got = stage.pull({decoded_.data() + size, room});
      decoded_.resize(size + got);
      if (auto limit = budget_.take_bytes(got)) limit_ = std::move(limit);
      if (got == 0) return true;
    }
    return false;
  }

  // The member that the stream object_ gives, if any.
  std::optional<Member> look() {
    decoding_ = decode_pdf_stream(bytes_, object_);
    std::string name = fmt::format("object-{}", object_.number);
    switch (decoding_.kind) {
      case PdfDecoding::Kind::image:
        return std::nullopt;
      case PdfDecoding::Kind::encrypted:
        tell_once(unknown_, std::move(name), "it is encrypted");
        return std::nullopt;
      case PdfDecoding::Kind::unknown:
        tell_once(unknown_, std::move(name),
                  decoding_.filter.size() < 32
                      ? fmt::format("its filter {} is not known", printable(decoding_.filter))
                      : "its filter is not known");
        return std::nullopt;
      default:
        break;
    }
    // What has no filter stands in the file as it is: only text that was taken apart is missing.
    const bool plain = decoding_.kind == PdfDecoding::Kind::plain;
    if (plain && !may_be_content()) return std::nullopt;
    const bool whole = decode(*decoding_.out, kMostHeld);
    const bool content = may_be_content() && may_show_text(decoded_);
    if (!whole) {
      if (content && !limit_)
        tell_once(long_, name, "it is longer than 64 MiB and its text was not joined");
      return plain ? std::nullopt : give(std::move(name), decoded_, decoding_.out.get());
    }
    if (content) {
      fonts_.choose(object_);
      text_ = read_pdf_text(decoded_, fonts_);
      unreadable_ += text_.unreadable;
      if (text_.cut) tell(Kind::limit, name, "its text is longer than 64 MiB and was cut");
      if (text_.shows) return give(name + "-text", text_.text, nullptr);
    }
    return plain ? std::nullopt : give(std::move(name), decoded_, nullptr);
  }

  // Attached files and the like may look like a page's content, but are theirs to read.
  bool may_be_content() const {
    const std::string_view type = object_.dictionary.find("Type");
    const std::string_view subtype = object_.dictionary.find("Subtype");
    if (type == "/Pattern") return true;
    return (type.empty() || type == "/XObject") && (subtype.empty() || subtype == "/Form");
  }

  std::optional<Member> give(std::string name, std::string_view held, PdfStage* rest) {
    if (auto limit = budget_.take_member(); limit && !limit_) limit_ = std::move(limit);
    std::optional<Diagnostic> failure = std::exchange(limit_, std::nullopt);
    if (!failure && !decoding_.out->fault().empty()) {
      failure = Diagnostic{Kind::unreadable, "", std::string(decoding_.out->fault()), ""};
    }
    if (failure) failure->path = name;
    member_.start(name, held, rest, std::move(failure));
    return Member{std::move(name), &member_};
  }

  void tell_once(uint64_t& count, std::string path, std::string reason) {
    constexpr uint64_t kMostTold = 20;
    if (++count <= kMostTold) tell(Kind::unreadable, std::move(path), std::move(reason));
  }
  static std::string printable(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
    return text;
  }

  void finish() {
    if (std::exchange(finished_, true)) return;
    tell(walk_.take_diagnostics());
    if (limit_) told_.push_back(std::move(*limit_));
    if (unreadable_ > 0) {
      tell(Kind::unreadable, "",
           fmt::format("its fonts do not say what their glyphs are, so text of {} of its streams "
                       "was not read",
                       unreadable_),
           "Look at it in a viewer.");
    }
    if (fonts_.over_limit()) {
      tell(Kind::limit, "",
           "it has more fonts and pages than are looked at, so some text may not "
           "have been read");
    }
  }

  ContainerBudget& budget_;
  RandomAccess bytes_;
  PdfWalk walk_;
  PdfFonts fonts_;
  PdfMember member_;
  std::vector<Diagnostic> told_;
  bool begun_ = false, encrypted_ = false, finished_ = false;
  uint64_t unknown_ = 0, long_ = 0, unreadable_ = 0;
  std::optional<Diagnostic> limit_;  // passed while the stream at hand was decoded
  // Of the member that was given last.
  PdfObject object_;
  PdfDecoding decoding_;
  std::string decoded_;
  PdfText text_;
};

bool recognises(std::string_view head, std::string_view) {
  return head.substr(0, kSignatureWithin).find("%PDF-") != std::string_view::npos;
}

std::unique_ptr<Container> open(Reader& outer, std::string_view, std::string_view,
                                ContainerBudget& budget) {
  return std::make_unique<PdfContainer>(outer, budget);
}

}  // namespace

const ContainerFormat kPdf = {recognises, open};

}  // namespace assay
