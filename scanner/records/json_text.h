// JSON as a stream: where in it a byte stands.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/source.h"

namespace assay {

// An object or array that is open where a walk stands.
struct JsonLevel {
  uint64_t begin = 0;  // of its `{` or `[`
  bool object = false;
  std::string key;     // of an object's member at hand, escapes undone, at most kMostJsonKey bytes
  uint64_t index = 0;  // of an array's element at hand
};
// Outermost first. The first `n` keys and indices are the way to level n.
using JsonPath = std::span<const JsonLevel>;

inline constexpr size_t kMostJsonDepth = 256;  // deeper levels are counted, not kept
inline constexpr size_t kMostJsonKey = 200;
inline constexpr size_t kMostJsonField = size_t{64} << 10;  // more of a string is cut off

// One forward pass from a `{`, a `[`, or the start of a file: linear, memory of a constant size.
// Takes what is not quite JSON: several roots (JSON lines), a byte order mark, comments, bytes that
// are no UTF-8, strings cut by the end of a line, brackets that do not match. A `{` at the start of
// a line where no value can stand begins a new root.
class JsonWalk {
 public:
  enum class Token { open, close, key, string, scalar, end };

  // `bytes` must stay, and have read_at.
  explicit JsonWalk(const Reader& bytes, uint64_t begin = 0);

  // What stands next. After `open` its level is the last one, after `close` it is gone.
  Token next();
  uint64_t token_begin() const { return token_begin_; }
  uint64_t position() const { return base_ + at_; }
  JsonPath levels() const { return {levels_.data(), depth_}; }
  size_t too_deep() const { return deeper_; }  // levels open beyond kMostJsonDepth

  // The last token, a string or a scalar: its text without quotes and escapes. False if it is cut
  // off.
  bool text(std::string& out) const;

  // Where it first was no JSON; ~0 if it was all along.
  uint64_t malformed_at() const { return malformed_at_; }
  bool failed() const { return failed_; }  // reading did; it looks like the end

 private:
  struct State {
    bool colon = false;  // a `:` stands behind the key
    bool full = false;   // a value stands since the last comma
  };

  bool fill();
  int peek() { return at_ < used_ || fill() ? static_cast<unsigned char>(buffer_[at_]) : -1; }
  bool skip_space();
  void skip_comment();
  Token open(bool object);
  Token close(bool object);
  Token string();
  Token scalar();
  void value_stands();
  void malformed();

  const Reader& bytes_;
  std::string buffer_;
  uint64_t base_;       // of buffer_
  size_t used_ = 0;     // of buffer_
  size_t at_ = 0;       // in buffer_
  size_t most_ = 2048;  // to read next; doubles
  bool failed_ = false;
  bool line_start_ = true;
  bool cut_ = false;  // the last token is
  uint64_t token_begin_ = 0;
  uint64_t malformed_at_ = ~uint64_t{0};
  std::vector<JsonLevel> levels_;  // of them `depth_` are open
  std::vector<State> states_;
  size_t depth_ = 0;
  size_t deeper_ = 0;
  std::string raw_key_;
};

// A string's content with its escapes undone. Broken escapes stay; half a pair is U+FFFD.
std::string json_unescape(std::string_view raw);

}  // namespace assay
