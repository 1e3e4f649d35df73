// Names under which the Functions host keeps its keys in a secret store.
#pragma once

#include <string>
#include <string_view>

#include "rules/rule.h"

namespace assay {

// What a secret's name says. `carrier` is empty if the name is none of these.
struct SecretName {
  std::string_view carrier;  // key-vault, kubernetes, container-app
  Scope scope = Scope::unknown;
  std::string function;
  std::string key_name;
};

// Reads `host--functionKey--NAME` (Key Vault), `host.function.NAME` (Kubernetes and mounted files),
// `host-function-NAME` (Container Apps) and their like, in any case.
SecretName read_secret_name(std::string_view name);

// The one Key Vault name in `text`, or nothing where there is none or more than one.
std::string_view find_vault_name(std::string_view text);

}  // namespace assay
