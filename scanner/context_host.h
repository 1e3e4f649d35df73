// Host names of Functions apps, paths of their endpoints, and how a fact gets into a KeyContext.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scanner/finding.h"

namespace assay {

// What one reading of the surroundings works on: the facts so far, and what may not get into them.
struct ContextFacts {
  KeyContext context;
  std::string_view key;          // as it stands in the text
  std::string_view kind;         // master, system, function, unknown
  std::string_view family = {};  // of keys of other services: azure-storage
  uint64_t services = 0;         // of those keys: services_of(family)

  // Puts `value` into `field` if the field is empty and the value is a name: 1 to 128 characters of
  // [A-Za-z0-9._-], for a store also `:` and `/`, and neither this key nor the form of another one
  // in it.
  void set(std::string& field, std::string_view value) const;
  void set_store(std::string_view value);
  // As set(), for an id that may also hold `:`, `+` and `/`: of an App Configuration credential.
  void set_id(std::string& field, std::string_view value) const;
  // The scope that the text shows: one that the kind contradicts stays out.
  void set_scope(Scope scope);
  bool has_carrier() const { return !context.carrier.empty(); }
};

// Whether the text is a host name: labels of [A-Za-z0-9_-], none of them empty.
bool is_host(std::string_view host);

// Whether Functions apps have names like this one: below azurewebsites.net and its like.
bool is_functions_host(std::string_view host);

// Azure's own endpoints, which are never the app that a key opens.
bool is_management_host(std::string_view host);

// Sets host, functions_host, app and slot from a host name in any case. `line` is where it stands;
// `--slot NAME` or `/slots/NAME/` there shows a slot whose name is not a usual one.
void set_host(ContextFacts& facts, std::string_view host, std::string_view line);

// Sets function, or key name and scope, from `/api/FUNCTION`, `/admin/functions/FUNCTION` or
// `/runtime/webhooks/EXTENSION`.
void set_path(ContextFacts& facts, std::string_view path);

// Whether set_path would look at it.
bool is_functions_path(std::string_view path);

}  // namespace assay
