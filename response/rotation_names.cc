// Which names a plan takes, and how they are written.
//
//   is_valid(Fact::app, "contoso-orders")   yes
//   is_valid(Fact::app, "$(touch x)")       no: it stays the blank APP
//   shell_argument("it's")                  'it'\''s'
//
// A person pastes these lines into a shell at a bad hour, and the names come from the text that
// leaked the key. So a name must first be one that Azure could have given, and is quoted besides.
#include "response/rotation_names.h"

#include <algorithm>

#include "scanner/verify.h"

namespace assay {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_alnum(char c) { return is_letter(c) || is_digit(c); }

bool is_plain(char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; }

bool all_of(std::string_view text, std::string_view others, bool (*holds)(char) = is_alnum) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return holds(c) || others.find(c) != std::string_view::npos; });
}

// The length of the character of UTF-8 at the front if it is one that shows, else 0: no control
// character, no mark of direction, no blank that only looks like one.
size_t shown_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  uint32_t code = lead & (0x7fu >> length);
  for (const char c : text.substr(1, length - 1)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte & 0x3fu);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0xa1, 0x800, 0x10000};
  if (code < kLeast[length] || code == 0xad || code == 0x34f || code == 0x61c) return 0;
  if (code == 0x1680 || (code >= 0x180b && code <= 0x180f)) return 0;
  // What shows as nothing: fillers of Hangul, and Braille without a dot.
  if (code == 0x115f || code == 0x1160 || code == 0x3164 || code == 0xffa0 || code == 0x2800) {
    return 0;
  }
  if ((code >= 0x2000 && code <= 0x206f) || (code >= 0x3000 && code <= 0x3000)) return 0;
  if (code >= 0xd800 && code <= 0xf8ff) return 0;
  if ((code >= 0xfe00 && code <= 0xfe0f) || code == 0xfeff) return 0;
  return (code >= 0xfff0 && code <= 0xffff) || code >= 0xe0000 ? 0 : length;
}

// ^[-\w\._\(\)]+[^\.]$, which takes letters of any script.
bool is_group(std::string_view text) {
  if (text.size() > 360 || text.front() == '-' || text.back() == '.') return false;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    const size_t length =
        is_plain(c) || c == '(' || c == ')' ? 1 : shown_character(text.substr(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

bool is_label(std::string_view text, size_t longest) {
  return text.size() <= longest && is_alnum(text.front()) && is_alnum(text.back()) &&
         all_of(text, "-");
}

bool is_vault(std::string_view text) {
  return text.size() >= 3 && is_label(text, 24) && is_letter(text.front()) &&
         text.find("--") == std::string_view::npos;
}

bool is_lower_or_digit(char c) { return is_lower(c) || is_digit(c); }

bool is_dns_name(std::string_view text, size_t longest, std::string_view others) {
  return text.size() <= longest && is_lower_or_digit(text.front()) &&
         is_lower_or_digit(text.back()) && all_of(text, others, is_lower_or_digit);
}

// /subscriptions/…/providers/Microsoft.Storage/storageAccounts/NAME
bool is_resource_id(std::string_view text) {
  return text.size() <= 1024 && text.starts_with("/subscriptions/") &&
         text.find("..") == std::string_view::npos && all_of(text, "/-_.()");
}

// 24h, 7d, 30m
bool is_span(std::string_view text) {
  return text.size() >= 2 && text.size() <= 4 && is_digit(text.front()) && text.front() != '0' &&
         std::all_of(text.begin(), text.end() - 1, is_digit) &&
         std::string_view("mhd").find(text.back()) != std::string_view::npos;
}

// A key could be a name as well: 54 letters and digits. Whether its checksum holds or not.
bool has_shape_of_key(std::string_view text) {
  for (const KeyFamily& family : key_families()) {
    const std::string_view sign = family.signature;
    for (size_t at = text.find(sign); at != text.npos; at = text.find(sign, at + 1)) {
      Candidate candidate;
      if (gather(family, text, at + sign.size(), true, candidate) == Gather::found) return true;
    }
  }
  return false;
}

constexpr KeyKind kKinds[] = {KeyKind::unknown, KeyKind::function_or_host, KeyKind::function,
                              KeyKind::host,    KeyKind::master,           KeyKind::system};
constexpr KeyStore kStores[] = {KeyStore::app_service, KeyStore::blob, KeyStore::key_vault,
                                KeyStore::kubernetes, KeyStore::container_app};

bool is_kind(std::string_view text) {
  return std::any_of(std::begin(kKinds) + 2, std::end(kKinds),
                     [&](KeyKind kind) { return to_string(kind) == text; });
}

bool is_store(std::string_view text) {
  return std::any_of(std::begin(kStores), std::end(kStores),
                     [&](KeyStore store) { return to_string(store) == text; });
}

constexpr FactRow kRows[kFacts] = {
    {Fact::kind, "kind", "KIND", "function, host, master or system"},
    {Fact::store, "store", "STORE", "who keeps the key"},
    {Fact::subscription, "subscription", "SUBSCRIPTION", "id or name of the app's subscription"},
    {Fact::resource_group, "resource_group", "RESOURCE_GROUP", "the app's resource group"},
    {Fact::app, "app", "APP", "the Functions app"},
    {Fact::slot, "slot", "SLOT", "the app's deployment slot"},
    {Fact::function, "function", "FUNCTION", "the function that the key opens"},
    {Fact::key_name, "key_name", "KEY_NAME", "the name of the exposed key"},
    {Fact::vault, "vault", "VAULT", "the key vault that keeps the keys"},
    {Fact::name_space, "namespace", "NAMESPACE", "the namespace in Kubernetes"},
    {Fact::secret, "secret", "SECRET", "the Kubernetes secret that keeps the keys"},
    {Fact::revision, "revision", "REVISION", "the active revision of the Container App"},
    {Fact::application_insights, "application_insights", "APPLICATION_INSIGHTS",
     "the app's Application Insights component, or none"},
    {Fact::event_subscription, "event_subscription", "EVENT_SUBSCRIPTION",
     "the Event Grid subscription that holds the key, or none"},
    {Fact::event_source, "event_source", "EVENT_SOURCE",
     "resource id of that subscription's source, or none"},
    {Fact::span, "span", "SPAN", "how far back the log is watched: 24h, 7d"},
    {Fact::resource, "resource", "RESOURCE",
     "what the key opens: storage account, namespace, hub, registry, service, application id"},
    {Fact::policy, "policy", "POLICY", "the key's name there: access policy, device or id"},
};

// A part of a family's name, and the words that stand in commands for what is not known.
struct BlankRow {
  std::string_view family, resource, policy;
};
constexpr BlankRow kBlanks[] = {
    {"storage", "STORAGE_ACCOUNT", "KEY_NAME"},
    {"service-bus", "NAMESPACE", "POLICY"},
    {"event-hub", "NAMESPACE", "POLICY"},
    {"azure-relay", "NAMESPACE", "POLICY"},
    {"iot", "IOT_HUB", "POLICY"},
    {"cosmos", "COSMOS_ACCOUNT", "KEY_KIND"},
    {"redis", "CACHE", "KEY_TYPE"},
    {"registry", "REGISTRY", "PASSWORD_NAME"},
    {"search", "SEARCH_SERVICE", "KEY_KIND"},
    {"batch", "BATCH_ACCOUNT", "KEY_NAME"},
    {"api-management", "API_MANAGEMENT", "SUBSCRIPTION_ID"},
    {"app-config", "CONFIG_STORE", "CREDENTIAL_ID"},
    {"event-grid", "TOPIC", "KEY_NAME"},
    {"communication", "COMMUNICATION_SERVICE", "KEY_TYPE"},
    {"maps", "MAPS_ACCOUNT", "KEY_TYPE"},
    {"-ai", "AI_SERVICES_ACCOUNT", "KEY_NAME"},
    {"openai", "AI_SERVICES_ACCOUNT", "KEY_NAME"},
    {"cognitive", "AI_SERVICES_ACCOUNT", "KEY_NAME"},
    {"entra", "APPLICATION_ID", "KEY_ID"},
    {"devops", "ORGANIZATION", "TOKEN_NAME"},
    {"github", "OWNER", "TOKEN_NAME"},
    {"databricks", "WORKSPACE", "TOKEN_ID"},
};

}  // namespace

std::string_view to_string(KeyKind kind) {
  switch (kind) {
    case KeyKind::function:
      return "function";
    case KeyKind::host:
      return "host";
    case KeyKind::master:
      return "master";
    case KeyKind::system:
      return "system";
    case KeyKind::function_or_host:
      return "function-or-host";
    case KeyKind::unknown:
      break;
  }
  return "unknown";
}

std::string_view to_string(KeyStore store) {
  switch (store) {
    case KeyStore::blob:
      return "blob";
    case KeyStore::key_vault:
      return "key-vault";
    case KeyStore::kubernetes:
      return "kubernetes";
    case KeyStore::container_app:
      return "container-app";
    case KeyStore::app_service:
      break;
  }
  return "app-service";
}

std::span<const FactRow> fact_rows() { return kRows; }
const FactRow& row_of(Fact fact) { return kRows[static_cast<size_t>(fact)]; }

std::string_view blank_of(Fact fact, const Rule* rule) {
  if (rule == nullptr || (fact != Fact::resource && fact != Fact::policy)) {
    return row_of(fact).blank;
  }
  const std::string_view kind = rule->kind;
  if (kind == "device-provisioning" && fact == Fact::resource) return "PROVISIONING_SERVICE";
  if (kind == "device" && fact == Fact::policy) return "DEVICE";
  for (const BlankRow& row : kBlanks) {
    if (rule->family.find(row.family) == std::string::npos) continue;
    return fact == Fact::resource ? row.resource : row.policy;
  }
  return row_of(fact).blank;
}

bool is_valid(Fact fact, std::string_view value) {
  if (value.empty() || has_shape_of_key(value)) return false;
  switch (fact) {
    case Fact::kind:
      return is_kind(value);
    case Fact::store:
      return is_store(value);
    case Fact::subscription:
      return value.size() <= 64 && is_alnum(value.front()) && all_of(value, " -_.()");
    case Fact::resource_group:
      return is_group(value);
    case Fact::app:
    case Fact::slot:
      return is_label(value, 60);
    case Fact::function:
      return value.size() <= 128 && is_letter(value.front()) && all_of(value, "-_");
    case Fact::key_name:
      return value.size() <= 127 && (is_alnum(value.front()) || value.front() == '_') &&
             all_of(value, "-_.");
    case Fact::vault:
      return is_vault(value);
    case Fact::name_space:
      return is_dns_name(value, 63, "-");
    case Fact::secret:
      return is_dns_name(value, 253, "-.");
    case Fact::revision:
      return is_dns_name(value, 128, "-");
    case Fact::application_insights:
      return value.size() <= 260 && is_alnum(value.front()) && all_of(value, "-_.()");
    case Fact::event_subscription:
      return value.size() <= 64 && is_alnum(value.front()) && all_of(value, "-");
    case Fact::event_source:
      return value == "none" || is_resource_id(value);
    case Fact::span:
      return is_span(value);
    case Fact::resource:
      return value.size() <= 128 && is_alnum(value.front()) && all_of(value, "-_.");
    case Fact::policy:
      return value.size() <= 256 && is_alnum(value.front()) && all_of(value, "-_.:+/");
  }
  return false;
}

bool Facts::set(Fact fact, std::string_view value) {
  if (!value.empty() && !is_valid(fact, value)) return false;
  values_[static_cast<size_t>(fact)] = value;
  return true;
}

bool set_fact(RotationCase& about, Fact fact, std::string_view value) {
  if (fact == Fact::slot && value == "production") {  // the app itself has no slot in commands
    about.in_slot = false;
    return about.facts.set(fact, "");
  }
  if (!about.facts.set(fact, value)) return false;
  if (fact == Fact::slot && !value.empty()) about.in_slot = true;
  for (const KeyKind kind : kKinds) {
    if (fact == Fact::kind && to_string(kind) == value) about.kind = kind;
  }
  for (const KeyStore store : kStores) {
    if (fact == Fact::store && to_string(store) == value) about.store = store;
  }
  return true;
}

std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string shell_argument(std::string_view text) {
  return !text.empty() && all_of(text, "-_.") ? std::string(text) : shell_quoted(text);
}

std::string argument(std::string_view name, std::string_view placeholder) {
  if (name.empty() || name.front() == '-' || name.front() == '@') return std::string(placeholder);
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::string(placeholder);
  }
  return shell_argument(name);
}

std::string word(const Facts& facts, Fact fact) {
  return argument(facts[fact], row_of(fact).blank);
}

std::string kql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string system_key_name(const KeyContext& context) {
  constexpr std::string_view kSuffix = "_extension";
  std::string name = context.key_name;
  const bool from_request = context.carrier == "query" || context.carrier == "header";
  if (name.empty() || !from_request || name.ends_with(kSuffix)) return name;
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return name.append(kSuffix);
}

bool is_fingerprint(std::string_view text) { return text.size() == 20 && all_of(text, "+/"); }

std::string replacement_name(std::string_view name) {
  const size_t next = name.rfind("-next");
  if (next == std::string_view::npos) return std::string(name) + "-next";
  const std::string_view tail = name.substr(next + 5);
  if (tail.empty()) return std::string(name) + "-2";
  if (tail.size() > 4 || tail.front() != '-' || !all_of(tail.substr(1), "", is_digit) ||
      tail.size() < 2) {
    return std::string(name) + "-next";
  }
  int number = 0;
  for (const char c : tail.substr(1)) number = number * 10 + (c - '0');
  return std::string(name.substr(0, next + 6)) + std::to_string(number + 1);
}

}  // namespace assay
