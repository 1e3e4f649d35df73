// Compares patterns with paths, in time bounded by pattern × path and by the caller's steps.
//
//   services/**/*.json   a/services/x/y.json: no, unless it floats
//                        services/x/y.json: `**` takes "x", `*.json` takes "y.json"
//
// Both are cut at their slashes as they are read. Parts are compared with parts, and within a part
// `*` with bytes, both in the greedy way that needs one point to go back to: the last `**` or `*`.
// (scanner/sources/ignore.h has gitignore's patterns, which differ: there a file's folders decide,
// and the work is bounded for a whole file of patterns, of which it does not tell the one that
// matched.)
#include "response/path_pattern.h"

#include <algorithm>

namespace assay {

namespace {

constexpr size_t kNone = std::string_view::npos;

std::string_view part_at(std::string_view path, size_t begin) {
  return path.substr(begin, std::min(path.find('/', begin), path.size()) - begin);
}

size_t next_part(std::string_view path, size_t begin) {
  const size_t slash = path.find('/', begin);
  return slash == kNone ? kNone : slash + 1;
}

// Reads `[a-z]` or `[!a-z]` at `at` and tells whether it holds `c`. Returns where it ends, or kNone
// if it is not closed.
size_t read_bracket(std::string_view pattern, size_t at, char c, bool& holds) {
  ++at;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  bool hit = false;
  const auto character = [&]() {
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    return static_cast<unsigned char>(pattern[at++]);
  };
  while (at < pattern.size() && pattern[at] != ']') {
    const unsigned char low = character();
    unsigned char high = low;
    if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
      ++at;
      high = character();
    }
    hit = hit || (static_cast<unsigned char>(c) >= low && static_cast<unsigned char>(c) <= high);
  }
  if (at >= pattern.size()) return kNone;
  holds = hit != negated;
  return at + 1;
}

// Compares one step of a pattern, not a `*`, with `c`. Returns where the next step begins, or kNone
// if it does not match.
size_t match_step(std::string_view pattern, size_t at, char c, bool brackets, Steps& steps) {
  if (pattern[at] == '?') return at + 1;
  if (pattern[at] == '[' && brackets) {
    bool holds = false;
    const size_t end = read_bracket(pattern, at, c, holds);
    steps.take((end == kNone ? pattern.size() : end) - at);
    return holds ? end : kNone;
  }
  if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
  return pattern[at] == c ? at + 1 : kNone;
}

bool takes_any_parts(const PathPattern& pattern, std::string_view part, size_t begin) {
  return part == "**" && (!pattern.ruby || next_part(pattern.text, begin) != kNone);
}

}  // namespace

bool matches_name(std::string_view pattern, std::string_view name, bool brackets, Steps& steps) {
  size_t p = 0;
  size_t n = 0;
  size_t star = kNone;  // where the pattern goes on after the last `*` seen …
  size_t taken = 0;     // … and the end of what that took
  while (n < name.size()) {
    if (!steps.take()) return false;
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      taken = n;
      continue;
    }
    if (p == pattern.size() && star == p) return true;
    const size_t next =
        p < pattern.size() ? match_step(pattern, p, name[n], brackets, steps) : kNone;
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

bool matches(const PathPattern& pattern, std::string_view path, Steps& steps) {
  size_t p = 0;                                 // the part that is next
  size_t n = path.empty() ? kNone : 0;          // the path's
  size_t after = pattern.floating ? 0 : kNone;  // the part after the last `**` seen …
  size_t taken = n;                             // … and the end of what that took
  for (;;) {
    if (!steps.take()) return false;
    if (p == kNone) {
      if (n == kNone ? pattern.end != PathPattern::End::below
                     : pattern.end != PathPattern::End::exact) {
        return true;
      }
    } else {
      const std::string_view part = part_at(pattern.text, p);
      if (takes_any_parts(pattern, part, p)) {
        p = next_part(pattern.text, p);
        if (p == kNone) return n != kNone;  // at the end it takes one part or more
        after = p;
        taken = n;
        continue;
      }
      if (n != kNone && matches_name(part, part_at(path, n), pattern.ruby, steps)) {
        p = next_part(pattern.text, p);
        n = next_part(path, n);
        continue;
      }
    }
    if (after == kNone || taken == kNone) return false;
    taken = next_part(path, taken);
    if (taken == kNone) return false;
    p = after;
    n = taken;
  }
}

}  // namespace assay
