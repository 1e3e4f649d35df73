// Nothing is parsed into a tree: what a record needs are ten short fields of an object that may
// have megabytes. So the object is walked once, and each value whose way is wanted is copied out.
#include "scanner/records/json_fields.h"

#include <algorithm>
#include <cstring>

#include "scanner/records/json_text.h"

namespace assay {

const JsonField& JsonFields::field(std::string_view path) const {
  static const JsonField none;
  for (size_t i = 0; i < paths.size(); ++i) {
    if (paths[i] == path) return values[i];
  }
  return none;
}

namespace {

bool is_index(const JsonLevel& level, std::string_view part) {
  uint64_t index = 0;
  if (part.empty() || part.size() > 9) return false;
  for (const char c : part) {
    if (c < '0' || c > '9') return false;
    index = index * 10 + static_cast<uint64_t>(c - '0');
  }
  return index == level.index;
}

// Whether `path` leads from the first of `levels` to the member or element at hand in the last.
bool leads(JsonPath levels, std::string_view path) {
  for (size_t i = 0; i < levels.size(); ++i) {
    const size_t slash = path.find('/');
    if ((slash == std::string_view::npos) != (i + 1 == levels.size())) return false;
    const std::string_view part = path.substr(0, slash);
    if (levels[i].object ? levels[i].key != part : !is_index(levels[i], part)) return false;
    if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  }
  return !levels.empty();
}

// Reads fields of all values that stand at depth `base`, from `begin` on.
class FieldReader {
 public:
  FieldReader(const Reader& bytes, uint64_t begin, size_t base, JsonPaths paths)
      : walk_(bytes, begin), base_(base) {
    fields_.paths = paths;
    for (const std::string_view path : paths) {
      deepest_ = std::max<size_t>(deepest_, 1 + std::count(path.begin(), path.end(), '/'));
    }
    start();
  }

  // The next value's; null after the last one. `all`: reads on where the value has more.
  const JsonFields* next(bool all) {
    start();
    bool inside = false;
    while (!over_) {
      const JsonWalk::Token token = walk_.next();
      if (token == JsonWalk::Token::end) {
        cut_ = inside || !walk_.levels().empty();
        return inside ? finish(false) : nullptr;
      }
      const size_t depth = walk_.levels().size();
      if (!inside) {
        inside = token == JsonWalk::Token::open && depth == base_ + 1 && walk_.too_deep() == 0;
        if (token == JsonWalk::Token::close && depth < base_) return nullptr;
        continue;
      }
      over_ = depth < base_;
      if (token == JsonWalk::Token::close && depth <= base_) return finish(true);
      // A root that began where none could: the one at hand is broken.
      if (token == JsonWalk::Token::open && depth <= base_ + 1) return finish(false);
      take(token);
      if (!all && missing_ == 0) return finish(true);
    }
    return nullptr;
  }

  // After the last value: nothing was cut off or no JSON.
  bool whole() const { return !cut_ && !walk_.failed() && walk_.malformed_at() == ~uint64_t{0}; }

 private:
  void start() {
    fields_.values.assign(fields_.paths.size(), {});
    seen_.assign(fields_.paths.size(), false);
    missing_ = fields_.paths.size();
  }

  const JsonFields* finish(bool closed) {
    fields_.closed = closed;
    fields_.stopped = walk_.position();
    fields_.malformed_at = walk_.malformed_at();
    fields_.failed = walk_.failed();
    return &fields_;
  }

  void take(JsonWalk::Token token) {
    if (token != JsonWalk::Token::string && token != JsonWalk::Token::scalar &&
        token != JsonWalk::Token::open) {
      return;
    }
    JsonPath levels = walk_.levels().subspan(base_);
    if (token == JsonWalk::Token::open) levels = levels.first(levels.size() - 1);
    if (levels.empty() || levels.size() > deepest_ || missing_ == 0) return;
    for (size_t i = 0; i < seen_.size(); ++i) {
      if (seen_[i] || !leads(levels, fields_.paths[i])) continue;
      seen_[i] = true;
      if (fill(token, fields_.values[i])) --missing_;
    }
  }

  // False if the value is cut off: then the end is not far, and it stays missing.
  bool fill(JsonWalk::Token token, JsonField& field) {
    field.begin = walk_.token_begin();
    if (token == JsonWalk::Token::open) {
      field.kind = walk_.levels().back().object ? '{' : '[';
    } else if (walk_.text(field.text)) {
      if (token == JsonWalk::Token::string) {
        field.kind = '"';
      } else if (field.text == "null") {
        field.text.clear();
      } else {
        field.kind = '0';
      }
    } else {
      return false;
    }
    return true;
  }

  JsonWalk walk_;
  size_t base_;
  bool cut_ = false;
  bool over_ = false;  // the level that holds the values is closed
  size_t deepest_ = 0;
  JsonFields fields_;
  std::vector<bool> seen_;
  size_t missing_ = 0;
};

bool read_each(FieldReader reader, const std::function<bool(const JsonFields&)>& take) {
  while (const JsonFields* fields = reader.next(true)) {
    if (!take(*fields)) return false;
  }
  return reader.whole();
}

}  // namespace

JsonFields read_fields(const Reader& bytes, uint64_t begin, JsonPaths paths) {
  FieldReader reader(bytes, begin, 0, paths);
  if (const JsonFields* fields = reader.next(false)) return *fields;
  JsonFields none;
  none.paths = paths;
  none.values.resize(paths.size());
  none.stopped = begin;
  return none;
}

bool read_elements(const Reader& bytes, uint64_t begin, JsonPaths paths,
                   const std::function<bool(const JsonFields&)>& take) {
  return read_each(FieldReader(bytes, begin, 1, paths), take);
}

bool read_roots(const Reader& bytes, JsonPaths paths,
                const std::function<bool(const JsonFields&)>& take) {
  return read_each(FieldReader(bytes, 0, 0, paths), take);
}

}  // namespace assay
