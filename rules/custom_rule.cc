// Fills in what reports say of a rule and its writer does not.
#include "rules/custom_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "rules/rule_check.h"

namespace assay {

namespace {

constexpr size_t kMaxTitleOfDescription = 60;  // a longer one is a sentence, and no title
constexpr size_t kMaxCustomName = 100;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char upper(char c) { return is_lower(c) ? static_cast<char>(c & ~0x20) : c; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c | 0x20) : c; }

// On one line, with single blanks.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

// At most `most` bytes, not ending within a character.
std::string shortened(std::string text, size_t most) {
  constexpr std::string_view kMore = "…";
  if (text.size() <= most) return text;
  size_t end = most - kMore.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end).append(kMore);
}

std::string title_of(std::string_view id, std::string_view description) {
  std::string title = one_line(description);
  while (title.ends_with('.')) title.pop_back();
  if (title.empty() || title.size() > kMaxTitleOfDescription ||
      title.find(". ") != std::string::npos) {
    title = id;
    std::replace_if(
        title.begin(), title.end(), [](char c) { return c == '-' || c == '_' || c == '.'; }, ' ');
    title = one_line(title);
  }
  return title.empty() ? std::string(id) : shortened(std::move(title), kMaxTitle);
}

std::string description_of(std::string_view id, std::string_view description,
                           const RegexRule& regex) {
  std::string text = one_line(description);
  if (text.empty()) {
    const std::string file = regex.file.substr(regex.file.rfind('/') + 1);
    text = one_line(fmt::format("Finds what the rule {} of {} describes", id, file));
  }
  if (!text.ends_with('.') && !text.ends_with('!') && !text.ends_with('?')) text += '.';
  return shortened(std::move(text), kMaxDescription);
}

}  // namespace

std::string custom_name(std::string_view id) {
  std::string name;
  bool begins = true;  // a word
  char before = '\0';
  for (const char c : id) {
    if (name.size() >= kMaxCustomName) break;
    // A capital after a small letter begins a word too.
    begins = begins || (is_upper(c) && is_lower(before));
    before = c;
    if (!is_lower(c) && !is_upper(c) && !is_digit(c)) {
      begins = true;
      continue;
    }
    if (name.empty() && is_digit(c)) name = "Rule";
    // A word of one letter is none: what follows is joined to it.
    const bool lone = !name.empty() && is_upper(name.back());
    name += begins && !lone ? upper(c) : lower(c);
    begins = false;
  }
  if (!name.empty() && is_upper(name.back())) name.back() = lower(name.back());
  if (name.empty() || !is_upper(name.front())) name = "CustomRule";
  return name == id ? name + "Rule" : name;
}

Rule custom_rule(std::string_view id, std::string_view description, RegexRule regex) {
  Rule rule;
  rule.id = id;
  rule.name = custom_name(id);
  rule.family = kCustomFamily;
  rule.kind = "secret";
  rule.title = title_of(id, description);
  rule.description = description_of(id, description, regex);
  rule.impact = "Whoever holds the secret may use what it opens.";
  rule.confidence = Confidence::context;
  rule.level = Level::warning;
  rule.security_severity = "7.0";
  rule.rank = 50;
  rule.precision = "medium";
  rule.rotation_summary =
      "assay does not know this kind of secret: ask whoever issues it how it is replaced.";
  rule.rotation = {{Scope::unknown,
                    {"Find out what the secret opens, and who answers for it.",
                     "Make a new one where it was issued, and put it where the old one is used.",
                     "Revoke the old one where it was issued.",
                     "Remove it from the text, and from copies of it."}}};
  rule.regex = std::make_shared<const RegexRule>(std::move(regex));
  return rule;
}

}  // namespace assay
