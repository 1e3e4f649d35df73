// One pass over the bytes for the pivots of all families: 32 at once with AVX2, by the nibble trick
// (see runs.cc), exact for ASCII. A pivot such as `z` stands at one of a few hundred bytes of a
// log; what is around it is looked at one by one.
#include "scanner/pivots.h"

#include <algorithm>
#include <bit>

#include "rules/keys/base64.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace assay {

namespace {

// What may follow a piece of a key: not one of its digits, and nothing that no text holds. `-` and
// `_` are digits, `+` and `/` are of the other alphabet. The bytes over 127 begin the characters
// that have no width, and blanks.
bool interrupts(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x80)
    return byte == 0xC2 || byte == 0xCC || byte == 0xD8 || byte == 0xE1 || byte == 0xE2 ||
           byte == 0xE3 || byte == 0xEF || byte == 0xF3;
  if (byte < 0x20)
    return c == '\n' || c == '\r' || c == '\t' || c == '\x1b' || c == '\0' || c == '\b' ||
           c == '\f' || c == '\v';
  return byte != 0x7f && (!is_base64_digit(c) || c == '+' || c == '/');
}

// The last character of what may stand between two pieces, or of an escape: anything but a digit,
// or the end of `%41`, `\101`, or of a colour code.
bool may_end_gap(char c) {
  const bool continues = (static_cast<unsigned char>(c) & 0xC0) == 0x80;  // UTF-8
  return interrupts(c) || continues || c == '\a' || (c >= '0' && c <= '9') ||
         (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == 'm' || c == 'K' || c == 'h' ||
         c == 'l';
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
  if (expected == signature.size()) return !before && (at == 0 || may_end_gap(text[at - 1]));
  if (next < text.size() && !interrupts(text[next])) return false;
  return before || at == 0 || may_end_gap(text[at - 1]);
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
