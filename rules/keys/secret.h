// A key's value, held so that it cannot get out by accident.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace assay {

// Owns the bytes of a key. There is no conversion, no formatter and no stream operator: fmt and
// iostream refuse it at compile time (tests/compile_fail proves that). `redacted()` is what goes
// into reports; `reveal()` is for hashing, for tests and for `--reveal`, and is easy to grep for.
// The bytes are overwritten when the object dies, is moved from or assigned to.
// Copyable; one object is used by one thread at a time.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view value) : value_(value) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept
      : value_(other.value_.size() > kInPlace ? std::move(other.value_) : other.value_) {
    other.wipe();
  }
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  // The first three characters, the signature where there is one, and the length: `ddd…AzFu…(56)`.
  // UTF-8. Never more than seven characters of the key, of which four are the same in every key.
  std::string redacted(std::string_view signature = {}) const;

  std::string_view reveal() const { return value_; }
  size_t size() const { return value_.size(); }
  bool empty() const { return value_.empty(); }

  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  static constexpr size_t kInPlace = 15;
  void wipe() noexcept;
  std::string value_;
};

}  // namespace assay
