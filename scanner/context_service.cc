// The table of services by their host names.
//
//   contoso.blob.core.windows.net        azure-storage       app contoso
//   contoso.westeurope.batch.azure.com   azure-batch         app contoso
//   westeurope.api.cognitive.…           azure-ai            a region: no app
//   dev.azure.com/contoso/_git/orders    azure-devops        app contoso
#include "scanner/context_service.h"

#include <algorithm>
#include <array>
#include <string>

#include "scanner/context_text.h"

namespace assay {

namespace {

// What of an address names the resource.
enum class Names : uint8_t { first_label, labels, first_folder, account, nothing };

struct ServiceRow {
  std::string_view suffix;  // ".NAME": hosts below it; "NAME": that host alone
  // Parts of the names of families whose keys open it; empty ones fit none.
  std::array<std::string_view, 3> families;
  Names names = Names::first_label;
};

constexpr ServiceRow kServices[] = {
    {".core.windows.net", {"storage"}, Names::account},
    {".core.usgovcloudapi.net", {"storage"}, Names::account},
    {".core.chinacloudapi.cn", {"storage"}, Names::account},
    {".servicebus.windows.net", {"service-bus", "event-hub", "azure-relay"}},
    {".servicebus.usgovcloudapi.net", {"service-bus", "event-hub", "azure-relay"}},
    {".servicebus.chinacloudapi.cn", {"service-bus", "event-hub", "azure-relay"}},
    {".azure-devices.net", {"iot"}},
    {".azure-devices.us", {"iot"}},
    {".azure-devices.cn", {"iot"}},
    {".azure-devices-provisioning.net", {"iot"}},
    {".azure-devices-provisioning.us", {"iot"}},
    {".azure-devices-provisioning.cn", {"iot"}},
    {".documents.azure.com", {"cosmos"}},
    {".documents.azure.us", {"cosmos"}},
    {".documents.azure.cn", {"cosmos"}},
    {".cosmos.azure.com", {"cosmos"}},
    {".redis.cache.windows.net", {"redis"}},
    {".redis.cache.usgovcloudapi.net", {"redis"}},
    {".redis.cache.chinacloudapi.cn", {"redis"}},
    {".redis.azure.net", {"redis"}},
    {".azconfig.io", {"app-config"}},
    {".azconfig.azure.us", {"app-config"}},
    {".search.windows.net", {"search"}},
    {".search.azure.us", {"search"}},
    {".search.azure.cn", {"search"}},
    {".azurecr.io", {"registry"}},
    {".azurecr.us", {"registry"}},
    {".azurecr.cn", {"registry"}},
    {".openai.azure.com", {"openai", "-ai", "cognitive"}},
    {".openai.azure.us", {"openai", "-ai", "cognitive"}},
    {".cognitiveservices.azure.com", {"openai", "-ai", "cognitive"}},
    {".cognitiveservices.azure.us", {"openai", "-ai", "cognitive"}},
    {".services.ai.azure.com", {"openai", "-ai", "cognitive"}},
    {".api.cognitive.microsoft.com", {"openai", "-ai", "cognitive"}, Names::nothing},
    {".microsofttranslator.com", {"-ai", "cognitive", "translator"}, Names::nothing},
    {".speech.microsoft.com", {"-ai", "cognitive", "speech"}, Names::nothing},
    {".azure-api.net", {"api-management"}},
    {".azure-api.us", {"api-management"}},
    {".batch.azure.com", {"batch"}},
    {".batch.usgovcloudapi.net", {"batch"}},
    {".batch.chinacloudapi.cn", {"batch"}},
    {".eventgrid.azure.net", {"event-grid"}},
    {".eventgrid.azure.us", {"event-grid"}},
    {".communication.azure.com", {"communication"}},
    {".fluidrelay.azure.com", {"fluid-relay"}, Names::nothing},
    {".mixedreality.azure.com", {"mixed-reality"}, Names::nothing},
    {"atlas.microsoft.com", {"maps"}, Names::nothing},
    {".services.azureml.net", {"-ml"}, Names::nothing},
    {"dev.azure.com", {"devops"}, Names::first_folder},
    {".dev.azure.com", {"devops"}, Names::first_folder},
    {".visualstudio.com", {"devops"}},
    {".azuredatabricks.net", {"databricks"}, Names::labels},
    {"github.com", {"github"}, Names::first_folder},
    {"api.github.com", {"github"}, Names::nothing},
    {"graph.microsoft.com", {"entra"}, Names::nothing},
};

bool is_of(const ServiceRow& row, std::string_view family) {
  return std::any_of(row.families.begin(), row.families.end(), [&](std::string_view part) {
    return !part.empty() && family.find(part) != std::string_view::npos;
  });
}

const ServiceRow* find_row(std::string_view host) {
  for (const ServiceRow& row : kServices) {
    const bool below = row.suffix.front() == '.';
    if (below ? host.size() <= row.suffix.size() : host.size() != row.suffix.size()) continue;
    if (lower(host.back()) != row.suffix.back()) continue;
    if (equal_any_case(host.substr(host.size() - row.suffix.size()), row.suffix)) return &row;
  }
  return nullptr;
}

std::string_view first_folder(std::string_view path) {
  while (!path.empty() && path.front() == '/') path.remove_prefix(1);
  return path.substr(0, path.find_first_of("/?#"));
}

// What the address calls the resource.
std::string_view resource_of(const ServiceRow& row, std::string_view host, std::string_view path) {
  std::string_view labels = host.substr(0, host.size() - row.suffix.size());
  const std::string_view first = labels.substr(0, labels.find('.'));
  switch (row.names) {
    case Names::first_label:
      return first;
    case Names::labels:
      return labels;
    case Names::first_folder:
      return first_folder(path);
    case Names::account: {
      constexpr std::string_view kSecondary = "-secondary";
      return first.ends_with(kSecondary) ? first.substr(0, first.size() - kSecondary.size())
                                         : first;
    }
    case Names::nothing:
      break;
  }
  return {};
}

}  // namespace

uint64_t services_of(std::string_view family) {
  static_assert(std::size(kServices) <= 64);
  uint64_t services = 0;
  for (size_t i = 0; i < std::size(kServices); ++i) {
    if (is_of(kServices[i], family)) services |= uint64_t{1} << i;
  }
  return services == 0 ? ~uint64_t{0} : services;
}

bool is_service_host(std::string_view host, uint64_t services) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const ServiceRow* row = host.empty() ? nullptr : find_row(host);
  return row != nullptr && (services >> (row - kServices) & 1) != 0;
}

bool is_messaging(std::string_view family) {
  for (const std::string_view part : {"service-bus", "event-hub", "azure-relay", "iot"}) {
    if (family.find(part) != std::string_view::npos) return true;
  }
  return false;
}

void set_service(ContextFacts& facts, std::string_view host, std::string_view path) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (!is_host(host) || !facts.context.host.empty()) return;
  std::string name(host);
  std::transform(name.begin(), name.end(), name.begin(), lower);
  facts.set(facts.context.host, name);
  if (facts.context.host.empty() || !is_service_host(name, facts.services)) return;
  facts.set(facts.context.app, resource_of(*find_row(name), name, path));
}

Address read_address(std::string_view text) {
  if (const size_t scheme = text.find("://"); scheme != std::string_view::npos) {
    text.remove_prefix(scheme + 3);
  }
  Address address;
  const size_t end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, end);
  address.path = text.substr(end);
  address.path = address.path.substr(0, address.path.find_first_of("?#"));
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
    address.user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  address.host = authority.substr(0, authority.find(':'));
  return address;
}

}  // namespace assay
