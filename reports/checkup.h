// What assay doctor says: a list of checks, as text or JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay {

struct Check {
  enum class Status { ok, warning, wrong };
  Status status = Status::ok;
  std::string_view name;  // what was looked at, a literal: "cache"
  std::string what;       // half a sentence, lower case, no full stop
  std::string remedy;     // a sentence; empty only of ok
};
std::string_view to_string(Check::Status status);  // "ok", "warning", "wrong"

// Texts may hold any bytes: what is shown is printable and holds no key.
std::string checkup_text(const std::vector<Check>& checks);
std::string checkup_json(const std::vector<Check>& checks, std::string_view version);

// Whether one of them is wrong.
bool is_wrong(const std::vector<Check>& checks);

}  // namespace assay
