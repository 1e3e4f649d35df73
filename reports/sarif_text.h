// Text as SARIF wants it: in uris, in messages, in JSON.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

namespace assay {

// A path's bytes as a uri relative to the base: percent-encoded (RFC 3986), without empty, `.` and
// `..` parts. Never absolute, never empty, and no part of it reads as a scheme. What stands behind
// `archive!` stays behind it.
std::string sarif_uri(std::string_view path);

// The address of a remote as an absolute uri without user, password, query and fragment:
// `https://host/path`, or `ssh://host/path` of git's short form `user@host:path`. Empty if it is
// neither (a folder, another helper): a log with a uri that is none is refused as a whole.
std::string sarif_repository_uri(std::string_view address);

// Any bytes as an argument of a message: one line of valid UTF-8 that makes no link (SARIF 3.11.6).
std::string sarif_argument(std::string_view bytes);

// Our own words as a piece of a message string: what would be a link or a placeholder is escaped.
std::string sarif_literal(std::string_view words);

// A message string with its placeholders {0}, {1}, … filled, as the `text` of a message. An
// argument's braces are doubled (3.11.5); `arguments` are results of sarif_argument.
std::string fill_message(std::string_view message_string, std::span<const std::string> arguments);

// A message object: text, id and arguments.
nlohmann::ordered_json sarif_message(std::string_view message_string, std::string_view id,
                                     std::initializer_list<std::string_view> arguments);

// The same of arguments that were told apart before.
nlohmann::ordered_json sarif_message(std::string_view message_string, std::string_view id,
                                     std::span<const std::string_view> arguments);

// What sarif_argument escaped, as it stood: `\[a\]` is `[a]`.
std::string without_link_escapes(std::string_view argument);

// Of valid UTF-8, in UTF-16 code units.
uint64_t utf16_length(std::string_view utf8);

// Appends `json` on one line of ASCII: what is beyond stands as \uNNNN, so that nothing in it acts
// on a terminal, and `##`, with which build agents' commands begin, does not occur. Invalid UTF-8
// becomes U+FFFD.
void append_json(const nlohmann::ordered_json& json, std::string& out);

}  // namespace assay
