// An object of a pack is read by walking its deltas back to a text that is whole, or kept, and
// carrying them out from there. Every text on the way is kept for a while.
#include "git/object_store.h"

#include <dirent.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <list>
#include <set>
#include <unordered_map>

#include "git/delta.h"
#include "git/loose.h"
#include "git/pack.h"
#include "scanner/sources/file_reader.h"

namespace assay {

namespace {

// Git's own limit for a chain is 4095.
constexpr size_t kMostChain = 50'000;
// Bases that stand in another pack or loose, for one object: only damage or forgery nests them.
constexpr int kMostJumps = 64;
// Bytes that may be inflated and undone for one object: a chain of tiny deltas may tell of texts of
// 512 MiB each.
constexpr uint64_t kMostWork = 8 * ObjectStore::kMostObject;

// The packs of an `objects` folder, by their names without ending, sorted.
std::set<std::string> pack_names(const std::string& folder, const ObjectStore::Problems& problems) {
  std::set<std::string> indexed, packed;
  const std::string path = folder + "/pack";
  DIR* opened = opendir(path.c_str());
  if (opened == nullptr) {
    if (errno != ENOENT) problems(cannot_open(errno, path));
    return {};
  }
  while (const dirent* entry = readdir(opened)) {
    const std::string_view name = entry->d_name;
    if (name.ends_with(".idx"))
      indexed.insert(path + "/" + std::string(name.substr(0, name.size() - 4)));
    if (name.ends_with(".pack"))
      packed.insert(path + "/" + std::string(name.substr(0, name.size() - 5)));
  }
  closedir(opened);
  for (const std::string& name : packed) {
    if (indexed.contains(name)) continue;
    problems({Diagnostic::Kind::unreadable, name + ".pack", "it has no index",
              "Make one with `git index-pack`."});
  }
  return indexed;
}

}  // namespace

ObjectStore::ObjectStore(std::vector<std::string> folders, const Problems& problems)
    : folders_(std::move(folders)) {
  for (const std::string& folder : folders_) {
    for (const std::string& name : pack_names(folder, problems)) {
      std::string reason;
      auto pack = Pack::open(name, reason);
      if (pack != nullptr) {
        packs_.push_back(std::move(pack));
      } else {
        problems({Diagnostic::Kind::unreadable, name + ".pack", reason,
                  "Fetch the repository again, or see what `git fsck` says."});
      }
    }
  }
}

ObjectStore::~ObjectStore() = default;

std::vector<Oid> ObjectStore::loose(const Problems& problems) const {
  std::vector<Oid> all;
  for (const std::string& folder : folders_) {
    for (const Oid& oid : list_loose(folder, problems)) {
      const auto holds = [&](const auto& pack) { return pack->find(oid).has_value(); };
      if (std::none_of(packs_.begin(), packs_.end(), holds)) all.push_back(oid);
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

bool ObjectStore::contains(const Oid& oid) const {
  for (const auto& pack : packs_) {
    if (pack->find(oid)) return true;
  }
  return std::any_of(folders_.begin(), folders_.end(),
                     [&](const std::string& folder) { return has_loose(folder, oid); });
}

struct ObjectStore::Reader::State {
  State(const ObjectStore& the_store, size_t most) : store(the_store), most_kept(most) {}

  std::optional<Object> read(const Oid& oid, std::string& reason);
  std::optional<Object> read_packed(const Pack& pack, uint64_t offset, std::string& reason);
  bool spend(uint64_t bytes, std::string& reason);
  std::optional<Object> read_loose(const Oid& oid, std::string& reason);

  // Kept texts, the one used last first.
  struct Place {
    const Pack* pack;
    uint64_t offset;
    friend bool operator==(const Place&, const Place&) = default;
  };
  struct PlaceHash {
    size_t operator()(const Place& place) const {
      return std::hash<const void*>()(place.pack) ^ place.offset * 0x9e3779b97f4a7c15u;
    }
  };
  using Kept = std::list<std::pair<Place, Object>>;
  const Object* find_kept(const Place& place);
  void keep(const Place& place, const Object& object);

  const ObjectStore& store;
  const size_t most_kept;
  Inflater inflater;
  // Of the object that is being read, with all that its bases take: several packs may hold each of
  // them, and so a depth alone would bound nothing.
  int jumps = 0;
  uint64_t work = 0;
  Kept kept;
  std::unordered_map<Place, Kept::iterator, PlaceHash> places;
  size_t kept_bytes = 0;
};

const Object* ObjectStore::Reader::State::find_kept(const Place& place) {
  const auto found = places.find(place);
  if (found == places.end()) return nullptr;
  kept.splice(kept.begin(), kept, found->second);
  return &found->second->second;
}

void ObjectStore::Reader::State::keep(const Place& place, const Object& object) {
  const size_t size = object.text->size;
  if (size > most_kept / 4 || places.contains(place)) return;
  kept.emplace_front(place, object);
  places.emplace(place, kept.begin());
  // An entry costs its lists too: many empty ones must not pile up.
  constexpr size_t kEntry = 256;
  for (kept_bytes += size + kEntry; kept_bytes > most_kept; kept.pop_back()) {
    kept_bytes -= kept.back().second.text->size + kEntry;
    places.erase(kept.back().first);
  }
}

bool ObjectStore::Reader::State::spend(uint64_t bytes, std::string& reason) {
  if (bytes > kMostObject) {
    reason = fmt::format("it is larger than {} bytes", kMostObject);
    return false;
  }
  work += bytes;
  if (work <= kMostWork) return true;
  reason = fmt::format("it takes more than {} bytes of deltas and bases", kMostWork);
  return false;
}

std::optional<Object> ObjectStore::Reader::State::read(const Oid& oid, std::string& reason) {
  // A damaged copy may have a whole one elsewhere: the last reason is told.
  bool found = false;
  for (const auto& pack : store.packs_) {
    const auto position = pack->find(oid);
    if (!position) continue;
    found = true;
    if (auto object = read_packed(*pack, pack->offset(*position), reason)) return object;
  }
  std::string loose_reason;
  if (auto object = read_loose(oid, loose_reason)) return object;
  if (!found) reason = loose_reason;
  return std::nullopt;
}

std::optional<Object> ObjectStore::Reader::State::read_loose(const Oid& oid, std::string& reason) {
  reason = "it is missing";
  for (const std::string& folder : store.folders_) {
    std::string problem;
    if (auto object = assay::read_loose(folder, oid, inflater, problem)) return object;
    if (!problem.empty()) reason = std::move(problem);
  }
  return std::nullopt;
}

std::optional<Object> ObjectStore::Reader::State::read_packed(const Pack& pack, uint64_t offset,
                                                              std::string& reason) {
  std::vector<std::pair<uint64_t, PackEntry>> chain;  // deltas, the wanted one first
  Object object;
  while (true) {
    if (const Object* known = find_kept({&pack, offset})) {
      object = *known;
      break;
    }
    PackEntry entry;
    if (!pack.read_entry(offset, entry, reason)) return std::nullopt;
    if (!spend(entry.size, reason)) return std::nullopt;
    if (!entry.is_delta()) {
      auto text = pack.inflate(entry, inflater);
      if (!text) {
        reason = "its compressed bytes are damaged";
        return std::nullopt;
      }
      object = {entry.type, std::make_shared<const Bytes>(std::move(*text))};
      keep({&pack, offset}, object);
      break;
    }
    chain.emplace_back(offset, entry);
    if (chain.size() > kMostChain) {
      reason = "its chain of deltas has no end";
      return std::nullopt;
    }
    if (entry.by_offset) {
      offset = entry.base_offset;
    } else if (const auto position = pack.find(entry.base)) {
      offset = pack.offset(*position);
    } else {
      reason = "too many of its bases stand in other packs";
      const auto base = jumps++ < kMostJumps ? read(entry.base, reason) : std::nullopt;
      if (!base) {
        constexpr std::string_view kBase = "the base of its delta cannot be read: ";
        if (!reason.starts_with(kBase)) reason.insert(0, kBase);
        return std::nullopt;
      }
      object = *base;
      break;
    }
  }
  for (; !chain.empty(); chain.pop_back()) {
    const auto& [at, entry] = chain.back();
    const auto delta = pack.inflate(entry, inflater);
    reason = "its delta is damaged";
    if (!delta) return std::nullopt;
    std::string_view instructions = delta->view();
    const auto header = read_delta_header(instructions);
    if (!header || header->base_size != object.text->size) return std::nullopt;
    if (!spend(header->result_size, reason)) return std::nullopt;
    Bytes text = Bytes::of_size(header->result_size + kDeltaSlack);
    text.size = header->result_size;
    if (!apply_delta(instructions, object.view(), text.data.get(), text.size, nullptr)) {
      return std::nullopt;
    }
    object.text = std::make_shared<const Bytes>(std::move(text));
    keep({&pack, at}, object);
  }
  reason.clear();
  return object;
}

ObjectStore::Reader::Reader(const ObjectStore& store, size_t kept)
    : state_(std::make_unique<State>(store, kept)) {}
ObjectStore::Reader::~Reader() = default;

std::optional<Object> ObjectStore::Reader::read(const Oid& oid, std::string& reason) {
  state_->jumps = 0;
  state_->work = 0;
  return state_->read(oid, reason);
}

std::optional<Object> ObjectStore::Reader::read(const Oid& oid, ObjectType type,
                                                std::string& reason) {
  auto object = read(oid, reason);
  if (object && object->type != type) {
    reason = fmt::format("it is a {}, not a {}", to_string(object->type), to_string(type));
    return std::nullopt;
  }
  return object;
}

std::unique_ptr<assay::Reader> ObjectStore::Reader::stream(const Oid& oid, ObjectType& type) {
  const Diagnostic damaged{Diagnostic::Kind::unreadable, "", "object " + oid.hex() + " is damaged",
                           "See what `git fsck` says."};
  std::string reason;
  for (const auto& pack : state_->store.packs_) {
    const auto position = pack->find(oid);
    PackEntry entry;
    if (!position || !pack->read_entry(pack->offset(*position), entry, reason) ||
        entry.is_delta() || entry.size <= kMostObject) {
      continue;
    }
    type = entry.type;
    return stream_inflated(pack->from(entry.data), 0, entry.size, damaged);
  }
  for (const std::string& folder : state_->store.folders_) {
    if (!has_loose(folder, oid)) continue;
    auto loose = LooseObject::open(folder, oid, reason);
    if (loose == nullptr || loose->size() <= kMostObject) continue;
    type = loose->type();
    return LooseObject::stream(std::move(loose), damaged);
  }
  return nullptr;
}

}  // namespace assay
