// Findings for the tests of what does not count.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "rules/keys/c3id.h"
#include "rules/keys/mint.h"
#include "scanner/finding.h"
#include "scanner/inline_marker.h"

namespace assay {

inline Rule rule_named(std::string id, Confidence confidence) {
  Rule rule;
  rule.id = std::move(id);
  rule.family = "azure-functions";
  rule.confidence = confidence;
  return rule;
}
inline const Rule kProven = rule_named("AZF1002", Confidence::verified);
inline const Rule kUnproven = rule_named("AZF1004", Confidence::signature);
inline const Rule kGuessed = rule_named("AZF1005", Confidence::context);
inline const Rule kJwt = rule_named("jwt", Confidence::context);

inline std::string made(std::string_view placeholder, uint64_t seed) {
  SeededRandom random(seed);
  return fill_placeholders(placeholder, random);
}

// With a fingerprint, as a scan gives it, unless the value could be guessed.
inline Finding finding_of(const Rule& rule, std::string_view value, std::string path,
                          uint64_t line = 1) {
  Finding finding;
  finding.rule = &rule;
  finding.confidence = rule.confidence;
  finding.secret = Secret(value);
  if (rule.confidence != Confidence::context) finding.fingerprint = c3id(value);
  auto provenance = std::make_shared<Provenance>();
  provenance->path = std::move(path);
  finding.provenance = std::move(provenance);
  finding.location.line = line;
  return finding;
}

inline void mark(Finding& finding, std::string_view word, std::string rule, std::string reason) {
  auto marker = std::make_shared<Marker>();
  marker->word = word;
  marker->rule = std::move(rule);
  marker->reason = std::move(reason);
  finding.marker = std::move(marker);
}

}  // namespace assay
