// Headers of a mail (RFC 5322, 2045, 2047), those that say whose it is and how it is put together.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace assay {

inline constexpr size_t kMostMailHeader = size_t{16} << 10;  // of one field, unfolded

// Collects the fields of one header, line by line. Only the known fields are kept, of each the
// first.
class MailHeader {
 public:
  // A line without its line break. False if it can be no line of a header.
  bool add(std::string_view line);
  // The field's unfolded value, not decoded; empty if it is not there. `name` is in lower case.
  std::string_view value(std::string_view name) const;

  static constexpr std::array<std::string_view, 10> kKnown = {
      "from",           "sender",  "date",       "received",     "list-id",
      "x-gmail-labels", "subject", "message-id", "content-type", "content-transfer-encoding"};

 private:
  std::array<std::string, kKnown.size() + 1> values_;
  size_t open_ = kKnown.size();  // the field that a folded line goes on with; the last: none known
  bool any_ = false;
};

// Whether a line begins with a field's name and a colon.
bool is_mail_field(std::string_view line);

// `=?utf-8?b?…?=` and `=?…?q?…?=` undone, to UTF-8. Words of a character set other than UTF-8,
// ASCII, Latin-1 and Windows-1252 stay as they are; bytes outside of words that are no UTF-8 are
// read as Windows-1252.
std::string decode_mail_words(std::string_view text);

// The first mailbox of a From field: `Dana <dana@x>`, or the address alone.
std::string mailbox(std::string_view from);

// Of Content-Type, in lower case. Parameters: mail_parameter of decoders/mail_headers.h.
std::string mail_type(std::string_view content_type);

}  // namespace assay
