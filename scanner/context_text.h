// The text beside a key, made plain: escapes undone, other records out of sight.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "scanner/context.h"

namespace assay {

// What stands for a bracket group that was closed before (or opened after) the key's place.
inline constexpr char kClosedGroup = '\x01';

// Both sides of a key in two forms. The plain form has the escapes of URLs, JSON, HTML and
// quoted-printable undone, NULs (UTF-16) and carriage returns dropped, and continued lines joined.
// The open form also has every bracket group that does not enclose the key replaced by
// kClosedGroup, so that what is left belongs to the objects around the key and not to their
// neighbours: any bracket in open_before() opens, and any in open_after() closes, a group that the
// key is in. A group named `url` stays, without its brackets (Postman keeps the address in one).
// Costs two passes over the window. Views live as long as the object; not copyable.
class Surroundings {
 public:
  // Looks at text[from, begin) and text[end, to): at most kContextBefore and kContextAfter bytes.
  Surroundings(std::string_view text, size_t from, size_t begin, size_t end, size_t to);
  Surroundings(const Surroundings&) = delete;
  Surroundings& operator=(const Surroundings&) = delete;

  std::string_view before() const { return {before_.data(), before_size_}; }
  std::string_view after() const { return {after_.data(), after_size_}; }
  // How often the character at that place of the plain form was percent-encoded.
  uint8_t depth_before(size_t at) const { return before_depth_[at]; }
  uint8_t depth_after(size_t at) const { return after_depth_[at]; }

  std::string_view open_before() const { return {open_before_.data(), open_before_size_}; }
  std::string_view open_after() const { return {open_after_.data(), open_after_size_}; }
  // The open form cut to the key's record: from the start of the line on which the outermost group
  // around the key begins to the end of the line on which it ends; the key's line if there is none.
  std::string_view record_before() const { return open_before().substr(record_begin_); }
  std::string_view record_after() const { return open_after().substr(0, record_end_); }
  // Whether a bracket group of open_before() encloses the key.
  bool in_group() const { return in_group_; }

 private:
  void drop_cut_names(bool cut_before, bool cut_after);

  // Arrays without initial value: clearing them would cost more than reading a short line.
  std::array<char, kContextBefore> before_, open_before_;
  std::array<char, kContextAfter> after_, open_after_;
  std::array<uint8_t, kContextBefore> before_depth_;
  std::array<uint8_t, kContextAfter> after_depth_;
  size_t before_size_, after_size_, open_before_size_, open_after_size_;
  size_t record_begin_, record_end_;
  bool in_group_;
};

// The part of `text` after its last, or before its first, line break.
std::string_view last_line(std::string_view text);
std::string_view first_line(std::string_view text);

// ASCII only, whatever the locale.
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
constexpr bool is_name_char(char c) {
  return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
}
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

// Sets of characters for find_first and find_last. `c` is one byte or many at once, hence `|`.
inline constexpr auto opens = [](auto c) { return (c == '{') | (c == '[') | (c == '('); };
inline constexpr auto closes = [](auto c) { return (c == '}') | (c == ']') | (c == ')'); };
inline constexpr auto is_any_blank = [](auto c) { return (c == ' ') | (c == '\t'); };
inline constexpr auto is_angle = [](auto c) { return (c == '<') | (c == '>'); };

using Bytes = unsigned char __attribute__((vector_size(16)));
inline Bytes load_bytes(const char* from) {
  Bytes bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}
// A mask of bytes: which is the first, and one past the last, that is not 0.
struct Halves {
  template <typename Mask>
  explicit Halves(Mask mask) {
    uint64_t halves[2];
    std::memcpy(halves, &mask, sizeof halves);
    constexpr bool kLittle = std::endian::native == std::endian::little;
    low = kLittle ? halves[0] : __builtin_bswap64(halves[0]);
    high = kLittle ? halves[1] : __builtin_bswap64(halves[1]);
  }
  bool any() const { return (low | high) != 0; }
  size_t first() const {
    const int bits = low != 0 ? std::countr_zero(low) : 64 + std::countr_zero(high);
    return static_cast<size_t>(bits) / 8;
  }
  size_t last_end() const {
    const int bits = high != 0 ? 128 - std::countl_zero(high) : 64 - std::countl_zero(low);
    return static_cast<size_t>(bits) / 8;
  }
  uint64_t low = 0;
  uint64_t high = 0;
};

// The first or last character that `is` holds for. string_view::find_first_of would call memchr for
// each character; 16 at once take a fifth of the time of a window read byte by byte.
template <typename Is>
size_t find_first(std::string_view text, Is is) {
  size_t at = 0;
  for (; at + sizeof(Bytes) <= text.size(); at += sizeof(Bytes)) {
    const Halves found(is(load_bytes(text.data() + at)));
    if (found.any()) return at + found.first();
  }
  while (at < text.size() && !is(static_cast<unsigned char>(text[at]))) ++at;
  return at;  // text.size() if there is none
}
template <typename Is>
size_t find_last(std::string_view text, Is is) {
  size_t at = text.size();
  for (; at >= sizeof(Bytes); at -= sizeof(Bytes)) {
    const Halves found(is(load_bytes(text.data() + at - sizeof(Bytes))));
    if (found.any()) return at - sizeof(Bytes) + found.last_end() - 1;
  }
  while (at > 0 && !is(static_cast<unsigned char>(text[at - 1]))) --at;
  return at - 1;  // npos if there is none
}

// The first pair of neighbours from `from` on that `is` holds for.
template <typename Is>
size_t find_pair(std::string_view text, size_t from, Is is) {
  size_t at = from;
  for (; at + sizeof(Bytes) < text.size(); at += sizeof(Bytes)) {
    const char* here = text.data() + at;
    const Halves found(is(load_bytes(here), load_bytes(here + 1)));
    if (found.any()) return at + found.first();
  }
  for (; at + 1 < text.size(); ++at) {
    if (is(static_cast<unsigned char>(text[at]), static_cast<unsigned char>(text[at + 1]))) {
      return at;
    }
  }
  return std::string_view::npos;
}

// As string_view's, which go byte by byte.
size_t rfind(std::string_view text, char c);
size_t rfind(std::string_view text, std::string_view needle, size_t last = std::string_view::npos);

bool equal_any_case(std::string_view a, std::string_view b);
// `needle` in lower case and of two characters or more. npos if not found.
size_t find_any_case(std::string_view text, std::string_view needle, size_t from = 0);
size_t rfind_any_case(std::string_view text, std::string_view needle);
std::string_view trim(std::string_view text);

}  // namespace assay
