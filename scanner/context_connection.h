// Connection strings, and the settings around a key of any other service than Functions.
#pragma once

#include <string_view>

#include "scanner/context_host.h"
#include "scanner/context_text.h"

namespace assay {

// The connection string that the key is a part of: `AccountName=NAME;AccountKey=KEY`, its parts in
// any order, or `HOST:PORT,password=KEY`. `begin` is where it begins in before(); npos if the key
// stands in none.
struct ConnectionString {
  size_t begin = std::string_view::npos;
  bool found() const { return begin != std::string_view::npos; }
};

// Reads it, and sets host, app and key name from its parts.
ConnectionString read_connection_string(const Surroundings& surroundings, ContextFacts& facts);

// Sets host, app and key name from what stands near the key: `AccountName: NAME` in the same
// object, a host name on the same line, settings of the same paragraph. `own` is what the key is
// called: of ORDERS_CLIENT_ID and BILLING_CLIENT_ID the one that begins as ORDERS_CLIENT_SECRET
// does counts. Where two are equally near, nothing is set.
void find_resource(const Surroundings& surroundings, std::string_view own, ContextFacts& facts);

}  // namespace assay
