// The rules of a gitleaks file, as gitleaks 8 finds them in a file, but fast: all keywords are
// looked for in one pass (LiteralSet), and a rule's regex is tried only where shape_of says that a
// match can be.
//
//   rule       (?i)[\w.-]{0,50}?(?:twitch)[ \t\w.-]{0,20}=([a-z0-9]{30})   keyword twitch
//   text       … # twitch\nTWITCH_TOKEN=…
//   places     the keyword ends at both; the core `(?i)(?:twitch)[ \t\w…` is tried at both, fails
//              at the first; around the second, 200 bytes before it and as many behind as the core
//              is wide, the whole regex is searched
//
// What differs from gitleaks is said in docs/gitleaks.md. The keyword of a rule may stand anywhere
// in the text of a window, as it may in gitleaks' piece of a file.
//
// The stages: regex_rules_search.cc (where a regex matches), regex_rules_judge.cc (what of that is
// a finding), regex_rules_allow.cc.
#include "scanner/regex_rules.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "scanner/matcher.h"
#include "scanner/regex_rules_compiled.h"
#include "scanner/valid_text.h"

namespace assay {

namespace {

// So far around a window's own part matches are looked for that others may give way to.
constexpr size_t kGenericReach = 1024;

// In UTF-8: the Kelvin sign and the long s.
constexpr std::string_view kFoldsToAscii[] = {"\xe2\x84\xaa", "\xc5\xbf"};

std::string where(const Rule& rule) {
  return fmt::format("{}:{}: rule {}", rule.regex->file, rule.regex->line, rule.id);
}

bool is_generic(std::string_view id) {
  std::string lower(id);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower.find("generic") != std::string::npos;
}

Search search_of(const RegexShape& shape) {
  if (!shape.holds_keyword) return Search::everywhere;
  if (shape.branches.empty()) return Search::around_keywords;
  const bool at_once = std::all_of(shape.branches.begin(), shape.branches.end(),
                                   [](const auto& branch) { return branch.before == 0; });
  return at_once ? Search::at_starts : Search::around_starts;
}

void check_group(const CompiledRule& rule, int group) {
  if (group == 0) return;
  const int groups = rule.regex->get().NumberOfCapturingGroups();
  if (group > 0 && group <= groups) return;
  throw Error(
      fmt::format("{}: there is no group {}, which should be the secret; the regex has {}. "
                  "Set secretGroup to one of them.",
                  where(*rule.rule), group, groups));
}

CompiledRule compile_rule(const Rule& rule) {
  CompiledRule made;
  made.rule = &rule;
  made.source = rule.regex.get();
  made.generic = is_generic(rule.id);
  const RegexRule& source = *made.source;
  if (!source.path.empty())
    made.path = std::make_unique<UserRegex>(source.path, where(rule) + ": the path");
  for (const Allowlist& list : source.allowlists) made.allowlists.emplace_back(list, source.file);
  if (source.regex.empty()) return made;
  made.regex = std::make_unique<UserRegex>(source.regex, where(rule) + ": the regex");
  check_group(made, source.secret_group);
  return made;
}

// Adds what is known of the regex's form.
void add_shape(CompiledRule& made, const RegexShape& shape, const std::string& where_it_is) {
  made.search = search_of(shape);
  made.width = std::min(shape.widest, RegexRules::kMostWidth);
  made.folds = !shape.known || shape.folds;
  for (const auto& branch : shape.branches) {
    CompiledBranch& way = made.branches.emplace_back();
    way.leading = branch.leading;
    way.before = std::min(branch.before, RegexRules::kMostWidth);
    way.core_width = std::min(branch.core_widest, RegexRules::kMostWidth);
    const std::string where_part = where_it_is + ": a part of the regex";
    if (made.search == Search::around_starts) {
      way.core = std::make_unique<UserRegex>(branch.core, where_part);
    }
    if (!branch.head.empty()) way.head = std::make_unique<UserRegex>(branch.head, where_part);
  }
}

// Turns the rules' keywords into literals, each once, and says what each is for.
class KeywordTable {
 public:
  explicit KeywordTable(CompiledRules& compiled) : compiled_(compiled) {}

  void add(uint32_t rule, const std::vector<std::string>& keywords, const RegexShape& shape) {
    for (const std::string& keyword : keywords) {
      bool starts = false;
      const size_t literal = literal_of(keyword);
      for (uint32_t i = 0; i < shape.branches.size(); ++i) {
        for (const RegexShape::Start& start : shape.branches[i].starts) {
          if (keywords[start.keyword] != keyword) continue;
          compiled_.uses[literal].push_back({rule, i, static_cast<uint32_t>(start.offset)});
          starts = true;
        }
      }
      if (!starts) compiled_.uses[literal].push_back({rule, CompiledRules::kOnlyPresent, 0});
    }
  }

 private:
  size_t literal_of(const std::string& keyword) {
    const auto [found, is_new] = places_.try_emplace(keyword, compiled_.literals.size());
    if (is_new) {
      compiled_.literals.push_back({keyword, true});
      compiled_.uses.emplace_back();
    }
    return found->second;
  }

  CompiledRules& compiled_;
  std::map<std::string, size_t> places_;
};

std::vector<std::string> lower_keywords(const RegexRule& source) {
  std::vector<std::string> keywords;
  for (std::string keyword : source.keywords) {
    for (char& c : keyword) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const bool seen = std::find(keywords.begin(), keywords.end(), keyword) != keywords.end();
    if (!keyword.empty() && !seen) keywords.push_back(std::move(keyword));
  }
  return keywords;
}

void warn(CompiledRules& compiled, const CompiledRule& rule, const RegexShape& shape,
          bool has_keywords) {
  if (!has_keywords) {
    compiled.warnings.push_back(fmt::format(
        "{} is slow: it has no keyword, so its regex is tried on all of the text. Give it keywords "
        "of which each match holds one.",
        where(*rule.rule)));
  } else if (rule.search == Search::everywhere && shape.widest == SIZE_MAX) {
    compiled.warnings.push_back(fmt::format(
        "{} is slow: its regex can match without a keyword and has no greatest width, so it is "
        "tried on all of the text around one. Give it keywords of which each match holds one.",
        where(*rule.rule)));
  }
}

void link_required(CompiledRules& compiled) {
  std::map<std::string_view, size_t> by_id;
  for (size_t i = 0; i < compiled.rules.size(); ++i) by_id[compiled.rules[i].rule->id] = i;
  for (CompiledRule& rule : compiled.rules) {
    for (const RegexRule::Required& required : rule.source->required) {
      const auto found = by_id.find(required.id);
      if (found == by_id.end()) {
        throw Error(
            fmt::format("{}: the rule {} that it requires is not there. Add that rule, or "
                        "take it out of `required`.",
                        where(*rule.rule), required.id));
      }
      rule.required.push_back(found->second);
    }
  }
}

}  // namespace

struct RegexRules::Compiled : CompiledRules {};

RegexRules::RegexRules(const RuleSet& rules, const Options& options)
    : compiled_(std::make_unique<Compiled>()) {
  CompiledRules& compiled = *compiled_;
  std::string file;
  KeywordTable keywords(compiled);
  for (const Rule& rule : rules.rules()) {
    if (rule.regex == nullptr) continue;
    file = rule.regex->file;
    compiled.rules.push_back(compile_rule(rule));
    CompiledRule& made = compiled.rules.back();
    if (made.regex == nullptr) continue;
    compiled.any_regex = true;
    const std::vector<std::string> words = lower_keywords(*made.source);
    const RegexShape shape = shape_of(made.source->regex, words);
    made.has_keywords = !words.empty();
    add_shape(made, options.keywords ? shape : RegexShape{}, where(rule));
    keywords.add(static_cast<uint32_t>(compiled.rules.size() - 1), words,
                 options.keywords ? shape : RegexShape{});
    warn(compiled, made, shape, !words.empty());
  }
  for (const Allowlist& list : rules.allowlists()) compiled.allowlists.emplace_back(list, file);
  link_required(compiled);
  compiled.first_fold = compiled.literals.size();
  for (const std::string_view fold : kFoldsToAscii) {
    compiled.literals.push_back({std::string(fold), false});
    compiled.uses.emplace_back();
  }
  if (options.keywords && compiled.any_regex) {
    compiled.set = std::make_unique<LiteralSet>(compiled.literals, options.cache_folder,
                                                "The keywords of your rules");
  }
}
RegexRules::~RegexRules() = default;

bool RegexRules::empty() const { return compiled_->rules.empty(); }
const std::vector<std::string>& RegexRules::warnings() const { return compiled_->warnings; }

struct RegexRules::Scratch::Memory : SearchMemory {
  using SearchMemory::SearchMemory;
};

SearchMemory::SearchMemory(const CompiledRules& compiled)
    : literals(std::vector<const LiteralSet*>{compiled.set.get()}),
      last_end(compiled.rules.size()),
      present(compiled.rules.size()),
      windows(compiled.rules.size()),
      starts(compiled.rules.size()),
      tried(compiled.rules.size()) {}

RegexRules::Scratch::Scratch(const RegexRules& rules)
    : memory_(std::make_unique<Memory>(*rules.compiled_)) {}
RegexRules::Scratch::~Scratch() = default;
RegexRules::Scratch::Scratch(Scratch&&) noexcept = default;

void RegexRules::Scratch::reset() {
  std::fill(memory_->last_end.begin(), memory_->last_end.end(), 0);
  memory_->fresh = true;
  memory_->past.clear();
}

namespace {

bool allows_path(const std::vector<CompiledAllowlist>& lists, std::string_view path) {
  return std::any_of(lists.begin(), lists.end(),
                     [&](const CompiledAllowlist& list) { return list.allows_path(path); });
}

bool looks_at(const CompiledRule& rule, std::string_view path) {
  // No path is known yet of an object in a history: it is asked when its places are told.
  if (rule.path != nullptr && !path.empty() &&
      !RE2::PartialMatch(re2::StringPiece(path.data(), path.size()), rule.path->get())) {
    return false;
  }
  return !allows_path(rule.allowlists, path);
}

// Which rules look at files of this path. Asked once a file.
void set_path(const CompiledRules& compiled, std::string_view path, SearchMemory& memory) {
  if (memory.path == path) return;
  memory.path = path;
  memory.active.assign(compiled.rules.size(), 0);
  memory.looks.assign(compiled.rules.size(), 0);
  memory.any_active = false;
  if (allows_path(compiled.allowlists, path)) return;
  for (size_t i = 0; i < compiled.rules.size(); ++i) {
    const CompiledRule& rule = compiled.rules[i];
    memory.looks[i] = rule.regex != nullptr && looks_at(rule, path) ? 1 : 0;
    memory.active[i] = memory.looks[i] != 0 && !rule.source->skip_report ? 1 : 0;
    memory.any_active = memory.any_active || memory.active[i] != 0;
  }
}

// Of what was found, keeps what a generic match in the next window may give way to.
void keep_past(const CompiledRules& compiled, const SearchTask& task,
               const std::vector<RawMatch>& matches, SearchMemory& memory) {
  const uint64_t end = task.base + task.own_end;
  std::erase_if(memory.past,
                [&](const PastMatch& match) { return match.begin + kGenericReach < end; });
  for (const RawMatch& match : matches) {
    if (compiled.rules[match.rule].generic || match.all.begin >= task.own_end) continue;
    if (match.all.begin + kGenericReach < task.own_end) continue;
    memory.past.push_back({task.base + match.all.begin, task.base + match.secret.begin,
                           match.secret.size(), match.rule});
  }
}

}  // namespace

bool RegexRules::find(std::string_view text, uint64_t base, size_t own_begin, size_t own_end,
                      std::string_view path, Scratch& scratch,
                      std::vector<RegexMatch>& matches) const {
  const CompiledRules& compiled = *compiled_;
  SearchMemory& memory = *scratch.memory_;
  if (!compiled.any_regex || own_begin >= own_end) return true;
  SearchTask task{text, {}, base, own_begin, own_end, own_begin, 0, {}};
  task.path = valid_text(path, memory.path_buffer);
  set_path(compiled, task.path, memory);
  if (!memory.any_active) return true;
  task.zone_end = std::min(text.size(), own_end + kGenericReach);
  if (memory.fresh && base + own_begin > 0) {
    // What began before the first own part was found by somebody else: it is only found again so
    // that matches here begin behind it. At the first byte `^` would match for no reason.
    const size_t first = base > 0 ? 1 : 0;
    task.zone_begin = std::max(first, own_begin - std::min(own_begin, kWindowBefore));
  }
  if (memory.fresh || memory.searched_to != base + own_begin) memory.past.clear();
  memory.raw.clear();
  const bool whole = search_rules(compiled, task, memory);
  memory.fresh = false;
  memory.searched_to = base + own_end;

  std::vector<RawMatch>& raw = memory.raw;
  raw.erase(std::remove_if(raw.begin(), raw.end(),
                           [&](RawMatch& match) { return !judge_match(compiled, task, match); }),
            raw.end());
  drop_without_required(compiled, task, memory.looks, raw);
  std::sort(raw.begin(), raw.end(), [](const RawMatch& a, const RawMatch& b) {
    return std::tie(a.all.begin, a.rule) < std::tie(b.all.begin, b.rule);
  });
  drop_generic(compiled, task, memory.past, raw);
  keep_past(compiled, task, raw, memory);
  for (const RawMatch& match : raw) {
    if (match.all.begin < own_begin || match.all.begin >= own_end) continue;
    matches.push_back({compiled.rules[match.rule].rule, match.match, match.secret});
  }
  return whole;
}

std::vector<const Rule*> RegexRules::of_path(std::string_view path) const {
  std::vector<const Rule*> found;
  std::string buffer;
  path = valid_text(path, buffer);
  if (allows_path(compiled_->allowlists, path)) return found;
  for (const CompiledRule& rule : compiled_->rules) {
    if (rule.regex != nullptr || rule.path == nullptr || rule.source->skip_report) continue;
    if (looks_at(rule, path)) found.push_back(rule.rule);
  }
  return found;
}

double shannon_entropy(std::string_view text) {
  // By character, but divided by the bytes: that is gitleaks' measure. A byte that belongs to no
  // character is the replacement character.
  std::string buffer;
  const std::string_view valid = valid_text(text, buffer);
  std::map<std::string_view, size_t> counts;
  std::array<size_t, 128> ascii = {};
  for (size_t at = 0; at < valid.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++ascii[static_cast<unsigned char>(text[at++])];
      continue;
    }
    size_t length = 1;
    while (at + length < valid.size() &&
           (static_cast<unsigned char>(valid[at + length]) & 0xC0) == 0x80) {
      ++length;
    }
    const bool character = valid[at] != kNoCharacter;
    ++counts[character ? valid.substr(at, length) : "\xef\xbf\xbd"];
    at += character ? length : 1;
  }
  double entropy = 0;
  const auto count_in = [&](size_t count) {
    if (count == 0) return;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    entropy -= share * std::log2(share);
  };
  for (const size_t count : ascii) count_in(count);
  for (const auto& [character, count] : counts) count_in(count);
  return entropy;
}

}  // namespace assay
