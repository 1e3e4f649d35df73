#include "rules/rule_set.h"

#include <gtest/gtest.h>

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

TEST(RuleSet, AnswersWhichRuleReportsAKey) {
  const RuleSet set = RuleSet::builtin();
  const KeyFamily& functions = *find_family("azure-functions");
  const struct {
    std::string_view kind;
    Confidence confidence;
    std::string_view id;
  } cases[] = {
      {"master", Confidence::verified, "AZF1001"},   {"function", Confidence::verified, "AZF1002"},
      {"system", Confidence::verified, "AZF1003"},   {"unknown", Confidence::verified, ""},
      {"unknown", Confidence::signature, "AZF1004"}, {"unknown", Confidence::context, ""},
  };
  for (const auto& c : cases) {
    const Rule* rule = set.for_key(functions, c.kind, c.confidence);
    EXPECT_EQ(rule == nullptr ? "" : rule->id, c.id) << c.kind << to_string(c.confidence);
  }
  EXPECT_EQ(set.for_key(*find_family("azure-search"), "query", Confidence::verified), nullptr);
}

TEST(RuleSet, NamesTheFamiliesThatRulesReportByKey) {
  const RuleSet builtin = RuleSet::builtin();
  ASSERT_EQ(builtin.families().size(), 1u);
  EXPECT_EQ(builtin.families()[0], find_family("azure-functions"));
  EXPECT_TRUE(RuleSet::parse(kContext, "my.toml").families().empty());

  Rule search = read_rules(kVerified, "my.toml")[0];
  Rule functions = search;
  search.id = "AZK2166";
  search.family = "azure-search";
  search.kind = "query";
  const RuleSet both({search, functions});
  ASSERT_EQ(both.families().size(), 2u);
  EXPECT_EQ(both.families()[1]->name, "azure-search") << "in the order of key_families()";
  const RuleSet copy = both;
  EXPECT_EQ(copy.for_key(*find_family("azure-search"), "query", Confidence::verified),
            copy.find("AZK2166"));
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
