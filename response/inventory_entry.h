// One entry of an inventory: its line, its limits, and two of one key made one.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "response/inventory.h"

namespace assay {

// The entry as one line of JSON, without a line break. The entry must be one that `wrong_with`
// finds nothing wrong with.
std::string entry_line(const InventoryEntry& entry);

// Reads one. Returns what is wrong with it, half a sentence with the field's name and nothing of
// the line's content, or empty.
std::string read_entry(std::string_view line, InventoryEntry& entry);

// What keeps an entry from standing in an inventory: a bad id or date, a field that is too long, a
// control character, a value that looks like a key. Empty if nothing. Puts `callers` in order.
std::string wrong_with(InventoryEntry& entry);

// Of an entry that holds a key: the field that does, in backticks, or "a field".
std::string field_with_key(const InventoryEntry& entry);

// One entry of those with the same id, at least one. Their order does not matter, nor how often one
// of them is there, nor whether some were joined before.
InventoryEntry join(std::span<const InventoryEntry> entries);

// Puts the facts of `news` in place of those of `entry`; of both, callers and canaries are kept,
// and what is contested for fields that `news` does not tell. Returns whether anything changed.
bool update(InventoryEntry& entry, const InventoryEntry& news);

// The first line.
struct InventoryHeader {
  std::string salt;
  std::map<std::string, std::string> more;
};
std::string header_line(const std::string& salt, const std::map<std::string, std::string>& more);
std::string read_header(std::string_view line, InventoryHeader& header);  // as read_entry

// Whether the line begins as that of a header does, not as an entry.
bool is_header(std::string_view line);

// Whether arrays and objects in `json` nest not deeper than `depth`, so that it may be parsed.
bool nests_at_most(std::string_view json, int depth);

// The scope of that word; nothing for other words.
bool read_scope(std::string_view word, Scope& scope);

}  // namespace assay
