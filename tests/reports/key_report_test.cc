#include "reports/key_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/format.h"
#include "rules/keys/c3id.h"
#include "rules/keys/mint.h"

namespace assay {
namespace {

const RuleSet& rules() {
  static const RuleSet set = RuleSet::builtin();
  return set;
}

std::string minted(const KeyFamily& family, uint64_t number = 1) {
  SeededRandom random(number);
  return mint(family, family.seeds[number % family.seeds.size()], random.bytes(64));
}

const KeyFamily& functions() { return *find_family("azure-functions"); }

Inspection inspect(const std::string& line) {
  static Inspector inspector(rules());
  return std::move(inspector.inspect(line)[0]);
}

std::string text_of(const Inspection& key, const KeyReportOptions& options = {}) {
  std::string out;
  write_key_text(key, 7, options, out);
  return out;
}

nlohmann::json json_of_key(const Inspection& key, const KeyReportOptions& options = {}) {
  std::string out;
  write_key_json(key, 7, options, out);
  EXPECT_EQ(out.find('\n'), out.size() - 1);
  return nlohmann::json::parse(out, nullptr, false);
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

// The forms in which somebody may hold the key of `number`.
std::vector<std::string> forms(const KeyFamily& family, uint64_t number) {
  const std::string key = minted(family, number);
  std::string replaced = key, masked = key;
  replaced[5] = replaced[5] == 'A' ? 'B' : 'A';
  std::fill(masked.begin() + 8, masked.begin() + 10, '*');
  return {key,
          replaced,
          masked,
          key.substr(0, 9) + key.substr(10),
          key.substr(0, family.signature_end()) + "******",
          key.substr(20) + key.substr(0, 20)};
}

// Every word of every report, by itself and with the one behind it, against repair and unmask: a
// report that showed enough of a key would be a leak.
TEST(KeyReport, GivesNoKeyAway) {
  for (const KeyFamily& family : key_families()) {
    for (uint64_t number = 0; number < 3; ++number) {
      const std::string key = minted(family, number);
      // What a prefix and an alphabet give is no secret: GitHub's tokens begin alike.
      const size_t known = family.signature_at < 8 ? family.signature_end() : 0;
      for (const std::string& form : forms(family, number)) {
        const Inspection inspection = inspect("code=" + form);
        std::string all = text_of(inspection);
        write_key_json(inspection, 1, {}, all);
        EXPECT_EQ(all.find(key.substr(known, 8)), all.npos);
        EXPECT_EQ(all.find(key.substr(20, 6)), all.npos);
        std::string word;
        for (const char c : all) {
          if (std::string_view(" \n\",:;()[]{}").find(c) == std::string_view::npos) {
            word += c;
            continue;
          }
          if (word.size() > 6) {
            EXPECT_FALSE(unmask(word, Effort::scan)) << family.name;
            EXPECT_EQ(repair(word, Effort::scan).found, 0u) << family.name;
          }
          word.clear();
        }
      }
    }
  }
}

// The same of what a scan reports, in every format: redacted forms and snippets.
TEST(KeyReport, NorDoesAnyReportOfAScan) {
  const Prefilter prefilter(rules(), {false, ""});
  Matcher matcher(rules(), prefilter, {true});
  for (uint64_t number = 0; number < 8; ++number) {
    std::string line;
    for (const std::string& form : forms(functions(), number)) {
      line += "GET /api/x?code=" + form + "&y=\"" + form + "\"\n";
    }
    std::vector<Finding> findings;
    Window window;
    window.text = line;
    window.own_end = line.size();
    window.at_end = true;
    matcher.reset();
    matcher.match(window, findings);
    ASSERT_FALSE(findings.empty());
    for (const Format& format : formats()) {
      std::string out;
      const auto report = format.make(rules(), {});
      report->begin(out);
      for (Finding& finding : findings) {
        finding.provenance = std::make_shared<Provenance>();
        report->finding(finding, out);
      }
      report->finish({}, out);
      std::string word;
      for (const char c : out + "\n") {
        if (std::string_view(" \n\",;()[]{}&").find(c) == std::string_view::npos) {
          word += c;
          continue;
        }
        if (const size_t at = word.find("code="); at != word.npos) word.erase(0, at + 5);
        if (word.size() > 6) {
          EXPECT_FALSE(unmask(word, Effort::scan)) << format.name;
          EXPECT_EQ(repair(word, Effort::scan).found, 0u) << format.name;
        }
        word.clear();
      }
    }
  }
}

TEST(KeyReport, TellsAProvenKey) {
  const std::string key = minted(functions(), 0);
  const Inspection one = inspect(key);
  const std::string text = text_of(one);
  EXPECT_TRUE(text.starts_with("line 7: Azure Functions master key\n"));
  EXPECT_TRUE(
      has(text, "  Proof:        checksum holds under seed Master00: made by Azure Functi"));
  EXPECT_TRUE(has(text, "  Fingerprint:  " + c3id(key) + "\n"));
  EXPECT_TRUE(has(text, "56 characters: 54 url-safe base64 digits, 2 of padding; "));
  EXPECT_TRUE(has(text, rules().find("AZF1001")->impact));
  EXPECT_FALSE(has(text, "Inventory"));
  const auto json = json_of_key(one);
  EXPECT_EQ(json["line"], 7);
  EXPECT_EQ(json["verdict"], "verified");
  EXPECT_EQ(json["understood"], true);
  EXPECT_EQ(json["family"], "azure-functions");
  EXPECT_EQ(json["kind"], "master");
  EXPECT_EQ(json["checksum"], "holds");
  EXPECT_EQ(json["seed"], "Master00");
  EXPECT_EQ(json["fingerprint"], c3id(key));
  EXPECT_EQ(json["rule_id"], "AZF1001");
  EXPECT_EQ(json["text"]["padding"], 2);
  EXPECT_FALSE(json.contains("damage"));
  EXPECT_FALSE(json.contains("key"));
  EXPECT_FALSE(json.contains("inventory"));
}

TEST(KeyReport, TellsKeysOfEachFamily) {
  for (const KeyFamily& family : key_families()) {
    const std::string key = minted(family, 0);
    const bool proves = family.scheme != KeyScheme::none;
    const Inspection one = inspect(key);
    const auto json = json_of_key(one);
    EXPECT_EQ(json["verdict"], proves ? "verified" : "shape") << family.name;
    EXPECT_EQ(json["checksum"], proves ? "holds" : "none") << family.name;
    EXPECT_EQ(json["family"], std::string(family_name(family, family.seeds[0])));
    EXPECT_EQ(json["kind"], std::string(family.seeds[0].kind));
    EXPECT_EQ(json["fingerprint"], c3id(key)) << family.name;
    EXPECT_EQ(json["text"]["length"], family.digits() + family.padding());
    EXPECT_NE(json["service"], "") << family.name;
    const bool seeded = json.contains("seed");
    EXPECT_EQ(seeded, family.is_identifiable() || family.scheme == KeyScheme::redis ||
                          family.scheme == KeyScheme::common_annotated ||
                          family.scheme == KeyScheme::entra)
        << family.name;
    const std::string text = text_of(one);
    EXPECT_EQ(has(text, "by its shape only"), !proves) << family.name;
    EXPECT_EQ(has(text, "  Proof:        checksum holds"), proves) << family.name;
    EXPECT_FALSE(has(text, "common-annotated"));
  }
}

TEST(KeyReport, TellsMonthServiceAndSample) {
  const KeyFamily& family = *find_family("azure-common-annotated");
  SeededRandom random(1);
  for (const KeySeed& seed : family.seeds) {
    const std::string key = mint(family, seed, random.bytes(64));
    const std::string month = birth_month(family, key);
    const Inspection one = inspect(key);
    EXPECT_TRUE(has(text_of(one), "  Made in:      " + month + "\n"));
    EXPECT_EQ(json_of_key(one)["born"], month);
    if (seed.family == "azure-maps") {
      EXPECT_EQ(json_of_key(one)["service"], "Azure Maps");
    }
  }
  EXPECT_FALSE(json_of_key(inspect(minted(functions(), 0))).contains("born"));
  EXPECT_FALSE(json_of_key(inspect(minted(functions(), 0))).contains("sample"));
  const Inspection sample = inspect(mint(functions(), functions().seeds[0], std::string(64, '\0')));
  EXPECT_EQ(json_of_key(sample)["sample"], "look");
  EXPECT_TRUE(has(text_of(sample), "  Sample:       what should be random"));
}

TEST(KeyReport, TellsWhatWasTried) {
  const std::string key = minted(functions(), 0);
  std::string text = key;
  text[5] = text[5] == 'A' ? 'B' : 'A';
  const auto repaired = json_of_key(inspect(text));
  EXPECT_EQ(repaired["verdict"], "repaired");
  EXPECT_EQ(repaired["fingerprint"], c3id(key));
  EXPECT_EQ(repaired["damage"]["what"], "one character replaced");
  EXPECT_EQ(repaired["damage"]["tried"], 3091);
  EXPECT_EQ(repaired["damage"]["ambiguous"], false);
  EXPECT_NEAR(repaired["damage"]["by_chance"].get<double>(), 3091 * 3 / 4294967296.0, 1e-12);

  const Inspection masked = inspect(key.substr(0, 48) + "******==");
  const auto json = json_of_key(masked);
  EXPECT_EQ(json["verdict"], "masked");
  EXPECT_EQ(json["understood"], false);
  EXPECT_EQ(json["damage"]["candidates"], 3);
  EXPECT_EQ(json["damage"]["tried"], 1);
  ASSERT_EQ(json["damage"]["keys"].size(), 3u);
  EXPECT_EQ(json["damage"]["keys"][0]["kind"], "master");
  EXPECT_EQ(json["damage"]["keys"][0]["fingerprint"], c3id(key));
  EXPECT_EQ(json["rule_id"], "AZF1006");
  EXPECT_TRUE(has(text_of(masked), "6 characters masked; 3 keys"));

  const auto none = json_of_key(inspect("hello"));
  EXPECT_EQ(none["verdict"], "none");
  EXPECT_TRUE(none.contains("reason"));
  EXPECT_FALSE(none.contains("fingerprint"));
}

TEST(KeyReport, ShowsValuesOnlyWhenAsked) {
  const std::string key = minted(functions(), 0);
  KeyReportOptions options;
  options.reveal = true;
  EXPECT_TRUE(has(text_of(inspect(key), options), key));
  EXPECT_EQ(json_of_key(inspect(key), options)["key"], key);
  const Inspection masked = inspect(key.substr(0, 48) + "******==");
  EXPECT_EQ(json_of_key(masked, options)["candidate_keys"][0], key);
}

TEST(KeyReport, NamesTheInventoryEntry) {
  const std::string key = minted(functions(), 0);
  Inventory inventory = Inventory::create();
  KeyReportOptions options;
  options.inventory = &inventory;
  options.inventory_name = "keys.inv";
  EXPECT_TRUE(has(text_of(inspect(key), options), "Inventory:    not in keys.inv"));
  EXPECT_TRUE(json_of_key(inspect(key), options)["inventory"].is_null());
  InventoryEntry entry;
  entry.id = c3id(key);
  entry.app = "orders";
  entry.owner = "payments";
  entry.canary = true;
  inventory.put(entry);
  for (const std::string& form : {key, key.substr(0, 48) + "******=="}) {
    const std::string text = text_of(inspect(form), options);
    EXPECT_TRUE(has(text, "a canary: minted to be found, nobody uses it, app orders, owner pay"));
    EXPECT_EQ(json_of_key(inspect(form), options)["inventory"]["owner"], "payments");
  }
}

}  // namespace
}  // namespace assay
