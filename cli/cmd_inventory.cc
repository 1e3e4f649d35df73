// assay inventory init | import | merge | list | check | remove
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "cli/commands.h"
#include "cli/inventory_lock.h"
#include "cli/output.h"
#include "reports/format.h"
#include "response/inventory.h"
#include "response/inventory_check.h"
#include "response/inventory_entry.h"
#include "response/inventory_import.h"
#include "rules/rule_set.h"
#include "scanner/sources/file_reader.h"
#include "scanner/verify.h"

namespace assay {

namespace {

struct InventoryFlags {
  std::string path;
  std::string from = "auto", input = "-", format = "text", app, today, scope;
  InventoryEntry given;
  std::vector<std::string> others, ids;
  int max_age = -1;
};

std::string shown(std::string_view text) { return redact_names(printable(text)); }

void complain(std::string_view sentence) { say(fmt::format("assay: {}\n", shown(sentence))); }

std::string entries(uint64_t count) {
  return fmt::format("{} {}", grouped(count), count == 1 ? "entry" : "entries");
}

// --inventory, else ASSAY_INVENTORY, else the file of that name in the current folder.
std::string path_of(const InventoryFlags& flags) {
  if (!flags.path.empty()) return flags.path;
  const char* told = std::getenv("ASSAY_INVENTORY");
  return told != nullptr && *told != '\0' ? told : ".assay-inventory";
}

Inventory open_inventory(const std::string& path) {
  Inventory inventory = Inventory::read(path);
  if (open_to_others(path)) {
    complain(
        fmt::format("The inventory {} is open to others. With its salt, values that people "
                    "chose could be guessed: take their rights with chmod 600.",
                    path));
  }
  return inventory;
}

void print(const std::string& text) {
  static const RuleSet rules = RuleSet::builtin();
  Output output("");
  output.buffer() = text;
  output.flush(true, rules.families());
}

int init(const InventoryFlags& flags) {
  const std::string path = path_of(flags);
  struct stat found;
  if (lstat(path.c_str(), &found) == 0) {
    throw Error(
        fmt::format("{} is there already, and a new salt would make its entries unknown. "
                    "Name another file with --inventory.",
                    path));
  }
  Inventory::create().write(path);
  print(fmt::format("{} is an empty inventory, readable for you only.\n", shown(path)));
  return kExitClean;
}

std::string read_input(const std::string& path) {
  Descriptor opened;
  if (path != "-") opened = open_path(path, O_RDONLY | O_NOCTTY);
  const int fd = path == "-" ? 0 : opened.get();
  std::string text;
  ssize_t got = fd < 0 ? -1 : 1;
  for (std::string piece(1 << 16, '\0'); got > 0 && text.size() <= kMostImportBytes;) {
    got = read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR)
      got = 1;
    else if (got > 0)
      text.append(piece, 0, static_cast<size_t>(got));
  }
  if (got < 0) {
    throw Error(fmt::format("{} could not be read: {}. Check the path.",
                            path == "-" ? "Standard input" : path, std::strerror(errno)));
  }
  return text;
}

ImportFormat format_of(const std::string& from) {
  if (from == "az") return ImportFormat::az;
  if (from == "arm") return ImportFormat::arm;
  if (from == "csv") return ImportFormat::csv;
  return from == "keyvault" ? ImportFormat::keyvault : ImportFormat::automatic;
}

int import_keys(InventoryFlags flags) {
  const std::string path = path_of(flags);
  open_inventory(path);  // what is wrong with it is told before anybody sends keys
  if (!flags.scope.empty()) read_scope(flags.scope, flags.given.scope);
  const std::string input = read_input(flags.input);
  const InventoryLock lock(path);
  Inventory inventory = Inventory::read(path);
  Imported imported =
      read_import(input, flags.input, format_of(flags.from), flags.given, inventory);
  const Applied applied = apply(imported, inventory);
  if (applied.changed > 0) inventory.write(path);
  for (const std::string& note : imported.notes) complain(note);
  std::string out = fmt::format("{} read, {} new or changed.\n",
                                counted(imported.entries.size(), "key"), entries(applied.changed));
  if (!imported.facts.empty()) {
    out += fmt::format("{} without a value: {} matched an entry.\n",
                       counted(imported.facts.size(), "key"), applied.matched);
  }
  if (imported.left_out > 0)
    out += fmt::format("{} left out.\n", counted(imported.left_out, "key"));
  print(out);
  return imported.left_out > 0 ? kExitFailed : kExitClean;
}

int merge(const InventoryFlags& flags) {
  const std::string path = path_of(flags);
  const InventoryLock lock(path);
  Inventory inventory = open_inventory(path);
  Inventory::Merged sum;
  for (const std::string& other : flags.others) {
    const Inventory::Merged merged = inventory.merge(open_inventory(other));
    sum.added += merged.added;
    sum.changed += merged.changed;
    sum.unmatched += merged.unmatched;
    if (merged.unmatched > 0) {
      complain(
          fmt::format("{} has another salt, so {} of values that people chose cannot be "
                      "matched and stayed out. Import those keys again from where they are "
                      "kept.",
                      other, entries(merged.unmatched)));
    }
  }
  if (sum.added + sum.changed > 0) inventory.write(path);
  print(fmt::format("{} new, {} changed, {} in all.\n", entries(sum.added), sum.changed,
                    grouped(inventory.entries().size())));
  return sum.unmatched > 0 ? kExitFailed : kExitClean;
}

void add_fact(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) out += fmt::format("; {} {}", name, value);
}

std::string listed(const InventoryEntry& entry) {
  std::string out = fmt::format("{:<25}  {}", entry.id, name_of(entry));
  add_fact(out, "owner", entry.owner);
  add_fact(out, "contact", entry.contact);
  add_fact(out, "held by", fmt::format("{}", fmt::join(entry.callers, ", ")));
  add_fact(out, "kept in", entry.storage);
  add_fact(out, "created", entry.created);
  add_fact(out, "rotated", entry.last_rotated);
  add_fact(out, "runbook", entry.runbook);
  if (entry.canary) out += "; canary";
  return shown(out) + "\n";
}

int list(const InventoryFlags& flags) {
  const Inventory inventory = open_inventory(path_of(flags));
  std::string out;
  uint64_t count = 0;
  for (const InventoryEntry& entry : inventory.entries()) {
    if (!flags.app.empty() && entry.app != flags.app) continue;
    ++count;
    out += flags.format == "json" ? entry_line(entry) + "\n" : listed(entry);
  }
  if (flags.format == "text") out += fmt::format("{}.\n", counted(count, "key"));
  print(out);
  return kExitClean;
}

int check(const InventoryFlags& flags) {
  const Inventory inventory = open_inventory(path_of(flags));
  InventoryCheck wanted;
  wanted.max_age = flags.max_age;
  if (!flags.today.empty()) {
    const auto day = day_of(flags.today);
    if (!day || flags.today.size() != 10) {
      throw Error("--today is no date. Write it like 2026-11-22.");
    }
    wanted.today = *day;
  }
  std::string out;
  const auto sentences = check_inventory(inventory, wanted);
  for (const std::string& sentence : sentences) out += shown(sentence) + "\n";
  out += fmt::format("{} looked at, {} to settle.\n", counted(inventory.entries().size(), "key"),
                     counted(sentences.size(), "point"));
  print(out);
  return sentences.empty() ? kExitClean : kExitFindings;
}

int remove(const InventoryFlags& flags) {
  const std::string path = path_of(flags);
  const InventoryLock lock(path);
  Inventory inventory = open_inventory(path);
  for (const std::string& id : flags.ids) {
    if (!inventory.remove(id)) {
      throw Error(
          fmt::format("{} is in no entry, so nothing was removed. `assay inventory list` "
                      "names them all.",
                      id));
    }
  }
  inventory.write(path);
  print(fmt::format("{} removed, {} left.\n", entries(flags.ids.size()),
                    grouped(inventory.entries().size())));
  return kExitClean;
}

using Flags = std::shared_ptr<InventoryFlags>;

// One of the subcommands, with the flag that they share.
CLI::App* add(CLI::App& inventory, Command& chosen, const Flags& flags, const char* name,
              const char* what, int (*run)(const InventoryFlags&)) {
  CLI::App* command = inventory.add_subcommand(name, what);
  command->add_option("--inventory", flags->path,
                      "The file; else that of ASSAY_INVENTORY, else .assay-inventory");
  command->callback([&chosen, flags, run] { chosen = [flags, run] { return run(*flags); }; });
  return command;
}

void add_import_flags(CLI::App& import, InventoryFlags& flags) {
  InventoryEntry& given = flags.given;
  import.add_option("FILE", flags.input, "JSON or CSV; - or nothing: standard input");
  import.add_option("--from", flags.from, "What the input is: auto, az, arm, csv, keyvault")
      ->check(CLI::IsMember({"auto", "az", "arm", "csv", "keyvault"}));
  import.add_option("--app", given.app, "The function app, for input that does not name it");
  import.add_option("--slot", given.slot, "Its deployment slot");
  import.add_option("--function", given.function, "The function whose keys these are");
  import.add_option("--scope", flags.scope, "What the keys open: host, function, app, extension")
      ->check(CLI::IsMember({"host", "function", "app", "extension"}));
  import.add_option("--resource-group", given.resource_group, "Its resource group");
  import.add_option("--subscription", given.subscription, "Its subscription");
  import.add_option("--owner", given.owner, "Team or person that answers for the keys");
  import.add_option("--contact", given.contact, "Where to reach them");
  import.add_option("--caller", given.callers, "Who holds the keys; may be given again")
      ->allow_extra_args(false);
  import.add_option("--storage", given.storage,
                    "app-service, blob, key-vault:NAME, kubernetes:NAME or container-app");
  import.add_option("--created", given.created, "When they were made, like 2026-11-22");
  import.add_option("--last-rotated", given.last_rotated, "When they were last renewed");
  import.add_option("--runbook", given.runbook, "A link to what to do");
}

}  // namespace

void add_inventory_command(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<InventoryFlags>();
  CLI::App* inventory =
      app.add_subcommand("inventory", "Whose key is which, in a file that holds no key");
  inventory->require_subcommand(1);
  inventory->footer(
      "Examples:\n"
      "  assay inventory init\n"
      "  az functionapp keys list -g rg-orders -n contoso-orders |\n"
      "    assay inventory import --app contoso-orders --owner payments --caller shop\n"
      "  az keyvault secret show --vault-name kv-orders --name host--functionKey--default |\n"
      "    assay inventory import --app contoso-orders\n"
      "  assay inventory merge their-inventory\n"
      "  assay inventory check --max-age 180   exit code 1 if there is something to settle");
  add(*inventory, chosen, flags, "init", "Make an empty inventory with a salt of its own", init);
  CLI::App* one = add(*inventory, chosen, flags, "import",
                      "Take keys from Azure's answers; values are hashed, never stored",
                      [](const InventoryFlags& set) { return import_keys(set); });
  add_import_flags(*one, *flags);
  one = add(*inventory, chosen, flags, "merge", "Take the entries of other inventories", merge);
  one->add_option("OTHER", flags->others, "Inventories")->required();
  one = add(*inventory, chosen, flags, "list", "Show the entries", list);
  one->add_option("--format", flags->format, "text or json: one object a line")
      ->check(CLI::IsMember({"text", "json"}));
  one->add_option("--app", flags->app, "Only the keys of this app");
  one = add(*inventory, chosen, flags, "check",
            "Keys without an owner or contact, shared, or not rotated", check);
  one->add_option("--max-age", flags->max_age, "Days since a key was rotated, or made")
      ->check(CLI::Range(0, 36500));
  one->add_option("--today", flags->today, "The day to count from, like 2026-11-22; else today");
  one = add(*inventory, chosen, flags, "remove", "Take entries out", remove);
  one->add_option("ID", flags->ids, "As `list` shows them")->required();
}

}  // namespace assay
