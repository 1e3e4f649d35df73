// The address of a request whose credential stands apart from it.
#pragma once

#include "scanner/context_host.h"
#include "scanner/context_text.h"

namespace assay {

// Which names count: a log line's own host is a bare name, and the URLs in it are mere references.
enum class Sites { urls_and_names, names_only };

// Sets host, and with `urls_and_names` what the path says, from the one site that the key's line
// or record speaks of; else from the HTTP message that the key is in; else, with `urls_and_names`,
// from the one site of its paragraph. Where two sites are equally near, nothing is set: a wrong
// owner is worse than none.
void find_site(const Surroundings& surroundings, Sites which, ContextFacts& facts);

}  // namespace assay
