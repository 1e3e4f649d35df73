// The stages on one window: prefilter (where), judge (gather and verify, or a regex from the anchor
// on), then a finding with its context and its masked snippet for each match. Only the first stage
// touches every byte.
#include "scanner/matcher.h"

#include <algorithm>
#include <chrono>

#include "scanner/covered_bytes.h"
#include "scanner/decoders/text_decoders.h"
#include "scanner/runs.h"
#include "scanner/verify.h"

namespace assay {

namespace {

using Clock = std::chrono::steady_clock;

uint64_t since(Clock::time_point start) {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
}

bool is_among(const std::vector<uint64_t>& sorted, uint64_t value) {
  return std::binary_search(sorted.begin(), sorted.end(), value);
}

// Returns false if it is there already. Mostly it is the last.
bool add_to(std::vector<uint64_t>& sorted, uint64_t value) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), value);
  if (at != sorted.end() && *at == value) return false;
  sorted.insert(at, value);
  return true;
}

}  // namespace

void MatchStats::add(const MatchStats& other) {
  hits += other.hits;
  candidates += other.candidates;
  prefilter_ns += other.prefilter_ns;
  match_ns += other.match_ns;
  findings_by_rule.resize(std::max(findings_by_rule.size(), other.findings_by_rule.size()));
  for (size_t i = 0; i < other.findings_by_rule.size(); ++i) {
    findings_by_rule[i] += other.findings_by_rule[i];
  }
}

Matcher::Matcher(const RuleSet& rules, const Prefilter& prefilter, Options options)
    : rules_(rules),
      prefilter_(prefilter),
      scratch_(prefilter),
      restorer_(rules, prefilter),
      options_(options) {
  stats_.findings_by_rule.resize(rules.rules().size());
  if (options_.regex_rules != nullptr) regex_scratch_.emplace(*options_.regex_rules);
}

void Matcher::match(const Window& window, std::vector<Finding>& findings) {
  const auto start = options_.timed ? Clock::now() : Clock::time_point();
  hits_.clear();
  // A disguised signature may be seen some bytes beside the place that says whose it is.
  prefilter_.find(window.text, window.own_begin - std::min(window.own_begin, kHitSlack),
                  std::min(window.text.size(), window.own_end + kHitSlack), scratch_, hits_);
  if (options_.timed) stats_.prefilter_ns += since(start);
  match_hits(window, hits_, findings);
}

void Matcher::match_hits(const Window& window, std::span<const Hit> hits,
                         std::vector<Finding>& findings) {
  if (hits.empty() && kept_.empty() && options_.regex_rules == nullptr) return;
  const auto matching = options_.timed ? Clock::now() : Clock::time_point();
  stats_.hits += hits.size();
  collect(window, hits);
  for (const Match& match : matches_) {
    Finding finding;
    if (!make_finding(window, match, finding)) continue;
    ++stats_.findings_by_rule[rules_.index_of(*finding.rule)];
    findings.push_back(std::move(finding));
  }
  if (options_.timed) stats_.match_ns += since(matching);
}

// Judges kept anchors and new hits; leaves the matches in order, each place once.
void Matcher::collect(const Window& window, std::span<const Hit> hits) {
  matches_.clear();
  disguised_.clear();
  near_.clear();
  restored_.clear();
  waiting_.clear();
  told_.erase(told_.begin(), std::lower_bound(told_.begin(), told_.end(), window.base));
  Match match;
  const auto consider = [&](const Hit& hit, bool own) {
    const Anchor& anchor = prefilter_.anchors()[hit.anchor];
    if (anchor.disguised()) return disguised_.push_back(hit);
    if (!own) {
      // Its pivot may stand in the own part, though its end does not.
      if (anchor.form == Form::whole &&
          Restorer::may_be_broken(*anchor.family, window.text, hit.end)) {
        disguised_.push_back(hit);
      }
      return;
    }
    const Verdict verdict = judge(anchor, window, hit.end, match);
    if (verdict == Verdict::match) matches_.push_back(match);
    if (verdict == Verdict::more) waiting_.push_back({hit.anchor, window.base + hit.end, hit.gap});
    if (verdict == Verdict::none && anchor.form == Form::whole && anchor.family != nullptr &&
        anchor.family->is_identifiable()) {
      near_.push_back(hit);
    }
    const bool verified = verdict == Verdict::match && match.seed != nullptr;
    if (anchor.family != nullptr && !verified &&
        Restorer::may_be_broken(*anchor.family, window.text, hit.end)) {
      disguised_.push_back(hit);
    }
  };
  for (const Kept& kept : kept_) {
    consider({static_cast<size_t>(kept.end - window.base), kept.anchor, kept.gap}, true);
  }
  for (const Hit& hit : hits) {
    consider(hit, hit.end > window.own_begin && hit.end <= window.own_end);
  }
  if (!kept_.empty()) {
    std::sort(disguised_.begin(), disguised_.end());
    disguised_.erase(std::unique(disguised_.begin(), disguised_.end()), disguised_.end());
  }
  if (!disguised_.empty()) collect_restored(window);
  if (!near_.empty()) collect_misses(window);
  if (options_.regex_rules != nullptr) collect_regex(window);
  std::erase_if(matches_, [&](const Match& m) {
    return m.family == nullptr && !m.regex && m.secret.end > window.own_end &&
           holds_disguised_key(window, m);
  });
  if (!window.at_end) {
    // What is not there yet may show what an anchor is.
    for (const Hit& hit : disguised_) {
      const bool whole = window.text.size() - hit.end >= kRestoreAfter;
      const auto holds = [&](const RestoredKey& key) {
        return key.span.begin < hit.end && hit.end <= key.span.end;
      };
      if (whole || std::any_of(restored_.begin(), restored_.end(), holds)) continue;
      wait_for(window, hit);
    }
  }
  std::swap(kept_, waiting_);
  const auto key = [](const Match& m) { return std::tuple(m.span.begin, m.span.end, m.rule); };
  // Of one key found twice, what stands as it is goes before what was undone around it.
  const auto order = [&](const Match& m) { return std::pair(key(m), m.restored != nullptr); };
  std::stable_sort(matches_.begin(), matches_.end(),
                   [&](const Match& a, const Match& b) { return order(a) < order(b); });
  matches_.erase(std::unique(matches_.begin(), matches_.end(),
                             [&](const Match& a, const Match& b) { return key(a) == key(b); }),
                 matches_.end());
  // The short form of a common annotated key begins each long one.
  const auto begins = [](const Match& a, const Match& b) {
    return a.seed != nullptr && b.seed != nullptr && a.span.begin == b.span.begin &&
           a.family->signature == b.family->signature;
  };
  matches_.erase(
      matches_.begin(),
      std::unique(matches_.rbegin(), matches_.rend(), [&](const Match& b, const Match& a) {
        return begins(a, b);
      }).base());
}

// Whether a value that reaches into the next window is a key that proves itself there.
bool Matcher::holds_disguised_key(const Window& window, const Match& match) {
  snippet_hits_.clear();
  prefilter_.find(window.text, match.secret.begin,
                  std::min(window.text.size(), match.secret.end + kHitSlack), scratch_,
                  snippet_hits_);
  std::erase_if(snippet_hits_, [&](const Hit& hit) {
    return prefilter_.anchors()[hit.anchor].form == Form::keyword;
  });
  std::vector<RestoredKey> keys;
  restorer_.restore(window.text, window.base % 2 == 1, snippet_hits_, window.path, keys);
  return std::any_of(keys.begin(), keys.end(), [&](const RestoredKey& key) {
    return key.info.confidence == Confidence::verified && key.span.begin < match.secret.end &&
           match.secret.begin < key.span.end;
  });
}

void Matcher::wait_for(const Window& window, const Hit& hit) {
  const uint64_t end = window.base + hit.end;
  const bool known = std::any_of(waiting_.begin(), waiting_.end(), [&](const Kept& kept) {
    return kept.end == end && kept.anchor == hit.anchor && kept.gap == hit.gap;
  });
  if (!known) waiting_.push_back({hit.anchor, end, hit.gap});
}

// Adds the damaged and the masked keys around signatures that nothing else explains. Their text is
// no value that only its surroundings tell.
void Matcher::collect_misses(const Window& window) {
  misses_.clear();
  CoveredBytes explained, missed;
  for (const Match& match : matches_) {
    if (match.family != nullptr) explained.add(match.span);
  }
  for (const RestoredKey& key : restored_) explained.add(key.span);  // also another window's
  for (const Hit& hit : near_) {
    if (explained.hold(hit.end - 1)) continue;
    const uint64_t end = window.base + hit.end;
    if (is_among(told_, end)) continue;
    if (!window.at_end && window.text.size() - hit.end < NearMisses::kAfter) {
      wait_for(window, hit);
      continue;
    }
    const KeyFamily& family = *prefilter_.anchors()[hit.anchor].family;
    NearMiss miss;
    if (!near_misses_.judge(family, window.text, hit.end, miss)) continue;
    Match match;
    match.rule = rules_.for_key(family, nullptr, Confidence::signature, miss.damage->masked);
    if (match.rule == nullptr) continue;
    match.span = match.secret = miss.span;
    match.family = &family;
    if (!window.at_end) add_to(told_, end);
    misses_.push_back(std::move(miss));
    match.miss = &misses_.back();
    explained.add(match.span);
    missed.add(match.span);
    matches_.push_back(match);
  }
  std::erase_if(matches_, [&](const Match& match) {
    return match.family == nullptr && !match.regex && missed.overlap(match.span);
  });
}

// Adds what the user's own rules match. What is proven to be a key is told by its own rule.
void Matcher::collect_regex(const Window& window) {
  regex_matches_.clear();
  if (!options_.regex_rules->find(window.text, window.base, window.own_begin, window.own_end,
                                  window.path, *regex_scratch_, regex_matches_)) {
    regex_cut_ = true;
  }
  CoveredBytes proven;
  for (const Match& known : matches_) {
    if (is_proven(known)) proven.add(known.span);
  }
  for (const RegexMatch& found : regex_matches_) {
    if (proven.overlap(found.secret)) continue;
    Match match;
    match.rule = found.rule;
    match.span = match.secret = found.secret;
    match.regex = true;
    matches_.push_back(match);
  }
}

// Adds the keys that stand disguised in the window's own part. Of two matches that share bytes, the
// one that is proven stays.
void Matcher::collect_restored(const Window& window) {
  restorer_.restore(window.text, window.base % 2 == 1, disguised_, window.path, restored_);
  const auto kept = [&](size_t pivot_end) {
    return std::any_of(kept_.begin(), kept_.end(), [&](const Kept& known) {
      const uint64_t at = window.base + pivot_end;
      return known.end + kHitSlack > at && known.end < at + kHitSlack;
    });
  };
  std::vector<const RestoredKey*> ours;
  CoveredBytes proven, taken;
  for (const RestoredKey& key : restored_) {
    const bool own = key.pivot_end > window.own_begin && key.pivot_end <= window.own_end;
    if (!own && !kept(key.pivot_end)) continue;
    const uint64_t pivot = window.base + key.pivot_end;
    if (window.at_end ? is_among(told_, pivot) : !add_to(told_, pivot)) continue;
    ours.push_back(&key);
    if (key.info.confidence == Confidence::verified) proven.add(key.span);
  }
  std::erase_if(matches_, [&](const Match& match) {
    return match.seed == nullptr && proven.overlap(match.span);
  });
  for (const Match& match : matches_) taken.add(match.span);
  for (const RestoredKey* key : ours) {
    const bool held = key->info.confidence == Confidence::verified;
    if (!held && (taken.overlap(key->span) || proven.overlap(key->span))) continue;
    Match match;
    match.span = key->span;
    match.rule = rules_.for_key(*key->family, key->info.seed, key->info.confidence);
    match.family = key->family;
    match.restored = key;
    matches_.push_back(match);
    taken.add(match.span);
  }
}

Matcher::Verdict Matcher::judge(const Anchor& anchor, const Window& window, size_t end,
                                Match& match) const {
  if (anchor.pattern != nullptr) return judge_pattern(anchor, window, end, match);
  Candidate candidate;
  switch (gather(*anchor.family, window.text, end, window.at_end, candidate)) {
    case Gather::none:
      return Verdict::none;
    case Gather::more:
      return Verdict::more;
    case Gather::found:
      break;
  }
  const bool held = candidate.seed != nullptr;
  match = {};
  const KeySeed* const told =
      held ? candidate.seed
           : seed_of_form(*anchor.family,
                          window.text.substr(candidate.digits.begin, candidate.digits.size()));
  match.rule =
      rules_.for_key(*anchor.family, told, held ? Confidence::verified : Confidence::signature);
  if (match.rule == nullptr) return Verdict::none;
  match.span = candidate.span;
  match.secret = candidate.digits;
  match.family = candidate.family;
  match.seed = candidate.seed;
  match.encoding = candidate.encoding;
  if (held && candidate.span == candidate.digits) take_escaped_padding(window.text, match);
  return Verdict::match;
}

// Padding in one of the rarer forms: `\075`, `&#0061;`, `&amp;#61;`, `\\\\u003d`.
void Matcher::take_escaped_padding(std::string_view text, Match& match) const {
  constexpr size_t kMostPadding = 96;
  const size_t begin = match.span.end;
  std::string rest(text.substr(begin, kMostPadding));
  if (rest.empty() || (rest[0] != '%' && rest[0] != '\\' && rest[0] != '&')) return;
  std::vector<size_t> ends(rest.size());
  for (size_t i = 0; i < ends.size(); ++i) ends[i] = i + 1;
  std::array<std::string_view, 3> encoding{};
  Restored out;
  for (std::string_view& layer : encoding) {
    if (!undo_escapes(rest, out) || out.how[0] == Undone::nothing) return;
    layer = to_string(out.how[0]);
    std::vector<size_t> inner(out.end.size());
    for (size_t i = 0; i < inner.size(); ++i) inner[i] = ends[out.end[i] - 1];
    ends = std::move(inner);
    rest = out.text;
    if (rest[0] == '=') break;
  }
  size_t count = 0;
  while (count < match.family->padding() && count < rest.size() && rest[count] == '=') ++count;
  if (count == 0) return;
  match.span.end = begin + ends[count - 1];
  match.encoding = encoding;
}

Matcher::Verdict Matcher::judge_pattern(const Anchor& anchor, const Window& window, size_t end,
                                        Match& match) const {
  // Before any regex: `code=***` and `code=200` stand on many lines of many logs.
  if (anchor.pattern->source().value_follows) {
    const std::string_view follows = window.text.substr(end, KeywordPattern::kLeastValue);
    if (!std::all_of(follows.begin(), follows.end(), is_key_character)) return Verdict::none;
    if (follows.size() < KeywordPattern::kLeastValue) {
      return window.at_end ? Verdict::none : Verdict::more;
    }
    if (is_signature_key(window, end)) return Verdict::none;  // no need of a regex for `code=<key>`
  }
  Span value;
  const size_t begin = end - anchor.literal.size();
  switch (anchor.pattern->match_at(window.text, begin, window.at_end, value)) {
    case Pattern::Outcome::none:
      return Verdict::none;
    case Pattern::Outcome::more:
      return Verdict::more;
    case Pattern::Outcome::found:
      break;
  }
  const std::string_view secret = window.text.substr(value.begin, value.size());
  if (!has_run(secret) || distinct_bytes(secret) < anchor.rule->min_distinct) return Verdict::none;
  if (holds_signature_key(window, value)) return Verdict::none;
  match = {};
  match.rule = anchor.rule;
  match.span = match.secret = value;
  match.needs_functions_host = anchor.pattern->source().needs_functions_host;
  return Verdict::match;
}

// Whether a key with a signature begins at `begin`.
bool Matcher::is_signature_key(const Window& window, size_t begin) const {
  for (const KeyFamily* family : rules_.families()) {
    const size_t end = begin + family->signature_end();
    Candidate candidate;
    if (!family->signature.empty() && end <= window.text.size() &&
        window.text.substr(0, end).ends_with(family->signature) &&
        gather(*family, window.text, end, window.at_end, candidate) != Gather::none) {
      return true;
    }
  }
  return false;
}

// A key that proves itself is reported by its own rule, not as a value known from its surroundings.
bool Matcher::holds_signature_key(const Window& window, Span value) const {
  for (const KeyFamily* family : rules_.families()) {
    if (family->signature.empty()) continue;
    const std::string_view text = window.text.substr(0, value.end + family->signature.size());
    for (size_t at = text.find(family->signature, value.begin); at != std::string_view::npos;
         at = text.find(family->signature, at + 1)) {
      Candidate candidate;
      if (gather(*family, window.text, at + family->signature.size(), window.at_end, candidate) !=
          Gather::none) {
        return true;
      }
    }
  }
  return false;
}

std::string Matcher::redact_disguised(std::string_view name) {
  std::string out(name);
  if (name.size() < kLeastRun) return out;
  snippet_hits_.clear();
  prefilter_.find(name, 0, name.size(), scratch_, snippet_hits_);
  std::erase_if(snippet_hits_, [&](const Hit& hit) {
    return prefilter_.anchors()[hit.anchor].form == Form::keyword;
  });
  if (snippet_hits_.empty()) return out;
  std::vector<RestoredKey> keys;
  restorer_.restore(name, false, snippet_hits_, "", keys);
  std::sort(keys.begin(), keys.end(),
            [](const RestoredKey& a, const RestoredKey& b) { return a.span.begin > b.span.begin; });
  for (const RestoredKey& key : keys) {
    if (key.span.end > out.size()) continue;
    out.replace(key.span.begin, key.span.size(), key.info.canonical.redacted());
  }
  return out;
}

void Matcher::reset() {
  kept_.clear();
  near_misses_.reset();
  if (regex_scratch_) regex_scratch_->reset();
  regex_cut_ = false;
  told_.clear();
  host_at_.reset();
  host_sought_ = 0;
}

}  // namespace assay
