#include "response/suppress.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "rules/keys/identify.h"
#include "rules/rule_set.h"
#include "tests/response/baseline_findings.h"

namespace assay {
namespace {

Finding proven(std::string path = "src/a.py") {
  return finding_of(kProven, made("{key:function}", 1), std::move(path));
}
Finding unproven(std::string path = "src/a.py") {
  return finding_of(kUnproven, made("{broken:function}", 1), std::move(path));
}

Finding marked(Finding finding, std::string_view word, std::string rule, std::string reason) {
  mark(finding, word, std::move(rule), std::move(reason));
  return finding;
}

// "KIND BY: REASON", or empty.
std::string judged(Finding finding, const SuppressOptions& options = {}) {
  Suppressor suppressor(options);
  suppressor.judge(finding);
  if (finding.suppression == nullptr) return {};
  return fmt::format("{} {}: {}", to_string(finding.suppression->kind), finding.suppression->by,
                     finding.suppression->reason);
}

TEST(Suppress, MarkersCoverWhatTheySay) {
  struct {
    std::string_view name;
    Finding finding;
    std::string says;
  } const rows[] = {
      {"no marker", proven(), ""},
      {"reason", marked(proven(), kOwnMarker, "", "a vector"), "marker assay:allow: a vector"},
      {"rule and reason", marked(proven(), kOwnMarker, "AZF1002", "a vector"),
       "marker assay:allow: a vector"},
      {"one of several rules", marked(proven(), kOwnMarker, "AZF1001,AZF1002", "a vector"),
       "marker assay:allow: a vector"},
      {"another rule", marked(proven(), kOwnMarker, "AZF1001", "a vector"), ""},
      {"proven, without a reason", marked(proven(), kOwnMarker, "AZF1002", ""), ""},
      {"proven, marker of another tool", marked(proven(), "gitleaks:allow", "", ""), ""},
      {"unproven, without a reason", marked(unproven(), kOwnMarker, "", ""),
       "marker assay:allow: "},
      {"unproven, marker of another tool", marked(unproven(), "gitleaks:allow", "", ""),
       "marker gitleaks:allow: "},
      {"in a log", marked(unproven("a.log"), kOwnMarker, "", "x"), ""},
      {"in an older log", marked(unproven("a.zip!/b/a.log.12"), kOwnMarker, "", "x"), ""},
      // Former bugs: logs under other names, packed ones, those of a day.
      {"in a log in capitals", marked(proven("A.LOG"), kOwnMarker, "", "x"), ""},
      {"in a packed log", marked(proven("l/a.log.gz"), kOwnMarker, "", "x"), ""},
      {"in an older packed log", marked(proven("a.log.12.gz"), kOwnMarker, "", "x"), ""},
      {"in the log of a day", marked(proven("a.log-20261122.zst"), kOwnMarker, "", "x"), ""},
      {"in another's", marked(proven("a.log.2026-11-22"), kOwnMarker, "", "x"), ""},
      {"in what is no log", marked(unproven("a.log.py"), kOwnMarker, "", "x"),
       "marker assay:allow: x"},
  };
  for (const auto& row : rows) EXPECT_EQ(judged(row.finding), row.says) << row.name;
}

TEST(Suppress, MarkersOfRecordsAndStreamsDoNotCount) {
  for (const auto& [system, counts] : {std::pair("slack", false),
                                       {"access-log", false},
                                       {"terraform", false},
                                       {"har", false},
                                       {"", true},
                                       {"env", true},
                                       {"notebook", true}}) {
    Finding finding = marked(proven(), kOwnMarker, "", "a vector");
    auto record = std::make_shared<Record>();
    record->system = system;
    finding.record = record;
    EXPECT_EQ(!judged(finding).empty(), counts) << system;
  }
  for (const std::string object : {"blob", "tree", "commit", "tag"}) {
    Finding finding = marked(proven(), kOwnMarker, "", "a vector");
    auto git = std::make_shared<GitFacts>();
    git->object = object;
    finding.git = git;
    EXPECT_EQ(!judged(finding).empty(), object == "blob") << object;
  }
  Finding finding = marked(proven(), kOwnMarker, "", "a vector");
  auto stream = std::make_shared<Provenance>();
  stream->kind = Provenance::Kind::stream;
  stream->path = "stdin";
  finding.provenance = stream;
  EXPECT_EQ(judged(finding), "");
}

TEST(Suppress, RulesOfTheUserStandInFrontOfTheReason) {
  Rule other = kJwt;
  other.id = "generic-api-key";
  const RuleSet rules({kJwt, other});
  SuppressOptions options;
  options.rules = &rules;
  const Finding finding = finding_of(kJwt, made("{plain:56}", 1), "a");
  struct {
    std::string reason, says;
  } const rows[] = {
      {"jwt: a vector", "marker assay:allow: a vector"},
      {"jwt a vector", "marker assay:allow: a vector"},
      {"jwt", "marker assay:allow: "},
      {"generic-api-key: a vector", ""},
      {"generic words", "marker assay:allow: generic words"},
      {"", "marker assay:allow: "},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(judged(marked(finding, kOwnMarker, "", row.reason), options), row.says) << row.reason;
  }
}

TEST(Suppress, NumberOfAFormatNamesAllItsKinds) {
  Rule kind = kUnproven;
  kind.id = "AZK2171-2";
  Finding finding = finding_of(kind, made("{broken:function}", 1), "a");
  EXPECT_NE(judged(marked(finding, kOwnMarker, "AZK2171", "x")), "");
  EXPECT_NE(judged(marked(finding, kOwnMarker, "AZK2171-2", "x")), "");
  EXPECT_EQ(judged(marked(finding, kOwnMarker, "AZK2171-1", "x")), "");
}

TEST(Suppress, SwitchesTurnMarkersOff) {
  SuppressOptions options;
  options.foreign_markers = false;
  EXPECT_EQ(judged(marked(unproven(), "gitleaks:allow", "", ""), options), "");
  EXPECT_NE(judged(marked(unproven(), kOwnMarker, "", ""), options), "");
  options.markers = false;
  EXPECT_EQ(judged(marked(unproven(), kOwnMarker, "", "x"), options), "");
}

ConfigAllow allow(std::string reason = "ours") {
  ConfigAllow entry;
  entry.reason = std::move(reason);
  entry.file = ".assay.toml";
  entry.line = 7;
  return entry;
}

TEST(Suppress, ConfigAllowsWhereEachKindOfTestHolds) {
  const std::string says = "allowlist .assay.toml:7: ours";
  const std::string id = c3id(made("{broken:function}", 1));
  struct {
    std::string_view name;
    ConfigAllow entry;
    bool holds;
  } rows[] = {
      {"nothing said", allow(), false},
      {"rule", allow(), true},
      {"rule by a pattern", allow(), true},
      {"another rule", allow(), false},
      {"path", allow(), true},
      {"another path", allow(), false},
      {"one of two paths", allow(), true},
      {"path taken back", allow(), false},
      {"regex", allow(), true},
      {"another regex", allow(), false},
      {"stopword in any case", allow(), true},
      {"empty stopword", allow(), false},
      {"fingerprint", allow(), true},
      {"another fingerprint", allow(), false},
      {"path holds, regex does not", allow(), false},
      {"rule does not hold, path does", allow(), false},
  };
  rows[1].entry.rules = {"AZF1004"};
  rows[2].entry.rules = {"AZF1???"};
  rows[3].entry.rules = {"AZF1001"};
  rows[4].entry.paths = {"src/"};
  rows[5].entry.paths = {"docs/"};
  rows[6].entry.paths = {"docs/", "*.py"};
  rows[7].entry.paths = {"*.py", "!a.py"};
  rows[8].entry.regexes = {"^.{44}AzFu"};
  rows[9].entry.regexes = {"^AzFu"};
  rows[10].entry.stopwords = {"aZfU"};
  rows[11].entry.stopwords = {""};
  rows[12].entry.fingerprints = {id};
  rows[13].entry.fingerprints = {c3id("x")};
  rows[14].entry.paths = {"src/"};
  rows[14].entry.regexes = {"^AzFu"};
  rows[15].entry.rules = {"AZF1001"};
  rows[15].entry.paths = {"src/"};
  for (const auto& row : rows) {
    const std::vector<ConfigAllow> allows = {row.entry};
    SuppressOptions options;
    options.allows = &allows;
    EXPECT_EQ(judged(unproven(), options), row.holds ? says : "") << row.name;
  }
}

// Of several entries the first that holds is told, by whatever it knows the finding; and what one
// path and rule left out is asked anew for the next.
TEST(Suppress, FirstEntryThatHoldsIsTold) {
  std::vector<ConfigAllow> allows;
  const auto add = [&](auto&& fill) {
    ConfigAllow& entry = allows.emplace_back(allow(fmt::format("reason {}", allows.size())));
    fill(entry);
  };
  const std::string id = c3id(made("{broken:function}", 1));
  add([](ConfigAllow& entry) { entry.paths = {"docs/"}; });
  add([&](ConfigAllow& entry) { entry.fingerprints = {id, id}, entry.paths = {"lib/"}; });
  add([](ConfigAllow& entry) { entry.regexes = {"^never$"}, entry.stopwords = {"azfu"}; });
  add([](ConfigAllow& entry) { entry.rules = {"AZF1004"}, entry.paths = {"src/"}; });
  add([&](ConfigAllow& entry) { entry.fingerprints = {id}; });
  add([](ConfigAllow& entry) { entry.regexes = {"^never$", "AzFu"}, entry.stopwords = {"azfu"}; });
  SuppressOptions options;
  options.allows = &allows;
  Suppressor suppressor(options);
  const std::pair<Finding, std::string> rows[] = {
      {unproven("src/a.py"), "reason 3"},  {proven("src/a.py"), "reason 5"},
      {unproven("docs/a.py"), "reason 0"}, {unproven("lib/a.py"), "reason 1"},
      {unproven("a.py"), "reason 4"},      {proven("a.py"), "reason 5"},
      {proven("docs/a.py"), "reason 0"},   {unproven("src/a.py"), "reason 3"},
  };
  for (auto [finding, says] : rows) {
    suppressor.judge(finding);
    ASSERT_NE(finding.suppression, nullptr) << says;
    EXPECT_EQ(finding.suppression->reason, says);
  }
}

TEST(Suppress, ConfigNeedsAReasonForAProvenKey) {
  for (const std::string reason : {"", "  ", "ours"}) {
    std::vector<ConfigAllow> allows = {allow(reason)};
    allows[0].paths = {"src/"};
    SuppressOptions options;
    options.allows = &allows;
    EXPECT_EQ(judged(proven(), options).empty(), reason != "ours");
    EXPECT_NE(judged(unproven(), options), "");
  }
}

TEST(Suppress, WrongPatternsOfTheConfigAreNamed) {
  for (const bool regex : {false, true}) {
    std::vector<ConfigAllow> allows = {allow()};
    (regex ? allows[0].regexes : allows[0].paths) = {"a["};
    SuppressOptions options;
    options.allows = &allows;
    try {
      Suppressor suppressor(options);
      ADD_FAILURE() << "was taken";
    } catch (const Error& error) {
      EXPECT_TRUE(std::string_view(error.what()).starts_with(".assay.toml:7: the "))
          << error.what();
    }
  }
}

TEST(Suppress, BaselineTellsOldFromNew) {
  Baseline baseline =
      Baseline::parse(fmt::format("# assay baseline 1\n{} AZF1002 * - 2026-11-22 a vector\n",
                                  c3id(made("{key:function}", 1))),
                      "b");
  SuppressOptions options;
  options.baseline = &baseline;
  for (const std::string today : {"2026-11-22", "2026-11-23"}) {
    options.today = today;
    const bool over = today.ends_with("3");
    Suppressor suppressor(options);
    Finding old = proven(), other = unproven(), set = unproven();
    set.baseline_state = BaselineState::updated;
    for (Finding* finding : {&old, &other, &set}) suppressor.judge(*finding);
    EXPECT_EQ(old.baseline_state, over ? BaselineState::is_new : BaselineState::unchanged);
    EXPECT_EQ(old.suppression == nullptr, over);
    if (!over) {
      EXPECT_EQ(old.suppression->by, "b:2");
    }
    EXPECT_EQ(other.baseline_state, BaselineState::is_new);
    EXPECT_EQ(set.baseline_state, BaselineState::updated);
  }
}

TEST(Suppress, FirstSourceIsTold) {
  Baseline baseline = Baseline::create();
  baseline.add(proven(), "accepted", "", "");
  std::vector<ConfigAllow> allows = {allow()};
  allows[0].paths = {"src/"};
  SuppressOptions options;
  options.baseline = &baseline;
  EXPECT_TRUE(judged(proven(), options).starts_with("baseline "));
  options.allows = &allows;
  EXPECT_TRUE(judged(proven(), options).starts_with("allowlist "));
  EXPECT_TRUE(judged(marked(proven(), kOwnMarker, "", "x"), options).starts_with("marker "));
}

TEST(Suppress, SamplesAreToldByTheirLook) {
  // A key whose random part is one character, as documentation has it, put together here.
  const KeyFamily& family = *find_family("azure-functions");
  std::string text(family.digits(), 'A');
  text.replace(family.signature_at, family.signature.size(), family.signature);
  text.append(family.padding(), '=');
  EXPECT_EQ(judged(finding_of(kUnproven, text, "a")).substr(0, 14), "sample sample:");
  EXPECT_EQ(judged(unproven()), "");
}

TEST(Suppress, OnlyWhatCountsFails) {
  struct {
    std::string_view word;
    bool verified, signature, context;
  } const rows[] = {{"verified", true, false, false},
                    {"signature", true, true, false},
                    {"context", true, true, true},
                    {"never", false, false, false}};
  const Finding guessed = finding_of(kGuessed, "x", "a");
  for (const auto& row : rows) {
    const auto fail_on = fail_on_named(row.word);
    ASSERT_TRUE(fail_on) << row.word;
    EXPECT_EQ(fails(proven(), *fail_on), row.verified) << row.word;
    EXPECT_EQ(fails(unproven(), *fail_on), row.signature) << row.word;
    EXPECT_EQ(fails(guessed, *fail_on), row.context) << row.word;
  }
  EXPECT_FALSE(fail_on_named("anything"));
  Finding finding = proven();
  for (const auto& [state, failing] : {std::pair(BaselineState::none, true),
                                       {BaselineState::is_new, true},
                                       {BaselineState::unchanged, false},
                                       {BaselineState::updated, false}}) {
    finding.baseline_state = state;
    EXPECT_EQ(fails(finding, FailOn::context), failing) << to_string(state);
  }
  finding.baseline_state = BaselineState::none;
  finding.suppression = std::make_shared<Suppression>();
  EXPECT_FALSE(fails(finding, FailOn::context));
}

}  // namespace
}  // namespace assay
