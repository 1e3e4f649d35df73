// Whose a key is, in each format: with names from strangers, and with no person's name in SARIF.
#include "reports/owner_words.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/reports/sample_findings.h"

namespace assay {
namespace {

using Json = nlohmann::ordered_json;

OwnerSources sample_sources() {
  OwnerSources sources;
  sources.owners = OwnersFile::parse(
      "[[owner]]\nname = \"a\\u202e::team\"\ncontact = \"a@contoso.example\"\nrunbook = "
      "\"https://example.org/r\"\nhosts = [\"contoso-*\"]\n[[owner]]\nname = \"b\"\npaths = "
      "[\"*\"]\n",
      "owners.toml");
  return sources;
}

TEST(OwnerWords, ArePrintableAndWithoutAddressesOfPeople) {
  EXPECT_EQ(owner_words({"a\nb", "owners", "it is", "c@d", ""}), "a\\x0ab (it is); c@d");
  EXPECT_EQ(brought_by_words({"Dana <dana@example.org>", "git", "author"}),
            "Dana (author; may know whose key it is)");
  EXPECT_EQ(brought_by_words({"<dana@example.org>", "git", "author"}),
            "<dana@example.org> (author; may know whose key it is)");
  EXPECT_EQ(brought_by_words({std::string(100, 'x'), "git", "author"}),
            std::string(60, 'x') + "… (author; may know whose key it is)");
}

TEST(OwnerWords, StandInEveryFormat) {
  const OwnerSources sources = sample_sources();
  ReportOptions options;
  options.owners = &sources;
  const std::vector<Finding> findings = {sample_findings()[1]};
  const Json line = Json::parse(lines_of(write_report("jsonl", options, findings)).front());
  EXPECT_EQ(line["owner"],
            (Json{{"name", "a\u202e::team"},
                  {"source", "owners"},
                  {"reason",
                   "line 5 of owners.toml: host contoso-orders-staging.azurewebsites.net is "
                   "contoso-*"},
                  {"contact", "a@contoso.example"},
                  {"runbook", "https://example.org/r"}}));
  EXPECT_NE(write_report("text", options, findings)
                .find("  Owner:        a\\xe2\\x80\\xae::team (line 5 of owners.toml: host "),
            std::string::npos);
  EXPECT_NE(write_report("github", options, findings).find("%0AOwner: a\\xe2\\x80\\xae::team ("),
            std::string::npos);
  const Json log = Json::parse(write_report("sarif", options, findings));
  const Json& result = log["runs"][0]["results"][0];
  EXPECT_EQ(result["properties"]["owner"]["name"], "a\u202e::team");
  EXPECT_EQ(result["properties"]["owner"]["source"], "owners");
  EXPECT_FALSE(result["properties"]["owner"].contains("contact"));
  EXPECT_EQ(result["message"]["id"], "owned");
  EXPECT_EQ(result["message"]["arguments"].size(), 7u);
  const Json& rule = log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"].get<size_t>()];
  EXPECT_TRUE(
      rule["messageStrings"]["owned"]["text"].get<std::string>().ends_with("Owner: '{5}' ({6})."));
}

TEST(OwnerWords, OfWhoBroughtItAreInNoSarifLog) {
  const OwnerSources sources = sample_sources();
  ReportOptions options;
  options.repository = sample_repository();
  options.owners = &sources;
  const std::string log = write_report("sarif", options, sample_git_findings());
  EXPECT_EQ(log.find("Dana"), std::string::npos);
  EXPECT_EQ(log.find("brought"), std::string::npos);
  const Json line =
      Json::parse(lines_of(write_report("jsonl", options, sample_git_findings())).front());
  EXPECT_EQ(line["brought_by"], (Json{{"name", "Dana Contoso <dana@example.org>"},
                                      {"source", "git"},
                                      {"reason", "author of the commit that introduced it"}}));
}

TEST(OwnerWords, OfOneKeyAreToldOnceAndThreeAtMost) {
  OwnerSources sources;
  std::string text;
  for (int i = 0; i < 5; ++i) {
    text += fmt::format("[[owner]]\nname = \"team{0}\"\npaths = [\"p{0}/\"]\n", i);
  }
  sources.owners = OwnersFile::parse(text, "owners.toml");
  ReportOptions options;
  options.owners = &sources;
  std::vector<Finding> findings;
  for (int i = 0; i < 10; ++i) {
    findings.push_back(
        sample_finding("AZF1001", "{key:master}", 4, fmt::format("p{}/a.log", i / 2), 1));
  }
  const std::string all = write_report("text", options, findings);
  EXPECT_NE(all.find("  Owner:        team0 ("), std::string::npos);
  EXPECT_EQ(all.find("team0 ("), all.rfind("team0 ("));
  EXPECT_NE(all.find("                team2 ("), std::string::npos);
  EXPECT_EQ(all.find("team3 ("), std::string::npos);
  EXPECT_NE(all.find("                … and others\n"), std::string::npos);
}

}  // namespace
}  // namespace assay
