#include "git/new_names.h"

#include <set>
#include <string_view>

#include "git/object_reader.h"
#include "git/tree.h"

namespace assay {

namespace {

size_t last_part(std::string_view path) { return path.rfind('/') + 1; }  // npos + 1 is 0

bool tree_has(ObjectStore::Reader& reader, Oid tree, std::string_view path) {
  while (true) {
    const std::string_view part = path.substr(0, path.find('/'));
    std::string reason;
    const auto object = reader.read(tree, ObjectType::tree, reason);
    std::string_view rest = object ? object->view() : std::string_view();
    auto entry = next_entry(rest);
    while (entry && entry->name != part) entry = next_entry(rest);
    if (!entry) return false;
    if (part.size() == path.size()) return true;
    if (!entry->is_tree()) return false;
    tree = entry->oid;
    path.remove_prefix(part.size() + 1);
  }
}

}  // namespace

NewNames::NewNames(const Repository& repository, const ObjectStore& store,
                   const std::vector<std::string>& paths) {
  std::set<std::string> places;
  for (const std::string& path : paths) {
    for (size_t begin = 0; begin < path.size();) {
      const size_t end = std::min(path.find('/', begin), path.size());
      if (end - begin >= kLeastName) places.insert(path.substr(0, end));
      begin = end + 1;
    }
  }
  if (places.empty()) return;
  std::vector<Oid> commits = repository.merge_heads();
  if (const auto head = repository.head()) commits.push_back(*head);
  ObjectStore::Reader reader(store);
  for (const Oid& oid : commits) {
    std::string reason;
    const auto object = reader.read(oid, ObjectType::commit, reason);
    const auto commit = object ? parse_commit(object->view()) : std::nullopt;
    if (!commit) continue;
    std::erase_if(places,
                  [&](const std::string& place) { return tree_has(reader, commit->tree, place); });
  }
  places_.assign(places.begin(), places.end());
}

void NewNames::enumerate(const Sink& sink) {
  for (size_t i = 0; i < places_.size(); ++i) {
    auto provenance = std::make_shared<Provenance>();
    provenance->path = places_[i];
    provenance->number = i;
    if (!sink.blob({std::move(provenance), "name"})) return;
  }
}

std::unique_ptr<Reader> NewNames::open(const Blob& blob, Diagnostic&) const {
  const std::string& place = places_[blob.provenance->number];
  return read_text(place.substr(last_part(place)));
}

void place_in_path(const std::string& path, Finding& finding) {
  const size_t begin = last_part(path);
  finding.location.byte_offset += begin;
  finding.location.column += begin;
  finding.location.utf16_column += begin;
  finding.facts.reset();
  finding.line_hash.clear();
}

}  // namespace assay
