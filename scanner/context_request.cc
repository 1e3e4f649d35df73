// Reads the request that carries a key.
//
//   https://a.azurewebsites.net/api/Refund?clientId=default&code=KEY&x=1
//           host                    path   query                       back from the key to `://`
//   2025-11-02 08:00:00 A GET /api/Refund code=KEY 443 - 10.1.2.3 a.azurewebsites.net 200
//                             path        query                   host: fields of one line
//
// A URL may stand in another's query, so the last `://` before the key is not always the one: it is
// passed over if its own query does not reach the key.
#include "scanner/context_request.h"

#include <algorithm>

#include "scanner/context_label.h"
#include "scanner/context_sites.h"

namespace assay {

namespace {

constexpr auto breaks_url = [](auto c) {
  return (c <= ' ') | (c == '"') | (c == '\'') | (c == '`') | (c == '<') | (c == '>') | (c == '|');
};
constexpr auto parts_parameters = [](auto c) { return (c == '&') | (c == ';'); };

// The URL, or piece of one, that ends with the key's parameter name and `=`.
struct Query {
  size_t begin = 0;            // of the token, in before()
  std::string_view token;      // from there to the key
  std::string_view parameter;  // code
};

bool find_query(std::string_view before, Query& query) {
  // Said first, since most keys stand elsewhere and a token may fill the window.
  if (!before.ends_with('=')) return false;
  query.begin = find_last(before, breaks_url) + 1;  // npos + 1 is 0
  query.token = before.substr(query.begin);
  size_t name = query.token.size() - 1;
  while (name > 0 && is_name_char(query.token[name - 1])) --name;
  query.parameter = query.token.substr(name, query.token.size() - 1 - name);
  if (query.parameter.empty()) return false;
  const char delimiter = name == 0 ? '\0' : query.token[name - 1];
  const bool is_code = equal_any_case(query.parameter, "code");
  if (delimiter == '?') return true;
  if (delimiter == '&' || delimiter == ';') {
    return is_code || query.token.find('?') != std::string_view::npos;
  }
  return is_code;
}

// The place behind the `://` of the URL whose query holds the key, and that URL's escape depth.
struct Scheme {
  size_t at = std::string_view::npos;
  uint8_t depth = 0;
};

Scheme find_scheme(const Surroundings& surroundings, const Query& query) {
  const std::string_view token = query.token;
  constexpr int kNested = 8;
  size_t at = rfind(token, "://");
  for (int i = 0; i < kNested && at != std::string_view::npos; ++i) {
    const uint8_t depth = surroundings.depth_before(query.begin + at);
    const std::string_view url = token.substr(at);
    const size_t first = find_first(url, [](auto c) { return (c == '?') | (c == '&'); });
    bool reaches = first < url.size() && url[first] == '?';
    for (size_t j = at; depth > 0 && reaches && j < token.size(); ++j) {
      reaches = token[j] != '&' || surroundings.depth_before(query.begin + j) >= depth;
    }
    if (reaches) return {at + 3, depth};
    if (at == 0) break;
    at = rfind(token, "://", at - 1);
  }
  return {};
}

// Reads `clientId=` and, for a webhook, `functionName=`.
void read_parameters(std::string_view query, bool webhook, ContextFacts& facts) {
  while (!query.empty()) {
    const size_t end = find_first(query, parts_parameters);
    const std::string_view parameter = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = parameter.substr(0, equals);
    std::string_view value = parameter.substr(equals + 1);
    if (equal_any_case(name, "clientId")) facts.set(facts.context.key_name, value);
    if (webhook && equal_any_case(name, "functionName")) {
      // The blob extension names its function so.
      constexpr std::string_view kPrefix = "Host.Functions.";
      if (value.starts_with(kPrefix)) value.remove_prefix(kPrefix.size());
      facts.set(facts.context.function, value);
    }
  }
}

// The rest of the query behind the key. A key may have been taken without its padding.
std::string_view query_after(const Surroundings& surroundings, uint8_t depth) {
  const std::string_view after = surroundings.after();
  size_t begin = 0;
  while (begin < after.size() && after[begin] == '=') ++begin;
  // kClosedGroup is one of the characters that break a URL.
  const std::string_view rest = after.substr(begin);
  const size_t size = find_first(rest, [](auto c) { return breaks_url(c) | (c == '#'); });
  size_t end = 0;
  while (depth > 0 && end < size &&
         (rest[end] != '&' || surroundings.depth_after(begin + end) >= depth)) {
    ++end;
  }
  return rest.substr(0, depth > 0 ? end : size);
}

// The field of a log line that holds a path of Functions, before the query or behind it.
std::string_view path_field(std::string_view line) {
  const auto ends_field = [](auto c) {
    return is_any_blank(c) | (c == '"') | (c == '\'') | (c == '`') | (c == ',');
  };
  for (size_t at = line.find('/'); at != std::string_view::npos; at = line.find('/', at + 1)) {
    if (at > 0 && !is_blank(line[at - 1]) && !is_quote(line[at - 1])) continue;
    const std::string_view rest = line.substr(at);
    const std::string_view path = rest.substr(0, find_first(rest, ends_field));
    if (is_functions_path(path)) return path;
    at += path.size();
  }
  return {};
}

// Host and path of the token up to its query: `//HOST/PATH`, `HOST/PATH`, `/PATH`.
void read_relative(std::string_view token, std::string_view line, std::string_view& path,
                   ContextFacts& facts) {
  const std::string_view address = token.substr(0, token.find('?'));
  const size_t slash = address.find('/');
  if (slash == std::string_view::npos) return;
  path = address.substr(slash);
  size_t host = slash;
  while (host > 0 && (is_name_char(address[host - 1]) || address[host - 1] == ':')) --host;
  std::string_view name = address.substr(host, slash - host);
  name = name.substr(0, name.find(':'));
  if (path.starts_with("//")) {
    name = path.substr(2, path.find('/', 2) - 2);
    path.remove_prefix(2 + name.size());
  }
  if (is_functions_host(name)) set_host(facts, name, line);
}

void read_url(std::string_view rest, std::string_view line, std::string_view& path,
              ContextFacts& facts) {
  std::string_view authority = rest.substr(
      0,
      find_first(rest, [](auto c) { return (c == '/') | (c == '?') | (c == '#') | (c == '&'); }));
  path = rest.substr(authority.size());
  path = path.substr(0, path.find('?'));
  authority.remove_prefix(rfind(authority, '@') + 1);  // npos + 1 is 0
  set_host(facts, authority.substr(0, authority.find(':')), line);
}

// The key's line, whole, for what names a slot beside a host.
std::string line_of(const Surroundings& surroundings) {
  std::string line(last_line(surroundings.before()));
  return line.append(" ").append(first_line(surroundings.after()));
}

}  // namespace

void read_query(const Surroundings& surroundings, ContextFacts& facts) {
  Query query;
  if (!find_query(surroundings.before(), query)) return;
  facts.context.carrier = "query";
  const std::string_view token = query.token;
  const std::string line = line_of(surroundings);
  const size_t mark = token.find('?');
  const Scheme scheme = find_scheme(surroundings, query);
  std::string_view path, parameters = token;
  if (scheme.at != std::string_view::npos) {
    const std::string_view rest = token.substr(scheme.at);
    read_url(rest, line, path, facts);
    parameters = rest.substr(rest.find('?') + 1);
  } else if (mark != std::string_view::npos) {
    read_relative(token, line, path, facts);
    parameters = token.substr(mark + 1);
  } else {
    path = path_field(last_line(surroundings.record_before()));
    if (path.empty()) path = path_field(first_line(surroundings.record_after()));
  }
  const bool webhook = find_any_case(path, "/runtime/webhooks/") != std::string_view::npos;
  parameters.remove_suffix(std::min(parameters.size(), query.parameter.size() + 1));
  read_parameters(parameters, webhook, facts);
  read_parameters(query_after(surroundings, scheme.depth), webhook, facts);
  set_path(facts, path);
  if (scheme.at == std::string_view::npos) find_site(surroundings, Sites::names_only, facts);
}

void read_named_credential(const Surroundings& surroundings, ContextFacts& facts) {
  const Label label = read_label(surroundings.before());
  std::string_view name = label.name;
  if (equal_any_case(name, "value")) name = sibling_name(surroundings);
  const bool header = equal_any_case(name, "x-functions-key");
  if (!header && (!equal_any_case(name, "code") || label.sign == ',')) return;
  // A key may be called `code` where it is kept.
  const std::string_view group = group_name(surroundings, label.name == name ? 0 : 1);
  for (const std::string_view kept : {"keys", "functionKeys", "systemKeys"}) {
    if (equal_any_case(group, kept)) return;
  }
  facts.context.carrier = header ? "header" : "query";
  find_site(surroundings, Sites::urls_and_names, facts);
}

}  // namespace assay
