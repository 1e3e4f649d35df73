// Rule files: an Error, or rules that a scan can use.
#include "rules/rule_set.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  const std::string_view toml(reinterpret_cast<const char*>(data), size);
  try {
    const auto rules = assay::RuleSet::parse(toml, "fuzz.toml");
    const assay::Prefilter prefilter(rules, {true, "", true});
    const assay::Prefilter plain(rules, {false, "", true});
    assay::Matcher fast(rules, prefilter, {true, false});
    assay::Matcher slow(rules, plain, {true, false});
    std::vector<assay::Finding> found;
    std::vector<assay::Finding> expected;
    fast.match({toml, 0, 0, toml.size(), true, "a.txt"}, found);
    slow.match({toml, 0, 0, toml.size(), true, "a.txt"}, expected);
    check(same(found, expected), "findings of any rules are those of the reference path");
    check(rules.digest().size() == 64, "a digest is a SHA-256");
    for (const assay::Rule& rule : rules.rules()) {
      check(rules.find(rule.id) == &rule, "each rule is found by its id");
    }
  } catch (const assay::Error& error) {
    const std::string_view sentence = error.what();
    check(!sentence.empty(), "an error says something");
  }
  return 0;
}
