// An unload of ServiceNow, or one record of `.do?XML`. What was written to a ticket stands beside
// it, before or long after, and refers to it by its sys_id:
//
//   <unload unload_date="2025-11-02 09:00:00">
//     <incident action="INSERT_OR_UPDATE"><number>INC0010023</number><sys_id>9d38…</sys_id>…
//     <sys_journal_field><element_id>9d38…</element_id><name>incident</name><sys_id>77ab…</sys_id>
//       <sys_created_by>dana</sys_created_by><value>KEY</value></sys_journal_field>
//     <sys_audit><documentkey>9d38…</documentkey><tablename>incident</tablename>…
//     <sys_attachment_doc><sys_attachment>5c1e…</sys_attachment>…  → sys_attachment → table_sys_id
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "scanner/records/export_text.h"
#include "scanner/records/text_formats.h"
#include "scanner/records/time_text.h"
#include "scanner/records/xml_text.h"

namespace assay {
namespace {

// How a table's rows refer to the ticket that they belong to.
struct Part {
  std::string_view table, owner, owner_table;
  std::string_view author;  // before sys_created_by
};
constexpr Part kParts[] = {
    {"sys_journal_field", "element_id", "name", ""},
    {"sys_audit", "documentkey", "tablename", "user"},
    {"sys_attachment", "table_sys_id", "table_name", ""},
    {"sys_attachment_doc", "sys_attachment", "", ""},
};

const Part* part_of(std::string_view table) {
  const auto at = std::find_if(std::begin(kParts), std::end(kParts),
                               [&](const Part& part) { return part.table == table; });
  return at == std::end(kParts) ? nullptr : at;
}

// Of what the element refers to: the name that is shown, else the id.
std::string_view display(const XmlNode& row, std::string_view name) {
  const XmlNode* node = row.child(name);
  if (node == nullptr) return {};
  const std::string_view shown = node->attribute("display_value");
  return shown.empty() ? without_spaces(node->text) : shown;
}

class Unload {
 public:
  Unload(const Export& in, Offsets offsets) : in_(in), offsets_(offsets), holders_(offsets) {}

  FoundRecords run() {
    FoundRecords found;
    found.records.resize(offsets_.size());
    found.problem = look_at_offsets();
    // Chunks lead to their attachment, and this to its ticket.
    for (int pass = 0; pass < 2 && something_wanted(); ++pass) {
      const std::string problem = look_up();
      if (found.problem.empty()) found.problem = problem;
    }
    for (Sighting& sighting : sightings_) complete(sighting);
    for (size_t i = 0; i < offsets_.size(); ++i) {
      if (holders_[i] != XmlHolders::kNone) found.records[i] = sightings_[holders_[i]].record;
    }
    return found;
  }

 private:
  struct Sighting {
    Record record;
    std::string owner;  // sys_id
  };
  struct Ticket {
    std::string table, number;
    std::string owner;  // of an attachment: the ticket
    bool known = false;
  };

  static bool is_row(std::span<const std::string> path) { return path.size() == 2; }

  std::string look_at_offsets() {
    XmlPass pass;
    pass.is_record = is_row;
    pass.record = [&](XmlNode& row, bool) {
      if (holders_.take(row, sightings_.size())) note(row);
      return !holders_.done();
    };
    return read_xml(in_, pass);
  }

  void note(const XmlNode& row) {
    Sighting& sighting = sightings_.emplace_back();
    Record& record = sighting.record;
    record.system = "servicenow";
    record.container = row.name;
    record.time = utc_time(row.child_text("sys_created_on"), NoZone::utc);
    const Part* part = part_of(row.name);
    if (part != nullptr && !part->author.empty()) record.author = row.child_text(part->author);
    if (record.author.empty()) record.author = row.child_text("sys_created_by");
    if (record.author.empty()) record.author = display(row, "opened_by");
    record.id = part == nullptr ? row.child_text("number") : std::string_view();
    if (record.id.empty()) record.id = row.child_text("sys_id");
    if (part != nullptr) {
      sighting.owner = row.child_text(part->owner);
      const std::string_view table = row.child_text(part->owner_table);
      if (!table.empty()) record.container = table;
      if (!sighting.owner.empty()) tickets_.try_emplace(sighting.owner);
    }
  }

  bool something_wanted() const {
    return std::any_of(tickets_.begin(), tickets_.end(),
                       [](const auto& entry) { return !entry.second.known; });
  }

  std::string look_up() {
    std::map<std::string, Ticket> more;
    XmlPass pass;
    pass.is_record = is_row;
    pass.record = [&](XmlNode& row, bool) {
      if (row.name == "sys_journal_field" || row.name == "sys_audit") return true;
      const auto at = tickets_.find(std::string(row.child_text("sys_id")));
      if (at == tickets_.end() || at->second.known) return true;
      if (row.name == "sys_attachment") {
        at->second.owner = row.child_text("table_sys_id");
        at->second.table = row.child_text("table_name");
        if (!at->second.owner.empty()) more.try_emplace(at->second.owner);
      } else {
        at->second.table = row.name;
        at->second.number = row.child_text("number");
      }
      at->second.known = true;
      return true;
    };
    std::string problem = read_xml(in_, pass);
    tickets_.merge(more);
    return problem;
  }

  // TICKET#SYSID, where the ticket is in the export, else its sys_id.
  void complete(Sighting& sighting) const {
    if (sighting.owner.empty()) return;
    std::string owner = sighting.owner;
    auto ticket = tickets_.find(owner);
    if (ticket != tickets_.end() && !ticket->second.owner.empty()) {
      if (!ticket->second.table.empty()) sighting.record.container = ticket->second.table;
      owner = ticket->second.owner;
      ticket = tickets_.find(owner);
    }
    if (ticket != tickets_.end() && ticket->second.known) {
      if (!ticket->second.table.empty()) sighting.record.container = ticket->second.table;
      if (!ticket->second.number.empty()) owner = ticket->second.number;
    }
    sighting.record.id = owner + "#" + sighting.record.id;
  }

  const Export& in_;
  Offsets offsets_;
  XmlHolders holders_;  // of the offsets: which sighting
  std::vector<Sighting> sightings_;
  std::map<std::string, Ticket> tickets_;  // those that are wanted, by sys_id
};

}  // namespace

bool is_servicenow_xml(const Export& in) {
  const std::string opening = xml_opening(in.head);
  const size_t unload = opening.find("<unload ");
  if (unload != std::string::npos) return opening.find("unload_date=\"", unload) < unload + 64;
  // The other form's root says nothing: a table's columns must follow.
  std::string_view text = opening;
  if (text.starts_with("<?xml")) text = text.substr(std::min(text.find("?>"), text.size() - 2) + 2);
  if (!without_spaces(text).starts_with("<xml>")) return false;
  const std::string more = xml_opening(in.head, kExportHead);
  return more.find("<sys_id>") != std::string::npos &&
         more.find("<sys_created_on>") != std::string::npos;
}

FoundRecords find_in_servicenow_xml(const Export& in, Offsets offsets) {
  return Unload(in, offsets).run();
}

}  // namespace assay
