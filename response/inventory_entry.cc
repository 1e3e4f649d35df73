// Reads, checks and writes the lines of an inventory, field by field in the order of the tables in
// inventory_fields.h.
//
//   {"assay_inventory":1,"salt":"…"}
//   {"id":"…","app":"contoso-orders","key_name":"default","scope":"host","owner":"payments"}
#include "response/inventory_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "response/inventory_fields.h"
#include "response/inventory_keys.h"
#include "rules/keys/base64.h"
#include "scanner/records/export_text.h"
#include "scanner/records/time_text.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr int kMostDepth = 16;
constexpr size_t kSaltBytes = 32, kIdDigits = 20;
constexpr size_t kMostMore = 64, kMostName = 64;
constexpr size_t kMostMembers = 1000;
constexpr std::string_view kHeaderName = "assay_inventory";

bool is_known(std::string_view name) {
  for (const auto fields : kTextFields) {
    for (const TextField& field : fields) {
      if (field.name == name) return true;
    }
  }
  return std::find(std::begin(kOtherFields), std::end(kOtherFields), name) !=
         std::end(kOtherFields);
}

Json value_of(const std::string& json) { return Json::parse(json, nullptr, false); }

// Whether no object has more than kMostMembers, which none that is valid has. ordered_json looks
// through all members for each that it reads.
bool is_narrow(std::string_view json) {
  size_t members[kMostDepth + 1] = {};
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted) {
      i += c == '\\';
      quoted = c != '"';
      continue;
    }
    quoted = c == '"';
    if (c == '{' || c == '[') {
      if (++depth > kMostDepth) return false;  // as deep only behind brackets that close too much
      members[depth] = 0;
    }
    if ((c == '}' || c == ']') && depth > 0) --depth;
    if (c == ':' && ++members[depth] > kMostMembers) return false;
  }
  return true;
}

// An object from a line, or nothing.
Json parse_object(std::string_view line) {
  if (!nests_at_most(line, kMostDepth) || !is_narrow(line)) return Json::value_t::discarded;
  Json object = Json::parse(line, nullptr, false);
  return object.is_object() ? object : Json(Json::value_t::discarded);
}

bool is_name(std::string_view name) {
  const auto plain = [](char c) { return is_base64_digit(c) || c == '.'; };
  return !name.empty() && name.size() <= kMostName && std::all_of(name.begin(), name.end(), plain);
}

// Takes a field that this version does not know.
std::string take_unknown(const std::string& name, const Json& value,
                         std::map<std::string, std::string>& more) {
  if (!is_name(name)) return "a field has a name that is no name";
  more[name] = value.dump();
  return {};
}

std::string take_list(const Json& value, std::string_view name, std::vector<std::string>& list) {
  const std::string wrong = fmt::format("`{}` is no list of texts", name);
  if (!value.is_array()) return wrong;
  for (const Json& one : value) {
    if (!one.is_string()) return wrong;
    list.push_back(one.get<std::string>());
  }
  return {};
}

std::string take_field(const std::string& name, const Json& value, InventoryEntry& entry) {
  if (name == "callers") return take_list(value, name, entry.callers);
  if (name == "contested") return take_list(value, name, entry.contested);
  if (name == "canary") {
    if (!value.is_boolean()) return "`canary` is neither true nor false";
    entry.canary = value.get<bool>();
    return {};
  }
  if (!is_known(name)) return take_unknown(name, value, entry.more);
  if (!value.is_string()) return fmt::format("`{}` is no text", name);
  const std::string& text = value.get_ref<const std::string&>();
  if (name == "id") entry.id = text;
  if (name == "scope" && !read_scope(text, entry.scope)) {
    return "`scope` is none of host, function, app, extension, unknown";
  }
  for (const auto fields : kTextFields) {
    for (const TextField& field : fields) {
      if (field.name == name) entry.*field.value = text;
    }
  }
  return {};
}

std::string wrong_with_text(std::string_view name, std::string_view text, FieldKind kind) {
  if (text.size() > Inventory::kMostField) {
    return fmt::format("`{}` is longer than {} bytes", name, Inventory::kMostField);
  }
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (!is_utf8(text) || std::any_of(text.begin(), text.end(), control)) {
    return fmt::format("`{}` holds a control character, or is not UTF-8", name);
  }
  if (looks_like_key(text, kind)) {
    return fmt::format("`{}` holds what looks like the value of a key", name);
  }
  return {};
}

bool is_id(std::string_view id) {
  constexpr std::string_view kChosen = "hmac:";
  if (id.starts_with(kChosen)) id.remove_prefix(kChosen.size());
  const auto digit = [](char c) { return is_base64_digit(c) && c != '-' && c != '_'; };
  return id.size() == kIdDigits && std::all_of(id.begin(), id.end(), digit);
}

bool is_date(const std::string& text) {
  constexpr size_t kDate = 10, kTime = 20;
  if (text.size() == kTime) return utc_time(text) == text;
  return text.size() == kDate && utc_time(text + "T00:00:00Z").substr(0, kDate) == text;
}

std::string wrong_with_contested(const InventoryEntry& entry) {
  if (entry.contested.empty()) return {};
  if (entry.contested.size() > Inventory::kMostCallers) {
    return fmt::format("it has more than {} facts that contradict", Inventory::kMostCallers);
  }
  FieldValues values;
  InventoryEntry plain = entry;
  plain.contested.clear();
  gather_values(plain, values);
  for (const std::string& text : entry.contested) {
    const auto [name, value] = contested_parts(text);
    Scope scope;
    if (!values.contains(name) || (name == "scope" && !read_scope(value, scope)) ||
        (entry.more.contains(name) &&
         (!nests_at_most(value, kMostDepth) || !Json::accept(value)))) {
      return "`contested` names a field that has no value, or a value that the field cannot have";
    }
    const FieldKind kind = name == "runbook" ? FieldKind::link : FieldKind::name;
    if (std::string wrong = wrong_with_text("contested", value, kind); !wrong.empty()) return wrong;
  }
  return {};
}

std::string wrong_with_more(const InventoryEntry& entry) {
  if (entry.more.size() > kMostMore)
    return "it has too many fields that this version does not know";
  for (const auto& [name, json] : entry.more) {
    if (!is_name(name) || is_known(name) || !nests_at_most(json, kMostDepth) ||
        !Json::accept(json)) {
      return "a field has a name that is no name";
    }
    const bool named = looks_like_key(name, FieldKind::name);
    std::string wrong = wrong_with_text(named ? "a field" : name, json, FieldKind::link);
    if (named) wrong = "the name of a field looks like the value of a key";
    if (!wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace

bool nests_at_most(std::string_view json, int depth) {
  int open = 0;
  bool quoted = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++open > depth) return false;
    } else if (c == ']' || c == '}') {
      --open;
    }
  }
  return true;
}

bool read_scope(std::string_view word, Scope& scope) {
  for (const Scope one :
       {Scope::unknown, Scope::host, Scope::function, Scope::app, Scope::extension}) {
    if (to_string(one) != word) continue;
    scope = one;
    return true;
  }
  return false;
}

bool is_header(std::string_view line) {
  constexpr std::string_view kBlank = " \t";
  if (!line.starts_with('{')) return false;
  line.remove_prefix(std::min(line.find_first_not_of(kBlank, 1), line.size()));
  return line.starts_with(fmt::format("\"{}\"", kHeaderName));
}

std::string header_line(const std::string& salt, const std::map<std::string, std::string>& more) {
  Json line;
  line[std::string(kHeaderName)] = kVersion;
  line["salt"] = encode_base64(salt, Base64Alphabet::standard);
  for (const auto& [name, json] : more) line[name] = value_of(json);
  return line.dump();
}

std::string read_header(std::string_view line, InventoryHeader& header) {
  const Json object = parse_object(line);
  if (object.is_discarded() || !object.contains(kHeaderName)) {
    return "it does not begin with the line of an inventory, "
           "{\"assay_inventory\":1,\"salt\":\"…\"}";
  }
  if (object[std::string(kHeaderName)] != kVersion) {
    return "it is of a version that this program does not know: use a newer one";
  }
  for (const auto& [name, value] : object.items()) {
    if (name == kHeaderName) continue;
    if (name == "salt" && value.is_string()) {
      std::string_view digits = value.get_ref<const std::string&>();
      while (digits.ends_with('=')) digits.remove_suffix(1);
      header.salt.resize(digits.size() * 3 / 4);
      if (!decode_base64(digits, header.salt.data())) header.salt.clear();
    } else if (name != "salt") {
      if (std::string wrong = take_unknown(name, value, header.more); !wrong.empty()) return wrong;
    }
  }
  if (header.salt.size() != kSaltBytes) return "its `salt` is not the base64 of 32 bytes";
  InventoryEntry holder;
  holder.more = header.more;
  return wrong_with_more(holder);
}

std::string entry_line(const InventoryEntry& entry) {
  Json line;
  const auto put = [&](std::span<const TextField> fields) {
    for (const TextField& field : fields) {
      const std::string& value = entry.*field.value;
      if (!value.empty()) line[std::string(field.name)] = value;
    }
  };
  line["id"] = entry.id;
  put(kNameFields);
  if (entry.scope != Scope::unknown) line["scope"] = std::string(to_string(entry.scope));
  put(kOwnerFields);
  if (!entry.callers.empty()) line["callers"] = entry.callers;
  put(kPlaceFields);
  put(kDateFields);
  put(kLinkFields);
  if (entry.canary) line["canary"] = true;
  if (!entry.contested.empty()) line["contested"] = entry.contested;
  for (const auto& [name, json] : entry.more) line[name] = value_of(json);
  return line.dump();
}

std::string read_entry(std::string_view line, InventoryEntry& entry) {
  const Json object = parse_object(line);
  if (object.is_discarded()) return "this is no JSON object, or a larger one than an entry is";
  for (const auto& [name, value] : object.items()) {
    if (std::string wrong = take_field(name, value, entry); !wrong.empty()) return wrong;
  }
  return wrong_with(entry);
}

std::string wrong_with(InventoryEntry& entry) {
  if (!is_id(entry.id)) return "`id` is missing, or is no fingerprint of a key";
  for (const auto fields : kTextFields) {
    const FieldKind kind = fields.data() == kLinkFields ? FieldKind::link : FieldKind::name;
    for (const TextField& field : fields) {
      std::string wrong = wrong_with_text(field.name, entry.*field.value, kind);
      if (!wrong.empty()) return wrong;
    }
  }
  for (const TextField& field : kDateFields) {
    const std::string& date = entry.*field.value;
    if (!date.empty() && !is_date(date)) {
      return fmt::format("`{}` is no date like 2026-11-22, nor a time in UTC", field.name);
    }
  }
  if (entry.callers.size() > Inventory::kMostCallers) {
    return fmt::format("it has more than {} callers", Inventory::kMostCallers);
  }
  for (const std::string& caller : entry.callers) {
    std::string wrong = wrong_with_text("callers", caller, FieldKind::name);
    if (!wrong.empty()) return wrong;
  }
  std::erase(entry.callers, std::string());
  for (auto* list : {&entry.callers, &entry.contested}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  if (std::string wrong = wrong_with_more(entry); !wrong.empty()) return wrong;
  return wrong_with_contested(entry);
}

std::string field_with_key(const InventoryEntry& entry) {
  for (const auto fields : kTextFields) {
    for (const TextField& field : fields) {
      if (find_key(entry.*field.value)) return fmt::format("`{}`", field.name);
    }
  }
  for (const std::string& caller : entry.callers) {
    if (find_key(caller)) return "`callers`";
  }
  return "a field";
}

}  // namespace assay
