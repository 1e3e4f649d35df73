// The steps for a key, in the order in which no caller is lost.
//
//   two keys side by side (function, host)   one key that can only be renewed (master, system)
//   confirm, callers, create, move,          confirm, callers, renew, move, watch, clean, record
//   watch, retire, clean, record
//
// Which commands they hold is for rotation_commands.cc.
#include "response/rotation_steps.h"

#include <fmt/format.h>

#include <utility>

#include "response/rotation_commands.h"
#include "response/rotation_names.h"

namespace assay {

namespace {

using Kind = RotationStep::Kind;

constexpr std::string_view kHolders =
    "API Management, partners, schedulers, pipelines, secret stores, slots";

// Prints 1 where the exposed value stands in what `show` prints, else 0, and no key.
std::string check_command(const RotationCase& about, const std::string& show) {
  if (about.fingerprint.empty() || show.empty()) return "";
  return fmt::format(
      "{} | assay scan - --format jsonl --exit-zero | grep -cF '\"fingerprint\":\"{}\"'", show,
      about.fingerprint);
}

RotationStep confirm(const RotationCase& about, const KeyCommands& commands) {
  RotationStep step{
      Kind::confirm, "Confirm the tenant, the subscription and the app", "", {}, "", {}, false};
  if (about.store == KeyStore::kubernetes) {
    step.title = "Confirm the cluster and the namespace";
    step.commands = {"kubectl config current-context"};
  } else {
    step.commands = {
        fmt::format("az account show --subscription {} --query \"[tenantId, id, "
                    "name]\" -o tsv",
                    word(about.facts, Fact::subscription))};
  }
  step.commands.push_back(commands.confirm);
  step.commands.push_back(commands.list_names);
  step.check = check_command(about, commands.show_exposed);
  if (about.torn) {
    step.detail =
        "The places where the key was found name different apps or functions: the names here are "
        "those of the place that tells most.";
  } else if (about.kind == KeyKind::function_or_host) {
    step.detail =
        "Function keys and host keys have the same checksum: this looks at the host keys. "
        "assay rotate --set kind=host or kind=function makes the plan exact.";
  }
  return step;
}

// Nobody knows yet whether there is a key at all.
RotationStep find_out(const RotationCase& about) {
  RotationStep step{Kind::confirm, "Find out whether there is such an app", "", {}, "", {}, true};
  std::string place = key_commands(about).confirm;
  const std::string_view plain = "--query id -o tsv";
  if (const size_t at = place.find(plain); at != std::string::npos) {
    place.replace(at, plain.size(), "--query \"[id, state]\" -o tsv");
  }
  step.commands = {std::move(place)};
  return step;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

RotationStep callers(const RotationCase& about) {
  RotationStep step{Kind::callers, "List who holds the exposed key", "", {}, "", {}, false};
  step.detail = about.callers.empty() ? fmt::format("Look in {}.", kHolders)
                                      : fmt::format("The inventory names {}. Look also in {}.",
                                                    joined(about.callers), kHolders);
  return step;
}

std::vector<std::string> with_restart(std::string command, const KeyCommands& commands) {
  std::vector<std::string> out = {std::move(command)};
  if (!commands.apply.empty()) out.push_back(commands.apply);
  return out;
}

RotationStep create(const RotationCase& about, const KeyCommands& commands) {
  RotationStep step{Kind::create, "Create the replacement beside it", "", {}, "", {}, false};
  const bool made = about.store == KeyStore::app_service || about.store == KeyStore::blob;
  step.detail = made ? "No value is given: Functions generates it."
                     : "assay makes the value, and it goes through the pipe alone.";
  if (about.kind == KeyKind::function_or_host) {
    step.detail +=
        " That is a host key, which every function takes. If the exposed key is one function's "
        "own, "
        "plan again with --set kind=function.";
  }
  const bool restarts = about.store == KeyStore::key_vault || about.store == KeyStore::kubernetes;
  step.commands =
      restarts ? with_restart(commands.make, commands) : std::vector<std::string>{commands.make};
  return step;
}

RotationStep mount(const RotationCase& about, const KeyCommands& commands, bool out_of_use) {
  const std::string yaml =
      fmt::format("az containerapp show -g {} -n {} -o yaml > app.yaml",
                  word(about.facts, Fact::resource_group), word(about.facts, Fact::app));
  RotationStep step{Kind::mount, "", "", {}, "", {}, false};
  if (out_of_use) {
    step.title = "Take the exposed secret out of the volume";
    step.detail = fmt::format(
        "A secret that a volume lists cannot be removed: delete its entry "
        "{} under template.volumes.",
        commands.exposed);
  } else {
    step.title = "List the new secret in the volume";
    step.detail = fmt::format(
        "Under template.volumes, in the volume mounted at /run/secrets/functions-keys: secretRef "
        "{}, path {}. The update makes a new revision, which reads the key.",
        commands.replacement, commands.replacement_path);
  }
  step.commands = {
      yaml,
      fmt::format("az containerapp update -g {} -n {} --yaml app.yaml "
                  "--query properties.latestRevisionName -o tsv",
                  word(about.facts, Fact::resource_group), word(about.facts, Fact::app)),
      commands.mounts};
  return step;
}

// The webhook's address holds the key: it is put together in a pipe, and az reads it there.
std::vector<std::string> event_grid(const RotationCase& about, const KeyCommands& commands) {
  const Facts& facts = about.facts;
  if (!updates_event_grid(about)) return {};
  const std::string subscription =
      fmt::format("--name {} --source-resource-id {}", word(facts, Fact::event_subscription),
                  word(facts, Fact::event_source));
  const std::string host =
      (facts[Fact::app].empty() ? std::string("APP") : facts[Fact::app]) +
      (about.in_slot ? "-" + (facts[Fact::slot].empty() ? "SLOT" : facts[Fact::slot]) : "") +
      ".azurewebsites.net";
  const std::string function =
      facts[Fact::function].empty() ? std::string("FUNCTION") : facts[Fact::function];
  return {
      fmt::format("{} | tr -d '\\n' | {{ printf 'https://{}/runtime/webhooks/eventgrid?"
                  "functionName={}&code='; cat; }} | az eventgrid event-subscription update {} "
                  "--endpoint @- --query provisioningState -o tsv",
                  commands.show_exposed, host, function, subscription)};
}

RotationStep move(const RotationCase& about, const KeyCommands& commands) {
  RotationStep step{Kind::move, "Give each caller the new key", "", {}, "", {}, false};
  switch (about.kind) {
    case KeyKind::master:
      step.title = "Give each caller a function key of its own";
      step.detail =
          "Only those that call /admin need the new master key, through their secret store. No "
          "command gets a key as an argument.";
      break;
    case KeyKind::system:
      step.title = "Update each subscription at once";
      step.detail =
          "An Event Grid subscription whose endpoint is the function's resource id (endpoint type "
          "azurefunction) needs no key. Addresses that Durable Functions handed out before hold "
          "the old key and no longer work.";
      step.commands = event_grid(about, commands);
      break;
    default:
      step.detail =
          "Through its secret store, never as an argument of a command. A public client gets none: "
          "put API Management or Entra before the function.";
  }
  return step;
}

RotationStep watch(const RotationCase& about) {
  RotationStep step{Kind::watch, "Watch until no call uses the exposed key", "", {}, "", {}, false};
  step.detail =
      "No log tells with which key a call came: tell callers apart by address, client and time, "
      "and look for 401 and 403";
  step.detail +=
      about.kind == KeyKind::master ? ", and for calls to /admin that nobody can explain." : ".";
  if (about.facts[Fact::application_insights] != "none") step.commands = {watch_command(about)};
  step.queries = watch_queries(about);
  return step;
}

RotationStep retire(const RotationCase& about, const KeyCommands& commands) {
  RotationStep step{Kind::retire, "Delete the exposed key", "", {}, "", {}, false};
  step.detail = about.fingerprint.empty()
                    ? "Nothing proves which value this was: compare it in the portal first."
                    : "Only if the value under that name is still the exposed one.";
  step.check = check_command(about, commands.show_exposed);
  const bool restarts = about.store == KeyStore::key_vault || about.store == KeyStore::kubernetes;
  step.commands = restarts ? with_restart(commands.remove, commands)
                           : std::vector<std::string>{commands.remove};
  return step;
}

RotationStep renew(const RotationCase& about, const KeyCommands& commands) {
  RotationStep step{Kind::renew, "", "", with_restart(commands.renew, commands), "", {}, false};
  if (about.kind == KeyKind::master) {
    step.title = "Renew the master key now";
    step.detail = "It cannot be revoked. Callers that hold it stop at that moment.";
  } else {
    step.title = "Renew the extension's key";
    step.detail =
        "Only the extension can create one, so there is no second. Event Grid delivers again what "
        "fails in between.";
  }
  step.check = check_command(about, commands.show_exposed);
  return step;
}

RotationStep clean(const RotationCase& about, const KeyCommands& commands) {
  RotationStep step{
      Kind::clean, "Remove the key where it was found, copies and history included", "", {}, "", {},
      false};
  if (about.store == KeyStore::blob) {
    step.detail =
        "In the storage account, the container azure-webjobs-secrets holds older copies: delete "
        "the blobs named .snapshot. that are older than the rotation.";
  } else if (about.store == KeyStore::key_vault) {
    step.detail =
        "Older versions in the vault can still be read: disable each with az keyvault secret "
        "set-attributes --id ID --enabled false.";
    if (commands.remove.empty()) {
      step.commands = {fmt::format(
          "az keyvault secret list-versions --vault-name {} --name {} --query \"[].id\" -o tsv",
          word(about.facts, Fact::vault), shell_argument(commands.exposed))};
    }
  }
  return step;
}

RotationStep record() {
  return {Kind::record,
          "Write the change record",
          "Subscription, app, function, slot, key name, caller, time, rollback; never the key.",
          {},
          "",
          {},
          false};
}

}  // namespace

std::string_view to_string(RotationStep::Kind kind) {
  constexpr std::string_view kNames[] = {"confirm", "callers", "create", "renew", "mount",
                                         "move",    "watch",   "retire", "clean", "record"};
  return kNames[static_cast<size_t>(kind)];
}

std::vector<RotationStep> rotation_steps(const RotationCase& about) {
  const KeyCommands commands = key_commands(about);
  const bool volume = about.store == KeyStore::container_app;
  std::vector<RotationStep> steps;
  const bool unknown = about.kind == KeyKind::unknown;
  if (unknown) steps.push_back(find_out(about));
  steps.push_back(confirm(about, commands));
  steps.push_back(callers(about));
  if (commands.replacement.empty()) {
    steps.push_back(renew(about, commands));
    steps.back().now = true;
    steps.push_back(move(about, commands));
    steps.push_back(watch(about));
  } else {
    steps.push_back(create(about, commands));
    steps.back().now = !unknown;
    if (volume) steps.push_back(mount(about, commands, false));
    steps.push_back(move(about, commands));
    steps.push_back(watch(about));
    if (volume) steps.push_back(mount(about, commands, true));
    steps.push_back(retire(about, commands));
  }
  steps.push_back(clean(about, commands));
  steps.push_back(record());
  return steps;
}

std::string step_text(const RotationStep& step) {
  std::string out = step.title;
  if (!step.detail.empty()) out += ". " + step.detail;
  if (step.commands.empty()) return out.ends_with('.') ? out : out + ".";
  if (out.ends_with('.')) out.pop_back();
  out += ": ";
  for (size_t i = 0; i < step.commands.size(); ++i) {
    out += (i > 0 ? "; " : "") + step.commands[i];
  }
  return out;
}

}  // namespace assay
