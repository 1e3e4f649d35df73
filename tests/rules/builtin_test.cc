#include "rules/builtin.h"

#include <gtest/gtest.h>

#include "rules/rule_set.h"

namespace assay {
namespace {

TEST(Builtin, FilesAreEmbeddedWhole) {
  ASSERT_FALSE(builtin_files().empty());
  for (const BuiltinFile& file : builtin_files()) {
    EXPECT_TRUE(file.name.starts_with("rules/builtin/")) << file.name;
    EXPECT_TRUE(file.name.ends_with(".toml")) << file.name;
    EXPECT_TRUE(file.text.ends_with('\n')) << file.name;
    EXPECT_EQ(file.text.find('\0'), std::string_view::npos) << file.name;
  }
  EXPECT_EQ(builtin_files()[0].name, "rules/builtin/azure_functions.toml");
  EXPECT_TRUE(builtin_files()[0].text.starts_with("# Azure Functions access keys."));
}

TEST(Builtin, RulesAreThoseOfTheDesign) {
  const RuleSet set = RuleSet::builtin();
  const struct {
    std::string_view id, name, kind, severity;
    Level level;
    double rank;
  } cases[] = {
      {"AZF1001", "AzureFunctionsMasterKeyExposed", "master", "9.8", Level::error, 98},
      {"AZF1002", "AzureFunctionsFunctionKeyExposed", "function", "8.6", Level::error, 90},
      {"AZF1003", "AzureFunctionsSystemKeyExposed", "system", "8.1", Level::error, 85},
      {"AZF1004", "AzureFunctionsKeyWithWrongChecksum", "unknown", "5.3", Level::warning, 45},
      {"AZF1005", "AzureFunctionsKeyByContext", "unknown", "4.3", Level::warning, 30},
  };
  for (const auto& c : cases) {
    const Rule* rule = set.find(c.id);
    ASSERT_NE(rule, nullptr) << c.id;
    EXPECT_EQ(rule->name, c.name);
    EXPECT_EQ(rule->kind, c.kind);
    EXPECT_EQ(rule->security_severity, c.severity);
    EXPECT_EQ(rule->level, c.level);
    EXPECT_EQ(rule->rank, c.rank);
  }
}

TEST(Builtin, EveryRuleHasExamplesAndAFirstStepThatIsACommand) {
  const RuleSet set = RuleSet::builtin();
  for (const Rule& rule : set.rules()) {
    EXPECT_GE(rule.examples.size(), 6u) << rule.id;
    EXPECT_GE(rule.counter_examples.size(), 4u) << rule.id;
    for (const RotationSteps& rotation : rule.rotation) {
      EXPECT_TRUE(rotation.steps.front().starts_with("az ")) << rule.id;
      EXPECT_GE(rotation.steps.size(), 4u) << rule.id;
    }
  }
}

// A value given as an argument stands in the shell's history and in the process list.
TEST(Builtin, NoStepGivesAKeyToACommand) {
  const RuleSet set = RuleSet::builtin();
  for (const Rule& rule : set.rules()) {
    for (const RotationSteps& rotation : rule.rotation) {
      for (const std::string& step : rotation.steps) {
        EXPECT_EQ(step.find("--key-value"), std::string::npos) << rule.id;
        EXPECT_EQ(step.find("--secrets"), std::string::npos) << rule.id;
        EXPECT_EQ(step.find("--value"), std::string::npos) << rule.id;
        if (step.find(" keys set ") != std::string::npos) {
          EXPECT_NE(step.find("--query name"), std::string::npos) << rule.id << ": shows the key";
        }
      }
    }
  }
}

TEST(Builtin, NoWellFormedKeyStandsInTheFiles) {
  for (const BuiltinFile& file : builtin_files()) {
    for (const KeyFamily& family : key_families()) {
      for (size_t at = 0; at + family.digits() <= file.text.size(); ++at) {
        ASSERT_EQ(verify(family, file.text.substr(at, family.digits())), nullptr) << at;
      }
    }
  }
}

}  // namespace
}  // namespace assay
