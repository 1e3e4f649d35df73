// What of the regexes' matches is a finding, in gitleaks' order: the secret is cut out of the
// match, then its entropy is asked, then the allowlists of the file, then the rule's.
//
//   match "\nkey = abc", regex (?:^|\s)key = (\w+)  ->  match "key = abc", secret "abc"
//
// The groups are those of the regex tried on the match alone, so `\b` and `$` see its ends as ends
// of a text. The line that an allowlist looks at begins with the line break before it, unless it is
// the first.
#include <re2/re2.h>

#include <algorithm>
#include <map>

#include "scanner/regex_rules_compiled.h"

namespace assay {

namespace {

constexpr int kMostGroups = 64;

// A line is looked at so far around a match: a text without line breaks must not be read whole for
// each.
constexpr size_t kMostOfLine = 4096;

// A match is compared with so many others of its line on each side.
constexpr size_t kMostNeighbours = 64;

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }
std::string_view of(std::string_view text, const Span& span) {
  return text.substr(span.begin, span.size());
}

Span trimmed(std::string_view text, Span span) {
  while (span.begin < span.end && text[span.begin] == '\n') ++span.begin;
  while (span.begin < span.end && text[span.end - 1] == '\n') --span.end;
  return span;
}

// The secret within `match`.
Span secret_of(const CompiledRule& rule, std::string_view text, const Span& match) {
  const std::string_view alone = of(text, match);
  const int count = std::min(rule.regex->get().NumberOfCapturingGroups(), kMostGroups - 1) + 1;
  re2::StringPiece groups[kMostGroups];
  if (count == 1 ||
      !rule.regex->get().Match(piece(alone), 0, alone.size(), RE2::UNANCHORED, groups, count)) {
    return match;
  }
  const auto span = [&](int group) -> Span {
    if (groups[group].data() == nullptr) return {match.begin, match.begin};
    const auto begin = match.begin + static_cast<size_t>(groups[group].data() - alone.data());
    return {begin, begin + groups[group].size()};
  };
  if (rule.source->secret_group > 0) return span(rule.source->secret_group);
  for (int i = 1; i < count; ++i) {
    if (!groups[i].empty()) return span(i);
  }
  return match;
}

std::string_view line_of(std::string_view text, const RawMatch& raw) {
  const size_t reach = raw.all.begin - std::min(raw.all.begin, kMostOfLine);
  size_t begin = raw.all.begin;
  while (begin > reach && text[begin] != '\n') --begin;
  size_t end = raw.all.begin + raw.match.size();
  const size_t limit = std::min(text.size(), end + kMostOfLine);
  while (end < limit && text[end] != '\n') ++end;
  return text.substr(begin, end - begin);
}

bool allowed(const std::vector<CompiledAllowlist>& lists, const AllowedText& what) {
  return std::any_of(lists.begin(), lists.end(),
                     [&](const CompiledAllowlist& list) { return list.allows_finding(what); });
}

bool any_needs_line(const std::vector<CompiledAllowlist>& lists) {
  return std::any_of(lists.begin(), lists.end(),
                     [](const CompiledAllowlist& list) { return list.needs_line(); });
}

// Line breaks of a text, for the places of matches: as gitleaks has them, where a line begins with
// the line break before it.
class Lines {
 public:
  explicit Lines(std::string_view text) {
    for (size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
      breaks_.push_back(at);
    }
  }
  size_t line(size_t at) const {
    return static_cast<size_t>(std::upper_bound(breaks_.begin(), breaks_.end(), at) -
                               breaks_.begin());
  }
  size_t column(size_t at) const {
    const size_t before = line(at);
    return before == 0 ? at : at - breaks_[before - 1];
  }

 private:
  std::vector<size_t> breaks_;
};

struct LineAndColumn {
  size_t line = 0, column = 0;
  friend auto operator<=>(const LineAndColumn&, const LineAndColumn&) = default;
};

// Where the rules that others require have matches. Each is looked for once, and only if asked.
class RequiredMatches {
 public:
  RequiredMatches(const CompiledRules& compiled, const SearchTask& task,
                  const std::vector<char>& looks)
      : compiled_(compiled), task_(task), looks_(looks), lines_(task.text) {}

  bool near(const RawMatch& match, size_t rule, const RegexRule::Required& how) {
    const std::vector<LineAndColumn>& all = places_of(rule);
    if (!how.within_lines && !how.within_columns) return !all.empty();
    const LineAndColumn here = place(match);
    const size_t lines = how.within_lines.value_or(SIZE_MAX);
    const size_t columns = how.within_columns.value_or(SIZE_MAX);
    const size_t first = here.line - std::min(here.line, lines);
    auto at = std::lower_bound(all.begin(), all.end(), LineAndColumn{first, 0});
    for (size_t looked = 0; at != all.end() && looked < kMostLooked; ++at, ++looked) {
      if (at->line > here.line && at->line - here.line > lines) return false;
      const size_t apart =
          at->column > here.column ? at->column - here.column : here.column - at->column;
      if (apart <= columns) return true;
    }
    return false;
  }

 private:
  static constexpr size_t kMostLooked = 4096;

  LineAndColumn place(const RawMatch& match) const {
    return {lines_.line(match.all.begin), lines_.column(match.all.begin)};
  }

  const std::vector<LineAndColumn>& places_of(size_t index) {
    const auto [found, is_new] = places_.try_emplace(index);
    if (!is_new || looks_[index] == 0) return found->second;
    std::vector<RawMatch> raw;
    search_regex(compiled_.rules[index], task_.text, task_.base > 0 ? 1 : 0, task_.text.size(),
                 static_cast<uint32_t>(index), raw);
    for (RawMatch& match : raw) {
      if (judge_match(compiled_, task_, match)) found->second.push_back(place(match));
    }
    std::sort(found->second.begin(), found->second.end());
    return found->second;
  }

  const CompiledRules& compiled_;
  const SearchTask& task_;
  const std::vector<char>& looks_;
  const Lines lines_;
  std::map<size_t, std::vector<LineAndColumn>> places_;
};

// Whether no line break stands in text(begin, end].
bool same_line(std::string_view text, size_t begin, size_t end) {
  return text.substr(begin + 1, end - begin).find('\n') == std::string_view::npos;
}

}  // namespace

bool judge_match(const CompiledRules& compiled, const SearchTask& task, RawMatch& raw) {
  const CompiledRule& rule = compiled.rules[raw.rule];
  raw.match = trimmed(task.text, raw.all);
  if (raw.match.size() == 0) return false;
  raw.secret = secret_of(rule, task.text, raw.match);
  if (raw.secret.size() == 0) return false;
  const std::string_view secret = of(task.text, raw.secret);
  if (rule.source->entropy != 0 && shannon_entropy(secret) <= rule.source->entropy) return false;
  AllowedText what{secret, of(task.text, raw.match), {}, task.path};
  if (any_needs_line(compiled.allowlists) || any_needs_line(rule.allowlists)) {
    what.line = line_of(task.text, raw);
  }
  return !allowed(compiled.allowlists, what) && !allowed(rule.allowlists, what);
}

void drop_without_required(const CompiledRules& compiled, const SearchTask& task,
                           const std::vector<char>& looks, std::vector<RawMatch>& matches) {
  const auto asks = [&](const RawMatch& match) {
    return !compiled.rules[match.rule].required.empty();
  };
  if (std::none_of(matches.begin(), matches.end(), asks)) return;
  RequiredMatches required(compiled, task, looks);
  const auto lacks = [&](const RawMatch& match) {
    const CompiledRule& rule = compiled.rules[match.rule];
    for (size_t i = 0; i < rule.required.size(); ++i) {
      if (!required.near(match, rule.required[i], rule.source->required[i])) return true;
    }
    return false;
  };
  matches.erase(std::remove_if(matches.begin(), matches.end(), lacks), matches.end());
}

void drop_generic(const CompiledRules& compiled, const SearchTask& task,
                  const std::vector<PastMatch>& past, std::vector<RawMatch>& matches) {
  struct Other {
    size_t begin;
    std::string_view secret;
  };
  const auto generic = [&](uint32_t rule) { return compiled.rules[rule].generic; };
  if (std::none_of(matches.begin(), matches.end(),
                   [&](const RawMatch& match) { return generic(match.rule); })) {
    return;
  }
  std::vector<Other> others;  // by their begins
  for (const PastMatch& match : past) {
    if (match.begin < task.base || match.secret_begin < task.base) continue;
    others.push_back(
        {static_cast<size_t>(match.begin - task.base),
         task.text.substr(static_cast<size_t>(match.secret_begin - task.base), match.secret_size)});
  }
  for (const RawMatch& match : matches) {
    if (!generic(match.rule)) others.push_back({match.all.begin, of(task.text, match.secret)});
  }
  const auto gives_way = [&](const RawMatch& match) {
    if (!generic(match.rule)) return false;
    const std::string_view secret = of(task.text, match.secret);
    const auto holds = [&](size_t i) {
      return others[i].secret.find(secret) != std::string_view::npos;
    };
    const size_t begin = match.all.begin;
    const auto behind = static_cast<size_t>(
        std::partition_point(others.begin(), others.end(),
                             [&](const Other& other) { return other.begin < begin; }) -
        others.begin());
    for (size_t i = behind; i > 0 && behind - i < kMostNeighbours; --i) {
      if (!same_line(task.text, others[i - 1].begin, begin)) break;
      if (holds(i - 1)) return true;
    }
    for (size_t i = behind; i < others.size() && i - behind < kMostNeighbours; ++i) {
      if (!same_line(task.text, begin, others[i].begin)) break;
      if (holds(i)) return true;
    }
    return false;
  };
  std::erase_if(matches, gives_way);
}

}  // namespace assay
