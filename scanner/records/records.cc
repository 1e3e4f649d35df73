// Asks the formats one after another, and cleans what they say: an export's names and titles may
// hold anything, and stand in reports.
#include <algorithm>

#include "scanner/records/record.h"
#include "scanner/runs.h"
#include "scanner/snippet.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr size_t kMostField = 300;

// At most kMostField bytes of valid UTF-8 in one line, keys redacted.
void clean(std::string& field) {
  if (field.empty()) return;
  if (field.size() > 4 * kMostField) field.resize(4 * kMostField);
  std::string text = snippet_text(redact_names(field));
  if (text.size() > kMostField) {
    size_t end = kMostField - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
    text += "…";
  }
  field = std::move(text);
}

// A run of key characters, other than an id in hexadecimal.
bool may_hide_key(std::string_view text) {
  size_t length = 0;
  bool hex = true;
  for (const char c : text) {
    if (!is_key_character(c)) {
      length = 0;
      hex = true;
      continue;
    }
    hex = hex && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-' || c == '/');
    if (++length >= kLeastRun && !hex) return true;
  }
  return false;
}

}  // namespace

FoundRecords find_records(const Export& in, std::span<const uint64_t> offsets) {
  for (const auto formats : {json_formats(), text_formats()}) {
    for (const RecordFormat& format : formats) {
      if (!format.recognises(in)) continue;
      FoundRecords found = format.find(in, offsets);
      found.records.resize(offsets.size());
      for (Record& record : found.records) {
        for (std::string* field : {&record.system, &record.container, &record.id, &record.author,
                                   &record.time, &record.link, &record.operation}) {
          clean(*field);
        }
        // What may be a key in a disguise, though nothing here proves it.
        for (std::string* name : {&record.container, &record.author, &record.operation}) {
          if (may_hide_key(*name)) name->clear();
        }
        const size_t query = std::min(record.link.find('?'), record.link.size());
        if (may_hide_key(std::string_view(record.link).substr(query))) record.link.resize(query);
      }
      return found;
    }
  }
  return {std::vector<Record>(offsets.size()), ""};
}

}  // namespace assay
