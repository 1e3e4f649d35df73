// Two rules as text, one by key and one by context, and the means to spoil them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay {

inline constexpr std::string_view kVerified = R"([[rule]]
id = "AZF1001"
name = "AzureFunctionsMasterKeyExposed"
title = "Azure Functions master key"
family = "azure-functions"
kind = "master"
confidence = "verified"
level = "error"
security_severity = "9.8"
rank = 98
precision = "very-high"
description = "Finds master keys."
impact = "Opens everything."
help_uri = "https://example.com/keys"
examples = ["{key:master}"]
counter_examples = ["{key:system}"]
[rule.rotation]
summary = "Renew it."
unknown = ["az keys set -g {group} -n {app}{slot} {function} {key_name} {extension}"]
app = ["one", "two"]
)";

inline constexpr std::string_view kContext = R"([[rule]]
id = "AZF1005"
name = "AzureFunctionsKeyByContext"
title = "Azure Functions key"
family = "azure-functions"
kind = "unknown"
confidence = "context"
level = "note"
security_severity = "4.3"
rank = 30.5
precision = "low"
min_distinct = 12
description = "Finds keys."
impact = "Opens something."
help_uri = "https://example.com/keys"
examples = ["x-functions-key: {plain:56}"]
counter_examples = ["x-functions-key: no"]
[[rule.pattern]]
keywords = ["x-functions-key", "x_functions_key"]
regex = '''x: (?P<secret>\w+)'''
needs_functions_host = true
[[rule.pattern]]
keywords = ["?code="]
regex = 'y(?P<secret>z)'
value_follows = true
[rule.rotation]
summary = "Renew it."
unknown = ["do"]
)";

// `text` with its one line that begins with `line` replaced.
inline std::string with(std::string_view text, std::string_view line,
                        std::string_view replacement) {
  std::string out(text);
  const size_t at = out.find(std::string("\n") + std::string(line));
  EXPECT_NE(at, std::string::npos) << line;
  out.replace(at + 1, out.find('\n', at + 1) - at - 1, replacement);
  return out;
}

inline std::string without(std::string_view text, std::string_view line) {
  return with(text, line, "");
}

}  // namespace assay
