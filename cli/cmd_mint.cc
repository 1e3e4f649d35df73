// assay mint --kind KIND: the one command whose output is a key.
#include <fmt/format.h>
#include <sys/stat.h>

#include <ctime>
#include <memory>

#include "cli/commands.h"
#include "cli/inventory_lock.h"
#include "cli/output.h"
#include "reports/format.h"
#include "response/inventory.h"
#include "rules/keys/c3id.h"
#include "rules/keys/mint.h"
#include "rules/rule_set.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr unsigned kMostKeys = 10'000;

struct MintFlags {
  std::string family = "azure-functions";
  std::string kind;
  unsigned count = 1;
  std::string secret_name;
  bool canary = false;
  std::string inventory;
  InventoryEntry facts;
};

std::string kinds_of(const KeyFamily& family) {
  std::string names;
  for (const KeySeed& seed : family.seeds) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", seed.kind);
  }
  if (family.name == "azure-functions") names += ", host (the same as function)";
  return names;
}

const KeyFamily& family_named(const std::string& name) {
  if (const KeyFamily* family = find_family(name)) return *family;
  std::string names;
  for (const KeyFamily& family : key_families()) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", family.name);
  }
  throw Error(fmt::format("There is no family {}. Choose one of: {}.", name, names));
}

const KeySeed& seed_named(const KeyFamily& family, const std::string& kind) {
  if (kind.empty() && family.seeds.size() == 1) return family.seeds[0];
  // Functions makes host keys and functions' keys alike.
  const bool host = family.name == "azure-functions" && kind == "host";
  for (const KeySeed& seed : family.seeds) {
    if (seed.kind == (host ? "function" : std::string_view(kind))) return seed;
  }
  if (kind.empty()) {
    throw Error(
        fmt::format("The kind of key is missing. Give --kind with one of: {}.", kinds_of(family)));
  }
  throw Error(
      fmt::format("{} has no kind {}. Choose one of: {}.", family.name, kind, kinds_of(family)));
}

// Names of secrets are what Container Apps takes: lower case letters, digits, `-` and `.`.
void check_secret_name(const MintFlags& flags) {
  if (flags.secret_name.empty()) return;
  for (const char c : flags.secret_name) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.') continue;
    throw Error(
        "The name of a secret may hold lower case letters, digits, - and . only. Give another "
        "--secret-name.");
  }
  if (flags.count != 1) {
    throw Error("One secret holds one key. Leave out --count or --secret-name.");
  }
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm day{};
  gmtime_r(&now, &day);
  return fmt::format("{:04}-{:02}-{:02}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

// Before any key is shown: one that nobody could recognise later would be worse than none.
void record(const MintFlags& flags, const std::vector<Secret>& keys, const KeySeed& seed) {
  struct stat status;
  const InventoryLock lock(flags.inventory);
  Inventory inventory = stat(flags.inventory.c_str(), &status) == 0
                            ? Inventory::read(flags.inventory)
                            : Inventory::create();
  for (const Secret& key : keys) {
    InventoryEntry entry = flags.facts;
    entry.id = c3id(key.reveal());
    entry.canary = flags.canary;
    entry.created = today();
    if (flags.kind == "host") entry.scope = Scope::host;
    if (seed.kind == "master") entry.scope = Scope::app;
    inventory.put(std::move(entry));
  }
  inventory.write(flags.inventory);
}

int mint_command(const MintFlags& flags) {
  const KeyFamily& family = family_named(flags.family);
  const KeySeed& seed = seed_named(family, flags.kind);
  check_secret_name(flags);
  if (flags.canary && flags.inventory.empty()) {
    throw Error("A canary is of use only if it is known. Name its file with --inventory.");
  }
  std::vector<Secret> keys;
  for (unsigned i = 0; i < flags.count; ++i) {
    std::optional<Secret> key = mint_random(family, seed);
    if (!key) throw Error("The system gives no random numbers. Try again later.");
    keys.push_back(std::move(*key));
  }
  if (!flags.inventory.empty()) record(flags, keys, seed);
  Output output("");
  for (const Secret& key : keys) {
    if (flags.secret_name.empty()) {
      output.buffer() += fmt::format("{}\n", key.reveal());
    } else {
      // Without a line break, which would become part of the secret's value.
      output.buffer() += fmt::format("{}={}", flags.secret_name, key.reveal());
    }
  }
  output.flush(true, {});  // not guarded: keys are what was asked for
  return kExitClean;
}

}  // namespace

void add_mint_command(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<MintFlags>();
  CLI::App* mint = app.add_subcommand("mint", "Make well-formed keys; the output IS the key");
  mint->add_option("--kind", flags->kind,
                   "function, host, master or system; of other families theirs");
  mint->add_option("--family", flags->family, "Whose keys; an unknown name lists all")
      ->capture_default_str();
  mint->add_option("--count", flags->count, "How many, one a line")
      ->check(CLI::Range(1u, kMostKeys));
  mint->add_option("--secret-name", flags->secret_name, "Print NAME=KEY, without a line break")
      ->type_name("NAME");
  mint->add_flag("--canary", flags->canary, "Mark the key in the inventory as one nobody uses");
  mint->add_option("--inventory", flags->inventory, "Put the key's id there, never the key")
      ->type_name("FILE");
  const auto fact = [&](const char* name, std::string& value, const char* what) {
    mint->add_option(name, value, what)->group("Facts for the inventory");
  };
  fact("--app", flags->facts.app, "The app that it is for, or that a canary names");
  fact("--slot", flags->facts.slot, "Its slot");
  fact("--function", flags->facts.function, "Its function");
  fact("--key-name", flags->facts.key_name, "Its name in the app");
  fact("--owner", flags->facts.owner, "Who answers for it");
  fact("--contact", flags->facts.contact, "How to reach them");
  fact("--storage", flags->facts.storage, "Where it is kept, as in docs/inventory.md");
  mint->footer(
      "The key goes to standard output, and nowhere else. It is made of the system's random\n"
      "numbers and its checksum holds, so that assay proves it wherever it leaks.\n"
      "Examples:\n"
      "  assay mint --kind host --secret-name host-function-default |\n"
      "    az containerapp secret set -g GROUP -n APP --secrets @-\n"
      "  assay mint --kind function --canary --inventory keys.inventory --app contoso-orders\n"
      "  assay mint --family azure-storage --kind account");
  mint->callback([&chosen, flags] { chosen = [flags] { return mint_command(*flags); }; });
}

}  // namespace assay
