// From a finding to a plan: its names and those of the inventory become facts, and what the facts
// lack becomes blanks. Keys of services other than Functions get the steps of their rule.
//
//   {"app":"contoso-orders","slot":"staging","key_name":"default", …}
//   az functionapp keys set -g RESOURCE_GROUP -n contoso-orders --slot staging --key-type …
#include "response/rotation.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "response/rotation_commands.h"
#include "response/rotation_names.h"
#include "response/rotation_steps.h"

namespace assay {

namespace {

constexpr std::string_view kFamily = "azure-functions";

std::string slot_option(std::string_view slot) {
  return slot.empty() ? std::string() : " --slot " + argument(slot, "SLOT");
}

// Names as they stand in commands, each one argument or a blank. `{slot}` is a whole option.
struct PlanNames {
  std::string group, app, slot, function, key_name, extension, resource, policy;
};

bool is_functions(const Rule* rule) { return rule == nullptr || rule->family == kFamily; }

// Of a rule that belongs to no service any text goes, quoted.
PlanNames names_of(const KeyContext& context) {
  PlanNames names;
  names.group = argument(context.resource_group, "RESOURCE_GROUP");
  names.app = argument(context.app, "APP");
  names.slot = slot_option(context.slot);
  names.function = argument(context.function, "FUNCTION");
  names.key_name = argument(context.key_name, "KEY_NAME");
  names.extension = argument(system_key_name(context), "EXTENSION");
  names.resource = argument(context.app, row_of(Fact::resource).blank);
  names.policy = argument(context.key_name, row_of(Fact::policy).blank);
  return names;
}

PlanNames names_of(const Facts& facts, const Rule& rule) {
  const auto one = [&](Fact fact) { return argument(facts[fact], blank_of(fact, &rule)); };
  PlanNames names;
  names.group = one(Fact::resource_group);
  names.resource = names.app = one(Fact::resource);
  names.policy = names.key_name = one(Fact::policy);
  names.function = names.extension = names.policy;
  return names;
}

constexpr std::pair<std::string_view, std::string PlanNames::*> kPlaceholders[] = {
    {"{group}", &PlanNames::group},       {"{app}", &PlanNames::app},
    {"{slot}", &PlanNames::slot},         {"{function}", &PlanNames::function},
    {"{key_name}", &PlanNames::key_name}, {"{extension}", &PlanNames::extension},
    {"{resource}", &PlanNames::resource}, {"{policy}", &PlanNames::policy},
};

// One pass, so that a name which looks like a placeholder stays a name.
std::string fill(std::string_view text, const PlanNames& names) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t open = std::min(text.find('{', at), text.size());
    out += text.substr(at, open - at);
    at = open;
    if (at == text.size()) break;
    bool filled = false;
    for (const auto& [placeholder, name] : kPlaceholders) {
      if (text.substr(at, placeholder.size()) != placeholder) continue;
      out += names.*name;
      at += placeholder.size();
      filled = true;
      break;
    }
    if (!filled) out += text[at++];
  }
  return out;
}

const RotationSteps* find_steps(const Rule& rule, Scope scope) {
  const RotationSteps* fallback = nullptr;
  for (const RotationSteps& steps : rule.rotation) {
    if (steps.scope == scope) return &steps;
    if (steps.scope == Scope::unknown) fallback = &steps;
  }
  return fallback;
}

// The kind that the checksum proves, else the one that the surroundings tell.
KeyKind kind_of(std::string_view kind, Scope scope) {
  if (kind == "master") return KeyKind::master;
  if (kind == "system") return KeyKind::system;
  if (scope == Scope::function) return KeyKind::function;
  if (scope == Scope::host) return KeyKind::host;
  if (kind == "function") return KeyKind::function_or_host;
  if (scope == Scope::app) return KeyKind::master;
  return scope == Scope::extension ? KeyKind::system : KeyKind::unknown;
}

// Takes `prefix` off, or the whole of it.
bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

void set_storage(RotationCase& about, std::string_view storage) {
  for (const auto& [word, store, name] :
       {std::tuple{"key-vault", KeyStore::key_vault, Fact::vault},
        std::tuple{"kubernetes", KeyStore::kubernetes, Fact::secret},
        std::tuple{"container-app", KeyStore::container_app, Fact::app},
        std::tuple{"mounted-secret", KeyStore::container_app, Fact::app},
        std::tuple{"blob", KeyStore::blob, Fact::app},
        std::tuple{"app-service", KeyStore::app_service, Fact::app}}) {
    std::string_view rest = storage;
    if (!take(rest, word) || (!rest.empty() && rest.front() != ':')) continue;
    set_fact(about, Fact::store, to_string(store));
    if (name == Fact::app || rest.size() < 2) return;
    rest.remove_prefix(1);
    const size_t slash = rest.find('/');
    if (name == Fact::secret && slash != std::string_view::npos) {  // NAMESPACE/NAME
      set_fact(about, Fact::name_space, rest.substr(0, slash));
      rest.remove_prefix(slash + 1);
    }
    set_fact(about, name, rest);
    return;
  }
}

namespace {

// Who keeps the key, in the words of set_storage. A secret of a cluster may hold a copy only: where
// an app has App Service's address, or a resource group, Functions keeps its keys there.
std::string_view store_of(const KeyContext& context) {
  if (context.host.ends_with(".azurecontainerapps.io")) return "container-app";
  const bool addressed = context.host.find(".azurewebsites.") != std::string::npos ||
                         context.host.find(".chinacloudsites.") != std::string::npos;
  const bool grouped = context.carrier == "kubernetes" && !context.resource_group.empty();
  if ((addressed && context.carrier != "key-vault") || grouped) return "app-service";
  return context.carrier;
}

// Of another service than Functions.
void read_resource(const KeyContext& context, RotationCase& about) {
  set_fact(about, Fact::resource_group, context.resource_group);
  set_fact(about, Fact::resource, context.app);
  set_fact(about, Fact::policy, context.key_name);
}

void read_context(const Finding& finding, RotationCase& about) {
  const KeyContext& context = finding.context;
  about.kind = kind_of(finding.kind, context.scope);
  if (is_valid(Fact::kind, to_string(about.kind))) {
    set_fact(about, Fact::kind, to_string(about.kind));
  }
  set_storage(about, store_of(context));
  set_fact(about, Fact::resource_group, context.resource_group);
  set_fact(about, Fact::app, context.app);
  set_fact(about, Fact::function, context.function);
  set_fact(about, Fact::key_name,
           about.kind == KeyKind::system ? system_key_name(context) : context.key_name);
  // A slot that cannot be named is a slot all the same: its key is not the app's.
  about.in_slot = !context.slot.empty();
  set_fact(about, Fact::slot, context.slot);
}

void read_people(const InventoryEntry& entry, RotationCase& about) {
  about.callers = entry.callers;
  about.owner = entry.owner;
  about.contact = entry.contact;
  about.runbook = entry.runbook;
}

void read_entry(const InventoryEntry& entry, RotationCase& about) {
  const std::pair<Fact, const std::string&> rows[] = {{Fact::subscription, entry.subscription},
                                                      {Fact::resource_group, entry.resource_group},
                                                      {Fact::app, entry.app},
                                                      {Fact::slot, entry.slot},
                                                      {Fact::function, entry.function},
                                                      {Fact::key_name, entry.key_name}};
  for (const auto& [fact, value] : rows) {
    if (!value.empty()) set_fact(about, fact, value);
  }
  // The checksum proves master and system keys; of others only the inventory may know.
  const bool proven = about.kind == KeyKind::master || about.kind == KeyKind::system;
  const bool fits = entry.scope == Scope::function || entry.scope == Scope::host ||
                    (entry.scope != Scope::unknown && about.kind == KeyKind::unknown);
  if (!proven && fits) {
    about.kind = kind_of("", entry.scope);
    set_fact(about, Fact::kind, to_string(about.kind));
  }
  set_storage(about, entry.storage);
}

void read_resource(const InventoryEntry& entry, RotationCase& about) {
  const std::pair<Fact, const std::string&> rows[] = {{Fact::subscription, entry.subscription},
                                                      {Fact::resource_group, entry.resource_group},
                                                      {Fact::resource, entry.app},
                                                      {Fact::policy, entry.key_name}};
  for (const auto& [fact, value] : rows) {
    if (!value.empty()) set_fact(about, fact, value);
  }
}

std::string place_of(const Finding& finding) {
  return fmt::format("{}:{}:{}", finding.provenance->path, finding.location.line,
                     finding.location.column);
}

void add_steps(RotationPlan& plan) {
  for (const bool now : {true, false}) {
    for (const RotationStep& step : plan.parts) {
      if (step.now != now) continue;
      // The one to run now is pasted as it stands; what is said of it stands with the rest.
      if (now) {
        plan.steps.push_back(step.commands.front());
        if (step.commands.size() == 1) continue;
      }
      if (!now || step.commands.size() > 1) plan.steps.push_back(step_text(step));
    }
  }
}

}  // namespace

RotationCase rotation_case(const Finding& finding, const InventoryEntry* entry) {
  RotationCase about;
  if (finding.rule != nullptr) {
    about.rule_id = finding.rule->id;
    about.title = finding.rule->title;
  }
  about.redacted = finding.redacted;
  if (is_fingerprint(finding.fingerprint)) about.fingerprint = finding.fingerprint;
  about.confidence = finding.confidence;
  if (is_functions(finding.rule)) {
    read_context(finding, about);
    if (entry != nullptr) read_entry(*entry, about);
  } else {
    read_resource(finding.context, about);
    if (entry != nullptr) read_resource(*entry, about);
  }
  if (entry != nullptr) read_people(*entry, about);
  about.place_count = 1;
  if (finding.provenance) about.places.push_back(place_of(finding));
  return about;
}

namespace {

void fill_steps(const Rule& rule, Scope scope, const PlanNames& names, RotationPlan& plan) {
  plan.summary = fill(rule.rotation_summary, names);
  const RotationSteps* steps = find_steps(rule, scope);
  if (steps == nullptr) return;
  plan.steps.reserve(steps->steps.size());
  for (const std::string& step : steps->steps) plan.steps.push_back(fill(step, names));
}

// Of another service than Functions: the steps of its rule.
RotationPlan rule_plan(RotationCase about, const Rule& rule) {
  RotationPlan plan;
  fill_steps(rule, Scope::unknown, names_of(about.facts, rule), plan);
  const std::pair<Fact, std::string_view> needed[] = {{Fact::resource_group, "{group}"},
                                                      {Fact::resource, "{resource}"},
                                                      {Fact::policy, "{policy}"},
                                                      {Fact::policy, "{key_name}"}};
  const RotationSteps* steps = find_steps(rule, Scope::unknown);
  for (const auto& [fact, placeholder] : needed) {
    if (steps == nullptr || !about.facts[fact].empty()) continue;
    const bool used = std::any_of(
        steps->steps.begin(), steps->steps.end(),
        [text = placeholder](const std::string& step) { return step.find(text) != step.npos; });
    const bool listed = !plan.blanks.empty() && plan.blanks.back() == fact;
    if (used && !listed) plan.blanks.push_back(fact);
  }
  plan.about = std::move(about);
  return plan;
}

}  // namespace

RotationPlan plan_rotation(RotationCase about, const Rule* rule) {
  if (!is_functions(rule)) return rule_plan(std::move(about), *rule);
  RotationPlan plan;
  if (rule != nullptr) plan.summary = rule->rotation_summary;
  plan.parts = rotation_steps(about);
  for (const Fact fact : needed_facts(about)) {
    if (about.facts[fact].empty()) plan.blanks.push_back(fact);
  }
  plan.about = std::move(about);
  add_steps(plan);
  return plan;
}

RotationPlan plan_rotation(const Finding& finding, const InventoryEntry* entry) {
  const Rule* rule = finding.rule;
  if (rule == nullptr || rule->family.empty() || rule->rotation.empty()) {
    return rule_rotation(finding);
  }
  RotationPlan plan = plan_rotation(rotation_case(finding, entry), rule);
  if (is_functions(rule)) plan.summary = fill(plan.summary, names_of(finding.context));
  return plan;
}

RotationPlan rule_rotation(const Finding& finding) {
  RotationPlan plan;
  const Rule* rule = finding.rule;
  if (rule == nullptr) return plan;
  PlanNames names;
  if (is_functions(rule) || rule->family.empty()) {
    names = names_of(finding.context);
  } else {
    RotationCase about;
    read_resource(finding.context, about);
    names = names_of(about.facts, *rule);
  }
  fill_steps(*rule, finding.context.scope, names, plan);
  return plan;
}

}  // namespace assay
