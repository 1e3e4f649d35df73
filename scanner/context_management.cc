// Reads az commands and ARM addresses.
//
//   az functionapp keys set -g RG -n APP --key-type functionKeys --key-name NAME --key-value KEY
//   az functionapp function keys list -g RG -n APP --function-name FN
//   {"default": "KEY"}
//   PUT https://management.azure.com/subscriptions/S/resourceGroups/RG/providers/Microsoft.Web/
//       sites/APP/slots/SLOT/functions/FN/keys/NAME?api-version=2023-01-01
//   {"properties": {"name": "NAME", "value": "KEY"}}
#include "scanner/context_management.h"

#include <algorithm>

#include "scanner/context_label.h"

namespace assay {

namespace {

constexpr size_t kNone = std::string_view::npos;

// The last `az WORD` in `text` that begins a word.
size_t find_az(std::string_view text) {
  for (size_t at = rfind(text, "az "); at != kNone;
       at = at == 0 ? kNone : rfind(text, "az ", at - 1)) {
    if (at == 0 || !is_name_char(text[at - 1])) return at;
  }
  return kNone;
}

// The command up to the end of its line or the next command on it.
std::string_view whole_command(std::string_view text) {
  size_t end = std::min(text.find('\n'), text.size());
  text = text.substr(0, end);
  for (const std::string_view stop : {" && ", " | ", "; ", " || "}) {
    end = std::min(end, text.find(stop));
  }
  return text.substr(0, end);
}

AzCommand command_kind(std::string_view command) {
  struct Kind {
    std::string_view words;
    AzCommand kind;
  };
  static constexpr Kind kKinds[] = {{"az functionapp keys ", AzCommand::keys},
                                    {"az functionapp function keys ", AzCommand::function_keys},
                                    {"az containerapp function keys ", AzCommand::keys},
                                    {"az keyvault secret ", AzCommand::vault},
                                    {"az containerapp secret ", AzCommand::secret}};
  for (const Kind& kind : kKinds) {
    if (command.starts_with(kind.words)) return kind.kind;
  }
  return AzCommand::other;
}

// The next word of a command, without quotes; empty at the end.
std::string_view next_word(std::string_view& text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  if (text.empty()) return {};
  if (is_quote(text.front())) {
    const size_t close = std::min(text.find(text.front(), 1), text.size());
    const std::string_view word = text.substr(1, close - 1);
    text.remove_prefix(std::min(close + 1, text.size()));
    return word;
  }
  const size_t end = find_first(text, is_any_blank);
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

struct AzOptions {
  std::string_view group, name, slot, function, key_name, key_type, query;
};

void read_options(std::string_view command, AzOptions& options) {
  struct Option {
    std::string_view word;
    std::string_view AzOptions::*field;
  };
  static constexpr Option kOptions[] = {{"-g", &AzOptions::group},
                                        {"--resource-group", &AzOptions::group},
                                        {"-n", &AzOptions::name},
                                        {"--name", &AzOptions::name},
                                        {"-s", &AzOptions::slot},
                                        {"--slot", &AzOptions::slot},
                                        {"--key-name", &AzOptions::key_name},
                                        {"--function-name", &AzOptions::function},
                                        {"--key-type", &AzOptions::key_type},
                                        {"--query", &AzOptions::query}};
  while (!command.empty()) {
    std::string_view word = next_word(command);
    if (word.empty()) {
      if (command.empty()) return;
      continue;
    }
    const size_t equals = word.starts_with("--") ? word.find('=') : kNone;
    const std::string_view name = word.substr(0, equals);
    for (const Option& option : kOptions) {
      if (name != option.word) continue;
      options.*option.field = equals == kNone ? next_word(command) : word.substr(equals + 1);
      break;
    }
  }
}

Scope key_type_scope(std::string_view type) {
  for (const std::string_view name : {"functionKeys", "hostKey"}) {
    if (equal_any_case(type, name)) return Scope::host;
  }
  for (const std::string_view name : {"masterKey", "master"}) {
    if (equal_any_case(type, name)) return Scope::app;
  }
  for (const std::string_view name : {"systemKeys", "systemKey"}) {
    if (equal_any_case(type, name)) return Scope::extension;
  }
  return equal_any_case(type, "functionKey") ? Scope::function : Scope::unknown;
}

// What stands before the record with the key; the command may be one of its last lines.
std::string_view before_record(const Surroundings& surroundings) {
  std::string_view text = surroundings.open_before();
  text.remove_suffix(surroundings.record_before().size());
  return text;
}

// A line without the time stamps that a log puts before it.
std::string_view without_stamp(std::string_view line) {
  constexpr int kWords = 2;  // date and time may stand apart
  line = trim(line);
  for (int i = 0; i < kWords && !line.empty() && (is_digit(line.front()) || line.front() == '[');
       ++i) {
    const size_t end = line.find_first_of(" \t");
    const std::string_view word = line.substr(0, end);
    const bool stamp = std::count(word.begin(), word.end(), ':') >= 2 ||
                       std::count(word.begin(), word.end(), '-') == 2;
    if (!stamp) break;
    line = end == kNone ? std::string_view() : trim(line.substr(end));
  }
  return line;
}

// The command whose output the key's record is: on one of the few lines right above, with no other
// output between.
std::string_view command_above(const Surroundings& surroundings) {
  // Output is a JSON object or list, or the key alone on its line.
  const std::string_view record = without_stamp(surroundings.record_before());
  const std::string_view quotes = "\"'";
  if (!record.starts_with('{') && !record.starts_with('[') &&
      record.find_first_not_of(quotes) != kNone)
    return {};
  std::string_view text = before_record(surroundings);
  constexpr int kLines = 4;
  for (int i = 0; i < kLines && !text.empty(); ++i) {
    text.remove_suffix(1);  // its line break
    const std::string_view line = last_line(text);
    const std::string_view content = without_stamp(line);
    if (content.empty() || content.front() == kClosedGroup) return {};
    const size_t at = find_az(line);
    if (at != kNone) return whole_command(line.substr(at));
    text.remove_suffix(line.size());
  }
  return {};
}

// `--query functionKeys.default`
void read_query_option(std::string_view query, ContextFacts& facts) {
  const size_t dot = query.find('.');
  const std::string_view group = query.substr(0, dot);
  const Scope scope = key_type_scope(group);
  facts.set_scope(scope);
  if (dot != kNone && scope != Scope::unknown) {
    facts.set(facts.context.key_name, query.substr(dot + 1));
  } else if (dot == kNone && scope == Scope::unknown) {
    facts.set(facts.context.key_name, query);
  }
}

void apply(AzCommand kind, const AzOptions& options, ContextFacts& facts) {
  KeyContext& context = facts.context;
  if (kind == AzCommand::vault) facts.set_store(options.name);
  // Any other command speaks of the caller's app: settings do not say which app the key opens.
  if (kind != AzCommand::keys && kind != AzCommand::function_keys && kind != AzCommand::secret) {
    return;
  }
  facts.set(context.resource_group, options.group);
  facts.set(context.app, options.name);
  facts.set(context.slot, options.slot);
  facts.set(context.key_name, options.key_name);
  facts.set(context.function, options.function);
  if (kind == AzCommand::secret) return;
  if (kind == AzCommand::function_keys) facts.set_scope(Scope::function);
  facts.set_scope(key_type_scope(options.key_type));
  if (options.key_name.empty()) read_query_option(options.query, facts);
}

// Whether it is the address of keys: other addresses of a site, such as that of its settings, say
// whose caller the key is in and not what it opens.
bool is_address_of_keys(std::string_view address) {
  for (const std::string_view part : {"/keys/", "/listkeys", "/host/default/"}) {
    if (find_any_case(address, part) != std::string_view::npos) return true;
  }
  return false;
}

// The last ARM address of a site in `text`; what stands behind may run past its end.
std::string_view last_site_address(std::string_view text) {
  const size_t at = rfind_any_case(text, "/providers/microsoft.web/sites/");
  if (at == kNone) return {};
  size_t begin = at;
  const auto breaks = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || is_quote(c) || c == '<' || c == '>';
  };
  while (begin > 0 && !breaks(text[begin - 1])) --begin;
  size_t end = at;
  while (end < text.size() && !breaks(text[end]) && text[end] != '?') ++end;
  return text.substr(begin, end - begin);
}

void apply_address(std::string_view address, ContextFacts& facts) {
  KeyContext& context = facts.context;
  bool host = false;
  std::string_view previous;
  while (!address.empty()) {
    const size_t end = std::min(address.find('/'), address.size());
    const std::string_view part = address.substr(0, end);
    address.remove_prefix(std::min(end + 1, address.size()));
    if (equal_any_case(previous, "resourceGroups")) facts.set(context.resource_group, part);
    if (equal_any_case(previous, "sites")) facts.set(context.app, part);
    if (equal_any_case(previous, "slots")) facts.set(context.slot, part);
    if (equal_any_case(previous, "host")) host = true;
    if (equal_any_case(previous, "functions")) {
      facts.set(context.function, part);
      facts.set_scope(Scope::function);
    }
    const Scope scope = host ? key_type_scope(previous) : Scope::unknown;
    facts.set_scope(scope);
    if (equal_any_case(previous, "keys") || scope != Scope::unknown) {
      facts.set(context.key_name, part);
    }
    previous = part;
  }
}

}  // namespace

AzCommand read_az_command(const Surroundings& surroundings, ContextFacts& facts) {
  const std::string_view line = last_line(surroundings.before());
  const size_t at = find_az(line);
  AzOptions options;
  std::string_view command;
  if (at != kNone && whole_command(line.substr(at)).size() == line.size() - at) {
    command = line.substr(at);
    // The word that the key stands in is cut off at the key; it is no option's value.
    read_options(command.substr(0, find_last(command, is_any_blank)), options);
    std::string_view rest = whole_command(first_line(surroundings.after()));
    read_options(rest.substr(find_first(rest, is_any_blank)), options);
  } else {
    command = command_above(surroundings);
    if (command.empty()) return AzCommand::none;
    read_options(command, options);
  }
  const AzCommand kind = command_kind(command);
  apply(kind, options, facts);
  return kind;
}

std::string_view az_command_line(const Surroundings& surroundings) {
  const std::string_view line = last_line(surroundings.before());
  const size_t at = find_az(line);
  if (at != kNone && whole_command(line.substr(at)).size() == line.size() - at) {
    return line.substr(at);
  }
  return command_above(surroundings);
}

std::string_view az_option(std::string_view command, std::string_view option) {
  while (!command.empty()) {
    const std::string_view word = next_word(command);
    const size_t equals = word.starts_with("--") ? word.find('=') : kNone;
    if (word.substr(0, equals) != option) continue;
    return equals == kNone ? next_word(command) : word.substr(equals + 1);
  }
  return {};
}

bool read_arm_address(const Surroundings& surroundings, ContextFacts& facts) {
  std::string_view before = surroundings.record_before();
  std::string_view after = surroundings.record_after();
  constexpr int kLevels = 12;
  for (int i = 0; i < kLevels && !(before.empty() && after.empty()); ++i) {
    const Group group = take_group(before, after);
    std::string_view address = last_site_address(group.before);
    if (address.empty()) address = last_site_address(group.after);
    if (address.empty()) continue;
    if (!is_address_of_keys(address)) return false;
    apply_address(address, facts);
    return true;
  }
  // The request line above a body: some header lines and one blank line may stand between, but not
  // another body.
  std::string_view text = before_record(surroundings);
  constexpr int kLines = 20;
  int blank = 0;
  for (int i = 0; i < kLines && !text.empty(); ++i) {
    text.remove_suffix(1);
    const std::string_view line = last_line(text);
    const std::string_view content = trim(line);
    if (!content.empty() && content.front() == kClosedGroup) return false;
    if (content.empty() && ++blank > 1) return false;
    const std::string_view address = last_site_address(line);
    if (!address.empty()) {
      if (!is_address_of_keys(address)) return false;
      apply_address(address, facts);
      return true;
    }
    text.remove_suffix(line.size());
  }
  return false;
}

}  // namespace assay
