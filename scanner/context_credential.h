// How a key of any other service than Functions is sent or kept.
#pragma once

#include <string_view>

#include "scanner/context_host.h"
#include "scanner/context_text.h"

namespace assay {

// Reads the surroundings of a key of `facts.family`: a connection string, the user of a URL, a
// query, a header, the configuration of docker or npm, a command, an environment variable or
// another setting; then whose it is. `path` is the blob's.
void read_credential(const Surroundings& surroundings, std::string_view path, ContextFacts& facts);

}  // namespace assay
