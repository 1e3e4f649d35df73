// From a place in an export to the record that holds it: which ticket, which message, whose.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/finding.h"
#include "scanner/source.h"

namespace assay {

// An export at hand.
struct Export {
  std::string_view path;          // as reported: export.zip!/general/2025-11-02.json
  std::string_view head;          // its first bytes, at most kExportHead
  const Reader* bytes = nullptr;  // size() and read_at() work
  // The content of another file of the same folder, tree or archive by its path from this one's
  // folder ("../users.json"); empty if there is none or it is over kMostBeside. Costs a read, or a
  // pass over the archive: ask once.
  std::function<std::optional<std::string>(std::string_view path)> beside;
};
inline constexpr size_t kExportHead = size_t{64} << 10;
inline constexpr size_t kMostBeside = size_t{64} << 20;

// The largest single record (JSON object, XML element, line, part of a mail) that is parsed.
inline constexpr size_t kMostRecord = size_t{16} << 20;

struct FoundRecords {
  std::vector<Record> records;  // one for each offset; one without a system: not known
  std::string problem;  // half a sentence, if the export is malformed or over a limit: "the JSON is
                        // cut off at byte 4711"
};

// One format of exports: a row of json_formats.cc or text_formats.cc.
struct RecordFormat {
  std::string_view system;  // Record::system: "slack"
  // By content and name together. Must be right for what only looks like it: a project's own
  // JSON file is no export.
  bool (*recognises)(const Export& in);
  // `offsets` ascending, of findings. Linear in the export's size, bounded memory.
  FoundRecords (*find)(const Export& in, std::span<const uint64_t> offsets);
};
std::span<const RecordFormat> json_formats();
std::span<const RecordFormat> text_formats();

// Asks the first format that recognises the export. Every field is cleaned: no control characters,
// no invalid UTF-8, no key, at most 300 bytes.
FoundRecords find_records(const Export& in, std::span<const uint64_t> offsets);

}  // namespace assay
