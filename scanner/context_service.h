// Host names of the services that keys other than those of Functions open.
#pragma once

#include <cstdint>
#include <string_view>

#include "scanner/context_host.h"

namespace assay {

// The services that keys of `family` open, as a set; all of them of a family that none is known of
// (any-azure, custom).
uint64_t services_of(std::string_view family);

// Whether one of `services` has host names like this one, in any case.
bool is_service_host(std::string_view host, uint64_t services);

// Whether keys of the family are rules of a namespace or hub: shared access keys.
bool is_messaging(std::string_view family);

// Sets host and, where it is a service's, app: the account, namespace, hub, registry or
// organisation that the name or, of services with one host for all, the path begins with. Nothing
// if `host` is no host name.
void set_service(ContextFacts& facts, std::string_view host, std::string_view path);

// Parts of an address. `user` may hold the key.
struct Address {
  std::string_view user;
  std::string_view host;
  std::string_view path;
};

// Reads `scheme://USER@HOST:PORT/PATH?…`, or the same without the scheme.
Address read_address(std::string_view text);

}  // namespace assay
