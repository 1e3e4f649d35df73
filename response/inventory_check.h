// What an inventory leaves open.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "response/inventory.h"

namespace assay {

struct InventoryCheck {
  int max_age = -1;  // days since a key was rotated, or made; negative: not looked at
  std::chrono::sys_days today =
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
};

// A sentence each, in the order of the entries: keys without an owner or a contact, held by several
// callers, too old, told to be two things; two keys told to be one. Canaries are left out.
std::vector<std::string> check_inventory(const Inventory& inventory, const InventoryCheck& check);

// "host key default of contoso-orders", "key Refund/partner of contoso-orders, slot staging".
std::string name_of(const InventoryEntry& entry);

// The day of a date or time; nothing if it is none.
std::optional<std::chrono::sys_days> day_of(std::string_view date);

}  // namespace assay
