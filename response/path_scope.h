// Gitignore patterns as a scope: which findings they are about.
#pragma once

#include <string>
#include <string_view>

#include "scanner/finding.h"
#include "scanner/sources/ignore.h"

namespace assay {

// The path that scopes are asked with: in the repository where one is known, else as reported.
std::string_view path_of(const Finding& finding);

class PathScope {
 public:
  // `patterns`: lines of gitignore's syntax, relative to where paths begin.
  explicit PathScope(std::string_view patterns) : rules_(IgnoreRules::parse(patterns)) {}

  // Whether git would ignore the path: by its name or by one of its folders'. What lies in an
  // archive is also covered by a pattern of the archive. Bounded work.
  bool covers(std::string_view path) const;

 private:
  bool covers_file(std::string_view path) const;

  IgnoreRules rules_;
};

}  // namespace assay
