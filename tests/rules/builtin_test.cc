#include "rules/builtin.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "rules/rule_set.h"
#include "rules/rule_toml.h"

namespace assay {
namespace {

const std::string kRoot = ASSAY_TEST_DATA "/../..";

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Text of each file of rules/builtin, by its name.
std::map<std::string, std::string> files() {
  std::map<std::string, std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot + "/rules/builtin")) {
    out[entry.path().filename()] = read(entry.path());
  }
  return out;
}

// What a step runs: a command ends where the sentence goes on.
std::vector<std::string_view> commands_of(std::string_view step) {
  std::vector<std::string_view> out;
  size_t at = step.starts_with("az ") ? 0 : step.find(" az ");
  while (at != std::string_view::npos) {
    const size_t next = step.find(" az ", at + 3);
    const size_t end = std::min({next, step.find(';', at), step.size()});
    // One that the output is piped into belongs to it.
    const bool pipe = next != std::string_view::npos && step.substr(0, next).ends_with('|');
    const size_t stop = pipe ? std::min(step.find(';', at), step.size()) : end;
    out.push_back(step.substr(at, stop - at));
    at = pipe ? step.find(" az ", stop) : next;
  }
  return out;
}

template <typename See>
void see_steps(See see) {
  const RuleSet set = RuleSet::builtin();
  for (const Rule& rule : set.rules()) {
    for (const RotationSteps& rotation : rule.rotation) {
      for (const std::string& step : rotation.steps) see(rule, step);
    }
  }
}

TEST(Builtin, RulesAreThoseOfTheFilesFieldByField) {
  const RuleSet set = RuleSet::builtin();
  size_t count = 0;
  for (const auto& [name, text] : files()) {
    for (const Rule& read : read_rules(text, name)) {
      const Rule* rule = set.find(read.id);
      ASSERT_NE(rule, nullptr) << read.id;
      ++count;
      EXPECT_EQ(rule->name, read.name);
      EXPECT_EQ(rule->family, read.family) << read.id;
      EXPECT_EQ(rule->kind, read.kind) << read.id;
      EXPECT_EQ(rule->title, read.title) << read.id;
      EXPECT_EQ(rule->description, read.description) << read.id;
      EXPECT_EQ(rule->impact, read.impact) << read.id;
      EXPECT_EQ(rule->help_uri, read.help_uri) << read.id;
      EXPECT_EQ(rule->confidence, read.confidence) << read.id;
      EXPECT_EQ(rule->takes_unproven, read.takes_unproven) << read.id;
      EXPECT_EQ(rule->level, read.level) << read.id;
      EXPECT_EQ(rule->security_severity, read.security_severity) << read.id;
      EXPECT_EQ(rule->rank, read.rank) << read.id;
      EXPECT_EQ(rule->precision, read.precision) << read.id;
      EXPECT_EQ(rule->min_distinct, read.min_distinct) << read.id;
      EXPECT_EQ(rule->rotation_summary, read.rotation_summary) << read.id;
      EXPECT_EQ(rule->examples, read.examples) << read.id;
      EXPECT_EQ(rule->counter_examples, read.counter_examples) << read.id;
      ASSERT_EQ(rule->patterns.size(), read.patterns.size()) << read.id;
      for (size_t i = 0; i < read.patterns.size(); ++i) {
        EXPECT_EQ(rule->patterns[i].keywords, read.patterns[i].keywords) << read.id;
        EXPECT_EQ(rule->patterns[i].regex, read.patterns[i].regex) << read.id;
        EXPECT_EQ(rule->patterns[i].value_follows, read.patterns[i].value_follows) << read.id;
        EXPECT_EQ(rule->patterns[i].needs_functions_host, read.patterns[i].needs_functions_host);
      }
      ASSERT_EQ(rule->rotation.size(), read.rotation.size()) << read.id;
      for (size_t i = 0; i < read.rotation.size(); ++i) {
        EXPECT_EQ(rule->rotation[i].scope, read.rotation[i].scope) << read.id;
        EXPECT_EQ(rule->rotation[i].steps, read.rotation[i].steps) << read.id;
      }
    }
  }
  EXPECT_EQ(count, set.rules().size());
  EXPECT_GT(count, 55u);
}

TEST(Builtin, RulesOfFunctionsAreThoseOfTheDesign) {
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

TEST(Builtin, EveryKindOfEveryFamilyHasOneRule) {
  const RuleSet set = RuleSet::builtin();
  for (const KeyFamily& family : key_families()) {
    const bool proves = family.scheme != KeyScheme::none;
    const Confidence confidence = proves ? Confidence::verified : Confidence::signature;
    for (const KeySeed& seed : family.seeds) {
      const std::string_view name = family_name(family, seed);
      EXPECT_EQ(std::count_if(set.rules().begin(), set.rules().end(),
                              [&](const Rule& rule) {
                                return rule.confidence == confidence && rule.family == name &&
                                       rule.kind == seed.kind;
                              }),
                1)
          << name << " " << seed.kind;
      const Rule* rule = set.for_key(family, &seed, confidence);
      ASSERT_NE(rule, nullptr) << name << " " << seed.kind;
      EXPECT_EQ(rule->family, name);
      EXPECT_EQ(rule->kind, seed.kind);
      EXPECT_EQ(rule->confidence, confidence) << name << " " << seed.kind;
    }
  }
}

TEST(Builtin, EveryFamilyHasARuleForKeysThatNothingProves) {
  const RuleSet set = RuleSet::builtin();
  EXPECT_EQ(set.families().size(), key_families().size());
  for (const KeyFamily& family : key_families()) {
    const Rule* rule = set.for_key(family, nullptr, Confidence::signature);
    ASSERT_NE(rule, nullptr) << family.name;
    EXPECT_EQ(rule->confidence, Confidence::signature) << family.name;
    EXPECT_EQ(rule->kind, "unknown") << family.name;
    const Rule* masked = set.for_key(family, nullptr, Confidence::signature, true);
    EXPECT_EQ(masked != nullptr, family.is_azure()) << family.name;
    if (masked != nullptr) {
      EXPECT_EQ(masked->kind, kMaskedKind) << family.name;
    }
  }
}

// A common annotated key has the form of one, and no public sample has a checksum: the rule of its
// service takes it all the same.
TEST(Builtin, AnnotatedKeysKeepTheirRuleWithoutAChecksum) {
  const RuleSet set = RuleSet::builtin();
  size_t seen = 0;
  for (const KeyFamily& family : key_families()) {
    if (family.scheme != KeyScheme::common_annotated) continue;
    for (const KeySeed& seed : family.seeds) {
      ++seen;
      EXPECT_EQ(set.for_key(family, &seed, Confidence::signature),
                set.for_key(family, &seed, Confidence::verified))
          << family_name(family, seed);
    }
  }
  EXPECT_GE(seen, 20u);
}

TEST(Builtin, SeverityFitsWhatAKindCanDo) {
  const RuleSet set = RuleSet::builtin();
  const auto severity = [&set](std::string_view id) {
    const Rule* rule = set.find(id);
    EXPECT_NE(rule, nullptr) << id;
    return rule == nullptr ? 0.0 : std::stod(rule->security_severity);
  };
  const std::array<std::string_view, 2> at_least[] = {
      {"AZF1001", "AZF1002"},     {"AZF1002", "AZF1003"},     {"AZK2167", "AZK2166"},
      {"AZK2171-3", "AZK2171-1"}, {"AZK2171-1", "AZK2171-2"}, {"AZK2172-3", "AZK2172-1"},
      {"AZK2172-1", "AZK2172-2"}, {"AZK2173-3", "AZK2173-1"}, {"AZK2173-1", "AZK2173-2"},
      {"AZK2160-2", "AZK2160-1"}, {"AZK2178", "AZK2179"},     {"AZK2179", "AZK2180"},
      {"AZK2181", "AZK2182"},     {"AZK2183", "AZK2182"},     {"TOK3156", "TOK3101"},
      {"TOK3102-1", "TOK3102-2"}, {"TOK3901", "TOK3902"},     {"TOK3902", "TOK3903"},
      {"TOK3903", "TOK3904"},     {"AZK2001", "AZK2000"},     {"AZK2000", "TOK3000"},
  };
  for (const auto& [more, less] : at_least) EXPECT_GE(severity(more), severity(less)) << more;
  for (const std::string_view id : {"AZK2152", "AZK2160-2", "AZK2171-3", "AZK2178", "AZF1001"}) {
    EXPECT_GE(severity(id), 9.0) << id;
  }
  for (const Rule& rule : set.rules()) {
    if (rule.kind == kMaskedKind) continue;
    const double number = severity(rule.id);
    EXPECT_EQ(rule.level, number >= 7 && rule.confidence == Confidence::verified ? Level::error
                                                                                 : Level::warning)
        << rule.id;
    EXPECT_NEAR(rule.rank, number * 10, 15) << rule.id;
  }
}

TEST(Builtin, EveryRuleHasExamplesAndAFirstStepToTakeNow) {
  const RuleSet set = RuleSet::builtin();
  for (const Rule& rule : set.rules()) {
    EXPECT_GE(rule.examples.size(), 6u) << rule.id;
    EXPECT_GE(rule.counter_examples.size(), 4u) << rule.id;
    const bool azure = rule.id.starts_with("AZ");
    for (const RotationSteps& rotation : rule.rotation) {
      const std::string& first = rotation.steps.front();
      const bool command =
          first.starts_with("az ") || first.starts_with("npm ") || first.starts_with("databricks ");
      // Where there is no command, a sentence says who does what.
      EXPECT_TRUE(command || (!azure && first.ends_with('.')) || first.find("gh ") == 0 ||
                  first.find(": gh ") != std::string::npos)
          << rule.id << ": " << first;
      EXPECT_FALSE(command && first.ends_with('.')) << rule.id << ": " << first;
      EXPECT_GE(rotation.steps.size(), 3u) << rule.id;
    }
    const std::string_view help = rule.help_uri;
    EXPECT_TRUE(help.starts_with("https://learn.microsoft.com/") ||
                help.starts_with("https://docs.github.com/") ||
                help.starts_with("https://docs.npmjs.com/"))
        << help;
  }
}

// A value given as an argument stands in the shell's history and in the process list.
TEST(Builtin, NoStepGivesAKeyToACommand) {
  see_steps([](const Rule& rule, const std::string& step) {
    for (const std::string_view option : {"--key-value", "--secrets", "--value", "--primary-key",
                                          "--secondary-key", "--password "}) {
      EXPECT_EQ(step.find(option), std::string::npos) << rule.id << ": " << step;
    }
  });
}

// One that is printed stays on the terminal, and in what records it.
TEST(Builtin, NoCommandOfAStepPrintsAKey) {
  const RuleSet set = RuleSet::builtin();
  size_t makes = 0;
  size_t lists = 0;
  see_steps([&](const Rule& rule, const std::string& step) {
    for (const std::string_view command : commands_of(step)) {
      const auto has = [&](std::string_view text) { return command.find(text) != command.npos; };
      if (has(" keys renew ") || has(" key renew ") || has("regenerate") || has(" renew-key ") ||
          has(" credential renew ") || has(" keys set ") || has(" credential reset ") ||
          has(" credential generate ") || has(" policy create ") || has(" query-key create ")) {
        ++makes;
        EXPECT_TRUE(has(" -o none") || has(" --query name -o tsv")) << rule.id << ": " << command;
      }
      if (has(" keys list") || has(" key list") || has(" list-key") || has("-key show ") ||
          has(" key show ") || has(" policy show ") || has("listSecrets") || has("listKeys") ||
          has("-key list ") || has(" acr credential show ") || has(" appconfig credential list ") ||
          has(" device-identity show ")) {
        ++lists;
        EXPECT_TRUE(has("| assay scan -") || has("--query \"keys(") || has("--query \"[keys(") ||
                    has("\"[].name\"") || has("\"[].[name,id,readOnly]\"") ||
                    has("\"[connectionState,lastActivityTime]\""))
            << rule.id << ": " << command;
      }
    }
  });
  EXPECT_GE(makes, 60u);
  EXPECT_GE(lists, 30u);
}

TEST(Builtin, DocsListEveryRule) {
  const std::string docs = read(kRoot + "/docs/rules.md");
  const RuleSet set = RuleSet::builtin();
  for (const Rule& rule : set.rules()) {
    const std::string row = "| `" + rule.id + "` | " + rule.title + " | " + rule.security_severity +
                            " | `" + rule.family + "` | `" + rule.kind + "` | " +
                            std::string(to_string(rule.confidence)) + " |\n";
    EXPECT_NE(docs.find(row), std::string::npos) << row;
  }
}

TEST(Builtin, NoWellFormedKeyStandsInTheFiles) {
  for (const auto& [name, text] : files()) {
    for (const KeyFamily& family : key_families()) {
      for (size_t at = 0; at + family.digits() <= text.size(); ++at) {
        const std::string_view digits = std::string_view(text).substr(at, family.digits());
        if (!has_form(family, digits)) continue;
        ASSERT_TRUE(family.signature.empty()) << name << " at " << at;
        ASSERT_EQ(verify(family, digits), nullptr) << name << " at " << at;
      }
    }
  }
}

}  // namespace
}  // namespace assay
