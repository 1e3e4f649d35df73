#include <gtest/gtest.h>

#include "rules/keys/mint.h"
#include "rules/keys/schemes.h"

namespace assay {
namespace {

const KeyFamily& annotated() { return *find_family("azure-common-annotated"); }

std::string minted(std::string_view family) {
  SeededRandom random(1);
  return fill_placeholders("{key:" + std::string(family) + "/common-annotated}", random);
}

// The key with `with` from `at` on, and the checksum that belongs to it.
std::string changed(std::string key, size_t at, std::string_view with) {
  key.replace(at, with.size(), with);
  return key.substr(0, kAnnotatedHashed) +
         annotated_checksum(std::string_view(key).substr(0, kAnnotatedHashed), 4);
}

TEST(CommonAnnotated, TellsEveryMonthOfEveryYear) {
  constexpr std::string_view kYears =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const std::string key = minted("azure-maps");
  for (size_t year = 0; year < kYears.size(); ++year) {
    for (int month = 1; month <= 12; ++month) {
      const std::string date = {kYears[year], static_cast<char>('A' + month - 1)};
      const std::string made = changed(key, kAnnotatedYear, date);
      const auto info = identify(made);
      ASSERT_TRUE(info) << date;
      EXPECT_EQ(info->confidence, Confidence::verified) << date;
      std::string expected = std::to_string(2024 + year) + "-";
      expected += month < 10 ? "0" + std::to_string(month) : std::to_string(month);
      EXPECT_EQ(birth_month(annotated(), made), expected) << date;
    }
  }
  for (const std::string_view no_month : {"AM", "AZ", "Aa", "A0"}) {
    const std::string made = changed(key, kAnnotatedYear, no_month);
    EXPECT_FALSE(identify(made)) << no_month;
    EXPECT_EQ(birth_month(annotated(), made), "") << no_month;
  }
}

TEST(CommonAnnotated, KnowsProvidersInEitherCaseAndNotInBoth) {
  const struct {
    std::string_view mark, family, service, variant;
  } cases[] = {
      {"AZAC", "azure-app-configuration", "Azure App Configuration", ""},
      {"azac", "azure-app-configuration", "Azure App Configuration", "managed by Microsoft"},
      {"AZFR", "azure-fluid-relay", "Azure Fluid Relay", ""},
      {"AZEG", "azure-event-grid", "Azure Event Grid", ""},
      {"AZDO", "azure-devops-pat", "Azure DevOps", ""},
      {"azmr", "azure-mixed-reality", "Azure Mixed Reality", "managed by Microsoft"},
      {"AZMP", "azure-maps", "Azure Maps", ""},
      {"AZCS", "azure-communication-services", "Azure Communication Services", ""},
      {"acog", "azure-ai-services", "Azure AI services", "managed by Microsoft"},
      {"msql", "azure-sql", "Azure SQL", ""},
      {"MSQL", "azure-sql", "Azure SQL", ""},
      {"AZFU", "azure-common-annotated", "Azure Functions", ""},
      {"AzAc", "azure-common-annotated", "", ""},
      {"TEST", "azure-common-annotated", "", ""},
      {"t357", "azure-common-annotated", "", "managed by Microsoft"},
  };
  const std::string key = minted("azure-maps");
  for (const auto& c : cases) {
    const std::string made = changed(key, kAnnotatedMark, c.mark);
    const auto info = identify(made);
    ASSERT_TRUE(info) << c.mark;
    EXPECT_EQ(info->confidence, Confidence::verified) << c.mark;
    EXPECT_EQ(family_name(*info->family, *info->seed), c.family) << c.mark;
    EXPECT_EQ(service_name(annotated(), made), c.service) << c.mark;
    EXPECT_EQ(key_variant(annotated(), made), c.variant) << c.mark;
  }
  for (const std::string_view no_mark : {"0ZAC", "9zac", "A-AC", "AZ+C"}) {
    EXPECT_FALSE(identify(changed(key, kAnnotatedMark, no_mark))) << no_mark;
  }
}

TEST(CommonAnnotated, TellsTheServiceOfAzureAi) {
  const struct {
    std::string_view provider, service;
  } cases[] = {{"AAAA", "Azure AI services"},
               {"AAAB", "Azure OpenAI"},
               {"AAAE", "Azure Cognitive Services"},
               {"AAAF", "Azure Computer Vision"},
               {"AAAH", "Azure Content Safety"},
               {"AAAK", "Azure Face"},
               {"AAAL", "Azure Form Recognizer"},
               {"AAAY", "Azure Speech"},
               {"AAAa", "Azure Text Analytics"},
               {"AAAb", "Azure Translator"},
               {"AAAo", "Bing Spell Check v7"},
               {"AAAp", ""},
               {"AAA9", ""},
               {"AABB", ""},
               {"0000", ""}};
  const std::string key = minted("azure-ai-services");
  for (const auto& c : cases) {
    const std::string made = changed(key, kAnnotatedProvider, c.provider);
    EXPECT_EQ(service_name(annotated(), made), c.service) << c.provider;
    EXPECT_EQ(identify(made)->confidence, Confidence::verified) << c.provider;
  }
}

TEST(CommonAnnotated, TellsDerivedKeysAndHashes) {
  const std::string key = minted("azure-maps");
  const struct {
    std::string_view letter, variant;
  } cases[] = {{"9", ""}, {"D", "derived"}, {"H", "hash"}};
  for (const auto& c : cases) {
    const std::string made = changed(key, kAnnotatedVariant, c.letter);
    EXPECT_EQ(identify(made)->confidence, Confidence::verified) << c.letter;
    EXPECT_EQ(key_variant(annotated(), made), c.variant);
    const std::string theirs = changed(made, kAnnotatedMark, "azmp");
    EXPECT_EQ(key_variant(annotated(), theirs),
              std::string(c.variant) + (c.variant.empty() ? "" : ", ") + "managed by Microsoft");
  }
  for (const std::string_view no_letter : {"d", "h", "A", "8"}) {
    EXPECT_FALSE(identify(changed(key, kAnnotatedVariant, no_letter))) << no_letter;
  }
}

TEST(CommonAnnotated, FieldsOfOtherFamiliesAreEmpty) {
  SeededRandom random(2);
  for (const KeyFamily& family : key_families()) {
    if (family.scheme == KeyScheme::common_annotated) continue;
    const std::string key = mint(family, family.seeds[0], random.bytes(family.bytes() - 7u));
    const std::string_view digits = std::string_view(key).substr(0, family.digits());
    EXPECT_EQ(birth_month(family, digits), "") << family.name;
    EXPECT_EQ(service_name(family, digits), "") << family.name;
    EXPECT_EQ(key_variant(family, digits), "") << family.name;
  }
  EXPECT_EQ(birth_month(annotated(), ""), "");
  EXPECT_EQ(service_name(annotated(), std::string(84, 'A')), "");
}

}  // namespace
}  // namespace assay
