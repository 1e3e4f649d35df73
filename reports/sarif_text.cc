// Escaping for SARIF. Each of these guards against names that someone else chose:
//
//   a b/#[1].txt   in a uri       a%20b/%23%5B1%5D.txt
//   [x](http://y)  in a message   \[x\](http://y)
//   {0}            in `text`      {{0}}
#include "reports/sarif_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <vector>

#include "reports/format.h"

namespace assay {

namespace {

// What may stand in a uri's path as it is, but `:`, which could end a scheme: RFC 3986 section 3.3.
bool is_path_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~!$&'()*+,;=@").find(c) != std::string_view::npos;
}

std::string percent_encoded(std::string_view part) {
  std::string out;
  for (const char c : part) {
    if (is_path_character(c)) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// A name or number of a host, and a port: nothing that would have to be encoded.
bool is_host(std::string_view text) {
  const std::string_view name = text.substr(0, text.find(':'));
  const std::string_view port = text.substr(std::min(name.size() + 1, text.size()));
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && port.size() <= 5 && std::all_of(port.begin(), port.end(), is_digit) &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                  c == '.';
         });
}

void add_links_escaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    if (c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
}

std::string braces_doubled(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '{' || c == '}') out += c;
    out += c;
  }
  return out;
}

// A catalogue of rules is some hundred kilobytes, nearly all of it plain text: this is several
// times as fast as the library's own writer. Only numbers with a fraction are left to it.
using OrderedJson = nlohmann::ordered_json;

bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '#'; }

void append_unit(uint32_t unit, std::string& out) {
  fmt::format_to(std::back_inserter(out), "\\u{:04x}", unit);
}

// The character that starts valid UTF-8, and its length.
std::pair<uint32_t, size_t> character_of(std::string_view text) {
  const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {byte(0), 1};
  const size_t length = byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
  uint32_t code = byte(0) & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) code = code << 6 | (byte(i) & 0x3Fu);
  return {code, length};
}

void append_character(uint32_t code, std::string& out) {
  constexpr std::string_view kSigns = "\b\f\n\r\t\"\\";
  constexpr std::string_view kLetters = "bfnrt\"\\";
  const size_t sign = code < 0x80 ? kSigns.find(static_cast<char>(code)) : std::string_view::npos;
  if (sign != std::string_view::npos) {
    out += '\\';
    out += kLetters[sign];
  } else if (code >= 0x10000) {
    append_unit(0xD800 + ((code - 0x10000) >> 10), out);
    append_unit(0xDC00 + ((code - 0x10000) & 0x3FF), out);
  } else {
    append_unit(code, out);
  }
}

void append_string(std::string_view given, std::string& out) {
  const std::string kept = valid_utf8(given);
  std::string_view text = kept;
  out += '"';
  bool marked = false;  // a `#` stands before
  while (!text.empty()) {
    const auto* end = std::find_if_not(text.begin(), text.end(), is_plain);
    const auto plain = static_cast<size_t>(end - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    marked = marked && plain == 0;
    if (text.empty()) break;
    const auto [code, length] = character_of(text);
    if (code == '#' && !marked) {
      out += '#';
      marked = true;
    } else {
      append_character(code, out);
      marked = false;
    }
    text.remove_prefix(length);
  }
  out += '"';
}

// What we write nests a few levels deep.
void append_value(const OrderedJson& json, std::string& out) {  // NOLINT(misc-no-recursion)
  const char* separator = "";
  if (json.is_object()) {
    out += '{';
    for (const auto& [name, value] : json.get_ref<const OrderedJson::object_t&>()) {
      out += separator;
      append_string(name, out);
      out += ':';
      append_value(value, out);
      separator = ",";
    }
    out += '}';
  } else if (json.is_array()) {
    out += '[';
    for (const OrderedJson& value : json) {
      out += separator;
      append_value(value, out);
      separator = ",";
    }
    out += ']';
  } else if (json.is_string()) {
    append_string(json.get_ref<const std::string&>(), out);
  } else {
    out += json.dump();
  }
}

}  // namespace

std::string sarif_uri(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part == "..") {
      // The name of a member must not lead out of its archive, `a.zip!`.
      if (!parts.empty() && !parts.back().ends_with('!')) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  std::string out;
  for (const std::string_view part : parts) {
    if (!out.empty()) out += '/';
    out += percent_encoded(part);
  }
  return out.empty() ? "unnamed" : out;
}

std::string sarif_repository_uri(std::string_view address) {
  constexpr std::string_view kSchemes[] = {"https", "http", "ssh", "git"};
  std::string_view scheme = "ssh";
  std::string_view host;
  std::string_view path;
  const size_t colon = std::min(address.find(':'), address.size());
  const std::string_view rest = address.substr(std::min(colon + 1, address.size()));
  if (rest.starts_with("//")) {
    scheme = address.substr(0, colon);
    host = rest.substr(2, rest.find('/', 2) - 2);
    path = rest.substr(std::min(2 + host.size(), rest.size()));
  } else if (address.find('/') > colon && !rest.starts_with(':')) {  // a folder, a helper's name
    host = address.substr(0, colon);
    path = rest;
  }
  if (const size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  path = path.substr(0, path.find_first_of("?#"));
  while (path.starts_with('/')) path.remove_prefix(1);
  if (std::find(std::begin(kSchemes), std::end(kSchemes), scheme) == std::end(kSchemes) ||
      path.empty() || !is_host(host)) {
    return "";
  }
  return fmt::format("{}://{}/{}", scheme, host, sarif_uri(path));
}

std::string sarif_argument(std::string_view bytes) {
  std::string out;
  add_links_escaped(printable(bytes), out);
  return out;
}

std::string sarif_literal(std::string_view words) {
  std::string out;
  add_links_escaped(valid_utf8(words), out);
  return braces_doubled(out);
}

std::string fill_message(std::string_view message_string, std::span<const std::string> arguments) {
  std::string out;
  for (size_t at = 0; at < message_string.size();) {
    const std::string_view rest = message_string.substr(at);
    if (rest.starts_with("{{")) {
      out += "{{";
      at += 2;
    } else if (rest.size() > 2 && rest[0] == '{' && rest[2] == '}' &&
               static_cast<size_t>(rest[1] - '0') < arguments.size()) {
      out += braces_doubled(arguments[static_cast<size_t>(rest[1] - '0')]);
      at += 3;
    } else {
      out += rest[0];
      ++at;
    }
  }
  return out;
}

nlohmann::ordered_json sarif_message(std::string_view message_string, std::string_view id,
                                     std::initializer_list<std::string_view> arguments) {
  return sarif_message(message_string, id,
                       std::span<const std::string_view>(arguments.begin(), arguments.size()));
}

nlohmann::ordered_json sarif_message(std::string_view message_string, std::string_view id,
                                     std::span<const std::string_view> arguments) {
  std::vector<std::string> escaped;
  for (const std::string_view argument : arguments) escaped.push_back(sarif_argument(argument));
  nlohmann::ordered_json message;
  message["text"] = fill_message(message_string, escaped);
  message["id"] = id;
  message["arguments"] = std::move(escaped);
  return message;
}

std::string without_link_escapes(std::string_view argument) {
  std::string out;
  for (size_t at = 0; at < argument.size(); ++at) {
    const bool escaped = argument[at] == '\\' && at + 1 < argument.size() &&
                         std::string_view("[]\\").find(argument[at + 1]) != std::string_view::npos;
    out += argument[at += escaped ? 1 : 0];
  }
  return out;
}

uint64_t utf16_length(std::string_view utf8) {
  uint64_t units = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xC0) != 0x80 ? 1 : 0;
    units += byte >= 0xF0 ? 1 : 0;
  }
  return units;
}

void append_json(const nlohmann::ordered_json& json, std::string& out) { append_value(json, out); }

}  // namespace assay
