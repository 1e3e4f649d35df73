// Fills a rule's rotation steps with the names that the finding's surroundings give.
//
//   az functionapp keys set -g {group} -n {app}{slot} --key-type systemKeys --key-name {key_name}
//   az functionapp keys set -g RESOURCE_GROUP -n contoso-orders --slot staging --key-type …
//
// A person pastes these lines into a shell at a bad hour, and the names come from the text that
// leaked the key, so no name may become anything but one argument.
#include "response/rotation.h"

#include <algorithm>
#include <string_view>

namespace assay {

namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

// Whether quoting makes `name` one argument with that value: `-x` is an option and `@x` a file to
// read for az, quoted or not, and a control character may act on the terminal before the shell.
bool can_be_argument(std::string_view name) {
  if (name.empty() || name.front() == '-' || name.front() == '@') return false;
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  return true;
}

std::string argument(std::string_view name, std::string_view placeholder) {
  if (!can_be_argument(name)) return std::string(placeholder);
  bool plain = true;
  for (const char c : name) plain = plain && is_plain(c);
  if (plain) return std::string(name);
  std::string quoted = "'";
  for (const char c : name) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string slot_option(std::string_view slot) {
  return slot.empty() ? std::string() : " --slot " + argument(slot, "SLOT");
}

// The name of the system key. A request's address names only the extension, and the Functions host
// names the key after it: /runtime/webhooks/EventGrid takes eventgrid_extension. Setting a key
// under the wrong name would make a new one and leave the leaked one valid.
std::string system_key_name(const KeyContext& context) {
  constexpr std::string_view kSuffix = "_extension";
  std::string name = context.key_name;
  const bool from_request = context.carrier == "query" || context.carrier == "header";
  if (name.empty() || !from_request || name.ends_with(kSuffix)) return name;
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return name.append(kSuffix);
}

// One pass, so that a name which looks like a placeholder stays a name.
std::string fill(std::string_view text, const KeyContext& context) {
  const struct {
    std::string_view placeholder;
    std::string value;
  } values[] = {
      {"{group}", argument(context.resource_group, "RESOURCE_GROUP")},
      {"{app}", argument(context.app, "APP")},
      {"{slot}", slot_option(context.slot)},
      {"{function}", argument(context.function, "FUNCTION")},
      {"{key_name}", argument(context.key_name, "KEY_NAME")},
      {"{extension}", argument(system_key_name(context), "EXTENSION")},
  };
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t open = std::min(text.find('{', at), text.size());
    out += text.substr(at, open - at);
    at = open;
    if (at == text.size()) break;
    bool filled = false;
    for (const auto& [placeholder, value] : values) {
      if (text.substr(at, placeholder.size()) != placeholder) continue;
      out += value;
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

}  // namespace

RotationPlan plan_rotation(const Finding& finding) {
  RotationPlan plan;
  if (finding.rule == nullptr) return plan;
  plan.summary = fill(finding.rule->rotation_summary, finding.context);
  const RotationSteps* steps = find_steps(*finding.rule, finding.context.scope);
  if (steps == nullptr) return plan;
  plan.steps.reserve(steps->steps.size());
  for (const std::string& step : steps->steps) plan.steps.push_back(fill(step, finding.context));
  return plan;
}

}  // namespace assay
