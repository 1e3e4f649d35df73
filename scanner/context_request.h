// The request that carries a key: in its query, or in its x-functions-key header.
#pragma once

#include "scanner/context_host.h"
#include "scanner/context_text.h"

namespace assay {

// Reads a key that stands as a query parameter: `https://HOST/api/F?code=KEY`, `/api/F?code=KEY`,
// or the query field of a log line. Leaves the carrier empty if it is none.
void read_query(const Surroundings& surroundings, ContextFacts& facts);

// Reads a key that stands as the value of the header x-functions-key, or of a parameter or member
// named `code` whose address stands elsewhere in the record.
void read_named_credential(const Surroundings& surroundings, ContextFacts& facts);

}  // namespace assay
