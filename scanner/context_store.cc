// Reads how a key is kept.
//
//   {"masterKey":{"name":"master","value":"KEY"},"functionKeys":[…]}   secrets-file (host.json)
//   {"keys":[{"name":"default","value":"KEY"}]}                        secrets-file (FUNCTION.json)
//   {"functionKeys":{"default":"KEY"},"masterKey":"KEY"}               cli or arm (listkeys)
//   host--functionKey--default, host.master, host-master               a secret store's name
//   ORDERS_KEY=KEY                                                     setting
#include "scanner/context_store.h"

#include "scanner/context_label.h"
#include "scanner/context_management.h"
#include "scanner/context_names.h"

namespace assay {

namespace {

// The last part of a blob's path; `!` stands before a path in an archive.
std::string_view base_name(std::string_view path) {
  return path.substr(path.find_last_of("/\\!") + 1);  // npos + 1 is 0
}

// FUNCTION of `FUNCTION.json` and `FUNCTION.snapshot.TIMESTAMP.json`; nothing for host.json.
std::string_view function_of_file(std::string_view path) {
  constexpr std::string_view kJson = ".json";
  std::string_view name = base_name(path);
  if (name.size() <= kJson.size()) return {};
  if (!equal_any_case(name.substr(name.size() - kJson.size()), kJson)) return {};
  name.remove_suffix(kJson.size());
  name = name.substr(0, find_any_case(name, ".snapshot."));
  return equal_any_case(name, "host") ? std::string_view() : name;
}

void keep_in(ContextFacts& facts, std::string_view carrier) { facts.context.carrier = carrier; }

// A value whose sibling is its name, in an object of the Functions host's secrets files.
bool read_secrets_file(const Surroundings& surroundings, std::string_view name,
                       std::string_view path, ContextFacts& facts) {
  if (name.empty()) return false;
  const std::string_view own = group_name(surroundings, 0);
  const std::string_view list = group_name(surroundings, 1);
  if (equal_any_case(own, "masterKey")) {
    facts.set_scope(Scope::app);
  } else if (equal_any_case(list, "functionKeys")) {
    facts.set_scope(Scope::host);
  } else if (equal_any_case(list, "systemKeys")) {
    facts.set_scope(Scope::extension);
  } else if (equal_any_case(list, "keys")) {
    facts.set_scope(Scope::function);
    facts.set(facts.context.function, function_of_file(path));
  } else {
    return false;
  }
  keep_in(facts, "secrets-file");
  facts.set(facts.context.key_name, name);
  constexpr std::string_view kContainer = "azure-webjobs-secrets";
  if (find_any_case(path, kContainer) != std::string_view::npos) facts.set_store(kContainer);
  return true;
}

bool read_stored_name(std::string_view name, ContextFacts& facts) {
  const SecretName secret = read_secret_name(name);
  if (secret.carrier.empty()) return false;
  keep_in(facts, secret.carrier);
  facts.set_store(name);
  facts.set_scope(secret.scope);
  facts.set(facts.context.function, secret.function);
  facts.set(facts.context.key_name, secret.key_name);
  return true;
}

// A Key Vault name in the same object or on the same line: in an `id`, a column, a sentence.
bool read_vault_name_nearby(const Surroundings& surroundings, ContextFacts& facts) {
  std::string_view before = surroundings.record_before();
  std::string_view after = surroundings.record_after();
  const Group object = take_group(before, after);
  std::string both(object.before);
  both.append("\n").append(object.after);
  const std::string_view name = find_vault_name(both);
  return !name.empty() && read_stored_name(name, facts);
}

// The output of listkeys: a member of functionKeys or systemKeys, or masterKey itself.
bool read_listing(const Surroundings& surroundings, const Label& label, ContextFacts& facts) {
  if (label.sign != ':') return false;
  const std::string_view group = group_name(surroundings, 0);
  Scope scope = Scope::unknown;
  if (equal_any_case(group, "functionKeys")) scope = Scope::host;
  if (equal_any_case(group, "systemKeys")) scope = Scope::extension;
  if (scope != Scope::unknown) facts.set(facts.context.key_name, label.name);
  if (equal_any_case(label.name, "masterKey")) scope = Scope::app;
  facts.set_scope(scope);
  return scope != Scope::unknown;
}

// A key in the output of a command on keys, or as its argument.
bool read_command(const Surroundings& surroundings, const Label& label, bool listing,
                  ContextFacts& facts) {
  const AzCommand command = read_az_command(surroundings, facts);
  if (command == AzCommand::vault) {
    const std::string store = facts.context.store;
    facts.context.store.clear();
    if (read_stored_name(store, facts)) return true;
    facts.set_store(store);
    keep_in(facts, "key-vault");
    return true;
  }
  const bool on_keys = command == AzCommand::keys || command == AzCommand::function_keys;
  if (!on_keys && !listing && label.name != "--key-value") return false;
  keep_in(facts, "cli");
  if (on_keys && label.sign == ':' && !equal_any_case(label.name, "value") &&
      !equal_any_case(label.name, "masterKey")) {
    facts.set(facts.context.key_name, label.name);
  }
  return true;
}

// A mounted secret's file holds the key and nothing else.
bool read_mounted(std::string_view path, ContextFacts& facts) {
  const SecretName secret = read_secret_name(base_name(path));
  if (secret.carrier != "kubernetes") return false;
  read_stored_name(base_name(path), facts);
  keep_in(facts, "mounted-secret");
  return true;
}

}  // namespace

void read_store(const Surroundings& surroundings, std::string_view path, ContextFacts& facts) {
  const Label label = read_label(surroundings.before());
  const bool pair = equal_any_case(label.name, "value");
  const std::string_view name = pair ? sibling_name(surroundings) : label.name;
  if (pair && read_secrets_file(surroundings, name, path, facts)) return;
  if (read_stored_name(name, facts)) {
    // The secret's owner may stand in the same command.
    read_az_command(surroundings, facts);
    return;
  }
  const bool listing = read_listing(surroundings, label, facts);
  if (label.sign == ':' && read_arm_address(surroundings, facts)) {
    keep_in(facts, "arm");
    facts.set(facts.context.key_name, listing || pair ? name : label.name);
    return;
  }
  if (read_command(surroundings, label, listing, facts)) return;
  if (read_vault_name_nearby(surroundings, facts)) return;
  if (label.name.empty() && read_mounted(path, facts)) return;
  if (name.empty() || name.starts_with('-')) return;
  facts.set_store(name);
  if (!facts.context.store.empty()) keep_in(facts, "setting");
}

}  // namespace assay
