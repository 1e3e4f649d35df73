// The entries of a baseline by what they know a finding by:
//
//   kXWoi7chsijJZARFXuOr         its fingerprint; `hmac:…` of a value that could be guessed
//   sha1:2fd4e1c6…               the SHA-1 of its value (entries of other tools)
//   at:src/app.py:jwt:12         its place (likewise)
//
// Texts are read and written by baseline_lines.cc and baseline_foreign.cc.
#include "response/baseline.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <tuple>

#include "response/baseline_forms.h"
#include "response/path_scope.h"
#include "response/text_file.h"
#include "rules/keys/base64.h"
#include "rules/keys/c3id.h"
#include "rules/rule_set.h"
#include "scanner/inline_marker.h"
#include "scanner/snippet.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF", kKeyed = "hmac:";
constexpr size_t kSaltBytes = 32, kIdBytes = 15, kMostSentences = 100;

std::string random_salt() {
  std::string salt(kSaltBytes, '\0');
  if (getrandom(salt.data(), kSaltBytes, 0) != static_cast<ssize_t>(kSaltBytes)) {
    throw Error("The system gives no random numbers for the baseline's salt. Try again.");
  }
  return salt;
}

bool is_keyed(std::string_view fingerprint) { return fingerprint.starts_with(kKeyed); }

// An inventory may have given the finding an id under its own salt: that is not ours.
std::string_view own_id(const Finding& finding) {
  return is_keyed(finding.fingerprint) ? std::string_view() : finding.fingerprint;
}

// Of rule and value; of a masked key that may be one of several, of all that is known of it.
std::string keyed_id(std::string_view salt, const Finding& finding) {
  std::string text = finding.rule->id;
  text += '\0';
  if (!finding.secret.empty()) {
    text += finding.secret.reveal();
  } else {
    text += finding.redacted;
    if (finding.damage != nullptr) {
      for (const std::string& one : finding.damage->fingerprints) text.append("\n").append(one);
    }
  }
  const Secret both(text);
  std::fill(text.begin(), text.end(), '\0');
  const auto digest = hmac_sha256(salt, both.reveal());
  return fmt::format("{}{}", kKeyed,
                     encode_base64({digest.data(), kIdBytes}, Base64Alphabet::standard));
}

std::string sha1_key(std::string_view value) {
  const auto digest = sha1(value);
  return fmt::format("sha1:{}", hex({digest.data(), digest.size()}, HexCase::lower));
}

// The first byte of a text that is not blank, and whether JSON of a kind that is known begins
// there. A path may begin with a bracket as well: [id].tsx.
bool begins_json(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t at = text.find_first_not_of(kBlanks);
  if (at == text.npos || (text[at] != '{' && text[at] != '[')) return false;
  const size_t next = text.find_first_not_of(kBlanks, at + 1);
  if (next == text.npos) return true;
  return text[at] == '{' ? text[next] == '"' || text[next] == '}'
                         : text[next] == '{' || text[next] == ']';
}

// Whether a line says that the text is ours, or there is nothing but comments.
bool is_own_form(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.starts_with(kBaselineHeader)) return true;
    if (!line.empty() && !line.starts_with('#')) return false;
  }
  return true;
}

bool is_over(const BaselineEntry& entry, std::string_view today) {
  return !entry.expires.empty() && !today.empty() && entry.expires < today;
}

// Whether what the pattern begins with stands in the path, as it must: cheaper by far than to read
// it as one, and a secret may have a hundred thousand entries.
bool may_cover(std::string_view scope, std::string_view path) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
  scope = scope.substr(0, scope.find_first_not_of(kPlain));
  while (scope.starts_with('/')) scope.remove_prefix(1);
  while (scope.ends_with('/')) scope.remove_suffix(1);
  return path.find(scope) != path.npos;
}

bool has_scope(const BaselineEntry& entry, std::string_view path) {
  return entry.scope.empty() ||
         (may_cover(entry.scope, path) && PathScope(entry.scope).covers(path));
}

// `expires` is as late as that of the other, or later.
bool lasts(std::string_view expires, std::string_view other) {
  return expires.empty() || (!other.empty() && expires >= other);
}

void refuse(std::string_view fault) {
  if (fault.empty()) return;
  throw Error(fmt::format("This cannot stand in a baseline: {}. Say it otherwise.", fault));
}

std::vector<std::string> first_of(std::vector<std::string> sentences) {
  if (sentences.size() > kMostSentences) {
    const size_t more = sentences.size() - kMostSentences;
    sentences.resize(kMostSentences);
    sentences.push_back(fmt::format("So do {} more.", more));
  }
  return sentences;
}

}  // namespace

Baseline Baseline::create() {
  Baseline baseline;
  baseline.salts_.push_back(random_salt());
  return baseline;
}

Baseline Baseline::parse(std::string_view text, std::string_view name) {
  const std::string shown = redact_names(snippet_text(name));
  if (text.size() > kMaxBytes) {
    throw Error(fmt::format("{}: it is larger than 64 MiB. Split it.", shown));
  }
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Error(fmt::format("{}: it is UTF-16. Write it as UTF-8.", shown));
  }
  BaselineText read = begins_json(text)   ? read_baseline_json(text, shown)
                      : is_own_form(text) ? read_baseline_lines(text, shown)
                                          : read_gitleaks_ignore(text, shown);
  Baseline baseline;
  baseline.name_ = shown;
  baseline.form_ = read.form;
  baseline.salts_ = std::move(read.salts);
  baseline.comments_ = std::move(read.comments);
  baseline.doubts_ = std::move(read.doubts);
  baseline.entries_ = std::move(read.entries);
  // The first one is that of new entries: it must not depend on the order of lines.
  std::sort(baseline.salts_.begin(), baseline.salts_.end());
  baseline.build_index();
  return baseline;
}

Baseline Baseline::read(const std::string& path, std::string_view name) {
  return parse(read_text_file(path, std::string(name), kMaxBytes), name);
}

void Baseline::build_index() {
  index_.clear();
  used_.assign(entries_.size(), Use::none);
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, uint32_t> seen;
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    const BaselineEntry& entry = entries_[i];
    has_keyed_ |= is_keyed(entry.fingerprint);
    if (!entry.fingerprint.empty()) index_.emplace(entry.fingerprint, i);
    if (!entry.sha1.empty()) {
      index_.emplace("sha1:" + entry.sha1, i);
      has_sha1_ = true;
    } else if (!entry.path.empty()) {
      index_.emplace(place_of(entry.path, entry.rule, entry.line), i);
      has_places_ = true;
    }
    if (form_ != Form::assay) continue;
    const auto [first, is_new] =
        seen.emplace(std::tuple(std::string_view(entry.fingerprint), std::string_view(entry.rule),
                                std::string_view(entry.scope)),
                     i);
    if (!is_new && doubts_.size() < kMostSentences) {
      doubts_.push_back(fmt::format("{} is about the same secret as {}: keep one of them.",
                                    entry.from, entries_[first->second].from));
    }
  }
}

const std::string& Baseline::salt() const {
  static const std::string kNone;
  return salts_.empty() ? kNone : salts_.front();
}

std::string Baseline::fingerprint_of(const Finding& finding) const {
  if (const std::string_view id = own_id(finding); !id.empty()) return std::string(id);
  if (salts_.empty() || finding.rule == nullptr) return {};
  return keyed_id(salts_.front(), finding);
}

// The entries that may be about the finding, by their numbers; rules and scopes are not asked yet.
std::vector<uint32_t> Baseline::about(const Finding& finding) const {
  std::vector<uint32_t> found;
  const auto look_up = [&](std::string_view key, auto&& fits) {
    const auto [begin, end] = index_.equal_range(key);
    for (auto at = begin; at != end; ++at) {
      if (fits(entries_[at->second])) found.push_back(at->second);
    }
  };
  const std::string path = form_ == Form::assay ? std::string() : place_path(path_of(finding));
  const auto in_file = [&](const BaselineEntry& entry) {
    return entry.path.empty() || entry.path == path;
  };
  if (const std::string_view id = own_id(finding); !id.empty()) {
    look_up(id, in_file);
  } else if (has_keyed_ && finding.rule != nullptr) {
    for (const std::string& salt : salts_) look_up(keyed_id(salt, finding), in_file);
  }
  if (has_sha1_ && !finding.secret.empty()) {
    std::string_view value = finding.secret.reveal();
    look_up(sha1_key(value), in_file);
    while (value.ends_with('=')) value.remove_suffix(1);
    if (value.size() < finding.secret.size()) look_up(sha1_key(value), in_file);
  }
  if (has_places_ && finding.rule != nullptr) {
    look_up(place_of(path, finding.rule->id, finding.location.line), [&](const auto& entry) {
      return entry.commit.empty() ||
             (finding.git != nullptr &&
              (entry.commit == finding.git->introduced_by || entry.commit == finding.git->commit));
    });
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

const BaselineEntry* Baseline::find(const Finding& finding, std::string_view today, bool& expired) {
  expired = false;
  const BaselineEntry* accepting = nullptr;
  const std::string_view rule = finding.rule != nullptr ? finding.rule->id : std::string_view();
  for (const uint32_t number : about(finding)) {
    const BaselineEntry& entry = entries_[number];
    if (!entry.rule.empty() && entry.rule != rule) continue;
    if (!has_scope(entry, path_of(finding))) continue;
    Use use = Use::accepts;
    if (finding.confidence == Confidence::verified && entry.reason.empty()) use = Use::no_reason;
    if (is_over(entry, today)) use = Use::over;
    expired |= use == Use::over;
    if (use == Use::accepts && accepting == nullptr) accepting = &entry;
    if (used_[number] != Use::accepts) used_[number] = use;
  }
  if (accepting != nullptr) expired = false;
  return accepting;
}

std::vector<std::string> Baseline::unused() const {
  std::vector<std::string> sentences;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (used_[i] == Use::none) {
      sentences.push_back(fmt::format(
          "{} is about nothing that was found: remove it if its key is gone.", entries_[i].from));
    } else if (used_[i] == Use::no_reason) {
      sentences.push_back(fmt::format(
          "{} is about a proven key and has no reason: accept that key with `assay baseline`.",
          entries_[i].from));
    }
  }
  return first_of(std::move(sentences));
}

std::vector<std::string> Baseline::expired(std::string_view today) const {
  std::vector<std::string> sentences;
  for (const BaselineEntry& entry : entries_) {
    if (!is_over(entry, today)) continue;
    sentences.push_back(
        fmt::format("{} expired on {}: its key counts again. Rotate it, or accept "
                    "it anew with `assay baseline`.",
                    entry.from, entry.expires));
  }
  return first_of(std::move(sentences));
}

void Baseline::check(std::string_view reason, std::string_view owner, std::string_view expires,
                     std::string_view scope) {
  BaselineEntry entry;
  entry.fingerprint = std::string(kIdBytes * 4 / 3, 'A');
  entry.scope = scope;
  entry.owner = owner;
  entry.expires = expires;
  entry.reason = reason;
  refuse(fault_of(entry));
}

bool Baseline::add(const Finding& finding, std::string_view reason, std::string_view owner,
                   std::string_view expires, std::string_view scope) {
  if (own_id(finding).empty() && salts_.empty()) salts_.push_back(random_salt());
  BaselineEntry entry;
  entry.fingerprint = fingerprint_of(finding);
  if (finding.rule != nullptr) entry.rule = finding.rule->id;
  entry.scope = scope;
  entry.owner = owner;
  entry.expires = expires;
  entry.reason = reason;
  return put(std::move(entry), path_of(finding));
}

bool Baseline::add(BaselineEntry entry, std::string_view path) {
  return put(std::move(entry), path);
}

bool Baseline::put(BaselineEntry entry, std::string_view path) {
  if (form_ != Form::assay) {
    throw Error(
        fmt::format("{} is a file of another tool, which assay reads and does not write. "
                    "Name another file.",
                    name_));
  }
  if (entry.scope == "*") entry.scope.clear();
  refuse(fault_of(entry));
  entry.reason = shown_reason(entry.reason);
  const auto [begin, end] = index_.equal_range(entry.fingerprint);
  for (auto at = begin; at != end; ++at) {
    BaselineEntry& other = entries_[at->second];
    if (!other.rule.empty() && other.rule != entry.rule) continue;
    if (lasts(other.expires, entry.expires) && has_scope(other, path)) return false;
    if (other.rule == entry.rule && other.scope == entry.scope) {
      if (lasts(other.expires, entry.expires)) return false;
      entry.from = other.from;
      other = std::move(entry);
      return true;
    }
  }
  if (entries_.size() == kMaxEntries) {
    throw Error("The baseline would have more than 1,000,000 entries. Split it.");
  }
  has_keyed_ |= is_keyed(entry.fingerprint);
  index_.emplace(entry.fingerprint, static_cast<uint32_t>(entries_.size()));
  entries_.push_back(std::move(entry));
  used_.push_back(Use::accepts);
  return true;
}

size_t Baseline::prune(const std::set<std::string>& seen, const std::set<std::string>& rules) {
  const size_t before = entries_.size();
  std::erase_if(entries_, [&](const BaselineEntry& entry) {
    if (is_keyed(entry.fingerprint) || entry.fingerprint.empty()) return false;
    if (!rules.empty() && !rules.contains(entry.rule)) return false;
    return !seen.contains(entry.fingerprint);
  });
  if (entries_.size() < before) build_index();
  return before - entries_.size();
}

std::string Baseline::text() const {
  std::vector<std::string> lines;
  lines.reserve(entries_.size());
  bool keyed = false;
  for (const BaselineEntry& entry : entries_) {
    if (form_ != Form::assay) break;
    keyed |= is_keyed(entry.fingerprint);
    lines.push_back(baseline_line(entry));
  }
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  std::string out = fmt::format("{}{}\n", kBaselineHeader, kBaselineVersion);
  if (keyed) {
    for (const std::string& salt : salts_) out.append(salt_line(salt)).append("\n");
  }
  for (const std::string& comment : comments_) out.append(comment).append("\n");
  for (const std::string& line : lines) out.append(line).append("\n");
  return out;
}

}  // namespace assay
