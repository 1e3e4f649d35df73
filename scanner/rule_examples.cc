#include "scanner/rule_examples.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/keys/mint.h"
#include "scanner/matcher.h"

namespace assay {

namespace {

constexpr uint64_t kSeed = 20260101;

bool finds(const Rule& rule, Matcher& matcher, std::string_view text) {
  std::vector<Finding> findings;
  matcher.reset();
  matcher.match({text, 0, 0, text.size(), true, "example"}, findings);
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.rule->id == rule.id; });
}

}  // namespace

std::vector<std::string> check_examples(const RuleSet& rules) {
  std::vector<std::string> failures;
  for (const bool hyperscan : {true, false}) {
    const Prefilter prefilter(rules, {hyperscan, "", true});
    Matcher matcher(rules, prefilter, {});
    for (const Rule& rule : rules.rules()) {
      SeededRandom random(kSeed);
      const auto check = [&](const std::vector<std::string>& texts, bool wanted) {
        for (size_t i = 0; i < texts.size(); ++i) {
          if (finds(rule, matcher, fill_placeholders(texts[i], random)) == wanted) continue;
          failures.push_back(fmt::format("Rule {} {} {} {}{}.", rule.id,
                                         wanted ? "misses example" : "matches counter-example",
                                         i + 1, wanted ? "that it must find" : "that it must leave",
                                         hyperscan ? "" : ", without the prefilter"));
        }
      };
      check(rule.examples, true);
      check(rule.counter_examples, false);
    }
  }
  return failures;
}

}  // namespace assay
