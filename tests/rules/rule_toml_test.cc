#include "rules/rule_toml.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "rules/keys/mint.h"
#include "rules/rule_set.h"
#include "tests/rules/sample_rules.h"

namespace assay {
namespace {

std::string error_of(std::string_view toml) {
  try {
    RuleSet::parse(toml, "my.toml");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(RuleToml, ReadsEveryFieldOfAKeyRule) {
  const RuleSet set = RuleSet::parse(kVerified, "my.toml");
  ASSERT_EQ(set.rules().size(), 1u);
  const Rule& rule = set.rules()[0];
  EXPECT_EQ(rule.id, "AZF1001");
  EXPECT_EQ(rule.name, "AzureFunctionsMasterKeyExposed");
  EXPECT_EQ(rule.title, "Azure Functions master key");
  EXPECT_EQ(rule.family, "azure-functions");
  EXPECT_EQ(rule.kind, "master");
  EXPECT_EQ(rule.confidence, Confidence::verified);
  EXPECT_EQ(rule.level, Level::error);
  EXPECT_EQ(rule.security_severity, "9.8");
  EXPECT_EQ(rule.rank, 98);
  EXPECT_EQ(rule.precision, "very-high");
  EXPECT_EQ(rule.description, "Finds master keys.");
  EXPECT_EQ(rule.impact, "Opens everything.");
  EXPECT_EQ(rule.help_uri, "https://example.com/keys");
  EXPECT_EQ(rule.examples, std::vector<std::string>{"{key:master}"});
  EXPECT_EQ(rule.counter_examples, std::vector<std::string>{"{key:system}"});
  EXPECT_EQ(rule.rotation_summary, "Renew it.");
  ASSERT_EQ(rule.rotation.size(), 2u);
  EXPECT_EQ(rule.rotation[0].scope, Scope::unknown);
  EXPECT_EQ(rule.rotation[1].scope, Scope::app);
  EXPECT_EQ(rule.rotation[1].steps, (std::vector<std::string>{"one", "two"}));
  EXPECT_TRUE(rule.patterns.empty());
  EXPECT_EQ(rule.min_distinct, 0u);
}

TEST(RuleToml, ReadsPatternsOfAContextRule) {
  const RuleSet set = RuleSet::parse(kContext, "my.toml");
  const Rule& rule = set.rules()[0];
  EXPECT_EQ(rule.confidence, Confidence::context);
  EXPECT_EQ(rule.level, Level::note);
  EXPECT_EQ(rule.rank, 30.5);
  EXPECT_EQ(rule.min_distinct, 12u);
  ASSERT_EQ(rule.patterns.size(), 2u);
  EXPECT_EQ(rule.patterns[0].keywords,
            (std::vector<std::string>{"x-functions-key", "x_functions_key"}));
  EXPECT_EQ(rule.patterns[0].regex, "x: (?P<secret>\\w+)");
  EXPECT_TRUE(rule.patterns[0].needs_functions_host);
  EXPECT_FALSE(rule.patterns[1].needs_functions_host);
  EXPECT_FALSE(rule.patterns[0].value_follows);
  EXPECT_TRUE(rule.patterns[1].value_follows);
}

// What is wrong in the file -> pieces of the message. Each begins with name and line.
TEST(RuleToml, RefusesWhatIsWrongByLineAndKeyAndSaysWhatIsAllowed) {
  const struct {
    std::string toml;
    std::vector<std::string_view> message;
  } cases[] = {
      {"", {"my.toml:1: ", "no rule"}},
      {"rule = []\n", {"my.toml:1: ", "[[rule]]"}},
      {"rule = [1]\n", {"my.toml:1: ", "[[rule]]"}},
      {"[rule]\nid = 'AZF1001'\n", {"my.toml:1: ", "[[rule]]"}},
      {"version = 1\n", {"my.toml:1: ", "[[rule]]"}},
      {"\n\n= 1\n", {"my.toml:3: ", "not TOML"}},
      {"[.a]\n", {"my.toml:1: ", "not TOML"}},
      {"[[ .a]]\n", {"my.toml:1: ", "not TOML"}},
      {"[[rule]]\nid = \"\xff\"\n", {"my.toml:2: ", "not TOML"}},
      {"[[rule]]\nid = 'AZF1001\n", {"my.toml:2: ", "not TOML"}},
      {"[[rule]]\n", {"my.toml:1: ", "id is missing"}},
      {with(kVerified, "id", "id = 1001"), {"my.toml:2: ", "id must be a string"}},
      {with(kVerified, "id", "id = ''"), {"my.toml:2: ", "id must hold 1"}},
      {with(kVerified, "id", "id = 'AZ1'"), {"my.toml:2: ", "\"AZ1\"", "AZF1001"}},
      {with(kVerified, "id", "id = 'azf1001'"), {"my.toml:2: ", "capitals"}},
      {with(kVerified, "id", "id = 'AZF10012'"), {"my.toml:2: ", "capitals"}},
      {with(kVerified, "id", "id = 'AZF100x'"), {"my.toml:2: ", "capitals"}},
      {with(kVerified, "id", "id = 'AZF1001-0'"), {"my.toml:2: ", "-1 to -9"}},
      {with(kVerified, "id", "id = 'AZF1001-'"), {"my.toml:2: ", "-1 to -9"}},
      {with(kVerified, "id", "id = 'AZF1001-12'"), {"my.toml:2: ", "-1 to -9"}},
      {with(kVerified, "id", "id = \"A\\u001bZ1001\""), {"my.toml:2: ", "\"A?Z1001\""}},
      {with(kVerified, "name", "name = 'azureKey'"), {"my.toml:3: ", "Pascal case"}},
      {with(kVerified, "name", "name = 'Azure Key'"), {"my.toml:3: ", "Pascal case"}},
      {with(kVerified, "name", "name = 'AZKey'"), {"my.toml:3: ", "Pascal case"}},
      {with(kVerified, "name", "name = 'KeyA'"), {"my.toml:3: ", "Pascal case"}},
      {with(kVerified, "title", "title = 'A key.'"), {"my.toml:4: ", "full stop"}},
      {with(kVerified, "title", "title = \"A\\nkey\""), {"my.toml:4: ", "control"}},
      {with(kVerified, "title", "title = \"A\\u007fkey\""), {"my.toml:4: ", "control"}},
      {with(kVerified, "title", "title = '" + std::string(121, 'a') + "'"), {":4: ", "121", "120"}},
      {with(kVerified, "family", "family = 'x'"),
       {"my.toml:5: ", "family", "azure-functions", "azure-search"}},
      {with(kVerified, "family", "family = 'Azure'"), {"my.toml:5: ", "lower case"}},
      {with(kVerified, "kind", "kind = 'host'"),
       {"my.toml:6: ", "azure-functions", "master, system, function"}},
      {with(kVerified, "kind", "kind = 'unknown'"), {"my.toml:6: ", "master, system, function"}},
      {with(kVerified, "confidence", "confidence = 'signature'"), {"my.toml:6: ", "\"unknown\""}},
      {with(kVerified, "confidence", "confidence = 'sure'"),
       {"my.toml:7: ", "\"sure\"", "verified, signature, context"}},
      {with(kVerified, "confidence", "confidence = 'verified'\ntakes_unproven = 1"),
       {"my.toml:8: ", "takes_unproven", "true or false"}},
      {with(kContext, "min_distinct", "takes_unproven = true"),
       {"my.toml:12: ", "takes_unproven", "\"verified\""}},
      {with(kVerified, "family", "family = 'any-azure'"), {"my.toml:6: ", "any-azure"}},
      {with(kVerified, "family", "family = 'nuget-api-key'"),
       {"my.toml:6: ", "nuget-api-key", "no checksum", "\"signature\""}},
      {with(kVerified, "family", "family = 'azure-maps'"),
       {"my.toml:6: ", "azure-maps", "common-annotated"}},
      {with(kVerified, "level", "level = 'none'"), {"my.toml:8: ", "note, warning, error"}},
      {with(kVerified, "security", "security_severity = 9.8"), {"my.toml:9: ", "string"}},
      {with(kVerified, "security", "security_severity = '9'"), {"my.toml:9: ", "10.0"}},
      {with(kVerified, "security", "security_severity = '10.1'"), {"my.toml:9: ", "10.0"}},
      {with(kVerified, "security", "security_severity = '-1.0'"), {"my.toml:9: ", "10.0"}},
      {with(kVerified, "rank", "rank = 101"), {"my.toml:10: ", "0 to 100"}},
      {with(kVerified, "rank", "rank = -1"), {"my.toml:10: ", "0 to 100"}},
      {with(kVerified, "rank", "rank = nan"), {"my.toml:10: ", "0 to 100"}},
      {with(kVerified, "rank", "rank = '98'"), {"my.toml:10: ", "0 to 100"}},
      {with(kVerified, "rank", "rank = true"), {"my.toml:10: ", "0 to 100"}},
      {with(kVerified, "precision", "precision = 'best'"),
       {"my.toml:11: ", "very-high, high, medium, low"}},
      {with(kVerified, "description", "description = '" + std::string(1025, 'a') + "'"),
       {"my.toml:12: ", "description is 1025 bytes long", "1024"}},
      {with(kVerified, "impact", "impact = '" + std::string(1025, 'a') + "'"), {":13: ", "1025"}},
      {with(kVerified, "help_uri", "help_uri = 'http://a.b'"), {"my.toml:14: ", "https://"}},
      {with(kVerified, "help_uri", "help_uri = 'https://'"), {"my.toml:14: ", "https://"}},
      {with(kVerified, "help_uri", "help_uri = 'https://a b'"), {"my.toml:14: ", "https://"}},
      {with(kVerified, "examples", "examples = 'x'"), {"my.toml:15: ", "array"}},
      {with(kVerified, "examples", "examples = []"), {"my.toml:15: ", "array"}},
      {with(kVerified, "examples", "examples = [1]"), {"my.toml:15: ", "string"}},
      {with(kVerified, "examples", "exmaples = ['x']"),
       {"my.toml:15: ", "\"exmaples\"", "counter_examples"}},
      {with(kVerified, "summary", "sumary = 'x'"),
       {"my.toml:18: ", "\"sumary\"", "summary, unknown, host, function, app, extension"}},
      {without(kVerified, "unknown"), {"unknown is missing"}},
      {with(kVerified, "unknown", "unknown = ['a {gruop}']"), {"my.toml:19: ", "{group} {app}"}},
      {with(kVerified, "unknown", "unknown = ['a }']"), {"my.toml:19: ", "{key_name}"}},
      {with(kVerified, "unknown", "unknown = ['a {\"k\": {group}} {\"}']"), {"my.toml:19: "}},
      {with(kVerified, "unknown", "unknown = ['a {resources}']"), {"my.toml:19: ", "{resource}"}},
      {with(kVerified, "unknown", "unknown = [\"a\\nb\"]"), {"my.toml:19: ", "control"}},
      {std::string(kVerified.substr(0, kVerified.find("[rule.rotation]"))) + "rotation = 1\n",
       {"my.toml:17: ", "[rule.rotation]"}},
      {with(kVerified, "rank", "rank = 1\nmin_distinct = 3"), {"my.toml:11: ", "\"context\""}},
      {std::string(kVerified) + "[[rule.pattern]]\nregex = 'x'\n", {"pattern", "\"context\""}},
      {with(kContext, "kind", "kind = 'master'"), {"my.toml:6: ", "\"unknown\""}},
      {with(kContext, "min_distinct", "min_distinct = 0"), {"my.toml:12: ", "1 to 64"}},
      {with(kContext, "min_distinct", "min_distinct = 6.5"), {"my.toml:12: ", "1 to 64"}},
      {with(kContext, "keywords", "keywords = ['abc']"), {"my.toml:19: ", "4 to 64 bytes"}},
      {with(kContext, "keywords", "keywords = ['" + std::string(65, 'a') + "']"), {"64 bytes"}},
      {with(kContext, "keywords", "keywords = ['X-Functions-Key']"), {":19: ", "lower case"}},
      {with(kContext, "keywords", "keywords = ['schlüssel']"), {"my.toml:19: ", "ASCII"}},
      {with(kContext, "keywords", "keywords = ['abcd', 'abcd']"), {"my.toml:19: ", "twice"}},
      {with(kContext, "keywords", "keywords = []"), {"my.toml:19: ", "array"}},
      {with(kContext, "keywords", "keyword = 'abcd'"),
       {"my.toml:19: ", "keywords, regex, value_follows, needs_functions_host"}},
      {with(kContext, "regex", "regex = 'abc'"), {"my.toml:20: ", "(?P<secret>"}},
      {without(kContext, "regex"), {"my.toml:18: ", "regex is missing"}},
      {with(kContext, "needs", "needs_functions_host = 1"), {"my.toml:21: ", "true or false"}},
      {std::string(kVerified) + std::string(kVerified), {"my.toml:22: ", "in line 2"}},
  };
  for (const auto& c : cases) {
    const std::string message = error_of(c.toml);
    for (const std::string_view piece : c.message) {
      EXPECT_NE(message.find(piece), std::string::npos) << piece << " in: " << message;
    }
  }
}

TEST(RuleToml, NeedsEveryFieldButTheOptionalOnes) {
  for (const std::string_view field :
       {"id", "name", "title", "family", "kind", "confidence", "level", "security_severity", "rank",
        "precision", "description", "impact", "help_uri", "examples", "counter_examples",
        "summary"}) {
    const std::string message = error_of(without(kVerified, field));
    EXPECT_NE(message.find(std::string(field) + " is missing"), std::string::npos) << message;
  }
  EXPECT_EQ(error_of(without(kVerified, "app")), "no error");
  EXPECT_FALSE(read_rules(kVerified, "x")[0].takes_unproven);
  EXPECT_EQ(error_of(without(kContext, "min_distinct")), "no error");
  EXPECT_EQ(error_of(without(kContext, "needs_functions_host")), "no error");
}

TEST(RuleToml, TakesWhatTheWholeFamilyNeeds) {
  const std::string signature = with(kVerified, "confidence", "confidence = 'signature'");
  const auto of = [&signature](std::string_view family, std::string_view kind) {
    const std::string toml = with(signature, "family", "family = '" + std::string(family) + "'");
    return error_of(with(toml, "kind", "kind = '" + std::string(kind) + "'"));
  };
  for (const auto& [family, kind] : {std::pair{"any-azure", "unknown"},
                                     {"any-azure", "masked"},
                                     {"any-token", "unknown"},
                                     {"azure-maps", "unknown"},
                                     {"azure-event-grid", "access"},
                                     {"nuget-api-key", "token"}}) {
    EXPECT_EQ(of(family, kind), "no error") << family << kind;
  }
  EXPECT_NE(of("azure-event-grid", "common-annotated"), "no error");
  EXPECT_NE(of("any-azure", "access"), "no error");
  for (const std::string_view id : {"AZK2171-1", "AZK2171-9", "TOK3000"}) {
    EXPECT_EQ(error_of(with(kVerified, "id", "id = '" + std::string(id) + "'")), "no error") << id;
  }
  const Rule rule = read_rules(
      with(kVerified, "confidence", "confidence = 'verified'\ntakes_unproven = true"), "x")[0];
  EXPECT_TRUE(rule.takes_unproven);
  EXPECT_EQ(
      error_of(with(kVerified, "unknown",
                    "unknown = ['az rest -n {resource} -p {policy} -b {\"keyType\":\"x\"}']")),
      "no error");
}

TEST(RuleToml, NeverQuotesAnExampleInAMessage) {
  SeededRandom random(1);
  const std::string key = fill_placeholders("{key:master}", random);
  for (const std::string& toml : {with(kVerified, "examples", "examples = '" + key + "'"),
                                  with(kVerified, "examples", "examples = ['" + key + "', 1]"),
                                  with(kVerified, "title", "title = '" + key + ".'"),
                                  with(kVerified, "unknown", "unknown = ['" + key + " {x}']")}) {
    const std::string message = error_of(toml);
    EXPECT_NE(message, "no error");
    EXPECT_EQ(message.find(key.substr(0, 12)), std::string::npos);
  }
}

TEST(RuleToml, RefusesTextsThatAreTooLongOrTooDeep) {
  const std::string dots = [] {
    std::string out;
    for (int i = 0; i < 200000; ++i) out += "a.";
    return out;
  }();
  const struct {
    std::string toml;
    std::string_view message;
  } cases[] = {
      {std::string(kMaxRuleFile + 1, '\n'), "longer than 1048576 bytes"},
      {dots + "a = 1", "my.toml:1: Tables nest too deep"},
      {"\n[" + dots + "a]", "my.toml:2: Tables nest too deep"},
      {"x = \"\"\"\n\"\"\"\"\"\n" + dots + "a = 1", "my.toml:3: Tables nest too deep"},
      {"x = [\"\"\"a\"\"\"\"\", {" + dots + "a = 1}]", "my.toml:1: Tables nest too deep"},
      {"x = ['''a'''', {" + dots + "a = 1}]", "my.toml:1: Tables nest too deep"},
      {"x = [\"a\\\\\", {" + dots + "a = 1}]", "my.toml:1: Tables nest too deep"},
      {"# \"\n" + dots + "a = 1", "my.toml:2: Tables nest too deep"},
      {"x = " + std::string(100000, '['), "Tables nest too deep"},
      {"x = " + std::string(100000, '{'), "Tables nest too deep"},
  };
  for (const auto& c : cases) {
    const std::string message = error_of(c.toml);
    EXPECT_NE(message.find(c.message), std::string::npos) << message.substr(0, 200);
  }
  EXPECT_EQ(error_of(with(kVerified, "title", "title = '" + dots.substr(0, 100) + "a' # " + dots)),
            "no error");
}

// What docs/rules.md shows is read as it stands there.
TEST(RuleToml, ReadsTheExampleOfTheDocs) {
  std::ifstream in(ASSAY_TEST_DATA "/../../docs/rules.md");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const size_t begin = text.find("```toml\n");
  ASSERT_NE(begin, std::string::npos);
  const size_t from = begin + 8;
  EXPECT_EQ(error_of(std::string_view(text).substr(from, text.find("\n```", from) - from)),
            "no error");
}

TEST(RuleToml, ReadsNoiseWithoutACrash) {
  SeededRandom random(3);
  std::string base = std::string(kVerified) + std::string(kContext);
  ASSERT_EQ(error_of(base), "no error");
  for (int i = 0; i < 2000; ++i) {
    std::string toml = base;
    for (int k = 0; k < 3; ++k) {
      toml[random.below(toml.size())] = "\"'[]{}=.#\n\\x\0\xff,"[random.below(15)];
    }
    (void)error_of(toml.substr(0, random.below(toml.size()) + 1));
  }
}

}  // namespace
}  // namespace assay
