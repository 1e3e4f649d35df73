// Reads gitignore lines and matches paths against them, in time bounded by pattern × path.
//
//   logs/**/*.json   →  literal "logs/", then the parts `**` and `*.json`
//   a/logs/x/y.json  →  anchored, so the whole path is compared: no match
//   logs/x/y.json    →  `**` takes "x", `*.json` takes "y.json": a match
//
// A pattern is cut at its slashes, since only `**` matches across one. Parts are compared with the
// parts of the path, and inside a part `*` with its bytes, both in the greedy way that needs one
// point to go back to: the last `**` or `*` seen. Where git's documentation and git differ, this
// follows git: `x/a**/b` matches `x/ab`, since git compares the literal start first and then takes
// `**/b` for a pattern of its own.
#include "scanner/sources/ignore.h"

#include <algorithm>
#include <iterator>

namespace assay {
namespace {

using std::string_view;

constexpr size_t kNone = string_view::npos;
constexpr string_view kSpecial = "*?[\\";

// Steps of comparing for one path. Ten thousand usual lines need a tenth; 1 MiB of lines as
// `*aaa…ab` needs a hundred million for a name of 255 bytes.
constexpr size_t kMaxWork = 4'000'000;

bool is_between(unsigned char c, char low, char high) {
  return c >= static_cast<unsigned char>(low) && c <= static_cast<unsigned char>(high);
}
bool is_digit(unsigned char c) { return is_between(c, '0', '9'); }
bool is_lower(unsigned char c) { return is_between(c, 'a', 'z'); }
bool is_upper(unsigned char c) { return is_between(c, 'A', 'Z'); }
bool is_alpha(unsigned char c) { return is_lower(c) || is_upper(c); }
bool is_alnum(unsigned char c) { return is_alpha(c) || is_digit(c); }
bool is_xdigit(unsigned char c) {
  return is_digit(c) || is_between(c, 'a', 'f') || is_between(c, 'A', 'F');
}
bool is_blank(unsigned char c) { return c == ' ' || c == '\t'; }
bool is_space(unsigned char c) { return is_blank(c) || c == '\n' || c == '\r'; }  // as git's
bool is_cntrl(unsigned char c) { return c < 0x20 || c == 0x7F; }
bool is_print(unsigned char c) { return is_between(c, ' ', '~'); }
bool is_graph(unsigned char c) { return is_between(c, '!', '~'); }
bool is_punct(unsigned char c) { return is_graph(c) && !is_alnum(c); }

struct NamedClass {
  string_view name;
  bool (*holds)(unsigned char);
};
constexpr NamedClass kClasses[] = {{"alnum", is_alnum}, {"alpha", is_alpha}, {"blank", is_blank},
                                   {"cntrl", is_cntrl}, {"digit", is_digit}, {"graph", is_graph},
                                   {"lower", is_lower}, {"print", is_print}, {"punct", is_punct},
                                   {"space", is_space}, {"upper", is_upper}, {"xdigit", is_xdigit}};

const NamedClass* find_class(string_view name) {
  const auto* found = std::find_if(std::begin(kClasses), std::end(kClasses),
                                   [&](const NamedClass& named) { return named.name == name; });
  return found == std::end(kClasses) ? nullptr : found;
}

// Reads the bracket expression at `i` and tells whether it holds `c`. Returns where it ends, or
// kNone if it is malformed (which does not depend on `c`).
size_t read_bracket(string_view pattern, size_t i, unsigned char c, bool& holds) {
  const auto at = [&](size_t k) {
    return k < pattern.size() ? static_cast<unsigned char>(pattern[k])
                              : static_cast<unsigned char>(0);
  };
  ++i;
  const bool negated = at(i) == '!' || at(i) == '^';
  if (negated) ++i;
  bool hit = false;
  unsigned char previous = 0;  // where a range may begin; 0 after a range or a class
  unsigned char ch = at(i);
  size_t close = 0;  // the next `]`, kept: looking for it at every `[:` would be quadratic
  do {               // a `]` that comes first is a member
    if (ch == 0) return kNone;
    if (ch == '\\') {
      if ((ch = at(++i)) == 0) return kNone;
      hit |= c == ch;
    } else if (ch == '-' && previous != 0 && at(i + 1) != 0 && at(i + 1) != ']') {
      ch = at(++i);
      if (ch == '\\' && (ch = at(++i)) == 0) return kNone;
      hit |= c >= previous && c <= ch;
      ch = 0;
    } else if (ch == '[' && at(i + 1) == ':') {
      const size_t begin = i + 2;
      if (close < begin) close = pattern.find(']', begin);
      if (close == kNone) return kNone;
      if (close == begin || pattern[close - 1] != ':') {
        hit |= c == '[';
      } else {
        const NamedClass* named = find_class(pattern.substr(begin, close - 1 - begin));
        if (named == nullptr) return kNone;
        hit |= named->holds(c);
        i = close;
        ch = 0;
      }
    } else {
      hit |= c == ch;
    }
    previous = ch;
    ch = at(++i);
  } while (ch != ']');
  holds = hit != negated;
  return i + 1;
}

// Compares one step of a well-formed pattern, not a `*`, with `c`. Returns where the next step
// begins, or kNone if it does not match.
size_t match_step(string_view pattern, size_t p, char c, size_t& work) {
  switch (pattern[p]) {
    case '?':
      return p + 1;
    case '[': {
      bool holds = false;
      const size_t end = read_bracket(pattern, p, static_cast<unsigned char>(c), holds);
      work += end - p;
      return holds ? end : kNone;
    }
    case '\\':
      return pattern[p + 1] == c ? p + 2 : kNone;
    default:
      return pattern[p] == c ? p + 1 : kNone;
  }
}

// Compares a well-formed pattern without slashes with a name.
bool match_name(string_view pattern, string_view name, size_t& work) {
  size_t p = 0;
  size_t n = 0;
  size_t star = kNone;  // where the pattern goes on after the last `*` seen …
  size_t taken = 0;     // … and the end of what that took
  while (n < name.size()) {
    if (++work > kMaxWork) return false;
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      taken = n;
      continue;
    }
    if (p == pattern.size() && star == p) return true;
    const size_t next = p < pattern.size() ? match_step(pattern, p, name[n], work) : kNone;
    if (next != kNone) {
      p = next;
      ++n;
    } else if (star != kNone) {
      p = star;
      n = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

// Spaces at the end of a line do not count, unless there is a backslash before them.
string_view without_trailing_spaces(string_view line) {
  size_t end = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const bool escaped = line[i] == '\\' && i + 1 < line.size();
    if (escaped) ++i;
    if (escaped || line[i] != ' ') end = i + 1;
  }
  return line.substr(0, end);
}

}  // namespace

IgnoreRules IgnoreRules::parse(string_view text) {
  IgnoreRules rules;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.size() > kMaxBytes) {
    rules.cut_ = true;
    text = text.substr(0, kMaxBytes);
    text = text.substr(0, text.rfind('\n') + 1);
  }
  for (size_t count = 0; !text.empty(); ++count) {
    if (count == kMaxLines) {
      rules.cut_ = true;
      break;
    }
    const size_t end = std::min(text.find('\n'), text.size());
    Line line;
    if (read_line(text.substr(0, end), line).empty()) rules.lines_.push_back(std::move(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return rules;
}

string_view IgnoreRules::fault(string_view pattern) {
  if (pattern.find('\n') != kNone) return "it holds a line break";
  if (pattern.find('\0') != kNone) return "it holds a zero byte";
  Line line;
  return read_line(pattern, line);
}

// Fills `line`. Returns why the line can match nothing, or empty.
string_view IgnoreRules::read_line(string_view text, Line& line) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  text = text.substr(0, text.find('\0'));  // where git's strings end
  if (text.starts_with('#')) return "it is a comment";
  text = without_trailing_spaces(text);
  if (text.starts_with('!')) {
    line.negated = true;
    text.remove_prefix(1);
  }
  if (text.ends_with('/')) {
    line.folders_only = true;
    text.remove_suffix(1);
  }
  line.anchored = text.find('/') != kNone;
  if (text.starts_with('/')) text.remove_prefix(1);
  if (text.empty()) return "it is empty";
  line.pattern = text;
  line.literal = std::min(text.find_first_of(kSpecial), text.size());
  return line.literal < text.size() ? split(line) : string_view();
}

// Cuts what follows the literal start at its slashes. Returns a fault or empty.
string_view IgnoreRules::split(Line& line) {
  const string_view pattern = line.pattern;
  Part part{.begin = line.literal};
  const auto finish = [&](size_t end, bool needs_one) {
    part.length = end - part.begin;
    const string_view text = pattern.substr(part.begin, part.length);
    part.folders = line.anchored && text.size() >= 2 && text.find_first_not_of('*') == kNone;
    part.needs_one = needs_one;
    line.parts.push_back(part);
  };
  for (size_t i = line.literal; i < pattern.size();) {
    const bool escaped = pattern[i] == '\\';
    if (escaped && i + 1 == pattern.size()) return "it ends in a single backslash";
    if (pattern[i + (escaped ? 1 : 0)] == '/') {
      finish(i, escaped);  // only a plain `**/` can be nothing at all, in git
      i += escaped ? 2 : 1;
      part = Part{.begin = i};
    } else if (pattern[i] == '[') {
      bool holds = false;
      i = read_bracket(pattern, i, 0, holds);
      if (i == kNone) return "a '[' is not closed, or holds an unknown class";
    } else {
      i += escaped ? 2 : 1;
    }
  }
  finish(pattern.size(), false);
  return {};
}

// Compares the line with a path, or with the last part of one if it is not anchored.
bool IgnoreRules::matches(const Line& line, string_view name, size_t& work) {
  const string_view pattern = line.pattern;
  if (!name.starts_with(pattern.substr(0, line.literal))) return false;
  if (line.parts.empty()) return name.size() == line.literal;
  name.remove_prefix(line.literal);

  size_t i = 0;                  // the part that is next
  size_t at = 0;                 // where the path's next part begins; kNone at its end
  size_t after_folders = kNone;  // the part after the last `**` seen …
  size_t taken = 0;              // … and the end of what that took
  const auto part_end = [&](size_t begin) { return std::min(name.find('/', begin), name.size()); };
  const auto next_part = [&](size_t begin) {
    const size_t end = part_end(begin);
    return end == name.size() ? kNone : end + 1;
  };
  while (at != kNone) {
    if (++work > kMaxWork) return false;
    if (i < line.parts.size() && line.parts[i].folders) {
      if (line.parts[i].needs_one) at = next_part(at);
      if (++i == line.parts.size()) return true;
      after_folders = i;
      taken = at;
      continue;
    }
    if (i < line.parts.size() &&
        match_name(pattern.substr(line.parts[i].begin, line.parts[i].length),
                   name.substr(at, part_end(at) - at), work)) {
      ++i;
      at = next_part(at);
    } else if (after_folders != kNone) {
      i = after_folders;
      at = taken = next_part(taken);
    } else {
      return false;
    }
  }
  return i == line.parts.size();
}

IgnoreRules::Verdict IgnoreRules::check(string_view path, bool is_folder) const {
  const string_view name = path.substr(path.rfind('/') + 1);
  size_t work = 0;
  for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
    if (line->folders_only && !is_folder) continue;
    const bool matched = matches(*line, line->anchored ? path : name, work);
    if (work > kMaxWork) return Verdict::kept;
    if (matched) return line->negated ? Verdict::kept : Verdict::ignored;
  }
  return Verdict::none;
}

size_t IgnoreRules::memory() const {
  size_t bytes = 0;
  for (const Line& line : lines_) {
    bytes += sizeof line + line.pattern.size() + line.parts.size() * sizeof(Part);
  }
  return bytes;
}

}  // namespace assay
