// Where a key stands, as the formats tell it: the record of an export, the member of an archive,
// how much of its line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/finding.h"

namespace assay {

// What a system calls its records: a row of the table in record.cc.
struct RecordSystem {
  std::string_view name;       // as in Record::system
  bool exported = false;       // people's tickets, messages and pages, not a log or a secrets file
  std::string_view mark;       // before the container's name: `#`
  std::string_view container;  // channel, project, mailbox
  std::string_view record;     // message, ticket, page
  bool parts = false;          // an id may be `TICKET#part`
};
// Of a system that the table does not have: a container and a record.
const RecordSystem& record_system(std::string_view name);

// Whether the key was found in what such a system exported. What stands in a repository does not
// count: there the file belongs to the repository, whatever it holds.
bool of_export(const Finding& finding);

// "in slack #incidents, message 1762070400.000100 by dana, 2025-11-02T08:00:00Z". Printable, on one
// line; empty if `record` has no system.
std::string record_words(const Record& record);

// The levels of the record's place, the outermost first: slack, incidents, 1762070400.000100; jira,
// PAY, PAY-118, comment-10044. Empty if nothing is known but the system.
struct RecordLevel {
  std::string_view kind;  // system, channel, message, …
  std::string_view name;  // points into the record
};
std::vector<RecordLevel> record_levels(const Record& record);

// Whether what was scanned was decoded from what its path names: a member of an archive, or the
// content of a compressed file. Places then are those of the decoded bytes.
bool from_container(const Finding& finding);

// Whether the path names a member: `dist/app.zip!/inner/path`.
bool is_member(const Finding& finding);

// The file on disk, or in the repository: `dist/app.zip`. Of what is no member, its path.
std::string_view outer_path(const Finding& finding);

// How much of its line the key takes, in UTF-16 units. Of a disguised key that the snippet does not
// show, which may go over several lines, only the first unit is sure to be there.
uint64_t length_on_line(const Finding& finding);

}  // namespace assay
