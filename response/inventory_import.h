// Keys with their values as Azure tells them, made entries of an inventory without values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "response/inventory.h"

namespace assay {

// What the input is. `automatic`: JSON or CSV, as it begins. `az` and `arm`: JSON of the az command
// line, of ARM, of the Functions host's own files, or of Kubernetes. `keyvault`: JSON of
// `az keyvault secret`.
enum class ImportFormat { automatic, az, arm, csv, keyvault };

struct Imported {
  std::vector<InventoryEntry> entries;  // of keys whose value was there; ready for Inventory::put
  // Without an id: what a listing without values tells of keys that an inventory has already.
  std::vector<InventoryEntry> facts;
  // What was left out and why, and what contradicts: whole sentences. They may hold names from the
  // input, as it writes them.
  std::vector<std::string> notes;
  size_t left_out = 0;  // keys, so that what was imported is not all
};

inline constexpr size_t kMostImportBytes = 64 << 20;
inline constexpr int kMostImportDepth = 32;

// Reads a text: one JSON value, several one after another, or CSV. `given` holds facts that all of
// it shares, such as the app; where the input tells one itself and it is another, that is an Error.
// Ids are made with the inventory's salt; no value is kept. `name` stands in messages (`-` for
// standard input), and as `FUNCTION.json` may name the function. Throws Error, with nothing of the
// content, for what is none of the formats.
Imported read_import(std::string_view text, std::string_view name, ImportFormat format,
                     const InventoryEntry& given, const Inventory& inventory);

// Puts the entries into the inventory, and the facts to the entries of the same place and name: one
// that has the same app or, where none is given, is kept in the same vault. Where two entries are
// meant as likely, neither changes. Appends to `imported.notes`. Throws Error, with nothing
// changed, as Inventory::put.
struct Applied {
  size_t changed = 0;  // entries
  size_t matched = 0;  // of the facts
};
Applied apply(Imported& imported, Inventory& inventory);

}  // namespace assay
