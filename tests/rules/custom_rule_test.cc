#include "rules/custom_rule.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "rules/rule_check.h"

namespace assay {
namespace {

TEST(CustomRule, TheNameIsTheIdInPascalCaseAndNeverTheId) {
  const struct {
    std::string_view id, name;
  } cases[] = {
      {"aws-access-token", "AwsAccessToken"},
      {"1password-secret-key", "Rule1passwordSecretKey"},
      {"AWS", "Aws"},
      {"contosoToken", "ContosoToken"},
      {"AWS_ACCESS_KEY", "AwsAccessKey"},
      {"a-token", "Atoken"},
      {"a-b-c", "Abc"},
      {"token-x", "Tokenx"},
      {"token-7", "Token7"},
      {"Token", "TokenRule"},
      {"a", "CustomRule"},
      {"--", "CustomRule"},
      {"\xc3\xa9t\xc3\xa9", "CustomRule"},
      {"jwt.base64", "JwtBase64"},
      {"HTTPServer", "Httpserver"},
      {"tokenAB", "TokenAb"},
  };
  for (const auto& row : cases) {
    const std::string name = custom_name(row.id);
    EXPECT_EQ(name, row.name) << row.id;
    EXPECT_EQ(check_name(name), "") << row.id;
  }
}

// Every id of three characters of these.
TEST(CustomRule, AnyIdHasAName) {
  constexpr std::string_view kCharacters = "aZ9-_. \xc3";
  for (const char a : kCharacters) {
    for (const char b : kCharacters) {
      for (const char c : kCharacters) {
        for (const std::string& id : {std::string{a, b, c}, std::string{a, b, c, b, a, c}}) {
          const std::string name = custom_name(id);
          EXPECT_EQ(check_name(name), "") << id << " " << name;
          EXPECT_NE(name, id);
        }
      }
    }
  }
  EXPECT_EQ(check_name(custom_name(std::string(5000, 'a'))), "");
}

TEST(CustomRule, AShortDescriptionIsTheTitleElseTheIdIs) {
  const std::string sentence(70, 'x');
  const struct {
    std::string_view id, description, title, full;
  } cases[] = {
      {"a-key", "AWS key", "AWS key", "AWS key."},
      {"a-key", "AWS key.", "AWS key", "AWS key."},
      {"a-key", " AWS\n\tkey ", "AWS key", "AWS key."},
      {"a-key", "", "a key", "Finds what the rule a-key of my.toml describes."},
      {"a-key", "One. Two.", "a key", "One. Two."},
      {"a-key", "Is it?", "Is it?", "Is it?"},
      {"a_b.c", sentence, "a b c", "x."},
      {"---", "", "---", "Finds what the rule --- of my.toml describes."},
  };
  for (const auto& row : cases) {
    RegexRule regex;
    regex.file = "folder/my.toml";
    const Rule rule = custom_rule(row.id, row.description, regex);
    EXPECT_EQ(rule.title, row.title);
    EXPECT_TRUE(rule.description.ends_with(row.full)) << rule.description;
    EXPECT_EQ(check_title(rule.title), "");
    EXPECT_EQ(check_prose(rule.description, kMaxDescription), "");
  }
}

TEST(CustomRule, LongTextsEndBetweenCharacters) {
  std::string umlauts;
  while (umlauts.size() < 3000) umlauts += "\xc3\xa4";
  for (const std::string& text : {umlauts, "x" + umlauts, "xy" + umlauts}) {
    const Rule rule = custom_rule("id", text, {});
    ASSERT_LE(rule.description.size(), kMaxDescription);
    EXPECT_TRUE(rule.description.ends_with("\xc3\xa4…")) << rule.description.substr(1000);
  }
  EXPECT_LE(custom_rule(std::string(200, 'a'), "", {}).title.size(), kMaxTitle);
}

TEST(CustomRule, SaysWhatToDoWithoutKnowingWhatItIs) {
  const Rule rule = custom_rule("id", "", {});
  EXPECT_EQ(rule.kind, "secret");
  EXPECT_EQ(check_security_severity(rule.security_severity), "");
  EXPECT_EQ(check_precision(rule.precision), "");
  EXPECT_EQ(check_prose(rule.rotation_summary, kMaxDescription), "");
  ASSERT_EQ(rule.rotation.size(), 1u);
  EXPECT_EQ(rule.rotation[0].scope, Scope::unknown);
  for (const std::string& step : rule.rotation[0].steps) EXPECT_EQ(check_step(step), "");
}

}  // namespace
}  // namespace assay
