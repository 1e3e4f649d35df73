// A run of 40 covers the middle 16 bytes of at least one of the 24-byte blocks that the text is cut
// into, so that only those 16 are looked at, of four blocks at once:
//
//   …/api/Refund?code=***&x trace=4bf92f3577b34da6a3ce929d0e0e4736…
//   |----################----||----################----||----####…
//
// Where all 16 are key characters, as in some paths and ids, so must the 12 on one of their sides
// be; then the run is followed to both sides, 32 bytes at a time. Bytes are
// told apart by the nibble trick of simdjson and Teddy: one is in the set if the table entries of
// its low and its high half share a bit. It saves judging the hits that no value follows: in a log
// with `code=` on each line, five million of them in a GiB.
#include "scanner/runs.h"

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <cstdint>
#include <cstring>

#include "rules/keys/base64.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace assay {

namespace {

constexpr size_t kBlock = 24;
constexpr size_t kProbe = 16;                      // bytes looked at
constexpr size_t kMiddle = (kBlock - kProbe) / 2;  // where they begin
static_assert(kLeastRun >= kBlock + kProbe - 1, "a run covers a probe wherever it begins");

// How many key characters `text` begins with.
using CountKeys = size_t (*)(std::string_view text);
// The first block of `text` whose probe may lie in a long run: where it begins, or npos.
using FindBlock = size_t (*)(std::string_view text);

size_t count_keys_plain(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && is_key_character(text[count])) ++count;
  return count;
}

bool probe_holds(std::string_view text, size_t block) {
  return count_keys_plain(text.substr(block + kMiddle, kProbe)) == kProbe;
}

size_t find_block_plain(std::string_view text) {
  for (size_t at = 0; at + kMiddle + kProbe <= text.size(); at += kBlock) {
    if (probe_holds(text, at)) return at;
  }
  return std::string_view::npos;
}

// Of lists likewise, which are longer, so that one probe in 80 bytes is enough.
constexpr size_t kListBlock = 80;
constexpr size_t kListMiddle = (kListBlock - kProbe) / 2;
static_assert(kLeastList >= kListBlock + kProbe - 1, "a list covers a probe wherever it begins");
constexpr std::string_view kListCharacters = "0123456789ABCDEFabcdefxXuU%\\&#;,:=- \t\r\n\"'()[]{}";

constexpr std::array<bool, 256> make_is_list() {
  std::array<bool, 256> is{};
  for (const char c : kListCharacters) is[static_cast<unsigned char>(c)] = true;
  return is;
}
constexpr std::array<bool, 256> kIsList = make_is_list();

size_t count_list(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && kIsList[static_cast<unsigned char>(text[count])]) ++count;
  return count;
}

// The first block of `text` whose probe is list characters only: where it begins, or npos.
size_t find_list_block_plain(std::string_view text) {
  for (size_t at = 0; at + kListBlock <= text.size(); at += kListBlock) {
    if (count_list(text.substr(at + kListMiddle, kProbe)) == kProbe) return at;
  }
  return std::string_view::npos;
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

// All ones in the bytes that are no key characters.
__attribute__((target("avx2"))) __m256i outside(__m256i bytes) {
  const __m256i low =
      _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(kLow.data())));
  const __m256i high =
      _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(kHigh.data())));
  const __m256i half = _mm256_set1_epi8(15);
  const __m256i both = _mm256_and_si256(
      _mm256_shuffle_epi8(low, bytes),  // a byte over 127 gives 0
      _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));
  return _mm256_cmpeq_epi8(both, _mm256_setzero_si256());
}

__attribute__((target("avx2"))) size_t count_keys_avx2(std::string_view text) {
  size_t at = 0;
  for (; at + 32 <= text.size(); at += 32) {
    const auto* from = reinterpret_cast<const __m256i*>(text.data() + at);
    const auto bits =
        static_cast<uint32_t>(_mm256_movemask_epi8(outside(_mm256_loadu_si256(from))));
    if (bits != 0) return at + static_cast<size_t>(std::countr_zero(bits));
  }
  return at + count_keys_plain(text.substr(at));
}

// One bit for each of 16 bytes that is no key character.
__attribute__((target("avx2"))) unsigned others(const char* sixteen) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(sixteen));
  const auto bits =
      static_cast<unsigned>(_mm256_movemask_epi8(outside(_mm256_broadcastsi128_si256(bytes))));
  return bits & 0xffff;
}

// Of a run of 40 around the probe, at least 12 are on one side of it.
__attribute__((target("avx2"))) bool may_be_long(std::string_view text, size_t block) {
  const size_t probe = block + kMiddle;
  return probe < 16 || probe + kProbe + 16 > text.size() ||
         (others(text.data() + probe + kProbe) & 0x0fff) == 0 ||
         (others(text.data() + probe - 16) & 0xfff0) == 0;
}

// As `others`, of the probes of two blocks.
__attribute__((target("avx2"))) uint32_t two_probes(const char* block) {
  const auto* first = reinterpret_cast<const __m128i*>(block + kMiddle);
  const auto* second = reinterpret_cast<const __m128i*>(block + kBlock + kMiddle);
  return static_cast<uint32_t>(_mm256_movemask_epi8(outside(_mm256_loadu2_m128i(second, first))));
}

__attribute__((target("avx2"))) size_t find_block_avx2(std::string_view text) {
  size_t at = 0;
  for (; at + 4 * kBlock <= text.size(); at += 4 * kBlock) {
    const uint32_t bits[2] = {two_probes(text.data() + at),
                              two_probes(text.data() + at + 2 * kBlock)};
    const bool none = ((bits[0] & 0xffff) != 0) & ((bits[0] >> 16) != 0) &
                      ((bits[1] & 0xffff) != 0) & ((bits[1] >> 16) != 0);
    if (none) [[likely]]
      continue;
    for (size_t i = 0; i < 4; ++i) {
      const bool inside = (bits[i / 2] >> (16 * (i % 2)) & 0xffff) == 0;
      if (inside && may_be_long(text, at + i * kBlock)) return at + i * kBlock;
    }
  }
  const size_t rest = find_block_plain(text.substr(at));
  return rest == std::string_view::npos ? rest : at + rest;
}

// As kHigh and kLow: 0 for `\t \n \r`, and each of 2 to 7 has a bit of its own.
constexpr std::array<uint8_t, 16> kListHigh = {64, 0, 1, 2, 4, 8, 16, 32, 0, 0, 0, 0, 0, 0, 0, 0};
constexpr std::array<uint8_t, 16> make_list_low() {
  std::array<uint8_t, 16> low{};
  for (const char c : kListCharacters) {
    low[static_cast<size_t>(c & 15)] |= kListHigh[static_cast<size_t>(c >> 4)];
  }
  return low;
}
constexpr std::array<uint8_t, 16> kListLow = make_list_low();

__attribute__((target("avx2"))) size_t find_list_block_avx2(std::string_view text) {
  const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(kListLow.data()));
  const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(kListHigh.data()));
  const __m128i half = _mm_set1_epi8(15), zero = _mm_setzero_si128();
  for (size_t at = 0; at + kListBlock <= text.size(); at += kListBlock) {
    const __m128i bytes =
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at + kListMiddle));
    const __m128i upper = _mm_and_si128(_mm_srli_epi16(bytes, 4), half);
    const __m128i both = _mm_and_si128(_mm_shuffle_epi8(low, bytes), _mm_shuffle_epi8(high, upper));
    if (_mm_movemask_epi8(_mm_cmpeq_epi8(both, zero)) == 0) return at;
  }
  return std::string_view::npos;
}

bool has_avx2() { return __builtin_cpu_supports("avx2"); }
const CountKeys kCountKeys = has_avx2() ? count_keys_avx2 : count_keys_plain;
const FindBlock kFindBlock = has_avx2() ? find_block_avx2 : find_block_plain;
const FindBlock kFindListBlock = has_avx2() ? find_list_block_avx2 : find_list_block_plain;

#else

constexpr CountKeys kCountKeys = count_keys_plain;
constexpr FindBlock kFindBlock = find_block_plain;
constexpr FindBlock kFindListBlock = find_list_block_plain;

#endif

// What tells the stretches of one kind of characters.
struct Stretches {
  FindBlock find_block;
  size_t middle;  // where the probe of a block begins
  bool (*is_member)(char c);
  size_t (*count)(std::string_view text);  // how many members `text` begins with
  size_t least;                            // length
};

void find_stretches(const Stretches& kind, std::string_view text, size_t from, size_t to,
                    std::vector<Span>& out) {
  text = text.substr(0, to);
  const size_t first = out.size();
  size_t done = from;  // before it no stretch begins that was not found
  for (size_t at = from; at < to;) {
    const size_t block = kind.find_block(text.substr(at));
    if (block == std::string_view::npos) break;
    const size_t probe = at + block + kind.middle;
    size_t begin = probe;
    while (begin > done && kind.is_member(text[begin - 1])) --begin;
    const size_t end = probe + kProbe + kind.count(text.substr(probe + kProbe));
    if (end - begin >= kind.least || end == to) out.push_back({begin, end});
    // Blocks begin anew behind the stretch.
    at = done = end;
  }
  if (out.size() > first && out.back().end == to) return;
  size_t last = to;
  while (last > done && kind.is_member(text[last - 1])) --last;
  if (last < to) out.push_back({last, to});
}

}  // namespace

bool is_list_character(char c) { return kIsList[static_cast<unsigned char>(c)]; }

bool is_key_character(char c) { return is_base64_digit(c) || c == '%'; }

size_t distinct_bytes(std::string_view text) {
  std::bitset<256> seen;
  for (const char c : text) seen.set(static_cast<unsigned char>(c));
  return seen.count();
}

bool has_run(std::string_view text) {
  size_t length = 0;
  for (const char c : text) {
    length = is_key_character(c) ? length + 1 : 0;
    if (length == kLeastRun) return true;
  }
  return false;
}

void find_runs(std::string_view text, size_t from, size_t to, std::vector<Span>& runs) {
  find_stretches({kFindBlock, kMiddle, is_key_character, kCountKeys, kLeastRun}, text, from, to,
                 runs);
}

void find_lists(std::string_view text, size_t from, size_t to, std::vector<Span>& lists) {
  find_stretches({kFindListBlock, kListMiddle, is_list_character, count_list, kLeastList}, text,
                 from, to, lists);
}

}  // namespace assay
