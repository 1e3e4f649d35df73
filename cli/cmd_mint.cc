// assay mint --kind KIND: the one command whose output is a key.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
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

// What a key is made of. Two rows may have one name: common annotated keys have two lengths.
struct Mintable {
  const KeyFamily* family = nullptr;
  const KeySeed* seed = nullptr;

  std::string_view name() const { return family_name(*family, *seed); }
};

// All that proves itself: a key that nothing proves is of no use here.
std::vector<Mintable> mintable() {
  std::vector<Mintable> all;
  for (const KeyFamily& family : key_families()) {
    if (family.scheme == KeyScheme::none) continue;
    for (const KeySeed& seed : family.seeds) {
      const Mintable one{&family, &seed};
      const bool known = std::any_of(all.begin(), all.end(), [&](const Mintable& other) {
        return other.name() == one.name() && other.seed->kind == seed.kind;
      });
      if (!known) all.push_back(one);
    }
  }
  return all;
}

constexpr std::string_view kFunctions = "azure-functions";

std::string kinds_of(std::string_view name) {
  std::string kinds;
  for (const Mintable& one : mintable()) {
    if (one.name() != name) continue;
    kinds += fmt::format("{}{}", kinds.empty() ? "" : ", ", one.seed->kind);
  }
  if (name == kFunctions) kinds += ", host (the same as function)";
  return kinds;
}

std::vector<std::string_view> names_of_families() {
  std::vector<std::string_view> names;
  for (const Mintable& one : mintable()) {
    if (std::find(names.begin(), names.end(), one.name()) == names.end()) {
      names.push_back(one.name());
    }
  }
  return names;
}

// Of --help: a line a family.
std::string families_and_kinds() {
  std::string lines;
  for (const std::string_view name : names_of_families()) {
    lines += fmt::format("  {:<30} {}\n", name, kinds_of(name));
  }
  return lines;
}

Mintable mintable_named(const std::string& name, const std::string& kind) {
  std::vector<Mintable> of_family;
  for (const Mintable& one : mintable()) {
    if (one.name() == name) of_family.push_back(one);
  }
  if (of_family.empty()) {
    const std::string names = fmt::format("{}", fmt::join(names_of_families(), ", "));
    if (is_family_name(name)) {
      throw Error(fmt::format("Nothing proves a key of {}, so none is made. Choose one of: {}.",
                              name, names));
    }
    throw Error(fmt::format("There is no family {}. Choose one of: {}.", name, names));
  }
  if (kind.empty() && of_family.size() == 1) return of_family[0];
  // Functions makes host keys and functions' keys alike.
  const bool host = name == kFunctions && kind == "host";
  for (const Mintable& one : of_family) {
    if (one.seed->kind == (host ? "function" : std::string_view(kind))) return one;
  }
  if (kind.empty()) {
    throw Error(
        fmt::format("The kind of key is missing. Give --kind with one of: {}.", kinds_of(name)));
  }
  throw Error(fmt::format("{} has no kind {}. Choose one of: {}.", name, kind, kinds_of(name)));
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
void record(const MintFlags& flags, const std::vector<Secret>& keys, const Mintable& of) {
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
    if (of.name() == kFunctions && flags.kind == "host") entry.scope = Scope::host;
    if (of.name() == kFunctions && of.seed->kind == "master") entry.scope = Scope::app;
    inventory.put(std::move(entry));
  }
  inventory.write(flags.inventory);
}

int mint_command(const MintFlags& flags) {
  const Mintable of = mintable_named(flags.family, flags.kind);
  check_secret_name(flags);
  if (flags.canary && flags.inventory.empty()) {
    throw Error("A canary is of use only if it is known. Name its file with --inventory.");
  }
  std::vector<Secret> keys;
  for (unsigned i = 0; i < flags.count; ++i) {
    std::optional<Secret> key = mint_random(*of.family, *of.seed);
    if (!key) throw Error("The system gives no random numbers. Try again later.");
    keys.push_back(std::move(*key));
  }
  if (!flags.inventory.empty()) record(flags, keys, of);
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
  mint->add_option("--family", flags->family, "Whose keys: one of those below")
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
  constexpr std::string_view kFooter =
      "\nThe key goes to standard output, and nowhere else. It is made of the system's random\n"
      "numbers and its checksum holds, so that assay proves it wherever it leaks.\n"
      "Examples:\n"
      "  assay mint --kind host --secret-name host-function-default |\n"
      "    az containerapp secret set -g GROUP -n APP --secrets @-\n"
      "  assay mint --kind function --canary --inventory keys.inventory --app contoso-orders\n"
      "  assay mint --family azure-storage --kind account";
  // Made when it is asked for: every command is set up at each start.
  mint->footer([kFooter] {
    return "Families and their kinds:\n" + families_and_kinds() + std::string(kFooter);
  });
  mint->callback([&chosen, flags] { chosen = [flags] { return mint_command(*flags); }; });
}

}  // namespace assay
