// Signatures are looked for in every byte, in some fifty literals, and by their pivots where
// something stands within. What stands in long runs of key characters anyway, the encoded forms of
// most families, is looked for near such runs only, which find_runs finds first; so are keywords
// such as `?code=`, which stand on many lines of a log, but matter only where a value can follow.
//
//   literals in every byte          -> LiteralSet signatures_
//   find_runs -> literals near them -> LiteralSet near_runs_
//   find_lists -> literals in them  -> LiteralSet lists_
//
// Every anchor is a literal. Regexes are left to RE2 from the anchor on: a start-of-match out of
// Hyperscan would cost speed, and 69 of 221 public rules cannot give one.
#include "scanner/prefilter.h"

#include <algorithm>
#include <array>
#include <span>

#include "rules/keys/base64.h"
#include "scanner/runs.h"
#include "scanner/wide_text.h"

namespace assay {

namespace {

static_assert(Prefilter::kReach == Pattern::kMaxWidth + kLeastRun);

// Behind a run is searched a little further than what counts as near it.
constexpr size_t kBehindRun = Prefilter::kNearRun + 2 * kLeastRun + 64;

// Of base64 that a line break cuts: between two digits, how many bytes stand for it, or 0.
constexpr size_t kMostGap = 40;
size_t line_gap(std::string_view text, size_t at) {
  const size_t limit = std::min(text.size(), at + kMostGap);
  size_t i = at;
  const auto skip = [&](std::string_view piece) {
    const bool here = text.substr(i, piece.size()) == piece;
    if (here) i += piece.size();
    return here;
  };
  const bool breaks = skip("\r\n") || skip("\n") || skip("\\r\\n") || skip("\\n");
  if (!breaks) return 0;
  while (i < limit && (text[i] == ' ' || text[i] == '\t' || text[i] == '>')) ++i;
  return i < limit && is_base64_digit(text[i]) ? i - at : 0;
}

// Whether text[begin, end) lies in a run of kLeastRun key characters.
bool in_run(std::string_view text, size_t begin, size_t end) {
  size_t length = end - begin;
  while (begin > 0 && length < kLeastRun && is_key_character(text[begin - 1])) --begin, ++length;
  while (end < text.size() && length < kLeastRun && is_key_character(text[end])) ++end, ++length;
  return length >= kLeastRun;
}

// Whether a run of kLeastRun key characters stands near text[begin, end).
bool near_run(std::string_view text, size_t begin, size_t end) {
  constexpr size_t kSide = Prefilter::kNearRun + kLeastRun;
  if (text.size() - end < kSide) return true;  // what comes may be one
  const size_t from = begin - std::min(begin, kSide);
  return has_run(text.substr(from, std::min(text.size(), end + kSide) - from));
}

bool in_list(std::string_view text, size_t begin, size_t end) {
  size_t length = 0;
  for (size_t i = begin; i < end; ++i) {
    if (!is_list_character(text[i])) return false;
    ++length;
  }
  while (begin > 0 && length < kLeastList && is_list_character(text[begin - 1])) --begin, ++length;
  while (end < text.size() && length < kLeastList && is_list_character(text[end])) ++end, ++length;
  return length >= kLeastList || end == text.size();
}

// The family whose keys have no signature, or null.
const KeyFamily* unsigned_family(const RuleSet& rules) {
  for (const KeyFamily* family : rules.families()) {
    if (family->signature.empty()) return family;
  }
  return nullptr;
}

std::vector<const KeyFamily*> thorough_families(const RuleSet& rules) {
  std::vector<const KeyFamily*> out;
  for (const KeyFamily* family : rules.families()) {
    if (sought_thoroughly(*family)) out.push_back(family);
  }
  return out;
}

bool is_base32(char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); }
bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

struct Prefilter::Scratch::Memory {
  std::optional<LiteralSet::Scratch> handle;
  std::optional<LiteralSet::Scratch> of_lists;  // had when the first list is met
  Places places;
  std::vector<Span> runs, lists;
  std::vector<PivotFinder::Place> pivots;
  std::vector<size_t> wide;
};

Prefilter::Scratch::Scratch(const Prefilter& prefilter) : memory_(std::make_unique<Memory>()) {
  const LiteralSet* const sets[] = {prefilter.signatures_.get(), prefilter.near_runs_.get()};
  memory_->handle.emplace(sets);
}
Prefilter::Scratch::~Scratch() = default;
Prefilter::Scratch::Scratch(Scratch&&) noexcept = default;

Prefilter::Prefilter(const RuleSet& rules, const Options& options)
    : thorough_(thorough_families(rules)),
      pivots_(thorough_),
      hyperscan_(options.hyperscan),
      cache_folder_(options.cache_folder) {
  add_anchors(rules, options);
  if (!hyperscan_) return;
  signatures_ = literals(0, first_near_run_, options, "The rules' signatures");
  near_runs_ = literals(first_near_run_, first_list_, options, "The rules' keywords");
}

Prefilter::~Prefilter() = default;

void Prefilter::add_anchors(const RuleSet& rules, const Options& options) {
  std::array<std::vector<Anchor>, 3> by_place;
  for (const KeyFamily* family : rules.families()) {
    for (SoughtLiteral& literal : sought_literals(*family)) {
      by_place[static_cast<size_t>(literal.sought)].push_back(
          {std::move(literal.text), literal.caseless, family, nullptr, nullptr, literal.form,
           literal.phase, literal.sought});
    }
  }
  const auto add_all = [this](std::vector<Anchor>& anchors) {
    std::move(anchors.begin(), anchors.end(), std::back_inserter(anchors_));
  };
  add_all(by_place[0]);
  first_near_run_ = anchors_.size();
  add_all(by_place[1]);
  for (const Rule& rule : rules.rules()) {
    for (const KeywordPattern& source : rule.patterns) {
      patterns_.emplace_back(source, rule.id);
      if (options.check_patterns) patterns_.back().check();
      for (const std::string& keyword : source.keywords) {
        anchors_.push_back({keyword, true, nullptr, &rule, &patterns_.back(), Form::keyword, 0,
                            Sought::near_runs});
      }
    }
  }
  first_list_ = anchors_.size();
  add_all(by_place[2]);
  first_split_ = anchors_.size();
  longest_ = kWideProbe;
  for (const Anchor& anchor : anchors_) longest_ = std::max(longest_, anchor.literal.size());
  longest_ += kMostGap;
  constexpr std::string_view kCommonEnd = "api";  // of `dapi`: see Literal::compared
  for (const Anchor& anchor : anchors_) {
    const bool common = anchor.literal.ends_with(kCommonEnd);
    literals_.push_back({anchor.literal, anchor.caseless, static_cast<uint8_t>(common)});
  }
  for (const KeyFamily* family : thorough_) {
    anchors_.push_back({"", false, family, nullptr, nullptr, Form::split, 0});
  }
  if (const KeyFamily* family = unsigned_family(rules)) {
    unsigned_ = static_cast<uint32_t>(anchors_.size());
    anchors_.push_back({"", false, family, nullptr, nullptr, Form::whole, 0});
  }
  if (!rules.families().empty()) {
    wide_ = static_cast<uint32_t>(anchors_.size());
    anchors_.push_back({"", false, rules.families().front(), nullptr, nullptr, Form::wide, 0});
  }
}

// What finds some of the anchors, out of the cache if it is there; null if there are none.
std::unique_ptr<LiteralSet> Prefilter::literals(size_t first, size_t last, const Options& options,
                                                std::string_view name) const {
  if (first == last) return nullptr;
  return std::make_unique<LiteralSet>(literals_of(first, last), options.cache_folder, name);
}

Prefilter::Origin Prefilter::origin() const {
  if (signatures_ == nullptr && near_runs_ == nullptr) return Origin::none;
  const bool cached = (signatures_ == nullptr || signatures_->from_cache()) &&
                      (near_runs_ == nullptr || near_runs_->from_cache());
  return cached ? Origin::cached : Origin::compiled;
}

void Prefilter::find(std::string_view text, size_t from, size_t to, Scratch& scratch,
                     std::vector<Hit>& hits) const {
  if (to <= from) return;
  if (!uses_hyperscan()) return find_reference(text, from, to, hits);
  const auto first = static_cast<std::ptrdiff_t>(hits.size());
  if (signatures_ != nullptr) search(*signatures_, 0, text, from, to, scratch, hits);
  find_pivots(text, from, to, scratch, hits);
  find_near_runs(text, from, to, scratch, hits);
  find_in_lists(text, from, to, scratch, hits);
  drop_elsewhere(text, static_cast<size_t>(first), hits);
  // Hyperscan gives ends in ascending order, but ids at one end in any.
  if (!std::is_sorted(hits.begin() + first, hits.end())) {
    std::sort(hits.begin() + first, hits.end());
  }
}

void Prefilter::find_near_runs(std::string_view text, size_t from, size_t to, Scratch& scratch,
                               std::vector<Hit>& hits) const {
  if (near_runs_ == nullptr && !unsigned_) return;
  std::vector<Span>& runs = scratch.memory_->runs;
  runs.clear();
  const size_t reach = std::min(text.size(), to + Pattern::kMaxWidth + kLeastRun);
  // A run may begin before, and what follows its line break end behind `from`.
  find_runs(text, from - std::min(from, longest_ + kBehindRun + kLeastRun), reach, runs);
  const size_t found = runs.size();
  for (size_t i = 0; i < found && runs[i].begin < to; ++i) {
    if (runs[i].size() < kLeastRun && runs[i].end != text.size()) continue;
    if (runs[i].end < to) find_wrapped(text, runs[i].end, from, to, &scratch, hits);
    find_unsigned(text, runs[i], from, to, hits);
  }
  if (near_runs_ == nullptr) return;
  // Behind the end of the text a value may still come.
  if (reach == text.size()) runs.push_back({reach, reach});
  size_t done = from;
  for (const Span run : runs) {
    const size_t begin = run.begin > Pattern::kMaxWidth ? run.begin - Pattern::kMaxWidth : 0;
    const size_t end = std::min(to, run.end + kBehindRun);
    if (end <= done) continue;
    search(*near_runs_, first_near_run_, text, std::max(begin, done), end, scratch, hits);
    done = end;
  }
}

void Prefilter::find_in_lists(std::string_view text, size_t from, size_t to, Scratch& scratch,
                              std::vector<Hit>& hits) const {
  if (first_list_ == first_split_) return;
  Scratch::Memory& memory = *scratch.memory_;
  memory.lists.clear();
  find_lists(text, from - std::min(from, longest_ + kLeastList),
             std::min(text.size(), to + kLeastList), memory.lists);
  size_t done = from;
  for (const Span list : memory.lists) {
    const size_t end = std::min(to, list.end);
    if ((list.size() < kLeastList && list.end != text.size()) || end <= done) continue;
    std::call_once(lists_once_, [this] {
      Options options;
      options.cache_folder = cache_folder_;
      lists_ = literals(first_list_, first_split_, options, "The rules' signatures in lists");
    });
    if (!memory.of_lists) {
      const LiteralSet* const sets[] = {lists_.get()};
      memory.of_lists.emplace(sets);
    }
    memory.places.clear();
    lists_->find(text, std::max(list.begin, done), end, *memory.of_lists, memory.places);
    for (const LiteralSet::Place& place : memory.places) {
      hits.push_back({place.end, static_cast<uint32_t>(first_list_) + place.literal, 0});
    }
    done = end;
  }
}

// What has no literal: pivots, and text of more than a byte a character.
void Prefilter::find_pivots(std::string_view text, size_t from, size_t to, Scratch& scratch,
                            std::vector<Hit>& hits) const {
  if (!thorough_.empty()) {
    std::vector<PivotFinder::Place>& places = scratch.memory_->pivots;
    places.clear();
    pivots_.find(text, from, to, places);
    for (const PivotFinder::Place& place : places) {
      auto anchor = static_cast<uint32_t>(first_split_);
      while (anchors_[anchor].family != place.family) ++anchor;
      hits.push_back({std::min(text.size(), place.at + PivotFinder::kPivotReach), anchor, 0});
    }
  }
  if (!wide_) return;
  std::vector<size_t>& wide = scratch.memory_->wide;
  wide.clear();
  find_wide(text, from, to, wide);
  for (const size_t at : wide) hits.push_back({at + kWideProbe, *wide_, 0});
}

// Base64 whose digits the line break at `line_end` cuts: what ends in (from, to]. Without scratch:
// by comparing.
void Prefilter::find_wrapped(std::string_view text, size_t line_end, size_t from, size_t to,
                             Scratch* scratch, std::vector<Hit>& hits) const {
  const size_t gap = line_gap(text, line_end);
  if (gap == 0) return;
  constexpr size_t kSide = 16;
  const size_t before = std::min(line_end, kSide);
  std::string joined(text.substr(line_end - before, before));
  joined += text.substr(line_end + gap, kSide);
  const auto add = [&](size_t at_end, uint32_t anchor) {
    const Form form = anchors_[anchor].form;
    const size_t length = anchors_[anchor].literal.size();
    if ((form != Form::base64 && form != Form::twice) || at_end - length >= before) return;
    const size_t end = line_end - before + at_end + gap;
    if (end > from && end <= to) hits.push_back({end, anchor, static_cast<uint8_t>(gap)});
  };
  if (scratch != nullptr) {
    std::vector<Hit> found;
    if (signatures_ != nullptr) {
      search(*signatures_, 0, joined, before, joined.size(), *scratch, found);
    }
    if (near_runs_ != nullptr) {
      search(*near_runs_, first_near_run_, joined, before, joined.size(), *scratch, found);
    }
    for (const Hit& hit : found) add(hit.end, hit.anchor);
    return;
  }
  Places places;
  find_plain(literals_of(0, first_list_), joined, before, joined.size(), places);
  for (const LiteralSet::Place& place : places) add(place.end, place.literal);
}

// Keys without a signature: 52 base-32 digits by themselves. A hit ends behind the first.
void Prefilter::find_unsigned(std::string_view text, Span run, size_t from, size_t to,
                              std::vector<Hit>& hits) const {
  if (!unsigned_) return;
  const size_t length = anchors_[*unsigned_].family->digits();
  const auto alone = [&](size_t begin, size_t end) {
    return (begin == 0 || !is_alphanumeric(text[begin - 1])) &&
           (end == text.size() || !is_alphanumeric(text[end]));
  };
  const auto add = [&](size_t begin, size_t end) {
    if (alone(begin, end) && begin + 1 > from && begin + 1 <= to) {
      hits.push_back({begin + 1, *unsigned_, 0});
    }
  };
  // Backwards from where the last digit would stand: of random digits every other one ends it.
  size_t at = run.begin;
  while (at + length <= run.end) {
    size_t end = at + length;
    while (end > at && is_base32(text[end - 1])) --end;
    if (end > at) {
      at = end;
      continue;
    }
    end = at + length;
    while (end < run.end && is_base32(text[end])) ++end;
    if (end - at == length) add(at, end);
    at = end;
  }
  if (run.end != text.size()) return;
  // One may have begun whose rest is yet to come.
  size_t begin = run.end;
  while (begin > at && is_base32(text[begin - 1])) --begin;
  if (begin < run.end) add(begin, run.end);
}

// Of the hits from `first` on, those that do not stand where their literal is sought.
void Prefilter::drop_elsewhere(std::string_view text, size_t first, std::vector<Hit>& hits) const {
  const auto elsewhere = [&](const Hit& hit) {
    const Anchor& anchor = anchors_[hit.anchor];
    if (anchor.sought == Sought::everywhere || anchor.form == Form::keyword || hit.gap > 0) {
      return false;
    }
    const size_t begin = hit.end - anchor.literal.size();
    if (anchor.sought == Sought::in_lists) return !in_list(text, begin, hit.end);
    if (anchor.form == Form::whole) return !near_run(text, begin, hit.end);
    const bool may_go_on = text.size() - hit.end < kLeastRun;
    if (may_go_on && !sought_thoroughly(*anchor.family)) return false;
    return !in_run(text, begin, hit.end);
  };
  hits.erase(
      std::remove_if(hits.begin() + static_cast<std::ptrdiff_t>(first), hits.end(), elsewhere),
      hits.end());
}

// Everything by comparing, at every byte.
void Prefilter::find_reference(std::string_view text, size_t from, size_t to,
                               std::vector<Hit>& hits) const {
  const size_t first = hits.size();
  Places places;
  find_plain(literals_of(0, first_split_), text, from, to, places);
  for (const LiteralSet::Place& place : places) hits.push_back({place.end, place.literal, 0});
  std::vector<size_t> wide;
  if (wide_) find_wide(text, from, to, wide);
  for (const size_t at : wide) hits.push_back({at + kWideProbe, *wide_, 0});
  for (size_t i = 0; i < thorough_.size(); ++i) {
    const size_t reach = PivotFinder::kPivotReach;
    for (size_t at = from + 1 > reach ? from + 1 - reach : 0; at < to; ++at) {
      if (at + reach > to && to != text.size()) break;
      if (!PivotFinder::holds(text, at, *thorough_[i])) continue;
      hits.push_back(
          {std::min(text.size(), at + reach), static_cast<uint32_t>(first_split_ + i), 0});
    }
  }
  for (size_t at = from - std::min(from, longest_); at < to; ++at) {
    const bool ends =
        at >= kLeastRun && is_key_character(text[at - 1]) && !is_key_character(text[at]);
    if (ends && in_run(text, at - 1, at)) find_wrapped(text, at, from, to, nullptr, hits);
  }
  if (unsigned_) {
    const size_t length = anchors_[*unsigned_].family->digits();
    const size_t begin = from - std::min(from, length);
    find_unsigned(text, {begin, std::min(text.size(), to + length)}, from, to, hits);
  }
  drop_elsewhere(text, first, hits);
  std::sort(hits.begin() + static_cast<std::ptrdiff_t>(first), hits.end());
}

void Prefilter::find_changed(std::string_view text, size_t from, size_t to, Scratch& scratch,
                             std::vector<Hit>& hits) const {
  const size_t first = hits.size();
  const size_t end = std::min(text.size(), to + longest_);
  if (!uses_hyperscan()) return find_reference(text, from, end, hits);
  if (signatures_ != nullptr) search(*signatures_, 0, text, from, end, scratch, hits);
  find_pivots(text, from, end, scratch, hits);
  // A list that is long enough only now may hold something a little before and behind.
  const size_t around = longest_ + kLeastList;
  find_in_lists(text, from - std::min(from, around), std::min(text.size(), end + around), scratch,
                hits);
  // A keyword before `from`, or a line break, may have got its run only now, by the bytes up to 39
  // before; so may what stands near a run.
  std::vector<Span>& runs = scratch.memory_->runs;
  runs.clear();
  find_runs(text, from - std::min(from, longest_ + kBehindRun + kLeastRun),
            std::min(text.size(), end + kReach), runs);
  size_t done = 0;
  for (const Span run : runs) {
    if (run.size() < kLeastRun) continue;
    if (run.end < end) find_wrapped(text, run.end, 0, text.size(), &scratch, hits);
    find_unsigned(text, run, 0, text.size(), hits);
    if (near_runs_ == nullptr) continue;
    const size_t begin = run.begin > Pattern::kMaxWidth ? run.begin - Pattern::kMaxWidth : 0;
    const size_t last = std::min(text.size(), run.end + kBehindRun);
    search(*near_runs_, first_near_run_, text, std::max(begin, done), last, scratch, hits);
    done = std::max(done, last);
  }
  drop_elsewhere(text, first, hits);
}

// Appends the places in (from, to] where an anchor of the set ends, the first of which is `first`.
void Prefilter::search(const LiteralSet& set, size_t first, std::string_view text, size_t from,
                       size_t to, Scratch& scratch, std::vector<Hit>& hits) const {
  if (from >= to) return;
  Places& places = scratch.memory_->places;
  places.clear();
  set.find(text, from, to, *scratch.memory_->handle, places);
  for (const LiteralSet::Place& place : places) {
    hits.push_back({place.end, static_cast<uint32_t>(first) + place.literal, 0});
  }
}

}  // namespace assay
