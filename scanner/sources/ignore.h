// Ignore rules in gitignore's syntax.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay {

// The patterns of one ignore file, for the paths below the folder that holds it.
class IgnoreRules {
 public:
  // Never fails: a line that can match nothing matches nothing, as in git. At most 10,000 lines and
  // 1 MiB are read.
  static IgnoreRules parse(std::string_view text);

  enum class Verdict { none, ignored, kept };

  // What the last matching line says of `path`, relative to the folder, `/` between parts, no slash
  // at either end. `none`: no line matches, so ask the rules of the folder above.
  Verdict check(std::string_view path, bool is_folder) const;

  bool empty() const { return lines_.empty(); }

 private:
  struct Line {
    std::string pattern;
    bool negated = false;
    bool folders_only = false;
    bool anchored = false;  // holds a slash before its end: matched against the whole path
  };
  std::vector<Line> lines_;
};

}  // namespace assay
