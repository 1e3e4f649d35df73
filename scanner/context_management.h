// Calls of Azure's management interface that show or set a key: az commands and ARM addresses.
#pragma once

#include <string_view>

#include "scanner/context_host.h"
#include "scanner/context_text.h"

namespace assay {

// What an az command is about.
enum class AzCommand { none, keys, function_keys, vault, secret, other };

// Reads the az command that has the key as an argument, or whose output the key stands in. Sets
// app, slot, group, function, key name and scope where the command is one on keys (`keys`,
// `function_keys`, `secret`), and the secret's name as the store for a vault.
AzCommand read_az_command(const Surroundings& surroundings, ContextFacts& facts);

// That command, from its `az ` on; empty: none. Of one that has the key as an argument what stands
// before the key.
std::string_view az_command_line(const Surroundings& surroundings);
// The value of an option in it.
std::string_view az_option(std::string_view command, std::string_view option);

// Reads `…/resourceGroups/RG/providers/Microsoft.Web/sites/APP[/slots/SLOT]/…` of the call that the
// body with the key belongs to. Whether there is one on the site's keys.
bool read_arm_address(const Surroundings& surroundings, ContextFacts& facts);

}  // namespace assay
