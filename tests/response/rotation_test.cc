// A rotation plan holds the finding's names, and none of them is more than a name.
#include "response/rotation.h"

#include <gtest/gtest.h>

#include <utility>

#include "rules/keys/mint.h"

namespace assay {
namespace {

using Names = std::vector<std::pair<std::string KeyContext::*, std::string>>;

Finding finding_with(const Rule& rule, const Names& names, Scope scope = Scope::unknown) {
  Finding finding;
  finding.rule = &rule;
  finding.context.scope = scope;
  for (const auto& [member, value] : names) finding.context.*member = value;
  return finding;
}

std::string step_of(std::string step, const Names& names) {
  Rule rule;
  rule.rotation = {{Scope::unknown, {std::move(step)}}};
  return plan_rotation(finding_with(rule, names)).steps.at(0);
}

TEST(Rotation, StepsAreThoseOfTheScopeOrElseOfUnknown) {
  Rule rule;
  rule.rotation_summary = "Renew it in {app}.";
  rule.rotation = {{Scope::unknown, {"any"}}, {Scope::host, {"host 1", "host 2"}}};
  const std::pair<Scope, std::vector<std::string>> rows[] = {
      {Scope::unknown, {"any"}},
      {Scope::host, {"host 1", "host 2"}},
      {Scope::function, {"any"}},
      {Scope::extension, {"any"}},
  };
  for (const auto& [scope, steps] : rows) {
    const RotationPlan plan = plan_rotation(finding_with(rule, {{&KeyContext::app, "a"}}, scope));
    EXPECT_EQ(plan.summary, "Renew it in a.");
    EXPECT_EQ(plan.steps, steps) << to_string(scope);
  }
}

TEST(Rotation, NoRuleOrNoStepsIsAnEmptyPlan) {
  EXPECT_TRUE(plan_rotation({}).steps.empty());
  const Rule rule;
  EXPECT_TRUE(plan_rotation(finding_with(rule, {})).steps.empty());
}

TEST(Rotation, KnownNamesAreFilledInAndUnknownOnesStayInCapitals) {
  const std::string step = "az x -g {group} -n {app}{slot} -f {function} -k {key_name} {extension}";
  EXPECT_EQ(step_of(step, {}), "az x -g RESOURCE_GROUP -n APP -f FUNCTION -k KEY_NAME EXTENSION");
  EXPECT_EQ(step_of(step, {{&KeyContext::app, "contoso-orders"},
                           {&KeyContext::slot, "staging"},
                           {&KeyContext::function, "Refund"},
                           {&KeyContext::key_name, "eventgrid_extension"},
                           {&KeyContext::resource_group, "rg.1"}}),
            "az x -g rg.1 -n contoso-orders --slot staging -f Refund -k eventgrid_extension "
            "eventgrid_extension");
}

TEST(Rotation, NamesAreOneArgumentOrAPlaceholder) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"a-b_c.D9", "a-b_c.D9"},
      {"two words", "'two words'"},
      {"(rg)", "'(rg)'"},
      {"$(id)", "'$(id)'"},
      {"`id`;x|y&z>w", "'`id`;x|y&z>w'"},
      {"it's", "'it'\\''s'"},
      {"'", "''\\'''"},
      {"caf\xc3\xa9", "'caf\xc3\xa9'"},
      {"~root", "'~root'"},
      {"{key_name}", "'{key_name}'"},
      {"", "APP"},
      {"-x", "APP"},  // an option, quoted or not
      {"--query", "APP"},
      {"@secrets.txt", "APP"},  // az reads the file
      {"a\nb", "APP"},
      {"a\x1b[2J", "APP"},
      {"a\x7f", "APP"},
  };
  for (const auto& [name, argument] : rows) {
    EXPECT_EQ(
        step_of("{app}", {{&KeyContext::app, std::string(name)}, {&KeyContext::key_name, "k"}}),
        argument);
  }
}

TEST(Rotation, ExtensionIsTheNameOfItsSystemKey) {
  const struct {
    std::string_view carrier;
    std::string_view key_name;
    std::string_view extension;
  } rows[] = {
      {"query", "EventGrid", "eventgrid_extension"},  // from /runtime/webhooks/EventGrid
      {"header", "blobs", "blobs_extension"},
      {"query", "mcp_extension", "mcp_extension"},
      {"kubernetes", "Partner", "Partner"},  // the name under which it is kept
      {"query", "", "EXTENSION"},
      {"query", "-x", "EXTENSION"},
      {"query", "a b", "'a b_extension'"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(step_of("{extension}", {{&KeyContext::carrier, std::string(row.carrier)},
                                      {&KeyContext::key_name, std::string(row.key_name)}}),
              row.extension)
        << row.carrier << " " << row.key_name;
  }
}

TEST(Rotation, SlotIsAWholeOptionOrNothing) {
  EXPECT_EQ(step_of("a{slot} b", {}), "a b");
  EXPECT_EQ(step_of("a{slot} b", {{&KeyContext::slot, "staging"}}), "a --slot staging b");
  EXPECT_EQ(step_of("a{slot} b", {{&KeyContext::slot, "a b"}}), "a --slot 'a b' b");
  EXPECT_EQ(step_of("a{slot} b", {{&KeyContext::slot, "-x"}}), "a --slot SLOT b");
}

TEST(Rotation, OtherBracesStayAsTheyAre) {
  for (const std::string text : {"{", "}", "{}", "{app", "{ app }", "{APP}", "{name:name}", ""}) {
    EXPECT_EQ(step_of(text, {{&KeyContext::app, "a"}}), text);
  }
  EXPECT_EQ(step_of("{{app}}", {{&KeyContext::app, "a"}}), "{a}");
}

TEST(Rotation, NeverHoldsTheKey) {
  Rule rule;
  rule.rotation_summary = "{secret} {key} {value} {redacted} {fingerprint}";
  rule.rotation = {{Scope::unknown, {rule.rotation_summary}}};
  SeededRandom random(1);
  Finding finding = finding_with(rule, {});
  finding.secret = Secret(fill_placeholders("{key:master}", random));
  const RotationPlan plan = plan_rotation(finding);
  EXPECT_EQ(plan.summary, rule.rotation_summary);
  EXPECT_EQ(plan.steps.at(0), rule.rotation_summary);
}

}  // namespace
}  // namespace assay
