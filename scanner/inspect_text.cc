// A line to what its keys are:
//
//   line → the scan's matcher → a proven key: done, in whatever disguise
//        → else each piece that may be a key → identify → unmask → repair
//   ?code=abc…AzFu******  → piece abc…AzFu****** → masked, 3 candidates
#include "scanner/inspect_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/keys/c3id.h"

namespace assay {

namespace {

// Pieces that are tried, the longest first: each may cost seconds.
constexpr size_t kMostPieces = 3;
constexpr size_t kLongestText = 512;
constexpr size_t kShortestPiece = 24;

// What parts a key from what a paste brings along. `=` and `:` part a name from its value.
std::vector<std::string_view> pieces_of(std::string_view line) {
  constexpr std::string_view kParting = " \t\r\n\"'`&?;<>(){}=:,@\\";
  std::vector<std::string_view> pieces;
  for (size_t at = 0; at < line.size();) {
    const size_t begin = line.find_first_not_of(kParting, at);
    if (begin == line.npos) break;
    size_t end = std::min(line.find_first_of(kParting, begin), line.size());
    while (end < line.size() && line[end] == '=') ++end;  // padding
    if (end - begin >= kShortestPiece) pieces.push_back(line.substr(begin, end - begin));
    at = end;
  }
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](std::string_view a, std::string_view b) { return a.size() > b.size(); });
  if (pieces.size() > kMostPieces) pieces.resize(kMostPieces);
  return pieces;
}

// What stands behind a name, as in `code=…` and `x-functions-key: …`, blanks within it and all.
std::string_view value_of_line(std::string_view line) {
  constexpr std::string_view kAround = " \t\r\n\"'`;,";
  const size_t begin = std::min(line.find_first_not_of(kAround), line.size());
  line.remove_prefix(begin);
  line = line.substr(0, line.find_last_not_of(kAround) + 1);
  for (const std::string_view name : {"code=", "Code=", "key=", "Key=", "key:", "Key:"}) {
    if (const size_t at = line.find(name); at != line.npos && at < 40) {
      line.remove_prefix(at + name.size());
      break;
    }
  }
  line.remove_prefix(std::min(line.find_first_not_of(kAround), line.size()));
  return line;
}

std::string why_not(std::string_view line) {
  if (line.find('\0') != line.npos) return "it is binary, and no key stands in it";
  const auto digits = static_cast<size_t>(std::count_if(line.begin(), line.end(), is_base64_digit));
  if (line.size() > kLongestText) return "no key stands in it, and it is too long for one";
  if (digits < kShortestPiece) return "it is too short for a key";
  for (const KeyFamily& family : key_families()) {
    // Of the others a signature is a word that text may hold, or their keys can be looked for only
    // whole.
    if (family.is_identifiable() && line.find(family.signature) != line.npos) {
      return "it has a signature, but what is legible of it fits no key, or too many: if it was "
             "masked, then well enough";
    }
  }
  return "it has no signature that is known, and nothing near it proves itself";
}

void take(const Unmasked& unmasked, Inspection& result) {
  result.verdict = Verdict::masked;
  result.family = unmasked.family;
  result.damage = fmt::format("{} {} masked", unmasked.masked,
                              unmasked.masked == 1 ? "character" : "characters");
  result.keys = unmasked.keys;
  result.candidates = unmasked.candidates;
  result.counted = unmasked.counted;
  result.tried = unmasked.tried;
  result.by_chance = unmasked.by_chance;
}

void take(const Repair& repair, Inspection& result) {
  result.verdict = repair.found == 1 ? Verdict::repaired : Verdict::ambiguous;
  result.family = repair.answers[0].family;
  result.damage = repair.answers[0].damage;
  result.keys = repair.answers;
  result.candidates = repair.found;
  result.tried = repair.tried;
  result.by_chance = repair.by_chance;
  result.cut_short = repair.cut_short;
}

// What a key that is known says of itself.
void take_facts(Inspection& result) {
  const std::string_view key = result.key.reveal();
  if (result.family == nullptr || key.size() < result.family->digits()) return;
  const std::string_view digits = key.substr(0, result.family->digits());
  result.born = birth_month(*result.family, digits);
  result.service = service_name(*result.family, digits);
  result.variant = key_variant(*result.family, digits);
  if (looks_like_sample(*result.family, digits)) result.sample = Inspection::Sample::look;
  if (is_published_sample(c3id(key))) result.sample = Inspection::Sample::published;
}

// Of a rule that stands for many families, the one whose signature the text has.
const KeyFamily* family_of(const Finding& finding) {
  if (const KeyFamily* family = find_family(finding.rule->family)) return family;
  for (const KeyFamily& family : key_families()) {
    const bool near = family.is_identifiable() &&
                      finding.secret.reveal().find(family.signature) != std::string_view::npos;
    if (near) return &family;
  }
  return nullptr;
}

// A key that ends before its checksum does, or is hidden from there on. The signature is the same
// in every key, so it may be missing too; only of Functions keys, since nothing but the length
// speaks for one then.
std::optional<Unmasked> unmask_cut(std::string_view text) {
  const size_t digits = static_cast<size_t>(
      std::find_if_not(text.begin(), text.end(), is_base64_digit) - text.begin());
  if (digits == text.size()) {
    if (auto found = unmask(std::string(text) + "\u2026", Effort::full)) return found;
  }
  const KeyFamily& family = *find_family("azure-functions");
  const size_t random = family.signature_end() - family.signature.size();
  if (digits < random || digits >= family.signature_end()) return std::nullopt;
  const bool hidden = digits < text.size() && text[digits] != '=' && text[digits] != ' ';
  if (!hidden && digits < random + 2) return std::nullopt;
  if (!family.signature.starts_with(text.substr(random, digits - random))) return std::nullopt;
  return unmask(family,
                std::string(text.substr(0, random)) + std::string(family.signature) + "\u2026",
                Effort::full);
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::verified:
      return "verified";
    case Verdict::repaired:
      return "repaired";
    case Verdict::masked:
      return "masked";
    case Verdict::ambiguous:
      return "ambiguous";
    case Verdict::shape:
      return "shape";
    case Verdict::context:
      return "context";
    case Verdict::none:
      return "none";
  }
  return "none";
}

// The plain prefilter: nothing is compiled, which would take longer than a few lines do.
Inspector::Inspector(const RuleSet& rules)
    : rules_(rules),
      prefilter_(rules, {.hyperscan = false, .cache_folder = ""}),
      matcher_(rules, prefilter_, {}) {}

std::vector<Finding> Inspector::find(std::string_view line) {
  Window window;
  window.text = line;
  window.own_end = line.size();
  window.at_end = true;
  std::vector<Finding> findings;
  matcher_.reset();
  matcher_.match(window, findings);
  return findings;
}

// One text that is meant to be one key.
Inspection Inspector::study(std::string_view text) const {
  Inspection result;
  if (text.size() > kLongestText) return result;
  const auto info = identify(text);
  if (info && info->confidence == Confidence::verified) {
    result.verdict = Verdict::verified;
    result.family = info->family;
    result.key = info->canonical;
  } else {
    const auto unmasked = unmask(text, Effort::full);
    if (unmasked && unmasked->candidates == 1) {
      take(*unmasked, result);
    } else if (const Repair repaired = repair(text, Effort::full); repaired.found > 0) {
      take(repaired, result);
    } else if (unmasked) {
      take(*unmasked, result);
    } else if (const auto cut = unmask_cut(text)) {
      take(*cut, result);
      result.damage =
          fmt::format("{} {} cut off", cut->masked, cut->masked == 1 ? "character" : "characters");
    } else {
      result.tried = repaired.tried;
      result.by_chance = repaired.by_chance;
      result.cut_short = repaired.cut_short;
      if (info) {
        result.verdict = Verdict::shape;
        result.family = info->family;
        result.seed = info->seed;
        result.key = info->canonical;
      }
    }
  }
  if (result.keys.size() == 1 && result.candidates == 1) result.key = result.keys[0].key;
  if (result.family == nullptr) return result;
  if (const std::string_view key = result.key.reveal(); !key.empty()) {
    if (result.verdict != Verdict::shape) {
      result.seed = verify(*result.family, key.substr(0, result.family->digits()));
    }
  }
  result.rule = result.proven() ? rules_.for_key(*result.family, result.seed, Confidence::verified)
                                : rules_.for_key(*result.family, result.seed, Confidence::signature,
                                                 result.verdict == Verdict::masked);
  take_facts(result);
  return result;
}

// What the scan says of a damaged key in a disguise, whose own text is not at hand.
Inspection Inspector::told(const Finding& finding) const {
  Inspection result = study(finding.secret.reveal());
  const Damage& damage = *finding.damage;
  result.damage = damage.what;
  result.candidates = damage.candidates;
  result.tried = damage.tried;
  result.by_chance = damage.by_chance;
  result.verdict = damage.masked            ? Verdict::masked
                   : damage.candidates == 1 ? Verdict::repaired
                                            : Verdict::ambiguous;
  if (result.family == nullptr) result.family = family_of(finding);
  if (result.family == nullptr) return Inspection();
  if (result.seed != nullptr) {
    result.keys.push_back({result.family, result.seed, result.key, damage.what});
  } else {
    result.rule = finding.rule;
    result.key = Secret();
  }
  return result;
}

// The finding of a signature, with more effort than a scan has.
Inspection Inspector::judge(const Finding& finding, std::string_view line) const {
  if (finding.damage == nullptr) return study(finding.secret.reveal());
  if (!finding.encoding.empty()) return told(finding);
  const Inspection result =
      study(line.substr(finding.location.byte_offset, finding.location.byte_length));
  return result.verdict < Verdict::shape ? result : told(finding);
}

std::vector<Inspection> Inspector::inspect(std::string_view line) {
  std::vector<Inspection> results;
  const std::vector<Finding> findings = find(line);
  // With one proven key, or several signatures, the line is no single key: each is told by itself.
  const auto count = [&](Confidence confidence) {
    return std::count_if(findings.begin(), findings.end(),
                         [&](const Finding& finding) { return finding.confidence == confidence; });
  };
  const bool many = count(Confidence::verified) > 0 || count(Confidence::signature) > 1;
  const Finding* first = findings.empty() ? nullptr : &findings[0];
  const auto describe = [](const Finding& finding, Inspection& result) {
    result.encoding = finding.encoding;
    result.context = finding.context;
  };
  for (const Finding& finding : findings) {
    if (!many || finding.confidence == Confidence::context) continue;
    results.push_back(judge(finding, line));
    describe(finding, results.back());
  }
  if (!results.empty()) return results;

  // The best of what the line may be: as a whole, what the scan saw, and its pieces.
  Inspection best = study(value_of_line(line));
  const auto consider = [&](Inspection&& one) {
    const uint64_t tried = best.tried + one.tried;
    const double by_chance = best.by_chance + one.by_chance;
    const bool cut_short = best.cut_short || one.cut_short;
    if (one.verdict < best.verdict) best = std::move(one);
    // What nothing was found in was tried all the same.
    best.tried = tried;
    best.by_chance = by_chance;
    best.cut_short = cut_short;
  };
  std::string_view tried = value_of_line(line);
  for (const Finding& finding : findings) {
    if (best.verdict < Verdict::shape || finding.confidence != Confidence::signature) continue;
    consider(judge(finding, line));
    tried = line.substr(finding.location.byte_offset, finding.location.byte_length);
  }
  for (const std::string_view piece : pieces_of(line)) {
    if (best.verdict < Verdict::shape) break;
    if (piece != tried && piece != value_of_line(line)) consider(study(piece));
  }
  if (first != nullptr && best.verdict == Verdict::none &&
      first->confidence == Confidence::context) {
    best.verdict = Verdict::context;
    best.rule = first->rule;
    best.key = first->secret;
  }
  if (first != nullptr && best.verdict != Verdict::none) describe(*first, best);
  if (best.verdict == Verdict::none) best.why = why_not(line);
  results.push_back(std::move(best));
  return results;
}

}  // namespace assay
