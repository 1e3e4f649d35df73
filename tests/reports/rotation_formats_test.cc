// Plans as documents: what was told comes back, and what a name could do stays undone.
#include "reports/rotation_formats.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "response/rotation_file.h"
#include "response/rotation_names.h"

namespace assay {
namespace {

RotationCase sample_case() {
  RotationCase about;
  about.rule_id = "AZF1002";
  about.title = "Azure Functions function or host key";
  about.redacted = "abc…AzFu…(56)";
  about.fingerprint = "AAAAAAAAAAAAAAAAAAAA";
  for (const auto& [fact, value] :
       {std::pair{Fact::kind, "host"}, std::pair{Fact::app, "orders"},
        std::pair{Fact::slot, "staging"}, std::pair{Fact::key_name, "partner"},
        std::pair{Fact::resource_group, "rg(1)"}}) {
    set_fact(about, fact, value);
  }
  about.callers = {"billing", "shop"};
  about.owner = "payments";
  about.contact = "payments@example.org";
  about.places = {"logs/app.log:12:34"};
  about.place_count = 3;
  return about;
}

std::string written(void (*write)(std::span<const RotationPlan>, std::string&),
                    const RotationPlan& plan) {
  std::string out;
  write({&plan, 1}, out);
  return out;
}

TEST(RotationFormats, AFilledInPlanComesBack) {
  const RotationPlan plan = plan_rotation(sample_case(), nullptr);
  auto json = nlohmann::ordered_json::parse(written(write_rotation_json, plan));
  EXPECT_EQ(json["plans"][0]["facts"]["subscription"], "");
  json["plans"][0]["facts"]["subscription"] = "prod";
  json["plans"][0]["steps"] = {{{"commands", {"rm -rf /"}}}};
  const RuleSet rules({});
  const std::string text = json.dump();
  ASSERT_TRUE(is_rotation_file(text));
  const auto inputs = parse_rotation_file(text, "plan.json", rules);
  ASSERT_EQ(inputs.size(), 1u);
  const RotationCase& about = inputs[0].about;
  RotationCase wanted = sample_case();
  set_fact(wanted, Fact::subscription, "prod");
  EXPECT_EQ(written(write_rotation_json, plan_rotation(about, nullptr)),
            written(write_rotation_json, plan_rotation(wanted, nullptr)));
  EXPECT_EQ(written(write_rotation_script, plan_rotation(about, nullptr)).find("rm -rf"),
            std::string::npos);
}

TEST(RotationFormats, WhatIsNoPlanIsRefused) {
  const std::string_view rows[] = {
      "{\"rotation_plans\"",
      "{\"rotation_plans\":2,\"plans\":[]}",
      "{\"rotation_plans\":1}",
      "{\"rotation_plans\":1,\"plans\":[1]}",
      "{\"rotation_plans\":1,\"plans\":[{}]}",
      "{\"rotation_plans\":1,\"plans\":[{\"facts\":{\"app\":\"$(id)\"}}]}",
      "{\"rotation_plans\":1,\"plans\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}",
  };
  const RuleSet rules({});
  for (const std::string_view text : rows) {
    EXPECT_TRUE(is_rotation_file(text));
    EXPECT_THROW(parse_rotation_file(text, "plan.json", rules), Error) << text;
  }
  for (const std::string_view text : {"", "{", "[]", "{\"rule_id\":\"rotation_plans\"}"}) {
    EXPECT_FALSE(is_rotation_file(text)) << text;
  }
}

TEST(RotationFormats, MarkdownHasABoxForEachStepAndBlank) {
  const RotationPlan plan = plan_rotation(sample_case(), nullptr);
  const std::string text = written(write_rotation_markdown, plan);
  size_t boxes = 0;
  for (size_t at = text.find("- [ ] "); at != std::string::npos; at = text.find("- [ ] ", at + 1)) {
    ++boxes;
  }
  EXPECT_EQ(boxes, plan.parts.size() + plan.blanks.size());
  for (const std::string_view part :
       {"## 1. Azure Functions function or host key of app orders, slot staging, key partner",
        "| Callers | billing, shop |", "and 2 more places",
        "- [ ] `SUBSCRIPTION`:", "| where AppRoleName in~ ('orders-staging')",
        "grep -cF '\"fingerprint\":\"AAAAAAAAAAAAAAAAAAAA\"'"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
  }
}

TEST(RotationFormats, TextsAreNoMarkup) {
  RotationCase about = sample_case();
  about.owner = "<script>alert(1)</script>|[x](http://y)\n# z\x1b[2J";
  about.places = {"`a`\n```\nrm"};
  about.contact = "@everyone $x$ https://evil.example www.evil.example";
  const std::string text = written(write_rotation_markdown, plan_rotation(about, nullptr));
  for (const std::string_view part : {"<script>", "|[x]", "\n# z", "\x1b", "\n```\nrm", "@everyone",
                                      "$x$", "https://evil", "www.evil"}) {
    EXPECT_EQ(text.find(part), std::string::npos) << part;
  }
}

TEST(RotationFormats, AScriptWithBlanksRefusesBeforeItCallsAnything) {
  const std::string script = written(write_rotation_script, plan_rotation(sample_case(), nullptr));
  EXPECT_TRUE(script.starts_with("#!/usr/bin/env bash\n"));
  const size_t refusal = script.find("exit 2");
  ASSERT_NE(refusal, std::string::npos);
  EXPECT_NE(script.find("SUBSCRIPTION (id or name"), std::string::npos);
  EXPECT_GT(script.find("\nkey_1\n"), refusal);
  RotationCase about = sample_case();
  set_fact(about, Fact::subscription, "prod");
  set_fact(about, Fact::application_insights, "none");
  set_fact(about, Fact::resource_group, "rg");
  const std::string whole = written(write_rotation_script, plan_rotation(about, nullptr));
  EXPECT_EQ(whole.find("blanks=("), std::string::npos);
}

TEST(RotationFormats, NoPlansAreADocumentToo) {
  for (const RotationFormat& format : rotation_formats()) {
    std::string out;
    format.write({}, out);
    EXPECT_FALSE(out.empty()) << format.name;
    EXPECT_EQ(out.find("key_1"), std::string::npos);
  }
}

}  // namespace
}  // namespace assay
