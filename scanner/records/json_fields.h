// Single fields of JSON values, without a tree of the whole.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/view_reader.h"

namespace assay {

// A value as text.
struct JsonField {
  char kind = 0;  // 0: absent or null. `"`, `{`, `[`, or `0` for numbers, true and false
  uint64_t begin = 0;
  std::string text;  // of strings; of numbers and words as they are written
};

// Which fields are wanted: paths from a value, as "user/name" or "items/0/id". The address is what
// caches know it by: keep it in a constant.
using JsonPaths = std::span<const std::string_view>;

struct JsonFields {
  JsonPaths paths;
  std::vector<JsonField> values;  // one for each path; of equal keys the first counts
  bool closed = false;            // all was found, or the value came to its end
  uint64_t stopped = 0;           // where reading ended
  uint64_t malformed_at = ~uint64_t{0};
  bool failed = false;

  const JsonField& field(std::string_view path) const;  // `path` must be one of `paths`
  std::string_view operator[](std::string_view path) const { return field(path).text; }
  bool has(std::string_view path) const { return field(path).kind != 0; }
};

// Fields of the value that begins at `begin`. Reads until all are found or it closes.
JsonFields read_fields(const Reader& bytes, uint64_t begin, JsonPaths paths);

// Fields of each element of the array at `begin`, in order, until `take` is false. Whether all of
// them were read: false if `take` ended it, or the text is cut or no JSON.
bool read_elements(const Reader& bytes, uint64_t begin, JsonPaths paths,
                   const std::function<bool(const JsonFields&)>& take);

// The same of each root (JSON lines).
bool read_roots(const Reader& bytes, JsonPaths paths,
                const std::function<bool(const JsonFields&)>& take);

}  // namespace assay
