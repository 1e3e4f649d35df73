// The wording that the documents of an incident share. All of it is printable(), on one line; what
// marks the text up is each format's own.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/incident.h"

namespace assay {

// "One key, 37 places, 4 owners."
std::string headline(const Incident& incident);

// "Azure Functions master key"; of a rule that is not known, its id.
std::string title_of(const IncidentKey& key);

// A line a key for who has little time: whose it is, and what to do now.
struct Glance {
  std::string of;     // "app contoso-orders, function Refund"
  std::string owner;  // "payments and 2 more"
  std::string now;    // "Renew the master key now": words of ours
};
Glance glance_of(const IncidentKey& key);

// What leaked, as rows of name and value; values that may be of the input are marked.
struct Row {
  std::string_view name;
  std::string value;
  bool quoted = true;  // of the input: to be shown as it is, apart from our own words
};
std::vector<Row> facts_of(const IncidentKey& key);

// How the key stands at a place: "query; percent", "damaged: one character replaced".
std::string manner_of(const IncidentPlace& place);
// Its record or its history: "in slack #incidents, message 17620… by dana, 2025-11-02T08:00:00Z".
std::string origin_of(const IncidentPlace& place);
// "logs/app.log:41:105"
std::string spot_of(const IncidentPlace& place);

// The lines of the timeline.
std::vector<std::string> timeline_of(const IncidentKey& key);

// The fields of the change record with their names, in their order; unknown ones are empty.
std::vector<std::pair<std::string_view, std::string>> fields_of(const ChangeRecord& change);

// "team-payments: the inventory has this key, 37 places; contact …", and why others are not known.
std::vector<std::string> owner_lines(const IncidentKey& key);
std::string brought_by_line(const BroughtByAt& at);

// The rotation plan: what to do, each with the commands for it, and the queries with what they are
// asked of.
struct Task {
  std::string text;
  std::vector<std::string> commands;
  std::vector<std::pair<std::string, std::string>> queries;
};
std::vector<Task> tasks_of(const RotationPlan& plan);

// Of a report: tool, rules, command, what was scanned. Rows as of facts_of.
std::vector<Row> facts_of(const FindingsFile& report);

// Why a report has no hashes of its input. Words in backticks are code.
std::string_view why_no_hashes(const FindingsFile& report);

// An address that may be a link: http or https, with the characters that addresses have.
bool may_be_link(std::string_view text);

}  // namespace assay
