// Mails, one by one (eml) or many in a file (mbox). The file is read once, line by line, with a
// stack of the boundaries that are open:
//
//   From dana@x Sun Nov  2 08:00:00 2025        an mbox: a new message
//   From: Dana <dana@x>                         its header
//   Content-Type: multipart/mixed; boundary=a
//
//   --a                                         a part, with a header of its own
//   Content-Type: message/rfc822
//
//   From: Milo <milo@x>                         a message in it: now this is the record
//
//   ?code=3DKEY
//   --a--                                       back in the outer one
//
// Bodies are not decoded: the key was found already, only where it stands matters. A message that
// is encoded as a whole (base64) therefore counts as the one that holds it.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "scanner/decoders/mail_headers.h"
#include "scanner/records/export_text.h"
#include "scanner/records/mail_header.h"
#include "scanner/records/text_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr size_t kMostNested = 32;
constexpr size_t kMostLine = kMostMailHeader;

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// `From ADDR DATE`: with a time of day and a year.
bool is_envelope(std::string_view line) {
  if (!line.starts_with("From ") || line.size() > 1000) return false;
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon < 2 || colon + 2 >= line.size()) return false;
  const auto digit = [&](size_t at) { return line[at] >= '0' && line[at] <= '9'; };
  if (!digit(colon - 1) || !digit(colon + 1) || !digit(colon + 2)) return false;
  return line.find(" 19") != std::string_view::npos || line.find(" 20") != std::string_view::npos;
}

// What a patch made by git has in place of the address: the commit, at a date that never changes.
bool is_patch(std::string_view line) {
  return line.find(" Mon Sep 17 00:00:00 2001") != std::string_view::npos;
}

// The folder that holds the file; that of a Maildir's `cur` or `new`.
std::string folder_of(std::string_view path) {
  for (int level = 0; level < 2; ++level) {
    const std::string_view name = file_name(path);
    if (name.size() == path.size()) return {};
    path.remove_suffix(name.size() + 1);
    const std::string_view folder = file_name(path);
    if (folder != "cur" && folder != "new") {
      return std::string(folder.ends_with('!') ? folder.substr(0, folder.size() - 1) : folder);
    }
  }
  return {};
}

std::string list_name(std::string_view list_id) {
  const size_t open = list_id.rfind('<');
  if (open == std::string_view::npos) return std::string(list_id);
  return std::string(list_id.substr(open + 1, list_id.find('>', open) - open - 1));
}

// Whether a header's part is a message, as it stands.
bool embeds_message(const MailHeader& header) {
  if (mail_type(header.value("content-type")) != "message/rfc822") return false;
  const std::string encoding = lower_case(header.value("content-transfer-encoding"));
  return encoding != "base64" && encoding != "quoted-printable";
}

class Walk {
 public:
  Walk(const Export& in, Offsets offsets) : in_(in), offsets_(offsets), owners_(offsets.size()) {}

  FoundRecords run();

 private:
  struct Message {
    Record record;
    bool header_whole = false;
  };
  using Owner = std::shared_ptr<Message>;
  struct Open {
    std::string boundary;
    Owner owner;
  };

  void line(std::string_view line, uint64_t begin);
  bool envelope(std::string_view line, uint64_t begin);
  bool boundary(std::string_view line, uint64_t begin);
  void header_line(std::string_view line);
  void end_header();
  void open_message(uint64_t begin);
  void change_owner(Owner owner, uint64_t begin);
  void fill(Record& record) const;
  bool settled(uint64_t begin) const;

  const Export& in_;
  Offsets offsets_;
  std::vector<Owner> owners_;  // of the offsets
  size_t next_ = 0;            // the first offset without an owner
  Owner owner_;
  std::vector<Open> open_;
  MailHeader header_;
  bool in_header_ = false;
  bool of_message_ = false;  // the header is a message's, not only a part's
  bool broken_off_ = false;  // the line before ended a message's header, but is no end of it
  bool mbox_ = false;
  bool after_empty_ = true;
  std::optional<uint64_t> envelope_at_;  // of the line before, if it may begin a message
  std::string problem_;
};

void Walk::change_owner(Owner owner, uint64_t begin) {
  for (; next_ < offsets_.size() && offsets_[next_] < begin; ++next_) owners_[next_] = owner_;
  owner_ = std::move(owner);
}

void Walk::open_message(uint64_t begin) {
  change_owner(std::make_shared<Message>(), begin);
  owner_->record.system = "mail";
  header_ = {};
  in_header_ = of_message_ = true;
}

// Sees a line with the one before: only if a header follows, `From …` is no text.
bool Walk::envelope(std::string_view line, uint64_t begin) {
  if (envelope_at_) {
    const uint64_t at = *envelope_at_;
    envelope_at_.reset();
    if (is_mail_field(line)) {
      open_.clear();
      open_message(at);
    }
  }
  if (!mbox_ || !after_empty_ || !is_envelope(line)) return false;
  envelope_at_ = begin;
  return true;
}

bool Walk::boundary(std::string_view line, uint64_t begin) {
  if (!line.starts_with("--") || open_.empty()) return false;
  const std::string_view name = line.substr(2, line.find_last_not_of(" \t") - 1);
  for (size_t i = open_.size(); i-- > 0;) {
    const std::string& known = open_[i].boundary;
    const bool closes = name.size() == known.size() + 2 && name.ends_with("--");
    if (!name.starts_with(known) || (!closes && name.size() != known.size())) continue;
    if (in_header_) end_header();  // of a part without a body
    change_owner(open_[i].owner, begin);
    open_.resize(closes ? i : i + 1);
    header_ = {};
    in_header_ = !closes;
    of_message_ = false;
    return true;
  }
  return false;
}

void Walk::header_line(std::string_view line) {
  if (line.empty()) return end_header();
  if (header_.add(line) || line.starts_with(">From ")) return;
  broken_off_ = of_message_;
  end_header();
}

void Walk::end_header() {
  in_header_ = false;
  if (of_message_) {
    fill(owner_->record);
    owner_->header_whole = true;
  }
  const std::string_view content = header_.value("content-type");
  const std::string type = mail_type(content);
  if (type.starts_with("multipart/")) {
    std::string boundary = mail_parameter(content, "boundary");
    if (boundary.empty() || boundary.size() > 200) return;
    if (open_.size() < kMostNested) {
      open_.push_back({std::move(boundary), owner_});
    } else if (problem_.empty()) {
      problem_ = fmt::format("a mail has parts nested deeper than {}", kMostNested);
    }
  }
}

void Walk::fill(Record& record) const {
  record.id = header_.value("message-id");
  const std::string_view from = header_.value("from");
  record.author = mailbox(from.empty() ? header_.value("sender") : from);
  record.time = utc_time(header_.value("date"));
  if (record.time.empty()) {
    const std::string_view received = header_.value("received");
    if (const size_t at = received.rfind(';'); at != std::string_view::npos) {
      record.time = utc_time(received.substr(at + 1));
    }
  }
  if (mbox_) {
    record.container = file_stem(in_.path);
  } else if (const std::string_view labels = header_.value("x-gmail-labels"); !labels.empty()) {
    record.container = decode_mail_words(labels);
  } else if (const std::string_view list = header_.value("list-id"); !list.empty()) {
    record.container = list_name(list);
  } else {
    record.container = folder_of(in_.path);
  }
}

void Walk::line(std::string_view line, uint64_t begin) {
  broken_off_ = false;
  if (!envelope(line, begin) && !boundary(line, begin)) {
    if (in_header_) {
      header_line(line);
      // The header of an embedded message follows that of its part.
      if (!in_header_ && line.empty() && embeds_message(header_)) open_message(begin + 1);
    }
  }
  after_empty_ = line.empty();
}

bool Walk::settled(uint64_t begin) const {
  return offsets_.back() < begin && !(in_header_ && of_message_) && !envelope_at_;
}

FoundRecords Walk::run() {
  FoundRecords found;
  found.records.resize(offsets_.size());
  if (offsets_.empty()) return found;
  mbox_ = is_envelope(without_return(in_.head.substr(0, in_.head.find('\n'))));
  if (!mbox_) open_message(0);
  LineReader lines(in_);
  std::string_view text;
  uint64_t begin = 0, length = 0;
  bool ended = true;
  while (lines.next(text, begin, length, kMostLine)) {
    if (settled(begin)) {
      ended = false;
      break;
    }
    line(without_return(text), begin);
  }
  const bool in_header = in_header_ && of_message_;
  const bool cut = ended && (in_header || broken_off_);
  if (in_header) end_header();
  const Owner last = owner_;
  change_owner(nullptr, UINT64_MAX);
  for (size_t i = 0; i < owners_.size(); ++i) {
    if (owners_[i]) found.records[i] = owners_[i]->record;
    if (cut && owners_[i] == last && problem_.empty()) {
      problem_ = fmt::format("the mail ends within its header at byte {}", lines.at());
    }
  }
  found.problem = problem_;
  return found;
}

// The header at the start of `head`, as far as it goes, counted by what it has.
struct Opening {
  bool from = false, date = false, id = false, received = false;
  size_t usual = 0;  // fields that most mails have
  bool snapshot = false, ends_well = false;
};

Opening read_opening(std::string_view head) {
  constexpr std::string_view kUsual[] = {
      "to:",           "subject:",    "mime-version:", "return-path:", "date:", "delivered-to:",
      "content-type:", "message-id:", "received:",     "reply-to:",    "from:"};
  Opening opening;
  bool first = true;
  for (size_t at = 0; at < head.size();) {
    const size_t end = std::min(head.find('\n', at), head.size());
    const std::string_view line = without_return(head.substr(at, end - at));
    const bool folded = !first && (line.starts_with(' ') || line.starts_with('\t'));
    at = end + 1;
    opening.ends_well = line.empty() || at >= head.size();
    if (line.empty()) break;
    if (!folded && !line.starts_with(">From ") && !is_mail_field(line)) break;
    first = false;
    for (const std::string_view name : kUsual) opening.usual += starts_with_nocase(line, name);
    opening.from |= starts_with_nocase(line, "from:");
    opening.date |= starts_with_nocase(line, "date:");
    opening.id |= starts_with_nocase(line, "message-id:");
    opening.received |= starts_with_nocase(line, "received:");
    opening.snapshot |= starts_with_nocase(line, "snapshot-content-location:");
  }
  return opening;
}

}  // namespace

bool is_mail(const Export& in) {
  std::string_view head = in.head;
  const std::string_view first = without_return(head.substr(0, head.find('\n')));
  const bool mbox = is_envelope(first);
  if (mbox) head.remove_prefix(std::min(head.size(), head.find('\n') + 1));
  const Opening opening = read_opening(head);
  if (!opening.from || opening.snapshot) return false;
  if (mbox) return is_patch(first) ? opening.id : opening.ends_well;
  if (!opening.ends_well) return false;
  const bool named = has_suffix(in.path, ".eml") || has_suffix(in.path, ".mbox");
  if (named) return opening.usual >= 2;
  return opening.usual >= 4 && opening.date && (opening.id || opening.received);
}

FoundRecords find_in_mail(const Export& in, Offsets offsets) { return Walk(in, offsets).run(); }

}  // namespace assay
