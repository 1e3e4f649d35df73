// Asks four sources whether a finding is none. Each gives a Suppression or nothing; the first one
// that does is told.
//
//   sample     by its fingerprint, or by its look; needs no one's word
//   marker     # assay:allow AZF1002 vector of the documentation
//   config     [[allow]] paths = ["docs/**"], regexes = ["^example"]
//   baseline   kXWoi7chsijJZARFXuOr AZF1002 * payments 2026-12-31 rotated with the next release
#include "response/suppress.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <tuple>

#include "response/path_pattern.h"
#include "response/path_scope.h"
#include "rules/keys/identify.h"
#include "rules/rule_set.h"
#include "scanner/inline_marker.h"
#include "scanner/regex_rules_allow.h"
#include "scanner/text_pattern.h"

namespace assay {

namespace {

using Found = std::optional<Suppression>;

// Records that are files of a project, and not what people wrote to each other or programs logged.
constexpr std::string_view kOfProjects[] = {"env", "local-settings", "functions-secrets",
                                            "notebook"};

std::string lower_text(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return out;
}

// app.log, app.log.1, APP.LOG, app.log-20261122, app.log.2026-11-22.gz
bool is_log(std::string_view path) {
  constexpr std::string_view kLog = ".log";
  constexpr std::string_view kPacked[] = {".gz", ".bz2", ".xz", ".zst", ".lz4", ".br", ".z"};
  const std::string lower = lower_text(path.substr(path.rfind('/') + 1));
  std::string_view name = lower;
  for (const std::string_view end : kPacked) {
    if (name.ends_with(end)) name.remove_suffix(end.size());
  }
  const size_t at = name.rfind(kLog);
  return at != name.npos && name.find_first_not_of("0123456789.-_", at + kLog.size()) == name.npos;
}

Found sample(const Finding& finding) {
  if (!finding.fingerprint.empty() && is_published_sample(finding.fingerprint)) {
    return Suppression{Suppression::Kind::sample, "published sample",
                       "published as a sample, in documentation or a test"};
  }
  const auto info = identify(finding.secret.reveal());
  if (!info) return std::nullopt;
  const std::string_view digits = info->canonical.reveal().substr(0, info->family->digits());
  if (!looks_like_sample(*info->family, digits)) return std::nullopt;
  return Suppression{Suppression::Kind::sample, "sample",
                     "what is random in a key is one or two characters here"};
}

// Whether the ids that a marker names, `AZF1001,AZK2171`, have that of the rule; the kinds of one
// format (AZK2171-1) are all named by its number.
bool names_rule(std::string_view ids, std::string_view id) {
  for (size_t at = 0; at <= ids.size();) {
    const size_t end = std::min(ids.find(',', at), ids.size());
    const std::string_view one = ids.substr(at, end - at);
    if (id == one || (is_rule_id(id) && is_rule_id(one) && id.starts_with(one))) return true;
    at = end + 1;
  }
  return false;
}

// Whether the marker is about the finding's rule. Of the user's own rules the id stands at the
// front of what the marker has as its reason, and is taken off it.
bool is_about(const Marker& marker, const Finding& finding, const RuleSet* rules,
              std::string_view& reason) {
  reason = marker.reason;
  const std::string_view id = finding.rule != nullptr ? finding.rule->id : std::string_view();
  if (!marker.rule.empty()) return names_rule(marker.rule, id);
  std::string_view word = reason.substr(0, reason.find_first_of(" :"));
  const bool is_rule = word == id || (rules != nullptr && rules->find(word) != nullptr);
  if (word.empty() || !is_rule) return true;
  reason.remove_prefix(word.size());
  reason.remove_prefix(std::min(reason.find_first_not_of(" :-"), reason.size()));
  return word == id;
}

Found by_marker(const Finding& finding, const SuppressOptions& options) {
  if (finding.marker == nullptr || !options.markers || !markers_count(finding)) return std::nullopt;
  const Marker& marker = *finding.marker;
  if (is_foreign(marker) && !options.foreign_markers) return std::nullopt;
  std::string_view reason;
  if (!is_about(marker, finding, options.rules, reason)) return std::nullopt;
  if (finding.confidence == Confidence::verified && reason.empty()) return std::nullopt;
  return Suppression{Suppression::Kind::marker, std::string(marker.word), std::string(reason)};
}

}  // namespace

bool markers_count(const Finding& finding) {
  if (finding.provenance != nullptr) {
    if (finding.provenance->kind == Provenance::Kind::stream) return false;
    if (is_log(finding.provenance->path)) return false;
  }
  // The message of a commit or a tag is no code either, nor is the name of a file.
  if (finding.git != nullptr && !finding.git->object.empty() && finding.git->object != "blob") {
    return false;
  }
  if (finding.record == nullptr || finding.record->system.empty()) return true;
  return std::find(std::begin(kOfProjects), std::end(kOfProjects), finding.record->system) !=
         std::end(kOfProjects);
}

// The config's entries, compiled. There may be ten thousand, and as many findings in a file: what
// the path and the rule say of them is asked once a file, and all regexes are asked at once.
struct Suppressor::Rules {
  struct Allow {
    const ConfigAllow* source = nullptr;
    std::string place;  // ".assay.toml:7"
    std::string reason;
    std::optional<PathScope> paths;
    std::optional<WordFinder> words;
  };
  std::vector<Allow> allows;
  TextPatterns regexes;
  std::vector<uint32_t> allow_of;  // beside regexes
  std::map<std::string, std::vector<uint32_t>, std::less<>> by_fingerprint;
  // Of the file whose findings come: the entries without fingerprints that its path and the rule
  // of that id leave.
  std::string last_path;
  std::map<std::string, std::vector<uint32_t>, std::less<>> left_by_rule;
  // Of the last file: the baseline's entries for its keys.
  std::string entries_path;
  std::map<std::tuple<std::string, std::string, Confidence>, const BaselineEntry*> entries;

  explicit Rules(const std::vector<ConfigAllow>& sources) {
    for (const ConfigAllow& source : sources) add(source);
  }

  void add(const ConfigAllow& source) {
    const auto number = static_cast<uint32_t>(allows.size());
    Allow& allow = allows.emplace_back();
    allow.source = &source;
    allow.place = fmt::format("{}:{}", source.file, source.line);
    allow.reason = shown_reason(source.reason);
    std::string lines;
    for (const std::string& path : source.paths) {
      if (const std::string_view fault = IgnoreRules::fault(path); !fault.empty()) {
        throw Error(fmt::format("{}: the path is no pattern: {}. Mend it (gitignore's syntax).",
                                allow.place, fault));
      }
      lines.append(path).append("\n");
    }
    if (!source.paths.empty()) allow.paths.emplace(lines);
    for (const std::string& regex : source.regexes) {
      regexes.add(regex, allow.place);
      allow_of.push_back(number);
    }
    std::vector<std::string> words = source.stopwords;
    std::erase(words, "");
    if (!words.empty()) allow.words.emplace(words);
    for (const std::string& one : source.fingerprints) {
      std::vector<uint32_t>& numbers = by_fingerprint[one];
      if (numbers.empty() || numbers.back() != number) numbers.push_back(number);
    }
  }

  static bool has_rule(const ConfigAllow& source, std::string_view id) {
    constexpr uint64_t kSteps = 100'000;
    return source.rules.empty() ||
           std::any_of(source.rules.begin(), source.rules.end(), [&](const std::string& pattern) {
             Steps steps(kSteps);
             return matches_name(pattern, id, false, steps);
           });
  }

  // Whether the entry says anything, and of this path and rule.
  static bool fits(const Allow& allow, std::string_view path, std::string_view id) {
    const ConfigAllow& source = *allow.source;
    const bool says_what = !source.rules.empty() || !source.paths.empty() ||
                           !source.regexes.empty() || allow.words || !source.fingerprints.empty();
    return says_what && has_rule(source, id) && (!allow.paths || allow.paths->covers(path));
  }

  const std::vector<uint32_t>& left_for(std::string_view path, std::string_view id) {
    constexpr size_t kMostRules = 64;
    if (path != last_path || left_by_rule.size() > kMostRules) left_by_rule.clear();
    last_path = path;
    const auto [left, is_new] = left_by_rule.try_emplace(std::string(id));
    for (uint32_t i = 0; is_new && i < allows.size(); ++i) {
      if (allows[i].source->fingerprints.empty() && fits(allows[i], path, id)) {
        left->second.push_back(i);
      }
    }
    return left->second;
  }

  // The baseline's entry for a finding. Of a key that stands in a file again it is the same.
  const BaselineEntry* entry_of(Baseline& baseline, const Finding& finding,
                                const std::string& today) {
    constexpr size_t kMostKnown = 10'000;
    bool expired = false;
    const bool by_place = baseline.form() != Baseline::Form::assay || finding.fingerprint.empty() ||
                          finding.fingerprint.starts_with("hmac:");
    if (by_place || finding.rule == nullptr) return baseline.find(finding, today, expired);
    const std::string_view path = path_of(finding);
    if (path != entries_path || entries.size() > kMostKnown) entries.clear();
    entries_path = path;
    const auto [known, is_new] =
        entries.try_emplace({finding.fingerprint, finding.rule->id, finding.confidence});
    if (is_new) known->second = baseline.find(finding, today, expired);
    return known->second;
  }

  Found ask(const Finding& finding) {
    if (allows.empty() || finding.rule == nullptr) return std::nullopt;
    const std::string_view path = path_of(finding);
    std::vector<uint32_t> asked = left_for(path, finding.rule->id);
    if (const auto own = by_fingerprint.find(finding.fingerprint);
        own != by_fingerprint.end() && !finding.fingerprint.empty()) {
      for (const uint32_t i : own->second) {
        if (fits(allows[i], path, finding.rule->id)) asked.push_back(i);
      }
      std::sort(asked.begin(), asked.end());
    }
    if (asked.empty()) return std::nullopt;
    const std::string_view value = finding.secret.reveal();
    std::vector<bool> matched(allow_of.empty() ? 0 : allows.size());
    for (const size_t regex : regexes.found_in(value)) matched[allow_of[regex]] = true;
    const Secret lower(lower_text(value));
    for (const uint32_t i : asked) {
      const Allow& allow = allows[i];
      if (finding.confidence == Confidence::verified && allow.reason.empty()) continue;
      if (!allow.source->regexes.empty() && !matched[i]) continue;
      if (allow.words && !allow.words->stands_in(lower.reveal())) continue;
      return Suppression{Suppression::Kind::allowlist, allow.place, allow.reason};
    }
    return std::nullopt;
  }
};

Suppressor::Suppressor(SuppressOptions options) : options_(std::move(options)) {
  static const std::vector<ConfigAllow> kNone;
  rules_ = std::make_unique<Rules>(options_.allows != nullptr ? *options_.allows : kNone);
}
Suppressor::~Suppressor() = default;

void Suppressor::judge(Finding& finding) {
  Found found = sample(finding);
  if (!found) found = by_marker(finding, options_);
  if (!found) found = rules_->ask(finding);
  if (options_.baseline != nullptr) {
    const BaselineEntry* entry = rules_->entry_of(*options_.baseline, finding, options_.today);
    if (entry != nullptr) {
      finding.baseline_state = BaselineState::unchanged;
      if (!found) found = Suppression{Suppression::Kind::baseline, entry->from, entry->reason};
    } else if (finding.baseline_state == BaselineState::none) {
      finding.baseline_state = BaselineState::is_new;
    }
  }
  if (found) finding.suppression = std::make_shared<const Suppression>(*std::move(found));
}

std::optional<FailOn> fail_on_named(std::string_view word) {
  if (word == "verified") return FailOn::verified;
  if (word == "signature") return FailOn::signature;
  if (word == "context") return FailOn::context;
  if (word == "never") return FailOn::never;
  return std::nullopt;
}

bool fails(const Finding& finding, FailOn fail_on) {
  if (finding.suppression != nullptr || fail_on == FailOn::never) return false;
  if (finding.baseline_state == BaselineState::unchanged ||
      finding.baseline_state == BaselineState::updated) {
    return false;
  }
  if (fail_on == FailOn::context || finding.confidence == Confidence::verified) return true;
  return fail_on == FailOn::signature && finding.confidence == Confidence::signature;
}

}  // namespace assay
