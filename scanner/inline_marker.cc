// Looks for the few words around a key that say that it is none.
//
//   key = "…"  # assay:allow AZF1002 vector of the documentation
//              ^word          ^rule   ^reason
//
// All of them hold a colon, so memchr finds where one may be. A window's text is cut into three
// pieces first: what stands on the key's line in front of it, what stands behind it, and the line
// before. The key itself is in none of them, so that no text of a key is ever a marker.
#include "scanner/inline_marker.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "scanner/runs.h"
#include "scanner/snippet.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr size_t kNone = std::string_view::npos;
constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kPragma = "pragma: allowlist secret";
constexpr std::string_view kNextLine = "pragma: allowlist nextline secret";

struct Word {
  std::string_view text;
  bool any_case = false;  // as the tool that reads it
};
constexpr Word kWords[] = {{kOwnMarker},
                           {"gitleaks:allow"},
                           {"betterleaks:allow"},
                           {"trufflehog:ignore"},
                           {"kingfisher:ignore", true}};

// What begins a comment, and what ends it (empty: the line's end).
struct Comment {
  std::string_view begin, end;
};
constexpr Comment kComments[] = {{"<!--", "-->"}, {"/*", "*/"}, {"{#", "#}"}, {"{{!", "}}"},
                                 {"(*", "*)"},    {"@*", "*@"}, {"//", ""},   {"--", ""},
                                 {"::", ""},      {"#", ""},    {";", ""},    {"'", ""},
                                 {"%", ""},       {"*", ""},    {"!", ""},    {"\"", ""}};

enum class Side { before, behind, line_before };

// A part of a line beside the key.
struct Piece {
  std::string_view text;
  Side side = Side::behind;
  bool from_line_start = false;
};

struct Found {
  std::string_view word;
  size_t begin = 0, end = 0;  // in the piece
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || is_digit(c) || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string_view trimmed(std::string_view text, std::string_view of = kBlanks) {
  const size_t begin = text.find_first_not_of(of);
  if (begin == kNone) return {};
  return text.substr(begin, text.find_last_not_of(of) + 1 - begin);
}

bool equal(std::string_view text, const Word& word) {
  if (!word.any_case) return text == word.text;
  return std::equal(text.begin(), text.end(), word.text.begin(), word.text.end(),
                    [](char a, char b) { return lower(a) == b; });
}

// A marker stands by itself: no part of a longer word, and no value in a link.
bool stands_alone(const Piece& piece, size_t begin, size_t end) {
  const std::string_view front = piece.text.substr(0, begin);
  if (front.empty() && !piece.from_line_start) return false;
  if (!front.empty()) {
    const char before = front.back();
    if (is_word(before) || std::strchr("=&?+.", before) != nullptr) return false;
    if (before == '-' && !front.ends_with("--")) return false;
    if (before == '/' && (!front.ends_with("//") || front.ends_with("://"))) return false;
  }
  return end == piece.text.size() || (!is_word(piece.text[end]) && piece.text[end] != '-');
}

// Whether a comment of those that detect-secrets knows begins right before `at`.
bool opens_comment(std::string_view text, size_t at) {
  const size_t last = text.substr(0, at).find_last_not_of(" \t");
  if (last == kNone) return false;
  const std::string_view head = text.substr(0, last + 1);
  for (const std::string_view opener : {"<!--", "/*", "//", "--", "#", "'"}) {
    if (!head.ends_with(opener)) continue;
    const size_t begin = head.size() - opener.size();
    return begin == 0 || kBlanks.find(head[begin - 1]) != kNone;
  }
  return false;
}

// `pragma: allowlist secret` and its kin, whose colon is at `colon`; an empty word if it is none.
Found read_pragma(const Piece& piece, size_t colon) {
  constexpr std::string_view kStart = "pragma";
  const std::string_view text = piece.text;
  if (colon < kStart.size() || text.substr(colon - kStart.size(), kStart.size()) != kStart) {
    return {};
  }
  Found found{{}, colon - kStart.size(), colon + 1};
  const auto take = [&](std::string_view part) {
    if (!text.substr(found.end).starts_with(part)) return false;
    found.end += part.size();
    return true;
  };
  take(" ");
  if (!take("allowlist") && !take("whitelist")) return {};
  const bool next = take(" nextline");
  if (!take(" secret") && !take("-secret")) return {};
  if (!opens_comment(text, found.begin)) return {};
  found.word = next ? kNextLine : kPragma;
  return found;
}

// Almost every colon is told from a marker's by the bytes beside it.
bool may_be_marker(std::string_view text, size_t colon) {
  if (colon == 0 || colon + 1 >= text.size()) return false;
  const char before = lower(text[colon - 1]), behind = lower(text[colon + 1]);
  if (before == 'a') return behind == ' ' || behind == 'a' || behind == 'w';  // pragma
  if (before == 'g' || before == 'r') return behind == 'i';
  return (before == 'y' || before == 's') && behind == 'a';
}

Found read_word(const Piece& piece, size_t colon) {
  if (!may_be_marker(piece.text, colon)) return {};
  for (const Word& word : kWords) {
    const size_t before = word.text.find(':');
    if (colon < before) continue;
    const size_t begin = colon - before;
    if (!equal(piece.text.substr(begin, word.text.size()), word)) continue;
    const size_t end = begin + word.text.size();
    if (stands_alone(piece, begin, end)) return {word.text, begin, end};
  }
  return read_pragma(piece, colon);
}

// The first marker of each sort in a piece.
struct Marks {
  Found own, foreign, next_line;
};

Marks find_marks(const Piece& piece) {
  Marks marks;
  for (size_t at = piece.text.find(':'); at != kNone; at = piece.text.find(':', at + 1)) {
    const Found found = read_word(piece, at);
    if (found.word.empty()) continue;
    Found& first = found.word == kOwnMarker  ? marks.own
                   : found.word == kNextLine ? marks.next_line
                                             : marks.foreign;
    if (first.word.empty()) first = found;
  }
  return marks;
}

// How long what begins a comment is, at the front of `line`, and what ends the comment.
size_t comment_start(std::string_view line, std::string_view& end) {
  for (const Comment& comment : kComments) {
    if (!line.starts_with(comment.begin)) continue;
    end = comment.end;
    return comment.begin.size();
  }
  const bool remark = line.size() > 3 && lower(line[0]) == 'r' && lower(line[1]) == 'e' &&
                      lower(line[2]) == 'm' && (line[3] == ' ' || line[3] == '\t');
  return remark ? 4 : 0;
}

// Whether a line holds nothing but a comment that begins with what stands at `at`. A key that is
// commented out there has its own marker, which must not cover the line below.
bool is_comment_of(std::string_view line, size_t at) {
  const size_t begin = line.find_first_not_of(kBlanks);
  if (begin == kNone || begin >= at) return false;
  std::string_view end;
  const size_t start = comment_start(line.substr(begin), end);
  if (start == 0 || begin + start > at) return false;
  if (line.substr(begin, at - begin).find_first_not_of(" \t#/*-;!'%<{(@:\"remREM") != kNone) {
    return false;
  }
  const size_t close = end.empty() ? kNone : line.find(end, at);
  return close == kNone || trimmed(line.substr(close + end.size())).empty();
}

// Where the reason ends: with the comment, or the quoted text that the marker stands in. `closed`:
// one of these was there.
std::string_view up_to_comment_end(const Piece& piece, const Found& found, bool& closed) {
  std::string_view rest = piece.text.substr(found.end);
  size_t end = kNone;
  for (const Comment& comment : kComments) {
    if (!comment.end.empty()) end = std::min(end, rest.find(comment.end));
  }
  const char before = found.begin > 0 ? piece.text[found.begin - 1] : ' ';
  if (before == '"' || before == '`' || before == '\'') {
    // Of a comment in Visual Basic nothing closes the quote.
    end = std::min(end, rest.find(before));
  }
  closed = end != kNone;
  return rest.substr(0, end);
}

// What stands before any other marker, or words that begin one.
std::string_view up_to_marker(std::string_view text) {
  size_t end = std::min(text.find("pragma:"), text.size());
  for (const Word& word : kWords) {
    const auto at =
        std::search(text.begin(), text.begin() + static_cast<long>(end), word.text.begin(),
                    word.text.end(), [](char a, char b) { return lower(a) == b; });
    end = static_cast<size_t>(at - text.begin());
  }
  return text.substr(0, end);
}

// Takes the ids of rules off the front of `rest`: `AZF1001`, `AZF1001,AZF1002`, `(AZF1001)`.
std::string_view take_rules(std::string_view& rest) {
  constexpr std::string_view kBefore = " \t:([";
  rest.remove_prefix(std::min(rest.find_first_not_of(kBefore), rest.size()));
  const std::string_view word = rest.substr(0, rest.find_first_of(" \t\r:)]"));
  for (size_t at = 0; at <= word.size();) {
    const size_t end = std::min(word.find(',', at), word.size());
    if (!is_rule_id(word.substr(at, end - at))) return {};
    at = end + 1;
  }
  rest.remove_prefix(word.size());
  return word;
}

std::shared_ptr<const Marker> make_marker(const Piece& piece, const Found& found,
                                          std::string_view key) {
  auto marker = std::make_shared<Marker>();
  marker->word = found.word;
  marker->line = piece.side == Side::line_before ? 1 : 0;
  if (found.word != kOwnMarker) return marker;
  bool closed = false;
  std::string_view rest = up_to_marker(up_to_comment_end(piece, found, closed));
  marker->rule = take_rules(rest);
  // In front of the key, what is not closed goes on to the key: it is no reason.
  if (piece.side == Side::before && !closed) return marker;
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\"'`:)]-"), rest.size()));
  rest = rest.substr(0, rest.find_last_not_of(" \t\r\"'`,;-#/*<!{(") + 1);
  if (key.empty() || rest.find(key) == kNone) marker->reason = shown_reason(rest);
  return marker;
}

// Whether a run of key characters changes between small and large letters and digits as often as
// random ones do, and not as words, numbers and links. Of 40 random base64 digits 1 in 7000 changes
// less often.
bool is_mixed(std::string_view run) {
  constexpr int kChanges = 12;
  if (run.size() < kLeastRun) return false;
  const auto kind = [](char c) { return is_digit(c) ? 1 : is_upper(c) ? 2 : is_word(c) ? 3 : 0; };
  int changes = 0;
  for (size_t i = 1; i < run.size(); ++i) {
    const int a = kind(run[i - 1]), b = kind(run[i]);
    changes += a != 0 && b != 0 && a != b;
  }
  return changes >= kChanges;
}

// UTF-16 as bytes: what the zero bytes part is joined in `store`.
std::string_view narrow(std::string_view text, std::array<char, kMarkerReach>& store) {
  if (text.find('\0') == kNone) return text;
  size_t size = 0;
  for (const char c : text) {
    if (c != '\0') store[size++] = c;
  }
  return {store.data(), size};
}

}  // namespace

bool is_rule_id(std::string_view word) {
  if (word.size() != 7 && word.size() != 9) return false;
  for (size_t i = 0; i < 7; ++i) {
    if (i < 3 ? !is_upper(word[i]) : !is_digit(word[i])) return false;
  }
  return word.size() == 7 || (word[7] == '-' && word[8] >= '1' && word[8] <= '9');
}

std::string shown_reason(std::string_view bytes) {
  if (std::none_of(bytes.begin(), bytes.end(), is_word)) return {};
  std::string text = snippet_text(redact_names(trimmed(bytes)));
  std::vector<Span> runs;
  find_runs(text, 0, text.size(), runs);
  for (const Span run : runs) {
    if (!is_mixed(std::string_view(text).substr(run.begin, run.size()))) continue;
    std::fill_n(text.begin() + static_cast<long>(run.begin), run.size(), '*');
  }
  // snippet_text leaves what has no width or turns the direction: U+0080..9F, U+200B..200F,
  // U+2028..202E, U+2060..206F, U+FEFF.
  std::string out;
  size_t characters = 0;
  for (size_t at = 0; at < text.size();) {
    const auto byte = [&](size_t i) {
      return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
    };
    const unsigned lead = byte(0);
    const size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const bool acts =
        (lead == 0xC2 && byte(1) < 0xA0) ||
        (lead == 0xE2 && byte(1) == 0x80 &&
         ((byte(2) >= 0x8B && byte(2) <= 0x8F) || (byte(2) >= 0xA8 && byte(2) <= 0xAE))) ||
        (lead == 0xE2 && byte(1) == 0x81 && byte(2) >= 0xA0 && byte(2) <= 0xAF) ||
        (lead == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF);
    if (++characters == kMostReason && at + size < text.size()) {
      out += "…";
      break;
    }
    if (acts) {
      out += "\xEF\xBF\xBD";
    } else if (lead == '\t') {
      out += ' ';
    } else {
      out += text.substr(at, size);
    }
    at += size;
  }
  return out;
}

std::shared_ptr<const Marker> read_marker(std::string_view text, size_t begin, size_t end) {
  std::array<char, kMarkerReach> before_store, behind_store;
  const size_t reach = std::min(begin, kMarkerReach);
  const bool cut = begin > reach;
  const std::string_view before = narrow(text.substr(begin - reach, reach), before_store);
  std::string_view behind = narrow(text.substr(end, kMarkerReach), behind_store);
  behind = behind.substr(0, behind.find('\n'));

  const size_t line = before.rfind('\n');
  const std::string_view front = line == kNone ? before : before.substr(line + 1);
  Piece above{{}, Side::line_before, true};
  if (line != kNone) {
    const std::string_view lines = before.substr(0, line);
    const size_t start = lines.rfind('\n');
    if (start != kNone || !cut) above.text = lines.substr(start == kNone ? 0 : start + 1);
  }
  const Piece beside[] = {{behind, Side::behind, false},
                          {front, Side::before, line != kNone || !cut}};
  const Marks marks[] = {find_marks(beside[0]), find_marks(beside[1])}, upper = find_marks(above);
  const std::string_view key = text.substr(begin, end - begin);
  for (const size_t i : {0, 1}) {
    if (!marks[i].own.word.empty()) return make_marker(beside[i], marks[i].own, key);
  }
  if (!upper.own.word.empty() && is_comment_of(above.text, upper.own.begin)) {
    return make_marker(above, upper.own, key);
  }
  for (const size_t i : {0, 1}) {
    if (!marks[i].foreign.word.empty()) return make_marker(beside[i], marks[i].foreign, key);
  }
  if (!upper.next_line.word.empty()) return make_marker(above, upper.next_line, key);
  return nullptr;
}

}  // namespace assay
