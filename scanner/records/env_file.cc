// Files of environment variables. The record is the variable:
//
//   # orders
//   export ORDERS_KEY="KEY"
//   PEM="-----BEGIN …                 a quoted value goes on until its quote
//   …"
//
// Recognised by name (`.env`, `.env.production`, `orders.env`) and by what most lines are.
#include <algorithm>
#include <string>

#include "scanner/records/export_text.h"
#include "scanner/records/text_formats.h"

namespace assay {
namespace {

constexpr size_t kMostLine = 4096;  // of a line, to find its quotes in

// The name before `=`; empty if the line sets none.
std::string_view name_in(std::string_view line) {
  std::string_view text = without_spaces(line);
  if (text.starts_with("export ")) text = without_spaces(text.substr(7));
  const size_t equals = text.substr(0, 257).find('=');
  if (equals == std::string_view::npos) return {};
  const std::string_view name = without_spaces(text.substr(0, equals));
  const bool fits = !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                             (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
                    });
  return fits ? name : std::string_view();
}

// Whether a quote that `text` opens is still open at its end. `quote` is what was open before, 0
// for none.
char open_quote(std::string_view text, char quote) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (quote != '\'' && text[i] == '\\') {
      ++i;
    } else if (quote != 0) {
      if (text[i] == quote) quote = 0;
    } else if (text[i] == '"' || text[i] == '\'') {
      quote = text[i];
    } else if (text[i] == '#') {
      break;
    }
  }
  return quote;
}

bool is_env_name(std::string_view path) {
  const std::string name = lower_case(file_name(path));
  if (name.ends_with(".example") || name.ends_with(".py") || name.ends_with(".js")) {
    return name.starts_with(".env.example");
  }
  return name == ".env" || name.starts_with(".env.") || name.ends_with(".env");
}

}  // namespace

bool is_env_file(const Export& in) {
  if (!is_env_name(in.path)) return false;
  size_t set = 0, other = 0;
  char quote = 0;
  for (size_t at = 0; at < in.head.size();) {
    const size_t end = std::min(in.head.find('\n', at), in.head.size());
    const std::string_view line = without_spaces(in.head.substr(at, end - at));
    at = end + 1;
    if (quote == 0 && (line.empty() || line.starts_with('#'))) continue;
    if (quote == 0) ++(name_in(line).empty() ? other : set);
    const size_t value = quote == 0 ? std::min(line.find('='), line.size()) : 0;
    quote = open_quote(line.substr(value), quote);
  }
  return set > other;
}

FoundRecords find_in_env_file(const Export& in, Offsets offsets) {
  FoundRecords found;
  found.records.resize(offsets.size());
  LineReader lines(in);
  std::string_view line;
  uint64_t begin = 0, length = 0;
  std::string name;
  char quote = 0;
  size_t next = 0;
  while (next < offsets.size() && lines.next(line, begin, length, kMostLine)) {
    const std::string_view text = without_spaces(line);
    if (quote == 0) {
      name = text.starts_with('#') ? std::string_view() : name_in(text);
      const size_t equals = name.empty() ? text.size() : text.find('=');
      quote = open_quote(text.substr(equals), 0);
    } else {
      quote = open_quote(text, quote);
    }
    if (length > kMostLine) quote = 0;  // its end was not looked at
    for (; next < offsets.size() && offsets[next] < begin + length; ++next) {
      if (name.empty()) continue;
      found.records[next].system = "env";
      found.records[next].container = file_name(in.path);
      found.records[next].id = name;
    }
  }
  return found;
}

}  // namespace assay
