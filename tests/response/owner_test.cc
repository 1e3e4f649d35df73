// Whose a key is: each source goes before the next, and says why.
#include "response/owner.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "rules/keys/c3id.h"
#include "rules/keys/mint.h"

namespace assay {
namespace {

std::string made_key() {
  SeededRandom random(1);
  return fill_placeholders("{key:function}", random);
}

Finding sample() {
  Finding finding;
  finding.secret = Secret(made_key());
  finding.confidence = Confidence::verified;
  finding.fingerprint = c3id(finding.secret.reveal());
  auto provenance = std::make_shared<Provenance>();
  provenance->path = "services/orders/a.cs";
  finding.provenance = provenance;
  finding.context.host = "orders.azurewebsites.net";
  finding.context.app = "orders";
  finding.context.function = "Refund";
  finding.context.key_name = "default";
  Record record;
  record.system = "slack";
  record.container = "incidents";
  record.author = "dana";
  finding.record = std::make_shared<Record>(record);
  return finding;
}

InventoryEntry entry(char id, std::string app, std::string function, std::string key_name,
                     std::string owner) {
  InventoryEntry out;
  out.id = std::string(20, id);
  out.app = std::move(app);
  out.function = std::move(function);
  out.key_name = std::move(key_name);
  out.owner = std::move(owner);
  return out;
}

Inventory inventory_of(const std::vector<InventoryEntry>& entries) {
  Inventory inventory = Inventory::create();
  for (const InventoryEntry& one : entries) inventory.put(one);
  return inventory;
}

InventoryEntry this_key(std::string owner) {
  InventoryEntry out = entry('A', "billing", "", "", std::move(owner));
  out.id = c3id(made_key());
  out.contact = "keys@example.org";
  out.runbook = "https://example.org/r";
  return out;
}

std::string said(const std::optional<Owner>& owner) {
  return owner ? fmt::format("{} ({}: {})", owner->name, owner->source, owner->reason) : "nobody";
}

TEST(Owner, IsOfTheFirstSourceThatAnswers) {
  const auto file = [](std::string_view list, std::string_view pattern) {
    return OwnersFile::parse(
        fmt::format("[[owner]]\nname = \"file\"\n{} = [\"{}\"]\n", list, pattern), "owners.toml");
  };
  const auto codeowners = Codeowners::parse("/services/ @code\n", ".github/CODEOWNERS");
  OwnerSources all;
  EXPECT_EQ(said(find_owner(all, sample())), "nobody");
  all.codeowners = codeowners;
  EXPECT_EQ(said(find_owner(all, sample())),
            "@code (codeowners: line 1 of .github/CODEOWNERS, /services/)");
  struct Row {
    std::string_view list, pattern, said;
  };
  const Row rows[] = {
      {"projects", "slack/*",
       "file (owners: line 3 of owners.toml: project slack/incidents is slack/*)"},
      {"channels", "slack/incidents",
       "file (owners: line 3 of owners.toml: channel slack/incidents is slack/incidents)"},
      {"paths", "*.cs", "file (owners: line 3 of owners.toml: path services/orders/a.cs is *.cs)"},
      {"apps", "ord*", "file (owners: line 3 of owners.toml: app orders is ord*)"},
      {"hosts", "orders.*",
       "file (owners: line 3 of owners.toml: host orders.azurewebsites.net is orders.*)"},
      {"hosts", "other", "@code (codeowners: line 1 of .github/CODEOWNERS, /services/)"},
  };
  for (const Row& row : rows) {
    all.owners = file(row.list, row.pattern);
    EXPECT_EQ(said(find_owner(all, sample())), row.said);
  }
  all.owners = file("hosts", "orders.*");
  all.inventory = inventory_of({entry('B', "orders", "", "", "place")});
  EXPECT_EQ(said(find_owner(all, sample())),
            "place (inventory: the inventory's key of app orders is theirs)");
  all.inventory->put(this_key("key"));
  const auto owner = find_owner(all, sample());
  EXPECT_EQ(said(owner), "key (inventory: the inventory has this key)");
  EXPECT_EQ(owner->contact, "keys@example.org");
  EXPECT_EQ(owner->runbook, "https://example.org/r");
}

TEST(Owner, OfAPlaceIsTheOneThatItsKeysAgreeOn) {
  struct Row {
    std::string_view name;
    std::vector<InventoryEntry> entries;
    std::string_view said, doubt;
  };
  const Row rows[] = {
      {"the key name of the function goes first",
       {entry('A', "orders", "Refund", "default", "a"), entry('B', "orders", "Refund", "x", "b"),
        entry('C', "orders", "", "", "c")},
       "a (inventory: the inventory's key of key default of function Refund of app orders is "
       "theirs)",
       ""},
      {"then the function",
       {entry('B', "orders", "Refund", "x", "b"), entry('C', "orders", "refund", "y", "b"),
        entry('D', "orders", "", "", "c")},
       "b (inventory: the inventory's 2 keys of function Refund of app orders are theirs)",
       ""},
      {"then the app",
       {entry('C', "orders", "Other", "", "c"), entry('D', "Orders", "", "", "c")},
       "c (inventory: the inventory's 2 keys of app orders are theirs)",
       ""},
      {"of another app", {entry('C', "other", "Refund", "default", "c")}, "nobody", ""},
      {"without an owner", {entry('C', "orders", "Refund", "default", "")}, "nobody", ""},
      {"who has none does not count",
       {entry('C', "orders", "Refund", "default", ""), entry('D', "orders", "", "", "d")},
       "d (inventory: the inventory's key of app orders is theirs)",
       ""},
      {"two owners",
       {entry('C', "orders", "Refund", "x", "b"), entry('D', "orders", "Refund", "y", "a")},
       "nobody",
       "the inventory has 2 owners for function Refund of app orders: a, b"},
  };
  for (const Row& row : rows) {
    OwnerSources sources;
    sources.inventory = inventory_of(row.entries);
    const OwnerAnswer answer = ask_owners(sources, sample());
    EXPECT_EQ(said(answer.owner), row.said) << row.name;
    EXPECT_EQ(answer.doubt, row.doubt) << row.name;
  }
}

TEST(Owner, OfTheNextSourceComesWithTheDoubt) {
  OwnerSources sources;
  sources.inventory =
      inventory_of({entry('C', "orders", "", "", "b"), entry('D', "orders", "", "", "a")});
  sources.owners = OwnersFile::parse("[[owner]]\nname = \"f\"\napps = [\"*\"]\n", "o.toml");
  const OwnerAnswer answer = ask_owners(sources, sample());
  EXPECT_EQ(answer.owner->name, "f");
  EXPECT_EQ(answer.doubt, "the inventory has 2 owners for app orders: a, b");
}

TEST(Owner, OfAMaskedKeyIsOfOneOfItsCandidates) {
  OwnerSources sources;
  sources.inventory = inventory_of({this_key("key")});
  Finding finding = sample();
  auto damage = std::make_shared<Damage>();
  damage->candidates = 3;
  damage->fingerprints = {std::string(20, 'x'), finding.fingerprint};
  finding.fingerprint.clear();
  finding.confidence = Confidence::signature;
  finding.damage = damage;
  EXPECT_EQ(said(find_owner(sources, finding)),
            "key (inventory: the inventory has one of the keys that this may be)");
}

TEST(Owner, KnowsCanaries) {
  OwnerSources sources;
  InventoryEntry canary = this_key("");
  canary.canary = true;
  sources.inventory = inventory_of({canary});
  EXPECT_TRUE(ask_owners(sources, sample()).canary);
  Finding other = sample();
  other.fingerprint = std::string(20, 'x');
  EXPECT_FALSE(ask_owners(sources, other).canary);
}

TEST(Owner, OfAPathIsAskedWithTheRepositorysPath) {
  struct Row {
    std::string_view name, file;
    std::vector<ScannedPath> scanned;
    std::string_view in_repository;
  };
  const Row rows[] = {
      {"from the root", "./a/b", {{".", ""}}, "a/b"},
      {"from a folder", "./a/b", {{".", "sub"}}, "sub/a/b"},
      {"one folder", "src/b", {{"src", "deep/src"}}, "deep/src/b"},
      {"one folder, with slashes", "src//b", {{"src", "deep/src"}}, "deep/src/b"},
      {"one file", "b", {{"b", "deep/b"}}, "deep/b"},
      {"whole names only", "srcx/b", {{"src", "deep/src"}}, ""},
      {"the longest", "a/b/c", {{"a", "x"}, {"a/b", "y"}}, "y/c"},
      {"two of one name", "/y/src/b", {{"/x/src", "x/src"}, {"/y/src", "y/src"}}, "y/src/b"},
      {"elsewhere", "src/b", {}, ""},
      {"the root of all", "/a/b", {{"", ""}}, "a/b"},
  };
  for (const Row& row : rows) {
    OwnerSources sources;
    sources.in_repository = true;
    sources.scanned = row.scanned;
    Finding finding = sample();
    auto provenance = std::make_shared<Provenance>();
    provenance->path = "a.zip!/b";
    provenance->file = row.file;
    finding.provenance = provenance;
    finding.encoding = {"zip"};
    EXPECT_EQ(path_in_repository(sources, finding), row.in_repository) << row.name;
  }
}

TEST(Owner, OfAPathOutsideOfRepositoriesIsAskedWithTheReportsPath) {
  struct Row {
    std::string_view path;
    std::vector<std::string_view> encoding;
    std::string_view asked;
  };
  const Row rows[] = {
      {"a/b", {}, "a/b"},
      {"a/b.zip!/c/d", {"zip", "base64"}, "a/b.zip"},
      {"a!/b", {"base64"}, "a!/b"},  // a folder
      {"a!/b", {}, "a!/b"},
  };
  for (const Row& row : rows) {
    Finding finding = sample();
    auto provenance = std::make_shared<Provenance>();
    provenance->path = row.path;
    finding.provenance = provenance;
    finding.encoding = row.encoding;
    EXPECT_EQ(path_in_repository({}, finding), row.asked);
  }
}

TEST(Owner, OfAPathIsAskedWithThatOfTheHistory) {
  Finding finding = sample();
  auto git = std::make_shared<GitFacts>();
  git->object = "blob";
  git->path = "in/git";
  finding.git = git;
  EXPECT_EQ(path_in_repository({}, finding), "in/git");
  auto message = std::make_shared<GitFacts>(*git);
  message->object = "commit";
  finding.git = message;
  EXPECT_EQ(path_in_repository({}, finding), "");
  Finding stream = sample();
  auto piped = std::make_shared<Provenance>();
  piped->kind = Provenance::Kind::stream;
  piped->path = "stdin";
  stream.provenance = piped;
  EXPECT_EQ(path_in_repository({}, stream), "");
}

TEST(Owner, ShowsNoKey) {
  const std::string key = made_key();
  OwnerSources sources;
  sources.owners = OwnersFile::parse(
      fmt::format("[[owner]]\nname = \"{0}\"\ncontact = \"{0}\"\nrunbook = \"{0}\"\nhosts = "
                  "[\"*\"]\n",
                  key),
      key);
  const auto owner = find_owner(sources, sample());
  for (const std::string& text : {owner->name, owner->reason, owner->contact, owner->runbook}) {
    EXPECT_EQ(text.find(key), std::string::npos);
  }
}

TEST(Owner, GivesValuesThatCouldBeGuessedAnIdOfTheInventory) {
  OwnerSources sources;
  Finding finding = sample();
  finding.fingerprint.clear();
  finding.secret = Secret("a-value-that-somebody-chose");
  finding.confidence = Confidence::context;
  give_chosen_id(sources, finding);
  EXPECT_EQ(finding.fingerprint, "");
  sources.inventory = inventory_of({});
  InventoryEntry known = entry('A', "billing", "", "", "team");
  known.id = sources.inventory->chosen_id(finding.secret.reveal());
  give_chosen_id(sources, finding);
  EXPECT_EQ(finding.fingerprint, known.id);
  EXPECT_EQ(said(find_owner(sources, finding)), "nobody");
  sources.inventory->put(known);
  EXPECT_EQ(said(find_owner(sources, finding)), "team (inventory: the inventory has this key)");
  Finding proved = sample();
  give_chosen_id(sources, proved);
  EXPECT_EQ(proved.fingerprint, sample().fingerprint);
}

TEST(BroughtBy, IsTheAuthorAndNoOwner) {
  Finding finding = sample();
  const auto of_record = brought_by(finding);
  EXPECT_EQ(of_record, (BroughtBy{"dana", "record", "author of the slack record that holds it"}));
  auto git = std::make_shared<GitFacts>();
  git->author = "Kim <kim@example.org>";
  git->introduced_by = std::string(40, '1');
  finding.git = git;
  EXPECT_EQ(brought_by(finding),
            (BroughtBy{"Kim <kim@example.org>", "git", "author of the commit that introduced it"}));
  auto tag = std::make_shared<GitFacts>();
  tag->object = "tag";
  tag->author = "Kim";
  finding.git = tag;
  EXPECT_EQ(brought_by(finding)->reason, "author of the tag that holds it");
  auto unknown = std::make_shared<GitFacts>();
  unknown->author = "Kim";  // of a commit that may only have kept it
  finding.git = unknown;
  finding.record = nullptr;
  EXPECT_FALSE(brought_by(finding));
  EXPECT_FALSE(find_owner({}, finding));
}

}  // namespace
}  // namespace assay
