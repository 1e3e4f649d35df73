// A bit for each byte, set for key characters; then runs are found in the bits, 64 at a time:
//
//   …/api/Refund?code=***&x trace=4bf92f3577b34da6a3ce929d0e0e4736…
//   11111111111110111100001010111110111111111111111111111111111111110
//
// The bits are made by the nibble trick of simdjson and Teddy: a byte is in the set if the table
// entries of its low and its high half share a bit. It costs about what looking for the keywords
// everywhere costs, and saves judging the hits that no value follows: in a log with `code=` on each
// line, five million of them in a GiB.
#include "scanner/runs.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "rules/keys/base64.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace assay {

namespace {

constexpr size_t kWord = 64;

// Sets `words` bits words from as many times 64 bytes.
using FillWords = void (*)(const char* at, size_t words, uint64_t* out);

uint64_t plain_word(const char* at, size_t count) {
  uint64_t word = 0;
  for (size_t i = 0; i < count; ++i) word |= uint64_t{is_key_character(at[i])} << i;
  return word;
}

#if defined(__x86_64__)

// One bit for each high half that has members: 2 for `% + - /`, 3 for 0-9, 4 and 6 for A-O and a-o,
// 5 for P-Z and `_`, 7 for p-z.
constexpr std::array<uint8_t, 16> kHigh = {0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0};

constexpr std::array<uint8_t, 16> make_low() {
  std::array<uint8_t, 16> low{};
  constexpr std::string_view kMembers =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%+-/_";
  for (const char c : kMembers) {
    low[static_cast<size_t>(c & 15)] |= kHigh[static_cast<size_t>(c >> 4)];
  }
  return low;
}
constexpr std::array<uint8_t, 16> kLow = make_low();

__attribute__((target("ssse3"))) void fill_ssse3(const char* at, size_t words, uint64_t* out) {
  const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(kLow.data()));
  const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(kHigh.data()));
  const __m128i half = _mm_set1_epi8(15);
  for (; words > 0; --words, ++out) {
    uint64_t word = 0;
    for (int i = 0; i < 64; i += 16, at += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
      const __m128i both =
          _mm_and_si128(_mm_shuffle_epi8(low, bytes),  // a byte over 127 gives 0
                        _mm_shuffle_epi8(high, _mm_and_si128(_mm_srli_epi16(bytes, 4), half)));
      const int outside = _mm_movemask_epi8(_mm_cmpeq_epi8(both, _mm_setzero_si128()));
      word |= static_cast<uint64_t>(~outside & 0xFFFF) << i;
    }
    *out = word;
  }
}

__attribute__((target("avx2"))) void fill_avx2(const char* at, size_t words, uint64_t* out) {
  const __m256i low =
      _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(kLow.data())));
  const __m256i high =
      _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(kHigh.data())));
  const __m256i half = _mm256_set1_epi8(15);
  const auto outside = [&](const char* from) __attribute__((target("avx2"))) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    const __m256i both = _mm256_and_si256(
        _mm256_shuffle_epi8(low, bytes),
        _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));
    return static_cast<uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(both, _mm256_setzero_si256())));
  };
  for (; words > 0; --words, ++out, at += kWord) {
    *out = ~(uint64_t{outside(at)} | uint64_t{outside(at + 32)} << 32);
  }
}

FillWords fastest() {
  if (__builtin_cpu_supports("avx2")) return fill_avx2;
  if (__builtin_cpu_supports("ssse3")) return fill_ssse3;
  return [](const char* at, size_t words, uint64_t* out) {
    for (; words > 0; --words, at += kWord) *out++ = plain_word(at, kWord);
  };
}

#else

FillWords fastest() {
  return [](const char* at, size_t words, uint64_t* out) {
    for (; words > 0; --words, at += kWord) *out++ = plain_word(at, kWord);
  };
}

#endif

// Whether `bits` hold kLeastRun ones in a row.
bool holds_run(uint64_t bits) {
  static_assert(kLeastRun == 40);
  bits &= bits >> 1;
  bits &= bits >> 2;
  bits &= bits >> 4;
  bits &= bits >> 8;
  bits &= bits >> 16;
  return (bits & bits >> 8) != 0;
}

// Takes the bits of a text in order.
class RunFinder {
 public:
  RunFinder(size_t from, std::vector<Span>& runs) : at_(from), runs_(runs) {}

  // The next `count` bits, the rest of the word zero.
  void take(uint64_t bits, size_t count) {
    const auto lead = static_cast<size_t>(std::countr_one(bits));
    if (lead >= count) {
      open_ += count;
      at_ += count;
      return;
    }
    if (open_ + lead >= kLeastRun) runs_.push_back({at_ - open_, at_ + lead});
    // A run inside the word, neither open before it nor after it: at most one of 40 fits.
    const auto tail = static_cast<size_t>(std::countl_one(bits << (kWord - count)));
    const uint64_t inner = tail == 0 ? bits : bits & ~(~uint64_t{0} << (count - tail));
    const uint64_t rest = inner >> lead << lead;
    if (holds_run(rest)) push_inner(rest);
    open_ = tail;
    at_ += count;
  }

  void finish() {
    if (open_ > 0) runs_.push_back({at_ - open_, at_});
  }

 private:
  void push_inner(uint64_t bits) {
    size_t begin = 0;
    for (;;) {
      begin += static_cast<size_t>(std::countr_zero(bits >> begin));
      const auto length = static_cast<size_t>(std::countr_one(bits >> begin));
      if (length >= kLeastRun) return runs_.push_back({at_ + begin, at_ + begin + length});
      begin += length;
    }
  }

  size_t at_;        // offset of the next bit
  size_t open_ = 0;  // length of the run that ends there
  std::vector<Span>& runs_;
};

}  // namespace

bool is_key_character(char c) { return is_base64_digit(c) || c == '%'; }

bool has_run(std::string_view text) {
  size_t length = 0;
  for (const char c : text) {
    length = is_key_character(c) ? length + 1 : 0;
    if (length == kLeastRun) return true;
  }
  return false;
}

void find_runs(std::string_view text, size_t from, size_t to, std::vector<Span>& runs) {
  static const FillWords fill = fastest();
  constexpr size_t kWordsAtOnce = 64;
  std::array<uint64_t, kWordsAtOnce> words;
  RunFinder finder(from, runs);
  while (to - from >= kWord) {
    const size_t count = std::min(kWordsAtOnce, (to - from) / kWord);
    fill(text.data() + from, count, words.data());
    for (size_t i = 0; i < count; ++i) finder.take(words[i], kWord);
    from += count * kWord;
  }
  if (from < to) finder.take(plain_word(text.data() + from, to - from), to - from);
  finder.finish();
}

}  // namespace assay
