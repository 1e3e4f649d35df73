// Fields of headers and what is written in them. Own, because a library would want the whole mail
// in memory and gives no offsets; of what MIME allows only that is read which names the record.
#include "scanner/records/mail_header.h"

#include <algorithm>
#include <optional>

#include "scanner/records/export_text.h"

namespace assay {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decode_q(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '=' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '_' ? ' ' : text[i];
    }
  }
  return out;
}

std::string decode_b(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) continue;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    if ((count += 6) < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFF);
  }
  return out;
}

struct Word {
  std::string text;
  size_t length = 0;  // of its encoded form
};

// The encoded word at the start of `text`.
std::optional<Word> read_word(std::string_view text) {
  if (!text.starts_with("=?")) return std::nullopt;
  const size_t charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end > 64) return std::nullopt;
  if (charset_end + 3 > text.size() || text[charset_end + 2] != '?') return std::nullopt;
  const size_t end = text.find("?=", charset_end + 3);
  if (end == std::string_view::npos || end > 1000) return std::nullopt;
  std::string charset = lower_case(text.substr(2, charset_end - 2));
  charset.resize(std::min(charset.find('*'), charset.size()));  // a language behind it, RFC 2231
  const std::string_view coded = text.substr(charset_end + 3, end - charset_end - 3);
  const char how = text[charset_end + 1];
  std::string bytes;
  if (how == 'b' || how == 'B') {
    bytes = decode_b(coded);
  } else if (how == 'q' || how == 'Q') {
    bytes = decode_q(coded);
  } else {
    return std::nullopt;
  }
  if (charset == "utf-8" || charset == "utf8" || charset == "us-ascii") {
    bytes = utf8_or_1252(bytes);
  } else if (charset == "iso-8859-1" || charset == "windows-1252" || charset == "cp1252") {
    bytes = from_windows_1252(bytes);
  } else {
    return std::nullopt;
  }
  return Word{std::move(bytes), end + 2};
}

// The end of a quoted string that begins at `text[at]`, behind its quote.
size_t quoted_end(std::string_view text, size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.size();
}

std::string without_quotes(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') continue;
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

// Where `wanted` stands outside of quotes, from `at` on.
size_t find_unquoted(std::string_view text, char wanted, size_t at = 0) {
  while (at < text.size()) {
    if (text[at] == wanted) return at;
    at = text[at] == '"' ? quoted_end(text, at) : at + 1;
  }
  return std::string_view::npos;
}

}  // namespace

bool is_mail_field(std::string_view line) {
  const size_t colon = line.substr(0, 128).find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) { return c > ' ' && c < 0x7F; });
}

bool MailHeader::add(std::string_view line) {
  if (!line.empty() && (line[0] == ' ' || line[0] == '\t')) {
    if (!any_) return false;
    std::string& into = values_[open_];
    if (open_ < kKnown.size() && into.size() + line.size() < kMostMailHeader) into += line;
    return true;
  }
  if (!is_mail_field(line)) return false;
  any_ = true;
  const size_t colon = line.find(':');
  const std::string name = lower_case(line.substr(0, colon));
  const auto known = std::find(kKnown.begin(), kKnown.end(), name);
  open_ = static_cast<size_t>(known - kKnown.begin());
  if (open_ < kKnown.size() && !values_[open_].empty()) open_ = kKnown.size();
  if (open_ < kKnown.size()) values_[open_] = line.substr(colon + 1).substr(0, kMostMailHeader);
  return true;
}

std::string_view MailHeader::value(std::string_view name) const {
  const auto known = std::find(kKnown.begin(), kKnown.end(), name);
  return without_spaces(values_[static_cast<size_t>(known - kKnown.begin())]);
}

std::string decode_mail_words(std::string_view text) {
  std::string out, raw;
  bool after_word = false;
  const auto put_raw = [&] {
    out += utf8_or_1252(raw);
    raw.clear();
  };
  for (size_t at = 0; at < text.size();) {
    if (const std::optional<Word> word = read_word(text.substr(at))) {
      if (!after_word || !without_spaces(raw).empty()) put_raw();  // space between words is none
      raw.clear();
      out += word->text;
      at += word->length;
      after_word = true;
    } else {
      raw += text[at++];
    }
  }
  put_raw();
  return out;
}

std::string mailbox(std::string_view from) {
  const size_t open = find_unquoted(from, '<');
  std::string name;
  std::string_view address;
  if (open != std::string_view::npos) {
    const size_t close = std::min(from.find('>', open), from.size());
    address = without_spaces(from.substr(open + 1, close - open - 1));
    name = decode_mail_words(without_quotes(without_spaces(from.substr(0, open))));
  } else {
    const std::string_view first = from.substr(0, std::min(find_unquoted(from, ','), from.size()));
    const size_t comment = std::min(find_unquoted(first, '('), first.size());
    address = without_spaces(first.substr(0, comment));
    if (comment < first.size()) {
      const size_t close = std::min(first.find(')', comment), first.size());
      name = decode_mail_words(without_spaces(first.substr(comment + 1, close - comment - 1)));
    }
  }
  const std::string where = utf8_or_1252(address);
  const std::string_view who = without_spaces(name);
  if (who.empty() || who == where) return where;
  return where.empty() ? std::string(who) : std::string(who) + " <" + where + ">";
}

std::string mail_type(std::string_view content_type) {
  return lower_case(without_spaces(content_type.substr(0, content_type.find(';'))));
}

}  // namespace assay
