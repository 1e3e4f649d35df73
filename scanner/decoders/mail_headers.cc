// Content-Type: application/zip; name="=?utf-8?q?keys.zip?="   →  type application/zip, file
// keys.zip Content-Transfer-Encoding: BASE64                            →  encoding base64
#include "scanner/decoders/mail_headers.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "scanner/records/mail_header.h"

namespace assay {
namespace {

constexpr size_t kMostName = 255;
constexpr std::string_view kBlanks = " \t\r\n";

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

std::string small(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return small(c); });
  return out;
}

std::string_view trim(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = small(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

// `%41` or `=41`, by `mark`.
void append_escaped(std::string_view text, char mark, bool blank_underscore, std::string& out) {
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == mark && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                         hex_value(text[i + 2]) >= 0;
    if (escaped) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += blank_underscore && text[i] == '_' ? ' ' : text[i];
    }
  }
}

// Takes `name=value` off the front of `rest`, the value without its quotes.
bool take_parameter(std::string_view& rest, std::string_view& name, std::string& value) {
  const size_t equals = rest.find_first_of("=;");
  if (equals == std::string_view::npos) return false;
  name = trim(rest.substr(0, equals));
  value.clear();
  if (rest[equals] == ';') {
    rest.remove_prefix(equals + 1);
    return true;
  }
  rest.remove_prefix(equals + 1);
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  if (!rest.starts_with('"')) {
    const size_t end = std::min(rest.find(';'), rest.size());
    value = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return true;
  }
  size_t at = 1;
  for (; at < rest.size() && rest[at] != '"'; ++at) {
    if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
    value += rest[at];
  }
  rest.remove_prefix(std::min(rest.find(';', at), rest.size()));
  if (!rest.empty()) rest.remove_prefix(1);
  return true;
}

std::string file_name(std::string name) {
  std::erase_if(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  name.resize(std::min(name.size(), kMostName));
  return name;
}

void read_field(std::string_view field, PartHeader& header) {
  const size_t colon = field.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = trim(field.substr(0, colon));
  const std::string_view value = field.substr(colon + 1);
  const std::string_view first = trim(value.substr(0, value.find_first_of(";(")));
  if (equal_mail_names(name, "Content-Type")) {
    header.type = small(first);
    header.boundary = mail_parameter(value, "boundary");
    header.smime_type = small(mail_parameter(value, "smime-type"));
    if (header.file.empty()) header.file = file_name(mail_parameter(value, "name"));
  } else if (equal_mail_names(name, "Content-Transfer-Encoding")) {
    header.encoding = small(first);
  } else if (equal_mail_names(name, "Content-Disposition")) {
    std::string file = file_name(mail_parameter(value, "filename"));
    if (!file.empty()) header.file = std::move(file);
  }
}

}  // namespace

bool equal_mail_names(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return small(x) == small(y); });
}

PartHeader read_part_header(std::string_view lines) {
  PartHeader header;
  while (!lines.empty()) {
    // A field goes on in lines that begin with a blank.
    size_t end = lines.find('\n');
    while (end != std::string_view::npos && end + 1 < lines.size() &&
           (lines[end + 1] == ' ' || lines[end + 1] == '\t')) {
      end = lines.find('\n', end + 1);
    }
    end = end == std::string_view::npos ? lines.size() : end + 1;
    // Only these three matter.
    if (equal_mail_names(lines.substr(0, 8), "Content-")) read_field(lines.substr(0, end), header);
    lines.remove_prefix(end);
  }
  return header;
}

std::string mail_parameter(std::string_view value, std::string_view wanted) {
  std::string plain, split, text;
  std::string_view rest = value.substr(std::min(value.find(';'), value.size()));
  if (!rest.empty()) rest.remove_prefix(1);
  std::string_view name;
  while (take_parameter(rest, name, text)) {
    if (!equal_mail_names(name.substr(0, wanted.size()), wanted)) continue;
    const std::string_view suffix = name.substr(wanted.size());
    if (suffix.empty()) {
      if (plain.empty()) plain = decode_mail_words(text);
    } else if (suffix[0] == '*') {
      // Parts stand in order; only escaped ones end in `*`, and the first names a character set.
      const bool escaped = suffix.back() == '*';
      std::string_view part = text;
      if (escaped && split.empty()) {
        const size_t quote = part.find('\'');
        const size_t second = quote == std::string_view::npos ? quote : part.find('\'', quote + 1);
        if (second != std::string_view::npos) part.remove_prefix(second + 1);
      }
      if (escaped) {
        append_escaped(part, '%', false, split);
      } else {
        split += part;
      }
    }
  }
  return split.empty() ? plain : split;
}

void MailBase64::add(std::string_view text, std::string& out) {
  static constexpr auto kValues = [] {
    std::array<int8_t, 256> values{};
    values.fill(-1);
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < kDigits.size(); ++i) {
      values[static_cast<unsigned char>(kDigits[i])] = static_cast<int8_t>(i);
    }
    return values;
  }();
  for (const char c : text) {
    const int value = kValues[static_cast<unsigned char>(c)];
    if (c == '=') bits_ = 0;
    if (value < 0) continue;
    held_ = held_ << 6 | static_cast<unsigned>(value);
    bits_ += 6;
    if (bits_ < 8) continue;
    bits_ -= 8;
    out += static_cast<char>(held_ >> bits_);
  }
}

void append_mail_quoted(std::string_view line, std::string& out) {
  std::string_view text = line.substr(0, line.find_last_not_of(kBlanks) + 1);
  const bool ends = line.ends_with('\n');
  if (ends && text.ends_with('=')) {
    text.remove_suffix(1);
    append_escaped(text, '=', false, out);
    return;
  }
  append_escaped(ends ? text : line, '=', false, out);
  if (ends) out += line.ends_with("\r\n") ? "\r\n" : "\n";
}

}  // namespace assay
