// A row of commands a store, with the names of the case in them.
//
//   app_service    az functionapp [function] keys list|set|delete …     Functions makes the value
//   key_vault      assay mint … | az keyvault secret set … --file /dev/stdin
//   kubernetes     assay mint … | kubectl patch secret … --patch-file /dev/stdin
//   container_app  assay mint … | az containerapp secret set … --secrets @-
//
// A value that must be supplied goes through pipes alone: an argument would stand in the shell's
// history and in the list of processes.
#include "response/rotation_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "response/rotation_names.h"

namespace assay {

namespace {

// What the four kinds are called where keys are kept.
struct KindWords {
  std::string_view mint;       // assay mint --kind …
  std::string_view az;         // --key-type of functionapp; empty: a key of one function
  std::string_view container;  // --key-type of containerapp function keys
};

KindWords words_of(KeyKind kind) {
  switch (kind) {
    case KeyKind::function:
      return {"function", "", "functionKey"};
    case KeyKind::master:
      return {"master", "masterKey", "masterKey"};
    case KeyKind::system:
      return {"system", "systemKeys", "systemKey"};
    default:
      return {"host", "functionKeys", "hostKey"};
  }
}

bool two_keys(KeyKind kind) { return kind != KeyKind::master && kind != KeyKind::system; }

std::string known_or_blank(const Facts& facts, Fact fact) {
  return facts[fact].empty() ? std::string(row_of(fact).blank) : facts[fact];
}

std::string key_name(const RotationCase& about) {
  if (about.kind == KeyKind::master) return "_master";
  return known_or_blank(about.facts, Fact::key_name);
}

std::string subscription(const RotationCase& about) {
  if (about.facts[Fact::subscription].empty()) return "";
  return " --subscription " + word(about.facts, Fact::subscription);
}

// -g G -n A [--slot S] [--subscription X]
std::string where(const RotationCase& about) {
  std::string out = fmt::format("-g {} -n {}", word(about.facts, Fact::resource_group),
                                word(about.facts, Fact::app));
  const bool slots = about.store != KeyStore::container_app;
  if (about.in_slot && slots) out += " --slot " + word(about.facts, Fact::slot);
  return out + subscription(about);
}

void add_app_service(const RotationCase& about, KeyCommands& out) {
  const KindWords words = words_of(about.kind);
  const bool one = about.kind == KeyKind::function;
  const std::string noun = one ? "az functionapp function keys" : "az functionapp keys";
  const std::string place =
      where(about) + (one ? " --function-name " + word(about.facts, Fact::function) : "");
  const std::string type = one ? "" : fmt::format(" --key-type {}", words.az);
  const std::string group = one ? "" : std::string(words.az) + ".";
  out.exposed = key_name(about);
  out.list_names = fmt::format("{} list {} --query \"keys({})\" -o tsv", noun, place,
                               one                             ? "@"
                               : about.kind == KeyKind::master ? "functionKeys"
                                                               : words.az);
  const auto show = [&](std::string_view name) {
    return fmt::format("{} list {} --query {} -o tsv", noun, place,
                       shell_argument(fmt::format("{}\"{}\"", group, name)));
  };
  const auto set = [&](std::string_view name) {
    return fmt::format("{} set {}{} --key-name {} --query name -o tsv", noun, place, type,
                       shell_argument(name));
  };
  out.show_exposed = about.kind == KeyKind::master
                         ? fmt::format("{} list {} --query masterKey -o tsv", noun, place)
                         : show(out.exposed);
  out.show_all = fmt::format("az functionapp keys list {} -o json", where(about));
  if (one) out.show_all = fmt::format("{} list {} -o json && {}", noun, place, out.show_all);
  out.renew = set(out.exposed);
  if (!two_keys(about.kind)) return;
  out.replacement = replacement_name(out.exposed);
  out.show_replacement = show(out.replacement);
  out.make = set(out.replacement);
  out.remove = fmt::format("{} delete {}{} --key-name {} -o none", noun, place, type,
                           shell_argument(out.exposed));
}

// Key Vault takes letters, digits and dashes: another character is `-` and its code.
std::string vault_part(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    out += plain ? std::string(1, c) : fmt::format("-{:03}", static_cast<unsigned char>(c));
  }
  return out;
}

// What parts the words of a name, and the words of the kinds, differ by store.
std::string stored_name(const RotationCase& about, std::string_view key) {
  const bool blank = about.facts[Fact::key_name].empty();
  const std::string function = known_or_blank(about.facts, Fact::function);
  const auto part = [&](std::string_view name) {
    return blank ? std::string(name) : vault_part(name);
  };
  if (about.store == KeyStore::key_vault) {
    if (about.kind == KeyKind::master) return "host--masterKey--master";
    if (about.kind == KeyKind::system) return "host--systemKey--" + part(key);
    if (about.kind != KeyKind::function) return "host--functionKey--" + part(key);
    return fmt::format("function--{}--{}",
                       about.facts[Fact::function].empty() ? function : vault_part(function),
                       part(key));
  }
  if (about.kind == KeyKind::master) return "host.master";
  if (about.kind == KeyKind::system) return fmt::format("host.systemKey.{}", key);
  if (about.kind != KeyKind::function) return fmt::format("host.function.{}", key);
  return fmt::format("functions.{}.{}", function, key);
}

// host.systemKey.eventgrid_extension as a secret of a Container App: host-systemkey-eventgrid-…
std::string secret_name(std::string_view path) {
  std::string out;
  for (const char c : path) {
    out += c == '.' || c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  return out;
}

// In a vault the next key has no dash, so that nothing in its name has to be escaped.
std::string next_key(const RotationCase& about) {
  if (about.store != KeyStore::key_vault) return replacement_name(key_name(about));
  const std::string name = key_name(about);
  return name + (name.ends_with("Next") ? "2" : "Next");
}

void add_vault(const RotationCase& about, KeyCommands& out) {
  const std::string vault = "--vault-name " + word(about.facts, Fact::vault) + subscription(about);
  out.exposed = stored_name(about, key_name(about));
  const auto show = [&](std::string_view name) {
    return fmt::format("az keyvault secret show {} --name {} --query value -o tsv", vault,
                       shell_argument(name));
  };
  const auto set = [&](std::string_view name) {
    return fmt::format(
        "assay mint --kind {} | tr -d '\\n' | az keyvault secret set {} --name {} "
        "--file /dev/stdin --query id -o tsv",
        words_of(about.kind).mint, vault, shell_argument(name));
  };
  out.list_names = fmt::format("az keyvault secret list {} --query \"[].name\" -o tsv", vault);
  out.show_exposed = show(out.exposed);
  out.show_all = fmt::format("az functionapp keys list {} -o json", where(about));
  if (about.kind == KeyKind::function) {
    out.show_all =
        fmt::format("az functionapp function keys list {} --function-name {} -o json && {}",
                    where(about), word(about.facts, Fact::function), out.show_all);
  }
  out.renew = set(out.exposed);
  out.apply = fmt::format("az functionapp restart {}", where(about));
  if (!two_keys(about.kind)) return;
  out.replacement = stored_name(about, next_key(about));
  out.show_replacement = show(out.replacement);
  out.make = set(out.replacement);
  out.remove = fmt::format("az keyvault secret delete {} --name {} -o none", vault,
                           shell_argument(out.exposed));
}

void add_kubernetes(const RotationCase& about, KeyCommands& out) {
  const std::string space = "-n " + word(about.facts, Fact::name_space);
  const std::string secret = "secret " + word(about.facts, Fact::secret) + " " + space;
  out.exposed = stored_name(about, key_name(about));
  const auto show = [&](std::string_view name) {
    return fmt::format("kubectl get {} -o go-template='{{{{index .data \"{}\"}}}}' | base64 -d",
                       secret, name);
  };
  const auto set = [&](std::string_view name) {
    return fmt::format(
        "assay mint --kind {} | tr -d '\\n' | base64 | tr -d '\\n' | "
        "{{ printf '{{\"data\":{{\"{}\":\"'; cat; printf '\"}}}}'; }} | "
        "kubectl patch {} --type merge --patch-file /dev/stdin",
        words_of(about.kind).mint, name, secret);
  };
  out.confirm = fmt::format("kubectl get {} -o name", secret);
  out.list_names = fmt::format(
      "kubectl get {} -o go-template='{{{{range $name, $value := .data}}}}{{{{println $name}}}}"
      "{{{{end}}}}'",
      secret);
  out.show_exposed = show(out.exposed);
  out.show_all = fmt::format(
      "kubectl get {} -o go-template='{{{{range .data}}}}{{{{base64decode .}}}}"
      "{{{{\"\\n\"}}}}{{{{end}}}}'",
      secret);
  out.renew = set(out.exposed);
  out.apply =
      fmt::format("kubectl rollout restart deployment/{} {}", word(about.facts, Fact::app), space);
  if (!two_keys(about.kind)) return;
  out.replacement = stored_name(about, next_key(about));
  out.show_replacement = show(out.replacement);
  out.make = set(out.replacement);
  out.remove =
      fmt::format("kubectl patch {} --type json -p '[{{\"op\":\"remove\",\"path\":\"/data/{}\"}}]'",
                  secret, out.exposed);
}

void add_container_app(const RotationCase& about, KeyCommands& out) {
  const std::string place = where(about);
  out.exposed_path = stored_name(about, key_name(about));
  out.exposed = secret_name(out.exposed_path);
  const auto show = [&](std::string_view name) {
    return fmt::format("az containerapp secret show {} --secret-name {} --query value -o tsv",
                       place, shell_argument(name));
  };
  const auto set = [&](std::string_view name) {
    return fmt::format(
        "assay mint --kind {} --secret-name {} | az containerapp secret set {} --secrets @- "
        "-o none",
        words_of(about.kind).mint, shell_argument(name), place);
  };
  out.confirm = fmt::format("az containerapp show {} --query id -o tsv", place);
  out.list_names = fmt::format("az containerapp secret list {} --query \"[].name\" -o tsv", place);
  out.show_exposed = show(out.exposed);
  out.show_all = fmt::format("az containerapp function keys list {}{} --key-type {} -o json", place,
                             about.kind == KeyKind::function
                                 ? " --function-name " + word(about.facts, Fact::function)
                                 : std::string(),
                             words_of(about.kind).container);
  out.mounts = fmt::format(
      "az containerapp show {} --query \"properties.template.volumes[].secrets[].[secretRef, "
      "path]\" -o tsv",
      place);
  out.renew = set(out.exposed);
  out.apply = fmt::format("az containerapp revision restart {} --revision {} -o none", place,
                          word(about.facts, Fact::revision));
  if (!two_keys(about.kind)) return;
  out.replacement_path = stored_name(about, next_key(about));
  out.replacement = secret_name(out.replacement_path);
  out.show_replacement = show(out.replacement);
  out.make = set(out.replacement);
  out.remove = fmt::format("az containerapp secret remove {} --secret-names {} -o none", place,
                           shell_argument(out.exposed));
}

}  // namespace

bool updates_event_grid(const RotationCase& about) {
  return about.kind == KeyKind::system && about.facts[Fact::key_name] == "eventgrid_extension" &&
         about.facts[Fact::event_subscription] != "none";
}

KeyCommands key_commands(const RotationCase& about) {
  KeyCommands out;
  out.confirm = fmt::format("az functionapp show {} --query id -o tsv", where(about));
  switch (about.store) {
    case KeyStore::key_vault:
      add_vault(about, out);
      break;
    case KeyStore::kubernetes:
      add_kubernetes(about, out);
      break;
    case KeyStore::container_app:
      add_container_app(about, out);
      break;
    case KeyStore::app_service:
    case KeyStore::blob:
      add_app_service(about, out);
      break;
  }
  return out;
}

std::vector<Fact> needed_facts(const RotationCase& about) {
  const KeyKind kind = about.kind;
  const bool named = two_keys(kind) || kind == KeyKind::system;
  const bool kubernetes = about.store == KeyStore::kubernetes;
  const bool subscribed = updates_event_grid(about);
  const std::string& insights = about.facts[Fact::application_insights];
  const bool grouped = !kubernetes || (!insights.empty() && insights != "none");
  const std::pair<Fact, bool> rows[] = {
      {Fact::kind, kind == KeyKind::unknown || kind == KeyKind::function_or_host},
      {Fact::subscription, !kubernetes},
      {Fact::resource_group, grouped},
      {Fact::app, true},
      {Fact::slot, about.in_slot && about.store != KeyStore::container_app},
      {Fact::function, kind == KeyKind::function || subscribed},
      {Fact::key_name, named},
      {Fact::vault, about.store == KeyStore::key_vault},
      {Fact::name_space, kubernetes},
      {Fact::secret, kubernetes},
      {Fact::revision, about.store == KeyStore::container_app},
      {Fact::application_insights, true},
      {Fact::event_subscription, subscribed},
      {Fact::event_source, subscribed},
  };
  std::vector<Fact> needed;
  for (const auto& [fact, is_needed] : rows) {
    if (is_needed) needed.push_back(fact);
  }
  return needed;
}

}  // namespace assay
