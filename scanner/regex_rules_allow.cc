// As gitleaks has it: the regexes of a list are joined by `|` into one, so a flag such as `(?i)` at
// the begin of one holds for those behind it too; a list with condition `any` looks at paths before
// a file is read, and at the rest for each match; one with `all` wants each kind that it has, and
// looks at paths alone only where it has neither regexes nor stopwords. Commits are not known here,
// so they never hold.
#include "scanner/regex_rules_allow.h"

#include <fmt/format.h>
#include <re2/re2.h>

namespace assay {

namespace {

constexpr size_t kBegin = 3;  // of a word, in bytes
uint32_t begin_of(std::string_view text, size_t at) {
  uint32_t begin = 0;
  for (size_t i = 0; i < kBegin; ++i) begin = begin << 8 | static_cast<unsigned char>(text[at + i]);
  return begin;
}

std::string lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower;
}

std::unique_ptr<UserRegex> join(const std::vector<std::string>& regexes, const std::string& where) {
  if (regexes.empty()) return nullptr;
  std::string joined = "(?:";
  for (const std::string& regex : regexes) {
    const UserRegex alone(regex, where);  // what is wrong is told of the one that it is in
    if (joined.size() > 3) joined += '|';
    joined += regex;
  }
  return std::make_unique<UserRegex>(joined + ")", where);
}

bool holds(const UserRegex& regex, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), regex.get());
}

}  // namespace

WordFinder::WordFinder(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    std::string lower = lowered(word);
    if (lower.size() < kBegin) {
      short_.push_back(std::move(lower));
    } else {
      const uint32_t begin = begin_of(lower, 0);
      by_begin_[begin].push_back(std::move(lower));
    }
  }
}

bool WordFinder::stands_in(std::string_view lower_text) const {
  for (const std::string& word : short_) {
    if (lower_text.find(word) != std::string_view::npos) return true;
  }
  if (by_begin_.empty()) return false;
  for (size_t at = 0; at + kBegin <= lower_text.size(); ++at) {
    const auto found = by_begin_.find(begin_of(lower_text, at));
    if (found == by_begin_.end()) continue;
    for (const std::string& word : found->second) {
      if (lower_text.compare(at, word.size(), word) == 0) return true;
    }
  }
  return false;
}

CompiledAllowlist::CompiledAllowlist(const Allowlist& list, const std::string& file)
    : list_(list), words_(list.stopwords) {
  const auto where = [&](std::string_view what) {
    return fmt::format("{}:{}: a {} of the allowlist", file, list.line, what);
  };
  paths_ = join(list.paths, where("path"));
  regexes_ = join(list.regexes, where("regex"));
}
CompiledAllowlist::~CompiledAllowlist() = default;
CompiledAllowlist::CompiledAllowlist(CompiledAllowlist&&) noexcept = default;

bool CompiledAllowlist::allows_path(std::string_view path) const {
  if (paths_ == nullptr || path.empty()) return false;
  if (list_.condition == Allowlist::Condition::all) {
    if (!list_.regexes.empty() || !list_.stopwords.empty() || !list_.commits.empty()) return false;
  }
  return holds(*paths_, path);
}

bool CompiledAllowlist::allows_finding(const AllowedText& text) const {
  const auto regex_holds = [&] {
    const std::string_view target = list_.target == Allowlist::Target::match  ? text.match
                                    : list_.target == Allowlist::Target::line ? text.line
                                                                              : text.secret;
    return !target.empty() && holds(*regexes_, target);
  };
  const auto word_holds = [&] { return words_.stands_in(lowered(text.secret)); };
  if (list_.condition == Allowlist::Condition::any) {
    return (regexes_ != nullptr && regex_holds()) || (!list_.stopwords.empty() && word_holds());
  }
  if (!list_.commits.empty()) return false;
  if (paths_ != nullptr && (text.path.empty() || !holds(*paths_, text.path))) {
    return false;
  }
  if (regexes_ != nullptr && !regex_holds()) return false;
  return list_.stopwords.empty() || word_holds();
}

}  // namespace assay
