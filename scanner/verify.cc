// Gathering is by position, since a key's length is fixed: no search, no backtracking.
//
//   …?code%3D dddddddddddddddddddddddddddddddddddddddddddd AzFu 182vhA %3D%3D &x=1
//             begin = signature_end - 48             signature_end    padding
//
// `code%3D` ends in a digit of the alphabet; a checksum that holds does not care, and where it does
// not hold, an escape's last digit is no neighbour.
#include "scanner/verify.h"

#include <algorithm>
#include <string>
#include <vector>

#include "scanner/runs.h"

namespace assay {

namespace {

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// One way to write `=`.
struct PaddingForm {
  std::string_view text;  // lower case; compared in any case
  std::array<std::string_view, 3> encoding;
};
constexpr std::array kPaddingForms = {
    PaddingForm{"=3d", {"quoted-printable"}},  // before "=", which it begins with
    PaddingForm{"=", {}},
    PaddingForm{"%3d", {"percent"}},
    PaddingForm{"%253d", {"percent", "percent"}},
    PaddingForm{"%25253d", {"percent", "percent", "percent"}},
    PaddingForm{"\\u003d", {"json-escape"}},
    PaddingForm{"\\\\u003d", {"json-escape", "json-escape"}},
    PaddingForm{"\\x3d", {"hex-escape"}},
    PaddingForm{"&#61;", {"html-entity"}},
    PaddingForm{"&#x3d;", {"html-entity"}},
    PaddingForm{"&equals;", {"html-entity"}},
};

bool stands_at(std::string_view text, size_t at, std::string_view lower_text) {
  if (text.size() - at < lower_text.size()) return false;
  for (size_t i = 0; i < lower_text.size(); ++i) {
    if (lower(text[at + i]) != lower_text[i]) return false;
  }
  return true;
}

// Moves `end` over up to `count` padding characters, all in the form of the first.
void take_padding(std::string_view text, size_t count, size_t& end,
                  std::array<std::string_view, 3>& encoding) {
  for (const PaddingForm& form : kPaddingForms) {
    if (!stands_at(text, end, form.text)) continue;
    encoding = form.encoding;
    for (; count > 0 && stands_at(text, end, form.text); --count) end += form.text.size();
    return;
  }
}

// Whether the digit before `at` is the tail of an escape, and so no part of a longer run.
bool ends_escape(std::string_view text, size_t at) {
  const auto back = [&](size_t i) { return i <= at ? text[at - i] : '\0'; };
  if (at >= 3 && is_hex(back(1)) && is_hex(back(2))) {
    size_t digits = 2;
    while (back(digits + 1) == '5' && back(digits + 2) == '2') digits += 2;  // %25…3D
    if (back(digits + 1) == '%' || back(3) == '=') return true;
    if (back(3) == 'x' && back(4) == '\\') return true;
    if (is_hex(back(3)) && is_hex(back(4)) && back(5) == 'u' && back(6) == '\\') return true;
  }
  const char last = back(1);
  if ((last == 'n' || last == 'r' || last == 't') && back(2) == '\\') return true;
  if (last == 'm') {  // ESC [ 0 ; 3 1 m
    size_t i = 2;
    while (i < 16 && ((back(i) >= '0' && back(i) <= '9') || back(i) == ';')) ++i;
    return back(i) == '[' && back(i + 1) == '\x1b';
  }
  return false;
}

}  // namespace

bool is_own_digit(const KeyFamily& family, char c) {
  if (is_alphanumeric(c)) return true;
  if (!family.is_marvin_base64() && family.padding() == 0) return c == '-' || c == '_';
  return family.alphabet == Base64Alphabet::url_safe ? c == '-' || c == '_' : c == '+' || c == '/';
}

bool has_digit_before(const KeyFamily& family, std::string_view text, size_t at) {
  return at > 0 && is_own_digit(family, text[at - 1]) && !ends_escape(text, at);
}

Gather gather(const KeyFamily& family, std::string_view text, size_t signature_end, bool at_end,
              Candidate& candidate) {
  const size_t before = family.signature_end();
  if (signature_end < before) return Gather::none;
  const size_t begin = signature_end - before;
  if (begin + family.digits() > text.size()) return at_end ? Gather::none : Gather::more;
  const std::string_view digits = text.substr(begin, family.digits());
  candidate.family = &family;
  candidate.seed = verify(family, digits);
  candidate.digits = {begin, begin + family.digits()};
  candidate.span = candidate.digits;
  candidate.encoding = {};
  // Most that fail are pieces of longer runs: that is cheaper to see than anything else.
  if (candidate.seed == nullptr &&
      (family.signature.empty() || has_digit_before(family, text, begin))) {
    return Gather::none;
  }
  // Of those sought without the `+` of their signature anything may stand in its place.
  if (!has_form(family, digits)) return Gather::none;
  take_padding(text, family.padding(), candidate.span.end, candidate.encoding);
  if (candidate.seed != nullptr) return Gather::found;
  const size_t end = candidate.span.end;
  if (end < text.size() && is_own_digit(family, text[end])) return Gather::none;
  return end == text.size() && !at_end ? Gather::more : Gather::found;
}

namespace {

std::optional<Span> proven_in(std::string_view text, Span piece, const KeyFamily& family) {
  // Of keys without a signature each beginning is tried: it costs a look at 52 characters, rarely
  // more.
  const std::string_view sign = family.signature;
  for (size_t at = piece.begin; at < piece.end; ++at) {
    if (!sign.empty()) at = text.substr(0, piece.end).find(sign, at);
    if (at >= piece.end) break;
    Candidate candidate;
    const size_t signature_end = sign.empty() ? at + family.signature_end() : at + sign.size();
    if (gather(family, text, signature_end, true, candidate) == Gather::found &&
        candidate.seed != nullptr) {
      return candidate.span;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Span> find_proven_key(std::string_view text,
                                    std::span<const KeyFamily* const> families) {
  std::vector<Span> runs;
  find_runs(text, 0, text.size(), runs);
  std::erase_if(runs, [](Span run) { return run.size() < kLeastRun; });
  for (const KeyFamily* family : families) {
    if (family->scheme == KeyScheme::none) continue;
    if (family->scheme == KeyScheme::entra) {  // some of its characters end a run
      if (const auto found = proven_in(text, {0, text.size()}, *family)) return found;
      continue;
    }
    for (const Span run : runs) {
      if (const auto found = proven_in(text, run, *family)) return found;
    }
  }
  return std::nullopt;
}

Span signature_run(std::string_view text, size_t signature_end, size_t from, size_t to) {
  Span run{signature_end, signature_end};
  while (run.begin > from && is_base64_digit(text[run.begin - 1])) --run.begin;
  while (run.end < to && is_base64_digit(text[run.end])) ++run.end;
  return run.size() >= kShortestRun ? run : Span{};
}

}  // namespace assay
