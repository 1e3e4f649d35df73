// From what the readers find to entries: ids are made here, and here alone a value is looked at.
#include "response/inventory_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "response/inventory_check.h"
#include "response/inventory_entry.h"
#include "response/inventory_import_keys.h"
#include "response/inventory_keys.h"
#include "rules/keys/identify.h"
#include "rules/rule_set.h"
#include "scanner/records/time_text.h"

namespace assay {

namespace {

constexpr size_t kLongestValue = 4096;
constexpr size_t kMostNotes = 100;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

// Facts of one place that the input and the flags may both tell.
struct SharedFact {
  std::string_view flag;
  std::string InventoryEntry::*value;
};
constexpr SharedFact kPlace[] = {{"--app", &InventoryEntry::app},
                                 {"--slot", &InventoryEntry::slot},
                                 {"--function", &InventoryEntry::function},
                                 {"--resource-group", &InventoryEntry::resource_group},
                                 {"--subscription", &InventoryEntry::subscription}};
constexpr std::string InventoryEntry::*kOwnFacts[] = {
    &InventoryEntry::owner,   &InventoryEntry::contact,      &InventoryEntry::storage,
    &InventoryEntry::created, &InventoryEntry::last_rotated, &InventoryEntry::runbook};

Scope scope_of_kind(std::string_view kind) {
  if (kind == "master") return Scope::app;
  return kind == "system" ? Scope::extension : Scope::unknown;
}

// Whether a fact of the entry holds the value.
bool tells(const InventoryEntry& entry, std::string_view value) {
  constexpr size_t kShortest = 8;  // a shorter one may be a word
  if (value.size() < kShortest) return false;
  const auto holds = [&](const std::string& fact) { return fact.find(value) != fact.npos; };
  return std::any_of(std::begin(kPlace), std::end(kPlace),
                     [&](const SharedFact& fact) { return holds(entry.*fact.value); }) ||
         std::any_of(std::begin(kOwnFacts), std::end(kOwnFacts),
                     [&](auto fact) { return holds(entry.*fact); }) ||
         holds(entry.key_name) || std::any_of(entry.callers.begin(), entry.callers.end(), holds);
}

// "Host key default of orders"
std::string named(const InventoryEntry& entry) {
  std::string text = entry.scope == Scope::app         ? "The master key"
                     : entry.scope == Scope::extension ? "System key "
                     : entry.scope == Scope::host      ? "Host key "
                                                       : "Key ";
  if (entry.scope != Scope::app) {
    text += entry.key_name.empty() ? "without a name" : ImportedKeys::shown(entry.key_name);
  }
  if (!entry.function.empty()) text += " of function " + ImportedKeys::shown(entry.function);
  if (!entry.app.empty()) text += " of " + ImportedKeys::shown(entry.app);
  return text;
}

// Whether the entry may be the key that `facts`, which have no id, tell of.
bool is_meant(const InventoryEntry& entry, const InventoryEntry& facts) {
  if (facts.app.empty() ? entry.storage != facts.storage
                        : !same_name(entry.app, facts.app) || !same_name(entry.slot, facts.slot)) {
    return false;
  }
  if (facts.scope != Scope::unknown && entry.scope != Scope::unknown &&
      entry.scope != facts.scope) {
    return false;
  }
  return same_name(entry.function, facts.function) && same_name(entry.key_name, facts.key_name);
}

// Whether both name a place, and not the same.
bool other_place(const InventoryEntry& a, const InventoryEntry& b) {
  constexpr std::string InventoryEntry::*kNames[] = {&InventoryEntry::app, &InventoryEntry::slot,
                                                     &InventoryEntry::function,
                                                     &InventoryEntry::key_name};
  const bool scopes = a.scope != Scope::unknown && b.scope != Scope::unknown && a.scope != b.scope;
  return scopes || std::any_of(std::begin(kNames), std::end(kNames), [&](auto name) {
           return !(a.*name).empty() && !(b.*name).empty() && !same_name(a.*name, b.*name);
         });
}

// One entry for each id. A value that is used in two places is told, and both places stay.
std::vector<InventoryEntry> one_of_each(Imported& imported, const Inventory& inventory) {
  std::map<std::string, InventoryEntry> by_id;
  for (InventoryEntry& entry : imported.entries) {
    std::sort(entry.callers.begin(), entry.callers.end());
    const auto [at, fresh] = by_id.emplace(entry.id, entry);
    const InventoryEntry* known = fresh ? inventory.find(entry.id) : &at->second;
    if (known != nullptr && other_place(*known, entry)) {
      imported.notes.push_back(
          fmt::format("{} has the value of {}. Renew one of them.", named(entry), name_of(*known)));
      const InventoryEntry both[] = {*known, entry};
      at->second = join(both);
    } else if (!fresh) {
      update(at->second, entry);
    }
  }
  std::vector<InventoryEntry> entries;
  for (auto& [id, entry] : by_id) entries.push_back(std::move(entry));
  return entries;
}

}  // namespace

std::string inventory_date(std::string_view text) {
  constexpr size_t kDate = 10;
  text = trimmed(text);
  if (text.size() != kDate) return utc_time(text, NoZone::utc);
  const std::string time = utc_time(std::string(text) + "T00:00:00Z");
  return time.substr(0, kDate) == text ? std::string(text) : std::string();
}

void ImportedKeys::fail(std::string_view what) const {
  const std::string_view name = name_ == "-" ? "Standard input" : name_;
  throw Error(
      fmt::format("{} cannot be imported: {}. docs/inventory.md shows what can.", name, what));
}

std::string ImportedKeys::shown(std::string_view name) {
  constexpr size_t kLongest = 128;
  const bool safe = name.size() <= kLongest && !looks_like_key(name, FieldKind::name) &&
                    !find_key(name).has_value();
  return safe ? std::string(name) : std::string("(a name that looks like a key)");
}

void ImportedKeys::note(std::string sentence) {
  if (imported_.notes.size() == kMostNotes) sentence = "There is more to say of this kind.";
  if (imported_.notes.size() <= kMostNotes) imported_.notes.push_back(std::move(sentence));
}

void ImportedKeys::leave_out(const InventoryEntry& facts, std::string_view why) {
  InventoryEntry whole = facts;
  complete(whole);
  ++imported_.left_out;
  note(fmt::format("{}, {}, was left out.", named(whole), why));
}

void ImportedKeys::foreign(std::string_view secret) {
  note(fmt::format("Secret {} has no name that Functions gives, so it was left out.",
                   shown(secret)));
}

// Adds what the flags tell. Throws Error where they contradict the input.
void ImportedKeys::complete(InventoryEntry& facts) const {
  for (const auto& [flag, value] : kPlace) {
    std::string& fact = facts.*value;
    const std::string& told = given_.*value;
    if (!fact.empty() && !told.empty() && !same_name(fact, told)) {
      fail(fmt::format("it tells another name than {} does", flag));
    }
    // A host's own key is of no function.
    const bool host = value == &InventoryEntry::function &&
                      (facts.scope == Scope::host || facts.scope == Scope::app ||
                       facts.scope == Scope::extension);
    if (fact.empty() && !host) fact = told;
  }
  for (const auto fact : kOwnFacts) {
    if ((facts.*fact).empty()) facts.*fact = given_.*fact;
  }
  facts.callers.insert(facts.callers.end(), given_.callers.begin(), given_.callers.end());
  facts.canary |= given_.canary;
  if (facts.scope == Scope::unknown) facts.scope = given_.scope;
  if (facts.scope == Scope::unknown && !facts.function.empty()) facts.scope = Scope::function;
  if (facts.scope == Scope::app) facts.key_name = "_master";
}

void ImportedKeys::key(InventoryEntry facts, std::string_view value) {
  value = trimmed(value);
  if (value.empty()) return leave_out(facts, "which has no value here");
  if (value.size() > kLongestValue) return leave_out(facts, "whose value is longer than any key");
  const auto info = identify(value);
  const bool proven = info && info->confidence == Confidence::verified;
  if (const Scope scope = proven ? scope_of_kind(info->kind) : Scope::unknown;
      scope != Scope::unknown) {
    if (facts.scope != Scope::unknown && facts.scope != scope) {
      note(
          fmt::format("{} stands where keys of another scope do, but its checksum says that it is "
                      "a {} key.",
                      named(facts), info->kind));
    }
    facts.scope = scope;
  } else if (proven && info->kind == "function" &&
             (facts.scope == Scope::app || facts.scope == Scope::extension)) {
    note(fmt::format("{} holds, by its checksum, the value of a host or function key.",
                     named(facts)));
  }
  complete(facts);
  if (tells(facts, value)) fail("the value of a key stands in another field of it as well");
  facts.id = inventory_.id_of(value);
  imported_.entries.push_back(std::move(facts));
}

void ImportedKeys::known(InventoryEntry facts, std::string_view id) {
  complete(facts);
  facts.id = trimmed(id);
  imported_.entries.push_back(std::move(facts));
}

void ImportedKeys::fact(InventoryEntry facts) {
  complete(facts);
  imported_.facts.push_back(std::move(facts));
}

Imported read_import(std::string_view text, std::string_view name, ImportFormat format,
                     const InventoryEntry& given, const Inventory& inventory) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  ImportedKeys keys(name, given, inventory);
  if (text.size() > kMostImportBytes) keys.fail("it is larger than 64 MiB");
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  const std::string_view begin = trimmed(text).substr(0, 1);
  if (begin.empty()) keys.fail("it is empty");
  const bool json = begin == "{" || begin == "[";
  if (format == ImportFormat::csv || (format == ImportFormat::automatic && !json)) {
    import_csv(text, keys);
  } else if (json) {
    import_json(text, format == ImportFormat::keyvault, keys);
  } else {
    keys.fail("it is no JSON");
  }
  return keys.take();
}

Applied apply(Imported& imported, Inventory& inventory) {
  Inventory changed = inventory;
  Applied applied;
  applied.changed = changed.put(one_of_each(imported, inventory));
  std::unordered_map<std::string, std::vector<const InventoryEntry*>> named_so;
  if (!imported.facts.empty()) {
    for (const InventoryEntry& entry : changed.entries()) {
      named_so[lower_case(entry.key_name)].push_back(&entry);
    }
  }
  std::vector<InventoryEntry> news;
  for (const InventoryEntry& facts : imported.facts) {
    const InventoryEntry* meant = nullptr;
    size_t count = 0;
    for (const InventoryEntry* entry : named_so[lower_case(facts.key_name)]) {
      if (!is_meant(*entry, facts)) continue;
      meant = entry;
      ++count;
    }
    if (count > 1) {
      imported.notes.push_back(
          fmt::format("{} has {} entries, and which is meant cannot be told, so none was changed.",
                      named(facts), count));
    }
    if (count != 1) continue;
    InventoryEntry one = facts;
    one.id = meant->id;
    news.push_back(std::move(one));
    ++applied.matched;
  }
  applied.changed += changed.put(std::move(news));
  inventory = std::move(changed);
  return applied;
}

}  // namespace assay
