// What the formats of JSON exports share: the shape of a file, the way to a finding, the fields of
// the values on that way.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "scanner/records/export_text.h"
#include "scanner/records/json_fields.h"
#include "scanner/records/json_text.h"
#include "scanner/records/record.h"

namespace assay {

// The members of an export's first root down to four levels, of arrays only the first element, as
// "messages/0/id". Of what stands in the first kMostShape bytes: a member behind a longer one is
// not seen.
class JsonShape {
 public:
  static constexpr uint64_t kMostShape = uint64_t{4} << 20;
  explicit JsonShape(const Export& in);

  bool object() const { return root_ == '{'; }
  bool array() const { return root_ == '['; }
  bool lines() const { return lines_; }  // more roots follow

  // 0: not there. Else as JsonField::kind, or `n` for null.
  char kind(std::string_view path) const;
  bool has(std::string_view path) const { return kind(path) != 0; }
  bool has_all(std::initializer_list<std::string_view> paths) const;
  bool object_at(std::string_view path) const { return kind(path) == '{'; }
  bool array_at(std::string_view path) const { return kind(path) == '['; }
  std::string_view text(std::string_view path) const;

 private:
  struct Entry {
    char kind;
    std::string text;
  };
  char root_ = 0;
  bool lines_ = false;
  std::map<std::string, Entry, std::less<>> entries_;
};

// Whether `in` can be JSON: it begins with `{`, `[` or a comment, after a mark and space.
bool looks_like_json(const Export& in);

// general, for export.zip!/general/2025-11-02.json; empty if there is none.
std::string_view folder_name(std::string_view path);

// No level.
inline constexpr size_t kNoLevel = ~size_t{0};

// The level that the parts of `way` lead to from level `from`: "issues/*/fields", `*` for any
// index. kNoLevel if the path goes elsewhere or is shorter. An empty way leads to `from`.
size_t level_at(JsonPath path, std::string_view way, size_t from = 0);

// One call of RecordFormat::find. Offsets ascend.
class JsonExport {
 public:
  explicit JsonExport(const Export& in) : in_(in), walk_(*in.bytes) {}

  // The way to the byte at `offset`, good until the next call.
  JsonPath go_to(uint64_t offset);

  // Fields of the value that stands at `level` of the path. Kept: an object is read once for each
  // `paths` while the walk is in it.
  const JsonFields& fields(size_t level, JsonPaths paths);

  std::string_view path() const { return in_.path; }
  const Reader& bytes() const { return *in_.bytes; }
  uint64_t token_begin() const { return walk_.token_begin(); }  // of what holds the last offset
  // As Export::beside; empty where the export has none.
  std::optional<std::string> beside(std::string_view path) const;

  // What was wrong with what was read, or empty.
  const std::string& problem() const { return problem_; }
  void note(const JsonFields& fields);
  void note_problem(std::string text);

 private:
  struct Kept {
    uint64_t begin = ~uint64_t{0};
    JsonFields fields;
  };

  const Export& in_;
  JsonWalk walk_;
  std::map<std::pair<const void*, size_t>, Kept> kept_;
  std::string problem_;
};

// The whole of a format's `find`: `record_at(export, path)`, or with the offset behind them, gives
// the record of each offset.
template <typename RecordAt>
FoundRecords each_record(const Export& in, std::span<const uint64_t> offsets, RecordAt record_at) {
  JsonExport file(in);
  FoundRecords found;
  found.records.reserve(offsets.size());
  for (const uint64_t offset : offsets) {
    const JsonPath path = file.go_to(offset);
    if constexpr (std::is_invocable_v<RecordAt, JsonExport&, JsonPath, uint64_t>) {
      found.records.push_back(record_at(file, path, offset));
    } else {
      found.records.push_back(record_at(file, path));
    }
  }
  found.problem = file.problem();
  return found;
}

// Names of people, channels and so on by their ids.
class JsonNames {
 public:
  static constexpr size_t kMost = 250'000;

  bool add(std::string_view id, std::string_view name);  // false: no more fit
  std::string_view operator[](std::string_view id) const;
  bool empty() const { return names_.empty(); }

 private:
  std::map<std::string, std::string, std::less<>> names_;
};

Record record_of(std::string_view system);

// The first that is not empty.
std::string first_of(std::initializer_list<std::string_view> texts);

// What links and ids are cut out of. `https://HOST/…`: HOST, without a port or name before `@`;
// empty if it is no such address.
std::string_view url_host(std::string_view url);
// What follows the last `/`.
std::string_view last_part(std::string_view path);
bool all_digits(std::string_view text);
std::string percent_encode(std::string_view text);  // all but letters, digits and `-._~`

}  // namespace assay
