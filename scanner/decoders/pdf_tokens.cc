// Reads PDF's syntax: `12 0 obj << /Length 5 /Filter [/FlateDecode] >> stream … endstream endobj`.
#include "scanner/decoders/pdf_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace assay {
namespace {

using Kind = PdfToken::Kind;

// A longer dictionary is not read.
constexpr size_t kMostDictionary = size_t{256} << 10;
constexpr size_t kReadAtOnce = size_t{512} << 10;
constexpr size_t kSearchAtOnce = size_t{128} << 10;
constexpr size_t kMostKept = size_t{64} << 10;  // of an object's text
constexpr uint64_t kMostTold = 20;
constexpr uint64_t kMostAgain = 4;  // times the file's size

constexpr std::string_view kBlanks("\0\t\n\f\r ", 6);

// Bytes that end a word.
constexpr std::array<bool, 256> kEndsWord = [] {
  std::array<bool, 256> ends{};
  for (const char c : kBlanks) ends[static_cast<unsigned char>(c)] = true;
  for (const char c : std::string_view("()<>[]{}/%")) ends[static_cast<unsigned char>(c)] = true;
  return ends;
}();

bool is_regular(char c) { return !kEndsWord[static_cast<unsigned char>(c)]; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

void append_literal(std::string_view text, std::string& out) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    if (c >= '0' && c <= '7') {
      unsigned value = 0;
      size_t digits = 0;
      for (; digits < 3 && i < text.size() && text[i] >= '0' && text[i] <= '7'; ++digits, ++i) {
        value = value * 8 + static_cast<unsigned>(text[i] - '0');
      }
      --i;
      out += static_cast<char>(value);
    } else if (c == '\r' || c == '\n') {  // the line goes on
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    } else {
      constexpr std::string_view kFrom = "nrtbf", kTo = "\n\r\t\b\f";
      const size_t known = kFrom.find(c);
      out += known == std::string_view::npos ? c : kTo[known];
    }
  }
}

}  // namespace

bool is_pdf_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v') || c == '\0'; }

double pdf_number(std::string_view raw) {
  double value = 0;
  if (raw.starts_with('+')) raw.remove_prefix(1);
  std::from_chars(raw.data(), raw.data() + raw.size(), value, std::chars_format::fixed);
  return value;
}

std::string pdf_name(std::string_view raw) {
  std::string name;
  for (size_t i = 1; i < raw.size(); ++i) {
    if (raw[i] == '#' && i + 2 < raw.size() && hex_value(raw[i + 1]) >= 0 &&
        hex_value(raw[i + 2]) >= 0) {
      name += static_cast<char>(hex_value(raw[i + 1]) * 16 + hex_value(raw[i + 2]));
      i += 2;
    } else {
      name += raw[i];
    }
  }
  return name;
}

void append_pdf_string(PdfToken token, std::string& out) {
  std::string_view inner = token.raw.substr(1);
  if (inner.ends_with(token.kind == Kind::string ? ')' : '>')) inner.remove_suffix(1);
  if (token.kind == Kind::string) return append_literal(inner, out);
  int high = -1;
  for (const char c : inner) {
    const int digit = hex_value(c);
    if (digit < 0) continue;
    if (high >= 0) out += static_cast<char>(high * 16 + digit);
    high = high >= 0 ? -1 : digit;
  }
  if (high >= 0) out += static_cast<char>(high * 16);
}

PdfToken PdfTokens::token(Kind kind, size_t begin) {
  return {kind, text_.substr(begin, at_ - begin)};
}

// Behind the bracket that closes the string at `begin`, or npos.
size_t PdfTokens::string_end(size_t begin) const {
  size_t depth = 0;
  for (size_t i = begin; i < text_.size(); ++i) {
    if (text_[i] == '\\') {
      ++i;
    } else if (text_[i] == '(') {
      ++depth;
    } else if (text_[i] == ')' && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

PdfToken PdfTokens::next() {
  while (at_ < text_.size() && is_pdf_blank(text_[at_])) ++at_;
  if (at_ == text_.size()) return {};
  const size_t begin = at_;
  const char c = text_[at_++];
  const char behind = at_ < text_.size() ? text_[at_] : '\0';
  if (c == '(' || (c == '<' && behind != '<')) {
    const size_t close = c == '(' ? string_end(begin) : text_.find('>', at_) + 1;
    at_ = close == std::string_view::npos || close == 0 ? text_.size() : close;
    return token(c == '(' ? Kind::string : Kind::hex, begin);
  }
  if (c == '%') {
    at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
    return token(Kind::comment, begin);
  }
  if ((c == '<' || c == '>') && behind == c) {
    ++at_;
    return token(c == '<' ? Kind::open : Kind::close, begin);
  }
  if (c == '[' || c == '{') return token(Kind::open, begin);
  if (c == ']' || c == '}' || c == '>' || c == ')') return token(Kind::close, begin);
  while (at_ < text_.size() && is_regular(text_[at_])) ++at_;
  if (c == '/') return token(Kind::name, begin);
  const bool number = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  return token(number ? Kind::number : Kind::keyword, begin);
}

bool PdfDictionary::read(PdfTokens& tokens) {
  entries_.clear();
  PdfToken token = tokens.next();
  if (token.raw != "<<") return false;
  std::string name;
  bool named = false, empty = true;
  size_t begin = 0, depth = 0;
  const auto finish = [&](size_t end) {
    if (!named) return;
    std::string_view value = tokens.text().substr(begin, end - begin);
    while (!value.empty() && is_pdf_blank(value.front())) value.remove_prefix(1);
    entries_.emplace_back(std::move(name), value);
  };
  for (;;) {
    const size_t before = tokens.at();
    token = tokens.next();
    if (token.kind == Kind::end) return false;
    if (token.kind == Kind::comment) continue;
    // A value ends where the next name on its level begins; a name may be a value itself.
    if (depth == 0 && token.kind == Kind::name && (!named || !empty)) {
      finish(before);
      name = pdf_name(token.raw);
      begin = tokens.at();
      named = empty = true;
      continue;
    }
    // What never stands in a dictionary: this one was not closed.
    if (token.kind == Kind::keyword && (token.raw == "endobj" || token.raw == "stream")) {
      return false;
    }
    empty = false;
    if (token.kind == Kind::open) ++depth;
    if (token.kind == Kind::close && depth-- == 0) {
      finish(before);
      return true;
    }
  }
}

std::string_view PdfDictionary::find(std::string_view name) const {
  for (const auto& [key, value] : entries_) {
    if (key == name) return value;
  }
  return {};
}

std::optional<uint32_t> pdf_reference(std::string_view value) {
  PdfTokens tokens(value);
  const PdfToken number = tokens.next();
  if (number.kind != Kind::number || tokens.next().kind != Kind::number) return std::nullopt;
  if (tokens.next().raw != "R") return std::nullopt;
  uint32_t result = 0;
  std::from_chars(number.raw.data(), number.raw.data() + number.raw.size(), result);
  return result;
}

// Where the needle stands first at or behind `from`; the size if nowhere.
uint64_t PdfWalk::find(Search& search, uint64_t from) {
  if (search.found >= from && search.known) return search.found;
  uint64_t at = std::max(from, search.found);
  search.known = true;
  while (at < bytes_.size()) {
    const std::string_view view = bytes_.view(at, kSearchAtOnce, kReadAtOnce);
    const size_t found = view.find(search.needle);
    if (found != std::string_view::npos) return search.found = at + found;
    if (view.size() < kSearchAtOnce) break;
    at += view.size() - (search.needle.size() - 1);
  }
  return search.found = bytes_.size();
}

bool PdfWalk::next(PdfObject& object) {
  while (at_ < bytes_.size()) {
    const uint64_t obj = find(obj_, at_), trailer = find(trailer_, at_);
    const uint64_t found = std::min(obj, trailer);
    if (found == bytes_.size()) break;
    if (trailer < obj) {
      at_ = trailer + trailer_.needle.size();
      read_trailer(at_);
      continue;
    }
    at_ = obj + obj_.needle.size();
    if (!read_number(obj, object.number)) continue;
    read(at_, object);
    return true;
  }
  at_ = bytes_.size();
  return false;
}

// `12 0 ` before `obj`.
bool PdfWalk::read_number(uint64_t obj_at, uint32_t& number) {
  const size_t count = static_cast<size_t>(std::min<uint64_t>(obj_at, 32));
  std::string_view before = bytes_.view(obj_at - count, count, kReadAtOnce);
  const auto drop_blanks = [&] {
    const size_t size = before.size();
    while (!before.empty() && is_pdf_blank(before.back())) before.remove_suffix(1);
    return size > before.size();
  };
  const auto drop_digits = [&] {
    const size_t size = before.size();
    while (!before.empty() && before.back() >= '0' && before.back() <= '9') before.remove_suffix(1);
    return size > before.size();
  };
  drop_blanks();
  if (!drop_digits() || !drop_blanks()) return false;
  const std::string_view with = before;
  if (!drop_digits()) return false;
  const char* begin = before.data() + before.size();
  return std::from_chars(begin, with.data() + with.size(), number).ec == std::errc();
}

void PdfWalk::read(uint64_t at, PdfObject& object) {
  object.at = at;
  object.stream = false;
  const std::string_view text = bytes_.view(at, kMostDictionary, kReadAtOnce);
  PdfTokens tokens(text);
  if (!object.dictionary.read(tokens)) {
    object.text = text.substr(0, kMostKept);
    if (!text.substr(std::min(text.find_first_not_of(kBlanks), text.size())).starts_with("<<")) {
      return;
    }
    // Objects that stand within what was taken for a dictionary may be real: they are looked at,
    // as long as that is not most of the work.
    tell(object.number, "its dictionary is damaged or too long");
    again_ += tokens.at();
    if (again_ > kMostAgain * bytes_.size()) at_ = at + tokens.at();
    return;
  }
  object.text = text.substr(0, std::min(tokens.at(), kMostKept));
  at_ = at + tokens.at();
  encrypted_ |=
      object.dictionary.find("Type") == "/XRef" && !object.dictionary.find("Encrypt").empty();
  if (tokens.next().raw == "stream") object.stream = read_stream(at + tokens.at(), object);
}

// Sets where the stream's bytes begin and end: after /Length bytes if `endstream` stands there,
// else where it, or the object, ends first.
bool PdfWalk::read_stream(uint64_t at, PdfObject& object) {
  const std::string_view line = bytes_.view(at, 2, kReadAtOnce);
  at += line.starts_with("\r\n") ? 2 : line.starts_with('\n') || line.starts_with('\r') ? 1 : 0;
  object.begin = at;
  const std::string_view length = object.dictionary.find("Length");
  const double said = pdf_reference(length) ? -1 : pdf_number(length);
  if (said >= 0 && said <= static_cast<double>(bytes_.size() - at)) {
    object.end = at + static_cast<uint64_t>(said);
    std::string_view behind = bytes_.view(object.end, 32, kReadAtOnce);
    behind.remove_prefix(std::min(behind.find_first_not_of(kBlanks), behind.size()));
    if (behind.starts_with(endstream_.needle)) {
      at_ = object.end;
      return true;
    }
  }
  object.end = at_ = std::min(find(endstream_, at), find(endobj_, at));
  if (object.end == bytes_.size()) tell(object.number, "the end of its stream is missing");
  return true;
}

void PdfWalk::read_trailer(uint64_t at) {
  PdfDictionary dictionary;
  PdfTokens tokens(bytes_.view(at, size_t{64} << 10, kReadAtOnce));
  if (again_ > kMostAgain * bytes_.size()) return;
  if (dictionary.read(tokens) && !dictionary.find("Encrypt").empty()) encrypted_ = true;
  again_ += tokens.at();
}

void PdfWalk::tell(uint32_t number, std::string_view what) {
  if (++told_count_ > kMostTold) return;
  told_.push_back({Diagnostic::Kind::unreadable, fmt::format("object-{}", number),
                   told_count_ < kMostTold ? std::string(what)
                                           : fmt::format("{}; what is wrong with further objects "
                                                         "is not told",
                                                         what),
                   ""});
}

}  // namespace assay
