// Reads CSV with a header row (RFC 4180; also `;` and tab). Columns are named as the fields of an
// inventory; `value` or `key` holds keys, `id` or `fingerprint` what `assay` calls them.
//
//   app,function,name,value,owner,callers
//   contoso-orders,Refund,partner,KEY,payments,partner-a;partner-b
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "response/inventory_entry.h"
#include "response/inventory_import_keys.h"

namespace assay {

namespace {

constexpr size_t kMostColumns = 100;

struct Column {
  std::string_view name;
  std::string InventoryEntry::*value;
};
constexpr Column kColumns[] = {{"app", &InventoryEntry::app},
                               {"slot", &InventoryEntry::slot},
                               {"function", &InventoryEntry::function},
                               {"function_name", &InventoryEntry::function},
                               {"key_name", &InventoryEntry::key_name},
                               {"name", &InventoryEntry::key_name},
                               {"owner", &InventoryEntry::owner},
                               {"contact", &InventoryEntry::contact},
                               {"storage", &InventoryEntry::storage},
                               {"resource_group", &InventoryEntry::resource_group},
                               {"group", &InventoryEntry::resource_group},
                               {"subscription", &InventoryEntry::subscription},
                               {"runbook", &InventoryEntry::runbook}};

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_value(std::string_view name) { return one_of(name, {"value", "key"}); }
bool is_id(std::string_view name) { return one_of(name, {"id", "fingerprint"}); }
bool is_callers(std::string_view name) { return one_of(name, {"caller", "callers"}); }
bool is_created(std::string_view name) { return name == "created"; }
bool is_rotated(std::string_view name) { return one_of(name, {"last_rotated", "rotated"}); }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

// `Resource Group` is resource_group.
std::string field_name(std::string_view cell) {
  std::string name(trimmed(cell));
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    if (c == ' ' || c == '-') c = '_';
  }
  return name;
}

bool is_known(std::string_view name) {
  return is_value(name) || is_id(name) || is_callers(name) || is_created(name) ||
         is_rotated(name) || one_of(name, {"scope", "canary"}) ||
         std::any_of(std::begin(kColumns), std::end(kColumns),
                     [&](const Column& column) { return column.name == name; });
}

class CsvRows {
 public:
  CsvRows(std::string_view text, char separator) : left_(text), separator_(separator) {}

  // The next row that is not empty, or none. `line` is where it begins.
  bool next(std::vector<std::string>& cells, size_t& line);
  bool whole() const { return whole_; }  // false: the text ended within quotes

 private:
  std::string quoted();

  std::string_view left_;
  char separator_;
  size_t line_ = 1;
  bool whole_ = true;
};

// What stands between quotes; left_ begins behind the first one.
std::string CsvRows::quoted() {
  std::string cell;
  for (size_t i = 0; i < left_.size(); ++i) {
    if (left_[i] == '"') {
      if (i + 1 == left_.size() || left_[i + 1] != '"') {
        left_.remove_prefix(i + 1);
        return cell;
      }
      ++i;
    }
    line_ += left_[i] == '\n';
    cell += left_[i];
  }
  left_ = {};
  whole_ = false;
  return cell;
}

bool CsvRows::next(std::vector<std::string>& cells, size_t& line) {
  while (!left_.empty()) {
    cells.assign(1, {});
    line = line_;
    bool empty = true;
    while (!left_.empty()) {
      const char c = left_.front();
      left_.remove_prefix(1);
      if (c == '\n') {
        ++line_;
        break;
      }
      if (c == '"' && trimmed(cells.back()).empty()) {
        cells.back() = quoted();
        empty = false;
      } else if (c == separator_) {
        if (cells.size() <= kMostColumns) cells.emplace_back();
      } else {
        cells.back() += c;
        empty = empty && trimmed({&c, 1}).empty();
      }
    }
    if (!empty) return true;
  }
  return false;
}

void take_callers(std::string_view cell, InventoryEntry& facts) {
  while (!cell.empty()) {
    const size_t end = std::min(cell.find_first_of(";|"), cell.size());
    if (const auto caller = trimmed(cell.substr(0, end)); !caller.empty()) {
      facts.callers.emplace_back(caller);
    }
    cell.remove_prefix(std::min(end + 1, cell.size()));
  }
}

// One cell. Returns what is wrong with it, or nothing.
std::string_view take_cell(std::string_view column, std::string_view cell, InventoryEntry& facts) {
  if (cell.empty()) return {};
  if (column == "scope") {
    return read_scope(cell, facts.scope) ? "" : "its scope is none that there is";
  }
  if (column == "canary") {
    facts.canary = one_of(field_name(cell), {"true", "yes", "1"});
  } else if (is_callers(column)) {
    take_callers(cell, facts);
  } else if (is_created(column) || is_rotated(column)) {
    std::string& date = is_created(column) ? facts.created : facts.last_rotated;
    date = inventory_date(cell);
    if (date.empty()) return "its date is none like 2026-11-22";
  }
  for (const auto& [name, value] : kColumns) {
    if (name == column) facts.*value = cell;
  }
  return {};
}

char separator_of(std::string_view header) {
  const auto count = [&](char c) { return std::count(header.begin(), header.end(), c); };
  char best = ',';
  for (const char c : {';', '\t'}) {
    if (count(c) > count(best)) best = c;
  }
  return best;
}

// The names of the columns; throws Error if they tell no keys.
std::vector<std::string> read_header(const std::vector<std::string>& cells, ImportedKeys& keys) {
  std::vector<std::string> names;
  bool keyed = false;
  for (const std::string& cell : cells) {
    names.push_back(field_name(cell));
    const std::string& name = names.back();
    keyed |= is_value(name) || is_id(name);
    if (!name.empty() && std::count(names.begin(), names.end(), name) > 1) {
      keys.fail("two columns have one name");
    }
    if (!is_known(name) && !name.empty()) {
      keys.note(fmt::format("Column {} is no field of an inventory, so it was left out.",
                            ImportedKeys::shown(name)));
    }
  }
  if (!keyed) keys.fail("its first row names no column `value` or `id`");
  return names;
}

}  // namespace

void import_csv(std::string_view text, ImportedKeys& keys) {
  CsvRows rows(text, separator_of(text.substr(0, text.find('\n'))));
  std::vector<std::string> cells;
  size_t line = 0;
  if (!rows.next(cells, line)) keys.fail("it is empty");
  const std::vector<std::string> names = read_header(cells, keys);
  while (rows.next(cells, line)) {
    if (cells.size() > names.size()) {
      keys.fail(fmt::format("line {} has more cells than the first row", line));
    }
    InventoryEntry facts;
    std::string_view value, id, wrong;
    for (size_t i = 0; i < cells.size() && wrong.empty(); ++i) {
      const std::string_view cell = trimmed(cells[i]);
      if (is_value(names[i]) && !cell.empty()) value = cell;
      if (is_id(names[i]) && !cell.empty()) id = cell;
      wrong = take_cell(names[i], cell, facts);
    }
    if (!wrong.empty()) keys.fail(fmt::format("line {}: {}", line, wrong));
    if (!value.empty()) {
      keys.key(std::move(facts), value);
    } else if (!id.empty()) {
      keys.known(std::move(facts), id);
    } else {
      keys.leave_out(facts, fmt::format("line {}, which has neither a value nor an id", line));
    }
  }
  if (!rows.whole()) keys.fail("it ends within quotes");
}

}  // namespace assay
