// What the groups of disguises share. Only for disguises*.cc.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/decoders/restored.h"
#include "tests/support/disguises.h"

namespace assay::disguise {

// A text with a key, to be disguised.
struct Hidden {
  std::string text;
  size_t begin, length;
  SeededRandom& random;

  std::string before() const { return text.substr(0, begin); }
  std::string key() const { return text.substr(begin, length); }
  std::string after() const { return text.substr(begin + length); }
  std::string earlier() const;  // the lines before that of the key
  std::string head() const;     // the key's line up to it
  std::string tail() const;     // and from it on, without the break
  std::string later() const;    // the rest, with the break
  size_t digits() const;        // of the key, without padding
  size_t signature() const;     // where it stands in the key
  // The same with `filler` put before the key's line.
  Hidden with(const std::string& filler) const;
};

using Make = std::function<std::string(const Hidden& hidden)>;
using Rows = std::vector<Disguise>;
void add(Rows& rows, std::string name, std::initializer_list<Undone> chain, Make make);

void add_escapes(Rows& rows);    // disguises_escapes.cc
void add_encodings(Rows& rows);  // disguises_encodings.cc
void add_layouts(Rows& rows);    // disguises_layouts.cc
void add_nested(Rows& rows);     // disguises_nested.cc

// Which characters of the key are changed. `some`: at least one of the signature, and others.
enum class Which { all, some, signature, padding };
std::string_view to_string(Which which);
// The key with those characters replaced by what `escape` makes of them.
std::string escaped(const Hidden& hidden, Which which,
                    const std::function<std::string(char c)>& escape);

std::string hex_digits(char c, bool upper);  // two
std::string replaced(std::string text, std::string_view what, std::string_view by);
// The text in a JSON string, without its quotes; `html_safe` escapes as Go does, and `=` too.
std::string json_text(std::string_view text, bool html_safe = false);
std::string percent_text(std::string_view text);  // as a value in a query
std::string percent_all(std::string_view text);   // every character
std::string quoted_printable(std::string_view text, std::string_view line_break);
std::string base64_text(std::string_view text, bool url_safe = false);
std::string wrapped(std::string_view text, size_t width, std::string_view line_break);
enum class Wide { utf16le, utf16be, utf32le, utf32be };
std::string wide_text(std::string_view text, Wide wide);

// The key in two or more pieces, cut at random places among its digits, at least once, and at
// `cut` if it is not 0.
std::vector<std::string> pieces(const Hidden& hidden, size_t most, size_t cut = 0);
std::string joined(const std::vector<std::string>& pieces, std::string_view by);

// What `make` gives for the first filler of 0, 1, 2 … characters that breaks the key as it is to be
// found in `plain`.
std::string broken(const Hidden& hidden, const Make& make);

}  // namespace assay::disguise
