#include "rules/rule_set.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "rules/rule_toml.h"
#include "tests/rules/sample_rules.h"

namespace assay {
namespace {

TEST(RuleSet, StandsInTheOrderOfIdsAndFindsThem) {
  const RuleSet set = RuleSet::parse(std::string(kContext) + std::string(kVerified), "my.toml");
  ASSERT_EQ(set.rules().size(), 2u);
  EXPECT_EQ(set.rules()[0].id, "AZF1001");
  EXPECT_EQ(set.find("AZF1001"), &set.rules()[0]);
  EXPECT_EQ(set.find("AZF1005"), &set.rules()[1]);
  EXPECT_EQ(set.index_of(*set.find("AZF1005")), 1u);
  for (const std::string_view id : {"", "AZF1000", "AZF1002", "AZF1006", "azf1001"}) {
    EXPECT_EQ(set.find(id), nullptr) << id;
  }
}

TEST(RuleSet, RefusesTwoRulesForTheSameKeysOrWithOneId) {
  const RuleSet set = RuleSet::parse(kVerified, "my.toml");
  std::vector<Rule> twice = {set.rules()[0], set.rules()[0]};
  EXPECT_THROW(RuleSet{twice}, Error);
  twice[1].id = "AZF1009";
  EXPECT_THROW(RuleSet{twice}, Error);
  twice[1].kind = "system";
  EXPECT_NO_THROW(RuleSet{twice});
  twice[1].family = "unheard-of";
  EXPECT_THROW(RuleSet{twice}, Error);
  EXPECT_THROW(RuleSet(std::vector<Rule>(kMaxRules + 1)), Error);
  const RuleSet none{std::vector<Rule>()};
  EXPECT_TRUE(none.rules().empty());
}

// The seed of a kind, of the first row of a family or service that has it.
struct Kind {
  const KeyFamily* family = nullptr;
  const KeySeed* seed = nullptr;
};
Kind kind_of(std::string_view name, std::string_view kind, size_t length = 0) {
  for (const KeyFamily& family : key_families()) {
    if (length != 0 && family.digits() != length) continue;
    for (const KeySeed& seed : family.seeds) {
      if (family_name(family, seed) == name && (kind.empty() || seed.kind == kind)) {
        return {&family, &seed};
      }
    }
  }
  return {};
}

TEST(RuleSet, AnswersWhichRuleReportsAKey) {
  const RuleSet set = RuleSet::builtin();
  constexpr auto kVerifiedKey = Confidence::verified;
  constexpr auto kUnproven = Confidence::signature;
  const struct {
    std::string_view family, kind;  // no kind: nothing tells it
    Confidence confidence;
    std::string_view id, masked;
    size_t length = 0;
  } cases[] = {
      {"azure-functions", "master", kVerifiedKey, "AZF1001", "AZF1001"},
      {"azure-functions", "function", kVerifiedKey, "AZF1002", "AZF1002"},
      {"azure-functions", "system", kVerifiedKey, "AZF1003", "AZF1003"},
      {"azure-functions", "", kUnproven, "AZF1004", "AZF1006"},
      {"azure-functions", "", Confidence::context, "", ""},
      {"azure-functions", "", kVerifiedKey, "", ""},
      {"azure-storage", "account", kVerifiedKey, "AZK2152", "AZK2152"},
      {"azure-storage", "", kUnproven, "AZK2000", "AZK2001"},
      {"azure-service-bus", "send", kVerifiedKey, "AZK2171-1", "AZK2171-1"},
      {"azure-service-bus", "manage", kVerifiedKey, "AZK2171-3", "AZK2171-3"},
      {"azure-service-bus", "", kUnproven, "AZK2000", "AZK2001"},
      {"azure-event-grid", "access", kUnproven, "AZK2199-1", "AZK2001"},
      {"azure-event-grid", "common-annotated", kVerifiedKey, "AZK2199-2", "AZK2199-2"},
      {"azure-event-grid", "common-annotated", kUnproven, "AZK2199-2", "AZK2001"},
      {"azure-ai-services", "common-annotated", kUnproven, "AZK2205", "AZK2001"},
      {"azure-common-annotated", "common-annotated", kUnproven, "AZK2200", "AZK2001"},
      {"entra-client-secret", "client-secret", kVerifiedKey, "TOK3156", "TOK3156", 40},
      {"entra-client-secret", "client-secret", kUnproven, "AZK2000", "AZK2001", 40},
      {"entra-client-secret", "client-secret", kUnproven, "TOK3101", "AZK2001", 37},
      {"github-oauth-token", "token", kVerifiedKey, "TOK3902", "TOK3902"},
      {"github-oauth-token", "token", kUnproven, "TOK3000", ""},
      {"npm-access-token", "", kUnproven, "TOK3000", ""},
      {"azure-devops-pat", "application", kVerifiedKey, "TOK3102-2", "TOK3102-2"},
      {"azure-devops-pat", "common-annotated", kVerifiedKey, "AZK2201", "AZK2201"},
      {"nuget-api-key", "token", kUnproven, "TOK3031", ""},
      {"databricks-token", "token", kUnproven, "TOK3110", "", 38},
  };
  const auto id_of = [](const Rule* rule) { return rule == nullptr ? "" : rule->id; };
  for (const auto& c : cases) {
    const Kind kind = kind_of(c.family, c.kind, c.length);
    ASSERT_NE(kind.family, nullptr) << c.family;
    const KeySeed* seed = c.kind.empty() ? nullptr : kind.seed;
    EXPECT_EQ(id_of(set.for_key(*kind.family, seed, c.confidence)), c.id) << c.family << c.kind;
    EXPECT_EQ(id_of(set.for_key(*kind.family, seed, c.confidence, true)), c.masked)
        << c.family << c.kind << ", masked";
  }
}

// Rules of a set of one's own, made from one that was read.
Rule rule_for(std::string_view id, std::string_view family, std::string_view kind,
              Confidence confidence = Confidence::verified) {
  Rule rule = read_rules(kVerified, "my.toml")[0];
  rule.id = id;
  rule.family = family;
  rule.kind = kind;
  rule.confidence = confidence;
  return rule;
}

TEST(RuleSet, NamesTheFamiliesThatRulesReportByKey) {
  EXPECT_EQ(RuleSet::builtin().families().size(), key_families().size());
  EXPECT_TRUE(RuleSet::parse(kContext, "my.toml").families().empty());

  const RuleSet both({rule_for("AZK2166", "azure-search", "query"),
                      rule_for("AZF1001", "azure-functions", "master")});
  ASSERT_EQ(both.families().size(), 2u);
  EXPECT_EQ(both.families()[0], find_family("azure-functions"));
  EXPECT_EQ(both.families()[1]->name, "azure-search") << "in the order of key_families()";
  const RuleSet copy = both;
  const Kind query = kind_of("azure-search", "query");
  EXPECT_EQ(copy.for_key(*query.family, query.seed, Confidence::verified), copy.find("AZK2166"));
  const Kind admin = kind_of("azure-search", "admin");
  EXPECT_EQ(copy.for_key(*admin.family, admin.seed, Confidence::verified), nullptr);
}

TEST(RuleSet, RulesForAllFamiliesStandForThoseWithoutOneOfTheirOwn) {
  constexpr auto kUnproven = Confidence::signature;
  const RuleSet set({rule_for("AZK2000", kAnyAzure, "unknown", kUnproven),
                     rule_for("AZK2009", "azure-relay", "unknown", kUnproven),
                     rule_for("AZK2205", "azure-ai-services", "common-annotated")});
  size_t azure = 0;
  for (const KeyFamily* family : set.families()) azure += family->is_azure() ? 1 : 0;
  EXPECT_EQ(azure, set.families().size());
  EXPECT_GT(azure, 12u);
  const auto unproven = [&set](std::string_view name, bool form) {
    const Kind kind = kind_of(name, "");
    const Rule* rule = set.for_key(*kind.family, form ? kind.seed : nullptr, kUnproven);
    return rule == nullptr ? "" : rule->id;
  };
  EXPECT_EQ(unproven("azure-relay", false), "AZK2009");
  EXPECT_EQ(unproven("azure-storage", false), "AZK2000");
  EXPECT_EQ(unproven("azure-ai-services", true), "AZK2000") << "its rule takes proved ones only";
  EXPECT_EQ(unproven("npm-access-token", true), "");
}

TEST(RuleSet, RefusesAFamilyThatNothingHasButTakesAnyForContext) {
  EXPECT_THROW(RuleSet({rule_for("AZK2001", "azure-unheard", "unknown", Confidence::signature)}),
               Error);
  Rule own = rule_for("my-rule", kCustomFamily, "unknown", Confidence::context);
  own.regex = std::make_shared<RegexRule>();
  const RuleSet set({own});
  EXPECT_NE(set.find("my-rule"), nullptr);
  EXPECT_TRUE(set.families().empty());
}

TEST(RuleSet, KeepsTheAllowlistsOfTheFile) {
  RuleSet set = RuleSet::parse(kContext, "my.toml");
  EXPECT_TRUE(set.allowlists().empty());
  set.set_allowlists(std::vector<Allowlist>(2));
  const RuleSet copy = set;
  EXPECT_EQ(copy.allowlists().size(), 2u);
}

TEST(RuleSet, DigestTellsWhatDecidesWhereCandidatesStand) {
  const std::string both = std::string(kVerified) + std::string(kContext);
  const auto digest = [](std::string_view toml) { return RuleSet::parse(toml, "x").digest(); };
  const std::string first = digest(both);
  EXPECT_EQ(first.size(), 64u);
  EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(digest(std::string(kContext) + std::string(kVerified)), first);
  EXPECT_EQ(digest(with(both, "title", "title = 'Another'")), first);
  std::set<std::string> digests = {first, digest(kVerified), digest(kContext)};
  for (const std::string& toml :
       {with(both, "keywords = [\"x", "keywords = ['x-functions-key', 'x_functions_kez']"),
        with(both, "keywords = [\"x", "keywords = ['x-functions-key']"),
        with(both, "regex = '''", "regex = 'x:  (?P<secret>\\w+)'")}) {
    digests.insert(digest(toml));
  }
  EXPECT_EQ(digests.size(), 6u);
}

TEST(Words, OfLevelsAndScopesAreThoseOfTheFiles) {
  EXPECT_EQ(to_string(Level::note), "note");
  EXPECT_EQ(to_string(Level::warning), "warning");
  EXPECT_EQ(to_string(Level::error), "error");
  const std::pair<Scope, std::string_view> scopes[] = {{Scope::unknown, "unknown"},
                                                       {Scope::host, "host"},
                                                       {Scope::function, "function"},
                                                       {Scope::app, "app"},
                                                       {Scope::extension, "extension"}};
  for (const auto& [scope, word] : scopes) EXPECT_EQ(to_string(scope), word);
}

}  // namespace
}  // namespace assay
