// Reads how a key is sent or kept, the surest way first.
//
//   Endpoint=sb://contoso…/;SharedAccessKey=KEY          connection-string
//   https://x-access-token:KEY@github.com/contoso/orders url
//   https://contoso…/v1?subscription-key=KEY             query
//   api-key: KEY                                         header
//   {"auths":{"contoso.azurecr.io":{"password":"KEY"}}}  docker-config
//   //npm.contoso.com/:_authToken=KEY                    npmrc
//   export AZURE_STORAGE_KEY=KEY                         environment
//   docker login contoso.azurecr.io -u contoso -p KEY    cli
//   "Storage": {"AccountName": "contoso", "Key": "KEY"}  setting
#include "scanner/context_credential.h"

#include <algorithm>

#include "scanner/context_azure.h"
#include "scanner/context_connection.h"
#include "scanner/context_label.h"
#include "scanner/context_management.h"
#include "scanner/context_names.h"
#include "scanner/context_service.h"

namespace assay {

namespace {

constexpr auto breaks_url = [](auto c) {
  return (c <= ' ') | (c == '"') | (c == '\'') | (c == '`') | is_angle(c) | (c == '|') | opens(c) |
         closes(c);
};

std::string_view last_word(std::string_view text) {
  return text.substr(find_last(text, breaks_url) + 1);  // npos + 1 is 0
}

std::string_view without_padding(std::string_view after) {
  while (after.starts_with('=')) after.remove_prefix(1);
  return after;
}

// What names a setting: a name beside it, or that of the object it stands in.
struct Setting {
  std::string_view name;
  char sign = 0;
};

Setting setting_at(const Surroundings& surroundings, std::string_view before) {
  const Label label = read_label(before);
  Setting setting{label.name, label.sign};
  // `("NAME", "VALUE")`, but no row of a table.
  if (label.sign == ',' && !is_quote(before.back())) return {};
  constexpr std::string_view kPowerShell = "env:";
  if (setting.name.starts_with(kPowerShell)) setting.name.remove_prefix(kPowerShell.size());
  const bool pair = equal_any_case(label.name, "value");
  const bool string = equal_any_case(label.name, "connectionString");
  if (!pair && !string) return setting;
  const std::string_view sibling =
      label.sign == '>' ? sibling_name_of_tag(before) : sibling_name(surroundings);
  if (!sibling.empty()) {
    setting.name = sibling;
  } else if (const std::string_view group = group_name(surroundings, 0); !group.empty()) {
    setting.name = group;
  }
  return setting;
}

// `ConnectionStrings:Orders` of {"ConnectionStrings":{"Orders":"…"}}.
void keep_setting(const Surroundings& surroundings, const Setting& setting, ContextFacts& facts) {
  if (setting.name.empty() || setting.name.starts_with('-')) return;
  const std::string_view group = group_name(surroundings, 0);
  if (equal_any_case(group, "ConnectionStrings") && !equal_any_case(group, setting.name)) {
    std::string name(group);
    facts.set_store(name.append(":").append(setting.name));
  } else {
    facts.set_store(setting.name);
  }
}

bool read_string(const Surroundings& surroundings, ContextFacts& facts) {
  const ConnectionString string = read_connection_string(surroundings, facts);
  if (!string.found()) return false;
  facts.context.carrier = "connection-string";
  std::string_view before = surroundings.before().substr(0, string.begin);
  // `conn = ("AccountName=…;" "…")`, but not `new Client("…")`.
  const size_t text = before.empty() || !is_quote(before.back()) ? 0 : before.size() - 1;
  if (text > 1 && before[text - 1] == '(' && is_blank(before[text - 2])) {
    before = before.substr(0, text - 1);
  }
  const Setting setting = setting_at(surroundings, before);
  keep_setting(surroundings, setting, facts);
  // `az storage account show-connection-string -g GROUP -n NAME`
  read_az_resource(surroundings, facts);
  if (facts.context.app.empty() && facts.context.host.empty()) {
    find_resource(surroundings, setting.name, facts);
  }
  return true;
}

// `SCHEME://USER:KEY@HOST/PATH` or `SCHEME://KEY@HOST/PATH`.
bool read_user_of_url(const Surroundings& surroundings, ContextFacts& facts) {
  const std::string_view after = without_padding(surroundings.after());
  if (!after.starts_with('@')) return false;
  const std::string_view word = last_word(surroundings.before());
  const size_t scheme = rfind(word, "://");
  if (scheme == std::string_view::npos) return false;
  std::string_view user = word.substr(scheme + 3);
  if (user.find_first_of("/?#@") != user.npos) return false;
  facts.context.carrier = "url";
  const std::string_view rest = after.substr(1);
  const Address address = read_address(rest.substr(0, find_first(rest, breaks_url)));
  set_service(facts, address.host, address.path);
  // amqps://POLICY:KEY@contoso.servicebus…: elsewhere the user is a word without a meaning.
  if (user.ends_with(':') && is_messaging(facts.family)) {
    facts.set(facts.context.key_name, user.substr(0, user.size() - 1));
  }
  return true;
}

// `https://HOST/PATH?…NAME=KEY`
bool read_parameter(const Surroundings& surroundings, ContextFacts& facts) {
  const std::string_view before = surroundings.before();
  if (!before.ends_with('=')) return false;
  const std::string_view word = last_word(before);
  const size_t name = find_last(word.substr(0, word.size() - 1), [](auto c) {
    return (c == '?') | (c == '&') | (c == ';') | (c == '/') | (c == '=');
  });
  const size_t mark = word.find('?');
  if (name == std::string_view::npos || mark == word.npos || mark > name) return false;
  facts.context.carrier = "query";
  const size_t scheme = rfind(word.substr(0, mark), "://");
  if (scheme == std::string_view::npos) return true;
  const Address address = read_address(word.substr(scheme));
  set_service(facts, address.host, address.path);
  return true;
}

// `//HOST/PATH/:_authToken=KEY`
bool read_npmrc(const Surroundings& surroundings, ContextFacts& facts) {
  std::string_view word = surroundings.before();
  if (!word.empty() && is_quote(word.back())) word.remove_suffix(1);
  if (!word.empty() && (word.back() == '=' || word.back() == ' ')) word.remove_suffix(1);
  while (!word.empty() && is_blank(word.back())) word.remove_suffix(1);
  word = last_word(word);
  const size_t name = rfind(word, ":_");
  const bool of_registry = word.starts_with("//") && name != std::string_view::npos;
  if (!of_registry && word != "_authToken" && word != "_auth" && word != "_password") return false;
  facts.context.carrier = "npmrc";
  if (!of_registry) return true;
  const Address address = read_address(word.substr(2, name - 2));
  set_service(facts, address.host, address.path);
  return true;
}

// {"auths":{"HOST":{"username":"NAME","password":"KEY"}}}
bool read_docker(const Surroundings& surroundings, ContextFacts& facts) {
  if (!equal_any_case(group_name(surroundings, 1), "auths")) return false;
  facts.context.carrier = "docker-config";
  std::string_view registry = group_name(surroundings, 0);
  const Address address = read_address(registry);
  set_service(facts, address.host, address.path);
  return true;
}

// The name of the header whose value the key is, behind a scheme such as Bearer.
std::string_view header_name(const Surroundings& surroundings) {
  std::string_view before = surroundings.before();
  for (const std::string_view scheme : {"bearer ", "token ", "basic ", "sharedkey "}) {
    if (before.size() < scheme.size()) continue;
    const size_t at = before.size() - scheme.size();
    if (!equal_any_case(before.substr(at), scheme)) continue;
    before = before.substr(0, at);
    break;
  }
  const Label label = read_label(before);
  const bool pair = equal_any_case(label.name, "value");
  return pair ? sibling_name(surroundings) : label.name;
}

bool read_header(const Surroundings& surroundings, ContextFacts& facts) {
  static constexpr std::string_view kHeaders[] = {
      "api-key",     "x-api-key",           "ocp-apim-subscription-key", "ocp-apim-trace",
      "aeg-sas-key", "authorization",       "subscription-key",          "private-token",
      "x-auth-key",  "x-ms-client-api-key", "x-functions-key",           "proxy-authorization"};
  const std::string_view name = header_name(surroundings);
  const bool is_header = std::any_of(std::begin(kHeaders), std::end(kHeaders),
                                     [&](auto header) { return equal_any_case(name, header); });
  if (!is_header) return false;
  facts.context.carrier = "header";
  find_resource(surroundings, {}, facts);
  return true;
}

bool is_environment_name(std::string_view name) {
  return name.size() > 2 && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
         });
}

// A key that something is set to, or that an option of a command is.
void read_setting(const Surroundings& surroundings, std::string_view path, ContextFacts& facts) {
  const Setting setting = setting_at(surroundings, surroundings.before());
  const AzCommand command = read_az_command(surroundings, facts);
  if (command == AzCommand::other) read_az_resource(surroundings, facts);
  if (command == AzCommand::vault) {
    facts.context.carrier = "key-vault";
  } else if (command != AzCommand::none || setting.name.starts_with('-')) {
    facts.context.carrier = "cli";
  } else if (!setting.name.empty()) {
    keep_setting(surroundings, setting, facts);
    const bool environment = is_environment_name(setting.name) && setting.sign != '>';
    if (!facts.context.store.empty()) {
      facts.context.carrier = environment ? "environment" : "setting";
    }
  } else if (find_any_case(path, ".npmrc") != std::string_view::npos) {
    facts.context.carrier = "npmrc";
  }
  find_resource(surroundings, setting.name, facts);
}

// `NAME:KEY` and nothing else: what `auth` of docker's configuration and Basic say, decoded. The
// text that it was decoded from tells more.
bool is_bare_pair(const Surroundings& surroundings) {
  std::string_view before = surroundings.before();
  if (!before.ends_with(':') || !trim(without_padding(surroundings.after())).empty()) return false;
  before.remove_suffix(1);
  return std::all_of(before.begin(), before.end(), is_name_char);
}

}  // namespace

void read_credential(const Surroundings& surroundings, std::string_view path, ContextFacts& facts) {
  if (is_bare_pair(surroundings)) return;
  if (read_string(surroundings, facts) || read_user_of_url(surroundings, facts) ||
      read_npmrc(surroundings, facts) || read_parameter(surroundings, facts) ||
      read_docker(surroundings, facts) || read_header(surroundings, facts)) {
    return;
  }
  read_setting(surroundings, path, facts);
}

}  // namespace assay
