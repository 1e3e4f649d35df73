#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "rules/config.h"
#include "tests/rules/config_errors.h"

namespace assay {
namespace {

using Texts = std::vector<std::string>;

std::string error_of(std::string_view toml) {
  try {
    parse_config(toml, ".assay.toml");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

constexpr std::string_view kEveryKey = R"(# every key
enable = ["AZF*", "TOK3031"]
disable = ["AZF1005"]
exclude = ["third_party/", "*.min.js"]
owners = "owners.toml"
inventory = "keys/inventory.jsonl"
baseline = ".assay-baseline"
foreign_markers = false
fail_on = "signature"

[[severity]]
rule = "AZF*"
level = "note"
[[severity]]
rule = "AZF1002"
security_severity = "3.1"

[[rule]]
id = "contoso-token"
description = "Contoso token"
regex = '''\bcts_([0-9a-z]{32})\b'''
path = '''\.env$'''
keywords = ["CTS_", "c"]
secret_group = 1
entropy = 3.5
tags = ["contoso", "token"]
level = "error"
security_severity = "8.1"
help_uri = "https://example.com/tokens"
remedy = "Ask the platform team for another."
[[rule]]
id = "0-key.file"
path = '''\.pem$'''

[[allow]]
rules = ["AZF1001", "contoso-*"]
paths = ["docs/"]
regexes = ['''^sample''']
stopwords = ["Example"]
fingerprints = ["kXWoi7chsijJZARFXuOr", "hmac:kXWoi7chsijJZARFXu+/"]
reason = "Published in our documentation"
[[allow]]
stopwords = ["dummy"]

[limits]
depth = 4
ratio = 100
decoded_bytes = 1073741824
members = 1000
seconds = 60
)";

TEST(ConfigToml, ReadsEveryKey) {
  const Config config = parse_config(kEveryKey, "a/.assay.toml");
  EXPECT_EQ(config.file, "a/.assay.toml");
  ASSERT_EQ(config.enable.size(), 2u);
  EXPECT_EQ(config.enable[1].id, "TOK3031");
  EXPECT_EQ(config.enable[1].line, 2u);
  EXPECT_EQ(config.enable[1].file, "a/.assay.toml");
  ASSERT_EQ(config.disable.size(), 1u);
  EXPECT_EQ(config.disable[0].id, "AZF1005");
  EXPECT_EQ(config.exclude, (Texts{"third_party/", "*.min.js"}));
  EXPECT_EQ(config.exclude_line, 4u);
  EXPECT_EQ(config.owners, "owners.toml");
  EXPECT_EQ(config.inventory, "keys/inventory.jsonl");
  EXPECT_EQ(config.baseline, ".assay-baseline");
  EXPECT_EQ(config.foreign_markers, false);
  EXPECT_EQ(config.fail_on, "signature");
  ASSERT_EQ(config.severities.size(), 2u);
  EXPECT_EQ(config.severities[0].rule, "AZF*");
  EXPECT_EQ(config.severities[0].level, Level::note);
  EXPECT_EQ(config.severities[0].security_severity, "");
  EXPECT_EQ(config.severities[1].level, std::nullopt);
  EXPECT_EQ(config.severities[1].security_severity, "3.1");
  EXPECT_EQ(config.severities[1].line, 15u);
  EXPECT_EQ(config.limits.depth, 4u);
  EXPECT_EQ(config.limits.ratio, 100u);
  EXPECT_EQ(config.limits.decoded_bytes, 1073741824u);
  EXPECT_EQ(config.limits.members, 1000u);
  EXPECT_EQ(config.limits.seconds, 60u);
  EXPECT_TRUE(config.warnings.empty());
  EXPECT_TRUE(config.allowlists.empty());
}

TEST(ConfigToml, ReadsRulesOfOnesOwn) {
  const Config config = parse_config(kEveryKey, ".assay.toml");
  ASSERT_EQ(config.rules.size(), 2u);
  const Rule& rule = config.rules[0];
  EXPECT_EQ(rule.id, "contoso-token");
  EXPECT_EQ(rule.name, "ContosoToken");
  EXPECT_EQ(rule.family, kCustomFamily);
  EXPECT_EQ(rule.kind, "secret");
  EXPECT_EQ(rule.confidence, Confidence::context);
  EXPECT_EQ(rule.title, "Contoso token");
  EXPECT_EQ(rule.description, "Contoso token.");
  EXPECT_EQ(rule.level, Level::error);
  EXPECT_EQ(rule.security_severity, "8.1");
  EXPECT_EQ(rule.help_uri, "https://example.com/tokens");
  EXPECT_EQ(rule.rotation_summary, "Ask the platform team for another.");
  EXPECT_EQ(rule.rotation.at(0).scope, Scope::unknown);
  EXPECT_EQ(rule.rotation.at(0).steps.at(0), "Ask the platform team for another.");
  ASSERT_NE(rule.regex, nullptr);
  EXPECT_EQ(rule.regex->regex, R"(\bcts_([0-9a-z]{32})\b)");
  EXPECT_EQ(rule.regex->path, R"(\.env$)");
  EXPECT_EQ(rule.regex->keywords, (Texts{"cts_", "c"}));
  EXPECT_EQ(rule.regex->secret_group, 1);
  EXPECT_EQ(rule.regex->entropy, 3.5);
  EXPECT_EQ(rule.regex->tags, (Texts{"contoso", "token"}));
  EXPECT_EQ(rule.regex->file, ".assay.toml");
  EXPECT_EQ(rule.regex->line, 19u);
  const Rule& other = config.rules[1];
  EXPECT_EQ(other.title, "0 key file");
  EXPECT_EQ(other.description, "Finds what the rule 0-key.file of .assay.toml describes.");
  EXPECT_EQ(other.level, Level::warning);
  EXPECT_EQ(other.security_severity, "7.0");
  EXPECT_EQ(other.regex->regex, "");
  EXPECT_FALSE(other.rotation_summary.empty());
}

TEST(ConfigToml, ReadsWhatIsAllowed) {
  const Config config = parse_config(kEveryKey, ".assay.toml");
  ASSERT_EQ(config.allows.size(), 2u);
  const ConfigAllow& allow = config.allows[0];
  EXPECT_EQ(allow.rules, (Texts{"AZF1001", "contoso-*"}));
  EXPECT_EQ(allow.paths, Texts{"docs/"});
  EXPECT_EQ(allow.regexes, Texts{"^sample"});
  EXPECT_EQ(allow.stopwords, Texts{"Example"});
  EXPECT_EQ(allow.fingerprints, (Texts{"kXWoi7chsijJZARFXuOr", "hmac:kXWoi7chsijJZARFXu+/"}));
  EXPECT_EQ(allow.reason, "Published in our documentation");
  EXPECT_EQ(allow.file, ".assay.toml");
  EXPECT_EQ(allow.line, 35u);
  EXPECT_TRUE(config.allows[1].reason.empty());
}

// The whole message, but for `.assay.toml:`.
TEST(ConfigToml, RefusesWhatIsWrongByLineAndKeyAndSaysWhatIsAllowed) {
  for (const ConfigError& row : config_errors()) {
    EXPECT_EQ(error_of(row.toml), ".assay.toml:" + std::string(row.message)) << row.toml;
  }
}

TEST(ConfigToml, RefusesWhatIsTooLarge) {
  const auto list = [](size_t count, std::string_view entry) {
    std::string out;
    for (size_t i = 0; i < count; ++i) out += std::string(entry) + ",";
    return out;
  };
  const struct {
    const char* name;
    std::string toml;
    std::string_view piece;
  } cases[] = {
      {"bytes", std::string(kMaxConfigBytes + 1, '\n'), "1: The file is longer than 1048576"},
      {"nesting", "a = " + std::string(100, '['), "1: Tables nest too deep here."},
      {"dotted keys", "a" + list(50, ".a") + " = 1", "1: "},
      {"names", "enable = [" + list(1001, "'a'") + "]", "1: enable must be an array of 1 to 1000"},
      {"patterns", "exclude = [" + list(1001, "'a'") + "]", "1: exclude must be an array of 1 to"},
      {"an id", "disable = ['" + std::string(300, 'a') + "']",
       "1: each of disable must hold 1 to 256"},
      {"a regex", "[[rule]]\nid='a'\nregex='" + std::string(5000, 'a') + "'", "3: regex must hold"},
      {"a word", "[[allow]]\nstopwords=['" + std::string(300, 'a') + "']",
       "2: each of stopwords must hold"},
  };
  for (const auto& row : cases) {
    EXPECT_TRUE(error_of(row.toml).starts_with(".assay.toml:" + std::string(row.piece)))
        << row.name << ": " << error_of(row.toml);
  }
}

TEST(ConfigToml, NothingOfAFileActsOnATerminalFromAMessage) {
  for (const std::string_view toml :
       {"\"\\u001b[31m\" = 1", "fail_on = \"\\u001b[31m\"", "[[rule]]\nid = \"a\\u0007\"",
        "disable = [\"\\u001b\"]", "owners = \"/\\u001b\"", "foreign_markers = tru\n"}) {
    const std::string message = error_of(toml);
    EXPECT_NE(message, "no error");
    for (const char c : message) EXPECT_GE(static_cast<unsigned char>(c), 0x20u) << message;
  }
  EXPECT_LT(error_of("\"" + std::string(5000, 'a') + "\" = 1").size(), 400u);
}

// toml++ 3.3 knows no letter from U+00A1 to U+0499 there; UBSan tells.
TEST(ConfigToml, ALetterOfAnyLanguageWhereAKeyShouldStandIsAnError) {
  for (const std::string_view toml :
       {"\xc3\xa4 = 1", "a\xc3\xa4 = 1", "[\xd0\x96]", "a = \xc3\xa4"}) {
    EXPECT_NE(error_of(toml), "no error") << toml;
  }
  EXPECT_EQ(error_of("# \xc3\xa4\nexclude = ['\xc3\xa4']"), "no error");
}

TEST(ConfigToml, ARemedyHoldsNoBracesButPlaceholders) {
  const std::string rule = "[[rule]]\nid = 'a'\nregex = 'b'\n";
  EXPECT_TRUE(error_of(rule + "remedy = 'Call {team}.'")
                  .starts_with(".assay.toml:4: remedy \"Call {team}.\" holds a brace that begins"));
  EXPECT_EQ(error_of(rule + "remedy = 'Call who has {app}.'"), "no error");
}

}  // namespace
}  // namespace assay
