// owners.toml: which rule answers, and what is refused.
#include "response/owners_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "rules/keys/mint.h"
#include "rules/rule_set.h"

namespace assay {
namespace {

constexpr std::string_view kSample = R"([[owner]]
name = "first"
apps = ["shared"]
paths = ["services/payments/**", "*.cs"]

[[owner]]
name = "payments-team"
contact = "payments@contoso.example"
runbook = "https://example.org/runbook"
hosts = ["contoso-orders*.azurewebsites.net"]
apps = ["contoso-orders", "shared"]
channels = ["slack/incidents"]
projects = ["jira/PAY", "slack/*"]

[[owner]]
name = "web"
paths = ["docs/", "/web/*", "a[1].txt"]
)";

TEST(OwnersFile, AnswersByTheFirstFactThenByTheFirstRule) {
  const auto file = OwnersFile::parse(kSample, "owners.toml");
  struct Row {
    OwnerFacts facts;
    std::string_view name;
    std::string_view fact;
    size_t line = 0;
  };
  const Row rows[] = {
      {{"contoso-orders-staging.azurewebsites.net", "", "", ""}, "payments-team", "host", 10},
      {{"CONTOSO-orders.AzureWebsites.net", "", "", ""}, "payments-team", "host", 10},
      {{"contoso-orders.azurewebsites.net.evil", "", "", ""}, "", ""},
      {{"", "Contoso-Orders", "", ""}, "payments-team", "app", 11},
      {{"", "shared", "", ""}, "first", "app", 3},
      {{"contoso-orders.azurewebsites.net", "shared", "a.cs", ""}, "payments-team", "host", 10},
      {{"other", "shared", "docs/a", ""}, "first", "app", 3},
      {{"", "", "services/payments/a/b", "slack/incidents"}, "first", "path", 4},
      {{"", "", "x/y/a.cs", ""}, "first", "path", 4},
      {{"", "", "x/y/a.CS", ""}, "", ""},
      {{"", "", "x/docs/a/b", ""}, "web", "path", 17},
      {{"", "", "web/a", ""}, "web", "path", 17},
      {{"", "", "web/a/b", ""}, "", ""},
      {{"", "", "x/a[1].txt", ""}, "web", "path", 17},
      {{"", "", "", "slack/incidents"}, "payments-team", "channel", 12},
      {{"", "", "", "slack/other"}, "payments-team", "project", 13},
      {{"", "", "", "jira/PAY"}, "payments-team", "project", 13},
      {{"", "", "", "jira/PAYX"}, "", ""},
      {{"", "", "", ""}, "", ""},
  };
  for (const Row& row : rows) {
    bool gave_up = false;
    const auto match = file.find(row.facts, gave_up);
    EXPECT_FALSE(gave_up);
    const std::string which = fmt::format("{} {} {} {}", row.facts.host, row.facts.app,
                                          row.facts.path, row.facts.channel);
    ASSERT_EQ(match.has_value(), !row.name.empty()) << which;
    if (!match) continue;
    EXPECT_EQ(match->rule->name, row.name) << which;
    EXPECT_EQ(to_string(match->fact), row.fact) << which;
    EXPECT_EQ(match->pattern->line, row.line) << which;
  }
  EXPECT_EQ(file.rules().at(1).contact, "payments@contoso.example");
  EXPECT_EQ(file.rules().at(1).runbook, "https://example.org/runbook");
}

TEST(OwnersFile, RefusesWhatIsWrongWithItsLine) {
  struct Row {
    std::string_view text, message;
  };
  std::string deep = "[[owner]]\na";
  for (int i = 0; i < 100'000; ++i) deep += ".a";
  const Row rows[] = {
      {"", "o.toml:1: There is no owner"},
      {"x = 1\n", "o.toml:1: A file of owners holds"},
      {"[owner]\nname = \"a\"\n", "o.toml:1: A file of owners holds"},
      {"[[owner]]\nname = \"a\"\nhost = [\"b\"]\n", "o.toml:3: \"host\" is not a key"},
      {"[[owner]]\nhosts = [\"b\"]\n", "o.toml:1: name is missing"},
      {"[[owner]]\nname = \"\"\nhosts = [\"b\"]\n", "o.toml:2: name must hold"},
      {"[[owner]]\nname = 7\nhosts = [\"b\"]\n", "o.toml:2: name must be a string"},
      {"[[owner]]\nname = \"a\\u0007\"\nhosts = [\"b\"]\n", "o.toml:2: name must hold"},
      {"[[owner]]\nname = \"a\"\n", "o.toml:1: This owner has no pattern"},
      {"[[owner]]\nname = \"a\"\nhosts = []\n", "o.toml:1: This owner has no pattern"},
      {"[[owner]]\nname = \"a\"\nhosts = \"b\"\n", "o.toml:3: hosts must be an array"},
      {"[[owner]]\nname = \"a\"\nhosts = [\"b\", \"\"]\n", "o.toml:3: hosts must hold"},
      {"[[owner]]\nname = \"a\"\nhosts = [\"b\",\n7]\n", "o.toml:4: hosts must be a string"},
      {"[[owner]]\nname = \"a\"\nruns = 1\n", "o.toml:3: \"runs\" is not a key"},
      {"[[owner]]\nname = \"a\nhosts = []\n", "o.toml:2: This is not TOML"},
      {"[.a]\n", "o.toml:1: This is not TOML"},
      {deep, "o.toml:2: Tables nest too deep"},
  };
  for (const Row& row : rows) {
    try {
      OwnersFile::parse(row.text, "o.toml");
      ADD_FAILURE() << "taken: " << row.text;
    } catch (const Error& error) {
      EXPECT_TRUE(std::string_view(error.what()).starts_with(row.message)) << error.what();
    }
  }
  EXPECT_THROW(OwnersFile::parse(std::string(OwnersFile::kMaxBytes + 1, '\n'), "o"), Error);
  EXPECT_THROW(OwnersFile::read("/nonexistent/owners.toml", "owners.toml"), Error);
}

TEST(OwnersFile, ShowsNoKeyInItsErrors) {
  SeededRandom random(1);
  const std::string key = fill_placeholders("{key:master}", random);
  for (const std::string& text :
       {fmt::format("[[owner]]\n\"{}\" = 1\n", key), fmt::format("[[owner]]\nname = {}\n", key)}) {
    try {
      OwnersFile::parse(text, key);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(std::string_view(error.what()).find(key.substr(0, 20)), std::string::npos);
    }
  }
}

TEST(OwnersFile, GivesUpOnPatternsThatAreMadeToBeSlow) {
  std::string text = "[[owner]]\nname = \"a\"\nhosts = [\n";
  for (int i = 0; i < 5000; ++i) {
    text += fmt::format("\"*{}b\",\n", std::string(120, 'a'));
  }
  const auto file = OwnersFile::parse(text + "]\n", "owners.toml");
  bool gave_up = false;
  const std::string host(250, 'a');
  EXPECT_FALSE(file.find({host, "", "", ""}, gave_up));
  EXPECT_TRUE(gave_up);
}

}  // namespace
}  // namespace assay
