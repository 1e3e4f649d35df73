// CODEOWNERS: who owns which path of a repository, by GitHub's rules or by GitLab's.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "response/path_pattern.h"

namespace assay {

enum class CodeownersForm { github, gitlab };

// Whose a path is. `owners` as written there: @user, @org/team, @@role, an address. `reason`: half
// a sentence, "line 12 of .github/CODEOWNERS, services/payments/". No key stands in either.
struct CodeownersAnswer {
  std::vector<std::string> owners;
  std::string reason;
  bool gave_up = false;  // the patterns are made to be slow: the owners are not known
};

// One file. const members: any thread. docs/owner.md says what counts.
class Codeowners {
 public:
  // GitHub reads no file of more than 3 MB; here that goes for both.
  static constexpr size_t kMaxBytes = 3'000'000;
  static constexpr size_t kMaxRules = 100'000;

  // Reads the text of the file `name`, a path that stands in reasons and decides the form where
  // `form` does not: in .github/ it is GitHub's, in .gitlab/ GitLab's; else it is GitLab's if a
  // section's heading is in it. Lines that are wrong are left out, as both services do. Throws
  // Error if it is longer than kMaxBytes or has more than kMaxRules rules.
  static Codeowners parse(std::string text, std::string name,
                          std::optional<CodeownersForm> form = std::nullopt);

  // Reads a regular file. Throws Error.
  static Codeowners read(const std::string& path, const std::string& name,
                         std::optional<CodeownersForm> form = std::nullopt);

  // Where the file is in a repository, relative to its root: the first of .github/CODEOWNERS,
  // CODEOWNERS, docs/CODEOWNERS, .gitlab/CODEOWNERS that is there, of a form's own places only;
  // empty: nowhere. Symbolic links are not followed: they may lead out of the repository.
  static std::string find_in(const std::string& root, std::optional<CodeownersForm> form);

  // The owners of `path`, relative to the repository's root. Nothing: nobody, by these rules. The
  // work is bounded, for one path and for all that are ever asked; the last answer is kept, since
  // findings of one file come one after another.
  std::optional<CodeownersAnswer> find(std::string_view path) const;

  const std::string& name() const { return name_; }
  CodeownersForm form() const { return form_; }

 private:
  struct Rule {
    PathPattern pattern;
    std::string_view text;    // the pattern as it is written
    std::string_view owners;  // the words after it, or the section's
    uint32_t line = 0;
    uint32_t section = 0;
    bool exclusion = false;
  };
  class Reader;
  struct Past;  // what was asked; copies share it

  std::optional<CodeownersAnswer> look_up(std::string_view path, Steps& steps) const;
  std::string reason_of(const std::vector<const Rule*>& rules) const;

  std::shared_ptr<const std::string> text_;  // what the views point into
  std::string name_;
  CodeownersForm form_ = CodeownersForm::github;
  std::shared_ptr<Past> past_;
  std::vector<Rule> rules_;                 // in the order that counts: the last match wins
  std::vector<std::string_view> sections_;  // names; the first one has none
};

}  // namespace assay
