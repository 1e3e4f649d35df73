// What `assay inspect` says of one key: as text for a person, or as a line of JSON.
#pragma once

#include <cstdint>
#include <string>

#include "response/inventory.h"
#include "scanner/inspect_text.h"

namespace assay {

struct KeyReportOptions {
  bool reveal = false;                   // show values: the one way out, never the default
  const Inventory* inventory = nullptr;  // null: none was asked for
  std::string inventory_name;            // for messages
};

// Appends a block of lines that begins with a headline and ends with an empty line. `line` is that
// of the input, 1-based.
void write_key_text(const Inspection& key, uint64_t line, const KeyReportOptions& options,
                    std::string& out);

// Appends one object as one line. Its fields: docs/inspect.md.
void write_key_json(const Inspection& key, uint64_t line, const KeyReportOptions& options,
                    std::string& out);

}  // namespace assay
