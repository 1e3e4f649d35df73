// Patterns of paths and names, matched in bounded time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assay {

// How many more steps of comparing are allowed. Where they run out, nothing matches any more.
class Steps {
 public:
  explicit Steps(uint64_t allowed) : left_(allowed) {}
  bool take(uint64_t steps = 1) {
    left_ = steps < left_ ? left_ - steps : 0;
    return left_ > 0;
  }
  bool gone() const { return left_ == 0; }
  uint64_t left() const { return left_; }

 private:
  uint64_t left_;
};

// A pattern between slashes: `*` is any run of bytes, `?` one byte, `\` takes the next one as it
// is.
struct PathPattern {
  enum class End {
    exact,   // names what it names
    within,  // … and all that lies below, if it is a folder
    below,   // only what lies below
  };
  std::string_view
      text;              // without a slash at either end; `**` between slashes: any number of parts
  End end = End::exact;  // what else a match covers
  bool floating = false;  // may begin at any part of the path, not only at its first
  bool ruby = false;      // as Ruby's File.fnmatch: `[a-z]`, and a `**` that ends it is a `*`

  friend bool operator==(const PathPattern&, const PathPattern&) = default;
};

// Whether the pattern names `path`: relative, `/` between the parts, none at either end.
bool matches(const PathPattern& pattern, std::string_view path, Steps& steps);

// The same of a name, in which a slash is a byte as any other.
bool matches_name(std::string_view pattern, std::string_view name, bool brackets, Steps& steps);

}  // namespace assay
