// Reads names outward from the key.
//
//   {"functionKeys":[·,{"name":"default","value":"KEY"     label value, sibling default,
//                                                          groups "", "", functionKeys
#include "scanner/context_label.h"

#include <algorithm>

namespace assay {

namespace {

constexpr bool is_label_char(char c) { return is_name_char(c) || c == ':' || c == '/'; }

void drop_blanks(std::string_view& text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
}

// Drops one quote and says which, or 0.
char drop_quote(std::string_view& text) {
  if (text.empty() || !is_quote(text.back())) return 0;
  const char quote = text.back();
  text.remove_suffix(1);
  return quote;
}

// The name that ends `text`. A quoted one must be whole: of `"My key"` nothing is taken.
std::string_view last_name(std::string_view text) {
  drop_blanks(text);
  // `["NAME"] =`: a bracket that closed here is still there in the plain form.
  if (!text.empty() && text.back() == ']') text.remove_suffix(1);
  const char quote = drop_quote(text);
  size_t begin = text.size();
  while (begin > 0 && is_label_char(text[begin - 1])) --begin;
  if (quote != 0 && begin > 0 && text[begin - 1] != quote) return {};
  std::string_view name = text.substr(begin);
  while (!name.empty() && (name.front() == ':' || name.front() == '/')) name.remove_prefix(1);
  return name;
}

// `##vso[task.setvariable variable=NAME;issecret=true]KEY`
std::string_view pipeline_variable(std::string_view before) {
  const std::string_view line = last_line(before);
  const size_t command = rfind(line, "##vso[");
  if (command == std::string_view::npos) return {};
  constexpr std::string_view kVariable = "variable=";
  const size_t at = line.find(kVariable, command);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + kVariable.size());
  return rest.substr(0, rest.find_first_of(";]"));
}

// `<NAME attribute="…">` at the end of `text`.
std::string_view tag_name(std::string_view text) {
  const size_t open =
      find_last(text.substr(0, text.size() - 1), [](auto c) { return is_angle(c) | (c == '\n'); });
  if (open == std::string_view::npos || text[open] != '<') return {};
  const std::string_view tag = text.substr(open + 1);
  size_t size = 0;
  while (size < tag.size() && is_label_char(tag[size])) ++size;
  return tag.substr(0, size);
}

// The value at the start of `text`, which follows a name: `": "VALUE"`.
std::string_view value_after_name(std::string_view text) {
  size_t at = 0;
  const auto skip = [&text, &at](auto is) {
    while (at < text.size() && is(text[at])) ++at;
  };
  skip(is_quote);
  skip(is_blank);
  if (at == text.size() || (text[at] != ':' && text[at] != '=')) return {};
  ++at;
  skip(is_blank);
  const bool quoted = at < text.size() && is_quote(text[at]);
  skip(is_quote);
  const size_t begin = at;
  skip(is_label_char);
  if (quoted && at < text.size() && !is_quote(text[at])) return {};
  return text.substr(begin, at - begin);
}

enum class Pick { first, last };

// The value of the member `name` or `key` in `text`.
std::string_view named_value(std::string_view text, Pick pick) {
  std::string_view found;
  for (const std::string_view word : {"name", "key"}) {
    for (size_t at = find_any_case(text, word); at != std::string_view::npos;
         at = find_any_case(text, word, at + 1)) {
      const size_t end = at + word.size();
      if ((at > 0 && is_label_char(text[at - 1])) || (end < text.size() && is_name_char(text[end])))
        continue;
      const std::string_view value = value_after_name(text.substr(end));
      if (value.empty()) continue;
      found = value;
      if (pick == Pick::first) break;
    }
    if (!found.empty()) return found;
  }
  return {};
}

constexpr size_t kItemLines = 4;

// The lines of a YAML item around the key's line: from the `- ` that begins it to the next one.
Group yaml_item(std::string_view before, std::string_view after) {
  size_t begin = rfind(before, '\n') + 1;
  for (size_t lines = 0; lines < kItemLines && begin > 0; ++lines) {
    if (trim(before.substr(begin)).starts_with("- ")) break;
    const size_t previous = rfind(before.substr(0, begin - 1), '\n') + 1;
    if (trim(before.substr(previous, begin - 1 - previous)).empty()) break;
    begin = previous;
  }
  size_t end = std::min(after.find('\n'), after.size());
  for (size_t lines = 0; lines < kItemLines && end < after.size(); ++lines) {
    const std::string_view line = trim(first_line(after.substr(end + 1)));
    if (line.empty() || line.starts_with("- ") || line == "-") break;
    end = std::min(after.find('\n', end + 1), after.size());
  }
  return {before.substr(begin), after.substr(0, end)};
}

// The object that the key is in.
Group own_object(const Surroundings& surroundings) {
  std::string_view before = surroundings.record_before();
  std::string_view after = surroundings.record_after();
  const std::string_view line = last_line(before);
  const size_t tag = find_last(line, is_angle);
  if (tag != std::string_view::npos && line[tag] == '<') {
    return {line.substr(tag),
            after.substr(0, find_first(after, [](auto c) { return (c == '>') | (c == '\n'); }))};
  }
  if (surroundings.in_group()) return take_group(before, after);
  return yaml_item(surroundings.open_before(), surroundings.open_after());
}

}  // namespace

Label read_label(std::string_view before) {
  // No name is longer, and a caller may ask many times: this bounds what one question costs.
  constexpr size_t kNear = 256;
  before = before.substr(before.size() < kNear ? 0 : before.size() - kNear);
  std::string_view text = before;
  const size_t whole = text.size();
  drop_quote(text);
  const bool quoted = text.size() != whole;
  drop_blanks(text);
  if (text.empty()) return {};
  const bool spaced = quoted || text.size() != whole;
  const char sign = text.back();
  if (sign == ':' || sign == '=' || sign == ',') {
    text.remove_suffix(1);
    if (sign == '=' && !text.empty() && text.back() == ':') text.remove_suffix(1);
    return {last_name(text), sign};
  }
  if (sign == '>' && text.ends_with("=>")) {
    text.remove_suffix(2);
    return {last_name(text), '='};
  }
  if (sign == '>' && text.size() > 2) return {tag_name(text), '>'};
  if (sign == ']') return {pipeline_variable(text), '='};
  if (!spaced) return {};
  const std::string_view option = last_name(text);
  return option.starts_with('-') && option.size() > 1 ? Label{option, ' '} : Label{};
}

std::string_view group_name(const Surroundings& surroundings, size_t level) {
  if (!surroundings.in_group()) return {};
  std::string_view before = surroundings.open_before();
  for (size_t i = 0;; ++i) {
    const size_t open = find_last(before, opens);
    if (open == std::string_view::npos) return {};
    before = before.substr(0, open);
    if (i == level) break;
  }
  while (!before.empty() && (before.back() == '\n' || is_blank(before.back()))) {
    before.remove_suffix(1);
  }
  const Label label = read_label(before);
  return label.sign == ':' || label.sign == '=' ? label.name : std::string_view();
}

// `<set-header name="NAME" exists-action="override"><value>KEY</value>`
std::string_view sibling_name_of_tag(std::string_view before) {
  constexpr size_t kNear = 200;
  before = before.substr(before.size() < kNear ? 0 : before.size() - kNear);
  const size_t closed = rfind(before, "</");
  if (closed != std::string_view::npos) before = before.substr(closed);
  return named_value(before, Pick::last);
}

std::string_view sibling_name(const Surroundings& surroundings) {
  if (read_label(surroundings.before()).sign == '>')
    return sibling_name_of_tag(surroundings.before());
  const Group object = own_object(surroundings);
  const std::string_view name = named_value(object.before, Pick::last);
  return name.empty() ? named_value(object.after, Pick::first) : name;
}

Group take_group(std::string_view& before, std::string_view& after) {
  const size_t open = find_last(before, opens);
  const size_t close = find_first(after, closes);
  const Group group = {before.substr(open + 1), after.substr(0, close)};  // npos + 1 is 0
  before = before.substr(0, open == std::string_view::npos ? 0 : open);
  after.remove_prefix(std::min(close + 1, after.size()));
  return group;
}

}  // namespace assay
