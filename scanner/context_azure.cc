// Reads ids of resources, and az commands on their keys.
//
//   az storage account keys list -g rg-orders -n contoso
//   [{"keyName": "key1", "value": "KEY"}]                        app contoso, group rg-orders
#include "scanner/context_azure.h"

#include <algorithm>
#include <utility>

#include "scanner/context_management.h"

namespace assay {

namespace {

// A part of a family's name, and its resource provider.
constexpr std::pair<std::string_view, std::string_view> kProviders[] = {
    {"storage", "storage"},
    {"service-bus", "servicebus"},
    {"event-hub", "eventhub"},
    {"azure-relay", "relay"},
    {"iot", "devices"},
    {"cosmos", "documentdb"},
    {"redis", "cache"},
    {"app-config", "appconfiguration"},
    {"search", "search"},
    {"registry", "containerregistry"},
    {"-ai", "cognitiveservices"},
    {"openai", "cognitiveservices"},
    {"batch", "batch"},
    {"api-management", "apimanagement"},
    {"event-grid", "eventgrid"},
    {"communication", "communication"},
    {"cognitive", "cognitiveservices"},
    {"maps", "maps"}};

bool is_provider_of(std::string_view provider, std::string_view family) {
  return std::any_of(std::begin(kProviders), std::end(kProviders), [&](const auto& row) {
    return family.find(row.first) != std::string_view::npos && equal_any_case(row.second, provider);
  });
}

bool ends_id(char c) {
  return static_cast<unsigned char>(c) <= ' ' || is_quote(c) || is_angle(c) || c == '?' ||
         c == ',' || c == ';' || closes(c) || opens(c) || c == '\\';
}

constexpr std::string_view kProvidersPart = "/providers/microsoft.";
constexpr size_t kLongestId = 300;

std::string_view next_part(std::string_view& text) {
  const size_t end = std::min(text.find('/'), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

// What stands before `/providers/`, to the last part: `/subscriptions/S/resourceGroups/GROUP`.
std::string_view group_before(std::string_view text) {
  const size_t slash = rfind(text, '/');
  if (slash == std::string_view::npos) return {};
  constexpr std::string_view kGroups = "/resourcegroups";
  const std::string_view before = text.substr(0, slash);
  const bool named = before.size() >= kGroups.size() &&
                     equal_any_case(before.substr(before.size() - kGroups.size()), kGroups);
  return named ? text.substr(slash + 1) : std::string_view();
}

// Commands whose `--name` is the resource, unless another option names it.
constexpr std::string_view kCommands[] = {"az storage account keys ",
                                          "az storage account show-connection-string ",
                                          "az servicebus ",
                                          "az eventhubs ",
                                          "az relay ",
                                          "az iot hub ",
                                          "az iot dps ",
                                          "az cosmosdb keys ",
                                          "az redis ",
                                          "az appconfig credential ",
                                          "az search admin-key ",
                                          "az search query-key ",
                                          "az acr credential ",
                                          "az cognitiveservices account keys ",
                                          "az batch account keys ",
                                          "az eventgrid topic key ",
                                          "az eventgrid domain key ",
                                          "az communication ",
                                          "az maps account keys ",
                                          "az signalr key ",
                                          "az webpubsub key "};

}  // namespace

ResourceId next_resource_id(std::string_view text, size_t& at, std::string_view family) {
  for (at = find_any_case(text, kProvidersPart, at); at != std::string_view::npos;
       at = find_any_case(text, kProvidersPart, at)) {
    const size_t begin = at;
    at += kProvidersPart.size();
    std::string_view rest = text.substr(at, kLongestId);
    rest = rest.substr(
        0, static_cast<size_t>(std::find_if(rest.begin(), rest.end(), ends_id) - rest.begin()));
    if (!is_provider_of(next_part(rest), family)) continue;
    next_part(rest);  // storageAccounts
    ResourceId id;
    id.name = next_part(rest);
    if (id.name.empty()) continue;
    constexpr size_t kLongestGroup = 128;
    const size_t from = begin - std::min(begin, kLongestGroup);
    id.group = group_before(text.substr(from, begin - from));
    while (!rest.empty() && id.rule.empty()) {
      const std::string_view part = next_part(rest);
      if (equal_any_case(part, "authorizationRules") || equal_any_case(part, "IotHubKeys")) {
        id.rule = next_part(rest);
      }
    }
    return id;
  }
  return {};
}

bool read_az_resource(const Surroundings& surroundings, ContextFacts& facts) {
  const std::string_view command = az_command_line(surroundings);
  const bool known = std::any_of(std::begin(kCommands), std::end(kCommands),
                                 [&](std::string_view one) { return command.starts_with(one); });
  if (!known) return false;
  std::string_view name, resource, rule;
  const auto option = [&](std::string_view text) { return az_option(command, text); };
  name = option("-n");
  if (name.empty()) name = option("--name");
  for (const std::string_view one : {"--namespace-name", "--hub-name", "--dps-name",
                                     "--account-name", "--service-name", "--registry"}) {
    if (resource.empty()) resource = option(one);
  }
  for (const std::string_view one :
       {"--policy-name", "--authorization-rule-name", "--device-id", "-d"}) {
    if (rule.empty()) rule = option(one);
  }
  const bool named = !resource.empty();
  facts.set(facts.context.app, named ? resource : name);
  // Of a namespace, the name is its rule's.
  const bool of_rule = command.find(" authorization-rule ") != command.npos;
  facts.set(facts.context.key_name, !rule.empty() ? rule : named && of_rule ? name : "");
  std::string_view group = option("-g");
  if (group.empty()) group = option("--resource-group");
  facts.set(facts.context.resource_group, group);
  return true;
}

}  // namespace assay
