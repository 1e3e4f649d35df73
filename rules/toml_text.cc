// Bounds a text, lets toml++ parse it, and reads values with a complaint for each that is wrong.
#include "rules/toml_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "rules/nearest_name.h"
#include "rules/rule_check.h"
#include "rules/rule_set.h"

namespace assay {

namespace {

std::string without_controls(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return out;
}

}  // namespace

toml::table parse_toml(std::string_view text, std::string_view name, size_t most) {
  const TomlReader reader(name);
  if (text.size() > most) {
    reader.fail(1, fmt::format("The file is longer than {} bytes. Split it.", most));
  }
  if (const size_t line = line_nested_too_deep(text)) {
    reader.fail(line, "Tables nest too deep here. Three levels are all that a file needs.");
  }
  try {
    return toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    reader.fail(error.source().begin.line, fmt::format("This is not TOML: {}. Mend the syntax.",
                                                       without_controls(error.description())));
  } catch (const std::invalid_argument&) {
    reader.fail(1, "This is not TOML. Mend the syntax.");
  }
}

void TomlReader::fail(size_t line, std::string_view what) const {
  throw Error(fmt::format("{}:{}: {}", name_, line, what));
}

std::string TomlReader::quoted(std::string_view text) {
  std::string_view shown = text.substr(0, 60);
  // Not a part of a character.
  while (shown.size() < text.size() && !shown.empty() &&
         (static_cast<unsigned char>(text[shown.size()]) & 0xC0) == 0x80) {
    shown.remove_suffix(1);
  }
  return fmt::format("\"{}{}\"", without_controls(shown), shown.size() < text.size() ? "…" : "");
}

void TomlReader::check(const toml::node& node, std::string_view key,
                       std::string_view complaint) const {
  if (!complaint.empty()) fail(line_of(node), fmt::format("{} {}", key, complaint));
}

void TomlReader::check_keys(const toml::table& table, std::span<const std::string_view> allowed,
                            std::string_view what) const {
  for (const auto& [key, node] : table) {
    if (std::find(allowed.begin(), allowed.end(), key.str()) != allowed.end()) continue;
    fail(key.source().begin.line,
         fmt::format("{} is not a key of {}. {}It may hold {}.", quoted(key.str()), what,
                     did_you_mean(key.str(), allowed), fmt::join(allowed, ", ")));
  }
}

const toml::node& TomlReader::required(const toml::table& table, std::string_view key) const {
  const toml::node* node = table.get(key);
  if (node == nullptr) fail(line_of(table), fmt::format("{} is missing. Add it.", key));
  return *node;
}

std::string TomlReader::text(const toml::node& node, std::string_view key, size_t most) const {
  const auto* value = node.as_string();
  if (value == nullptr) fail(line_of(node), fmt::format("{} must be a string.", key));
  if (value->get().empty() || value->get().size() > most) {
    fail(line_of(node), fmt::format("{} must hold 1 to {} bytes.", key, most));
  }
  return value->get();
}

std::string TomlReader::text(const toml::table& table, std::string_view key, size_t most) const {
  const toml::node* node = table.get(key);
  return node == nullptr ? std::string() : text(*node, key, most);
}

std::vector<std::string> TomlReader::texts(const toml::node& node, std::string_view key,
                                           size_t most_entries, size_t most) const {
  const toml::array* array = node.as_array();
  if (array == nullptr || array->empty() || array->size() > most_entries) {
    fail(line_of(node), fmt::format("{} must be an array of 1 to {} strings.", key, most_entries));
  }
  std::vector<std::string> out;
  const std::string each = fmt::format("each of {}", key);
  for (const toml::node& entry : *array) out.push_back(text(entry, each, most));
  return out;
}

std::vector<std::string> TomlReader::texts(const toml::table& table, std::string_view key,
                                           size_t most_entries, size_t most) const {
  const toml::node* node = table.get(key);
  return node == nullptr ? std::vector<std::string>() : texts(*node, key, most_entries, most);
}

std::vector<const toml::table*> TomlReader::tables(const toml::table& table, std::string_view key,
                                                   size_t most) const {
  std::vector<const toml::table*> out;
  const toml::node* node = table.get(key);
  if (node == nullptr) return out;
  const toml::array* array = node->as_array();
  if (array == nullptr || array->empty() || array->size() > most ||
      !array->is_homogeneous(toml::node_type::table)) {
    fail(line_of(*node), fmt::format("{} must be 1 to {} tables [[{}]].", key, most, key));
  }
  for (const toml::node& entry : *array) out.push_back(entry.as_table());
  return out;
}

std::optional<bool> TomlReader::flag(const toml::table& table, std::string_view key) const {
  const toml::node* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_boolean()) fail(line_of(*node), fmt::format("{} must be true or false.", key));
  return node->as_boolean()->get();
}

std::optional<uint64_t> TomlReader::whole_number(const toml::table& table, std::string_view key,
                                                 uint64_t least, uint64_t most) const {
  const toml::node* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_integer();
  if (value == nullptr || value->get() < 0 || static_cast<uint64_t>(value->get()) < least ||
      static_cast<uint64_t>(value->get()) > most) {
    fail(line_of(*node), fmt::format("{} must be a whole number from {} to {}.", key, least, most));
  }
  return static_cast<uint64_t>(value->get());
}

std::string TomlReader::unknown_word(std::string_view word,
                                     std::span<const std::string_view> allowed) {
  return fmt::format("{} is not known. {}Use one of {}.", quoted(word), did_you_mean(word, allowed),
                     fmt::join(allowed, ", "));
}

}  // namespace assay
