// One pass over the bytes for the pivots of all families: 32 at once with AVX2, by the nibble trick
// (see runs.cc), exact for ASCII. A pivot such as `z` stands at one of a few hundred bytes of a
// log; what is around it is looked at one by one.
#include "scanner/pivots.h"

#include <algorithm>
#include <bit>

#include "rules/keys/base64.h"
#include "scanner/context_text.h"
#include "scanner/decoders/hex_digit.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace assay {

namespace {

// What may follow a piece of a key: the begin of a gap or of an escape. The bytes over 127 begin
// the characters that have no width, and blanks.
bool interrupts(char c) {
  switch (static_cast<unsigned char>(c)) {
    case '\0':  // UTF-16
    case '\t':
    case '\n':
    case '\r':
    case '\x1b':
    case ' ':
    case '"':
    case '%':
    case '&':
    case '\'':
    case ')':
    case '<':
    case '=':
    case '?':
    case '[':
    case '\\':
    case '^':
    case '`':
    case '|':
    case 0xA0:  // of Latin-1
    case 0xAD:
    case 0xC2:
    case 0xCC:
    case 0xCD:
    case 0xD8:
    case 0xE1:
    case 0xE2:
    case 0xE3:
    case 0xEF:
    case 0xF3:
      return true;
    default:
      return false;
  }
}

char at_or(std::string_view text, size_t at) { return at < text.size() ? text[at] : '\n'; }
bool is_hex(char c) { return hex_value(c) >= 0; }

// Whether a gap or an escape may begin at text[at], by what follows: most words that end in a pivot
// end here. Looks at no more than one byte further, but for blanks.
bool may_begin_gap(std::string_view text, size_t at) {
  if (!interrupts(at_or(text, at))) return false;
  const char next = at_or(text, at + 1);
  switch (text.size() > at ? text[at] : '\n') {
    case ' ':
    case '\t':  // only blanks before a break are left out
      return next == ' ' || next == '\t' || next == '\n' || next == '\r' || next == '\\' ||
             next == '|';
    case '%':
      return is_hex(next);
    case '=':
      return is_hex(next) || next == '\n' || next == '\r' || next == ' ';
    case '&':
      return next == '#' || is_letter(next);
    case '<':
      return next == '/' || next == '!' || is_letter(next);
    case ')':
      return next == '-' || next == '(' || next == ' ' || next == '.' || is_digit(next) ||
             next == '\n';
    case '"':  // of a literal that goes on, or of a record: most strings of JSON end otherwise
      return std::string_view("+.&,;])\"'\\ \t\r\n<").find(next) != std::string_view::npos ||
             (next == '}' && at_or(text, at + 2) == ',');
    case '?':
      return next == '=';  // the end of an encoded word
    case '^':
      return next == '[';
    case '[':  // a colour code whose ESC got lost
      return is_digit(next) || next == 'm' || next == 'K';
    default:
      return true;
  }
}

// Whether a gap or an escape may end before text[at].
bool may_end_gap(std::string_view text, size_t at) {
  const auto back = [&](size_t i) { return i <= at ? text[at - i] : '\0'; };
  const char last = back(1);
  if (is_hex(last)) {  // %41 \x41 \u0041 =41 %2541 \101, or a digit of a prefix
    const char first = back(3);
    if (first == '%' || first == 'x' || first == '=' || first == '0' || first == '5' ||
        back(4) == '\\') {
      return true;
    }
  }
  if (is_letter(last)) {  // of a colour code, or of a written `\n`
    return is_digit(back(2)) || back(2) == '[' || back(2) == ';' || back(2) == '\\';
  }
  return !is_base64_digit(last) || last == '+' || last == '/';
}

// Members of a set within a piece of text, found before any of them is judged: switching between
// the two for each costs more than either.
struct Members {
  static constexpr size_t kPiece = 4096;
  std::array<uint16_t, kPiece> at;
  size_t count = 0;
};

// `text[at + i]` for i < count may be a pivot by itself and the byte behind it.
void find_members_plain(const ByteSet& pivots, const ByteSet& others, std::string_view text,
                        size_t at, size_t from, size_t count, Members& members) {
  for (size_t i = from; i < count; ++i) {
    if (!pivots.has(text[at + i])) continue;
    if (at + i + 1 < text.size() && others.has(text[at + i + 1])) continue;
    members.at[members.count++] = static_cast<uint16_t>(i);
  }
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) __m256i load_table(const std::array<uint8_t, 16>& table) {
  return _mm256_broadcastsi128_si256(
      _mm_load_si128(reinterpret_cast<const __m128i*>(table.data())));
}

__attribute__((target("avx2"))) __m256i load(const char* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

// Zero in the bytes that are no members.
__attribute__((target("avx2"))) __m256i inside(__m256i bytes, __m256i low, __m256i high) {
  const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
  return _mm256_and_si256(_mm256_shuffle_epi8(low, bytes), _mm256_shuffle_epi8(high, upper));
}

__attribute__((target("avx2"))) void find_members_avx2(const ByteSet& pivots, const ByteSet& others,
                                                       std::string_view text, size_t at,
                                                       size_t count, Members& members) {
  const __m256i pivot_low = load_table(pivots.low), pivot_high = load_table(pivots.high);
  const __m256i other_low = load_table(others.low), other_high = load_table(others.high);
  const __m256i zero = _mm256_setzero_si256();
  size_t done = 0;
  for (; done + 32 <= count && at + done + 33 <= text.size(); done += 32) {
    const char* from = text.data() + at + done;
    const __m256i here = load(from);
    const __m256i next = load(from + 1);
    const __m256i no_pivot = _mm256_cmpeq_epi8(inside(here, pivot_low, pivot_high), zero);
    const __m256i no_other = _mm256_cmpeq_epi8(inside(next, other_low, other_high), zero);
    auto bits =
        static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_andnot_si256(no_pivot, no_other)));
    for (; bits != 0; bits &= bits - 1) {
      members.at[members.count++] =
          static_cast<uint16_t>(done + static_cast<size_t>(std::countr_zero(bits)));
    }
  }
  find_members_plain(pivots, others, text, at, done, count, members);
}

// The same where there is but one pivot: three times as fast.
__attribute__((target("avx2"))) void find_one_avx2(char pivot, const ByteSet& pivots,
                                                   const ByteSet& others, std::string_view text,
                                                   size_t at, size_t count, Members& members) {
  const __m256i wanted = _mm256_set1_epi8(pivot);
  size_t done = 0;
  for (; done + 64 <= count && at + done + 65 <= text.size(); done += 64) {
    const char* from = text.data() + at + done;
    const __m256i first = _mm256_cmpeq_epi8(load(from), wanted);
    const __m256i second = _mm256_cmpeq_epi8(load(from + 32), wanted);
    if (_mm256_testz_si256(_mm256_or_si256(first, second), _mm256_set1_epi8(-1))) [[likely]] {
      continue;
    }
    auto bits = static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(first))) |
                static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(second))) << 32;
    for (; bits != 0; bits &= bits - 1) {
      const auto i = static_cast<size_t>(std::countr_zero(bits));
      if (!others.has(from[i + 1])) members.at[members.count++] = static_cast<uint16_t>(done + i);
    }
  }
  find_members_plain(pivots, others, text, at, done, count, members);
}

bool has_avx2() { return __builtin_cpu_supports("avx2"); }
const bool kAvx2 = has_avx2();

#endif

void find_members(const ByteSet& pivots, char only, const ByteSet& others, std::string_view text,
                  size_t at, size_t count, Members& members) {
  members.count = 0;
#if defined(__x86_64__)
  if (kAvx2 && only != 0) return find_one_avx2(only, pivots, others, text, at, count, members);
  if (kAvx2) return find_members_avx2(pivots, others, text, at, count, members);
#endif
  find_members_plain(pivots, others, text, at, 0, count, members);
}

}  // namespace

PivotFinder::PivotFinder(std::span<const KeyFamily* const> families)
    : families_(families.begin(), families.end()) {
  for (const KeyFamily* family : families_) {
    const char pivot = family->signature[kPivot];
    only_ = family == families_.front() || only_ == pivot ? pivot : '\0';
    pivots_.add(pivot);
  }
  for (int c = 0; c < 128; ++c) {
    const auto is_next = [c](const KeyFamily* family) {
      return family->signature[kPivot + 1] == static_cast<char>(c);
    };
    if (interrupts(static_cast<char>(c))) continue;
    if (std::none_of(families_.begin(), families_.end(), is_next)) {
      others_.add(static_cast<char>(c));
    }
  }
}

bool PivotFinder::holds(std::string_view text, size_t at, const KeyFamily& family) {
  const std::string_view signature = family.signature;
  if (text[at] != signature[kPivot]) return false;
  size_t next = at + 1;
  size_t expected = kPivot + 1;
  while (expected < signature.size() && next < text.size() && text[next] == signature[expected]) {
    ++next;
    ++expected;
  }
  const bool before = at > 0 && text[at - 1] == signature[kPivot - 1];
  if (expected == signature.size()) return !before && (at == 0 || may_end_gap(text, at));
  if (!may_begin_gap(text, next)) return false;
  return before || at == 0 || may_end_gap(text, at);
}

void PivotFinder::judge(std::string_view text, size_t at, std::vector<Place>& places) const {
  for (const KeyFamily* family : families_) {
    if (holds(text, at, *family)) places.push_back({at, family});
  }
}

void PivotFinder::find(std::string_view text, size_t from, size_t to,
                       std::vector<Place>& places) const {
  size_t at = from + 1 > kPivotReach ? from + 1 - kPivotReach : 0;
  // The last places of a text are its own, though two bytes do not follow.
  const size_t end = to == text.size() ? to : to - std::min(to, kPivotReach - 1);
  Members members;
  for (; at < end; at += Members::kPiece) {
    const size_t size = std::min(Members::kPiece, end - at);
    find_members(pivots_, only_, others_, text, at, size, members);
    for (size_t i = 0; i < members.count; ++i) judge(text, at + members.at[i], places);
  }
}

}  // namespace assay
