// The stages on one window: prefilter (where), judge (gather and verify, or a regex from the anchor
// on), then a finding with its context and its masked snippet for each match. Only the first stage
// touches every byte.
#include "scanner/matcher.h"

#include <algorithm>
#include <bitset>
#include <chrono>

#include "scanner/context.h"
#include "scanner/runs.h"
#include "scanner/snippet.h"
#include "scanner/verify.h"

namespace assay {

namespace {

using Clock = std::chrono::steady_clock;

uint64_t since(Clock::time_point start) {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
}

size_t distinct_bytes(std::string_view text) {
  std::bitset<256> seen;
  for (const char c : text) seen.set(static_cast<unsigned char>(c));
  return seen.count();
}

// `name` in lower case.
bool begins_any_case(std::string_view text, std::string_view name) {
  if (text.size() < name.size()) return false;
  for (size_t i = 0; i < name.size(); ++i) {
    if ((text[i] | 0x20) != name[i]) return false;
  }
  return true;
}

// Keeps out of a report what may be a key though nothing proves it: a name as long as one. Names of
// secrets are longer, so those are judged a part at a time.
void drop_key_like(KeyContext& context) {
  for (std::string* name : {&context.function, &context.key_name, &context.slot, &context.app,
                            &context.resource_group, &context.host}) {
    if (has_run(*name)) name->clear();
  }
  const std::string_view store = context.store;
  for (size_t at = 0; at < store.size();) {
    const size_t end = std::min(store.find("--", at), store.size());
    if (has_run(store.substr(at, end - at))) return context.store.clear();
    at = end + 2;
  }
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
    : rules_(rules), prefilter_(prefilter), scratch_(prefilter), options_(options) {
  stats_.findings_by_rule.resize(rules.rules().size());
}

void Matcher::match(const Window& window, std::vector<Finding>& findings) {
  const auto start = options_.timed ? Clock::now() : Clock::time_point();
  hits_.clear();
  prefilter_.find(window.text, window.own_begin, window.own_end, scratch_, hits_);
  if (options_.timed) stats_.prefilter_ns += since(start);
  match_hits(window, hits_, findings);
}

void Matcher::match_hits(const Window& window, std::span<const Hit> hits,
                         std::vector<Finding>& findings) {
  if (hits.empty() && kept_.empty()) return;
  const auto matching = options_.timed ? Clock::now() : Clock::time_point();
  stats_.hits += hits.size();
  collect(window, hits);
  for (const Match& match : matches_) {
    Finding finding;
    if (!make_finding(window, match, finding)) continue;
    ++stats_.findings_by_rule[rules_.index_of(*match.rule)];
    findings.push_back(std::move(finding));
  }
  if (options_.timed) stats_.match_ns += since(matching);
}

// Judges kept anchors and new hits; leaves the matches in order, each place once.
void Matcher::collect(const Window& window, std::span<const Hit> hits) {
  matches_.clear();
  std::vector<Kept> waiting;
  Match match;
  const auto consider = [&](uint32_t anchor, size_t end) {
    const Verdict verdict = judge(prefilter_.anchors()[anchor], window, end, match);
    if (verdict == Verdict::match) matches_.push_back(match);
    if (verdict == Verdict::more) waiting.push_back({anchor, window.base + end});
  };
  for (const Kept& kept : kept_) consider(kept.anchor, static_cast<size_t>(kept.end - window.base));
  for (const Hit& hit : hits) consider(hit.anchor, hit.end);
  kept_ = std::move(waiting);
  const auto key = [](const Match& m) { return std::tuple(m.span.begin, m.span.end, m.rule); };
  std::sort(matches_.begin(), matches_.end(),
            [&](const Match& a, const Match& b) { return key(a) < key(b); });
  matches_.erase(std::unique(matches_.begin(), matches_.end(),
                             [&](const Match& a, const Match& b) { return key(a) == key(b); }),
                 matches_.end());
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
  match.rule = rules_.for_key(*anchor.family, held ? candidate.seed->kind : "unknown",
                              held ? Confidence::verified : Confidence::signature);
  if (match.rule == nullptr) return Verdict::none;
  match.span = candidate.span;
  match.secret = candidate.digits;
  match.family = candidate.family;
  match.seed = candidate.seed;
  match.encoding = candidate.encoding;
  return Verdict::match;
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
    if (end <= window.text.size() && window.text.substr(0, end).ends_with(family->signature) &&
        gather(*family, window.text, end, window.at_end, candidate) != Gather::none) {
      return true;
    }
  }
  return false;
}

// A key that proves itself is reported by its own rule, not as a value known from its surroundings.
bool Matcher::holds_signature_key(const Window& window, Span value) const {
  for (const KeyFamily* family : rules_.families()) {
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

void Matcher::reset() {
  kept_.clear();
  host_at_.reset();
  host_sought_ = 0;
}

// Whether what all names of Functions hosts share stands where the context may look: cheap, and
// each byte is looked at once. Logs of sign-ins are full of `?code=` on other hosts.
bool Matcher::names_functions_host(const Window& window, Span span) {
  const uint64_t from = window.base + span.begin - std::min(span.begin, kContextBefore);
  const uint64_t to = window.base + std::min(window.text.size(), span.end + kContextAfter);
  if (host_at_ && *host_at_ >= from && *host_at_ < to) return true;
  uint64_t at = std::max({from, host_sought_, window.base});
  for (; at < to; ++at) {
    const std::string_view here = window.text.substr(static_cast<size_t>(at - window.base));
    if (begins_any_case(here, "azure") || begins_any_case(here, "chinacloud")) {
      host_at_ = at;
      host_sought_ = at + 1;
      return true;
    }
  }
  host_sought_ = to - std::min<uint64_t>(to, 10);  // a stream may have stopped within a name
  return false;
}

bool Matcher::make_finding(const Window& window, const Match& match, Finding& finding) {
  ++stats_.candidates;
  if (match.needs_functions_host && !names_functions_host(window, match.span)) return false;
  const std::string_view kind = match.seed != nullptr ? match.seed->kind : "unknown";
  finding.context = read_context(window.text, match.span.begin, match.span.end, kind, window.path);
  if (match.needs_functions_host && !finding.context.functions_host) return false;
  drop_key_like(finding.context);
  finding.rule = match.rule;
  finding.kind = kind;
  finding.confidence = match.rule->confidence;
  const std::string_view text = window.text.substr(match.secret.begin, match.secret.size());
  if (match.family != nullptr) {
    const auto info = identify(text);
    finding.secret = info->canonical;
    finding.fingerprint = info->fingerprint();
    finding.redacted = finding.secret.redacted(match.family->signature);
  } else {
    finding.secret = Secret(text);
    finding.redacted = finding.secret.redacted();
  }
  for (const std::string_view layer : match.encoding) {
    if (!layer.empty()) finding.encoding.push_back(layer);
  }
  finding.location.byte_offset = window.base + match.span.begin;
  finding.location.byte_length = match.span.size();
  if (options_.snippets) finding.snippet = make_snippet(window, match.span);
  return true;
}

// The line of the key or, where it is long, a piece around it; every key in it masked.
Snippet Matcher::make_snippet(const Window& window, Span span) {
  const Span piece = snippet_piece(window.text, span);
  std::string bytes(window.text.substr(piece.begin, piece.size()));
  mask_keys(window, piece.begin, bytes);
  Snippet snippet;
  const size_t begin = span.begin - piece.begin;
  snippet.before = snippet_text(std::string_view(bytes).substr(0, begin));
  snippet.masked = std::string(span.size(), '*');
  snippet.after = snippet_text(std::string_view(bytes).substr(begin + span.size()));
  return snippet;
}

// Masks in `text`, which stands at `from` in the window, whatever a rule finds there or across its
// ends, and every run of digits around a signature, also a damaged one.
void Matcher::mask_keys(const Window& window, size_t from, std::string& text) {
  const size_t to = from + text.size();
  const size_t search_from = from > Pattern::kMaxWidth ? from - Pattern::kMaxWidth : 0;
  const size_t search_to = std::min(window.text.size(), to + Pattern::kMaxWidth);
  const auto mask = [&](Span span) {
    for (size_t i = std::max(span.begin, from); i < std::min(span.end, to); ++i) {
      text[i - from] = '*';
    }
  };
  // A value that only its surroundings tell may stand here again without them.
  std::vector<Span> runs;
  find_runs(window.text, search_from, search_to, runs);
  for (const Span run : runs) {
    if (run.size() >= kLeastRun) mask(run);
  }
  snippet_hits_.clear();
  prefilter_.find(window.text, search_from, search_to, scratch_, snippet_hits_);
  for (const Hit& hit : snippet_hits_) {
    const Anchor& anchor = prefilter_.anchors()[hit.anchor];
    Match match;
    Window whole = window;
    whole.at_end = true;  // a key cut off by the end of what has come is masked as it stands
    if (judge(anchor, whole, hit.end, match) == Verdict::match) mask(match.span);
    if (anchor.family != nullptr) {
      mask(signature_run(window.text, hit.end, search_from, search_to));
    }
  }
}

}  // namespace assay
