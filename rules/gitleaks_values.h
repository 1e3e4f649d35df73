// Values of a TOML file as viper gives them to gitleaks: weakly typed, keys in any case.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/toml_text.h"

namespace assay {

// The values of one table by the lower case of their keys.
using GitleaksFields = std::map<std::string, const toml::node*, std::less<>>;

// Reads one file. Throws Error with name and line for what viper cannot convert.
class GitleaksValues {
 public:
  GitleaksValues(std::string_view name, std::vector<std::string>& warnings)
      : in_(name), warnings_(warnings) {}

  [[noreturn]] void fail(size_t line, std::string_view what) const { in_.fail(line, what); }
  void warn(size_t line, std::string_view what);
  const std::string& name() const { return name_; }

  // The fields of a table; those that gitleaks does not know are left out, with a warning. `known`
  // as gitleaks writes them.
  GitleaksFields fields(const toml::table& table, std::span<const std::string_view> known,
                        std::string_view where);

  // Each gives what an absent field is to gitleaks: empty, 0, false, none.
  std::string text(const GitleaksFields& fields, std::string_view key, size_t most) const;
  std::vector<std::string> texts(const GitleaksFields& fields, std::string_view key) const;
  double number(const GitleaksFields& fields, std::string_view key) const;
  std::optional<int64_t> whole(const GitleaksFields& fields, std::string_view key) const;
  bool flag(const GitleaksFields& fields, std::string_view key) const;
  // A list of tables; one table alone is a list of one.
  std::vector<const toml::table*> tables(const GitleaksFields& fields, std::string_view key) const;
  const toml::table* table(const GitleaksFields& fields, std::string_view key) const;

  static size_t line_of(const toml::node& node) { return TomlReader::line_of(node); }
  static size_t line_of(const GitleaksFields& fields, std::string_view key, size_t otherwise);

 private:
  std::string text_of(const toml::node& node, std::string_view key, size_t most) const;

  TomlReader in_;
  std::string name_{in_.name()};
  std::vector<std::string>& warnings_;
};

}  // namespace assay
