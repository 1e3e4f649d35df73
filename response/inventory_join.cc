// Makes one entry of several of one key: all values of each field are gathered, and the least is
// the field's, so that neither order nor repetition matters.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "response/inventory_entry.h"
#include "response/inventory_fields.h"

namespace assay {

namespace {

// The least value of a field, and the others as contested.
void set_value(InventoryEntry& entry, const std::string& name, const std::set<std::string>& all) {
  const std::string& least = *all.begin();
  bool known = false;
  for (const auto fields : kSingleFields) {
    for (const TextField& field : fields) {
      if (field.name != name) continue;
      entry.*field.value = least;
      known = true;
    }
  }
  if (name == "scope") {
    read_scope(least, entry.scope);
  } else if (!known) {
    entry.more[name] = least;
  }
  for (auto other = std::next(all.begin()); other != all.end(); ++other) {
    entry.contested.push_back(fmt::format("{}={}", name, *other));
  }
}

bool replace(std::string& fact, const std::string& news) {
  if (news.empty() || fact == news) return false;
  fact = news;
  return true;
}

// Whether a contested value of that field was there; none is left.
bool settle_contest(InventoryEntry& entry, std::string_view field) {
  return std::erase_if(entry.contested, [&](const std::string& text) {
           return contested_parts(text).first == field;
         }) > 0;
}

}  // namespace

std::pair<std::string, std::string> contested_parts(const std::string& text) {
  const size_t sign = text.find('=');
  if (sign == text.npos) return {};
  return {text.substr(0, sign), text.substr(sign + 1)};
}

void gather_values(const InventoryEntry& entry, FieldValues& values) {
  for (const auto fields : kSingleFields) {
    for (const TextField& field : fields) {
      const std::string& value = entry.*field.value;
      if (!value.empty()) values[std::string(field.name)].insert(value);
    }
  }
  if (entry.scope != Scope::unknown) values["scope"].emplace(to_string(entry.scope));
  for (const auto& [name, json] : entry.more) values[name].insert(json);
  for (const std::string& text : entry.contested) {
    auto [name, value] = contested_parts(text);
    values[name].insert(std::move(value));
  }
}

InventoryEntry join(std::span<const InventoryEntry> entries) {
  InventoryEntry joined;
  joined.id = entries.front().id;
  FieldValues values;
  std::set<std::string> callers;
  for (const InventoryEntry& entry : entries) {
    gather_values(entry, values);
    callers.insert(entry.callers.begin(), entry.callers.end());
    joined.canary |= entry.canary;
    joined.last_rotated = std::max(joined.last_rotated, entry.last_rotated);
    if (joined.created.empty() || (!entry.created.empty() && entry.created < joined.created)) {
      joined.created = entry.created;
    }
  }
  joined.callers.assign(callers.begin(), callers.end());
  for (const auto& [name, all] : values) set_value(joined, name, all);
  std::sort(joined.contested.begin(), joined.contested.end());
  return joined;
}

bool update(InventoryEntry& entry, const InventoryEntry& news) {
  bool changed = false;
  for (const auto fields : kTextFields) {
    for (const TextField& field : fields) {
      if ((news.*field.value).empty()) continue;
      changed |= replace(entry.*field.value, news.*field.value);
      changed |= settle_contest(entry, field.name);
    }
  }
  if (news.scope != Scope::unknown) {
    changed |= entry.scope != news.scope;
    entry.scope = news.scope;
    changed |= settle_contest(entry, "scope");
  }
  for (const auto& [name, json] : news.more) {
    changed |= replace(entry.more[name], json);
    changed |= settle_contest(entry, name);
  }
  std::vector<std::string> callers, contested;
  std::set_union(entry.contested.begin(), entry.contested.end(), news.contested.begin(),
                 news.contested.end(), std::back_inserter(contested));
  changed |= contested.size() != entry.contested.size();
  entry.contested = std::move(contested);
  std::set_union(entry.callers.begin(), entry.callers.end(), news.callers.begin(),
                 news.callers.end(), std::back_inserter(callers));
  changed |=
      callers.size() != entry.callers.size() || entry.canary != (entry.canary || news.canary);
  entry.callers = std::move(callers);
  entry.canary |= news.canary;
  return changed;
}

}  // namespace assay
