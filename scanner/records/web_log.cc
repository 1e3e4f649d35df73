// Logs of web servers. Of a request the path is told and never the query, which holds the key.
//
// W3C (IIS): the last line of fields above says what the columns are.
//   #Fields: date time s-sitename cs-method cs-uri-stem cs-uri-query cs-username c-ip sc-status
//   2025-11-02 08:00:00 APP GET /api/F code=KEY - 10.1.2.3 200
// Common and combined (Apache, nginx), also with the virtual host in front:
//   10.1.2.3 - dana [02/Nov/2025:09:00:00 +0100] "GET /api/F?code=KEY HTTP/1.1" 200 512 "-" "curl"
// nginx's error.log, in the server's zone, so without a time:
//   2025/11/02 08:00:00 [error] 31#31: *42 … client: IP, server: S, request: "GET /api/F?code=KEY
//   …"
#include <algorithm>
#include <optional>
#include <string>

#include "scanner/records/export_text.h"
#include "scanner/records/text_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr uint64_t kMostBack = uint64_t{64} << 20;  // to the line of fields
constexpr size_t kBack = size_t{1} << 20;
constexpr std::string_view kFields = "#Fields:";

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string without_query(std::string_view path) {
  return std::string(path.substr(0, path.find_first_of("?;#")));
}

// `GET /api/F` of `GET /api/F?code=KEY HTTP/1.1`; empty if it is no request.
std::string operation_of(std::string_view request) {
  const size_t space = request.find(' ');
  if (space == std::string_view::npos || space == 0 || space > 32) return {};
  const bool method = std::all_of(request.begin(), request.begin() + static_cast<ptrdiff_t>(space),
                                  [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!method) return {};
  const std::string_view rest = request.substr(space + 1);
  return std::string(request.substr(0, space + 1)) + without_query(rest.substr(0, rest.find(' ')));
}

// --- W3C ----------------------------------------------------------------------------------------

class Columns {
 public:
  explicit Columns(std::string_view line) {
    line.remove_prefix(std::min(line.size(), kFields.size()));
    names_ = split(line);
  }
  std::string_view cell(const std::vector<std::string_view>& cells, std::string_view name) const {
    const auto at = std::find(names_.begin(), names_.end(), name);
    const auto index = static_cast<size_t>(at - names_.begin());
    if (index >= cells.size() || at == names_.end() || cells[index] == "-") return {};
    return cells[index];
  }
  size_t size() const { return names_.size(); }

  static std::vector<std::string_view> cells(std::string_view line) {
    std::vector<std::string_view> out;
    constexpr size_t kMost = 256;
    for (size_t at = 0; at < line.size() && out.size() < kMost;) {
      const size_t end = std::min(line.find_first_of(" \t", at), line.size());
      if (end > at) out.push_back(line.substr(at, end - at));
      at = end + 1;
    }
    return out;
  }

 private:
  static std::vector<std::string> split(std::string_view line) {
    std::vector<std::string> out;
    for (const std::string_view cell : cells(line)) out.emplace_back(cell);
    return out;
  }
  std::vector<std::string> names_;
};

// The last line of fields that begins in [least, before); `before` is where a line begins.
std::optional<std::string> fields_above(const Export& in, uint64_t before, uint64_t least) {
  constexpr size_t kOverlap = 64;  // a name cut by a block is seen in the next
  for (uint64_t to = before; to > least;) {
    const uint64_t from = std::max(least, to - std::min<uint64_t>(to, kBack));
    const std::string block = stretch(in, from, static_cast<size_t>(to - from) + kOverlap);
    size_t at = std::min(block.size(), static_cast<size_t>(to - from));
    while ((at = block.rfind(kFields, at)) != std::string::npos) {
      const bool at_line =
          at > 0 ? block[at - 1] == '\n' : from == 0 || stretch(in, from - 1, 1) == "\n";
      if (at_line && from + at < before) {
        const std::string line = stretch(in, from + at, 16384);
        return std::string(without_return(std::string_view(line).substr(0, line.find('\n'))));
      }
      if (at == 0) break;
      --at;
    }
    to = from;
  }
  return std::nullopt;
}

std::optional<std::string> fields_in_head(std::string_view head) {
  for (size_t at = 0; at < head.size();) {
    const size_t end = std::min(head.find('\n', at), head.size());
    std::string_view line = without_return(head.substr(at, end - at));
    if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    if (line.starts_with(kFields)) return std::string(line);
    if (!line.empty() && !line.starts_with('#')) return std::nullopt;
    at = end + 1;
  }
  return std::nullopt;
}

Record w3c_record(const Columns& columns, std::string_view line) {
  Record record;
  const std::vector<std::string_view> cells = Columns::cells(line);
  record.system = "iis";
  record.container = columns.cell(cells, "s-sitename");
  if (record.container.empty()) record.container = columns.cell(cells, "cs-host");
  if (record.container.empty()) record.container = columns.cell(cells, "cs(Host)");
  record.author = columns.cell(cells, "cs-username");
  const std::string_view date = columns.cell(cells, "date"), time = columns.cell(cells, "time");
  if (!date.empty() && !time.empty()) {
    record.time = utc_time(std::string(date) + " " + std::string(time), NoZone::utc);
  }
  const std::string_view method = columns.cell(cells, "cs-method");
  std::string_view stem = columns.cell(cells, "cs-uri-stem");
  if (stem.empty()) stem = columns.cell(cells, "cs-uri");
  if (!method.empty() && !stem.empty()) {
    record.operation = std::string(method) + " " + without_query(stem);
  }
  return record;
}

// --- Common and combined ------------------------------------------------------------------------

// The quoted string at the start of `text`, with its escapes; null if it does not end.
std::optional<std::string_view> quoted(std::string_view text) {
  if (!text.starts_with('"')) return std::nullopt;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return text.substr(1, i - 1);
    }
  }
  return std::nullopt;
}

struct Access {
  std::string host, user, time, operation;
};

// Reads `[vhost ]CLIENT IDENT USER [TIME] "REQUEST" STATUS SIZE…`.
std::optional<Access> read_access(std::string_view line) {
  const size_t open = line.substr(0, 1024).find(" [");
  if (open == std::string_view::npos) return std::nullopt;
  const size_t close = line.substr(0, open + 64).find("] \"", open);
  if (close == std::string_view::npos) return std::nullopt;
  Access access;
  access.time = utc_time(line.substr(open + 2, close - open - 2));
  if (access.time.empty()) return std::nullopt;
  const std::string_view before = line.substr(0, open);
  const std::vector<std::string_view> words = Columns::cells(before);
  if (words.size() < 3 || words.size() > 8) return std::nullopt;
  // A user's name may have spaces; a virtual host stands there only before a client's address.
  const auto address = [](std::string_view word) {
    return word.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos &&
           word.find_first_of(".:") != std::string_view::npos;
  };
  const bool vhost = words.size() >= 4 && !address(words[0]) && address(words[1]);
  const size_t user = vhost ? 3 : 2;
  access.user = before.substr(static_cast<size_t>(words[user].data() - before.data()));
  if (access.user == "-") access.user.clear();
  if (vhost) access.host = words[0].substr(0, words[0].rfind(':'));
  const std::string_view rest = line.substr(close + 2);
  const std::optional<std::string_view> request = quoted(rest);
  if (!request) return access;  // cut off
  const std::string_view status = rest.substr(request->size() + 2);
  const bool three = status.size() >= 4 && status[0] == ' ' && decimal(status.substr(1, 3)) &&
                     (status.size() == 4 || status[4] == ' ' || status[4] == '\r');
  if (!three && status.size() >= 5) return std::nullopt;
  access.operation = operation_of(*request);
  return access;
}

// nginx and Apache write the same lines; a name that says which is told.
std::string_view server_of(std::string_view path) {
  const std::string name = lower_case(path);
  if (name.find("nginx") != std::string::npos) return "nginx";
  if (name.find("apache") != std::string::npos || name.find("httpd") != std::string::npos) {
    return "apache";
  }
  return "access-log";
}

// --- nginx's error.log --------------------------------------------------------------------------

// The value of ` NAME: `, quoted or up to a comma. Looked for from behind: what stands before is
// the message, which may hold anything.
std::string_view part(std::string_view line, std::string_view name) {
  const size_t at = line.rfind(std::string(", ") + std::string(name) + ": ");
  if (at == std::string_view::npos) return {};
  const std::string_view value = line.substr(at + name.size() + 4);
  if (const auto text = quoted(value)) return *text;
  return value.substr(0, value.find(','));
}

// `2025/11/02 08:00:00 [error] 31#31: `; what follows it.
std::optional<std::string_view> error_text(std::string_view line) {
  constexpr std::string_view kShape = "dddd/dd/dd dd:dd:dd [";
  if (line.size() < kShape.size()) return std::nullopt;
  for (size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = line[i] >= '0' && line[i] <= '9';
    if (kShape[i] == 'd' ? !digit : line[i] != kShape[i]) return std::nullopt;
  }
  const size_t close = line.substr(0, 40).find("] ");
  if (close == std::string_view::npos) return std::nullopt;
  const size_t hash = line.substr(0, 80).find('#', close);
  const size_t colon = line.substr(0, 80).find(": ", close);
  if (hash == std::string_view::npos || colon == std::string_view::npos || hash > colon ||
      !decimal(line.substr(close + 2, hash - close - 2))) {
    return std::nullopt;
  }
  return line.substr(colon + 2);
}

Record error_record(std::string_view line) {
  Record record;
  const std::optional<std::string_view> text = error_text(line);
  if (!text) return record;
  record.system = "nginx";
  record.container = part(line, "server");
  if (record.container.empty()) record.container = part(line, "host");
  if (text->starts_with('*')) {
    const std::string_view connection = text->substr(1, text->find(' ') - 1);
    if (decimal(connection)) record.id = connection;
  }
  record.operation = operation_of(part(line, "request"));
  return record;
}

// ------------------------------------------------------------------------------------------------

// Whether most of the first lines, as far as they are whole, pass `is`, and the first one does.
template <typename Is>
bool most_lines(std::string_view head, const Is& is) {
  constexpr size_t kLooked = 8;
  size_t seen = 0, good = 0;
  for (size_t at = 0; at < head.size() && seen < kLooked;) {
    const size_t end = head.find('\n', at);
    if (end == std::string_view::npos && seen > 0) break;
    const std::string_view line =
        without_return(head.substr(at, end == std::string_view::npos ? end : end - at));
    at = end == std::string_view::npos ? head.size() : end + 1;
    if (line.empty()) continue;
    ++seen;
    good += is(line) ? 1 : 0;
    if (good == 0) return false;
  }
  return good * 2 > seen;
}

template <typename Make>
FoundRecords by_line(const Export& in, Offsets offsets, const Make& make) {
  FoundRecords found;
  LineFinder lines(in);
  std::optional<uint64_t> known;  // where the last record's line begins
  for (const uint64_t offset : offsets) {
    const Line* line = lines.at(offset);
    if (line == nullptr) {
      found.records.emplace_back();
      known.reset();
      continue;
    }
    found.records.push_back(known == line->begin ? found.records.back() : make(*line));
    known = line->begin;
  }
  found.problem = lines.problem();
  return found;
}

}  // namespace

bool is_w3c_log(const Export& in) {
  const std::optional<std::string> fields = fields_in_head(in.head);
  if (!fields) return false;
  const Columns columns(*fields);
  return columns.size() >= 3 && (fields->find(" time") != std::string::npos) &&
         (fields->find("cs-") != std::string::npos || fields->find("cs(") != std::string::npos);
}

FoundRecords find_in_w3c_log(const Export& in, Offsets offsets) {
  std::optional<Columns> columns;
  uint64_t known_to = 0;  // up to there no later line of fields stands
  return by_line(in, offsets, [&](const Line& line) {
    if (!columns || line.begin > known_to) {
      const uint64_t least =
          columns ? known_to : line.begin - std::min<uint64_t>(line.begin, kMostBack);
      std::optional<std::string> fields = fields_above(in, line.begin, least);
      if (!fields && !columns) fields = fields_in_head(in.head);
      if (fields) columns = Columns(*fields);
      known_to = line.begin;
    }
    if (!columns || line.text.starts_with('#')) return Record();
    return w3c_record(*columns, without_return(line.text));
  });
}

bool is_access_log(const Export& in) {
  return most_lines(in.head, [](std::string_view line) { return read_access(line).has_value(); });
}

FoundRecords find_in_access_log(const Export& in, Offsets offsets) {
  const std::string_view server = server_of(in.path);
  return by_line(in, offsets, [&](const Line& line) {
    Record record;
    const std::optional<Access> access = read_access(line.text);
    if (!access) return record;
    record.system = server;
    record.container = access->host;
    record.author = access->user;
    record.time = access->time;
    record.operation = access->operation;
    return record;
  });
}

bool is_nginx_error_log(const Export& in) {
  return most_lines(in.head, [](std::string_view line) { return error_text(line).has_value(); });
}

FoundRecords find_in_nginx_error_log(const Export& in, Offsets offsets) {
  return by_line(in, offsets, [](const Line& line) { return error_record(line.text); });
}

}  // namespace assay
