// The place that keeps a key: a secrets file, a secret store, a command's output, a setting.
#pragma once

#include <string_view>

#include "scanner/context_host.h"
#include "scanner/context_text.h"

namespace assay {

// Reads a key that is kept, shown or set rather than sent. `path` is the blob's. Leaves the carrier
// empty if nothing tells how the key is kept.
void read_store(const Surroundings& surroundings, std::string_view path, ContextFacts& facts);

}  // namespace assay
