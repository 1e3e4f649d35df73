#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/config.h"

namespace assay {
namespace {

using Texts = std::vector<std::string>;
using Files = std::map<std::string, std::string>;

// Reads g.toml of `files`, which may extend the others.
Config parse(const Files& files, const std::optional<std::string>& defaults = std::nullopt) {
  const ReadBeside read = [&](const std::string& path) {
    const auto at = files.find(path);
    if (at == files.end()) throw Error(path + " is not there.");
    return at->second;
  };
  return parse_gitleaks(files.at("g.toml"), "g.toml", read, defaults);
}

std::string error_of(const Files& files) {
  try {
    parse(files);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

Texts ids_of(const Config& config) {
  Texts out;
  for (const Rule& rule : config.rules) out.push_back(rule.id);
  return out;
}

const Rule& rule_of(const Config& config, std::string_view id) {
  for (const Rule& rule : config.rules) {
    if (rule.id == id) return rule;
  }
  throw Error("no rule " + std::string(id));
}

TEST(GitleaksExtend, MakesRulesOfAFile) {
  const Config config = parse({{"g.toml", R"(
[allowlist]
paths = ['''\.lock$''']
[[rules]]
id = "shop-token"
description = "Found a shop token, which may open the whole shop to whoever has it."
regex = "shop_[a-z]{32}"
keywords = ["shop_"]
[[rules]]
id = "a rule"
path = "b"
[[rules.required]]
id = "a rule"
)"}});
  EXPECT_EQ(config.file, "g.toml");
  ASSERT_EQ(config.rules.size(), 2u);
  const Rule& rule = rule_of(config, "shop-token");
  EXPECT_EQ(rule.name, "ShopToken");
  EXPECT_EQ(rule.title, "shop token");
  EXPECT_EQ(rule.description,
            "Found a shop token, which may open the whole shop to whoever has it.");
  EXPECT_EQ(rule.family, kCustomFamily);
  EXPECT_EQ(rule.kind, "secret");
  EXPECT_EQ(rule.confidence, Confidence::context);
  EXPECT_EQ(rule.level, Level::warning);
  EXPECT_EQ(rule.security_severity, "7.0");
  EXPECT_EQ(rule.precision, "medium");
  EXPECT_EQ(rule.rank, 50);
  EXPECT_FALSE(rule.rotation.at(0).steps.empty());
  ASSERT_NE(rule.regex, nullptr);
  EXPECT_EQ(rule.regex->regex, "shop_[a-z]{32}");
  EXPECT_EQ(rule.regex->file, "g.toml");
  EXPECT_EQ(rule.regex->line, 5u);
  EXPECT_EQ(rule_of(config, "a-rule").regex->required.at(0).id, "a-rule");
  EXPECT_EQ(config.warnings,
            Texts{"g.toml:10: The id \"a rule\" holds blanks. It is reported as a-rule."});
  ASSERT_EQ(config.allowlists.size(), 1u);
  EXPECT_EQ(config.allowlists[0].paths, Texts{R"(\.lock$)"});
}

constexpr std::string_view kBase = R"(
[allowlist]
paths = ["base"]
[[rules]]
id = "a"
description = "base"
regex = 'base(.)'
path = "base"
secretGroup = 1
entropy = 2
keywords = ["base"]
tags = ["base"]
skipReport = true
[[rules.required]]
id = "b"
[[rules.allowlists]]
paths = ["base"]
[[rules]]
id = "b"
regex = "b"
)";

// What the upper rule says of "a", and what is left of the base's.
TEST(GitleaksExtend, TheUpperRuleCountsWhereItSaysSomething) {
  const struct {
    std::string_view says;
    std::string_view title, regex, path;
    int group;
    double entropy;
    Texts keywords, tags;
    size_t allowlists, line;
    std::string_view file;
  } cases[] = {
      {"", "base", "base(.)", "base", 1, 2, {"base"}, {"base"}, 1, 5, "base.toml"},
      {"description = 'up'", "up", "base(.)", "base", 1, 2, {"base"}, {"base"}, 1, 5, "base.toml"},
      {"regex = 'up'", "base", "up", "base", 1, 2, {"base"}, {"base"}, 1, 4, "g.toml"},
      {"path = 'up'", "base", "base(.)", "up", 1, 2, {"base"}, {"base"}, 1, 5, "base.toml"},
      {"secretGroup = 2", "base", "base(.)", "base", 2, 2, {"base"}, {"base"}, 1, 5, "base.toml"},
      {"entropy = 3.5", "base", "base(.)", "base", 1, 3.5, {"base"}, {"base"}, 1, 5, "base.toml"},
      {"secretGroup = 0\nentropy = 0\nregex = ''\npath = ''\ndescription = ''\nkeywords = []",
       "base",
       "base(.)",
       "base",
       1,
       2,
       {"base"},
       {"base"},
       1,
       5,
       "base.toml"},
      {"keywords = ['UP', 'base']\ntags = ['up']",
       "base",
       "base(.)",
       "base",
       1,
       2,
       {"base", "up", "base"},
       {"base", "up"},
       1,
       5,
       "base.toml"},
      {"[[rules.allowlists]]\npaths = ['up']",
       "base",
       "base(.)",
       "base",
       1,
       2,
       {"base"},
       {"base"},
       2,
       5,
       "base.toml"},
  };
  for (const auto& row : cases) {
    const Config config = parse(
        {{"g.toml", "[extend]\npath = 'base.toml'\n[[rules]]\nid = 'a'\n" + std::string(row.says)},
         {"base.toml", std::string(kBase)}});
    EXPECT_EQ(config.warnings, Texts{}) << row.says;
    EXPECT_EQ(ids_of(config), (Texts{"a", "b"}));
    const Rule& rule = rule_of(config, "a");
    EXPECT_EQ(rule.title, row.title) << row.says;
    EXPECT_EQ(rule.regex->regex, row.regex) << row.says;
    EXPECT_EQ(rule.regex->path, row.path) << row.says;
    EXPECT_EQ(rule.regex->secret_group, row.group) << row.says;
    EXPECT_EQ(rule.regex->entropy, row.entropy) << row.says;
    EXPECT_EQ(rule.regex->keywords, row.keywords) << row.says;
    EXPECT_EQ(rule.regex->tags, row.tags) << row.says;
    EXPECT_EQ(rule.regex->allowlists.size(), row.allowlists) << row.says;
    EXPECT_EQ(rule.regex->allowlists.front().paths, Texts{"base"}) << row.says;
    EXPECT_EQ(rule.regex->file, row.file) << row.says;
    EXPECT_EQ(rule.regex->line, row.line) << row.says;
    EXPECT_TRUE(rule.regex->skip_report) << row.says;
    EXPECT_EQ(rule.regex->required.size(), 1u) << row.says;
  }
}

TEST(GitleaksExtend, RequiredAndSkipReportAreTheExtendedRules) {
  const Config config =
      parse({{"g.toml",
              "[extend]\npath = 'base.toml'\n[[rules]]\nid = 'b'\nskipReport = true\n"
              "[[rules.required]]\nid = 'b'\n"},
             {"base.toml", std::string(kBase)}});
  EXPECT_FALSE(rule_of(config, "b").regex->skip_report);
  EXPECT_TRUE(rule_of(config, "b").regex->required.empty());
  EXPECT_EQ(config.warnings,
            Texts{"g.toml:4: required and skipReport of rule \"b\" count only where the rule "
                  "begins, in base.toml: gitleaks leaves them out here."});
}

TEST(GitleaksExtend, DisabledRulesAreThoseOfTheExtendedFile) {
  const Config config = parse(
      {{"g.toml",
        "[extend]\npath = 'base.toml'\ndisabledRules = ['b', 'own', 'c']\n[[rules]]\nid = 'own'\n"
        "regex = 'x'\n"},
       {"base.toml", std::string(kBase)}});
  EXPECT_EQ(ids_of(config), (Texts{"a", "own"}));
  EXPECT_EQ(config.warnings,
            (Texts{"g.toml:1: disabledRules names \"own\", which base.toml does not have.",
                   "g.toml:1: disabledRules names \"c\", which base.toml does not have."}));
}

TEST(GitleaksExtend, UseDefaultIsTheFileThatTheUserNames) {
  const Files files = {{"g.toml", "[extend]\nuseDefault = true\n"},
                       {"/home/rules.toml", std::string(kBase)}};
  EXPECT_EQ(ids_of(parse(files, "/home/rules.toml")), (Texts{"a", "b"}));
  EXPECT_EQ(error_of(files),
            "g.toml:1: [extend] useDefault means the rules that come with gitleaks, and assay has "
            "no copy of them. Take config/gitleaks.toml of the gitleaks you use, and name it with "
            "--gitleaks-rules FILE or ASSAY_GITLEAKS_RULES.");
}

TEST(GitleaksExtend, GoesTwoFilesDeep) {
  const auto file = [](std::string_view id, std::string_view next) {
    return "[[rules]]\nid = '" + std::string(id) + "'\nregex = 'x'\n[extend]\npath = '" +
           std::string(next) + "'\n";
  };
  const Config config = parse({{"g.toml", file("g", "1")},
                               {"1", file("one", "2")},
                               {"2", file("two", "3")},
                               {"3", file("three", "4")}});
  EXPECT_EQ(ids_of(config), (Texts{"g", "one", "two"}));
  EXPECT_EQ(config.warnings, Texts{"2:4: What this file extends is not read: as with gitleaks, two "
                                   "files deep is the most."});
  EXPECT_EQ(ids_of(parse({{"g.toml", file("g", "g.toml")}})), Texts{"g"});
}

TEST(GitleaksExtend, AllowlistsGoToTheRulesThatTheyName) {
  const Config config = parse({{"g.toml", R"([extend]
path = "base.toml"
[[allowlists]]
stopwords = ["all"]
[[allowlists]]
targetRules = ["a", "b", "a"]
stopwords = ["two"]
)"},
                               {"base.toml", std::string(kBase).replace(1, 11, R"([[allowlists]]
targetRules = ["a"]
stopwords = ["lost"]
[[allowlists]])")}});
  const auto stopwords_of = [&](std::string_view id) {
    Texts out;
    for (const Allowlist& list : rule_of(config, id).regex->allowlists) {
      out.insert(out.end(), list.stopwords.begin(), list.stopwords.end());
    }
    return out;
  };
  EXPECT_EQ(stopwords_of("a"), Texts{"two"});
  EXPECT_EQ(stopwords_of("b"), Texts{"two"});
  ASSERT_EQ(config.allowlists.size(), 2u);
  EXPECT_EQ(config.allowlists[0].stopwords, Texts{"all"});
  EXPECT_EQ(config.allowlists[1].paths, Texts{"base"});
  EXPECT_EQ(
      config.warnings,
      Texts{"base.toml:2: targetRules of an extended file count nowhere, in gitleaks neither: "
            "this allowlist is left out."});
}

TEST(GitleaksExtend, RefusesWhatGitleaksRefuses) {
  const struct {
    const char* name;
    Files files;
    std::string_view message;
  } cases[] = {
      {"no id",
       {{"g.toml", "[[rules]]\nregex = 'a'\n"}},
       "g.toml:1: The id of this rule is missing. Add it."},
      {"a blank id",
       {{"g.toml", "[[rules]]\nid = ' '\nregex = 'a'\n"}},
       "g.toml:2: The id of this rule is missing. Add it."},
      {"nothing to look for",
       {{"g.toml", "[[rules]]\nid = 'a'\n"}},
       "g.toml:2: Rule \"a\" has neither regex nor path, nor has a rule of that id that is "
       "extended. Add one."},
      {"nothing to look for in what is extended",
       {{"g.toml", "[extend]\npath = 'b'\n"}, {"b", "\n\n[[rules]]\nid = 'a'\n"}},
       "b:4: Rule \"a\" has neither regex nor path, nor has a rule of that id that is extended. "
       "Add "
       "one."},
      {"a target that is not there",
       {{"g.toml", "[[allowlists]]\ntargetRules = ['a']\npaths = ['a']\n"}},
       "g.toml:1: targetRules names \"a\", and there is no such rule. Correct or remove it."},
      {"path and useDefault",
       {{"g.toml", "[extend]\npath = 'b'\nuseDefault = true\n"}},
       "g.toml:1: [extend] has both path and useDefault. Leave one out."},
      {"a file that is not there", {{"g.toml", "[extend]\npath = 'b'\n"}}, "b is not there."},
      {"an extended file that is wrong",
       {{"g.toml", "[extend]\npath = 'b'\n"}, {"b", "rules = 1"}},
       "b:1: rules must be tables [[rules]]."},
  };
  for (const auto& row : cases) EXPECT_EQ(error_of(row.files), row.message) << row.name;
}

TEST(GitleaksExtend, TheNameOfAFileActsOnNoTerminal) {
  const Config config = parse({{"g.toml", "[extend]\npath = \"a\\u001b[31m\"\n"},
                               {"a\x1b[31m", "x = 1\n[[rules]]\nid = 'a'\nregex = 'x'\n"}});
  EXPECT_EQ(config.rules.at(0).regex->file, "a?[31m");
  EXPECT_EQ(config.rules.at(0).description, "Finds what the rule a of a?[31m describes.");
  EXPECT_EQ(config.warnings.at(0).find('\x1b'), std::string::npos);
}

TEST(GitleaksExtend, AllowlistsCannotGrowWithoutBound) {
  std::string toml = "[[allowlists]]\ntargetRules = [";
  for (int i = 0; i < 1000; ++i) toml += "'r" + std::to_string(i) + "',";
  toml += "]\nstopwords = [";
  for (int i = 0; i < 50'000; ++i) toml += "'w" + std::to_string(i) + "',";
  toml += "]\n";
  for (int i = 0; i < 1000; ++i) {
    toml += "[[rules]]\nid = 'r" + std::to_string(i) + "'\nregex = 'x'\n";
  }
  EXPECT_TRUE(error_of({{"g.toml", toml}})
                  .starts_with("g.toml:1: Allowlists with targetRules come to more than"))
      << error_of({{"g.toml", toml}});
}

}  // namespace
}  // namespace assay
