// The record of an incident as a document: Markdown, one file of HTML, or JSON.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "response/incident.h"

namespace assay {

// What a record is made of; all of it must outlive the call.
struct IncidentRecord {
  const Incident& incident;
  std::span<const FindingsFile> reports;
  std::string title;
};

// Each appends one document to `out` and calls `more` now and then, so that the caller can write
// `out` away and clear it. Whatever a name in the findings holds, it stays text: no link, markup,
// script or line of it gets into the document. JSON tells every place; the others the first of each
// key, and how many more there are. The same record gives the same bytes.
using More = std::function<void()>;
void write_incident_markdown(const IncidentRecord& record, std::string& out, const More& more);
void write_incident_html(const IncidentRecord& record, std::string& out, const More& more);
void write_incident_json(const IncidentRecord& record, std::string& out, const More& more);

// How many are shown to people before the rest is only counted.
inline constexpr size_t kShownKeys = 200;
inline constexpr size_t kShownPlaces = 500;  // of one key
inline constexpr size_t kShownLines = 200;   // of any other list

}  // namespace assay
