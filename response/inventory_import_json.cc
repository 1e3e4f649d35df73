// Reads the JSON in which Azure tells keys. Each value at the top is looked at for its shape:
//
//   {"masterKey":"…","functionKeys":{"default":"…"},"systemKeys":{…}}   az, ARM listkeys of a host
//   {"masterKey":{"name":"master","value":"…"},"functionKeys":[…]}      host.json of the host
//   {"keys":[{"name":"default","value":"…","encrypted":false}]}         FUNCTION.json
//   {"default":"…"}                                                     listkeys of a function
//   [{"name":"default","value":"…"}], {"value":[…]}                     lists; Container Apps
//   {"id":"/subscriptions/…","name":"default","properties":{…}}         a KeyInfo, with its
//   resource
//   {"id":"https://VAULT.vault.azure.net/secrets/NAME","value":"…"}     az keyvault secret show
//   {"kind":"Secret","metadata":{"name":"…"},"data":{"host.master":…}}  Kubernetes
//
// Several values may stand one after another, as a loop over apps prints them.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "response/inventory_entry.h"
#include "response/inventory_import_keys.h"
#include "rules/keys/base64.h"
#include "scanner/context_names.h"

namespace assay {

namespace {

// Not ordered_json: that one looks through all members of an object for each that it reads.
using Json = nlohmann::json;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// A member, its name in any case, or null.
const Json* member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  for (const auto& [key, value] : object.items()) {
    if (same_word(key, name)) return &value;
  }
  return nullptr;
}

std::string_view text_of(const Json* value) {
  if (value == nullptr || !value->is_string()) return {};
  return value->get_ref<const std::string&>();
}
std::string_view text_of(const Json& object, std::string_view name) {
  return text_of(member(object, name));
}

std::string_view after_last(std::string_view text, char c) {
  return text.substr(text.rfind(c) + 1);
}

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    if (end > 0) parts.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

// The place that a resource's id names: /subscriptions/S/resourceGroups/G/providers/Microsoft.Web/
// sites/APP/slots/SLOT/functions/FUNCTION/keys/NAME, …/host/default/functionKeys/NAME.
void read_resource(std::string_view id, InventoryEntry& facts) {
  if (!id.starts_with('/')) return;
  const auto parts = split(id);
  for (size_t i = 0; i + 1 < parts.size(); i += 2) {
    const std::string_view kind = parts[i], name = parts[i + 1];
    if (same_word(kind, "subscriptions")) facts.subscription = name;
    if (same_word(kind, "resourceGroups")) facts.resource_group = name;
    if (same_word(kind, "sites") || same_word(kind, "containerApps")) facts.app = name;
    if (same_word(kind, "slots")) facts.slot = name;
    if (same_word(kind, "functions")) facts.function = name;
    if (same_word(kind, "keys")) facts.scope = Scope::function;
    if (same_word(kind, "functionKeys")) facts.scope = Scope::host;
    if (same_word(kind, "systemKeys")) facts.scope = Scope::extension;
    if (same_word(kind, "masterKey")) facts.scope = Scope::app;
  }
}

// The vault of https://VAULT.vault.azure.net/secrets/NAME/VERSION, or nothing.
std::string_view vault_of(std::string_view id, std::string_view& secret) {
  constexpr std::string_view kScheme = "https://", kSecrets = "/secrets/";
  const size_t path = id.find(kSecrets);
  if (!id.starts_with(kScheme) || path == id.npos) return {};
  const std::string_view host = id.substr(kScheme.size(), path - kScheme.size());
  if (host.find(".vault.") == host.npos) return {};
  const std::string_view rest = id.substr(path + kSecrets.size());
  secret = rest.substr(0, rest.find('/'));
  return host.substr(0, host.find('.'));
}

class JsonImport {
 public:
  JsonImport(bool only_vault, ImportedKeys& keys) : only_vault_(only_vault), keys_(keys) {}

  void read(const Json& value) {
    if (!read_value(value, {}, 0)) {
      keys_.fail(only_vault_ ? "it is no answer of `az keyvault secret list` or `show`"
                             : "this JSON is none of the forms in which keys are told");
    }
  }

 private:
  bool read_value(const Json& value, const InventoryEntry& place, int depth);
  bool read_object(const Json& object, InventoryEntry place, int depth);
  bool read_vault(const Json& object);
  bool read_kubernetes(const Json& object, int depth);
  bool read_host(const Json& object, const InventoryEntry& place);
  bool read_function(const Json& object, InventoryEntry place);
  bool read_pair(const Json& object, InventoryEntry place);
  void read_group(const Json& group, const InventoryEntry& place);
  void read_kubernetes_data(const Json& data, bool encoded, std::string_view name);
  void put(InventoryEntry facts, std::string_view name, const Json& value);
  bool take_names(std::string_view stored, InventoryEntry& facts);
  std::string function_of_name() const;

  bool only_vault_;
  ImportedKeys& keys_;
};

bool JsonImport::read_value(const Json& value, const InventoryEntry& place, int depth) {
  constexpr int kDeepest = 4;
  if (depth > kDeepest) return false;
  if (value.is_object()) return read_object(value, place, depth);
  if (!value.is_array()) return false;
  return std::all_of(value.begin(), value.end(), [&](const Json& one) {
    return one.is_object() && read_object(one, place, depth + 1);
  });
}

bool JsonImport::read_object(const Json& object, InventoryEntry place, int depth) {
  if (read_vault(object)) return true;
  if (const Json* list = member(object, "value"); list != nullptr && list->is_array()) {
    return read_value(*list, place, depth + 1);
  }
  if (only_vault_) return false;
  if (read_kubernetes(object, depth)) return true;
  const std::string_view id = text_of(object, "id");
  const bool resource = id.starts_with('/');
  read_resource(id, place);
  const Json* properties = member(object, "properties");
  if (properties != nullptr && properties->is_object() && !properties->empty()) {
    Json inner = *properties;
    // A KeyInfo names itself outside, and has its value inside.
    if (member(inner, "value") != nullptr && text_of(inner, "name").empty() && resource) {
      inner["name"] = std::string(after_last(id, '/'));
    }
    return read_value(inner, place, depth + 1);
  }
  return read_host(object, place) || read_pair(object, place) || read_function(object, place);
}

// What a stored secret's name tells. False if it is no name of a key of Functions.
bool JsonImport::take_names(std::string_view stored, InventoryEntry& facts) {
  const SecretName name = read_secret_name(stored);
  if (name.carrier.empty()) return false;
  facts.scope = name.scope;
  // Of characters that no such name may have nothing is known.
  if (name.function.find('\0') == std::string::npos) facts.function = name.function;
  if (name.key_name.find('\0') == std::string::npos) facts.key_name = name.key_name;
  if (name.carrier == "container-app") facts.storage = "container-app";
  return true;
}

bool JsonImport::read_vault(const Json& object) {
  std::string_view secret;
  const std::string_view vault = vault_of(text_of(object, "id"), secret);
  if (vault.empty()) return false;
  InventoryEntry facts;
  facts.storage = fmt::format("key-vault:{}", vault);
  if (const Json* attributes = member(object, "attributes")) {
    facts.created = inventory_date(text_of(*attributes, "created"));
    const std::string updated = inventory_date(text_of(*attributes, "updated"));
    if (updated != facts.created) facts.last_rotated = updated;
  }
  if (!take_names(secret, facts)) {
    keys_.foreign(secret);
    return true;
  }
  const std::string_view value = text_of(object, "value");
  if (value.empty()) {
    keys_.fact(std::move(facts));
  } else {
    keys_.key(std::move(facts), value);
  }
  return true;
}

void JsonImport::read_kubernetes_data(const Json& data, bool encoded, std::string_view name) {
  for (const auto& [stored, value] : data.items()) {
    InventoryEntry facts;
    facts.storage = fmt::format("kubernetes:{}", name);
    const std::string storage = facts.storage;
    if (!take_names(stored, facts) || !value.is_string()) {
      keys_.foreign(stored);
      continue;
    }
    facts.storage = storage;
    std::string_view text = text_of(&value);
    std::string plain(text);
    if (encoded) {
      while (text.ends_with('=')) text.remove_suffix(1);
      plain.resize(text.size() * 3 / 4);
      if (!decode_base64(text, plain.data())) {
        keys_.leave_out(facts, "whose data is no base64");
        continue;
      }
    }
    keys_.key(std::move(facts), plain);
  }
}

bool JsonImport::read_kubernetes(const Json& object, int depth) {
  const std::string_view kind = text_of(object, "kind");
  const Json* items = member(object, "items");
  if (kind.ends_with("List") && items != nullptr) return read_value(*items, {}, depth + 1);
  if (kind != "Secret") return false;
  const Json* metadata = member(object, "metadata");
  const std::string_view name = metadata == nullptr ? "" : text_of(*metadata, "name");
  for (const std::string_view field : {"data", "stringData"}) {
    const Json* data = member(object, field);
    if (data != nullptr && data->is_object()) {
      read_kubernetes_data(*data, field == "data", name);
    }
  }
  return true;
}

// A value, which is text, or an object that holds it and says whether it is encrypted.
void JsonImport::put(InventoryEntry facts, std::string_view name, const Json& value) {
  facts.key_name = after_last(name, '/');
  if (value.is_null()) return;
  if (value.is_string()) return keys_.key(std::move(facts), text_of(&value));
  const Json* encrypted = member(value, "encrypted");
  if (encrypted != nullptr && encrypted->is_boolean() && encrypted->get<bool>()) {
    return keys_.leave_out(facts, "whose value is encrypted");
  }
  keys_.key(std::move(facts), text_of(value, "value"));
}

// The members of an object, or a list of objects with names.
void JsonImport::read_group(const Json& group, const InventoryEntry& place) {
  if (group.is_object()) {
    for (const auto& [name, value] : group.items()) put(place, name, value);
  }
  if (!group.is_array()) return;
  for (const Json& one : group) {
    if (one.is_object()) put(place, text_of(one, "name"), one);
  }
}

bool JsonImport::read_host(const Json& object, const InventoryEntry& place) {
  constexpr std::pair<std::string_view, Scope> kGroups[] = {{"functionKeys", Scope::host},
                                                            {"systemKeys", Scope::extension}};
  const Json* master = member(object, "masterKey");
  bool found = master != nullptr;
  for (const auto& [name, scope] : kGroups) found |= member(object, name) != nullptr;
  if (!found) return false;
  InventoryEntry facts = place;
  facts.scope = Scope::app;
  if (master != nullptr) put(facts, "_master", *master);
  for (const auto& [name, scope] : kGroups) {
    facts.scope = scope;
    if (const Json* group = member(object, name)) read_group(*group, facts);
  }
  return true;
}

// {"name":…,"value":…}: a KeyInfo, a secret of a Container App, or one of a list.
bool JsonImport::read_pair(const Json& object, InventoryEntry place) {
  const std::string_view name = text_of(object, "name");
  const Json* value = member(object, "value");
  if (name.empty() || value == nullptr) return false;
  const std::string_view type = text_of(object, "type");
  if (type.find('/') != type.npos) {  // Microsoft.Web/sites/host/functionKeys
    read_resource(fmt::format("/{}/x", after_last(type, '/')), place);
  }
  if (!value->is_string()) {
    keys_.leave_out(place, "which has no value here");
    return true;
  }
  if (take_names(name, place)) {
    keys_.key(std::move(place), text_of(value));
  } else {
    put(std::move(place), name, object);
  }
  return true;
}

// FUNCTION of `FUNCTION.json`, if that is the name of the input.
std::string JsonImport::function_of_name() const {
  constexpr std::string_view kJson = ".json";
  const std::string_view name = after_last(keys_.name(), '/');
  if (!name.ends_with(kJson) || name == "host.json") return {};
  return std::string(name.substr(0, name.size() - kJson.size()));
}

bool JsonImport::read_function(const Json& object, InventoryEntry place) {
  const Json* list = member(object, "keys");
  const bool file = list != nullptr && list->is_array();
  const bool resource = text_of(object, "id").starts_with('/');
  Json names = Json::object();
  if (!file) {
    for (const auto& [name, value] : object.items()) {
      const bool own = resource && (name == "id" || name == "name" || name == "type" ||
                                    name == "kind" || name == "location");
      if (own || value.is_null() || (value.is_object() && value.empty())) continue;
      if (!value.is_string()) return false;
      names[name] = value;
    }
  }
  place.scope = Scope::function;
  if (place.function.empty() && keys_.given().function.empty()) {
    if (file) place.function = function_of_name();
    if (place.function.empty()) {
      keys_.fail(
          "these are the keys of one function, and which is not said: name it with "
          "--function");
    }
  }
  read_group(file ? *list : names, place);
  return true;
}

// The JSON value at the front of `text`, taken off it.
std::string_view take_value(std::string_view& text) {
  int open = 0;
  bool quoted = false;
  size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      i += c == '\\';
      quoted = c != '"';
      continue;
    }
    quoted = c == '"';
    open += c == '{' || c == '[';
    if ((c == '}' || c == ']') && --open <= 0) break;
  }
  const size_t size = std::min(i + 1, text.size());
  const std::string_view value = text.substr(0, size);
  text.remove_prefix(size);
  return value;
}

}  // namespace

void import_json(std::string_view text, bool only_vault, ImportedKeys& keys) {
  JsonImport import(only_vault, keys);
  constexpr std::string_view kBlank = " \t\r\n";
  for (size_t begin; (begin = text.find_first_not_of(kBlank)) != text.npos;) {
    text.remove_prefix(begin);
    const std::string_view value = take_value(text);
    if (!nests_at_most(value, kMostImportDepth)) keys.fail("it nests too deep");
    const Json json = Json::parse(value, nullptr, false);
    if (json.is_discarded()) keys.fail("it is no valid JSON, or is cut short");
    import.read(json);
  }
}

}  // namespace assay
