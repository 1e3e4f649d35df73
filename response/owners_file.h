// owners.toml: which team answers for the keys of which hosts, apps, paths, channels and projects.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// What a pattern is about, the fact that says most of a key's owner first. This order counts before
// that of the file.
enum class OwnerFact { host, app, path, channel, project };
inline constexpr size_t kOwnerFacts = 5;

// One [[owner]].
struct OwnersRule {
  std::string name, contact, runbook;
  struct Pattern {
    std::string text;
    size_t line = 0;
  };
  std::array<std::vector<Pattern>, kOwnerFacts> patterns;  // beside OwnerFact
};

// What is known of a key's place. Absent facts are empty.
struct OwnerFacts {
  std::string_view host, app;
  std::string_view path;     // in the repository, where it is known, else as reports have it
  std::string_view channel;  // SYSTEM/CONTAINER of the record; of a project likewise
};

// The rule that answers. Points into the OwnersFile and the OwnerFacts.
struct OwnersMatch {
  const OwnersRule* rule = nullptr;
  OwnerFact fact = OwnerFact::host;
  const OwnersRule::Pattern* pattern = nullptr;
  std::string_view value;  // of OwnerFacts: what it matched
};

// One file. const members: any thread.
class OwnersFile {
 public:
  static constexpr size_t kMaxBytes = size_t{1} << 20;
  static constexpr size_t kMaxRules = 10'000;
  static constexpr size_t kMaxPatterns = 100'000;  // of all rules

  // Throws Error, with `name`, line and remedy, at the first thing that is wrong: bad syntax, an
  // unknown key, a wrong type, an empty pattern, an [[owner]] without a name or without a pattern.
  static OwnersFile parse(std::string_view toml, std::string name);

  // Reads a regular file, called `name` in messages and reasons. Throws Error.
  static OwnersFile read(const std::string& path, const std::string& name);

  // Of the facts in their order, the first that a rule has a pattern for; of the rules, the first
  // in the file. `gave_up`: the patterns are made to be slow, so it is not known.
  std::optional<OwnersMatch> find(const OwnerFacts& facts, bool& gave_up) const;

  const std::string& name() const { return name_; }
  const std::vector<OwnersRule>& rules() const { return rules_; }

 private:
  std::string name_;
  std::vector<OwnersRule> rules_;
};

// "host", "app", "path", "channel", "project".
std::string_view to_string(OwnerFact fact);

}  // namespace assay
