#include "rules/gitleaks_toml.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "rules/config.h"

namespace assay {
namespace {

using Texts = std::vector<std::string>;

GitleaksFile read(std::string_view toml, Texts& warnings) {
  return read_gitleaks(toml, "g.toml", warnings);
}

std::string error_of(std::string_view toml) {
  Texts warnings;
  try {
    read(toml, warnings);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// Every construct of gitleaks' public rules, and what its documentation has beside.
constexpr std::string_view kEverything = R"(title = "our rules"
description = "of the shop"
minVersion = "v8.25.0"

[extend]
path = "base.toml"
disabledRules = ["old-rule"]

[[rules]]
id = "shop-token"
description = "Found a shop token, which may open the shop."
regex = '''(?i)\b(shop_[a-z0-9]{32})(?:[\x60'"\s;]|\\[nr]|$)'''
path = '''(?:^|/)src/.*\.py$'''
secretGroup = 1
entropy = 3.5
keywords = ["SHOP_", "Token"]
tags = ["shop", "key"]
[[rules.allowlists]]
description = "samples"
condition = "AND"
regexTarget = "line"
regexes = ['''sample''', '''(?i)example''']
paths = ['''\.md$''']
stopwords = ["000000", "Abc", "abc"]
commits = ["  ABCDEF12 ", "abcdef12"]
[[rules.allowlists]]
condition = "||"
regexTarget = "match"
stopwords = ["x"]

[[rules]]
id = "old-form"
regex = "a"
[rules.allowlist]
regexTarget = "secret"
paths = ["b"]

[[rules]]
id = "files-only"
path = '''\.p12$'''

[[rules]]
id = "needs-others"
regex = '''c'''
skipReport = true
[[rules.required]]
id = "old-form"
withinLines = 5
[[rules.required]]
id = "files-only"
withinColumns = 80

[[allowlists]]
paths = ['''gitleaks\.toml''']
[[allowlists]]
targetRules = ["shop-token", "old-form"]
regexes = ['''^fake''']
)";

TEST(GitleaksToml, ReadsAFileThatHasEverything) {
  Texts warnings;
  const GitleaksFile file = read(kEverything, warnings);
  EXPECT_EQ(warnings, Texts{});
  EXPECT_EQ(file.name, "g.toml");
  EXPECT_EQ(file.extend_path, "base.toml");
  EXPECT_EQ(file.extend_line, 5u);
  EXPECT_FALSE(file.use_default);
  EXPECT_EQ(file.disabled, Texts{"old-rule"});
  ASSERT_EQ(file.rules.size(), 4u);
  EXPECT_EQ(file.rules[0].id, "shop-token");
  EXPECT_EQ(file.rules[0].description, "Found a shop token, which may open the shop.");
  const RegexRule& rule = file.rules[0].regex;
  EXPECT_EQ(rule.regex, R"((?i)\b(shop_[a-z0-9]{32})(?:[\x60'"\s;]|\\[nr]|$))");
  EXPECT_EQ(rule.path, R"((?:^|/)src/.*\.py$)");
  EXPECT_EQ(rule.secret_group, 1);
  EXPECT_EQ(rule.entropy, 3.5);
  EXPECT_EQ(rule.keywords, (Texts{"shop_", "token"}));
  EXPECT_EQ(rule.tags, (Texts{"shop", "key"}));
  EXPECT_EQ(rule.file, "g.toml");
  EXPECT_EQ(rule.line, 10u);
  EXPECT_FALSE(rule.skip_report);
  EXPECT_EQ(file.rules[1].regex.secret_group, 0);
  EXPECT_EQ(file.rules[1].regex.entropy, 0);
  EXPECT_EQ(file.rules[2].regex.regex, "");
  EXPECT_EQ(file.rules[2].regex.path, R"(\.p12$)");
  const RegexRule& needs = file.rules[3].regex;
  EXPECT_TRUE(needs.skip_report);
  ASSERT_EQ(needs.required.size(), 2u);
  EXPECT_EQ(needs.required[0].id, "old-form");
  EXPECT_EQ(needs.required[0].within_lines, 5u);
  EXPECT_EQ(needs.required[0].within_columns, std::nullopt);
  EXPECT_EQ(needs.required[1].within_columns, 80u);
}

TEST(GitleaksToml, ReadsAllowlists) {
  Texts warnings;
  const GitleaksFile file = read(kEverything, warnings);
  ASSERT_EQ(file.rules[0].regex.allowlists.size(), 2u);
  const Allowlist& list = file.rules[0].regex.allowlists[0];
  EXPECT_EQ(list.description, "samples");
  EXPECT_EQ(list.condition, Allowlist::Condition::all);
  EXPECT_EQ(list.target, Allowlist::Target::line);
  EXPECT_EQ(list.regexes, (Texts{"sample", "(?i)example"}));
  EXPECT_EQ(list.paths, Texts{R"(\.md$)"});
  EXPECT_EQ(list.stopwords, (Texts{"000000", "abc"}));
  EXPECT_EQ(list.commits, Texts{"abcdef12"});
  EXPECT_EQ(list.line, 18u);
  EXPECT_EQ(file.rules[0].regex.allowlists[1].condition, Allowlist::Condition::any);
  EXPECT_EQ(file.rules[0].regex.allowlists[1].target, Allowlist::Target::match);
  ASSERT_EQ(file.rules[1].regex.allowlists.size(), 1u);
  EXPECT_EQ(file.rules[1].regex.allowlists[0].target, Allowlist::Target::secret);
  ASSERT_EQ(file.allowlists.size(), 2u);
  EXPECT_TRUE(file.allowlists[0].targets.empty());
  EXPECT_EQ(file.allowlists[1].targets, (Texts{"shop-token", "old-form"}));
}

// As viper does: what a value becomes, seen in the rule's keywords, entropy, group and skipReport.
TEST(GitleaksToml, ValuesOfOtherTypesAreTakenForWhatTheyMean) {
  const struct {
    std::string_view line;
    Texts keywords;
    double entropy;
    int group;
    bool skip;
  } cases[] = {
      {"KEYWORDS = ['A']\nEntropy = 2\nsecretgroup = 3\nSKIPREPORT = true", {"a"}, 2, 3, true},
      {"keywords = 'A,b'\nentropy = '2.5'\nsecretGroup = '3'\nskipReport = 'T'",
       {"a", "b"},
       2.5,
       3,
       true},
      {"keywords = ''\nentropy = ''\nsecretGroup = ''\nskipReport = ''", {}, 0, 0, false},
      {"keywords = [1, true, 2.5]\nentropy = true\nsecretGroup = true\nskipReport = 1",
       {"1", "1", "2.5"},
       1,
       1,
       true},
      {"keywords = 7\nentropy = 1e1\nsecretGroup = 2.9\nskipReport = 0.0", {"7"}, 10, 2, false},
      {"keywords = []\nentropy = nan\nskipReport = 'False'", {}, 0, 0, false},
      {"keywords = {}\nentropy = -1", {}, -1, 0, false},
  };
  for (const auto& row : cases) {
    Texts warnings;
    const GitleaksFile file = read("[[RULES]]\nregex = 'a'\n" + std::string(row.line), warnings);
    EXPECT_EQ(warnings, Texts{}) << row.line;
    ASSERT_EQ(file.rules.size(), 1u);
    const RegexRule& rule = file.rules[0].regex;
    EXPECT_EQ(rule.keywords, row.keywords) << row.line;
    EXPECT_EQ(rule.entropy, row.entropy) << row.line;
    EXPECT_EQ(rule.secret_group, row.group) << row.line;
    EXPECT_EQ(rule.skip_report, row.skip) << row.line;
  }
}

TEST(GitleaksToml, OneTableAloneIsAListOfOne) {
  Texts warnings;
  const GitleaksFile file = read(
      "[rules]\nid = 5\nregex = 'a'\n[rules.allowlists]\npaths = 'x,y'\n[rules.required]\nid = 5\n"
      "[allowlists]\nstopwords = ['z']\n",
      warnings);
  ASSERT_EQ(file.rules.size(), 1u);
  EXPECT_EQ(file.rules[0].id, "5");
  ASSERT_EQ(file.rules[0].regex.allowlists.size(), 1u);
  EXPECT_EQ(file.rules[0].regex.allowlists[0].paths, (Texts{"x", "y"}));
  EXPECT_EQ(file.rules[0].regex.required.size(), 1u);
  EXPECT_EQ(file.allowlists.size(), 1u);
  EXPECT_EQ(warnings, Texts{});
}

// What gitleaks takes without a word, and what is said of it here.
TEST(GitleaksToml, SaysWhatItIgnores) {
  const struct {
    std::string_view toml, warning;
  } cases[] = {
      {"", ""},
      {"[allowlist]\n", ""},
      {"rules = []\n", ""},
      {"titel = 'x'\n",
       "g.toml:1: \"titel\" is no key of this file that gitleaks reads, so it is ignored. Did you "
       "mean title?"},
      {"[[rules]]\nregex = 'a'\nreport = true\n",
       "g.toml:3: \"report\" is no key of [[rules]] that gitleaks reads, so it is ignored."},
      {"[[rules]]\nregex = 'a'\n[[rules.entropies]]\nmin = 1\n",
       "g.toml:3: \"entropies\" is no key of [[rules]] that gitleaks reads, so it is ignored. Did "
       "you mean entropy?"},
      {"[allowlist]\nfiles = ['a']\npaths = ['a']\n",
       "g.toml:2: \"files\" is no key of [[allowlists]] that gitleaks reads, so it is ignored."},
      {"[[rules]]\n[rules.allowlist]\npaths = ['a']\ntargetRules = ['a']\n",
       "g.toml:4: \"targetRules\" is no key of [[rules.allowlists]] that gitleaks reads, so it is "
       "ignored."},
      {"[[rules]]\nid = 'a'\n[[rules]]\nid = 'a'\n",
       "g.toml:4: The id \"a\" stands in line 2 already. As with gitleaks, the last one counts."},
      {"[[rules]]\nkeywords = ['']\n",
       "g.toml:2: An empty keyword stands in every text, so it is left out."},
      {"[[allowlists]]\nstopwords = ['']\n",
       "g.toml:2: An empty stopword stands in every secret, so it is left out."},
      {"[[allowlists]]\npaths = ['']\n", "g.toml:2: An empty regex in paths matches everything."},
      {"[extend]\nurl = 'https://example.com'\n",
       "g.toml:2: url of [extend] does nothing, in gitleaks neither. Use path."},
      {"minVersion = '8.31.0'\n",
       "g.toml:1: The file asks for gitleaks \"8.31.0\"; it is read as gitleaks 8.30 reads it."},
      {"minVersion = 'v9'\n",
       "g.toml:1: The file asks for gitleaks \"v9\"; it is read as gitleaks 8.30 reads it."},
      {"minVersion = 'v8.30.99-rc.1+x'\n", ""},
      {"minVersion = ''\n", ""},
  };
  for (const auto& row : cases) {
    Texts warnings;
    read(row.toml, warnings);
    EXPECT_EQ(warnings, row.warning.empty() ? Texts{} : Texts{std::string(row.warning)})
        << row.toml;
  }
}

TEST(GitleaksToml, WarningsHaveAnEnd) {
  std::string toml;
  for (int i = 0; i < 1000; ++i) toml += "k" + std::to_string(i) + " = 1\n";
  Texts warnings;
  read(toml, warnings);
  EXPECT_EQ(warnings.size(), 51u);
  EXPECT_EQ(warnings.back(), "g.toml: There are more such lines; they are not named.");
}

// The whole message, but for `g.toml:`.
TEST(GitleaksToml, RefusesWhatGitleaksRefusesByLine) {
  const std::string rule = "[[rules]]\nid = 'a'\nregex = 'b'\n";
  const struct {
    std::string toml, message;
  } cases[] = {
      {"= 1",
       "1: This is not TOML: Error while parsing root table: expected keys, tables, whitespace or "
       "comments, saw '='. Mend the syntax."},
      {"rules = 'a'", "1: rules must be tables [[rules]]."},
      {"rules = [1]", "1: rules must be tables [[rules]]."},
      {"[[rules]]\nid = []", "2: id must be a string."},
      {"[[rules]]\nid = 2020-01-01", "2: id must be a string."},
      {"[[rules]]\ndescription = {}", "2: description must be a string."},
      {"[[rules]]\nentropy = 'high'", "2: entropy must be a number."},
      {"[[rules]]\nentropy = []", "2: entropy must be a number."},
      {"[[rules]]\nsecretGroup = 'x'", "2: secretGroup must be a whole number."},
      {"[[rules]]\nsecretGroup = -1",
       "2: secretGroup must be the number of a group, from 0 to 1000."},
      {"[[rules]]\nskipReport = 'perhaps'", "2: skipReport must be true or false."},
      {"[[rules]]\nkeywords = [[]]", "2: each of keywords must be a string."},
      {rule + "[[rules.allowlist]]\npaths = ['a']", "4: allowlist must be one table [allowlist]."},
      {rule + "[[rules.allowlists]]",
       "4: This allowlist allows nothing. Give it commits, paths, regexes or stopwords."},
      {rule + "[rules.allowlist]",
       "4: This allowlist allows nothing. Give it commits, paths, regexes or stopwords."},
      {rule + "[rules.allowlist]\ndescription = 'x'",
       "4: This allowlist allows nothing. Give it commits, paths, regexes or stopwords."},
      {rule + "[rules.allowlist]\npaths = ['a']\n[[rules.allowlists]]\npaths = ['a']",
       "4: Rule \"a\" has both [rules.allowlist] and [[rules.allowlists]]. Write the first as one "
       "of the second."},
      {rule + "[[rules.allowlists]]\npaths = ['a']\ncondition = 'nor'",
       "6: condition \"nor\" is not known. Use one of AND, OR, &&, ||."},
      {rule + "[[rules.allowlists]]\npaths = ['a']\nregexTarget = 'mtach'",
       "6: regexTarget \"mtach\" is not known. Use one of secret, match, line."},
      {rule + "[[rules.allowlists]]\npaths = ['a']\nregexTarget = 'Line'",
       "6: regexTarget \"Line\" is not known. Use one of secret, match, line."},
      {rule + "[[rules.required]]\nwithinLines = 1",
       "4: The id of this [[rules.required]] is missing. Add it."},
      {rule + "[[rules.required]]\nid = 'a'\nwithinLines = -1",
       "6: withinLines must not be negative."},
      {rule + "[[rules.required]]\nid = 'b'",
       "2: Rule \"a\" requires the rule \"b\", which is not in this file. Add it."},
      {"[allowlist]\ndescription = 'x'",
       "1: This allowlist allows nothing. Give it commits, paths, regexes or stopwords."},
      {"[[allowlists]]",
       "1: This allowlist allows nothing. Give it commits, paths, regexes or stopwords."},
      {"[allowlist]\npaths = ['a']\n[[allowlists]]\npaths = ['a']",
       "1: There are both [allowlist] and [[allowlists]]. Write the first as one of the second."},
      {"[[allowlist]]\npaths = ['a']", "1: allowlist must be one table [allowlist]."},
      {"[[rules]]\nid = 'a'\nregex = 'a'\nRegex = 'b'",
       "3: \"regex\" stands twice, in other letters, and gitleaks takes either by chance. Leave "
       "one "
       "out."},
      {"minVersion = 'new'", "1: minVersion \"new\" is no version. Write one like v8.25.0."},
      {"minVersion = 'v8.'", "1: minVersion \"v8.\" is no version. Write one like v8.25.0."},
      {"minVersion = '8..1'", "1: minVersion \"8..1\" is no version. Write one like v8.25.0."},
      {"extend = true", "1: extend must be one table [extend]."},
      {"[extend]\nuseDefault = 'x'", "2: useDefault must be true or false."},
      {"title = []", "1: title must be a string."},
      {std::string(kMaxConfigBytes + 1, '\n'),
       "1: The file is longer than 1048576 bytes. Split it."},
      {"[[rules]]\nid = '" + std::string(201, 'a') + "'", "2: id must hold at most 200 bytes."},
      {"[[rules]]\nregex = '" + std::string(16385, 'a') + "'",
       "2: regex must hold at most 16384 bytes."},
  };
  for (const auto& row : cases) {
    EXPECT_EQ(error_of(row.toml), "g.toml:" + row.message) << row.toml.substr(0, 200);
  }
}

TEST(GitleaksToml, TellsWhoseFileItIs) {
  const struct {
    std::string_view toml;
    bool gitleaks;
  } cases[] = {
      {"[[rules]]\nid = 'a'", true},
      {"[Extend]\nuseDefault = true", true},
      {"[[ALLOWLISTS]]", true},
      {"[allowlist]", true},
      {"[[rule]]\nid = 'a'", false},
      {"title = 'a'", false},
      {"", false},
      {"rules = [", false},
      {"[[allow]]\nrules = []", false},
  };
  for (const auto& row : cases) EXPECT_EQ(is_gitleaks(row.toml), row.gitleaks) << row.toml;
}

}  // namespace
}  // namespace assay
