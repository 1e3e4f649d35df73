// As git does it: a folder that is ignored takes all below it with it.
#include "response/path_scope.h"

namespace assay {

namespace {
constexpr std::string_view kMember = "!/";  // a.zip!/b.txt
constexpr int kMostFolders = 256;           // deeper ones are asked as files only
}  // namespace

std::string_view path_of(const Finding& finding) {
  if (finding.git != nullptr && !finding.git->path.empty()) return finding.git->path;
  if (finding.provenance == nullptr) return {};
  std::string_view path = finding.provenance->path;
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

bool PathScope::covers_file(std::string_view path) const {
  int folders = 0;
  for (size_t at = path.find('/', 1); at != path.npos && folders < kMostFolders; ++folders) {
    if (rules_.check(path.substr(0, at), true) == IgnoreRules::Verdict::ignored) return true;
    at = path.find('/', at + 1);
  }
  return rules_.check(path, false) == IgnoreRules::Verdict::ignored;
}

bool PathScope::covers(std::string_view path) const {
  if (path.empty()) return false;
  if (path.front() == '/') path.remove_prefix(1);
  if (covers_file(path)) return true;
  const size_t member = path.find(kMember);
  return member != path.npos && covers_file(path.substr(0, member));
}

}  // namespace assay
