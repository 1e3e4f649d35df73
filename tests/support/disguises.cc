#include "tests/support/disguises.h"

#include <algorithm>

#include "rules/keys/base64.h"
#include "tests/support/disguise_rows.h"

namespace assay {

std::span<const Disguise> disguises() {
  static const std::vector<Disguise> rows = [] {
    disguise::Rows all;
    disguise::add(all, "plain", {}, [](const disguise::Hidden& hidden) { return hidden.text; });
    disguise::add_escapes(all);
    disguise::add_encodings(all);
    disguise::add_layouts(all);
    disguise::add_nested(all);
    return all;
  }();
  return rows;
}

namespace disguise {

namespace {

constexpr std::string_view kHex[] = {"0123456789abcdef", "0123456789ABCDEF"};

}  // namespace

std::string Hidden::earlier() const {
  const size_t end = before().rfind('\n');
  return end == std::string::npos ? "" : text.substr(0, end + 1);
}
std::string Hidden::head() const { return before().substr(earlier().size()); }
std::string Hidden::tail() const { return after().substr(0, after().find_first_of("\r\n")); }
std::string Hidden::later() const { return after().substr(tail().size()); }

size_t Hidden::digits() const { return key().find_last_not_of('=') + 1; }

size_t Hidden::signature() const {
  for (const KeyFamily& family : key_families()) {
    const size_t found = family.signature_at;
    if (family.signature.empty() || found + family.signature.size() > key().size()) continue;
    if (key().compare(found, family.signature.size(), family.signature) == 0) return found;
  }
  return 0;
}

Hidden Hidden::with(const std::string& filler) const {
  return {earlier() + filler + text.substr(earlier().size()), begin + filler.size(), length,
          random};
}

void add(Rows& rows, std::string name, std::initializer_list<Undone> chain, Make make) {
  Disguise row;
  row.name = std::move(name);
  for (const Undone undone : chain) row.chain.emplace_back(to_string(undone));
  row.apply = [make = std::move(make)](const std::string& text, size_t begin, size_t length,
                                       SeededRandom& random) {
    return make(Hidden{text, begin, length, random});
  };
  rows.push_back(std::move(row));
}

std::string_view to_string(Which which) {
  constexpr std::string_view kNames[] = {"all", "some", "signature", "padding"};
  return kNames[static_cast<size_t>(which)];
}

std::string escaped(const Hidden& hidden, Which which,
                    const std::function<std::string(char c)>& escape) {
  const std::string key = hidden.key();
  const size_t signature = hidden.signature();
  const size_t sure = signature + hidden.random.below(4);
  std::string out;
  for (size_t i = 0; i < key.size(); ++i) {
    const bool chosen = which == Which::all ||
                        (which == Which::some && (i == sure || hidden.random.below(3) == 0)) ||
                        (which == Which::signature && i >= signature && i < signature + 4) ||
                        (which == Which::padding && key[i] == '=');
    out += chosen ? escape(key[i]) : std::string(1, key[i]);
  }
  return out;
}

std::string hex_digits(char c, bool upper) {
  const auto byte = static_cast<unsigned char>(c);
  return {kHex[upper][byte >> 4], kHex[upper][byte & 15]};
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string json_text(std::string_view text, bool html_safe) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < ' ' ||
               (html_safe && std::string_view("<>&=").find(c) != std::string_view::npos)) {
      out += "\\u00" + hex_digits(c, false);
    } else {
      out += c;
    }
  }
  return out;
}

std::string percent_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    out += plain ? std::string(1, c) : "%" + hex_digits(c, true);
  }
  return out;
}

std::string percent_all(std::string_view text) {
  std::string out;
  for (const char c : text) out += "%" + hex_digits(c, true);
  return out;
}

std::string quoted_printable(std::string_view text, std::string_view line_break) {
  std::string out;
  size_t column = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out += line_break;
      column = 0;
      continue;
    }
    const bool plain = c >= ' ' && c < 127 && c != '=';
    const std::string written = plain ? std::string(1, c) : "=" + hex_digits(c, true);
    if (column + written.size() > 75) {
      out += "=";
      out += line_break;
      column = 0;
    }
    out += written;
    column += written.size();
  }
  return out;
}

std::string base64_text(std::string_view text, bool url_safe) {
  return encode_base64(text, url_safe ? Base64Alphabet::url_safe : Base64Alphabet::standard);
}

std::string wrapped(std::string_view text, size_t width, std::string_view line_break) {
  std::string out;
  for (size_t at = 0; at < text.size(); at += width) {
    if (at > 0) out += line_break;
    out += text.substr(at, width);
  }
  return out;
}

std::string wide_text(std::string_view text, Wide wide) {
  const size_t bytes = wide == Wide::utf16le || wide == Wide::utf16be ? 2 : 4;
  const bool little = wide == Wide::utf16le || wide == Wide::utf32le;
  std::string out;
  for (const char c : text) {
    std::string unit(bytes, '\0');
    unit[little ? 0 : bytes - 1] = c;
    out += unit;
  }
  return out;
}

std::vector<std::string> pieces(const Hidden& hidden, size_t most, size_t cut) {
  std::vector<size_t> cuts;
  if (cut != 0) cuts.push_back(cut);
  const size_t wanted = cut != 0 ? 1 : 1 + hidden.random.below(most - 1);
  while (cuts.size() < wanted) {
    const size_t at = 1 + hidden.random.below(hidden.digits() - 1);
    if (std::find(cuts.begin(), cuts.end(), at) == cuts.end()) cuts.push_back(at);
  }
  std::sort(cuts.begin(), cuts.end());
  std::vector<std::string> out;
  size_t from = 0;
  for (const size_t at : cuts) {
    out.push_back(hidden.key().substr(from, at - from));
    from = at;
  }
  out.push_back(hidden.key().substr(from));
  return out;
}

std::string joined(const std::vector<std::string>& pieces, std::string_view by) {
  std::string out;
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (i > 0) out += by;
    out += pieces[i];
  }
  return out;
}

std::string broken(const Hidden& hidden, const Make& make) {
  const std::string digits = hidden.key().substr(0, hidden.digits());
  std::string out;
  for (size_t count = 0; count < 200; ++count) {
    std::string filler;
    while (filler.size() < count) filler += filler.size() % 7 == 6 ? ' ' : 'x';
    out = make(hidden.with(filler));
    if (out.find(digits) == std::string::npos) break;
  }
  return out;
}

}  // namespace disguise
}  // namespace assay
