// The text beside a key, made plain: escapes undone, other records out of sight.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
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

 private:
  void drop_cut_names(bool cut_before, bool cut_after);

  // Arrays without initial value: clearing them would cost more than reading a short line.
  std::array<char, kContextBefore> before_, open_before_;
  std::array<char, kContextAfter> after_, open_after_;
  std::array<uint8_t, kContextBefore> before_depth_;
  std::array<uint8_t, kContextAfter> after_depth_;
  size_t before_size_, after_size_, open_before_size_, open_after_size_;
  size_t record_begin_, record_end_;
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
constexpr bool opens(char c) { return c == '{' || c == '[' || c == '('; }
constexpr bool closes(char c) { return c == '}' || c == ']' || c == ')'; }

// The first or last character that `is` holds for. string_view::find_last_of would call memchr for
// each character.
template <typename Is>
size_t find_first(std::string_view text, Is is) {
  size_t at = 0;
  while (at < text.size() && !is(text[at])) ++at;
  return at;  // text.size() if there is none
}
template <typename Is>
size_t find_last(std::string_view text, Is is) {
  size_t at = text.size();
  while (at > 0 && !is(text[at - 1])) --at;
  return at - 1;  // npos if there is none
}

bool equal_any_case(std::string_view a, std::string_view b);
// `needle` in lower case. npos if not found.
size_t find_any_case(std::string_view text, std::string_view needle, size_t from = 0);
size_t rfind_any_case(std::string_view text, std::string_view needle);
std::string_view trim(std::string_view text);

}  // namespace assay
