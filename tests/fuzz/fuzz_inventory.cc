// Inventories and what is imported into them.
//
// The first byte chooses: `h` the lines of an inventory, `i` to `m` a text to import (auto, az,
// arm, csv, keyvault). The second is make_text's.
#include <string>

#include "response/inventory.h"
#include "response/inventory_check.h"
#include "response/inventory_entry.h"
#include "response/inventory_import.h"
#include "rules/rule_set.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

void check_inventory_text(const Inventory& inventory) {
  const std::string text = inventory.text();
  check(is_utf8(text), "an inventory is valid UTF-8");
  check(!holds_control(text, "\n"), "an inventory holds no control characters");
  check(!holds_proven_key(text), "an inventory holds no key");
  check(Inventory::parse(text, "again").text() == text, "an inventory's text is read as it is");
  Inventory twice = inventory;
  const auto merged = twice.merge(inventory);
  check(merged.added + merged.changed + merged.unmatched == 0,
        "merging it with itself adds nothing");
  check(twice.text() == text, "merging it with itself changes nothing");
  check_inventory(inventory, {});
  for (const InventoryEntry& entry : inventory.entries()) {
    check(inventory.find(entry.id) == &entry, "each entry is found by its id");
  }
}

void read_lines(const std::string& lines) {
  const Inventory inventory = Inventory::parse(lines, "fuzzed");
  check_inventory_text(inventory);
}

void import(const std::string& text, ImportFormat format) {
  Inventory inventory = Inventory::parse(header_line(std::string(32, 's'), {}) + "\n", "empty");
  InventoryEntry given;
  given.app = "contoso-orders";
  Imported imported = read_import(text, "secrets/Refund.json", format, given, inventory);
  apply(imported, inventory);
  check(inventory.entries().size() <= imported.entries.size(), "no entry comes from nowhere");
  for (const std::string& note : imported.notes) {
    check(!holds_proven_key(note), "what is told of an import holds no key");
  }
  check_inventory_text(inventory);
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  using assay::ImportFormat;
  constexpr ImportFormat kFormats[] = {ImportFormat::automatic, ImportFormat::az, ImportFormat::arm,
                                       ImportFormat::csv, ImportFormat::keyvault};
  Input input(data, size);
  const size_t choice = input.byte() % 8;
  const std::string text = make_text(input);
  try {
    if (choice == 0) {
      const bool whole = text.starts_with("{\"assay");
      read_lines((whole ? "" : assay::header_line(std::string(32, 's'), {}) + "\n") + text);
    } else {
      import(text, kFormats[(choice - 1) % std::size(kFormats)]);
    }
  } catch (const assay::Error& error) {
    check(!holds_proven_key(error.what()), "what is told of a refused text holds no key");
  }
  return 0;
}
