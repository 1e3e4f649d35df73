// Where the readers of import formats put what they find.
#pragma once

#include <string>
#include <string_view>

#include "response/inventory_import.h"

namespace assay {

class ImportedKeys {
 public:
  ImportedKeys(std::string_view name, const InventoryEntry& given, const Inventory& inventory)
      : name_(name), given_(given), inventory_(inventory) {}

  // Throws the Error for input that is none of the formats.
  [[noreturn]] void fail(std::string_view what) const;

  // Makes an entry of a key. `facts` are those told by the input; the kind that the checksum proves
  // decides over the scope. A value that is empty or too long is left out, and told.
  void key(InventoryEntry facts, std::string_view value);
  // As above, of a key whose id is known already.
  void known(InventoryEntry facts, std::string_view id);
  // What is told of a key without its value.
  void fact(InventoryEntry facts);
  void leave_out(const InventoryEntry& facts, std::string_view why);
  // A secret that stands among keys and is none of Functions.
  void foreign(std::string_view secret);
  void note(std::string sentence);

  const InventoryEntry& given() const { return given_; }
  std::string_view name() const { return name_; }
  Imported take() { return std::move(imported_); }

  // The name as it may be shown: not what looks like a key.
  static std::string shown(std::string_view name);

 private:
  void complete(InventoryEntry& facts) const;

  std::string_view name_;
  const InventoryEntry& given_;
  const Inventory& inventory_;
  Imported imported_;
};

// One reader each.
void import_json(std::string_view text, bool only_vault, ImportedKeys& keys);
void import_csv(std::string_view text, ImportedKeys& keys);

// A date or time as an inventory has it; empty for what is none.
std::string inventory_date(std::string_view text);

}  // namespace assay
