// Where the rules' regexes match. Matches of a rule are taken from left to right, each behind the
// end of the last, as if the regex were tried over all of the blob; what is left out are only
// places where no match can be (RegexShape says why).
//
// No match is wider than kMostWidth. A regex that would match more is tried again at the same begin
// within that width; then from the next byte on.
#include <re2/re2.h>

#include <algorithm>

#include "scanner/regex_rules_compiled.h"
#include "scanner/valid_text.h"

namespace assay {

namespace {

constexpr size_t kWidest = RegexRules::kMostWidth;

// Bytes that an unanchored search sees at once. More would cost a regex dearly that reads far ahead
// for each of many matches; less, looking twice at more of the text.
constexpr size_t kAhead = 3 * kWidest;

// So many begins of matches that are too wide are tried one byte further on in a text. Behind those
// the search goes on kMostWidth further on, so that it stays linear.
constexpr int kMostTooWide = 64;

// Bytes of a text, and how often all of it, that a rule may try cores on which are wider than
// RegexShape::kWidestHead. Behind that they are not tried first, and the windows around them, which
// lie over each other, are searched as one: that is linear, where keywords stand in bulk.
constexpr size_t kMostTried = size_t{1} << 20;
constexpr size_t kTriedTimes = 8;

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

bool matches_at(const re2::RE2& regex, std::string_view text, size_t at, size_t width) {
  const size_t end = std::min(text.size(), at + width);
  return regex.Match(piece(text), at, end, RE2::ANCHOR_START, nullptr, 0);
}

bool match_at(const re2::RE2& regex, std::string_view text, size_t at, size_t width, Span& match) {
  const size_t end = std::min(text.size(), at + width);
  re2::StringPiece all;
  if (!regex.Match(piece(text), at, end, RE2::ANCHOR_START, &all, 1)) return false;
  match = {at, at + all.size()};
  return true;
}

// The first match that begins in [from, to) and ends before `stop`, and is not empty.
bool first_match(const re2::RE2& regex, std::string_view text, size_t from, size_t to, size_t stop,
                 int& too_wide, Span& match) {
  while (from < to && from < stop) {
    const size_t end = std::min(stop, from + kAhead);
    re2::StringPiece all;
    // Of begins up to here all is seen that a match may hold.
    const size_t sure = end < stop ? end - kWidest : end;
    const bool found = regex.Match(piece(text), from, end, RE2::UNANCHORED, &all, 1);
    const size_t begin = found ? static_cast<size_t>(all.data() - text.data()) : end;
    if (!found || begin > sure) {
      if (end == stop) return false;
      from = sure + 1;
      continue;
    }
    if (begin >= to) return false;
    if (all.empty()) {
      from = begin + 1;
      continue;
    }
    match = {begin, begin + all.size()};
    if (match.size() <= kWidest || match_at(regex, text, begin, kWidest, match)) return true;
    from = begin + (++too_wide <= kMostTooWide ? 1 : kWidest);
  }
  return false;
}

// Takes the matches of one rule, in order.
class MatchTaker {
 public:
  MatchTaker(const CompiledRule& rule, uint32_t index, std::string_view text, size_t from,
             size_t to, std::vector<RawMatch>& raw)
      : rule_(rule), index_(index), text_(text), from_(from), to_(to), raw_(raw) {}

  // In [begin, end).
  void search(size_t begin, size_t end) {
    from_ = std::max(from_, begin);
    end = std::min(end, text_.size());
    Span match;
    while (!full() && first_match(rule_.regex->get(), text_, from_, to_, end, too_wide_, match)) {
      take(match);
    }
  }
  // At that place alone.
  void try_at(size_t at) {
    Span match;
    if (at < from_ || at >= to_ || full()) return;
    if (match_at(rule_.regex->get(), text_, at, rule_.width, match) && match.size() > 0)
      take(match);
  }
  bool full() const { return taken_ >= kMostMatches; }

 private:
  void take(const Span& match) {
    raw_.push_back({index_, match, {}, {}});
    from_ = match.end;
    ++taken_;
  }

  const CompiledRule& rule_;
  uint32_t index_;
  std::string_view text_;
  size_t from_;  // no match may begin before
  size_t to_;
  std::vector<RawMatch>& raw_;
  size_t taken_ = 0;
  int too_wide_ = 0;
};

void add_window(std::vector<Span>& windows, Span window) {
  if (!windows.empty()) {
    Span& last = windows.back();
    if (window.begin >= last.begin && window.begin <= last.end) {
      last.end = std::max(last.end, window.end);
      return;
    }
  }
  windows.push_back(window);
}

Span around(size_t begin, size_t end, size_t before, size_t behind) {
  return {begin - std::min(begin, before), end + behind};
}

// Sorted, and none touches another.
void merge(std::vector<Span>& windows) {
  std::sort(windows.begin(), windows.end(),
            [](const Span& a, const Span& b) { return a.begin < b.begin; });
  size_t kept = 0;
  for (size_t i = 1; i < windows.size(); ++i) {
    if (windows[i].begin <= windows[kept].end) {
      windows[kept].end = std::max(windows[kept].end, windows[i].end);
    } else {
      windows[++kept] = windows[i];
    }
  }
  if (!windows.empty()) windows.resize(kept + 1);
}

void make_valid(SearchTask& task, SearchMemory& memory) {
  if (task.text.empty()) task.text = valid_text(task.raw, memory.buffer);
}

// A keyword ends at `end`: what that means for a rule.
void note_keyword(const CompiledRules& compiled, SearchTask& task, size_t end, size_t length,
                  const CompiledRules::Use& use, SearchMemory& memory) {
  const CompiledRule& rule = compiled.rules[use.rule];
  memory.present[use.rule] = 1;
  if (rule.search == Search::everywhere) return;
  const size_t begin = end - length;
  if (rule.search == Search::around_keywords) {
    const Span window = {end - std::min(end, rule.width), begin + rule.width};
    if (window.begin < task.zone_end && window.end > task.zone_begin) {
      add_window(memory.windows[use.rule], window);
    }
    return;
  }
  if (use.branch == CompiledRules::kOnlyPresent || begin < use.offset) return;
  const CompiledBranch& way = rule.branches[use.branch];
  const size_t at = begin - use.offset;
  if (at < task.zone_begin || at >= task.zone_end + way.before) return;
  if (!way.leading.admits(task.raw, at)) return;
  if (way.core_width > RegexShape::kWidestHead) {
    make_valid(task, memory);
    if (way.head != nullptr &&
        !matches_at(way.head->get(), task.text, at, RegexShape::kWidestHead)) {
      return;
    }
    size_t& tried = memory.tried[use.rule];
    if (tried > kMostTried + kTriedTimes * task.raw.size()) {
      add_window(memory.windows[use.rule], around(at, at, way.before, way.core_width));
      return;
    }
    tried += way.core_width;
  }
  if (rule.search == Search::at_starts) {
    memory.starts[use.rule].push_back(at);
    return;
  }
  make_valid(task, memory);
  if (!matches_at(way.core->get(), task.text, at, way.core_width)) return;
  add_window(memory.windows[use.rule], around(at, at, way.before, way.core_width));
}

void find_keywords(const CompiledRules& compiled, SearchTask& task, SearchMemory& memory) {
  std::fill(memory.present.begin(), memory.present.end(), 0);
  std::fill(memory.tried.begin(), memory.tried.end(), 0);
  memory.folds.clear();
  memory.places.clear();
  compiled.set->find(task.raw, 0, task.raw.size(), memory.literals, memory.places);
  for (const LiteralSet::Place& place : memory.places) {
    if (place.literal >= compiled.first_fold) memory.folds.push_back(place.end);
    const size_t length = compiled.literals[place.literal].text.size();
    for (const CompiledRules::Use& use : compiled.uses[place.literal]) {
      if (memory.active[use.rule] == 0) continue;
      note_keyword(compiled, task, place.end, length, use, memory);
    }
  }
}

// A match may hold such a character in the place of its keyword's letter, so a rule that knows it
// is tried around each.
void add_folds(const CompiledRule& rule, uint32_t index, SearchMemory& memory) {
  for (const size_t end : memory.folds) {
    add_window(memory.windows[index], around(end, end, rule.width, rule.width));
  }
}

// Whether a keyword of the rule stands in the text, by comparing.
bool has_keyword(const CompiledRules& compiled, uint32_t rule, std::string_view text) {
  const auto same = [](char a, char b) {
    return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
  };
  for (size_t i = 0; i < compiled.first_fold; ++i) {
    const auto& uses = compiled.uses[i];
    const bool ours =
        std::any_of(uses.begin(), uses.end(), [&](const auto& use) { return use.rule == rule; });
    if (!ours) continue;
    const std::string& word = compiled.literals[i].text;
    const auto found = std::search(text.begin(), text.end(), word.begin(), word.end(),
                                   [&](char seen, char wanted) { return same(wanted, seen); });
    if (found != text.end()) return true;
  }
  return false;
}

void search_rule(const CompiledRule& rule, uint32_t index, const SearchTask& task,
                 SearchMemory& memory, MatchTaker& taker) {
  std::vector<Span>& windows = memory.windows[index];
  std::vector<size_t>& starts = memory.starts[index];
  if (rule.search == Search::everywhere) {
    taker.search(task.zone_begin, task.text.size());
    return;
  }
  if (rule.folds && !memory.folds.empty()) add_folds(rule, index, memory);
  if (!windows.empty()) {
    for (const size_t start : starts) windows.push_back({start, start + rule.width});
    starts.clear();
  }
  std::sort(starts.begin(), starts.end());
  for (const size_t start : starts) taker.try_at(start);
  merge(windows);
  for (const Span& window : windows) taker.search(window.begin, window.end);
  starts.clear();
  windows.clear();
}

}  // namespace

bool search_regex(const CompiledRule& rule, std::string_view text, size_t from, size_t to,
                  uint32_t index, std::vector<RawMatch>& raw) {
  MatchTaker taker(rule, index, text, from, to, raw);
  taker.search(from, text.size());
  return !taker.full();
}

bool search_rules(const CompiledRules& compiled, SearchTask& task, SearchMemory& memory) {
  bool whole = true;
  if (compiled.set != nullptr) find_keywords(compiled, task, memory);
  for (uint32_t i = 0; i < compiled.rules.size(); ++i) {
    const CompiledRule& rule = compiled.rules[i];
    if (memory.active[i] == 0) continue;
    if (rule.has_keywords) {
      const bool present =
          compiled.set != nullptr ? memory.present[i] != 0 : has_keyword(compiled, i, task.raw);
      if (!present) continue;
    }
    const bool anywhere = rule.search == Search::everywhere || !memory.starts[i].empty() ||
                          !memory.windows[i].empty() || (rule.folds && !memory.folds.empty());
    if (!anywhere) continue;
    make_valid(task, memory);
    const uint64_t done = memory.last_end[i];
    const size_t from = done > task.base ? static_cast<size_t>(done - task.base) : 0;
    const size_t first = memory.raw.size();
    MatchTaker taker(rule, i, task.text, std::max(task.zone_begin, from), task.zone_end,
                     memory.raw);
    search_rule(rule, i, task, memory, taker);
    whole = whole && !taker.full();
    for (size_t k = first; k < memory.raw.size(); ++k) {
      if (memory.raw[k].all.begin >= task.own_end) break;
      memory.last_end[i] = task.base + memory.raw[k].all.end;
    }
  }
  return whole;
}

}  // namespace assay
