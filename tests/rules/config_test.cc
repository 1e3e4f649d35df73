#include "rules/config.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace assay {
namespace {

using Texts = std::vector<std::string>;

Rule builtin(std::string_view id) {
  Rule rule;
  rule.id = id;
  rule.confidence = Confidence::context;
  rule.level = Level::error;
  rule.security_severity = "9.8";
  return rule;
}

std::vector<Rule> builtins() {
  return {builtin("AZF1001"), builtin("AZF1002"), builtin("AZK2171-1"), builtin("TOK3031")};
}

Texts ids_of(const RuleSet& set) {
  Texts out;
  for (const Rule& rule : set.rules()) out.push_back(rule.id);
  return out;
}

TEST(Config, AnEmptyFileSaysNothing) {
  const Config config = parse_config("# nothing yet\n", ".assay.toml");
  EXPECT_TRUE(config.rules.empty());
  std::vector<std::string> disabled;
  EXPECT_EQ(ids_of(apply_config(builtins(), config, disabled)),
            (Texts{"AZF1001", "AZF1002", "AZK2171-1", "TOK3031"}));
  EXPECT_TRUE(disabled.empty());
}

TEST(Config, MatchesIdsWithStarsAndQuestionMarks) {
  const struct {
    std::string_view pattern, id;
    bool matches;
  } cases[] = {
      {"AZF1001", "AZF1001", true},
      {"AZF1001", "AZF1002", false},
      {"AZF1001", "AZF10012", false},
      {"AZF100", "AZF1001", false},
      {"AZF*", "AZF1001", true},
      {"*", "x", true},
      {"*", "", true},
      {"", "", true},
      {"", "a", false},
      {"?", "", false},
      {"AZF100?", "AZF1001", true},
      {"AZF100?", "AZF100", false},
      {"*1", "AZF1001", true},
      {"*-token", "aws-access-token", true},
      {"a*b*c", "axbxbxc", true},
      {"a*b*c", "axbxbx", false},
      {"**", "abc", true},
      {"a*", "b", false},
      {"azf1001", "AZF1001", false},
      {"*a", "aab", false},
      {"*ab", "aab", true},
      {"a?c*", "abcd", true},
      {"[a]", "a", false},
      {"a.c", "abc", false},
  };
  for (const auto& row : cases) {
    EXPECT_EQ(matches_id(row.pattern, row.id), row.matches) << row.pattern << " " << row.id;
  }
}

TEST(Config, EnableChoosesAmongBuiltInRulesAndDisableAmongAll) {
  const std::string own =
      "[[rule]]\nid = 'a-key'\nregex = 'a'\n[[rule]]\nid = 'b-key'\nregex = 'b'\n";
  const struct {
    std::string toml;
    Texts left, disabled;
  } cases[] = {
      {own, {"AZF1001", "AZF1002", "AZK2171-1", "TOK3031", "a-key", "b-key"}, {}},
      {"enable = ['AZF*']\n" + own,
       {"AZF1001", "AZF1002", "a-key", "b-key"},
       {"AZK2171-1", "TOK3031"}},
      {"enable = ['AZF*']\ndisable = ['AZF1002']\n",
       {"AZF1001"},
       {"AZF1002", "AZK2171-1", "TOK3031"}},
      {"disable = ['?-key', 'TOK*']\n" + own,
       {"AZF1001", "AZF1002", "AZK2171-1"},
       {"TOK3031", "a-key", "b-key"}},
      {"disable = ['AZ*', 'TOK*']\n" + own,
       {"a-key", "b-key"},
       {"AZF1001", "AZF1002", "AZK2171-1", "TOK3031"}},
  };
  for (const auto& row : cases) {
    Texts disabled;
    const RuleSet set = apply_config(builtins(), parse_config(row.toml, "c"), disabled);
    EXPECT_EQ(ids_of(set), row.left) << row.toml;
    EXPECT_EQ(disabled, row.disabled) << row.toml;
  }
}

TEST(Config, TheLastSeverityThatMatchesCounts) {
  Texts disabled;
  const RuleSet set = apply_config(builtins(),
                                   parse_config(R"(
[[severity]]
rule = "AZF*"
level = "note"
security_severity = "1.0"
[[severity]]
rule = "AZF1002"
level = "warning"
[[severity]]
rule = "own"
level = "error"
[[rule]]
id = "own"
regex = "a"
)",
                                                "c"),
                                   disabled);
  EXPECT_EQ(set.find("AZF1001")->level, Level::note);
  EXPECT_EQ(set.find("AZF1001")->security_severity, "1.0");
  EXPECT_EQ(set.find("AZF1002")->level, Level::warning);
  EXPECT_EQ(set.find("AZF1002")->security_severity, "1.0");
  EXPECT_EQ(set.find("TOK3031")->level, Level::error);
  EXPECT_EQ(set.find("TOK3031")->security_severity, "9.8");
  EXPECT_EQ(set.find("own")->level, Level::error);
}

TEST(Config, NamesOfRulesThatAreNotThereAreErrors) {
  const struct {
    std::string toml, message;
  } cases[] = {
      {"\ndisable = ['AZF1003']\n",
       "c:2: disable \"AZF1003\" names no rule. Did you mean AZF1001? assay rules list shows those "
       "that are built in."},
      {"enable = [\n'AZF1001',\n'azf*']\n",
       "c:3: enable \"azf*\" names no rule. assay rules list shows those that are built in."},
      {"[[severity]]\nrule = 'nothing-like-it'\nlevel = 'note'\n",
       "c:2: severity \"nothing-like-it\" names no rule. assay rules list shows those that are "
       "built in."},
      {"[[allow]]\nrules = ['TOK303']\npaths = ['a']\n",
       "c:1: allow \"TOK303\" names no rule. Did you mean TOK3031? assay rules list shows those "
       "that are built in."},
      {"disable = ['*']\n",
       "c turns off every rule, so nothing would be looked for. Leave one on."},
  };
  for (const auto& row : cases) {
    Texts disabled;
    try {
      apply_config(builtins(), parse_config(row.toml, "c"), disabled);
      ADD_FAILURE() << "no error: " << row.toml;
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), row.message);
    }
  }
}

TEST(Config, TwoRulesOfOneIdAreAnError) {
  const Config first = parse_config("[[rule]]\nid = 'a'\nregex = 'a'\n", "first");
  const Config second = parse_config("\n[[rule]]\nid = 'a'\nregex = 'a'\n", "second");
  Texts disabled;
  try {
    apply_config(builtins(), merge(first, second), disabled);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "second:3: The id a stands in first:2 already. Choose another.");
  }
  std::vector<Rule> with_a = builtins();
  with_a.push_back(builtin("a"));
  try {
    apply_config(std::move(with_a), first, disabled);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "first:2: The id a is that of a rule of assay's. Choose another.");
  }
}

TEST(Config, PatternsMadeToBeSlowAreRefused) {
  Config config;
  for (size_t i = 0; i < 9000; ++i) {
    config.rules.push_back(builtin("r" + std::to_string(i) + std::string(190, 'a')));
  }
  for (size_t i = 0; i < 1000; ++i) {
    config.disable.push_back({"*" + std::string(100, 'a') + "*b*", "c", 7});
    config.disable.push_back({"*a", "c", 8});
  }
  Texts disabled;
  EXPECT_THROW(apply_config(builtins(), config, disabled), Error);
}

TEST(Config, TheUpperConfigSaysMoreThanTheBase) {
  Config upper = parse_config(
      "disable = ['a']\nexclude = ['x']\nowners = 'o'\n[limits]\ndepth = 2\n"
      "[[severity]]\nrule = 'r'\nlevel = 'note'\n",
      "up");
  upper.warnings = {"one"};
  Config base = parse_config(
      "disable = ['b']\nexclude = ['y']\nowners = 'p'\nbaseline = 'b'\nfail_on = 'never'\n"
      "foreign_markers = true\n[limits]\ndepth = 3\nratio = 9\n"
      "[[severity]]\nrule = 'r'\nlevel = 'error'\n",
      "low");
  base.warnings = {"two"};
  base.allowlists.push_back({});
  const Config both = merge(upper, base);
  EXPECT_EQ(both.file, "up, low");
  ASSERT_EQ(both.disable.size(), 2u);
  EXPECT_EQ(both.exclude, (Texts{"x", "y"}));
  EXPECT_EQ(both.owners, "o");
  EXPECT_EQ(both.baseline, "b");
  EXPECT_EQ(both.fail_on, "never");
  EXPECT_EQ(both.foreign_markers, true);
  EXPECT_EQ(both.limits.depth, 2u);
  EXPECT_EQ(both.limits.ratio, 9u);
  ASSERT_EQ(both.severities.size(), 2u);
  EXPECT_EQ(both.severities.back().level, Level::note);
  EXPECT_EQ(both.allowlists.size(), 1u);
  EXPECT_EQ(both.warnings, (Texts{"one", "two"}));
  EXPECT_EQ(merge(Config(), base).file, "low");
}

}  // namespace
}  // namespace assay
