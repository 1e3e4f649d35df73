// gitleaks reads its file through viper, which lowers all keys and converts where it can:
//
//   secretGroup = "2"  →  2          keywords = "aws,key"  →  ["aws", "key"]
//   [rules.allowlists] →  [[rules.allowlists]] with one table
#include "rules/gitleaks_values.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "rules/nearest_name.h"

namespace assay {

namespace {

constexpr size_t kMostWarnings = 50;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return out;
}

// A number that fills the text; nothing if it does not.
template <typename T>
std::optional<T> number_in(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

const toml::node* find(const GitleaksFields& fields, std::string_view key) {
  const auto at = fields.find(lower(key));
  return at == fields.end() ? nullptr : at->second;
}

}  // namespace

void GitleaksValues::warn(size_t line, std::string_view what) {
  if (warnings_.size() < kMostWarnings) {
    warnings_.push_back(fmt::format("{}:{}: {}", name_, line, what));
  } else if (warnings_.size() == kMostWarnings) {
    warnings_.push_back(fmt::format("{}: There are more such lines; they are not named.", name_));
  }
}

GitleaksFields GitleaksValues::fields(const toml::table& table,
                                      std::span<const std::string_view> known,
                                      std::string_view where) {
  GitleaksFields out;
  for (const auto& [key, node] : table) {
    const std::string folded = lower(key.str());
    const size_t line = key.source().begin.line;
    bool is_known = false;
    for (const std::string_view name : known) is_known = is_known || lower(name) == folded;
    if (!is_known) {
      warn(line, fmt::format("{} is no key of {} that gitleaks reads, so it is ignored. {}",
                             TomlReader::quoted(key.str()), where, did_you_mean(key.str(), known)));
      if (warnings_.back().ends_with(' ')) warnings_.back().pop_back();
      continue;
    }
    if (out.emplace(folded, &node).second) continue;
    in_.fail(line, fmt::format("{} stands twice, in other letters, and gitleaks takes either by "
                               "chance. Leave one out.",
                               TomlReader::quoted(key.str())));
  }
  return out;
}

std::string GitleaksValues::text_of(const toml::node& node, std::string_view key,
                                    size_t most) const {
  std::string out;
  if (const auto* value = node.as_string()) {
    out = value->get();
  } else if (const auto* whole_value = node.as_integer()) {
    out = fmt::format("{}", whole_value->get());
  } else if (const auto* real = node.as_floating_point()) {
    out = fmt::format("{}", real->get());
  } else if (const auto* yes = node.as_boolean()) {
    out = yes->get() ? "1" : "0";
  } else {
    in_.fail(line_of(node), fmt::format("{} must be a string.", key));
  }
  if (out.size() > most) {
    in_.fail(line_of(node), fmt::format("{} must hold at most {} bytes.", key, most));
  }
  return out;
}

std::string GitleaksValues::text(const GitleaksFields& fields, std::string_view key,
                                 size_t most) const {
  const toml::node* node = find(fields, key);
  return node == nullptr ? std::string() : text_of(*node, key, most);
}

std::vector<std::string> GitleaksValues::texts(const GitleaksFields& fields,
                                               std::string_view key) const {
  std::vector<std::string> out;
  const toml::node* node = find(fields, key);
  if (node == nullptr) return out;
  if (const toml::array* array = node->as_array()) {
    const std::string each = fmt::format("each of {}", key);
    for (const toml::node& entry : *array) {
      out.push_back(text_of(entry, each, TomlReader::kMaxText));
    }
    return out;
  }
  if (!node->is_string()) {
    if (const toml::table* table = node->as_table(); table != nullptr && table->empty()) return out;
    return {text_of(*node, key, TomlReader::kMaxText)};
  }
  const std::string all = text_of(*node, key, TomlReader::kMaxText);
  for (size_t begin = 0; begin <= all.size() && !all.empty();) {
    const size_t end = std::min(all.find(',', begin), all.size());
    out.push_back(all.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

double GitleaksValues::number(const GitleaksFields& fields, std::string_view key) const {
  const toml::node* node = find(fields, key);
  if (node == nullptr) return 0;
  std::optional<double> value;
  if (node->is_number()) {
    value = node->value<double>();
    if (const auto* whole_value = node->as_integer())
      value = static_cast<double>(whole_value->get());
  } else if (const auto* yes = node->as_boolean()) {
    value = yes->get() ? 1 : 0;
  } else if (const auto* text_value = node->as_string()) {
    value = text_value->get().empty() ? 0 : number_in<double>(text_value->get());
  }
  if (!value) in_.fail(line_of(*node), fmt::format("{} must be a number.", key));
  return std::isnan(*value) ? 0 : *value;  // nothing compares with it: no limit
}

std::optional<int64_t> GitleaksValues::whole(const GitleaksFields& fields,
                                             std::string_view key) const {
  const toml::node* node = find(fields, key);
  if (node == nullptr) return std::nullopt;
  std::optional<int64_t> value;
  if (const auto* whole_value = node->as_integer()) {
    value = whole_value->get();
  } else if (const auto* real = node->as_floating_point()) {
    if (std::fabs(real->get()) < 1e15) value = static_cast<int64_t>(real->get());
  } else if (const auto* yes = node->as_boolean()) {
    value = yes->get() ? 1 : 0;
  } else if (const auto* text_value = node->as_string()) {
    value = text_value->get().empty() ? 0 : number_in<int64_t>(text_value->get());
  }
  if (!value) in_.fail(line_of(*node), fmt::format("{} must be a whole number.", key));
  return value;
}

bool GitleaksValues::flag(const GitleaksFields& fields, std::string_view key) const {
  constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "TRUE", "true", "True"};
  constexpr std::array<std::string_view, 7> kFalse = {"", "0", "f", "F", "FALSE", "false", "False"};
  const toml::node* node = find(fields, key);
  if (node == nullptr) return false;
  if (const auto* yes = node->as_boolean()) return yes->get();
  if (const auto* whole_value = node->as_integer()) return whole_value->get() != 0;
  if (const auto* real = node->as_floating_point()) return real->get() != 0;
  if (const auto* word = node->as_string()) {
    for (const std::string_view yes : kTrue) {
      if (word->get() == yes) return true;
    }
    for (const std::string_view no : kFalse) {
      if (word->get() == no) return false;
    }
  }
  in_.fail(line_of(*node), fmt::format("{} must be true or false.", key));
}

std::vector<const toml::table*> GitleaksValues::tables(const GitleaksFields& fields,
                                                       std::string_view key) const {
  std::vector<const toml::table*> out;
  const toml::node* node = find(fields, key);
  if (node == nullptr) return out;
  if (const toml::table* one = node->as_table()) {
    if (!one->empty()) out.push_back(one);
    return out;
  }
  const auto* word = node->as_string();
  if (word != nullptr && word->get().empty()) return out;
  const toml::array* array = node->as_array();
  if (array == nullptr || (!array->empty() && !array->is_homogeneous(toml::node_type::table))) {
    in_.fail(line_of(*node), fmt::format("{} must be tables [[{}]].", key, key));
  }
  for (const toml::node& entry : *array) out.push_back(entry.as_table());
  return out;
}

const toml::table* GitleaksValues::table(const GitleaksFields& fields, std::string_view key) const {
  const toml::node* node = find(fields, key);
  if (node == nullptr) return nullptr;
  if (!node->is_table()) {
    in_.fail(line_of(*node), fmt::format("{} must be one table [{}].", key, key));
  }
  return node->as_table();
}

size_t GitleaksValues::line_of(const GitleaksFields& fields, std::string_view key,
                               size_t otherwise) {
  const toml::node* node = find(fields, key);
  return node == nullptr ? otherwise : line_of(*node);
}

}  // namespace assay
