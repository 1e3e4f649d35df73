// entities.xml of a Confluence space export: objects that refer to each other by id, in any order.
//
//   <object class="BodyContent"><id name="id">54321</id><property
//   name="body"><![CDATA[<p>KEY</p>]]>
//     </property><property name="content" class="Page"><id name="id">98</id></property></object>
//   <object class="Page"><id name="id">98</id><property name="space" class="Space">…12</property>
//     <property name="lastModifier" class="ConfluenceUserImpl"><id name="key">8a80…</id></property>
//
// A text leads to its page or comment, a comment to its page (containerContent), an old version to
// the page that it was of (originalVersion), a page to its space. The first pass ends behind the
// last offset; each other one looks up all that is wanted by then.
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

constexpr size_t kMostNames = 100'000;  // of spaces and users, each
constexpr int kMostPasses = 4;

bool is_content(std::string_view name) {
  constexpr std::string_view kContents[] = {
      "Page", "BlogPost", "Comment", "CustomContentEntityObject", "SpaceDescription", "Attachment"};
  return std::find(std::begin(kContents), std::end(kContents), name) != std::end(kContents);
}

const XmlNode* property(const XmlNode& object, std::string_view name) {
  for (const XmlNode& node : object.children) {
    if (node.name == "property" && node.attribute("name") == name) return &node;
  }
  return nullptr;
}

std::string value(const XmlNode& object, std::string_view name) {
  const XmlNode* node = property(object, name);
  return node == nullptr ? std::string() : std::string(without_spaces(node->text));
}

// The id of the object that a property refers to.
std::string reference(const XmlNode& object, std::string_view name) {
  const XmlNode* node = property(object, name);
  return node == nullptr ? std::string() : std::string(node->child_text("id"));
}

struct Content {
  std::string space, container, original;  // ids
  std::string author_key, author, time;
  bool known = false;
};

Content content_facts(const XmlNode& object) {
  Content facts;
  facts.space = reference(object, "space");
  facts.container = reference(object, "containerContent");
  if (facts.container.empty()) facts.container = reference(object, "content");
  if (facts.container.empty()) facts.container = reference(object, "owner");
  facts.original = reference(object, "originalVersion");
  facts.author = value(object, "lastModifierName");
  if (facts.author.empty()) facts.author = value(object, "creatorName");
  facts.author_key = reference(object, "lastModifier");
  if (facts.author_key.empty()) facts.author_key = reference(object, "creator");
  facts.time = utc_time(value(object, "lastModificationDate"));
  facts.known = true;
  return facts;
}

class Space {
 public:
  Space(const Export& in, Offsets offsets) : in_(in), offsets_(offsets), ids_(offsets.size()) {}

  FoundRecords run() {
    FoundRecords found;
    found.records.resize(offsets_.size());
    size_t next = 0;
    found.problem = look([&](const XmlNode& object) {
      if (next == offsets_.size() || offsets_[next] >= object.end) return next < offsets_.size();
      const std::string id = note(object);
      for (; next < offsets_.size() && offsets_[next] < object.end; ++next) {
        if (object.holds(offsets_[next])) ids_[next] = id;
      }
      return next < offsets_.size();
    });
    for (int pass = 0; pass < kMostPasses && something_wanted(); ++pass) {
      all_read_ = true;
      const std::string problem = look([](const XmlNode&) { return true; });
      if (found.problem.empty()) found.problem = problem;
    }
    for (size_t i = 0; i < ids_.size(); ++i) {
      if (!ids_[i].empty()) found.records[i] = told(ids_[i]);
    }
    return found;
  }

 private:
  template <typename More>
  std::string look(const More& more) {
    XmlPass pass;
    pass.is_record = [](std::span<const std::string> path) {
      return path.size() == 2 && path[1] == "object";
    };
    pass.record = [&](XmlNode& object, bool) {
      keep(object);
      return more(object);
    };
    return read_xml(in_, pass);
  }

  // The id of the page, comment or file that an object is, or is the text of.
  std::string note(const XmlNode& object) {
    const std::string_view name = object.attribute("class");
    std::string id;
    if (is_content(name)) {
      id = object.child_text("id");
      const auto facts = contents_.insert_or_assign(id, content_facts(object)).first;
      want(facts->second);
    } else if (name == "BodyContent" || name == "ContentProperty" || name == "Labelling") {
      id = reference(object, "content");
      if (!id.empty()) contents_.try_emplace(id);
    }
    return id;
  }

  // Takes what is wanted, and the names of spaces and users, of which there are few.
  void keep(const XmlNode& object) {
    const std::string_view name = object.attribute("class");
    std::string id(object.child_text("id"));
    if (name == "Space" && spaces_.size() < kMostNames) {
      spaces_[std::move(id)] = value(object, "key");
    } else if (name == "ConfluenceUserImpl" && users_.size() < kMostNames) {
      std::string login = value(object, "name");
      users_[std::move(id)] = login.empty() ? value(object, "email") : std::move(login);
    } else if (is_content(name)) {
      const auto at = contents_.find(id);
      if (at == contents_.end() || at->second.known) return;
      at->second = content_facts(object);
      want(at->second);
    }
  }

  void want(const Content& facts) {
    if (!facts.space.empty()) return;
    const std::string& up = facts.original.empty() ? facts.container : facts.original;
    if (!up.empty()) contents_.try_emplace(up);
  }

  bool something_wanted() const {
    return std::any_of(contents_.begin(), contents_.end(), [&](const auto& entry) {
      const Content& facts = entry.second;
      return !facts.known ||
             (!all_read_ && ((!facts.space.empty() && !spaces_.contains(facts.space)) ||
                             (!facts.author_key.empty() && !users_.contains(facts.author_key))));
    });
  }

  std::string space_of(std::string id) const {
    for (int step = 0; step < kMostPasses; ++step) {
      const auto at = contents_.find(id);
      if (at == contents_.end()) return {};
      if (!at->second.space.empty()) {
        const auto space = spaces_.find(at->second.space);
        return space == spaces_.end() ? std::string() : space->second;
      }
      id = at->second.original.empty() ? at->second.container : at->second.original;
    }
    return {};
  }

  Record told(const std::string& id) const {
    Record record;
    record.system = "confluence";
    record.id = id;
    record.container = space_of(id);
    const auto at = contents_.find(id);
    if (at == contents_.end()) return record;
    record.time = at->second.time;
    record.author = at->second.author;
    const auto user = users_.find(at->second.author_key);
    if (user != users_.end() && !user->second.empty()) record.author = user->second;
    if (record.author.empty()) record.author = at->second.author_key;
    return record;
  }

  const Export& in_;
  Offsets offsets_;
  std::vector<std::string> ids_;             // of the content that holds each offset
  std::map<std::string, Content> contents_;  // those that are wanted
  std::map<std::string, std::string> spaces_, users_;
  bool all_read_ = false;
};

}  // namespace

bool is_confluence(const Export& in) {
  return xml_opening(in.head).find("<hibernate-generic") != std::string::npos;
}

FoundRecords find_in_confluence(const Export& in, Offsets offsets) {
  return Space(in, offsets).run();
}

}  // namespace assay
