// The header of a mail, or of a part of one.
#pragma once

#include <string>
#include <string_view>

namespace assay {

// What the header says of the body behind it. Names of types and encodings in small letters.
struct PartHeader {
  std::string type = "text/plain";
  std::string boundary;
  std::string encoding;    // "base64"; empty if none is named
  std::string smime_type;  // "enveloped-data"
  std::string file;        // decoded, at most 255 bytes, no control characters; may be empty
};

// `lines`: the header's lines with their ends, also folded ones.
PartHeader read_part_header(std::string_view lines);

// A parameter of a field's value, `multipart/mixed; boundary="x"`, also where it is split or
// escaped by RFC 2231: `filename*0*=utf-8''a%20; filename*1=b`.
std::string mail_parameter(std::string_view value, std::string_view name);

// Base64 in pieces; what is no digit is passed over, `=` ends a group.
class MailBase64 {
 public:
  void add(std::string_view text, std::string& out);

 private:
  unsigned held_ = 0, bits_ = 0;
};

// Quoted-printable of one line or a piece of it; escapes that the piece cuts stay as they are.
void append_mail_quoted(std::string_view line, std::string& out);

bool equal_mail_names(std::string_view a, std::string_view b);  // small and capital letters alike

}  // namespace assay
