// Host names and paths of Functions apps.
//
//   contoso-orders-staging.azurewebsites.net                        app contoso-orders, slot
//   staging contoso-orders-a1b2c3d4e5f6a7b8.westeurope-01.azurewebsites.net app contoso-orders
//   contoso-orders.scm.azurewebsites.net                            app contoso-orders
//   orders--rev2.calmsea-1a2b3c4d.westeurope.azurecontainerapps.io  app orders
//
// A slot's host is APP-SLOT, and an app's name may hold dashes: only a usual slot name at its end,
// or a slot named in the text, is taken for one.
#include "scanner/context_host.h"

#include <algorithm>

#include "rules/keys/identify.h"
#include "scanner/context_text.h"

namespace assay {

namespace {

constexpr size_t kMaxName = 128;
constexpr std::string_view kSites[] = {".azurewebsites.net", ".azurewebsites.us",
                                       ".chinacloudsites.cn"};
constexpr std::string_view kContainerApps = ".azurecontainerapps.io";
constexpr std::string_view kStaticApps = ".azurestaticapps.net";
constexpr std::string_view kApiManagement = ".azure-api.net";
constexpr std::string_view kSlots[] = {"staging", "stage", "stg",   "preprod",
                                       "canary",  "blue",  "green", "preview"};

// The leading digits of a key: what of it can stand in a name without escapes.
std::string_view key_digits(std::string_view key) {
  const auto stop = std::find_if_not(key.begin(), key.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_';
  });
  return key.substr(0, static_cast<size_t>(stop - key.begin()));
}

// Whether a key of any family could stand in it, its padding aside.
bool holds_form(std::string_view value) {
  for (const KeyFamily& family : key_families()) {
    for (size_t at = 0; at + family.digits() <= value.size(); ++at) {
      const std::string_view digits = value.substr(at, family.digits());
      // Without a signature any word of its length has the form.
      if (family.signature.empty() ? verify(family, digits) != nullptr : has_form(family, digits)) {
        return true;
      }
    }
  }
  return false;
}

bool holds_key(std::string_view value, std::string_view key) {
  constexpr size_t kShortestKey = 20;
  if (value.size() < kShortestKey) return false;
  if (find_any_case(value, "azfu") != std::string_view::npos || holds_form(value)) return true;
  // Without case, since host names are written in lower case.
  const std::string_view digits = key_digits(key);
  if (digits.size() < kShortestKey || digits.size() > value.size()) return false;
  for (size_t at = 0; at + digits.size() <= value.size(); ++at) {
    if (equal_any_case(value.substr(at, digits.size()), digits)) return true;
  }
  return false;
}

// APP-HASH, where the label after it names a region: the hash has 16 letters and digits.
std::string_view without_hash(std::string_view label) {
  constexpr size_t kHash = 16;
  if (label.size() < kHash + 2 || label[label.size() - kHash - 1] != '-') return label;
  const std::string_view hash = label.substr(label.size() - kHash);
  if (!std::all_of(hash.begin(), hash.end(), [](char c) { return is_letter(c) || is_digit(c); })) {
    return label;
  }
  return label.substr(0, label.size() - kHash - 1);
}

// Whether `line` names the slot by `--slot NAME` or `/slots/NAME`.
bool names_slot(std::string_view line, std::string_view slot) {
  for (const std::string_view sign : {"--slot ", "--slot=", "/slots/"}) {
    for (size_t at = line.find(sign); at != std::string_view::npos; at = line.find(sign, at + 1)) {
      const std::string_view rest = line.substr(at + sign.size());
      if (rest.size() < slot.size() || !equal_any_case(rest.substr(0, slot.size()), slot)) continue;
      if (rest.size() == slot.size() || !is_name_char(rest[slot.size()])) return true;
    }
  }
  return false;
}

// Cuts the slot off `app` and returns it, or nothing.
std::string_view split_slot(std::string_view& app, std::string_view line) {
  for (size_t dash = app.rfind('-'), tries = 0; dash != std::string_view::npos && dash > 0;
       dash = app.rfind('-', dash - 1)) {
    const std::string_view slot = app.substr(dash + 1);
    const bool usual = std::find(std::begin(kSlots), std::end(kSlots), slot) != std::end(kSlots);
    if (!slot.empty() && (usual || names_slot(line, slot))) {
      app.remove_suffix(slot.size() + 1);
      return slot;
    }
    if (++tries == 3) break;  // a slot's name rarely holds a dash, and the line is read each time
  }
  return {};
}

void set_site(ContextFacts& facts, std::string_view name, std::string_view line) {
  std::string_view app = name.substr(0, name.find('.'));
  const std::string_view rest = name.substr(std::min(name.size(), app.size()));
  if (!rest.empty() && rest != ".scm") app = without_hash(app);
  const std::string_view slot = split_slot(app, line);
  facts.set(facts.context.app, app);
  facts.set(facts.context.slot, slot);
}

std::string_view segment_after(std::string_view path, std::string_view prefix) {
  const size_t at = find_any_case(path, prefix);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = path.substr(at + prefix.size());
  return rest.substr(0, find_first(rest, [](auto c) {
                       return (c == '/') | (c == '?') | (c == '#') | (c == '&') | (c == ';');
                     }));
}

}  // namespace

void ContextFacts::set(std::string& field, std::string_view value) const {
  if (!field.empty() || value.empty() || value.size() > kMaxName) return;
  if (!std::all_of(value.begin(), value.end(), is_name_char) || holds_key(value, key)) return;
  field = value;
}

void ContextFacts::set_id(std::string& field, std::string_view value) const {
  if (!field.empty() || value.empty() || value.size() > kMaxName) return;
  const auto allowed = [](char c) { return is_name_char(c) || c == ':' || c == '+' || c == '/'; };
  if (!std::all_of(value.begin(), value.end(), allowed) || holds_key(value, key)) return;
  field = value;
}

void ContextFacts::set_store(std::string_view value) {
  if (!context.store.empty() || value.empty() || value.size() > kMaxName) return;
  const auto allowed = [](char c) { return is_name_char(c) || c == ':' || c == '/'; };
  if (!std::all_of(value.begin(), value.end(), allowed) || holds_key(value, key)) return;
  context.store = value;
}

void ContextFacts::set_scope(Scope scope) {
  if (context.scope != Scope::unknown) return;
  if (kind == "function" && scope != Scope::host && scope != Scope::function) return;
  context.scope = scope;
}

bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= kMaxName && host.front() != '.' && host.back() != '.' &&
         host.find("..") == std::string_view::npos &&
         std::all_of(host.begin(), host.end(), is_name_char);
}

bool is_functions_host(std::string_view host) {
  const auto below = [host](std::string_view suffix) {
    return host.size() > suffix.size() && lower(host.back()) == suffix.back() &&
           equal_any_case(host.substr(host.size() - suffix.size()), suffix);
  };
  return std::any_of(std::begin(kSites), std::end(kSites), below) || below(kContainerApps) ||
         below(kStaticApps) || below(kApiManagement);
}

bool is_management_host(std::string_view host) {
  static constexpr std::string_view kNames[] = {"management.azure.com", "portal.azure.com",
                                                "vault.azure.net", "blob.core.windows.net",
                                                "login.microsoftonline.com"};
  for (const std::string_view name : kNames) {
    if (host.size() < name.size() || lower(host.back()) != name.back()) continue;
    const size_t before = host.size() - name.size();
    if (equal_any_case(host.substr(before), name) && (before == 0 || host[before - 1] == '.')) {
      return true;
    }
  }
  return false;
}

void set_host(ContextFacts& facts, std::string_view host, std::string_view line) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (!is_host(host) || is_management_host(host) || !facts.context.host.empty()) return;
  std::string name(host);
  std::transform(name.begin(), name.end(), name.begin(), lower);
  facts.set(facts.context.host, name);
  if (facts.context.host.empty()) return;
  facts.context.functions_host = is_functions_host(name);

  const std::string_view lowered = name;
  for (const std::string_view suffix : kSites) {
    if (lowered.ends_with(suffix)) {
      set_site(facts, lowered.substr(0, lowered.size() - suffix.size()), line);
    }
  }
  const std::string_view label = lowered.substr(0, lowered.find('.'));
  if (lowered.ends_with(kContainerApps))
    facts.set(facts.context.app, label.substr(0, label.find("--")));
  if (lowered.ends_with(kStaticApps)) facts.set(facts.context.app, label);
}

bool is_functions_path(std::string_view path) {
  for (const std::string_view prefix : {"/api/", "/admin/", "/runtime/webhooks/"}) {
    if (find_any_case(path, prefix) != std::string_view::npos) return true;
  }
  return false;
}

void set_path(ContextFacts& facts, std::string_view path) {
  path = path.substr(0, find_first(path, [](auto c) { return (c == '?') | (c == '#'); }));
  const std::string_view extension = segment_after(path, "/runtime/webhooks/");
  if (!extension.empty()) {
    if (facts.kind == "system" || facts.kind == "unknown") {
      facts.set(facts.context.key_name, extension);
      facts.set_scope(Scope::extension);
    }
    return;
  }
  const std::string_view administered = segment_after(path, "/admin/functions/");
  facts.set(facts.context.function,
            administered.empty() ? segment_after(path, "/api/") : administered);
}

}  // namespace assay
