// Reads the tree of commands that CLI11 parses with. --help is printed from the same, so what one
// tells the other does.
//
//   --color TEXT:{auto,always,never}=auto   auto, always or never
//      → names {"--color"}, value "TEXT", choices {auto, always, never}, standard "auto"
//
// Where an option has no list that is checked, its description may have one, at its beginning or
// behind a colon: "text, jsonl or sarif" is taken for choices, "days since a key was made" is not.
#include "cli/command_tree.h"

#include <algorithm>
#include <string_view>

namespace assay {

namespace {

// A word that a shell leaves alone.
bool is_plain_word(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// The words between commas and "or"; none if one of them is more than a word.
std::vector<std::string> words_between(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const size_t comma = text.find(','), either = text.find(" or ");
    const size_t end = std::min({comma, either, text.size()});
    std::string_view word = text.substr(0, end);
    while (word.starts_with(' ')) word.remove_prefix(1);
    if (!is_plain_word(word)) return {};
    words.emplace_back(word);
    text.remove_prefix(std::min(text.size(), end + (end == comma ? 1 : 4)));
  }
  return words;
}

// What stands in brackets, and the blank before it, taken out.
std::string without_asides(std::string_view text) {
  std::string out;
  for (;;) {
    const size_t open = text.find(" ("), close = text.find(')', open);
    if (close == std::string_view::npos) return out.append(text);
    out.append(text.substr(0, open));
    text.remove_prefix(close + 1);
  }
}

std::vector<std::string> choices_of(std::string_view type, std::string_view description) {
  const size_t open = type.find(":{"), close = type.find('}', open);
  if (open != std::string_view::npos && close != std::string_view::npos) {
    return words_between(type.substr(open + 2, close - open - 2));
  }
  const std::string text = without_asides(description);
  const std::string_view before = std::string_view(text).substr(0, text.find_first_of(";:."));
  std::vector<std::string> words = words_between(before);
  if (const size_t colon = text.find(": "); words.size() < 2 && colon != std::string::npos) {
    const std::string_view after = std::string_view(text).substr(colon + 2);
    words = words_between(after.substr(0, after.find_first_of(";:.")));
  }
  return words.size() > 1 ? words : std::vector<std::string>();
}

// Whether a path is wanted there. What no positional of ours is: a path.
bool takes_path(const OptionWords& option) {
  constexpr std::string_view kPaths[] = {"FILE", "FOLDER", "PATH"};
  constexpr std::string_view kNoPaths[] = {"ID", "KEY", "REMOTE", "URL"};
  const auto is_one_of = [](const auto& names, std::string_view name) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
  };
  if (!option.choices.empty()) return false;
  if (option.positional) return !is_one_of(kNoPaths, option.names.front());
  return is_one_of(kPaths, option.value) || option.description.starts_with("The file;");
}

OptionWords words_of(const CLI::Option& option) {
  OptionWords out;
  out.positional = option.get_positional();
  if (out.positional) {
    out.names.push_back(option.get_name(true));
  } else {
    for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
  }
  out.description = option.get_description();
  out.group = option.get_group();
  out.required = option.get_required();
  if (option.get_items_expected_max() != 0) {
    const std::string type = option.get_type_name();
    out.value = type.substr(0, type.find(':'));
    if (out.value == "INT" || out.value == "UINT") out.value = "N";
    if (out.value.empty()) out.value = "TEXT";
    out.choices = choices_of(type, out.description);
    out.standard = option.get_default_str();
    out.many = option.get_items_expected_max() > 1 ||
               option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
    out.file = takes_path(out);
  }
  return out;
}

CommandWords words_of(const CLI::App& app, const std::string& path) {
  CommandWords out;
  out.path = path;
  out.name = app.get_name();
  out.description = app.get_description();
  out.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) out.options.push_back(words_of(*option));
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App* below) {
         return !below->get_name().empty() && !below->get_group().empty();
       })) {
    const std::string& name = command->get_name();
    out.commands.push_back(words_of(*command, path.empty() ? name : path + " " + name));
  }
  return out;
}

}  // namespace

CommandWords command_words(const CLI::App& app) { return words_of(app, ""); }

std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

}  // namespace assay
