// One pass over the text:
//
//   [core]                      section "core"
//     bare = false  ; why       key "bare", value "false"
//   [remote "origin"]           section "remote.origin"
//     url = "a b"\              a value goes on behind a backslash at the end of the line
//       c                       "a b      c"
#include "git/config_file.h"

#include <charconv>
#include <cstdint>

namespace assay {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
bool is_name(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-';
}
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

class Parser {
 public:
  Parser(std::string_view text, size_t& line) : text_(text), line_(line) {
    line_ = 1;
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }
  bool ended() const { return at_ >= text_.size(); }
  void next() {
    if (at_ < text_.size() && text_[at_] == '\n') ++line_;
    ++at_;
  }
  void skip_blanks() {
    while (!ended() && is_blank(peek())) next();
  }
  void skip_line() {
    while (!ended() && peek() != '\n') next();
  }

  // Behind the `[`.
  bool section(std::string& name) {
    name.clear();
    for (; is_name(peek()) || peek() == '.'; next()) name += lower(peek());
    if (name.empty()) return false;
    if (is_blank(peek())) {
      skip_blanks();
      if (peek() != '"') return false;
      next();
      name += '.';
      for (; peek() != '"'; next()) {
        if (peek() == '\n') return false;
        if (peek() == '\\') next();
        if (peek() == '\n') return false;
        name += peek();
      }
      next();
    }
    if (peek() != ']') return false;
    next();
    return true;
  }

  bool key(std::string& name) {
    name.clear();
    for (; is_name(peek()); next()) name += lower(peek());
    skip_blanks();
    return !name.empty();
  }

  // Behind the `=`, to the end of the line.
  bool value(std::string& out) {
    bool quoted = false;
    size_t kept = 0;  // up to here blanks at the end belong to the value
    skip_blanks();
    for (; !ended(); next()) {
      char c = peek();
      if (c == '\n') break;
      if (!quoted && (c == '#' || c == ';')) {
        skip_line();
        break;
      }
      if (c == '"') {
        quoted = !quoted;
        kept = out.size();
        continue;
      }
      if (c == '\\') {
        next();
        if (peek() == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') next();
        if (ended()) return false;
        c = peek();
        if (c == '\n') continue;
        constexpr std::string_view kFrom = "ntb\\\"", kTo = "\n\t\b\\\"";
        const size_t which = kFrom.find(c);
        if (which == std::string_view::npos) return false;
        out += kTo[which];
        kept = out.size();
        continue;
      }
      out += c;
      if (quoted || !is_blank(c)) kept = out.size();
    }
    out.resize(kept);
    return !quoted;
  }

 private:
  std::string_view text_;
  size_t& line_;
  size_t at_ = 0;
};

}  // namespace

bool parse_config(std::string_view text, size_t& line,
                  const std::function<void(std::string_view section, std::string_view key,
                                           std::string&& value)>& entry) {
  Parser parser(text, line);
  std::string section, key;
  while (!parser.ended()) {
    const char c = parser.peek();
    if (is_blank(c) || c == '\n') {
      parser.next();
    } else if (c == '#' || c == ';') {
      parser.skip_line();
    } else if (c == '[') {
      parser.next();
      if (!parser.section(section)) return false;
    } else {
      std::string value;
      if (!parser.key(key)) return false;
      if (parser.peek() == '=') {
        parser.next();
        if (!parser.value(value)) return false;
      } else if (parser.peek() == '\n' || parser.peek() == '#' || parser.peek() == ';') {
        value = "true";
      } else {
        return false;
      }
      entry(section, key, std::move(value));
    }
  }
  return true;
}

bool is_true(std::string_view value) {
  std::string word;
  for (const char c : value.substr(0, 32)) word += lower(c);
  if (word == "true" || word == "yes" || word == "on") return true;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size() && number != 0;
}

}  // namespace assay
