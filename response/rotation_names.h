// Names as they stand in the commands and queries of a plan.
#pragma once

#include <string>
#include <string_view>

#include "response/rotation.h"

namespace assay {

// `text` in single quotes, as a POSIX shell reads them.
std::string shell_quoted(std::string_view text);

// One argument of a POSIX shell with the value `text`, whatever it holds; plain names as they are.
std::string shell_argument(std::string_view text);

// `name` as one argument, or `placeholder` where no quoting makes it one: `-x` is an option and
// `@x` a file to read for az, and a control character may act on the terminal before the shell.
std::string argument(std::string_view name, std::string_view placeholder);

// The fact as it is, or its blank.
std::string word(const Facts& facts, Fact fact);

// A text of KQL, with its quotes.
std::string kql_text(std::string_view text);

// The name of the system key. A request's address names only the extension, and the Functions host
// names the key after it: /runtime/webhooks/EventGrid takes eventgrid_extension. Setting a key
// under the wrong name would make a new one and leave the leaked one valid.
std::string system_key_name(const KeyContext& context);

// Whether the text has the form of a C3ID.
bool is_fingerprint(std::string_view text);

// The name of the key that takes the place of `name`: default-next, then default-next-2.
std::string replacement_name(std::string_view name);

}  // namespace assay
