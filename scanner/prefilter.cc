// The only user of Hyperscan. Every anchor is a literal, so what Hyperscan reports is exactly what
// comparing at every byte reports. Regexes are left to RE2 from the anchor on: a start-of-match out
// of Hyperscan would cost speed, and 69 of 221 public rules cannot give one.
//
// Signatures are looked for in every byte, in up to 32 forms of literals, and by their pivots where
// something stands within. Keywords such as `?code=` stand on many lines of a log, so they are
// looked for only where a value can follow: near a long run of key characters, which find_runs
// finds first.
#include "scanner/prefilter.h"

#include <fmt/format.h>
#include <hs/hs.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <span>

#include "rules/keys/base64.h"
#include "rules/keys/c3id.h"
#include "scanner/database_cache.h"
#include "scanner/runs.h"
#include "scanner/wide_text.h"

namespace assay {

namespace {

static_assert(Prefilter::kReach == Pattern::kMaxWidth + kLeastRun);

// Hyperscan takes lengths as `unsigned int`: longer texts are cut here and nowhere else.
constexpr size_t kPiece = size_t{1} << 30;

// Says what the layout of the cached file depends on beside rules, library and processor.
constexpr int kCacheVersion = 3;

struct FreeDatabase {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct FreeCompileError {
  void operator()(hs_compile_error_t* error) const { hs_free_compile_error(error); }
};
struct FreeScratch {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};
using DatabaseHandle = std::unique_ptr<hs_database_t, FreeDatabase>;

struct Found {
  std::vector<Hit>* hits;
  size_t base;
  size_t from;
};

// Runs inside Hyperscan's C frames: it appends and returns. Hits of a literal that ended before the
// range are a cut's leftovers. push_back may throw on no memory, which noexcept turns into the end
// of the process: the same that would happen outside.
int on_match(unsigned int id, unsigned long long, unsigned long long end, unsigned int,
             void* context) noexcept {
  auto& found = *static_cast<Found*>(context);
  const size_t at = found.base + static_cast<size_t>(end);
  if (at > found.from) found.hits->push_back({at, id, 0});
  return 0;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

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

bool equal_at(const Anchor& anchor, const char* at) {
  for (const char c : anchor.literal) {
    const char seen = *at++;
    if (anchor.caseless ? lower(c) != lower(seen) : c != seen) return false;
  }
  return true;
}

DatabaseHandle compile(std::span<const Anchor> anchors, size_t first_id) {
  std::vector<const char*> literals;
  std::vector<unsigned> flags, ids;
  std::vector<size_t> lengths;
  for (const Anchor& anchor : anchors) {
    ids.push_back(static_cast<unsigned>(first_id + ids.size()));
    literals.push_back(anchor.literal.data());
    lengths.push_back(anchor.literal.size());
    flags.push_back(anchor.caseless ? HS_FLAG_CASELESS : 0u);
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* failure = nullptr;
  const hs_error_t status = hs_compile_lit_multi(
      literals.data(), flags.data(), ids.data(), lengths.data(),
      static_cast<unsigned>(literals.size()), HS_MODE_BLOCK, nullptr, &database, &failure);
  const std::unique_ptr<hs_compile_error_t, FreeCompileError> failed(failure);
  if (status != HS_SUCCESS) {
    throw Error(
        fmt::format("The rules' signatures cannot be compiled: {}. Run with --no-prefilter.",
                    failed ? failed->message : "Hyperscan gave no reason"));
  }
  return DatabaseHandle(database);
}

DatabaseHandle deserialize(const std::string& bytes) {
  hs_database_t* database = nullptr;
  if (hs_deserialize_database(bytes.data(), bytes.size(), &database) != HS_SUCCESS) return nullptr;
  return DatabaseHandle(database);
}

std::string serialize(const hs_database_t* database) {
  char* bytes = nullptr;
  size_t length = 0;
  if (hs_serialize_database(database, &bytes, &length) != HS_SUCCESS) return {};
  std::string out(bytes, length);
  std::free(bytes);
  return out;
}

std::string cache_name(const RuleSet& rules, std::string_view part) {
  hs_platform_info_t platform{};
  hs_populate_platform(&platform);
  const auto key =
      sha256(fmt::format("{}\n{}\n{}\n{}\n{} {:x}", kCacheVersion, part, rules.digest(),
                         hs_version(), platform.tune, platform.cpu_features));
  return hex({key.data(), 16}, HexCase::lower) + ".hsdb";
}

}  // namespace

struct Prefilter::Database {
  DatabaseHandle handle;
  size_t first = 0;  // its anchors: [first, last)
  size_t last = 0;
  size_t longest = 0;  // literal
};

struct Prefilter::Scratch::Memory {
  std::unique_ptr<hs_scratch_t, FreeScratch> handle;
  std::vector<Span> runs;
  std::vector<PivotFinder::Place> pivots;
  std::vector<size_t> wide;
};

Prefilter::Scratch::Scratch(const Prefilter& prefilter) : memory_(std::make_unique<Memory>()) {
  hs_scratch_t* scratch = nullptr;
  for (const Database* database : {prefilter.signatures_.get(), prefilter.keywords_.get()}) {
    if (database == nullptr) continue;
    const hs_error_t status =
        hs_alloc_scratch(database->handle.get(), &scratch);  // grows to fit both
    memory_->handle.release();
    memory_->handle.reset(scratch);
    if (status != HS_SUCCESS) {
      throw Error("Hyperscan's working memory cannot be had. Free some memory and run again.");
    }
  }
}
Prefilter::Scratch::~Scratch() = default;
Prefilter::Scratch::Scratch(Scratch&&) noexcept = default;

Prefilter::Prefilter(const RuleSet& rules, const Options& options) : pivots_(rules.families()) {
  std::vector<Anchor> in_runs;
  for (const KeyFamily* family : rules.families()) {
    anchors_.push_back(
        {std::string(family->signature), false, family, nullptr, nullptr, Form::whole, 0});
  }
  std::set<std::string> seen;  // families may share a pivot
  for (const KeyFamily* family : rules.families()) {
    for (DisguisedLiteral& literal : disguised_literals(*family)) {
      if (!seen.insert(literal.text).second) continue;
      auto& group = literal.form == Form::twice ? in_runs : anchors_;
      group.push_back({std::move(literal.text), literal.caseless, family, nullptr, nullptr,
                       literal.form, literal.phase});
    }
  }
  const size_t everywhere = anchors_.size();
  anchors_.insert(anchors_.end(), in_runs.begin(), in_runs.end());
  for (const Rule& rule : rules.rules()) {
    for (const KeywordPattern& source : rule.patterns) {
      patterns_.emplace_back(source, rule.id);
      if (options.check_patterns) patterns_.back().check();
      for (const std::string& keyword : source.keywords) {
        anchors_.push_back({keyword, true, nullptr, &rule, &patterns_.back(), Form::keyword, 0});
      }
    }
  }
  first_split_ = anchors_.size();
  longest_ = kWideProbe;
  for (const Anchor& anchor : anchors_) longest_ = std::max(longest_, anchor.literal.size());
  longest_ += kMostGap;
  for (const KeyFamily* family : rules.families()) {
    anchors_.push_back({"", false, family, nullptr, nullptr, Form::split, 0});
  }
  wide_ = static_cast<uint32_t>(anchors_.size());
  if (first_split_ < anchors_.size()) {
    anchors_.push_back({"", false, anchors_.back().family, nullptr, nullptr, Form::wide, 0});
  }
  if (!options.hyperscan) return;
  if (hs_valid_platform() != HS_SUCCESS) {
    throw Error("This processor lacks what Hyperscan needs (SSSE3). Run with --no-prefilter.");
  }
  const bool cached = !options.cache_folder.empty();
  signatures_ = database(cached ? cache_name(rules, "signatures") : "", 0, everywhere, options);
  keywords_ =
      database(cached ? cache_name(rules, "keywords") : "", everywhere, first_split_, options);
}

Prefilter::~Prefilter() = default;

// The database of some of the anchors, out of the cache if it is there; null if there are none.
std::unique_ptr<Prefilter::Database> Prefilter::database(std::string_view name, size_t first,
                                                         size_t last, const Options& options) {
  if (first == last) return nullptr;
  auto made = std::make_unique<Database>();
  made->first = first;
  made->last = last;
  for (size_t i = first; i < last; ++i) {
    made->longest = std::max(made->longest, anchors_[i].literal.size());
  }
  if (!name.empty()) {
    if (const auto bytes = load_cached(options.cache_folder, std::string(name))) {
      made->handle = deserialize(*bytes);
      if (made->handle != nullptr && origin_ == Origin::none) origin_ = Origin::cached;
    }
  }
  if (made->handle == nullptr) {
    made->handle = compile(std::span(anchors_).subspan(first, last - first), first);
    origin_ = Origin::compiled;
    if (!name.empty()) {
      store_cached(options.cache_folder, std::string(name), serialize(made->handle.get()));
    }
  }
  return made;
}

void Prefilter::find(std::string_view text, size_t from, size_t to, Scratch& scratch,
                     std::vector<Hit>& hits) const {
  if (to <= from) return;
  if (!uses_hyperscan()) return find_reference(text, from, to, hits);
  const auto first = static_cast<std::ptrdiff_t>(hits.size());
  if (signatures_ != nullptr) search(*signatures_, text, from, to, scratch, hits);
  find_pivots(text, from, to, scratch, hits);
  if (keywords_ != nullptr) {
    std::vector<Span>& runs = scratch.memory_->runs;
    runs.clear();
    const size_t reach = std::min(text.size(), to + Pattern::kMaxWidth + kLeastRun);
    // A run may begin before, and what follows its line break end behind `from`.
    find_runs(text, from - std::min(from, longest_ + kLeastRun), reach, runs);
    const size_t found = runs.size();
    for (size_t i = 0; i < found && runs[i].end < to; ++i) {
      if (runs[i].size() >= kLeastRun) find_wrapped(text, runs[i].end, from, to, hits);
    }
    // Behind the end of the text a value may still come.
    if (reach == text.size()) runs.push_back({reach, reach});
    size_t done = from;
    for (const Span run : runs) {
      const size_t begin = run.begin > Pattern::kMaxWidth ? run.begin - Pattern::kMaxWidth : 0;
      const size_t end = std::min(to, run.end);
      if (end <= done) continue;
      search(*keywords_, text, std::max(begin, done), end, scratch, hits);
      done = end;
    }
  }
  drop_outside_runs(text, static_cast<size_t>(first), hits);
  // Hyperscan gives ends in ascending order, but ids at one end in any.
  if (!std::is_sorted(hits.begin() + first, hits.end())) {
    std::sort(hits.begin() + first, hits.end());
  }
}

// What has no literal: pivots, and text of more than a byte a character.
void Prefilter::find_pivots(std::string_view text, size_t from, size_t to, Scratch& scratch,
                            std::vector<Hit>& hits) const {
  std::vector<PivotFinder::Place>& places = scratch.memory_->pivots;
  places.clear();
  pivots_.find(text, from, to, places);
  for (const PivotFinder::Place& place : places) {
    auto anchor = static_cast<uint32_t>(first_split_);
    while (anchors_[anchor].family != place.family) ++anchor;
    hits.push_back({std::min(text.size(), place.at + PivotFinder::kPivotReach), anchor, 0});
  }
  if (wide_ == first_split_) return;
  std::vector<size_t>& wide = scratch.memory_->wide;
  wide.clear();
  find_wide(text, from, to, wide);
  for (const size_t at : wide) hits.push_back({at + kWideProbe, wide_, 0});
}

// Base64 whose digits the line break at `line_end` cuts: what ends in (from, to].
void Prefilter::find_wrapped(std::string_view text, size_t line_end, size_t from, size_t to,
                             std::vector<Hit>& hits) const {
  const size_t gap = line_gap(text, line_end);
  if (gap == 0) return;
  constexpr size_t kSide = 16;
  const size_t before = std::min(line_end, kSide);
  std::string joined(text.substr(line_end - before, before));
  joined += text.substr(line_end + gap, kSide);
  for (uint32_t i = 0; i < first_split_; ++i) {
    if (anchors_[i].form != Form::base64 && anchors_[i].form != Form::twice) continue;
    const std::string_view literal = anchors_[i].literal;
    const size_t begin = before + 1 > literal.size() ? before + 1 - literal.size() : 0;
    const size_t at = joined.find(literal, begin);
    if (at == std::string::npos || at >= before || at + literal.size() <= before) continue;
    const size_t end = line_end - before + at + literal.size() + gap;
    if (end > from && end <= to) hits.push_back({end, i, static_cast<uint8_t>(gap)});
  }
}

// Of the hits from `first` on, those of Form::twice that do not stand in a run.
void Prefilter::drop_outside_runs(std::string_view text, size_t first,
                                  std::vector<Hit>& hits) const {
  const auto outside = [&](const Hit& hit) {
    const Anchor& anchor = anchors_[hit.anchor];
    return anchor.form == Form::twice && hit.gap == 0 &&
           !in_run(text, hit.end - anchor.literal.size(), hit.end);
  };
  hits.erase(std::remove_if(hits.begin() + static_cast<std::ptrdiff_t>(first), hits.end(), outside),
             hits.end());
}

// Everything by comparing, at every byte.
void Prefilter::find_reference(std::string_view text, size_t from, size_t to,
                               std::vector<Hit>& hits) const {
  const auto first = static_cast<std::ptrdiff_t>(hits.size());
  find_plain(text, from, to, 0, first_split_, hits);
  std::vector<size_t> wide;
  find_wide(text, from, to, wide);
  for (const size_t at : wide) hits.push_back({at + kWideProbe, wide_, 0});
  for (auto i = static_cast<uint32_t>(first_split_); i < wide_; ++i) {
    const size_t reach = PivotFinder::kPivotReach;
    for (size_t at = from + 1 > reach ? from + 1 - reach : 0; at < to; ++at) {
      if (at + reach > to && to != text.size()) break;
      if (!PivotFinder::holds(text, at, *anchors_[i].family)) continue;
      hits.push_back({std::min(text.size(), at + reach), i, 0});
    }
  }
  for (size_t at = from - std::min(from, longest_); at < to; ++at) {
    const bool ends =
        at >= kLeastRun && is_key_character(text[at - 1]) && !is_key_character(text[at]);
    if (ends && in_run(text, at - 1, at)) find_wrapped(text, at, from, to, hits);
  }
  drop_outside_runs(text, static_cast<size_t>(first), hits);
  std::sort(hits.begin() + first, hits.end());
}

void Prefilter::find_changed(std::string_view text, size_t from, size_t to, Scratch& scratch,
                             std::vector<Hit>& hits) const {
  const size_t end = std::min(text.size(), to + longest_);
  if (!uses_hyperscan()) return find_reference(text, from, end, hits);
  if (signatures_ != nullptr) search(*signatures_, text, from, end, scratch, hits);
  find_pivots(text, from, end, scratch, hits);
  if (keywords_ == nullptr) return;
  // A keyword before `from`, or a line break, may have got its run only now, by the bytes up to 39
  // before.
  std::vector<Span>& runs = scratch.memory_->runs;
  runs.clear();
  find_runs(text, from - std::min(from, longest_ + kLeastRun), std::min(text.size(), end + kReach),
            runs);
  size_t done = 0;
  for (const Span run : runs) {
    if (run.size() < kLeastRun) continue;
    if (run.end < end) find_wrapped(text, run.end, 0, text.size(), hits);
    const size_t begin = run.begin > Pattern::kMaxWidth ? run.begin - Pattern::kMaxWidth : 0;
    search(*keywords_, text, std::max(begin, done), run.end, scratch, hits);
    done = std::max(done, run.end);
  }
  drop_outside_runs(text, 0, hits);
}

// Appends the places in (from, to] where an anchor of the database ends.
void Prefilter::search(const Database& database, std::string_view text, size_t from, size_t to,
                       Scratch& scratch, std::vector<Hit>& hits) const {
  const size_t overlap = database.longest - 1;
  while (from < to) {
    const size_t begin = from > overlap ? from - overlap : 0;
    const size_t end = std::min(to, from + kPiece);
    Found found{&hits, begin, from};
    const size_t before = hits.size();
    if (hs_scan(database.handle.get(), text.data() + begin, static_cast<unsigned>(end - begin), 0,
                scratch.memory_->handle.get(), on_match, &found) != HS_SUCCESS) {
      // Only misuse can bring this about; nothing may be lost even then.
      hits.resize(before);
      find_plain(text, from, end, database.first, database.last, hits);
    }
    from = end;
  }
}

void Prefilter::find_plain(std::string_view text, size_t from, size_t to, size_t first, size_t last,
                           std::vector<Hit>& hits) const {
  for (size_t end = from + 1; end <= to; ++end) {
    for (size_t i = first; i < last; ++i) {
      const size_t length = anchors_[i].literal.size();
      if (length <= end && equal_at(anchors_[i], text.data() + end - length)) {
        hits.push_back({end, static_cast<uint32_t>(i), 0});
      }
    }
  }
}

}  // namespace assay
