// Jira's XML view ("RSS") and the entities.xml of a backup.
//
// In the view an item has its comments in it, and is all that must be read:
//
//   <rss version="0.92"><channel>…<item><link>…/browse/PAY-118</link><project key="PAY"/>
//     <key id="10118">PAY-118</key><reporter username="dana">Dana Ibo</reporter>
//     <comments><comment id="10044" author="milo" created="Sun, 2 Nov 2025 09:00:00 +0100">…
//
// In a backup everything refers to something else by id, and stands in any order:
//
//   <Action id="10044" issue="10118" author="JIRAUSER7" type="comment" body="…"/>
//   <ChangeItem group="9" oldstring="…"/>  <ChangeGroup id="9" issue="10118" author="…"/>
//   <Issue id="10118" number="118" project="10000"/>  <Project id="10000" key="PAY"/>
//   <ApplicationUser userKey="JIRAUSER7" lowerUserName="dana"/>
//
// So a first pass reads what the offsets need to know, and up to two more look that up.
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

constexpr size_t kMostProjects = 100'000;

std::string project_of(std::string_view key) {
  const size_t dash = key.rfind('-');
  return std::string(key.substr(0, dash == std::string_view::npos ? 0 : dash));
}

// --- The view -----------------------------------------------------------------------------------

Record item_record(const XmlNode& item) {
  Record record;
  record.system = "jira";
  record.id = item.child_text("key");
  if (const XmlNode* project = item.child("project")) {
    record.container = project->attribute("key");
  }
  if (record.container.empty()) record.container = project_of(record.id);
  const std::string_view link = item.child_text("link");
  if (starts_with_nocase(link, "http")) record.link = link;
  record.author = item.child_text("reporter");
  const XmlNode* reporter = item.child("reporter");
  if (record.author.empty() && reporter != nullptr) record.author = reporter->attribute("username");
  record.time = utc_time(item.child_text("created"));
  return record;
}

Record comment_record(const Record& item, const XmlNode& comment) {
  Record record = item;
  const std::string id(comment.attribute("id"));
  record.author = comment.attribute("author");
  record.time = utc_time(comment.attribute("created"));
  if (!id.empty() && !record.id.empty()) record.id += "#comment-" + id;
  if (!id.empty() && !record.link.empty()) record.link += "?focusedCommentId=" + id;
  return record;
}

// --- The backup ---------------------------------------------------------------------------------

// What an entity says, as an attribute or, if it has line breaks, a child element.
std::string field(const XmlNode& entity, std::string_view name) {
  const std::string_view value = entity.attribute(name);
  return std::string(value.empty() ? entity.child_text(name) : value);
}

// An entity that holds a key, as far as it is known.
struct Sighting {
  std::string part;  // comment-10044; empty for the issue's own text
  std::string issue, group, author;
};

class Backup {
 public:
  Backup(const Export& in, Offsets offsets) : in_(in), offsets_(offsets), holders_(offsets) {}

  FoundRecords run() {
    FoundRecords found;
    found.records.resize(offsets_.size());
    found.problem = look_at_offsets();
    for (int pass = 0; pass < 2 && something_wanted(); ++pass) {
      const std::string problem = look_up();
      if (found.problem.empty()) found.problem = problem;
      for (const auto& [group, facts] : groups_) want_group(facts);
    }
    std::vector<Record> records;
    for (const Sighting& sighting : sightings_) records.push_back(told(sighting));
    for (size_t i = 0; i < offsets_.size(); ++i) {
      if (holders_[i] != XmlHolders::kNone) found.records[i] = records[holders_[i]];
    }
    return found;
  }

 private:
  struct Group {
    std::string issue, author;
    bool known = false;
  };
  struct Issue {
    std::string key, number, project, author;
    bool known = false;
  };

  static bool is_entity(std::span<const std::string> path) { return path.size() == 2; }

  std::string look_at_offsets() {
    XmlPass pass;
    pass.is_record = is_entity;
    pass.record = [&](XmlNode& entity, bool) {
      if (holders_.take(entity, sightings_.size())) note(entity);
      keep_names(entity);
      return !holders_.done();
    };
    return read_xml(in_, pass);
  }

  // Adds one sighting, also of an entity that is no part of an issue.
  void note(const XmlNode& entity) {
    Sighting& sighting = sightings_.emplace_back();
    const std::string id = field(entity, "id");
    if (entity.name == "Issue") {
      sighting.issue = id;
      issues_[id] = issue_facts(entity);
      want_author(issues_[id].author);
    } else if (entity.name == "ChangeItem") {
      sighting.group = field(entity, "group");
      sighting.part = "history-" + sighting.group;
      groups_.try_emplace(sighting.group);
    } else {
      sighting.issue = field(entity, "issue");
      if (sighting.issue.empty()) return;
      sighting.author = field(entity, "author");
      sighting.part = (entity.name == "Worklog" ? "worklog-" : "comment-") + id;
      if (entity.name != "Action" && entity.name != "Worklog") sighting.part.clear();
      issues_.try_emplace(sighting.issue);
      want_author(sighting.author);
    }
  }

  static Issue issue_facts(const XmlNode& entity) {
    std::string author = field(entity, "reporter");
    if (author.empty()) author = field(entity, "creator");
    return {field(entity, "key"), field(entity, "number"), field(entity, "project"),
            std::move(author), true};
  }

  void want_group(const Group& facts) {
    if (!facts.issue.empty()) issues_.try_emplace(facts.issue);
    want_author(facts.author);
  }
  void want_author(const std::string& key) {
    if (!key.empty()) users_.try_emplace(key);
  }

  bool something_wanted() const {
    const auto unknown = [](const auto& entry) { return !entry.second.known; };
    return std::any_of(groups_.begin(), groups_.end(), unknown) ||
           std::any_of(issues_.begin(), issues_.end(), unknown) ||
           std::any_of(users_.begin(), users_.end(),
                       [](const auto& entry) { return entry.second.empty(); }) ||
           (projects_.empty() && !issues_.empty());
  }

  void keep_names(const XmlNode& entity) {
    if (entity.name == "Project" && projects_.size() < kMostProjects) {
      projects_[field(entity, "id")] = field(entity, "key");
    }
  }

  std::string look_up() {
    XmlPass pass;
    pass.is_record = is_entity;
    pass.record = [&](XmlNode& entity, bool) {
      keep_names(entity);
      if (entity.name == "ChangeGroup") {
        if (const auto at = groups_.find(field(entity, "id")); at != groups_.end()) {
          at->second = {field(entity, "issue"), field(entity, "author"), true};
        }
      } else if (entity.name == "Issue") {
        if (const auto at = issues_.find(field(entity, "id")); at != issues_.end()) {
          at->second = issue_facts(entity);
        }
      } else if (entity.name == "ApplicationUser") {
        if (const auto at = users_.find(field(entity, "userKey")); at != users_.end()) {
          at->second = field(entity, "lowerUserName");
        }
      }
      return true;
    };
    return read_xml(in_, pass);
  }

  Record told(const Sighting& sighting) const {
    Record record;
    if (sighting.issue.empty() && sighting.group.empty()) return record;
    record.system = "jira";
    std::string issue_id = sighting.issue, author = sighting.author;
    if (const auto group = groups_.find(sighting.group); group != groups_.end()) {
      issue_id = group->second.issue;
      author = group->second.author;
    }
    if (const auto at = issues_.find(issue_id); at != issues_.end() && at->second.known) {
      const Issue& issue = at->second;
      const auto project = projects_.find(issue.project);
      if (project != projects_.end()) record.container = project->second;
      record.id = issue.key;
      if (record.id.empty() && !record.container.empty() && !issue.number.empty()) {
        record.id = record.container + "-" + issue.number;
      }
      if (record.container.empty()) record.container = project_of(record.id);
      if (sighting.part.empty()) author = issue.author;
    }
    if (!record.id.empty() && !sighting.part.empty()) record.id += "#" + sighting.part;
    const auto user = users_.find(author);
    record.author = user == users_.end() || user->second.empty() ? author : user->second;
    return record;
  }

  const Export& in_;
  Offsets offsets_;
  XmlHolders holders_;  // of the offsets: which sighting
  std::vector<Sighting> sightings_;
  std::map<std::string, Group> groups_;  // those that are wanted
  std::map<std::string, Issue> issues_;
  std::map<std::string, std::string> users_;     // login by key
  std::map<std::string, std::string> projects_;  // key by id, all
};

}  // namespace

bool is_jira_rss(const Export& in) {
  const std::string opening = xml_opening(in.head);
  if (opening.find("<rss") == std::string::npos) return false;
  return opening.find("RSS generated by JIRA") != std::string::npos ||
         opening.find("XML representation of a search request") != std::string::npos ||
         opening.find("XML representation of an issue") != std::string::npos;
}

FoundRecords find_in_jira_rss(const Export& in, Offsets offsets) {
  FoundRecords found;
  found.records.resize(offsets.size());
  size_t next = 0;
  XmlPass pass;
  pass.is_record = [](std::span<const std::string> path) {
    return path.size() == 3 && path[2] == "item";
  };
  pass.record = [&](XmlNode& item, bool) {
    if (next == offsets.size() || offsets[next] >= item.end) return next < offsets.size();
    const Record record = item_record(item);
    const XmlNode* comments = item.child("comments");
    for (; next < offsets.size() && offsets[next] < item.end; ++next) {
      if (!item.holds(offsets[next])) continue;
      const XmlNode* comment = comments == nullptr ? nullptr : comments->child_at(offsets[next]);
      found.records[next] = comment == nullptr ? record : comment_record(record, *comment);
    }
    return next < offsets.size();
  };
  found.problem = read_xml(in, pass);
  return found;
}

bool is_jira_backup(const Export& in) {
  return xml_opening(in.head).find("<entity-engine-xml") != std::string::npos;
}

FoundRecords find_in_jira_backup(const Export& in, Offsets offsets) {
  return Backup(in, offsets).run();
}

}  // namespace assay
