// Finds the address that belongs to a key, from near to far.
//
//   curl -H "x-functions-key: KEY" https://a.azurewebsites.net/api/F          the line
//   {"url":"https://a…/api/F","headers":[·,{"name":"…","value":"KEY"}]}       the record, by level
//   POST /api/F HTTP/1.1                                                      the message
//   Host: a.azurewebsites.net
//   x-functions-key: KEY
//   url = "https://a.azurewebsites.net/api/F"                                 the paragraph
//   headers = {"x-functions-key": "KEY"}
#include "scanner/context_sites.h"

#include <algorithm>

#include "scanner/context_label.h"

namespace assay {

namespace {

struct Site {
  std::string_view host;
  std::string_view path;
  bool url = false;  // stands behind `://`
  size_t begin = 0;
};

// The sites that one place speaks of, folded into one.
struct Sole {
  Site site;
  bool several = false;
  bool several_paths = false;

  // Whether another site could still change anything: two are as many as more.
  bool add(const Site& other) {
    if (site.host.empty()) {
      site = other;
    } else if (!equal_any_case(site.host, other.host)) {
      several = true;
    } else if (site.path.empty()) {
      site.path = other.path;
    } else if (!other.path.empty() && other.path != site.path) {
      several_paths = true;
    }
    return !several;
  }
};

constexpr auto ends_path = [](auto c) {
  return (c <= ' ') | (c == '"') | (c == '\'') | (c == '`') | (c == '<') | (c == '>') | (c == '|') |
         closes(c) | (c == ',') | (c == ';') | (c == '\\');
};

// Whether the URL or name at the end of `text` is given to something called url, endpoint, host….
bool has_address_label(std::string_view text) {
  if (text.ends_with("://")) {
    text.remove_suffix(3);
    while (!text.empty() && is_letter(text.back())) text.remove_suffix(1);
  }
  const Label label = read_label(text);
  if (label.sign != ':' && label.sign != '=') return false;
  static constexpr std::string_view kEnds[] = {"url", "uri",     "endpoint", "host",
                                               "raw", "address", "base"};
  for (const std::string_view end : kEnds) {
    if (label.name.size() >= end.size() &&
        equal_any_case(label.name.substr(label.name.size() - end.size()), end)) {
      return true;
    }
  }
  return false;
}

// The place of the next name from `from` on that may be a site's: one behind `://`, or one that
// holds `.azure` or `.chinacloud`. npos if there is none. Most of a window is no such name, and
// looking at each cost most of the time where findings are dense.
size_t find_site_name(std::string_view text, size_t from) {
  const auto is_sign = [](auto a, auto b) {
    constexpr unsigned char kCase = 0x20;
    return ((a == ':') & (b == '/')) | ((a == '.') & (((b | kCase) == 'a') | ((b | kCase) == 'c')));
  };
  for (size_t at = find_pair(text, from, is_sign); at != std::string_view::npos;
       at = find_pair(text, at + 1, is_sign)) {
    if (text[at] == '.') {
      while (at > from && is_name_char(text[at - 1])) --at;
      return at;
    }
    if (text.substr(at, 3) == "://" && at + 3 < text.size() && is_name_char(text[at + 3])) {
      return at + 3;
    }
  }
  return std::string_view::npos;
}

// Calls `visit` for the sites in `text`, until it says false.
template <typename Visit>
void each_site(std::string_view text, Sites which, Visit visit) {
  for (size_t i = find_site_name(text, 0); i < text.size(); i = find_site_name(text, i)) {
    const size_t begin = i;
    while (i < text.size() && is_name_char(text[i])) ++i;
    Site site;
    site.begin = begin;
    site.host = text.substr(begin, i - begin);
    site.url = text.substr(0, begin).ends_with("://");
    if (which == Sites::names_only ? site.url : is_management_host(site.host)) continue;
    if (!site.url && !is_functions_host(site.host)) continue;
    size_t at = i;
    if (at < text.size() && text[at] == ':') ++at;
    while (at > i && at < text.size() && is_digit(text[at])) ++at;
    if (at < text.size() && text[at] == '/') {
      site.path = text.substr(at, find_first(text.substr(at), ends_path));
      i = at + site.path.size();
    }
    if (!visit(site)) return;
  }
}

void accept(const Sole& sole, Sites which, std::string_view line, ContextFacts& facts) {
  set_host(facts, sole.site.host, line);
  if (which == Sites::urls_and_names && !sole.several_paths) set_path(facts, sole.site.path);
}

// The nearest group of the record that speaks of a site. In it count the line that leads to the
// key, and what is called an address. Whether one was found, sole or not.
bool find_in_record(const Surroundings& surroundings, Sites which, ContextFacts& facts) {
  std::string_view before = surroundings.record_before();
  std::string_view after = surroundings.record_after();
  const std::string_view line = last_line(surroundings.before());
  constexpr int kLevels = 12;
  for (int i = 0; i < kLevels && !(before.empty() && after.empty()); ++i) {
    const Group group = take_group(before, after);
    Sole sole;
    const size_t near_begin = group.before.size() - last_line(group.before).size();
    each_site(group.before, which, [&](const Site& site) {
      const bool counts =
          site.begin >= near_begin || has_address_label(group.before.substr(0, site.begin));
      return !counts || sole.add(site);
    });
    const size_t near_end = first_line(group.after).size();
    each_site(group.after, which, [&](const Site& site) {
      const bool counts =
          site.begin < near_end || has_address_label(group.after.substr(0, site.begin));
      return !counts || sole.add(site);
    });
    if (sole.several) return true;
    if (!sole.site.host.empty()) {
      accept(sole, which, line, facts);
      return true;
    }
  }
  return false;
}

constexpr auto is_any_quote = [](auto c) { return (c == '"') | (c == '\'') | (c == '`'); };

// A line of an HTTP message, also as curl -v and mail quotes show it: `> Host: HOST`.
std::string_view message_line(std::string_view line) {
  line = trim(line);
  if (line.starts_with("> ")) line = trim(line.substr(2));
  return line;
}

// The target of `GET /api/F HTTP/1.1`, which may begin behind a quote; empty if it is none.
std::string_view request_target(std::string_view line) {
  line = line.substr(find_last(line, is_any_quote) + 1);  // npos + 1 is 0
  if (line.empty() || line[0] < 'A' || line[0] > 'Z') return {};
  static constexpr std::string_view kMethods[] = {"GET ",    "POST ", "PUT ",    "PATCH ",
                                                  "DELETE ", "HEAD ", "OPTIONS "};
  for (const std::string_view method : kMethods) {
    if (!line.starts_with(method)) continue;
    const std::string_view rest = trim(line.substr(method.size()));
    return rest.substr(0, find_first(rest, is_any_blank));
  }
  return {};
}

bool is_header_line(std::string_view line) {
  const size_t colon = line.find(':');
  return colon != std::string_view::npos && colon > 0 &&
         std::all_of(line.begin(), line.begin() + static_cast<ptrdiff_t>(colon), is_name_char);
}

std::string_view host_header(std::string_view line) {
  constexpr std::string_view kHost = "host:";
  if (line.size() < kHost.size() || !equal_any_case(line.substr(0, kHost.size()), kHost)) return {};
  const std::string_view value = trim(line.substr(kHost.size()));
  return value.substr(0, value.find(':'));
}

constexpr int kMessageLines = 40;

// Walks from the key's line up to the request line, and down to the end of the headers.
void find_in_message(const Surroundings& surroundings, Sites which, ContextFacts& facts) {
  std::string_view before = surroundings.before();
  std::string_view host, target;
  std::string_view line = last_line(before);
  bool found = !request_target(message_line(line)).empty();
  for (int i = 0; i < kMessageLines && !found && before.size() > line.size(); ++i) {
    before.remove_suffix(line.size() + 1);
    line = last_line(before);
    const std::string_view text = message_line(line);
    target = request_target(text);
    found = !target.empty();
    if (!found && !is_header_line(text)) return;
    if (host.empty() && !found) host = host_header(text);
  }
  if (!found) return;
  std::string_view after = surroundings.after();
  for (int i = 0; i < kMessageLines && host.empty(); ++i) {
    const size_t end = after.find('\n');
    if (end == std::string_view::npos) break;
    after.remove_prefix(end + 1);
    const std::string_view text = message_line(first_line(after));
    if (!is_header_line(text)) break;
    host = host_header(text);
  }
  if (which == Sites::urls_and_names) set_path(facts, target);
  Sole sole;
  each_site(target, Sites::urls_and_names, [&sole](const Site& site) { return sole.add(site); });
  if (!sole.several && !sole.site.host.empty()) host = sole.site.host;
  set_host(facts, host.substr(0, host.find_first_of(" \t\"'")), last_line(surroundings.before()));
}

constexpr int kParagraphLines = 10;

bool holds_credential(std::string_view line) {
  return find_any_case(line, "x-functions-key") != std::string_view::npos ||
         find_any_case(line, "code=") != std::string_view::npos;
}

// The addresses in the lines around, up to a blank one. A paragraph with another credential in it
// says nothing, since the address could be the other's.
void find_in_paragraph(const Surroundings& surroundings, ContextFacts& facts) {
  Sole sole;
  const auto add_line = [&sole](std::string_view line) {
    each_site(line, Sites::urls_and_names, [&](const Site& site) {
      return !has_address_label(line.substr(0, site.begin)) || sole.add(site);
    });
  };
  std::string_view before = surroundings.before();
  std::string_view line = last_line(before);
  for (int i = 0; i < kParagraphLines && before.size() > line.size(); ++i) {
    before.remove_suffix(line.size() + 1);
    line = last_line(before);
    if (trim(line).empty()) break;
    if (holds_credential(line)) return;
    add_line(line);
  }
  std::string_view after = surroundings.after();
  for (int i = 0; i < kParagraphLines; ++i) {
    const size_t end = after.find('\n');
    if (end == std::string_view::npos) break;
    after.remove_prefix(end + 1);
    line = first_line(after);
    if (trim(line).empty()) break;
    if (holds_credential(line)) return;
    add_line(line);
  }
  if (!sole.several) accept(sole, Sites::urls_and_names, {}, facts);
}

}  // namespace

void find_site(const Surroundings& surroundings, Sites which, ContextFacts& facts) {
  if (find_in_record(surroundings, which, facts)) return;
  find_in_message(surroundings, which, facts);
  if (which == Sites::names_only || !facts.context.host.empty()) return;
  find_in_paragraph(surroundings, facts);
}

}  // namespace assay
