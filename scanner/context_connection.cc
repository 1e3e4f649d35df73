// Reads a connection string outward from the key, part by part.
//
//   "Orders": "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=send;…Key=KEY;E…"
//              ^begin                                                                      ^after
//
// A part may be on the next line, or in the next piece of a text that code puts together; such ones
// count only where those right beside the key do not tell whose it is, and a name never twice.
#include "scanner/context_connection.h"

#include <algorithm>
#include <array>

#include "scanner/context_service.h"

namespace assay {

namespace {

constexpr size_t kMostParts = 24;
constexpr size_t kMostGlue = 24;

// Names that make a text a connection string. In lower case.
constexpr std::string_view kNames[] = {"defaultendpointsprotocol",
                                       "accountname",
                                       "accountkey",
                                       "endpointsuffix",
                                       "blobendpoint",
                                       "queueendpoint",
                                       "tableendpoint",
                                       "fileendpoint",
                                       "endpoint",
                                       "hostname",
                                       "gatewayhostname",
                                       "sharedaccesskeyname",
                                       "sharedaccesskey",
                                       "entitypath",
                                       "deviceid",
                                       "moduleid",
                                       "accountendpoint",
                                       "accesskey"};

bool is_any(std::string_view name, std::span<const std::string_view> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view one) { return equal_any_case(name, one); });
}

// `id` alone makes no connection string.
bool is_part_name(std::string_view name) {
  return is_any(name, kNames) || equal_any_case(name, "id");
}

bool breaks(char c, char separator) {
  if (c == ',') return separator == ';';
  return static_cast<unsigned char>(c) <= ' ' || is_quote(c) || opens(c) || closes(c) ||
         is_angle(c) || c == '|' || c == '&' || c == '\\';
}

// What code and files write between two pieces of one string.
bool is_glue(char c) {
  return c == ' ' || c == '\t' || c == '\n' || is_quote(c) || c == '+' || c == '&' || c == '.' ||
         c == '_' || c == '\\';
}

struct Part {
  std::string_view name;
  std::string_view value;
};

class Parts {
 public:
  explicit Parts(std::string_view own) { parts_[0].name = own; }

  bool full() const { return size_ == kMostParts; }
  bool has(std::string_view name) const {
    return std::any_of(parts_.begin(), parts_.begin() + size_,
                       [&](const Part& part) { return equal_any_case(part.name, name); });
  }
  void add(Part part) { parts_[size_++] = part; }
  std::string_view operator[](std::string_view name) const {
    for (size_t i = 1; i < size_; ++i) {
      if (equal_any_case(parts_[i].name, name)) return parts_[i].value;
    }
    return {};
  }
  // Whether one beside the key's own has a name of those.
  bool known() const {
    return std::any_of(parts_.begin() + 1, parts_.begin() + size_,
                       [](const Part& part) { return is_any(part.name, kNames); });
  }

 private:
  std::array<Part, kMostParts> parts_;
  size_t size_ = 1;
};

// `HOST:6380,password=KEY,ssl=True`: what the first part is called here.
constexpr std::string_view kHostPart = "host";

// Splits `NAME=VALUE`; before the first part a variable's name may stand: `CONN=Endpoint=sb://…`.
Part split(std::string_view text, char separator) {
  for (std::string_view rest = text;;) {
    const size_t equals = rest.find('=');
    const std::string_view value = rest.substr(equals == rest.npos ? 0 : equals + 1);
    if (equals == rest.npos) {
      const std::string_view host = rest.substr(0, rest.find(':'));
      return separator == ',' && is_host(host) && host.find('.') != host.npos
                 ? Part{kHostPart, rest}
                 : Part{};
    }
    std::string_view name = rest.substr(0, equals);
    name = name.substr(name.rfind(':') + 1);  // npos + 1 is 0
    if (is_part_name(name)) return {name, value};
    const size_t next = value.find('=');
    const bool host = separator == ',' && next == value.npos && value.find('.') != value.npos &&
                      value.find(':') != value.npos;
    if (host) return {kHostPart, value};
    if (next == value.npos || !is_part_name(value.substr(0, next))) return {name, value};
    rest = value;
  }
}

// The length of the separator that ends at, or begins at, `at`; 0: there is none.
size_t separator_before(std::string_view text, size_t at, char separator) {
  if (at > 0 && text[at - 1] == separator) return 1;
  return separator == ';' && at > 2 && equal_any_case(text.substr(at - 3, 3), "%3b") ? 3 : 0;
}
size_t separator_at(std::string_view text, size_t at, char separator) {
  if (at < text.size() && text[at] == separator) return 1;
  return separator == ';' && equal_any_case(text.substr(std::min(at, text.size()), 3), "%3b") ? 3
                                                                                              : 0;
}

class StringReader {
 public:
  StringReader(std::string_view before, std::string_view after) : before_(before), after_(after) {}

  bool read(ContextFacts& facts);
  size_t begin() const { return begin_; }

 private:
  bool find_own();
  void go_back();
  void go_on();
  void jump_back();
  void jump_on();
  bool tell(ContextFacts& facts) const;

  std::string_view before_, after_;
  size_t begin_ = 0;  // in before_: where the first part begins
  size_t end_ = 0;    // in after_: where the last part ends
  char separator_ = ';';
  Parts parts_{{}};
};

// The key's own part: `AccountKey=`.
bool StringReader::find_own() {
  if (!before_.ends_with('=')) return false;
  size_t begin = before_.size() - 1;
  while (begin > 0 && (is_letter(before_[begin - 1]) || before_[begin - 1] == '_')) --begin;
  if (begin > 1 && equal_any_case(before_.substr(begin - 2, 3), "%3b")) ++begin;
  const std::string_view name = before_.substr(begin, before_.size() - 1 - begin);
  if (name.empty()) return false;
  const bool password = equal_any_case(name, "password");
  if (password && separator_before(before_, begin, ',') > 0) separator_ = ',';
  parts_ = Parts(name);
  begin_ = begin;
  while (end_ < after_.size() && after_[end_] == '=') ++end_;  // a key taken without its padding
  if (password && separator_at(after_, end_, ',') > 0) separator_ = ',';
  return true;
}

void StringReader::go_back() {
  while (!parts_.full()) {
    const size_t separator = separator_before(before_, begin_, separator_);
    if (separator == 0) return;
    const size_t end = begin_ - separator;
    size_t begin = end;
    while (begin > 0 && !breaks(before_[begin - 1], separator_) &&
           separator_before(before_, begin, separator_) == 0) {
      --begin;
    }
    const Part part = split(before_.substr(begin, end - begin), separator_);
    if (part.name.empty() && begin < end) return;
    if (!part.name.empty()) parts_.add(part);
    if (part.name == kHostPart) {
      begin_ = end - part.value.size();
    } else {
      begin_ = begin < end ? end - part.value.size() - 1 - part.name.size() : begin;
    }
  }
}

void StringReader::go_on() {
  while (!parts_.full()) {
    const size_t separator = separator_at(after_, end_, separator_);
    if (separator == 0) return;
    const size_t begin = end_ + separator;
    size_t end = begin;
    while (end < after_.size() && !breaks(after_[end], separator_) &&
           separator_at(after_, end, separator_) == 0) {
      ++end;
    }
    const Part part = split(after_.substr(begin, end - begin), separator_);
    if (part.name.empty()) {
      if (begin == end && separator_at(after_, end, separator_) > 0) {
        end_ = end;
        continue;
      }
      return;
    }
    parts_.add(part);
    end_ = end;
  }
}

// Over the end of a line or of a piece of the string: only to a part that belongs to such strings
// and is not there yet.
void StringReader::jump_back() {
  size_t end = begin_;
  while (end > 0 && begin_ - end < kMostGlue && is_glue(before_[end - 1])) --end;
  if (end == begin_ || separator_before(before_, end, ';') == 0) return;
  const size_t part_end = end - separator_before(before_, end, ';');
  size_t begin = part_end;
  while (begin > 0 && !breaks(before_[begin - 1], ';') &&
         separator_before(before_, begin, ';') == 0) {
    --begin;
  }
  const Part part = split(before_.substr(begin, part_end - begin), ';');
  if (!is_any(part.name, kNames) || parts_.has(part.name)) return;
  begin_ = end;
  go_back();
}

void StringReader::jump_on() {
  const size_t separator = separator_at(after_, end_, ';');
  if (separator == 0) return;
  size_t begin = end_ + separator;
  const size_t stop = std::min(begin + kMostGlue, after_.size());
  while (begin < stop && is_glue(after_[begin])) ++begin;
  size_t end = begin;
  while (end < after_.size() && !breaks(after_[end], ';') && separator_at(after_, end, ';') == 0)
    ++end;
  const Part part = split(after_.substr(begin, end - begin), ';');
  if (parts_.full() || !is_any(part.name, kNames) || parts_.has(part.name)) return;
  parts_.add(part);
  end_ = end;
  go_on();
}

// Sets what the parts say. Whether that names a resource.
bool StringReader::tell(ContextFacts& facts) const {
  KeyContext& context = facts.context;
  for (const std::string_view name : {"hostname", "accountendpoint", "endpoint", "blobendpoint",
                                      "queueendpoint", "tableendpoint", "fileendpoint", "host"}) {
    const std::string_view value = parts_[name];
    if (value.empty()) continue;
    const Address address = read_address(value);
    set_service(facts, address.host, address.path);
  }
  facts.set(context.app, parts_["accountname"]);
  facts.set(context.key_name, parts_["sharedaccesskeyname"]);
  facts.set(context.key_name, parts_["deviceid"]);
  facts.set_id(context.key_name, parts_["id"]);
  return !context.app.empty() || !context.host.empty();
}

bool StringReader::read(ContextFacts& facts) {
  if (!find_own()) return false;
  go_back();
  go_on();
  const bool beside = separator_ == ',' ? !parts_[kHostPart].empty() : parts_.known();
  if (beside && tell(facts)) return true;
  if (separator_ == ';') {
    jump_back();
    jump_on();
  }
  if (!parts_.known()) return beside;
  tell(facts);
  return true;
}

}  // namespace

ConnectionString read_connection_string(const Surroundings& surroundings, ContextFacts& facts) {
  StringReader reader(surroundings.before(), surroundings.after());
  return reader.read(facts) ? ConnectionString{reader.begin()} : ConnectionString{};
}

}  // namespace assay
