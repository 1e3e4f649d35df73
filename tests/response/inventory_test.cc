#include "response/inventory.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include "response/inventory_entry.h"
#include "response/inventory_keys.h"
#include "rules/keys/base64.h"
#include "rules/keys/identify.h"
#include "rules/keys/mint.h"
#include "rules/rule_set.h"

namespace assay {
namespace {

constexpr std::string_view kId = "AAAAAAAAAAAAAAAAAAAA", kOther = "BBBBBBBBBBBBBBBBBBBB";

std::string filled(std::string_view text, uint64_t seed = 1) {
  SeededRandom random(seed);
  return fill_placeholders(text, random);
}

std::string header(char salt = 's') { return header_line(std::string(32, salt), {}) + "\n"; }

Inventory parsed(std::string_view lines, char salt = 's') {
  return Inventory::parse(header(salt) + std::string(lines), "test");
}

InventoryEntry entry(std::string_view id, std::string_view app = {}, std::string_view name = {}) {
  InventoryEntry made;
  made.id = id;
  made.app = app;
  made.key_name = name;
  return made;
}

// What it says, or nothing.
template <typename Act>
std::string error_of(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

// An entry with some of all facts, from few values, so that two often have one id and contradict.
InventoryEntry random_entry(SeededRandom& random) {
  InventoryEntry made;
  made.id =
      (random.below(2) ? "hmac:" : "") + std::string(20, static_cast<char>('a' + random.below(6)));
  const auto some = [&](std::string& fact, std::vector<std::string> values) {
    if (random.below(2)) fact = values[random.below(values.size())];
  };
  some(made.app, {"contoso-orders", "contoso-shop"});
  some(made.slot, {"staging", "b\"lue", "grün"});
  some(made.function, {"Refund", "Pay=Out"});
  some(made.key_name, {"default", "partner"});
  some(made.owner, {"payments", "billing", "shop"});
  some(made.contact, {"#payments", "mail\\to"});
  some(made.storage, {"key-vault:kv", "blob"});
  some(made.resource_group, {"rg"});
  some(made.subscription, {"8f14e45f-ceea-467f-9575-1f2d3c4b5a69"});
  some(made.created, {"2025-01-02", "2024-12-31T23:59:59Z"});
  some(made.last_rotated, {"2025-06-01", "2025-07-01"});
  some(made.runbook, {"https://wiki.example/a", "https://wiki.example/b"});
  made.scope = static_cast<Scope>(random.below(5));
  for (uint64_t i = random.below(3); i > 0; --i) {
    made.callers.push_back("caller " + std::to_string(random.below(4)));
  }
  made.canary = random.below(4) == 0;
  if (random.below(3) == 0) made.more["team"] = random.below(2) ? "\"a\"" : "{\"b\":[1,2.5,null]}";
  return made;
}

Inventory random_inventory(SeededRandom& random, char salt = 's') {
  std::string lines;
  for (uint64_t i = random.below(8); i > 0; --i) {
    InventoryEntry made = random_entry(random);
    EXPECT_EQ(wrong_with(made), "");
    lines += entry_line(made) + (random.below(5) ? "\n" : "\r\n");
  }
  return parsed(lines, salt);
}

std::string merged(const Inventory& a, const Inventory& b) {
  Inventory both = a;
  both.merge(b);
  return both.text();
}

TEST(Inventory, TextOfWhatWasParsedIsTheSameText) {
  SeededRandom random(7);
  size_t contested = 0;
  for (int round = 0; round < 100; ++round) {
    const Inventory inventory = random_inventory(random);
    const std::string text = inventory.text();
    const Inventory again = Inventory::parse(text, "again");
    ASSERT_EQ(again.text(), text);
    ASSERT_EQ(again.entries(), inventory.entries());
    for (const auto& one : inventory.entries()) contested += one.contested.size();
    ASSERT_TRUE(std::is_sorted(inventory.entries().begin(), inventory.entries().end(),
                               [](const auto& a, const auto& b) { return a.id < b.id; }));
  }
  EXPECT_GT(contested, 100u);  // the worlds do contradict
}

TEST(Inventory, MergingIsCommutativeAssociativeAndIdempotent) {
  SeededRandom random(8);
  for (int round = 0; round < 100; ++round) {
    const Inventory a = random_inventory(random), b = random_inventory(random),
                    c = random_inventory(random);
    const std::string ab = merged(a, b);
    ASSERT_EQ(ab, merged(b, a));
    ASSERT_EQ(merged(a, a), a.text());
    ASSERT_EQ(merged(Inventory::parse(ab, "ab"), b), ab);
    ASSERT_EQ(merged(Inventory::parse(ab, "ab"), c),
              merged(a, Inventory::parse(merged(c, b), "cb")));
  }
}

TEST(Inventory, LinesOfAUnionMergeAreWhatMergingGives) {
  SeededRandom random(9);
  for (int round = 0; round < 100; ++round) {
    const Inventory a = random_inventory(random), b = random_inventory(random);
    const std::string lines = b.text().substr(b.text().find('\n') + 1);
    ASSERT_EQ(Inventory::parse(a.text() + lines, "union").text(), merged(a, b));
    ASSERT_EQ(Inventory::parse(a.text() + b.text(), "union").text(), merged(a, b));
  }
}

TEST(Inventory, EntriesOfChosenValuesCannotMoveToAnotherSalt) {
  Inventory mine = parsed("{\"id\":\"hmac:AAAAAAAAAAAAAAAAAAAA\",\"owner\":\"a\"}\n");
  const Inventory theirs = parsed(
      "{\"id\":\"hmac:AAAAAAAAAAAAAAAAAAAA\",\"owner\":\"b\"}\n"
      "{\"id\":\"BBBBBBBBBBBBBBBBBBBB\",\"owner\":\"c\"}\n",
      't');
  const auto told = mine.merge(theirs);
  EXPECT_EQ(told.added, 1u);
  EXPECT_EQ(told.changed, 0u);
  EXPECT_EQ(told.unmatched, 1u);
  ASSERT_EQ(mine.entries().size(), 2u);
  EXPECT_EQ(mine.find("hmac:AAAAAAAAAAAAAAAAAAAA")->owner, "a");
  EXPECT_EQ(mine.find(kOther)->owner, "c");
}

TEST(Inventory, AFactThatTwoCopiesTellDifferentlyIsKeptTwice) {
  const Inventory both = parsed(
      "{\"id\":\"AAAAAAAAAAAAAAAAAAAA\",\"owner\":\"shop\",\"created\":\"2025-02-01\"}\n"
      "{\"id\":\"AAAAAAAAAAAAAAAAAAAA\",\"owner\":\"billing\",\"created\":\"2025-01-01\"}\n");
  ASSERT_EQ(both.entries().size(), 1u);
  EXPECT_EQ(both.entries()[0].owner, "billing");
  EXPECT_EQ(both.entries()[0].created, "2025-01-01");
  EXPECT_EQ(both.entries()[0].contested, std::vector<std::string>{"owner=shop"});
  Inventory settled = both;
  InventoryEntry news = entry(kId);
  news.owner = "shop";
  EXPECT_TRUE(settled.put(news));
  EXPECT_EQ(settled.entries()[0].owner, "shop");
  EXPECT_TRUE(settled.entries()[0].contested.empty());
  EXPECT_FALSE(settled.put(news));
}

TEST(Inventory, KeepsFieldsOfNewerVersionsAndToleratesMarksAndLineBreaks) {
  const std::string text =
      "\xEF\xBB\xBF{\"assay_inventory\":1,\"salt\":\"" +
      encode_base64(std::string(32, 's'), Base64Alphabet::standard) +
      "\",\"made_by\":\"x\"}\r\n\r\n{\"later\":{\"a\":[1]},\"id\":\"AAAAAAAAAAAAAAAAAAAA\"}\r\n\n";
  const std::string again = Inventory::parse(text, "test").text();
  EXPECT_NE(again.find("\"made_by\":\"x\""), again.npos);
  EXPECT_NE(again.find("{\"id\":\"AAAAAAAAAAAAAAAAAAAA\",\"later\":{\"a\":[1]}}\n"), again.npos);
}

TEST(Inventory, WhatIsMalformedIsRefusedByNameAndLineWithoutItsContent) {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  std::string wide = "{\"a\":0";
  for (int i = 0; i < 100000; ++i) wide += ",\"a" + std::to_string(i) + "\":0";
  const struct {
    std::string name, text, says;
  } cases[] = {
      {"empty", "", "t:1: it does not begin"},
      {"no header", "{\"id\":\"AAAAAAAAAAAAAAAAAAAA\"}\n", "t:1: it does not begin"},
      {"newer", "{\"assay_inventory\":2,\"salt\":\"\"}\n", "t:1: it is of a version"},
      {"short salt", "{\"assay_inventory\":1,\"salt\":\"AAAA\"}\n", "t:1: its `salt`"},
      {"second salt", header() + header('t'), "t:2: this is a second salt"},
      {"no json", header() + "secret-thing\n", "t:2: this is no JSON object"},
      {"cut", header() + "{\"id\":\"secret-thing\n", "t:2: this is no JSON object"},
      {"array", header() + "[\"secret-thing\"]\n", "t:2: this is no JSON object"},
      {"deep", header() + deep + "\n", "t:2: this is no JSON object"},
      {"deep field", header() + "{\"a\":" + deep + "}\n", "t:2: this is no JSON object"},
      {"wide", header() + wide + "}\n", "t:2: this is no JSON object, or a larger one"},
      {"closes too much", header() + std::string(99, '}') + std::string(99, '{') + "\n",
       "t:2: this is no JSON object"},
      {"bad utf-8", header() + "{\"id\":\"\xff\"}\n", "t:2: this is no JSON object"},
      {"no id", header() + "{\"owner\":\"secret-thing\"}\n", "t:2: `id` is missing"},
      {"bad id", header() + "\n{\"id\":\"secret-thing\"}\n", "t:3: `id` is missing"},
      {"hmac id", header() + "{\"id\":\"hmac:secret-thing\"}\n", "t:2: `id` is missing"},
      {"not text", header() + "{\"id\":\"AAAAAAAAAAAAAAAAAAAA\",\"owner\":1}\n",
       "`owner` is no text"},
      {"callers", header() + "{\"id\":\"AAAAAAAAAAAAAAAAAAAA\",\"callers\":[1]}\n",
       "`callers` is no list"},
      {"canary", header() + "{\"id\":\"AAAAAAAAAAAAAAAAAAAA\",\"canary\":\"no\"}\n",
       "`canary` is neither"},
      {"scope", header() + "{\"id\":\"AAAAAAAAAAAAAAAAAAAA\",\"scope\":\"secret-thing\"}\n",
       "`scope` is none"},
      {"date", header() + "{\"id\":\"AAAAAAAAAAAAAAAAAAAA\",\"created\":\"secret-thing\"}\n",
       "`created` is no date"},
      {"no such day", header() + "{\"id\":\"AAAAAAAAAAAAAAAAAAAA\",\"created\":\"2025-02-30\"}\n",
       "`created` is no date"},
      {"control", header() + "{\"id\":\"AAAAAAAAAAAAAAAAAAAA\",\"app\":\"a\\u001b[31m\"}\n",
       "`app` holds a control"},
      {"long",
       header() + "{\"id\":\"AAAAAAAAAAAAAAAAAAAA\",\"app\":\"" + std::string(4097, '.') + "\"}\n",
       "`app` is longer"},
      {"conflict", header() + "<<<<<<< secret-thing\n", "t:2: git left a conflict"},
      {"contested",
       header() + "{\"id\":\"AAAAAAAAAAAAAAAAAAAA\",\"contested\":[\"secret-thing\"]}\n",
       "`contested` names"},
  };
  for (const auto& c : cases) {
    const std::string said = error_of([&] { Inventory::parse(c.text, "t"); });
    EXPECT_NE(said.find(c.says), said.npos) << c.name << ": " << said;
    EXPECT_EQ(said.find("secret-thing"), said.npos) << c.name;
    EXPECT_LT(said.size(), 300u) << c.name;
  }
}

// Every way in which a key stood in an inventory must be refused, and nothing of it be said.
TEST(Inventory, ATextWithAKeyInItIsRefused) {
  const std::string key = filled("{key:master}");
  std::string escaped;
  for (const char c : key) {
    char piece[8];
    std::snprintf(piece, sizeof piece, "\\u%04x", static_cast<unsigned>(c));
    escaped += piece;
  }
  const struct {
    std::string name, field, value;
  } cases[] = {
      {"plain", "owner", key},
      {"within text", "contact", "call us with " + key + " please"},
      {"bare", "key_name", key.substr(0, 54)},
      {"escaped", "owner", escaped},
      {"base64", "runbook", encode_base64(key, Base64Alphabet::standard)},
      {"damaged", "owner", filled("{broken:master}")},
      {"chosen", "owner", filled("{plain:56}")},
      {"chosen hex", "storage", filled("{hex:64}")},
      {"in a link", "runbook", "https://a.azurewebsites.net/api/x?code=" + filled("{hex:64}")},
      {"unknown field", "later", filled("{plain:54}")},
  };
  for (const auto& c : cases) {
    const std::string line =
        "{\"id\":\"" + std::string(kId) + "\",\"" + c.field + "\":\"" + c.value + "\"}\n";
    const std::string said = error_of([&] { parsed("\n" + line); });
    EXPECT_NE(said.find("test:3:"), said.npos) << c.name << ": " << said.size();
    EXPECT_EQ(said.find(c.value.substr(c.value.size() / 2, 8)), said.npos) << c.name;
  }
  EXPECT_NE(error_of([&] { parsed("{\"" + key + "\":1}\n"); }), "");
}

TEST(Inventory, AnEntryWithAKeyInItIsNotPut) {
  Inventory inventory = parsed("");
  for (const std::string& value : {filled("{key:function}"), filled("{plain:54}")}) {
    for (auto fact : {&InventoryEntry::owner, &InventoryEntry::contact, &InventoryEntry::runbook,
                      &InventoryEntry::key_name, &InventoryEntry::function}) {
      InventoryEntry bad = entry(kId);
      bad.*fact = value;
      const std::string said = error_of([&] { inventory.put(bad); });
      EXPECT_NE(said, "");
      EXPECT_EQ(said.find(value.substr(20, 8)), said.npos);
    }
    InventoryEntry bad = entry(kId);
    bad.callers = {"shop", value};
    EXPECT_NE(error_of([&] { inventory.put({entry(kOther), bad}); }), "");
  }
  EXPECT_TRUE(inventory.entries().empty());
}

TEST(Inventory, AKeyIsFoundWhereverWindowsEnd) {
  const std::string key = filled("{key:system}");
  for (const size_t at : {0u, 1000u, 262000u, 524200u, 524288u, 524320u, 1048560u}) {
    std::string text(at, ' ');
    text += "\"" + key + "\"" + std::string(3000, '\n');
    const auto found = find_key(text);
    ASSERT_TRUE(found.has_value()) << at;
    EXPECT_EQ(*found, at + 1);
  }
  EXPECT_FALSE(find_key(std::string(1 << 20, ' ')).has_value());
}

TEST(Inventory, NamesAreNotTakenForKeys) {
  const struct {
    std::string_view text;
    FieldKind kind;
  } cases[] = {
      {"ProcessIncomingOrderPaymentNotificationHandlerV2", FieldKind::name},
      {"rg-contoso-orders-payments-westeurope-production-001", FieldKind::name},
      {"subscriptions/8f14e45f-ceea-467f-9575-1f2d3c4b5a69", FieldKind::name},
      {"https://wiki.example/teams/payments/runbooks/rotate-functions-keys-of-orders-2025",
       FieldKind::link},
      {"https://example.atlassian.net/wiki/spaces/OPS/pages/1234567890/Rotate+the+keys+of+orders",
       FieldKind::link},
      {"https://github.com/contoso/ops/blob/0f3a9c17be5d24680f3a9c17be5d24680f3a9c17/docs/"
       "rotate.md",
       FieldKind::link},
      {"https://www.notion.so/contoso/Rotate-keys-0f3a9c17be5d24680f3a9c17be5d2468",
       FieldKind::link},
  };
  for (const auto& c : cases) EXPECT_FALSE(looks_like_key(c.text, c.kind)) << c.text;
  SeededRandom random(3);
  size_t missed = 0;
  for (int i = 0; i < 1000; ++i) {
    missed += !looks_like_key(fill_placeholders("a: {plain:54}", random), FieldKind::link);
    missed += !looks_like_key(fill_placeholders("{hex:64}", random), FieldKind::link);
    missed += !looks_like_key(fill_placeholders("{plain:43}=", random), FieldKind::name);
  }
  EXPECT_LE(missed, 30u);  // short ones, now and then
}

TEST(Inventory, NewOnesHaveSaltsOfTheirOwnAndNoSaltIsTakenForAKey) {
  std::vector<std::string> texts;
  for (int i = 0; i < 200; ++i) {
    texts.push_back(Inventory::create().text());
    EXPECT_EQ(Inventory::parse(texts.back(), "new").text(), texts.back());
  }
  std::sort(texts.begin(), texts.end());
  EXPECT_EQ(std::unique(texts.begin(), texts.end()), texts.end());
}

TEST(Inventory, IdsOfChosenValuesNeedTheSaltAndThoseOfKeysDoNot) {
  const Inventory a = parsed("", 'a'), b = parsed("", 'b');
  const std::string key = filled("{key:function}"), chosen = filled("{plain:56}");
  EXPECT_EQ(a.id_of(key), b.id_of(key));
  EXPECT_EQ(a.id_of(key), identify(key)->fingerprint());
  EXPECT_EQ(a.id_of(key.substr(0, 54)), a.id_of(key));
  EXPECT_NE(a.id_of(chosen), b.id_of(chosen));
  EXPECT_EQ(a.id_of(chosen), a.chosen_id(chosen));
  // HMAC-SHA256 with the key of 32 times `a`, by another program.
  EXPECT_EQ(a.chosen_id("hello"), "hmac:OYPVnCvQ5qMVgbvd37AV");
}

TEST(Inventory, FindsTheEntryOfAFinding) {
  const std::string chosen = filled("{plain:54}"), key = filled("{key:function}");
  Inventory inventory = parsed("");
  inventory.put(
      {entry(inventory.id_of(chosen + "=="), "chosen"), entry(inventory.id_of(key), "key")});
  Finding finding;
  finding.confidence = Confidence::context;
  for (const std::string& spelling : {chosen, chosen + "==", chosen + "%3D%3D", chosen + "%3d="}) {
    finding.secret = Secret(spelling);
    ASSERT_NE(inventory.find(finding), nullptr);
    EXPECT_EQ(inventory.find(finding)->app, "chosen");
  }
  finding.secret = Secret(filled("{plain:54}", 2));
  EXPECT_EQ(inventory.find(finding), nullptr);
  finding.secret = Secret();
  EXPECT_EQ(inventory.find(finding), nullptr);

  Finding proven;
  proven.fingerprint = identify(key)->fingerprint();
  ASSERT_NE(inventory.find(proven), nullptr);
  EXPECT_EQ(inventory.find(proven)->app, "key");

  Finding masked;
  masked.confidence = Confidence::signature;
  auto damage = std::make_shared<Damage>();
  damage->fingerprints = {std::string(kOther), proven.fingerprint};
  masked.damage = damage;
  ASSERT_NE(inventory.find(masked), nullptr);
  EXPECT_EQ(inventory.find(masked)->app, "key");
}

TEST(Inventory, FindsTheEntriesOfAPlace) {
  Inventory inventory = parsed("");
  std::vector<InventoryEntry> entries;
  for (const auto& [id, app, slot, function, name] :
       std::vector<std::array<std::string, 5>>{{"a", "Contoso-Orders", "", "", "default"},
                                               {"b", "contoso-orders", "production", "Refund", "x"},
                                               {"c", "contoso-orders", "staging", "Refund", "x"},
                                               {"d", "contoso-orders-staging", "", "Refund", "y"},
                                               {"e", "contoso-shop", "", "Refund", "x"},
                                               {"f", "", "", "Refund", "x"},
                                               {"g", "contoso-orders", "", "Refund", "default"}}) {
    entries.push_back(entry(std::string(20, id[0]), app, name));
    entries.back().slot = slot;
    entries.back().function = function;
  }
  EXPECT_EQ(inventory.put(entries), entries.size());
  const auto ids = [&](std::string app, std::string slot, std::string function, std::string name) {
    KeyContext context;
    context.app = app;
    context.slot = slot;
    context.function = function;
    context.key_name = name;
    std::string found;
    for (const InventoryEntry* one : inventory.of_place(context)) found += one->id[0];
    return found;
  };
  EXPECT_EQ(ids("contoso-orders", "", "refund", "x"), "bga");
  EXPECT_EQ(ids("CONTOSO-orders", "", "refund", "default"), "gba");
  EXPECT_EQ(ids("contoso-orders", "", "", "default"), "agb");
  EXPECT_EQ(ids("contoso-orders", "staging", "Refund", "y"), "dc");
  EXPECT_EQ(ids("contoso-orders-staging", "", "Refund", "x"), "cd");
  EXPECT_EQ(ids("", "", "Refund", "x"), "");
  EXPECT_EQ(ids("contoso", "", "Refund", "x"), "");
}

TEST(Inventory, IsWrittenWholeAndForItsOwnerOnly) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("inventory_test." + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const std::string path = folder / "keys", link = folder / "link";
  Inventory inventory = parsed("");
  inventory.put(entry(kId, "contoso-orders"));
  inventory.write(path);
  EXPECT_FALSE(open_to_others(path));
  EXPECT_EQ(Inventory::read(path).text(), inventory.text());
  chmod(path.c_str(), 0644);
  EXPECT_TRUE(open_to_others(path));
  std::filesystem::create_symlink("keys", link);
  inventory.put(entry(kOther, "contoso-shop"));
  inventory.write(link);
  EXPECT_FALSE(open_to_others(path));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(Inventory::read(path).text(), inventory.text());

  EXPECT_NE(error_of([&] { inventory.write(folder / "gone" / "keys"); }), "");
  EXPECT_NE(error_of([&] { inventory.write(folder); }), "");
  EXPECT_NE(error_of([&] { Inventory::read(folder / "gone"); }).find("assay inventory init"),
            std::string::npos);
  EXPECT_NE(error_of([&] { Inventory::read(folder); }), "");
  mkfifo((folder / "fifo").c_str(), 0600);  // must not be waited for
  EXPECT_NE(error_of([&] { Inventory::read(folder / "fifo"); }), "");
  const auto files = std::filesystem::directory_iterator(folder);
  EXPECT_EQ(std::distance(begin(files), end(files)), 3);  // nothing temporary is left
  std::filesystem::remove_all(folder);
}

TEST(Inventory, RemovesOneEntry) {
  Inventory inventory = parsed("");
  inventory.put({entry(kId, "contoso-orders"), entry(kOther, "contoso-shop")});
  EXPECT_TRUE(inventory.remove(kId));
  EXPECT_FALSE(inventory.remove(kId));
  ASSERT_EQ(inventory.entries().size(), 1u);
  KeyContext context;
  context.app = "contoso-shop";
  EXPECT_EQ(inventory.of_place(context).size(), 1u);
  context.app = "contoso-orders";
  EXPECT_TRUE(inventory.of_place(context).empty());
}

}  // namespace
}  // namespace assay
