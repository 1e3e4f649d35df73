// A regex of the user's. For scanner/regex_rules.h.
#pragma once

#include <memory>
#include <mutex>
#include <string>

namespace re2 {
class RE2;
}

namespace assay {

// Immutable, shared by all threads. Read at once, so that its errors are told at the begin of a
// run, and compiled when it is first tried: most of a large file of rules never is.
class UserRegex {
 public:
  // Throws Error, which begins with `where`, if RE2 refuses it.
  UserRegex(std::string regex, const std::string& where);
  ~UserRegex();
  UserRegex(const UserRegex&) = delete;
  UserRegex& operator=(const UserRegex&) = delete;

  const re2::RE2& get() const;
  const std::string& text() const { return regex_; }  // as RE2 takes it

 private:
  std::string regex_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<re2::RE2> compiled_;
};

}  // namespace assay
