// Mails and mailboxes: attachments that cannot be read in the raw bytes. Text parts can: the
// matcher undoes quoted-printable and base64 around a hit. What is given is what it cannot look
// into, and mails within, which may have such attachments:
//
//   Content-Type: multipart/mixed; boundary=x
//
//   --x
//   Content-Type: application/zip; name=keys.zip
//   Content-Transfer-Encoding: base64
//
//   UEsDBBQAAAAI…                                →  keys.zip, decoded
//   --x--
//
// Read forward, line by line, once; parts within parts are a stack of boundaries.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "scanner/decoders/container_formats.h"
#include "scanner/decoders/mail_headers.h"
#include "scanner/decoders/random_access.h"

namespace assay {
namespace {

constexpr size_t kBuffer = size_t{256} << 10;
constexpr size_t kMostLine = size_t{16} << 10;  // longer ones come in pieces
constexpr size_t kMostHeader = size_t{256} << 10;
constexpr size_t kMostBoundary = 250;  // RFC 2046 says 70
constexpr size_t kMostNested = 32;
constexpr size_t kFront = 1024;  // what is decoded of a part to see what it is

struct Line {
  std::string_view text;  // with its end; valid until the line after the next is asked for
  bool begins = true;     // else a further piece of a long one
};

// The blob's lines, of which one may be looked at before it is taken.
class Lines {
 public:
  explicit Lines(Reader& outer)
      : outer_(outer),
        size_(outer.size()),
        buffer_(std::make_unique_for_overwrite<char[]>(kBuffer)) {}

  // Null at the end.
  const Line* peek() {
    if (!peeked_) read();
    return line_.text.empty() ? nullptr : &line_;
  }
  void take() { peeked_ = false; }

 private:
  void read() {
    peeked_ = true;
    line_.begins = line_.text.empty() || line_.text.back() == '\n';
    std::string_view held(buffer_.get() + begin_, end_ - begin_);
    size_t newline = held.substr(0, kMostLine).find('\n');
    if (newline == std::string_view::npos && held.size() < kMostLine && !ended_) {
      fill();
      held = {buffer_.get() + begin_, end_ - begin_};
      newline = held.substr(0, kMostLine).find('\n');
    }
    line_.text = held.substr(0, newline == std::string_view::npos ? kMostLine : newline + 1);
    begin_ += line_.text.size();
  }
  void fill() {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    const std::span<char> room(buffer_.get() + end_, kBuffer - end_);
    const size_t got = size_ ? outer_.read_at(at_, room).value_or(0) : read_full(outer_, room);
    at_ += got;
    end_ += got;
    ended_ = got < room.size();
  }

  Reader& outer_;
  const std::optional<uint64_t> size_;
  const std::unique_ptr<char[]> buffer_;
  size_t begin_ = 0, end_ = 0;
  uint64_t at_ = 0;  // of the blob
  bool ended_ = false, peeked_ = false;
  Line line_;
};

bool is_empty(const Line& line) {
  return line.begins && (line.text == "\n" || line.text == "\r\n");
}

// `Name: …`
std::string_view field_name(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view name = line.substr(0, colon);
  const bool plain =
      std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7F; });
  return plain ? name : std::string_view();
}

bool begins_mailbox(std::string_view text) {
  if (!text.starts_with("From ")) return false;
  const size_t line = text.find('\n');
  return line != std::string_view::npos && !field_name(text.substr(line + 1)).empty();
}

bool recognises_mail(std::string_view text) {
  if (begins_mailbox(text)) return true;
  constexpr std::string_view kNames[] = {"From",         "To",           "Subject",  "Date",
                                         "Message-ID",   "MIME-Version", "Received", "Return-Path",
                                         "Delivered-To", "Content-Type"};
  unsigned seen = 0;
  for (bool first = true; !text.empty(); first = false) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (!first && (line[0] == ' ' || line[0] == '\t')) continue;
    const std::string_view name = field_name(line);
    if (name.empty()) return false;
    for (size_t i = 0; i < std::size(kNames); ++i) {
      if (equal_mail_names(name, kNames[i])) seen |= 1u << i;
    }
    if ((seen & (seen - 1)) != 0) return true;
  }
  return false;
}

bool has_container_signature(std::string_view front) {
  constexpr std::string_view kSignatures[] = {"PK\3\4",
                                              "PK\5\6",
                                              "\x1F\x8B",
                                              "7z\xBC\xAF\x27\x1C",
                                              "\xFD"
                                              "7zXZ",
                                              "BZh",
                                              "Rar!\x1A",
                                              "MSCF",
                                              "\x28\xB5\x2F\xFD",
                                              "\x04\x22\x4D\x18",
                                              "SQLite format 3",
                                              "070707",
                                              "070701",
                                              "!<arch>\n",
                                              "\xED\xAB\xEE\xDB"};
  for (const std::string_view signature : kSignatures) {
    if (front.starts_with(signature)) return true;
  }
  return front.find("%PDF-") != std::string_view::npos ||
         (front.size() > 262 && front.substr(257, 5) == "ustar");
}

// Text, as far as the matcher is concerned, which reads UTF-16 as well.
bool is_plain(std::string_view front) {
  if (front.starts_with("\xFF\xFE") || front.starts_with("\xFE\xFF")) return true;
  return std::none_of(front.begin(), front.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && !(c >= '\t' && c <= '\r') && c != 0x1B;
  });
}

enum class Encoding { none, base64, quoted };

Encoding encoding_of(const PartHeader& header) {
  if (header.encoding == "base64") return Encoding::base64;
  return header.encoding == "quoted-printable" ? Encoding::quoted : Encoding::none;
}

// Whether what begins with `front` must be looked into apart from the mail's own bytes.
bool is_member(const PartHeader& header, std::string_view front) {
  if (has_container_signature(front)) return true;
  const Encoding encoding = encoding_of(header);
  if (encoding == Encoding::none) return false;
  if (header.type.starts_with("message/") || recognises_mail(front)) return true;
  return encoding == Encoding::base64 && !header.type.starts_with("text/") && !is_plain(front);
}

class MailContainer final : public Container, private Reader {
 public:
  MailContainer(Reader& outer, bool mailbox, ContainerBudget& budget)
      : lines_(outer), mailbox_(mailbox), budget_(budget) {}

  std::string_view format() const override { return "mail"; }

  std::optional<Member> next() override {
    while (!budget_.spent()) {
      const Line* line = lines_.peek();
      if (line == nullptr) return std::nullopt;
      if (is_boundary(*line)) {
        enter_boundary(*line);
        in_header_ = !closed_;
        header_.clear();
      } else if (in_header_) {
        if (begin_body(*line) && starts_member()) {
          if (auto limit = budget_.take_member()) {
            limit->path = name_;
            told_.push_back(std::move(*limit));
            return std::nullopt;
          }
          return Member{name_, this};
        }
        continue;
      }
      take(*line);
    }
    return std::nullopt;
  }

  std::vector<Diagnostic> take_diagnostics() override { return std::exchange(told_, {}); }

 private:
  // Whether a part ends before the line.
  bool is_boundary(const Line& line) {
    if (!line.begins) return false;
    if (mailbox_ && after_empty_ && line.text.starts_with("From ")) return true;
    return line.text.starts_with("--") && boundary_at(line.text) < boundaries_.size();
  }

  // Which of the boundaries the line is, the innermost first; their number if none.
  size_t boundary_at(std::string_view line) {
    line.remove_prefix(2);
    line = line.substr(0, line.find_last_not_of(" \t\r\n") + 1);
    for (size_t i = boundaries_.size(); i-- > 0;) {
      if (!line.starts_with(boundaries_[i])) continue;
      const std::string_view rest = line.substr(boundaries_[i].size());
      closed_ = rest == "--";
      if (rest.empty() || closed_) return i;
    }
    return boundaries_.size();
  }

  void enter_boundary(const Line& line) {
    if (line.text.starts_with("From ")) {
      boundaries_.clear();
      closed_ = false;
      return;
    }
    const size_t found = boundary_at(line.text);
    boundaries_.resize(closed_ ? found : found + 1);
  }

  void take(const Line& line) {
    after_empty_ = is_empty(line);
    lines_.take();
  }

  // Takes a line of a header. True if the body begins behind it.
  bool begin_body(const Line& line) {
    const bool end = is_empty(line);
    if (!end && header_.size() + line.text.size() <= kMostHeader) {
      header_ += line.text;
    } else if (!end && !std::exchange(told_long_, true)) {
      told_.push_back({Diagnostic::Kind::limit, "",
                       "a header in it is longer than 256 KiB, and its part may not be decoded",
                       ""});
    }
    take(line);
    if (!end) return false;
    in_header_ = false;
    return true;
  }

  // Looks at what the header says of the body, and at its front.
  bool starts_member() {
    const PartHeader header = read_part_header(header_);
    header_.clear();
    ++part_;
    name_ = header.file.empty() ? fmt::format("part-{}", part_) : header.file;
    if (header.type == "multipart/encrypted" || header.smime_type == "enveloped-data") {
      told_.push_back({Diagnostic::Kind::unreadable, name_, "it is encrypted",
                       "Decrypt it and scan it again."});
    }
    if (header.type.starts_with("multipart/")) {
      push_boundary(header.boundary);
      return false;
    }
    if (header.type.starts_with("message/") && encoding_of(header) == Encoding::none) {
      in_header_ = true;  // a mail within; other messages have lines of fields as well
      return false;
    }
    encoding_ = encoding_of(header);
    base64_ = {};
    decoded_.clear();
    given_ = 0;
    failure_.reset();
    while (decoded_.size() < kFront && decode_line()) {
    }
    return is_member(header, decoded_);
  }

  void push_boundary(const std::string& boundary) {
    if (boundary.empty() || boundary.size() > kMostBoundary) return;
    if (boundaries_.size() < kMostNested) {
      boundaries_.push_back(boundary);
    } else if (!std::exchange(told_deep_, true)) {
      told_.push_back({Diagnostic::Kind::limit, name_,
                       fmt::format("its parts are nested more than {} deep", kMostNested), ""});
    }
  }

  // Appends what the part's next line holds. False at the part's end.
  bool decode_line() {
    const Line* line = lines_.peek();
    if (line == nullptr || is_boundary(*line)) return false;
    switch (encoding_) {
      case Encoding::none:
        decoded_ += line->text;
        break;
      case Encoding::base64:
        base64_.add(line->text, decoded_);
        break;
      case Encoding::quoted:
        append_mail_quoted(line->text, decoded_);
        break;
    }
    take(*line);
    return true;
  }

  // The member's bytes.
  Result read(std::span<char> out, int) override {
    if (failure_) return {Status::failed};
    if (given_ == decoded_.size()) {
      decoded_.clear();
      given_ = 0;
      while (decoded_.size() < out.size() && decoded_.size() < kMostLine && decode_line()) {
      }
      if (decoded_.empty()) return {Status::end};
    }
    const size_t count = std::min(out.size(), decoded_.size() - given_);
    if (auto limit = budget_.take_bytes(count)) {
      limit->path = name_;
      failure_ = std::move(limit);
      return {Status::failed};
    }
    std::memcpy(out.data(), decoded_.data() + given_, count);
    given_ += count;
    return {Status::data, count};
  }
  std::optional<Diagnostic> failure() override { return failure_; }

  Lines lines_;
  const bool mailbox_;
  ContainerBudget& budget_;
  std::vector<std::string> boundaries_;  // outermost first
  bool closed_ = false;                  // by the boundary that boundary_at found last
  bool in_header_ = true;
  bool after_empty_ = true;
  std::string header_;
  uint64_t part_ = 0;
  bool told_long_ = false, told_deep_ = false;
  std::vector<Diagnostic> told_;
  // Of the member that was given last.
  std::string name_;
  Encoding encoding_ = Encoding::none;
  MailBase64 base64_;
  std::string decoded_;
  size_t given_ = 0;
  std::optional<Diagnostic> failure_;
};

bool recognises(std::string_view head, std::string_view) { return recognises_mail(head); }

std::unique_ptr<Container> open(Reader& outer, std::string_view head, std::string_view,
                                ContainerBudget& budget) {
  return std::make_unique<MailContainer>(outer, begins_mailbox(head), budget);
}

}  // namespace

const ContainerFormat kMail = {recognises, open};

}  // namespace assay
