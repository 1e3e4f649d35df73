// Reads CODEOWNERS line by line, and looks a path up from the last line on.
//
//   *               @contoso/all                 GitHub: the last line that matches counts,
//   /services/      @contoso/payments            so nobody owns services/demo
//   /services/demo
//
//   * @all                                       GitLab: the last of each section counts, so
//   [Services] @payments                         services/a.cs is @all's and @payments's, and what
//   /services/                                   `!` excludes is not the section's at all
//   !/services/demo/
//
// The two differ in more than sections. GitHub's patterns are gitignore's, so `docs` covers all
// below a folder of that name, and a pattern with a slash in it begins at the root. GitLab's are
// Ruby's File.fnmatch: only what begins with a slash begins at the root, and a folder needs a slash
// at its end. A pattern that stands twice in a section keeps its first place and has the last
// owners.
#include "response/codeowners.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "response/text_file.h"
#include "rules/rule_set.h"
#include "scanner/verify.h"

namespace assay {

namespace {

// Of comparing one path with all patterns, of which ten thousand usual ones take a tenth, and of
// all paths that are asked: some 20 seconds.
constexpr uint64_t kMostSteps = 4'000'000;
constexpr uint64_t kMostStepsInAll = 4'000'000'000;
constexpr size_t kMostOwners = 20;     // of one path
constexpr size_t kMostReasons = 3;     // sections named in a reason
constexpr size_t kShownPattern = 100;  // bytes

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

std::string_view stripped(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// The word that `text` begins with, which is taken from it; empty at its end.
std::string_view take_word(std::string_view& text) {
  text = stripped(text);
  const auto end = std::find_if(text.begin(), text.end(), is_blank);
  const std::string_view word = text.substr(0, static_cast<size_t>(end - text.begin()));
  text.remove_prefix(word.size());
  return word;
}

// The same of a pattern, in which `\ ` is a space.
std::string_view take_pattern(std::string_view& text) {
  size_t end = 0;
  while (end < text.size() && !(is_blank(text[end]) && (end == 0 || text[end - 1] != '\\'))) ++end;
  const std::string_view pattern = text.substr(0, end);
  text = stripped(text.substr(end));
  return pattern;
}

// @user, @org/team, @@role, or an address.
bool is_owner(std::string_view word) {
  const size_t at = word.find('@');
  return at != std::string_view::npos && at + 1 < word.size();
}

// GitHub leaves out a line with a word that is no owner. A comment may follow the owners.
bool has_only_owners(std::string_view words, std::string_view& owners) {
  owners = words;
  while (!words.empty()) {
    const std::string_view word = take_word(words);
    if (word.starts_with('#')) {
      owners = owners.substr(0, static_cast<size_t>(word.data() - owners.data()));
      return true;
    }
    if (!word.empty() && !is_owner(word)) return false;
  }
  return true;
}

// `[Name]`, `^[Name]`, `[Name][2] @owner`.
struct Heading {
  std::string_view name, owners;
  bool exact = false;  // nothing is wrong with it
};

std::optional<Heading> heading_of(std::string_view line) {
  if (line.starts_with('^')) line.remove_prefix(1);
  if (!line.starts_with('[')) return std::nullopt;
  const size_t close = line.find(']');
  if (close == std::string_view::npos) return std::nullopt;
  Heading heading{line.substr(1, close - 1), {}, close > 1};
  line.remove_prefix(close + 1);
  if (line.starts_with('[')) {
    const size_t end = line.find_first_not_of("0123456789 \t", 1);
    if (end != std::string_view::npos && line[end] == ']') line.remove_prefix(end + 1);
  }
  heading.exact = heading.exact && (line.empty() || is_blank(line.front()));
  heading.owners = stripped(line);
  std::string_view words = heading.owners;
  while (!words.empty()) heading.exact = is_owner(take_word(words)) && heading.exact;
  return heading;
}

// Of a text whose name does not tell. `[0-9].txt @a` is no heading: GitHub would leave it out.
bool has_headings(std::string_view text) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const auto heading = heading_of(stripped(text.substr(0, end)));
    if (heading && heading->exact) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

CodeownersForm form_of(std::string_view name, std::string_view text) {
  const auto lies_in = [&](std::string_view folder) {
    const std::string_view place = name.substr(0, name.rfind('/') + 1);
    return place == folder ||
           (place.ends_with(folder) && place[place.size() - folder.size() - 1] == '/');
  };
  if (lies_in(".github/")) return CodeownersForm::github;
  if (lies_in(".gitlab/")) return CodeownersForm::gitlab;
  return has_headings(text) ? CodeownersForm::gitlab : CodeownersForm::github;
}

std::optional<PathPattern> github_pattern(std::string_view text) {
  // What gitignore has and CODEOWNERS has not.
  if (text.starts_with('!') || text.starts_with("\\#")) return std::nullopt;
  if (text.find_first_of("[]") != std::string_view::npos) return std::nullopt;
  PathPattern pattern;
  pattern.end = PathPattern::End::within;
  if (text.ends_with('/')) {
    pattern.end = PathPattern::End::below;
    text.remove_suffix(1);
  }
  pattern.floating = text.find('/') == std::string_view::npos;
  if (text.starts_with('/')) text.remove_prefix(1);
  // `docs/*` covers the files of the folder and not those of the folders in it.
  if (text == "*" || text.ends_with("/*")) {
    if (pattern.end == PathPattern::End::within) pattern.end = PathPattern::End::exact;
  }
  pattern.text = text;
  if (text.empty()) return std::nullopt;
  return pattern;
}

PathPattern gitlab_pattern(std::string_view text) {
  PathPattern pattern;
  pattern.floating = pattern.ruby = true;
  if (text.starts_with('/')) {
    pattern.floating = false;
    text.remove_prefix(1);
  }
  if (text.ends_with('/')) {
    pattern.end = PathPattern::End::below;
    text.remove_suffix(1);
  } else if (text.empty()) {  // `/`: all of it
    return {.text = "*", .floating = true, .ruby = true};
  }
  pattern.text = text;
  return pattern;
}

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return out;
}

std::string clipped(std::string_view text) {
  return redact_names(text.substr(0, kShownPattern)) + (text.size() > kShownPattern ? "…" : "");
}

// Adds those of `words` that are owners and not there yet.
void add_owners(std::string_view words, std::vector<std::string>& owners) {
  while (!words.empty() && owners.size() < kMostOwners) {
    const std::string_view word = take_word(words);
    if (!is_owner(word)) continue;
    std::string owner = clipped(word);
    if (std::find(owners.begin(), owners.end(), owner) == owners.end()) {
      owners.push_back(std::move(owner));
    }
  }
}

}  // namespace

struct Codeowners::Past {
  std::mutex lock;
  uint64_t left = kMostStepsInAll;
  bool asked = false;
  std::string path;
  std::optional<CodeownersAnswer> answer;
};

// Fills one Codeowners from its text.
class Codeowners::Reader {
 public:
  explicit Reader(Codeowners& out) : out_(out) { out_.sections_.push_back({}); }

  void read() {
    std::string_view text = *out_.text_;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (uint32_t line = 1; !text.empty(); ++line) {
      const size_t end = std::min(text.find('\n'), text.size());
      const std::string_view content = stripped(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (content.empty() || content.starts_with('#')) continue;
      if (out_.form_ == CodeownersForm::github) {
        github_line(content, line);
      } else {
        gitlab_line(content, line);
      }
    }
  }

 private:
  void github_line(std::string_view content, uint32_t line) {
    const std::string_view text = take_pattern(content);
    const auto pattern = github_pattern(text);
    std::string_view owners;
    if (!pattern || !has_only_owners(content, owners)) return;
    add({*pattern, text, owners, line, 0, false});
  }

  void gitlab_line(std::string_view content, uint32_t line) {
    if (const auto heading = heading_of(content)) {
      const auto [known, is_new] =
          by_name_.emplace(folded(heading->name), static_cast<uint32_t>(out_.sections_.size()));
      if (is_new) out_.sections_.push_back(heading->name);
      section_ = known->second;
      default_owners_ = heading->owners;
      return;
    }
    const std::string_view text = take_pattern(content);
    Rule rule{{}, text, content.empty() ? default_owners_ : content, line, section_, false};
    rule.exclusion = text.starts_with('!');
    rule.pattern = gitlab_pattern(rule.exclusion ? text.substr(1) : text);
    const PathPattern& pattern = rule.pattern;
    const auto [known, is_new] =
        places_.emplace(fmt::format("{} {} {} {} {}", section_, rule.exclusion, pattern.floating,
                                    static_cast<int>(pattern.end), pattern.text),
                        out_.rules_.size());
    if (is_new) {
      add(rule);
    } else {
      out_.rules_[known->second] = rule;
    }
  }

  void add(const Rule& rule) {
    if (out_.rules_.size() == kMaxRules) {
      throw Error(fmt::format("{}:{}: There are more than {} rules. Use patterns for more of them.",
                              redact_names(out_.name_), rule.line, kMaxRules));
    }
    out_.rules_.push_back(rule);
  }

  Codeowners& out_;
  uint32_t section_ = 0;
  std::string_view default_owners_;
  std::unordered_map<std::string, uint32_t> by_name_;  // sections, in small letters
  std::unordered_map<std::string, size_t> places_;     // patterns of sections, in rules_
};

Codeowners Codeowners::parse(std::string text, std::string name,
                             std::optional<CodeownersForm> form) {
  if (text.size() > kMaxBytes) {
    throw Error(fmt::format(
        "{} is longer than 3 MB, and no service reads so long a file of owners. Make it shorter.",
        redact_names(name)));
  }
  Codeowners out;
  out.text_ = std::make_shared<const std::string>(std::move(text));
  out.form_ = form.value_or(form_of(name, *out.text_));
  out.name_ = std::move(name);
  out.past_ = std::make_shared<Past>();
  Reader(out).read();
  return out;
}

Codeowners Codeowners::read(const std::string& path, const std::string& name,
                            std::optional<CodeownersForm> form) {
  return parse(read_text_file(path, name, kMaxBytes), name, form);
}

std::string Codeowners::find_in(const std::string& root, std::optional<CodeownersForm> form) {
  struct Place {
    std::string_view folder;
    bool github, gitlab;
  };
  constexpr std::array kPlaces = {Place{".github/", true, false}, Place{"", true, true},
                                  Place{"docs/", true, true}, Place{".gitlab/", false, true}};
  for (const Place& place : kPlaces) {
    if (form && !(*form == CodeownersForm::github ? place.github : place.gitlab)) continue;
    const std::string folder = fmt::format("{}/{}", root, place.folder);
    struct stat status;
    // A link as folder: `.github/` with the slash would follow it.
    if (!place.folder.empty() &&
        (lstat(folder.substr(0, folder.size() - 1).c_str(), &status) != 0 ||
         !S_ISDIR(status.st_mode))) {
      continue;
    }
    if (lstat((folder + "CODEOWNERS").c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
      return fmt::format("{}CODEOWNERS", place.folder);
    }
  }
  return "";
}

std::optional<CodeownersAnswer> Codeowners::find(std::string_view path) const {
  const std::lock_guard guard(past_->lock);
  if (past_->asked && past_->path == path) return past_->answer;
  const uint64_t allowed = std::min(kMostSteps, past_->left);
  Steps steps(allowed);
  past_->answer = look_up(path, steps);
  past_->left -= allowed - steps.left();
  past_->path = path;
  past_->asked = true;
  return past_->answer;
}

std::optional<CodeownersAnswer> Codeowners::look_up(std::string_view path, Steps& steps) const {
  // Beside each section: the rule that counts, and whether the section is settled.
  std::vector<const Rule*> found(sections_.size(), nullptr);
  std::vector<bool> excluded(sections_.size(), false);
  const bool github = form_ == CodeownersForm::github;
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    const uint32_t section = rule->section;
    if (excluded[section] || (found[section] != nullptr && !rule->exclusion)) continue;
    if (!matches(rule->pattern, path, steps)) continue;
    found[section] = &*rule;
    excluded[section] = rule->exclusion;
    if (github) break;
  }
  if (steps.gone()) {
    return CodeownersAnswer{
        {},
        fmt::format("the patterns of {} take too long to match the path", redact_names(name_)),
        true};
  }
  CodeownersAnswer answer;
  std::vector<const Rule*> owning;
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i] == nullptr || excluded[i]) continue;
    const size_t before = answer.owners.size();
    add_owners(found[i]->owners, answer.owners);
    if (answer.owners.size() > before) owning.push_back(found[i]);
  }
  if (answer.owners.empty()) return std::nullopt;
  answer.reason = reason_of(owning);
  return answer;
}

// "line 12 of .github/CODEOWNERS, services/payments/".
std::string Codeowners::reason_of(const std::vector<const Rule*>& rules) const {
  std::string out;
  for (size_t i = 0; i < rules.size() && i < kMostReasons; ++i) {
    const Rule& rule = *rules[i];
    out += i == 0 ? "" : "; ";
    out += fmt::format("line {} of {}, {}", rule.line, redact_names(name_), clipped(rule.text));
    if (rule.section > 0) out += fmt::format(", section {}", clipped(sections_[rule.section]));
  }
  if (rules.size() > kMostReasons) out += fmt::format("; and {} more", rules.size() - kMostReasons);
  return out;
}

}  // namespace assay
