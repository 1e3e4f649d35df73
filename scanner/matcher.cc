// The stages on one window: prefilter (where), judge (gather and verify, or a regex from the anchor
// on), then a finding with its context and its masked snippet for each match. Only the first stage
// touches every byte.
#include "scanner/matcher.h"

#include <algorithm>
#include <bitset>
#include <chrono>

#include "scanner/context.h"
#include "scanner/decoders/text_decoders.h"
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
    : rules_(rules),
      prefilter_(prefilter),
      scratch_(prefilter),
      restorer_(rules, prefilter),
      options_(options) {
  stats_.findings_by_rule.resize(rules.rules().size());
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
  disguised_.clear();
  std::vector<Kept> waiting;
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
    if (verdict == Verdict::more) waiting.push_back({hit.anchor, window.base + hit.end, hit.gap});
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
  std::erase_if(matches_, [&](const Match& m) {
    return m.family == nullptr && m.secret.end > window.own_end && holds_disguised_key(window, m);
  });
  if (!window.at_end) {
    // What is not there yet may show what an anchor is.
    for (const Hit& hit : disguised_) {
      const bool whole = window.text.size() - hit.end >= kRestoreAfter;
      const auto holds = [&](const RestoredKey& key) {
        return key.span.begin < hit.end && hit.end <= key.span.end;
      };
      if (whole || std::any_of(restored_.begin(), restored_.end(), holds)) continue;
      waiting.push_back({hit.anchor, window.base + hit.end, hit.gap});
    }
  }
  kept_ = std::move(waiting);
  const auto key = [](const Match& m) { return std::tuple(m.span.begin, m.span.end, m.rule); };
  std::sort(matches_.begin(), matches_.end(),
            [&](const Match& a, const Match& b) { return key(a) < key(b); });
  matches_.erase(std::unique(matches_.begin(), matches_.end(),
                             [&](const Match& a, const Match& b) { return key(a) == key(b); }),
                 matches_.end());
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

// Adds the keys that stand disguised in the window's own part. Of two matches that share bytes, the
// one that is proven stays.
void Matcher::collect_restored(const Window& window) {
  restored_.clear();
  restorer_.restore(window.text, window.base % 2 == 1, disguised_, window.path, restored_);
  const auto kept = [&](size_t pivot_end) {
    return std::any_of(kept_.begin(), kept_.end(), [&](const Kept& known) {
      const uint64_t at = window.base + pivot_end;
      return known.end + kHitSlack > at && known.end < at + kHitSlack;
    });
  };
  for (const RestoredKey& key : restored_) {
    const bool own = key.pivot_end > window.own_begin && key.pivot_end <= window.own_end;
    if (!own && !kept(key.pivot_end)) continue;
    const uint64_t pivot = window.base + key.pivot_end;
    if (std::find(told_.begin(), told_.end(), pivot) != told_.end()) continue;
    if (!window.at_end) {
      std::erase_if(told_, [&](uint64_t at) { return at < window.base; });
      told_.push_back(pivot);
    }
    const auto overlaps = [&](const Match& match) {
      return match.span.begin < key.span.end && key.span.begin < match.span.end;
    };
    const bool held = key.info.confidence == Confidence::verified;
    if (held) {
      std::erase_if(matches_, [&](const Match& match) {
        return match.seed == nullptr && match.restored == nullptr && overlaps(match);
      });
    } else if (std::any_of(matches_.begin(), matches_.end(), overlaps)) {
      continue;
    }
    Match match;
    match.span = key.span;
    match.rule = rules_.for_key(*key.family, key.info.kind, key.info.confidence);
    match.family = key.family;
    match.restored = &key;
    matches_.push_back(match);
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
  match.rule = rules_.for_key(*anchor.family, held ? candidate.seed->kind : "unknown",
                              held ? Confidence::verified : Confidence::signature);
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
  told_.clear();
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
  std::string_view kind = match.seed != nullptr ? match.seed->kind : "unknown";
  if (match.restored != nullptr) kind = match.restored->info.kind;
  // Of a decoded text without facts, those around it tell: a value of a Kubernetes secret.
  const bool decoded = match.restored != nullptr && match.restored->context;
  if (decoded) finding.context = *match.restored->context;
  if (!decoded || (finding.context.host.empty() && finding.context.carrier.empty())) {
    finding.context =
        read_context(window.text, match.span.begin, match.span.end, kind, window.path);
  }
  if (match.needs_functions_host && !finding.context.functions_host) return false;
  drop_key_like(finding.context);
  finding.rule = match.rule;
  finding.kind = kind;
  finding.confidence = match.rule->confidence;
  const std::string_view text = window.text.substr(match.secret.begin, match.secret.size());
  if (match.restored != nullptr) {
    const RestoredKey& key = *match.restored;
    finding.secret = key.info.canonical;
    finding.fingerprint = key.info.fingerprint();
    finding.redacted = finding.secret.redacted(match.family->signature);
    finding.encoding = key.encoding;
  } else if (match.family != nullptr) {
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
  // Of a key over several lines, or in an encoding, the line would show little.
  const std::string_view shown = window.text.substr(match.span.begin, match.span.size());
  const bool plain = match.restored == nullptr || !match.restored->context;
  if (options_.snippets && plain && shown.find_first_of("\n\r") == shown.npos) {
    finding.snippet = make_snippet(window, match.span);
  }
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
  disguised_.clear();
  for (const Hit& hit : snippet_hits_) {
    const Anchor& anchor = prefilter_.anchors()[hit.anchor];
    if (anchor.form != Form::keyword) disguised_.push_back(hit);
    if (anchor.disguised()) continue;
    Match match;
    Window whole = window;
    whole.at_end = true;  // a key cut off by the end of what has come is masked as it stands
    if (judge(anchor, whole, hit.end, match) == Verdict::match) mask(match.span);
    if (anchor.family != nullptr) {
      mask(signature_run(window.text, hit.end, search_from, search_to));
    }
  }
  std::erase_if(disguised_, [&](const Hit& hit) {
    const Anchor& anchor = prefilter_.anchors()[hit.anchor];
    return !anchor.disguised() && !Restorer::may_be_broken(*anchor.family, window.text, hit.end);
  });
  if (disguised_.empty()) return;
  std::vector<RestoredKey> keys;
  restorer_.restore(window.text, window.base % 2 == 1, disguised_, window.path, keys);
  for (const RestoredKey& key : keys) mask(key.span);
  // What may be a damaged key: the word that the hit stands in.
  for (const Hit& hit : disguised_) {
    constexpr size_t kMostWord = 256;
    const auto in_word = [&](size_t at) {
      return static_cast<unsigned char>(window.text[at]) > ' ';
    };
    Span word{hit.end, hit.end};
    while (word.begin > 0 && hit.end - word.begin < kMostWord && in_word(word.begin - 1))
      --word.begin;
    while (word.end < window.text.size() && word.end - hit.end < kMostWord && in_word(word.end)) {
      ++word.end;
    }
    mask(word);
  }
}

}  // namespace assay
