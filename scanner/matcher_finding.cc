// What a finding says: the key itself, whose it is, and the text around it with every key masked.
#include <algorithm>

#include "scanner/context.h"
#include "scanner/inline_marker.h"
#include "scanner/matcher.h"
#include "scanner/runs.h"
#include "scanner/snippet.h"
#include "scanner/verify.h"

namespace assay {

namespace {

// `name` in lower case.
bool begins_any_case(std::string_view text, std::string_view name) {
  if (text.size() < name.size()) return false;
  for (size_t i = 0; i < name.size(); ++i) {
    if ((text[i] | 0x20) != name[i]) return false;
  }
  return true;
}

// The family whose keys' surroundings are to be read.
std::string_view family_of(const KeyFamily* family, const Finding& finding) {
  if (family == nullptr) return finding.rule->family;
  const bool generic = finding.rule->family == kAnyAzure || finding.rule->family == kAnyToken;
  return generic ? family->name : std::string_view(finding.rule->family);
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
  take_key(match, window.text.substr(match.secret.begin, match.secret.size()), finding);
  // Of a decoded text without facts, those around it tell: a value of a Kubernetes secret.
  const bool decoded = match.restored != nullptr && match.restored->context;
  if (decoded) finding.context = *match.restored->context;
  if (!decoded || (finding.context.host.empty() && finding.context.carrier.empty())) {
    finding.context = read_context(window.text, match.span.begin, match.span.end,
                                   family_of(match.family, finding), finding.kind, window.path);
  }
  if (match.needs_functions_host && !finding.context.functions_host) return false;
  drop_key_like(finding.context);
  for (const std::string_view layer : match.encoding) {
    if (!layer.empty()) finding.encoding.push_back(layer);
  }
  finding.marker = read_marker(window.text, match.span.begin, match.span.end);
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

// What the finding says of the key itself. A checksum that does not hold may still tell which key
// it was.
void Matcher::take_key(const Match& match, std::string_view text, Finding& finding) {
  finding.rule = match.rule;
  finding.kind = match.seed != nullptr ? match.seed->kind : "unknown";
  finding.confidence = match.rule->confidence;
  if (match.regex) finding.kind = match.rule->kind;
  if (match.family == nullptr) {
    finding.secret = Secret(text);
    finding.redacted = finding.secret.redacted();
    return;
  }
  NearMiss miss;
  bool missed = match.miss != nullptr;
  if (missed) {
    miss = *match.miss;
    finding.secret = Secret(text);
  } else {
    const KeyInfo info = match.restored != nullptr ? match.restored->info : *identify(text);
    finding.kind = info.kind;
    finding.confidence = info.confidence;
    const std::string_view canonical = info.canonical.reveal();
    finding.born = birth_month(*info.family, canonical.substr(0, info.family->digits()));
    finding.secret = info.canonical;
    finding.fingerprint = info.fingerprint();
    if (match.restored != nullptr) finding.encoding = match.restored->encoding;
    missed = info.confidence != Confidence::verified &&
             near_misses_.repaired(*match.family, info.canonical.reveal(), miss);
  }
  finding.redacted = finding.secret.redacted(match.family->signature);
  if (!missed) return;
  finding.damage = miss.damage;
  finding.kind = miss.kind;
  finding.secret = std::move(miss.secret);
  finding.fingerprint = std::move(miss.fingerprint);
  if (miss.damage->masked) {
    const Rule* rule = rules_.for_key(*match.family, nullptr, Confidence::signature, true);
    if (rule != nullptr) finding.rule = rule;
  }
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
