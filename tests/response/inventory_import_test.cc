#include "response/inventory_import.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "response/inventory_entry.h"
#include "rules/keys/base64.h"
#include "rules/keys/identify.h"
#include "rules/keys/mint.h"
#include "rules/rule_set.h"

namespace assay {
namespace {

std::string filled(std::string_view text) {
  SeededRandom random(11);
  return fill_placeholders(text, random);
}

Inventory inventory_of(std::string_view lines) {
  return Inventory::parse(header_line(std::string(32, 's'), {}) + "\n" + std::string(lines), "t");
}

InventoryEntry given(std::string_view app = "contoso-orders", std::string_view function = {}) {
  InventoryEntry facts;
  facts.app = app;
  facts.function = function;
  return facts;
}

// Scope, place, name and where it is kept, in one text.
std::string said(const InventoryEntry& entry) {
  std::string text(to_string(entry.scope));
  for (const auto* fact :
       {&entry.subscription, &entry.resource_group, &entry.app, &entry.slot, &entry.function,
        &entry.key_name, &entry.storage, &entry.created, &entry.last_rotated, &entry.owner}) {
    text += "|" + *fact;
  }
  for (const std::string& caller : entry.callers) text += "|" + caller;
  return text;
}

template <typename Act>
std::string error_of(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

constexpr std::string_view kSite =
    "/subscriptions/SUB/resourceGroups/RG/providers/Microsoft.Web/sites/contoso-orders";

// `wanted`: a row a key, in the order of the input.
struct Row {
  std::string name, text;
  InventoryEntry facts;
  std::vector<std::string> wanted;
  size_t left_out = 0, notes = 0;
  std::string file = "-";
};

std::vector<Row> rows() {
  const std::string site(kSite);
  const auto encoded = [](std::string_view value) {
    return encode_base64(filled(value), Base64Alphabet::standard);
  };
  return {
      {"az functionapp keys list",
       R"({"functionKeys":{"default":"{key:function:A}","partner":"{plain:56}"},)"
       R"("masterKey":"{key:master:M}","systemKeys":{"eventgrid_extension":"{key:system:E}"}})",
       given(),
       {"app|||contoso-orders|||_master||||", "host|||contoso-orders|||default||||",
        "host|||contoso-orders|||partner||||",
        "extension|||contoso-orders|||eventgrid_extension||||"}},
      {"az functionapp function keys list",
       R"({"default":"{key:function:A}","partner":"{key:function:B}"})",
       given("contoso-orders", "Refund"),
       {"function|||contoso-orders||Refund|default||||",
        "function|||contoso-orders||Refund|partner||||"}},
      {"the same with nulls",
       R"({"additionalProperties":{},"default":"{key:function:A}","id":null,"kind":null})",
       given("contoso-orders", "Refund"),
       {"function|||contoso-orders||Refund|default||||"}},
      {"ARM, function of a slot",
       R"({"id":")" + site +
           R"(/slots/staging/functions/Refund","name":"contoso-orders/Refund",)"
           R"("type":"Microsoft.Web/sites/slots/functions","properties":{"default":"{key:function:A}"}})",
       InventoryEntry(),
       {"function|SUB|RG|contoso-orders|staging|Refund|default||||"}},
      {"ARM, a KeyInfo",
       R"({"id":")" + site +
           R"(/functions/Refund/keys/partner","name":"contoso-orders/Refund/partner",)"
           R"("type":"Microsoft.Web/sites/functions/keys","properties":{"name":"partner","value":"{key:function:A}"}})",
       InventoryEntry(),
       {"function|SUB|RG|contoso-orders||Refund|partner||||"}},
      {"ARM, a KeyInfo that names itself outside",
       R"({"id":")" + site +
           R"(/host/default/systemKeys/blobs_extension","properties":{"value":"{key:system:A}"}})",
       InventoryEntry(),
       {"extension|SUB|RG|contoso-orders|||blobs_extension||||"}},
      {"ARM, a plain KeyInfo",
       R"({"name":"partner","value":"{plain:56}","type":"Microsoft.Web/sites/host/functionKeys"})",
       given(),
       {"host|||contoso-orders|||partner||||"}},
      {"ARM, a list",
       R"({"value":[{"id":")" + site +
           R"(/host/default/masterKey/_master","properties":{"name":"_master","value":"{plain:56}"}},)"
           R"({"id":")" +
           site +
           R"(/host/default/functionKeys/a","properties":{"name":"a","value":"{key:function:A}"}}]})",
       InventoryEntry(),
       {"app|SUB|RG|contoso-orders|||_master||||", "host|SUB|RG|contoso-orders|||a||||"}},
      {"az containerapp function keys list",
       R"([{"name":"default","value":"{plain:43}="},{"name":"partner","value":"{key:function:A}"}])",
       given(),
       {"unknown|||contoso-orders|||default||||", "unknown|||contoso-orders|||partner||||"}},
      {"az containerapp secret list --show-values",
       R"([{"name":"host-function-default","value":"{plain:56}"},{"name":"host-master","value":"{plain:56}"},)"
       R"({"name":"functions-refund-default","value":"{plain:56}"}])",
       given(),
       {"host|||contoso-orders|||default|container-app|||",
        "app|||contoso-orders|||_master|container-app|||",
        "function|||contoso-orders||refund|default|container-app|||"}},
      {"host.json",
       R"({"masterKey":{"name":"master","value":"{key:master:M}","encrypted":false},)"
       R"("functionKeys":[{"name":"default","value":"{key:function:A}","encrypted":false},)"
       R"({"name":"sealed","value":"CfDJ8AAAAA","encrypted":true}],"systemKeys":[],"hostName":"h"})",
       given(),
       {"app|||contoso-orders|||_master||||", "host|||contoso-orders|||default||||"},
       1,
       1},
      {"FUNCTION.json",
       R"({"keys":[{"name":"default","value":"{key:function:A}","encrypted":false},{"name":"none","value":""}]})",
       given(),
       {"function|||contoso-orders||Refund|default||||"},
       1,
       1,
       "secrets/Refund.json"},
      {"Kubernetes",
       R"({"kind":"Secret","metadata":{"name":"functions-keys"},"data":{"host.master":")" +
           encoded("{key:master:M}") + R"(","functions.Refund.default":")" +
           encoded("{key:function:A}") +
           R"(","tls.crt":"AAAA","host.function.bad":"*"},)"
           R"("stringData":{"host.systemKey.mcp_extension":"{key:system:A}"}})",
       given(),
       {"app|||contoso-orders|||_master|kubernetes:functions-keys|||",
        "function|||contoso-orders||Refund|default|kubernetes:functions-keys|||",
        "extension|||contoso-orders|||mcp_extension|kubernetes:functions-keys|||"},
       1,
       2},
      {"Kubernetes, a list",
       R"({"kind":"List","items":[{"kind":"Secret","metadata":{"name":"k"},"data":{"host.master":")" +
           encoded("{key:master:M}") + R"("}}]})",
       given(),
       {"app|||contoso-orders|||_master|kubernetes:k|||"}},
      {"az keyvault secret show, two after another",
       R"({"attributes":{"created":"2025-01-02T03:04:05+00:00","updated":"2025-03-04T03:04:05+00:00"},)"
       R"("id":"https://kv-orders.vault.azure.net/secrets/host--functionKey--my-045key/0123","value":"{plain:56}"})"
       "\n"
       R"({"attributes":{"created":"2025-01-02T03:04:05+00:00","updated":"2025-01-02T03:04:05+00:00"},)"
       R"("id":"https://kv-orders.vault.azure.net/secrets/function--Refund--default/0123","value":"{key:function:A}"})"
       R"({"id":"https://kv-orders.vault.azure.net/secrets/sql-password/0123","value":"hunter2hunter2"})",
       given(),
       {"host|||contoso-orders|||my-key|key-vault:kv-orders|2025-01-02T03:04:05Z|2025-03-04T03:04:"
        "05Z|",
        "function|||contoso-orders||Refund|default|key-vault:kv-orders|2025-01-02T03:04:05Z||"},
       0,
       1},
      {"CSV",
       "App,Function Name,name,Value,owner,callers,created,note\r\n"
       "contoso-orders,Refund,default,{key:function:A},\"pay\"\"ments, EU\",b; a,2025-01-02,x\r\n"
       "\r\n"
       "contoso-shop,,_master,{key:master:M},shop,,2025-01-02T01:00:00+01:00,\n"
       "contoso-shop,,none,,,,,\n",
       InventoryEntry(),
       {"function|||contoso-orders||Refund|default||2025-01-02||pay\"ments, EU|b|a",
        "app|||contoso-shop|||_master||2025-01-02T00:00:00Z||shop"},
       1,
       2},
      {"CSV with semicolons and ids",
       "id;app;key_name;scope\nAAAAAAAAAAAAAAAAAAAA;contoso-orders;default;host\n",
       InventoryEntry(),
       {"host|||contoso-orders|||default||||"}},
      {"the checksum decides over the scope",
       R"({"functionKeys":{"default":"{key:master:M}"},"masterKey":"{key:function:A}"})",
       given(),
       {"app|||contoso-orders|||_master||||", "app|||contoso-orders|||_master||||"},
       0,
       2},
  };
}

// Eight characters of each key in `text`, none of which may be said or kept.
std::vector<std::string> pieces(std::string_view text) {
  std::vector<std::string> found;
  for (size_t i = 0, run = 0; i <= text.size(); ++i) {
    if (i < text.size() && is_base64_digit(text[i])) {
      if (++run == 30) found.emplace_back(text.substr(i - 7, 8));
    } else {
      run = 0;
    }
  }
  return found;
}

TEST(InventoryImport, TakesKeysFromEveryFormat) {
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.name);
    Inventory inventory = inventory_of("");
    const std::string text = filled(row.text);
    Imported imported = read_import(text, row.file, ImportFormat::automatic, row.facts, inventory);
    std::vector<std::string> found;
    for (const InventoryEntry& entry : imported.entries) found.push_back(said(entry));
    std::vector<std::string> wanted = row.wanted;
    std::sort(found.begin(), found.end());
    std::sort(wanted.begin(), wanted.end());
    EXPECT_EQ(found, wanted);
    EXPECT_EQ(imported.left_out, row.left_out);
    EXPECT_EQ(imported.notes.size(), row.notes);
    apply(imported, inventory);
    std::string all = inventory.text();
    for (const std::string& note : imported.notes) all += note;
    for (const std::string& piece : pieces(text)) {
      EXPECT_TRUE(kSite.find(piece) != kSite.npos || all.find(piece) == all.npos);
    }
    // The same once more changes nothing.
    Imported again = read_import(text, row.file, ImportFormat::automatic, row.facts, inventory);
    if (row.name != "the checksum decides over the scope") {
      EXPECT_EQ(apply(again, inventory).changed, 0u);
    }
  }
}

TEST(InventoryImport, GivesKeysTheirFingerprintAndOtherValuesAnIdUnderTheSalt) {
  const Inventory inventory = inventory_of("");
  const std::string key = filled("{key:function}"), chosen = filled("{plain:56}");
  const Imported imported =
      read_import(R"({"functionKeys":{"a":")" + key + R"(","b":")" + chosen + "\"}}", "-",
                  ImportFormat::az, given(), inventory);
  ASSERT_EQ(imported.entries.size(), 2u);
  EXPECT_EQ(imported.entries[0].id, identify(key)->fingerprint());
  EXPECT_EQ(imported.entries[1].id, inventory.chosen_id(chosen));
}

TEST(InventoryImport, AListingWithoutValuesTellsFactsOfWhatIsKnown) {
  Inventory inventory = inventory_of(
      R"({"id":"AAAAAAAAAAAAAAAAAAAA","app":"contoso-orders","key_name":"default","scope":"host"})"
      "\n"
      R"({"id":"BBBBBBBBBBBBBBBBBBBB","app":"contoso-orders","key_name":"twice","scope":"host"})"
      "\n"
      R"({"id":"CCCCCCCCCCCCCCCCCCCC","app":"contoso-orders","key_name":"twice","scope":"host"})"
      "\n"
      R"({"id":"DDDDDDDDDDDDDDDDDDDD","app":"contoso-shop","key_name":"default","scope":"host"})"
      "\n");
  const std::string list =
      R"([{"id":"https://kv.vault.azure.net/secrets/host--functionKey--default","name":"x",)"
      R"("attributes":{"created":"2025-01-02T00:00:00+00:00","updated":"2025-05-06T00:00:00+00:00"}},)"
      R"({"id":"https://kv.vault.azure.net/secrets/host--functionKey--twice"},)"
      R"({"id":"https://kv.vault.azure.net/secrets/host--functionKey--gone"}])";
  Imported imported = read_import(list, "-", ImportFormat::keyvault, given(), inventory);
  EXPECT_EQ(imported.facts.size(), 3u);
  const Applied applied = apply(imported, inventory);
  EXPECT_EQ(applied.matched, 1u);
  EXPECT_EQ(applied.changed, 1u);
  EXPECT_EQ(imported.notes.size(), 1u);
  EXPECT_EQ(
      said(*inventory.find("AAAAAAAAAAAAAAAAAAAA")),
      "host|||contoso-orders|||default|key-vault:kv|2025-01-02T00:00:00Z|2025-05-06T00:00:00Z|");
  EXPECT_EQ(inventory.find("DDDDDDDDDDDDDDDDDDDD")->storage, "");
  // Without an app: those that are known to be in that vault.
  Imported again = read_import(list, "-", ImportFormat::automatic, InventoryEntry(), inventory);
  EXPECT_EQ(apply(again, inventory).matched, 1u);
}

TEST(InventoryImport, AValueThatIsUsedInTwoPlacesIsToldAndBothStay) {
  Inventory inventory = inventory_of("");
  for (const std::string app : {"contoso-orders", "contoso-shop"}) {
    Imported imported = read_import(filled(R"({"functionKeys":{"default":"{plain:56}"}})"), "-",
                                    ImportFormat::az, given(app), inventory);
    apply(imported, inventory);
    EXPECT_EQ(imported.notes.size(), app == "contoso-shop" ? 1u : 0u);
  }
  ASSERT_EQ(inventory.entries().size(), 1u);
  EXPECT_EQ(inventory.entries()[0].app, "contoso-orders");
  EXPECT_EQ(inventory.entries()[0].contested, std::vector<std::string>{"app=contoso-shop"});
}

TEST(InventoryImport, RefusesWhatItCannotTakeAndSaysNothingOfIt) {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  std::string wide = "{\"a\":0";  // minutes, if each member is looked for among all others
  for (int i = 0; i < 300000; ++i) wide += ",\"a" + std::to_string(i) + "\":0";
  const std::string secret = "hunter2-secret-thing";
  const struct {
    std::string name, text;
    ImportFormat format;
    std::string says;
  } cases[] = {
      {"empty", " \n", ImportFormat::automatic, "it is empty"},
      {"deep", deep, ImportFormat::automatic, "nests too deep"},
      {"wide", wide + "}", ImportFormat::automatic, "none of the forms"},
      {"cut", R"({"functionKeys":{"a":"hunter2-secret-thing)", ImportFormat::automatic,
       "no valid JSON"},
      {"number", R"({"a":1,"b":"hunter2-secret-thing"})", ImportFormat::automatic,
       "none of the forms"},
      {"list of texts", R"(["hunter2-secret-thing"])", ImportFormat::automatic,
       "none of the forms"},
      {"no function", R"({"default":"hunter2-secret-thing"})", ImportFormat::az, "--function"},
      {"not a vault", R"({"functionKeys":{"a":"hunter2-secret-thing"}})", ImportFormat::keyvault,
       "az keyvault"},
      {"another app",
       R"({"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/other","properties":{"functionKeys":{"a":"hunter2-secret-thing"}}})",
       ImportFormat::arm, "--app"},
      {"csv as json", "value\nhunter2-secret-thing\n", ImportFormat::az, "no JSON"},
      {"csv without values", "app,owner\nhunter2-secret-thing,x\n", ImportFormat::automatic,
       "no column"},
      {"csv, quotes", "value\n\"hunter2-secret-thing\n", ImportFormat::automatic, "within quotes"},
      {"csv, more cells", "value\nx,hunter2-secret-thing\n", ImportFormat::automatic,
       "line 2 has more cells"},
      {"csv, date", "value,created\nx,hunter2-secret-thing\n", ImportFormat::automatic,
       "line 2: its date"},
      {"csv, two columns", "value,Value\nx,hunter2-secret-thing\n", ImportFormat::automatic,
       "one name"},
      {"value in two fields", "value,owner\nhunter2-secret-thing,call hunter2-secret-thing\n",
       ImportFormat::automatic, "another field"},
  };
  for (const auto& c : cases) {
    const Inventory inventory = inventory_of("");
    const std::string said =
        error_of([&] { read_import(c.text, "-", c.format, given(), inventory); });
    EXPECT_NE(said.find(c.says), said.npos) << c.name << ": " << said;
    EXPECT_EQ(said.find("hunter2"), said.npos) << c.name;
  }
}

TEST(InventoryImport, AKeyInAnyFactIsRefusedAndNothingChanges) {
  const std::string key = filled("{key:function:A}");
  for (const std::string text : {R"({"functionKeys":{"{key:function:B}":"{key:function:A}"}})",
                                 R"({"functionKeys":{"{plain:54}":"default"}})"}) {
    Inventory inventory = inventory_of("");
    const std::string whole = filled(text);
    const std::string said = error_of([&] {
      Imported imported = read_import(whole, "-", ImportFormat::az, given(), inventory);
      apply(imported, inventory);
    });
    EXPECT_NE(said, "");
    for (const std::string& piece : pieces(whole)) EXPECT_EQ(said.find(piece), said.npos);
    EXPECT_TRUE(inventory.entries().empty());
  }
}

}  // namespace
}  // namespace assay
