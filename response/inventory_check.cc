// Goes over the entries once for each by itself, and once for those of one name.
#include "response/inventory_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

namespace assay {

namespace {

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return out;
}

std::string days(int64_t count) { return fmt::format("{} {}", count, count == 1 ? "day" : "days"); }

// What is to say of its age, or nothing.
std::string too_old(const InventoryEntry& entry, const InventoryCheck& check) {
  if (check.max_age < 0) return {};
  const bool rotated = !entry.last_rotated.empty();
  const auto since = day_of(rotated ? entry.last_rotated : entry.created);
  if (!since) return "has no date of its last rotation or of its making";
  const auto age = (check.today - *since).count();
  if (age <= check.max_age) return {};
  return rotated ? fmt::format("was last rotated {} ago", days(age))
                 : fmt::format("was made {} ago, and no rotation since is known", days(age));
}

void check_entry(const InventoryEntry& entry, const InventoryCheck& check,
                 std::vector<std::string>& sentences) {
  const auto say = [&](std::string_view what) {
    std::string name = name_of(entry);
    if (name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] & ~0x20);
    sentences.push_back(fmt::format("{} ({}) {}.", name, entry.id, what));
  };
  if (entry.owner.empty()) say("has no owner");
  if (entry.contact.empty()) say("has no contact");
  if (entry.callers.size() > 1) {
    say(fmt::format("is held by {} callers, who cannot be told apart: {}", entry.callers.size(),
                    fmt::join(entry.callers, ", ")));
  }
  if (const std::string old = too_old(entry, check); !old.empty()) say(old);
  for (const std::string& contested : entry.contested) {
    const size_t sign = contested.find('=');
    say(fmt::format("has two values of `{}`; the other one is {}", contested.substr(0, sign),
                    contested.substr(sign + 1)));
  }
}

}  // namespace

std::string name_of(const InventoryEntry& entry) {
  std::string name = "key";
  if (entry.scope == Scope::app) name = "master key";
  if (entry.scope == Scope::extension) name = "system key";
  if (entry.scope == Scope::host) name = "host key";
  if (!entry.function.empty()) name += fmt::format(" {}/{}", entry.function, entry.key_name);
  if (entry.function.empty() && !entry.key_name.empty() && entry.scope != Scope::app) {
    name += " " + entry.key_name;
  }
  name += entry.app.empty() ? " of an unknown app" : " of " + entry.app;
  if (!entry.slot.empty()) name += ", slot " + entry.slot;
  return name;
}

std::optional<std::chrono::sys_days> day_of(std::string_view date) {
  const auto number = [&](size_t at, size_t size, auto& value) {
    const char* const begin = date.data() + at;
    return std::from_chars(begin, begin + size, value).ptr == begin + size;
  };
  int year = 0;
  unsigned month = 0, day = 0;
  if (date.size() < 10 || date[4] != '-' || date[7] != '-') return std::nullopt;
  if (!number(0, 4, year) || !number(5, 2, month) || !number(8, 2, day)) return std::nullopt;
  const std::chrono::year_month_day whole{std::chrono::year(year), std::chrono::month(month),
                                          std::chrono::day(day)};
  if (!whole.ok()) return std::nullopt;
  return std::chrono::sys_days(whole);
}

std::vector<std::string> check_inventory(const Inventory& inventory, const InventoryCheck& check) {
  std::vector<std::string> sentences;
  using Name = std::tuple<std::string, std::string, std::string, std::string, Scope>;
  std::map<Name, std::vector<const InventoryEntry*>> same_name;
  for (const InventoryEntry& entry : inventory.entries()) {
    if (entry.canary) continue;
    check_entry(entry, check, sentences);
    if (entry.app.empty() || entry.key_name.empty()) continue;
    same_name[{lower_case(entry.app), lower_case(entry.slot), lower_case(entry.function),
               lower_case(entry.key_name), entry.scope}]
        .push_back(&entry);
  }
  for (const auto& [name, entries] : same_name) {
    if (entries.size() < 2) continue;
    std::vector<std::string_view> ids;
    for (const InventoryEntry* entry : entries) ids.push_back(entry->id);
    sentences.push_back(
        fmt::format("{} keys are told to be {}: {}. Remove those that were renewed since.",
                    entries.size(), name_of(*entries.front()), fmt::join(ids, ", ")));
  }
  return sentences;
}

}  // namespace assay
