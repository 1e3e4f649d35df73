// Ignore rules in gitignore's syntax.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// The patterns of one ignore file, for the paths below the folder that holds it.
class IgnoreRules {
 public:
  static constexpr size_t kMaxBytes = size_t{1} << 20;
  static constexpr size_t kMaxLines = 10'000;

  // Never fails: a line that can match nothing matches nothing, as in git. At most 10,000 lines and
  // 1 MiB are read; a line that the limit cuts in two is left out.
  static IgnoreRules parse(std::string_view text);

  // Why `pattern` as a line of its own could never match ("a '[' is not closed"), or empty. For
  // patterns that a user typed, who wants to hear of it.
  static std::string_view fault(std::string_view pattern);

  enum class Verdict { none, ignored, kept };

  // What the last matching line says of `path`, relative to the folder, `/` between parts, no slash
  // at either end. `none`: no line matches, so ask the rules of the folder above. Patterns built to
  // be slow run into a limit on the work for one path: such a path is `kept`.
  Verdict check(std::string_view path, bool is_folder) const;

  bool empty() const { return lines_.empty(); }

  // The text was longer than what is read.
  bool cut() const { return cut_; }

  // Roughly the bytes that the rules take.
  size_t memory() const;

 private:
  // What stands between two slashes, as a range of Line::pattern.
  struct Part {
    size_t begin = 0;
    size_t length = 0;
    bool folders = false;    // `**`: any number of parts of the path
    bool needs_one = false;  // … but one at least
  };
  struct Line {
    std::string pattern;      // without `!` and the slashes at its ends
    size_t literal = 0;       // so many bytes come before the first of * ? [ and backslash
    std::vector<Part> parts;  // of what follows `literal`; empty if nothing follows
    bool negated = false;
    bool folders_only = false;
    bool anchored = false;  // holds a slash before its end: matched against the whole path
  };
  static std::string_view read_line(std::string_view text, Line& line);
  static std::string_view split(Line& line);
  static bool matches(const Line& line, std::string_view name, size_t& work);

  std::vector<Line> lines_;
  bool cut_ = false;
};

}  // namespace assay
