// Looks for the resource that a key opens in the text around it, from near to far.
//
//   {"account":"contoso","key":"KEY"}                         the object, and those around it
//   curl -H "api-key: KEY" https://contoso.search.windows.net/indexes       the line
//   AZURE_CLIENT_ID=0a1b…                                     the paragraph: settings only
//   AZURE_CLIENT_SECRET=KEY
#include <algorithm>
#include <array>

#include "scanner/context_azure.h"
#include "scanner/context_connection.h"
#include "scanner/context_label.h"
#include "scanner/context_service.h"

namespace assay {

namespace {

// What settings are called that name the resource of a family's keys: the end of the name, without
// `_`, `-` and `.`.
struct Words {
  std::string_view family;  // a part of the family's name
  std::array<std::string_view, 4> words;
};
constexpr Words kAppWords[] = {
    {"storage", {"accountname", "storageaccount", "account"}},
    {"service-bus", {"namespace", "namespacename"}},
    {"event-hub", {"namespace", "namespacename"}},
    {"azure-relay", {"namespace", "namespacename"}},
    {"iot", {"hubname", "iothub", "dpsname"}},
    {"cosmos", {"accountname", "cosmosaccount", "databaseaccount"}},
    {"redis", {"cachename", "redisname"}},
    {"registry", {"registryname", "acrname", "registry", "username"}},
    {"search", {"servicename", "searchservice"}},
    {"batch", {"accountname", "batchaccount"}},
    {"api-management", {"servicename", "apimname"}},
    {"app-config", {"storename", "appconfigname"}},
    {"openai", {"resourcename", "openairesource", "accountname"}},
    {"-ai", {"resourcename", "accountname"}},
    {"cognitive", {"resourcename", "accountname"}},
    {"communication", {"resourcename"}},
    {"event-grid", {"topicname"}},
    {"entra", {"clientid", "appid", "applicationid", "u"}},
    {"devops", {"organization", "organisation", "orgname"}},
};
constexpr std::string_view kKeyNameWords[] = {"sharedaccesskeyname", "policyname", "keyname",
                                              "deviceid"};
constexpr std::string_view kHostWords[] = {
    "url",       "uri",         "endpoint",  "host",     "hostname", "address",  "server",
    "authority", "loginserver", "namespace", "registry", "base",     "instance", "service"};

constexpr bool is_mark(char c) { return c == '_' || c == '-' || c == '.'; }

// Whether `name` ends with `word`, marks and case aside.
bool ends_with_word(std::string_view name, std::string_view word) {
  if (!is_mark(name.back()) && lower(name.back()) != word.back()) return false;
  size_t at = name.size();
  for (size_t left = word.size(); left > 0; --left) {
    while (at > 0 && is_mark(name[at - 1])) --at;
    if (at == 0 || lower(name[--at]) != word[left - 1]) return false;
  }
  return word != "u" || name == "-u";
}

template <typename List>
bool ends_with_any(std::string_view name, const List& words) {
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) {
    return !word.empty() && ends_with_word(name, word);
  });
}

// The rows of a family, of which some have two.
using WordRows = std::array<const Words*, 3>;
WordRows words_of(std::string_view family) {
  WordRows rows{};
  size_t found = 0;
  for (const Words& row : kAppWords) {
    if (found < rows.size() && family.find(row.family) != family.npos) rows[found++] = &row;
  }
  return rows;
}

bool names_app(std::string_view name, const WordRows& rows) {
  return std::any_of(rows.begin(), rows.end(), [&](const Words* row) {
    return row != nullptr && ends_with_any(name, row->words);
  });
}

// Whether a word of `name` ends before `at`: AZURE|_CLIENT, azure|Client.
bool ends_word(std::string_view name, size_t at) {
  if (at >= name.size() || is_mark(name[at])) return true;
  const bool upper = name[at] >= 'A' && name[at] <= 'Z';
  return upper && at > 0 && !(name[at - 1] >= 'A' && name[at - 1] <= 'Z');
}

// How many characters of whole words two names begin alike with, marks and case aside.
size_t common_beginning(std::string_view a, std::string_view b) {
  size_t words = 0;
  for (size_t i = 0, j = 0, common = 0;; ++i, ++j, ++common) {
    if (ends_word(a, i) && ends_word(b, j)) words = common;
    while (i < a.size() && is_mark(a[i])) ++i;
    while (j < b.size() && is_mark(b[j])) ++j;
    if (i >= a.size() || j >= b.size() || lower(a[i]) != lower(b[j])) return words;
  }
}

constexpr size_t kLongestValue = 256;

// Whether a value may follow the name that ends at `at`: asked of every word of a text.
bool has_sign(std::string_view text, size_t at) {
  const size_t stop = std::min(at + 16, text.size());
  while (at < stop && (is_quote(text[at]) || text[at] == ']' || is_blank(text[at]))) ++at;
  return at < stop && (text[at] == ':' || text[at] == '=' || text[at] == '>');
}

// The value at the start of `text`, which follows a name and, if that is quoted, its quote; empty
// if there is none. `option`: of `--NAME VALUE`. `element`: of `<NAME>VALUE<`.
std::string_view value_after(std::string_view text, bool option, bool element) {
  text = text.substr(0, kLongestValue);
  size_t at = 0;
  const auto skip_blanks = [&] {
    while (at < text.size() && is_blank(text[at])) ++at;
  };
  if (at < text.size() && (is_quote(text[at]) || text[at] == ']')) ++at;
  if (at < text.size() && text[at] == ']') ++at;
  const size_t name_end = at;
  skip_blanks();
  if (at < text.size() && (text[at] == ':' || text[at] == '=' || (element && text[at] == '>'))) {
    ++at;
    if (at < text.size() && (text[at] == '=' || text[at] == '>')) ++at;
  } else if (!option || at == name_end) {
    return {};
  }
  skip_blanks();
  if (at < text.size() && is_quote(text[at])) {
    const size_t close = text.find(text[at], at + 1);
    return close == text.npos ? std::string_view() : text.substr(at + 1, close - at - 1);
  }
  const size_t end = at + find_first(text.substr(at), [](auto c) {
                       return (c <= ' ') | (c == '"') | (c == '\'') | (c == '`') | is_angle(c) |
                              (c == ',') | (c == ';') | opens(c) | closes(c) | (c == '|');
                     });
  return end == kLongestValue ? std::string_view() : text.substr(at, end - at);
}

bool is_guid(std::string_view text) {
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return text.size() == kShape.size() &&
         std::equal(text.begin(), text.end(), kShape.begin(), [](char c, char shape) {
           if (shape == '-') return c == '-';
           return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
         });
}

// The best candidate for one fact: of the highest rank, if there is but one.
struct Sole {
  std::string_view value;
  std::string_view path;
  size_t rank = 0;
  bool several = false;

  void add(std::string_view other, std::string_view other_path, size_t other_rank) {
    if (other.empty()) return;
    if (value.empty() || other_rank > rank) {
      *this = {other, other_path, other_rank, false};
    } else if (other_rank == rank && !equal_any_case(value, other)) {
      several = true;
    } else if (other_rank == rank && path.empty()) {
      path = other_path;
    }
  }
  bool known() const { return !value.empty() && !several; }
};

// What one level of the text says.
class Nearby {
 public:
  Nearby(std::string_view own, ContextFacts& facts)
      : own_(own), facts_(facts), words_(words_of(facts.family)) {}

  void read_settings(std::string_view text);
  void read_hosts(std::string_view text);
  void read_ids(std::string_view text);
  // Of a resource that is known already, the name of its key. No outer level tells that.
  void apply_key_name() {
    if (key_name_.known()) facts_.set(facts_.context.key_name, key_name_.value);
  }
  // Sets the facts. Whether the level speaks of a resource at all, sole or not.
  bool apply();

 private:
  void take(std::string_view name, std::string_view value);

  std::string_view own_;
  ContextFacts& facts_;
  const WordRows words_;
  Sole host_, app_, key_name_, other_host_;
  Sole resource_;  // of an id, with its group as the path
};

void Nearby::read_settings(std::string_view text) {
  std::string_view pair_name;  // of key="NAME" value="VALUE"
  for (size_t at = 0; at < text.size();) {
    if (!is_name_char(text[at])) {
      ++at;
      continue;
    }
    const size_t begin = at;
    while (at < text.size() && is_name_char(text[at])) ++at;
    std::string_view name = text.substr(begin, at - begin);
    if (name.front() != '-' && !has_sign(text, at)) continue;
    // A part of a connection string, which is another key's: the key's own was read before.
    if (begin > 0 && text[begin - 1] == ';') continue;
    const bool names_pair = equal_any_case(name, "name") || equal_any_case(name, "key");
    const bool in_pair = equal_any_case(name, "value") && !pair_name.empty();
    const bool wanted = names_pair || in_pair || names_app(name, words_) ||
                        ends_with_any(name, kKeyNameWords) || ends_with_any(name, kHostWords);
    if (!wanted) continue;
    const bool element = begin > 0 && text[begin - 1] == '<';
    const std::string_view value = value_after(text.substr(at), name.front() == '-', element);
    if (value.empty()) continue;
    if (in_pair) name = pair_name;
    pair_name = names_pair ? value : std::string_view();
    take(name, value);
  }
}

void Nearby::take(std::string_view name, std::string_view value) {
  const size_t rank = common_beginning(name, own_);
  const Address address = read_address(value);
  if (is_service_host(address.host, facts_.services)) {
    host_.add(address.host, address.path, rank);
    return;
  }
  const bool entra = facts_.family.find("entra") != std::string_view::npos;
  const bool name_alone = value.find('.') == value.npos;
  const bool taken = value.size() <= 128 && std::all_of(value.begin(), value.end(), is_name_char);
  if (names_app(name, words_) && taken && name_alone && (!entra || is_guid(value))) {
    app_.add(value, {}, rank);
  }
  if (ends_with_any(name, kKeyNameWords) && taken) key_name_.add(value, {}, rank);
}

constexpr auto ends_path = [](auto c) {
  return (c <= ' ') | (c == '"') | (c == '\'') | (c == '`') | is_angle(c) | (c == '|') | opens(c) |
         closes(c) | (c == ',') | (c == ';') | (c == '\\');
};

// Every host name in the text that the key may be for.
void Nearby::read_hosts(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    if (!is_name_char(text[at])) {
      ++at;
      continue;
    }
    const size_t begin = at;
    while (at < text.size() && is_name_char(text[at])) ++at;
    const std::string_view host = text.substr(begin, at - begin);
    if (host.find('.') == host.npos) continue;
    const bool url = text.substr(0, begin).ends_with("://");
    const bool service = is_service_host(host, facts_.services);
    if (!service && !url) continue;
    size_t path = at;
    if (path < text.size() && text[path] == ':') ++path;
    while (path > at && path < text.size() && is_digit(text[path])) ++path;
    const bool has_path = path < text.size() && text[path] == '/';
    const std::string_view rest = text.substr(path);
    const std::string_view found = has_path ? rest.substr(0, find_first(rest, ends_path)) : "";
    if (service) {
      host_.add(host, found, 0);
    } else if (!is_management_host(host)) {
      other_host_.add(host, found, 0);
    }
  }
}

// `"id": "/subscriptions/…/storageAccounts/contoso"`
void Nearby::read_ids(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const ResourceId id = next_resource_id(text, at, facts_.family);
    if (id.name.empty()) return;
    resource_.add(id.name, id.group, 0);
    key_name_.add(id.rule, {}, 0);
  }
}

bool Nearby::apply() {
  KeyContext& context = facts_.context;
  if (resource_.known() && (app_.value.empty() || equal_any_case(app_.value, resource_.value))) {
    app_ = resource_;
    facts_.set(context.resource_group, resource_.path);
  }
  const bool by_name =
      !app_.value.empty() && (host_.value.empty() || app_.rank > host_.rank || host_.several);
  if (!by_name && host_.known()) set_service(facts_, host_.value, host_.path);
  if (app_.known() && (by_name || host_.known())) facts_.set(context.app, app_.value);
  apply_key_name();
  if (!host_.value.empty() || !app_.value.empty()) return true;
  // A request goes to the service, be it under a name of the owner's.
  const bool request = context.carrier == "header" || context.carrier == "query";
  if (!request || other_host_.value.empty()) return false;
  if (other_host_.known()) set_service(facts_, other_host_.value, other_host_.path);
  return true;
}

constexpr int kParagraphLines = 12;

bool begins_item(std::string_view line) { return trim(line).starts_with("- "); }

bool ends_paragraph(std::string_view line) {
  line = trim(line);
  return line.empty() || line == std::string_view(&kClosedGroup, 1) || line == "---";
}

// The lines above and below the key's record. `item`: only those of its item in a YAML list.
Group paragraph(const Surroundings& surroundings, bool item) {
  std::string_view above = surroundings.open_before();
  const std::string_view record = surroundings.record_before();
  above.remove_suffix(record.size());
  size_t begin = above.size();
  bool begun = item && begins_item(record);
  for (int i = 0; i < kParagraphLines && begin > 0 && !begun; ++i) {
    const std::string_view line = last_line(above.substr(0, begin - 1));
    if (ends_paragraph(line)) break;
    begin -= line.size() + 1;
    begun = item && begins_item(line);
  }
  if (item && !begun) return {};
  std::string_view below = surroundings.open_after();
  below.remove_prefix(surroundings.record_after().size());
  size_t end = 0;
  for (int i = 0; i < kParagraphLines && end < below.size(); ++i) {
    const std::string_view line = first_line(below.substr(end + 1));
    if (ends_paragraph(line) || (item && begins_item(line))) break;
    end += line.size() + 1;
  }
  return {above.substr(begin), below.substr(0, end)};
}

}  // namespace

void find_resource(const Surroundings& surroundings, std::string_view own, ContextFacts& facts) {
  std::string_view before = surroundings.record_before();
  std::string_view after = surroundings.record_after();
  const bool known = !facts.context.app.empty() || !facts.context.host.empty();
  constexpr int kLevels = 12;
  for (int i = 0; i < kLevels && !(before.empty() && after.empty()); ++i) {
    const Group group = take_group(before, after);
    Nearby level(own, facts);
    for (const std::string_view side : {group.before, group.after}) {
      level.read_settings(side);
      level.read_hosts(side);
      level.read_ids(side);
    }
    if (known) {
      level.apply_key_name();
      if (i > 0) return;
    } else if (level.apply()) {
      return;
    }
  }
  if (known) return;
  for (const bool item : {true, false}) {
    const Group lines = paragraph(surroundings, item);
    Nearby level(own, facts);
    level.read_settings(lines.before);
    level.read_settings(lines.after);
    if (level.apply()) return;
  }
}

}  // namespace assay
