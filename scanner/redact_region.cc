// A key's characters become the token where they stand in one piece, and vanish from the others:
//
//   region   dddd",⏎  "ddAzFudddddd\u003d=
//   pieces   ----      ------------------      what follows the last character is padding
//   written  AZF1002:…",⏎  "
//
// Where the characters are not found (redact_target.h), every character goes that a key, its base64
// or an escape can be made of; quotes, commas, line breaks and tags stay.
#include "scanner/redact_region.h"

#include <fmt/format.h>

#include <algorithm>

#include "scanner/decoders/hex_digit.h"
#include "scanner/redact_target.h"
#include "scanner/runs.h"

namespace assay {

namespace {

Wide width_of(const Finding& finding) {
  if (finding.encoding.empty()) return {};
  const std::string_view name = finding.encoding.front();
  if (!name.starts_with("utf-")) return {};
  return {name.starts_with("utf-16") ? size_t{2} : size_t{4}, name.ends_with("le")};
}

// [from, to) of `text` as characters; what is none of ASCII becomes one that no key holds.
Characters read_characters(std::string_view text, size_t from, size_t to, Wide wide) {
  Characters out;
  for (size_t at = from; at < to; at += wide.bytes) {
    const std::string_view unit = text.substr(at, std::min(wide.bytes, to - at));
    char c = wide.little ? unit.front() : unit.back();
    if (std::count(unit.begin(), unit.end(), '\0') + 1 != static_cast<ptrdiff_t>(unit.size())) {
      if (wide.bytes > 1) c = '\x80';
    }
    out.text += c;
    out.begin.push_back(static_cast<uint32_t>(at));
    out.end.push_back(static_cast<uint32_t>(at + unit.size()));
  }
  return out;
}

// Takes bytes of the text out, ascending; those that touch are one piece.
class Pieces {
 public:
  void take(Span bytes) {
    if (!pieces_.empty() && bytes.begin <= pieces_.back().end) {
      pieces_.back().end = std::max(pieces_.back().end, bytes.end);
    } else {
      pieces_.push_back(bytes);
    }
  }
  const std::vector<Span>& all() const { return pieces_; }

 private:
  std::vector<Span> pieces_;
};

size_t hex_digits_at(std::string_view text, size_t at) {
  size_t count = 0;
  while (at + count < text.size() && count < 4 && hex_value(text[at + count]) >= 0) ++count;
  return count;
}

// An escape, a tag or a control sequence of a terminal that begins at text[at]: its end, and
// whether it is to stay, since the text's form may hang on it.
size_t escape_end(std::string_view text, size_t at, bool& stays) {
  stays = false;
  const auto within = [&](char last, size_t most) {
    const size_t end = text.substr(0, std::min(text.size(), at + most)).find(last, at);
    return end == std::string_view::npos ? at : end + 1;
  };
  switch (text[at]) {
    case '%':
      return at + 1 + std::min<size_t>(hex_digits_at(text, at + 1), 2);
    case '\\': {
      const size_t mark = std::min(text.find_first_not_of('\\', at), text.size());
      if (mark == text.size()) return mark;
      stays = text[mark] == '"' || text[mark] == '\'' || text[mark] == '\n' || text[mark] == '\r' ||
              text[mark] == 'n' || text[mark] == 'r' || text[mark] == 't';
      if (text[mark] == 'u') return mark + 1 + hex_digits_at(text, mark + 1);
      return mark + 1;
    }
    case '&': {
      const size_t end = within(';', 12);
      const std::string_view name = text.substr(at, end - at);
      for (const std::string_view kept : {"&quot;", "&apos;", "&lt;", "&gt;", "&#34;", "&#39;"}) {
        stays = stays || name == kept;
      }
      return end;
    }
    case '<':
      stays = true;
      return within('>', 256);
    case '\x1b':
      stays = true;
      return within('m', 32);
    default:
      return at;
  }
}

// All of [from, to) of what a key, its base64 or an escape is made of.
void take_all(const Characters& chars, size_t from, size_t to, Pieces& pieces) {
  const std::string_view text = std::string_view(chars.text).substr(0, to);
  for (size_t at = from; at < to;) {
    bool stays = false;
    const size_t end = escape_end(text, at, stays);
    if (end > at) {
      if (!stays) pieces.take(chars.bytes(at, end));
      at = end;
      continue;
    }
    if (is_key_character(text[at]) || text[at] == '=') pieces.take(chars.bytes(at, at + 1));
    ++at;
  }
}

// The pieces of a key whose characters are `found`: with what is before the first and behind the
// last, digits that hold a bit of the key, and padding.
void take_found(const std::vector<Span>& found, const Characters& plain, Pieces& pieces) {
  size_t head = 0, tail = 0;
  while (head < plain.text.size() && plain.begin[head] < found.front().begin) ++head;
  while (tail < plain.text.size() && plain.begin[tail] < found.back().end) ++tail;
  take_all(plain, 0, head, pieces);
  for (const Span bytes : found) pieces.take(bytes);
  take_all(plain, tail, plain.text.size(), pieces);
}

// A list of bytes: where each number stands.
std::vector<Span> numbers_of(std::string_view text, bool decimal) {
  std::vector<Span> numbers;
  bool parted = true;
  for (size_t at = 0; at < text.size();) {
    if (text.substr(at, 2) == "0x" || text.substr(at, 2) == "\\x") {
      at += 2;
      parted = true;
      continue;
    }
    if (std::string_view(" \t\r\n,:;-").find(text[at]) != std::string_view::npos) {
      ++at;
      parted = true;
      continue;
    }
    size_t end = at;
    const auto digit = [&](char c) { return decimal ? c >= '0' && c <= '9' : hex_value(c) >= 0; };
    while (end < text.size() && end - at < 4 && digit(text[end])) ++end;
    if (!parted || end == at || (decimal ? end - at > 3 : end - at != 2)) return {};
    numbers.push_back({at, end});
    parted = false;
    at = end;
  }
  return numbers;
}

// Each number of a list becomes one of the token's bytes. False if the region is none.
bool rewrite_list(const Finding& finding, const Characters& chars, Wide wide,
                  std::string_view token, uint64_t base, std::vector<Edit>& edits) {
  const auto named = [&](std::string_view name) {
    return std::find(finding.encoding.begin(), finding.encoding.end(), name) !=
           finding.encoding.end();
  };
  const bool decimal = named("decimal-bytes");
  if (!decimal && !named("hex")) return false;
  const std::vector<Span> numbers = numbers_of(chars.text, decimal);
  if (numbers.size() < token.size()) return false;
  const bool upper = std::any_of(chars.text.begin(), chars.text.end(),
                                 [](char c) { return c >= 'A' && c <= 'F'; });
  for (size_t i = 0; i < numbers.size(); ++i) {
    const char c = i < token.size() ? token[i] : '*';
    const std::string written = decimal ? fmt::format("{}", int{c})
                                : upper ? fmt::format("{:02X}", int{c})
                                        : fmt::format("{:02x}", int{c});
    const Span bytes = chars.bytes(numbers[i].begin, numbers[i].end);
    edits.push_back({base + bytes.begin, base + bytes.end, widened(written, wide)});
  }
  return true;
}

// Hexadecimal digits on several lines: each pair becomes a byte of the token, and so does what the
// text column of its line shows of the key, so that a listing stays one.
//
//   00000080  69 53 36 41 7a 46 75 31  |iS6AzFu1|
//   00000080  32 2a 2a 2a 2a 2a 2a 2a  |2*******|
void rewrite_listing(const Finding& finding, const std::vector<Span>& found, std::string_view text,
                     Wide wide, std::string_view token, uint64_t base, std::vector<Edit>& edits) {
  const auto shown = [&](size_t i) { return i < token.size() ? token[i] : '*'; };
  const std::string_view key = finding.secret.reveal();
  const size_t bytes = found.size() / 2;
  const bool upper = std::any_of(found.begin(), found.end(), [&](Span digit) {
    const std::string_view unit = text.substr(digit.begin, digit.size());
    return unit.find_first_of("ABCDEF") != std::string_view::npos;
  });
  for (size_t i = 0; i < bytes;) {
    const size_t line_end = std::min(text.find_first_of("\r\n", found[2 * i].begin), text.size());
    const size_t first = i;
    for (; i < bytes && found[2 * i].begin < line_end; ++i) {
      const std::string pair =
          upper ? fmt::format("{:02X}", int{shown(i)}) : fmt::format("{:02x}", int{shown(i)});
      for (size_t half = 0; half < 2; ++half) {
        const Span digit = found[2 * i + half];
        edits.push_back(
            {base + digit.begin, base + digit.end, widened(pair.substr(half, 1), wide)});
      }
    }
    if (wide.bytes > 1 || i > key.size() || i == first) continue;
    constexpr size_t kMostColumn = 160;
    const size_t after = found[2 * i - 1].end;
    const std::string_view rest = text.substr(after, std::min(line_end - after, kMostColumn));
    const size_t at = rest.rfind(key.substr(first, i - first));
    if (at == std::string_view::npos) continue;
    std::string column;
    for (size_t k = first; k < i; ++k) column += shown(k);
    edits.push_back({base + after + at, base + after + at + column.size(), column});
  }
}

// Whether the outermost encoding, but for UTF-16 and UTF-32, is hexadecimal.
bool is_hex_outside(const Finding& finding) {
  for (const std::string_view encoding : finding.encoding) {
    if (is_hard(encoding) && !encoding.starts_with("utf-")) return encoding == "hex";
  }
  return false;
}

}  // namespace

std::string redaction_token(const Finding& finding) {
  return fmt::format("{}:{}", finding.rule->id,
                     finding.fingerprint.empty() ? "redacted" : finding.fingerprint);
}

void redact_region(const Finding& finding, std::string_view text, uint64_t base,
                   std::vector<Edit>& edits) {
  const size_t from = static_cast<size_t>(finding.location.byte_offset - base);
  const size_t to = from + static_cast<size_t>(finding.location.byte_length);
  if (from >= to || to > text.size()) return;
  const std::string token = redaction_token(finding);
  const Wide wide = width_of(finding);
  const Characters chars = read_characters(text, from, to, wide);
  if (rewrite_list(finding, chars, wide, token, base, edits)) return;

  const std::vector<Span> found = find_target(finding, chars, wide);
  Pieces pieces;
  for (const Span bytes : found) pieces.take(bytes);
  if (pieces.all().size() > 1 && is_hex_outside(finding)) {
    return rewrite_listing(finding, found, text, wide, token, base, edits);
  }
  pieces = {};
  if (found.empty()) {
    take_all(chars, 0, chars.text.size(), pieces);
  } else {
    take_found(found, chars, pieces);
  }
  bool first = true;
  for (const Span piece : pieces.all()) {
    // What is left and right of a piece that vanishes must not become one word: it could be a key.
    const bool glues = piece.begin > 0 && piece.end < text.size() &&
                       is_key_character(text[piece.begin - 1]) && is_key_character(text[piece.end]);
    edits.push_back({base + piece.begin, base + piece.end,
                     first   ? widened(token, wide)
                     : glues ? std::string("*")
                             : std::string()});
    first = false;
  }
}

}  // namespace assay
