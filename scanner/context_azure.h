// Azure's own names for a resource: ids of the management interface, and az commands on keys.
#pragma once

#include <string_view>

#include "scanner/context_host.h"
#include "scanner/context_text.h"

namespace assay {

// `/subscriptions/S/resourceGroups/GROUP/providers/Microsoft.Storage/storageAccounts/NAME/…`
struct ResourceId {
  std::string_view group, name;
  std::string_view rule;  // behind authorizationRules/ or IotHubKeys/
};

// The next id in `text` from `at` on of a resource that keys of `family` open; `at` moves behind
// it. Its name is empty if there is none.
ResourceId next_resource_id(std::string_view text, size_t& at, std::string_view family);

// Sets app, group and key name from the az command on keys of another service than Functions that
// has the key as an argument or whose output the key stands in:
//   az servicebus namespace authorization-rule keys list -g GROUP --namespace-name APP -n KEY_NAME
// Whether there is one.
bool read_az_resource(const Surroundings& surroundings, ContextFacts& facts);

}  // namespace assay
