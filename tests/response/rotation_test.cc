// A rotation plan holds the finding's names, and none of them is more than a name.
#include "response/rotation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "response/joined_context.h"
#include "response/rotation_commands.h"
#include "response/rotation_names.h"
#include "rules/keys/mint.h"
#include "rules/rule_set.h"

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

// Keys of other services: the steps of their rule, with names that Azure could have given.

Rule service_rule(std::string family, std::string kind = "") {
  Rule rule;
  rule.id = "AZK2000";
  rule.title = "A key";
  rule.family = std::move(family);
  rule.kind = std::move(kind);
  rule.rotation_summary = "Renew it in {resource}.";
  rule.rotation = {{Scope::unknown,
                    {"az renew -g {group} -n {resource} --rule {policy}",
                     "Then tell the callers of {resource}/{key_name}."}}};
  return rule;
}

TEST(Rotation, KeysOfOtherServicesGetTheirRulesStepsWithNames) {
  const Rule rule = service_rule("azure-service-bus", "send");
  const Finding finding = finding_with(rule, {{&KeyContext::app, "contoso"},
                                              {&KeyContext::key_name, "send-only"},
                                              {&KeyContext::resource_group, "rg-orders"}});
  const RotationPlan plan = plan_rotation(finding);
  EXPECT_EQ(plan.summary, "Renew it in contoso.");
  EXPECT_EQ(plan.steps,
            (std::vector<std::string>{"az renew -g rg-orders -n contoso --rule send-only",
                                      "Then tell the callers of contoso/send-only."}));
  EXPECT_TRUE(plan.parts.empty());
  EXPECT_TRUE(plan.blanks.empty());
  EXPECT_EQ(plan.about.facts[Fact::resource], "contoso");
  EXPECT_EQ(plan.about.facts[Fact::policy], "send-only");
  EXPECT_EQ(plan.about.facts[Fact::app], "");
  EXPECT_EQ(rule_rotation(finding).steps, plan.steps);
  // A plan that was written and is read again.
  EXPECT_EQ(plan_rotation(plan.about, &rule).steps, plan.steps);
}

TEST(Rotation, BlanksOfOtherServicesAreTheirWords) {
  const struct {
    std::string_view family, kind, first;
  } rows[] = {
      {"azure-storage", "account", "-n STORAGE_ACCOUNT --rule KEY_NAME"},
      {"azure-event-hub", "send", "-n NAMESPACE --rule POLICY"},
      {"azure-iot", "hub", "-n IOT_HUB --rule POLICY"},
      {"azure-iot", "device-provisioning", "-n PROVISIONING_SERVICE --rule POLICY"},
      {"azure-iot", "device", "-n IOT_HUB --rule DEVICE"},
      {"entra-client-secret", "secret", "-n APPLICATION_ID --rule KEY_ID"},
      {"azure-app-configuration", "key", "-n CONFIG_STORE --rule CREDENTIAL_ID"},
      {"any-azure", "unknown", "-n RESOURCE --rule POLICY"},
  };
  for (const auto& row : rows) {
    const Rule rule = service_rule(std::string(row.family), std::string(row.kind));
    const RotationPlan plan = plan_rotation(finding_with(rule, {}));
    EXPECT_EQ(plan.steps.at(0), "az renew -g RESOURCE_GROUP " + std::string(row.first))
        << row.family;
    EXPECT_EQ(plan.blanks, (std::vector<Fact>{Fact::resource_group, Fact::resource, Fact::policy}));
  }
  RotationCase about;
  EXPECT_TRUE(set_fact(about, Fact::resource, "contoso"));
  const Rule rule = service_rule("azure-storage");
  EXPECT_EQ(plan_rotation(about, &rule).steps.at(0),
            "az renew -g RESOURCE_GROUP -n contoso --rule KEY_NAME");
}

TEST(Rotation, NoHostileNameGetsIntoAnotherServicesSteps) {
  const Rule rule = service_rule("azure-storage");
  SeededRandom random(1);
  const std::string key = fill_placeholders("{broken:function}", random).substr(0, 54);
  for (const std::string& name :
       {std::string("$(id)"), std::string("`id`"), std::string("a b"), std::string("it's"),
        std::string("a\nb"), std::string("--yes"), std::string("@file"), std::string("a;b"),
        std::string("a\"b"), std::string("{group}"), std::string("a|b"), key}) {
    const Finding finding = finding_with(rule, {{&KeyContext::app, name},
                                                {&KeyContext::key_name, name},
                                                {&KeyContext::resource_group, name}});
    for (const RotationPlan& plan : {plan_rotation(finding), rule_rotation(finding)}) {
      EXPECT_EQ(plan.steps.at(0), "az renew -g RESOURCE_GROUP -n STORAGE_ACCOUNT --rule KEY_NAME");
      EXPECT_EQ(plan.summary, "Renew it in STORAGE_ACCOUNT.");
    }
  }
}

TEST(Rotation, IdsOfCredentialsAreQuoted) {
  const Rule rule = service_rule("azure-app-configuration");
  const RotationPlan plan = plan_rotation(finding_with(
      rule, {{&KeyContext::app, "contoso"}, {&KeyContext::key_name, "0-l4-s0:a+b/c"}}));
  EXPECT_EQ(plan.steps.at(0), "az renew -g RESOURCE_GROUP -n contoso --rule '0-l4-s0:a+b/c'");
}

TEST(Rotation, TheInventoryTellsTheResource) {
  const Rule rule = service_rule("azure-storage");
  InventoryEntry entry;
  entry.app = "contoso";
  entry.key_name = "key1";
  entry.resource_group = "rg-orders";
  entry.storage = "key-vault:kv";
  entry.owner = "payments";
  const RotationPlan plan = plan_rotation(finding_with(rule, {}), &entry);
  EXPECT_EQ(plan.steps.at(0), "az renew -g rg-orders -n contoso --rule key1");
  EXPECT_EQ(plan.about.owner, "payments");
  EXPECT_EQ(plan.about.store, KeyStore::app_service);  // of Functions only
}

TEST(JoinedContext, OneAccountHasSeveralHosts) {
  const auto context = [](std::string host, std::string app) {
    KeyContext out;
    out.host = std::move(host);
    out.app = std::move(app);
    return out;
  };
  JoinedContext same;
  same.add(context("contoso.blob.core.windows.net", "contoso"));
  same.add(context("contoso.queue.core.windows.net", "contoso"));
  EXPECT_FALSE(same.torn());
  EXPECT_EQ(same.told().host, "contoso.blob.core.windows.net");
  JoinedContext two;
  two.add(context("contoso.blob.core.windows.net", "contoso"));
  two.add(context("other.blob.core.windows.net", "other"));
  EXPECT_TRUE(two.torn());
  JoinedContext functions;
  functions.add(context("contoso.azurewebsites.net", "contoso"));
  functions.add(context("contoso-qa.azurewebsites.net", "contoso"));
  EXPECT_TRUE(functions.torn());
}

// What follows is about keys of Azure Functions, whose plans are made by kind and store.

Rule functions_rule() {
  Rule rule;
  rule.id = "AZF1002";
  rule.title = "A key";
  rule.family = "azure-functions";
  rule.rotation_summary = "Rotate it.";
  rule.rotation = {{Scope::unknown, {"Of rules show."}}};
  return rule;
}

const Names kNames = {{&KeyContext::app, "contoso-orders"},
                      {&KeyContext::function, "Refund"},
                      {&KeyContext::key_name, "default"},
                      {&KeyContext::resource_group, "rg"}};

TEST(Rotation, TheFirstStepIsTheCommandToRunNow) {
  constexpr std::string_view kApp = "-g rg -n contoso-orders ";
  const struct {
    std::string_view kind;
    Scope scope;
    std::string command;
  } rows[] = {
      {"master", Scope::app,
       "az functionapp keys set -g rg -n contoso-orders --key-type masterKey --key-name _master "
       "--query name -o tsv"},
      {"function", Scope::function,
       "az functionapp function keys set -g rg -n contoso-orders --function-name Refund "
       "--key-name default-next --query name -o tsv"},
      {"function", Scope::host,
       "az functionapp keys set -g rg -n contoso-orders --key-type functionKeys --key-name "
       "default-next --query name -o tsv"},
      {"function", Scope::unknown,
       "az functionapp keys set -g rg -n contoso-orders --key-type functionKeys --key-name "
       "default-next --query name -o tsv"},
      {"system", Scope::extension,
       "az functionapp keys set -g rg -n contoso-orders --key-type systemKeys --key-name default "
       "--query name -o tsv"},
      {"unknown", Scope::unknown,
       "az functionapp show -g rg -n contoso-orders --query \"[id, state]\" -o tsv"},
  };
  const Rule rule = functions_rule();
  for (const auto& row : rows) {
    Finding finding = finding_with(rule, kNames, row.scope);
    finding.kind = row.kind;
    const RotationPlan plan = plan_rotation(finding);
    ASSERT_FALSE(plan.steps.empty());
    EXPECT_EQ(plan.steps.front(), row.command);
    EXPECT_NE(plan.steps.front().find(kApp), std::string::npos);
    EXPECT_EQ(plan.summary, "Rotate it.");
    EXPECT_EQ(std::count_if(plan.parts.begin(), plan.parts.end(),
                            [](const RotationStep& step) { return step.now; }),
              1);
  }
}

RotationCase case_of(KeyKind kind, KeyStore store) {
  RotationCase about;
  about.kind = kind;
  for (const auto& [fact, value] : {std::pair{Fact::store, std::string(to_string(store))},
                                    {Fact::resource_group, std::string("rg")},
                                    {Fact::app, std::string("orders")},
                                    {Fact::function, std::string("Refund")},
                                    {Fact::key_name, std::string("my_key")},
                                    {Fact::vault, std::string("kv-orders")},
                                    {Fact::name_space, std::string("shop")},
                                    {Fact::secret, std::string("orders-keys")},
                                    {Fact::revision, std::string("orders--1")}}) {
    EXPECT_TRUE(set_fact(about, fact, value)) << value;
  }
  return about;
}

TEST(Rotation, EachStoreHasItsOwnNames) {
  const struct {
    KeyStore store;
    KeyKind kind;
    std::string_view exposed, replacement;
  } rows[] = {
      {KeyStore::app_service, KeyKind::function, "my_key", "my_key-next"},
      {KeyStore::app_service, KeyKind::host, "my_key", "my_key-next"},
      {KeyStore::app_service, KeyKind::master, "_master", ""},
      {KeyStore::app_service, KeyKind::system, "my_key", ""},
      {KeyStore::key_vault, KeyKind::function, "function--Refund--my-095key",
       "function--Refund--my-095keyNext"},
      {KeyStore::key_vault, KeyKind::host, "host--functionKey--my-095key",
       "host--functionKey--my-095keyNext"},
      {KeyStore::key_vault, KeyKind::master, "host--masterKey--master", ""},
      {KeyStore::key_vault, KeyKind::system, "host--systemKey--my-095key", ""},
      {KeyStore::kubernetes, KeyKind::function, "functions.Refund.my_key",
       "functions.Refund.my_key-next"},
      {KeyStore::kubernetes, KeyKind::host, "host.function.my_key", "host.function.my_key-next"},
      {KeyStore::kubernetes, KeyKind::master, "host.master", ""},
      {KeyStore::kubernetes, KeyKind::system, "host.systemKey.my_key", ""},
      {KeyStore::container_app, KeyKind::function, "functions-refund-my-key",
       "functions-refund-my-key-next"},
      {KeyStore::container_app, KeyKind::host, "host-function-my-key", "host-function-my-key-next"},
      {KeyStore::container_app, KeyKind::master, "host-master", ""},
      {KeyStore::container_app, KeyKind::system, "host-systemkey-my-key", ""},
  };
  for (const auto& row : rows) {
    const KeyCommands commands = key_commands(case_of(row.kind, row.store));
    EXPECT_EQ(commands.exposed, row.exposed);
    EXPECT_EQ(commands.replacement, row.replacement);
    EXPECT_EQ(commands.make.empty(), row.replacement.empty());
    EXPECT_EQ(commands.remove.empty(), row.replacement.empty());
  }
}

// A copy in a cluster does not say who keeps the key, where the app is known as App Service's.
TEST(Rotation, TheStoreIsWhereFunctionsKeepsTheKey) {
  const struct {
    std::string carrier, host, group;
    KeyStore store;
  } rows[] = {
      {"kubernetes", "", "", KeyStore::kubernetes},
      {"kubernetes", "orders.azurewebsites.net", "", KeyStore::app_service},
      {"kubernetes", "orders.chinacloudsites.cn", "", KeyStore::app_service},
      {"kubernetes", "", "rg-orders", KeyStore::app_service},
      {"kubernetes", "orders.example.org", "", KeyStore::kubernetes},
      {"container-app", "", "rg-orders", KeyStore::container_app},
      {"query", "orders.happy.westeurope.azurecontainerapps.io", "", KeyStore::container_app},
      {"query", "orders.azurewebsites.net", "", KeyStore::app_service},
      {"key-vault", "orders.azurewebsites.net", "", KeyStore::key_vault},
      {"", "", "", KeyStore::app_service},
  };
  for (const auto& row : rows) {
    Finding finding;
    finding.context.carrier = row.carrier;
    finding.context.host = row.host;
    finding.context.resource_group = row.group;
    EXPECT_EQ(rotation_case(finding).store, row.store) << row.carrier << " " << row.host;
  }
}

TEST(Rotation, AValueIsPipedAndNeverAnArgument) {
  const std::pair<KeyStore, std::string_view> rows[] = {
      {KeyStore::key_vault,
       "assay mint --kind host | tr -d '\\n' | az keyvault secret set --vault-name kv-orders "
       "--name host--functionKey--my-095keyNext --file /dev/stdin --query id -o tsv"},
      {KeyStore::kubernetes,
       "assay mint --kind host | tr -d '\\n' | base64 | tr -d '\\n' | { printf "
       "'{\"data\":{\"host.function.my_key-next\":\"'; cat; printf '\"}}'; } | kubectl patch "
       "secret orders-keys -n shop --type merge --patch-file /dev/stdin"},
      {KeyStore::container_app,
       "assay mint --kind host --secret-name host-function-my-key-next | az containerapp secret "
       "set -g rg -n orders --secrets @- -o none"},
  };
  for (const auto& [store, command] : rows) {
    EXPECT_EQ(key_commands(case_of(KeyKind::host, store)).make, command);
  }
  for (const KeyStore store : {KeyStore::app_service, KeyStore::blob, KeyStore::key_vault,
                               KeyStore::kubernetes, KeyStore::container_app}) {
    for (const KeyKind kind : {KeyKind::function, KeyKind::host, KeyKind::master, KeyKind::system,
                               KeyKind::function_or_host, KeyKind::unknown}) {
      for (const std::string& step : plan_rotation(case_of(kind, store), nullptr).steps) {
        for (const std::string_view option : {"--key-value", "--value ", "--secrets \"", "$("}) {
          EXPECT_EQ(step.find(option), std::string::npos) << step;
        }
        if (step.find(" keys set ") != std::string::npos) {
          EXPECT_NE(step.find("--query name"), std::string::npos) << step;
        }
      }
    }
  }
}

TEST(Rotation, StepsComeInTheOrderInWhichNoCallerIsLost) {
  using Kind = RotationStep::Kind;
  const std::pair<KeyKind, std::vector<Kind>> rows[] = {
      {KeyKind::host,
       {Kind::confirm, Kind::callers, Kind::create, Kind::move, Kind::watch, Kind::retire,
        Kind::clean, Kind::record}},
      {KeyKind::master,
       {Kind::confirm, Kind::callers, Kind::renew, Kind::move, Kind::watch, Kind::clean,
        Kind::record}},
  };
  for (const auto& [kind, kinds] : rows) {
    std::vector<Kind> steps;
    for (const RotationStep& step :
         plan_rotation(case_of(kind, KeyStore::app_service), nullptr).parts) {
      steps.push_back(step.kind);
    }
    EXPECT_EQ(steps, kinds);
  }
}

TEST(Rotation, WhatNobodyToldIsABlank) {
  RotationCase about;
  about.kind = KeyKind::function;
  const RotationPlan plan = plan_rotation(about, nullptr);
  EXPECT_EQ(plan.blanks,
            (std::vector<Fact>{Fact::subscription, Fact::resource_group, Fact::app, Fact::function,
                               Fact::key_name, Fact::application_insights}));
  EXPECT_EQ(plan.steps.front(),
            "az functionapp function keys set -g RESOURCE_GROUP -n APP --function-name FUNCTION "
            "--key-name KEY_NAME-next --query name -o tsv");
  EXPECT_TRUE(
      plan_rotation(case_of(KeyKind::system, KeyStore::app_service), nullptr).blanks.size() == 2);
}

TEST(Rotation, ASlotWithoutAGoodNameIsStillASlot) {
  const Rule rule = functions_rule();
  Finding finding = finding_with(rule, kNames, Scope::host);
  finding.kind = "function";
  finding.context.slot = "$(id)";
  const RotationPlan plan = plan_rotation(finding);
  EXPECT_NE(plan.steps.front().find(" --slot SLOT "), std::string::npos) << plan.steps.front();
  EXPECT_NE(std::find(plan.blanks.begin(), plan.blanks.end(), Fact::slot), plan.blanks.end());
  finding.context.slot = "production";
  EXPECT_EQ(plan_rotation(finding).steps.front().find("--slot"), std::string::npos);
}

TEST(Rotation, TheInventoryTellsFurtherFacts) {
  const Rule rule = functions_rule();
  Finding finding = finding_with(rule, {{&KeyContext::app, "orders"}}, Scope::unknown);
  finding.kind = "function";
  InventoryEntry entry;
  entry.scope = Scope::host;
  entry.key_name = "partner";
  entry.resource_group = "rg-orders";
  entry.subscription = "prod";
  entry.storage = "key-vault:kv-orders";
  entry.callers = {"billing", "shop"};
  entry.owner = "payments";
  const RotationPlan plan = plan_rotation(finding, &entry);
  EXPECT_EQ(plan.about.kind, KeyKind::host);
  EXPECT_EQ(plan.about.store, KeyStore::key_vault);
  EXPECT_EQ(plan.about.owner, "payments");
  EXPECT_EQ(plan.blanks, std::vector<Fact>{Fact::application_insights});
  EXPECT_TRUE(std::any_of(plan.steps.begin(), plan.steps.end(), [](const std::string& step) {
    return step.find("The inventory names billing, shop.") != std::string::npos;
  }));
}

TEST(Rotation, OnlyNamesThatAzureCouldGiveAreTaken) {
  SeededRandom random(1);
  const std::string damaged = fill_placeholders("{broken:function}", random).substr(0, 54);
  const struct {
    Fact fact;
    std::string_view value;
    bool valid;
  } rows[] = {
      {Fact::resource_group, "rg-orders_(1).x", true},
      {Fact::resource_group, "caf\xc3\xa9", true},
      {Fact::resource_group, "rg.", false},
      {Fact::resource_group, "-rg", false},
      {Fact::resource_group, "a b", false},
      {Fact::resource_group, "a\xe2\x80\xae", false},  // a mark of direction
      {Fact::resource_group, "a\xe3\x85\xa4", false},  // fillers show as nothing
      {Fact::resource_group, "a\xe2\xa0\x80", false},
      {Fact::key_name, damaged, false},
      {Fact::function, "SynchronizeAPIMSubscriptionKeys", true},  // a signature is no key
      {Fact::resource_group, "a\xff", false},
      {Fact::resource_group, "a\xe2\x80", false},
      {Fact::app, "contoso-orders", true},
      {Fact::app, "contoso.orders", false},
      {Fact::app, "-x", false},
      {Fact::app, "@x", false},
      {Fact::app, "x-", false},
      {Fact::app, "", false},
      {Fact::function, "Refund_2-x", true},
      {Fact::function, "2x", false},
      {Fact::function, "Refund'", false},
      {Fact::key_name, "_master", true},
      {Fact::key_name, "eventgrid_extension", true},
      {Fact::key_name, "--yes", false},
      {Fact::key_name, "a\"b", false},
      {Fact::vault, "kv-orders", true},
      {Fact::vault, "kv--orders", false},
      {Fact::secret, "orders.keys", true},
      {Fact::secret, "Orders", false},
      {Fact::subscription, "Pay As You Go (x)", true},
      {Fact::subscription, "a;b", false},
      {Fact::event_source, "/subscriptions/a/resourceGroups/b", true},
      {Fact::event_source, "/subscriptions/../x", false},
      {Fact::event_source, "https://example.org", false},
      {Fact::span, "7d", true},
      {Fact::span, "0d", false},
      {Fact::span, "7", false},
      {Fact::span, "7d)", false},
      {Fact::resource, "contoso", true},
      {Fact::resource, "0a1b2c3d-0000-4000-8000-0123456789ab", true},
      {Fact::resource, "adb-123.4", true},
      {Fact::resource, "$(id)", false},
      {Fact::resource, "-n", false},
      {Fact::resource, "a/b", false},
      {Fact::policy, "RootManageSharedAccessKey", true},
      {Fact::policy, "0-l4-s0:a+b/c", true},
      {Fact::policy, "a b", false},
      {Fact::policy, "/x", false},
      {Fact::kind, "host", true},
      {Fact::kind, "unknown", false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(is_valid(row.fact, row.value), row.valid)
        << row_of(row.fact).name << " " << row.value;
  }
}

TEST(Rotation, ReplacementsCountOn) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"default", "default-next"},          {"default-next", "default-next-2"},
      {"default-next-2", "default-next-3"}, {"default-next-99", "default-next-100"},
      {"a-nextx", "a-nextx-next"},          {"a-next-", "a-next--next"},
      {"a-next-1x", "a-next-1x-next"},
  };
  for (const auto& [name, next] : rows) EXPECT_EQ(replacement_name(name), next);
}

}  // namespace
}  // namespace assay
