// The words are put together from three pieces, each left out where nothing is known:
//
//   came with 1a2b3c4d5e of 2025-11-02 by Dana, removed by 9f8e7d6c5b; still in the history of main
//   where it came from                          how it stands          what still holds it
//
// Names of people and branches come from the repository: they are printable here, and cut where
// they are long.
#include "reports/history.h"

#include <fmt/format.h>

#include <vector>

#include "reports/format.h"

namespace assay {

namespace {

constexpr size_t kIdDigits = 10;
constexpr size_t kDateLength = 10;  // of 2025-11-02T08:00:00Z
constexpr size_t kNameLength = 60;
constexpr size_t kRefs = 3;

std::string short_id(std::string_view id) { return printable(id.substr(0, kIdDigits)); }

// At most kNameLength bytes, no character of valid UTF-8 torn.
std::string clipped(std::string_view name) {
  if (name.size() <= kNameLength) return printable(name);
  size_t end = kNameLength;
  while (end > kNameLength - 4 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
  return printable(name.substr(0, end)) + "…";
}

// " of 2025-11-02 by Dana". Addresses are left out: whom to ask is told, not how to write to him.
std::string when_and_who(const GitFacts& git) {
  std::string out;
  if (!git.time.empty())
    out += " of " + printable(std::string_view(git.time).substr(0, kDateLength));
  std::string_view name = std::string_view(git.author).substr(0, git.author.find('<'));
  while (name.ends_with(' ')) name.remove_suffix(1);
  if (!name.empty()) out += " by " + clipped(name);
  return out;
}

// "main, v1.0 and 3 more"; empty if nothing holds it. Other refs only where no branch or tag does.
std::string refs(const GitFacts& git) {
  std::vector<std::string_view> names(git.branches.begin(), git.branches.end());
  names.insert(names.end(), git.tags.begin(), git.tags.end());
  uint64_t count = git.branch_count + git.tag_count;
  if (names.empty()) {
    names.assign(git.refs.begin(), git.refs.end());
    count = git.ref_count;
  }
  std::string out;
  uint64_t shown = 0;
  for (; shown < kRefs && shown < names.size(); ++shown) {
    out += (shown > 0 ? ", " : "") + clipped(names[shown]);
  }
  if (count > shown && shown > 0) out += fmt::format(" and {} more", grouped(count - shown));
  return out;
}

// "; still in the history of main": for what HEAD does not hold.
std::string holders(const GitFacts& git, std::string_view no_ref) {
  if (!git.refs_known) return "";
  const std::string names = refs(git);
  if (names.empty()) return fmt::format("; {}", no_ref);
  return (git.removed_by.empty() ? "; in the history of " : "; still in the history of ") + names;
}

// Of a file's text or name.
std::string course(const GitFacts& git, std::string_view no_ref) {
  std::string out;
  if (git.present_at_head) {
    out = git.staged ? "staged, and at HEAD" : "at HEAD";
    if (!git.introduced_by.empty()) {
      out += fmt::format(" since {}{}", short_id(git.introduced_by), when_and_who(git));
    }
    return out;
  }
  if (git.staged && git.commit.empty() && git.introduced_by.empty()) {
    return "staged, not committed yet";
  }
  if (git.introduced_by.empty() && git.commit.empty()) {
    return git.blob.empty() ? "in no commit" : "in no commit: object " + short_id(git.blob);
  }
  out = git.introduced_by.empty() ? "in " + short_id(git.commit)
                                  : "came with " + short_id(git.introduced_by) + when_and_who(git);
  if (!git.removed_by.empty()) out += ", removed by " + short_id(git.removed_by);
  return out + holders(git, no_ref);
}

}  // namespace

bool only_staged(const Finding& finding) {
  return finding.git && finding.git->staged && !finding.git->present_at_head;
}

bool stands_in_file(const Finding& finding) {
  if (finding.provenance && finding.provenance->kind != Provenance::Kind::file) return false;
  if (!finding.git) return true;
  return finding.git->object == "blob" && (finding.git->present_at_head || finding.git->staged);
}

std::string origin(const GitFacts& git) {
  return git.introduced_by.empty() ? "" : short_id(git.introduced_by) + when_and_who(git);
}

std::string history(const GitFacts& git, std::string_view no_ref) {
  if (git.object == "commit") {
    return fmt::format("in the text of commit {}{}{}",
                       short_id(git.commit.empty() ? git.blob : git.commit), when_and_who(git),
                       holders(git, no_ref));
  }
  if (git.object == "tag") {
    const std::string names = refs(git);
    if (!names.empty()) return fmt::format("in the text of tag {}{}", names, when_and_who(git));
    return fmt::format("in the text of tag {}{}; {}", short_id(git.blob), when_and_who(git),
                       no_ref == kNoRef ? "no ref names it" : no_ref);
  }
  return (git.object == "tree" ? "in the name itself; " : "") + course(git, no_ref);
}

}  // namespace assay
