// The fields of an entry by name, for what treats them alike.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "response/inventory.h"

namespace assay {

struct TextField {
  std::string_view name;
  std::string InventoryEntry::*value;
};
// `scope` stands behind the first table, `callers` behind `owner`.
inline constexpr TextField kNameFields[] = {{"app", &InventoryEntry::app},
                                            {"slot", &InventoryEntry::slot},
                                            {"function", &InventoryEntry::function},
                                            {"key_name", &InventoryEntry::key_name}};
inline constexpr TextField kOwnerFields[] = {{"owner", &InventoryEntry::owner}};
inline constexpr TextField kPlaceFields[] = {{"contact", &InventoryEntry::contact},
                                             {"storage", &InventoryEntry::storage},
                                             {"resource_group", &InventoryEntry::resource_group},
                                             {"subscription", &InventoryEntry::subscription}};
inline constexpr TextField kDateFields[] = {{"created", &InventoryEntry::created},
                                            {"last_rotated", &InventoryEntry::last_rotated}};
inline constexpr TextField kLinkFields[] = {{"runbook", &InventoryEntry::runbook}};
inline constexpr std::span<const TextField> kTextFields[] = {
    kNameFields, kOwnerFields, kPlaceFields, kDateFields, kLinkFields};
inline constexpr std::string_view kOtherFields[] = {"id", "scope", "callers", "canary",
                                                    "contested"};

// Fields of which an entry has one, and two entries may tell two.
inline constexpr std::span<const TextField> kSingleFields[] = {kNameFields, kOwnerFields,
                                                               kPlaceFields, kLinkFields};

// `owner=payments` in its two parts; no `=`: an empty field.
std::pair<std::string, std::string> contested_parts(const std::string& text);

// The values of all fields that have one, by the field's name, contested ones too.
using FieldValues = std::map<std::string, std::set<std::string>>;
void gather_values(const InventoryEntry& entry, FieldValues& values);

}  // namespace assay
