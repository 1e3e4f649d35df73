// A line's hash is the polynomial u1*37^99 + u2*37^98 + … + u100 modulo 2^64 over 100 UTF-16 units
// from the start of the line on. Units run over line ends; spaces and tabs are left out; after the
// last unit of the text stands 0xFFFF, then zeros. So "key = 1\n" and "key=1\r\n" hash alike, and
// the 3rd line with one hash gets ":3".
//
// Two steps, so that memory grows with the wanted lines and not with the text: hash the wanted
// lines alone, then roll once over the text up to the last of them and count who else has such a
// hash. Rolling: times 37, plus the unit that comes, minus the one that goes times 37^100.
#include "scanner/line_hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace assay {

namespace {

constexpr size_t kBlock = 100;
constexpr uint64_t kBase = 37;
constexpr uint16_t kEndOfText = 0xFFFF;
constexpr uint32_t kReplacement = 0xFFFD;

constexpr uint64_t power(uint64_t base, size_t exponent) {
  uint64_t result = 1;
  for (size_t i = 0; i < exponent; ++i) result *= base;
  return result;
}

// Decodes what stands at `at`, which is no ASCII, and moves on: one code point, or U+FFFD for the
// longest run of bytes that begins one but does not end it, as the Encoding standard has it.
uint32_t decode_beyond_ascii(std::string_view text, size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0xC2 || lead > 0xF4) return kReplacement;
  const size_t more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  uint32_t code = lead & (0x3Fu >> more);
  unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  for (size_t i = 0; i < more; ++i) {
    if (at == text.size()) return kReplacement;
    const auto next = static_cast<unsigned char>(text[at]);
    if (next < low || next > high) return kReplacement;
    code = code << 6 | (next & 0x3Fu);
    low = 0x80, high = 0xBF;
    ++at;
  }
  return code;
}

// The last 100 units, their hash, and which of them begin a line.
class Window {
 public:
  // The line that begins at the oldest unit, 0 if none does. Its hash is hash() once the window has
  // gone round.
  uint64_t oldest_line() const { return lines_[at_]; }
  uint64_t hash() const { return hash_; }

  void push(uint16_t unit, uint64_t line) {
    constexpr uint64_t kGone = power(kBase, kBlock);
    hash_ = hash_ * kBase + unit - kGone * units_[at_];
    units_[at_] = unit;
    lines_[at_] = line;
    at_ = at_ + 1 == kBlock ? 0 : at_ + 1;
  }

 private:
  std::array<uint16_t, kBlock> units_{};
  std::array<uint64_t, kBlock> lines_{};
  size_t at_ = 0;
  uint64_t hash_ = 0;
};

// Where a lone `\r` ended the line before: a line to the hash, none to us.
constexpr uint64_t kUncounted = ~uint64_t{0};

// Calls `each(line, hash)` for every line of `text` in order, the first being line 1, until it
// returns false.
template <typename Each>
class Roller {
 public:
  explicit Roller(Each each) : each_(each) {}

  void run(std::string_view text) {
    for (size_t at = 0; at < text.size();) {
      if (static_cast<unsigned char>(text[at]) < 0x80) {
        if (!ascii(text[at++])) return;
        continue;
      }
      const uint32_t code = decode_beyond_ascii(text, at);
      after_return_ = false;
      if (code < 0x10000) {
        if (!unit(static_cast<uint16_t>(code))) return;
      } else {
        if (!unit(static_cast<uint16_t>(0xD7C0 + (code >> 10)))) return;
        if (!unit(static_cast<uint16_t>(0xDC00 + (code & 0x3FF)))) return;
      }
    }
    if (!unit(kEndOfText)) return;
    for (size_t i = 0; i < kBlock; ++i) {
      if (!put(0, 0)) return;
    }
  }

 private:
  bool ascii(char c) {
    if (c == '\n') {
      const bool joined = after_return_;
      after_return_ = false;
      if (!joined && !unit('\n')) return false;
      // `\r\n`, or `\n`: in both the unit for the line end is in, so the next one begins a line.
      next_line_ = ++newlines_ + 1;
      return true;
    }
    after_return_ = c == '\r';
    if (c == ' ' || c == '\t') return true;
    if (c != '\r') return unit(static_cast<unsigned char>(c));
    if (!unit('\n')) return false;
    next_line_ = kUncounted;
    return true;
  }

  bool unit(uint16_t unit) {
    const uint64_t line = next_line_;
    next_line_ = 0;
    return put(unit, line);
  }

  bool put(uint16_t unit, uint64_t line) {
    if (window_.oldest_line() != 0 && !each_(window_.oldest_line(), window_.hash())) return false;
    window_.push(unit, line);
    return true;
  }

  Each each_;
  Window window_;
  uint64_t newlines_ = 0;
  uint64_t next_line_ = 1;  // of the unit to come; 0 = it begins none
  bool after_return_ = false;
};

// The hash of the line at the start of `text`. State of the text before does not matter: it begins
// after a `\n`.
uint64_t first_hash(std::string_view text) {
  uint64_t first = 0;
  Roller roller([&first](uint64_t, uint64_t hash) {
    first = hash;
    return false;
  });
  roller.run(text);
  return first;
}

}  // namespace

std::vector<std::string> line_hashes(std::string_view text, std::span<const uint64_t> lines) {
  // Sorted, not a hash table: who writes the text chooses the hashes.
  std::vector<uint64_t> wanted;
  size_t known = 0;  // of `lines`: those that are not past the end
  uint64_t line = 1;
  for (size_t at = 0; known < lines.size(); ++line) {
    if (lines[known] == line) wanted.push_back(first_hash(text.substr(at)));
    while (known < lines.size() && lines[known] <= line) ++known;
    const size_t end = text.find('\n', at);
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());

  std::vector<std::string> result(lines.size());
  std::vector<uint64_t> counts(wanted.size());
  size_t done = 0;
  while (done < known && lines[done] == 0) ++done;  // no such line
  Roller roller([&](uint64_t at, uint64_t hash) {
    const auto found = std::lower_bound(wanted.begin(), wanted.end(), hash);
    if (found == wanted.end() || *found != hash) return true;
    const uint64_t count = ++counts[static_cast<size_t>(found - wanted.begin())];
    for (; done < known && lines[done] == at; ++done) {
      result[done] = fmt::format("{:x}:{}", hash, count);
    }
    return done < known;
  });
  if (done < known) roller.run(text);
  return result;
}

}  // namespace assay
