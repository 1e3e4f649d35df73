// Rules of one regex each, over a text: with keywords first and without, whole and in windows, the
// same matches. The input is lines: regexes with their keywords, then `%%`, then the text.
//
//   (?i)key=(\w+) <tab>key,api
//   %%
//   key=abc
#include "scanner/matcher.h"
#include "scanner/regex_rules.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

// Regexes that RE2 takes but that match nothing for hours are of no use here.
constexpr size_t kLongestRegex = 200;
constexpr size_t kMostRules = 4;

std::vector<Rule> rules_of(std::string_view lines) {
  std::vector<Rule> rules;
  while (!lines.empty() && rules.size() < kMostRules) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    auto regex = std::make_shared<RegexRule>();
    const size_t tab = line.find('\t');
    regex->regex = line.substr(0, std::min(tab, kLongestRegex));
    regex->file = "fuzz.toml";
    std::string_view words = tab == std::string_view::npos ? "" : line.substr(tab + 1);
    while (!words.empty()) {
      const std::string_view word = words.substr(0, words.find(','));
      words.remove_prefix(std::min(words.size(), word.size() + 1));
      if (!word.empty()) regex->keywords.emplace_back(word);
    }
    if (regex->regex.empty()) continue;
    Rule rule;
    rule.id = (rules.size() == 1 ? "generic-" : "rule-") + std::to_string(rules.size());
    rule.family = kCustomFamily;
    rule.confidence = Confidence::context;
    rule.regex = std::move(regex);
    rules.push_back(std::move(rule));
  }
  return rules;
}

struct Found {
  const Rule* rule;
  size_t begin, end, secret_begin, secret_end;
  friend bool operator==(const Found&, const Found&) = default;
};

std::vector<Found> found_in(const RegexRules& rules, std::string_view text, size_t seam) {
  RegexRules::Scratch scratch(rules);
  std::vector<Found> found;
  size_t own = 0;
  for (const size_t end : {seam, text.size()}) {
    const size_t base = own - std::min(own, kWindowBefore);
    const size_t reach = std::min(text.size(), end + RegexRules::kMostWidth);
    std::vector<RegexMatch> matches;
    const bool whole = rules.find(text.substr(base, reach - base), base, own - base, end - base,
                                  "a.txt", scratch, matches);
    check(whole, "a short text has few matches");
    for (const RegexMatch& match : matches) {
      check(match.match.begin <= match.secret.begin && match.secret.begin < match.secret.end &&
                match.secret.end <= match.match.end && match.match.end <= reach - base,
            "a secret stands in its match, and that in the text");
      found.push_back({match.rule, match.match.begin + base, match.match.end + base,
                       match.secret.begin + base, match.secret.end + base});
    }
    own = end;
  }
  return found;
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  Input input(data, size);
  const size_t seam_choice = input.below(65536);
  const std::string_view all = input.rest();
  const size_t middle = all.find("%%\n");
  if (middle == std::string_view::npos) return 0;
  const std::string_view text = all.substr(middle + 3);
  try {
    const assay::RuleSet set(rules_of(all.substr(0, middle)));
    const assay::RegexRules fast(set, {"", true});
    const assay::RegexRules plain(set, {"", false});
    const auto expected = found_in(plain, text, 0);
    check(found_in(fast, text, 0) == expected, "keywords first gives the matches of the plain way");
    check(found_in(fast, text, seam_choice % (text.size() + 1)) == expected,
          "matches do not depend on where a window ends");
  } catch (const assay::Error& error) {
    check(error.what()[0] != '\0', "an error says something");
  }
  return 0;
}
