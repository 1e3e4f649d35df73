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
#include <optional>

#include "response/path_pattern.h"
#include "response/path_scope.h"
#include "rules/keys/identify.h"
#include "rules/rule_set.h"
#include "scanner/inline_marker.h"
#include "scanner/text_pattern.h"

namespace assay {

namespace {

using Found = std::optional<Suppression>;

// Records that are files of a project, and not what people wrote to each other or programs logged.
constexpr std::string_view kOfProjects[] = {"env", "local-settings", "functions-secrets",
                                            "notebook"};

// app.log, app.log.1
bool is_log(std::string_view path) {
  constexpr std::string_view kLog = ".log";
  std::string_view name = path.substr(path.rfind('/') + 1);
  const size_t digits = name.find_last_not_of("0123456789");
  if (digits != name.npos && name[digits] == '.') name = name.substr(0, digits);
  return name.ends_with(kLog);
}

std::string lower_text(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return out;
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

// The config's entries, compiled.
struct Suppressor::Rules {
  struct Allow {
    const ConfigAllow* source = nullptr;
    std::string place;  // ".assay.toml:7"
    std::string reason;
    std::optional<PathScope> paths;
    std::vector<TextPattern> regexes;
    std::vector<std::string> stopwords;
    // The findings of a file come together.
    std::string last_path;
    bool last_covered = false;
  };
  std::vector<Allow> allows;

  explicit Rules(const std::vector<ConfigAllow>& sources) {
    for (const ConfigAllow& source : sources) {
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
      for (const std::string& regex : source.regexes)
        allow.regexes.emplace_back(regex, allow.place);
      for (const std::string& word : source.stopwords) {
        if (!word.empty()) allow.stopwords.push_back(lower_text(word));
      }
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

  static bool has_path(Allow& allow, std::string_view path) {
    if (allow.last_path != path) {
      allow.last_covered = allow.paths->covers(path);
      allow.last_path = path;
    }
    return allow.last_covered;
  }

  static bool has_value(const Allow& allow, const Finding& finding) {
    const std::string_view value = finding.secret.reveal();
    if (!allow.regexes.empty() &&
        std::none_of(allow.regexes.begin(), allow.regexes.end(),
                     [&](const TextPattern& regex) { return regex.found_in(value); })) {
      return false;
    }
    if (allow.stopwords.empty()) return true;
    const Secret lower(lower_text(value));
    return std::any_of(
        allow.stopwords.begin(), allow.stopwords.end(),
        [&](const std::string& word) { return lower.reveal().find(word) != std::string::npos; });
  }

  static bool holds(Allow& allow, const Finding& finding) {
    const ConfigAllow& source = *allow.source;
    const bool says_what = !source.rules.empty() || !source.paths.empty() ||
                           !source.regexes.empty() || !allow.stopwords.empty() ||
                           !source.fingerprints.empty();
    if (!says_what || finding.rule == nullptr || !has_rule(source, finding.rule->id)) return false;
    if (!source.fingerprints.empty() &&
        (finding.fingerprint.empty() ||
         std::find(source.fingerprints.begin(), source.fingerprints.end(), finding.fingerprint) ==
             source.fingerprints.end())) {
      return false;
    }
    if (allow.paths && !has_path(allow, path_of(finding))) return false;
    return has_value(allow, finding);
  }

  Found ask(const Finding& finding) {
    for (Allow& allow : allows) {
      if (finding.confidence == Confidence::verified && allow.reason.empty()) continue;
      if (!holds(allow, finding)) continue;
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
    bool expired = false;
    const BaselineEntry* entry = options_.baseline->find(finding, options_.today, expired);
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
